"""Where a table stands among the rows of a file: titles above its header, no header at all, a neighbour beside it."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from netral_nlp.errors import InputError, UsageError
from netral_nlp.tables.columns import check_header, fold_name, letter_of
from netral_nlp.tables.usual import (
    ACCOUNT_COLUMNS,
    ID_COLUMNS,
    OTHER_COLUMNS,
    PLATFORM_COLUMNS,
    TEXT_COLUMNS,
    TIME_COLUMNS,
)

TITLES = 30  # rows above a header at most
NO_HEADER = -1
POST_WORDS = 5  # from which a cell of the first row is a post rather than a name

_TEXT = {fold_name(name) for name in TEXT_COLUMNS}
_KNOWN = _TEXT | {
    fold_name(n) for n in (*ID_COLUMNS, *TIME_COLUMNS, *PLATFORM_COLUMNS, *ACCOUNT_COLUMNS, *OTHER_COLUMNS)
}
_NUMBER = re.compile(r"[-+]?[\d.,]+(?:[eE][-+]?\d+)?%?")
_MOMENT = re.compile(r"\d{1,4}[-/.]\d{1,2}[-/.]\d{1,4}(?:[ T][\d:.]+.*)?")
_POST = re.compile(r"https?:|(?<!\w)[@#]\w|\d{6}|[!?]$")


@dataclass(frozen=True, slots=True)
class Layout:
    """What the user says about where the table stands; None and False where the file itself shall tell.

    ``header_row`` is the line (row of a sheet) with the column names, counted from 1; ``no_header`` says that there
    is none. Raises UsageError for both at once.
    """

    sheet: str | None = None
    header_row: int | None = None
    no_header: bool = False

    def __post_init__(self) -> None:
        if self.header_row is not None and self.header_row < 1:
            raise UsageError(f"--header-row counts from 1; {self.header_row} is no line.")
        if self.header_row is not None and self.no_header:
            raise UsageError("--header-row names the line of the header and --no-header says that there is none.")


PLAIN = Layout()


@dataclass(frozen=True, slots=True)
class Found:
    """A table found among rows: its names, the line of its header (0 for none) and which cells of a row are its own.

    ``width`` is how many cells a row must have: more than ``stop`` where every row ends with surplus delimiters.
    ``beside`` says that another table stands beside this one, ``unnamed`` that the names are ours.
    """

    columns: tuple[str, ...]
    line: int
    width: int
    start: int
    stop: int
    unnamed: bool
    notes: tuple[str, ...]
    beside: bool = False


def find_table(rows: Sequence[tuple[int, Sequence[str]]], layout: Layout, name: str, what: str = "line") -> Found:
    """The table among the first rows of a file, each with its line; there is at least one row with content.

    Raises InputError when there is no usable header.
    """
    at = _place_of_header(rows, layout, name, what)
    notes: list[str] = []
    body = [cells for _, cells in rows[at + 1 :]]
    if at == NO_HEADER:
        common = Counter(len(cells) for cells in body).most_common(1)[0][0]
        columns = tuple(f"kolom_{number}" for number in range(1, common + 1))
        if not layout.no_header:
            notes.append(f"No header: the first {what} of {name} is a post already. If it does name the columns, "
                         f"say --header-row {rows[0][0]}.")  # fmt: skip
        return Found(columns, 0, common, 0, common, True, tuple(notes))
    line, cells = rows[at]
    if at and layout.header_row is None:
        notes.append(f"Header in {what} {line}; the {what}s above it are titles.")
    names, said = _fit_names(_with_nameless(check_header(cells, name, line), len(cells), body), len(cells), body)
    notes += said
    start, stop = _own_block(names, body)
    if (start, stop) != (0, len(names)):
        notes.append(f"Columns {letter_of(start)} to {letter_of(stop - 1)} are read; another table stands beside them.")
    width = _width(max(len(cells), len(names)) if not said else len(names), len(names), body)
    return Found(names[start:stop], line, width, start, stop, False, tuple(notes), (start, stop) != (0, len(names)))


def _place_of_header(rows: Sequence[tuple[int, Sequence[str]]], layout: Layout, name: str, what: str) -> int:
    if layout.no_header:
        return NO_HEADER
    if layout.header_row is None:
        return find_header([cells for _, cells in rows])
    place = next((i for i, (line, _) in enumerate(rows) if line == layout.header_row), None)
    if place is None:
        raise InputError(f"{name} has no names in {what} {layout.header_row}. Say another --header-row.",
                         path=name, line=layout.header_row)  # fmt: skip
    return place


def find_header(rows: Sequence[Sequence[str]]) -> int:
    """Index of the row that names the columns: the first, one below titles, or NO_HEADER where none does plainly.

    >>> find_header([["Laporan", ""], ["id", "teks"], ["1", "halo"]]), find_header([["a", "b"], ["1", "2"]])
    (1, 0)
    >>> find_header([["Gas terus nomor dua Pak Hasan"], ["hujan lagi"]])
    -1
    """
    filled = [[cell.strip() for cell in row if cell.strip()] for row in rows[: 2 * TITLES]]
    known = [sum(fold_name(cell) in _KNOWN for cell in cells) for cells in filled]
    texts = [any(fold_name(cell) in _TEXT for cell in cells) for cells in filled]
    if _is_of_kind(_MOMENT, rows[0], rows[1:]):  # a cell of data may be a name, too: "komentar" as the kind of a post
        return NO_HEADER
    if len(filled[0]) > 1 and texts[0]:  # perhaps merged cells that group the names below
        return next((i for i in range(1, min(4, len(filled))) if len(filled[i]) > len(filled[0])
                     and 2 * known[i] > len(filled[i]) and texts[i]), 0)  # fmt: skip
    most = 0
    for index, cells in enumerate(filled[:TITLES]):
        names, text = known[index], texts[index]
        below = [len(other) for other in filled[index + 1 :]]
        fits = not below or max(below) <= max(len(rows[index]), len(cells))
        plain = text and 2 * names > len(cells)  # a title may have as many cells as the table, but no such names
        if len(cells) > max(1, most - plain) and fits and (text or 2 * names > len(cells)):
            return index
        most = max(most, len(cells))
    widest = max(map(len, filled))
    wide = next(i for i, cells in enumerate(filled) if len(cells) == widest)
    if 0 < wide < TITLES and widest > 1 and _names_columns(filled[wide], filled[wide + 1 :]):
        return wide
    if known[0]:
        return 0
    return NO_HEADER if _is_post(rows[0], rows[1:]) else 0


def _names_columns(cells: Sequence[str], below: Sequence[Sequence[str]]) -> bool:
    """Whether cells below titles are names plainly: most rows below are as long, and in a column only they are words.

    Without such a column the row may be a post: nothing tells it from those below.
    """
    if not below or any(_NUMBER.fullmatch(one) or _MOMENT.fullmatch(one) or _reads_like_post(one) for one in cells):
        return False
    full = [other for other in below if len(other) == len(cells)]
    counted = any(all(_NUMBER.fullmatch(other[i]) or _MOMENT.fullmatch(other[i]) for other in full)
                  for i in range(len(cells)))  # fmt: skip
    return 2 * len(full) > len(below) and counted


def _reads_like_post(cell: str) -> bool:
    return len(cell.split()) >= POST_WORDS or len(cell) > 60 or bool(_POST.search(cell))


def _is_post(first: Sequence[str], others: Sequence[Sequence[str]]) -> bool:
    """Whether the first row is data plainly: it holds a post, or numbers and dates where all rows do."""
    if any(_reads_like_post(cell.strip()) for cell in first):
        return True
    return any(_is_of_kind(kind, first, others) for kind in (_NUMBER, _MOMENT))


def _is_of_kind(kind: re.Pattern[str], first: Sequence[str], others: Sequence[Sequence[str]]) -> bool:
    """Whether a cell of the first row is a number, or a moment, as are all those below it."""
    for index, cell in enumerate(first):
        column = [row[index].strip() for row in others if index < len(row) and row[index].strip()]
        if len(column) > 1 and kind.fullmatch(cell.strip()) and all(map(kind.fullmatch, column)):
            return True
    return False


def _with_nameless(names: tuple[str, ...], written: int, body: Sequence[Sequence[str]]) -> tuple[str, ...]:
    """The names, with an empty one for each column behind them that the header leaves nameless and most rows fill.

    >>> _with_nameless(("id", "teks"), 4, [["1", "halo", "catatan", ""], ["2", "ya", "lagi", ""]])
    ('id', 'teks', '')
    """
    filled = [i for i in range(len(names), written) if 2 * sum(bool(row[i : i + 1] and row[i].strip()) for row in body)
              > len(body)]  # fmt: skip
    return names + ("",) * (filled[-1] + 1 - len(names)) if filled else names


def _fit_names(
    names: tuple[str, ...], written: int, body: Sequence[Sequence[str]]
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The names as the rows need them, where all rows differ from the header in one way that explains itself."""
    widths = {len(row) for row in body}
    empty = [i for i, one in enumerate(names) if not one.strip()]
    if len(body) > 2 and widths == {written - 1} and written == len(names) and len(empty) == 1 and empty[0]:
        kept = tuple(one for one in names if one.strip())
        return kept, ("The header has a delimiter too many; its empty name was left out.",)
    return names, ()


