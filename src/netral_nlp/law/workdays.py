"""Working days, office hours and deadlines of one election, as the tables in force have them."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, time, timedelta

from netral_nlp.errors import InputError
from netral_nlp.law.moments import WEEKDAYS, Moment
from netral_nlp.law.phases import OPEN_ALL_DAY, phase_of
from netral_nlp.law.rules import Rule, Rules
from netral_nlp.law.tables import JOINT_LEAVE, WORKING
from netral_nlp.roster.elections import Dates

DAY = timedelta(days=1)
LONGEST_SPELL = 60  # days without a working day that are believed; a list of holidays that is longer is a mistake


@dataclass(frozen=True, slots=True)
class Deadline:
    """The last day of a step. ``until`` leaves out the day it is counted from, ``strict`` counts that day as the first.

    Both are None where that day is not known. ``start`` is that day, ``counted_from`` the fact that gives it.
    """

    step: str
    count: int
    unit: str
    counted_from: str
    start: date | None
    until: date | None
    strict: date | None
    rule: Rule


@dataclass(frozen=True, slots=True)
class Received:
    """The day on which something counts as received; ``why`` says so in Indonesian.

    ``latest`` is another day where the hour is not known and it might have been later.
    """

    day: date
    why: str
    latest: date


@dataclass(frozen=True)
class Workdays:
    """The calendar of one office. ``holidays`` alone count, whatever the tables say."""

    rules: Rules
    regime: str
    dates: Dates
    holidays: Collection[date]

    def is_working(self, day: date) -> bool:
        """Monday to Friday, no holiday."""
        return day.weekday() < 5 and day not in self.holidays

    def next_working(self, day: date) -> date:
        """The first working day after a day; raises InputError where holidays leave none for two months."""
        for n in range(1, LONGEST_SPELL):
            if self.is_working(day + n * DAY):
                return day + n * DAY
        raise InputError(f'"libur" leaves no working day within {LONGEST_SPELL} days after {day}; shorten the list.')

    def add(self, start: date, count: int, unit: str) -> date:
        """The last day of a count; the start is day 0.

        Calendar days are counted as they come, working days over everything else.
        """
        if unit != WORKING:
            return start + count * DAY
        day = start
        for _ in range(count):
            day = self.next_working(day)
        return day

    def deadline(self, step: str, case: str, start: date | None, on: date | None) -> Deadline | None:
        """The deadline of a step by the rule of the day ``on``; None where no rule is on record."""
        rule = self.rules.one("tenggat", on, rezim=self.regime, perkara=case, langkah=step)
        if rule is None or not rule["jumlah"]:
            return None
        count, unit = int(rule["jumlah"]), rule["satuan"]
        until = None if start is None else self.add(start, count, unit)
        strict = None if start is None else self.add(start, count - 1, unit)
        return Deadline(step, count, unit, rule["dihitung_dari"], start, until, strict, rule)

    def received(self, moment: Moment) -> Received:
        """When something handed in at a local moment counts as received.

        On quiet days and the day of the vote the office is open day and night. On a working day what comes before
        the closing hour (the hour itself included) counts for that day, also before the opening. Everything else
        counts for the next working day. Without an hour the day itself is taken, and ``latest`` says what else it
        may be.
        """
        day, later, phase = moment.day, self.next_working(moment.day), phase_of(self.dates, moment.day)
        name = phase if phase in OPEN_ALL_DAY else WEEKDAYS[day.weekday()]
        if name not in OPEN_ALL_DAY and not self.is_working(day):
            what = "hari libur" if day.weekday() < 5 else name
            return Received(later, f"{what}: diterima hari kerja berikutnya", later)
        hours = self.rules.one("jam_kerja", day, rezim=self.regime, hari=name)
        if hours is None:
            return Received(day, "jam kerja hari itu tidak tercatat", later)
        close = read_hour(hours["tutup"])
        if close is None:
            return Received(day, f"{name}: kantor menerima 24 jam", day)
        if moment.hour is None:
            return Received(day, "jam tidak diketahui: dianggap dalam jam kerja", later)
        if moment.hour <= close:
            return Received(day, "hari kerja, sebelum kantor tutup", day)
        return Received(later, f"sesudah pukul {close:%H.%M}: diterima hari kerja berikutnya", later)

    def joint_leave(self, first: date, last: date) -> list[date]:
        """The days of joint leave in a span that were counted as working days."""
        leave = self.rules.holidays(JOINT_LEAVE)
        return sorted(day for day in leave if first < day <= last and self.is_working(day))


def read_hour(cell: str) -> time | None:
    """A closing hour; None for 24:00, which never closes.

    >>> read_hour("16:30"), read_hour("16.30"), read_hour("24:00")
    (datetime.time(16, 30), datetime.time(16, 30), None)
    """
    hours, minutes, *_ = (int(part) for part in cell.replace(".", ":").split(":"))
    return None if hours >= 24 else time(hours, minutes)
