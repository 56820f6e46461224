"""Whether a database is a whole reviews file of ours, found out before anything in it is used or run."""

from __future__ import annotations

import math
import sqlite3
from collections.abc import Iterator, Sequence
from functools import cache
from typing import Any

from netral_nlp.review.chain import digest_of, first_link, next_link
from netral_nlp.review.schema import (
    CHAINED_COLUMNS,
    CHAINED_TYPES,
    HEAD,
    POST_COLUMNS,
    POST_TYPES,
    SEED,
    statements_of,
)

# SQLite's own, made for the first format and never dropped again.
_COUNTER = ("table", "sqlite_sequence", "sqlite_sequence", "CREATE TABLE sqlite_sequence(name,seq)")


def refuse_other_tables(db: sqlite3.Connection, schema: str) -> None:
    """Raise DatabaseError unless the database has exactly our tables, indexes and triggers.

    A view in the place of a table, or a trigger more, would run a stranger's statements; reading the list of what
    there is runs none.
    """
    found = {tuple(row) for row in db.execute("SELECT type, name, tbl_name, sql FROM sqlite_master")} - {_COUNTER}
    if found != _objects(schema):
        ours = {row[:2] for row in _objects(schema)}
        other = sorted(f"{kind} {name}" for kind, name, *_ in found - _objects(schema) if (kind, name) not in ours)
        what = f"it holds {other[0][:60]!r}, which no reviews file has" if other else "its tables are not those of one"
        raise sqlite3.DatabaseError(what)


@cache
def _objects(schema: str) -> frozenset[tuple[str, ...]]:
    with sqlite3.connect(":memory:") as db:
        for statement in statements_of(schema):
            db.execute(statement)
        found = frozenset(tuple(row) for row in db.execute("SELECT type, name, tbl_name, sql FROM sqlite_master"))
        found -= {_COUNTER}
    db.close()
    return found


def refuse_damage(db: sqlite3.Connection) -> None:
    """Raise DatabaseError when SQLite itself finds pages, indexes, constraints or references that do not agree."""
    found = db.execute("PRAGMA integrity_check(1)").fetchone()[0]
    if found != "ok":
        raise sqlite3.DatabaseError(f"it is damaged: {' '.join(str(found).split())[:120]}")
    if db.execute("PRAGMA foreign_key_check").fetchone() is not None:
        raise sqlite3.DatabaseError("it is damaged: a decision is about a post that is not there")


def refuse_broken_chain(
    db: sqlite3.Connection, columns: str = CHAINED_COLUMNS, types: tuple[Any, ...] = CHAINED_TYPES
) -> None:
    """Raise DatabaseError when a line of the log, or a post, is not what it was when it was written.

    The tables must have been found whole before. ``columns`` are what a line's digest covers in the file's format.
    """
    settings = dict(db.execute("SELECT name, value FROM settings").fetchall())
    if set(settings) != {SEED, HEAD} or not all(isinstance(value, str) for value in settings.values()):
        raise sqlite3.DatabaseError("its settings are not those of a reviews file")
    posts = {row[0]: digest_of(row) for row in typed_rows(db, "posts", POST_COLUMNS, POST_TYPES)}
    about: set[str] = set()
    link = first_link(settings[SEED])
    for *fields, chain in typed_rows(db, "decisions", f"{columns}, chain", (*types, str)):
        key = fields[3]
        link = next_link(link, fields, posts.get(key, ""))
        if link != chain:
            raise sqlite3.DatabaseError(
                f"it was changed or damaged: line {fields[0]} of its log does not fit the chain"
            )
        about.add(key)
    if link != settings[HEAD]:
        raise sqlite3.DatabaseError("it was changed or damaged: lines are missing at the end of its log")
    if about != posts.keys():
        raise sqlite3.DatabaseError("it was changed or damaged: it holds a post that nobody decided")
    link = first_link(settings[SEED])
    for number, key, chain in typed_rows(db, "reached", "number, key, chain", (int, str, str)):
        link = next_link(link, (number, key))
        if link != chain:
            raise sqlite3.DatabaseError(
                f"it was changed or damaged: entry {number} of its queue does not fit the chain"
            )


def typed_rows(db: sqlite3.Connection, table: str, columns: str, types: tuple[Any, ...]) -> Iterator[tuple[Any, ...]]:
    """The rows of a table in the order of its key; raises DatabaseError for a value of another type than it must have.

    SQLite lets any column hold anything.
    """
    key = columns.split(",")[0]
    for row in db.execute(f"SELECT {columns} FROM {table} ORDER BY {key}"):
        if not fits(row, types):
            names = zip(columns.split(", "), row, types, strict=True)
            name, value = next((name, value) for name, value, kind in names if not fits([value], [kind]))
            raise sqlite3.DatabaseError(f"it is damaged: {table}.{name} holds a value of type {type(value).__name__}")
        yield row


def fits(row: Sequence[object], types: Sequence[Any]) -> bool:
    """Whether every value of a row has its type, and every number is finite."""
    typed = zip(row, types, strict=True)
    return all(isinstance(v, kind) and not (isinstance(v, float) and not math.isfinite(v)) for v, kind in typed)
