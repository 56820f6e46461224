"""A sheet of an Excel workbook as rows of text: the one that is named, or the first that holds posts."""

from __future__ import annotations

import zipfile
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any, BinaryIO, cast

from netral_nlp.errors import InputError
from netral_nlp.tables import limits
from netral_nlp.tables.columns import list_names, note_doubles, quote_name
from netral_nlp.tables.layout import PLAIN, Found, Layout, find_table
from netral_nlp.tables.posts_column import choose_posts, look_at
from netral_nlp.tables.reasons import wrong_width
from netral_nlp.tables.rows import Rejected, Row, judge, reject
from netral_nlp.tables.values import Formula, show_value, was_cut

MAX_ROWS = 1 << 20
BATCH = 1000
LOOKED_AT = 100  # rows with content that tell where the table stands
MOST_SHEETS = 40


@dataclass(frozen=True, slots=True)
class _Sheet:
    title: str
    table: Found
    posts: int  # how sure it is that a column holds posts: 2 reads like text, 1 has such a name, 0 neither


class Workbook:
    """An XLSX file, as a `Source`: a formula is its last value, dates are ISO, whole numbers have no ``.0``.

    Cells that were no text remember what they were (`values.Typed`). Rows without any content are skipped.
    """

    kind = "xlsx"

    def __init__(self, handle: BinaryIO, name: str, layout: Layout = PLAIN) -> None:
        self._name = name
        self._layout = layout
        self._cut: dict[int, int] = {}
        self._packed = _check_archive(handle, name)
        import openpyxl

        try:
            handle.seek(0)
            self._book = openpyxl.load_workbook(handle, read_only=True, data_only=True)
            self._titles: list[str] = [one.title for one in self._book.worksheets]
        except Exception as error:  # openpyxl raises whatever the damaged part makes it stumble over
            raise self._damaged() from error
        if not self._titles:
            raise InputError(f"{name} has no sheet with cells.", path=name)
        self._wanted = None if layout.sheet is None else self._find_sheet(layout.sheet)
        self._sheet, self._others = self._choose()
        self._table = self._sheet.table
        self.columns, self.unnamed = self._table.columns, self._table.unnamed

    @property
    def sheets(self) -> tuple[str, ...]:
        """The names of all sheets."""
        return tuple(self._titles)

    @property
    def hint(self) -> str:
        """What else a person may try where a column is missing."""
        if len(self._titles) == 1:
            return ""
        return f' This is sheet "{self._sheet.title}" of {self._listed()}; choose another with --sheet.'

    def notes(self) -> tuple[str, ...]:
        more = ""
        if self._layout.sheet is None and len(self._titles) > 1:
            more = f" of {self._listed()}"
            if self._others:
                more += f"; {list_names(self._others)} may hold posts, too: say --sheet for each"
        cut = [
            f"Column {quote_name(self.columns[at])}: {count:,} number(s) have more than 15 digits; Excel has cut them "
            "to 15 and filled up with zeros. Ask for the column as text."
            for at, count in sorted(self._cut.items())
        ]
        return (f'Sheet "{self._sheet.title}"{more}.', *self._table.notes, *note_doubles(self.columns), *cut)

    def batches(self) -> Iterator[list[Row | Rejected]]:
        self._cut = {}
        batch: list[Row | Rejected] = []
        table = self._table
        start, stop = table.start, table.stop
        for line, cells in self._rows(self._sheet.title):
            if line <= table.line or not has_content(cells):
                continue
            if table.beside:
                cells = cells[start:stop]
                if not has_content(cells):
                    continue
            if has_content(cells[stop - start :]):
                raw = " | ".join(cells)
                batch.append(reject(line, wrong_width(len(cells), stop - start), raw))
            else:
                own = [*cells[: stop - start], *[""] * (stop - start - len(cells))]
                for at, cell in enumerate(own):
                    if was_cut(cell):
                        self._cut[at] = self._cut.get(at, 0) + 1
                batch.append(judge(line, own))
            if len(batch) == BATCH:
                yield batch
                batch = []
        if batch:
            yield batch

    def close(self) -> None:
        self._book.close()

    def _choose(self) -> tuple[_Sheet, list[str]]:
        """The sheet to read, and the others that may hold posts, too."""
        if self._wanted is not None:
            return self._look(self._wanted), []
        known: list[_Sheet] = []
        fault: InputError | None = None
        for title in self._titles[:MOST_SHEETS]:
            try:
                known.append(self._look(title))
            except InputError as error:
                if len(self._titles) == 1:
                    raise
                fault = fault or error
        if not known and fault is not None:
            raise fault
        best = max(one.posts for one in known)
        holding = [one for one in known if one.posts == best]
        return holding[0], [one.title for one in holding[1:]] if best else []

    def _find_sheet(self, wanted: str) -> str:
        """The title of the sheet that is meant: Excel itself tells sheets apart without regard to case."""
        folded = wanted.strip().casefold()
        for title in self._titles:
            if title == wanted or title.strip().casefold() == folded:
                return title
        raise InputError(f'{self._name} has no sheet "{wanted}"; found {self._listed()}.', path=self._name)

    def _look(self, title: str) -> _Sheet:
        rows = [(n, cells) for n, cells in islice(self._rows(title), 10 * LOOKED_AT) if any(cells)][:LOOKED_AT]
        if not rows:
            raise InputError(f'Sheet "{title}" of {self._name} is empty.', path=self._name)
        wide = max(len(cells) for _, cells in rows)
        even = [(n, [*cells, *[""] * (wide - len(cells))]) for n, cells in rows]
        table = find_table(even, self._layout, self._name, "row")
        return _Sheet(title, table, _posts_in(table, [cells for n, cells in even if n > table.line]))

    def _listed(self) -> str:
        return ", ".join(f'"{title}"' for title in self._titles[:20])

    def _rows(self, title: str) -> Iterator[tuple[int, list[str]]]:
        try:
            for line, cells in sparse_rows(self._book[title], self._name, self._packed):
                if line > MAX_ROWS:
                    break
                yield line, cells
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


