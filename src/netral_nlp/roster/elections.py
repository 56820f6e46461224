"""An election, its dates and the pairs on its ballot, as frozen values."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import date
from difflib import get_close_matches

from netral_nlp.errors import InputError

OFFICES = ("president", "governor", "regent", "mayor", "legislature")
KINDS = ("paslon", "kolom kosong", "bakal calon", "caleg", "partai")
EMPTY_BOX = "kolom kosong"
ZONES = ("Asia/Jakarta", "Asia/Pontianak", "Asia/Makassar", "Asia/Jayapura")

Place = tuple[str | int, ...]
"""Where a value stands in a roster: ``("pair", 0, "aliases", 2)`` is the third alias of the first pair."""


@dataclass(frozen=True, slots=True)
class Dates:
    """The calendar of an election; what the roster does not give is None. Ranges include both ends.

    ``dct`` is the day on which the final list of candidates for a legislature is set. Which phase a day lies in,
    `netral_nlp.law.phases` tells.
    """

    designation: date | None = None
    campaign: tuple[date, date] | None = None
    quiet: tuple[date, date] | None = None
    vote: date | None = None
    dct: date | None = None


@dataclass(frozen=True, slots=True)
class Election:
    """What is voted on; ``office`` is one of :data:`OFFICES`, ``zone`` one of :data:`ZONES`.

    Days are whole days of that zone.
    """

    id: str
    name: str
    office: str
    dates: Dates = Dates()
    zone: str = ZONES[0]


@dataclass(frozen=True, slots=True)
class Pair:
    """One choice of the ballot and everything people call it; ``kind`` is one of :data:`KINDS`.

    ``hostile`` holds the hashtags of its opponents, ``not_aliases`` the words of its names that do not stand for it by
    themselves. A pair without a number has not drawn one (yet).
    """

    id: str
    number: int | None
    candidate: str
    running_mate: str = ""
    aliases: tuple[str, ...] = ()
    hashtags: tuple[str, ...] = ()
    handles: tuple[str, ...] = ()
    slogans: tuple[str, ...] = ()
    symbols: tuple[str, ...] = ()
    hostile: tuple[str, ...] = ()
    not_aliases: tuple[str, ...] = ()
    kind: str = "paslon"


@dataclass(frozen=True, slots=True)
class Roster:
    """One election with its pairs, in the order of the file.

    ``digest`` is the SHA-256 of what the roster says, in hexadecimal; the layout of the file does not change
    it. ``lines`` says on which line (from 1) each value stands. Two rosters that say the same are equal,
    wherever they were read from.
    """

    election: Election
    pairs: tuple[Pair, ...]
    path: str = field(default="", compare=False)
    digest: str = ""
    lines: Mapping[Place, int] = field(default_factory=dict, compare=False, repr=False)

    @property
    def ids(self) -> tuple[str, ...]:
        """The pairs' ids, in the order of the file."""
        return tuple(pair.id for pair in self.pairs)

    def pair(self, id: str) -> Pair:
        """The pair with that id.

        Raises InputError, with the nearest id, when the roster has no such pair.
        """
        for pair in self.pairs:
            if pair.id == id:
                return pair
        near = get_close_matches(id, self.ids, 1) or [", ".join(self.ids)]
        raise InputError(
            f'The roster "{self.election.id}" has no pair "{id}"; did you mean: {near[0]}?',
            path=self.path or None,
        )

    def line(self, *place: str | int) -> int:
        """The line of a value, or of the nearest thing around it that is known; 1 if nothing is."""
        for length in range(len(place), 0, -1):
            if place[:length] in self.lines:
                return self.lines[place[:length]]
        return 1


def digest_of(election: Election, pairs: Sequence[Pair]) -> str:
    """SHA-256, in hexadecimal, of all that a roster says; comments, blanks and line ends do not change it."""
    said = [asdict(election), [asdict(pair) for pair in pairs]]
    return hashlib.sha256(json.dumps(said, default=str).encode()).hexdigest()