def _own_block(names: Sequence[str], body: Sequence[Sequence[str]]) -> tuple[int, int]:
    """Which columns belong to the table with the posts, where two tables stand side by side; else all."""
    gaps = [i for i, one in enumerate(names) if not one.strip() and not any(row[i : i + 1] and row[i].strip()
            for row in body)]  # fmt: skip
    if not gaps:
        return 0, len(names)
    edges = [-1, *gaps, len(names)]
    blocks = [(a + 1, b) for a, b in pairwise(edges) if b - a > 1]
    holding = [(a, b) for a, b in blocks if any(fold_name(one) in _TEXT for one in names[a:b])]
    if len(blocks) < 2 or len(holding) != 1:
        return 0, len(names)
    a, b = holding[0]
    for other in blocks:
        theirs = [any(c.strip() for c in row[other[0] : other[1]]) for row in body]
        if not any(theirs) or other[1] - other[0] < 2:
            continue  # names without a table
        uneven = sum(any(c.strip() for c in row[a:b]) != one for row, one in zip(body, theirs, strict=True))
        shared = {fold_name(one) for one in names[a:b]} & {fold_name(one) for one in names[other[0] : other[1]]}
        if other != (a, b) and (uneven or shared):
            return a, b
    return 0, len(names)


def _width(written: int, named: int, body: Sequence[Sequence[str]]) -> int:
    """How many cells every row has: as many as there are names, or more where all rows end with surplus delimiters.

    A single row with surplus cells, even empty ones, may have been shifted by a delimiter too many.
    """
    widths = Counter(len(cells) for cells in body if len(cells) >= named and not any(map(str.strip, cells[named:])))
    if not widths:
        return named
    common, rows = widths.most_common(1)[0]
    if common == written or (len(widths) == 1 and rows == len(body)):
        return common
    return named


def explain_width(found: Found, name: str, body: Sequence[Sequence[str]]) -> str | None:
    """Why no row can fit the header, None where some may."""
    widths = set(map(len, body))
    if len(body) < 3 or len(widths) != 1 or widths == {found.width} or max(widths) < found.width:
        return None
    return (
        f"The header of {name} has {found.width} names, but all its rows have {max(widths)} cells. Mend the header, "
        "put quotation marks around texts that hold the delimiter, or say --header-row N."
    )
