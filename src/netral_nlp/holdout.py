"""Probabilities and decisions for each election, calibrated on the other elections alone."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from netral_nlp.calibration import Calibration, decide, fit_calibration, tails_of, thresholds
from netral_nlp.model import Floats, softmax
from netral_nlp.statistics import Bools


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
