"""The one guard of every command: no output over an input, over another output, or under an ending it does not have.

Files are the same when the system says so, links and other names included; a stream that was redirected to or from a
file counts as that file. What stands beside an output under a name that nobody chose (rejected rows, a journal, a
model card) is replaced only where it begins as ours do.
"""

from __future__ import annotations

import os
import stat
import sys
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from netral_nlp.errors import InputError
from netral_nlp.tables.together import Outputs, record_of

READ = (".csv", ".txt", ".tsv", ".tab", ".xlsx", ".xlsm", ".parquet", ".jsonl", ".ndjson", ".json", ".toml")
"""Endings of the files that are read where a folder is named as input."""


@dataclass(frozen=True, slots=True)
class Kind:
    """What an output is, and the endings that such a file may have; it may always have none."""

    what: str
    endings: tuple[str, ...]


TABLE = Kind("a table", (".csv", ".txt", ".tsv", ".tab", ".xlsx", ".parquet", ".jsonl", ".ndjson"))
OBJECTS = Kind("a file of JSON lines", (".jsonl", ".ndjson", ".json"))
MODEL = Kind("a model", (".npz",))
PIPELINE = Kind("a pipeline", (".joblib", ".pkl", ".pickle"))
PAGE = Kind("a page", (".html", ".htm"))
DOCUMENT = Kind("JSON", (".json", ".txt"))
REVIEWS = Kind("a reviews file", (".sqlite", ".sqlite3", ".db"))


@dataclass(frozen=True, slots=True)
class Beside:
    """A file that an output brings with it, and the ways in which those of ours begin."""

    path: Path
    starts: tuple[bytes, ...]


@dataclass(frozen=True, slots=True)
class Output:
    """A file that is to be written, and what stands beside it."""

    path: str | Path | None
    kind: Kind
    beside: tuple[Beside, ...] = ()


@dataclass(frozen=True, slots=True)
class _Place:
    """A file by its name and by what the system calls it; that is None where there is none."""

    shown: str
    path: str
    found: os.stat_result | None


def check_outputs(outputs: Sequence[Output], inputs: Iterable[str | Path | None]) -> None:
    """Nothing where each output may be written; ``None`` and ``-`` stand for no file and for the standard streams.

    A folder among the inputs stands for the files in it. An input whose own writer died in its commit is completed.
    Raises InputError with what is wrong and what to do.
    """
    places = [_place(path, sys.stdin) for path in _files(inputs)]
    known = [place for place in places if place is not None]
    for place in known:
        _complete(place)
    taken: list[_Place] = []
    for output in outputs:
        if output.path is None:
            continue
        main = _place(output.path, sys.stdout)
        if main is None:
            continue
        _check_ending(main, output.kind, str(output.path))
        _check_free(main, known, taken)
        taken.append(main)
        if not main.path or (main.found is not None and not stat.S_ISREG(main.found.st_mode)):
            continue  # a stream or a device has nothing beside it
        for beside in output.beside:
            other = _place(beside.path, sys.stdout)
            if other is not None:
                _check_free(other, known, taken)
                _check_ours(other, beside, main)
                taken.append(other)


def _files(inputs: Iterable[str | Path | None]) -> Iterator[str | Path]:
    for path in inputs:
        if path is not None and Path(path).is_dir():
            yield from sorted(one for one in Path(path).iterdir() if one.suffix.casefold() in READ)
        elif path is not None:
            yield path


def _place(path: str | Path, stream: object) -> _Place | None:
    """The place that a path means; None for a stream that is no file."""
    if str(path) != "-":
        resolved = os.path.realpath(path)
        try:
            return _Place(str(path), resolved, os.stat(resolved))  # noqa: PTH116 — resolved already
        except (OSError, ValueError):
            return _Place(str(path), resolved, None)
    try:
        found = os.fstat(stream.fileno())  # type: ignore[attr-defined]
    except (OSError, ValueError, AttributeError):  # closed, or replaced by a program
        return None
    if not stat.S_ISREG(found.st_mode):
        return None
    return _Place("Standard output" if stream is sys.stdout else "Standard input", "", found)


def _check_ending(place: _Place, kind: Kind, given: str) -> None:
    if given == "-" or (place.found is not None and not stat.S_ISREG(place.found.st_mode)):
        return
    for name in dict.fromkeys((given, place.path)):  # a link may have another ending than its file
        ending = Path(name).suffix.casefold()
        if ending and ending not in kind.endings:
            shown = ", ".join(kind.endings[:-1]) + " or " * (len(kind.endings) > 1) + kind.endings[-1]
            raise InputError(f"Cannot write {given}: {kind.what} ends in {shown}. Choose another name.", path=given)


def _check_free(place: _Place, inputs: Iterable[_Place], taken: Iterable[_Place]) -> None:
    for other in inputs:
        if _same(place, other):
            also = "" if other.shown == place.shown else f" (as {other.shown})"
            raise InputError(
                f"Cannot write {place.shown}: it is an input of this run{also}. Choose another name.", path=place.shown
            )
    for other in taken:
        if _same(place, other):
            raise InputError(
                f"Cannot write {place.shown} twice in one run ({other.shown}). Choose another name.", path=place.shown
            )


def _check_ours(place: _Place, beside: Beside, main: _Place) -> None:
    if place.found is None:
        return
    if not stat.S_ISREG(place.found.st_mode) or Path(beside.path).is_symlink():
        raise InputError(f"{beside.path} is in the way of {main.shown}; move it or choose another name.",
                         path=str(beside.path))  # fmt: skip
    try:
        with Path(place.path).open("rb") as file:
            start = file.read(max(map(len, beside.starts)))
    except OSError as error:
        raise InputError(f"{beside.path} cannot be read: {error.strerror}.", path=str(beside.path)) from None
    if start and not start.startswith(beside.starts):
        raise InputError(f"{beside.path} is no file of ours, and {main.shown} would replace it. Move it, or choose "
                         "another name.", path=str(beside.path))  # fmt: skip


def _same(one: _Place, other: _Place) -> bool:
    if one.found is not None and other.found is not None:
        return stat.S_ISREG(one.found.st_mode) and os.path.samestat(one.found, other.found)
    return bool(one.path) and one.path == other.path


def _complete(place: _Place) -> None:
    """Let the writer's commit end before the file is read, where the writer died in it."""
    if place.path and os.path.lexists(record_of(place.path)):
        Outputs(place.path).discard()
