"""Laws of acts and exceptions: who is named never matters, an exception never adds, quiet texts stay quiet."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from netral_nlp import api
from netral_nlp.auditing.rewriting import Exchanger
from netral_nlp.cli.explaining_law import law_document, law_text
from netral_nlp.errors import InputError, ModelError
from netral_nlp.evaluation.acts import acts_text, evaluate_acts
from netral_nlp.law.acts import ActReader
from netral_nlp.law.clauses import act_view
from netral_nlp.law.columns import LawColumns
from netral_nlp.law.contributions import stretches
from netral_nlp.law.cues import Prefilter
from netral_nlp.law.fitting import stance_of, train_acts
from netral_nlp.law.indications import Advisor, LawPost
from netral_nlp.law.loading import load_rules
from netral_nlp.law.metadata import PAIRS_PAGE, Pages, account_of, action_of
from netral_nlp.law.posts import ActPost, read_act_posts, shipped_posts_folder
from netral_nlp.law.rules import Rules
from netral_nlp.model.acts import ActModel
from netral_nlp.model.file import model_bytes, parse_model
from netral_nlp.model.model import Model
from netral_nlp.roster import Roster
from netral_nlp.roster.matcher import Matcher
from netral_nlp.scoring.scored import LAW_COLUMNS
from netral_nlp.tables import read_records


@pytest.fixture(scope="module")
def rules() -> Rules:
    return load_rules()


@pytest.fixture(scope="module")
def posts(rosters: Mapping[str, Roster], rules: Rules) -> tuple[ActPost, ...]:
    return read_act_posts([shipped_posts_folder()], rosters, rules)


@pytest.fixture(scope="module")
def acts(lawful_model: Model) -> ActModel:
    assert lawful_model.acts is not None
    return lawful_model.acts


@pytest.fixture(scope="module")
def advisor(acts: ActModel, rules: Rules, samudra: Roster) -> Advisor:
    return Advisor(acts, rules, samudra)


def law_post(post: ActPost) -> LawPost:
    return LawPost(post.text, post.time, post.action, post.account)


def test_the_shipped_posts_show_every_act_and_every_exception_with_near_misses(
    posts: tuple[ActPost, ...], rules: Rules
) -> None:
    assert min(sum(act in post.acts for post in posts) for act in rules.acts) >= 40
    assert min(sum(code in post.exceptions for post in posts) for code in rules.exceptions) >= 8
    assert sum(post.clean for post in posts) >= len(posts) // 3
    assert len({post.writer for post in posts}) >= 2
    assert {post.phase for post in posts} >= {"sebelum penetapan", "penetapan", "kampanye", "masa tenang", "sesudah"}


def test_phases_of_the_shipped_posts_are_those_of_their_moments(
    posts: tuple[ActPost, ...], acts: ActModel, rules: Rules
) -> None:
    layers: dict[str, LawColumns] = {}
    for post in posts:
        layer = layers.setdefault(post.election, LawColumns(acts, rules, post.roster))
        assert layer.phase(post.time) == post.phase, post.id


def test_a_second_reader_gives_the_same_acts(posts: tuple[ActPost, ...], rules: Rules) -> None:
    with (shipped_posts_folder() / "second" / "second-reading.csv").open(encoding="utf-8", newline="") as file:
        second = {row["id"]: set(row["acts"].split(";")) - {""} for row in csv.DictReader(file)}
    by_id = {post.id: post for post in posts}
    assert len(second) >= 295
    for act in rules.acts:
        pairs = [(act in by_id[i].acts, act in s) for i, s in second.items() if act not in by_id[i].tolerated]
        mine, theirs = np.array(pairs).T
        expected = mine.mean() * theirs.mean() + (1 - mine.mean()) * (1 - theirs.mean())
        assert ((mine == theirs).mean() - expected) / (1 - expected) >= 0.8, act


def test_faulty_codes_and_elections_are_named_with_their_lines(
    tmp_path: Path, rosters: Mapping[str, Roster], rules: Rules
) -> None:
    bad = tmp_path / "bad.csv"
    bad.write_text("id,election,text,expected_acts\na,kota-samudra-2024,x,MAKAN\nb,atlantis,y,TIM\n", encoding="utf-8")
    with pytest.raises(InputError, match="line 2: unknown code MAKAN; line 3: unknown election"):
        read_act_posts([bad], rosters, rules)


def test_swapping_the_pairs_never_changes_an_act(
    posts: tuple[ActPost, ...], lawful_model: Model, acts: ActModel, rules: Rules
) -> None:
    judges: dict[str, tuple[Advisor, Exchanger]] = {}
    compared = 0
    for post in posts[::4]:
        if post.election not in judges:
            judge = Advisor(acts, rules, post.roster)
            judges[post.election] = judge, Exchanger(judge.reader.reader)
        judge, exchanger = judges[post.election]
        reading = exchanger.reader.read(post.text)
        if not reading.pairs or len(post.roster.pairs) < 2:
            continue
        a = reading.pairs[0]
        written = exchanger.text(post.text, reading, a, (a + 1) % len(post.roster.pairs))
        if not written.alike:
            continue
        compared += 1
        found = []
        for text in (post.text, written.text):
            stance = stance_of(text, exchanger.reader, lawful_model)
            found.append(judge.advise(replace(law_post(post), text=text, stance=stance)))
        here, there = found
        assert (here.acts, here.withheld, here.exception) == (there.acts, there.withheld, there.exception), written.text
    assert compared > 40


def test_an_exception_never_adds_an_act(posts: tuple[ActPost, ...], acts: ActModel, rules: Rules) -> None:
    """Without the exceptions' tables the same posts show at least the same acts, also where acts are told too often."""
    acts = replace(acts, intercept=acts.intercept + 4.0 * np.array([o in (*acts.acts, "ADA") for o in acts.outputs]))
    none = replace(rules, tables={**rules.tables, "isyarat_syarat": ()})
    pairs: dict[str, tuple[Advisor, Advisor]] = {}
    withheld = 0
    for post in posts[1::4]:  # unseen ones
        if post.election not in pairs:
            pairs[post.election] = Advisor(acts, rules, post.roster), Advisor(acts, none, post.roster)
        asked = replace(law_post(post), account="asn")
        with_them, without = (judge.advise(asked) for judge in pairs[post.election])
        assert set(with_them.acts) <= set(without.acts), post.id
        assert set(with_them.withheld) == set(without.acts) - set(with_them.acts), post.id
        withheld += bool(with_them.withheld)
        if with_them.withheld:
            assert with_them.exception
    assert withheld > 3


