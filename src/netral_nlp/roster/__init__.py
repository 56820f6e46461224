"""Elections, the pairs on their ballots, and what people call them."""

from __future__ import annotations

from netral_nlp.roster.reading import (
    EMPTY_BOX,
    KINDS,
    OFFICES,
    Dates,
    Election,
    Pair,
    Roster,
    load_roster,
    load_rosters,
    parse_roster,
)

__all__ = ["EMPTY_BOX", "KINDS", "OFFICES", "Dates", "Election", "Pair", "Roster"]
__all__ += ["load_roster", "load_rosters", "parse_roster"]
