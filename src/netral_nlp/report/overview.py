"""A scored file in one pass and constant memory: what is counted, the posts that need a look, the rejected rows."""

from __future__ import annotations

import heapq
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from netral_nlp.errors import InputError
from netral_nlp.law.moments import read_day
from netral_nlp.records import LABELS
from netral_nlp.report.scored_law import LawCounts, law_need
from netral_nlp.roster.elections import ZONES
from netral_nlp.scoring.inputs import EVERY_COLUMN_BY_NAME, Columns
from netral_nlp.scoring.scored import Flagged, Places
from netral_nlp.tables import (
    Rejected,
    Row,
    Table,
    open_table,
)

DECIDED = ("dukung", "tolak", "ragu", "netral")  # the order in which a supervisor reads them
TOP = 200
MOST_REJECTED = 200  # listed; all are counted
MOST_NAMES = 2_000  # different agencies or platforms; a column with more is no such column


@dataclass(slots=True)
class Overview:
    """What a scored file holds. ``flagged`` are the first of ``need_look`` rows, most needed first.

    ``rejected`` are the first of ``rejected_rows`` that scoring could not use, ``unreadable`` rows of the scored file
    itself that hold no scores, for instance because somebody has edited them. Groups count ``(name, label)``.
    """

    name: str
    rows: int = 0
    labels: Counter[str] = field(default_factory=Counter)
    pairs: Counter[tuple[str, str]] = field(default_factory=Counter)
    agencies: Counter[tuple[str, str]] | None = None
    platforms: Counter[tuple[str, str]] | None = None
    days: Counter[tuple[date, str]] = field(default_factory=Counter)
    undated: int | None = None  # rows whose time could not be read; None where there is no such column
    need_look: int = 0
    flagged: tuple[Flagged, ...] = ()
    rejected: tuple[Rejected, ...] = ()
    rejected_rows: int = 0
    unreadable: int = 0
    law: LawCounts | None = None  # None: scoring was not asked for the law columns


def need_of(
    label: str, scores: Sequence[float] | None, law: Mapping[str, str] | None = None
) -> float | None:  # fmt: skip
    """How much a row needs a look, None where it does not.

    First what may indicate an act, the gravest before; then what is labelled ``dukung`` or ``tolak``, by its score;
    then ``ragu``, by the greater of the two scores; last what may hide a pair, which has none.

    >>> need_of("dukung", (0.9, 0.1, 0.0)), need_of("ragu", (0.5, 0.1, 0.4)), need_of("netral", (0.1, 0.8, 0.1))
    (1.9, 0.5, None)
    """
    needs = [need for need in (_stance_need(label, scores), law_need(law)) if need is not None]
    return sum(needs) if needs else None


def _stance_need(label: str, scores: Sequence[float] | None) -> float | None:
    if label == "netral":
        return None
    if scores is None:
        return 0.0
    if label in LABELS:
        return 1.0 + scores[LABELS.index(label)]
    return max(scores[0], scores[2])


def read_overview(
    path: str | Path,
    *,
    top: int = TOP,
    columns: Columns = EVERY_COLUMN_BY_NAME,
    zone: str = ZONES[0],
) -> Overview:
    """Everything the report says about a file that ``netral score`` has written (CSV, XLSX, Parquet, JSON lines).

    A time that names its zone is counted on its day in ``zone``, one that names none on the day written.

    Raises InputError when it was not scored, has no text column, or no row with scores.
    """
    if str(path) == "-":
        raise InputError("The report needs a file, not standard input. Write the scores to one with -o scored.csv.")
    best: list[tuple[float, int, Flagged]] = []
    with open_table(path) as table:
        found = Overview(table.name)
        places = Places(table, columns)
        agencies, platforms = Counter[tuple[str, str]](), Counter[tuple[str, str]]()
        found.undated = None if places.time is None else 0
        for row in table:
            if isinstance(row, Rejected) or ((scores := places.scores(row)) is None and not places.is_silent(row)):
                found.unreadable += 1
                continue
            label, pair = row.cells[places.label].strip(), row.cells[places.pair].strip()
            if label not in DECIDED:
                found.unreadable += 1
                continue
            found.rows += 1
            found.labels[label] += 1
            found.pairs[pair, label] += 1
            _count(agencies, row, places.agency, label)
            _count(platforms, row, places.platform, label)
            if places.time is not None:
                day = read_day(row.cells[places.time], zone)
                if day is None:
                    found.undated = (found.undated or 0) + 1
                else:
                    found.days[day, label] += 1
            law = places.law(row)
            if law is not None:
                found.law = found.law or LawCounts()
                found.law.count(law)
            need = need_of(label, scores, law)
            if need is not None:
                found.need_look += 1
                key = (need, -found.rows)  # of equals, the first in the file
                if top and (len(best) < top or key > best[0][:2]):
                    item = (*key, places.flagged(row, pair, label, scores))
                    (heapq.heappush if len(best) < top else heapq.heapreplace)(best, item)
    if not found.rows:
        raise InputError(f"{found.name} has no scored post.", path=found.name)
    found.agencies = agencies if places.agency is not None and len(agencies) < MOST_NAMES else None
    found.platforms = platforms if places.platform is not None and len(platforms) < MOST_NAMES else None
    found.flagged = tuple(item for _, _, item in sorted(best, key=lambda x: (-x[0], -x[1])))
    found.rejected, found.rejected_rows = _read_rejected(Path(f"{path}.rejected.csv"))
    return found


def _count(counter: Counter[tuple[str, str]], row: Row, place: int | None, label: str) -> None:
    if place is not None and len(counter) < MOST_NAMES:
        counter[" ".join(row.cells[place].split())[:80], label] += 1


def _read_rejected(path: Path) -> tuple[tuple[Rejected, ...], int]:
    """The first rejected rows and how many there are; none where scoring has written no such file."""
    if not path.exists():
        return (), 0
    with open_table(path) as table:
        kept: list[Rejected] = []
        total = 0
        for one in _rejected(table):
            total += 1
            if len(kept) < MOST_REJECTED:
                kept.append(one)
    return tuple(kept), total


def _rejected(table: Table) -> Iterator[Rejected]:
    line, reason, raw = (
        table.require_column(name, (), what="rejected row", option="-o") for name in ("baris", "alasan", "isi")
    )
    for row in table:
        if isinstance(row, Rejected):
            yield row
        else:
            at = row.cells[line].strip()
            yield Rejected(int(at) if at.isdecimal() else 0, row.cells[reason], row.cells[raw])
