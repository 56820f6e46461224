"""Reviews files of earlier formats: copied as they are, then given what they lack: the chain, reviews of acts."""

from __future__ import annotations

import os
import sqlite3
from contextlib import closing
from pathlib import Path

from netral_nlp.review.chain import digest_of, first_link, next_link
from netral_nlp.review.checking import refuse_broken_chain, refuse_damage, refuse_other_tables, typed_rows
from netral_nlp.review.log import CHOICES, RETRACT, ROUTES
from netral_nlp.review.schema import (
    APPLICATION,
    CHAINED_COLUMNS,
    FORMAT,
    HEAD,
    POST_COLUMNS,
    POST_TYPES,
    SCHEMA,
    SEED,
    marks,
    statements_of,
)

_CHOICES = ", ".join(f"'{c}'" for c in (*CHOICES, RETRACT))
_ROUTES = ", ".join(f"'{r}'" for r in ROUTES)
# To the letter as they were: a file's own list of tables is compared with its format's.
FIRST_SCHEMA = f"""
CREATE TABLE settings(name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE posts(
  key TEXT PRIMARY KEY, line INTEGER NOT NULL, id TEXT NOT NULL, election TEXT NOT NULL, pair TEXT NOT NULL,
  text TEXT NOT NULL, label TEXT NOT NULL, dukung REAL NOT NULL, netral REAL NOT NULL, tolak REAL NOT NULL,
  evidence TEXT NOT NULL, platform TEXT NOT NULL, time TEXT NOT NULL, account TEXT NOT NULL, agency TEXT NOT NULL
) WITHOUT ROWID;
CREATE TABLE decisions(
  number INTEGER PRIMARY KEY AUTOINCREMENT, token TEXT NOT NULL UNIQUE, at TEXT NOT NULL, reviewer TEXT NOT NULL,
  key TEXT NOT NULL REFERENCES posts(key), decision TEXT NOT NULL CHECK (decision IN ({_CHOICES})),
  pair TEXT NOT NULL, note TEXT NOT NULL, route TEXT NOT NULL CHECK (route IN ({_ROUTES})),
  shown_label TEXT NOT NULL, shown_dukung REAL, shown_netral REAL, shown_tolak REAL, shown_evidence TEXT NOT NULL,
  model TEXT NOT NULL, file TEXT NOT NULL, blind INTEGER NOT NULL, retracts INTEGER REFERENCES decisions(number),
  CHECK ((decision = '{RETRACT}') = (retracts IS NOT NULL))
);
CREATE UNIQUE INDEX retracted ON decisions(retracts) WHERE retracts IS NOT NULL;
CREATE INDEX by_reviewer ON decisions(reviewer, number);
CREATE TABLE reached(number INTEGER PRIMARY KEY AUTOINCREMENT, key TEXT NOT NULL UNIQUE);
CREATE TABLE leases(key TEXT PRIMARY KEY, holder TEXT NOT NULL, until REAL NOT NULL) WITHOUT ROWID;
CREATE TRIGGER no_change BEFORE UPDATE ON decisions BEGIN SELECT RAISE(ABORT, 'the log is append-only'); END;
CREATE TRIGGER no_loss BEFORE DELETE ON decisions BEGIN SELECT RAISE(ABORT, 'the log is append-only'); END;
"""

