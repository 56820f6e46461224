"""Faults for tests: an action in a child process in which one call to the system fails, or kills it."""

from __future__ import annotations

import errno
import os
import resource
import signal
import sys
import traceback
import warnings
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from netral_nlp.errors import NetralError
from sqlite_faults import replace_calls

Action = Callable[[], object]
CALLS = frozenset({"open", "os.rename", "os.remove", "os.link", "os.chmod", "os.truncate", "fcntl.flock"})
FAILURES = (errno.ENOSPC, errno.EIO, errno.EACCES)
DONE, SENTENCE, BUG, KILLED = "done", "sentence", "bug", "killed"


@dataclass(frozen=True)
class Outcome:
    """How the action ended, how many calls it made, and the message or the trace."""

    how: str
    calls: int
    said: str


def in_child(
    action: Action, folder: Path, *, at: int = 0, kill: bool = False, largest: int | None = None, sqlite: bool = False
) -> Outcome:
    """Do the action in a child; its call number ``at`` that concerns files in ``folder`` fails or kills the child.

    ``largest`` is the size in bytes beyond which no file can grow there, as on a disk that is full. With ``sqlite``
    SQLite's own writes count, too; every other one that is struck has written half of its bytes.
    """
    reading, writing = os.pipe()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of forking with threads: none of them does anything now
        child = os.fork()
    if not child:
        os.close(reading)
        _act(action, str(folder), at, kill, largest, sqlite, writing)
    os.close(writing)
    with os.fdopen(reading, "rb") as pipe:
        told = pipe.read().decode("utf-8", "replace")
    _, status = os.waitpid(child, 0)
    if os.WIFSIGNALED(status):
        assert os.WTERMSIG(status) == signal.SIGKILL, status
        return Outcome(KILLED, at, "")
    how, calls, said = told.split("\n", 2)
    return Outcome(how, int(calls), said)


def _act(action: Action, folder: str, at: int, kill: bool, largest: int | None, sqlite: bool, told: int) -> None:
    """Never returns: the child ends here, without the cleaning up of the tests that it was forked from."""
    seen = 0

    def due() -> bool:
        nonlocal seen
        seen += 1
        return seen == at

    def strike() -> None:
        if kill:
            os.kill(os.getpid(), signal.SIGKILL)
        code = FAILURES[at % len(FAILURES)]
        raise OSError(code, os.strerror(code))

    def meet() -> None:
        if due():
            strike()

    def hook(event: str, arguments: tuple[Any, ...]) -> None:
        if event in CALLS and (event == "fcntl.flock" or str(arguments[0]).startswith(folder)):
            meet()

    syncing = os.fsync

    def fsync(file: int) -> None:
        meet()
        syncing(file)

    try:
        if largest is not None:
            signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
            resource.setrlimit(resource.RLIMIT_FSIZE, (largest, largest))
        os.fsync = fsync
        sys.addaudithook(hook)
        if sqlite:
            replace_calls(due, strike, half=at % 2 == 0)
        try:
            action()
            how, said = DONE, ""
        except NetralError as error:
            how, said = SENTENCE, str(error)
        except BaseException:
            how, said = BUG, traceback.format_exc()
        at = 0  # the pipe is not part of it
        os.write(told, f"{how}\n{seen}\n{said}".encode("utf-8", "replace"))
    finally:
        os._exit(0)
