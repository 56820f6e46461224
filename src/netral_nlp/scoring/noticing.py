"""What is strange about a whole file of posts: no pair named, copies, ids that stand twice, times of another year."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from netral_nlp.roster import Roster
from netral_nlp.scoring.inputs import Places
from netral_nlp.tables.copies import Copies
from netral_nlp.tables.parts import Rows

REMEMBERED = 1_000_000  # posts and ids; of larger files only the first so many are compared
TIMES = 400  # cells that are kept to compare with the election's dates
FEW = 3  # posts; fewer may well name nobody, whatever the roster
BEFORE, AFTER = timedelta(days=2 * 365), timedelta(days=365)  # of the vote, in which posts about it are written


@dataclass(slots=True)
class Noticed:
    """Counts over a file: ``named`` judgements that are toward a pair, posts that are ``copies``, ids seen ``twice``.

    ``times`` are cells of the time column, some hundred from the whole file.
    """

    named: int = 0
    copies: int = 0
    twice: int = 0
    times: list[str] = field(default_factory=list)
    id_column: str = ""


class Watcher:
    """Looks at rows as they pass."""

    def __init__(self, places: Places) -> None:
        self._places = places
        self._texts, self._ids = Copies(REMEMBERED), Copies(REMEMBERED)
        self._rows = 0
        self._stride = 1

    def look(self, rows: Rows, noticed: Noticed) -> None:
        """Some more rows that can be scored."""
        noticed.copies += self._texts.count(rows.joined(self._places.text))
        if (at := self._places.id) is not None:
            noticed.twice += self._ids.count(rows.joined(at))
        if (at := self._places.time) is not None:
            self._look_at_times(rows, at, noticed.times)

    def _look_at_times(self, rows: Rows, column: int, times: list[str]) -> None:
        """Each so many-th row's, fewer the more there are."""
        at = -self._rows % self._stride
        while at < len(rows):
            if cell := rows[at].cells[column].strip():
                times.append(cell[:64])
            if len(times) >= TIMES:
                del times[1::2]
                self._stride *= 2
            at += self._stride - (self._rows + at) % self._stride
        self._rows += len(rows)


def note_model(facts: Mapping[str, Any], election: str) -> tuple[str, ...]:
    """A sentence where a model was fitted to another election than the one that is scored."""
    told = []
    for key, what, named in (("adapted", "adapted", "election"), ("recalibrated", "calibrated", "elections")):
        found = facts.get(key)
        known = found.get(named) if isinstance(found, Mapping) else None
        elections = [known] if isinstance(known, str) else list(known or ())
        if elections and election not in elections:
            told.append(f"The model is {what} to {', '.join(map(str, elections[:3]))}, not to {election}: use the "
                        "model that it was made from, or make one for this election.")  # fmt: skip
    return tuple(told)


def describe_noticed(
    noticed: Noticed, scored: int, roster: Roster, day_of: Callable[[str], date | None] = lambda cell: None
) -> tuple[str, ...]:
    """One sentence for everything strange; ``day_of`` reads the day in a cell."""
    found: list[str] = []
    election = roster.election
    if scored >= FEW and not noticed.named:
        found.append(f"No post names a pair of {election.id}. Is it the right roster? netral roster check shows which "
                     "names it knows.")  # fmt: skip
    if noticed.copies:
        found.append(f"{noticed.copies:,} of {scored:,} posts are copies of another one.")
    if noticed.twice and 2 * noticed.twice < scored:
        found.append(f'{noticed.twice:,} rows have an id ("{noticed.id_column}") that stood before.')
    days = [day for day in map(day_of, noticed.times) if day is not None]
    vote = election.dates.vote
    if vote is not None and days:
        outside = sum(not vote - BEFORE <= day <= vote + AFTER for day in days)
        if 2 * outside > len(days):
            found.append(f"The posts are of {min(days)} to {max(days)}, but {election.id} votes on {vote}. Is it the "
                         "right roster?")  # fmt: skip
    return tuple(found)
