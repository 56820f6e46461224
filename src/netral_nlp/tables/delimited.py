"""CSV and its relatives: bytes to lines, lines to records, records to the rows of the table that stands among them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import BinaryIO

from netral_nlp import native
from netral_nlp.errors import InputError
from netral_nlp.tables import limits
from netral_nlp.tables.columns import note_doubles
from netral_nlp.tables.layout import PLAIN, Layout
from netral_nlp.tables.lines import TextLines
from netral_nlp.tables.reasons import HEADER_AGAIN, wrong_width
from netral_nlp.tables.records import RecordParser
from netral_nlp.tables.rows import Rejected, Row, reject
from netral_nlp.tables.sniffing import DELIMITERS, sniff
from netral_nlp.tables.stretches import RegularReader, Stretch


class DelimitedFile:
    """A CSV, TSV or one-column text file, as a `Source`."""

    kind = "csv"

    def __init__(self, handle: BinaryIO, name: str, *, tabs_first: bool = False, layout: Layout = PLAIN) -> None:
        self._text = TextLines(handle, name)
        sample = next((block for block in self._text.blocks() if any(line.strip() for line in block.lines)), None)
        if sample is None:
            raise InputError(f"{name} is empty.", path=name)
        if sample.huge:
            raise InputError(f"{name} has no usable header: its first line is too long.", path=name, line=sample.first)
        found = sniff(sample, layout, name, tabs_first=tabs_first)
        limits.check_columns(found.table.width, name)  # not marks in lines: one post may hold as many commas
        self._marks, self._table, self._said = found.punctuation, found.table, found.notes
        self._header_line = found.table.line or found.skipped
        self.columns, self.unnamed = found.table.columns, found.table.unnamed

    def notes(self) -> tuple[str, ...]:
        marks = self._marks
        between = DELIMITERS.get(marks.delimiter)
        blank = " and blank" if marks.spaced else ""
        told = f"Delimiter: {between}{blank}." if between else "One column, no delimiter."
        quoted = ("Quotation mark: '.",) if marks.quote == "'" else ()
        escapes = ("Backslashes before quotation marks are escapes.",) if marks.escaped else ()
        return (*self._text.notes(), told, *quoted, *escapes, *self._said, *note_doubles(self.columns))

    def batches(self) -> Iterator[Sequence[Row | Rejected]]:
        batches = self._read()
        for batch in batches:
            if isinstance(batch, Stretch):
                below: Sequence[Row | Rejected] = batch.behind(self._header_line)
            else:
                below = [record for record in batch if record.line > self._header_line]
            if below:
                yield self._fit(below)
                break
        yield from map(self._fit, batches)

    def _read(self) -> Iterator[Sequence[Row | Rejected]]:
        table, library = self._table, native.library()
        whole = (table.start, table.stop) == (0, table.width)
        if library is not None and whole and RegularReader.reads(self._marks, table.width, self._text):
            yield from RegularReader(library, self._marks, table.width, table.columns).read(self._text)
        else:
            yield from RecordParser(self._marks, table.width).read(self._text.blocks())

    def _fit(self, batch: Sequence[Row | Rejected]) -> Sequence[Row | Rejected]:
        """Rows with the table's own columns only; headers that stand once more in the middle are no rows."""
        table = self._table
        if isinstance(batch, Stretch):
            return batch
        if (table.start, table.stop) != (0, table.width):
            cut = map(self._cut, batch)
            batch = [record for record in cut if record is not None]
        if len(table.columns) > 1 and any(isinstance(r, Row) and r.cells == table.columns for r in batch):
            return [
                reject(r.line, HEADER_AGAIN, " | ".join(r.cells))
                if isinstance(r, Row) and r.cells == table.columns else r
                for r in batch
            ]  # fmt: skip
        return batch

    def _cut(self, record: Row | Rejected) -> Row | Rejected | None:
        if isinstance(record, Rejected):
            return record
        table = self._table
        own = record.cells[table.start : table.stop]
        if table.beside:
            return Row(record.line, own) if any(map(str.strip, own)) else None
        if any(map(str.strip, record.cells[table.stop :])):
            return reject(record.line, wrong_width(len(record.cells), table.stop), " | ".join(record.cells))
        return Row(record.line, own)
