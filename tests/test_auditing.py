"""Laws of the audit: who is meant never moves a score, and a model that cheats or remembers persons fails."""

from __future__ import annotations

import json
import random
import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from netral_nlp.auditing import Audit, audit
from netral_nlp.auditing.disturbances import measure_disturbances, renumber, rewrite_numbers
from netral_nlp.auditing.identity import BOUND, FILLERS, measure_identity
from netral_nlp.auditing.rates import ALARMS, MISSES, PAIR, Rate, compare_rates, equality, holm
from netral_nlp.auditing.rewriting import Exchanger, exchange_roles
from netral_nlp.auditing.swaps import ROUNDING, measure_swaps
from netral_nlp.auditing.vocabulary import search_vocabulary
from netral_nlp.errors import UsageError
from netral_nlp.features.blocks import BLOCKS, Block
from netral_nlp.features.reader import Reader, prepare
from netral_nlp.features.views import View
from netral_nlp.learning.anonymity import HIDDEN, hide_names
from netral_nlp.learning.corpus import Corpus, Example
from netral_nlp.learning.training import Trained, train
from netral_nlp.model.file import save_model
from netral_nlp.model.model import Model, Weights
from netral_nlp.pages.shell import asset
from netral_nlp.records import Case
from netral_nlp.report.audit_page import audit_page
from netral_nlp.roster import Roster
from netral_nlp.text.lexicon import Everyday, everyday, identity_kinds, regional_words
from running import run
from strategies import many, noisy_posts

Occurrence = tuple[str, int, int]


def same_sight(a: View, b: View) -> bool:
    """Whether two views show a model the same tokens."""
    return [(t.form, t.written, t.kind) for t in a.tokens] == [(t.form, t.written, t.kind) for t in b.tokens]


@pytest.fixture(scope="module")
def few(small_corpus: Corpus) -> Corpus:
    return Corpus(small_corpus.examples[::8])


@pytest.fixture(scope="module")
def audited(model: Model, few: Corpus, rosters: Mapping[str, Roster]) -> Audit:
    return audit(model, few, rosters.values(), max_fpr=0.05)


def with_block(model: Model, block: Block, features: tuple[str, ...]) -> Model:
    """The model with one more block whose features speak for ``dukung``."""
    coef = np.tile([1.0, 0.0, -1.0], (len(features), 1))
    return replace(model, weights=(*model.weights, Weights(block, features, np.ones(len(features)), coef)))


def peep(view: View) -> Iterator[Occurrence]:
    """A biased feature: the words under the masks."""
    for mention in view.mentions:
        yield view.words[mention.start].surface, 0, 1


def seat(view: View) -> Iterator[Occurrence]:
    """A biased feature: the place of the pair in the roster."""
    yield f"seat {view.pair}", 0, 1


@settings(max_examples=many(60))
@given(text=noisy_posts(), pairs=st.permutations(range(3)))
def test_who_is_meant_never_moves_a_score(text: str, pairs: list[int], model: Model, samudra: Roster) -> None:
    reader = Reader(samudra)
    reading = reader.read(text)
    a, b, _ = pairs
    scores = model.probabilities([reader.view(reading, a), reader.view(exchange_roles(reading, a, b), b)])
    assert np.abs(scores[0] - scores[1]).max() <= ROUNDING


def test_a_text_rewritten_like_for_like_looks_the_same_from_the_other_pair(small_corpus: Corpus) -> None:
    exchangers: dict[str, Exchanger] = {}
    alike = changed = 0
    for e in small_corpus.examples[::3]:
        roster = e.case.roster
        exchanger = exchangers.setdefault(roster.digest, Exchanger(Reader(roster)))
        reader = exchanger.reader
        reading = reader.read(e.case.text)
        a = reader.pair_index(e.case.pair)
        for b in range(len(roster.pairs)):
            written = exchanger.text(e.case.text, reading, a, b)
            if b == a or not written.alike:
                continue
            alike += 1
            changed += written.text != e.case.text
            assert same_sight(reader.view(reading, a), reader.view(reader.read(written.text), b)), written.text
    assert alike > len(small_corpus) / 6
    assert changed > alike / 3


