"""What a flag is worth in a file: the share of its posts that support, and how many flagged ones probably do."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from netral_nlp.errors import UsageError
from netral_nlp.model.promise import Row
from netral_nlp.model.thresholds import upper_bound

Span = tuple[float, float, float]  # the estimate, and its lower and upper bound


@dataclass(frozen=True, slots=True)
class Worth:
    """Of the posts called ``dukung``: what share deserves it, where a share ``share`` of all posts does.

    ``recall`` and ``fpr`` (of posts that do not support) are those of real elections at the level in use.
    """

    share: Span
    precision: Span
    recall: Span
    fpr: Span
    assumed: bool  # whether the share was given, not estimated


def worth_of(rows: Sequence[Row], called: int, posts: int, prevalence: float | None = None) -> Worth:
    """What ``called`` posts of ``posts`` that name a pair are worth, by what real elections showed (``Table.tested``).

    The share is found by adjusted counting (Forman 2008, "Quantifying counts and costs via classification"): what is
    called, less the false alarms, over what would be found. How much is found depends on how plainly a file's authors
    write, so its lower bound holds whatever the recall, and only false alarms carry over to the precision, the most of
    any election for its lower bound. Raises UsageError for a prevalence outside 0 to 1.
    """
    if prevalence is not None and not 0.0 < prevalence < 1.0:
        raise UsageError(f"A prevalence lies between 0 and 1 (0.02 is 2 %); {prevalence:g} does not.")
    neutral, wrong = sum(r.neutral for r in rows), sum(r.as_dukung for r in rows)
    deserving, found = sum(r.dukung for r in rows), sum(r.dukung_called for r in rows)
    by_election = [r.dukung_called / r.dukung for r in rows if r.dukung]
    recall = (found / deserving, min(by_election), max(by_election))
    low, _ = _bounds(wrong, neutral)
    worst = max((r.as_dukung / r.neutral for r in rows if r.neutral), default=0.0)
    fpr = ((wrong + 0.5) / (neutral + 1.0), low, max(worst, upper_bound(wrong, neutral)))
    if prevalence is not None:
        precision = (
            _precision(prevalence, recall[0], fpr[0]),
            _precision(prevalence, recall[1], fpr[2]),
            _precision(prevalence, recall[2], fpr[1]),
        )
        return Worth((prevalence, prevalence, prevalence), precision, recall, fpr, True)
    rate = called / posts if posts else 0.0
    least, most = _bounds(called, posts) if posts else (0.0, 1.0)
    share = (_share(rate, recall[0], fpr[0]), _share(least, 1.0, fpr[2]), _share(most, recall[1], fpr[1]))
    precision = (
        _right(rate, share[0], fpr[0]), _right(least, share[1], fpr[2]), _right(most, share[2], fpr[1])
    )  # fmt: skip
    return Worth(share, precision, recall, fpr, False)


def _bounds(events: int, n: int) -> tuple[float, float]:
    """The 95 % Clopper-Pearson interval of a rate; ``statistics.clopper_pearson`` would load SciPy, half of a run."""
    return 1.0 - upper_bound(n - events, n, 0.975), upper_bound(events, n, 0.975)


def _share(rate: float, recall: float, fpr: float) -> float:
    return min(1.0, max(0.0, (rate - fpr) / max(recall - fpr, 1e-9)))


def _precision(share: float, recall: float, fpr: float) -> float:
    flagged = share * recall + (1.0 - share) * fpr
    return share * recall / flagged if flagged else 0.0


def _right(rate: float, share: float, fpr: float) -> float:
    """Of a share ``rate`` of all posts that is called, what is no false alarm."""
    return max(0.0, 1.0 - fpr * (1.0 - share) / rate) if rate else 0.0


def worth_sentence(worth: Worth) -> str:
    """What the person who reads the flagged posts must expect.

    >>> span = (0.4, 0.3, 0.5)
    >>> worth_sentence(Worth((0.02, 0.02, 0.02), span, span, (0.01, 0.0, 0.02), True))
    'If 2 % of the posts support a pair, expect about 40 of 100 flagged dukung to be right (30 to 50).'
    """
    right, low, high = (round(100 * x) for x in worth.precision)
    if worth.assumed:
        return (
            f"If {100 * worth.share[0]:g} % of the posts support a pair, expect about {right} of 100 flagged dukung to "
            f"be right ({low} to {high})."
        )
    return (
        f"Expect about {right} of 100 flagged dukung to be right ({low} to {high}), if this election is like those "
        f"tested. At least about {round(100 * worth.share[1])} % of the posts that name a pair support it; how many "
        "more do, only reading tells."
    )
