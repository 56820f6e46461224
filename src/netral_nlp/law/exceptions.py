"""Which exception may apply to a post: its conditions, met or not, read in the clause where they stand.

The conditions are rows of ``syarat_pengecualian.csv``, the cues that meet or break them rows of ``isyarat_syarat.csv``:
``UJAR, BERITA`` is either class, ``MUNCUL+PERGI`` both in the post. Cues in quotation marks are somebody else's. What
breaks a condition does not where its clause negates it: "ora melu yel-yel" is no cheering.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import Enum

from netral_nlp.law.clauses import ActView
from netral_nlp.law.rules import Rules

CHECK = "periksa"
NEGATIONS = frozenset({"NEGASI", "TANPA", "TOLAK", "LARANG", "PASIF"})
BY_ACCOUNT = "BUKAN_ASN"
GRAMMAR = 1.0  # what conditions that are all met add to the model's score of an exception


class State(Enum):
    """What a post says of a condition."""

    MET = "terpenuhi"
    MISSING = "tidak disebut"
    BROKEN = "gugur"


@dataclass(frozen=True, slots=True)
class Condition:
    """One condition of an exception, and what the post says of it."""

    name: str
    state: State
    needed: bool  # without it the exception does not apply; else a person checks


@dataclass(frozen=True, slots=True)
class Exemption:
    """An exception that a post may fall under. ``strength`` above 0 speaks for it."""

    code: str
    effect: str
    conditions: tuple[Condition, ...]
    strength: float
    cued: bool

    @property
    def missing(self) -> tuple[str, ...]:
        """The conditions that a person must check."""
        return tuple(c.name for c in self.conditions if c.state is State.MISSING)

    @property
    def broken(self) -> bool:
        """Whether a condition that is needed is broken."""
        return any(c.state is State.BROKEN and c.needed for c in self.conditions)

    @property
    def whole(self) -> bool:
        """Whether all conditions that are needed are met."""
        return all(c.state is State.MET for c in self.conditions if c.needed)


class ExceptionReader:
    """Reads posts for exceptions under some tables."""

    def __init__(self, rules: Rules) -> None:
        self._rules = rules
        self._cues = {
            (row["pengecualian"], row["syarat"]): (_alternatives(row["isyarat"]), _alternatives(row["gugur_oleh"]))
            for row in rules.tables["isyarat_syarat"]
        }
        self.order = {code: rank for rank, code in enumerate(rules.exceptions)}

    def find(self, view: ActView, scores: Mapping[str, float], day: date | None) -> list[Exemption]:
        """The exceptions that a cue speaks for, the strongest first; ``scores`` are the model's, by code.

        An exception whose needed condition is broken is none.
        """
        found: list[Exemption] = []
        for rule in self._rules.all("pengecualian", day) or self._rules.tables["pengecualian"]:
            code = rule["kode"]
            if code == BY_ACCOUNT:
                continue
            conditions, cued = self._conditions(code, view, day)
            if not cued:
                continue
            exemption = Exemption(code, rule["akibat"], conditions, scores.get(code, -1.0), True)
            if exemption.broken:
                continue
            strength = exemption.strength + (GRAMMAR if exemption.whole else 0.0)
            found.append(Exemption(code, rule["akibat"], conditions, strength, True))
        return sorted(found, key=lambda one: (-one.strength, self.order[one.code]))

    def by_account(self, day: date | None) -> Exemption:
        """The exception of an account that is known to be no civil servant's."""
        rule = next(r for r in self._rules.tables["pengecualian"] if r["kode"] == BY_ACCOUNT)
        names = [row["syarat"] for row in self._rules.all("syarat_pengecualian", day, pengecualian=BY_ACCOUNT)]
        met = tuple(Condition(name, State.MET, True) for name in names)
        return Exemption(BY_ACCOUNT, rule["akibat"], met, 9.0, True)

    def _conditions(self, code: str, view: ActView, day: date | None) -> tuple[tuple[Condition, ...], bool]:
        found: list[Condition] = []
        cued = False
        for row in self._rules.all("syarat_pengecualian", day, pengecualian=code):
            for_it, against = self._cues.get((code, row["syarat"]), ((), ()))
            needed = row["bila_tidak_disebut"] != CHECK
            if any(_broken(view, group) for group in against):
                state = State.BROKEN
            elif not for_it:
                state = State.MET
            elif any(group <= view.kinds for group in for_it):
                state, cued = State.MET, True
            else:
                state = State.MISSING
            found.append(Condition(row["syarat"], state, needed))
        return tuple(found), cued


def _alternatives(cell: str) -> tuple[frozenset[str], ...]:
    groups = (frozenset(part.strip() for part in one.split("+")) for one in cell.split(",") if one.strip())
    return tuple(groups)


def _broken(view: ActView, group: frozenset[str]) -> bool:
    return any(
        group <= clause.kinds and not clause.quoted and NEGATIONS.isdisjoint(clause.kinds) for clause in view.clauses
    )
