"""Learning a new election from its unlabelled posts: self-training that may re-weigh words but not invent them.

The model reads the posts, believes itself where it is sure, and is fitted again on the corpus together with those
beliefs, a few times over (Yarowsky 1995; soft labels as in Nigam et al. 2000). Only features of the written corpus
take part: a word that stands for one pair of the new election (a nickname, its city, its party) cannot become
evidence for or against a pair. What was tried and measured beside it is in ``notebooks/02_ablation.ipynb``.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy.sparse import csr_matrix, hstack, vstack
from sklearn.linear_model import LogisticRegression
from threadpoolctl import threadpool_limits

from netral_nlp.arrays import Floats
from netral_nlp.errors import InputError
from netral_nlp.features.reader import Reader, prepare
from netral_nlp.features.views import View
from netral_nlp.learning.adapted import Adapted, agreement, support_by_pair, terms_of, without
from netral_nlp.learning.anonymity import hide_names
from netral_nlp.learning.corpus import Corpus
from netral_nlp.learning.designs import counts_of, learned_idf, weighted
from netral_nlp.learning.folds import parts_of
from netral_nlp.learning.pipeline import build_pipeline
from netral_nlp.learning.training import DOUBT
from netral_nlp.model.calibration import HeldOut, fit_calibration, softmax, tails_of
from netral_nlp.model.model import Model, Weights, single
from netral_nlp.records import LABELS, SUPPORT, Case, Progress
from netral_nlp.roster import Roster
from netral_nlp.statistics import auc
from netral_nlp.text.stemming import Stemmer

ROUNDS = 4
HELD_ROUNDS = 2  # of the fits that error rates are found on
SHARPNESS = 1.5  # of beliefs, over the fit's own log-odds: calibrated ones are too modest to teach
SURE = 0.7  # a belief weaker than this teaches nothing
SHARE = 0.7  # weight of all beliefs together, in corpora
MOST_A_VIEW = 1.0  # mean weight of a view at most, in written posts: few posts must not shout
FEWEST = 300  # views (post, named pair) below which there is nothing to learn from
MOST = 60_000  # views that are learned from; a seeded sample of more
AGREEMENT = 0.97  # with the parent, on posts of which the parent is sure
MARGIN = 0.01  # support AUC on written elections left out that may be lost


class _Designs:
    """TF-IDF matrices of corpus and unlabelled views over the parent's features.

    ``taught`` are the unlabelled views without the vetoed words: nothing is learned from those. How common a word is
    (its idf) is counted with them.
    """

    def __init__(
        self, model: Model, written: Sequence[View], unlabelled: Sequence[View], taught: Sequence[View]
    ) -> None:
        self.weights = model.weights
        self.n = len(written)
        self.counts: list[csr_matrix] = []
        self.common: list[csr_matrix] = []
        for w in model.weights:
            known, new, learned = (
                counts_of(w.block, views, features=w.index, vectors=w.vectors)
                for views in (written, unlabelled, taught)
            )
            self.counts.append(vstack([known, learned], format="csr"))
            self.common.append(vstack([known, new], format="csr"))

    def seen(self) -> npt.NDArray[np.int64]:
        """In how many of the new views each feature of the first block stands."""
        return np.asarray((self.counts[0][self.n :] > 0).sum(axis=0)).ravel()

    def matrices(self, fit: np.ndarray[Any, np.dtype[np.bool_]]) -> tuple[csr_matrix, csr_matrix, list[Floats]]:
        """Weighted TF-IDF of corpus and unlabelled rows, and each block's idf, learned from ``fit`` and the new."""
        rows = np.concatenate([np.flatnonzero(fit), np.arange(self.n, self.counts[0].shape[0])])
        parts, idfs = [], []
        for w, counts, common in zip(self.weights, self.counts, self.common, strict=True):
            if w.block.dense:
                parts.append(counts)
                idfs.append(w.idf)
                continue
            idfs.append(learned_idf(w.block, common[rows]))
            parts.append(weighted(w.block, counts, idfs[-1]))
        whole = hstack(parts, format="csr")
        return whole[: self.n], whole[self.n :], idfs


