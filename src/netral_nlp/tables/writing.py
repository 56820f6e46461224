"""Tables to disk, whole or not at all: CSV (also for Excel), TSV, XLSX, Parquet and JSON lines."""

from __future__ import annotations

import os
import stat
import sys
from collections.abc import Iterable, Sequence
from io import BytesIO
from itertools import islice
from pathlib import Path
from typing import BinaryIO, ClassVar, Protocol

from netral_nlp.errors import NetralError
from netral_nlp.tables.atomic import AtomicFile, Provisional, explain_write_error
from netral_nlp.tables.dialect import Cell, Dialect
from netral_nlp.tables.formats import CsvFormat, JsonLinesFormat
from netral_nlp.tables.parts import Rows

BATCH = 2000


class ReaderGone(NetralError):  # noqa: N818 — nothing went wrong
    """The program that read standard output has stopped (``netral score … | head``); nothing is wrong."""

    exit_code: ClassVar[int] = 0


class Format(Protocol):
    """What every output format offers to `Writer`."""

    def write_rows(self, rows: Sequence[Sequence[Cell]]) -> None: ...

    def finish(self) -> None: ...

    def abandon(self) -> None: ...

    def notes(self) -> tuple[str, ...]: ...


class Writer(Provisional):
    """Rows to one file: `write_rows` as often as needed, then `commit`; else the target stays as it was.

    ``rows`` counts what was written, ``notes`` are sentences on what the format could not hold.
    """

    def __init__(self, format_: Format, width: int, file: AtomicFile | None, handle: BinaryIO, target: str) -> None:
        self._format = format_
        self._width = width
        self._file = file
        self._handle = handle
        self._target = target
        self._done = False
        self.rows = 0

    @property
    def notes(self) -> tuple[str, ...]:
        return self._format.notes()

    @property
    def dialect(self) -> Dialect | None:
        """How a CSV or TSV file shows its cells, for `write_beside`; None for the other formats."""
        return self._format.dialect if isinstance(self._format, CsvFormat) else None

    def write_rows(self, rows: Iterable[Sequence[Cell]]) -> None:
        """Rows of one cell per column; text stays as it is, numbers are written by `format_number`.

        Raises ValueError for a row of another length or a number that is not finite, InputError when the
        disk is full, ReaderGone when nobody reads standard output any more.
        """
        self._check_open()
        source = iter(rows)
        while batch := list(islice(source, BATCH)):
            if set(map(len, batch)) != {self._width}:
                raise ValueError(f"a row has another number of cells than the {self._width} columns")
            try:
                self._format.write_rows(batch)
            except OSError as error:
                raise self._explain(error) from error
            self.rows += len(batch)

    def write_beside(self, rows: Rows, tails: Sequence[str]) -> None:
        """Rows without their last columns, and what `dialect` made of those: one text a row, not checked again.

        Raises ValueError for rows of different lengths and for fewer or more tails than rows, TypeError for a format
        without a dialect, InputError and ReaderGone as `write_rows` does.
        """
        self._check_open()
        if len(rows) != len(tails):
            raise ValueError("there are not as many tails as rows")
        if not isinstance(self._format, CsvFormat):
            raise TypeError("only CSV files are written in two halves")
        try:
            self._format.write_beside(rows, tails)
        except OSError as error:
            raise self._explain(error) from error
        self.rows += len(rows)

    def finish(self) -> None:
        """The format's end is written and nothing can follow; for a file that others commit, as `Outputs` does."""
        self._check_open()
        try:
            self._format.finish()
            self._handle.flush()
        except OSError as error:
            raise self._explain(error) from error
        self._done = True

    def commit(self) -> None:
        """Everything on the disk under its final name; only now is an earlier file replaced."""
        self.finish()
        if self._file is not None:
            self._file.commit()

    def discard(self) -> None:
        """Nothing is kept; harmless after `commit`."""
        if not self._done:
            self._format.abandon()
        self._done = True
        if self._file is not None:
            self._file.discard()

    def _check_open(self) -> None:
        if self._done:
            raise ValueError("this table is already finished")

    def _explain(self, error: OSError) -> NetralError:
        if self._file is None:
            return _explain_stream(error)
        return explain_write_error(error, self._target)