def _posts_in(table: Found, below: Sequence[Sequence[str]]) -> int:
    rows = [cells[table.start : table.stop] for cells in below]
    try:
        at = choose_posts(table.columns, rows, None, unnamed=table.unnamed)
    except InputError as error:
        return 2 if "more than one" in str(error) else 0
    look = look_at([row[at] for row in rows])
    return 2 if look.reads_like_text else 1 if look.filled else 0


def has_content(cells: Sequence[str]) -> bool:
    """Whether anything stands in some cells; a formula without a value is something."""
    return any(cells) or any(isinstance(cell, Formula) for cell in cells)


def sparse_rows(sheet: Any, name: str, packed: int) -> Iterator[tuple[int, list[str]]]:
    """The rows that are there, each with its number, up to its last cell that is not empty.

    openpyxl's own loop fills every row up to its last cell, empty or not, and every gap between rows: a few bytes would
    ask for millions of cells. Raises InputError where the filled cells are too many for a file of so many bytes.
    """
    from openpyxl.worksheet._reader import FORMULA_TAG, WorkSheetParser

    class FormulasToo(WorkSheetParser):  # type: ignore[misc]
        """What Excel has not computed is no empty cell; an empty text that it has computed is one."""

        def parse_cell(self, element: Any) -> dict[str, Any]:
            cell: dict[str, Any] = super().parse_cell(element)
            formula, kind = element.find(FORMULA_TAG), element.get("t")
            if formula is not None and (kind == "e" or (cell["value"] is None and kind != "str")):
                cell["value"] = Formula(str(cell["value"] or ""), f"={formula.text or ''}")
            return cell

    book, left = sheet.parent, limits.cells(packed)
    with sheet._get_source() as source:
        parser = FormulasToo(
            source, sheet._shared_strings, data_only=book.data_only, epoch=book.epoch,
            date_formats=book._date_formats, timedelta_formats=book._timedelta_formats,
        )  # fmt: skip
        for line, row in parser.parse():
            shown = {cell["column"]: show_value(cell["value"]) for cell in row if cell["value"] is not None}
            last = max((column for column, cell in shown.items() if has_content((cell,))), default=0)
            left -= last
            if left < 0 or last > limits.MAX_COLUMNS:
                raise InputError(f"{name} has cells so far apart that it is no table of posts. Save it as CSV.",
                                 path=name)  # fmt: skip
            yield line, [shown.get(column, "") for column in range(1, last + 1)]


def _check_archive(handle: BinaryIO, name: str) -> int:
    """The size of the file. Raises InputError where it is no workbook, or asks for more than its size allows."""
    try:
        handle.seek(0)
        if handle.read(4) == b"\xd0\xcf\x11\xe0":
            raise InputError(f"{name} is an old .xls file or has a password. Save it as .xlsx without one.", path=name)
        with zipfile.ZipFile(handle) as archive:
            parts: list[Any] = archive.infolist()
            packed = handle.seek(0, 2)
            if len(parts) > limits.MAX_PARTS:
                raise InputError(f"{name} has {len(parts):,} parts; it is no workbook of Excel.", path=name)
            limits.check_unpacked(sum(part.file_size for part in parts), packed, name)
            counted = limits.MarkCount(packed, name)
            for part in parts:
                if part.filename.casefold().endswith((".xml", ".rels")):
                    with archive.open(part) as stream:
                        counted.read(cast(BinaryIO, stream))
    except (zipfile.BadZipFile, zlib.error, EOFError, RuntimeError, OSError, ValueError, NotImplementedError) as error:
        raise InputError(f"{name} is not an XLSX file. Open it in Excel and save it again.", path=name) from error
    return packed
