"""From a list of candidates to a roster: what the list says is what the roster says, and a draft is a roster."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from netral_nlp.errors import InputError
from netral_nlp.roster import Roster, load_roster, parse_roster
from netral_nlp.roster.checking import check_roster
from netral_nlp.roster.drafting import TEMPLATE, read_list, render
from running import run, write

HEADER = ("Nomor Urut", "Nama Calon Wali Kota", "Nama Calon Wakil Wali Kota", "Panggilan", "Tagar", "Akun")
ROWS = (
    (1, "Dr. H. Arman Hidayat, S.E.", "Lestari Wulandari", "Pak Arman; Bu Lestari", "#ArmanLestari", "@armanhidayat"),
    (2, "Hasan Basri Nur", "Hj. Wulan Sari, M.Si.", "Pak Hasan\nBu Wulan", "", ""),
)


def workbook(path: Path, rows: object) -> Path:
    book = openpyxl.Workbook()
    for row in rows:  # type: ignore[attr-defined]
        book.active.append(row)
    book.save(path)
    return path


def said(roster: Roster) -> object:
    return dataclasses.asdict(roster.election), [dataclasses.asdict(pair) for pair in roster.pairs]


def test_a_workbook_of_candidates_is_a_roster(tmp_path: Path) -> None:
    roster = load_roster(workbook(tmp_path / "Kota Contoh 2024.xlsx", [HEADER, *ROWS]))
    assert (roster.election.id, roster.election.office) == ("kota-contoh-2024", "mayor")
    assert roster.ids == ("Arman-Lestari", "Hasan-Wulan")
    first, second = roster.pairs
    assert (first.number, first.candidate, first.running_mate) == (1, ROWS[0][1], "Lestari Wulandari")
    assert first.aliases == ("Pak Arman", "Bu Lestari") and first.handles == ("@armanhidayat",)
    assert second.aliases == ("Pak Hasan", "Bu Wulan") and second.hashtags == ()
    assert [f for f in check_roster(roster) if f.severity == "error"] == []


def test_the_draft_of_a_list_is_the_roster_of_the_list(tmp_path: Path) -> None:
    lists = workbook(tmp_path / "daftar.xlsx", [HEADER, *ROWS])
    assert run("roster", "new", lists, "-o", tmp_path / "r.toml").code == 0
    assert said(load_roster(tmp_path / "r.toml")) == said(load_roster(lists))
    before = (tmp_path / "r.toml").read_bytes()
    again = run("roster", "new", lists, "-o", tmp_path / "r.toml")
    assert again.code == 2 and "there already" in again.err
    assert (tmp_path / "r.toml").read_bytes() == before


def test_an_empty_draft_is_a_roster_whose_every_comment_is_true(tmp_path: Path) -> None:
    assert run("roster", "new", "-o", tmp_path / "r.toml").code == 0
    text = (tmp_path / "r.toml").read_text(encoding="utf-8")
    assert parse_roster(text).ids == ("Satu-Dua", "Tiga-Empat")
    parts = ("# designation", "# campaign", "# quiet", "# vote", "# [[pair]]", "# id", "# number", "# kind")
    lines = [line[2:] if line.startswith(parts) else line for line in text.split("\n")]
    whole = parse_roster("\n".join(lines))
    assert whole.election.dates.campaign and whole.election.dates.vote
    assert whole.pairs[-1].kind == "kolom kosong" and whole.pairs[-1].number == 3


def test_couples_in_one_cell_and_the_empty_box_are_understood(tmp_path: Path) -> None:
    rows = [["1", "Arman Hidayat - Lestari Wulandari"], ["2", "KOLOM KOSONG"]]
    roster = load_roster(write(tmp_path / "pilbup.csv", ("No", "Nama Pasangan Calon Bupati"), rows))
    assert roster.election.office == "regent"
    assert [(p.id, p.kind) for p in roster.pairs] == [("Arman-Lestari", "paslon"), ("Kolom-Kosong", "kolom kosong")]
    assert roster.pairs[0].running_mate == "Lestari Wulandari"


def test_what_is_wrong_with_a_list_is_said_with_its_row(tmp_path: Path) -> None:
    rows = [["1", "Arman Hidayat"], ["1", "Hasan Basri"], ["tiga", "Bagas Pratama"]]
    with pytest.raises(InputError) as error:
        load_roster(write(tmp_path / "wali kota.csv", ("Nomor", "Calon"), rows))
    assert ":3: " in str(error.value) and ":4: " in str(error.value)
    with pytest.raises(InputError, match='Call it "nama calon"'):
        load_roster(write(tmp_path / "x.csv", ("Warna", "Berat"), [["merah", "3"]]))
    with pytest.raises(InputError, match="office"):
        load_roster(write(tmp_path / "x.csv", ("Nomor", "Calon"), rows[:1]))


TITLES = [["DAFTAR PASANGAN CALON"], ["PEMILIHAN WALI KOTA DAN WAKIL WALI KOTA SAMUDRA TAHUN 2024"], []]


@pytest.mark.parametrize("above", range(4))
def test_titles_above_a_list_say_what_it_is_of_and_hide_no_candidate(above: int, tmp_path: Path) -> None:
    names = ["No. Urut Pasangan Calon", "Nama Pasangan Calon Wali Kota dan Wakil Wali Kota", "Partai Pengusul"]
    couples = [[1, "Arman Hidayat dan Lestari Wulandari", "A; B"], [2, "Hasan Basri Nur - Wulan Sari", ""]]
    roster = load_roster(workbook(tmp_path / "k.xlsx", [*TITLES[:above], names, *couples]))
    assert roster.ids == ("Arman-Lestari", "Hasan-Wulan") and roster.election.office == "mayor"
    assert roster.election.name == (TITLES[1][0] if above > 1 else "k")
    rows = [*([*title, "", "", ""][:3] for title in TITLES[:above]), names, *couples]  # as Excel saves them
    lines = "\n".join(",".join(map(str, row)) for row in rows)
    (tmp_path / "k.csv").write_text(lines, encoding="utf-8")
    assert load_roster(tmp_path / "k.csv").pairs == roster.pairs


@pytest.mark.parametrize(
    ("written", "office"),
    [("Wali Kota", "mayor"), ("WALIKOTA", "mayor"), ("Bupati dan Wakil Bupati", "regent"), ("Gubernur", "governor"),
     ("Presiden", "president"), ("Anggota DPRD Kota", "legislature"), ("mayor", "mayor")],
)  # fmt: skip
def test_offices_zones_and_days_of_a_list_are_written_as_people_write_them(
    written: str, office: str, tmp_path: Path
) -> None:
    header = ("No", "Nama Calon", "Jabatan", "Pemilihan", "Zona Waktu", "Pemungutan Suara")
    for at, day in enumerate(("27 November 2024", "2024-11-27", "27/11/2024", "Rabu, 27 Nov 2024", "27-11-2024")):
        list_of = write(tmp_path / f"{at}.csv", header, [(1, "Arman Hidayat", written, "Pemilihan X", "WITA", day)])
        election = load_roster(list_of).election
        assert (election.office, election.zone, str(election.dates.vote)) == (office, "Asia/Makassar", "2024-11-27")
        assert run("roster", "new", list_of, "-o", tmp_path / f"{at}.toml").code == 0
        assert load_roster(tmp_path / f"{at}.toml").election == election


NAMES = st.text(
    st.characters(exclude_categories=("Cc", "Cs", "Cf", "Zl", "Zp")) | st.sampled_from('"\\#;'), max_size=20
)


@given(st.lists(NAMES.map(str.strip).filter(bool), min_size=1, max_size=4), NAMES.map(str.strip).filter(bool))
def test_any_name_survives_the_draft(items: list[str], name: str) -> None:
    (pair, _) = TEMPLATE["pair"]
    tables = {
        "election": {**TEMPLATE["election"], "name": name},
        "pair": [{**pair, "candidate": name, "aliases": items}],
    }
    roster = parse_roster(render(tables))
    assert roster.election.name == roster.pairs[0].candidate == name
    assert roster.pairs[0].aliases == tuple(items)


def test_a_list_that_was_scored_with_keeps_its_rows(tmp_path: Path) -> None:
    tables, lines = read_list(write(tmp_path / "l.csv", HEADER, [ROWS[0], [""] * 6, ROWS[1]]))
    assert [pair["id"] for pair in tables["pair"]] == ["Arman-Lestari", "Hasan-Wulan"]
    assert lines["pair", 0] < lines["pair", 1]
