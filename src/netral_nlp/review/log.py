"""What people decided, as frozen values, and the log read into who holds which opinion now."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from itertools import combinations
from typing import Any

from netral_nlp.evaluation.agreement import agreement
from netral_nlp.records import LABELS

UNCLEAR, SKIP, RETRACT = "tidak jelas", "lewati", "batal"
CHOICES = (*LABELS, UNCLEAR, SKIP)
NO_ACT = "tidak ada"  # how an answer without acts is written where empty would be none
ORDERED, AUDIT, SEARCHED, IMPORTED = ROUTES = ("urut", "audit", "cari", "impor")


@dataclass(frozen=True, slots=True)
class LawReview:
    """What a reviewer says a post may be called by law: codes of acts joined by ``; ``, and the code of an exception.

    Empty is an answer, too: no act, no exception.
    """

    acts: str = ""
    exception: str = ""


@dataclass(frozen=True, slots=True)
class Shown:
    """What the reviewer saw when deciding; ``blind`` when label, scores, evidence and acts were hidden."""

    label: str = ""
    scores: tuple[float, float, float] | None = None
    evidence: str = ""
    model: str = ""
    file: str = ""
    blind: bool = False
    acts: str = ""
    exception: str = ""


@dataclass(frozen=True, slots=True)
class Decision:
    """One line of the log. ``retracts`` is the number of the line it takes back, else None.

    ``decision`` is one of :data:`CHOICES`, or ``batal`` for a retraction; ``route`` says how the reviewer came to the
    post: in the queue's order, as part of the random audit, by search, or by an import. ``law`` is None where the
    reviewer said nothing of acts.
    """

    number: int
    at: str
    reviewer: str
    key: str
    decision: str
    pair: str
    note: str
    route: str
    shown: Shown
    retracts: int | None = None
    law: LawReview | None = None


@dataclass(frozen=True, slots=True)
class Verdict:
    """What holds for a post: ``label`` is a label or ``tidak jelas``; ``agreed`` is False where reviewers differ."""

    label: str
    pair: str
    reviewers: tuple[str, ...]
    agreed: bool


@dataclass(frozen=True, slots=True)
class LawVerdict:
    """What holds of a post's acts: the answer of most reviewers; None where two answers are given as often."""

    law: LawReview | None
    reviewers: tuple[str, ...]
    agreed: bool


@dataclass
class Standing:
    """The log folded: for each post and reviewer the decisions that were not taken back, oldest first.

    ``verdicts`` holds every post that anybody labelled, ``skipped`` those that people only skipped; ``queued`` counts
    standing decisions that came by the queue itself (order or audit), ``last`` is the last line's number.
    """

    live: dict[str, dict[str, list[Decision]]] = field(default_factory=dict)
    verdicts: dict[str, Verdict] = field(default_factory=dict)
    skipped: set[str] = field(default_factory=set)
    last: int = 0
    queued: int = 0

    def apply(self, lines: Iterable[Decision]) -> None:
        """Add lines of the log, in its order."""
        for line in lines:
            self.last = max(self.last, line.number)
            own = self.live.setdefault(line.key, {}).setdefault(line.reviewer, [])
            if line.route in (ORDERED, AUDIT):
                self.queued += 1 if line.retracts is None else -1
            if line.retracts is None:
                own.append(line)
            else:
                own[:] = [d for d in own if d.number != line.retracts]
            self._settle(line.key)

    def _settle(self, key: str) -> None:
        opinions, held = self.opinions(key), self.labelled(key)
        self.verdicts.pop(key, None)
        self.skipped.discard(key)
        if held:
            self.verdicts[key] = verdict_of(held)
        elif opinions:
            self.skipped.add(key)

    def opinions(self, key: str) -> dict[str, Decision]:
        """Each reviewer's present decision on a post, skips included."""
        return {who: lines[-1] for who, lines in self.live.get(key, {}).items() if lines}

    def labelled(self, key: str) -> dict[str, Decision]:
        """Like :meth:`opinions`, without skips."""
        return {who: d for who, d in self.opinions(key).items() if d.decision != SKIP}


def law_verdict_of(opinions: Mapping[str, Decision]) -> LawVerdict | None:
    """What follows from the opinions on a post's acts, by skipped posts too; None where nobody said anything."""
    said = {who: d.law for who, d in opinions.items() if d.law is not None}
    if not said:
        return None
    counts = Counter(said.values()).most_common(2)
    tied = len(counts) > 1 and counts[0][1] == counts[1][1]
    return LawVerdict(None if tied else counts[0][0], tuple(sorted(said)), len(counts) == 1)


def verdict_of(held: Mapping[str, Decision]) -> Verdict:
    """The verdict that follows from at least one opinion."""
    counts = Counter((d.decision, d.pair) for d in held.values()).most_common()
    (label, pair), most = counts[0]
    agreed = len(counts) == 1
    if len(counts) > 1 and counts[1][1] == most:
        label = UNCLEAR
    return Verdict(label, pair, tuple(sorted(held)), agreed)


def agreements(standing: Standing, keys: Iterable[str]) -> list[dict[str, Any]]:
    """Cohen's kappa for every two reviewers who decided the same posts, toward whichever pair.

    Posts that either called unclear cannot agree or differ in a label; ``unclear`` counts them apart.
    """
    both: dict[tuple[str, str], list[tuple[str, str]]] = {}
    unclear: Counter[tuple[str, str]] = Counter()
    for key in keys:
        held = standing.labelled(key)
        for a, b in combinations(sorted(held), 2):
            labels = (held[a].decision, held[b].decision)
            if set(labels) <= set(LABELS):
                both.setdefault((a, b), []).append(labels)
            else:
                unclear[a, b] += 1
    found = []
    for pair in sorted(both.keys() | unclear.keys()):
        rows = both.get(pair, [])
        measured = agreement([x for x, _ in rows], [y for _, y in rows]) if rows else None
        found.append({
            "reviewers": list(pair), "n": len(rows), "unclear": unclear[pair],
            "agreed": measured.agreed if measured else 0, "kappa": measured.kappa if measured else None,
            "ci95": list(measured.interval) if measured and measured.interval else None,
        })  # fmt: skip
    return found
