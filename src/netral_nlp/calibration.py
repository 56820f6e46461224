"""Probabilities that mean what they say, and thresholds that keep a false-positive rate."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from netral_nlp.errors import UsageError
from netral_nlp.records import LABELS

Floats = npt.NDArray[np.float64]
CONFIDENCE = 0.95
ACCUSING = ("dukung", "tolak")  # the labels that say something about a person


@dataclass(frozen=True, slots=True)
class Calibration:
    """Log-odds become ``scale * log-odds + shift``: one slope for all labels, one shift a label (sum 0)."""

    scale: float
    shift: tuple[float, float, float]

    def apply(self, logits: Floats) -> Floats:
        """Calibrated log-odds of an array whose last axis is the labels."""
        return np.asarray(logits * self.scale + np.array(self.shift), dtype=np.float64)

    def facts(self) -> dict[str, Any]:
        """For a model file's header."""
        return {"scale": self.scale, "shift": dict(zip(LABELS, self.shift, strict=True))}


def fit_calibration(
    logits: Floats, labels: npt.NDArray[np.str_], *, prior: float = 0.0, doubt: float = 0.0
) -> Calibration:
    """The calibration with the least log-loss on held-out log-odds, shape (posts, 3).

    ``doubt`` is the share of labels that a second careful reader would give otherwise; each label counts for
    ``1 - doubt``, the other two share the rest.

    ``prior`` draws scale and shift toward 1 and 0: a penalty of that many nats for a squared distance of 1 (of the
    logarithm of the scale, and of the shifts together). It keeps a small sample from shouting.
    Source: matrix scaling restricted to one slope and a bias (Guo et al. 2017, "On Calibration of Modern Neural
    Networks").
    """
    from scipy.optimize import minimize

    target = np.array([LABELS.index(label) for label in labels])
    rows = np.arange(len(target))

    def loss(p: Floats) -> float:
        shift = np.array([p[1], p[2], -p[1] - p[2]])
        z = logits * np.exp(np.clip(p[0], -5.0, 5.0)) + shift
        top = z.max(axis=1)
        expected = (1 - 1.5 * doubt) * z[rows, target] + 0.5 * doubt * z.sum(axis=1)
        log_loss = top + np.log(np.exp(z - top[:, None]).sum(axis=1)) - expected
        return float(log_loss.sum() + prior * (p[0] ** 2 + shift @ shift)) / len(target)

    found = minimize(loss, np.zeros(3), method="BFGS").x
    scale, a, b = (round(float(x), 9) for x in (np.exp(found[0]), found[1], found[2]))
    return Calibration(scale, (a, b, round(-a - b, 9)))


@dataclass(frozen=True)
class HeldOut:
    """How posts that a model has not seen were scored: ``scores`` of shape (posts, 3), ``labels`` their true labels
    as indices into ``LABELS``. Scores are kept to six digits."""

    scores: Floats
    labels: npt.NDArray[np.uint8]

    @classmethod
    def of(cls, scores: Floats, labels: npt.NDArray[np.str_]) -> HeldOut:
        """Scores with the names of their labels."""
        rounded = np.asarray(np.round(scores, 6), dtype=np.float64)
        return cls(rounded, np.array([LABELS.index(x) for x in labels], dtype=np.uint8))

    @property
    def names(self) -> npt.NDArray[np.str_]:
        """The true labels by name."""
        return np.array(LABELS)[self.labels]

    def recall(self, limits: Mapping[str, float]) -> dict[str, float]:
        """For each accusing label the share of its posts that are given it (0 where there is none)."""
        best = self.scores.argmax(axis=1)
        shares = {}
        for label in ACCUSING:
            at = LABELS.index(label)
            given = (best == at) & (self.scores[:, at] > limits[label])
            shares[label] = float(given[self.labels == at].mean()) if (self.labels == at).any() else 0.0
        return shares


def tails_of(scores: Floats, labels: npt.NDArray[np.str_]) -> dict[str, Floats]:
    """For each accusing label the held-out scores of posts that do not deserve it, largest first."""
    tails: dict[str, Floats] = {}
    for label in ACCUSING:
        column = scores[:, LABELS.index(label)]
        wrong = np.sort(column[labels != label])[::-1]
        tails[label] = np.round(wrong, 6)
    return tails


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


@dataclass(frozen=True, slots=True)
class Expected:
    """What a label is worth at a stated prevalence: the share of posts given it that deserve it.

    ``recall`` is the share of deserving posts that are given it, ``fpr`` the upper bound of the false-positive rate,
    both on elections left out of the fit.
    """

    label: str
    precision: float
    recall: float
    fpr: float


def expected_precision(
    tails: Mapping[str, Floats], held_out: HeldOut, max_fpr: float, prevalence: float
) -> tuple[Expected, ...]:
    """What each accusing label is worth where a share ``prevalence`` of all posts deserves it (Bayes' rule).

    The false-positive rate is taken at its 95 % upper bound, so the true precision is rather higher. Raises
    UsageError for a prevalence outside 0 to 1, and as :func:`threshold` does.
    """
    if not 0.0 < prevalence < 1.0:
        raise UsageError(f"A prevalence lies between 0 and 1 (0.02 is 2 %); {prevalence:g} does not.")
    limits = thresholds(tails, max_fpr)
    recalls = held_out.recall(limits)
    found = []
    for label in ACCUSING:
        fpr = upper_bound(int((tails[label] > limits[label]).sum()), len(tails[label]))
        right = prevalence * recalls[label]
        flagged = right + (1.0 - prevalence) * fpr
        found.append(Expected(label, right / flagged if flagged else 0.0, recalls[label], fpr))
    return tuple(found)


def prevalence_sentence(expected: Sequence[Expected], prevalence: float) -> str:
    """What the person who reads the flagged posts must expect.

    >>> prevalence_sentence([Expected("dukung", 0.38, 0.3, 0.01), Expected("tolak", 0.04, 0.02, 0.01)], 0.02)
    'At 2 % prevalence expect about 4 of 10 flagged dukung to be right, about 4 of 100 flagged tolak.'
    """
    parts = []
    for e in expected:
        of = 10 if 0.095 <= e.precision <= 0.95 else 100
        parts.append(f"about {round(of * e.precision)} of {of} flagged {e.label}")
    parts[0] += " to be right"
    return f"At {100 * prevalence:g} % prevalence expect {', '.join(parts)}."
