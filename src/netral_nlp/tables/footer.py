"""The sizes that a Parquet file tells of itself, read without pyarrow.

pyarrow can say them, too, but its accessors let errors of a damaged footer through to where C++ ends the process. The
footer is a struct in Thrift's compact protocol (apache/parquet-format, ``parquet.thrift``), followed by its length in
four bytes and ``PAR1``.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, BinaryIO, Final

MAGIC: Final = b"PAR1"
LARGEST: Final = 64 << 20  # bytes of a footer
DEEPEST: Final = 16  # structs within structs; ours are five deep
TRUE, FALSE, BYTE, I16, I32, I64, DOUBLE, BINARY, LIST, SET, MAP, STRUCT = range(1, 13)
ROW_GROUPS, COLUMNS, BYTES, META, VALUES = 4, 1, 2, 3, 5  # numbers of the fields that are asked for


@dataclass(frozen=True, slots=True)
class Footer:
    """``size`` bytes of all row groups before packing, ``values`` in all columns: a list in a cell has many."""

    size: int
    values: int


def read_footer(handle: BinaryIO) -> Footer:
    """What the end of the file says. Raises ValueError, IndexError or OSError where it is no footer."""
    end = handle.seek(-8, 2)
    length, magic = int.from_bytes(handle.read(4), "little"), handle.read(4)
    if magic != MAGIC or not 0 < length <= min(end, LARGEST):
        raise ValueError("no footer of Parquet")
    handle.seek(end - length)
    groups = _Reader(handle.read(length)).struct().get(ROW_GROUPS, [])
    try:
        columns = [column[META] for group in groups for column in group[COLUMNS]]
        sizes, values = [group[BYTES] for group in groups], [column[VALUES] for column in columns]
    except (KeyError, TypeError) as error:
        raise ValueError("a row group without its columns or sizes") from error
    if not all(type(number) is int and number >= 0 for number in (*sizes, *values)):
        raise ValueError("a size that is none")
    return Footer(sum(sizes), sum(values))


class _Reader:
    """Thrift's compact protocol: a struct becomes its values by field number, bytes become None as none are asked."""

    def __init__(self, data: bytes) -> None:
        self._data = data
        self._at = 0

    def struct(self, depth: int = 0) -> dict[int, Any]:
        if depth > DEEPEST:
            raise ValueError("too deep")
        found: dict[int, Any] = {}
        field = 0
        while head := self._byte():
            field = field + (head >> 4) if head >> 4 else self._number()
            kind = head & 15
            found[field] = kind == TRUE if kind in (TRUE, FALSE) else self._value(kind, depth)
        return found

    def _value(self, kind: int, depth: int) -> Any:
        if kind in (I16, I32, I64):
            return self._number()
        if kind == STRUCT:
            return self.struct(depth + 1)
        if kind in (LIST, SET):
            head = self._byte()
            count = head >> 4 if head >> 4 < 15 else self._varint()
            if count > len(self._data) - self._at:  # each takes a byte at least
                raise ValueError("a list longer than its file")
            return [self._value(head & 15, depth + 1) for _ in range(count)]
        if kind == MAP:
            raise ValueError("no footer of Parquet has a map")
        length = self._varint() if kind == BINARY else 8 if kind == DOUBLE else 1
        self._at += length
        return None

    def _byte(self) -> int:
        self._at += 1
        return self._data[self._at - 1]

    def _varint(self) -> int:
        number = shift = 0
        while True:
            byte = self._byte()
            number |= (byte & 127) << shift
            shift += 7
            if byte < 128:
                return number
            if shift > 63:
                raise ValueError("a number without end")

    def _number(self) -> int:
        number = self._varint()
        return (number >> 1) ^ -(number & 1)
