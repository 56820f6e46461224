"""Opening a reviews file: made when it is missing, and checked from end to end when a stranger may have made it."""

from __future__ import annotations

import os
import secrets
import sqlite3
import time
from pathlib import Path

from netral_nlp.review.chain import first_link
from netral_nlp.review.checking import refuse_broken_chain, refuse_damage, refuse_other_tables
from netral_nlp.review.migrating import SCHEMAS, migrate
from netral_nlp.review.schema import HEAD, REVIEWS, SEED, Kind, statements_of

PATIENCE = 30.0  # seconds that one process waits for another
# Whose screen a post is on is forgotten in minutes: of the leases the odd ones are dropped, not the file refused.
_LEASE = "typeof(key) = 'text' AND typeof(holder) = 'text' AND typeof(until) = 'real'"


def open_database(path: Path, kind: Kind = REVIEWS) -> tuple[sqlite3.Connection, Path | None]:
    """A connection to a whole reviews file of the present format, and the copy of an older one that it was before.

    Raises sqlite3.Error or OSError for a file that is something else, of a newer version, damaged or changed.
    """
    if not path.exists():
        os.close(os.open(path, os.O_CREAT | os.O_RDWR, 0o600))  # it holds what people wrote
    db = sqlite3.connect(path, timeout=PATIENCE, isolation_level=None, check_same_thread=False)
    try:
        copy = _prepare(db, path, kind)
    except BaseException:
        db.close()
        raise
    return db, copy


def _prepare(db: sqlite3.Connection, path: Path, kind: Kind) -> Path | None:
    # Before anything is read: no function or virtual table in a stranger's schema is trusted, odd cells are noticed.
    for pragma in ("trusted_schema = OFF", "cell_size_check = ON", "foreign_keys = ON", "synchronous = FULL"):
        db.execute(f"PRAGMA {pragma}")  # full: a decision is on the disk before the page goes on
    copy = None
    # In this order: another process that is making the file just now brings tables and number at once.
    empty = not db.execute("SELECT count(*) FROM sqlite_master").fetchone()[0]
    found = db.execute("PRAGMA application_id").fetchone()[0]
    if not empty:
        if found != kind.application:
            raise sqlite3.DatabaseError("it is another program's database")
        if kind is REVIEWS and db.execute("PRAGMA user_version").fetchone()[0] in SCHEMAS:
            db.execute("PRAGMA foreign_keys = OFF")  # tables are dropped and made anew
            copy = migrate(db, path)
            db.execute("PRAGMA foreign_keys = ON")
        _check(db, kind)
    _use_wal(db)
    if empty:
        _make(db, kind)
        _check(db, kind)
    db.execute(f"DELETE FROM leases WHERE NOT ({_LEASE})")
    return copy


def _check(db: sqlite3.Connection, kind: Kind) -> None:
    db.execute("BEGIN")  # one view of the file, whatever others write meanwhile
    try:
        if (version := db.execute("PRAGMA user_version").fetchone()[0]) != kind.format:
            raise sqlite3.DatabaseError(f"it has format {version}; this version reads format {kind.format}")
        refuse_other_tables(db, kind.schema)
        refuse_damage(db)
        refuse_broken_chain(db)
    finally:
        db.execute("ROLLBACK")


def _make(db: sqlite3.Connection, kind: Kind) -> None:
    db.execute("BEGIN IMMEDIATE")
    try:
        if db.execute("PRAGMA application_id").fetchone()[0] != kind.application:
            for statement in statements_of(kind.schema):
                db.execute(statement)
            seed = secrets.token_hex(8)
            db.executemany("INSERT INTO settings VALUES (?, ?)", [(SEED, seed), (HEAD, first_link(seed))])
            db.execute(f"PRAGMA application_id = {kind.application}")
            db.execute(f"PRAGMA user_version = {kind.format}")
    except BaseException:
        db.execute("ROLLBACK")
        raise
    db.execute("COMMIT")


def _use_wal(db: sqlite3.Connection) -> None:
    """Switch to write-ahead logging; SQLite does not wait for another process that is switching, so this does."""
    until = time.monotonic() + PATIENCE
    while True:
        try:
            db.execute("PRAGMA journal_mode = WAL")
            return
        except sqlite3.OperationalError:
            if time.monotonic() > until:
                raise
            time.sleep(0.02)
