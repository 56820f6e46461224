"""What a person at the terminal sees: answers on standard output, messages and progress on standard error only."""

from __future__ import annotations

import codecs
import io
import re
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from typing import Any

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


def coloured() -> bool:
    """Whether an answer may hold colours: on a terminal that understands them, and not where NO_COLOR is set."""
    from rich.console import Console

    console = Console(file=sys.stdout)  # it switches the escape codes of a Windows console on
    return console.color_system not in (None, "windows") and not console.no_color


_drawn: list[Any] = []  # the bar on the terminal, if there is one


def progress() -> Callable[[int, float | None], None]:
    """A function to be told the rows done and the share of the input; draws a bar on a terminal, nothing elsewhere.

    The time left follows from the share, where that is known.
    """
    if not on_terminal():
        return lambda rows, share: None
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn

    bar = Progress(
        TextColumn("{task.fields[rows]:,} posts, {task.fields[speed]:,.0f} posts/s"),
        BarColumn(), TimeRemainingColumn(),
        console=Console(file=sys.stderr), transient=True, auto_refresh=False,
    )  # fmt: skip
    task = bar.add_task("", total=None, rows=0, speed=0.0)
    start = time.monotonic()
    shown = [0.0]
    begun: list[int] = []  # the rows that a continued run began with

    def draw(rows: int, share: float | None) -> None:
        now = time.monotonic()
        if not begun:
            begun.append(rows)
            _drawn.append(bar)
            bar.start()
        if now - shown[0] < 0.2:
            return
        shown[0] = now
        speed = (rows - begun[0]) / max(now - start, 1e-9)
        bar.update(task, completed=share or 0.0, total=None if share is None else 1.0, rows=rows, speed=speed)
        bar.refresh()

    return draw


def end_progress() -> None:
    """Clear the bar."""
    while _drawn:
        _drawn.pop().stop()


def count(n: int, one: str, many: str | None = None) -> str:
    """A number with its noun.

    >>> count(1, "row"), count(2000, "row"), count(2, "post box", "post boxes")
    ('1 row', '2,000 rows', '2 post boxes')
    """
    return f"{n:,} {one if n == 1 else many or one + 's'}"