def test_names_numbers_and_symbols_go_over_to_the_other_pair(samudra: Roster) -> None:
    exchanger = Exchanger(Reader(samudra))
    text = "Pak ARMAN atau Bagas? Tetap paslon 01 ☝️ #ArmanLestari @armanhidayat_official"
    written = exchanger.text(text, exchanger.reader.read(text), 0, 2)
    assert written.text == "Pak PRATAMA atau Arman? Tetap paslon 03 🤟 #BagasNadia @bagaspratama_"


@pytest.mark.parametrize(
    ("text", "exchanged"),
    [
        ("Pak Hasan dan Bu Wulan", "Pak Arman dan Bu Wulandari"),
        ("HASAN-WULAN menang", "ARMAN-WULANDARI menang"),
        ("hasan basri nur kalah", "arman kalah"),
        ("nomor urut dua", "nomor urut satu"),
        ("paslon 2 lawan paslon 03", "paslon 1 lawan paslon 03"),
    ],
)
def test_each_person_goes_over_to_the_like_person(text: str, exchanged: str, samudra: Roster) -> None:
    exchanger = Exchanger(Reader(samudra))
    assert exchanger.text(text, exchanger.reader.read(text), 1, 0).text == exchanged


def test_a_word_of_a_name_that_stays_behind_is_no_like_exchange(samudra: Roster) -> None:
    exchanger = Exchanger(Reader(samudra))
    for text, alike in (
        ("coblos Arman", True),
        ("coblos Arman, dua kali", False),
        ("coblos Arman #LanjutkanSamudra", False),
    ):
        assert exchanger.text(text, exchanger.reader.read(text), 0, 1).alike == alike, text


def test_a_pair_without_a_number_gets_its_name_and_is_not_alike(samudra: Roster) -> None:
    pairs = (samudra.pairs[0], replace(samudra.pairs[1], number=None), samudra.pairs[2])
    exchanger = Exchanger(Reader(replace(samudra, pairs=pairs, digest="other")))
    written = exchanger.text("pilih paslon 1", exchanger.reader.read("pilih paslon 1"), 0, 1)
    assert written == type(written)("pilih paslon Hasan Basri Nur", False)


def test_the_trained_model_passes_the_swaps(audited: Audit) -> None:
    swaps = audited.swaps
    assert min(len(swaps.roles.differences), len(swaps.alike.differences)) > 100
    assert swaps.roles.largest <= ROUNDING
    assert swaps.alike.largest <= ROUNDING
    assert swaps.failures == []


def test_a_name_feature_fails_the_swap_and_is_named(model: Model, few: Corpus) -> None:
    biased = with_block(model, Block("words", peep, 1.0, 1, False), ("arman", "yusuf", "bahrani", "surya"))
    swaps = measure_swaps(biased, few.examples)
    assert swaps.roles.failed == 0  # the same words under other roles: only rewriting shows it
    assert swaps.alike.failed > 10
    assert len(swaps.failures) == 1
    worst = swaps.alike.document()["worst"][0]
    assert worst["difference"] == swaps.alike.largest
    assert any(name in feature for feature in worst["features"] for name in ("arman", "yusuf", "surya"))


def test_a_feature_of_the_place_in_the_roster_fails_the_exchanged_roles(model: Model, few: Corpus) -> None:
    biased = with_block(model, Block("words", seat, 1.0, 1, False), ("seat 0",))
    swaps = measure_swaps(biased, few.examples[:40])
    assert swaps.roles.failed > 10
    assert "exchanged roles" in swaps.failures[0]


PERSONAL = ("@seseorang", "budi@kota.go.id", "pak https://t.co/a", "081234567890", "198501012010011001", "pak_zainudin")


