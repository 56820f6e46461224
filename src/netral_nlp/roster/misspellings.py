"""Names written with one slip, a letter too many, too few, changed, or swapped with its neighbour, or vowelless."""

from __future__ import annotations

import re
from collections.abc import Iterable
from string import ascii_lowercase

from netral_nlp.text.lexicon import Everyday, everyday

SHORTEST = 5  # letters of a word that may be a misspelt name
SHORTEST_BARE = 4  # letters of one without its vowels
SHORTEST_CHANGED = 6  # letters of a name that may lack a letter or have a wrong one
_DOUBLE = re.compile(r"([a-z])\1")
_VOWEL = re.compile("[aeiou]")


class Misspellings:
    """Which of some names a word was meant to be."""

    def __init__(self, names: Iterable[str]) -> None:
        self.names = sorted({name for name in names if len(_undouble(name)) >= SHORTEST})
        self.letters = frozenset(name[0] for name in self.names)  # a slip never changes the first one
        changeable = [name for name in self.names if len(name) >= SHORTEST_CHANGED]
        self.by_letter: dict[str, list[str]] = {}  # one edit away are only names with the same first letter
        self.slips: dict[str, list[str]] = {}  # the same for words of the letters a to z, written out
        for name in changeable:
            self.by_letter.setdefault(name[0], []).append(name)
            for slip in slips(name):
                self.slips.setdefault(slip, []).append(name)
        self.undoubled: dict[str, list[str]] = {}
        for name in self.names:
            self.undoubled.setdefault(_undouble(name), []).append(name)
        self.bare: dict[str, list[str]] = {}
        for name in self.names:
            if SHORTEST_BARE <= len(bare := skeleton(name)) < len(name):
                self.bare.setdefault(bare, []).append(name)

    def of(self, word: str) -> str | None:
        """The one name that a lower-case word of no word list is a slip of; None when there is none or several.

        Doubled letters are forgiven in all names, other slips in those of six letters or more, and the lack of all
        vowels but a first one where four letters stay.
        """
        if len(word) < SHORTEST_BARE or word[0] not in self.letters:
            return None
        found = self.bare.get(word) or self.undoubled.get(_undouble(word))
        if found is None and len(word) >= SHORTEST:
            if word.isascii() and word.isalpha():
                found = self.slips.get(word, [])
            else:
                found = [name for name in self.by_letter.get(word[0], ()) if one_edit_apart(word, name)]
        return found[0] if found and len(found) == 1 and everyday(word) is Everyday.NO else None


def skeleton(name: str) -> str:
    """A name without its vowels, but for a first one.

    >>> skeleton("arman"), skeleton("lestari")
    ('armn', 'lstr')
    """
    return name[:1] + _VOWEL.sub("", name[1:])


def _undouble(word: str) -> str:
    return _DOUBLE.sub(r"\1", word)


def slips(name: str) -> set[str]:
    """All words of lower-case letters that are :func:`one_edit_apart` from a name.

    >>> len(slips("ab")), "ba" in slips("ab"), "abb" in slips("ab"), "a" in slips("ab")
    (77, False, True, True)
    """
    cuts = [(name[:i], name[i:]) for i in range(1, len(name) + 1)]
    found = {head + tail[1:] for head, tail in cuts}
    found |= {head + tail[1::-1] + tail[2:] for head, tail in cuts}
    found |= {head + letter + rest for head, tail in cuts for letter in ascii_lowercase for rest in (tail, tail[1:])}
    return {slip for slip in found if slip != name and slip.isascii() and slip.isalpha()}


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
