"""How a CSV file is punctuated: which delimiter, which quotation mark, which escapes, found from its first lines.

Commas, semicolons, tabs and bars with double quotation marks are tried first. Only where a record then fits badly
are backslash escapes, single quotation marks, blanks behind or as delimiters tried, and taken only if all fits.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import chain
from typing import Final

from netral_nlp.errors import InputError
from netral_nlp.tables.columns import fold_name
from netral_nlp.tables.layout import Found, Layout, explain_width, find_header, find_table
from netral_nlp.tables.lines import LineBlock
from netral_nlp.tables.reasons import UNFIT, in_english
from netral_nlp.tables.records import NO_DELIMITER, Punctuation, RecordParser
from netral_nlp.tables.rows import Rejected, Row
from netral_nlp.tables.usual import TEXT_COLUMNS

DELIMITERS: Final = {",": "comma", ";": "semicolon", "\t": "tab", "|": "vertical bar", " ": "blank"}
COMMON: Final = (",", ";", "\t", "|")
SAMPLE_LINES: Final = 500
EVEN: Final = 0.75  # share of readable records that must fit a delimiter which no known name speaks for


@dataclass(frozen=True, slots=True)
class Sniffed:
    """How the file is punctuated, and the table in it."""

    punctuation: Punctuation
    table: Found
    notes: tuple[str, ...]
    skipped: int = 0  # lines before the first record: what is written for Excel


@dataclass(frozen=True, slots=True)
class _Try:
    """The sampled records under one punctuation; ``even`` is the share that fits, ``fitting`` that of readable ones.

    What cannot travel for what is in it, whatever the punctuation, says nothing about punctuation and is in no share.

    ``literal`` says that the header's quotation marks are broken and its names are read as they stand.
    """

    punctuation: Punctuation
    records: Sequence[Row | Rejected]
    header: Row | Rejected
    even: float
    fitting: float = 0.0
    literal: bool = False

    @property
    def width(self) -> int:
        return len(self.header.cells) if isinstance(self.header, Row) else 0


def sniff(sample: LineBlock, layout: Layout, name: str, *, tabs_first: bool = False) -> Sniffed:
    """What the first lines tell. Raises InputError where they have no usable header."""
    start = next(index for index, line in enumerate(sample.lines) if line.strip())
    lines = sample.lines[start:SAMPLE_LINES]
    declared = lines[0].strip().strip('"')
    candidates = sorted(COMMON, key="\t".__ne__) if tabs_first else list(COMMON)
    if len(declared) == 5 and declared[:4].casefold() == "sep=" and declared[4] in DELIMITERS:  # written for Excel
        candidates, lines, start = [declared[4]], lines[1:], start + 1
    elif lines[0].casefold().startswith("sep=\t"):
        candidates, lines, start = ["\t"], lines[1:], start + 1
    block = LineBlock(sample.first + start, lines, clean=sample.clean)
    tries = [_try(block, Punctuation(delimiter), layout) for delimiter in candidates]
    plain = [one for one in tries if one.width > 1 and (one.fitting >= EVEN or _speaks(one.header))]
    best = max(plain, key=lambda one: (one.even, one.width), default=None)
    best = _better(block, best, tries, layout)
    if best is None:
        best = _try(block, Punctuation(NO_DELIMITER), layout)
    return _settle(best, block, layout, name)


def _try(block: LineBlock, punctuation: Punctuation, layout: Layout) -> _Try:
    records = list(chain.from_iterable(RecordParser(punctuation, None).read([block], cut=True)))
    if not records:
        records = list(chain.from_iterable(RecordParser(punctuation, None).read([block])))
    if not records:
        return _Try(punctuation, [], Rejected(block.first, "baris kosong", ""), 0.0)
    rows = [record for record in records if isinstance(record, Row)]
    header: Row | Rejected = records[0]
    if layout.header_row is not None:
        header = next((r for r in records if r.line == layout.header_row), header)
    elif not layout.no_header and isinstance(header, Row) and len(rows) > 1:
        at = find_header([row.cells for row in rows])
        header = rows[max(at, 0)] if at < 0 or rows[at].line > header.line else header
    literal = False
    if isinstance(header, Rejected) and (names := _literal_names(header, rows, block, punctuation)) is not None:
        header, literal = Row(header.line, names), True
    width = len(header.cells) if isinstance(header, Row) else 0
    even = sum(len(row.cells) == width or (len(row.cells) > width and not any(row.cells[width:])) for row in rows)
    judged = sum(isinstance(record, Row) or record.reason not in UNFIT for record in records)
    return _Try(punctuation, records, header, even / max(1, judged), even / max(1, len(rows)), literal)


def _speaks(header: Row | Rejected) -> bool:
    usual = {fold_name(name) for name in TEXT_COLUMNS}
    return isinstance(header, Row) and any(fold_name(cell) in usual for cell in header.cells)


def _better(block: LineBlock, best: _Try | None, tries: Sequence[_Try], layout: Layout) -> _Try | None:
    """Another punctuation where it is the only reading that fits all sampled records."""
    if best is not None and best.even == 1.0:
        spaced = replace(best.punctuation, spaced=True)
        return _try(block, spaced, layout) if _blank_behind_each(best) else best
    text = "".join(block.lines)
    found = [one for one in _variants(block, tries, text, layout) if one.even == 1.0 and one.width > 1]
    found = [one for one in found if best is None or (one.even > best.even and one.width >= best.width)]
    if best is None:
        found = [one for one in found if _speaks(one.header) or len(one.records) > 2]
    return max(found, key=lambda one: one.width, default=best)


def _variants(block: LineBlock, tries: Sequence[_Try], text: str, layout: Layout) -> Iterator[_Try]:
    for one in tries:
        mark = one.punctuation.delimiter
        if mark not in text:
            continue
        if '\\"' in text:
            yield _try(block, replace(one.punctuation, escaped=True), layout)
        if mark + " " in text and '"' in text:
            yield _try(block, replace(one.punctuation, spaced=True), layout)
        if re.search(f"(?:^|{re.escape(mark)} ?)'[^']*'", text, re.MULTILINE):
            yield _try(block, replace(one.punctuation, quote="'"), layout)
            yield _try(block, replace(one.punctuation, quote="'", spaced=True), layout)
    for quote in "\"'":
        if re.search(f"(?:^| ){quote}[^{quote}]* [^{quote}]*{quote}(?: |$)", text, re.MULTILINE):
            blank = _try(block, Punctuation(" ", quote=quote), layout)
            if _speaks(blank.header):  # else it may be any sentence
                yield blank


def _blank_behind_each(one: _Try) -> bool:
    """Whether a blank follows every delimiter, so that it belongs to the delimiter."""
    rows = [record.cells for record in one.records if isinstance(record, Row)]
    return len(rows) > 1 and all(cell.startswith(" ") for cells in rows for cell in cells[1:])


def _settle(best: _Try, block: LineBlock, layout: Layout, name: str) -> Sniffed:
    notes: list[str] = []
    rows = [(record.line, record.cells) for record in best.records if isinstance(record, Row)]
    told = layout.no_header or layout.header_row is not None
    if isinstance(best.header, Rejected) and not told:
        raise InputError(f"{name} has no usable header: {_english(best.header)}.", path=name, line=best.header.line)
    if best.literal:
        rows.insert(0, (best.header.line, best.header.cells if isinstance(best.header, Row) else ()))
        notes.append("The header has a stray quotation mark; its names were read as they stand.")
    if not rows:
        raise InputError(f"{name} has no line that can be read.", path=name, line=best.header.line)
    found = find_table(rows, layout, name)
    body = [cells for line, cells in rows if line > found.line]
    if (fault := explain_width(found, name, body)) is not None and len(rows) == len(best.records):
        raise InputError(fault, path=name, line=found.line)
    return Sniffed(best.punctuation, found, (*notes, *found.notes), block.first - 1)


def _literal_names(
    header: Rejected, rows: Sequence[Row], block: LineBlock, punctuation: Punctuation
) -> tuple[str, ...] | None:
    """The names in a header whose quotation marks are broken, where they are as many as all rows have cells."""
    line = block.lines[header.line - block.first].rstrip("\r\n")
    names = tuple(part.strip().strip(punctuation.quote) for part in line.split(punctuation.delimiter))
    return names if len(names) > 1 and {len(row.cells) for row in rows} == {len(names)} else None


def _english(rejected: Rejected) -> str:
    return in_english(rejected.reason)