def views_of(
    posts: Sequence[tuple[str, str | None]], roster: Roster, seed: int = 0, stem: Stemmer = "fast"
) -> tuple[list[Case], list[View]]:
    """One case and view for every (distinct post, pair that it names or whose page it stands on).

    ``posts`` are texts with the pair of their page or None. At most 60,000 views, a seeded sample of more.
    """
    reader = Reader(roster, stem)
    cases: list[Case] = []
    views: list[View] = []
    seen: set[tuple[str, int]] = set()
    for text, about in dict.fromkeys(posts):
        reading = reader.read(text)
        for pair in reading.pairs or ((reader.pair_index(about),) if about else ()):
            if (text, pair) in seen:  # one post on the pages of two pairs
                continue
            seen.add((text, pair))
            cases.append(Case(text, roster.pairs[pair].id, roster))
            views.append(reader.view(reading, pair))
    if len(views) > MOST:
        chosen = np.sort(np.random.default_rng(seed).choice(len(views), MOST, replace=False))
        cases, views = [cases[i] for i in chosen], [views[i] for i in chosen]
    return cases, views


def adapt(
    model: Model,
    corpus: Corpus,
    roster: Roster,
    posts: Sequence[tuple[str, str | None]],
    *,
    veto: Sequence[str] = (),
    seed: int = 0,
    say: Progress = lambda message: None,
) -> Adapted:
    """Adapt a model to the election of ``roster`` by its unlabelled posts.

    ``corpus`` must be the one that the model was trained on; words in ``veto`` (as shown among the terms) learn
    nothing from the posts. Raises InputError when the corpus is another, when the model is adapted or calibrated
    already, when fewer than 300 views name a pair, and when the adapted model drifts: agreement with the parent below
    97 % where the parent is sure, or support AUC on written elections left out more than 0.01 below the parent's.
    Raises UsageError for a veto of a word that is not there.
    """
    if model.facts.get("corpus_sha256") != corpus.digest:
        raise InputError(
            "The model was not trained on this corpus as it is. Name the corpus that it was trained on with --corpus, "
            "or train again."
        )
    if known := [fact for fact in ("adapted", "recalibrated") if fact in model.facts]:
        raise InputError(
            f"The model is {known[0]} already, which would be lost or count twice. Adapt the model that it was made "
            "from, and calibrate afterwards."
        )
    auc_before = _held_auc(model)
    stem: Stemmer = "sastrawi" if model.stem == "sastrawi" else "fast"
    cases, unlabelled = views_of(posts, roster, seed, stem)
    if len(unlabelled) < FEWEST:
        raise InputError(
            f"Only {len(unlabelled):,} of the posts' views name a pair of {roster.election.id}; adapting needs at "
            f"least {FEWEST}. Gather more posts, or name the column with the pair of their page with --pair-column."
        )
    say(f"Reading {len(unlabelled):,} views of unlabelled posts beside {len(corpus):,} written ones")
    written = hide_names(corpus.cases, prepare(corpus.cases, stem))
    nameless = hide_names(cases, unlabelled)
    designs = _Designs(model, written, nameless, without(nameless, veto, model))
    labels = np.array(corpus.labels)
    before = model.probabilities(unlabelled)
    everything = np.ones(len(corpus), dtype=bool)
    with threadpool_limits(1):
        scale = float(model.facts["calibration"]["scale"])
        beliefs = softmax(np.array([model.log_odds(v) for v in unlabelled]) * (SHARPNESS / scale))
        target = beliefs.mean(axis=0)
        logit: LogisticRegression | None = None
        idfs: list[Floats] = []
        for at in range(ROUNDS):
            say(f"Learning from its own reading: round {at + 1} of {ROUNDS}")
            old, new, idfs = designs.matrices(everything)
            logit = _fit(old, labels, new, beliefs, target, model)
            beliefs = softmax((new @ logit.coef_.T + logit.intercept_) * SHARPNESS)
        held = _held_out(designs, corpus, labels, target, model, say)
    assert logit is not None
    calibration = fit_calibration(held, labels, doubt=DOUBT)
    scores = softmax(calibration.apply(held))
    child = _child(model, logit, idfs, calibration.scale, calibration.apply(logit.intercept_), scores, labels)
    after = child.probabilities(unlabelled)
    adapted = Adapted(
        child,
        len(unlabelled),
        agreement(before, after),
        auc_before,
        float(auc(labels == SUPPORT, scores[:, 0])),
        support_by_pair(roster, cases, before, after),
        tuple(terms_of(model, child, designs.seen())),
    )
    _guard(adapted)
    facts = {**model.facts, "adapted": adapted.facts() | {"election": roster.election.id, "veto": sorted(veto)}}
    facts["calibration"] = calibration.facts()
    facts.pop("file_sha256", None)
    return replace(adapted, model=replace(child, facts=facts))


