"""Which post comes next, and what became of those before: each answer a bounded number of questions to the case file.

The columns of ``scored`` that tell what people decided follow from the log; :meth:`Reading.refresh` brings them up to
its last line, whoever wrote it, so that a desk that died in between has lost nothing.
"""

from __future__ import annotations

import json
import sqlite3
import time
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from netral_nlp.desk.benefit import Benefit
from netral_nlp.desk.case import Case
from netral_nlp.errors import InputError, UsageError
from netral_nlp.learning.orders import ORDERS
from netral_nlp.review.log import AUDIT, ORDERED, SEARCHED, Decision, Standing
from netral_nlp.review.posts import Post
from netral_nlp.review.schema import POST_COLUMNS, post_of

AUDIT_EVERY = 10
STATUSES = ("belum", "kedua", "saya", "beda", "lewati", "semua")
LISTED = 50
BENEFIT = "manfaat"  # the usual order, as in ``netral review``
SHOWN_COLUMNS = f"{POST_COLUMNS}, law"


@dataclass(frozen=True, slots=True)
class Look:
    """Who looks, and at what. Without filters the queue decides; ``readers`` is how many read each post."""

    reviewer: str
    window: str = ""
    order: str = BENEFIT
    readers: int = 1
    status: str = ""
    text: str = ""
    pair: str = ""
    label: str = ""

    def __post_init__(self) -> None:
        if self.order not in ORDERS or self.status not in ("", *STATUSES):
            raise UsageError("Urutan atau saringan tidak dikenal.")

    @property
    def plain(self) -> bool:
        """Whether this is the queue itself and not a search."""
        return not (self.status or self.text or self.pair or self.label)

    @property
    def holder(self) -> str:
        return f"{self.reviewer}\x1f{self.window}"


@dataclass(frozen=True, slots=True)
class Shown:
    """A scored post, and the route by which the reviewer comes to it."""

    post: Post
    route: str


