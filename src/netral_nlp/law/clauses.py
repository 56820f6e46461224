"""A post as the law layer reads it: tokens with their classes of cues, in clauses, names as roles."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from netral_nlp.features.reader import Reading
from netral_nlp.law.cues import CueLists
from netral_nlp.roster.matcher import ACCOUNT, HASHTAG, HOSTILE, NAME, NUMERAL, SLOGAN, SYMBOL, TAGGED_NAME

PAIR, TAG, SIGN, MOTTO, PAGE, AGAINST = "PASLON", "TAGAR", "SIMBOL", "SLOGAN", "AKUN", "LAWAN"
_ROLE_OF = {
    NAME: PAIR, NUMERAL: PAIR, HASHTAG: TAG, TAGGED_NAME: TAG, SYMBOL: SIGN, SLOGAN: MOTTO, ACCOUNT: PAGE,
    HOSTILE: AGAINST,
}  # fmt: skip
NAMED = frozenset({PAIR, TAG, MOTTO, PAGE, AGAINST})
ROLES = {kind: (f"<{role.lower()}>", (role,)) for kind, role in _ROLE_OF.items()}
"""What a mention is to the law; which pair it means is nowhere seen, so that no act can hang on it."""

FINGERS = "JARI"


def role_of(kind: str, length: int, beside: Iterable[tuple[str, ...]]) -> tuple[str, tuple[str, ...]]:
    """The form and the classes of a mention of so many words; ``beside`` are the classes of its neighbours.

    A number of fingers is a sign of the hand, whatever pair has that number: a family may pose so, too.

    >>> role_of(NUMERAL, 1, [("JARI",)]), role_of(NUMERAL, 1, [("PILIH",)])
    (('<simbol>', ('SIMBOL',)), ('<paslon>', ('PASLON',)))
    """
    if kind == NUMERAL and length == 1 and any(FINGERS in kinds for kinds in beside):
        kind = SYMBOL
    return ROLES[kind]


BORDERS = ',.;:!?\n()[]"“”'
BORDER = re.compile(f"[{re.escape(BORDERS)}]")
_TURNS = "tapi tetapi padahal namun nanging tapinyo tapine cuman malah malahan justru melainkan ananging"
TURNS = frozenset(_TURNS.split())
"""Words that begin a clause against the one before."""

_QUOTE = re.compile("[\"'“‘]")
_QUOTED = re.compile(r"[\"“][^\"“”]{3,}[\"”]|(?<!\w)['‘][^'‘’\n]{3,}['’](?!\w)")


class ActToken(NamedTuple):
    """One word or mention: its stem or role, its classes, and the words ``first:last`` that it stands for."""

    form: str
    kinds: tuple[str, ...]
    first: int
    last: int


class Clause(NamedTuple):
    """Tokens ``first:last`` and the classes among them; ``quoted`` where they are somebody's words in quotes."""

    first: int
    last: int
    kinds: frozenset[str]
    quoted: bool


@dataclass(frozen=True, slots=True)
class ActView:
    """A post in clauses. ``kinds`` are all its classes, ``pairs`` the indices of the pairs that it names."""

    tokens: tuple[ActToken, ...]
    clauses: tuple[Clause, ...]
    kinds: frozenset[str]
    pairs: frozenset[int]
    spans: tuple[tuple[int, int], ...]  # of each token in the text

    @property
    def named(self) -> bool:
        """Whether a pair is named otherwise than by a sign of the hand."""
        return not NAMED.isdisjoint(self.kinds)


def act_view(text: str, reading: Reading, lists: CueLists) -> ActView:
    """The post cut into tokens and clauses. A comma, a stop, a bracket, a quote or a word of contrast ends a clause."""
    words = reading.words
    entries = lists.entries(words)
    tokens: list[ActToken] = []
    spans: list[tuple[int, int]] = []
    at = 0
    for mention in (*reading.mentions, None):
        for i in range(at, mention.start if mention is not None else len(words)):
            tokens.append(ActToken(entries[i].stem, lists.kinds_at(words, entries, i), i, i + 1))
            spans.append((words[i].start, words[i].end))
        if mention is not None:
            beside = entries[max(0, mention.start - 1) : mention.start] + entries[mention.end : mention.end + 1]
            form, kinds = role_of(mention.kind, mention.end - mention.start, [entry.kinds for entry in beside])
            tokens.append(ActToken(form, kinds, mention.start, mention.end))
            spans.append((words[mention.start].start, max(w.end for w in words[mention.start : mention.end])))
            at = mention.end
    clauses = tuple(_clauses(text, tokens, spans, quotes_in(text)))
    everything: frozenset[str] = frozenset().union(*(clause.kinds for clause in clauses))
    return ActView(tuple(tokens), clauses, everything, frozenset(m.pair for m in reading.mentions), tuple(spans))


def quotes_in(text: str) -> list[tuple[int, int]]:
    """What stands in quotation marks."""
    return [found.span() for found in _QUOTED.finditer(text)] if _QUOTE.search(text) else []


def _clauses(
    text: str, tokens: Sequence[ActToken], spans: Sequence[tuple[int, int]], quotes: Sequence[tuple[int, int]]
) -> Iterator[Clause]:
    begin, end = 0, -1
    held: set[str] = set()
    quoted = before = False
    for at, token in enumerate(tokens):
        start, stop = spans[at]
        if quotes:
            quoted = any(a <= start and stop <= b for a, b in quotes)
        if at > begin and (quoted != before or token.form in TURNS or _bordered(text, end, start)):
            yield Clause(begin, at, frozenset(held), before)
            begin, held = at, set()
        held.update(token.kinds)
        end, before = stop, quoted
    if tokens:
        yield Clause(begin, len(tokens), frozenset(held), before)


def _bordered(text: str, end: int, start: int) -> bool:
    """Whether something that ends a clause stands between two words, or is one of them."""
    seam = text[end - 1 : start + 1]
    if len(seam) == 3 and seam[1] == " " and seam[0].isalnum() and seam[2].isalnum():
        return False  # nearly always
    return BORDER.search(seam) is not None