def _guard(adapted: Adapted) -> None:
    if adapted.agreement < AGREEMENT:
        raise InputError(
            f"The adapted model agrees with its parent on {adapted.agreement:.1%} of the posts that the parent is sure "
            f"of, less than {AGREEMENT:.0%}: it has drifted and was not kept."
        )
    if adapted.auc_after < adapted.auc_before - MARGIN:
        raise InputError(
            f"On written elections left out the support AUC would fall from {adapted.auc_before:.3f} to "
            f"{adapted.auc_after:.3f}, by more than {MARGIN}: the adapted model was not kept."
        )


def _fit(
    old: csr_matrix,
    labels: np.ndarray[Any, Any],
    new: csr_matrix,
    beliefs: Floats,
    target: Floats,
    model: Model,
) -> LogisticRegression:
    """A fit on the written posts and, thrice each with the weight of a belief, the new ones.

    The beliefs' shares of the three labels are held at ``target``, the parent's: self-training would else drift
    toward the commonest label.
    """
    sure = beliefs * (beliefs.max(axis=1, keepdims=True) >= SURE)
    sums = np.maximum(sure.sum(axis=0), 1e-9)
    believed = sure * (target / sums)
    together = min(SHARE * len(labels), MOST_A_VIEW * len(sure))
    believed *= together / max(float(believed.sum()), 1e-9)
    even = {label: len(labels) / (len(LABELS) * max(int((labels == label).sum()), 1)) for label in LABELS}
    balance = np.array([even[str(label)] for label in labels])
    matrix = vstack([old, *([new] * len(LABELS))], format="csr")
    answers = np.concatenate([labels, *([np.full(new.shape[0], label) for label in LABELS])])
    shares = np.concatenate([balance, believed.T.ravel()])
    used = shares > 1e-6
    logit = build_pipeline(strength=float(model.facts.get("strength", 1.0))).named_steps["logit"]
    logit.set_params(class_weight=None)
    return logit.fit(matrix[used], answers[used], sample_weight=shares[used])


def _held_out(
    designs: _Designs,
    corpus: Corpus,
    labels: np.ndarray[Any, Any],
    target: Floats,
    model: Model,
    say: Progress,
) -> Floats:
    """Log-odds of the written posts from fits that were adapted without their election and source.

    Each fit forms its own beliefs about the new posts: those of the whole model know the posts left out.
    """
    out = np.zeros((len(corpus), len(LABELS)))
    for fit, test in parts_of(corpus, sources=corpus.sources, say=say):
        old, new, _ = designs.matrices(fit)
        logit = _fit(old[fit], labels[fit], new[:0], np.zeros((0, len(LABELS))), target, model)
        for _ in range(HELD_ROUNDS):
            beliefs = softmax((new @ logit.coef_.T + logit.intercept_) * SHARPNESS)
            logit = _fit(old[fit], labels[fit], new, beliefs, target, model)
        out[test] = old[test] @ logit.coef_.T + logit.intercept_
    return out


def _held_auc(model: Model) -> float:
    if model.held_out is None:
        raise InputError("The model does not say how it did on elections left out. Train it again: netral train")
    return float(auc(model.held_out.names == SUPPORT, model.held_out.scores[:, 0]))


def _child(
    model: Model,
    logit: LogisticRegression,
    idfs: Sequence[Floats],
    scale: float,
    intercept: Floats,
    scores: Floats,
    labels: np.ndarray[Any, Any],
) -> Model:
    weights, at = [], 0
    for w, idf in zip(model.weights, idfs, strict=True):
        n = len(w.features) if w.vectors is None else w.vectors.codes.shape[1]
        coef = np.ascontiguousarray(single(logit.coef_[:, at : at + n].T * scale))
        if w.vectors is None:
            weights.append(replace(w, idf=np.asarray(idf, dtype=np.float64), coef=coef))
        else:
            weights.append(Weights.dense(w.block, w.vectors, coef))
        at += n
    tails, held_out = tails_of(scores, labels), HeldOut.of(scores, labels)
    return Model(tuple(weights), np.asarray(intercept), model.stem, tails, model.facts, held_out, model.acts)
