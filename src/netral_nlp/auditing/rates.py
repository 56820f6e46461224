"""How often a model accuses wrongly, and how often it misses: pair by pair, and for kinds of posts."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from netral_nlp.learning.rows import Example
from netral_nlp.model.calibration import ACCUSING
from netral_nlp.statistics import clopper_pearson
from netral_nlp.text.lexicon import regional_words
from netral_nlp.text.words import analyse, cached_piece

LEVEL = 0.05
RESAMPLES = 9_999
ALARMS, MISSES = "false alarms", "misses"
PAIR = "pair"

MEN = frozenset({"pak", "bapak", "mas", "bang", "abang", "bung", "kang", "gus", "koh", "uda", "om", "abah"})
WOMEN = frozenset({"bu", "ibu", "mbak", "mba", "teh", "teteh", "ning", "neng", "uni", "cik", "nyai", "tante", "mpok"})
LENGTHS = {"1-5 words": 5, "6-15 words": 15, "16-30 words": 30, "more words": 10**9}


@dataclass(frozen=True, slots=True)
class Rate:
    """``events`` in ``n`` posts, with the exact 95 % interval."""

    events: int
    n: int

    @property
    def interval(self) -> tuple[float, float]:
        """Clopper-Pearson, two-sided."""
        return clopper_pearson(self.events, self.n) if self.n else (0.0, 1.0)

    def document(self) -> dict[str, Any]:
        """As JSON."""
        return {"events": self.events, "n": self.n, "rate": self.events / self.n if self.n else None,
                "ci95": list(self.interval)}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Comparison:
    """The rates of one kind of error for one label, group by group, and the test that they are equal.

    ``p`` is Fisher's exact test (by Monte Carlo beyond two groups), ``adjusted`` the same after Holm's correction
    over all comparisons of that kind of error on the axis. ``within`` is the election when pairs are compared.
    """

    axis: str
    within: str
    label: str
    error: str
    rates: Mapping[str, Rate]
    p: float
    adjusted: float

    @property
    def differs(self) -> bool:
        """Whether the rates differ significantly."""
        return self.adjusted < LEVEL

    def document(self) -> dict[str, Any]:
        """As JSON."""
        rates = {group: rate.document() for group, rate in self.rates.items()}
        return {"axis": self.axis, "within": self.within, "label": self.label, "error": self.error, "p": self.p,
                "p_holm": self.adjusted, "differs": self.differs, "rates": rates}  # fmt: skip


def compare_rates(examples: Sequence[Example], decided: Sequence[str]) -> list[Comparison]:
    """False alarms and misses by pair within each election, platform, men or women addressed, region and length.

    ``decided`` are the labels given, ``ragu`` included. A false alarm is a post that is given a label which it does
    not have; a miss is a post which has a label and is not given it.
    """
    found: list[Comparison] = []
    for axis, group_of in AXES:
        groups = [group_of(e) for e in examples]
        withins = [e.election if axis == PAIR else "" for e in examples]
        for error in (ALARMS, MISSES):
            rows = [
                (within, label, rates)
                for within in sorted(set(withins))
                for label in ACCUSING
                if len(rates := _rates(examples, decided, groups, withins, within, label, error)) > 1
            ]
            ps = [equality(list(rates.values())) for _, _, rates in rows]
            for (within, label, rates), p, adjusted in zip(rows, ps, holm(ps), strict=True):
                found.append(Comparison(axis, within, label, error, rates, p, adjusted))
    return found


def _rates(
    examples: Sequence[Example],
    decided: Sequence[str],
    groups: Sequence[str | None],
    withins: Sequence[str],
    within: str,
    label: str,
    error: str,
) -> dict[str, Rate]:
    counts: dict[str, list[int]] = {}
    for e, given, group, place in zip(examples, decided, groups, withins, strict=True):
        if group is not None and place == within and (e.label == label) == (error == MISSES):
            count = counts.setdefault(group, [0, 0])
            count[0] += (given == label) == (error == ALARMS)
            count[1] += 1
    order = list(LENGTHS)
    ordered = sorted(counts, key=lambda group: (order.index(group) if group in order else 0, group))
    return {group: Rate(*counts[group]) for group in ordered}


def equality(rates: Sequence[Rate]) -> float:
    """The p-value of equal rates: Fisher's exact test, by Monte Carlo (seeded) for more than two groups."""
    from scipy.stats import MonteCarloMethod, fisher_exact

    table = np.array([[r.events, r.n - r.events] for r in rates])
    if (table.sum(axis=0) == 0).any():
        return 1.0
    if len(rates) == 2:
        return _one(fisher_exact(table).pvalue)
    method = MonteCarloMethod(n_resamples=RESAMPLES, rng=np.random.default_rng(0))
    return _one(fisher_exact(table, method=method).pvalue)


def _one(pvalue: object) -> float:
    """A p-value as one number: for small tables some versions of SciPy give an array of one."""
    return float(np.ravel(np.asarray(pvalue, dtype=np.float64))[0])


def holm(ps: Sequence[float]) -> list[float]:
    """P-values adjusted for their number (Holm 1979).

    >>> holm([0.01, 0.04, 0.03])
    [0.03, 0.06, 0.06]
    """
    adjusted = [0.0] * len(ps)
    highest = 0.0
    for rank, i in enumerate(sorted(range(len(ps)), key=lambda i: ps[i])):
        highest = max(highest, min(1.0, (len(ps) - rank) * ps[i]))
        adjusted[i] = highest
    return adjusted


def address(example: Example) -> str | None:
    """Whether a post addresses men (Pak, Mas, Bang) or women (Bu, Mbak, Teh); None for both and for neither."""
    said = set(_surfaces(example.case.text))
    men, women = bool(said & MEN), bool(said & WOMEN)
    return None if men == women else "men" if men else "women"


def region(example: Example) -> str:
    """The regional language that most words of a post belong to, Indonesian where there is none."""
    languages = regional_words()
    counts: dict[str, int] = {}
    for word in _surfaces(example.case.text):
        if word in languages:
            counts[languages[word]] = counts.get(languages[word], 0) + 1
    return max(sorted(counts), key=lambda name: counts[name]) if counts else "Indonesian"


def length(example: Example) -> str:
    """How long a post is."""
    n = len(_surfaces(example.case.text))
    return next(name for name, most in LENGTHS.items() if n <= most)


def _surfaces(text: str) -> tuple[str, ...]:
    return tuple(w.surface for w in analyse(text, cached_piece) if w.surface[:1].isalnum())


AXES: tuple[tuple[str, Callable[[Example], str | None]], ...] = (
    (PAIR, lambda e: e.case.pair),
    ("platform", lambda e: e.platform or "unknown"),
    ("address", address),
    ("region", region),
    ("length", length),
)
