"""A roster as a list of candidates says all that it says, in and out of a workbook."""

from __future__ import annotations

import tempfile
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from netral_nlp.errors import InputError
from netral_nlp.roster import Roster, load_roster
from netral_nlp.roster.elections import KINDS, OFFICES, ZONES
from netral_nlp.roster.listing import COLUMNS, write_list
from netral_nlp.roster.reading import parse_roster
from netral_nlp.roster.writing import DATE_KEYS, LIST_KEYS, PERIODS, tables_of, write_toml
from strategies import many

ROSTERS = Path(__file__).resolve().parents[1] / "data" / "rosters"
NAMES = st.sampled_from(
    ["Arman Hidayat", "dr. Siti", "Ketut O'Neil", "=SUM(A1)", "Nama (alias)", "Ñandú-Ü", "+62", "7", "Pak"]
)
ITEMS = st.sampled_from(
    ["Pak Arman", "a; b", "=1+1", "-minus", "@akun_1", "'kutip'", "satu, dua", "007", "1.5", "a;", "true"]
)
TAGS = st.sampled_from(["#ArmanLestari", "#x1", "#07"])
DAYS = st.dates(date(2024, 1, 1), date(2024, 12, 1))


@st.composite
def rosters(draw: st.DrawFn) -> dict[str, Any]:
    """The tables of rosters with anything that a roster may hold; some are refused."""
    first = draw(DAYS)
    dates: dict[str, Any] = {}
    for key, days in (("designation", 0), ("campaign", 3), ("quiet", 60), ("vote", 70), ("dct", 1)):
        if draw(st.booleans()):
            day = first + timedelta(days)
            end = (day + timedelta(draw(st.integers(0, 9)))).isoformat()
            dates[key] = [day.isoformat(), end] if key in PERIODS else day.isoformat()
    election = {"id": draw(st.sampled_from(["kota-x-2024", "7", "e.1"])), "name": draw(NAMES),
                "office": draw(st.sampled_from(OFFICES)), "zone": draw(st.sampled_from(ZONES))}  # fmt: skip
    pairs = []
    for number in range(draw(st.integers(1, 3))):
        pair: dict[str, Any] = {"id": f"P{number}", "candidate": draw(NAMES) + str(number)}
        if draw(st.booleans()):
            pair["number"] = number + 1
        if draw(st.booleans()):
            pair["running_mate"] = draw(NAMES)
        if draw(st.booleans()):
            pair["kind"] = draw(st.sampled_from(KINDS))
        for key in LIST_KEYS:
            items = TAGS if key in ("hashtags", "hostile") else ITEMS
            pair[key] = draw(st.lists(items.map(lambda one, n=number: f"{one}{n}"), max_size=3, unique=True))  # type: ignore[misc]
        pairs.append(pair)
    return {"election": {**election, "dates": dates} if dates else election, "pair": pairs}


def usable(tables: dict[str, Any]) -> Roster | None:
    try:
        return parse_roster(write_toml(tables))
    except InputError:
        return None


@settings(max_examples=many(60))
@given(rosters().map(usable).filter(lambda roster: roster is not None))
def test_a_roster_is_the_same_after_it_was_a_workbook(roster: Roster) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "daftar.xlsx"
        write_list(roster, path)
        assert tables_of(load_roster(path)) == tables_of(roster)
        assert load_roster(path).digest == roster.digest


@pytest.mark.parametrize("file", sorted(ROSTERS.glob("*.toml")), ids=lambda path: path.stem)
def test_shipped_rosters_are_the_same_after_they_were_a_workbook(file: Path, tmp_path: Path) -> None:
    roster = load_roster(file)
    write_list(roster, tmp_path / "x.xlsx")
    assert load_roster(tmp_path / "x.xlsx") == roster


def test_every_key_of_a_roster_has_a_column() -> None:
    told = {key for table in tables_of(load_roster(ROSTERS / "kota-samudra-2024.toml"))["pair"] for key in table}
    assert told | set(DATE_KEYS) | set(LIST_KEYS) <= set(COLUMNS)


def test_days_are_read_as_people_write_them(tmp_path: Path) -> None:
    path = tmp_path / "daftar.csv"
    path.write_text(
        "nomor urut;nama calon;jabatan;pemilihan;masa kampanye;masa tenang;hari pemungutan suara\n"
        "1;Arman Hidayat;wali kota;Pemilihan Wali Kota X;25 September 2024 - 23 November 2024;"
        "24/11/2024 s.d. 26/11/2024;27 November 2024\n",
        encoding="utf-8",
    )
    dates = load_roster(path).election.dates
    assert dates.campaign == (date(2024, 9, 25), date(2024, 11, 23))
    assert dates.quiet == (date(2024, 11, 24), date(2024, 11, 26)) and dates.vote == date(2024, 11, 27)
