"""What can still be read of a damaged or changed reviews file, each line marked whether the chain vouches for it."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from contextlib import closing, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote

from netral_nlp.errors import InputError
from netral_nlp.review.case_schema import CASE
from netral_nlp.review.chain import digest_of, first_link, next_link
from netral_nlp.review.checking import fits, refuse_other_tables
from netral_nlp.review.export import LOG_COLUMNS
from netral_nlp.review.log import NO_ACT
from netral_nlp.review.migrating import CHAINED, CHAINED_BEFORE, NO_LAW, SECOND_SCHEMA, TYPES_BEFORE
from netral_nlp.review.schema import CHAINED_COLUMNS, CHAINED_TYPES, POST_COLUMNS, POST_TYPES, SCHEMA, SEED
from netral_nlp.tables import open_writer

COLUMNS = (*LOG_COLUMNS, "teks", "utuh")
_BLIND, _ACTS = 15, 17  # places in a line of the log


@dataclass(frozen=True, slots=True)
class Salvaged:
    """``lines`` of the log could be read; the chain vouches for ``whole`` of them and their posts."""

    lines: int
    whole: int


def salvage(path: str | Path, output: str | Path) -> Salvaged:
    """Write every line of the log that can be read, with its post's text; the file itself is only read.

    A line is whole (``utuh`` is ya) when its digest covers it, its post and the digest of the line before. Raises
    InputError when the file is missing, is no reviews file, or its list of tables is damaged.
    """
    file = Path(path)
    if not file.is_file():
        raise InputError(f"There is no reviews file {path}.", path=str(path))
    try:
        with closing(sqlite3.connect(f"file:{quote(str(file.resolve()))}?mode=ro", uri=True)) as db:
            db.execute("PRAGMA trusted_schema = OFF")
            db.text_factory = lambda data: data.decode("utf-8", "replace")
            before = db.execute("PRAGMA user_version").fetchone()[0] == CHAINED
            case = db.execute("PRAGMA application_id").fetchone()[0] == CASE.application
            refuse_other_tables(db, CASE.schema if case else SECOND_SCHEMA if before else SCHEMA)
            columns, types = (CHAINED_BEFORE, TYPES_BEFORE) if before else (CHAINED_COLUMNS, CHAINED_TYPES)
            posts = {row[0]: row for row in _readable(db, "posts", POST_COLUMNS, "key")}
            lines = {row[0]: row for row in _readable(db, "decisions", f"{columns}, chain", "number")}
            seed = _readable(db, "settings", "name, value", "name")
    except (sqlite3.Error, UnicodeDecodeError) as error:
        reason = " ".join(str(error).split())[:160]
        raise InputError(f"Nothing can be read of {path} any more ({reason}).", path=str(path)) from None
    links: dict[Any, Any] = {0: first_link(str(dict(seed).get(SEED, "")))}
    links |= {number: row[-1] for number, row in lines.items()}
    found = []
    whole = 0
    for number in sorted(lines, key=lambda n: (not isinstance(n, int), str(n).zfill(20))):
        *fields, chain = lines[number]
        post = posts.get(fields[3])
        vouched = fits(fields, types) and post is not None and fits(post, POST_TYPES)
        vouched = vouched and next_link(str(links.get(number - 1)), fields, digest_of(post or ())) == chain
        whole += vouched
        told = [*fields[:-1], *(NO_LAW if before else ())]
        shown = [_shown(value) for value in (*told, chain, "" if post is None else post[5])]
        shown[_BLIND] = "ya" if told[_BLIND] else "tidak"
        shown[_ACTS] = NO_ACT if told[_ACTS] == "" else shown[_ACTS]
        found.append([*shown, "ya" if vouched else "tidak"])
    with open_writer(output, COLUMNS) as writer:
        writer.write_rows(found)
        writer.commit()
    return Salvaged(len(found), whole)


def _readable(db: sqlite3.Connection, table: str, columns: str, key: str) -> Iterable[tuple[Any, ...]]:
    """The rows up to the first broken page from the one end, and from the other."""
    rows: dict[Any, tuple[Any, ...]] = {}
    for order in ("ASC", "DESC"):
        with suppress(sqlite3.Error, UnicodeDecodeError):
            for row in db.execute(f"SELECT {columns} FROM {table} ORDER BY {key} {order}"):
                rows.setdefault(row[0], row)
    return rows.values()


def _shown(value: object) -> str | int | float:
    if isinstance(value, int | float) and value == value and abs(value) < 1e300:
        return value
    return "" if value is None else str(value).replace("\0", "\u2400")
