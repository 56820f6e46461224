"""Names as comparable words, mentions as values, and what belongs to a mention: its address, its neighbours."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from netral_nlp.roster.context import ADDRESSES, AND, DOUBTFUL_TITLES, TITLES
from netral_nlp.text.words import NUMBER, WORD, Word, analyse

NAME, NUMERAL, HASHTAG, ACCOUNT = "nama", "nomor", "tagar", "akun"
SYMBOL, SLOGAN, HOSTILE, TAGGED_NAME = "simbol", "slogan", "lawan", "tagnama"
KINDS = (NAME, NUMERAL, HASHTAG, ACCOUNT, SYMBOL, SLOGAN, HOSTILE, TAGGED_NAME)
_SURE_ADDRESSES = ADDRESSES - DOUBTFUL_TITLES
SOMEBODY = -1  # a name that two pairs share: a candidate, but nobody can say which


class Mention(NamedTuple):
    """Words ``start:end`` of a post name the pair with that index in the roster (or :data:`SOMEBODY`)."""

    pair: int
    kind: str
    start: int
    end: int


def surfaces(phrase: str) -> tuple[str, ...]:
    """The comparable words of a name or slogan, as the posts' own words are folded."""
    return tuple(w.surface for w in analyse(phrase) if w.kind in (WORD, NUMBER))


def lengths_by_start(phrases: Iterable[tuple[str, ...]]) -> dict[str, tuple[int, ...]]:
    """For each first word of a phrase how long such phrases are, the longest first."""
    lengths: dict[str, set[int]] = {}
    for phrase in phrases:
        lengths.setdefault(phrase[0], set()).add(len(phrase))
    return {start: tuple(sorted(found, reverse=True)) for start, found in lengths.items()}


def person_names(person: str) -> list[tuple[str, ...]]:
    """The whole name, with its titles and without, and each of its words that can stand for the person alone."""
    written = surfaces(person.split(",")[0])
    words = tuple(w for w in written if w not in TITLES and len(w) > 1)
    return [*dict.fromkeys((words, written)), *((w,) for w in words if len(w) >= 4)] if words else []


def with_address(mention: Mention, words: Sequence[Word], upto: int) -> Mention:
    """The mention with the Pak, Bu or Mas before a name, listed in the roster or not; it begins at ``upto`` or later.

    Else a pair whose roster lists ``Pak Arman`` would be scored otherwise than one whose roster does not.
    """
    start = mention.start
    while mention.kind == NAME and start > upto and words[start - 1].surface in _SURE_ADDRESSES:
        start -= 1
    return Mention(mention.pair, mention.kind, start, mention.end)


def merged(mentions: Sequence[Mention], words: Sequence[Word]) -> Iterator[Mention]:
    """Neighbouring names of one pair as one mention: ``Ganjar - Mahfud`` is not two."""
    held: Mention | None = None
    for mention in mentions:
        if held is not None and held.pair == mention.pair and held.kind == mention.kind == NAME:
            between = words[held.end : mention.start]
            if not between or (len(between) == 1 and (between[0].surface in AND or between[0].surface in TITLES)):
                held = Mention(held.pair, NAME, held.start, mention.end)
                continue
        if held is not None:
            yield held
        held = mention
    if held is not None:
        yield held
