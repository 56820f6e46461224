"""Fitting a model's probabilities and thresholds to a new election from a few labelled posts of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import numpy.typing as npt

from netral_nlp.arrays import Floats, Ints
from netral_nlp.errors import InputError, ModelError
from netral_nlp.features.reader import prepare
from netral_nlp.learning.corpus import Corpus
from netral_nlp.learning.duplicates import near_duplicates
from netral_nlp.model.calibration import ACCUSING, CONFIDENCE, Calibration, HeldOut, fit_calibration, softmax, tails_of
from netral_nlp.model.model import Model
from netral_nlp.records import LABELS

SCHEMA = 1
FEWEST = 50  # distinct posts
FOLDS = 5
PRIOR = 20.0  # chosen on elections left out: with 50 posts no harm on average, with 100 and 200 the largest gain
UPPER_PART = 0.05  # the share of highest shipped scores in which new ones must not crowd
SMALLEST = 1e-6  # scores are kept to six digits


@dataclass(frozen=True)
class Recalibration:
    """The new model, and by how much its probabilities moved.

    ``before`` and ``after`` are mean log-losses per post; ``after`` is cross-validated. ``moved`` and ``furthest``
    are the mean and the largest change of a post's probabilities (total variation, 0 to 1), ``relabelled`` counts
    posts whose most probable label changed. ``pooled`` says for each accusing label whether its threshold rests on
    the shipped posts as well, ``alone`` the smallest false-positive rate that the new posts support by themselves.
    """

    model: Model
    calibration: Calibration
    posts: int
    before: float
    after: float
    moved: float
    furthest: float
    relabelled: int
    pooled: Mapping[str, bool]
    alone: Mapping[str, float]
    known: tuple[str, ...]

    def document(self) -> dict[str, Any]:
        """As JSON."""
        return {
            "schema": SCHEMA,
            "n": self.posts,
            "calibration": self.calibration.facts(),
            "log_loss": {"before": self.before, "after": self.after},
            "moved": {"mean": self.moved, "largest": self.furthest, "relabelled": self.relabelled},
            "pooled": dict(self.pooled),
            "smallest_max_fpr_of_new_posts": dict(self.alone),
            "elections_known_to_the_model": list(self.known),
        }


def recalibrate(model: Model, corpus: Corpus, *, prior: float = PRIOR, seed: int = 0) -> Recalibration:
    """The model with scale and shift fitted to ``corpus``, and with thresholds that know of it.

    A prior of ``prior`` nats draws scale and shift toward what the model ships with. The tails, from which
    thresholds are read, join two kinds of posts: the shipped held-out ones, their scores moved by the new
    calibration, and the new ones, each scored by a calibration that did not see it. Joined, the bound on the
    false-positive rate holds for a draw from both; it would be dishonest where the new election is harder. So when
    significantly more than 5 % of the new posts without a label score above the highest 5 % of the shipped ones
    (exact binomial test at 5 %), the shipped are dropped for that label, and a tight rate is refused later rather
    than promised now.

    Raises InputError below 50 distinct posts or when a label is missing, ModelError for a model that does not hold
    the shipped scores.
    """
    labels = np.array(corpus.labels)
    groups = near_duplicates([e.case.text for e in corpus.examples])
    _require(labels, groups)
    if model.held_out is None:
        raise ModelError("This model does not hold its held-out scores. Train it again with: netral train")
    logits = np.array([model.log_odds(view) for view in prepare(corpus.cases, model.stem)])
    calibration = fit_calibration(logits, labels, prior=prior)
    unseen = _cross_validated(logits, labels, groups, prior, seed)
    shipped = softmax(calibration.apply(np.log(np.maximum(model.held_out.scores, SMALLEST))))
    old = HeldOut(np.asarray(np.round(shipped, 6), dtype=np.float64), model.held_out.labels)
    new = HeldOut.of(unseen, labels)
    tails, pooled = join_tails(old, new)
    before, fitted = softmax(logits), softmax(calibration.apply(logits))
    distance = np.abs(fitted - before).sum(axis=1) / 2
    known = sorted(set(corpus.elections) & set(model.facts.get("elections", ())))
    losses = (_log_loss(before, labels), _log_loss(unseen, labels))
    facts = {key: value for key, value in model.facts.items() if key != "file_sha256"}
    facts["recalibrated"] = {
        **calibration.facts(),
        "posts": len(corpus),
        "data_sha256": corpus.digest,
        "model_sha256": model.facts.get("file_sha256", ""),
        "elections": sorted(set(corpus.elections)),
        "log_loss": [round(loss, 9) for loss in losses],
        "pooled": pooled,
    }
    held_out = HeldOut(np.concatenate([old.scores, new.scores]), np.concatenate([old.labels, new.labels]))
    return Recalibration(
        model=replace(_scaled(model, calibration), tails=tails, facts=facts, held_out=held_out),
        calibration=calibration,
        posts=len(corpus),
        before=losses[0],
        after=losses[1],
        moved=float(distance.mean()),
        furthest=float(distance.max()),
        relabelled=int((fitted.argmax(axis=1) != before.argmax(axis=1)).sum()),
        pooled=pooled,
        alone={label: smallest_rate(int((labels != label).sum())) for label in ACCUSING},
        known=tuple(known),
    )


def _require(labels: npt.NDArray[np.str_], groups: Ints) -> None:
    distinct = len(np.unique(groups))
    if distinct < FEWEST:
        copies = f" ({len(labels) - distinct} more are copies)" if distinct < len(labels) else ""
        raise InputError(
            f"There are {distinct} labelled posts{copies}; calibration needs {FEWEST}. Label {FEWEST - distinct} more."
        )
    for label in LABELS:
        if label not in labels:
            raise InputError(f'No post is labelled "{label}"; calibration needs all of {", ".join(LABELS)}.')


def _cross_validated(logits: Floats, labels: npt.NDArray[np.str_], groups: Ints, prior: float, seed: int) -> Floats:
    """Calibrated scores of each post, from a fit without it and its copies."""
    fold_of = np.random.default_rng(seed).permutation(np.arange(groups.max() + 1) % FOLDS)[groups]
    out = np.empty_like(logits)
    for fold in range(FOLDS):
        test = fold_of == fold
        out[test] = fit_calibration(logits[~test], labels[~test], prior=prior).apply(logits[test])
    return softmax(out)


def join_tails(old: HeldOut, new: HeldOut) -> tuple[dict[str, Floats], dict[str, bool]]:
    """The tails of old and new posts together, or of the new alone where they crowd the upper part of the old.

    Also says for each label whether they were joined.
    """
    from scipy.stats import binomtest

    old_tails, new_tails = tails_of(old.scores, old.names), tails_of(new.scores, new.names)
    joined: dict[str, Floats] = {}
    pooled: dict[str, bool] = {}
    for label in ACCUSING:
        a, b = old_tails[label], new_tails[label]
        above = int((b > np.quantile(a, 1 - UPPER_PART)).sum()) if len(a) else 0
        harder = binomtest(above, len(b), UPPER_PART, alternative="greater").pvalue < 1 - CONFIDENCE
        pooled[label] = bool(len(a)) and not harder
        joined[label] = np.sort(np.concatenate([a, b]))[::-1] if pooled[label] else b
    return joined, pooled


def smallest_rate(n: int) -> float:
    """The smallest false-positive rate that ``n`` posts can support, when none of them is a false alarm.

    >>> round(smallest_rate(299), 3)
    0.01
    """
    return 1.0 - (1.0 - CONFIDENCE) ** (1.0 / n) if n else 1.0


def _log_loss(scores: Floats, labels: npt.NDArray[np.str_]) -> float:
    own = scores[np.arange(len(labels)), [LABELS.index(label) for label in labels]]
    return float(-np.log(np.maximum(own, 1e-300)).mean())


def _scaled(model: Model, calibration: Calibration) -> Model:
    """The model with a calibration folded into its weights, kept to single precision as in training."""
    weights = tuple(w.times(calibration.scale) for w in model.weights)
    return replace(model, weights=weights, intercept=calibration.apply(model.intercept))
