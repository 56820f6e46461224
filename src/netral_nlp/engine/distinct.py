"""The distinct words of all pieces: what form each counts as, and what a glance tells of it for mentions."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TypeVar

import numpy as np

from netral_nlp.engine.arrays import Column, Ints
from netral_nlp.engine.lexicon import Lexicon
from netral_nlp.engine.vocabulary import KINDS
from netral_nlp.roster.glance import BITS, Alone
from netral_nlp.text.words import TAG_WORD, WORD, Word, letters_word

# What a word is to the steps after it: bits of one number, those of a glance at it for mentions and three more.
CASED, TITLE, UPPER = 1 << BITS, 2 << BITS, 4 << BITS
# How certain a mention is: nothing more is needed; a word of elections; the same pair surely named; the matcher.
CERTAINTY: dict[bool | None, int] = {None: 0, True: 1, False: 2}
NOBODY = (0, 0, 3)

Known = tuple[int, int, int]  # form, flags, number
_KIND = {kind: number for number, kind in enumerate(KINDS)}
_Key = TypeVar("_Key")


class DistinctWords:
    """Words by number. ``words`` are the words themselves; their places mean nothing.

    ``alone`` tells of each the mention that it is by itself: pair, kind, and as a number how certain it is.
    ``letters`` are words of the letters a to z by :func:`letters_key`.
    """

    def __init__(self, lexicon: Lexicon, glance: Callable[[Word], tuple[int, Alone | None]]) -> None:
        self._lexicon = lexicon
        self._glance = glance
        self.words: list[Word] = []
        self.alone = Column(np.intp, 3)
        self.letters: dict[str, Known] = {}
        self._others: dict[tuple[str, str, str, str], Known] = {}
        self._new: list[tuple[int, int, int]] = []

    def learn_letters(self, keys: Iterable[str]) -> None:
        """Put those that are not there yet into ``letters``."""
        new = [key for key in keys if key not in self.letters]
        for key, word in zip(new, map(letters_word, new), strict=True):
            self.letters[key] = self._learn(word)

    def known(self, word: Word) -> Known:
        """The form, the flags and the number of any word."""
        key = (word.form, word.surface, word.kind, word.case)
        found = self._others.get(key)
        if found is None:
            found = self._others[key] = self._learn(word)
        return found

    def _learn(self, word: Word) -> Known:
        kind, surface = word.kind, word.surface
        flags, alone = self._glance(word)
        if kind == WORD and len(surface) > 1 and surface.isalpha():
            flags |= CASED | (TITLE if word.case == "T" else UPPER if word.case == "U" else 0)
        self._new.append(NOBODY if alone is None else (alone.pair, _KIND[alone.kind], CERTAINTY[alone.certainty]))
        self.words.append(word)
        return self._lexicon.number(word.form, is_word=kind in (WORD, TAG_WORD)), flags, len(self.words) - 1

    def flush(self) -> None:
        """Tell the columns, those of the lexicon too, of what is new."""
        self.alone.extend(self._new)
        self._new = []
        self._lexicon.flush()

    def keep(self, words: Ints, forms: Ints) -> None:
        """Forget all others; the kept words and forms, in rising order, are numbered anew."""
        self.words = [self.words[i] for i in words.tolist()]
        self.alone.replace(self.alone.values[words])
        self._lexicon.keep(forms)
        word, form = _numbering(words), _numbering(forms)
        self.letters = _renumbered(self.letters, word, form)
        self._others = _renumbered(self._others, word, form)


def letters_key(written: str) -> str:
    """The spelling under which a word of the letters a to z is looked up: its letters and its case, no more."""
    if written.islower() or (len(written) > 1 and written.isupper()):
        return written
    return written.capitalize() if written[0].isupper() else written.lower()


def _numbering(kept: Ints) -> dict[int, int]:
    return dict(zip(kept.tolist(), range(len(kept)), strict=True))


def _renumbered(known: dict[_Key, Known], words: dict[int, int], forms: dict[int, int]) -> dict[_Key, Known]:
    return {key: (forms[form], flags, words[word]) for key, (form, flags, word) in known.items() if word in words}
