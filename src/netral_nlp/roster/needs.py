"""What it takes for a word to be somebody's name: nothing, a capital, or a neighbourhood that makes it one."""

from __future__ import annotations

from enum import IntEnum

from netral_nlp.roster.context import AND, OFFICES, OPENERS, PRAYERS, TITLES, Surroundings, is_title, small_number
from netral_nlp.text.frequency import ordinariness
from netral_nlp.text.lexicon import Everyday, everyday
from netral_nlp.text.words import SIGN, TAG_WORD

INTENSIFIERS = frozenset(("sekali", "banget", "bgt", "bener", "amat", "betul", "sih", "dong", "tuh", "nih", "juga"))
VOTING = frozenset(["pilih", "coblos", "dukung", "menangkan", "bersama", "salam", "relawan"])
YEAR = 4  # digits
NUMBER_NEAR = 3  # words between a name and its pair's number


class Need(IntEnum):
    """What a name of one word needs beside its letters, from nothing to the most."""

    NOTHING = 0  # no word of the language
    CAPITAL = 1  # a word of the dictionary that people call the pair by: a capital, or a post about elections
    STANDING = 2  # borne by many, short, or only part of a full name: a capital where none is due, or the pair's name
    NEIGHBOURS = 3  # a word that anybody writes of anything: a title, the other half, the number, a capital inside


def need_of(word: str, *, weak: bool, listed: bool) -> Need:
    """What a lower-case word needs to be a name; ``weak`` are names borne by many, ``listed`` are aliases."""
    if ordinariness(word) is Everyday.COMMON and not (weak or len(word) < 4 or word in TITLES):
        return Need.NEIGHBOURS
    if weak or len(word) < 4 or word in TITLES or everyday(word) is Everyday.COMMON:
        return Need.STANDING
    if everyday(word) is Everyday.RARE:
        return Need.CAPITAL if listed else Need.STANDING
    return Need.NOTHING


def certainty(post: Surroundings, at: int, need: Need) -> bool | None:
    """None where word ``at`` is surely a name; else whether an electoral post would make it one.

    Not for :attr:`Need.NEIGHBOURS`.
    """
    word = post.words[at]
    before = post.words[at - 1] if at else None
    if need is Need.NOTHING or (before is not None and is_title(before, word)):
        return None
    if need is Need.CAPITAL:
        return None if word.case else True
    if not word.case:
        return False
    count, cased, _ = post.capitals
    begins = before is None or before.kind == SIGN
    stands_out = post.shouts(at) if word.case == "U" else (not begins and cased <= 0.7 * count)
    return None if stands_out else not (word.surface in PRAYERS or (begins and word.surface in OPENERS))


def is_named(post: Surroundings, at: int, number: int | None, partners: frozenset[str]) -> bool:
    """Whether its neighbourhood makes the ordinary word ``at`` a name.

    ``partners`` are the other names of its pair that are no ordinary words, ``number`` is the pair's.
    """
    words, word = post.words, post.words[at]
    before = words[at - 1] if at else None
    after = words[at + 1] if at + 1 < len(words) else None
    if before is not None and is_title(before, word) and (word.case or before.surface not in OFFICES):
        return bool(word.case) or after is None or after.surface not in INTENSIFIERS
    if word.kind == TAG_WORD:
        beside = {w.surface for w in (before, after) if w is not None and w.kind == TAG_WORD}
        voted = before is not None and before.kind == TAG_WORD and before.surface in VOTING
        digits = after.surface if after is not None and after.kind == TAG_WORD and after.surface.isdigit() else ""
        numbered = len(digits) == YEAR or (number is not None and small_number(digits) == number)
        return voted or numbered or not beside.isdisjoint(partners)
    if _beside_partner(post, at, partners):
        return True
    if not word.case:
        return False
    near = [*words[max(0, at - NUMBER_NEAR) : at], *words[at + 1 : at + 1 + NUMBER_NEAR]]
    if number is not None and any(small_number(w.surface) == number for w in near):
        return True
    count, cased, _ = post.capitals
    return word.case == "T" and not post.opens(at) and cased <= 0.7 * count


def _beside_partner(post: Surroundings, at: int, partners: frozenset[str]) -> bool:
    """Whether the other half of the pair stands beside it: ``Hendrawan-Bagus``, ``Hendrawan dan Bagus``."""
    words = post.words
    for step in (-1, 1):
        near = at + step
        joined = bool(words[at].case)  # two capitals side by side need no sign between
        if 0 <= near < len(words) and words[near].surface in AND:
            near, joined = near + step, True
        if not (0 <= near < len(words) and words[near].surface in partners):
            continue
        if joined or post.between(max(at, near)).strip() in ("-", "&", "/", "+", "–", "x"):
            return True
    return False
