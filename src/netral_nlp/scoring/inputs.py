"""Which columns of a posts file matter, and which of its rows cannot be scored."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from netral_nlp.roster import Roster
from netral_nlp.tables import ID_COLUMNS, TEXT_COLUMNS, TIME_COLUMNS, Rejected, Row, Table, open_table

EMPTY = "teks kosong"


@dataclass(frozen=True, slots=True)
class Columns:
    """Which columns the user named; ``None`` lets the file's own names decide."""

    text: str | None = None
    pair: str | None = None
    time: str | None = None
    id: str | None = None


@dataclass(frozen=True, slots=True)
class Places:
    """Where the columns that matter stand."""

    text: int
    pair: int | None


def find_places(table: Table, columns: Columns) -> Places:
    """Where the text and the pair stand; raises InputError for a column that was named but is not there."""
    text = table.require_column(columns.text, TEXT_COLUMNS, what="text", option="--text-column")
    for wanted, usual, what in ((columns.time, TIME_COLUMNS, "time"), (columns.id, ID_COLUMNS, "id")):
        if wanted is not None:
            table.find_column(wanted, usual, what=what, option=f"--{what}-column")
    pair = None if columns.pair is None else table.require_column(columns.pair, (), what="pair", option="--pair-column")
    return Places(text, pair)


def free_names(taken: Sequence[str], wanted: Sequence[str]) -> list[str]:
    """The wanted column names, with ``_netral`` behind those that the file already has.

    >>> free_names(["id", "label"], ["paslon", "label"])
    ['paslon', 'label_netral']
    """
    used = {name.strip().casefold() for name in taken}
    names: list[str] = []
    for name in wanted:
        while name.casefold() in used:
            name += "_netral"
        used.add(name.casefold())
        names.append(name)
    return names


def about_of(row: Row, places: Places) -> str | None:
    """The pair that the row's thread or page is about, None where the cell is empty."""
    return (row.cells[places.pair].strip() or None) if places.pair is not None else None


def fault_of(row: Row, places: Places, index: Mapping[str, int]) -> Rejected | None:
    """Why a row cannot be scored, None where it can."""
    if not row.cells[places.text].strip():
        return Rejected(row.line, EMPTY, " | ".join(row.cells))
    about = about_of(row, places)
    if about is not None and about not in index:
        return Rejected(row.line, f'paslon "{about[:60]}" tidak ada di roster', " | ".join(row.cells))
    return None


def unlabelled_posts(
    posts: str | Path, roster: Roster, text_column: str | None = None, pair_column: str | None = None
) -> list[tuple[str, str | None]]:
    """All usable posts of a table file, each with the pair of its page (None where that is no pair of the roster).

    Raises InputError for a file that is no table or lacks a column that was named.
    """
    found: list[tuple[str, str | None]] = []
    with open_table(posts) as table:
        text = table.require_column(text_column, TEXT_COLUMNS, what="text", option="--text-column")
        pair = None
        if pair_column is not None:
            pair = table.require_column(pair_column, (), what="pair", option="--pair-column")
        for row in table:
            if isinstance(row, Row) and row.cells[text].strip():
                about = row.cells[pair].strip() if pair is not None else ""
                found.append((row.cells[text], about if about in roster.ids else None))
    return found
