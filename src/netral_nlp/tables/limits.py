"""How much a file may ask for, all in one place; checked before memory or time is spent.

A packed file (workbook, Parquet, model, archive) may unpack to many times its size, or a few bytes stand for millions
of cells. What honest files need grows with their size; what is allowed here does, too, with enough to spare for small
ones. What is allowed to a file below `SMALL` takes some ten seconds and a gigabyte at most on a machine of today.
"""

from __future__ import annotations

from typing import BinaryIO

from netral_nlp.errors import InputError

SMALL = 5 << 20  # bytes
MAX_COLUMNS = 16_384
"""As many as a sheet of Excel has."""
MAX_PARTS = 10_000  # of an archive
MAX_VECTORS = 100_000  # words that have one
MAX_DIMENSIONS = 512
MAX_FIGURES = 8_000_000
"""Words times dimensions of word vectors: in use each is a number of eight bytes, twice."""
MAX_WORD = 400  # characters of a word that has a vector; in arrays all words are as wide as the longest
MAX_RUN = 4 << 20  # bytes of XML between two marks: a cell, an attribute, a comment
BLOCK = 1 << 20


def unpacked(packed: int) -> int:
    """Bytes to which a file of so many may unpack."""
    return (64 << 20) + 24 * packed


def cells(packed: int) -> int:
    """Cells that a table in a file of so many bytes may have, empty ones included."""
    return 4_000_000 + 4 * packed


def rows(packed: int) -> int:
    """Rows that a packed file of so many bytes may have."""
    return 1_000_000 + packed // 4 if packed < SMALL else 3 * packed


def marks(packed: int) -> int:
    """Tags that the XML of a workbook of so many bytes may have."""
    return 1_500_000 + (2 * packed // 5 if packed < SMALL else 3 * packed)


def unpacked_model(packed: int) -> int:
    """Bytes to which a model file may unpack: numbers that training finds hardly pack at all."""
    return (32 << 20) + 8 * packed


def features(packed: int) -> int:
    """Features that a model in so many bytes may have, all its blocks together."""
    return 500_000 + packed // 4


def check_vectors(words: int, dimensions: int, longest: int, name: str) -> None:
    """Raises InputError for word vectors that would fill the memory when they are used."""
    if words > MAX_VECTORS or dimensions > MAX_DIMENSIONS or words * dimensions > MAX_FIGURES or longest > MAX_WORD:
        raise InputError(f"{name} holds more or longer words, or more dimensions, than word vectors of ours: at most "
                         f"{MAX_FIGURES:,} numbers.", path=name)  # fmt: skip


def check_columns(count: int, name: str) -> None:
    """Raises InputError for more columns than any table of ours."""
    if count > MAX_COLUMNS:
        raise InputError(f"{name} has more than {MAX_COLUMNS:,} columns; it is no table of posts.", path=name)


def check_unpacked(size: int, packed: int, name: str) -> None:
    """Raises InputError where so many bytes are more than the packed ones can honestly hold."""
    if size > unpacked(packed):
        raise InputError(f"{name} unpacks to more than {unpacked(packed) >> 20:,} MiB, far more than its size tells. "
                         "Save it as CSV.", path=name)  # fmt: skip


def check_table(row_count: int, columns: int, packed: int, name: str) -> None:
    """Raises InputError for rows and cells without number in few bytes."""
    if row_count > rows(packed) or row_count * columns > cells(packed):
        raise InputError(f"{name} holds {row_count:,} rows of {columns:,} columns in {packed:,} bytes; it is no table "
                         "of posts.", path=name)  # fmt: skip


class MarkCount:
    """Tags of XML, counted over all parts of a workbook while they stream by."""

    def __init__(self, packed: int, name: str) -> None:
        self._left = marks(packed)
        self._name = name

    def read(self, stream: BinaryIO) -> None:
        """Go through one part. Raises InputError for too many tags, a huge cell, or a document type definition."""
        run = 0
        tail = b""
        while block := stream.read(BLOCK):
            first = block.find(b"<")
            self._left -= block.count(b"<")
            longest = run + (first if first >= 0 else len(block))
            run = longest if first < 0 else len(block) - 1 - block.rfind(b"<")
            if self._left < 0 or longest > MAX_RUN:
                raise InputError(f"{self._name} holds far more cells, or larger ones, than a workbook of its size. "
                                 "Save it as CSV.", path=self._name)  # fmt: skip
            start = (tail + block).replace(b"\0", b"")  # in UTF-16 every other byte is none
            if b"<!DOCTYPE" in start or b"<!ENTITY" in start:
                raise InputError(f"{self._name} is no workbook of Excel: it defines entities. Save it as CSV.",
                                 path=self._name)  # fmt: skip
            tail = block[-24:]
