"""How cells stand in a CSV file: which are quoted, how numbers look, what Excel must not run as a formula."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from ctypes import CDLL, c_char, c_char_p, c_size_t, create_string_buffer
from dataclasses import dataclass
from typing import TYPE_CHECKING, cast

from netral_nlp import native

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray


Cell = str | float | int
NUMBER_WIDTH = 24  # bytes that a number and its delimiter may take, as in src/native/cells.h
# What a spreadsheet runs as a formula, also behind what it does not see, and in the wide and small forms that it reads
# as the plain ones; a tab or line end at the beginning lets some programs split the cell before it.
UNSEEN = (
    r"[\s\x00-\x1f\x7f-\x9f\u00ad\u034f\u061c\u115f\u1160\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f\u3164"
    r"\ufe00-\ufe0f\ufeff\ufff9-\ufffb]"
)
FORMULA = re.compile(rf"{UNSEEN}*[=+\-@＝＋－＠﹦﹢﹣﹫]|[\t\r\n]")
# What it takes for a number and shows as another one: leading zeros go, long ones lose their last digits, 1E5 grows.
NUMBER_LIKE = re.compile(r"\s*(?:0\d+|\d{12,}|\d+[.,]?\d*[eE]\d+)\s*")


@dataclass(frozen=True, slots=True)
class Dialect:
    """A way to write CSV, column by column: one look tells that no cell of a column needs quoting.

    Quoted is what the csv module quotes with CRLF as its line end: a cell that holds the delimiter, a quotation mark,
    CR or LF. ``guarded`` is for files that people open in a spreadsheet: an apostrophe stands before any text that it
    would run as a formula. ``excel`` is that for countries with a decimal comma; also, an apostrophe stands before the
    digits of a text that Excel would change, such as a phone number or a NIP.
    """

    delimiter: str = ","
    excel: bool = False
    guarded: bool = False

    @property
    def point(self) -> str:
        """What stands before the decimals."""
        return "," if self.excel else "."

    def show(self, column: Sequence[Cell]) -> Sequence[str]:
        """The cells of one column as they stand in the file; raises ValueError for a number that is not finite.

        >>> Dialect(";", excel=True).show(["a;b", 'c "d" e', "=f", -0.5])
        ['"a;b"', '"c ""d"" e"', "'=f", '-0,500000']
        """
        if self.excel:
            column = [_show_for_excel(cell) for cell in column]
        elif self.guarded:
            column = [_guard(cell) if isinstance(cell, str) else format_number(cell) for cell in column]
        elif set(map(type, column)) != {str}:
            column = [cell if isinstance(cell, str) else format_number(cell) for cell in column]
        cells, mark = cast(Sequence[str], column), self.delimiter
        joined = "".join(cells)
        if mark not in joined and '"' not in joined and "\n" not in joined and "\r" not in joined:
            return cells
        return [
            '"' + cell.replace('"', '""') + '"' if mark in cell or '"' in cell or "\n" in cell or "\r" in cell else cell
            for cell in cells
        ]

    def join(self, columns: Sequence[Sequence[str]]) -> list[str]:
        """The lines, without their ends, of columns that `show` gave; several may be joined to one already."""
        if len(columns) == 1:
            return [cell or '""' for cell in columns[0]]  # an empty line would be no record
        return list(map(self.delimiter.join, zip(*columns, strict=True)))


def _show_for_excel(cell: Cell) -> str:
    if not isinstance(cell, str):
        return format_number(cell).replace(".", ",")
    return "'" + cell if NUMBER_LIKE.fullmatch(cell) else _guard(cell)


def _guard(cell: str) -> str:
    """The cell as text to every spreadsheet.

    >>> [_guard(cell) for cell in ("=1+1", " ＠x", "62 = 62", "")]
    ["'=1+1", "' ＠x", '62 = 62', '']
    """
    return "'" + cell if FORMULA.match(cell) else cell


def unguard(cell: str) -> str:
    """The cell as it was before it was guarded.

    >>> unguard("'@nama halo"), unguard("'kutip'")
    ('@nama halo', "'kutip'")
    """
    return cell[1:] if cell.startswith("'") and FORMULA.match(cell, 1) else cell


def format_number(value: float) -> str:
    """The number as every output writes it: whole numbers as they are, others with six decimals.

    Raises ValueError when it is not finite: such a score is a bug, not a result.

    >>> format_number(1 / 32), format_number(7), format_number(-1e-9)
    ('0.031250', '7', '0.000000')
    """
    if isinstance(value, int):
        return str(int(value))
    if not math.isfinite(value):
        raise ValueError("a number to write is not finite")
    text = f"{value:.6f}"
    return "0.000000" if text == "-0.000000" else text


def format_rows(values: NDArray[np.float64], between: str = ",", point: str = ".") -> list[str]:
    """Each row of an (n, k) array as `format_number` writes its numbers, with ``between`` between them.

    Raises ValueError for a number that is not finite.

    >>> import numpy
    >>> format_rows(numpy.array([[0.25, 1.0], [1 / 3, 0.0]]), ";")
    ['0.250000;1.000000', '0.333333;0.000000']
    """
    library = native.library()
    if library is not None and (written := _write_numbers(library, values, between, point)):
        return written
    lines = [between.join(map(format_number, row)) for row in values.tolist()]
    return lines if point == "." else [line.replace(".", point) for line in lines]


def _write_numbers(library: CDLL, values: NDArray[np.float64], between: str, point: str) -> list[str]:
    """The same by ``src/native/cells.c``; nothing where a number is not finite or beyond what it writes."""
    write = library.cells_numbers
    write.restype, write.argtypes = c_size_t, [c_char_p, c_char_p, c_size_t, c_size_t, c_char, c_char]
    out = create_string_buffer(NUMBER_WIDTH * values.size + len(values))
    used = write(out, values.astype("=f8").tobytes(), *values.shape, between.encode(), point.encode())
    return out.raw[:used].decode().split("\0")[:-1]
