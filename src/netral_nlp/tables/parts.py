"""Rows in parts: stretches as they stand in their file, and lists of those that had to be read closely."""

from __future__ import annotations

from array import array
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from itertools import accumulate, groupby
from typing import overload

from netral_nlp.tables.rows import Row
from netral_nlp.tables.stretches import Stretch

Part = Stretch | Sequence[Row]


class Rows(Sequence[Row]):
    """Rows one after another; by column they are had faster than row by row."""

    def __init__(self, parts: Sequence[Part]) -> None:
        self.parts = tuple(filter(len, parts))
        self._ends = list(accumulate(map(len, self.parts)))

    def __len__(self) -> int:
        return self._ends[-1] if self._ends else 0

    @overload
    def __getitem__(self, at: int) -> Row: ...
    @overload
    def __getitem__(self, at: slice) -> Rows: ...
    def __getitem__(self, at: int | slice) -> Row | Rows:
        if isinstance(at, slice):
            return self.take(range(*at.indices(len(self))))
        if not 0 <= at < len(self):
            raise IndexError("no such row")
        part, begin = self._place(at)
        return self.parts[part][at - begin]

    def _place(self, at: int) -> tuple[int, int]:
        """The part that holds a row, and where it begins."""
        part = bisect_right(self._ends, at)
        return part, self._ends[part - 1] if part else 0

    def take(self, which: Sequence[int]) -> Rows:
        """The rows with the given indices, in that order."""
        if list(which) == list(range(len(self))):  # nearly always
            return self
        taken: list[Part] = []
        for (part, begin), group in groupby(which, self._place):
            own, rows = [at - begin for at in group], self.parts[part]
            taken.append(rows.take(own) if isinstance(rows, Stretch) else [rows[at] for at in own])
        return Rows(taken)

    def joined(self, column: int) -> bytes:
        """The cells of one column in UTF-8, each with a NUL behind it."""
        return b"".join(
            part.joined(column) if isinstance(part, Stretch) else joined([row.cells[column] for row in part])
            for part in self.parts
        )

    def column(self, at: int) -> list[str]:
        """The cells of one column."""
        return self.joined(at).decode().split("\0")[:-1]

    def texts(self, column: int) -> Texts:
        """The same, decoded only where somebody asks for one."""
        offsets = array("q", bytes(8 * (len(self) + 1)))
        packed, first = [], 0
        for part in self.parts:
            if isinstance(part, Stretch):
                packed.append(part.packed(column, offsets, first))
            else:
                raw = [row.cells[column].encode() for row in part]
                packed += raw
                ends = accumulate(map(len, raw), initial=offsets[first])
                offsets[first : first + len(part) + 1] = array("q", ends)
            first += len(part)
        return Texts(b"".join(packed), offsets)


class Texts(Sequence[str]):
    """Texts in UTF-8 end to end: text i stands at ``offsets[i]:offsets[i + 1]`` of ``packed``."""

    __slots__ = ("offsets", "packed")

    def __init__(self, packed: bytes, offsets: array[int]) -> None:
        self.packed, self.offsets = packed, offsets

    def __len__(self) -> int:
        return len(self.offsets) - 1

    @overload
    def __getitem__(self, at: int) -> str: ...
    @overload
    def __getitem__(self, at: slice) -> list[str]: ...
    def __getitem__(self, at: int | slice) -> str | list[str]:
        if isinstance(at, slice):
            return [self[i] for i in range(*at.indices(len(self)))]
        if not 0 <= at < len(self):
            raise IndexError("no such text")
        return self.packed[self.offsets[at] : self.offsets[at + 1]].decode()


class Tails(Sequence[str]):
    """The ends of so many lines in UTF-8, each with a NUL behind it."""

    __slots__ = ("_lines", "packed")

    def __init__(self, packed: bytes, count: int) -> None:
        self.packed, self._lines = packed, count

    def __len__(self) -> int:
        return self._lines

    @overload
    def __getitem__(self, at: int) -> str: ...
    @overload
    def __getitem__(self, at: slice) -> Sequence[str]: ...
    def __getitem__(self, at: int | slice) -> str | Sequence[str]:
        if isinstance(at, slice) and at.indices(self._lines) == (0, self._lines, 1):
            return self
        return self.packed.decode().split("\0")[:-1][at]

    def __iter__(self) -> Iterator[str]:
        return iter(self.packed.decode().split("\0")[:-1])


def joined(cells: Sequence[str]) -> bytes:
    """Cells in UTF-8, each with a NUL behind it; no cell of a row holds one, or half a surrogate pair."""
    if isinstance(cells, Tails):
        return cells.packed
    return "".join(f"{cell}\0" for cell in cells).encode()
