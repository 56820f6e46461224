"""The one reader of scored files: where the columns of scoring stand, and what a row says."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from netral_nlp.errors import InputError
from netral_nlp.records import LABELS
from netral_nlp.tables import (
    ACCOUNT_COLUMNS,
    ID_COLUMNS,
    PLATFORM_COLUMNS,
    TEXT_COLUMNS,
    TIME_COLUMNS,
    Row,
    Table,
)

_SCORES = tuple(f"skor_{label}" for label in LABELS)


@dataclass(frozen=True, slots=True)
class Flagged:
    """A row that a person should look at; ``line`` is its place in the scored file."""

    line: int
    id: str
    pair: str
    label: str
    scores: tuple[float, float, float]
    text: str
    evidence: str
    platform: str
    time: str
    account: str
    agency: str


class _Places:
    """Where the columns stand that the report needs."""

    def __init__(self, table: Table, text_column: str | None, time_column: str | None) -> None:
        names = [name.strip().casefold() for name in table.columns]
        self.pair, self.label, self.evidence, *self._scores = (
            own_column(table.name, names, wanted) for wanted in ("paslon", "label", "bukti", *_SCORES)
        )
        self.text = table.require_column(text_column, TEXT_COLUMNS, what="text", option="--text-column")
        self.time = table.find_column(time_column, TIME_COLUMNS, what="time", option="--time-column")
        self.id, self.platform, self.account, self.agency = (
            table.find_column(None, usual, what="column", option="")
            for usual in (ID_COLUMNS, PLATFORM_COLUMNS, ACCOUNT_COLUMNS, AGENCY_COLUMNS)
        )

    def scores(self, row: Row) -> tuple[float, float, float] | None:
        """The three probabilities, None where they are none; a decimal comma is read, too."""
        try:
            a, b, c = (float(row.cells[at].strip().replace(",", ".")) for at in self._scores)
        except ValueError:
            return None
        return (a, b, c) if all(0.0 <= x <= 1.0 for x in (a, b, c)) else None

    def flagged(self, row: Row, pair: str, label: str, scores: tuple[float, float, float]) -> Flagged:
        """The row as the list shows it."""
        shown = (row.cells[at].strip() if at is not None else ""
                 for at in (self.platform, self.time, self.account, self.agency))  # fmt: skip
        id = row.cells[self.id].strip() if self.id is not None else ""
        return Flagged(row.line, id, pair, label, scores, row.cells[self.text], row.cells[self.evidence], *shown)


SUFFIX = "_netral"  # what scoring hangs on a column name that the file already has
AGENCY_COLUMNS = ("instansi", "agency", "opd", "skpd", "unit_kerja", "satuan_kerja", "kantor", "dinas")


def own_column(name: str, names: Sequence[str], wanted: str) -> int:
    """Where a column of scoring stands; where the file had one of that name before, scoring's own is the longest."""
    own = wanted
    while own + SUFFIX in names:
        own += SUFFIX
    if own not in names:
        raise InputError(
            f'{name} has no column "{wanted}", so it is not scored yet. '
            f"Score it first: netral score {name} --roster ROSTER -o scored.csv",
            path=name,
        )
    return names.index(own)


def _scored_columns(table: Table) -> dict[str, int]:
    """Where the columns of scoring stand."""
    names = [name.strip().casefold() for name in table.columns]
    wanted = ("paslon", "label", *(f"skor_{label}" for label in LABELS), "bukti")
    return {column: own_column(table.name, names, column) for column in wanted}


def _scores(cells: Sequence[str], columns: dict[str, int]) -> tuple[float, float, float] | None:
    """The three scores, None where they are no probabilities; a decimal comma is read, too."""
    try:
        a, b, c = (float(cells[columns[f"skor_{label}"]].strip().replace(",", ".")) for label in LABELS)
    except ValueError:
        return None
    return (a, b, c) if all(0.0 <= x <= 1.0 for x in (a, b, c)) else None
