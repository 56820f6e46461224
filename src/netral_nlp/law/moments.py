"""When something happened, in the local time of an election, however a cell writes it.

A cell that names its zone (an offset, ``Z``, WIB, WITA, WIT, seconds since 1970) is converted; a cell that names none
is local already, so that the election's zone never changes it.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, timezone

ZONES = {"Asia/Jakarta": "WIB", "Asia/Pontianak": "WIB", "Asia/Makassar": "WITA", "Asia/Jayapura": "WIT"}
"""The zones an election can have; none of them has known another time than today's since 1988."""

HOURS = {
    "WIB": 7, "WITA": 8, "WIT": 9, "Z": 0, "UTC": 0, "GMT": 0, "SGT": 8, "MYT": 8,
    "EST": -5, "EDT": -4, "PST": -8, "PDT": -7,
}  # fmt: skip
MONTHS = {
    "jan": 1, "feb": 2, "peb": 2, "mar": 3, "apr": 4, "mei": 5, "may": 5, "jun": 6, "jul": 7,
    "agu": 8, "ags": 8, "agt": 8, "aug": 8, "sep": 9, "okt": 10, "oct": 10, "nov": 11, "nop": 11, "des": 12, "dec": 12,
}  # fmt: skip
WEEKDAYS = ("Senin", "Selasa", "Rabu", "Kamis", "Jumat", "Sabtu", "Minggu")
MONTH_NAMES = (
    "Januari", "Februari", "Maret", "April", "Mei", "Juni", "Juli", "Agustus", "September", "Oktober", "November",
    "Desember",
)  # fmt: skip
LONGEST = 80  # characters of a cell that are looked at
SERIALS = range(32874, 73051)  # the day numbers of workbooks for 1990 to 2099
YEARS = range(1945, 2101)

_ISO = re.compile(r"\d{4}-\d\d-\d\d(?:[T ]\d\d:\d\d(?::\d\d(?:\.\d{1,6})?)?(?:Z|[+-]\d\d:?\d\d)?)?", re.ASCII)
_USUAL = re.compile(
    r"(\d{1,2})[/-](\d{1,2})[/-](\d{4}),? (\d{1,2})[.:](\d\d)(?:[.:](\d\d))?(?: ((?i:WIB|WITA|WIT)))?", re.ASCII
)
_EPOCH = re.compile(r"([1-4]\d{9})(\d{3}|\d{6})?(?:[.,]0*)?")
_SERIAL = re.compile(r"(\d{5})(?:[.,](\d+))?")
_COMPACT = re.compile(r"((?:19|20)\d\d)(\d\d)(\d\d)(?:[T ]?(\d\d)(\d\d)(\d\d)?)?(?=\D|$)")
_MONTH = r"([A-Za-z]{3,9})\.?"
_DATES = (  # each with the places of year, month and day
    (re.compile(r"(?<!\d)(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})(?!\d)"), (1, 2, 3)),
    (re.compile(r"(?<!\d)(\d{1,2})[-/.](\d{1,2})[-/.](\d{4})(?!\d)"), (3, 2, 1)),
    (re.compile(r"(?<!\d)(\d{1,2})[-/](\d{1,2})[-/](\d\d)(?!\d)"), (3, 2, 1)),  # with dots it may be an hour
    (re.compile(rf"(?<!\d)(\d{{1,2}})-{_MONTH}-(\d\d)(?!\d)"), (3, 2, 1)),  # as workbooks show it: 25-Sep-24
    (re.compile(rf"(?<!\d)(\d{{1,2}})[ -]?{_MONTH}[ ,-]*(\d{{4}})(?!\d)"), (3, 2, 1)),
    (re.compile(rf"\b{_MONTH} (\d{{1,2}})(?:st|nd|rd|th)?,? (\d{{4}})(?!\d)"), (3, 1, 2)),
    (re.compile(rf"\b{_MONTH} (\d{{1,2}}) (?=\d\d:\d\d).*?\b(\d{{4}})$"), (3, 1, 2)),  # Wed Sep 25 06:41:00 +0000 2024
)
_CLOCK = re.compile(
    r"(?<![\d+-])(\d{1,2})[.:](\d\d)(?:[.:](\d\d)(?:[.,]\d+)?)?(?!\d)(?:\s?([AaPp])\.?[Mm]\b)?", re.ASCII
)
_OFFSET = re.compile(r"(?:(?<=\d)|(?<=\s)|(?<=UTC)|(?<=GMT))([+-])(\d{1,2})(?::?(\d\d))?(?!\d)")
_LETTERS = re.compile(r"(?<![A-Za-z])((?i:WITA|WIB|WIT|UTC|GMT|Z)|SGT|MYT|EST|EDT|PST|PDT)(?![A-Za-z])")


