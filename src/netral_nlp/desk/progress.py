"""How far the review of a case is, what remains by estimate, and how far its reviewers agree.

Each count goes through the posts that somebody has decided, never through all: a ``+`` before a column keeps SQLite
from choosing an index that would.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby

from netral_nlp.desk.case import Case
from netral_nlp.evaluation.agreement import krippendorff_alpha
from netral_nlp.records import LABELS, SUPPORT
from netral_nlp.review.log import UNCLEAR
from netral_nlp.review.remaining import Remaining, Tail, estimate_remaining

DIFFER = "beda pendapat"


@dataclass(frozen=True, slots=True)
class Progress:
    """Counts of posts: ``decided`` have a label or are unclear; ``alpha`` is over ``double``, which two have labelled.

    ``labels`` counts the decided ones, those that no majority settles as :data:`DIFFER`; of the double ones all
    reviewers gave ``same`` the same label.
    """

    total: int
    decided: int
    mine: int
    skipped: int
    differ: int
    labels: dict[str, int]
    double: int
    same: int
    alpha: float | None


def progress_of(case: Case, reviewer: str = "") -> Progress:
    """Where a case stands. Opinions are read one post at a time, whatever their number."""
    labels = dict.fromkeys((*LABELS, UNCLEAR, DIFFER), 0)
    for verdict, agreed, n in case.many(
        "SELECT verdict, agreed, count(*) FROM scored WHERE verdict > '' GROUP BY verdict, agreed"
    ):
        labels[DIFFER if verdict == UNCLEAR and not agreed else verdict] += n
    mine = case.one("SELECT count(*) FROM opinions WHERE reviewer = ? AND decision <> 'lewati'", (reviewer,))
    double, same, alpha = agreement_of(case)
    return Progress(
        total=total_of(case), decided=sum(labels.values()), mine=int(mine[0]) if mine else 0,
        skipped=_count(case, "settled = 1 AND +readers = 0"), differ=_count(case, "verdict > '' AND agreed = 0"),
        labels=labels, double=double, same=same, alpha=alpha,
    )  # fmt: skip


def agreement_of(case: Case) -> tuple[int, int, float | None]:
    """How many posts two or more have labelled, how many of them alike, and Krippendorff's alpha over them."""
    rows = case.many(
        f"SELECT key, decision FROM opinions WHERE decision IN ({', '.join('?' * len(LABELS))}) AND key IN"
        " (SELECT key FROM scored WHERE readers > 1) ORDER BY key", tuple(LABELS),
    )  # fmt: skip
    units = [[label for _, label in group] for _, group in groupby(rows, key=lambda row: row[0])]
    units = [unit for unit in units if len(unit) > 1]
    return len(units), sum(len(set(unit)) == 1 for unit in units), krippendorff_alpha(units)


def remaining_of(case: Case) -> Remaining:
    """How many supporting posts nobody has read yet, from the random audit (`review.remaining`).

    Only posts that somebody has decided are counted one by one; the others follow from the total.
    """
    gap = case.one("SELECT min(acak) FROM scored WHERE settled = 0")
    before = "~" if gap is None or gap[0] is None else gap[0]
    last = case.one("SELECT max(acak) FROM scored WHERE settled = 1 AND audited = 1 AND acak < ?", (before,))
    end = "" if last is None or last[0] is None else last[0]
    beyond, sample = "reached = 0 AND settled = 1", "settled = 1 AND acak <= ? AND reached = 0"
    left = total_of(case) - _count(case, "reached = 1")
    tail = Tail(
        posts=left,
        unread=left - _count(case, f"{beyond} AND verdict > ''"),
        found=_count(case, f"{beyond} AND verdict = ?", SUPPORT),
        sampled=_count(case, sample, end),
        positive=_count(case, f"{sample} AND verdict = ?", end, SUPPORT),
        skipped=_count(case, f"{sample} AND verdict = ''", end),
    )
    return estimate_remaining(
        tail, found=_count(case, "verdict = ?", SUPPORT), left=_count(case, "reached = 1 AND +verdict = ''")
    )


def total_of(case: Case) -> int:
    """How many posts were scored."""
    return int((case.fact("skor") or {}).get("unggahan", 0))


def _count(case: Case, where: str, *given: str) -> int:
    row = case.one(f"SELECT count(*) FROM scored WHERE {where}", given)
    return 0 if row is None else int(row[0])