SECOND_SCHEMA = f"""
CREATE TABLE settings(name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE posts(
  key TEXT PRIMARY KEY, line INTEGER NOT NULL, id TEXT NOT NULL, election TEXT NOT NULL, pair TEXT NOT NULL,
  text TEXT NOT NULL, label TEXT NOT NULL, dukung REAL NOT NULL, netral REAL NOT NULL, tolak REAL NOT NULL,
  evidence TEXT NOT NULL, platform TEXT NOT NULL, time TEXT NOT NULL, account TEXT NOT NULL, agency TEXT NOT NULL
) WITHOUT ROWID;
CREATE TABLE decisions(
  number INTEGER PRIMARY KEY, at TEXT NOT NULL, reviewer TEXT NOT NULL,
  key TEXT NOT NULL REFERENCES posts(key), decision TEXT NOT NULL CHECK (decision IN ({_CHOICES})),
  pair TEXT NOT NULL, note TEXT NOT NULL, route TEXT NOT NULL CHECK (route IN ({_ROUTES})),
  shown_label TEXT NOT NULL, shown_dukung REAL, shown_netral REAL, shown_tolak REAL, shown_evidence TEXT NOT NULL,
  model TEXT NOT NULL, file TEXT NOT NULL, blind INTEGER NOT NULL, retracts INTEGER REFERENCES decisions(number),
  token TEXT NOT NULL UNIQUE, chain TEXT NOT NULL,
  CHECK ((decision = '{RETRACT}') = (retracts IS NOT NULL))
);
CREATE UNIQUE INDEX retracted ON decisions(retracts) WHERE retracts IS NOT NULL;
CREATE INDEX by_reviewer ON decisions(reviewer, number);
CREATE TABLE reached(number INTEGER PRIMARY KEY, key TEXT NOT NULL UNIQUE, chain TEXT NOT NULL);
CREATE TABLE leases(key TEXT PRIMARY KEY, holder TEXT NOT NULL, until REAL NOT NULL) WITHOUT ROWID;
CREATE TRIGGER no_change BEFORE UPDATE ON decisions BEGIN SELECT RAISE(ABORT, 'the log is append-only'); END;
CREATE TRIGGER no_loss BEFORE DELETE ON decisions BEGIN SELECT RAISE(ABORT, 'the log is append-only'); END;
CREATE TRIGGER no_other_post BEFORE UPDATE ON posts BEGIN SELECT RAISE(ABORT, 'the log is append-only'); END;
CREATE TRIGGER no_lost_post BEFORE DELETE ON posts BEGIN SELECT RAISE(ABORT, 'the log is append-only'); END;
"""
CHAINED_BEFORE = (
    "number, at, reviewer, key, decision, pair, note, route, shown_label, shown_dukung, shown_netral, shown_tolak, "
    "shown_evidence, model, file, blind, retracts, token"
)  # what both knew of a line
_SCORE = (float, type(None))
TYPES_BEFORE = (int, *[str] * 8, *[_SCORE] * 3, *[str] * 3, int, (int, type(None)), str)
NO_LAW = (None, None, "", "")  # nobody was asked about acts
SCHEMAS = {1: FIRST_SCHEMA, 2: SECOND_SCHEMA}
CHAINED = 2  # the first format whose lines are chained


def migrate(db: sqlite3.Connection, path: Path) -> Path | None:
    """Bring an open file of an earlier format to the present one, in one transaction; returns where its copy is.

    None when another process has just done so. Raises DatabaseError for a file that is not whole, OSError when the
    copy cannot be written.
    """
    db.execute("BEGIN IMMEDIATE")
    try:
        version = db.execute("PRAGMA user_version").fetchone()[0]
        if version not in SCHEMAS:
            db.execute("ROLLBACK")
            return None
        refuse_other_tables(db, SCHEMAS[version])
        refuse_damage(db)
        if version >= CHAINED:
            refuse_broken_chain(db, CHAINED_BEFORE, TYPES_BEFORE)
        copy = _copy(path, version)
        _rewrite(db)
        db.execute("COMMIT")
    except BaseException:
        if db.in_transaction:
            db.execute("ROLLBACK")
        raise
    return copy


def _copy(path: Path, version: int) -> Path:
    """A whole copy beside the file, under a name that was free."""
    for n in range(1, 100):
        copy = path.with_name(f"{path.stem}.format{version}{f'-{n}' if n > 1 else ''}{path.suffix}")
        try:
            os.close(os.open(copy, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600))
        except FileExistsError:
            continue
        with closing(sqlite3.connect(path)) as source, closing(sqlite3.connect(copy)) as target:
            source.backup(target)
        return copy
    raise FileExistsError(f"there are already 99 copies beside {path}")


def _rewrite(db: sqlite3.Connection) -> None:
    seeds = [row[0] for row in db.execute("SELECT value FROM settings WHERE name = 'seed'")]
    if len(seeds) != 1 or not isinstance(seeds[0], str):
        raise sqlite3.DatabaseError("its settings are not those of a reviews file")
    posts = list(typed_rows(db, "posts", POST_COLUMNS, POST_TYPES))
    old = typed_rows(db, "decisions", CHAINED_BEFORE, TYPES_BEFORE)
    lines = [(*line, *NO_LAW, token) for *line, token in old]
    reached = [row[1] for row in typed_rows(db, "reached", "number, key", (int, str))]
    for table in ("decisions", "reached", "leases", "posts", "settings"):  # those that refer to others first
        db.execute(f"DROP TABLE {table}")
    for statement in statements_of(SCHEMA):
        db.execute(statement)
    db.executemany(f"INSERT INTO posts({POST_COLUMNS}) VALUES ({marks(len(POST_TYPES))})", posts)
    digests = {row[0]: digest_of(row) for row in posts}
    link = first_link(seeds[0])
    for line in lines:
        link = next_link(link, line, digests.get(line[3], ""))
        db.execute(f"INSERT INTO decisions({CHAINED_COLUMNS}, chain) VALUES ({marks(len(line) + 1)})", (*line, link))
    db.executemany("INSERT INTO settings VALUES (?, ?)", [(SEED, seeds[0]), (HEAD, link)])
    link = first_link(seeds[0])
    for number, key in enumerate(reached, 1):
        link = next_link(link, (number, key))
        db.execute("INSERT INTO reached VALUES (?, ?, ?)", (number, key, link))
    db.execute(f"PRAGMA application_id = {APPLICATION}")
    db.execute(f"PRAGMA user_version = {FORMAT}")
