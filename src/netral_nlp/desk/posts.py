"""The scored posts of a case: brought in from the file that scoring wrote, one row at a time, all or none."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from netral_nlp.desk.case import Case
from netral_nlp.errors import InputError
from netral_nlp.learning.orders import shuffle
from netral_nlp.review.posts import NO_SCORES, key_of
from netral_nlp.roster import Roster
from netral_nlp.scoring.inputs import Columns
from netral_nlp.scoring.scored import Places
from netral_nlp.tables import Rejected, Row, Table, open_table

SCORED_FILE, REJECTED_FILE = "skor.csv", "ditolak.csv"  # names in the case
TOLD_EVERY = 2_000
_COLUMNS = (
    "key, line, id, election, pair, text, label, dukung, netral, tolak, evidence, platform, time, account, agency, law,"
    " skor, ragu, acak"
)


def bring_in(
    case: Case, scored: Path, roster: Roster, who: str, facts: dict[str, Any], columns: Columns,
    watch: Callable[[int], None] = lambda rows: None,
) -> int:  # fmt: skip
    """Take a scored file and its rejected rows into the case, with ``facts``, in the place of any before.

    ``columns`` are those that its rows were scored by. Decisions stay: a post keeps its key when it is scored again.
    Returns the number of posts.
    """
    rejected = Path(f"{scored}.rejected.csv")
    with open_table(scored) as table, case.writing() as db:
        db.execute("DELETE FROM scored")
        db.execute("DELETE FROM opinions")
        db.execute("CREATE TEMP TABLE IF NOT EXISTS seen(base TEXT PRIMARY KEY, times INTEGER NOT NULL) WITHOUT ROWID")
        db.execute("DELETE FROM temp.seen")
        posts = 0
        for values in _rows(table, columns, case.seed, roster.election.id, db):
            db.execute(f"INSERT INTO scored({_COLUMNS}) VALUES ({', '.join('?' * 19)})", values)
            posts += 1
            if posts % TOLD_EVERY == 0:
                watch(posts)
        if not posts:
            raise InputError("Tidak ada unggahan yang dapat dinilai di berkas ini.")
        db.execute("DELETE FROM temp.seen")
        with scored.open("rb") as content:
            kept = case.keep_within(db, SCORED_FILE, "hasil penilaian", content)
        case.drop_within(db, REJECTED_FILE)
        if rejected.is_file():
            with rejected.open("rb") as content:
                case.keep_within(db, REJECTED_FILE, "baris yang ditolak", content)
        told = {**facts, "unggahan": posts, "sha256": kept.digest}
        case.act_within(db, who, "nilai", "", told, skor=told, kerja=None, diterapkan=0, antre=0)
    return posts


def _rows(
    table: Table, columns: Columns, seed: str, election: str, db: sqlite3.Connection
) -> Iterator[tuple[Any, ...]]:
    places = Places(table, columns)
    for row in table:
        if isinstance(row, Rejected):
            continue
        scores = places.scores(row)
        if scores is None and not places.is_silent(row):
            continue
        yield _values(row, places, scores or NO_SCORES, seed, election, db)


def _values(
    row: Row, places: Places, scores: tuple[float, float, float], seed: str, election: str,
    db: sqlite3.Connection,
) -> tuple[Any, ...]:  # fmt: skip
    id, pair = places.cell(row, places.id), places.cell(row, places.pair)
    text = row.cells[places.text].encode("utf-8", "replace").decode()
    base = key_of(election, "", id, text, 0)  # not of the pair: another model may find another one
    times = db.execute(
        "INSERT INTO temp.seen VALUES (?, 1) ON CONFLICT(base) DO UPDATE SET times = times + 1 RETURNING times", (base,)
    ).fetchone()[0]
    key = base if times == 1 else key_of(election, "", id, text, times - 1)
    best = sorted(scores)
    return (
        key, row.line, id, election, pair, text, places.cell(row, places.label), *scores, row.cells[places.evidence],
        places.cell(row, places.platform), places.cell(row, places.time), places.cell(row, places.account),
        places.cell(row, places.agency), json.dumps(places.law(row), ensure_ascii=True),
        -scores[0], best[2] - best[1], shuffle(seed, key),
    )  # fmt: skip
