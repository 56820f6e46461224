"""Records out of lines without ever losing one: the core of reading CSV.

The standard library's reader does the work in strict mode, over windows of lines. What it refuses costs one
rejected record: reading goes on at the next physical line, so a forgotten quotation mark never swallows the
rows below it.

- A line that is wholly empty is skipped; ``;;;`` is a row of empty cells, ``""`` a row with one empty cell.
- Too few or too many cells, even empty ones: rejected, as a delimiter too many may have shifted the others.
- A quoted record may hold line ends, up to ``MAX_LINES`` lines and ``MAX_RECORD`` characters. Beyond, its
  first line is rejected as unclosed. Looking ahead is paid from a budget: the whole stays linear in the file.
- A refused line is read once more with its bare carriage returns as part of the text, and with backslash escapes,
  and is a row if it then has exactly the right number of cells.
- One column: the whole line is the text, delimiters included; quotation marks around all of it are removed.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import chain
from typing import Any, Final

from netral_nlp.tables.lines import MAX_LINE, LineBlock
from netral_nlp.tables.reasons import BARE_CR, MAX_FIELD, NUL, STRAY, TOO_LONG, UNCLOSED, wrong_width
from netral_nlp.tables.rows import Rejected, Row, find_fault, reject

NO_DELIMITER: Final = "\U0010fffe"  # a noncharacter: no text holds it
CARRIAGE: Final = "\U0010ffff"  # another, in place of a bare carriage return
MAX_LINES: Final = 1000
MAX_RECORD: Final = 1 << 20
SHORT: Final = 4
FREE_LOOKAHEAD: Final = 8 << 20
BARE: Final = re.compile(r"\r(?!\n|\Z)")
ESCAPE: Final = re.compile(r"\\(.)")


@dataclass(frozen=True, slots=True)
class Punctuation:
    """``escaped``: a backslash stands before quotation marks in a cell; ``spaced``: blanks follow each delimiter."""

    delimiter: str
    quote: str = '"'
    escaped: bool = False
    spaced: bool = False


class RecordParser:
    """Records out of lines; ``width`` is the number of columns, or ``None`` while that is not known."""

    def __init__(self, punctuation: Punctuation, width: int | None) -> None:
        self._marks = punctuation
        self._width = width
        self._lines: list[str] = []
        self._first = 1
        self._clean = True
        self._seen = 0
        self._wasted = 0
        self._reach = MAX_LINES
        # The module's own limit (131,072) is global and below ours; it is only ever raised.
        csv.field_size_limit(max(csv.field_size_limit(), 4 * MAX_LINE))

    def read(self, blocks: Iterable[LineBlock], *, cut: bool = False) -> Iterator[list[Row | Rejected]]:
        """All records, in file order; with ``cut`` an unfinished one at the end is no fault but dropped."""
        for block in blocks:
            self.count(0 if block.huge else sum(map(len, block.lines)))
            yield from self.take(block)
        if not cut:
            yield from self.end()

    @property
    def waits(self) -> bool:
        """Whether the lines that were given end within a record."""
        return bool(self._lines)

    @property
    def patient(self) -> bool:
        """Whether more than one line is looked at to find the end of a record."""
        return self._wasted <= FREE_LOOKAHEAD + 4 * self._seen

    def count(self, characters: int) -> None:
        """So many more characters of the file are seen: they earn patience."""
        self._seen += characters

    def take(self, block: LineBlock) -> Iterator[list[Row | Rejected]]:
        """The records that end in some more lines, which were counted."""
        if block.huge:
            yield from self._drain(final=True)
            yield [reject(block.first, TOO_LONG, block.lines[0])]
            return
        if not self._lines:
            self._first, self._clean = block.first, True
        self._clean = self._clean and block.clean
        self._lines += map(_unescape, block.lines) if self._marks.escaped else block.lines
        yield from self._drain(final=False)

    def end(self) -> Iterator[list[Row | Rejected]]:
        """What is left when no line follows."""
        return self._drain(final=True)

    def _drain(self, *, final: bool) -> Iterator[list[Row | Rejected]]:
        lines, position = self._lines, 0
        batch: list[Row | Rejected] = []
        while position < len(lines):
            limit = MAX_LINES if self.patient else 1
            reach = min(self._reach, limit)
            window = lines[position : position + reach]
            found, used, looked = self._read_window(window, self._first + position)
            still_open = used == 0 and looked == 0  # at the end of the window, in its first record
            if still_open:
                if len(window) == reach < limit:
                    self._reach = 2 * reach
                    continue
                if len(window) < limit and not final and sum(map(len, window)) <= MAX_RECORD:
                    break  # more lines will come
                looked = len(window)
            # Short windows after a fault, or a file of faults would be looked through a thousand times.
            self._reach = SHORT if looked else min(MAX_LINES, 2 * reach)
            if looked:
                unclosed = still_open or looked > 1
                self._wasted += min(MAX_RECORD, sum(map(len, window[used : used + looked])))
                found.append(self._refuse(self._first + position + used, window[used], unclosed))
                used += 1
            position += used
            batch += found
            if len(batch) >= MAX_LINES:  # not after each window: among faults they are of one record
                yield batch
                batch = []
        if batch:
            yield batch
        del lines[:position]
        self._first += position

    def _read_window(self, window: list[str], number: int) -> tuple[list[Row | Rejected], int, int]:
        """Records, how many lines they used, and how many more showed that the next one is broken (or 0)."""
        found: list[Row | Rejected] = []
        add, width, ended = found.append, self._width, False

        def note_end() -> Iterator[str]:
            nonlocal ended
            ended = True
            yield from ()

        risky = not self._clean or sum(map(len, window)) > MAX_FIELD
        reader = self._reader(chain(window, note_end()))
        start = 0
        try:
            for cells in reader:
                end = reader.line_num
                if risky and end - start > 1 and sum(map(len, window[start:end])) > MAX_RECORD:
                    return found, start, end - start
                if risky and (fault := find_fault("".join(window[start:end]), cells)):
                    add(reject(number + start, fault, "".join(window[start:end])))
                elif len(cells) == width:
                    add(Row(number + start, tuple(cells)))
                elif cells:
                    add(self._fit(number + start, cells, window, start, end))
                start = end
        except csv.Error:
            if not ended:
                return found, start, max(1, reader.line_num - start)
        return found, start, 0

    def _reader(self, lines: Iterable[str]) -> Any:
        marks = self._marks
        return csv.reader(
            lines, delimiter=marks.delimiter, quotechar=marks.quote, skipinitialspace=marks.spaced, strict=True
        )

    def _fit(self, line: int, cells: list[str], window: list[str], start: int, end: int) -> Row | Rejected:
        width = self._width
        if width is None:
            return Row(line, tuple(cells))
        return reject(line, wrong_width(len(cells), width), "".join(window[start:end]))

    def _refuse(self, line: int, text: str, unclosed: bool) -> Row | Rejected:
        if (cells := self._reread(text)) is not None:
            return Row(line, cells)
        if "\0" in text:  # whatever else is wrong with it
            return reject(line, NUL, text)
        if unclosed:
            return reject(line, UNCLOSED, text)
        body = text.removesuffix("\n").removesuffix("\r")
        if self._marks.delimiter == NO_DELIMITER and find_fault(body, [body]) is None:
            return Row(line, (body,))  # plain text, one post a line: '"Lawan!" katanya' is not CSV
        if self._marks.delimiter == "\t" and "\r" not in body:  # many write tabs without any quoting
            cells = tuple(body.split("\t"))
            if len(cells) == self._width and find_fault(body, cells) is None:
                return Row(line, cells)
        return reject(line, BARE_CR if "\r" in body else STRAY, text)

    def _reread(self, text: str) -> tuple[str, ...] | None:
        """The cells of a refused line under its only other reading; None where that does not fit exactly."""
        if self._width is None or self._width < 2 or len(text) > MAX_FIELD or not ("\r" in text or "\\" in text):
            return None
        joined = BARE.sub(CARRIAGE, text)
        for line in dict.fromkeys((joined, _unescape(joined))):
            if line == text:
                continue
            try:
                rows = list(self._reader([line]))
            except csv.Error:
                continue
            if len(rows) == 1 and len(rows[0]) == self._width:
                cells = [cell.replace(CARRIAGE, "\r") for cell in rows[0]]
                return tuple(cells) if find_fault(text, cells) is None else None
        return None


def _unescape(line: str) -> str:
    """The line with quotation marks doubled where a backslash stands before them."""
    return ESCAPE.sub(lambda found: '""' if found[1] == '"' else found[0], line) if "\\" in line else line
