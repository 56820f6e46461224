"""Laws of the cleaning steps; what each must and must not touch stands in ``data/cleaning_cases.tsv``."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from netral_nlp.text import cleaning
from netral_nlp.text.cleaning import (
    ID_DIGITS,
    JOINER,
    STEPS,
    clean,
    join_spaced,
    mask_emails,
    mask_links,
    mask_numbers,
    straighten_quotes,
)
from netral_nlp.text.turning import HELD_BLANK
from running import steps
from strategies import FRAGMENTS, noisy_posts, noisy_words

ROWS = [
    line.split("\t")
    for line in (Path(__file__).parent / "data" / "cleaning_cases.tsv").read_text(encoding="utf-8").splitlines()[1:]
]


def written(cell: str) -> str:
    """A cell with ``\\uXXXX`` as the character it stands for."""
    return re.sub(r"\\u([0-9a-f]{4})", lambda match: chr(int(match[1], 16)), cell)


def cleaned(text: str) -> str:
    return clean(join_spaced(text)).replace(JOINER, "")


@pytest.mark.parametrize(("part", "before", "after"), ROWS, ids=[f"{row[0]}: {row[1]}" for row in ROWS])
def test_each_case_of_the_table_is_cleaned_as_it_says(part: str, before: str, after: str) -> None:
    assert cleaned(written(before)) == written(after)
    assert (part == "negative") == (before == after)


def test_the_table_has_both_parts() -> None:
    parts = [row[0] for row in ROWS]
    assert parts.count("positive") >= 40
    assert parts.count("negative") >= 40


@given(noisy_posts())
def test_cleaning_twice_is_cleaning_once(text: str) -> None:
    assert clean(clean(text)) == clean(text)


@given(noisy_posts(), st.sampled_from(STEPS))
def test_every_step_turns_text_into_text_and_is_idempotent(text: str, step: object) -> None:
    assert callable(step)
    once = step(text)
    assert isinstance(once, str)
    assert step(once) == once


PARTS = (
    *"a.b-c@/ 0_+()<:WéK,Rp", "www.", "http:/", "HTTPS://", ".com", ".co.id", ".id/", ".gg", "..", "@a.b", "x@", "08",
    "1234", "Rp", "12.500", "2019-2024", "“", "’", "`", "x" * 70, "0" * 9, "a." * 20,
)  # fmt: skip


@given(st.lists(st.sampled_from(PARTS), max_size=12).map("".join))
def test_looking_before_masking_overlooks_nothing(text: str) -> None:
    assert mask_emails(text) == cleaning._EMAIL.sub("<surel>", text)
    assert mask_links(text) == cleaning._LINK.sub("<tautan>", text)
    assert straighten_quotes(text) == text.translate(cleaning._QUOTES)
    if mask_numbers(text) == text:
        assert not cleaning._LONG_NUMBER.search(text)
        for found in cleaning._DIGITS.finditer(text):
            digits = sum(map(str.isdigit, found.group()))
            assert digits < min(ID_DIGITS) or cleaning._PLAIN_NUMBER.fullmatch(found.group())


@given(st.lists(st.sampled_from((*PARTS, " ", "\t", "1 ", "a ", "+0", "(0", " b c d")), max_size=16).map("".join))
def test_looking_before_joining_overlooks_nothing(text: str) -> None:
    assert cleaning._DIGITS_SIGN.search(text) or not cleaning._SPACED_DIGITS.search(text)
    assert cleaning._LETTERS_SIGN.search(text) or not cleaning._SPACED_LETTERS.search(text)


def test_the_strategy_reaches_every_step() -> None:
    for step in STEPS:
        assert any(step(fragment) != fragment for fragment in FRAGMENTS), step.__name__


@given(noisy_posts())
def test_joining_spaced_words_keeps_every_offset(text: str) -> None:
    joined = join_spaced(text)
    assert len(joined) == len(text)
    held = {"\u00a0": "\ue0a0", "\u0085": "\ue085"}  # inside doubly encoded letters
    held_alike = (JOINER, HELD_BLANK)  # inside spaced-out words and long numbers; inside what stands backwards
    assert all(
        a == b or (a.isspace() and b in held_alike) or held.get(a) == b for a, b in zip(text, joined, strict=True)
    )


@given(
    noisy_posts(4),
    st.sampled_from(ID_DIGITS),
    st.lists(st.sampled_from(("", "", "", "-", ".", " ")), min_size=22, max_size=22),
    st.sampled_from(("wa ", "WA:", "NIP.", "hp", "(", "+", "nik ", "_", "#", "@a")),
)
def test_personal_numbers_never_stay(text: str, digits: int, gaps: list[str], before: str) -> None:
    number = "08" + "1234567890" * 3
    run = number[: digits - 1]
    grouped, blanks = "", 0
    for at, (digit, gap) in enumerate(zip(run, gaps, strict=False)):
        blanks += gap == " "
        grouped += digit + (gap if at % 4 == 3 and (gap != " " or blanks <= 5) else "")
    grouped += "7"
    left = re.sub(r"\D+", " ", cleaned(f"{before}{grouped}"))
    assert max(map(len, left.split()), default=0) < 4, left


@given(
    noisy_posts(4), st.sampled_from(("budi.s", "a+b", "NIP_1985", "x" * 64)), st.sampled_from(("kota.go.id", "a.co"))
)
def test_addresses_never_stay(text: str, name: str, domain: str) -> None:
    result = clean(f"{text} {name}@{domain} http://{domain}/{name}?q=1 www.{domain}")
    assert domain not in result
    assert result.count("<surel>") >= 1
    assert result.count("<tautan>") >= 2


@given(noisy_words(), st.sampled_from((2_000, 4_000)))
def test_cleaning_takes_steps_in_proportion_to_the_length(word: str, times: int) -> None:
    text = word * (times // max(len(word), 1)) + (word + " ") * (times // (len(word) + 1))
    posts = [text[at : at + 300] for at in range(0, len(text), 300)]
    assert steps(join_spaced, text) <= 5 * len(text) + 100
    assert sum(steps(clean, post) for post in posts) <= 25 * len(text) + 500 * len(posts)


def test_a_chain_of_labels_that_is_no_address_stays() -> None:
    pieces = ["abc." * 74 + str(at) for at in range(1_000)]
    assert all(mask_links(piece) == piece for piece in pieces)


@pytest.mark.parametrize("unit", ["1.", "(1", "1 ", "+1 ", "-", "&", "&amp;", "@", "a b ", "0812 ", "1- "])
def test_no_repeated_sign_makes_joining_slow(unit: str) -> None:
    assert steps(join_spaced, unit * 20_000) <= 11 * steps(join_spaced, unit * 2_000)
