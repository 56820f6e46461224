"""What tests of faults count: how many they tried, how many failed as they should, and how many lost anything."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass

TALLIES: dict[str, Tally] = {}  # of this run, by what was done; printed at its end


@dataclass
class Tally:
    """``failed``: ended in a sentence, or was killed; ``lost``: lost, doubled, half or silently different, or a bug."""

    tried: int = 0
    failed: int = 0
    lost: int = 0


@contextmanager
def attempt(what: str, times: int = 1) -> Iterator[Tally]:
    """Around one try, or so many: whatever an assertion inside finds is a loss, and goes on to the test."""
    tally = TALLIES.setdefault(what, Tally())
    tally.tried += times
    try:
        yield tally
    except BaseException:
        tally.lost += 1
        raise


def counts() -> dict[str, tuple[int, int, int]]:
    """What was counted so far, as plain data."""
    return {what: (one.tried, one.failed, one.lost) for what, one in TALLIES.items()}


def add(more: Mapping[str, tuple[int, int, int]]) -> None:
    """Add what another process of the same run has counted."""
    for what, (tried, failed, lost) in more.items():
        tally = TALLIES.setdefault(what, Tally())
        tally.tried, tally.failed, tally.lost = tally.tried + tried, tally.failed + failed, tally.lost + lost


def table() -> list[str]:
    """The table, a line each; empty where nothing was counted."""
    if not TALLIES:
        return []
    rows = [("test", "tried", "failed", "lost")]
    rows += [(what, f"{one.tried:,}", f"{one.failed:,}", f"{one.lost:,}") for what, one in sorted(TALLIES.items())]
    wide = max(len(row[0]) for row in rows)
    return [f"{row[0]:<{wide}} {row[1]:>8} {row[2]:>8} {row[3]:>6}" for row in rows]
