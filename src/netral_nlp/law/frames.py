"""The grammar of acts: which classes of cues together, in one clause or one post, tell an act, and what blocks it.

The frames are rows of ``kerangka.csv``. A frame needs all its classes (``unsur``) in one clause (``klausa``) or
anywhere in the post (``unggahan``), and a pair where the row says so. A class of ``penghalang`` in a clause of the
frame blocks it: a refusal, a condition, a question, a rule that is told, another contest, somebody else's words or
doings, the past before becoming a civil servant.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from netral_nlp.law.clauses import ActView, Clause
from netral_nlp.law.cues import SELF
from netral_nlp.law.rules import Rules

OTHERS = "ORANG_LAIN"
WHOLE_POST = frozenset({"TANYA", "LAMPAU", "LARANG", "LAIN"})  # blockers that reach beyond their clause
CLAUSE = "klausa"
MUST = "ya"


@dataclass(frozen=True, slots=True)
class Frame:
    """One row of the grammar."""

    act: str
    name: str
    parts: frozenset[str]
    in_clause: bool
    pair: bool
    blockers: frozenset[str]


@dataclass(frozen=True, slots=True)
class FoundFrame:
    """A frame that stands in a post; ``blocks`` are the classes that speak against it, none where it holds."""

    act: str
    name: str
    blocks: tuple[str, ...]
    clauses: tuple[int, ...]


def listed(cell: str) -> frozenset[str]:
    """The classes of a cell such as ``TOLAK; ANDAI``."""
    return frozenset(part.strip() for part in cell.split(";") if part.strip())


def frames_of(rules: Rules) -> tuple[Frame, ...]:
    """The grammar of the tables."""
    return tuple(
        Frame(row["perbuatan"], row["kerangka"], listed(row["unsur"]), row["lingkup"] == CLAUSE, row["paslon"] == MUST,
              listed(row["penghalang"]))
        for row in rules.tables["kerangka"]
    )  # fmt: skip


def find_frames(view: ActView, frames: Sequence[Frame]) -> list[FoundFrame]:
    """The frames that stand in a post, each once: where one clause blocks it and another does not, it holds."""
    whole = view.kinds
    named = view.named
    found: list[FoundFrame] = []
    for frame in frames:
        if not frame.parts <= whole or (frame.pair and not named):
            continue
        places: list[tuple[int, ...]]
        if frame.in_clause:
            places = [(i,) for i, clause in enumerate(view.clauses) if frame.parts <= clause.kinds]
        else:
            places = [tuple(i for i, clause in enumerate(view.clauses) if not frame.parts.isdisjoint(clause.kinds))]
        best: FoundFrame | None = None
        for place in places:
            blocks = _blocks(view, [view.clauses[i] for i in place], frame, whole)
            if best is None or len(blocks) < len(best.blocks):
                best = FoundFrame(frame.act, frame.name, blocks, place)
        if best is not None:
            found.append(best)
    return found


def _blocks(view: ActView, clauses: Sequence[Clause], frame: Frame, whole: frozenset[str]) -> tuple[str, ...]:
    here = frozenset().union(*(clause.kinds for clause in clauses))
    against = (here | (whole & WHOLE_POST)) & frame.blockers - frame.parts
    if SELF in here:  # whoever speaks of himself and others acts himself
        against -= {OTHERS}
    quoted = {"KUTIP"} if all(clause.quoted for clause in clauses) else set()
    return tuple(sorted(against | quoted))
