"""The one reader of scored files: where the columns of scoring stand, and what a row says."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from netral_nlp.errors import InputError
from netral_nlp.records import LABELS
from netral_nlp.scoring.inputs import EVERY_COLUMN_BY_NAME, SUFFIX, Columns, find_about
from netral_nlp.tables import ID_COLUMNS, TIME_COLUMNS, Row, Table, open_table

_SCORES = tuple(f"skor_{label}" for label in LABELS)


@dataclass(frozen=True, slots=True)
class Flagged:
    """A row that a person should look at; ``line`` is its place in the scored file."""

    line: int
    id: str
    pair: str
    label: str
    scores: tuple[float, float, float] | None  # None where no pair was recognised
    text: str
    evidence: str
    platform: str
    time: str
    account: str
    agency: str
    law: dict[str, str] | None = None


class Places:
    """Where the columns of a scored file stand, and what they say of a row; report, review and dossier read by it."""

    def __init__(self, table: Table, columns: Columns = EVERY_COLUMN_BY_NAME) -> None:
        names = [name.strip().casefold() for name in table.columns]
        self.pair, self.label, self.evidence, *self._scores = (
            own_column(table.name, names, wanted) for wanted in ("paslon", "label", "bukti", *_SCORES)
        )
        self.text = table.posts_column(columns.text)
        self.time = table.find_column(columns.time, TIME_COLUMNS, what="time", option="--time-column")
        self.id = table.find_column(columns.id, ID_COLUMNS, what="id", option="--id-column")
        self.account, self.platform, self.agency = find_about(table, columns)
        has_law = set(LAW_NEEDED) <= set(names)
        self._law = {c: own_column(table.name, names, c) for c in LAW_COLUMNS if has_law and c in names}

    def scores(self, row: Row) -> tuple[float, float, float] | None:
        """The three probabilities, None where they are none; a decimal comma is read, too."""
        try:
            a, b, c = (float(row.cells[at].strip().replace(",", ".")) for at in self._scores)
        except ValueError:
            return None
        return (a, b, c) if all(0.0 <= x <= 1.0 for x in (a, b, c)) else None

    def cell(self, row: Row, at: int | None) -> str:
        """A cell without blanks around it; empty where there is no such column."""
        return "" if at is None else row.cells[at].strip()

    def law(self, row: Row) -> dict[str, str] | None:
        """The law columns by name; None where scoring was not asked for them."""
        return {name: self.cell(row, at) for name, at in self._law.items()} or None

    def judged(self, table: Table, row: Row) -> Judged:
        """The row with all that scoring says of it."""
        said = json.dumps([table.columns, row.cells], ensure_ascii=False)
        return Judged(
            line=row.line,
            id=self.cell(row, self.id),
            pair=self.cell(row, self.pair),
            label=self.cell(row, self.label),
            scores=self.scores(row),
            text=row.cells[self.text],
            evidence=self.cell(row, self.evidence),
            platform=self.cell(row, self.platform),
            time=self.cell(row, self.time),
            account=self.cell(row, self.account),
            agency=self.cell(row, self.agency),
            law=self.law(row),
            digest=hashlib.sha256(said.encode("utf-8", "surrogatepass")).hexdigest(),
        )

    def is_silent(self, row: Row) -> bool:
        """Whether scoring has recognised no pair in the row, and so has no scores for it."""
        return not any(row.cells[at].strip() for at in (self.pair, *self._scores))

    def flagged(self, row: Row, pair: str, label: str, scores: tuple[float, float, float] | None) -> Flagged:
        """The row as the list shows it."""
        id, platform, time, account, agency = (
            self.cell(row, at) for at in (self.id, self.platform, self.time, self.account, self.agency)
        )
        return Flagged(
            row.line, id, pair, label, scores, row.cells[self.text], row.cells[self.evidence], platform, time, account,
            agency, self.law(row),
        )  # fmt: skip


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


LAW_DIGEST = "sidik_aturan"  # in each row, because rows of several runs are joined, filtered and copied
LAW_COLUMNS = (
    "perbuatan", "butir", "tahap", "jenis", "tingkat", "pengecualian", "dasar", "isyarat", "periksa", LAW_DIGEST,
)  # fmt: skip
LAW_NEEDED = ("perbuatan", "tahap", "jenis")  # without all of these a file has no law columns of ours
BETWEEN = "; "  # the parts of a law cell


def parts_of(cell: str) -> tuple[str, ...]:
    """The parts of a law cell, each once.

    >>> parts_of("SPANDUK; TIM"), parts_of("")
    (('SPANDUK', 'TIM'), ())
    """
    return tuple(dict.fromkeys(part.strip() for part in cell.split(BETWEEN.strip()) if part.strip()))


@dataclass(frozen=True, slots=True)
class Judged:
    """One row of a scored file, whole.

    ``scores`` is None where no pair was recognised. ``law`` holds the law columns by name, None where scoring was not
    asked for them. ``digest`` is the SHA-256 of the row's cells with their columns, however the file is written.
    """

    line: int
    id: str
    pair: str
    label: str
    scores: tuple[float, float, float] | None
    text: str
    evidence: str
    platform: str
    time: str
    account: str
    agency: str
    law: dict[str, str] | None
    digest: str


def read_judged(
    path: str | Path,
    *,
    id: str | None = None,
    row: int | None = None,
    columns: Columns = EVERY_COLUMN_BY_NAME,
) -> Judged:
    """The row of that id, or the one on that line of the file (row of the workbook; the header is row 1).

    Raises InputError when there is none, when several have the id, or when the file is not scored.
    """
    with open_table(path) as table:
        places = Places(table, columns)
        if id is not None and places.id is None:
            raise InputError(f"{table.name} has no column with an id; name the row instead: --row N.", path=str(path))
        found: list[Row] = []
        last = 1
        for one in table:
            last = one.line
            if isinstance(one, Row) and (one.line == row or (id is not None and places.cell(one, places.id) == id)):
                found.append(one)
        if not found:
            what = f'no row with the id "{id}"' if id is not None else f"no post on row {row}; its rows are 2 to {last}"
            raise InputError(f"{table.name} has {what}.", path=str(path))
        if len(found) > 1:
            lines = ", ".join(str(one.line) for one in found[:9])
            advice = f"choose one: --row {found[0].line}"
            raise InputError(f'{table.name} has the id "{id}" on rows {lines}; {advice}.', path=str(path))
        return places.judged(table, found[0])
