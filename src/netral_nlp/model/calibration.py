"""Probabilities that mean what they say, and thresholds that keep a false-positive rate."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from netral_nlp.arrays import Bools, Floats
from netral_nlp.records import LABELS

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


def softmax(logits: Floats) -> Floats:
    """Row-wise softmax of an (n, k) array, stable for large values."""
    shifted = np.exp(logits - logits.max(axis=1, keepdims=True, initial=-np.inf))
    return np.asarray(shifted / shifted.sum(axis=1, keepdims=True), dtype=np.float64)


def calibrations(
    logits: Floats, labels: Sequence[str], elections: Sequence[str]
) -> Iterator[tuple[Bools, Calibration]]:
    """For each election a mask of its posts, and the calibration fitted on the log-odds of all others.

    ``logits`` has shape (posts, 3), each row from a fit without the row's election. The labels of an election take
    no part in the three numbers of its calibration other than through the fits that gave the others their log-odds.
    """
    names, answers = np.array(elections), np.array(labels)
    for name in sorted(set(elections)):
        here = names == name
        yield here, fit_calibration(logits[~here], answers[~here])


def calibrated_by_others(logits: Floats, labels: Sequence[str], elections: Sequence[str]) -> Floats:
    """Probabilities, shape (posts, 3), each calibrated without the post's election."""
    scores = np.zeros_like(logits)
    for here, calibration in calibrations(logits, labels, elections):
        scores[here] = softmax(calibration.apply(logits[here]))
    return scores
