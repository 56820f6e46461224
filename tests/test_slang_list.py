"""Laws of the shipped list of informal spellings, ``data/lexicon/slang.tsv``."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

import pytest

LIST = Path(__file__).resolve().parents[1] / "data" / "lexicon" / "slang.tsv"
WORD = re.compile(r"[a-z0-9-]+")

LINES = LIST.read_text(encoding="utf-8").split("\n")
ROWS = [tuple(line.split("\t")) for line in LINES[1:-1]]


def test_the_file_has_a_header_and_ends_with_one_newline() -> None:
    assert LINES[0] == "slang\tstandard"
    assert LINES[-1] == ""
    assert LINES[-2] != ""


def test_the_list_is_large() -> None:
    assert len(ROWS) >= 700


def test_every_line_holds_two_plain_lower_case_words() -> None:
    odd = [row for row in ROWS if len(row) != 2 or not all(WORD.fullmatch(word) for word in row)]
    assert odd == []


def test_no_informal_word_is_listed_twice() -> None:
    assert [word for word, times in Counter(row[0] for row in ROWS).items() if times > 1] == []


def test_no_standard_word_is_itself_an_informal_one() -> None:
    informal = {row[0] for row in ROWS}
    assert [row for row in ROWS if row[1] in informal] == []


@pytest.mark.parametrize("word", ["amin", "no", "uda", "gus", "bang", "kang", "mas", "koh", "gede", "made", "karo"])
def test_a_word_that_may_be_part_of_a_name_is_left_alone(word: str) -> None:
    assert word not in {row[0] for row in ROWS}


@pytest.mark.parametrize(
    ("informal", "standard"),
    [
        ("yg", "yang"), ("gk", "tidak"), ("nggak", "tidak"), ("ora", "tidak"), ("teu", "tidak"),
        ("bgt", "banget"), ("udh", "sudah"), ("blm", "belum"), ("jgn", "jangan"), ("bkn", "bukan"),
        ("mantul", "mantap"), ("g0bl0k", "goblok"), ("insyalloh", "insyaallah"), ("gub", "gubernur"),
    ],
)  # fmt: skip
def test_a_common_spelling_reaches_its_standard_form(informal: str, standard: str) -> None:
    assert (informal, standard) in ROWS
