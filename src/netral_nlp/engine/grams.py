"""The trained character n-grams of many words at once: a tree of letters, walked from all places side by side."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from netral_nlp.engine.arrays import Ints
from netral_nlp.features.blocks import SIZES, ngrams

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


def grams_of(word: str, grams: Mapping[str, int]) -> list[int]:
    """The same for one word, the plain way."""
    return [grams[gram] for gram in ngrams(word) if gram in grams]
