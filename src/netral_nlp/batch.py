"""Scoring a whole file: rows in, rows scored plus rows rejected out, in constant memory."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path

from netral_nlp.errors import InputError
from netral_nlp.scoring import Scorer, added_columns, cells
from netral_nlp.tables import (
    ID_COLUMNS,
    TEXT_COLUMNS,
    TIME_COLUMNS,
    Cell,
    Rejected,
    Row,
    Table,
    Writer,
    open_table,
    open_writer,
)

CHUNK = 2_000
REJECTED_COLUMNS = ("baris", "alasan", "isi")
EMPTY = "teks kosong"

Watch = Callable[[int], None]  # told the number of rows done so far


@dataclass(frozen=True, slots=True)
class Columns:
    """Which columns the user named; ``None`` lets the file's own names decide."""

    text: str | None = None
    pair: str | None = None
    time: str | None = None
    id: str | None = None


@dataclass(slots=True)
class Summary:
    """What became of a file: ``rows`` read = ``scored`` + ``rejected``; ``written`` may be more with --per-pair."""

    rows: int = 0
    scored: int = 0
    rejected: int = 0
    written: int = 0
    by_label: dict[str, int] = field(default_factory=dict)
    text_column: str = ""
    rejected_file: str = ""
    first_rejected: list[Rejected] = field(default_factory=list)
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Places:
    """Where the columns that matter stand."""

    text: int
    pair: int | None


def score_file(
    posts: str | Path,
    output: str | Path,
    scorer: Scorer,
    *,
    columns: Columns = Columns(),
    per_pair: bool = False,
    excel: bool = False,
    watch: Watch = lambda rows: None,
) -> Summary:
    """Score every row of a table file into another; ``-`` is standard input or output.

    The output holds the original columns unchanged and then those of ``scoring.added_columns``. Rows without a usable
    post go to ``<output>.rejected.csv`` with their line and the reason; nothing is written unless all is written.
    Raises InputError for a file that is no table or has no text column.
    """
    summary = Summary()
    with ExitStack() as stack:
        table = stack.enter_context(open_table(posts))
        places = find_places(table, columns)
        summary.text_column = table.columns[places.text]
        header = (*table.columns, *free_names(table.columns, added_columns(scorer.roster)))
        writer = stack.enter_context(open_writer(output, header, excel=excel))
        rejects: Writer | None = None
        to_file = str(output) != "-"
        for chunk in table.chunks(CHUNK):
            rows, rejected = _score_chunk(chunk, places, scorer, per_pair, summary)
            writer.write_rows(rows)
            if rejected and to_file:
                if rejects is None:
                    summary.rejected_file = f"{output}.rejected.csv"
                    rejects = stack.enter_context(open_writer(summary.rejected_file, REJECTED_COLUMNS))
                rejects.write_rows([(r.line, r.reason, r.raw) for r in rejected])
            summary.first_rejected += rejected[: 20 - len(summary.first_rejected)]
            watch(summary.rows)
        if rejects is not None:
            rejects.commit()
        writer.commit()
        if to_file and rejects is None:
            Path(f"{output}.rejected.csv").unlink(missing_ok=True)  # of an earlier run: it would tell of other rows
        summary.notes = (*table.notes, *writer.notes)
    return summary


def find_places(table: Table, columns: Columns) -> _Places:
    """Where the text and the pair stand; raises InputError for a column that was named but is not there."""
    text = table.require_column(columns.text, TEXT_COLUMNS, what="text", option="--text-column")
    for wanted, usual, what in ((columns.time, TIME_COLUMNS, "time"), (columns.id, ID_COLUMNS, "id")):
        if wanted is not None:
            table.find_column(wanted, usual, what=what, option=f"--{what}-column")
    pair = (
        None
        if columns.pair is None
        else table.require_column(columns.pair, (), what="pair", option="--pair-column")
    )
    return _Places(text, pair)


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


def _score_chunk(
    chunk: Sequence[Row | Rejected], places: _Places, scorer: Scorer, per_pair: bool, summary: Summary
) -> tuple[list[tuple[Cell, ...]], list[Rejected]]:
    out: list[tuple[Cell, ...]] = []
    rejected: list[Rejected] = []
    for row in chunk:
        summary.rows += 1
        fault = row if isinstance(row, Rejected) else fault_of(row, places, scorer)
        if fault is not None:
            summary.rejected += 1
            rejected.append(fault)
            continue
        assert isinstance(row, Row)
        summary.scored += 1
        about = about_of(row, places)
        text = row.cells[places.text]
        for judged in scorer.score_each(text, about) if per_pair else [scorer.score(text, about)]:
            summary.by_label[judged.label] = summary.by_label.get(judged.label, 0) + 1
            out.append((*row.cells, *cells(judged)))
    summary.written += len(out)
    return out, rejected


def about_of(row: Row, places: _Places) -> str | None:
    """The pair that the row's thread or page is about, None where the cell is empty."""
    return (row.cells[places.pair].strip() or None) if places.pair is not None else None


def fault_of(row: Row, places: _Places, scorer: Scorer) -> Rejected | None:
    """Why a row cannot be scored, None where it can."""
    if not row.cells[places.text].strip():
        return Rejected(row.line, EMPTY, " | ".join(row.cells))
    about = about_of(row, places)
    if about is not None and about not in scorer.reader.index:
        return Rejected(row.line, f'paslon "{about[:60]}" tidak ada di roster', " | ".join(row.cells))
    return None
