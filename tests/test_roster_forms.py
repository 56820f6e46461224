"""Laws of the forms that ``roster check`` tells: they are those that a reader finds."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from typer.testing import CliRunner

from netral_nlp.cli.roster import app
from netral_nlp.features.reader import Reader
from netral_nlp.resources import data_dir
from netral_nlp.roster import Roster, load_rosters, parse_roster
from netral_nlp.roster.forms import ELECTORAL, PLAIN, forms_of, name_forms

ROSTERS = load_rosters(data_dir() / "rosters")
ORDINARY = """
[election]
id = "kab-uji-2024"
name = "Uji"
office = "regent"
[[pair]]
id = "Kuncara-Bahagia"
number = 1
candidate = "Kuncara Wedana"
running_mate = "Seruni Bahagia"
aliases = ["Bahagia", "mbak seruni"]
hashtags = ["#UjiMaju"]
hostile = ["#TolakKuncara"]
symbols = ["☝️"]
"""


def names(roster: Roster, post: str, pair: str) -> bool:
    reader = Reader(roster)
    return roster.ids.index(pair) in reader.read(post).pairs


@pytest.mark.parametrize("election", sorted(ROSTERS)[::4])
def test_every_form_is_told_as_a_reader_finds_it(election: str) -> None:
    roster = ROSTERS[election]
    reader = Reader(roster)
    told = name_forms(roster)
    assert {one.pair for one in told} == set(roster.ids)
    for one in told:
        assert sorted((*one.found, *one.electoral, *one.missed)) == sorted(forms_of(one.key, one.name))
        at = roster.ids.index(one.pair)
        for form in forms_of(one.key, one.name):
            plain, electoral = (at in reader.read(post.format(form)).pairs for post in (PLAIN, ELECTORAL))
            assert (form in one.found) == plain
            assert (form in one.electoral) == (electoral and not plain)


def test_what_is_proposed_is_found_once_it_is_listed() -> None:
    roster = parse_roster(ORDINARY)
    proposed = [(one, form) for one in name_forms(roster) for form in one.proposed]
    assert len(proposed) >= 3
    for one, form in proposed:
        pair = roster.pair(one.pair)
        assert not names(roster, PLAIN.format(form), one.pair)
        longer = {"aliases": (*pair.aliases, form)} if form[0] != "#" else {"hashtags": (*pair.hashtags, form)}
        if one.key == "hostile":
            longer = {"hostile": (*pair.hostile, form)}
        assert names(replace(roster, pairs=(replace(pair, **longer),)), PLAIN.format(form), one.pair)


def test_an_ordinary_word_is_not_found_in_small_letters_nor_proposed_so() -> None:
    told = {one.name: one for one in name_forms(parse_roster(ORDINARY))}
    assert "bahagia" in told["Bahagia"].missed
    assert "bahagia" not in told["Bahagia"].proposed
    assert "Bahagia" in told["Bahagia"].found
    assert {"mbak seruni", "MBAK SERUNI", "#mbakseruni", "mbak seruni's"} <= set(told["mbak seruni"].found)
    assert told["Bahagia"].line == 11
    assert told["☝️"].electoral == ("☝️",)


def test_the_command_prints_a_line_for_every_name(tmp_path: Path) -> None:
    path = tmp_path / "uji.toml"
    path.write_text(ORDINARY, encoding="utf-8")
    result = CliRunner().invoke(app, ["check", str(path)])
    assert result.exit_code == 0
    for one in name_forms(parse_roster(ORDINARY)):
        line = next(line for line in result.output.splitlines() if line.startswith(f"  {one.key} {one.name}: "))
        assert all(form in line for form in (*one.found, *one.electoral, *one.missed))
