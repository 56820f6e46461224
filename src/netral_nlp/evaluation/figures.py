"""What an evaluation reports, as one plain document: overall, by group, calibration, coverage, errors and intervals."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

from netral_nlp.arrays import Bools, Floats, Ints
from netral_nlp.features.views import View
from netral_nlp.learning.corpus import Corpus
from netral_nlp.learning.rows import Example
from netral_nlp.model.calibration import ACCUSING
from netral_nlp.records import LABELS, OPPOSE, SUPPORT, UNSURE
from netral_nlp.statistics import (
    Resamples,
    accuracy_by_coverage,
    auc,
    average_precision,
    bins_of,
    clopper_pearson,
    confusion,
    difference,
    ece,
    ece_by_chance,
    interval,
    macro_f1,
    resample,
    roc,
    tpr_at_fpr,
)

SCHEMA = 1
RATES = (0.01, 0.05)
COVERAGES = tuple(round(0.05 * k, 2) for k in range(1, 21))
COVERAGE = 0.6  # at which the accuracy is also reported by itself
ROC_POINTS = 100
DIGITS = 6

LENGTHS = ((7, "1-7 words"), (15, "8-15 words"), (30, "16-30 words"))
LONGEST = "31 words or more"
LENGTH_NAMES = (*(name for _, name in LENGTHS), LONGEST)

Document = dict[str, Any]


@dataclass(frozen=True)
class Guesses:
    """What a model or a baseline says of each post: its most probable label, and a score for ``dukung``.

    ``labels`` are indices into ``LABELS``, shape (posts,); of ``support`` only the order matters.
    """

    name: str
    about: str
    labels: Ints
    support: Floats


def indices(labels: Sequence[str]) -> Ints:
    """Labels as indices into ``LABELS``."""
    return np.array([LABELS.index(label) for label in labels], dtype=np.int64)


def guesses_of(name: str, about: str, scores: Floats) -> Guesses:
    """Probabilities, shape (posts, 3), as guesses."""
    return Guesses(name, about, scores.argmax(axis=1).astype(np.int64), scores[:, 0])


def figures(
    corpus: Corpus, scores: Floats, decisions: Sequence[str] | None, *, max_fpr: float, seed: int = 0
) -> Document:
    """The figures of a model on labelled posts, ready for JSON.

    ``scores`` are calibrated probabilities, shape (posts, 3); ``decisions`` the labels (with ``ragu``) at ``max_fpr``,
    None where the model cannot promise that rate. Support figures are dukung against the rest on ``skor_dukung``;
    macro-F1 is on the most probable label. ``ece`` is the expected calibration error of that label's probability in
    equal-mass bins. A figure that is not defined (no post of one kind) is None.
    """
    truth, predicted = indices(corpus.labels), scores.argmax(axis=1).astype(np.int64)
    confidence, right = scores.max(axis=1), predicted == truth
    supports, support = truth == LABELS.index(SUPPORT), scores[:, LABELS.index(SUPPORT)]
    bins, chance = bins_of(confidence, right), ece_by_chance(confidence, seed)
    draws = resample(corpus.elections, seed)
    table = confusion(truth, predicted)

    def group(key: Callable[[Example], str], intervals: bool = False) -> Document:
        return by_group([key(e) for e in corpus.examples], truth, scores, seed if intervals else None)

    lengths = group(lambda e: length_of(e.case.text))
    return {
        "schema": SCHEMA,
        "n": len(corpus),
        **_headline(truth, scores),
        "accuracy": float(right.mean()),
        "support_tpr_at_fpr": {f"{rate:g}": tpr_at_fpr(supports, support, rate) for rate in RATES},
        "average_precision": average_precision(supports, support),
        "tolak_auc": _number(auc(truth == LABELS.index(OPPOSE), scores[:, LABELS.index(OPPOSE)])),
        "tolak": _of_label(truth, predicted, LABELS.index(OPPOSE)),
        "dukung": _of_label(truth, predicted, LABELS.index(SUPPORT)),
        "ece": ece(bins),
        "ece_by_chance": None if chance is None else {"mean": chance[0], "p95": chance[1]},
        "confusion": {a: dict(zip(LABELS, row, strict=True)) for a, row in zip(LABELS, table.tolist(), strict=True)},
        "ci95": {
            "macro_f1": interval(draws.macro_f1(truth, predicted)),
            "support_auc": interval(draws.auc(supports, support)),
        },
        "bootstrap": {"unit": draws.unit, "resamples": len(draws.counts), "seed": seed},
        "by_election": group(lambda e: e.election, intervals=True),
        "by_pair": group(pair_names(corpus)),
        "by_platform": group(lambda e: e.platform or "unknown"),
        "by_length": {name: lengths[name] for name in LENGTH_NAMES if name in lengths},
        "reliability": [asdict(b) for b in bins],
        "coverage": _coverage(confidence, right, truth, decisions),
        "max_fpr": max_fpr,
        "fpr": None if decisions is None else _alarms(truth, decisions),
        "roc": _roc_points(supports, support),
    }


def compare(corpus: Corpus, model: Guesses, others: Sequence[Guesses], *, seed: int = 0) -> dict[str, Document]:
    """For each other model its own figures, and how much better ``model`` is: paired bootstrap on the same posts."""
    truth = indices(corpus.labels)
    supports = truth == LABELS.index(SUPPORT)
    draws = resample(corpus.elections, seed)
    ours = _plain(truth, model), _drawn(draws, truth, supports, model)
    found: dict[str, Document] = {}
    for other in others:
        theirs = _plain(truth, other), _drawn(draws, truth, supports, other)
        found[other.name] = {
            "about": other.about,
            **theirs[0],
            "accuracy": float((other.labels == truth).mean()),
            "difference": {
                key: None
                if ours[0][key] is None or theirs[0][key] is None
                else asdict(difference(ours[0][key], theirs[0][key], ours[1][key], theirs[1][key], draws.smallest_p))
                for key in ours[0]
            },
        }
    return found


def opposition(corpus: Corpus, ours: Floats, theirs: Floats, seed: int = 0) -> Document:
    """How another model does on opposition: its AUC, recall and precision, and how much better ``ours`` ranks it."""
    truth, at = indices(corpus.labels), LABELS.index(OPPOSE)
    opposes, draws = truth == at, resample(corpus.elections, seed)
    here, there = (auc(opposes, scores[:, at]) for scores in (ours, theirs))
    lead = None
    if np.isfinite(here) and np.isfinite(there):
        drawn = draws.auc(opposes, ours[:, at]), draws.auc(opposes, theirs[:, at])
        lead = asdict(difference(float(here), float(there), *drawn, draws.smallest_p))
    return {
        "tolak_auc": _number(there),
        "tolak": _of_label(truth, theirs.argmax(axis=1).astype(np.int64), at),
        "tolak_auc_difference": lead,
    }


def by_group(groups: Sequence[str], truth: Ints, scores: Floats, seed: int | None = None) -> Document:
    """n, macro-F1 and support AUC of each group in name order; with a seed also intervals from its posts."""
    found: Document = {}
    names, at = np.unique(np.array(groups, dtype=np.str_), return_inverse=True)
    for number, name in enumerate(names.tolist()):
        chosen = at == number
        one, given = truth[chosen], scores[chosen]
        found[name] = {"n": int(chosen.sum()), **_headline(one, given)}
        if seed is not None:
            draws = resample([name] * len(one), seed)
            drawn = _drawn(draws, one, one == LABELS.index(SUPPORT), guesses_of("", "", given))
            found[name]["ci95"] = {key: interval(values) for key, values in drawn.items()}
    return found


def pair_names(corpus: Corpus) -> Callable[[Example], str]:
    """What to call an example's pair: its id, with the election before it where two elections have the same id."""
    elections: dict[str, set[str]] = {}
    for e in corpus.examples:
        elections.setdefault(e.case.pair, set()).add(e.election)
    return lambda e: e.case.pair if len(elections[e.case.pair]) == 1 else f"{e.election}/{e.case.pair}"


