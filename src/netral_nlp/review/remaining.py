"""How many supporting posts nobody has read yet, with an interval, from a random audit sample; and when to stop.

The queue's order comes past posts one after the other without a look at the audit: the posts that it has not reached
yet (the tail) are a fixed set, and the audited posts among them a simple random sample of it. So the number of
supporting posts in the tail has the exact interval of sampling without replacement, whatever the order was, and
however well or badly the model scores.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

CONFIDENCE = 0.95
FEWEST = 20  # audited posts below which a point estimate would only mislead
TARGET = 0.9  # share of the supporting posts that a review should have found before it ends


@dataclass(frozen=True, slots=True)
class Tail:
    """What is known of the posts that the order has not reached.

    ``posts`` of them exist, ``found`` supporting ones among them are known already by any route, ``unread`` are
    undecided. Of the ``sampled`` audited posts ``positive`` support and ``skipped`` were left undecided.
    """

    posts: int
    unread: int
    found: int
    sampled: int
    positive: int
    skipped: int = 0


@dataclass(frozen=True, slots=True)
class Remaining:
    """Supporting posts that nobody has read: between ``low`` and ``high`` with 95 % confidence, most likely
    ``estimate`` (None before 20 audited posts). ``found`` are known, ``unread`` posts are undecided; ``enough`` when at
    least ``target`` of all supporting posts have been found even if ``high`` remain."""

    estimate: int | None
    low: int
    high: int
    found: int
    unread: int
    sampled: int
    target: float
    enough: bool

    @property
    def recall(self) -> tuple[float, float, float] | None:
        """The share of supporting posts that was found: estimate, lower and upper limit; None where there are none."""
        if self.found + self.high == 0:
            return None
        likely = self.high if self.estimate is None else self.estimate
        a, b, c = (self.found / (self.found + n) if self.found + n else 1.0 for n in (likely, self.high, self.low))
        return a, b, c


def estimate_remaining(tail: Tail, *, found: int, left: int = 0, target: float = TARGET) -> Remaining:
    """What the audit says about the unread posts.

    ``found`` are all supporting posts known, in the tail or not; ``left`` posts that the order has reached but nobody
    has decided (skipped ones): each may be supporting, so they widen the interval at its upper end. So do skipped
    posts of the audit.
    """
    unread = tail.unread + left
    if tail.sampled == 0:
        high = unread
        return Remaining(None if unread else 0, 0, high, found, unread, 0, target, _enough(found, high, target))
    low, _ = population_interval(tail.positive, tail.sampled, tail.posts)
    _, high = population_interval(min(tail.positive + tail.skipped, tail.sampled), tail.sampled, tail.posts)
    known = max(tail.sampled - tail.skipped, 1)
    likely = round(tail.posts * tail.positive / known) - tail.found

    def within(value: int) -> int:
        return min(max(value, 0), tail.unread)

    high = within(high - tail.found) + left
    estimate = within(likely) if tail.sampled >= min(FEWEST, tail.posts) else None
    return Remaining(
        estimate, within(low - tail.found), high, found, unread, tail.sampled, target, _enough(found, high, target)
    )


def _enough(found: int, high: int, target: float) -> bool:
    return found >= target * (found + high)


def population_interval(positive: int, sampled: int, posts: int, confidence: float = CONFIDENCE) -> tuple[int, int]:
    """The exact two-sided interval for the number of positives among ``posts`` after a sample without replacement.

    All numbers whose hypergeometric tails both exceed half the error (Clopper and Pearson 1934 for finite
    populations; Konijn 1973, "Statistical Theory of Sample Survey Design and Analysis").

    >>> population_interval(0, 100, 1000), population_interval(3, 10, 10)
    ((0, 34), (3, 3))
    """
    from scipy.stats import hypergeom  # it takes longer to load than everything else that a page needs

    if not 0 <= positive <= sampled <= posts:
        raise ValueError(f"{positive} of {sampled} of {posts} is no sample")
    tail = (1 - confidence) / 2
    smallest, largest = positive, posts - (sampled - positive)

    def likely_low(total: int) -> bool:
        return bool(hypergeom.sf(positive - 1, posts, total, sampled) > tail)

    def likely_high(total: int) -> bool:
        return bool(hypergeom.cdf(positive, posts, total, sampled) > tail)

    low = _first(smallest, largest, likely_low)
    high = largest - _first(0, largest - smallest, lambda back: likely_high(largest - back))
    return low, high


def _first(start: int, end: int, holds: Callable[[int], bool]) -> int:
    """The smallest integer in start..end for which a monotone condition holds (it does at the end)."""
    while start < end:
        middle = (start + end) // 2
        if holds(middle):
            end = middle
        else:
            start = middle + 1
    return start