@pytest.mark.parametrize("feature", PERSONAL)
def test_personal_data_in_the_vocabulary_is_found(feature: str, model: Model, samudra: Roster) -> None:
    named = replace(samudra, pairs=(replace(samudra.pairs[0], aliases=("Zainudin",)), *samudra.pairs[1:]))
    assert not search_vocabulary(model, [named]).failures
    (failure,) = search_vocabulary(remembering(model, feature), [named]).failures
    assert feature in failure


def remembering(model: Model, feature: str) -> Model:
    """The model with one more feature that weighs nothing."""
    first = model.weights[0]
    coef, idf = np.vstack([first.coef, np.zeros(3)]), np.append(first.idf, 1.0)
    return replace(
        model, weights=(replace(first, features=(*first.features, feature), idf=idf, coef=coef), *model.weights[1:])
    )


def test_a_whole_name_among_character_n_grams_fails_and_a_piece_of_one_does_not(model: Model, samudra: Roster) -> None:
    named = replace(samudra, pairs=(replace(samudra.pairs[0], aliases=("Tyo",)), *samudra.pairs[1:]))
    block = next(w for w in model.weights if any(f[:1] == " " for f in w.features))
    for feature, failed in ((" tyo ", True), ("tyo ", False), ("ityo", False)):
        spoiled = replace(block, features=(*block.features[1:], feature))
        assert bool(search_vocabulary(replace(model, weights=(spoiled,)), [named]).failures) == failed


def test_no_shipped_name_is_in_a_trained_vocabulary(model: Model, rosters: Mapping[str, Roster]) -> None:
    found = search_vocabulary(model, rosters.values())
    assert found.features > 5_000
    assert found.names > 100
    assert found.failures == []


def test_hidden_names_leave_no_feature(samudra: Roster) -> None:
    cases = [Case("pak Zarkasi Tohari dan bagas banyak gaya, coblos Arman", "Arman-Lestari", samudra)]
    shown = prepare(cases)
    hidden = hide_names(cases, shown)
    forms = [t.form for t in hidden[0].tokens]
    assert forms.count(HIDDEN) >= 1
    assert len(forms) == len(shown[0].tokens)
    for block in BLOCKS:
        assert not any(part in f for f in block.features(hidden[0]) for part in ("zarkasi", "tohari", HIDDEN))
    assert any("zarkasi" in f for block in BLOCKS for f in block.features(shown[0]))


def test_a_bystander_named_in_many_posts_is_not_learned(small_corpus: Corpus, rosters: Mapping[str, Roster]) -> None:
    planted = [
        replace(e, case=replace(e.case, text=f"{e.case.text} kata Pak Zarkasi")) if i % 9 == 0 else e
        for i, e in enumerate(small_corpus.examples)
    ]
    found = train(Corpus(tuple(planted))).model
    assert not [f for w in found.weights for f in w.features if "zarkas" in f]


def test_a_corpus_that_was_fitted_is_judged_by_its_held_out_scores(
    trained: Trained, small_corpus: Corpus, few: Corpus, rosters: Mapping[str, Roster]
) -> None:
    from netral_nlp.auditing.verdict import _decide

    decided, unseen, notes = _decide(trained.model, small_corpus, 0.05)
    assert unseen
    assert notes == ()
    assert len(decided) == len(small_corpus)
    wrong = sum(a == "dukung" != e.label for a, e in zip(decided, small_corpus.examples, strict=True))
    right = sum(a == "dukung" == e.label for a, e in zip(decided, small_corpus.examples, strict=True))
    assert 0 < wrong < 0.06 * sum(e.label != "dukung" for e in small_corpus.examples)
    assert right > 50
    _, unseen, notes = _decide(trained.model, few, 0.05)
    assert not unseen
    assert "too good" in notes[0]


def test_a_rate_that_the_model_cannot_support_is_refused(
    model: Model, few: Corpus, rosters: Mapping[str, Roster]
) -> None:
    for rate in (0.0, 1.0):
        with pytest.raises(UsageError, match="between 0 and 1"):
            audit(model, few, rosters.values(), max_fpr=rate)