@dataclass(frozen=True, slots=True, order=True)
class Moment:
    """A day of the election's zone, and the hour of it where that is known."""

    day: date
    hour: time | None = None

    def __str__(self) -> str:
        return self.day.isoformat() if self.hour is None else f"{self.day.isoformat()}T{self.hour.isoformat()}"


def read_moment(cell: str, zone: str = "Asia/Jakarta") -> Moment | None:
    """The local moment that a cell speaks of, None where it tells no day; ``zone`` is one of :data:`ZONES`.

    ``05/10/2024`` is the fifth of October; where the second number cannot be a month, the first is. A number of ten,
    thirteen or sixteen digits counts seconds, milliseconds or microseconds since 1970; one of five digits is the day
    number of a workbook, its fraction the local hour. 24.00 is the beginning of the next day.

    >>> str(read_moment("23/11/2024 23.30 WIB", "Asia/Makassar")), str(read_moment("23/11/2024 23.30"))
    ('2024-11-24T00:30:00', '2024-11-23T23:30:00')
    >>> str(read_moment("1726938000")), str(read_moment("Rabu, 25 September 2024 pukul 06.41"))
    ('2024-09-22T00:00:00', '2024-09-25T06:41:00')
    >>> str(read_moment("45560.25")), str(read_moment("25 Sept 2024")), read_moment("kemarin")
    ('2024-09-25T06:00:00', '2024-09-25', None)
    """
    if _ISO.fullmatch(cell) and (moment := _of_iso(cell, zone)) is not None:
        return moment
    text = " ".join(cell[:LONGEST].split())
    if not text:
        return None
    if (found := _USUAL.fullmatch(text)) and (moment := _of_usual(found, zone)) is not None:
        return moment
    if not text.isascii():
        text = " ".join(unicodedata.normalize("NFKC", text).replace("\u2212", "-").split())
    if found := _EPOCH.fullmatch(text):
        return _local(datetime.fromtimestamp(int(found[1]), UTC), zone)
    if (found := _SERIAL.fullmatch(text)) and int(found[1]) in SERIALS:
        return _of_serial(int(found[1]), found[2])
    day, clock, rest = _parts(text)
    if day is None:
        return None
    if clock is None:
        return Moment(day)
    hours, minutes, seconds = clock
    written = datetime.combine(day, time()) + timedelta(hours=hours, minutes=minutes, seconds=seconds)
    offset = _offset(rest)
    return Moment(written.date(), written.time()) if offset is None else _local(written.replace(tzinfo=offset), zone)


def read_day(cell: str, zone: str = "Asia/Jakarta") -> date | None:
    """The local day of a cell, None where it tells none."""
    moment = read_moment(cell, zone)
    return None if moment is None else moment.day


def say_day(day: date) -> str:
    """A day as Indonesians read it.

    >>> say_day(date(2024, 11, 27))
    'Rabu, 27 November 2024'
    """
    return f"{WEEKDAYS[day.weekday()]}, {day.day} {MONTH_NAMES[day.month - 1]} {day.year}"


_OFFSETS = {zone: timezone(timedelta(hours=HOURS[name])) for zone, name in ZONES.items()}


def offset_of(zone: str) -> timezone:
    """The offset of one of :data:`ZONES`; raises KeyError for another."""
    return _OFFSETS[zone]


