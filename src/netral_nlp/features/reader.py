"""From raw text to views: the one way a post reaches the model, in training as in scoring."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache, partial

from netral_nlp.errors import UsageError
from netral_nlp.features.views import View, view
from netral_nlp.records import Case
from netral_nlp.roster import Roster
from netral_nlp.roster.matcher import Matcher, Mention
from netral_nlp.text.stemming import Stemmer, stemmer
from netral_nlp.text.words import Word, analyse, analyse_piece

REMEMBERED = 200_000  # distinct pieces and words whose analysis is kept


@dataclass(frozen=True, slots=True)
class Reading:
    """A post cut into words, with the roster's mentions found."""

    words: tuple[Word, ...]
    mentions: tuple[Mention, ...]

    @property
    def pairs(self) -> tuple[int, ...]:
        """Indices of the mentioned pairs, in order of their first mention."""
        return tuple(dict.fromkeys(m.pair for m in self.mentions if m.pair >= 0))


class Reader:
    """Reads posts for one roster. Each distinct piece and word is analysed once while it is remembered."""

    def __init__(self, roster: Roster, stem: Stemmer | Callable[[str], str] = "fast") -> None:
        self.roster = roster
        self.matcher = Matcher(roster)
        self.index = {pair.id: i for i, pair in enumerate(roster.pairs)}
        self._piece = lru_cache(REMEMBERED)(partial(analyse_piece, names=self.matcher.known))
        self._may_begin = lru_cache(REMEMBERED)(self._begins)
        self._stem = lru_cache(REMEMBERED)(stemmer(stem) if isinstance(stem, str) else stem)

    def read(self, text: str) -> Reading:
        """The words and mentions of a post."""
        words = tuple(analyse(text, self._piece))
        begins = [at for at, word in enumerate(words) if self._may_begin(word.form, word.surface, word.kind, word.case)]
        if not begins:
            return Reading(words, ())
        between = lambda at: text[words[at - 1].end : words[at].start]  # noqa: E731
        return Reading(words, self.matcher.find(words, begins, between))

    def _begins(self, form: str, surface: str, kind: str, case: str) -> bool:
        """Whether a mention can begin with such a word."""
        return self.matcher.may_begin(Word(form, surface, 0, 0, kind, case))

    def view(self, reading: Reading, pair: int) -> View:
        """A read post from the point of view of the roster's pair with that index."""
        return view(reading.words, reading.mentions, pair, self._stem)

    def pair_index(self, pair: str) -> int:
        """The index of a pair id; raises UsageError when the roster has no such pair."""
        if pair not in self.index:
            known = ", ".join(f'"{name}"' for name in self.index)
            raise UsageError(f'The roster "{self.roster.election.id}" has no pair "{pair}"; it has {known}.')
        return self.index[pair]


def prepare(cases: Iterable[Case], stem: Stemmer | Callable[[str], str] = "fast") -> list[View]:
    """The views of cases in their order; rosters and repeated posts are read once."""
    readers: dict[str, Reader] = {}
    readings: dict[tuple[str, str], Reading] = {}
    views: list[View] = []
    for case in cases:
        roster = case.roster.digest
        reader = readers.get(roster)
        if reader is None:
            reader = readers[roster] = Reader(case.roster, stem)
        key = (roster, case.text)
        if key not in readings:
            readings[key] = reader.read(case.text)
        views.append(reader.view(readings[key], reader.pair_index(case.pair)))
    return views


def forms(views: Sequence[View]) -> list[list[str]]:
    """The token forms of each view, for exploring."""
    return [[token.form for token in v.tokens] for v in views]
