"""The distinct forms that the model may count: each is stemmed, looked up and cut into n-grams once."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import repeat

import numpy as np

from netral_nlp.engine.arrays import Column, Ints, ragged, starts_of
from netral_nlp.engine.grams import GramTree
from netral_nlp.engine.vocabulary import CHARACTERS, UNKNOWN, WORDS, Vocabulary
from netral_nlp.features.blocks import UNCOUNTED


class Lexicon:
    """Form -> number; what the model knows of each form is in columns once :meth:`flush` was called.

    ``part`` is its number in word pairs, ``word`` its feature as a word (-1: none), ``counted`` whether it counts,
    ``cues`` its cue features, ``power`` and ``gain`` the sums over its character n-grams, which themselves are
    ``grams[start:start + length]``. Form 0 stands for mentions, whose features depend on the pair.
    """

    def __init__(self, vocabulary: Vocabulary, stem: Callable[[str], str]) -> None:
        self._vocabulary = vocabulary
        self._stem = stem
        self._tree = GramTree(vocabulary.index[CHARACTERS])
        self._numbers: dict[str, int] = {"": 0}
        self._new: list[str] = [""]
        self.part = Column(np.intp)
        self.word = Column(np.intp)
        self.counted = Column(np.bool_)
        self.cues = Column(np.intp, max(1, vocabulary.most_cues))
        self.start = Column(np.intp)
        self.length = Column(np.intp)
        self.power = Column(np.float64)
        self.gain = Column(np.float64, 3)
        self.grams = Column(np.int32)
        self.flush()

    def number(self, form: str, *, is_word: bool) -> int:
        """The number of a form. Signs, masks and the like are neither stemmed nor cut into n-grams."""
        key = form if is_word else form + "\t"
        found = self._numbers.get(key)
        if found is None:
            found = self._numbers[key] = len(self._numbers)
            self._new.append(key)
        return found

    def flush(self) -> None:
        """Tell the columns of what is new."""
        if not self._new:
            return
        vocabulary, new = self._vocabulary, self._new
        is_word = [form[-1:] not in ("\t", "") for form in new]
        counted = [self._stem(form) if word else form[:-1] for form, word in zip(new, is_word, strict=True)]
        find_part, find_word, find_cues = vocabulary.parts.get, vocabulary.index[WORDS].get, vocabulary.cues.get
        cues = np.full((len(new), max(1, vocabulary.most_cues)), -1, dtype=np.intp)
        for at, found in enumerate(map(find_cues, counted)):
            if found:
                cues[at, : len(found)] = found
        written = [form if word and form not in UNCOUNTED else "" for form, word in zip(new, is_word, strict=True)]
        grams, length = self._grams(written)
        owner = np.repeat(np.arange(len(length)), length)
        measure = vocabulary.measure.take(grams, axis=0)
        self.start.extend(len(self.grams.values) + starts_of(length)[:-1])
        self.part.extend(list(map(find_part, counted, repeat(UNKNOWN))))
        self.word.extend(list(map(find_word, counted, repeat(-1))))
        self.counted.extend([form not in UNCOUNTED for form in counted])
        self.cues.extend(cues)
        self.length.extend(length)
        sums = np.stack([np.bincount(owner, measure[:, k], len(length)) for k in range(4)], axis=1)
        self.power.extend(sums[:, 0])
        self.gain.extend(sums[:, 1:])
        self.grams.extend(grams - vocabulary.grams.start)
        self._new = []

    def _grams(self, written: Sequence[str]) -> tuple[Ints, Ints]:
        """The trained character n-grams of each form, those of one side by side, and how many each has."""
        known = self._vocabulary.index[CHARACTERS]
        masks = [i for i, form in enumerate(written) if form[:1] == "<"]  # a mask is one n-gram
        plain = [form if form[:1] != "<" else "" for form in written]
        grams, length = self._tree.find(plain)
        length[[i for i, form in enumerate(plain) if not form]] = 0
        for i in masks:
            if written[i] in known:
                at = int(length[:i].sum())
                grams = np.insert(grams, at, known[written[i]])
                length[i] = 1
        return grams, length

    def keep(self, forms: Ints) -> None:
        """Forget all others but the first; the kept ones, in rising order, are numbered anew."""
        names = list(self._numbers)
        self._numbers = {names[i]: n for n, i in enumerate(forms.tolist())}
        length = self.length.values[forms]
        self.grams.replace(self.grams.values[ragged(self.start.values[forms], length)[1]])
        self.start.replace(starts_of(length)[:-1])
        for column in (self.part, self.word, self.counted, self.cues, self.length, self.power, self.gain):
            column.replace(column.values[forms])