class Reading:
    """The scored posts of one case before its log of decisions. Safe to share between threads and processes.

    Without what was learned of the ``benefit`` of reading them, that order is the score's.
    """

    def __init__(self, case: Case, benefit: Benefit | None = None) -> None:
        self.case = case
        self.benefit = benefit

    @property
    def _learned(self) -> str:
        """The table of the order by benefit, "" where it is the score's."""
        return f"temp.{self.benefit.table}" if self.benefit is not None and self.benefit.table else ""

    def _by(self, order: str) -> str:
        """What posts are sorted by; what is not in the table of benefit comes behind, by score."""
        if order != BENEFIT:
            return "acak" if order == "acak" else f"{order}, acak"
        if not self._learned:
            return "skor, acak"
        return f"coalesce((SELECT b.place FROM {self._learned} b WHERE b.key = scored.key), 9e15), skor, acak"

    def refresh(self) -> None:
        """Take in the lines of the log that were written since."""
        if not self.case.lines_after(int(self.case.fact("diterapkan", 0)), most=1):
            return
        with self.case.writing() as db:
            done = int(self.case.fact("diterapkan", 0))
            lines = self.case.lines_after(done)
            queued = int(self.case.fact("antre", 0))
            for line in lines:
                if line.route in (ORDERED, AUDIT):
                    queued += 1 if line.retracts is None else -1
            for key in dict.fromkeys(line.key for line in lines):
                self._settle(db, key)
            self.case.note_within(db, diterapkan=lines[-1].number, antre=queued)

    def _settle(self, db: sqlite3.Connection, key: str) -> None:
        """What the log says of one post, written beside it."""
        standing = Standing()
        standing.apply(self.case.lines_of(key))
        held, opinions = standing.labelled(key), standing.opinions(key)
        verdict = standing.verdicts.get(key)
        routes = {decision.route for decision in opinions.values()}
        reached = db.execute("SELECT 1 FROM reached WHERE key = ?", (key,)).fetchone() is not None
        db.execute(
            "UPDATE scored SET readers = ?, skips = ?, settled = ?, reached = ?, audited = ?, verdict = ?, agreed = ?"
            " WHERE key = ?",
            (
                len(held), len(opinions) - len(held), int(bool(opinions)), int(reached), int(AUDIT in routes),
                "" if verdict is None else verdict.label, int(verdict is None or verdict.agreed), key,
            ),
        )  # fmt: skip
        if self.benefit is not None:
            self.benefit.settle_within(db, key, bool(opinions))
        db.execute("DELETE FROM opinions WHERE key = ?", (key,))
        db.executemany(
            "INSERT INTO opinions VALUES (?, ?, ?, ?)",
            [(key, who, d.decision, d.pair) for who, d in opinions.items()],
        )

    def next(self, look: Look) -> Shown | None:
        """The next post for a reviewer, reserved for five minutes as far as others are left; None when none is."""
        self.refresh()
        if self.benefit is not None:
            self.benefit.refresh()
        for ask in (self._second, self._audit, self._ordered) if look.plain else (self._found,):
            for spare in (True, False):  # without what is on other screens, then with it: a window may be closed
                if ask == self._audit and not spare:
                    continue
                shown = ask(look, spare)
                if shown is not None and (self.case.lease(shown.post.key, look.holder) or not spare):
                    return shown
        return None

    def at(self, key: str) -> Shown:
        """One post by its key; raises InputError (Indonesian) where there is none."""
        row = self.case.one(f"SELECT {SHOWN_COLUMNS} FROM scored WHERE key = ?", (key,))
        if row is None:
            raise InputError("Unggahan itu tidak ada di perkara ini.")
        return Shown(_post(row), SEARCHED)

    def opinions(self, key: str) -> dict[str, Decision]:
        """What everybody says of a post now."""
        standing = Standing()
        standing.apply(self.case.lines_of(key))
        return standing.opinions(key)

    def pass_by(self, order: str, key: str) -> None:
        """The order has come to a post: those before it that another route had settled count as reached, too."""
        if order == "acak":
            return
        with self.case.writing() as db:
            for (one,) in self._passed(db, order, key):
                self.case.reach_within(one)
                db.execute("UPDATE scored SET reached = 1 WHERE key = ?", (one,))

    def learn_beside(self, order: str) -> None:
        """Have what people decided correct the order by benefit, where that is the one that somebody reads by."""
        if self.benefit is not None and order == BENEFIT:
            self.benefit.renew_beside()

    def _passed(self, db: sqlite3.Connection, order: str, key: str) -> list[tuple[str]]:
        column = "skor" if order == BENEFIT else order
        given = db.execute(f"SELECT {column}, acak FROM scored WHERE key = ?", (key,)).fetchone()
        before = f"({column}, acak) < (?, ?)"
        if order == BENEFIT and (table := self._learned):
            place = f"(SELECT b.place FROM {table} b WHERE b.key = scored.key)"
            own = db.execute(f"SELECT place FROM {table} WHERE key = ?", (key,)).fetchall()
            gap = db.execute(f"SELECT place FROM {table} WHERE open = 1 ORDER BY place LIMIT 1").fetchall()
            if own or gap:  # learned anew since it was shown, a post before it may be open: not past that one
                before, given = f"{place} < ?", min(own + gap)
            else:
                before = f"({place} IS NOT NULL OR {before})"
        return db.execute(f"SELECT key FROM scored WHERE reached = 0 AND settled = 1 AND {before}", given).fetchall()

    def listing(self, look: Look, offset: int = 0) -> tuple[list[Shown], bool]:
        """Posts that fit the filters, 50 at a time, and whether there are more."""
        self.refresh()
        where, given = self._filters(look)
        rows = self.case.many(
            f"SELECT {SHOWN_COLUMNS} FROM scored WHERE {where} ORDER BY {self._by(look.order)} LIMIT ? OFFSET ?",
            (*given, LISTED + 1, offset),
        )
        shown = [Shown(_post(row), SEARCHED) for row in rows]
        return shown[:LISTED], len(shown) > LISTED

    def _second(self, look: Look, spare: bool) -> Shown | None:
        """A post that fewer than the wanted readers have read, and not this one."""
        if look.readers < 2:
            return None
        free, given = _free(look, spare)
        return self._pick(
            "readers BETWEEN 1 AND ? AND NOT EXISTS (SELECT 1 FROM opinions o WHERE o.key = scored.key AND"
            f" o.reviewer = ?){free} ORDER BY readers, skor, acak",
            (look.readers - 1, look.reviewer, *given), SEARCHED,
        )  # fmt: skip

    def _audit(self, look: Look, spare: bool) -> Shown | None:
        """Every tenth post is drawn at random, so that what the order leaves out can be estimated."""
        if int(self.case.fact("antre", 0)) % AUDIT_EVERY != AUDIT_EVERY - 1:
            return None
        free, given = _free(look, spare)
        return self._pick(f"settled = 0{free} ORDER BY acak", given, AUDIT)

    def _ordered(self, look: Look, spare: bool) -> Shown | None:
        """The first post in order; those that are open again after an undo before all others."""
        free, given = _free(look, spare)
        again = self._pick(f"reached = 1 AND settled = 0{free} ORDER BY line", given, ORDERED)
        if again is None and look.order == BENEFIT and (table := self._learned):
            first = f"SELECT b.key FROM {table} b WHERE b.open = 1{free} ORDER BY b.place LIMIT 1"
            again = self._pick(f"key = ({first}) AND settled = 0", given, ORDERED)
        order = "skor" if look.order == BENEFIT else look.order
        return again or self._pick(f"settled = 0{free} ORDER BY {self._by(order)}", given, ORDERED)

    def _found(self, look: Look, spare: bool) -> Shown | None:
        where, given = self._filters(look)
        free, more = _free(look, spare)
        return self._pick(f"{where}{free} ORDER BY {self._by(look.order)}", (*given, *more), SEARCHED)

    def _pick(self, where: str, given: tuple[Any, ...], route: str) -> Shown | None:
        row = self.case.one(f"SELECT {SHOWN_COLUMNS} FROM scored WHERE {where} LIMIT 1", given)
        return None if row is None else Shown(_post(row), route)

    def _filters(self, look: Look) -> tuple[str, tuple[Any, ...]]:
        mine = "EXISTS (SELECT 1 FROM opinions o WHERE o.key = scored.key AND o.reviewer = ?)"
        parts: dict[str, tuple[Any, ...]] = {}
        statuses: Mapping[str, tuple[str, tuple[Any, ...]]] = {
            "belum": ("settled = 0", ()),
            "kedua": (f"readers > 0 AND NOT {mine}", (look.reviewer,)),
            "saya": (mine, (look.reviewer,)),
            "beda": ("verdict > '' AND agreed = 0", ()),
            "lewati": ("settled = 1 AND +readers = 0", ()),
            "semua": ("1", ()),
        }
        where, given = statuses[look.status or "belum"]
        parts[where] = given
        if look.text:
            wanted = look.text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
            parts["(text LIKE ? ESCAPE '\\' OR id = ?)"] = (f"%{wanted}%", look.text)
        if look.pair:
            parts["pair = ?"] = (look.pair,)
        if look.label:
            parts["label = ?"] = (look.label,)
        return " AND ".join(parts), tuple(value for values in parts.values() for value in values)


def _post(row: tuple[Any, ...]) -> Post:
    """The post of a row of :data:`SHOWN_COLUMNS`."""
    return replace(post_of(row[:15]), law=json.loads(row[15]))


def _free(look: Look, spare: bool) -> tuple[str, tuple[Any, ...]]:
    """The condition that a post is on nobody else's screen."""
    if not spare:
        return "", ()
    return " AND key NOT IN (SELECT key FROM leases WHERE holder <> ? AND until > ?)", (look.holder, time.time())
