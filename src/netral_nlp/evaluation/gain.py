"""What reviewed posts are worth to a model, measured on posts that neither of the two models compared has seen."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np

from netral_nlp.arrays import Floats
from netral_nlp.errors import InputError
from netral_nlp.features.reader import prepare
from netral_nlp.learning.corpus import Corpus
from netral_nlp.learning.duplicates import near_duplicates
from netral_nlp.learning.folds import folds_of, held_out_logits
from netral_nlp.learning.rows import Example
from netral_nlp.records import LABELS, SUPPORT
from netral_nlp.statistics import Difference, auc, confusion, difference, macro_f1, resample
from netral_nlp.text.stemming import Stemmer

FOLDS = 5
FEWEST = 30  # reviewed posts below which a comparison says nothing


@dataclass(frozen=True, slots=True)
class Measured:
    """Figures of a model without and with the reviews, and their difference (positive: the reviews help)."""

    name: str
    before: float
    after: float
    gain: Difference


@dataclass(frozen=True)
class Gain:
    """Figures on the reviewed posts and on the other posts, which must not suffer."""

    reviewed: int
    others: int
    on_reviewed: tuple[Measured, ...]
    on_others: tuple[Measured, ...]

    @property
    def worthwhile(self) -> bool:
        """Whether the macro-F1 on reviewed posts is not lower with them, and that on others not clearly lower."""
        others = self.on_others[0].gain
        harmed = others.ci95 is not None and others.ci95[1] < 0
        return self.on_reviewed[0].gain.estimate >= 0 and not harmed


def measure_gain(
    corpus: Corpus,
    reviewed: Corpus,
    *,
    stem: Stemmer = "fast",
    seed: int = 0,
    say: Callable[[str], None] = lambda m: None,
) -> Gain:
    """What ``reviewed`` adds to ``corpus``.

    Reviewed posts are judged once by a fit on the corpus alone and once, in five parts, by fits that know the other
    parts, too. The corpus is judged by fits without the post's election, with and without the reviews. Near-duplicates
    of a judged post are never learned from. Raises InputError below 30 reviewed posts.
    """
    if len(reviewed) < FEWEST:
        raise InputError(
            f"There are {len(reviewed)} reviewed posts with a label; a comparison takes {FEWEST}. Review more."
        )
    both = corpus + _in_parts(reviewed, seed)
    n = len(corpus)
    views = prepare(both.cases, stem)
    groups = near_duplicates([e.case.text for e in both.examples])
    parts = sorted(set(both.elections[n:]))

    def judged(folds: list[frozenset[str]]) -> Floats:
        return held_out_logits(both, views, seed=seed, folds=folds, groups=groups)

    say("Judging the reviewed posts without, then with the reviews")
    alone = judged([frozenset(parts)])[n:]
    with_others = judged([frozenset([part]) for part in parts])[n:]
    say("Judging the other posts without, then with the reviews")
    plain = held_out_logits(corpus, views[:n], seed=seed, groups=groups[:n])
    own = {e.election for e in reviewed.examples}
    folds = [fold | _parts_of(fold & own, both) for fold in folds_of(corpus.elections)]
    joined = judged(folds)[:n]
    return Gain(len(reviewed), n, _compare(reviewed, alone, with_others, seed), _compare(corpus, plain, joined, seed))


def _in_parts(reviewed: Corpus, seed: int) -> Corpus:
    """The same posts, each in a part of its election, so that a fit can leave out one part; copies share a part."""
    groups = near_duplicates([e.case.text for e in reviewed.examples])
    part_of = np.random.default_rng(seed).permutation(np.arange(groups.max() + 1) % FOLDS)[groups]
    return Corpus(tuple(_in_part(e, int(part)) for e, part in zip(reviewed.examples, part_of, strict=True)))


def _in_part(example: Example, part: int) -> Example:
    roster = example.case.roster
    named = replace(roster, election=replace(roster.election, id=f"{roster.election.id}\x1f{part}"))
    return replace(example, case=replace(example.case, roster=named))


def _parts_of(elections: frozenset[str], both: Corpus) -> frozenset[str]:
    """The parts of reviewed posts that belong to elections: left out together with them."""
    return frozenset(name for name in both.elections if name.partition("\x1f")[0] in elections)


def _compare(corpus: Corpus, before: Floats, after: Floats, seed: int) -> tuple[Measured, ...]:
    """Macro-F1 and support AUC of two sets of log-odds on the same posts, with paired bootstrap intervals."""
    truth = np.array([LABELS.index(label) for label in corpus.labels])
    support = truth == LABELS.index(SUPPORT)
    draws = resample(corpus.elections, seed)

    def margin(logits: Floats) -> Floats:
        shifted = logits - logits.max(axis=1, keepdims=True)
        odds = np.exp(shifted)
        return np.asarray(odds[:, 0] / odds.sum(axis=1))

    figures = []
    picked = [logits.argmax(axis=1) for logits in (before, after)]
    f1 = [float(macro_f1(confusion(truth, p))) for p in picked]
    drawn = [draws.macro_f1(truth, p) for p in picked]
    figures.append(Measured("macro-F1", f1[0], f1[1], difference(f1[1], f1[0], drawn[1], drawn[0])))
    if support.any() and not support.all():
        scores = [margin(logits) for logits in (before, after)]
        areas = [float(auc(support, s)) for s in scores]
        drawn = [draws.auc(support, s) for s in scores]
        figures.append(Measured("support AUC", areas[0], areas[1], difference(areas[1], areas[0], drawn[1], drawn[0])))
    return tuple(figures)
