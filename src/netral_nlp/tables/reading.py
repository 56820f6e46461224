"""Any table file as a stream of rows of text, in constant memory; never numbers, dates or NaN."""

from __future__ import annotations

import os
import re
import shutil
import stat
import sys
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain, islice
from pathlib import Path
from types import TracebackType
from typing import BinaryIO, Self

from netral_nlp.errors import InputError
from netral_nlp.tables.columns import find_column, require_column
from netral_nlp.tables.jsonfiles import JsonFile, is_lines
from netral_nlp.tables.layout import PLAIN, Layout
from netral_nlp.tables.posts_column import RECORDS, SAMPLE, choose_posts
from netral_nlp.tables.reasons import in_english
from netral_nlp.tables.rows import Rejected, Row, Source
from netral_nlp.tables.unpacking import unpack

FORMATS = {
    ".csv": "csv", ".txt": "csv", ".tsv": "tsv", ".tab": "tsv", ".xlsx": "xlsx", ".xlsm": "xlsx",
    ".parquet": "parquet", ".jsonl": "jsonl", ".ndjson": "jsonl", ".json": "json",
}  # fmt: skip
JSON_STARTS = re.compile(rb"(?:\xef\xbb\xbf)?\s*(?:\{|\[\s*[\{\]]|window\.)")
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
        self.unnamed = source.unnamed

    @property
    def notes(self) -> tuple[str, ...]:
        return self._source.notes()

    @property
    def sheets(self) -> tuple[str, ...]:
        """The names of a workbook's sheets, in order; none of any other file."""
        return tuple(getattr(self._source, "sheets", ()))

    @property
    def share_read(self) -> float | None:
        """How much of the file has been read, from 0 to 1; None where that cannot be told, as of a workbook."""
        if self.kind not in ("csv", "json", "jsonl") or not self._size:
            return None
        return min(1.0, self._handle.tell() / self._size)

    def __iter__(self) -> Iterator[Row | Rejected]:
        return chain.from_iterable(self.batches())

    def batches(self) -> Iterator[Sequence[Row | Rejected]]:
        """The same records, as many together as were read together: a `Stretch` of rows, or a list."""
        try:
            yield from self._source.batches()
        except OSError as error:
            raise _explain(error, self.name) from error

    def find_column(self, wanted: str | None, usual: Sequence[str], *, what: str, option: str) -> int | None:
        """`columns.find_column` with this table's name in its messages."""
        return find_column(self.columns, wanted, usual, what=what, option=option, name=self.name)

    def require_column(self, wanted: str | None, usual: Sequence[str], *, what: str, option: str) -> int:
        """`columns.require_column` with this table's name in its messages."""
        return require_column(self.columns, wanted, usual, what=what, option=option, name=self.name)

    def posts_column(self, wanted: str | None = None, *, option: str = "--text-column") -> int:
        """Where the posts stand: the column that is named, else the one that names and cells speak for.

        Raises InputError naming the candidates where the choice is not plain.
        """
        # a file of faults only is not gone through to its end, merely to be gone through once more
        rows = (record.cells for record in islice(self, RECORDS) if isinstance(record, Row))
        hint = getattr(self._source, "hint", "")
        sample = [] if wanted is not None else list(islice(rows, SAMPLE))
        return choose_posts(
            self.columns, sample, wanted, option=option, name=self.name, hint=hint, unnamed=self.unnamed
        )

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


def open_table(source: str | Path, layout: Layout = PLAIN) -> Table:
    """The table in a CSV, TSV, text, XLSX, Parquet or JSON file, also inside a .gz or .zip; ``-`` is standard input.

    The format follows from the first bytes, else from the extension, else from the content.
    ``layout`` says which sheet of a workbook to read (default: the first that holds posts) and where the header is.
    Raises InputError when the file is missing, empty, no table, or has no usable header.
    """
    name = "Standard input" if str(source) == "-" else Path(source).name
    handle = _open_bytes(source, name)
    try:
        handle, inner = unpack(handle, Path(source).name)
        return Table(_open_source(handle, name, Path(inner).suffix.casefold(), layout), handle, name)
    except OSError as error:
        handle.close()
        raise _explain(error, name) from error
    except BaseException:
        handle.close()
        raise


def read_records(path: str | Path, *, required: Sequence[str] = (), layout: Layout = PLAIN) -> list[Record]:
    """All rows of a file that must not have a single fault, such as a labelled corpus; ``layout`` as for a table.

    Raises InputError with the first line numbers when any record is rejected or a required column missing.
    """
    with open_table(path, layout) as table:
        names = [column.strip() for column in table.columns]
        missing = [column for column in required if column not in names]
        if missing:
            listed = ", ".join(f'"{column}"' for column in missing)
            raise InputError(f"{table.name} has no column {listed}. Add it to the header.", path=str(path), line=1)
        rows = strict_rows(table, path)
    return [Record(row.line, dict(zip(names, row.cells, strict=True))) for row in rows]


def strict_rows(table: Table, path: str | Path) -> list[Row]:
    """All rows of a table that must not have a single fault; raises InputError with the first line numbers else."""
    return whole_rows(table, table.name, path)


def whole_rows(records: Iterable[Row | Rejected], name: str, path: str | Path) -> list[Row]:
    """The records as rows; raises InputError with the first line numbers where any is rejected."""
    rows: list[Row] = []
    faults: list[Rejected] = []
    for record in records:
        if isinstance(record, Rejected):
            faults.append(record)
        else:
            rows.append(record)
    if faults:
        listed = ", ".join(f"{fault.line} ({in_english(fault.reason)})" for fault in faults[:5])
        more = f" and {len(faults) - 5:,} more" if len(faults) > 5 else ""
        raise InputError(f"{name} has {len(faults):,} unreadable record(s), at line {listed}{more}.",
                         path=str(path), line=faults[0].line)  # fmt: skip
    return rows


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


def _open_source(handle: BinaryIO, name: str, suffix: str, layout: Layout) -> Source:
    start = handle.read(4096)
    if not start:
        raise InputError(f"{name} is empty.", path=name)
    kind = next((kind for magic, kind in MAGIC if start.startswith(magic)), None)
    if kind is None:
        kind = FORMATS.get(suffix)
        if JSON_STARTS.match(start) and (kind in (None, "json", "jsonl") or start.lstrip()[:1] == b"["):
            marked = kind == "jsonl" and b"{" in start.lstrip(b"\xef\xbb\xbf \t\r\n")[:1]
            kind = "jsonl" if marked or is_lines(handle) else "json"
    if layout.sheet is not None and kind != "xlsx":
        raise InputError(f"{name} is no workbook, so it has no sheets.", path=name)
    if kind in ("parquet", "json", "jsonl") and (layout.header_row is not None or layout.no_header):
        raise InputError(f"{name} names its columns itself: leave out --header-row and --no-header.", path=name)
    if kind == "xlsx":
        from netral_nlp.tables.xlsx import Workbook

        return Workbook(handle, name, layout)
    if kind == "parquet":
        from netral_nlp.tables.parquet import ParquetFile

        return ParquetFile(handle, name)
    if kind in ("json", "jsonl"):
        return JsonFile(handle, name, lines=kind == "jsonl")
    from netral_nlp.tables.delimited import DelimitedFile

    return DelimitedFile(handle, name, tabs_first=kind == "tsv", layout=layout)


def _explain(error: OSError, name: str) -> InputError:
    return InputError(f"{name} cannot be read: {error.strerror or type(error).__name__}.", path=name)
