"""Which columns of a posts file matter, and which of its rows cannot be scored."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from netral_nlp.roster import Roster
from netral_nlp.roster.lookup import pair_called, pairs_like
from netral_nlp.scoring.beside import Context
from netral_nlp.tables import ID_COLUMNS, PLAIN, TIME_COLUMNS, Layout, Rejected, Row, Table, open_table
from netral_nlp.tables.accounts import account_columns
from netral_nlp.tables.parts import Rows
from netral_nlp.tables.reasons import NO_TEXT, NO_VALUE
from netral_nlp.tables.usual import (
    ACCOUNT_COLUMNS,
    ACCOUNT_TYPE_COLUMNS,
    ACTION_COLUMNS,
    AGENCY_COLUMNS,
    PLATFORM_COLUMNS,
)
from netral_nlp.tables.values import Formula

SUFFIX = "_hasil"  # what scoring hangs on a column name that the file already has


@dataclass(frozen=True, slots=True)
class Columns:
    """Which columns the user named; ``None`` lets the file's own names decide."""

    text: str | None = None
    pair: str | None = None
    time: str | None = None
    id: str | None = None
    action: str | None = None
    account_type: str | None = None
    account: str | None = None
    platform: str | None = None
    agency: str | None = None


EVERY_COLUMN_BY_NAME = Columns()


def named(columns: Columns, **given: str | None) -> Columns:
    """The columns with those in their place that were given.

    >>> named(Columns(text="isi", time="tgl"), text="teks", time=None).text
    'teks'
    """
    return replace(columns, **{name: value for name, value in given.items() if value is not None})


@dataclass(frozen=True, slots=True)
class Places:
    """Where the columns that matter stand."""

    text: int
    pair: int | None
    time: int | None = None
    id: int | None = None
    action: int | None = None
    account_type: int | None = None
    account: int | None = None
    platform: int | None = None
    agency: int | None = None


def find_places(table: Table, columns: Columns) -> Places:
    """Where the columns that matter stand; raises InputError for a column that was named but is not there."""
    return Places(table.posts_column(columns.text), **find_beside(table, columns))


def find_beside(table: Table, columns: Columns) -> dict[str, int | None]:
    """:func:`find_places` without the text, by name."""
    kind = table.find_column(
        columns.account_type, ACCOUNT_TYPE_COLUMNS, what="account type", option="--account-type-column"
    )
    pair = None if columns.pair is None else table.require_column(columns.pair, (), what="pair", option="--pair-column")
    account, platform, agency = find_about(table, columns)
    return {
        "time": table.find_column(columns.time, TIME_COLUMNS, what="time", option="--time-column"),
        "id": table.find_column(columns.id, ID_COLUMNS, what="id", option="--id-column"),
        "pair": pair,
        "action": table.find_column(columns.action, ACTION_COLUMNS, what="action", option="--action-column"),
        "account_type": kind, "account": account, "platform": platform, "agency": agency,
    }  # fmt: skip


def find_about(table: Table, columns: Columns) -> tuple[int | None, int | None, int | None]:
    """Where account, platform and agency stand; raises InputError for a column that was named but is not there."""
    if columns.account is None:
        account = next(iter(account_columns(table.columns)), None)
        if account is None:  # a nested record may say it
            account = table.find_column(None, ACCOUNT_COLUMNS, what="account", option="--account-column")
    else:
        account = table.require_column(columns.account, (), what="account", option="--account-column")
    platform = table.find_column(columns.platform, PLATFORM_COLUMNS, what="platform", option="--platform-column")
    agency = table.find_column(columns.agency, AGENCY_COLUMNS, what="agency", option="--agency-column")
    return account, platform, agency


def contexts_of(rows: Rows, places: Places) -> list[Context]:
    """What each row says beside its text."""
    wanted = (places.time, places.action, places.account_type)
    columns = ([""] * len(rows) if at is None else rows.column(at) for at in wanted)
    return [Context(*cells) for cells in zip(*columns, strict=True)]


