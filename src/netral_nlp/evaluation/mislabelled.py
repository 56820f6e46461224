"""Labels that are likely wrong: those that models of the other elections contradict with confidence."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from threadpoolctl import threadpool_limits

from netral_nlp.features.reader import prepare
from netral_nlp.learning.corpus import Corpus
from netral_nlp.learning.folds import held_out_logits
from netral_nlp.learning.rows import Example
from netral_nlp.model.calibration import fit_calibration, softmax
from netral_nlp.records import LABELS


@dataclass(frozen=True, slots=True)
class Suspect:
    """A post whose label may be wrong: the likelier ``label`` with its probability, and that of its own label."""

    example: Example
    label: str
    score: float
    own: float


def likely_errors(corpus: Corpus) -> list[Suspect]:
    """The doubtful posts of a corpus, widest gap first, by predictions for elections left out of the fit.

    Raises InputError when the corpus has a single election.
    """
    labels = np.array(corpus.labels)
    with threadpool_limits(1):
        logits = held_out_logits(corpus, prepare(corpus.cases))
    scores = softmax(fit_calibration(logits, labels).apply(logits))
    found = confident_errors(scores.tolist(), corpus.labels)
    return [Suspect(corpus.examples[row], label, score, own) for row, label, score, own in found]


def confident_errors(scores: Sequence[Sequence[float]], labels: Sequence[str]) -> list[tuple[int, str, float, float]]:
    """``(row, likely label, its score, the given label's score)`` of doubtful rows, widest gap first.

    A row is doubtful when another label reaches the mean score which that label has where it was given, while its own
    label stays below its own mean. Source: confident learning (Northcutt, Jiang and Chuang 2021).
    """
    means = {}
    for at, label in enumerate(LABELS):
        given = [row[at] for row, own in zip(scores, labels, strict=True) if own == label]
        means[label] = sum(given) / len(given) if given else 2.0
    found = []
    for i, (row, own) in enumerate(zip(scores, labels, strict=True)):
        of = dict(zip(LABELS, row, strict=True))
        best = max((label for label in LABELS if label != own), key=lambda label: of[label])
        if of[best] >= means[best] and of[own] < min(means[own], of[best]):
            found.append((i, best, of[best], of[own]))
    return sorted(found, key=lambda item: (item[3] - item[2], item[0]))
