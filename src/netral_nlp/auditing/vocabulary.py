"""Personal data that a model remembers: every feature is searched for handles, numbers, addresses and names."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from typing import Any, Literal

from netral_nlp.learning.anonymity import is_ordinary, name_words
from netral_nlp.model.model import Model
from netral_nlp.roster import Roster
from netral_nlp.text.lexicon import regional_words

NAME_SHOWN_WITHIN = 6  # letters of a name that is looked for inside longer words

_PARTS = re.compile(r" |_|\.\.")  # what joins words in a feature
_PATTERNS = (
    ("handle", re.compile(r"@\w")),
    ("e-mail address", re.compile(r"\w@\w+\.\w")),
    ("link", re.compile(r"https?:|www\.|\w\.(?:com|id|net|org|co|ly|me)\b|t\.co/")),
    ("phone, NIP or NIK number", re.compile(r"\d(?:[ ._-]?\d){8,}")),
)


@dataclass(frozen=True, slots=True)
class Remembered:
    """A feature that holds personal data (error) or may (note)."""

    severity: Literal["error", "note"]
    kind: str
    block: str
    feature: str


@dataclass(frozen=True, slots=True)
class SearchedVocabulary:
    """How many features were searched, and what was found."""

    features: int
    names: int
    found: tuple[Remembered, ...]

    @property
    def failures(self) -> list[str]:
        """What must not be."""
        errors = [f for f in self.found if f.severity == "error"]
        shown = ", ".join(f'{f.kind} "{f.feature}"' for f in errors[:5])
        more = f" and {len(errors) - 5:,} more" if len(errors) > 5 else ""
        return [f"the vocabulary holds personal data: {shown}{more}"] if errors else []

    def document(self) -> dict[str, Any]:
        """As JSON."""
        return {"features": self.features, "names": self.names, "found": [asdict(f) for f in self.found]}


def search_vocabulary(model: Model, rosters: Iterable[Roster]) -> SearchedVocabulary:
    """The personal data in a model's features.

    A name is a word of a candidate's name or alias in ``rosters``; it is an error unless it is also a word of
    Indonesian or of a regional language (then a note). Titles and offices are no names.
    """
    names = frozenset(word for roster in rosters for word in name_words(roster))
    foreign = frozenset(w for w in names if not is_ordinary(w) and w not in regional_words())
    long = tuple(w for w in sorted(foreign) if len(w) >= NAME_SHOWN_WITHIN)
    found: list[Remembered] = []
    for weights in model.weights:
        # a block of character n-grams has pieces of words: only one with a blank at both ends is a whole word
        pieces = any(f[:1] == " " for f in weights.features)
        for feature in weights.features:
            words = ([feature.strip()] if feature[:1] == feature[-1:] == " " else []) if pieces else _words(feature)
            found += (
                Remembered(severity, kind, weights.block.name, feature)
                for severity, kind in dict.fromkeys(_doubts(feature, words, foreign, names, long))
            )
    order = {"error": 0, "note": 1}
    found.sort(key=lambda f: (order[f.severity], f.kind))
    return SearchedVocabulary(sum(len(w.features) for w in model.weights), len(names), tuple(found))


def _words(feature: str) -> list[str]:
    return [part for part in _PARTS.split(feature) if part]


def _doubts(
    feature: str, words: list[str], foreign: frozenset[str], names: frozenset[str], long: tuple[str, ...]
) -> Iterator[tuple[Literal["error", "note"], str]]:
    for kind, pattern in _PATTERNS:
        if pattern.search(feature):
            yield "error", kind
    for word in words:
        if word in foreign:
            yield "error", "name"
        elif word in names and len(words) == 1:
            yield "note", "name that is also a word"
        elif len(words) == 1 and any(name in word for name in long):
            yield "note", "word with a name in it"
