"""The whole audit of one model on labelled posts, and whether it passes."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np

from netral_nlp.auditing.disturbances import Disturbance, measure_disturbances
from netral_nlp.auditing.identity import Shift, measure_identity
from netral_nlp.auditing.rates import ALARMS, PAIR, Comparison, compare_rates
from netral_nlp.auditing.swaps import Swaps, measure_swaps
from netral_nlp.auditing.vocabulary import SearchedVocabulary, search_vocabulary
from netral_nlp.features.reader import prepare
from netral_nlp.learning.corpus import Corpus
from netral_nlp.model.model import Model
from netral_nlp.model.promise import limits_of
from netral_nlp.model.thresholds import decide, decided_by_others
from netral_nlp.records import Progress
from netral_nlp.roster import Roster

SCHEMA = 1
SMALLEST = 1e-6  # held-out scores are kept to six digits


@dataclass(frozen=True, slots=True)
class Audit:
    """What was found. ``unseen`` says whether the error rates are those of elections that the model did not see."""

    posts: int
    model: dict[str, Any]
    max_fpr: float
    unseen: bool
    notes: tuple[str, ...]
    swaps: Swaps
    rates: tuple[Comparison, ...]
    disturbances: tuple[Disturbance, ...]
    identity: tuple[Shift, ...]
    vocabulary: SearchedVocabulary

    @property
    def failures(self) -> list[str]:
        """Why the model does not pass; empty when it does."""
        partial = [
            f"{c.label}: false alarms differ between the pairs of {c.within} (p {c.adjusted:.2g})"
            for c in self.rates
            if c.axis == PAIR and c.error == ALARMS and c.differs
        ]
        moving = [
            f"{s.group} move the probability of support by {s.mean:+.3f} on average" for s in self.identity if s.failed
        ]
        return [*self.swaps.failures, *partial, *moving, *self.vocabulary.failures]

    @property
    def warnings(self) -> list[str]:
        """Differences that a person should know of, but that the posts themselves may explain."""
        return [
            f"{c.label}: {c.error} differ by {c.axis}{f' within {c.within}' if c.within else ''} (p {c.adjusted:.2g})"
            for c in self.rates
            if c.differs and not (c.axis == PAIR and c.error == ALARMS)
        ]

    def document(self) -> dict[str, Any]:
        """As JSON."""
        return {
            "schema": SCHEMA,
            "passed": not self.failures,
            "failures": self.failures,
            "warnings": self.warnings,
            "notes": list(self.notes),
            "n": self.posts,
            "model": self.model,
            "max_fpr": self.max_fpr,
            "unseen_elections": self.unseen,
            "swaps": self.swaps.document(),
            "rates": [c.document() for c in self.rates],
            "disturbances": [d.document() for d in self.disturbances],
            "identity": [s.document() for s in self.identity],
            "vocabulary": self.vocabulary.document(),
        }


def audit(
    model: Model,
    corpus: Corpus,
    rosters: Iterable[Roster],
    *,
    max_fpr: float = 0.01,
    say: Progress = lambda message: None,
) -> Audit:
    """Swapped pairs, error rates by group, harmless changes, words of identity, and personal data in the vocabulary.

    On the corpus that the model was fitted to, error rates come from its held-out scores: each election scored,
    calibrated and decided without it. On other data the model's own decisions count. ``rosters`` are the elections
    whose names the vocabulary must not hold. Raises UsageError where the model cannot support ``max_fpr``.
    """
    decided, unseen, notes = _decide(model, corpus, max_fpr)
    say(f"Exchanging pairs in {len(corpus):,} posts")
    swaps = measure_swaps(model, corpus.examples)
    say("Comparing error rates")
    rates = compare_rates(corpus.examples, decided)
    say("Trying changes that should not matter")
    disturbances = measure_disturbances(model, corpus.examples)
    say("Trying words that tell who somebody is")
    identity = measure_identity(model, corpus.examples)
    say("Searching the vocabulary")
    vocabulary = search_vocabulary(model, rosters)
    about = {key: model.facts.get(key) for key in ("file_sha256", "corpus_sha256", "posts", "elections")}
    return Audit(
        len(corpus),
        about,
        max_fpr,
        unseen,
        notes,
        swaps,
        tuple(rates),
        tuple(disturbances),
        tuple(identity),
        vocabulary,
    )


def _decide(model: Model, corpus: Corpus, max_fpr: float) -> tuple[list[str], bool, tuple[str, ...]]:
    """The label of every post, whether its election was unseen, and what to know about that."""
    learned = set(model.facts.get("elections") or ())
    here = set(corpus.elections)
    if model.held_out is not None and model.facts.get("corpus_sha256") == corpus.digest:
        logits = np.log(np.maximum(model.held_out.scores[: len(corpus)], SMALLEST))
        return decided_by_others(logits, corpus.labels, corpus.elections, max_fpr), True, ()
    limits = limits_of(model, max_fpr)
    scores = model.probabilities(prepare(corpus.cases, model.stem))
    decided = [decide(row, limits) for row in scores]
    known = sorted(here & learned)
    notes = (
        (f"The model learned from {', '.join(known)}: error rates on posts it has seen are too good.",) if known else ()
    )
    return decided, not known, notes
