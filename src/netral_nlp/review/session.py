"""One scored file, its reviews and what a reviewer can do with both; knows nothing of browsers."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from itertools import islice
from typing import Any

from netral_nlp.errors import InputError, UsageError
from netral_nlp.law.loading import load_rules
from netral_nlp.law.rules import Rules
from netral_nlp.learning.orders import ORDERS, Order
from netral_nlp.review.answers import checked_answer, names_of
from netral_nlp.review.cards import Cards
from netral_nlp.review.log import CHOICES, ROUTES, SEARCHED, LawReview, Shown, Standing, agreements
from netral_nlp.review.posts import NO_SCORES, Post, ScoredFile, shown_law
from netral_nlp.review.queue import AUDIT_EVERY, STATUSES, Filters, Pick, Queue
from netral_nlp.review.store import Store
from netral_nlp.roster import Roster
from netral_nlp.scoring.scored import parts_of
from netral_nlp.scoring.scorer import Scorer
from netral_nlp.serving.sessions import LONGEST_NAME, clean_name

LISTED = 50
LONGEST_NOTE = 2_000
Document = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Viewer:
    """Who looks, from which window, and how: one reviewer may have two windows open."""

    reviewer: str
    window: str
    order: Order
    filters: Filters
    blind: bool

    @property
    def holder(self) -> str:
        """The name under which a post on this screen is reserved."""
        return f"{self.reviewer}\x1f{self.window}"


class Desk:
    """The review of one file. Every method may be called from several threads; other processes may share the store.

    ``scorer`` makes the evidence anew with exact places; without it the file's own column ``bukti`` is shown.
    ``acts`` and ``exceptions`` are what a reviewer can choose from, by code: their names in the tables of the law.
    """

    def __init__(
        self, file: ScoredFile, store: Store, *, roster: Roster | None = None, scorer: Scorer | None = None,
        show_identities: bool = False, blind: bool = False, order: Order = "manfaat", reviewer: str = "",
        audit_every: int = AUDIT_EVERY, law: Rules | None = None,
    ) -> None:  # fmt: skip
        rules = law or load_rules()
        self.acts = names_of(rules, "perbuatan")
        self.exceptions = names_of(rules, "pengecualian")
        self.law_digest = rules.digest
        self.file = file
        self.store = store
        self.roster = roster
        self.cards = Cards(roster, scorer, show_identities)
        self.blind = blind
        self.order: Order = order
        self.reviewer = reviewer
        self.model = str(scorer.model.facts.get("file_sha256", "")) if scorer is not None else ""
        self.standing = Standing()
        self.queue = Queue(file.posts, store.seed, self.standing, audit_every)
        self._reached_at = 0
        self._routes: dict[tuple[str, str], str] = {}  # (holder, key) -> how the reviewer came to the post
        self._revealed: set[tuple[str, str]] = set()  # (reviewer, key): its scores were on the screen
        self._lock = threading.RLock()
        self.refresh()

    @property
    def pairs(self) -> tuple[str, ...]:
        """The pairs a reviewer can choose from."""
        return self.roster.ids if self.roster is not None else self.file.pairs

    def refresh(self) -> None:
        """Read what this or another process has added to the log."""
        with self._lock:
            self.standing.apply(self.store.lines(self.standing.last))
            keys, self._reached_at = self.store.reached(self._reached_at)
            self.queue.reached.update(self.queue.index[key] for key in keys if key in self.queue.index)

    def next(self, viewer: Viewer) -> Document | None:
        """The next post for a viewer, as :meth:`card`; it is reserved for five minutes, as far as others are left."""
        with self._lock:
            self.refresh()
            pick = self._pick(viewer, lambda key: self.store.lease(key, viewer.holder))
            if pick is None:  # what is left is on other screens, perhaps of windows that were closed
                pick = self._pick(viewer, lambda key: True)
            return None if pick is None else self._show(pick, viewer)

    def _pick(self, viewer: Viewer, free: Callable[[str], bool]) -> Pick | None:
        return self.queue.next(viewer.reviewer, viewer.order, self._allowed(viewer), free, self.store.reach)

    def open(self, key: str, viewer: Viewer) -> Document:
        """One post by its key, found by search."""
        with self._lock:
            self.refresh()
            return self._show(Pick(self._at(key), SEARCHED), viewer)

    def decide(
        self,
        key: str,
        decision: str,
        viewer: Viewer,
        *,
        pair: str | None = None,
        note: str = "",
        token: str | None = None,
        law: LawReview | None = None,
    ) -> Document:
        """Put one decision on the disk; returns what the model had said, which a blind reviewer sees only now.

        ``law`` is what the reviewer says of acts, None for nothing. Raises UsageError for an unknown post, decision,
        pair, act or exception, or a stance toward no pair.
        """
        post = self.file.posts[self._at(key)]
        chosen = post.pair if pair is None else pair
        if decision not in CHOICES:
            raise UsageError(f'There is no decision "{decision}".')
        if not viewer.reviewer or len(viewer.reviewer) > LONGEST_NAME:
            raise UsageError("Isi dulu nama peninjau.")
        if chosen and chosen not in self.pairs:
            raise UsageError(f'Paslon "{chosen}" tidak dikenal.')
        if decision in ("dukung", "tolak") and not chosen:
            raise UsageError("Pilih dulu paslonnya: unggahan ini tidak menyebut paslon mana pun.")
        said = None if law is None else checked_answer(law, self.acts, self.exceptions)
        with self._lock:
            seen = (viewer.reviewer, key) in self._revealed
            shown = Shown(
                post.label, post.scores, post.evidence, self.model, self.file.digest, viewer.blind and not seen,
                *shown_law(post),
            )  # fmt: skip
            made = self.store.record(
                post, viewer.reviewer, decision, shown=shown, route=self._routes.get((viewer.holder, key), SEARCHED),
                pair=chosen, note=note[:LONGEST_NOTE], token=token, law=said,
            )  # fmt: skip
            self._revealed.add((viewer.reviewer, key))
            self.refresh()
        return {
            "number": made.number,
            "key": key,
            "decision": decision,
            "pair": chosen,
            "label": post.label,
            "scores": post.scores,
            "blind": shown.blind,
            "acts": None if law is None else list(parts_of(made.law.acts if made.law else "")),
        }

    def undo(self, viewer: Viewer, number: int | None = None, token: str | None = None) -> Document | None:
        """Take back a decision (default: the reviewer's latest) and show its post again; None without one."""
        with self._lock:
            back = self.store.retract(viewer.reviewer, number, token)
            self.refresh()
            if back is None or back.key not in self.queue.index:
                return None
            self.store.lease(back.key, viewer.holder)
            card = self._show(Pick(self.queue.index[back.key], back.route), viewer)
            return {**card, "note": back.note, "pair": back.pair, "undone": back.decision}

    def listing(self, viewer: Viewer, offset: int = 0) -> Document:
        """Posts that fit the viewer's filters, 50 at a time; blind viewers learn no score."""
        with self._lock:
            self.refresh()
            found = self.queue.search(viewer.reviewer, viewer.order, self._allowed(viewer))
            rows = [self._row(self.file.posts[i], viewer) for i in islice(found, offset, offset + LISTED + 1)]
        return {"rows": rows[:LISTED], "more": len(rows) > LISTED, "offset": offset}

    def progress(self, reviewer: str) -> Document:
        """How far the review is, what remains by estimate, and how far reviewers agree."""
        with self._lock:
            self.refresh()
            own = {k: v for k, v in self.standing.verdicts.items() if k in self.queue.index}
            mine = sum(reviewer in v.reviewers for v in own.values())
            remaining = self.queue.remaining()
            skipped = sum(k in self.queue.index for k in self.standing.skipped)
            return {
                "total": len(self.file.posts),
                "decided": len(own),
                "mine": mine,
                "skipped": skipped,
                "differ": sum(not v.agreed for v in own.values()),
                "labels": dict(Counter(v.label for v in own.values())),
                "remaining": {
                    "estimate": remaining.estimate, "low": remaining.low, "high": remaining.high,
                    "found": remaining.found, "unread": remaining.unread, "sampled": remaining.sampled,
                    "recall": remaining.recall, "target": remaining.target, "enough": remaining.enough,
                },
                "agreement": agreements(self.standing, [k for k in self.standing.live if k in self.queue.index]),
            }  # fmt: skip

    def viewer(
        self,
        reviewer: str,
        window: str,
        *,
        order: str = "",
        blind: bool = False,
        filters: Mapping[str, str] | None = None,
    ) -> Viewer:
        """A viewer from what a request says; raises UsageError for an unknown order or status."""
        wanted = Filters(**{k: v for k, v in (filters or {}).items() if v})
        chosen = order or self.order
        if chosen not in ORDERS or wanted.status not in STATUSES:
            raise UsageError("Urutan atau saringan tidak dikenal.")
        return Viewer(clean_name(reviewer), window[:64], chosen, wanted, blind or self.blind)

    def _at(self, key: str) -> int:
        if key not in self.queue.index:
            raise InputError("Unggahan itu tidak ada di berkas ini.")
        return self.queue.index[key]

    def _allowed(self, viewer: Viewer) -> Filters:
        """A blind reviewer cannot ask for the model's label."""
        f = viewer.filters
        return Filters(f.status, f.text, f.pair, "", f.platform) if viewer.blind else f

    def _show(self, pick: Pick, viewer: Viewer) -> Document:
        post = self.file.posts[pick.index]
        assert pick.route in ROUTES
        known = self._routes.get((viewer.holder, post.key))
        self._routes[viewer.holder, post.key] = pick.route if known is None or pick.route != SEARCHED else known
        if not viewer.blind:
            self._revealed.add((viewer.reviewer, post.key))
        return self.cards.card(
            post, viewer.reviewer, self.standing.opinions(post.key),
            blind=viewer.blind, open_book=viewer.filters.status == "beda",
        )  # fmt: skip

    def _row(self, post: Post, viewer: Viewer) -> Document:
        own = self.standing.opinions(post.key).get(viewer.reviewer)
        return self.cards.row(post, own, blind=viewer.blind)


def matching_scorer(file: ScoredFile, scorer: Scorer, sample: int = 5) -> bool:
    """Whether the scorer gives the file's own scores: else it is another model than the one that made the file."""
    checked = [p for p in file.posts if p.pair][:sample]
    for post in checked:
        if post.pair not in scorer.reader.index:
            return False
        judged = scorer.toward(post.text, post.pair)
        if max(abs(a - b) for a, b in zip(judged.scores or NO_SCORES, post.scores, strict=True)) > 1e-4:
            return False
    return bool(checked)