def test_an_account_that_is_no_civil_servants_shows_no_act(posts: tuple[ActPost, ...], advisor: Advisor) -> None:
    for post in posts[::7]:
        found = advisor.advise(replace(law_post(post), account="other"))
        assert (found.acts, found.exception, found.kind) == ((), "BUKAN_ASN", "")


def test_time_never_changes_an_act_and_without_it_no_phase_is_told(
    posts: tuple[ActPost, ...], advisor: Advisor
) -> None:
    for post in posts[::11]:
        known, unknown = (advisor.advise(replace(law_post(post), time=t)) for t in ("2024-10-10 10:00", ""))
        assert known.acts == unknown.acts
        assert unknown.phase == ""
        assert unknown.kind in ("", "disiplin")
        if unknown.acts:
            assert any("waktu" in reason for reason in unknown.check)


def test_what_indicates_an_act_adds_up_to_its_score(posts: tuple[ActPost, ...], acts: ActModel, rules: Rules) -> None:
    for post in posts[::40]:
        reading = ActReader(rules, post.roster).read(post.text, post.action)
        scores = acts.scores(reading.bags)
        for act in acts.acts:
            parts = stretches(post.text, reading, acts, act)
            total = acts.intercept[acts.at[act]] + sum(part.value for part in parts)
            assert total == pytest.approx(scores[acts.at[act]], abs=1e-9)
            assert all(part.written == post.text[part.start : part.end] for part in parts)


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("Foto bareng keponakan, dua jari ✌️", False),
        ("gaya jari dua ✌️ waktu wisuda", False),
        ("coblos nomor dua ✌️", True),
        ("Foto bareng Bu Wulan, dua jari ✌️", True),
    ],
)
def test_a_number_of_fingers_names_nobody(text: str, named: bool, advisor: Advisor) -> None:
    assert advisor.reader.read(text).view.named == named


def test_posts_that_are_not_read_twice_would_show_no_act(
    posts: tuple[ActPost, ...], acts: ActModel, rules: Rules
) -> None:
    quick = Prefilter(rules)
    judges: dict[str, Advisor] = {}
    passed = 0
    for post in posts[1::3]:
        judge = judges.setdefault(post.election, Advisor(acts, rules, post.roster))
        words = judge.reader.reader.read(post.text).words
        if not any(quick.begins(word.surface) for word in words) and post.action not in ("suka", "ikuti"):
            found = judge.advise(law_post(post))
            if found.reading is not None and not found.reading.view.pairs:
                passed += 1
                assert found.acts == (), post.id
    assert passed > 30


WORDS = (
    "saya", "pasang", "baliho", "Arman-Lestari", '"', ",", "tapi", "ikut", "😀", "☝️", "#LanjutkanSamudra", "[", "]",
    "menyukai unggahan @armanhidayat", ":", "\n", "surat tugas", "'", "dilarang", "?", "partai", "x" * 400,
)  # fmt: skip


