"""Regular rows of a CSV file as they stand in it: nothing is made of a cell that nobody asks for.

``src/native/csv.c`` finds them and writes them again; what it calls irregular is read by `RecordParser`, so that the
records are the same as without it.
"""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Iterator, Sequence
from ctypes import CDLL, Structure, byref, c_bool, c_char, c_char_p, c_int64, c_size_t, c_uint32, c_void_p
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, overload

from netral_nlp.tables.lines import LineBlock, TextLines
from netral_nlp.tables.records import Punctuation, RecordParser
from netral_nlp.tables.rows import Rejected, Row

ROWS = 4_096  # at most, in one stretch
FEW, MANY = 4, 1_000  # lines that the parser is given where a row is irregular, more each time where that does not end


class _Scan(Structure):
    _fields_ = (
        ("length", c_size_t), ("at", c_size_t), ("line", c_size_t), ("rows", c_size_t), ("room", c_size_t),
        ("width", c_uint32), ("delimiter", c_char), ("one_line", c_bool),
    )  # fmt: skip


class _Rows(Structure):
    _fields_ = (
        ("data", c_char_p), ("starts", c_char_p), ("as_is", c_char_p), ("numbers", c_void_p), ("count", c_size_t),
        ("width", c_uint32), ("delimiter", c_char),
    )  # fmt: skip


class CsvCore:
    """The calls of ``csv.h`` in a library."""

    def __init__(self, library: CDLL) -> None:
        def call(name: str, result: Any, *arguments: Any) -> Any:
            function = getattr(library, f"csv_{name}")
            function.restype, function.argtypes = result, arguments
            return function

        self.characters = call("characters", c_int64, c_char_p, c_size_t)
        self.scan = call("scan", None, *[c_void_p, c_char_p, c_char_p, c_size_t], *[c_void_p] * 3)
        self.size = call("size", c_size_t, c_void_p)
        self.column = call("column", c_size_t, c_void_p, c_uint32, c_void_p, c_void_p, c_int64)
        self.blank = call("blank", c_size_t, c_void_p, c_uint32, c_size_t)
        self.write = call("write", c_size_t, c_void_p, c_char_p, c_size_t, c_void_p, c_char, c_void_p, c_size_t)


@dataclass(frozen=True, slots=True)
class Found:
    """What `csv_scan` found in some bytes of a file."""

    core: CsvCore
    data: bytes
    starts: bytes
    as_is: bytes
    lines: bytes
    width: int
    delimiter: bytes


class Stretch(Sequence[Row]):
    """Rows of a CSV file; what it tells of all together is had faster than by going through them.

    Of all rows that were found they are those with the given numbers.
    """

    __slots__ = ("_found", "_numbers", "_rows")

    def __init__(self, found: Found, numbers: array[int]) -> None:
        self._found, self._numbers = found, numbers
        place, count = numbers.buffer_info()
        self._rows = byref(_Rows(found.data, found.starts, found.as_is, place, count, found.width, found.delimiter))

    def __len__(self) -> int:
        return len(self._numbers)

    @overload
    def __getitem__(self, at: int) -> Row: ...
    @overload
    def __getitem__(self, at: slice) -> Stretch: ...
    def __getitem__(self, at: int | slice) -> Row | Stretch:
        if isinstance(at, slice):
            return Stretch(self._found, self._numbers[at])
        number, found = self._numbers[at], self._found
        starts = memoryview(found.starts).cast("I")[number * (found.width + 1) : (number + 1) * (found.width + 1)]
        cells = [found.data[a : b - 1].decode() for a, b in pairwise(starts)]
        plain = [cell[1:-1].replace('""', '"') if cell[:1] == '"' else cell for cell in cells]
        return Row(memoryview(found.lines).cast("I")[number], tuple(plain))

    def __iter__(self) -> Iterator[Row]:
        columns = (self.joined(column).decode().split("\0") for column in range(self._found.width))
        lines = map(memoryview(self._found.lines).cast("I").__getitem__, self._numbers)
        return map(Row, lines, zip(*columns, strict=True))

    def take(self, which: Iterable[int]) -> Stretch:
        """The rows with the given indices."""
        return Stretch(self._found, array("I", map(self._numbers.__getitem__, which)))

    def behind(self, line: int) -> Stretch:
        """The rows that begin behind a line."""
        lines = memoryview(self._found.lines).cast("I")
        return self[sum(lines[number] <= line for number in self._numbers) :]

    @property
    def size(self) -> int:
        """How many bytes the rows have in the file."""
        return int(self._found.core.size(self._rows))

    def joined(self, column: int) -> bytes:
        """The cells of one column in UTF-8, each with a NUL behind it."""
        out = bytearray(self.size)
        used = self._found.core.column(self._rows, column, _place(out), None, 0)
        return bytes(memoryview(out)[:used])

    def packed(self, column: int, offsets: array[int], first: int) -> bytes:
        """The same end to end; where each ends goes into ``offsets``, behind the place ``first`` where one begins."""
        out = bytearray(self.size)
        place = offsets.buffer_info()[0] + first * offsets.itemsize
        used = self._found.core.column(self._rows, column, _place(out), place, offsets[first])
        return bytes(memoryview(out)[:used])

    def blank(self, column: int) -> Iterator[int]:
        """The indices of the rows of which a cell is empty but for white space."""
        at = -1
        while (at := self._found.core.blank(self._rows, column, at + 1)) < len(self):
            yield at

    def written(self, tails: bytes, begin: int, delimiter: str) -> tuple[memoryview, int]:
        """The rows as lines of another CSV file, with a tail behind each; and where the last of these ends.

        The tails have a NUL behind each; the first one begins at ``begin``.
        """
        size, place = self.size, c_size_t(begin)
        out = bytearray(2 * size + len(self) * (3 * self._found.width + 2) + len(tails) - begin)
        used = self._found.core.write(
            self._rows, tails, len(tails), byref(place), delimiter.encode(), _place(out), len(out)
        )
        if len(self) and not used:
            raise ValueError("there are fewer tails than rows")
        return memoryview(out)[:used], place.value


