"""Learning a model: fit on a corpus, calibrate and find error rates on elections left out of the fit."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from importlib.metadata import version
from typing import Any

import numpy as np
from sklearn.pipeline import Pipeline
from threadpoolctl import threadpool_limits

from netral_nlp.arrays import Floats
from netral_nlp.errors import InputError
from netral_nlp.features.blocks import BLOCKS, Block
from netral_nlp.features.reader import prepare
from netral_nlp.features.vectors import WordVectors, shipped_vectors
from netral_nlp.learning.anonymity import hide_names
from netral_nlp.learning.corpus import Corpus
from netral_nlp.learning.folds import (
    STRENGTH,
    held_out_logits,
    side_by_side,
)
from netral_nlp.learning.pipeline import build_pipeline
from netral_nlp.model.calibration import Calibration, HeldOut, fit_calibration, softmax, tails_of
from netral_nlp.model.model import Model, Weights, single
from netral_nlp.records import LABELS, Progress
from netral_nlp.text.stemming import Stemmer

DOUBT = 0.05  # labels that a second reader would give otherwise: kappa 0.94 between annotators of real posts
FEWEST = 20  # posts of each label below which nothing can be learned


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
    vectors: WordVectors | None = None,
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
    views, words = prepare(corpus.cases, stem), vectors or shipped_vectors()
    pipeline = build_pipeline(blocks=tuple(blocks), stem=stem, vectors=vectors, strength=strength, seed=seed)
    # more threads within a product would change the last bits of the weights; whole fits side by side do not
    with threadpool_limits(1), side_by_side(1) as beside:
        fitting = beside.submit(lambda: pipeline.fit(hide_names(corpus.cases, views), labels))
        raw = held_out_logits(
            corpus, views, strength=strength, blocks=blocks, vectors=words, seed=seed, sources=corpus.sources, say=say
        )
        say("Fitting on all elections")
        fitting.result()
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
        "vectors_sha256": words.digest,
        "calibration": calibration.facts(),
        "versions": {name: version(name) for name in ("netral-nlp", "scikit-learn", "numpy", "PySastrawi")},
    }
    held_out = HeldOut.of(scores, labels)
    model = model_of(pipeline, blocks, stem, words, tails_of(scores, labels), facts, held_out)
    return Trained(model, pipeline, scores)


def _settle(pipeline: Pipeline, calibration: Calibration) -> None:
    """Fold the calibration into the classifier and keep what single precision holds: Pipeline and file agree."""
    logit = pipeline.named_steps["logit"]
    order = [list(logit.classes_).index(label) for label in LABELS]
    if order != list(range(len(LABELS))):
        raise AssertionError("the labels are not in alphabetical order")
    logit.coef_ = single(logit.coef_ * calibration.scale)
    logit.intercept_ = calibration.apply(logit.intercept_)


def model_of(
    pipeline: Pipeline,
    blocks: Sequence[Block],
    stem: Stemmer,
    vectors: WordVectors,
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
        if block.dense:
            upto = at + vectors.codes.shape[1]
            weights.append(Weights.dense(block, vectors, np.ascontiguousarray(logit.coef_[:, at:upto].T)))
            at = upto
            continue
        vectorizer = union[block.name]
        features = tuple(str(f) for f in vectorizer.get_feature_names_out())
        idf = np.asarray(vectorizer.idf_, dtype=np.float64) if block.idf else np.ones(len(features))
        coef = np.ascontiguousarray(logit.coef_[:, at : at + len(features)].T)
        weights.append(Weights(block, features, idf, coef))
        at += len(features)
    return Model(tuple(weights), np.asarray(logit.intercept_, dtype=np.float64), stem, tails, facts, held_out)