@given(st.lists(st.sampled_from(WORDS), max_size=25).map(" ".join))
@settings(max_examples=60)
def test_any_text_is_read_whole_and_once(text: str) -> None:
    roster, rules = READ
    reader = ActReader(rules, roster)
    view = act_view(text, reader.reader.read(text), reader.lists)
    assert [t.first for t in view.tokens] == sorted({t.first for t in view.tokens})
    assert [i for c in view.clauses for i in range(c.first, c.last)] == list(range(len(view.tokens)))
    for clause in view.clauses:
        own = {kind for token in view.tokens[clause.first : clause.last] for kind in token.kinds}
        assert clause.kinds == own


@pytest.fixture(scope="module", autouse=True)
def _read(samudra: Roster, rules: Rules) -> None:
    global READ
    READ = (samudra, rules)


READ: tuple[Roster, Rules]


def test_pages_are_told_by_their_names(samudra: Roster) -> None:
    pages = Pages(samudra, Matcher(samudra))
    assert pages.page("unggahan @armanhidayat") == PAIRS_PAGE
    assert pages.page('grup "Relawan Arman-Lestari"') == PAIRS_PAGE
    assert pages.page("akun @kpu_samudra") == "halaman penyelenggara"
    assert pages.page("akun @puskesmas_melati") == "halaman lain"


@pytest.mark.parametrize("page", ["@armanhidayat", "@kpu_samudra", "@puskesmas_melati"])
def test_a_like_of_a_pairs_page_is_an_interaction_without_any_stance(page: str, advisor: Advisor) -> None:
    found = advisor.advise(LawPost(f'[menyukai unggahan {page}: "Selamat pagi"]', "2024-10-10", "suka", "asn"))
    assert found.acts == (("INTERAKSI",) if page == "@armanhidayat" else ())
    followed = advisor.advise(LawPost(f"[mengikuti akun {page}]", "2024-10-10", "ikuti", "asn"))
    assert bool(followed.acts) == (page == "@armanhidayat")
    if followed.acts:
        assert any("diperselisihkan" in reason for reason in followed.check)


def test_cells_of_actions_and_accounts_are_read_as_people_write_them() -> None:
    told = [action_of(x) for x in ("Suka", "LIKE", "share", "komen", "?")]
    assert told == ["suka", "suka", "bagikan", "komentar", ""]
    assert [account_of(x) for x in ("PNS", "bukan-ASN", "", "entah")] == ["asn", "other", "", ""]


def test_a_model_file_keeps_its_acts(lawful_model: Model) -> None:
    again = parse_model(model_bytes(lawful_model), "m").acts
    assert again is not None
    assert lawful_model.acts is not None
    assert again.outputs == lawful_model.acts.outputs
    assert again.cues == lawful_model.acts.cues
    for a, b in zip(again.weights, lawful_model.acts.weights, strict=True):
        assert a.features == b.features
        np.testing.assert_array_equal(a.coef, b.coef)
    np.testing.assert_array_equal(again.intercept, lawful_model.acts.intercept)
    assert again.thresholds(0.02) == lawful_model.acts.thresholds(0.02)
    assert model_bytes(lawful_model) == model_bytes(replace(lawful_model, acts=again))


FAULTS = {
    "an unknown output": lambda a: replace(a, outputs=(*a.outputs[:-1], "x y")),
    "an output twice": lambda a: replace(a, outputs=(*a.outputs[:-1], a.outputs[0])),
    "no intercept": lambda a: replace(a, intercept=a.intercept[:-1]),
    "a weight that is no number": lambda a: replace(a, intercept=np.full_like(a.intercept, np.nan)),
    "a huge weight": lambda a: replace(a, intercept=np.full_like(a.intercept, 1e9)),
    "tails that are not sorted": lambda a: replace(a, tails={act: t[::-1] for act, t in a.tails.items()}),
    "a tail of nobody's": lambda a: replace(a, tails={"NONE" + act[:5]: t for act, t in a.tails.items()}),
    "no blocks": lambda a: replace(a, weights=()),
    "an idf below zero": lambda a: replace(a, weights=tuple(replace(w, idf=-w.idf) for w in a.weights)),
    "features twice": lambda a: replace(a, weights=tuple(replace(w, features=w.features[:1] * len(w.features))
                                                         for w in a.weights)),
}  # fmt: skip


@pytest.mark.parametrize("fault", FAULTS)
def test_damaged_acts_are_refused(fault: str, lawful_model: Model) -> None:
    with pytest.raises(ModelError):
        parse_model(model_bytes(replace(lawful_model, acts=FAULTS[fault](lawful_model.acts))), "m")


