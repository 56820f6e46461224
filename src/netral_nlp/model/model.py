"""The trained model as plain numbers: probabilities and exact contributions, without scikit-learn."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np

from netral_nlp.arrays import Floats
from netral_nlp.features.blocks import BLOCKS, Block
from netral_nlp.features.vectors import WordVectors
from netral_nlp.features.views import View
from netral_nlp.model.acts import ActModel
from netral_nlp.model.calibration import HeldOut, softmax
from netral_nlp.model.evidence import Contribution
from netral_nlp.records import LABELS
from netral_nlp.text.stemming import Stemmer

SHORTEST = 1e-6  # a sum of vectors that is shorter says nothing: its words cancel out


def single(numbers: Floats) -> Floats:
    """What single precision holds of the numbers: model files and Pipelines keep no more."""
    return numbers.astype(np.float32).astype(np.float64)


@dataclass(frozen=True)
class Weights:
    """What the model learned about one block: for each feature its idf and its weight per label.

    ``features`` has n distinct strings in sorted order, ``idf`` shape (n,), ``coef`` shape (n, 3). In a dense block
    the features are words, and what was learned are the weights of their vectors' dimensions, ``directions`` (d, 3).
    """

    block: Block
    features: tuple[str, ...]
    idf: Floats
    coef: Floats
    vectors: WordVectors | None = None
    directions: Floats | None = None

    @classmethod
    def dense(cls, block: Block, vectors: WordVectors, directions: Floats) -> Weights:
        """Those of a dense block: the weight of a word is that of its vector."""
        idf = vectors.idf[vectors.places[0]]
        return cls(block, vectors.features, idf, vectors.matrix @ directions / idf[:, None], vectors, directions)

    @cached_property
    def index(self) -> dict[str, int]:
        """Feature -> row."""
        return {feature: i for i, feature in enumerate(self.features)}

    def tfidf(self, view: View) -> tuple[list[int], Floats]:
        """The rows of a view's features and the value of each, brought to the block's length."""
        counts = Counter(self.block.features(view))
        known = [(self.index[f], n) for f, n in counts.items() if f in self.index]
        rows = [row for row, _ in known]
        damped = 1.0 + np.log(np.array([n for _, n in known], dtype=np.float64))
        values = damped * self.idf[rows]
        whole = values if self.vectors is None else damped @ self.vectors.matrix[rows]
        norm = float(np.sqrt(whole @ whole))
        return rows, values * (self.block.weight / norm if norm > SHORTEST else 0.0)


@dataclass(frozen=True, repr=False)
class Model:
    """A linear stance model: ``softmax(intercept + sum of contributions)`` over ``dukung, netral, tolak``.

    ``tails`` holds, for ``dukung`` and ``tolak``, the scores of posts *without* that label in elections that took
    no part in training (sorted, largest first); thresholds are read from them. ``facts`` is what the model file says
    about its making (corpus digest, seed, versions, calibration, metrics). ``held_out`` are the scores and labels
    that the tails come from, in the order of the corpus; None in older files. ``acts`` are the scores of acts and
    exceptions of the law layer; None where the model was trained without.
    """

    weights: tuple[Weights, ...]
    intercept: Floats
    stem: Stemmer = "fast"
    tails: Mapping[str, Floats] = field(default_factory=dict)
    facts: Mapping[str, Any] = field(default_factory=dict)
    held_out: HeldOut | None = None
    acts: ActModel | None = None

    def log_odds(self, view: View) -> Floats:
        """The three unnormalised log-probabilities of a view, shape (3,), in the order of ``LABELS``."""
        total = self.intercept.copy()
        for weights in self.weights:
            rows, values = weights.tfidf(view)
            total += values @ weights.coef[rows]
        return total

    def probabilities(self, views: Iterable[View]) -> Floats:
        """Calibrated probabilities, shape (views, 3), rows sum to 1."""
        rows = [self.log_odds(v) for v in views]
        return softmax(np.array(rows, dtype=np.float64).reshape(-1, len(LABELS)))

    def contributions(self, view: View) -> list[Contribution]:
        """Every feature's share; together with ``intercept`` they sum to :meth:`log_odds`."""
        found: list[Contribution] = []
        for weights in self.weights:
            places: dict[str, list[tuple[int, int]]] = {}
            for feature, first, last in weights.block.extract(view):
                places.setdefault(feature, []).append((first, last))
            rows, values = weights.tfidf(view)
            shares = values[:, None] * weights.coef[rows]
            for row, share in zip(rows, shares, strict=True):
                feature = weights.features[row]
                a, b, c = (float(x) for x in share)
                found.append(Contribution(weights.block.name, feature, tuple(places[feature]), (a, b, c)))
        return found

    def __repr__(self) -> str:
        counts = sum(len(w.features) for w in self.weights)
        return f"Model({counts:,} features in {len(self.weights)} blocks, stem={self.stem!r})"


def block_named(name: str) -> Block | None:
    """The block of that name, None when this version has none."""
    return next((b for b in BLOCKS if b.name == name), None)
