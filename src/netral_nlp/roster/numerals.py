"""Ballot numbers: where a number stands for the pair that has it."""

from __future__ import annotations

from collections.abc import Container, Sequence

from netral_nlp.roster.context import (
    BALLOT,
    COUNTED,
    FINGERS,
    LIKELY,
    NUMBER_WORDS,
    PLACES,
    PRAISE,
    RALLY,
    SURE,
    is_padded,
    small_number,
)
from netral_nlp.text.words import TAG_WORD, Word

ROMAN = {("i", "T"): 1, ("ii", "U"): 2, ("i", "U"): 3, ("iv", "U"): 4, ("v", "T"): 5, ("vi", "U"): 6}  # III is cut to i
ROMAN_SURFACES = frozenset(surface for surface, _ in ROMAN)


def number_of(word: Word) -> int | None:
    """The number that a word may stand for: digits, a numeral, or a Roman one in capitals."""
    value = small_number(word.surface)
    return ROMAN.get((word.surface, word.case)) if value is None else value


def ballot_number(words: Sequence[Word], at: int, numbers: Container[int]) -> tuple[int, bool | None] | None:
    """The ballot number that word ``at`` is, and how sure that is (as ``Matcher.mention_at`` tells it)."""
    word = words[at]
    value = number_of(word)
    if value is None or value not in numbers:
        return None
    digits = word.surface.isdigit()
    before = [w.surface for w in words[max(0, at - 4) : at]]
    after = words[at + 1].surface if at + 1 < len(words) else ""
    previous = before[-1] if before else ""
    if small_number(word.surface) is None and previous not in NUMBER_WORDS:
        return None
    if word.kind == TAG_WORD:
        if not digits and words[at - 1].kind != TAG_WORD:
            return None
        if previous in NUMBER_WORDS and words[at - 1].kind == TAG_WORD and after not in COUNTED:
            return value, None
    padded = is_padded(word.surface)
    counts = after in COUNTED and not padded and previous not in BALLOT  # "nyoblos dua kali"
    if previous in SURE and not counts and not (previous in ("calon", "pasangan") and not digits and not padded):
        return value, None
    if PLACES.intersection(before) or after in COUNTED:
        return None
    if after in FINGERS:
        return value, None if previous == "salam" else True
    if padded and (previous in RALLY or after in RALLY or after in PRAISE):
        return value, None
    if previous in NUMBER_WORDS and after in PRAISE:
        return value, None
    return (value, True) if previous in LIKELY or padded else None
