"""The reviews file: an append-only log in SQLite that a crash, a second process or a repeated request cannot harm."""

from __future__ import annotations

import os
import secrets
import sqlite3
import threading
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from netral_nlp.errors import InputError
from netral_nlp.review.log import ORDERED, RETRACT, Decision, Shown
from netral_nlp.review.posts import Post
from netral_nlp.review.schema import (
    APPLICATION,
    FORMAT,
    LINE_COLUMNS,
    POST_COLUMNS,
    SCHEMA,
    decision_of,
    post_of,
    statements_of,
)

LEASE = 300.0  # seconds for which a post on one reviewer's screen is not offered to another

PATIENCE = 30.0  # seconds that one process waits for another


class Store:
    """A reviews file, made when it is missing; a context manager, safe to share between threads and processes.

    Raises InputError for a file that is something else, of a newer version, or cannot be opened.
    """

    def __init__(self, path: str | Path) -> None:
        self.path = Path(path)
        self._lock = threading.RLock()
        try:
            if not self.path.exists():
                os.close(os.open(self.path, os.O_CREAT | os.O_RDWR, 0o600))  # it holds what people wrote
            self._db = sqlite3.connect(self.path, timeout=PATIENCE, isolation_level=None, check_same_thread=False)
            self._prepare()
        except (sqlite3.Error, OSError) as error:
            raise InputError(
                f"{self.path} cannot be used as a reviews file ({error}). Name another with --reviews.", path=str(path)
            ) from None
        self.seed = str(self._db.execute("SELECT value FROM settings WHERE name = 'seed'").fetchone()[0])

    def _prepare(self) -> None:
        # In this order: another process that is making the file just now brings tables and number at once.
        empty = not self._db.execute("SELECT count(*) FROM sqlite_master").fetchone()[0]
        found = self._db.execute("PRAGMA application_id").fetchone()[0]
        if not empty and found != APPLICATION:
            raise sqlite3.DatabaseError("it is another program's database")
        self._use_wal()
        self._db.execute("PRAGMA synchronous = FULL")  # a decision is on the disk before the page goes on
        self._db.execute("PRAGMA foreign_keys = ON")
        with self._writing():
            if self._db.execute("PRAGMA application_id").fetchone()[0] != APPLICATION:
                for statement in statements_of(SCHEMA):
                    self._db.execute(statement)
                self._db.execute("INSERT INTO settings VALUES ('seed', ?)", (secrets.token_hex(8),))
                self._db.execute(f"PRAGMA application_id = {APPLICATION}")
                self._db.execute(f"PRAGMA user_version = {FORMAT}")
        if (version := self._db.execute("PRAGMA user_version").fetchone()[0]) != FORMAT:
            raise sqlite3.DatabaseError(f"it has format {version}; this version reads format {FORMAT}")

    def _use_wal(self) -> None:
        """Switch to write-ahead logging; SQLite does not wait for another process that is switching, so this does."""
        until = time.monotonic() + PATIENCE
        while True:
            try:
                self._db.execute("PRAGMA journal_mode = WAL")
                return
            except sqlite3.OperationalError:
                if time.monotonic() > until:
                    raise
                time.sleep(0.02)

    @contextmanager
    def _writing(self) -> Iterator[sqlite3.Connection]:
        """One transaction that holds the write lock from its first statement on."""
        with self._lock:
            self._db.execute("BEGIN IMMEDIATE")
            try:
                yield self._db
            except BaseException:
                self._db.execute("ROLLBACK")
                raise
            self._db.execute("COMMIT")

    def record(
        self, post: Post, reviewer: str, decision: str, *, shown: Shown, route: str = ORDERED, pair: str | None = None,
        note: str = "", token: str | None = None, at: str | None = None,
    ) -> Decision:  # fmt: skip
        """Append one decision and the post that it is about; on return it is on the disk.

        ``token`` makes a repeated request harmless: the line with it is returned instead of a second one.
        """
        token = token or secrets.token_hex(12)
        s, scores = shown, shown.scores or (None, None, None)
        with self._writing() as db:
            if (old := self._by_token(token)) is not None:
                return old
            db.execute(
                f"INSERT OR IGNORE INTO posts({POST_COLUMNS}) VALUES ({_marks(15)})",
                (
                    post.key, post.line, post.id, post.election, post.pair, post.text, post.label, *post.scores,
                    post.evidence, post.platform, post.time, post.account, post.agency,
                ),
            )  # fmt: skip
            db.execute(
                f"INSERT INTO decisions(token, {LINE_COLUMNS.removeprefix('number, ')}) VALUES ({_marks(17)})",
                (
                    token, at or _now(), reviewer, post.key, decision, post.pair if pair is None else pair, note,
                    route, s.label, *scores, s.evidence, s.model, s.file, int(s.blind), None,
                ),
            )  # fmt: skip
            if route == ORDERED:
                db.execute("INSERT OR IGNORE INTO reached(key) VALUES (?)", (post.key,))
            db.execute("DELETE FROM leases WHERE key = ?", (post.key,))
            made = self._by_token(token)
        assert made is not None
        return made

    def retract(self, reviewer: str, number: int | None = None, token: str | None = None) -> Decision | None:
        """Append a retraction of the reviewer's decision ``number`` (default: the latest that still stands).

        Returns the decision that was taken back, None when there is nothing to take back.
        """
        token = token or secrets.token_hex(12)
        with self._writing() as db:
            if (old := self._by_token(token)) is not None:
                return self._lines("number = ?", (old.retracts,))[0]
            standing = (
                "reviewer = ? AND retracts IS NULL"
                " AND number NOT IN (SELECT retracts FROM decisions WHERE retracts IS NOT NULL)"
            )
            given: tuple[Any, ...] = (reviewer,)
            if number is not None:
                standing, given = standing + " AND number = ?", (reviewer, number)
            found = self._lines(standing + " ORDER BY number DESC LIMIT 1", given)
            if not found:
                return None
            one = found[0]
            db.execute(
                f"INSERT INTO decisions(token, {LINE_COLUMNS.removeprefix('number, ')}) VALUES ({_marks(17)})",
                (
                    token, _now(), reviewer, one.key, RETRACT, one.pair, "", one.route, "", None, None, None, "",
                    one.shown.model, one.shown.file, int(one.shown.blind), one.number,
                ),
            )  # fmt: skip
        return one

    def lines(self, after: int = 0) -> list[Decision]:
        """The log from the line after that number on."""
        with self._lock:
            return self._lines("number > ? ORDER BY number", (after,))

    def posts(self) -> dict[str, Post]:
        """Every post that a line of the log is about, by key."""
        with self._lock:
            rows = self._db.execute(f"SELECT {POST_COLUMNS} FROM posts").fetchall()
        return {row[0]: post_of(row) for row in rows}

    def reach(self, keys: Iterable[str]) -> None:
        """Remember that the queue's order came past these posts, which were decided by another route before."""
        rows = [(key,) for key in keys]
        if rows:
            with self._writing() as db:
                db.executemany("INSERT OR IGNORE INTO reached(key) VALUES (?)", rows)

    def reached(self, after: int = 0) -> tuple[list[str], int]:
        """The posts that the order came past since entry ``after``, in that sequence, and the last entry's number."""
        with self._lock:
            rows = self._db.execute(
                "SELECT number, key FROM reached WHERE number > ? ORDER BY number", (after,)
            ).fetchall()
        return [key for _, key in rows], (rows[-1][0] if rows else after)

    def lease(self, key: str, holder: str, seconds: float = LEASE) -> bool:
        """Whether the post is now the holder's, who can have one: False while it is on another screen."""
        now = time.time()
        with self._writing() as db:
            held = db.execute("SELECT holder, until FROM leases WHERE key = ?", (key,)).fetchone()
            if held is not None and held[0] != holder and held[1] > now:
                return False
            db.execute("DELETE FROM leases WHERE holder = ? OR until < ?", (holder, now))
            db.execute("INSERT OR REPLACE INTO leases VALUES (?, ?, ?)", (key, holder, now + seconds))
        return True

    def close(self) -> None:
        """Let go of the file; harmless when done twice."""
        with self._lock:
            self._db.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _by_token(self, token: str) -> Decision | None:
        found = self._lines("token = ?", (token,))
        return found[0] if found else None

    def _lines(self, where: str, given: tuple[Any, ...]) -> list[Decision]:
        rows = self._db.execute(f"SELECT {LINE_COLUMNS} FROM decisions WHERE {where}", given).fetchall()
        return [decision_of(row) for row in rows]


def open_reviews(path: str | Path) -> Store:
    """The store of a reviews file that must exist already."""
    if not Path(path).is_file():
        raise InputError(f"There is no reviews file {path}. Reviews are made with: netral review SCORED.csv")
    return Store(path)


def _marks(n: int) -> str:
    return ", ".join("?" * n)


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="milliseconds")
