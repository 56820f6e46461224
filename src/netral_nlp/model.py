"""The trained model as plain numbers: probabilities and exact contributions, without scikit-learn."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt

from netral_nlp.calibration import HeldOut
from netral_nlp.features.blocks import BLOCKS, Block
from netral_nlp.features.preparation import Reader
from netral_nlp.features.views import View
from netral_nlp.records import LABELS, Evidence, Stance
from netral_nlp.roster import Roster

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Weights:
    """What the model learned about one block: for each feature its idf and its weight per label.

    ``features`` has n distinct strings in sorted order, ``idf`` shape (n,), ``coef`` shape (n, 3).
    """

    block: Block
    features: tuple[str, ...]
    idf: Floats
    coef: Floats

    @cached_property
    def index(self) -> dict[str, int]:
        """Feature -> row."""
        return {feature: i for i, feature in enumerate(self.features)}


@dataclass(frozen=True, slots=True)
class Contribution:
    """What one feature of a view adds to the three log-odds, shared equally by its occurrences.

    ``places`` are the token ranges ``(first, last)`` of the occurrences.
    """

    block: str
    feature: str
    places: tuple[tuple[int, int], ...]
    values: tuple[float, float, float]


@dataclass(frozen=True)
class Model:
    """A linear stance model: ``softmax(intercept + sum of contributions)`` over ``dukung, netral, tolak``.

    ``tails`` holds, for ``dukung`` and ``tolak``, the scores of posts *without* that label in elections that took
    no part in training (sorted, largest first); thresholds are read from them. ``facts`` is what the model file says
    about its making (corpus digest, seed, versions, calibration, metrics). ``held_out`` are the scores and labels
    that the tails come from, in the order of the corpus; None in older files.
    """

    weights: tuple[Weights, ...]
    intercept: Floats
    stem: str = "fast"
    tails: Mapping[str, Floats] = field(default_factory=dict)
    facts: Mapping[str, Any] = field(default_factory=dict)
    held_out: HeldOut | None = None

    def _tfidf(self, weights: Weights, view: View) -> tuple[list[int], Floats]:
        counts = Counter(weights.block.features(view))
        index = weights.index
        known = [(index[f], n) for f, n in counts.items() if f in index]
        rows = [row for row, _ in known]
        values = (1.0 + np.log(np.array([n for _, n in known], dtype=np.float64))) * weights.idf[rows]
        norm = float(np.sqrt(values @ values))
        return rows, values * (weights.block.weight / norm if norm else 0.0)

    def log_odds(self, view: View) -> Floats:
        """The three unnormalised log-probabilities of a view, shape (3,), in the order of ``LABELS``."""
        total = self.intercept.copy()
        for weights in self.weights:
            rows, values = self._tfidf(weights, view)
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
            rows, values = self._tfidf(weights, view)
            shares = values[:, None] * weights.coef[rows]
            for row, share in zip(rows, shares, strict=True):
                feature = weights.features[row]
                a, b, c = (float(x) for x in share)
                found.append(Contribution(weights.block.name, feature, tuple(places[feature]), (a, b, c)))
        return found

    def stances(self, text: str, roster: Roster, pairs: Sequence[str] | None = None) -> list[Stance]:
        """How one post stands toward each of ``pairs`` (default: all of the roster)."""
        reader = Reader(roster, self.stem)  # type: ignore[arg-type]
        reading = reader.read(text)
        chosen = [reader.pair_index(p) for p in pairs] if pairs is not None else range(len(roster.pairs))
        scores = self.probabilities(reader.view(reading, i) for i in chosen)
        return [Stance(roster.pairs[i].id, *map(float, row)) for i, row in zip(chosen, scores, strict=True)]

    def explain(self, text: str, roster: Roster, pair: str) -> list[Evidence]:
        """What each stretch of the post adds to the log-odds toward ``pair``, in order of the text.

        The sum over the list plus ``intercept`` equals :meth:`log_odds` of the post's view. Features that stand on
        the post as a whole (how many pairs it names) are given to the stretch ``0:len(text)``.
        """
        reader = Reader(roster, self.stem)  # type: ignore[arg-type]
        view = reader.view(reader.read(text), reader.pair_index(pair))
        return evidence(text, view, self.contributions(view))


def softmax(logits: Floats) -> Floats:
    """Row-wise softmax of an (n, k) array, stable for large values."""
    shifted = np.exp(logits - logits.max(axis=1, keepdims=True, initial=-np.inf))
    return np.asarray(shifted / shifted.sum(axis=1, keepdims=True), dtype=np.float64)


def evidence(text: str, view: View, contributions: Iterable[Contribution]) -> list[Evidence]:
    """Contributions gathered by stretch of the original post: each occurrence's share split over its tokens."""
    whole = (0, len(text))
    sums: dict[tuple[int, int], Floats] = {}
    for c in contributions:
        for first, last in c.places:
            tokens = view.tokens[first:last]
            spread = last - first == len(view.tokens) > 2 or not tokens
            share = np.array(c.values) / len(c.places)
            spans = [whole] if spread else [_span(view, t.first, t.last) for t in tokens]
            for span in spans:
                sums[span] = sums.get(span, np.zeros(len(LABELS))) + share / len(spans)
    return [
        Evidence(text[a:b], a, b, *(float(x) for x in values)) for (a, b), values in sorted(sums.items())
    ]


def _span(view: View, first: int, last: int) -> tuple[int, int]:
    words = view.words[first:last]
    return words[0].start, max(w.end for w in words)


def block_named(name: str) -> Block | None:
    """The block of that name, None when this version has none."""
    return next((b for b in BLOCKS if b.name == name), None)
