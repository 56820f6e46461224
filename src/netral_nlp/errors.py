"""Every deliberate error of the package with the exit code that the command line gives it, and the other codes."""

from __future__ import annotations

from typing import ClassVar

PARTLY = 5  # exit code: done, but some rows were rejected, or a check found something
INTERRUPTED = 130  # exit code: stopped by Ctrl-C


class NetralError(Exception):
    """A mistake that the user can mend; its message says what, where, and what to do now."""

    exit_code: ClassVar[int] = 1


class UsageError(NetralError):
    """The command or function was called in a way that cannot work (exit code 2)."""

    exit_code = 2


class InputError(NetralError):
    """A table, roster or corpus cannot be used as it is (exit code 3).

    ``path`` and ``line`` (1-based line of the file) are set where they are known.
    """

    exit_code = 3

    def __init__(self, message: str, *, path: str | None = None, line: int | None = None) -> None:
        super().__init__(message)
        self.path = path
        self.line = line


class ModelError(NetralError):
    """A model file is damaged, of another version, or not to be trusted (exit code 4)."""

    exit_code = 4
