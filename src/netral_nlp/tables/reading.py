"""Any table file as a stream of rows of text, in constant memory; never numbers, dates or NaN."""

from __future__ import annotations

import os
import shutil
import stat
import sys
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from types import TracebackType
from typing import BinaryIO, Self

from netral_nlp.errors import InputError
from netral_nlp.tables.columns import find_column, require_column
from netral_nlp.tables.rows import Rejected, Row, Source

FORMATS = {
    ".csv": "csv", ".txt": "csv", ".tsv": "tsv", ".tab": "tsv", ".xlsx": "xlsx", ".xlsm": "xlsx",
    ".parquet": "parquet", ".jsonl": "jsonl", ".ndjson": "jsonl",
}  # fmt: skip
# What a file begins with says more than its name: an export called .csv may well be a workbook.
MAGIC = ((b"PK\x03\x04", "xlsx"), (b"\xd0\xcf\x11\xe0", "xlsx"), (b"PAR1", "parquet"))


class Table:
    """A file of rows: ``name``, ``kind`` and ``columns`` at once, the rows by iterating, as often as need be.

    ``notes`` are sentences for a person on how the file was read; they are final after a whole pass.
    A context manager; closing it twice is harmless.
    """

    def __init__(self, source: Source, handle: BinaryIO, name: str) -> None:
        self._source = source
        self._handle = handle
        self._size = os.fstat(handle.fileno()).st_size
        self.name = name
        self.kind = source.kind
        self.columns = source.columns

    @property
    def notes(self) -> tuple[str, ...]:
        return self._source.notes()

    @property
    def share_read(self) -> float | None:
        """How much of the file has been read, from 0 to 1; None where that cannot be told, as of a workbook."""
        if self.kind not in ("csv", "jsonl") or not self._size:
            return None
        return min(1.0, self._handle.tell() / self._size)

    def __iter__(self) -> Iterator[Row | Rejected]:
        return chain.from_iterable(self.batches())

    def batches(self) -> Iterator[list[Row | Rejected]]:
        """The same records in lists, as many together as were read together."""
        try:
            yield from self._source.batches()
        except OSError as error:
            raise _explain(error, self.name) from error

    def chunks(self, size: int) -> Iterator[list[Row | Rejected]]:
        """The same records in lists of ``size``; the last one may be shorter, none is empty."""
        if size < 1:
            raise ValueError("a chunk has at least one row")
        held: list[Row | Rejected] = []
        for batch in self.batches():
            held += batch
            if len(held) >= size:
                whole = len(held) - len(held) % size
                for start in range(0, whole, size):
                    yield held[start : start + size]
                held = held[whole:]
        if held:
            yield held

    def find_column(self, wanted: str | None, usual: Sequence[str], *, what: str, option: str) -> int | None:
        """`columns.find_column` with this table's name in its messages."""
        return find_column(self.columns, wanted, usual, what=what, option=option, name=self.name)

    def require_column(self, wanted: str | None, usual: Sequence[str], *, what: str, option: str) -> int:
        """`columns.require_column` with this table's name in its messages."""
        return require_column(self.columns, wanted, usual, what=what, option=option, name=self.name)

    def close(self) -> None:
        close = getattr(self._source, "close", None)
        if close is not None:
            close()
        self._handle.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


@dataclass(frozen=True, slots=True)
class Record:
    """A row with named cells, and where it stands in its file."""

    line: int
    fields: dict[str, str]

    def __getitem__(self, column: str) -> str:
        return self.fields[column]

    def get(self, column: str, default: str = "") -> str:
        return self.fields.get(column, default)


def open_table(source: str | Path, *, sheet: str | None = None) -> Table:
    """The table in a CSV, TSV, text, XLSX, Parquet or JSON lines file; ``-`` is standard input.

    The format follows from the first bytes, else from the extension, else from the content.
    ``sheet`` names a sheet of a workbook (default: the first).
    Raises InputError when the file is missing, empty, no table, or has an empty or ambiguous header.
    """
    name = "Standard input" if str(source) == "-" else Path(source).name
    handle = _open_bytes(source, name)
    try:
        return Table(_open_source(handle, name, Path(source).suffix.casefold(), sheet), handle, name)
    except OSError as error:
        handle.close()
        raise _explain(error, name) from error
    except BaseException:
        handle.close()
        raise


def read_records(path: str | Path, *, required: Sequence[str] = ()) -> list[Record]:
    """All rows of a file that must not have a single fault, such as a labelled corpus.

    Raises InputError with the first line numbers when any record is rejected or a required column missing.
    """
    with open_table(path) as table:
        names = [column.strip() for column in table.columns]
        missing = [column for column in required if column not in names]
        if missing:
            listed = ", ".join(f'"{column}"' for column in missing)
            raise InputError(f"{table.name} has no column {listed}. Add it to the header.", path=str(path), line=1)
        records: list[Record] = []
        faults: list[Rejected] = []
        for row in table:
            if isinstance(row, Rejected):
                faults.append(row)
            else:
                records.append(Record(row.line, dict(zip(names, row.cells, strict=True))))
    if faults:
        listed = ", ".join(f"{fault.line} ({fault.reason})" for fault in faults[:5])
        more = f" and {len(faults) - 5:,} more" if len(faults) > 5 else ""
        raise InputError(f"{table.name} has {len(faults):,} unreadable record(s), at line {listed}{more}.",
                         path=str(path), line=faults[0].line)  # fmt: skip
    return records


def _open_bytes(source: str | Path, name: str) -> BinaryIO:
    if str(source) == "-":
        return _spool(sys.stdin.buffer)
    try:
        mode = Path(source).stat().st_mode
        if stat.S_ISDIR(mode):
            raise InputError(f"{source} is a directory; name a file in it.", path=str(source))
        handle = Path(source).open("rb")  # noqa: SIM115 — closed with the table
        if stat.S_ISREG(mode):
            return handle
        with handle:  # a pipe cannot be read twice
            return _spool(handle)
    except FileNotFoundError:
        raise InputError(f"There is no file {source}. Check the name and the directory.", path=str(source)) from None
    except OSError as error:
        raise _explain(error, name) from error
    except ValueError:
        raise InputError("A file name cannot contain a NUL byte.") from None


def _spool(stream: BinaryIO) -> BinaryIO:
    spool = tempfile.TemporaryFile()  # noqa: SIM115 — closed with the table
    shutil.copyfileobj(stream, spool, 1 << 20)
    spool.seek(0)
    return spool


def _open_source(handle: BinaryIO, name: str, suffix: str, sheet: str | None) -> Source:
    start = handle.read(4096)
    if not start:
        raise InputError(f"{name} is empty.", path=name)
    kind = next((kind for magic, kind in MAGIC if start.startswith(magic)), None)
    if kind is None:
        kind = FORMATS.get(suffix) or ("jsonl" if start.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"{") else "csv")
    if sheet is not None and kind != "xlsx":
        raise InputError(f"{name} is no workbook, so it has no sheets.", path=name)
    if kind == "xlsx":
        from netral_nlp.tables.xlsx import Workbook

        return Workbook(handle, name, sheet)
    if kind == "parquet":
        from netral_nlp.tables.parquet import ParquetFile

        return ParquetFile(handle, name)
    if kind == "jsonl":
        from netral_nlp.tables.jsonlines import JsonLines

        return JsonLines(handle, name)
    from netral_nlp.tables.delimited import DelimitedFile

    return DelimitedFile(handle, name, tabs_first=kind == "tsv")


def _explain(error: OSError, name: str) -> InputError:
    return InputError(f"{name} cannot be read: {error.strerror or type(error).__name__}.", path=name)
