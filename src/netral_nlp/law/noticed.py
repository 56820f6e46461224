"""What is strange about a whole file, its times compared with the election's dates."""

from __future__ import annotations

from netral_nlp.law.moments import read_day
from netral_nlp.roster import Roster
from netral_nlp.scoring.noticing import Noticed, describe_noticed


def notes_on(noticed: Noticed, scored: int, roster: Roster) -> tuple[str, ...]:
    """One sentence for everything strange about a file of which so many rows were scored."""
    zone = roster.election.zone
    return describe_noticed(noticed, scored, roster, lambda cell: read_day(cell, zone))
