"""The distinct words of all pieces: what form each counts as, and what it tells of mentions by itself."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from netral_nlp.scoring.engine.arrays import Column, Ints
from netral_nlp.scoring.engine.interning import symbols_of
from netral_nlp.scoring.engine.lexicon import Lexicon
from netral_nlp.scoring.engine.screening import BITS, Alone, Screening
from netral_nlp.scoring.engine.vocabulary import KINDS
from netral_nlp.text.words import TAG_WORD, WORD, Word, letters_word

# What a word is to the steps after it: bits of one number, those of a screening for mentions and three more.
CASED, TITLE, UPPER = 1 << BITS, 2 << BITS, 4 << BITS
# How certain a mention is: nothing more is needed; a word of elections; the same pair surely named; the matcher.
CERTAINTY: dict[bool | None, int] = {None: 0, True: 1, False: 2}
NOBODY = (0, 0, 3)

_KIND = {kind: number for number, kind in enumerate(KINDS)}


class DistinctWords:
    """Words by number. ``words`` are the words themselves; their places mean nothing.

    ``form`` and ``flags`` tell what each is to the steps after it; ``alone`` the mention that it is by itself: pair,
    kind, and as a number how certain it is. ``letters`` are words of the letters a to z by :func:`letters_key`.
    """

    def __init__(self, lexicon: Lexicon, screening: Screening) -> None:
        self._lexicon = lexicon
        self._screening = screening
        self.words: list[Word] = []
        self.form = Column(np.intp)
        self.flags = Column(np.uint16)
        self.alone = Column(np.intp, 3)
        self.letters: dict[str, int] = {}
        self._others: dict[tuple[str, str, str, str], int] = {}
        self._new: list[tuple[int, int, int, int, int]] = []

    def learn_letters(self, keys: Iterable[str]) -> None:
        """Put those that are not there yet into ``letters``."""
        new = [key for key in keys if key not in self.letters]
        words = list(map(letters_word, new))
        names = self._screening.names
        doubled = _doubled([word.surface for word in words])
        for key, word, twice in zip(new, words, doubled, strict=True):
            surface = word.surface
            if twice or surface in names:
                self.letters[key] = self._learn(word, *self._screening.of(word))
            else:
                self.letters[key] = self._learn(word, self._screening.bits(surface), None)

    def number(self, word: Word) -> int:
        """The number of any word."""
        key = (word.form, word.surface, word.kind, word.case)
        found = self._others.get(key)
        if found is None:
            found = self._others[key] = self._learn(word, *self._screening.of(word))
        return found

    def _learn(self, word: Word, flags: int, alone: Alone | None) -> int:
        form, surface, _, _, kind, case = word
        is_word = kind == WORD
        if is_word and len(surface) > 1 and surface.isalpha():
            flags |= CASED | (0 if not case else TITLE if case == "T" else UPPER)
        told = NOBODY if alone is None else (alone.pair, _KIND[alone.kind], CERTAINTY[alone.certainty])
        self._new.append((self._lexicon.number(form, is_word=is_word or kind == TAG_WORD), flags, *told))
        self.words.append(word)
        return len(self.words) - 1

    def flush(self) -> None:
        """Tell the columns, those of the lexicon too, of what is new."""
        new = np.array(self._new, dtype=np.intp).reshape(-1, 5)
        self.form.extend(new[:, 0])
        self.flags.extend(new[:, 1])
        self.alone.extend(new[:, 2:])
        self._new = []
        self._lexicon.flush()

    def keep(self, words: Ints, forms: Ints) -> None:
        """Forget all others; the kept words and forms, in rising order, are numbered anew."""
        self.words = [self.words[i] for i in words.tolist()]
        self.form.replace(np.searchsorted(forms, self.form.values[words]))
        self.flags.replace(self.flags.values[words])
        self.alone.replace(self.alone.values[words])
        self._lexicon.keep(forms)
        number = dict(zip(words.tolist(), range(len(words)), strict=True))
        self.letters = {key: number[word] for key, word in self.letters.items() if word in number}
        self._others = {key: number[word] for key, word in self._others.items() if word in number}


def letters_key(written: str) -> str:
    """The spelling under which a word of the letters a to z is looked up: its letters and its case, no more."""
    if written.islower() or (len(written) > 1 and written.isupper()):
        return written
    return written.capitalize() if written[0].isupper() else written.lower()


def _doubled(words: list[str]) -> list[bool]:
    """Which words have a letter twice in a row."""
    symbols = symbols_of("\n".join(words))
    ends = np.cumsum(np.fromiter(map(len, words), dtype=np.intp, count=len(words)) + 1)
    found = np.zeros(len(words), dtype=np.bool_)
    found[np.searchsorted(ends, np.flatnonzero(symbols[1:] == symbols[:-1]), side="right")] = True
    return found.tolist()
