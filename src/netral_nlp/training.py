"""Learning a model: fit on a corpus, calibrate and find error rates on elections left out of the fit."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from importlib.metadata import version
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy.sparse import csr_matrix, hstack
from sklearn.feature_extraction.text import CountVectorizer, TfidfTransformer
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import Pipeline
from threadpoolctl import threadpool_limits

from netral_nlp.calibration import Calibration, HeldOut, fit_calibration, tails_of
from netral_nlp.corpus import Corpus
from netral_nlp.errors import InputError
from netral_nlp.features.anonymity import hide_names
from netral_nlp.features.blocks import BLOCKS, Block
from netral_nlp.features.pipeline import build_pipeline
from netral_nlp.features.preparation import Stemmer, prepare
from netral_nlp.features.views import View
from netral_nlp.grouping import near_duplicates
from netral_nlp.model import Floats, Model, Weights, softmax
from netral_nlp.records import LABELS

STRENGTH = 0.5  # scikit-learn's C: written posts would take 1 to 2 (notebooks/02_ablation.ipynb), real ones take less
FOLDS = 6
DOUBT = 0.05  # labels that a second reader would give otherwise: kappa 0.94 between annotators of real posts
FEWEST = 20  # posts of each label below which nothing can be learned
Progress = Callable[[str], None]


@dataclass(frozen=True)
class Trained:
    """A model, the scikit-learn Pipeline it equals, and the out-of-election scores behind its calibration.

    ``held_out`` has shape (posts, 3): calibrated probabilities, each from a fit without the post's election and
    source.
    """

    model: Model
    pipeline: Pipeline
    held_out: Floats


def train(
    corpus: Corpus,
    *,
    seed: int = 0,
    stem: Stemmer = "fast",
    strength: float = STRENGTH,
    blocks: Sequence[Block] = BLOCKS,
    say: Progress = lambda message: None,
) -> Trained:
    """Fit, calibrate and package a model; the same corpus and seed give the same model bytes.

    Raises InputError when a label has fewer than 20 posts or the corpus has a single election.
    """
    labels = np.array(corpus.labels)
    for label in LABELS:
        if (count := int((labels == label).sum())) < FEWEST:
            raise InputError(f'The corpus has {count} posts labelled "{label}"; at least {FEWEST} of each are needed.')
    say(f"Reading {len(corpus):,} posts of {len(set(corpus.elections))} elections")
    views = prepare(corpus.cases, stem)
    weights = np.array([e.weight for e in corpus.examples])
    with threadpool_limits(1):  # more threads would change the last bits of the weights
        raw = held_out_logits(
            corpus, views, weights, strength=strength, blocks=blocks, seed=seed, sources=corpus.sources, say=say
        )
        say("Fitting on all elections")
        pipeline = build_pipeline(blocks=tuple(blocks), stem=stem, strength=strength, seed=seed)
        pipeline.fit(hide_names(corpus.cases, views), labels, logit__sample_weight=weights)
    calibration = fit_calibration(raw, labels, doubt=DOUBT)
    scores = softmax(calibration.apply(raw))
    _settle(pipeline, calibration)
    facts = {
        "corpus_sha256": corpus.digest,
        "posts": len(corpus),
        "elections": sorted(set(corpus.elections)),
        "by_label": {label: int((labels == label).sum()) for label in LABELS},
        "seed": seed,
        "strength": strength,
        "calibration": calibration.facts(),
        "versions": {name: version(name) for name in ("netral-nlp", "scikit-learn", "numpy", "PySastrawi")},
    }
    held_out = HeldOut.of(scores, labels)
    model = model_of(pipeline, blocks, stem, tails_of(scores, labels), facts, held_out)
    return Trained(model, pipeline, scores)


def folds_of(elections: Sequence[str], count: int = FOLDS) -> list[frozenset[str]]:
    """Groups of elections of about equal size; each group is left out once. At most one group an election."""
    names, sizes = np.unique(np.array(elections), return_counts=True)
    if len(names) < 2:
        raise InputError("The corpus has a single election; at least two are needed to check one by the other.")
    groups: list[set[str]] = [set() for _ in range(min(count, len(names)))]
    filled = [0] * len(groups)
    for i in sorted(range(len(names)), key=lambda i: (-sizes[i], names[i])):
        at = filled.index(min(filled))
        groups[at].add(str(names[i]))
        filled[at] += int(sizes[i])
    return [frozenset(group) for group in groups]


def splits_of(
    elections: Sequence[str],
    folds: Sequence[frozenset[str]],
    groups: npt.NDArray[np.int64],
    sources: Sequence[str] | None = None,
) -> Iterator[tuple[npt.NDArray[np.bool_], npt.NDArray[np.bool_]]]:
    """For each fold, and each source within it, the posts to fit on and those to check, as masks.

    ``groups`` are the numbers from :func:`netral_nlp.grouping.near_duplicates`: a post alike to one that is left out
    is left out of the fit, too. With ``sources`` the fit has neither the elections nor the source of the posts that
    it is checked on: people who wrote one part of a corpus have habits that help a model there and nowhere else.
    """
    names = np.array(elections)
    origins = np.array(sources if sources is not None else [""] * len(names))
    for fold in folds:
        for origin in np.unique(origins):
            here = origins == origin
            test = np.isin(names, sorted(fold)) & here
            if test.any():
                fit = ~np.isin(names, sorted(fold)) & ~np.isin(groups, groups[test])
                yield (fit & ~here if len(np.unique(origins)) > 1 else fit), test


def held_out_logits(
    corpus: Corpus,
    views: Sequence[View],
    weights: Floats,
    *,
    strength: float = STRENGTH,
    blocks: Sequence[Block] = BLOCKS,
    seed: int = 0,
    folds: Sequence[frozenset[str]] | None = None,
    groups: npt.NDArray[np.int64] | None = None,
    sources: Sequence[str] | None = None,
    say: Progress = lambda message: None,
) -> Floats:
    """Log-odds of every post from a fit that has not seen its election (nor its source), shape (posts, 3).

    Near-duplicates of a left-out post are left out of the fit, too; ``groups`` says which posts are (default: found
    here). Unmasked names are hidden. Raises InputError when a fit would lack a label.
    """
    learnt = hide_names(corpus.cases, views)
    counts = [CountVectorizer(analyzer=b.features).fit_transform(learnt) for b in blocks]
    labels = np.array(corpus.labels)
    out = np.zeros((len(corpus), len(LABELS)))
    chosen = folds if folds is not None else folds_of(corpus.elections)
    alike = groups if groups is not None else near_duplicates([e.case.text for e in corpus.examples])
    splits = list(splits_of(corpus.elections, chosen, alike, sources))
    for at, (fit, test) in enumerate(splits, 1):
        if at % 4 == 1:
            say(f"Checking on elections left out: part {at} of {len(splits)}")
        if missing := [label for label in LABELS if label not in labels[fit]]:
            names = ", ".join(sorted({corpus.examples[i].election for i in np.flatnonzero(test)}))
            raise InputError(f'Without {names} no post labelled "{missing[0]}" is left to learn from. Add more posts.')
        design = [_block_matrix(c, b, fit) for c, b in zip(counts, blocks, strict=True)]
        matrix = hstack(design, format="csr")
        logit = _logit(strength, seed).fit(matrix[fit], labels[fit], sample_weight=weights[fit])
        out[test] = matrix[test] @ logit.coef_.T + logit.intercept_
    return out


def _logit(strength: float, seed: int) -> LogisticRegression:
    return build_pipeline(strength=strength, seed=seed).named_steps["logit"]


def _block_matrix(counts: csr_matrix, block: Block, fit: npt.NDArray[np.bool_]) -> csr_matrix:
    """The weighted TF-IDF matrix of a block for all posts, learned from those in ``fit``."""
    frequent = np.asarray((counts[fit] > 0).sum(axis=0)).ravel() >= block.min_df
    kept = counts[:, frequent]
    tfidf = TfidfTransformer(use_idf=block.idf, sublinear_tf=True).fit(kept[fit])
    return csr_matrix(tfidf.transform(kept) * block.weight)


def _settle(pipeline: Pipeline, calibration: Calibration) -> None:
    """Fold the calibration into the classifier and keep what single precision holds: Pipeline and file agree."""
    logit = pipeline.named_steps["logit"]
    order = [list(logit.classes_).index(label) for label in LABELS]
    if order != list(range(len(LABELS))):
        raise AssertionError("the labels are not in alphabetical order")
    logit.coef_ = (logit.coef_ * calibration.scale).astype(np.float32).astype(np.float64)
    logit.intercept_ = calibration.apply(logit.intercept_)


def model_of(
    pipeline: Pipeline,
    blocks: Sequence[Block],
    stem: Stemmer,
    tails: dict[str, Floats],
    facts: dict[str, Any],
    held_out: HeldOut | None = None,
) -> Model:
    """The plain numbers of a fitted Pipeline."""
    union = dict(pipeline.named_steps["features"].transformer_list)
    logit = pipeline.named_steps["logit"]
    weights: list[Weights] = []
    at = 0
    for block in blocks:
        vectorizer = union[block.name]
        features = tuple(str(f) for f in vectorizer.get_feature_names_out())
        idf = np.asarray(vectorizer.idf_, dtype=np.float64) if block.idf else np.ones(len(features))
        coef = np.ascontiguousarray(logit.coef_[:, at : at + len(features)].T)
        weights.append(Weights(block, features, idf, coef))
        at += len(features)
    return Model(tuple(weights), np.asarray(logit.intercept_, dtype=np.float64), stem, tails, facts, held_out)
