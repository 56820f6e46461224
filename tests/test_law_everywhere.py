"""Acts beside stance wherever people work: frames as files, workbooks, the report, the reviews and their log."""

from __future__ import annotations

import contextlib
import json
import sqlite3
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path

import openpyxl
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

import netral_nlp
from netral_nlp import api
from netral_nlp.errors import InputError, UsageError
from netral_nlp.law.loading import load_rules
from netral_nlp.law.posts import ActPost, read_act_posts, shipped_posts_folder
from netral_nlp.model.model import Model
from netral_nlp.report.overview import read_overview
from netral_nlp.report.scored_page import Basis, scored_page
from netral_nlp.review.chain import digest_of, first_link, next_link
from netral_nlp.review.export import export_acts, export_labelled, export_log
from netral_nlp.review.importing import import_labels
from netral_nlp.review.log import SKIP, Decision, LawReview, Shown, law_verdict_of
from netral_nlp.review.migrating import SECOND_SCHEMA
from netral_nlp.review.posts import read_scored
from netral_nlp.review.salvage import Salvaged, salvage
from netral_nlp.review.schema import APPLICATION, POST_COLUMNS, statements_of
from netral_nlp.review.session import Desk
from netral_nlp.review.store import Store, open_reviews
from netral_nlp.roster import Roster
from netral_nlp.roster.reading import parse_roster
from netral_nlp.scoring.scored import LAW_COLUMNS, LAW_DIGEST
from netral_nlp.tables import read_records

RULES = load_rules()
COLUMNS = ["id", "teks", "waktu", "tindakan", "jenis_akun"]


@pytest.fixture(scope="module")
def posts(rosters: Mapping[str, Roster]) -> tuple[ActPost, ...]:
    return read_act_posts([shipped_posts_folder()], rosters, RULES)


@pytest.fixture(scope="module")
def frame(posts: tuple[ActPost, ...]) -> pd.DataFrame:
    own = [post for post in posts if post.election == "kota-samudra-2024"]
    assert len({act for post in own for act in post.acts}) >= 10
    rows = [(post.id, post.text, post.time, post.action, post.account) for post in own]
    more = [("kosong", " ", "", "", ""), ("lain", "hujan deras sejak pagi", "", "", "")]
    return pd.DataFrame([*rows, *more], columns=COLUMNS)


