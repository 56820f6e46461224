"""How a command ends: what an error, a signal, a full disk or a closed pipe becomes; one sentence and an exit code."""

from __future__ import annotations

import errno
import os
import signal
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from types import FrameType

from netral_nlp.cli import leaving
from netral_nlp.cli.leaving import leave
from netral_nlp.cli.terminal import say
from netral_nlp.errors import INTERRUPTED, InputError, NetralError

FULL = (errno.ENOSPC, errno.EFBIG, errno.EDQUOT, errno.EIO)
NO_MEMORY = "Not enough memory for this input; split it into smaller files."


def ended(command: Callable[[], object]) -> int:
    """Run a command and tell its exit code; only a bug shows a trace.

    Whatever a library makes of Ctrl-C or a request to end (an ImportError in the midst of an import, say), it is the
    signal that counts.
    """
    with _noted_signals() as seen:
        try:
            try:
                command()
                code: object = 0
            except SystemExit as end:
                if isinstance(end.__context__, BrokenPipeError):  # the library of the command line had caught it
                    raise end.__context__ from None
                code = end.code
            sys.stdout.flush()
        except BaseException as error:
            code = _code_of(error, seen)
            if code is None:
                raise
        return _leave(seen[0]) if seen else code if isinstance(code, int) else 1 if code else 0


def _code_of(error: BaseException, seen: list[int]) -> int | None:
    """The exit code of an error that is no bug, with its sentence said; None for a bug."""
    if seen or isinstance(error, KeyboardInterrupt):
        return INTERRUPTED if seen else _leave(signal.SIGINT)
    if isinstance(error, NetralError):
        say(str(error))
        return error.exit_code
    if isinstance(error, BrokenPipeError):
        _drop_output()
        say("The program that read the output has stopped.")
        return 0
    if isinstance(error, OSError) and error.errno in FULL:
        _drop_output()
        say(f"Cannot write{f' {error.filename}' if error.filename else ''}: {error.strerror}. Choose another place.")
        return InputError.exit_code
    if isinstance(error, MemoryError):
        say(NO_MEMORY)
        return InputError.exit_code
    return None


def _leave(number: int) -> int:
    with suppress(OSError, ValueError):
        sys.stdout.flush()
    say(leaving.INTERRUPTED)
    return 128 + number


def _drop_output() -> None:
    """Else the interpreter flushes again at its end, fails again and prints a trace."""
    with suppress(OSError, ValueError, AttributeError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


@contextmanager
def _noted_signals() -> Iterator[list[int]]:
    """The signals that asked for the end while the block ran; each of them raises KeyboardInterrupt."""
    seen: list[int] = []

    def note(number: int, frame: FrameType | None) -> None:
        seen.append(number)
        raise KeyboardInterrupt

    usual = {}
    if threading.current_thread() is threading.main_thread():
        for number in (signal.SIGINT, signal.SIGTERM):
            if signal.getsignal(number) in (signal.SIG_DFL, signal.default_int_handler, leave):  # else it is ignored
                usual[number] = signal.signal(number, note)
    try:
        yield seen
    finally:
        for number, handler in usual.items():
            signal.signal(number, handler)


def fill_streams() -> None:
    """A standard stream that was closed is nothing: else the next file to be opened would take its place."""
    for number, name, mode in ((0, "stdin", "r"), (1, "stdout", "w"), (2, "stderr", "w")):
        if getattr(sys, name) is None:
            file = os.open(os.devnull, os.O_RDONLY if number == 0 else os.O_WRONLY)
            if file != number:
                os.dup2(file, number)
                os.close(file)
            setattr(sys, name, os.fdopen(number, mode, encoding="utf-8", closefd=False))
