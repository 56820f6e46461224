"""The distinct forms that the model may count: each is stemmed, looked up and cut into n-grams once."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from itertools import repeat

import numpy as np

from netral_nlp.features.blocks import SIZES, is_telling
from netral_nlp.features.views import UNCOUNTED
from netral_nlp.scoring.engine.arrays import Column, Ints, ragged, starts_of
from netral_nlp.scoring.engine.vocabulary import CHARACTERS, UNKNOWN, WORDS, Vocabulary
from netral_nlp.text.lexicon import negators


class Lexicon:
    """Form -> number; what the model knows of each form is in columns once :meth:`flush` was called.

    ``part`` is its number in word pairs, ``word`` its feature as a word (-1: none), ``counted`` whether it counts,
    ``cues`` its cue features, ``vector`` its number among the words with vectors (-1: none, or a negation),
    ``negates`` and ``known`` whether it is a negation and a word of the language, ``power`` and ``gain`` the sums over
    its character n-grams, which themselves are ``grams[start:start + length]``. Form 0 stands for mentions, whose
    features depend on the pair.
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
        self.vector = Column(np.intp)
        self.negates = Column(np.bool_)
        self.known = Column(np.bool_)
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
        no = negators()
        self.negates.extend([form in no for form in counted])
        unheard = no | UNCOUNTED
        self.vector.extend([-1 if form in unheard else vocabulary.word_number.get(form, -1) for form in counted])
        self.known.extend([word and is_telling(form) for form, word in zip(counted, is_word, strict=True)])
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
        for column in (
            self.part,
            self.word,
            self.counted,
            self.cues,
            self.vector,
            self.negates,
            self.known,
            self.length,
            self.power,
            self.gain,
        ):
            column.replace(column.values[forms])


_DEAD = 0  # the node from which no n-gram can come


class GramTree:
    """Finds in words the n-grams of a vocabulary, as ``features.blocks.ngrams`` cuts them."""

    def __init__(self, grams: Mapping[str, int]) -> None:
        wanted = [gram for gram in grams if len(gram) in SIZES]
        feature = np.fromiter(map(grams.__getitem__, wanted), dtype=np.intp, count=len(wanted))
        size = np.fromiter(map(len, wanted), dtype=np.intp, count=len(wanted))
        longest = max(SIZES)
        codes = np.array([*wanted, ""], dtype=f"U{longest}").view(np.uint32).reshape(-1, longest)[:-1]
        letters = np.unique(np.append(codes, ord(" ")))
        self._symbol = np.zeros(0x110000, dtype=np.uint16)  # 0 is every letter that no n-gram holds
        self._symbol[letters] = np.arange(1, len(letters) + 1)
        self._width = len(letters) + 1
        self._next: list[Ints] = []
        self._feature: list[Ints] = []
        node, above = np.ones(len(wanted), dtype=np.intp), 1
        for depth in range(1, longest + 1):
            going = np.flatnonzero(size >= depth)
            steps, place = np.unique(
                node[going] * self._width + self._symbol[codes[going, depth - 1]], return_inverse=True
            )
            node[going] = place + 1
            table = np.full((above + 1) * self._width, _DEAD, dtype=np.intp)
            table[steps] = np.arange(1, len(steps) + 1)
            found = np.full(len(steps) + 2, -1, dtype=np.intp)
            ends = np.flatnonzero(size == depth)
            found[node[ends]] = feature[ends]
            self._next.append(table)
            self._feature.append(found)
            above = len(steps) + 1

    def find(self, words: Sequence[str]) -> tuple[Ints, Ints]:
        """Which n-grams the words hold, and how many each word has; those of one word lie side by side.

        >>> found, lengths = GramTree({" no": 5, "no ": 6, "abc": 7}).find(["no", "xabcabc"])
        >>> found.tolist(), lengths.tolist()
        ([5, 6, 7, 7], [2, 2])
        """
        count = np.zeros(len(words), dtype=np.intp)
        if not words:
            return count, count
        text = "".join(f" {word} \0" for word in words)
        codes = np.frombuffer(text.encode("utf-32-le", "surrogatepass"), dtype=np.uint32)
        symbol = self._symbol.take(codes).astype(np.intp)
        sizes = np.fromiter(map(len, words), dtype=np.intp, count=len(words)) + 3
        start = np.arange(len(symbol))
        node = np.full(len(symbol), 1, dtype=np.intp)
        found, owner = [], []
        ends = np.cumsum(sizes)
        for depth, (table, feature) in enumerate(zip(self._next, self._feature, strict=True), 1):
            inside = start <= len(symbol) - depth
            start, node = start.compress(inside), node.compress(inside)
            node *= self._width
            node += symbol.take(start + (depth - 1))
            node = table.take(node)
            alive = node > 0
            start, node = start.compress(alive), node.compress(alive)
            if depth in SIZES:
                features = feature.take(node)
                known = features >= 0
                found.append(features.compress(known))
                owner.append(np.searchsorted(ends, start.compress(known), side="right"))
        which = np.concatenate(owner)
        order = np.argsort(which, kind="stable")
        return np.concatenate(found).take(order), np.bincount(which, minlength=len(words))
