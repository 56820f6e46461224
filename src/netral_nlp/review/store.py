"""The reviews file: an append-only log in SQLite that a crash, a second process or a repeated request cannot harm."""

from __future__ import annotations

import secrets
import sqlite3
import threading
import time
from collections.abc import Iterable, Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from netral_nlp.errors import InputError
from netral_nlp.review.case_schema import CASE
from netral_nlp.review.chain import Field, digest_of, first_link, next_link
from netral_nlp.review.log import ORDERED, RETRACT, Decision, LawReview, Shown
from netral_nlp.review.opening import open_database
from netral_nlp.review.posts import Post
from netral_nlp.review.schema import (
    CASE_APPLICATION,
    CHAINED_COLUMNS,
    HEAD,
    LINE_COLUMNS,
    POST_COLUMNS,
    REVIEWS,
    SEED,
    Kind,
    decision_of,
    marks,
    post_of,
)

LONGEST_REASON = 160  # characters
LEASE = 300.0  # seconds for which a post on one reviewer's screen is not offered to another


class Store:
    """A reviews file, made when it is missing; a context manager, safe to share between threads and processes.

    Raises InputError for a file that is something else, of a newer version, damaged or changed, or cannot be opened.
    ``kind`` says which tables the file has beside the log; ``copy_of_old`` is where the copy of a file of an older
    format is, that was migrated just now.
    """

    def __init__(self, path: str | Path, kind: Kind = REVIEWS) -> None:
        self.path = Path(path)
        self._lock = threading.RLock()
        try:
            self._db, self.copy_of_old = open_database(self.path, kind)
        except (sqlite3.Error, OSError, UnicodeDecodeError) as error:
            raise InputError(
                f"{self.path} cannot be used as a reviews file ({_reason(error)}). Name another with --reviews.",
                path=str(path),
            ) from None
        self.seed = self._setting(SEED)

    @property
    def head(self) -> str:
        """The last digest of the log's chain: whoever has written it down can tell later that nothing was changed."""
        with self._lock:
            return self._setting(HEAD)

    def _setting(self, name: str) -> str:
        return str(self._db.execute("SELECT value FROM settings WHERE name = ?", (name,)).fetchone()[0])

    @contextmanager
    def _writing(self) -> Iterator[sqlite3.Connection]:
        """One transaction that holds the write lock from its first statement on.

        Raises InputError when it cannot be written: then nothing of it is there.
        """
        with self._lock:
            try:
                self._db.execute("BEGIN IMMEDIATE")
                yield self._db
                self._db.execute("COMMIT")
            except BaseException as error:
                if self._db.in_transaction:  # a full disk may have ended it already
                    self._db.execute("ROLLBACK")
                if isinstance(error, sqlite3.Error):
                    raise InputError(
                        f"{self.path} cannot be written ({_reason(error)}).", path=str(self.path)
                    ) from None
                raise

    def record(
        self, post: Post, reviewer: str, decision: str, *, shown: Shown, route: str = ORDERED, pair: str | None = None,
        note: str = "", token: str | None = None, at: str | None = None, law: LawReview | None = None,
    ) -> Decision:  # fmt: skip
        """Append one decision and the post that it is about; on return it is on the disk.

        ``token`` makes a repeated request harmless: the line with it is returned instead of a second one.
        """
        token = token or secrets.token_hex(12)
        s, scores = shown, shown.scores or (None, None, None)
        said = (None, None) if law is None else (law.acts, law.exception)
        with self._writing() as db:
            if (old := self._by_token(token)) is not None:
                return old
            db.execute(
                f"INSERT OR IGNORE INTO posts({POST_COLUMNS}) VALUES ({marks(15)})",
                (
                    post.key, post.line, post.id, post.election, post.pair, post.text, post.label, *post.scores,
                    post.evidence, post.platform, post.time, post.account, post.agency,
                ),
            )  # fmt: skip
            self._append(
                at or _now(), reviewer, post.key, decision, post.pair if pair is None else pair, note, route, s.label,
                *scores, s.evidence, s.model, s.file, int(s.blind), None, *said, s.acts, s.exception, token,
            )  # fmt: skip
            if route == ORDERED:
                self._reach(post.key)
            db.execute("DELETE FROM leases WHERE key = ?", (post.key,))
            made = self._by_token(token)
        assert made is not None
        return made

    def retract(self, reviewer: str, number: int | None = None, token: str | None = None) -> Decision | None:
        """Append a retraction of the reviewer's decision ``number`` (default: the latest that still stands).

        Returns the decision that was taken back, None when there is nothing to take back.
        """
        token = token or secrets.token_hex(12)
        with self._writing():
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
            self._append(
                _now(), reviewer, one.key, RETRACT, one.pair, "", one.route, "", None, None, None, "",
                one.shown.model, one.shown.file, int(one.shown.blind), one.number, None, None, "", "", token,
            )  # fmt: skip
        return one

    def _append(self, *fields: Field) -> None:
        """One line more, with its number before and its digest behind; inside a transaction."""
        last = self._db.execute("SELECT max(number) FROM decisions").fetchone()[0] or 0
        row = self._db.execute(f"SELECT {POST_COLUMNS} FROM posts WHERE key = ?", (fields[2],)).fetchone()
        link = next_link(self._setting(HEAD), (last + 1, *fields), digest_of(row))
        values = (last + 1, *fields, link)
        self._db.execute(f"INSERT INTO decisions({CHAINED_COLUMNS}, chain) VALUES ({marks(len(values))})", values)
        self._db.execute("UPDATE settings SET value = ? WHERE name = ?", (link, HEAD))

    def _reach(self, key: str) -> None:
        """One entry more of what the order came past, unless it is there; inside a transaction."""
        if self._db.execute("SELECT 1 FROM reached WHERE key = ?", (key,)).fetchone() is not None:
            return
        found = self._db.execute("SELECT number, chain FROM reached ORDER BY number DESC LIMIT 1").fetchone()
        number, before = found or (0, first_link(self.seed))
        link = next_link(before, (number + 1, key))
        self._db.execute("INSERT INTO reached VALUES (?, ?, ?)", (number + 1, key, link))

    def chain(self) -> dict[int, str]:
        """The digest of every line of the log by its number."""
        with self._lock:
            return dict(self._db.execute("SELECT number, chain FROM decisions ORDER BY number").fetchall())

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
        found = list(keys)
        if found:
            with self._writing():
                for key in found:
                    self._reach(key)

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
    """The store of a reviews file, or of a case of the desk, that must exist already."""
    if not Path(path).is_file():
        raise InputError(f"There is no reviews file {path}. Reviews are made with: netral review SCORED.csv")
    return Store(path, CASE if is_case(path) else REVIEWS)


def is_case(path: str | Path) -> bool:
    """Whether a file says that it is a case of the desk; False for one that cannot be read."""
    try:
        with Path(path).open("rb") as file:
            start = file.read(72)
        if not start.startswith(b"SQLite format 3\0"):
            return False
        if start[68:72] == CASE_APPLICATION.to_bytes(4, "big") or not Path(f"{path}-wal").is_file():
            return start[68:72] == CASE_APPLICATION.to_bytes(4, "big")
        # a desk that has it open, or was killed, may have said so in the log beside it only
        with closing(sqlite3.connect(f"{Path(path).resolve().as_uri()}?mode=ro", uri=True)) as db:
            return bool(db.execute("PRAGMA application_id").fetchone() == (CASE_APPLICATION,))
    except (OSError, ValueError, sqlite3.Error):
        return False


def _reason(error: Exception) -> str:
    """Why, in a line: SQLite may quote what it found in a damaged file, in whatever bytes."""
    if isinstance(error, UnicodeDecodeError):
        return "it is damaged"
    line = " ".join("".join(c if c.isprintable() else " " for c in str(error)).split())
    return line if len(line) <= LONGEST_REASON else line[:LONGEST_REASON] + "…"


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="milliseconds")
