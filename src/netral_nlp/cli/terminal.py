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


def progress(total: int | None = None) -> Callable[[int], None]:
    """A function to be told the rows done so far; draws one line on a terminal, nothing elsewhere."""
    if not on_terminal():
        return lambda rows: None
    start = time.monotonic()
    shown = [0.0]

    def show(rows: int) -> None:
        now = time.monotonic()
        if now - shown[0] < 0.2:
            return
        shown[0] = now
        speed = rows / max(now - start, 1e-9)
        left = f", {(total - rows) / speed:,.0f} s left" if total else ""
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
