"""How far two people who labelled the same posts agree beyond chance."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from netral_nlp.errors import InputError
from netral_nlp.records import LABELS

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

RESAMPLES = 2_000


@dataclass(frozen=True)
class Agreement:
    """Cohen's kappa of two label columns with its 95 % bootstrap interval.

    ``confusion[i, j]`` counts posts that the first column calls ``LABELS[i]`` and the second ``LABELS[j]``. ``kappa``
    and its interval are None where both columns know a single label, which leaves nothing to agree on.
    """

    n: int
    agreed: int
    kappa: float | None
    interval: tuple[float, float] | None
    confusion: npt.NDArray[np.int64]

    def document(self) -> dict[str, Any]:
        """As JSON."""
        rows = {a: dict(zip(LABELS, map(int, row), strict=True)) for a, row in zip(LABELS, self.confusion, strict=True)}
        ci95 = list(self.interval) if self.interval else None
        return {"n": self.n, "agreed": self.agreed, "kappa": self.kappa, "ci95": ci95, "confusion": rows}


def agreement(first: Sequence[str], second: Sequence[str], *, seed: int = 0) -> Agreement:
    """The agreement of two equally long label columns; posts are resampled for the interval.

    Source: Cohen 1960, "A Coefficient of Agreement for Nominal Scales". Raises InputError when there is no post.

    >>> agreement(["dukung", "tolak"], ["dukung", "tolak"]).kappa
    1.0
    """
    import numpy as np  # who only counts decisions need not wait for it

    if not first:
        raise InputError("No post has both labels; there is nothing to compare.")
    counts = np.zeros((len(LABELS), len(LABELS)), dtype=np.int64)
    for a, b in zip(first, second, strict=True):
        counts[LABELS.index(a), LABELS.index(b)] += 1
    n = int(counts.sum())
    kappa = float(_kappas(counts[None])[0])
    if np.isnan(kappa):
        return Agreement(n, int(np.trace(counts)), None, None, counts)
    random = np.random.default_rng(seed)
    # drawing n posts with replacement is drawing the table of counts from a multinomial distribution
    draws = random.multinomial(n, counts.ravel() / n, size=RESAMPLES).reshape(-1, *counts.shape)
    kappas = _kappas(draws)
    low, high = np.quantile(kappas[~np.isnan(kappas)], (0.025, 0.975))
    return Agreement(n, int(np.trace(counts)), kappa, (float(low), float(high)), counts)


def krippendorff_alpha(units: Iterable[Sequence[str]]) -> float | None:
    """Krippendorff's alpha for nominal labels: 1 is full agreement, 0 what chance gives.

    Each unit holds the labels that one post was given, by however many people; those with fewer than two say nothing.
    None where there is none, or a single label only, which leaves nothing to agree on.
    Source: Krippendorff 2011, "Computing Krippendorff's Alpha-Reliability", nominal data, any number of observers.

    >>> krippendorff_alpha([["dukung", "dukung"], ["tolak", "tolak"], ["netral", "netral"]])
    1.0
    >>> krippendorff_alpha([["dukung"], []]) is None
    True
    """
    totals: Counter[str] = Counter()
    disagreed = 0.0
    for unit in units:
        counts = Counter(unit)
        size = counts.total()
        if size < 2:
            continue
        totals += counts
        disagreed += (size * size - sum(n * n for n in counts.values())) / (size - 1)
    n = totals.total()
    by_chance = (n * n - sum(count * count for count in totals.values())) / (n - 1) if n > 1 else 0.0
    return None if by_chance == 0 else 1.0 - disagreed / by_chance


def _kappas(tables: npt.NDArray[np.int64]) -> npt.NDArray[np.float64]:
    """Kappa of each (k, k) table of counts; NaN where chance alone agrees always."""
    import numpy as np

    shares = tables / tables.sum(axis=(1, 2), keepdims=True)
    agreed = np.trace(shares, axis1=1, axis2=2)
    by_chance = (shares.sum(axis=1) * shares.sum(axis=2)).sum(axis=1)
    room = 1.0 - by_chance
    return np.asarray(np.divide(agreed - by_chance, room, out=np.full_like(agreed, np.nan), where=room > 1e-12))