def open_writer(
    target: str | Path, columns: Sequence[str], *, excel: bool = False, review: bool = False, guarded: bool = False
) -> Writer:
    """A `Writer` for ``target``; the extension decides the format, and ``-`` (standard output) is CSV.

    ``excel`` makes a CSV that opens with a double click where the comma is decimal: BOM, semicolons,
    decimal commas, and an apostrophe before any text that Excel would run as a formula or take for a number. ``review``
    makes a workbook for a supervisor: frozen header, filters, colours by label, and a column ``tinjauan`` with a
    drop-down behind the others. ``guarded`` is the apostrophe alone, before formulas. Other formats ignore all three.
    Raises InputError when the target cannot be written.
    """
    if str(target) == "-":
        stream = sys.stdout.buffer
        try:
            format_ = _open_format(stream, Path(), "", columns, excel, review, guarded)
        except OSError as error:
            raise _explain_stream(error) from error
        return Writer(format_, len(columns), None, stream, "standard output")
    return writer_of(AtomicFile(target), columns, excel=excel, review=review, guarded=guarded)


def writer_of(
    file: AtomicFile, columns: Sequence[str], *, excel: bool = False, review: bool = False, guarded: bool = False
) -> Writer:
    """A `Writer` into a file that is open: behind what it holds already, where it is one that is continued.

    Raises InputError when the disk is full; the file is then discarded.
    """
    suffix = file.target.suffix.casefold()
    try:
        end = file.handle.tell() if file.path is not None else 0
        if end:
            file.handle.seek(0)  # the header is written over the same header
        format_ = _open_format(file.handle, file.target, suffix, columns, excel, review, guarded)
        if end:
            file.handle.seek(max(end, file.handle.tell()))
        return Writer(format_, len(columns), file, file.handle, file.given)
    except OSError as error:
        file.discard()
        raise explain_write_error(error, file.given) from error
    except BaseException:
        file.discard()
        raise


def table_bytes(columns: Sequence[str], rows: Sequence[Sequence[Cell]]) -> bytes:
    """A small table as the bytes of a CSV file, guarded."""
    packed = BytesIO()
    CsvFormat(packed, columns, guarded=True).write_rows(rows)
    return packed.getvalue()


def _open_format(
    handle: BinaryIO, target: Path, suffix: str, columns: Sequence[str], excel: bool, review: bool, guarded: bool
) -> Format:  # fmt: skip
    if not columns:
        raise ValueError("a table has at least one column")
    if suffix == ".xlsx" and review:
        from netral_nlp.tables.review_xlsx import ReviewXlsxFormat

        return ReviewXlsxFormat(handle, columns, target)
    if suffix == ".xlsx":
        from netral_nlp.tables.formats import XlsxFormat

        return XlsxFormat(handle, columns, target)
    if suffix == ".parquet":
        from netral_nlp.tables.formats import ParquetFormat

        return ParquetFormat(handle, columns)
    if suffix in OBJECTS:
        return JsonLinesFormat(handle, columns)
    return CsvFormat(handle, columns, delimiter=DELIMITERS.get(suffix, ","), excel=excel, guarded=guarded)


DELIMITERS = {".csv": ",", ".txt": ",", ".tsv": "\t", ".tab": "\t"}
OBJECTS = (".jsonl", ".ndjson")


def is_regular(target: str | Path) -> bool:
    """Whether a target is or will be a plain file: not standard output, a device or a pipe."""
    if str(target) == "-":
        return False
    try:
        return stat.S_ISREG(Path(target).stat().st_mode)
    except OSError:
        return True


def is_resumable(target: str | Path) -> bool:
    """Whether a target can be written in two goes: CSV, TSV and JSON lines files are, streams and workbooks not."""
    suffix = Path(os.path.realpath(target)).suffix.casefold()
    return is_regular(target) and suffix in (*DELIMITERS, *OBJECTS)


def _explain_stream(error: OSError) -> NetralError:
    """Standard output fails: its reader has gone, or it is a file on a full disk."""
    # Else the interpreter flushes again at its end, fails again and prints a trace.
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    if isinstance(error, BrokenPipeError):
        return ReaderGone("The program that read the output has stopped.")
    return explain_write_error(error, "standard output")
