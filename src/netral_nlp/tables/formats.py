"""One class per output format; each is given an open binary file and writes the header at once."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import Any, BinaryIO

from netral_nlp.errors import InputError
from netral_nlp.tables.arrow import arrow
from netral_nlp.tables.atomic import AtomicFile
from netral_nlp.tables.dialect import Cell, Dialect, format_number
from netral_nlp.tables.parts import Rows, joined
from netral_nlp.tables.stretches import Stretch
from netral_nlp.tables.values import Typed

EXCEL_ROWS = 1_048_575
EXCEL_CELL = 32_767
NOT_IN_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
LOOKS_ESCAPED = re.compile("_(?=x[0-9A-Fa-f]{4}_)")


class _Lines:
    """What is written line by line needs no end and leaves nothing behind."""

    def finish(self) -> None:
        return None

    def abandon(self) -> None:
        return None

    def notes(self) -> tuple[str, ...]:
        return ()


class CsvFormat(_Lines):
    """UTF-8 with LF; only cells that need it are quoted, so that every text comes back unchanged."""

    def __init__(
        self, handle: BinaryIO, columns: Sequence[str], *, delimiter: str = ",", excel: bool = False,
        guarded: bool = False,
    ) -> None:  # fmt: skip
        self._handle = handle
        self._end = "\r\n" if excel else "\n"
        self.dialect = Dialect(";" if excel else delimiter, excel, guarded)
        if excel:
            handle.write(b"\xef\xbb\xbf")
        self.write_rows([list(columns)])

    def write_rows(self, rows: Sequence[Sequence[Cell]], tails: Sequence[str] | None = None) -> None:
        columns = [self.dialect.show(column) for column in zip(*rows, strict=True)]
        if tails is not None:
            columns.append(tails)
        lines = self.dialect.join(columns)
        lines.append("")
        self._handle.write(_encode(self._end.join(lines)))

    def write_beside(self, rows: Rows, tails: Sequence[str]) -> None:
        """Rows and the ends of their lines."""
        packed, at = joined(tails), 0
        for part in rows.parts:
            if isinstance(part, Stretch) and not self.dialect.excel and not self.dialect.guarded:
                lines, at = part.written(packed, at, self.dialect.delimiter)
                self._handle.write(lines)
            else:
                *own, left = packed[at:].split(b"\0", len(part))
                self.write_rows([row.cells for row in part], list(map(bytes.decode, own)))
                at = len(packed) - len(left)


class JsonLinesFormat(_Lines):
    """One object a line; numbers are JSON numbers with the digits of `format_number`."""

    def __init__(self, handle: BinaryIO, columns: Sequence[str]) -> None:
        self._handle = handle
        self._keys = [json.dumps(column, ensure_ascii=False) + ": " for column in distinct_names(columns)]

    def write_rows(self, rows: Sequence[Sequence[Cell]]) -> None:
        lines = []
        for row in rows:
            cells = map(_show_json, row)
            lines.append("{" + ", ".join(map(str.__add__, self._keys, cells)) + "}\n")
        self._handle.write(_encode("".join(lines)))


class ParquetFormat:
    """All columns are strings; one row group per batch."""

    def __init__(self, handle: BinaryIO, columns: Sequence[str]) -> None:
        pa, pq = arrow()
        self._schema = pa.schema([(column, pa.string()) for column in distinct_names(columns)])
        self._table: Any = pa.Table
        self._columns: list[list[str]] = [[] for _ in columns]
        self._writer: Any = pq.ParquetWriter(handle, self._schema, compression="zstd", write_page_checksum=True)

    def write_rows(self, rows: Sequence[Sequence[Cell]]) -> None:
        for column, cells in zip(self._columns, zip(*rows, strict=True), strict=True):
            column += [_encode(_show(cell)).decode("utf-8") for cell in cells]
        if len(self._columns[0]) >= 20_000:
            self._flush()

    def finish(self) -> None:
        self._flush()
        self._writer.close()

    def abandon(self) -> None:
        with suppress(Exception):  # the file goes anyway; an open writer would complain when it is collected
            self._writer.close()
        self._writer.is_open = False

    def notes(self) -> tuple[str, ...]:
        return ()

    def _flush(self) -> None:
        if self._columns[0]:
            self._writer.write_table(self._table.from_arrays(self._columns, schema=self._schema))
        for column in self._columns:
            column.clear()


class XlsxFormat:
    """Text cells are text, whatever they begin with; numbers are numbers.

    openpyxl needs a file for the rows until it packs them; it is one of ours beside the target, and goes with it.
    """

    def __init__(self, handle: BinaryIO, columns: Sequence[str], target: Path) -> None:
        from openpyxl import Workbook
        from openpyxl.cell import WriteOnlyCell

        self._handle = handle
        self._book: Any = Workbook(write_only=True)
        self._sheet: Any = self._book.create_sheet("netral")
        self._spool = AtomicFile(target)
        self._sheet._get_writer = partial(_begin_writing, self._sheet, self._spool)
        self._cell: Any = WriteOnlyCell
        self._rows = 0
        self._cut = 0
        self._replaced = 0
        try:
            self.write_header(columns)
        except BaseException:
            self.abandon()
            raise

    def write_header(self, columns: Sequence[str]) -> None:
        self._append(columns)

    def write_rows(self, rows: Sequence[Sequence[Cell]]) -> None:
        self._rows += len(rows)
        if self._rows > EXCEL_ROWS:
            raise InputError(f"An Excel sheet holds {EXCEL_ROWS:,} rows, and there are more. Write CSV or Parquet.")
        for row in rows:
            self._append(row)

    def finish(self) -> None:
        self._book.save(self._handle)
        self._spool.discard()

    def abandon(self) -> None:
        with suppress(Exception):  # it writes the sheet's end, perhaps to a full disk
            if not self._sheet.closed:
                self._sheet.close()
        self._spool.discard()

    def notes(self) -> tuple[str, ...]:
        found = []
        if self._cut:
            found.append(f"{self._cut:,} cell(s) were cut to {EXCEL_CELL:,} characters, the most that Excel takes.")
        if self._replaced:
            found.append(f"{self._replaced:,} cell(s) had control characters, written as U+FFFD.")
        return tuple(found)

    def _append(self, row: Sequence[Cell]) -> None:
        self._sheet.append([self._show(cell) for cell in row])

    def _show(self, cell: Cell) -> Any:
        if not isinstance(cell, str):
            return cell if isinstance(cell, int) else float(format_number(cell))
        if isinstance(cell, Typed):
            return cell.value
        if len(cell) > EXCEL_CELL // 2 and len(cell.encode("utf-16-le", "surrogatepass")) > 2 * EXCEL_CELL:
            cell = cell.encode("utf-16-le", "surrogatepass")[: 2 * EXCEL_CELL].decode("utf-16-le", "ignore")
            self._cut += 1
        if NOT_IN_XML.search(cell):
            cell = NOT_IN_XML.sub("\ufffd", cell)
            self._replaced += 1
        # Excel's own escapes: XML would turn a carriage return into a line feed.
        cell = LOOKS_ESCAPED.sub("_x005F_", cell).replace("\r", "_x000D_")
        if not cell.startswith(("=", "#")):
            return cell
        typed = self._cell(self._sheet, cell)
        typed.data_type = "s"  # else it would be a formula or an error value
        return typed


def _begin_writing(sheet: Any, spool: AtomicFile) -> None:
    """openpyxl's writer of a sheet's rows, into our file instead of one that it makes in the system's folder."""
    from openpyxl.worksheet._writer import WorksheetWriter

    class SheetWriter(WorksheetWriter):  # type: ignore[misc]
        def cleanup(self) -> None:
            """The file is ours to remove."""

    if sheet._writer is None:
        sheet._writer = SheetWriter(sheet, out=str(spool.path))
        sheet._writer.write_top()


def distinct_names(columns: Sequence[str]) -> list[str]:
    """The names, with a number behind one that stands twice: a format that knows columns by name needs it.

    >>> distinct_names(["id", "skor", "skor"])
    ['id', 'skor', 'skor_2']
    """
    found: list[str] = []
    for column in columns:
        name, number = column, 1
        while name in found:
            number += 1
            name = f"{column}_{number}"
        found.append(name)
    return found


def _show(cell: Cell) -> str:
    return cell if isinstance(cell, str) else format_number(cell)


def _show_json(cell: Cell) -> str:
    return json.dumps(cell, ensure_ascii=False) if isinstance(cell, str) else format_number(cell)


def _encode(text: str) -> bytes:
    try:
        return text.encode("utf-8")
    except UnicodeEncodeError:  # half a surrogate pair has no bytes
        return text.encode("utf-8", "surrogatepass").decode("utf-8", "replace").encode("utf-8")