def _of_iso(cell: str, zone: str) -> Moment | None:
    """The most usual form, read in a tenth of the time; None where it is no moment after all."""
    try:
        written = datetime.fromisoformat(cell)
    except ValueError:
        return None
    if written.year not in YEARS:
        return None
    if written.tzinfo is not None:
        return _local(written, zone)
    return Moment(written.date(), None if len(cell) == len("2024-11-27") else written.time().replace(microsecond=0))


def _of_usual(found: re.Match[str], zone: str) -> Moment | None:
    """Day, month, year, hour and one of our zones; None where the general reading must decide."""
    day, month, year, hours, minutes, seconds = (int(part or 0) for part in found.groups()[:6])
    if year not in YEARS:
        return None
    try:
        written = datetime(year, month, day, hours, minutes, seconds)
    except ValueError:
        return None
    if found[7]:
        written += timedelta(hours=HOURS[ZONES[zone]] - HOURS[found[7].upper()])
    return Moment(written.date(), written.time())


def _local(moment: datetime, zone: str) -> Moment:
    there = moment.astimezone(offset_of(zone))
    return Moment(there.date(), there.time().replace(microsecond=0))


def _of_serial(number: int, fraction: str | None) -> Moment:
    moment = datetime(1899, 12, 30) + timedelta(days=number)
    if not fraction:
        return Moment(moment.date())
    moment += timedelta(seconds=round(float(f"0.{fraction}") * 86_400))  # a fraction of a day holds no exact second
    return Moment(moment.date(), moment.time())


def _parts(text: str) -> tuple[date | None, tuple[int, int, int] | None, str]:
    """The day, the hour and what stands behind the hour (for the zone)."""
    if found := _COMPACT.match(text):
        year, month, day, *clock = (int(x) if x else None for x in found.groups())
        written = _date(year, month, day)
        hours, minutes, seconds = clock
        if hours is not None and minutes is not None and hours < 24 and minutes < 60:
            return written, (hours, minutes, min(seconds or 0, 59)), text[found.end() :]
        return written, *(_clock(text[found.end() :]) or (None, ""))
    for pattern, places in _DATES:
        for found in pattern.finditer(text):
            written = _written(*(found[place] for place in places))
            if written is not None:
                whole = found.re is _DATES[-1][0]  # there the hour stands inside
                rest = text if whole else f"{text[: found.start()]} {_past(text[found.end() :])}"
                clock_found = _clock(rest)
                return written, *(clock_found or (None, ""))
    return None, None, ""


def _past(text: str) -> str:
    """What follows a day, without the T that joins it to the hour."""
    return re.sub(r"^[Tt](?=\d)", " ", text)


def _written(year: str, month: str, day: str) -> date | None:
    named = not month.isdigit()
    number = MONTHS.get(month[:3].lower(), 0) if named else int(month)
    full = int(year) + 2000 if len(year) == 2 else int(year)
    return _date(full, number, int(day)) or (None if named else _date(full, int(day), number))


def _clock(text: str) -> tuple[tuple[int, int, int], str] | None:
    """The first hour in a text that a clock can show, and the text after it."""
    for found in _CLOCK.finditer(text):
        hours, minutes, seconds = int(found[1]), int(found[2]), int(found[3] or 0)
        if found[4] and 1 <= hours <= 12:
            hours = hours % 12 + (12 if found[4] in "Pp" else 0)
        if minutes < 60 and seconds < 60 and (hours < 24 or (hours == 24 and minutes == seconds == 0)):
            return (hours, minutes, seconds), text[found.end() :]
    return None


def _offset(text: str) -> timezone | None:
    """The zone named behind an hour: an offset, else letters, else None."""
    named = _LETTERS.search(text)
    if found := _OFFSET.search(f"0{text}"):  # the hour stood before it
        minutes = int(found[2]) * 60 + int(found[3] or 0)
        if minutes <= 14 * 60:
            return timezone(timedelta(minutes=minutes if found[1] == "+" else -minutes))
    return timezone(timedelta(hours=HOURS[named[1].upper()])) if named else None


def _date(year: int | None, month: int | None, day: int | None) -> date | None:
    if year is None or month is None or day is None or year not in YEARS:
        return None
    try:
        return date(year, month, day)
    except ValueError:
        return None
