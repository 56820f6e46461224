"""From probabilities to labels: which score a label needs at a false-positive rate, and what it is then worth."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from netral_nlp.arrays import Floats
from netral_nlp.errors import UsageError
from netral_nlp.model.calibration import (
    ACCUSING,
    CONFIDENCE,
    calibrations,
    softmax,
    tails_of,
)
from netral_nlp.records import LABELS


def upper_bound(errors: int, n: int, confidence: float = CONFIDENCE) -> float:
    """One-sided Clopper-Pearson upper bound of a rate after ``errors`` in ``n`` (the exact beta quantile).

    >>> round(upper_bound(0, 299), 4)
    0.01
    """
    if errors >= n:
        return 1.0
    low, high = errors / n if n else 0.0, 1.0
    for _ in range(60):  # bisection on the binomial tail: no scipy at scoring time
        middle = (low + high) / 2
        if _binomial_cdf(errors, n, middle) > 1 - confidence:
            low = middle
        else:
            high = middle
    return high


def _binomial_cdf(k: int, n: int, p: float) -> float:
    """P(X <= k) for X ~ Binomial(n, p), summed in logarithms."""
    if p <= 0.0:
        return 1.0
    if p >= 1.0:
        return 0.0
    i = np.arange(k + 1, dtype=np.float64)
    steps = np.log(n - i[:-1]) - np.log(i[1:]) + np.log(p) - np.log1p(-p)
    logs = n * np.log1p(-p) + np.concatenate([[0.0], np.cumsum(steps)])
    top = float(logs.max())
    return float(np.exp(top) * np.exp(logs - top).sum())


def allowed_errors(n: int, max_fpr: float, confidence: float = CONFIDENCE) -> int:
    """The most false alarms in ``n`` posts whose upper bound still keeps ``max_fpr``; -1 when even none does."""
    low, high = -1, n
    while high - low > 1:
        middle = (low + high) // 2
        if _binomial_cdf(middle, n, max_fpr) <= 1 - confidence:  # what upper_bound(middle) <= max_fpr comes to
            low = middle
        else:
            high = middle
    return low


def needed_posts(max_fpr: float, confidence: float = CONFIDENCE) -> int:
    """How many posts without a label support a rate when none of them is a false alarm (the rule of three, exact).

    >>> needed_posts(0.01)
    299
    """
    return int(np.ceil(np.log(1 - confidence) / np.log1p(-max_fpr)))


def threshold(tail: Floats, max_fpr: float) -> float:
    """The lowest score above which the false-positive rate on held-out elections is at most ``max_fpr``.

    The bound holds with 95 % confidence (one-sided Clopper-Pearson). Raises UsageError when the held-out posts are
    too few for the rate asked.
    """
    if not 0.0 < max_fpr < 1.0:
        raise UsageError(f"A false-positive rate lies between 0 and 1; {max_fpr} does not.")
    n = len(tail)
    errors = allowed_errors(n, max_fpr)
    if errors < 0:
        raise UsageError(
            f"The model was checked on {n:,} posts without that label; a false-positive rate of {max_fpr:g} needs at "
            f"least {needed_posts(max_fpr):,}. Ask for a higher --max-fpr or train with more posts."
        )
    return float(tail[errors]) if errors < n else 0.0


def thresholds(tails: Mapping[str, Floats], max_fpr: float) -> dict[str, float]:
    """For each accusing label the score that a post must exceed."""
    return {label: threshold(tails[label], max_fpr) for label in ACCUSING}


def decide(scores: Floats, limits: Mapping[str, float]) -> str:
    """The label of one post: ``dukung`` or ``tolak`` above its threshold, ``netral`` where that is more likely than
    all else together, else ``ragu``."""
    best = int(np.argmax(scores))
    label = LABELS[best]
    if label in limits:
        return label if scores[best] > limits[label] else "ragu"
    return label if scores[best] > 0.5 else "ragu"


def decided_by_others(logits: Floats, labels: Sequence[str], elections: Sequence[str], max_fpr: float) -> list[str]:
    """The label of every post, ``ragu`` included, by thresholds found on the other elections.

    Raises UsageError when those have too few posts for ``max_fpr``.
    """
    answers = np.array(labels)
    found = np.full(len(labels), "", dtype=object)
    for here, calibration in calibrations(logits, labels, elections):
        scores = softmax(calibration.apply(logits))
        limits = thresholds(tails_of(scores[~here], answers[~here]), max_fpr)
        found[here] = [decide(row, limits) for row in scores[here]]
    return [str(label) for label in found]
