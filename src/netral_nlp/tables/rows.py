"""The two things a table is made of: rows, and the records that could not become one."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple, Protocol

from netral_nlp.tables.reasons import HALF, MAX_FIELD, NUL, TOO_LONG


class Row(NamedTuple):  # made a million times: a frozen dataclass takes four times as long
    """One record: ``line`` is where it starts in the file (1-based), ``cells`` has one text per column.

    ``line`` is the line of CSV and JSON lines, the row number in a workbook, and counts the rows of Parquet.
    No cell holds a NUL or half a surrogate pair, and none is longer than ``MAX_FIELD``.
    """

    line: int
    cells: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Rejected:
    """A record that is no row, where it starts, why, and all of it.

    Of a line beyond ``MAX_LINE`` only the beginning is kept. ``reason`` never quotes the record, so it may be logged;
    ``raw`` may not.
    """

    line: int
    reason: str
    raw: str


class Source(Protocol):
    """What every file format offers to `Table`; each call of ``batches`` starts again at the first row."""

    kind: str
    columns: tuple[str, ...]
    unnamed: bool  # whether the columns' names are ours, as the file has none

    def notes(self) -> tuple[str, ...]: ...

    def batches(self) -> Iterator[Sequence[Row | Rejected]]: ...


def reject(line: int, reason: str, raw: str) -> Rejected:
    """A `Rejected` whose raw text can be written to any file."""
    if raw.isascii() and "\0" not in raw:
        return Rejected(line, reason, raw)
    return Rejected(line, reason, raw.replace("\0", "\ufffd").encode("utf-8", "replace").decode("utf-8"))


def judge(line: int, cells: Sequence[str]) -> Row | Rejected:
    """A row if every cell can travel, else the reason why not."""
    joined = " | ".join(cells)
    fault = find_fault(joined, cells)
    return Row(line, tuple(cells)) if fault is None else reject(line, fault, joined)


def find_fault(joined: str, cells: Sequence[str]) -> str | None:
    """Why these cells cannot travel, or ``None``; ``joined`` is any text that contains all of them."""
    if "\0" in joined:
        return NUL
    if len(joined) > MAX_FIELD and any(len(cell) > MAX_FIELD for cell in cells):
        return TOO_LONG
    try:
        joined.encode("utf-8")
    except UnicodeEncodeError:
        return HALF
    return None