@pytest.fixture(scope="module")
def scored(frame: pd.DataFrame, lawful_model: Model, samudra: Roster, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("hukum")
    frame.to_csv(folder / "unggahan.csv", index=False)
    for kind in ("csv", "xlsx"):
        api.score_file(folder / "unggahan.csv", samudra, lawful_model, folder / f"nilai.{kind}", law=True)
    return folder / "nilai.csv"


def cells(path: Path) -> list[dict[str, str]]:
    return [dict(record.fields) for record in read_records(path)]


@pytest.mark.parametrize("per_pair", [False, True])
def test_a_frame_gets_the_law_cells_of_a_file(
    frame: pd.DataFrame, lawful_model: Model, samudra: Roster, tmp_path: Path, per_pair: bool
) -> None:
    frame.to_csv(tmp_path / "p.csv", index=False)
    api.score_file(tmp_path / "p.csv", samudra, lawful_model, tmp_path / "s.csv", law=True, per_pair=per_pair)
    by_frame = netral_nlp.score(frame, samudra, lawful_model, law=True, per_pair=per_pair)
    plain = netral_nlp.score(frame, samudra, lawful_model, per_pair=per_pair)
    assert tuple(by_frame.columns) == (*plain.columns, *LAW_COLUMNS)
    pd.testing.assert_frame_equal(by_frame[plain.columns], plain)
    judged = by_frame[by_frame["label"].notna()]
    by_file = cells(tmp_path / "s.csv")
    assert [tuple(row[name] for name in LAW_COLUMNS) for row in by_file] == list(
        judged[list(LAW_COLUMNS)].itertuples(index=False, name=None)
    )
    assert by_frame[by_frame["label"].isna()][list(LAW_COLUMNS)].isna().all(axis=None)
    assert set(judged[LAW_DIGEST]) == {RULES.digest}


@pytest.mark.parametrize("per_pair", [False, True])
def test_a_polars_frame_gets_the_law_cells_of_a_pandas_frame(
    frame: pd.DataFrame, lawful_model: Model, samudra: Roster, per_pair: bool
) -> None:
    polars = pytest.importorskip("polars")
    own = polars.DataFrame({name: column.tolist() for name, column in frame.items()})
    expected = netral_nlp.score(frame, samudra, lawful_model, law=True, per_pair=per_pair)
    for posts in (own, polars.LazyFrame(own)):
        found = netral_nlp.score(posts, samudra, lawful_model, law=True, per_pair=per_pair)
        assert isinstance(found, type(posts))
        cells = (found if posts is own else found.collect()).select(LAW_COLUMNS).rows()
        named = expected[list(LAW_COLUMNS)].astype(object)
        assert cells == list(named.where(named.notna(), None).itertuples(index=False, name=None))
    assert any(row[0] for row in cells)


def test_a_frame_says_when_and_how_under_any_name(frame: pd.DataFrame, lawful_model: Model, samudra: Roster) -> None:
    other = frame.rename(columns={"waktu": "x", "tindakan": "y", "jenis_akun": "z"})
    usual = netral_nlp.score(frame, samudra, lawful_model, law=True)
    named = netral_nlp.score(
        other, samudra, lawful_model, law=True, time_column="x", action_column="y", account_type_column="z"
    )
    assert named[list(LAW_COLUMNS)].equals(usual[list(LAW_COLUMNS)])
    assert set(netral_nlp.score(other, samudra, lawful_model, law=True)["tahap"].dropna()) == {""}
    with pytest.raises(InputError, match="tgl"):
        netral_nlp.score(frame, samudra, lawful_model, law=True, time_column="tgl")


def test_tables_and_a_roster_without_zone_are_named_once(lawful_model: Model, samudra: Roster, tmp_path: Path) -> None:
    (tmp_path / "p.csv").write_text("teks,waktu\nPak Arman,2024-10-01 10:00\n", encoding="utf-8")
    silent = Path(samudra.path).read_text(encoding="utf-8").split("\n")
    bare = parse_roster("\n".join(line for line in silent if not line.startswith("zone")), "bare.toml")
    assert bare.election.zone == samudra.election.zone
    for roster, law, zones in ((samudra, True, 0), (bare, True, 1), (bare, False, 1)):
        notes = api.score_file(tmp_path / "p.csv", roster, lawful_model, tmp_path / "s.csv", law=law).notes
        assert sum("names no zone" in note for note in notes) == zones
        assert sum(RULES.digest in note for note in notes) == law


def test_cases_are_assessed_alike_from_a_file_and_from_data(tmp_path: Path) -> None:
    document = {"schema": 1, "kasus": [{"id": "a", "election": "kota-samudra-2024", "jenis": "laporan", "masukan": {}}]}
    (tmp_path / "k.json").write_text(json.dumps(document), encoding="utf-8")
    by_file = netral_nlp.assess(tmp_path / "k.json")
    assert by_file == netral_nlp.assess(document) == netral_nlp.assess(document["kasus"])  # type: ignore[arg-type]
    assert by_file["hukum_sha256"] == RULES.digest
    assert netral_nlp.check_law() == []
    with pytest.raises(InputError, match="cases"):
        netral_nlp.assess({"schema": 1})


def test_a_dossier_takes_its_facts_from_a_mapping_as_from_a_file(scored: Path, samudra: Roster, tmp_path: Path) -> None:
    (tmp_path / "f.toml").write_text('tempat_kejadian = "balai"\n[pelapor]\nnama = "Rina"\n', encoding="utf-8")
    facts = {"tempat_kejadian": "balai", "pelapor": {"nama": "Rina"}}
    id = cells(scored)[0]["id"]
    by_file = netral_nlp.dossier(scored, tmp_path / "a", id=id, roster=samudra, facts=tmp_path / "f.toml")
    by_data = netral_nlp.dossier(scored, tmp_path / "b", id=id, roster=samudra, facts=facts)
    assert by_data.assessment == by_file.assessment and by_data.requirements == by_file.requirements
    assert (tmp_path / "b" / "berkas.html").read_bytes() != b""
    with pytest.raises(InputError, match="tempat_kejadian"):
        netral_nlp.dossier(scored, tmp_path / "c", id=id, roster=samudra, facts={"tempat": "balai"})
    with pytest.raises(UsageError):
        netral_nlp.dossier(scored, tmp_path / "c", roster=samudra)


def test_the_report_counts_what_the_columns_say_and_puts_acts_first(scored: Path, samudra: Roster) -> None:
    rows = cells(scored)
    found = read_overview(scored)
    assert found.law is not None
    expected = [(act, row["tahap"]) for row in rows for act in row["perbuatan"].split("; ") if act]
    assert found.law.acts == Counter(expected)
    assert found.law.posts == sum(bool(row["perbuatan"]) for row in rows)
    assert found.law.withheld == sum(bool(row["pengecualian"] and row["perbuatan"]) for row in rows)
    assert found.law.only == sum(bool(row["pengecualian"] and not row["perbuatan"]) for row in rows)
    acting = [bool(post.law and post.law["perbuatan"]) for post in found.flagged]
    assert acting == sorted(acting, reverse=True) and any(acting) and not all(acting)
    page = scored_page(found, Basis("1", samudra, law=RULES))
    assert page.count(RULES.digest[:16]) == 2  # scored by, and names from
    for act, total in Counter(act for act, _ in expected).items():
        assert f" ({act})</td>" in page
        assert f"<td>{total}</td></tr>" in page
    bare = scored_page(replace(found, law=None, flagged=()), Basis("1", samudra))
    assert "Perbuatan menurut hukum" in page and "Perbuatan menurut hukum" not in bare


@pytest.fixture
def desk(scored: Path, samudra: Roster, tmp_path: Path) -> Iterator[Desk]:
    with Store(tmp_path / "r.sqlite") as store:
        yield Desk(read_scored(scored, election=samudra.election.id), store, roster=samudra, audit_every=0)


def test_a_reviewer_confirms_or_corrects_acts_in_the_same_log(desk: Desk, tmp_path: Path) -> None:
    told = next(post for post in desk.file.posts if post.law and post.law["perbuatan"])
    sari, budi = (desk.viewer(name, "w") for name in ("Sari", "Budi"))
    card = desk.open(told.key, sari)
    assert card["law"]["own"] is None and card["law"]["acts"] == told.law["perbuatan"].split("; ")  # type: ignore[index]
    desk.decide(told.key, "netral", sari, law=LawReview("TIM;SPANDUK", "TUGAS"))
    desk.decide(told.key, "netral", budi)
    line = desk.store.lines()[0]
    assert line.law == LawReview("SPANDUK; TIM", "TUGAS")
    assert (line.shown.acts, line.shown.exception) == (told.law["perbuatan"], told.law["pengecualian"])  # type: ignore[index]
    assert desk.store.lines()[1].law is None
    assert desk.open(told.key, sari)["law"]["own"] == {"acts": ["SPANDUK", "TIM"], "exception": "TUGAS"}
    for wrong in (LawReview("SPANDUK; NYAPRES"), LawReview("", "IZIN")):
        with pytest.raises(UsageError):
            desk.decide(told.key, "netral", sari, law=wrong)
    assert len(desk.store.lines()) == 2
    export_labelled(desk.store, tmp_path / "l.csv")
    export_acts(desk.store, tmp_path / "a.csv")
    export_log(desk.store, tmp_path / "log.csv")
    (labelled,), (act,), logged = cells(tmp_path / "l.csv"), cells(tmp_path / "a.csv"), cells(tmp_path / "log.csv")
    assert (labelled["perbuatan"], labelled["pengecualian"]) == ("SPANDUK; TIM", "TUGAS")
    assert labelled["sepakat_hukum"] == "ya"
    assert labelled["perbuatan_model"] == told.law["perbuatan"]  # type: ignore[index]
    assert (act["expected_acts"], act["expected_exception"]) == ("SPANDUK; TIM", "TUGAS")
    assert [row["perbuatan"] for row in logged] == ["SPANDUK; TIM", ""]
    assert read_act_posts([tmp_path / "a.csv"], {desk.roster.election.id: desk.roster}, RULES)[0].acts == {  # type: ignore[union-attr]
        "SPANDUK", "TIM",
    }  # fmt: skip
    desk.undo(sari)
    assert desk.store.lines()[2].law is None
    with pytest.raises(InputError):
        export_acts(desk.store, tmp_path / "b.csv")


def test_a_blind_reviewer_sees_no_act_of_the_model(desk: Desk) -> None:
    for post in desk.file.posts:
        card = desk.open(post.key, desk.viewer("Sari", "w", blind=True))
        assert set(card["law"]) == {"own", "phase"}


LAW = st.none() | st.builds(LawReview, st.sampled_from(["", "TIM", "SPANDUK; TIM"]), st.sampled_from(["", "TUGAS"]))


@given(st.lists(LAW, max_size=5))
def test_the_verdict_on_acts_is_what_most_say_and_none_in_a_tie(said: list[LawReview | None]) -> None:
    held = {
        f"r{n}": Decision(n, "", f"r{n}", "k", SKIP, "", "", "urut", Shown(), None, law) for n, law in enumerate(said)
    }
    verdict = law_verdict_of(held)
    spoken = [law for law in said if law is not None]
    if not spoken:
        assert verdict is None
        return
    assert verdict is not None and len(verdict.reviewers) == len(spoken)
    assert verdict.agreed == (len(set(spoken)) == 1)
    most = max(spoken.count(law) for law in spoken)
    leaders = {law for law in spoken if spoken.count(law) == most}
    assert verdict.law == (leaders.pop() if len(leaders) == 1 else None)


def test_acts_reviewed_in_a_workbook_come_back(scored: Path, samudra: Roster, tmp_path: Path) -> None:
    book = openpyxl.load_workbook(scored.with_suffix(".xlsx"))
    sheet = book.active
    head = [cell.value for cell in sheet[1]]
    assert head[-3:] == ["tinjauan", "tinjauan_perbuatan", "tinjauan_pengecualian"]
    wanted = [("setuju", "setuju", ""), ("", "tidak ada", "tugas"), ("", "spanduk, TIM", ""), ("netral", "", ""),
              ("", "NYAPRES", ""), ("", "", "TUGAS; PAMIT"), ("ragu", "", "tidak ada")]  # fmt: skip
    acting = [n for n, row in enumerate(cells(scored), 2) if row["perbuatan"] and row["paslon"]][: len(wanted)]
    for line, filled in zip(acting, wanted, strict=True):
        for at, value in enumerate(filled):
            sheet.cell(line, len(head) - 2 + at, value or None)
    book.save(tmp_path / "isi.xlsx")
    told = [cells(scored)[line - 2] for line in acting]
    with Store(tmp_path / "r.sqlite") as store:
        for added in (5, 0):  # twice adds nothing
            done = import_labels(
                store, tmp_path / "isi.xlsx", reviewer="Sari", known={samudra.election.id: samudra.ids}
            )
            assert (done.added, len(done.rejected)) == (added, 2)
        lines = store.lines()
    own = (told[0]["perbuatan"], told[0]["pengecualian"])
    assert [line.law for line in lines] == [
        LawReview(*own), LawReview("", "TUGAS"), LawReview("SPANDUK; TIM", told[2]["pengecualian"]), None,
        LawReview(told[6]["perbuatan"], ""),
    ]  # fmt: skip
    assert [line.decision for line in lines][1:3] == [SKIP, SKIP]
    assert (lines[0].shown.acts, lines[0].shown.exception) == own


def second_format(path: Path, seed: str = "s") -> None:
    """A reviews file as the second format had it: chained, nothing said of acts."""
    row = ("k1", 2, "1", "kota-samudra-2024", "", "teks", "netral", 0.1, 0.8, 0.1, "", "", "", "", "")
    with contextlib.closing(sqlite3.connect(path, isolation_level=None)) as db:
        for statement in statements_of(SECOND_SCHEMA):
            db.execute(statement)
        db.execute(f"INSERT INTO posts({POST_COLUMNS}) VALUES ({', '.join('?' * 15)})", row)
        link = first_link(seed)
        for n in (1, 2, 3):
            line = (n, "2024-01-01", "Sari", "k1", "netral", "", "", "urut", "netral", 0.1, 0.8, 0.1, "", "", "", 0,
                    None, f"t{n}")  # fmt: skip
            link = next_link(link, line, digest_of(row))
            db.execute(f"INSERT INTO decisions VALUES ({', '.join('?' * 19)})", (*line, link))
        db.executemany("INSERT INTO settings VALUES (?, ?)", [("seed", seed), ("head", link)])
        db.execute(f"PRAGMA application_id = {APPLICATION}")
        db.execute("PRAGMA user_version = 2")


def test_a_file_of_the_second_format_is_copied_checked_and_then_knows_acts(tmp_path: Path) -> None:
    second_format(tmp_path / "r.sqlite")
    before = (tmp_path / "r.sqlite").read_bytes()
    with open_reviews(tmp_path / "r.sqlite") as store:
        assert store.copy_of_old == tmp_path / "r.format2.sqlite"
        lines = store.lines()
        assert [line.number for line in lines] == [1, 2, 3]
        assert [line.law for line in lines] == [None] * 3
        store.record(store.posts()["k1"], "Budi", "netral", shown=Shown(), law=LawReview("TIM"))
    assert before[:16] == (tmp_path / "r.format2.sqlite").read_bytes()[:16]
    with open_reviews(tmp_path / "r.sqlite") as store:
        assert store.copy_of_old is None and store.lines()[3].law == LawReview("TIM")


def test_a_changed_file_of_the_second_format_is_refused_as_it_is(tmp_path: Path) -> None:
    second_format(tmp_path / "r.sqlite")
    with contextlib.closing(sqlite3.connect(tmp_path / "r.sqlite", isolation_level=None)) as db:
        db.execute("DROP TRIGGER no_change")
        db.execute("UPDATE decisions SET decision = 'dukung' WHERE number = 2")
        db.execute(next(one for one in statements_of(SECOND_SCHEMA) if "no_change" in one).strip().rstrip(";"))
    before = (tmp_path / "r.sqlite").read_bytes()
    with pytest.raises(InputError, match="line 2"):
        open_reviews(tmp_path / "r.sqlite")
    assert (tmp_path / "r.sqlite").read_bytes() == before
    assert not (tmp_path / "r.format2.sqlite").exists()
    assert salvage(tmp_path / "r.sqlite", tmp_path / "s.csv") == Salvaged(3, 2)
    assert [(row["keputusan"], row["utuh"]) for row in cells(tmp_path / "s.csv")] == [
        ("netral", "ya"), ("dukung", "tidak"), ("netral", "ya"),
    ]  # fmt: skip