def test_rates_count_every_post_once(corpus: Corpus) -> None:
    examples = corpus.examples[::5]
    rng = random.Random(1)
    decided = [rng.choice(["dukung", "netral", "tolak", "ragu"]) for _ in examples]
    found = compare_rates(examples, decided)
    for label in ("dukung", "tolak"):
        given_wrongly = sum(d == label != e.label for d, e in zip(decided, examples, strict=True))
        missed = sum(d != label == e.label for d, e in zip(decided, examples, strict=True))
        for axis in ("platform", "region", "length"):
            for error, total in ((ALARMS, given_wrongly), (MISSES, missed)):
                (only,) = [c for c in found if (c.axis, c.label, c.error) == (axis, label, error)]
                assert sum(r.events for r in only.rates.values()) == total
                deserving = sum(e.label == label for e in examples)
                posts = deserving if error == MISSES else len(examples) - deserving
                assert sum(r.n for r in only.rates.values()) == posts
        within = [c for c in found if (c.axis, c.label, c.error) == (PAIR, label, ALARMS)]
        assert sum(r.events for c in within for r in c.rates.values()) == given_wrongly
    assert sum(c.differs for c in found) <= 2  # labels drawn by lot: what differs, differs by chance


def test_accusing_one_pair_more_often_is_found(corpus: Corpus) -> None:
    examples = [e for e in corpus.examples if e.election == "kota-samudra-2024"]
    rng = random.Random(1)
    decided = [
        "dukung" if rng.random() < (0.15 if e.case.pair == "Hasan-Wulan" else 0.01) else "netral" for e in examples
    ]
    found = [c for c in compare_rates(examples, decided) if c.axis == PAIR and c.error == ALARMS]
    assert [(c.within, c.label) for c in found if c.differs] == [("kota-samudra-2024", "dukung")]


def test_equal_rates_are_seldom_called_different() -> None:
    rng = np.random.default_rng(2)
    ps = [equality([Rate(int(rng.binomial(n, 0.05)), n) for n in (120, 150)]) for _ in range(300)]
    assert np.mean(np.array(ps) < 0.05) <= 0.05
    assert equality([Rate(0, 100), Rate(0, 50), Rate(0, 9)]) == 1.0
    assert equality([Rate(1, 200), Rate(2, 180), Rate(40, 190)]) < 0.001


@settings(max_examples=many(60))
@given(ps=st.lists(st.floats(0, 1), max_size=12))
def test_holm_never_lowers_a_p_value_and_keeps_their_order(ps: list[float]) -> None:
    adjusted = holm(ps)
    assert all(p <= a <= 1 for p, a in zip(ps, adjusted, strict=True))
    ordered = sorted(zip(ps, adjusted, strict=True))
    assert [a for _, a in ordered] == sorted(adjusted)


def test_regional_words_are_regional() -> None:
    words = regional_words()
    assert len(words) > 400
    assert len(set(words.values())) == 8
    assert not {"yang", "dan", "tidak", "pilih", "dukung", "menang", "calon", "rakyat", "kerja", "saya", "kita"} & set(
        words
    )
    assert sum(everyday(w) is Everyday.COMMON for w in words) < len(words) / 4  # slang lists know many, too


def test_who_somebody_is_moves_no_score_of_the_trained_model(audited: Audit) -> None:
    groups = {shift.group: shift for shift in audited.identity}
    assert {"words of faith", "words of Batak", "women addressed, not men", "offices"} <= set(groups)
    for shift in audited.identity:
        assert shift.n > 20
        assert abs(shift.mean) <= min(BOUND, abs(shift.furthest))
    assert not any("on average" in failure for failure in audited.failures)