def length_of(text: str) -> str:
    """The class of length that a post is in.

    >>> length_of("gas terus nomor dua")
    '1-7 words'
    """
    words = len(text.split())
    return next((name for most, name in LENGTHS if words <= most), LONGEST)


def rounded(value: Any) -> Any:
    """The document with every float cut to six digits, so that it reads well and compares well."""
    if isinstance(value, float):
        return round(value, DIGITS)
    if isinstance(value, Mapping):
        return {key: rounded(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [rounded(inner) for inner in value]
    return value


def _headline(truth: Ints, scores: Floats) -> Document:
    return _plain(truth, guesses_of("", "", scores))


def _plain(truth: Ints, guesses: Guesses) -> Document:
    return {
        "macro_f1": _number(macro_f1(confusion(truth, guesses.labels))),
        "support_auc": _number(auc(truth == LABELS.index(SUPPORT), guesses.support)),
    }


def _drawn(draws: Resamples, truth: Ints, supports: Bools, guesses: Guesses) -> dict[str, Floats]:
    return {
        "macro_f1": draws.macro_f1(truth, guesses.labels),
        "support_auc": draws.auc(supports, guesses.support),
    }


def _number(value: Floats) -> float | None:
    return None if np.isnan(value) else float(value)


def _coverage(confidence: Floats, right: Bools, truth: Ints, decisions: Sequence[str] | None) -> Document:
    """Accuracy when the least confident posts are left to a person, and at the thresholds of ``--max-fpr``."""
    accuracy = accuracy_by_coverage(confidence, right)
    at = {c: float(accuracy[int(np.ceil(c * len(accuracy) - 1e-9)) - 1]) for c in COVERAGES}
    found: Document = {
        "curve": [{"coverage": c, "accuracy": value} for c, value in at.items()],
        "accuracy_at": {f"{COVERAGE:g}": at[COVERAGE]},
        "decided": None,
    }
    if decisions is not None:
        sure = [(LABELS[t], d) for t, d in zip(truth, decisions, strict=True) if d != UNSURE]
        share = sum(a == b for a, b in sure) / len(sure) if sure else None
        found["decided"] = {"coverage": len(sure) / len(truth), "accuracy": share}
    return found


def _of_label(truth: Ints, predicted: Ints, label: int) -> Document:
    """Recall and precision of a label where the most probable one is given."""
    given, n = predicted == label, int((truth == label).sum())
    hits = int((given & (truth == label)).sum())
    return {
        "n": n,
        "recall": hits / n if n else None,
        "precision": hits / int(given.sum()) if given.any() else None,
        "recall_ci95": clopper_pearson(hits, n) if n else None,
    }


def by_mentions(corpus: Corpus, views: Sequence[View], scores: Floats) -> Document:
    """The figures of posts that name no pair, one, and several: contrasts are the hardest to read."""
    counts = [len({m.pair for m in view.mentions if m.pair >= 0}) for view in views]
    names = [("no pair", "one pair")[n] if n < 2 else "several pairs" for n in counts]
    return by_group(names, indices(corpus.labels), scores, None)


def _alarms(truth: Ints, decisions: Sequence[str]) -> Document:
    """For each accusing label: how often it was given to posts that do not deserve it, and to those that do."""
    found: Document = {}
    for label in ACCUSING:
        deserved, given = truth == LABELS.index(label), np.array([d == label for d in decisions])
        wrong, n, hits = int((given & ~deserved).sum()), int((~deserved).sum()), int((given & deserved).sum())
        found[label] = {
            "n": n,
            "errors": wrong,
            "rate": wrong / n if n else None,
            "ci95": clopper_pearson(wrong, n) if n else None,
            "recall": hits / int(deserved.sum()) if deserved.any() else None,
            "precision": hits / (hits + wrong) if hits + wrong else None,
        }
    return found


def _roc_points(positive: Bools, scores: Floats) -> list[list[float]] | None:
    if positive.all() or not positive.any():
        return None
    false, true = roc(positive, scores)
    wanted = np.concatenate([np.geomspace(0.001, 0.1, ROC_POINTS // 2), np.linspace(0.1, 1.0, ROC_POINTS // 2)])
    at = np.unique(np.concatenate([[0, len(false) - 1], np.searchsorted(false, wanted, side="right") - 1]))
    return [[float(false[i]), float(true[i])] for i in at]
