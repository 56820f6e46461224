"""What is strange about a whole file, its times compared with the election's dates."""

from __future__ import annotations

from netral_nlp.law.moments import read_day
from netral_nlp.model.model import Model
from netral_nlp.roster import Roster
from netral_nlp.scoring.noticing import Noticed, describe_noticed, note_model


def notes_on(
    noticed: Noticed, scored: int, roster: Roster, model: Model, law: str | None = None
) -> tuple[str, ...]:  # fmt: skip
    """One sentence for everything strange about a file of which so many rows were scored, and about its model.

    ``law`` is the digest of the tables that gave its law columns, None where it has none.
    """
    zone = roster.election.zone
    strange = describe_noticed(noticed, scored, roster, lambda cell: read_day(cell, zone))
    told = [] if law is None else [f"Tables of the law: SHA-256 {law}"]
    if (law is not None or noticed.times) and not names_zone(roster):
        told.append(
            f"The roster {roster.election.id} names no zone: days are taken as those of {zone}. Near midnight a phase "
            'may be another elsewhere; write zone = "Asia/Makassar" (or another) under [election].'
        )
    return (*note_model(model.facts, roster.election.id), *strange, *told)


def names_zone(roster: Roster) -> bool:
    """Whether the roster's file says its zone; one that was not read from a file is believed."""
    return not roster.lines or ("election", "zone") in roster.lines
