"""Fitting a model to a new election from a few labelled posts of it: weights move as far as the posts support it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy.optimize import minimize
from scipy.sparse import csr_matrix, hstack

from netral_nlp.arrays import Floats, Ints
from netral_nlp.errors import InputError
from netral_nlp.features.blocks import says_something
from netral_nlp.features.reader import prepare
from netral_nlp.features.views import View
from netral_nlp.learning.anonymity import hide_names
from netral_nlp.learning.corpus import Corpus
from netral_nlp.learning.designs import counts_of, weighted
from netral_nlp.learning.duplicates import near_duplicates
from netral_nlp.model.calibration import softmax
from netral_nlp.model.model import Model, Weights, single
from netral_nlp.model.promise import FACT, levels_of
from netral_nlp.records import LABELS, NEUTRAL, SUPPORT
from netral_nlp.statistics import auc, confusion, macro_f1

SCHEMA = 2
FEWEST = 20  # distinct posts
FOLDS = 5
STRENGTHS = (0.3, 1.0, 3.0)  # of the penalty that holds the weights at the model's; cross-validation chooses
DRAWS = 1_000
DIGITS = 6

Labels = npt.NDArray[np.str_]
Gain = tuple[float, float, float]  # the estimate, and its 95 % interval


@dataclass(frozen=True)
class Recalibration:
    """The new model, and what the posts gain; all figures are of posts that took no part in the fit.

    ``strength`` is the penalty that cross-validation chose, None where the model as it was did best and was kept.
    ``loss`` is the mean log-loss before and after, each label counted alike; ``auc`` and ``macro_f1`` are the gains
    of the support AUC and of macro-F1. ``neutral`` counts the neutral posts that set the threshold of ``--max-fpr``.
    """

    model: Model
    posts: int
    strength: float | None
    loss: tuple[float, float]
    auc: Gain | None
    macro_f1: Gain | None
    relabelled: int
    neutral: int
    known: tuple[str, ...]

    @property
    def kept(self) -> bool:
        """Whether the weights are still the model's own."""
        return self.strength is None

    def document(self) -> dict[str, Any]:
        """As JSON."""
        return {
            "schema": SCHEMA,
            "n": self.posts,
            "strength": self.strength,
            "log_loss": {"before": self.loss[0], "after": self.loss[1]},
            "gain": {"support_auc": self.auc, "macro_f1": self.macro_f1},
            "relabelled": self.relabelled,
            "neutral": self.neutral,
            "elections_known_to_the_model": list(self.known),
        }


def recalibrate(model: Model, corpus: Corpus, *, seed: int = 0) -> Recalibration:
    """The model fitted to the labelled posts of an election, and with a threshold that its neutral posts set.

    Logistic regression on the posts, classes balanced, with an L2 penalty centred on the model's weights; the
    intercept is held. How strong the penalty is, and whether anything is changed at all, is decided by the log-loss of
    posts left out (copies together). Names are hidden, so none is learned. Labels that no post has are left alone.
    Where at least ``1 / max_fpr - 1`` posts are neutral, ``--max-fpr`` is kept by split conformal prediction on their
    left-out scores. Raises InputError below 20 distinct posts.
    """
    labels = np.array(corpus.labels)
    groups = near_duplicates([e.case.text for e in corpus.examples])
    _require(len(labels), groups)
    views = prepare(corpus.cases, model.stem)
    design = design_of(model, hide_names(corpus.cases, views))
    kernel = (design @ design.T).toarray()
    logits = np.array([model.log_odds(view) for view in views])
    strength, unseen = _choose(kernel, logits, labels, groups, seed)
    fitted = model if strength is None else _moved(model, design, _fit(kernel, logits, labels, strength))
    telling = np.array([says_something(view) for view in views])
    neutral = np.sort(levels_of(unseen, model.tails, telling)[labels == NEUTRAL])
    before = softmax(logits)
    facts = {key: value for key, value in model.facts.items() if key != "file_sha256"}
    facts["recalibrated"] = {
        "posts": len(corpus),
        "strength": strength,
        "data_sha256": corpus.digest,
        "model_sha256": model.facts.get("file_sha256", ""),
        "elections": sorted(set(corpus.elections)),
    }
    facts[FACT] = [round(level, 9) for level in neutral.tolist()]
    after = before if strength is None else softmax(np.array([fitted.log_odds(view) for view in views]))
    return Recalibration(
        model=replace(fitted, facts=facts),
        posts=len(corpus),
        strength=strength,
        loss=(round(_loss(before, labels), DIGITS), round(_loss(unseen, labels), DIGITS)),
        auc=_gain(_support_auc, before, unseen, labels, seed),
        macro_f1=_gain(_macro_f1, before, unseen, labels, seed),
        relabelled=int((after.argmax(axis=1) != before.argmax(axis=1)).sum()),
        neutral=len(neutral),
        known=tuple(sorted(set(corpus.elections) & set(model.facts.get("elections", ())))),
    )


def design_of(model: Model, views: Sequence[View]) -> csr_matrix:
    """The values of all features of some views, (views, columns); times the weights they give the log-odds."""
    parts = []
    for w in model.weights:
        counts = counts_of(w.block, views, features=w.index, vectors=w.vectors)
        parts.append(counts if w.block.dense else weighted(w.block, counts, w.idf))
    return csr_matrix(hstack(parts, format="csr"))


