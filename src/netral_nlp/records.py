"""Frozen values that travel between the floors."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from netral_nlp.roster import Roster

SUPPORT, NEUTRAL, OPPOSE = LABELS = ("dukung", "netral", "tolak")
UNSURE = "ragu"

Progress = Callable[[str], None]  # is told in words what is being done


@dataclass(frozen=True, slots=True)
class Case:
    """One question to the model: how does the author of ``text`` stand toward ``pair`` of ``roster``?"""

    text: str
    pair: str
    roster: Roster


@dataclass(frozen=True, slots=True)
class Evidence:
    """What one stretch of the original post adds to the log-odds of each label.

    ``start:end`` are character offsets into the post as it was given; several stretches may be one feature's. ``whole``
    marks what belongs to no stretch but to the post as a whole.
    """

    written: str
    start: int
    end: int
    dukung: float
    netral: float
    tolak: float
    whole: bool = False
