"""One case: what is known of it, what was done in it by whom, and its files, in one SQLite file that dies in one piece.

Everything that changes a case is one transaction with its line in the log of actions: either both are there or neither.
"""

from __future__ import annotations

import hashlib
import json
import secrets
import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager, closing
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, BinaryIO

from netral_nlp.errors import InputError
from netral_nlp.review.case_schema import CASE
from netral_nlp.review.chain import digest_of, next_link
from netral_nlp.review.log import Decision
from netral_nlp.review.opening import PATIENCE
from netral_nlp.review.store import Store

PIECE = 1 << 20  # bytes of a file that are held at once
HEAD = "kepala"  # the fact that holds the last digest of the log of actions


@dataclass(frozen=True, slots=True)
class Action:
    """One line of the log: who did what, about what, and what else there is to say of it."""

    number: int
    at: str
    who: str
    what: str
    about: str
    detail: Mapping[str, Any]
    chain: str


@dataclass(frozen=True, slots=True)
class Kept:
    """A file in the case: ``title`` is what a person calls it."""

    name: str
    title: str
    digest: str
    size: int
    at: str


class Case(Store):
    """A case file, made when it is missing; safe to share between threads and processes, as every `Store`.

    Raises InputError for a file that is something else, damaged, or changed by another hand.
    """

    def __init__(self, path: str | Path) -> None:
        super().__init__(path, CASE)
        try:
            self._refuse_changed_actions()
        except (sqlite3.Error, ValueError) as error:
            self.close()
            raise InputError(f"{self.path} cannot be used as a case ({error}).", path=str(path)) from None

    @property
    def name(self) -> str:
        """By which the case is known in its folder."""
        return self.path.stem

    @property
    def title(self) -> str:
        return str(self.fact("judul", self.name))

    def fact(self, name: str, default: Any = None) -> Any:
        """What is known under a name, as JSON holds it."""
        with self._lock:
            row = self._db.execute("SELECT value FROM facts WHERE name = ?", (name,)).fetchone()
        return default if row is None else json.loads(row[0])

    def act(self, who: str, what: str, about: str = "", detail: Mapping[str, Any] | None = None, **facts: Any) -> None:
        """One line more in the log, and the facts that it brings; a fact of None is known no longer."""
        with self._writing() as db:
            self._set(db, facts)
            self._log(db, who, what, about, detail or {})

    def note(self, **facts: Any) -> None:
        """Facts that nobody has to answer for: how far a job is."""
        with self._writing() as db:
            self._set(db, facts)

    def actions(self, after: int = 0, most: int = 1_000_000) -> list[Action]:
        """The log from the line after that number on."""
        with self._lock:
            rows = self._db.execute(
                "SELECT number, at, who, what, about, detail, chain FROM actions WHERE number > ? ORDER BY number"
                " LIMIT ?", (after, most),
            ).fetchall()  # fmt: skip
        return [Action(n, at, who, what, about, json.loads(more), link) for n, at, who, what, about, more, link in rows]

    def one(self, query: str, given: tuple[Any, ...] = ()) -> tuple[Any, ...] | None:
        """The first row that answers a question."""
        with self._lock:
            found: tuple[Any, ...] | None = self._db.execute(query, given).fetchone()
        return found

    def many(self, query: str, given: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
        """All rows that answer a question; whoever asks sees to it that they are few."""
        with self._lock:
            return self._db.execute(query, given).fetchall()

    def apart(self, query: str, given: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
        """All rows that answer a question, however many, over a connection of their own: nobody waits for it."""
        with closing(sqlite3.connect(f"{self.path.resolve().as_uri()}?mode=ro", uri=True, timeout=PATIENCE)) as db:
            db.execute("PRAGMA trusted_schema = OFF")
            yield from db.execute(query, given)

    def lines_after(self, number: int, most: int = 1_000_000) -> list[Decision]:
        """The lines of the log of decisions after that number."""
        with self._lock:
            return self._lines("number > ? ORDER BY number LIMIT ?", (number, most))

    def lines_of(self, key: str) -> list[Decision]:
        """The lines of the log of decisions about one post."""
        with self._lock:
            return self._lines("key = ? ORDER BY number", (key,))

    def reach_within(self, key: str) -> None:
        """Remember that the queue came past a post, as part of a transaction."""
        self._reach(key)

    def note_within(self, db: sqlite3.Connection, **facts: Any) -> None:
        """:meth:`note` as part of a transaction."""
        self._set(db, facts)

    def files(self, prefix: str = "") -> list[Kept]:
        """The files whose names begin so."""
        with self._lock:
            rows = self._db.execute("SELECT name, title, sha256, size, at FROM files ORDER BY name").fetchall()
        return [Kept(*row) for row in rows if row[0].startswith(prefix)]

    def keep(
        self, name: str, title: str, content: BinaryIO, who: str, what: str,
        detail: Mapping[str, Any] | None = None, **facts: Any,
    ) -> Kept:  # fmt: skip
        """Keep a file in the place of an earlier one of that name, with a line in the log; a piece at a time."""
        with self._writing() as db:
            kept = self.keep_within(db, name, title, content)
            self._set(db, facts)
            self._log(db, who, what, title, {"sha256": kept.digest, "ukuran": kept.size, **(detail or {})})
        return kept

    def pieces(self, name: str) -> Iterator[bytes]:
        """The content of a file; raises InputError where there is none."""
        number = 0
        while True:
            with self._lock:
                row = self._db.execute(
                    "SELECT content FROM pieces WHERE name = ? AND number = ?", (name, number)
                ).fetchone()
            if row is None:
                if number == 0 and not any(kept.name == name for kept in self.files(name)):
                    raise InputError("Berkas itu tidak ada di perkara ini.")
                return
            yield bytes(row[0])
            number += 1

    def put_out(self, name: str, target: Path) -> Path:
        """The file on the disk, written there unless it is there already, whole."""
        kept = next((one for one in self.files(name) if one.name == name), None)
        if kept is None:
            raise InputError("Berkas itu tidak ada di perkara ini.")
        if target.is_file() and not target.is_symlink() and target.stat().st_size == kept.size:
            with target.open("rb") as there:
                if hashlib.file_digest(there, "sha256").hexdigest() == kept.digest:
                    return target
        target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        part = target.with_name(f"{target.name}.{secrets.token_hex(6)}.baru")
        with part.open("xb") as out:
            for piece in self.pieces(name):
                out.write(piece)
        part.replace(target)
        return target

    def writing(self) -> AbstractContextManager[sqlite3.Connection]:
        """One transaction over several changes, each by a method whose name ends in ``within``."""
        return self._writing()

    def act_within(
        self, db: sqlite3.Connection, who: str, what: str, about: str, detail: Mapping[str, Any], **facts: Any
    ) -> None:
        """:meth:`act` as part of a transaction."""
        self._set(db, facts)
        self._log(db, who, what, about, detail)

    def drop_within(self, db: sqlite3.Connection, name: str) -> None:
        """Forget a file, if it is there, as part of a transaction."""
        db.execute("DELETE FROM pieces WHERE name = ?", (name,))
        db.execute("DELETE FROM files WHERE name = ?", (name,))

    def keep_within(self, db: sqlite3.Connection, name: str, title: str, content: BinaryIO) -> Kept:
        """Keep a file as part of a transaction whose log tells of it."""
        sha, size, number = hashlib.sha256(), 0, 0
        db.execute("DELETE FROM pieces WHERE name = ?", (name,))
        while piece := content.read(PIECE):
            db.execute("INSERT INTO pieces VALUES (?, ?, ?)", (name, number, piece))
            sha.update(piece)
            size, number = size + len(piece), number + 1
        kept = Kept(name, title, sha.hexdigest(), size, moment_now())
        db.execute("INSERT OR REPLACE INTO files VALUES (?, ?, ?, ?, ?)", (name, title, kept.digest, size, kept.at))
        return kept

    def _set(self, db: sqlite3.Connection, facts: Mapping[str, Any]) -> None:
        for name, value in facts.items():
            if value is None:
                db.execute("DELETE FROM facts WHERE name = ?", (name,))
            else:
                db.execute("INSERT OR REPLACE INTO facts VALUES (?, ?)", (name, json.dumps(value, ensure_ascii=True)))

    def _log(self, db: sqlite3.Connection, who: str, what: str, about: str, detail: Mapping[str, Any]) -> None:
        """One line more, with the digest of all before it; inside a transaction."""
        last = db.execute("SELECT number, chain FROM actions ORDER BY number DESC LIMIT 1").fetchone()
        number, before = last or (0, digest_of(["netral-nlp case", self.seed]))
        fields = (number + 1, moment_now(), who, what, _whole(about), json.dumps(detail, sort_keys=True))
        link = next_link(before, fields)
        db.execute("INSERT INTO actions VALUES (?, ?, ?, ?, ?, ?, ?)", (*fields, link))
        self._set(db, {HEAD: link})

    def _refuse_changed_actions(self) -> None:
        link = digest_of(["netral-nlp case", self.seed])
        with self._lock:
            for *fields, chain in self._db.execute(
                "SELECT number, at, who, what, about, detail, chain FROM actions ORDER BY number"
            ):
                link = next_link(link, fields)
                if link != chain:
                    raise ValueError(f"line {fields[0]} of its log was changed")
            known = self.fact(HEAD)
        if known is not None and known != link:
            raise ValueError("lines are missing at the end of its log")


def _whole(text: str) -> str:
    return text.encode("utf-8", "replace").decode()[:300]


def moment_now() -> str:
    """Now, as logs write it."""
    return datetime.now(UTC).isoformat(timespec="milliseconds")
