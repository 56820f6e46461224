"""Which post comes next: the order, the random audit in between, what others have on their screens, and filters."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from netral_nlp.arrays import Ints
from netral_nlp.learning.orders import Order
from netral_nlp.learning.ranking import Ranking
from netral_nlp.records import SUPPORT
from netral_nlp.review.log import AUDIT, ORDERED, SEARCHED, Standing
from netral_nlp.review.posts import Post
from netral_nlp.review.remaining import Remaining, Tail, estimate_remaining

AUDIT_EVERY = 10  # one post in ten is drawn at random, so that what the order leaves out can be estimated
STATUSES = ("belum", "kedua", "saya", "beda", "lewati", "semua")


@dataclass(frozen=True, slots=True)
class Filters:
    """What a reviewer asked for; without any, the queue decides.

    ``status``: ``belum`` nobody decided, ``kedua`` others decided and this reviewer has not, ``saya`` decided by this
    reviewer, ``beda`` reviewers differ, ``lewati`` skipped and undecided, ``semua`` all.
    """

    status: str = "belum"
    text: str = ""
    pair: str = ""
    label: str = ""
    platform: str = ""

    @property
    def plain(self) -> bool:
        """Whether this is the queue itself and not a search."""
        return self == Filters()

    def match(self, post: Post) -> bool:
        """Whether the post itself fits, whoever decided it; ``text`` is looked for without regard to case."""
        return (
            (not self.pair or post.pair == self.pair)
            and (not self.label or post.label == self.label)
            and (not self.platform or post.platform == self.platform)
            and (not self.text or self.text.casefold() in post.text.casefold() or self.text == post.id)
        )


@dataclass(frozen=True, slots=True)
class Pick:
    """The post at that index, and by which route the reviewer comes to it."""

    index: int
    route: str


class Queue:
    """The posts of one file before a log of decisions.

    ``reached`` holds the indices that the order came past. Every method reads ``standing``, which its owner keeps up
    to date.
    """

    def __init__(self, posts: Sequence[Post], seed: str, standing: Standing, audit_every: int = AUDIT_EVERY) -> None:
        self.posts = posts
        self.standing = standing
        self.audit_every = audit_every
        self.index = {p.key: i for i, p in enumerate(posts)}
        self.ranking = Ranking(posts, seed)
        self.reached: set[int] = set()

    def settled(self, index: int) -> bool:
        """Whether the queue has no more business with the post: somebody decided or skipped it."""
        key = self.posts[index].key
        return key in self.standing.verdicts or key in self.standing.skipped

    def supports(self, index: int) -> bool:
        """Whether the verdict on the post is ``dukung``."""
        verdict = self.standing.verdicts.get(self.posts[index].key)
        return verdict is not None and verdict.label == SUPPORT

    def next(
        self,
        reviewer: str,
        order: Order,
        filters: Filters,
        free: Callable[[str], bool],
        passed: Callable[[list[str]], None] = lambda keys: None,
    ) -> Pick | None:
        """The next post for a reviewer, None when nothing is left.

        Every ``audit_every``-th post is the audit's. ``free`` says of a key whether it may be shown (and reserves it);
        ``passed`` is told the posts that the order came past because they were decided by another route.
        """
        if not filters.plain:
            found = (i for i in self.search(reviewer, order, filters) if free(self.posts[i].key))
            return next((Pick(i, SEARCHED) for i in found), None)
        if self.audit_every and self.standing.queued % self.audit_every == self.audit_every - 1:
            for i in _lazily(self.ranking.random):
                if not self.settled(i) and free(self.posts[i].key):
                    return Pick(i, AUDIT)
        by: list[str] = []
        for i in self._ordered(order):
            key = self.posts[i].key
            if self.settled(i):
                if i not in self.reached:
                    self.reached.add(i)
                    by.append(key)
            elif free(key):
                passed(by)
                return Pick(i, ORDERED)
        passed(by)
        return None

    def _ordered(self, order: Order) -> Iterator[int]:
        """Posts that were reached but are open again after an undo come first."""
        yield from sorted(i for i in self.reached if not self.settled(i))
        yield from _lazily(self.ranking.order(order, len(self.reached), self._learnable))

    def _learnable(self) -> dict[int, bool]:
        keys = self.standing.verdicts
        return {i: self.supports(i) for i in sorted(self.reached) if self.posts[i].key in keys}

    def search(self, reviewer: str, order: Order, filters: Filters) -> Iterator[int]:
        """The posts that fit the filters, in order."""
        wanted = self._status(filters.status, reviewer)
        seen: set[int] = set()
        for i in self._ordered(order):
            if i not in seen and wanted(i) and filters.match(self.posts[i]):
                seen.add(i)
                yield i

    def _status(self, status: str, reviewer: str) -> Callable[[int], bool]:
        verdicts = self.standing.verdicts

        def labelled(i: int) -> bool:
            return self.posts[i].key in verdicts

        def own(i: int) -> bool:
            return labelled(i) and reviewer in verdicts[self.posts[i].key].reviewers

        tests: dict[str, Callable[[int], bool]] = {
            "belum": lambda i: not self.settled(i),
            "kedua": lambda i: labelled(i) and not own(i),
            "saya": own,
            "beda": lambda i: labelled(i) and not verdicts[self.posts[i].key].agreed,
            "lewati": lambda i: self.posts[i].key in self.standing.skipped,
        }
        return tests.get(status, lambda i: True)

    def remaining(self) -> Remaining:
        """How many supporting posts nobody has read yet."""
        verdicts = {self.index[key]: v for key, v in self.standing.verdicts.items() if key in self.index}
        support = {i for i, verdict in verdicts.items() if verdict.label == SUPPORT}
        sample = [i for i in self._audited() if i not in self.reached]
        return estimate_remaining(
            Tail(
                posts=len(self.posts) - len(self.reached),
                unread=len(self.posts) - len(self.reached | verdicts.keys()),
                found=len(support - self.reached),
                sampled=len(sample),
                positive=sum(i in support for i in sample),
                skipped=sum(i not in verdicts for i in sample),
            ),
            found=len(support),
            left=len(self.reached - verdicts.keys()),
        )

    def _audited(self) -> list[int]:
        """The first posts of the random order, as far as the audit has come without a gap."""
        line: list[int] = []
        end = 0
        for i in _lazily(self.ranking.random):
            opinions = self.standing.opinions(self.posts[i].key)
            if not opinions:
                break
            line.append(i)
            if any(d.route == AUDIT for d in opinions.values()):
                end = len(line)
        return line[:end]


def _lazily(order: Ints, step: int = 1_000) -> Iterator[int]:
    """The numbers one by one; a million of them are not turned into Python's for the sake of the first."""
    for at in range(0, len(order), step):
        yield from order[at : at + step].tolist()
