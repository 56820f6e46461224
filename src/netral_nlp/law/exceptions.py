"""Which exception may apply to a post: its conditions, met or not, read in the clause where they stand.

The conditions are rows of ``syarat_pengecualian.csv``, the cues that meet or break them rows of ``isyarat_syarat.csv``:
``UJAR, BERITA`` is either class, ``MUNCUL+PERGI`` both in the post. Cues in quotation marks are somebody else's. What
breaks a condition does not where its clause negates it: "ora melu yel-yel" is no cheering.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
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


Groups = tuple[frozenset[str], ...]


@dataclass(frozen=True, slots=True)
class _Wanted:
    """One condition: its name, whether it is needed, and the groups of classes that meet or break it."""

    name: str
    needed: bool
    met_by: Groups
    broken_by: Groups


@dataclass(frozen=True, slots=True)
class _Plan:
    """One exception on some day."""

    code: str
    effect: str
    wanted: tuple[_Wanted, ...]

    def read(self, view: ActView) -> tuple[tuple[Condition, ...], bool]:
        """The conditions as a post meets them, and whether any cue speaks for one."""
        met = [any(group <= view.kinds for group in one.met_by) for one in self.wanted]
        if not any(met):
            return (), False
        found: list[Condition] = []
        for one, cued in zip(self.wanted, met, strict=True):
            state = State.MET if cued or not one.met_by else State.MISSING
            if any(_broken(view, group) for group in one.broken_by):
                state = State.BROKEN
            found.append(Condition(one.name, state, one.needed))
        return tuple(found), True


class ExceptionReader:
    """Reads posts for exceptions under some tables."""

    def __init__(self, rules: Rules) -> None:
        self._rules = rules
        self._cues = {
            (row["pengecualian"], row["syarat"]): (_alternatives(row["isyarat"]), _alternatives(row["gugur_oleh"]))
            for row in rules.tables["isyarat_syarat"]
        }
        self._plans: dict[date | None, list[_Plan]] = {}
        self.order = {code: rank for rank, code in enumerate(rules.exceptions)}

    def find(self, view: ActView, scores: Mapping[str, float], day: date | None) -> list[Exemption]:
        """The exceptions that a cue speaks for, the strongest first; ``scores`` are the model's, by code.

        An exception whose needed condition is broken is none, nor is one whose score no condition could lift above 0.
        """
        found: list[Exemption] = []
        for plan in self._plan(day):
            if scores.get(plan.code, -GRAMMAR) <= -GRAMMAR:
                continue
            conditions, cued = plan.read(view)
            if not cued:
                continue
            exemption = Exemption(plan.code, plan.effect, conditions, scores.get(plan.code, -1.0), True)
            if not exemption.broken:
                strength = exemption.strength + (GRAMMAR if exemption.whole else 0.0)
                found.append(Exemption(plan.code, plan.effect, conditions, strength, True))
        return sorted(found, key=lambda one: (-one.strength, self.order[one.code]))

    def _plan(self, day: date | None) -> list[_Plan]:
        """What is looked for on a day, exception by exception."""
        if day not in self._plans:
            rows = self._rules.all("pengecualian", day) or self._rules.tables["pengecualian"]
            self._plans[day] = [
                _Plan(row["kode"], row["akibat"], tuple(self._wanted(row["kode"], day)))
                for row in rows
                if row["kode"] != BY_ACCOUNT
            ]
        return self._plans[day]

    def _wanted(self, code: str, day: date | None) -> Iterator[_Wanted]:
        for row in self._rules.all("syarat_pengecualian", day, pengecualian=code):
            for_it, against = self._cues.get((code, row["syarat"]), ((), ()))
            yield _Wanted(row["syarat"], row["bila_tidak_disebut"] != CHECK, for_it, against)

    def by_account(self, day: date | None) -> Exemption:
        """The exception of an account that is known to be no civil servant's."""
        rule = next(r for r in self._rules.tables["pengecualian"] if r["kode"] == BY_ACCOUNT)
        names = [row["syarat"] for row in self._rules.all("syarat_pengecualian", day, pengecualian=BY_ACCOUNT)]
        met = tuple(Condition(name, State.MET, True) for name in names)
        return Exemption(BY_ACCOUNT, rule["akibat"], met, 9.0, True)


def _alternatives(cell: str) -> Groups:
    groups = (frozenset(part.strip() for part in one.split("+")) for one in cell.split(",") if one.strip())
    return tuple(groups)


def _broken(view: ActView, group: frozenset[str]) -> bool:
    return any(
        group <= clause.kinds and not clause.quoted and NEGATIONS.isdisjoint(clause.kinds) for clause in view.clauses
    )
