"""What is strange about a whole file, its times compared with the election's dates."""

from __future__ import annotations

from netral_nlp.law.moments import read_day
from netral_nlp.model.model import Model
from netral_nlp.roster import Roster
from netral_nlp.scoring.noticing import Noticed, describe_noticed, note_model


def notes_on(noticed: Noticed, scored: int, roster: Roster, model: Model) -> tuple[str, ...]:
    """One sentence for everything strange about a file of which so many rows were scored, and about its model."""
    zone = roster.election.zone
    strange = describe_noticed(noticed, scored, roster, lambda cell: read_day(cell, zone))
    return (*note_model(model.facts, roster.election.id), *strange)
