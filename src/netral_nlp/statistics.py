"""Figures of merit from labels and probabilities: pure functions of arrays, oracle-tested against scikit-learn."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt
from scipy.special import betaincinv

from netral_nlp.arrays import Bools, Floats, Ints

MOST_BINS = 15
FEWEST_A_BIN = 50  # posts: with fewer, chance alone moves a bin's accuracy by more than 0.07


@dataclass(frozen=True, slots=True)
class Bin:
    """Posts of similar confidence: how sure the model was of its label, and how often it was right."""

    n: int
    confidence: float
    accuracy: float


def confusion(truth: Ints, predicted: Ints, classes: int = 3) -> Ints:
    """Counts, shape (classes, classes): rows are the true labels, columns the predicted ones."""
    cells = np.bincount(truth * classes + predicted, minlength=classes * classes)
    return cells.reshape(classes, classes).astype(np.int64)


def macro_f1(counts: npt.ArrayLike) -> Floats:
    """Mean F1 over the labels that occur in truth or prediction, from confusions of shape (..., k, k); nan for none."""
    table = np.asarray(counts, dtype=np.float64)
    hits = np.diagonal(table, axis1=-2, axis2=-1)
    seen = table.sum(axis=-1) + table.sum(axis=-2)
    occurs = seen > 0
    f1 = np.divide(2 * hits, seen, out=np.zeros_like(seen), where=occurs)
    undefined = np.full(f1.shape[:-1], np.nan)
    return np.asarray(np.divide(f1.sum(-1), occurs.sum(-1), out=undefined, where=occurs.any(-1)))


def ranks_of(scores: Floats) -> tuple[Ints, Ints]:
    """The order from low to high, and where in it each run of equal scores begins."""
    order = np.argsort(scores, kind="stable")
    ordered = scores[order]
    starts = np.flatnonzero(np.concatenate([[True], ordered[1:] != ordered[:-1]])) if len(scores) else order
    return order.astype(np.int64), starts.astype(np.int64)


def auc(positive: Bools, scores: Floats, weights: Floats | None = None) -> Floats:
    """The chance that a positive scores higher than a negative, ties counting half; nan where one of them is missing.

    ``weights`` of shape (..., posts) gives one value for each row of weights (a bootstrap in one call).
    Source: Mann-Whitney U over the number of pairs (Hanley and McNeil 1982).
    """
    order, starts = ranks_of(scores)
    w = np.ones(len(scores)) if weights is None else weights
    if not len(scores):
        return np.full(w.shape[:-1], np.nan)
    w, p = w[..., order], positive[order]
    ups = np.add.reduceat(w * p, starts, axis=-1)
    downs = np.add.reduceat(w * ~p, starts, axis=-1)
    below = np.cumsum(downs, axis=-1) - 0.5 * downs
    pairs = ups.sum(-1) * downs.sum(-1)
    return np.asarray(np.divide((ups * below).sum(-1), pairs, out=np.full(w.shape[:-1], np.nan), where=pairs > 0))


def roc(positive: Bools, scores: Floats) -> tuple[Floats, Floats]:
    """False-positive and true-positive rates at every distinct threshold, from (0, 0) to (1, 1)."""
    order, starts = ranks_of(-scores)
    ups = np.add.reduceat(positive[order].astype(np.float64), starts)
    downs = np.add.reduceat((~positive[order]).astype(np.float64), starts)
    rates = [np.concatenate([[0.0], np.cumsum(x) / x.sum()]) for x in (downs, ups)]
    return rates[0], rates[1]


def tpr_at_fpr(positive: Bools, scores: Floats, rate: float) -> float | None:
    """The largest true-positive rate of a threshold whose false-positive rate is at most ``rate``."""
    if positive.all() or not positive.any():
        return None
    false, true = roc(positive, scores)
    return float(true[false <= rate].max())


def average_precision(positive: Bools, scores: Floats) -> float | None:
    """Precision averaged over recall, one step a distinct score (no interpolation); None without positives."""
    if not positive.any():
        return None
    order, starts = ranks_of(-scores)
    hits = np.cumsum(np.add.reduceat(positive[order].astype(np.float64), starts))
    taken = np.append(starts[1:], len(scores))
    gained = np.diff(hits, prepend=0.0)
    return float((gained * hits / taken).sum() / hits[-1])


def bins_of(confidence: Floats, right: Bools) -> list[Bin]:
    """Equal-mass bins by confidence, least sure first: at most 15, at least 50 posts each (one bin below 100)."""
    count = int(np.clip(len(confidence) // FEWEST_A_BIN, 1, MOST_BINS))
    order = np.argsort(confidence, kind="stable")
    parts = [part for part in np.array_split(order, count) if len(part)]
    return [Bin(len(part), float(confidence[part].mean()), float(right[part].mean())) for part in parts]


def ece(bins: list[Bin]) -> float | None:
    """Expected calibration error: mean distance of confidence and accuracy over bins, weighted by their posts.

    Source: Naeini, Cooper and Hauskrecht 2015, with equal-mass bins (Nixon et al. 2019).
    """
    n = sum(b.n for b in bins)
    return sum(b.n * abs(b.confidence - b.accuracy) for b in bins) / n if n else None


def ece_by_chance(confidence: Floats, seed: int = 0, draws: int = 300) -> tuple[float, float] | None:
    """Mean and 95th percentile of the calibration error that a perfectly calibrated model would show on these posts.

    Bins of finite size are never exactly right; an error below the percentile is no sign of miscalibration.
    """
    if not len(confidence):
        return None
    rng = np.random.default_rng(seed)
    order = np.sort(confidence)
    found = [ece(bins_of(order, rng.random(len(order)) < order)) or 0.0 for _ in range(draws)]
    return float(np.mean(found)), float(np.quantile(found, 0.95))


def accuracy_by_coverage(confidence: Floats, right: Bools) -> Floats:
    """Accuracy on the k most confident posts for k = 1 ... n; equally confident posts share their hits."""
    order, starts = ranks_of(-confidence)
    if not len(order):
        return np.zeros(0)
    sizes = np.diff(np.append(starts, len(order)))
    shared = np.repeat(np.add.reduceat(right[order].astype(np.float64), starts) / sizes, sizes)
    return np.asarray(np.cumsum(shared) / np.arange(1, len(order) + 1))


def clopper_pearson(events: int, n: int, confidence: float = 0.95) -> tuple[float, float]:
    """The exact two-sided interval of a rate after ``events`` in ``n`` (Clopper and Pearson 1934).

    >>> [round(x, 4) for x in clopper_pearson(0, 100)]
    [0.0, 0.0362]
    """
    tail = (1 - confidence) / 2
    low = float(betaincinv(events, n - events + 1, tail)) if events else 0.0
    high = float(betaincinv(events + 1, n - events, 1 - tail)) if events < n else 1.0
    return low, high


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
