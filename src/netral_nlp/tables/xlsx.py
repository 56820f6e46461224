"""The first sheet of an Excel workbook, or the one that is named, as rows of text."""

from __future__ import annotations

import datetime as dt
import re
import zipfile
from collections.abc import Iterator
from typing import Any, BinaryIO

from netral_nlp.errors import InputError
from netral_nlp.tables.columns import check_header
from netral_nlp.tables.rows import Rejected, Row, judge, reject

MAX_UNCOMPRESSED = 1 << 30
"""Largest workbook, unpacked, in bytes; a million posts stay well below it, a zip bomb does not."""
MAX_ROWS = 1 << 20
BATCH = 1000
ESCAPED = re.compile("_x([0-9A-Fa-f]{4})_")


class Workbook:
    """An XLSX file, as a `Source`: a formula is its last value, dates are ISO, whole numbers have no ``.0``.

    Rows without any content are skipped.
    """

    kind = "xlsx"

    def __init__(self, handle: BinaryIO, name: str, sheet: str | None = None) -> None:
        self._name = name
        _check_archive(handle, name)
        import openpyxl

        try:
            handle.seek(0)
            self._book = openpyxl.load_workbook(handle, read_only=True, data_only=True)
            titles = [one.title for one in self._book.worksheets]
        except Exception as error:  # openpyxl raises whatever the damaged part makes it stumble over
            raise self._damaged() from error
        if not titles:
            raise InputError(f"{name} has no sheet with cells.", path=name)
        if sheet is not None and sheet not in titles:
            listed = ", ".join(f'"{title}"' for title in titles[:20])
            raise InputError(f'{name} has no sheet "{sheet}"; found {listed}.', path=name)
        self._title = titles[0] if sheet is None else sheet
        self._others = len(titles) - 1
        self._header_line, cells = next(((line, cells) for line, cells in self._rows() if any(cells)), (0, []))
        if not cells:
            raise InputError(f'Sheet "{self._title}" of {name} is empty.', path=name)
        self.columns = check_header(cells, name, self._header_line)

    def notes(self) -> tuple[str, ...]:
        more = f"; the workbook has {self._others} more" if self._others else ""
        return (f'Sheet "{self._title}"{more}.',)

    def batches(self) -> Iterator[list[Row | Rejected]]:
        batch: list[Row | Rejected] = []
        width = len(self.columns)
        for line, cells in self._rows():
            if line <= self._header_line or not any(cells):
                continue
            if any(cells[width:]):
                raw = " | ".join(cells)
                batch.append(reject(line, f"{len(cells)} cell(s) where the header has {width}", raw))
            else:
                batch.append(judge(line, [*cells[:width], *[""] * (width - len(cells))]))
            if len(batch) == BATCH:
                yield batch
                batch = []
        if batch:
            yield batch

    def close(self) -> None:
        self._book.close()

    def _rows(self) -> Iterator[tuple[int, list[str]]]:
        sheet = self._book[self._title]
        sheet.reset_dimensions()  # writers other than Excel leave them wrong, and rows would be cut
        try:
            for line, values in enumerate(sheet.iter_rows(values_only=True), 1):
                if line > MAX_ROWS:
                    break
                yield line, [show_value(value) for value in values]
            else:
                return
        except InputError:
            raise
        except Exception as error:
            raise self._damaged() from error
        raise InputError(f"{self._name} has more than {MAX_ROWS:,} rows, which no workbook can have.", path=self._name)

    def _damaged(self) -> InputError:
        return InputError(f"{self._name} is not a readable XLSX file. Open it in Excel and save it again.",
                          path=self._name)  # fmt: skip


def show_value(value: Any) -> str:
    """What a person reads in the cell, in a form that does not depend on the country.

    >>> show_value(7.0), show_value(None), show_value(dt.datetime(2024, 11, 27, 8, 5))
    ('7', '', '2024-11-27T08:05:00')
    """
    if value is None:
        return ""
    if isinstance(value, str):
        return ESCAPED.sub(lambda found: chr(int(found[1], 16)), value) if "_x" in value else value
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e21:
        return str(int(value))
    if isinstance(value, dt.datetime) and value.time() == dt.time():
        return value.date().isoformat()
    if isinstance(value, dt.datetime | dt.date | dt.time):
        return value.isoformat()
    return str(value)


def _check_archive(handle: BinaryIO, name: str) -> None:
    try:
        handle.seek(0)
        if handle.read(4) == b"\xd0\xcf\x11\xe0":
            raise InputError(f"{name} is an old .xls file or has a password. Save it as .xlsx without one.", path=name)
        with zipfile.ZipFile(handle) as archive:
            parts = archive.infolist()
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError) as error:
        raise InputError(f"{name} is not an XLSX file. Open it in Excel and save it again.", path=name) from error
    if sum(part.file_size for part in parts) > MAX_UNCOMPRESSED:
        raise InputError(f"{name} unpacks to more than {MAX_UNCOMPRESSED >> 20:,} MiB. Save it as CSV.", path=name)
