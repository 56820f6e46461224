"""The tables of a reviews file, and its rows as values."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from netral_nlp.review.log import CHOICES, RETRACT, ROUTES, Decision, LawReview, Shown
from netral_nlp.review.posts import Post

FORMAT = 3
CASE_APPLICATION = 0x4E54524B  # "NTRK": a case of the desk, which has further tables
APPLICATION = 0x4E54524C  # "NTRL" in SQLite's header: this is a reviews file, not some other database

_CHOICES = ", ".join(f"'{c}'" for c in (*CHOICES, RETRACT))
_ROUTES = ", ".join(f"'{r}'" for r in ROUTES)
SCHEMA = f"""
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
  acts TEXT, exception TEXT, shown_acts TEXT NOT NULL, shown_exception TEXT NOT NULL,
  token TEXT NOT NULL UNIQUE, chain TEXT NOT NULL,
  CHECK ((decision = '{RETRACT}') = (retracts IS NOT NULL)), CHECK ((acts IS NULL) = (exception IS NULL))
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


@dataclass(frozen=True, slots=True)
class Kind:
    """What a database with a log of reviews is: its number in SQLite's header, its format, all its tables."""

    application: int
    format: int
    schema: str


REVIEWS = Kind(APPLICATION, FORMAT, SCHEMA)
SEED, HEAD = "seed", "head"  # settings: what the queue's order is drawn from, and the chain's last digest
POST_COLUMNS = (
    "key, line, id, election, pair, text, label, dukung, netral, tolak, evidence, platform, time, account, agency"
)
LINE_COLUMNS = (
    "number, at, reviewer, key, decision, pair, note, route, shown_label, shown_dukung, shown_netral, shown_tolak, "
    "shown_evidence, model, file, blind, retracts, acts, exception, shown_acts, shown_exception"
)
CHAINED_COLUMNS = f"{LINE_COLUMNS}, token"  # what a line's digest covers, in this order
POST_TYPES = (str, int, *[str] * 5, *[float] * 3, *[str] * 5)
_SCORE = (float, type(None))
_SAID = (str, type(None))
CHAINED_TYPES = (
    int, *[str] * 8, *[_SCORE] * 3, *[str] * 3, int, (int, type(None)), _SAID, _SAID, str, str, str,
)  # fmt: skip


def decision_of(row: tuple[Any, ...]) -> Decision:
    """A line of the log from a row of :data:`LINE_COLUMNS`."""
    scores = None if row[9] is None else (row[9], row[10], row[11])
    shown = Shown(row[8], scores, row[12], row[13], row[14], bool(row[15]), row[19], row[20])
    law = None if row[17] is None else LawReview(row[17], row[18])
    number, at, reviewer, key, decision, pair, note, route = row[:8]
    return Decision(number, at, reviewer, key, decision, pair, note, route, shown, row[16], law)


def post_of(row: tuple[Any, ...]) -> Post:
    """A post from a row of :data:`POST_COLUMNS`."""
    key, line, id, election, pair, text, label, a, b, c, evidence, platform, when, account, agency = row
    return Post(key, line, id, election, pair, text, label, (a, b, c), evidence, platform, when, account, agency)


def marks(n: int) -> str:
    """So many places for values in a statement."""
    return ", ".join("?" * n)


def statements_of(script: str) -> Iterator[str]:
    """The statements one by one: executescript would commit in the middle."""
    part = ""
    for piece in script.split(";"):
        part += piece + ";"
        if sqlite3.complete_statement(part):
            yield part
            part = ""