class RegularReader:
    """The records of a file of which most rows are regular: stretches of these, lists of all others.

    ``header`` is the header's cells: a row that looks like it is left to the caller.
    """

    def __init__(self, library: CDLL, marks: Punctuation, width: int, header: Sequence[str]) -> None:
        self._core = CsvCore(library)
        self._parser = RecordParser(marks, width)
        self._delimiter, self._width = marks.delimiter.encode(), width
        self._header = "".join(f"{name}\0" for name in header).encode("utf-8", "replace")

    @staticmethod
    def reads(marks: Punctuation, width: int, text: TextLines) -> bool:
        """Whether rows can be regular at all under this punctuation."""
        plain = marks.quote == '"' and not marks.escaped and not marks.spaced and marks.delimiter.isascii()
        return plain and width > 1 and not text.bare_cr

    def read(self, text: TextLines) -> Iterator[Sequence[Row | Rejected]]:
        """All records, in file order."""
        for block in text.raw_blocks():
            data = block.data
            characters = self._core.characters(data, len(data)) if block.huge is None else -1
            if characters < 0:
                lines = text.decoded(block)
                if lines.huge or not lines.clean:
                    self._parser.count(0 if lines.huge else sum(map(len, lines.lines)))
                    yield from self._parser.take(lines)
                    continue
                salvaged = "".join(lines.lines)
                data, characters = salvaged.encode(), len(salvaged)
            self._parser.count(characters)
            yield from self._read_block(data, block.first)
        yield from self._parser.end()

    def _read_block(self, data: bytes, line: int) -> Iterator[Sequence[Row | Rejected]]:
        at, few = 0, FEW
        while at < len(data):
            if not self._parser.waits:
                while True:
                    found, at, line = self._scan(data, at, line)
                    if not found:
                        break
                    few = FEW
                    yield found
            end = at
            lines: list[str] = []
            while end < len(data) and len(lines) < few:
                begin, end = end, data.find(b"\n", end) + 1 or len(data)
                lines.append(data[begin:end].decode())
            yield from self._parser.take(LineBlock(line, lines, clean=True))
            at, line, few = end, line + len(lines), min(2 * few, MANY)

    def _scan(self, data: bytes, at: int, line: int) -> tuple[Stretch | None, int, int]:
        """The regular rows from ``at`` on, at most ``ROWS``, and the place and the line behind them."""
        width, left = self._width, len(data) - at
        room = min(ROWS, left // width + 1)
        starts, lines, as_is = bytearray(4 * room * (width + 1)), bytearray(4 * room), bytearray(room)
        scan = _Scan(len(data), at, line, 0, room, width, self._delimiter, not self._parser.patient)
        self._core.scan(
            byref(scan), data, self._header, len(self._header), _place(starts), _place(lines), _place(as_is)
        )
        count = scan.rows
        if not count:
            return None, scan.at, scan.line
        found = Found(
            self._core, data, bytes(memoryview(starts)[: 4 * count * (width + 1)]), bytes(memoryview(as_is)[:count]),
            bytes(memoryview(lines)[: 4 * count]), width, self._delimiter,
        )  # fmt: skip
        return Stretch(found, array("I", range(count))), scan.at, scan.line


def _place(buffer: bytearray) -> Any:
    """Where the core may write."""
    return byref(c_char.from_buffer(buffer)) if buffer else None
