"""Outputs that survive the death of their writer: what is written stays in ``TARGET.part`` until it is whole."""

from __future__ import annotations

import os
import stat
import sys
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import BinaryIO

from netral_nlp.errors import InputError
from netral_nlp.tables.atomic import Provisional, explain_write_error
from netral_nlp.tables.sinks import CsvSink, JsonLinesSink
from netral_nlp.tables.writing import Sink

DELIMITERS = {".csv": ",", ".txt": ",", ".tsv": "\t", ".tab": "\t"}
OBJECTS = (".jsonl", ".ndjson")


def is_resumable(target: str | Path) -> bool:
    """Whether a target can be written in two goes: CSV, TSV and JSON lines files are, streams and workbooks not."""
    path = Path(os.path.realpath(target))
    if str(target) == "-" or path.suffix.casefold() not in (*DELIMITERS, *OBJECTS):
        return False
    try:
        return stat.S_ISREG(path.stat().st_mode)
    except OSError:
        return True


class PartFile(Provisional):
    """``TARGET.part``, which becomes TARGET on `commit`; ``keep`` says whether it stays when there is no commit.

    ``size`` is how much of an earlier part is still good: the rest is cut off. Raises InputError when the target
    cannot be written or another process is at it.
    """

    def __init__(self, target: str | Path, size: int = 0) -> None:
        self.target = Path(os.path.realpath(target))
        self.path = part_of(target)
        self.keep = False
        self._given = str(target)
        try:
            if self.target.exists() and not os.access(self.target, os.W_OK):
                raise PermissionError("write-protected")
            self.handle: BinaryIO = self.path.open("r+b" if self.path.exists() else "x+b")
        except OSError as error:
            raise explain_write_error(error, self._given) from error
        if not _lock(self.handle):
            self.handle.close()
            raise InputError(f"Another process is writing {target}; wait for it or choose another name.")
        try:
            self.handle.truncate(size)
        except OSError as error:
            self.handle.close()
            raise explain_write_error(error, self._given) from error

    def checkpoint(self) -> int:
        """All that was written is on the disk; how many bytes that are."""
        try:
            self.handle.flush()
            os.fsync(self.handle.fileno())
        except OSError as error:
            raise explain_write_error(error, self._given) from error
        return self.handle.tell()

    def commit(self) -> None:
        """The part is whole: it takes the target's name."""
        self.checkpoint()
        try:
            if self.target.exists():
                self.path.chmod(stat.S_IMODE(self.target.stat().st_mode))
            if sys.platform == "win32":
                self.handle.close()  # an open file cannot be renamed there
            self.path.replace(self.target)
        except OSError as error:
            raise explain_write_error(error, self._given) from error
        self.handle.close()

    def discard(self) -> None:
        """Close the file, and remove it unless it is to be kept; harmless after `commit`."""
        if self.handle.closed:
            return
        with suppress(OSError):
            self.handle.close()
        if not self.keep:
            self.path.unlink(missing_ok=True)


def part_of(target: str | Path) -> Path:
    """Where the unfinished output of a target is kept."""
    path = Path(os.path.realpath(target))
    return path.with_name(path.name + ".part")


def open_sink(part: PartFile, columns: Sequence[str], *, excel: bool = False) -> Sink:
    """The format that the target's extension asks for, ready to write behind what the part holds already."""
    suffix = part.target.suffix.casefold()
    end = part.handle.seek(0, os.SEEK_END)
    part.handle.seek(0)
    if suffix in OBJECTS:
        sink: Sink = JsonLinesSink(part.handle, columns)
    else:  # writes the header, over the same header where there is one already
        sink = CsvSink(part.handle, columns, delimiter=DELIMITERS[suffix], excel=excel)
    part.handle.seek(max(end, part.handle.tell()))
    return sink


if sys.platform == "win32":

    def _lock(handle: BinaryIO) -> bool:
        return True

else:
    import fcntl

    def _lock(handle: BinaryIO) -> bool:
        """Whether nobody else holds the file; the lock ends with the process."""
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        except OSError:  # a file system without locks
            return True
        return True
