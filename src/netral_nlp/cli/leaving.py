"""What Ctrl-C and the request to end do before a command has begun: nothing is open yet, so the process just goes.

It imports nothing that is not there already, so that it can be in place within a millisecond. What comes before it no
program can catch: Python's own start and its ``site`` take some hundredths of a second, and a Ctrl-C in them is
answered by Python.
"""

from __future__ import annotations

import os

INTERRUPTED = "Interrupted; nothing was left half written."


def leave(number: int, frame: object = None) -> None:
    """A handler of signals that says so in one sentence and ends the process; it never returns."""
    try:
        os.write(2, f"{INTERRUPTED}\n".encode())
    finally:
        os._exit(128 + number)