def free_names(taken: Sequence[str], wanted: Sequence[str]) -> list[str]:
    """The wanted column names, with ``_hasil`` behind those that the file already has.

    >>> free_names(["id", "label"], ["paslon", "label"])
    ['paslon', 'label_hasil']
    """
    used = {name.strip().casefold() for name in taken}
    names: list[str] = []
    for name in wanted:
        while name.casefold() in used:
            name += SUFFIX
        used.add(name.casefold())
        names.append(name)
    return names


def note_names(taken: Sequence[str], wanted: Sequence[str], given: Sequence[str]) -> tuple[str, ...]:
    """A sentence where the file has names of ours already: one for a scored file, else one for each name.

    >>> note_names(["label"], ["paslon", "label"], ["paslon", "label_hasil"])
    ('The file has a column "label"; ours is called "label_hasil".',)
    """
    other = [(one, ours) for one, ours in zip(wanted, given, strict=True) if one != ours]
    scores = [one for one, _ in other if one.startswith("skor_")]
    if {"paslon", "label", "bukti"} <= {one for one, _ in other} and scores:
        return (
            f'This file is scored already; the new columns are called "paslon{SUFFIX}", "label{SUFFIX}" and so on. '
            "Score the original file for a clean one.",
        )
    return tuple(f'The file has a column "{one}"; ours is called "{ours}".' for one, ours in other)


class PairCells:
    """Reads cells that say which pair a thread or page is about; each distinct one once."""

    def __init__(self, roster: Roster) -> None:
        self._roster = roster
        self._known: dict[str, str | None] = {}

    def pair(self, cell: str) -> str | None:
        """The id of the pair that a cell names, None where it is empty or names none."""
        if cell not in self._known:
            self._known[cell] = pair_called(self._roster, cell)
        return self._known[cell]

    def fault(self, cell: str) -> str:
        """Why a cell cannot be used, "" where it can (it may be empty)."""
        written = cell.strip()
        if not written or self.pair(cell) is not None:
            return ""
        near = " atau ".join(f'"{id}"' for id in pairs_like(self._roster, written))
        return f'paslon "{written[:60]}" tidak ada di roster' + (f"; mungkin maksudnya {near}" if near else "")


def fault_of(row: Row, places: Places, pairs: PairCells) -> Rejected | None:
    """Why a row cannot be scored, None where it can."""
    text = row.cells[places.text]
    reason = NO_VALUE if isinstance(text, Formula) else "" if text.strip() else NO_TEXT
    if not reason and places.pair is not None:
        reason = pairs.fault(row.cells[places.pair])
    raw = (cell.formula if isinstance(cell, Formula) else cell for cell in row.cells)
    return Rejected(row.line, reason, " | ".join(raw)) if reason else None


def texts_of(posts: str | Path, text_column: str | None = None) -> Iterator[str]:
    """The usable posts of a table file, one by one. Raises InputError for a file that is no table of posts."""
    with open_table(posts) as table:
        text = table.posts_column(text_column)
        for row in table:
            if isinstance(row, Row) and row.cells[text].strip():
                yield row.cells[text]


def unlabelled_posts(
    posts: str | Path, roster: Roster, text_column: str | None = None, pair_column: str | None = None,
    layout: Layout = PLAIN,
) -> list[tuple[str, str | None]]:  # fmt: skip
    """All usable posts of a table file, each with the pair of its page (None where that is no pair of the roster).

    Raises InputError for a file that is no table or lacks a column that was named.
    """
    pairs = PairCells(roster)
    with open_table(posts, layout) as table:
        text = table.posts_column(text_column)
        pair = None
        if pair_column is not None:
            pair = table.require_column(pair_column, (), what="pair", option="--pair-column")
        return [
            (row.cells[text], pairs.pair(row.cells[pair]) if pair is not None else None)
            for row in table
            if isinstance(row, Row) and row.cells[text].strip()
        ]
