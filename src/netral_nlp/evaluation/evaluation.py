"""How good a model is: on posts given, or on each election of a corpus by a model that has not seen it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from netral_nlp.arrays import Floats
from netral_nlp.errors import InputError, UsageError
from netral_nlp.evaluation.figures import (
    Document,
    by_mentions,
    compare,
    figures,
    guesses_of,
    indices,
    opposition,
    rounded,
)
from netral_nlp.evaluation.promised import promise_figures, promise_table
from netral_nlp.features.blocks import says_something
from netral_nlp.features.reader import prepare
from netral_nlp.learning.corpus import Corpus
from netral_nlp.learning.duplicates import near_duplicates
from netral_nlp.learning.rows import Example
from netral_nlp.model.calibration import calibrated_by_others
from netral_nlp.model.model import Model
from netral_nlp.model.promise import limits_of, promise_of
from netral_nlp.model.thresholds import decide, decided_by_others
from netral_nlp.records import LABELS, UNSURE, Progress
from netral_nlp.text.stemming import Stemmer

MAX_FPR = 0.01
GIVEN, CROSSED = "a model on posts given", "cross-validation leaving one election out"


@dataclass(frozen=True, slots=True)
class Mistake:
    """A post that the model got wrong, and the probabilities that it gave to dukung, netral, tolak."""

    example: Example
    scores: tuple[float, ...]

    def document(self) -> Document:
        """For JSON and for reading."""
        e = self.example
        named = {f"skor_{label}": value for label, value in zip(LABELS, self.scores, strict=True)}
        place = {"id": e.id, "election": e.election, "pair": e.case.pair, "label": e.label}
        return {**place, **{key: round(value, 6) for key, value in named.items()}, "text": e.case.text}


@dataclass(frozen=True, repr=False)
class Evaluation:
    """What was measured: ``figures`` is the JSON document, ``scores`` the probabilities, shape (posts, 3).

    ``decisions`` are the labels at the false-positive rate asked, with ``ragu``; None where it cannot be promised.
    ``promise_table`` is the CSV text of ``data/promise.csv`` for these posts.
    """

    corpus: Corpus
    scores: Floats
    decisions: tuple[str, ...] | None
    figures: Mapping[str, Any]
    promise_table: str = ""

    def __repr__(self) -> str:
        auc, f1 = (self.figures.get(name) for name in ("support_auc", "macro_f1"))
        return f"Evaluation({len(self.corpus):,} posts, support_auc={auc}, macro_f1={f1})"

    def worst(self, count: int) -> list[Mistake]:
        """The errors with the least probability for the true label, worst first."""
        truth = indices(self.corpus.labels)
        given = self.scores[np.arange(len(truth)), truth]
        wrong = np.flatnonzero(self.scores.argmax(axis=1) != truth)
        order = wrong[np.argsort(given[wrong], kind="stable")][:count]
        return [Mistake(self.corpus.examples[i], tuple(self.scores[i].tolist())) for i in order]

    def document(self, errors: int = 0) -> Document:
        """The figures; with ``errors`` also that many of the worst errors, with their texts."""
        listed = {"errors": [mistake.document() for mistake in self.worst(errors)]} if errors else {}
        return {**self.figures, **listed}


def to_json(document: Mapping[str, Any]) -> str:
    """A document as JSON text with a final line break."""
    return json.dumps(document, ensure_ascii=False, indent=1, allow_nan=False) + "\n"


def evaluate(
    model: Model,
    corpus: Corpus,
    *,
    max_fpr: float = MAX_FPR,
    seed: int = 0,
    against: tuple[str, Model] | None = None,
    learn_from: Corpus | None = None,
    say: Progress = lambda message: None,
) -> Evaluation:
    """The figures of a model on labelled posts, each judged toward the pair it is labelled for.

    ``against`` is another model and its name, compared on the same posts. Baselines are learned from ``learn_from``
    without the elections and near-duplicates of ``corpus``; None leaves them out (then scikit-learn is not needed).
    """
    _check(corpus, max_fpr)
    say(f"Judging {len(corpus):,} posts")
    views = prepare(corpus.cases, model.stem)
    scores = model.probabilities(views)
    notes = _seen(model, corpus)
    telling = np.array([says_something(view) for view in views])
    decisions, promised, levels = None, None, ""
    try:
        limits, notes = limits_of(model, max_fpr), [*notes, promise_of(model, max_fpr).sentence()]
        decided = zip(scores, telling, strict=True)
        decisions = [decide(row, limits) if told or row.argmax() == 1 else UNSURE for row, told in decided]
        promised = promise_figures(model, scores, telling, corpus.labels, corpus.elections, max_fpr)
        levels = promise_table(model, scores, telling, corpus.labels, corpus.elections)
    except UsageError as error:
        notes.append(f"No false-positive rate: {error}")
    facts = {key: model.facts[key] for key in ("corpus_sha256", "posts", "elections", "seed") if key in model.facts}
    document = {"method": GIVEN, "model": facts, **figures(corpus, scores, decisions, max_fpr=max_fpr, seed=seed)}
    document["promise"] = promised
    document["by_mentions"] = by_mentions(corpus, views, scores)
    ours = guesses_of("model", "", scores)
    if learn_from is not None:
        from netral_nlp.evaluation.baselines import baselines_from

        say("Comparing with baselines")
        found = baselines_from(learn_from, corpus, views, model.stem, seed)
        document["baselines"] = compare(corpus, ours, found, seed=seed)
        if model.facts.get("corpus_sha256") == learn_from.digest:
            notes += _copies(learn_from, corpus)
        if not found:
            notes.append("No baselines: the corpus to learn them from has no two elections that these posts lack.")
    if against is not None:
        name, other = against
        notes += [f"{name}: {note}" for note in _seen(other, corpus)]
        seen = prepare(corpus.cases, other.stem)
        theirs = other.probabilities(seen)
        compared = compare(corpus, ours, [guesses_of(name, "another model", theirs)], seed=seed)
        document["against"] = {"name": name, **compared[name], **opposition(corpus, scores, theirs, seed)}
        with suppress(UsageError):
            told = np.array([says_something(view) for view in seen])
            promised = promise_figures(other, theirs, told, corpus.labels, corpus.elections, max_fpr)
            document["against"] |= {"promise": promised, "by_mentions": by_mentions(corpus, seen, theirs)}
    return replace(_evaluation(corpus, scores, decisions, document, notes), promise_table=levels)


def cross_validate(
    corpus: Corpus,
    *,
    max_fpr: float = MAX_FPR,
    seed: int = 0,
    stem: Stemmer = "fast",
    baselines: bool = True,
    say: Progress = lambda message: None,
) -> Evaluation:
    """The figures of training on a corpus: each election judged by a model fitted on all others.

    Near-duplicates of the left-out posts are dropped from the fit; calibration and thresholds come from the held-out
    log-odds of the other elections. Raises InputError when the corpus has a single election or a label is missing.
    """
    from threadpoolctl import threadpool_limits

    from netral_nlp.learning.folds import held_out_logits

    _check(corpus, max_fpr)
    names = sorted(set(corpus.elections))
    if len(names) < 2:
        raise InputError(f"All posts are of {names[0]}; leaving one election out needs at least two.")
    say(f"Reading {len(corpus):,} posts of {len(names)} elections")
    views = prepare(corpus.cases, stem)
    groups = near_duplicates([e.case.text for e in corpus.examples])
    folds = [frozenset([name]) for name in names]
    with threadpool_limits(1):  # more threads would change the last digits
        raw = held_out_logits(corpus, views, seed=seed, folds=folds, groups=groups, say=say)
        scores = calibrated_by_others(raw, corpus.labels, corpus.elections)
        notes: list[str] = []
        decisions: list[str] | None = None
        try:
            decisions = decided_by_others(raw, corpus.labels, corpus.elections, max_fpr)
        except UsageError as error:
            notes.append(f"No false-positive rate: {error}")
        facts = {"corpus_sha256": corpus.digest, "posts": len(corpus), "elections": names, "seed": seed}
        document = {"method": CROSSED, "model": facts, **figures(corpus, scores, decisions, max_fpr=max_fpr, seed=seed)}
        if baselines:
            from netral_nlp.evaluation.baselines import baselines_by_fold

            say("Comparing with baselines")
            found = baselines_by_fold(corpus, views, groups, stem, seed)
            document["baselines"] = compare(corpus, guesses_of("model", "", scores), found, seed=seed)
    return _evaluation(corpus, scores, decisions, document, notes)


def _evaluation(
    corpus: Corpus, scores: Floats, decisions: list[str] | None, document: Document, notes: list[str]
) -> Evaluation:
    final = rounded({**document, "notes": notes})
    return Evaluation(corpus, scores, None if decisions is None else tuple(decisions), final)


def _check(corpus: Corpus, max_fpr: float) -> None:
    if not len(corpus):
        raise InputError("There are no labelled posts to evaluate on.")
    if not 0.0 < max_fpr < 1.0:
        raise UsageError(f"A false-positive rate lies between 0 and 1; {max_fpr} does not.")


def _seen(model: Model, corpus: Corpus) -> list[str]:
    """A warning when the model was trained on elections that the posts are of."""
    known = sorted(set(corpus.elections) & set(model.facts.get("elections", ())))
    if not known:
        return []
    return [f"The model was trained on posts of {', '.join(known)}: figures on the same posts flatter it."]


def _copies(source: Corpus, corpus: Corpus) -> list[str]:
    """A warning when posts are near-duplicates of those that the model learned from."""
    n = len(source)
    groups = near_duplicates([e.case.text for e in (source + corpus).examples])
    copies = int(np.isin(groups[n:], groups[:n]).sum())
    return [f"{copies:,} of these posts are near-duplicates of posts the model learned from."] if copies else []
