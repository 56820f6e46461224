"""What a person at the terminal sees: messages and progress on standard error, never on standard output."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable


def say(message: str) -> None:
    """One message to standard error."""
    sys.stderr.write(message.rstrip("\n") + "\n")
    sys.stderr.flush()


def on_terminal() -> bool:
    """Whether standard error is a terminal."""
    return sys.stderr.isatty()


def progress() -> Callable[[int, float | None], None]:
    """A function to be told the rows done and the share of the input; draws one line on a terminal, nothing elsewhere.

    The time left follows from the share, where that is known.
    """
    if not on_terminal():
        return lambda rows, share: None
    start = time.monotonic()
    shown = [0.0]
    begun: list[tuple[int, float]] = []  # where a continued run began

    def show(rows: int, share: float | None) -> None:
        now = time.monotonic()
        if not begun:
            begun.append((rows, share or 0.0))
        if now - shown[0] < 0.2:
            return
        shown[0] = now
        spent = max(now - start, 1e-9)
        speed = (rows - begun[0][0]) / spent
        gained = (share or 0.0) - begun[0][1]
        left = f", {spent * (1.0 - (share or 0.0)) / gained:,.0f} s left" if gained > 0 else ""
        sys.stderr.write(f"\r{rows:,} posts, {speed:,.0f} posts/s{left}\x1b[K")
        sys.stderr.flush()

    return show


def end_progress() -> None:
    """Clear the progress line."""
    if on_terminal():
        sys.stderr.write("\r\x1b[K")
        sys.stderr.flush()


def count(n: int, one: str, many: str | None = None) -> str:
    """A number with its noun.

    >>> count(1, "row"), count(2000, "row"), count(2, "post box", "post boxes")
    ('1 row', '2,000 rows', '2 post boxes')
    """
    return f"{n:,} {one if n == 1 else many or one + 's'}"