def _require(posts: int, groups: Ints) -> None:
    distinct = len(np.unique(groups))
    if distinct < FEWEST:
        copies = f" ({posts - distinct} more are copies)" if distinct < posts else ""
        raise InputError(
            f"There are {distinct} labelled posts{copies}; calibration needs {FEWEST}. Label {FEWEST - distinct} more."
        )


def _fit(kernel: Floats, logits: Floats, labels: Labels, strength: float) -> Floats:
    """How far each post moves the weights, shape (posts, 3): the log-odds become ``logits + kernel @ moves``.

    The fit in the span of the posts is the fit of all weights (representer theorem), and takes milliseconds.
    """
    truth = labels[:, None] == np.array(LABELS)
    there = truth.any(axis=0)
    shares = np.where(there, len(labels) / np.maximum(truth.sum(axis=0) * there.sum(), 1), 0.0)
    weight = truth @ shares

    def loss(flat: Floats) -> tuple[float, Floats]:
        moves = flat.reshape(-1, len(LABELS))
        chances = softmax(np.where(there, logits + kernel @ moves, -np.inf))
        own = np.maximum(chances[truth], 1e-300)
        value = -(weight * np.log(own)).sum() + strength / 2 * float((moves * (kernel @ moves)).sum())
        slope = kernel @ ((chances - truth) * weight[:, None] + strength * moves)
        return value, (slope * there).ravel()

    start = np.zeros(len(labels) * len(LABELS))
    found = minimize(loss, start, jac=True, method="L-BFGS-B", options={"maxiter": 200})
    return np.asarray(found.x, dtype=np.float64).reshape(-1, len(LABELS))


def _choose(kernel: Floats, logits: Floats, labels: Labels, groups: Ints, seed: int) -> tuple[float | None, Floats]:
    """The best penalty (None: change nothing), and each post's scores from a fit without it and its copies."""
    fold_of = _folds(labels, groups, seed)
    best: tuple[float | None, Floats] = (None, softmax(logits))
    for strength in STRENGTHS:
        moved = logits.copy()
        for fold in range(FOLDS):
            fit, test = np.flatnonzero(fold_of != fold), np.flatnonzero(fold_of == fold)
            if len(test) and len(np.unique(labels[fit])) > 1:
                moves = _fit(kernel[np.ix_(fit, fit)], logits[fit], labels[fit], strength)
                moved[test] += kernel[np.ix_(test, fit)] @ moves
        scores = softmax(moved)
        if _loss(scores, labels) < _loss(best[1], labels):
            best = strength, scores
    return best


def _folds(labels: Labels, groups: Ints, seed: int) -> Ints:
    """A fold for each post: copies together, every label in all folds as evenly as can be."""
    _, first = np.unique(groups, return_index=True)
    shuffled = np.random.default_rng(seed).permutation(len(first))
    by_label = shuffled[np.argsort(labels[first[shuffled]], kind="stable")]
    fold = np.empty(len(first), dtype=np.int64)
    fold[by_label] = np.arange(len(first)) % FOLDS
    return fold[groups]


def _moved(model: Model, design: csr_matrix, moves: Floats) -> Model:
    """The model with its weights moved, kept to single precision as in training."""
    change = np.asarray(design.T @ moves)
    weights, at = [], 0
    for w in model.weights:
        if w.vectors is not None and w.directions is not None:
            upto = at + len(w.directions)
            weights.append(Weights.dense(w.block, w.vectors, single(w.directions + change[at:upto])))
        else:
            upto = at + len(w.features)
            weights.append(replace(w, coef=single(w.coef + change[at:upto])))
        at = upto
    return replace(model, weights=tuple(weights))


def _loss(scores: Floats, labels: Labels) -> float:
    """Mean log-loss, each label counted alike."""
    own = -np.log(np.maximum(scores[labels[:, None] == np.array(LABELS)], 1e-300))
    return float(np.mean([own[labels == label].mean() for label in LABELS if (labels == label).any()]))


def _support_auc(scores: Floats, labels: Labels) -> float:
    return float(auc(labels == SUPPORT, scores[:, LABELS.index(SUPPORT)]))


def _macro_f1(scores: Floats, labels: Labels) -> float:
    truth = np.array([LABELS.index(label) for label in labels], dtype=np.int64)
    return float(macro_f1(confusion(truth, scores.argmax(axis=1).astype(np.int64))))


def _gain(figure: Any, before: Floats, after: Floats, labels: Labels, seed: int) -> Gain | None:
    """How much a figure rises, with a bootstrap interval over the posts; None where it is not defined."""
    estimate = figure(after, labels) - figure(before, labels)
    chance = np.random.default_rng(seed)
    drawn = []
    for _ in range(DRAWS):
        chosen = chance.integers(len(labels), size=len(labels))
        drawn.append(figure(after[chosen], labels[chosen]) - figure(before[chosen], labels[chosen]))
    known = np.array(drawn)[np.isfinite(drawn)]
    if not np.isfinite(estimate) or not len(known):
        return None
    low, high = np.quantile(known, [0.025, 0.975])
    return round(float(estimate), DIGITS), round(float(low), DIGITS), round(float(high), DIGITS)
