"""The phase of an election in which a day lies, from the dates of its roster."""

from __future__ import annotations

from datetime import date

from netral_nlp.roster.elections import Dates

BEFORE, DESIGNATED, CAMPAIGN, QUIET, VOTE, AFTER = PHASES = (
    "sebelum penetapan", "penetapan", "kampanye", "masa tenang", "pemungutan suara", "sesudah",
)  # fmt: skip
OPEN_ALL_DAY = (QUIET, VOTE)


def phase_of(dates: Dates, day: date | None) -> str:
    """One of :data:`PHASES`; empty where the day is unknown or the given dates cannot tell.

    ``penetapan`` lasts from the designation to the eve of the campaign: before it people are ``bakal calon``, from it
    on they are ``calon``. For a legislature without a day of designation the final list (``dct``) is one. Days between
    the campaign and the vote are quiet days where the roster names none; where it does, only those are.

    >>> phase_of(Dates(vote=date(2024, 11, 27)), date(2024, 11, 28))
    'sesudah'
    """
    if day is None:
        return ""
    if dates.vote is not None and day >= dates.vote:
        return VOTE if day == dates.vote else AFTER
    if dates.quiet is not None and day >= dates.quiet[0]:
        return QUIET if day <= dates.quiet[1] else ""
    if dates.campaign is not None and day >= dates.campaign[0]:
        if day <= dates.campaign[1]:
            return CAMPAIGN
        return QUIET if dates.vote is not None and dates.quiet is None else ""
    designation = dates.designation or dates.dct
    if designation is None:
        return ""
    if day < designation:
        return BEFORE
    return DESIGNATED if dates.campaign is not None or day == designation else ""
