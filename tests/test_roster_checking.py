"""Laws of ``roster check``: what is doubtful is named with its line and a remedy, what is sound is not."""

from __future__ import annotations

import csv
import re
import tomllib
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from netral_nlp.resources import data_dir
from netral_nlp.roster import load_rosters, parse_roster
from netral_nlp.roster.checking import RosterFinding, check_roster
from strategies import many

HERE = Path(__file__).resolve().parent
CASES: dict[str, Any] = tomllib.loads((HERE / "data" / "roster_faults.toml").read_text(encoding="utf-8"))
ROSTERS = load_rosters(data_dir() / "rosters")
TITLE_ONLY = "is a title or office of many"

KNOWN = {  # warnings about the shipped rosters: election, alias, what is said of it
    ("kab-belida-2018", "Pak Bupati", TITLE_ONLY),
    ("kab-rinjani-2024", "Lalu", TITLE_ONLY),
    ("kab-rinjani-2024", "Baiq", TITLE_ONLY),
    (
        "kab-rinjani-2024",
        'pair "Lalu-Baiq": "Gede" is an everyday word and counts only beside a title, the other name or the '
        'number; list what people call the person, or switch the word off: not_aliases = ["Gede"].',
        "",
    ),
    ("kab-tirtamaya-2024", "Bu Nyai", TITLE_ONLY),
    ("kab-tirtamaya-2024", "Didik", "is an everyday word and counts only with a title or a capital"),
    ("kab-tirtamaya-2024", "Bu Dokter", TITLE_ONLY),
    ("kota-mahakarya-2024", "Pak Wali", TITLE_ONLY),
    ("kota-ranah-2024", "Pak Wako", TITLE_ONLY),
    ("kota-samudra-2024", "Pak Wali", TITLE_ONLY),
    ("pilpres-fiksi", "Pak Jend", TITLE_ONLY),
    ("pilpres-fiksi", "Bu Prof", TITLE_ONLY),
    ("pilpres-fiksi", "Bintang", "is an everyday word and counts only with a title or a capital"),
    ("pilpres-nusantara-2019", "Abah Kiai", TITLE_ONLY),
    ("pilpres-nusantara-2019", "Pak Jenderal", TITLE_ONLY),
}


def written(case: dict[str, Any]) -> str:
    """The base roster of the table with the replacement of a case, below one line of comment."""
    base = str(CASES["base"])
    assert case["old"] in base
    new = case["new"] if case["old"].endswith("\n") else case["new"].removesuffix("\n")
    return "# one line\n" + (base.replace(case["old"], new) if case["old"] else base)


@pytest.mark.parametrize("case", CASES["finding"], ids=lambda case: case["name"])
def test_every_doubt_is_found_on_its_line(case: dict[str, Any]) -> None:
    found = check_roster(parse_roster(written(case)))
    fitting = [finding for finding in found if all(part in finding.message for part in case["says"])]
    assert [(finding.severity, finding.line) for finding in fitting] == [(case["severity"], case["line"])], found


@pytest.mark.parametrize("case", CASES["nothing"], ids=lambda case: case["name"])
def test_what_is_sound_is_left_alone(case: dict[str, Any]) -> None:
    assert check_roster(parse_roster(written(case))) == []


def test_the_tables_of_doubts_are_not_empty() -> None:
    assert min(len(CASES["finding"]) - 25, len(CASES["nothing"]) - 6) > 0


def test_shipped_rosters_have_no_error_and_only_the_known_warnings() -> None:
    found = {(id, finding) for id, roster in ROSTERS.items() for finding in check_roster(roster)}
    assert [finding for _, finding in found if finding.severity == "error"] == []
    told = set()
    for id, finding in found:
        match = re.search(r'the alias "(.+?)" (.+?);', finding.message)
        told.add((id, *match.groups()) if match else (id, finding.message, ""))
    assert told == KNOWN


def test_shipped_rosters_know_every_pair_of_the_shipped_corpus() -> None:
    files = sorted((data_dir() / "corpus").glob("*.csv"))
    assert files
    unknown = set()
    for path in files:
        with path.open(encoding="utf-8-sig", newline="") as file:
            for row in csv.DictReader(file):
                if row["election"] not in ROSTERS or row["pair"] not in ROSTERS[row["election"]].ids:
                    unknown.add((row["election"], row["pair"]))
    assert unknown == set()


ALIASES = [
    "Zubir",
    "zubir",
    "Pak Zubir",
    "Mas Zubir",
    "Pasaraja",
    "Vredi",
    "Menang",
    "Agus",
    "VO",
    "02",
    "☝️",
    "-",
]
ALIASES += [
    "#Vredi",
    "@vredi",
    "Pak Wali",
    "Bu",
    "Laras",
    "Quraini Pasaraja",
    "Anak Muda",
    "kolom kosong",
    "a" * 200,
]
aliases = st.lists(st.sampled_from(ALIASES), max_size=6)


@given(aliases, aliases)
@settings(max_examples=many(150), deadline=None)
def test_any_aliases_are_checked_and_every_finding_names_a_pair_a_line_and_a_remedy(
    one: list[str], other: list[str]
) -> None:
    text = str(CASES["base"]).replace('["Zubir", "Pak Zubir"]', str(one).replace("'", '"'))
    text = re.sub(r"aliases = \[\n.*?\n\]", f"aliases = {other}".replace("'", '"'), text, flags=re.DOTALL)
    roster = parse_roster(text)
    assert roster.pairs[1].aliases == tuple(other)
    found = check_roster(roster)
    rows = text.split("\n")
    assert found == sorted(found, key=lambda finding: (finding.line, finding.severity))
    for finding in found:
        assert re.fullmatch(r'pair ".+?": .+; [^;]+[.?]', finding.message)
        assert rows[finding.line - 1].startswith(("aliases = ", "[[pair]]"))


@given(aliases)
@settings(max_examples=many(60), deadline=None)
def test_repeating_an_alias_within_a_pair_changes_no_finding(some: list[str]) -> None:
    def messages(items: list[str]) -> list[RosterFinding]:
        listed = str(items).replace("'", '"')
        return check_roster(parse_roster(str(CASES["base"]).replace('["Zubir", "Pak Zubir"]', listed)))

    assert messages(some) == messages(some + some)


def test_a_roster_made_by_a_program_can_be_checked_too() -> None:
    roster = parse_roster(str(CASES["base"]).replace("number = 2", "number = 99"))
    bare = type(roster)(roster.election, roster.pairs)
    assert [finding.line for finding in check_roster(bare)] == [1]


def test_the_list_of_everyday_words_is_clean() -> None:
    lines = (data_dir() / "lexicon" / "ordinary.txt").read_text(encoding="utf-8").split("\n")
    words = [line for line in lines if line and not line.startswith("#")]
    assert len(words) > 1_000
    assert len(words) == len(set(words))
    assert [word for word in words if not re.fullmatch(r"[a-z0-9]+", word)] == []
    assert {"amin", "putih", "oktober", "jakarta", "masjid", "menang"} <= set(words)
