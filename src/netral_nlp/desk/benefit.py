"""The order by benefit in one case: learned from what people decided, beside the pages, by what ``netral review`` uses.

It stands in a table of the desk's own connection, gone with it: what it follows from is in the case.
"""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Sequence
from contextlib import suppress
from itertools import count
from typing import TYPE_CHECKING

from netral_nlp.desk.case import Case
from netral_nlp.records import SUPPORT
from netral_nlp.review.schema import POST_COLUMNS, post_of

if TYPE_CHECKING:
    from netral_nlp.learning.ranking import Ranking

AT_ONCE = 5_000  # rows written before others may write again
_numbers = count(1)


class Benefit:
    """Where the posts of a case stand by benefit. Safe to share between threads; one learns at a time.

    ``table`` holds ``key``, ``place`` and ``open`` (whether the queue still has business with the post) of the posts
    that are learned from; it is "" as long as the order is that of the score.
    """

    def __init__(self, case: Case) -> None:
        self.case = case
        self.table = ""
        self._scores = self._digest()
        self._ranking: Ranking | None = None
        self._busy = threading.Lock()

    def _digest(self) -> str:
        return str((self.case.fact("skor") or {}).get("sha256", ""))

    def refresh(self) -> None:
        """Forget what was learned of the posts as they stood before they were scored again."""
        if self._scores != (digest := self._digest()):
            self.table, self._ranking, self._scores = "", None, digest

    def renew_beside(self) -> None:
        """Learn in a thread of its own where enough more is known, unless one is learning already."""
        self.refresh()
        if self._ranking is not None and not self._ranking.due(self._reached()):
            return
        if self._busy.acquire(blocking=False):
            threading.Thread(target=self._work, daemon=True).start()

    def _work(self) -> None:
        try:
            with suppress(sqlite3.Error):  # the desk was closed meanwhile
                self._learn()
        finally:
            self._busy.release()

    @property
    def learns(self) -> bool:
        """Whether somebody is learning just now."""
        return self._busy.locked()

    def wait(self) -> None:
        """Until nobody learns any more."""
        with self._busy:
            pass

    def _learn(self) -> None:
        from netral_nlp.learning.ranking import LEARNABLE, Ranking

        self.refresh()
        reached, ranking = self._reached(), self._ranking
        if ranking is None:
            rows = self.case.apart(f"SELECT {POST_COLUMNS} FROM scored ORDER BY skor, acak LIMIT ?", (LEARNABLE,))
            ranking = Ranking([post_of(row) for row in rows], self.case.seed)
        elif not ranking.due(reached):
            return
        keys = [post.key for post in ranking.posts]
        index = {key: at for at, key in enumerate(keys)}

        def decided() -> dict[int, bool]:
            rows = self.case.many("SELECT key, verdict FROM scored WHERE reached = 1 AND verdict > ''")
            return {index[key]: verdict == SUPPORT for key, verdict in rows if key in index}

        order = ranking.order("manfaat", reached, decided)
        if order is ranking.by_score:
            self.table = ""
        else:
            self._write([keys[at] for at in order.tolist()])
        self._ranking = ranking

    def _write(self, keys: Sequence[str]) -> None:
        """A table of the keys in that order, in the place of the one before; that one is dropped a time later."""
        name = f"manfaat{next(_numbers)}"
        with self.case.writing() as db:
            db.execute(f"CREATE TABLE temp.{name}(key TEXT PRIMARY KEY, place INTEGER NOT NULL, open INTEGER NOT NULL)")
        for start in range(0, len(keys), AT_ONCE):
            rows = ((key, start + at) for at, key in enumerate(keys[start : start + AT_ONCE]))
            with self.case.writing() as db:
                db.executemany(f"INSERT INTO temp.{name} VALUES (?, ?, 1)", rows)
        with self.case.writing() as db:  # what is decided now is in the one table or the other
            db.execute(f"CREATE INDEX temp.{name}_open ON {name}(open, place)")
            db.execute(f"UPDATE temp.{name} SET open = 0 WHERE key IN (SELECT key FROM scored WHERE settled = 1)")
            tables = db.execute("SELECT name FROM temp.sqlite_master WHERE type = 'table' AND name GLOB 'manfaat*'")
            for (old,) in tables.fetchall():
                if old not in (name, self.table):
                    db.execute(f"DROP TABLE temp.{old}")
            self.table = name

    def _reached(self) -> int:
        row = self.case.one("SELECT count(*) FROM scored WHERE reached = 1")
        return 0 if row is None else int(row[0])

    def settle_within(self, db: sqlite3.Connection, key: str, settled: bool) -> None:
        """The queue has no more business with a post, or has again; as part of a transaction."""
        if self.table:
            db.execute(f"UPDATE temp.{self.table} SET open = ? WHERE key = ?", (int(not settled), key))