def test_other_cue_lists_than_the_model_knew_are_refused(lawful_model: Model, rules: Rules, samudra: Roster) -> None:
    other = replace(rules, tables={**rules.tables, "isyarat": rules.tables["isyarat"][1:]})
    with pytest.raises(ModelError, match="cue lists"):
        LawColumns.of(lawful_model, samudra, other)
    with pytest.raises(ModelError, match="knows no acts"):
        LawColumns.of(replace(lawful_model, acts=None), samudra, rules)


def test_the_same_posts_give_the_same_act_model(lawful_model: Model, posts: tuple[ActPost, ...], rules: Rules) -> None:
    few = posts[::8]
    one, two = (train_acts(few, lawful_model, rules) for _ in range(2))
    assert model_bytes(replace(lawful_model, acts=one)) == model_bytes(replace(lawful_model, acts=two))


def table_of(posts: tuple[ActPost, ...], path: Path) -> Path:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["nomor", "isi", "waktu", "jenis_akun", "tindakan"])
        writer.writerows([p.id, p.text, p.time, p.account, p.action] for p in posts)
    return path


@pytest.fixture
def samudra_posts(posts: tuple[ActPost, ...], samudra: Roster) -> tuple[ActPost, ...]:
    return tuple(post for post in posts if post.election == samudra.election.id)[::2]


def read(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def test_law_adds_its_columns_and_changes_nothing_else(
    tmp_path: Path,
    samudra_posts: tuple[ActPost, ...],
    lawful_model: Model,
    samudra: Roster,
    rules: Rules,
    advisor: Advisor,
) -> None:
    posts = table_of(samudra_posts, tmp_path / "posts.csv")
    api.score_file(posts, samudra, lawful_model, tmp_path / "plain.csv", max_fpr=0.1)
    api.score_file(posts, samudra, lawful_model, tmp_path / "law.csv", max_fpr=0.1, law=True)
    plain, law = read(tmp_path / "plain.csv"), read(tmp_path / "law.csv")
    assert list(law[0]) == [*plain[0], *LAW_COLUMNS]
    assert [{k: row[k] for k in plain[0]} for row in law] == plain
    assert [row["tahap"] for row in law] == [post.phase for post in samudra_posts]
    for row, post in zip(law, samudra_posts, strict=True):
        stance = stance_of(post.text, advisor.reader.reader, lawful_model)
        told = advisor.advise(replace(law_post(post), stance=stance))
        assert row["perbuatan"] == "; ".join(told.acts), post.id
        assert row["isyarat"].count(":") >= len(told.acts)
        if told.acts and not post.time:
            assert row["butir"] == row["dasar"] == ""


def test_processes_and_formats_never_change_a_law_cell(
    tmp_path: Path, samudra_posts: tuple[ActPost, ...], lawful_model: Model, samudra: Roster
) -> None:
    posts = table_of(samudra_posts, tmp_path / "posts.csv")
    for name, workers in (("a.csv", 1), ("b.csv", 2), ("c.xlsx", 1)):
        api.score_file(posts, samudra, lawful_model, tmp_path / name, max_fpr=0.1, law=True, workers=workers)
    assert (tmp_path / "a.csv").read_bytes() == (tmp_path / "b.csv").read_bytes()
    sheet = [tuple(r.fields.get(c) or "" for c in LAW_COLUMNS) for r in read_records(tmp_path / "c.xlsx")]
    assert sheet == [tuple(row[c] for c in LAW_COLUMNS) for row in read(tmp_path / "a.csv")]


def test_an_explanation_adds_up_and_names_the_conditions(lawful_model: Model, samudra: Roster) -> None:
    text = "Surat tugas saya menjaga posko kesehatan di kampanye Bagas-Nadia, seragam dipakai"
    found = api.explain_law(text, samudra, lawful_model, time="2024-10-10", account_type="asn")
    document = law_document(text, found, lawful_model)
    assert found.phase == "kampanye"
    for one in document["explanations"].values():
        total = one["start"] + sum(part["value"] for part in one["contributions"])
        assert total == pytest.approx(one["score"], abs=1e-9)
    states = {c.name: c.state.value for e in [found.exemption] if e is not None for c in e.conditions}
    assert states.get("surat tugas", "terpenuhi") == "terpenuhi"
    assert "= sum" in law_text(text, found, lawful_model)


def test_figures_of_acts_count_what_was_told(posts: tuple[ActPost, ...], lawful_model: Model, rules: Rules) -> None:
    some = posts[2::9]
    document = evaluate_acts(some, lawful_model, rules)["law"]
    assert document["n"] == len(some)
    assert document["phase"] == {"n": len(some), "right": len(some)}
    for act, one in document["by_act"].items():
        assert one["found"] + one["missed"] == sum(act in post.acts for post in some)
    assert document["clean"]["n"] == sum(post.clean for post in some)
    assert "macro-F1" in acts_text({"law": document})
