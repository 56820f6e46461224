"""What the features of a view add to its log-odds and to its evidence, by remembering what a model says of each.

The same sums as ``Model.log_odds``, ``Model.contributions`` and ``model.evidence``. Which features a view has is asked
of the blocks themselves, but for character n-grams, which each distinct word has of its own.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain

import numpy as np

from netral_nlp.arrays import Floats, Ints
from netral_nlp.features.blocks import Block, characters, ngrams
from netral_nlp.features.views import UNCOUNTED, View
from netral_nlp.model.evidence import MOST_WORDS, pushes
from netral_nlp.model.model import SHORTEST, Model

_NO_GRAMS = np.zeros(0, dtype=np.intp)


@dataclass(frozen=True, slots=True)
class Weighed:
    """A view, and the occurrences of its known features: the number of each, the tokens ``first:last`` that it stands
    on, and by what its feature's weights are multiplied."""

    view: View
    feature: Ints
    first: Ints
    last: Ints
    value: Floats
    log_odds: Floats


class Weigher:
    """Weighs views by one model. The n-grams of at most ``remembered`` distinct words are kept."""

    def __init__(self, model: Model, remembered: int) -> None:
        self._intercept = model.intercept
        self._blocks: list[tuple[Block, dict[str, int]]] = []
        start = 0
        for weights in model.weights:  # every feature of every block gets a number of its own
            self._blocks.append((weights.block, {f: start + row for f, row in weights.index.items()}))
            start += len(weights.features)
        self._block = np.repeat(np.arange(len(model.weights)), [len(w.features) for w in model.weights])
        self._weight = np.array([w.block.weight for w in model.weights])
        self._coef = np.concatenate([w.coef * w.idf[:, None] for w in model.weights])
        self._push = np.ascontiguousarray(pushes(self._coef).T)
        self._dense = np.flatnonzero([w.block.dense for w in model.weights])
        self._vectors = next((w.vectors.matrix for w in model.weights if w.vectors is not None), np.zeros((0, 1)))
        # a bag is as long as its values, a dense block as the sum of its words' vectors
        self._square = np.concatenate([np.zeros_like(w.idf) if w.block.dense else w.idf * w.idf for w in model.weights])
        self._row = np.concatenate([np.arange(len(w.features)) for w in model.weights])
        self._times = np.zeros(start, dtype=np.intp)
        self._grams: dict[str, Ints] = {}
        self._remembered = remembered

    def weigh(self, view: View) -> Weighed:
        """The view's known features, and what they come to."""
        bags: list[tuple[int, int, int]] = []
        dense: list[tuple[int, int, int]] = []
        grams: list[Ints] = []
        for block, index in self._blocks:
            if block.extract is characters:
                grams = [self._grams_of(token.written, index) for token in view.tokens]
                continue
            found = dense if block.dense else bags
            for name, begin, end in block.extract(view):
                if (number := index.get(name)) is not None:
                    found.append((number, begin, end))
        others = np.fromiter(chain.from_iterable(chain(dense, bags)), dtype=np.intp).reshape(-1, 3)
        owner = np.repeat(np.arange(len(grams)), np.array(list(map(len, grams)), dtype=np.intp))
        feature = np.concatenate([others[:, 0], *grams])
        first = np.concatenate([others[:, 1], owner])
        last = np.concatenate([others[:, 2], owner + 1])
        block_of = self._block.take(feature)
        value = self._values(feature, block_of, len(dense))
        return Weighed(view, feature, first, last, value, self._intercept + value @ self._coef.take(feature, axis=0))

    def _values(self, feature: Ints, block: Ints, dense: int) -> Floats:
        """The equal share that each occurrence has in its feature's value: sublinear counts, each block brought to
        its length. The first ``dense`` occurrences are those of dense blocks."""
        np.add.at(self._times, feature, 1)
        times = self._times.take(feature)
        self._times[feature] = 0
        value = (1.0 + np.log(times)) / times
        square = np.bincount(block, value * value * times * self._square.take(feature), len(self._weight))
        if dense:
            vectors = value[:dense, None] * self._vectors.take(self._row.take(feature[:dense]), axis=0)
            whole = (self._dense[:, None] == block[:dense]) @ vectors
            square[self._dense] = (whole * whole).sum(axis=1)
        norm = np.sqrt(square)
        scale = np.divide(self._weight, norm, out=np.zeros_like(norm), where=norm > SHORTEST)
        return np.asarray(value * scale.take(block), dtype=np.float64)

    def _grams_of(self, written: str, index: dict[str, int]) -> Ints:
        """The known n-grams of a token, as ``blocks.characters`` takes them."""
        found = self._grams.get(written)
        if found is None:
            if not written or written in UNCOUNTED:
                return _NO_GRAMS
            if len(self._grams) >= self._remembered:
                self._grams.clear()
            grams = (written,) if written[0] == "<" else ngrams(written)
            found = self._grams[written] = np.array([index[g] for g in grams if g in index], dtype=np.intp)
        return found

    def pushes(self, weighed: Weighed, text: str, label: int) -> Iterator[tuple[str, float]]:
        """What stretches of the post, as written, push toward a label; see ``model.evidence``."""
        tokens, words = weighed.view.tokens, weighed.view.words
        push = weighed.value * self._push[label].take(weighed.feature)
        one = weighed.last - weighed.first == 1
        sums = np.bincount(weighed.first[one], push[one], len(tokens)).tolist()
        more = ~one
        whole = 0.0
        for first, last, share in zip(*(x[more].tolist() for x in (weighed.first, weighed.last, push)), strict=True):
            if first == last or last - first == len(tokens) > 2:
                whole += share
                continue
            for at in range(first, last):
                sums[at] += share / (last - first)
        for token, value in zip(tokens, sums, strict=False):
            if token.last - token.first == 1:
                word = words[token.first]
                yield text[word.start : word.end], value
            else:
                stretch = words[token.first : token.last]
                yield text[stretch[0].start : max([word.end for word in stretch])], value
        if whole and len(text.split(maxsplit=MOST_WORDS)) <= MOST_WORDS:
            yield text, whole
