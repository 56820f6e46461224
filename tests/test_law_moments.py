"""Laws of time: many ways to write one moment, one local day; phases that begin and end on their days."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta, timezone
from email.utils import format_datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from netral_nlp.law.moments import (
    HOURS,
    MONTH_NAMES,
    WEEKDAYS,
    ZONES,
    Moment,
    offset_of,
    read_day,
    read_moment,
    say_day,
)
from netral_nlp.law.phases import PHASES, phase_of
from netral_nlp.roster.elections import ZONES as ROSTER_ZONES
from netral_nlp.roster.elections import Dates
from strategies import many

zones = st.sampled_from(sorted(ZONES))
moments = st.datetimes(datetime(2009, 1, 1), datetime(2039, 12, 31)).map(lambda m: m.replace(microsecond=0))
days = st.dates(date(1999, 1, 1), date(2060, 12, 31))
DAY = timedelta(days=1)

# ------------------------------------------------------------------ local time

ENGLISH = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
MINUTES = {  # ways to write a minute that name no zone
    "ISO": lambda m: m.strftime("%Y-%m-%dT%H:%M"),
    "ISO with a blank": lambda m: m.strftime("%Y-%m-%d %H:%M"),
    "ISO with seconds": lambda m: m.strftime("%Y-%m-%d %H:%M:00"),
    "ISO with a fraction": lambda m: m.strftime("%Y-%m-%dT%H:%M:00.000"),
    "compact": lambda m: m.strftime("%Y%m%dT%H%M00"),
    "half compact": lambda m: m.strftime("%Y%m%d %H:%M"),
    "a workbook": lambda m: f"{m.day}-{ENGLISH[m.month - 1]}-{m:%y %H:%M}",
    "Indonesian": lambda m: m.strftime("%d/%m/%Y %H.%M"),
    "Indonesian with dashes": lambda m: m.strftime("%d-%m-%Y %H:%M"),
    "two digits of the year": lambda m: m.strftime("%d/%m/%y %H:%M"),
    "unpadded": lambda m: f"{m.day}/{m.month}/{m.year} {m.hour}:{m.minute:02}",
    "named month": lambda m: f"{m.day} {MONTH_NAMES[m.month - 1]} {m.year} {m:%H.%M}",
    "a whole sentence": lambda m: f"{say_day(m.date())} pukul {m:%H.%M}",
    "a newspaper": lambda m: f"{WEEKDAYS[m.weekday()]} ({m.day}/{m.month}/{m.year}) pukul {m:%H.%M}",
    "hour first": lambda m: f"{m:%H.%M}, {m.day} {MONTH_NAMES[m.month - 1][:3]} {m.year}",
    "short month": lambda m: f"{m:%d} {MONTH_NAMES[m.month - 1][:3].upper()} {m.year}, {m:%H:%M}",
    "English": lambda m: f"{ENGLISH[m.month - 1]} {m.day}, {m.year} at {m.hour % 12 or 12}:{m:%M} {m:%p}",
}
NAMED = {  # ways that name the zone, from a moment with one
    "ISO": lambda m: m.isoformat(),
    "ISO without colon": lambda m: m.strftime("%Y-%m-%d %H:%M:%S%z"),
    "a mail": format_datetime,
    "Twitter": lambda m: f"Wed {ENGLISH[m.month - 1]} {m:%d %H:%M:%S %z %Y}",
    "a browser": lambda m: f"Wed {ENGLISH[m.month - 1]} {m:%d %Y %H:%M:%S} GMT{m:%z} (waktu setempat)",
    "Z": lambda m: m.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
    "UTC": lambda m: m.astimezone(UTC).strftime("%d/%m/%Y %H:%M:%S UTC"),
    "seconds": lambda m: str(int(m.timestamp())),
    "seconds of a spreadsheet": lambda m: f"{int(m.timestamp())}.0",
    "milliseconds": lambda m: str(int(m.timestamp()) * 1000 + 7),
    "microseconds": lambda m: str(int(m.timestamp()) * 1_000_000),
    "wib": lambda m: m.astimezone(timezone(timedelta(hours=7))).strftime("%d-%m-%Y pukul %H.%M.%S wib"),
    "UTC+8": lambda m: m.astimezone(timezone(timedelta(hours=8))).strftime("%d/%m/%Y %H:%M:%S (UTC+8)"),
    "WITA": lambda m: m.astimezone(timezone(timedelta(hours=8))).strftime("%d/%m/%Y %H.%M.%S WITA"),
    "WIT": lambda m: m.astimezone(timezone(timedelta(hours=9))).strftime("%H:%M:%S WIT %d-%m-%Y"),
}


@pytest.mark.parametrize("way", MINUTES)
@given(moment=moments, zone=zones)
@settings(max_examples=many(40))
def test_a_zone_never_changes_a_local_time(way: str, moment: datetime, zone: str) -> None:
    minute = moment.replace(second=0)
    assert read_moment(MINUTES[way](minute), zone) == Moment(minute.date(), minute.time())


@pytest.mark.parametrize("way", NAMED)
@given(moment=moments, zone=zones, offset=st.integers(-11 * 60, 14 * 60))
@settings(max_examples=many(40))
def test_a_time_that_names_its_zone_is_the_same_moment_there(
    way: str, moment: datetime, zone: str, offset: int
) -> None:
    written = NAMED[way](moment.replace(tzinfo=timezone(timedelta(minutes=offset))))
    there = (moment - timedelta(minutes=offset)).replace(tzinfo=UTC).astimezone(offset_of(zone))
    assert read_moment(written, zone) == Moment(there.date(), there.time())


@given(moments, zones)
def test_the_number_of_a_workbook_is_local(moment: datetime, zone: str) -> None:
    since = moment - datetime(1899, 12, 30)
    number = since.days + since.seconds / 86_400
    for cell in (repr(number), str(number).replace(".", ",")):
        assert read_moment(cell, zone) == Moment(moment.date(), moment.time())
    assert read_moment(str(since.days), zone) == Moment(moment.date())


@given(days, zones)
def test_a_day_without_an_hour_stays_that_day(day: date, zone: str) -> None:
    for cell in (day.isoformat(), f"{day:%d/%m/%Y}", f"{day:%d.%m.%Y}", say_day(day), f"{day:%Y%m%d}"):
        assert read_moment(cell, zone) == Moment(day)


@given(moments, zones)
def test_midnight_as_24_is_the_beginning_of_the_next_day(moment: datetime, zone: str) -> None:
    assert read_moment(f"{moment:%d/%m/%Y} 24.00", zone) == Moment(moment.date() + DAY, time())


@pytest.mark.parametrize(
    ("cell", "zone", "day"),
    [
        ("1726938000", "Asia/Jakarta", date(2024, 9, 22)),
        ("23/11/2024 23.30 WIB", "Asia/Makassar", date(2024, 11, 24)),
        ("2024-09-21T14:40:00Z", "Asia/Jayapura", date(2024, 9, 21)),
        ("2024-09-21T15:00:00Z", "Asia/Jayapura", date(2024, 9, 22)),
        ("9/25/2024 6:41 AM", "Asia/Jakarta", date(2024, 9, 25)),
        ("Minggu, 24 Nopember 2024", "Asia/Jakarta", date(2024, 11, 24)),
        ("Sep 25, 2024 at 9:30\u202fPM", "Asia/Jakarta", date(2024, 9, 25)),
        ("2024-09-24 23:00:00 EDT", "Asia/Jakarta", date(2024, 9, 25)),
    ],
)
def test_moments_at_a_border_fall_on_the_right_side(cell: str, zone: str, day: date) -> None:
    assert read_day(cell, zone) == day


@given(st.lists(st.sampled_from(["2024", "11", "/", "-", ".", ":", " ", "T", "Z", "WIB", "+", "07", "31", "13", "99",
                                 "Nov", "November", "kemarin", "1726938000", "25", "45560", "AM", "\u202f", "٣", "²"]),
                max_size=12).map("".join))  # fmt: skip
def test_no_cell_is_too_strange(cell: str) -> None:
    moment = read_moment(cell)
    assert moment is None or 1945 <= moment.day.year <= 2130


@pytest.mark.parametrize("cell", ["", "kemarin", "2024", "31/02/2024", "32/13/2024", "2 jam", "12:30", "13 Nov", "½"])
def test_a_cell_without_a_day_tells_no_moment(cell: str) -> None:
    assert read_moment(cell) is None


def test_a_roster_can_have_exactly_the_zones_that_can_be_read() -> None:
    assert set(ROSTER_ZONES) == set(ZONES)
    assert {HOURS[name] for name in ZONES.values()} == {7, 8, 9}


# ------------------------------------------------------------------ phases


@st.composite
def calendars(draw: st.DrawFn, everything: bool = False) -> Dates:
    """Dates in the order in which they must follow, some of them not given."""
    day = draw(st.dates(date(1990, 1, 1), date(2090, 1, 1)))
    a, b, c, d, e = (draw(st.integers(1, 90)) for _ in range(5))
    stages = [day]
    for gap in (a, b, c, d, e):
        stages.append(stages[-1] + timedelta(days=gap))
    designation, begin, end, quiet, calm, vote = stages
    given = [everything or draw(st.booleans()) for _ in range(4)]
    return Dates(
        designation if given[0] else None,
        (begin, end) if given[1] else None,
        (quiet, calm) if given[2] else None,
        vote if given[3] else None,
    )


@given(calendars(), st.lists(st.dates(date(1990, 1, 1), date(2092, 1, 1)), min_size=2, max_size=6))
def test_phases_never_run_backwards(dates: Dates, some: list[date]) -> None:
    told = [phase_of(dates, day) for day in sorted(some)]
    known = [PHASES.index(phase) for phase in told if phase]
    assert known == sorted(known)


@given(calendars())
def test_each_given_date_lies_in_its_own_phase(dates: Dates) -> None:
    if dates.designation:
        assert phase_of(dates, dates.designation - DAY) == "sebelum penetapan"
        assert phase_of(dates, dates.designation) == "penetapan"
    for phase, period in (("kampanye", dates.campaign), ("masa tenang", dates.quiet)):
        if period:
            assert {phase_of(dates, period[0]), phase_of(dates, period[1])} == {phase}
    if dates.vote:
        assert phase_of(dates, dates.vote) == "pemungutan suara"
        assert phase_of(dates, dates.vote + DAY) == "sesudah"


@given(calendars(everything=True))
def test_the_day_around_a_quiet_period_is_not_in_it(dates: Dates) -> None:
    assert dates.quiet is not None
    assert phase_of(dates, dates.quiet[1] + DAY) != "masa tenang"
    assert phase_of(dates, dates.quiet[0] - DAY) != "masa tenang"


@given(calendars())
def test_days_between_campaign_and_vote_are_quiet_where_none_are_named(dates: Dates) -> None:
    if dates.campaign and dates.vote and not dates.quiet:
        assert phase_of(dates, dates.campaign[1] + DAY) == "masa tenang"
        assert phase_of(dates, dates.vote - DAY) == "masa tenang"


@given(calendars(), st.dates(date(1990, 1, 1), date(2092, 1, 1)))
def test_fewer_dates_never_tell_another_phase_but_the_vote_is_always_the_last_word(dates: Dates, day: date) -> None:
    whole = phase_of(dates, day)
    for less in (Dates(dates.designation, dates.campaign, dates.quiet), Dates(vote=dates.vote)):
        assert phase_of(less, day) in ("", whole)


@given(days)
def test_no_dates_or_no_day_tell_no_phase(day: date) -> None:
    assert phase_of(Dates(), day) == ""
    assert phase_of(Dates(vote=day), None) == ""


def test_the_final_list_stands_for_a_designation() -> None:
    dates = Dates(campaign=(date(2023, 11, 28), date(2024, 2, 10)), dct=date(2023, 11, 3))
    assert phase_of(dates, date(2023, 11, 2)) == "sebelum penetapan"
    assert phase_of(dates, date(2023, 11, 3)) == "penetapan"
