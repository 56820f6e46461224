"""CSV and its relatives: which delimiter, and records out of lines without ever losing one.

The standard library's reader does the work in strict mode, over windows of lines. What it refuses costs one
rejected record: reading goes on at the next physical line, so a forgotten quotation mark never swallows the
rows below it.

- A line that is wholly empty is skipped; ``;;;`` is a row of empty cells, ``""`` a row with one empty cell.
- Too few or too many cells: rejected, unless all cells in excess are empty.
- A quoted record may hold line ends, up to ``MAX_LINES`` lines and ``MAX_RECORD`` characters. Beyond, its
  first line is rejected as unclosed. Looking ahead is paid from a budget: the whole stays linear in the file.
- One column: the whole line is the text, delimiters included; quotation marks around all of it are removed.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator
from itertools import chain, islice
from typing import BinaryIO, Final

from netral_nlp.errors import InputError
from netral_nlp.tables.columns import check_header
from netral_nlp.tables.lines import MAX_LINE, Block, TextLines
from netral_nlp.tables.rows import MAX_FIELD, Rejected, Row, find_fault, reject

DELIMITERS: Final = {",": "comma", ";": "semicolon", "\t": "tab", "|": "vertical bar"}
NO_DELIMITER: Final = "\U0010fffe"  # a noncharacter: no text holds it
MAX_LINES: Final = 1000
MAX_RECORD: Final = 1 << 20
SHORT: Final = 4
SAMPLE_LINES: Final = 500
FREE_LOOKAHEAD: Final = 8 << 20

UNCLOSED: Final = "a quotation mark opens in this record and is not closed properly"
STRAY: Final = "text stands after a closing quotation mark"
BARE_CR: Final = "a carriage return stands outside quotation marks"
TOO_LONG: Final = f"field too long (more than {MAX_FIELD:,} characters)"


class DelimitedFile:
    """A CSV, TSV or one-column text file, as a `Source`."""

    kind = "csv"

    def __init__(self, handle: BinaryIO, name: str, *, tabs_first: bool = False) -> None:
        self._text = TextLines(handle, name)
        sample = next((block for block in self._text.blocks() if any(line.strip() for line in block.lines)), None)
        if sample is None:
            raise InputError(f"{name} is empty.", path=name)
        if sample.huge:
            raise InputError(f"{name} has no usable header: its first line is too long.", path=name, line=sample.first)
        sample = Block(sample.first, sample.lines[:SAMPLE_LINES], clean=sample.clean)
        self.delimiter, header = _choose_delimiter(sample, tabs_first)
        if isinstance(header, Rejected):
            raise InputError(f"{name} has no usable header: {header.reason}.", path=name, line=header.line)
        self._header_line = header.line
        self.columns = check_header(header.cells, name, header.line)

    def notes(self) -> tuple[str, ...]:
        between = DELIMITERS.get(self.delimiter)
        return (*self._text.notes(), f"Delimiter: {between}." if between else "One column, no delimiter.")

    def batches(self) -> Iterator[list[Row | Rejected]]:
        parser = RecordParser(self.delimiter, len(self.columns))
        batches = parser.read(self._text.blocks())
        for batch in batches:
            below = [record for record in batch if record.line > self._header_line]
            if below:
                yield below
                break
        yield from batches


class RecordParser:
    """Records out of lines; ``width`` is the number of columns, or ``None`` while that is not known."""

    def __init__(self, delimiter: str, width: int | None) -> None:
        self._delimiter = delimiter
        self._width = width
        self._lines: list[str] = []
        self._first = 1
        self._clean = True
        self._seen = 0
        self._wasted = 0
        self._reach = MAX_LINES
        # The module's own limit (131,072) is global and below ours; it is only ever raised.
        csv.field_size_limit(max(csv.field_size_limit(), 4 * MAX_LINE))

    def read(self, blocks: Iterable[Block], *, cut: bool = False) -> Iterator[list[Row | Rejected]]:
        """All records, in file order; with ``cut`` an unfinished one at the end is no fault but dropped."""
        for block in blocks:
            if block.huge:
                yield from self._drain(final=True)
                yield [reject(block.first, TOO_LONG, block.lines[0])]
                continue
            if not self._lines:
                self._first, self._clean = block.first, True
            self._clean = self._clean and block.clean
            self._lines += block.lines
            self._seen += sum(map(len, block.lines))
            yield from self._drain(final=False)
        if not cut:
            yield from self._drain(final=True)

    def _drain(self, *, final: bool) -> Iterator[list[Row | Rejected]]:
        lines, position = self._lines, 0
        while position < len(lines):
            patient = self._wasted <= FREE_LOOKAHEAD + 4 * self._seen
            limit = MAX_LINES if patient else 1
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
            if found:
                yield found
            position += used
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
        reader = csv.reader(chain(window, note_end()), delimiter=self._delimiter, strict=True)
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

    def _fit(self, line: int, cells: list[str], window: list[str], start: int, end: int) -> Row | Rejected:
        width = self._width
        if width is None:
            return Row(line, tuple(cells))
        if len(cells) > width and not any(cells[width:]):
            return Row(line, tuple(cells[:width]))
        reason = f"{len(cells)} cell(s) where the header has {width}"
        return reject(line, reason, "".join(islice(window, start, end)))

    def _refuse(self, line: int, text: str, unclosed: bool) -> Row | Rejected:
        if unclosed:
            return reject(line, UNCLOSED, text)
        body = text.removesuffix("\n").removesuffix("\r")
        if self._delimiter == NO_DELIMITER and find_fault(body, [body]) is None:
            return Row(line, (body,))  # plain text, one post a line: '"Lawan!" katanya' is not CSV
        return reject(line, BARE_CR if "\r" in body else STRAY, text)


def _choose_delimiter(sample: Block, tabs_first: bool) -> tuple[str, Row | Rejected]:
    """The delimiter under which most sampled records have as many cells as the header, and the header."""
    start = next(index for index, line in enumerate(sample.lines) if line.strip())
    lines = sample.lines[start:]
    declared = lines[0].strip().strip('"')
    candidates = [*DELIMITERS]
    if len(declared) == 5 and declared[:4].casefold() == "sep=" and declared[4] in DELIMITERS:  # written for Excel
        candidates, lines, start = [declared[4]], lines[1:], start + 1
    elif lines[0].casefold().startswith("sep=\t"):
        candidates, lines, start = ["\t"], lines[1:], start + 1
    if tabs_first:
        candidates.sort(key="\t".__ne__)
    best: tuple[float, int] = (0.0, 1)
    chosen: tuple[str, Row | Rejected] | None = None
    for delimiter in candidates:
        header, even = _try_delimiter(Block(sample.first + start, lines, clean=sample.clean), delimiter)
        if isinstance(header, Row) and (even, len(header.cells)) > best and len(header.cells) > 1:
            best, chosen = (even, len(header.cells)), (delimiter, header)
    if chosen is not None:
        return chosen
    return NO_DELIMITER, _try_delimiter(Block(sample.first + start, lines, clean=sample.clean), NO_DELIMITER)[0]


def _try_delimiter(sample: Block, delimiter: str) -> tuple[Row | Rejected, float]:
    records = list(chain.from_iterable(RecordParser(delimiter, None).read([sample], cut=True)))
    if not records:
        records = list(chain.from_iterable(RecordParser(delimiter, None).read([sample])))
    if not records:
        return Rejected(sample.first, "it is empty", ""), 0.0
    header = records[0]
    if isinstance(header, Rejected):
        return header, 0.0
    width = len(header.cells)
    even = sum(isinstance(record, Row) and len(record.cells) == width for record in records)
    return header, even / len(records)
