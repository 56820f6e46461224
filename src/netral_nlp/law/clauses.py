"""A post as the law layer reads it: tokens with their classes of cues, in clauses, names as roles."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from netral_nlp.features.reader import Reading
from netral_nlp.law.cues import CueLists
from netral_nlp.roster.matcher import ACCOUNT, HASHTAG, HOSTILE, NAME, NUMERAL, SLOGAN, SOMEBODY, SYMBOL, TAGGED_NAME

PAIR, TAG, SIGN, MOTTO, PAGE, AGAINST = "PASLON", "TAGAR", "SIMBOL", "SLOGAN", "AKUN", "LAWAN"
ROLES = {
    NAME: PAIR, NUMERAL: PAIR, HASHTAG: TAG, TAGGED_NAME: TAG, SYMBOL: SIGN, SLOGAN: MOTTO, ACCOUNT: PAGE,
    HOSTILE: AGAINST,
}  # fmt: skip
"""What a mention is to the law; which pair it means is nowhere seen, so that no act can hang on it."""

BORDER = re.compile(r"[,.;:!?\n()\[\]\"“”]")
_TURNS = "tapi tetapi padahal namun nanging tapinyo tapine cuman malah malahan justru melainkan ananging"
TURNS = frozenset(_TURNS.split())
"""Words that begin a clause against the one before."""

_QUOTED = re.compile(r"[\"“][^\"“”]{3,}[\"”]|(?<!\w)['‘][^'‘’\n]{3,}['’](?!\w)")


@dataclass(frozen=True, slots=True)
class ActToken:
    """One word or mention: its stem or role, its classes, and the words ``first:last`` that it stands for."""

    form: str
    kinds: tuple[str, ...]
    first: int
    last: int


@dataclass(frozen=True, slots=True)
class Clause:
    """Tokens ``first:last`` and the classes among them; ``quoted`` where they are somebody's words in quotes."""

    first: int
    last: int
    kinds: frozenset[str]
    quoted: bool


@dataclass(frozen=True, slots=True)
class ActView:
    """A post in clauses. ``pairs`` are the indices of the pairs that it names, SOMEBODY among them."""

    tokens: tuple[ActToken, ...]
    clauses: tuple[Clause, ...]
    pairs: frozenset[int]
    spans: tuple[tuple[int, int], ...]  # of each token in the text

    @property
    def kinds(self) -> frozenset[str]:
        """All classes of the post."""
        return frozenset().union(*(clause.kinds for clause in self.clauses))

    @property
    def own(self) -> frozenset[str]:
        """The classes outside quotations."""
        return frozenset().union(*(clause.kinds for clause in self.clauses if not clause.quoted))

    @property
    def named(self) -> bool:
        """Whether a pair is named otherwise than by a sign of the hand."""
        return any(role in self.kinds for role in (PAIR, TAG, MOTTO, PAGE, AGAINST))


def act_view(text: str, reading: Reading, lists: CueLists) -> ActView:
    """The post cut into tokens and clauses. A comma, a stop, a bracket, a quote or a word of contrast ends a clause."""
    words = reading.words
    stems = [lists.stem(word) for word in words]
    kinds: list[set[str]] = [set() for _ in words]
    for cue in lists.find(words, stems):
        kinds[cue.first].add(cue.kind)
    tokens: list[ActToken] = []
    at = 0
    for mention in (*reading.mentions, None):
        upto = mention.start if mention is not None else len(words)
        tokens += [ActToken(stems[i], tuple(sorted(kinds[i])), i, i + 1) for i in range(at, upto)]
        if mention is not None:
            role = ROLES[mention.kind]
            tokens.append(ActToken(f"<{role.lower()}>", (role,), mention.start, mention.end))
            at = mention.end
    spans = tuple((words[t.first].start, max(w.end for w in words[t.first : t.last])) for t in tokens)
    quotes = [found.span() for found in _QUOTED.finditer(text)] if '"' in text or "'" in text or "“" in text else []
    clauses = tuple(_clauses(text, tokens, spans, quotes))
    return ActView(tuple(tokens), clauses, frozenset(m.pair for m in reading.mentions), spans)


def _clauses(
    text: str, tokens: list[ActToken], spans: tuple[tuple[int, int], ...], quotes: list[tuple[int, int]]
) -> Iterator[Clause]:
    begin = 0
    held: set[str] = set()
    for at, token in enumerate(tokens):
        quoted = _inside(spans[at], quotes)
        if at > begin and (
            BORDER.search(text, spans[at - 1][1] - 1, spans[at][0] + 1)
            or token.form in TURNS
            or quoted != _inside(spans[at - 1], quotes)
        ):
            yield Clause(begin, at, frozenset(held), _inside(spans[begin], quotes))
            begin, held = at, set()
        held.update(token.kinds)
    if tokens:
        yield Clause(begin, len(tokens), frozenset(held), _inside(spans[begin], quotes))


def _inside(span: tuple[int, int], quotes: list[tuple[int, int]]) -> bool:
    return any(start <= span[0] and span[1] <= end for start, end in quotes)


def speaks_of_somebody(view: ActView) -> bool:
    """Whether a candidate is named of whom nobody can tell which pair's."""
    return SOMEBODY in view.pairs
