"""Names written with one slip: a letter too many, too few, changed, or swapped with its neighbour."""

from __future__ import annotations

import re
from collections.abc import Iterable

from netral_nlp.roster.ordinary import Everyday, everyday

SHORTEST = 5  # letters of a word that may be a misspelt name
SHORTEST_CHANGED = 6  # letters of a name that may lack a letter or have a wrong one
_DOUBLE = re.compile(r"([a-z])\1")


class Misspellings:
    """Which of some names a word was meant to be."""

    def __init__(self, names: Iterable[str]) -> None:
        self.names = sorted({name for name in names if len(_undouble(name)) >= SHORTEST})
        self.letters = frozenset(name[0] for name in self.names)  # a slip never changes the first one
        self.by_letter: dict[str, list[str]] = {}  # one edit away are only names with the same first letter
        for name in self.names:
            if len(name) >= SHORTEST_CHANGED:
                self.by_letter.setdefault(name[0], []).append(name)
        self.undoubled: dict[str, list[str]] = {}
        for name in self.names:
            self.undoubled.setdefault(_undouble(name), []).append(name)

    def of(self, word: str) -> str | None:
        """The one name that a lower-case word of no word list is a slip of; None when there is none or several.

        Doubled letters are forgiven in all names, other slips in those of six letters or more.
        """
        if len(word) < SHORTEST or word[0] not in self.letters or everyday(word) is not Everyday.NO:
            return None
        found = self.undoubled.get(_undouble(word)) or [
            name for name in self.by_letter.get(word[0], ()) if one_edit_apart(word, name)
        ]
        return found[0] if len(found) == 1 else None


def _undouble(word: str) -> str:
    return _DOUBLE.sub(r"\1", word)


def one_edit_apart(a: str, b: str) -> bool:
    """Whether one letter inserted, dropped, changed or swapped with its neighbour turns a into b (not at the front).

    >>> one_edit_apart("prabwo", "prabowo"), one_edit_apart("ganjar", "ganjar"), one_edit_apart("hasna", "hasan")
    (True, False, True)
    """
    if a == b or a[:1] != b[:1] or abs(len(a) - len(b)) > 1:
        return False
    i = 0
    while i < min(len(a), len(b)) and a[i] == b[i]:
        i += 1
    rest_a, rest_b = a[i:], b[i:]
    return (
        rest_a[1:] == rest_b[1:]
        or rest_a[1:] == rest_b
        or rest_a == rest_b[1:]
        or (rest_a[:2] == rest_b[1::-1] and rest_a[2:] == rest_b[2:])
    )
