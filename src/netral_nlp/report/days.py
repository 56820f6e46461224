"""The day that a cell speaks of, in the ways that exports write it."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime

MONTHS = {
    "jan": 1, "feb": 2, "mar": 3, "apr": 4, "mei": 5, "may": 5, "jun": 6, "jul": 7, "agu": 8, "ags": 8, "aug": 8,
    "sep": 9, "okt": 10, "oct": 10, "nov": 11, "des": 12, "dec": 12,
}  # fmt: skip
_YEAR_FIRST = re.compile(r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})(?!\d)")
_DAY_FIRST = re.compile(r"(\d{1,2})[-/.](\d{1,2})[-/.](\d{4})(?!\d)")
_NAMED = re.compile(r"(?<!\d)(\d{1,2})[ -]([A-Za-z]{3})[a-z]*[ -](\d{4})(?!\d)")
_TWITTER = re.compile(r"[A-Z][a-z]{2} ([A-Z][a-z]{2}) (\d{1,2}) [\d:]{8} [+-]\d{4} (\d{4})")
_EPOCH = re.compile(r"1\d{9}(?:\d{3})?")


def day_of(cell: str) -> date | None:
    """The day in a cell, None where there is none; ``05/10/2024`` is the fifth of October, as Indonesians write.

    Where the second number cannot be a month, the first is. Seconds or milliseconds since 1970 are read in UTC.

    >>> day_of("2024-09-25T06:41:00+07:00"), day_of("25/09/2024 06:41"), day_of("9/25/2024")
    (datetime.date(2024, 9, 25), datetime.date(2024, 9, 25), datetime.date(2024, 9, 25))
    >>> day_of("Rabu, 25 September 2024"), day_of("1727221260"), day_of("kemarin")
    (datetime.date(2024, 9, 25), datetime.date(2024, 9, 24), None)
    """
    cell = cell.strip()[:64]
    if found := _YEAR_FIRST.match(cell):
        year, month, day = (int(x) for x in found.groups())
        return _date(year, month, day)
    if found := _DAY_FIRST.match(cell):
        day, month, year = (int(x) for x in found.groups())
        return _date(year, month, day) or _date(year, day, month)
    if found := _NAMED.search(cell):
        return _date(int(found[3]), MONTHS.get(found[2].lower(), 0), int(found[1]))
    if found := _TWITTER.match(cell):
        return _date(int(found[3]), MONTHS.get(found[1].lower(), 0), int(found[2]))
    if _EPOCH.fullmatch(cell):
        return datetime.fromtimestamp(int(cell[:10]), UTC).date()
    return None


def _date(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None
