"""Bootstrap: what the figures would be, had other elections or other posts been drawn."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt

from netral_nlp.statistics import Bools, Floats, Ints, auc, macro_f1

RESAMPLES = 2_000
FEWEST_ELECTIONS = 3  # below that, resampling whole elections says nothing; posts are drawn one by one
_AT_A_TIME = 4_000_000  # weights held in memory at once

Unit = Literal["election", "post"]
Interval = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Difference:
    """How much better the first of two models is on the same posts; ``p`` is two-sided for no difference."""

    estimate: float
    ci95: Interval | None
    p: float | None


@dataclass(frozen=True)
class Resamples:
    """Samples drawn with replacement: ``counts`` has shape (resamples, units), ``unit_of`` shape (posts,).

    All figures of one evaluation use the same draws, so that two models are compared draw by draw.
    """

    unit: Unit
    counts: npt.NDArray[np.uint16]
    unit_of: Ints

    def weights(self) -> Iterator[Floats]:
        """How often each post was drawn, shape (some resamples, posts), until all resamples are through."""
        step = max(1, _AT_A_TIME // max(1, len(self.unit_of)))
        for at in range(0, len(self.counts), step):
            yield self.counts[at : at + step].astype(np.float64)[:, self.unit_of]

    @property
    def smallest_p(self) -> float:
        """What k elections can show at most: with all k on one side, a sign test gives 2 / 2^k."""
        return float(2.0 ** (1 - min(self.counts.shape[1], 1000)))

    def macro_f1(self, truth: Ints, predicted: Ints, classes: int = 3) -> Floats:
        """Macro-F1 of every resample."""
        cells = np.zeros((self.counts.shape[1], classes * classes))
        np.add.at(cells, (self.unit_of, truth * classes + predicted), 1.0)
        return macro_f1((self.counts.astype(np.float64) @ cells).reshape(-1, classes, classes))

    def auc(self, positive: Bools, scores: Floats) -> Floats:
        """AUC of every resample; nan where a resample has one class only."""
        return np.concatenate([auc(positive, scores, weights) for weights in self.weights()])


def resample(elections: Sequence[str], seed: int = 0, resamples: int = RESAMPLES) -> Resamples:
    """Bootstrap draws of whole elections where there are at least three, else of posts.

    Posts of one election share their quarrels and their words, so that a post is no independent witness; an interval
    from posts alone would be too short for what happens in the next election.
    """
    names, election_of = np.unique(np.array(elections, dtype=np.str_), return_inverse=True)
    by_election = len(names) >= FEWEST_ELECTIONS
    unit_of = election_of if by_election else np.arange(len(election_of))
    n = len(names) if by_election else len(unit_of)
    rng = np.random.default_rng(seed)
    counts = np.zeros((resamples, n), dtype=np.uint16)
    for row in counts:
        row += np.bincount(rng.integers(n, size=n), minlength=n).astype(np.uint16)
    return Resamples("election" if by_election else "post", counts, unit_of.astype(np.int64))


def interval(values: Floats, confidence: float = 0.95) -> Interval | None:
    """The percentile interval of bootstrap values, without undefined ones; None when more than half are undefined."""
    defined = values[~np.isnan(values)]
    if 2 * len(defined) <= len(values):
        return None
    low, high = np.quantile(defined, [(1 - confidence) / 2, (1 + confidence) / 2])
    return float(low), float(high)


def difference(
    first: float, second: float, drawn_first: Floats, drawn_second: Floats, smallest_p: float = 0.0
) -> Difference:
    """The paired bootstrap of a difference: interval by percentiles, p from the share of draws across zero.

    Source: Efron and Tibshirani 1993, chapters 13 and 15; one is added to both counts, so that p is never 0, and
    p is never below ``smallest_p``: a few elections always agree by chance.
    """
    drawn = drawn_first - drawn_second
    defined = drawn[~np.isnan(drawn)]
    limits = interval(drawn)
    if limits is None:
        return Difference(first - second, None, None)
    below, above = int((defined <= 0).sum()), int((defined >= 0).sum())
    p = min(1.0, 2 * (min(below, above) + 1) / (len(defined) + 1))
    return Difference(first - second, limits, max(p, smallest_p))
