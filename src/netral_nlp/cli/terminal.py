"""What a person at the terminal sees: answers on standard output, messages and progress on standard error only."""

from __future__ import annotations

import codecs
import io
import re
import sys
import time
from collections.abc import Callable
from contextlib import suppress

ESCAPES = "netral-escapes"
# What a terminal obeys instead of showing: control characters, and signs that turn the direction of what follows.
# Names in files from strangers may hold them. Line ends and tabs stay.
_OBEYED = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069\ud800-\udfff]"
)


def plain(text: str) -> str:
    """The text with everything that a terminal would obey written out.

    >>> plain("a\\x1b[31mb\\u202ec"), plain("satu\\ndua \\U0001f44d")
    ('a\\\\u001b[31mb\\\\u202ec', 'satu\\ndua 👍')
    """
    return _OBEYED.sub(lambda found: f"\\u{ord(found.group()):04x}", text)  # in JSON the same text


def _escape(error: UnicodeError) -> tuple[str, int]:
    """Characters that a stream cannot write, as JSON escapes them: readable, and still JSON where it is JSON."""
    if not isinstance(error, UnicodeEncodeError):
        raise error
    pairs = error.object[error.start : error.end].encode("utf-16-be", "surrogatepass").hex()
    return "".join(f"\\u{pairs[i : i + 4]}" for i in range(0, len(pairs), 4)), error.end


def open_streams() -> None:
    """From here on no character ends a run: a console of another age gets escapes for what it cannot show."""
    codecs.register_error(ESCAPES, _escape)
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors=ESCAPES)


def say(message: str) -> None:
    """One message to standard error."""
    with suppress(OSError):  # nobody listens, or the disk that it goes to is full
        sys.stderr.write(plain(message.rstrip("\n")) + "\n")
        sys.stderr.flush()


def tell(text: str) -> None:
    """Lines of an answer to standard output."""
    sys.stdout.write(plain(text.rstrip("\n")) + "\n")


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

    def draw(rows: int, share: float | None) -> None:
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

    return draw


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