@pytest.mark.parametrize(
    ("group", "spoken"),
    [
        ("words of faith", {word for word, kind in identity_kinds().items() if kind == "faith"}),
        ("words of Batak", {word for word, language in regional_words().items() if language == "Batak"}),
        ("women addressed, not men", {"bu", "mbak"}),
        ("offices", {"presiden", "gubernur", "bupati", "walikota"}),
    ],
)
def test_a_feature_of_who_somebody_is_fails_and_its_group_is_named(
    group: str, spoken: set[str], model: Model, few: Corpus
) -> None:
    def heard(view: View) -> Iterator[Occurrence]:
        """A biased feature: one of such words is said."""
        if any(w.surface in spoken for w in view.words):
            yield "heard", 0, 1

    biased = with_block(model, Block("words", heard, 1.0, 1, False), ("heard",))
    found = measure_identity(biased, few.examples, sample=12, words=12)
    failed = {shift.group: shift for shift in found if shift.failed}
    assert failed[group].mean > BOUND
    assert failed[group].document()["failed"]
    calm = {shift.group for shift in measure_identity(model, few.examples, sample=12, words=12) if shift.failed}
    assert failed.keys() - calm <= {group, "words of gender"}  # bu and mbak are words of gender, too


def test_neutral_words_are_ordinary_and_tell_nobodys_identity() -> None:
    fillers = {word for words in FILLERS.values() for word in words}
    assert not fillers & (identity_kinds().keys() | regional_words().keys())
    for most, words in FILLERS.items():
        assert all(len(word) <= most for word in words)


def test_other_ballot_numbers_never_matter(model: Model, small_corpus: Corpus) -> None:
    found = {d.name: d for d in measure_disturbances(model, small_corpus.examples, sample=200)}
    numbers = found["other ballot numbers"]
    assert numbers.n > 10
    assert numbers.furthest <= ROUNDING
    assert found["a link at the end"].flipped <= 0.02 * 200
    for change in found.values():
        assert 0 <= change.flipped <= change.n <= 200
        assert 0 <= change.moved <= change.furthest <= 1


def test_renumbering_goes_round_and_rewrites_the_text(samudra: Roster) -> None:
    once = renumber(samudra)
    assert [p.number for p in once.pairs] == [2, 3, 1]
    assert once.digest != samudra.digest
    assert renumber(renumber(once)) == samudra
    reader = Reader(samudra)
    text = "coblos no 03, bukan paslon dua"
    assert rewrite_numbers(text, reader.read(text), samudra, once) == "coblos no 01, bukan paslon 3"


def test_the_page_escapes_what_posts_say_and_tells_the_verdict(audited: Audit) -> None:
    document = json.loads(json.dumps(audited.document()))
    document["failures"] = ["<script>alert(1)</script>"]
    document["passed"] = False
    page = audit_page(document)
    assert re.findall(r"<script[^>]*>(.*?)</script>", page, re.DOTALL) == [asset("tables.js")]
    assert "&lt;script&gt;" in page
    assert "failed" in page
    assert not re.search(r"<[^>]*(?:href|src|action)=.?https?:", page)  # posts may hold links, as text
    assert "src=" not in page


def test_audit_writes_its_documents_and_fails_with_exit_code_5(model: Model, few: Corpus, tmp_path: Path) -> None:
    save_model(model, tmp_path / "good.npz")
    save_model(remembering(model, "@seseorang"), tmp_path / "bad.npz")
    data = tmp_path / "posts.csv"
    data.write_text("id,election,pair,label,text\n" + "".join(map(line_of, few.examples[:60])), encoding="utf-8")
    codes = []
    for name in ("good", "bad"):
        done = run("audit", data, "--model", tmp_path / f"{name}.npz", "--max-fpr", 0.05,
                   "--json", "-", "--report", tmp_path / f"{name}.html")  # fmt: skip
        codes.append(done.code)
        document = json.loads(done.out)
        assert document["schema"] == 1
        assert document["passed"] == (name == "good")
        assert document["n"] == 60
    assert codes == [0, 5]
    assert "failed" in (tmp_path / "bad.html").read_text(encoding="utf-8")


def line_of(e: Example) -> str:
    text = e.case.text.replace('"', '""')
    return f'{e.id},{e.election},{e.case.pair},{e.label},"{text}"\n'
