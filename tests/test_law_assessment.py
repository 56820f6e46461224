"""Laws of assessing a case: days counted right, rules by their dates, and nothing concluded from what nobody said."""

from __future__ import annotations

import copy
import json
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from typer.testing import CliRunner

from netral_nlp.cli.running import build_app
from netral_nlp.errors import InputError
from netral_nlp.law.assessment import STATUSES, Assessment, assess
from netral_nlp.law.cases import assess_document, parse_cases
from netral_nlp.law.facts import read_case, said
from netral_nlp.law.loading import load_rules
from netral_nlp.law.moments import Moment
from netral_nlp.law.phases import OPEN_ALL_DAY, phase_of
from netral_nlp.law.workdays import Workdays
from netral_nlp.roster import load_rosters
from netral_nlp.roster.elections import Dates
from strategies import many

HERE = Path(__file__).resolve().parent
RULES = load_rules()
ROSTERS = load_rosters(HERE.parent / "data" / "rosters")
DAY = timedelta(days=1)
KINDS = ["laporan", "temuan"]
CASES: list[dict[str, Any]] = json.loads((HERE / "data" / "law_cases.json").read_text(encoding="utf-8"))["kasus"]
KEYS = [
    "diterima", "batas_laporan", "tepat_waktu", "formal", "materiel", "status", "kajian_awal_sampai",
    "penanganan_sampai", "penanganan_tambahan_sampai", "perbaikan_sampai", "aturan_disiplin", "tingkat",
    "pengawas_asn", "formulir",
]  # fmt: skip
WHOLE = {
    "pelapor": {"nama": "Rina Contoh", "alamat": "Jl. Melati 3", "status": "pemilih setempat"},
    "terlapor": {"nama": "Budi Misal"},
    "tempat_kejadian": "grup warga",
    "uraian": "mengunggah ajakan",
    "bukti": [{"jenis": "tangkapan layar"}],
}


def told(facts: dict[str, Any], **about: Any) -> Assessment:
    case = {"id": "x", "election": "kota-samudra-2024", "jenis": "laporan", "libur": [], **about, "masukan": facts}
    found = read_case(case, "case")
    roster = ROSTERS.get(found.election)
    return assess(found, roster.election if roster else None, RULES)


# ------------------------------------------------------------------ written cases


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case['id']} {case['alasan'][:40]}")
def test_a_written_case_is_right_to_the_day(case: dict[str, Any]) -> None:
    given = {key: value for key, value in case.items() if key != "harapan"}
    document = assess_document(parse_cases(json.dumps({"schema": 1, "kasus": [given]})), ROSTERS, RULES)
    result = document["kasus"][0]["hasil"]
    assert list(result) == KEYS
    assert {key: result[key] for key in case["harapan"]} == case["harapan"]


# ------------------------------------------------------------------ counting days

days = st.dates(date(2016, 1, 1), date(2026, 12, 31))
holidays = st.lists(days, max_size=30).map(frozenset)


def office(regime: str, dates: Dates = Dates(), closed: frozenset[date] = frozenset()) -> Workdays:  # noqa: B008
    return Workdays(RULES, regime, dates, closed)


@given(days, st.integers(1, 14), holidays)
def test_working_days_are_counted_as_on_a_wall_calendar(start: date, count: int, closed: frozenset[date]) -> None:
    end = office("pemilu", closed=closed).add(start, count, "hari kerja")
    crossed = [start + n * DAY for n in range(1, (end - start).days + 1)]
    working = [day for day in crossed if day.strftime("%w") not in "06" and day not in closed]
    assert len(working) == count
    assert working[-1] == end


@given(days, st.integers(1, 14), holidays)
def test_numpy_counts_the_same_working_days(start: date, count: int, closed: frozenset[date]) -> None:
    end = np.busday_offset(start, count, roll="backward", holidays=sorted(closed))
    assert office("pemilu", closed=closed).add(start, count, "hari kerja") == end.item()


@given(days, st.integers(1, 14), holidays)
def test_calendar_days_know_no_holiday(start: date, count: int, closed: frozenset[date]) -> None:
    assert (office("pemilihan", closed=closed).add(start, count, "hari kalender") - start).days == count


@given(days, st.integers(1, 14), holidays, holidays)
def test_more_holidays_never_bring_a_deadline_forward(
    start: date, count: int, closed: frozenset[date], more: frozenset[date]
) -> None:
    first = office("pemilu", closed=closed).add(start, count, "hari kerja")
    assert office("pemilu", closed=closed | more).add(start, count, "hari kerja") >= first


moments = st.datetimes(datetime(2024, 1, 1), datetime(2024, 12, 31))


@given(moments, st.sampled_from(["pemilihan", "pemilu"]), holidays, st.sampled_from(sorted(ROSTERS)))
def test_a_report_is_received_on_a_day_on_which_the_office_is_open(
    moment: datetime, regime: str, closed: frozenset[date], election: str
) -> None:
    dates = ROSTERS[election].election.dates
    at = office(regime, dates, closed)
    received = at.received(Moment(moment.date(), moment.time()))
    assert received.day >= moment.date()
    if phase_of(dates, moment.date()) in OPEN_ALL_DAY:
        assert received.day == moment.date()
    else:
        assert at.is_working(received.day)
    assert not [d for n in range(1, (received.day - moment.date()).days) if at.is_working(d := moment.date() + n * DAY)]


@given(moments, moments, st.sampled_from(["pemilihan", "pemilu"]))
def test_who_comes_later_is_never_received_earlier(one: datetime, other: datetime, regime: str) -> None:
    at = office(regime)
    first, second = sorted((one, other))
    assert at.received(Moment(first.date(), first.time())).day <= at.received(Moment(second.date(), second.time())).day


@pytest.mark.parametrize(
    ("hour", "day"),
    [
        ("2024-10-24T16:00", "2024-10-24"),  # Thursday: the hour itself is in
        ("2024-10-24T16:01", "2024-10-25"),
        ("2024-10-25T16:30", "2024-10-25"),  # Friday
        ("2024-10-25T16:31", "2024-10-28"),
        ("2024-10-25T00:00", "2024-10-25"),
        ("2024-10-26T09:00", "2024-10-28"),
        ("2024-11-24T03:00", "2024-11-24"),  # a quiet Sunday
        ("2024-11-27T23:59", "2024-11-27"),
        ("2024-11-28T23:59", "2024-11-29"),
        ("2024-10-24T17:00+08:00", "2024-10-24"),  # 16.00 in the election's zone
        ("24/10/2024 17.30 WITA", "2024-10-25"),
        ("2024-10-24", "2024-10-24"),
    ],
)
def test_the_hour_decides_on_which_day_a_report_is_received(hour: str, day: str) -> None:
    assert told({"dilaporkan": hour}).result()["diterima"] == day


# ------------------------------------------------------------------ what follows from what was given


@given(st.integers(0, 12), st.sampled_from(["kota-samudra-2024", "pilpres-fiksi"]), st.sampled_from(KINDS))
def test_the_seventh_day_is_the_border(after: int, election: str, kind: str) -> None:
    known = date(2024, 1, 8)
    found = told(
        {**WHOLE, "waktu_kejadian": "2024-01-07", "diketahui": known.isoformat(),
         "dilaporkan": f"{known + after * DAY}T09:00"},
        election=election, jenis=kind,
    )  # fmt: skip
    assert found.received is not None
    last = found.until("laporan")
    assert last is not None
    expected = "ya" if found.received.day < last else "batas" if found.received.day == last else "tidak"
    assert found.timely == expected
    assert found.status == {"ya": "lengkap", "batas": "perlu diperiksa", "tidak": "lewat waktu"}[expected]
    assert ("waktu" in found.formal) == (expected == "tidak")
    deadline = found.deadlines["laporan"]
    assert deadline is not None
    assert deadline.strict is not None
    assert deadline.strict < last


PLACES = [
    "pelapor", "pelapor.nama", "pelapor.alamat", "pelapor.status", "terlapor", "terlapor.nama", "tempat_kejadian",
    "uraian", "bukti", "waktu_kejadian", "diketahui", "dilaporkan", "diregistrasi", "diberitahukan", "perbuatan",
]  # fmt: skip


@st.composite
def facts(draw: st.DrawFn) -> dict[str, Any]:
    given: dict[str, Any] = copy.deepcopy(WHOLE)
    begin = draw(st.dates(date(2018, 1, 1), date(2024, 12, 1)))
    for key in ("waktu_kejadian", "diketahui", "dilaporkan", "diregistrasi", "diberitahukan"):
        day = begin + draw(st.integers(-3, 12)) * DAY
        given[key] = day.isoformat() + draw(st.sampled_from(["", "T03:00", "T10:00", "T17:00", "T10:00+09:00"]))
    given["perbuatan"] = draw(st.lists(st.sampled_from(RULES.acts), max_size=3))
    for place in draw(st.lists(st.sampled_from(PLACES), max_size=4)):
        take(given, place)
    return given


def take(facts: dict[str, Any], place: str) -> None:
    top, _, inner = place.partition(".")
    if not inner:
        facts.pop(top, None)
    elif top in facts:
        facts[top].pop(inner, None)


@given(facts(), st.sampled_from(PLACES), st.sampled_from(sorted(ROSTERS)), st.sampled_from(KINDS))
@settings(max_examples=many(300), deadline=None)
def test_fewer_facts_never_make_a_dossier_more_complete(
    given: dict[str, Any], place: str, election: str, kind: str
) -> None:
    less = copy.deepcopy(given)
    take(less, place)
    more, fewer = (told(each, election=election, jenis=kind) for each in (given, less))
    assert set(more.formal) - {"waktu"} <= set(fewer.formal)
    assert set(more.material) <= set(fewer.material)
    assert fewer.status != "lengkap" or more.status == "lengkap"
    assert len(fewer.formal + fewer.material) >= len(more.formal + more.material)


@given(facts(), st.sampled_from(sorted(ROSTERS)), st.sampled_from(KINDS))
@settings(max_examples=many(150), deadline=None)
def test_status_follows_from_what_is_open_and_nothing_is_concluded_without_its_day(
    given: dict[str, Any], election: str, kind: str
) -> None:
    found = told(given, election=election, jenis=kind)
    result = found.result()
    assert found.status in STATUSES
    assert (found.status == "lengkap") <= (not found.formal and not found.material and found.timely == "ya")
    assert (found.status == "lewat waktu") == (found.timely == "tidak")
    if "diketahui" not in given:
        assert (found.timely, result["batas_laporan"]) == ("tidak diketahui", None)
    if "waktu_kejadian" not in given:
        assert (result["aturan_disiplin"], result["tingkat"]) == (None, None)
    if "dilaporkan" not in given:
        assert (result["diterima"], result["kajian_awal_sampai"]) == (None, None)
    for end in ("penanganan_sampai", "penanganan_tambahan_sampai"):
        assert (result[end] is None) == ("diregistrasi" not in given)
    assert (result["perbaikan_sampai"] is None) == ("diberitahukan" not in given)
    assert result["formulir"] == ("B.2" if kind == "temuan" else "B.1")


@given(facts(), st.sampled_from(sorted(ROSTERS)))
def test_material_law_follows_the_act_and_the_supervisor_the_report(given: dict[str, Any], election: str) -> None:
    found = told(given, election=election)
    if found.act_moment:
        assert found.discipline
        old = found.act_moment.day < date(2021, 8, 31)
        assert found.discipline["aturan"] == ("PP 53/2010" if old else "PP 94/2021")
    if found.reported:
        assert found.supervisor
        assert found.supervisor["pengawas"] == ("KASN" if found.reported.day < date(2024, 8, 25) else "BKN")


@given(st.lists(st.sampled_from(RULES.acts), min_size=1, max_size=4), days)
def test_of_several_acts_the_gravest_level_counts(acts: list[str], day: date) -> None:
    def level(codes: list[str]) -> str:
        return told({"perbuatan": codes, "waktu_kejadian": day.isoformat()}).level

    order = ["", "sedang", "berat", "pemberhentian"]
    assert level(acts) == max((level([act]) for act in acts), key=order.index)
    assert level(acts) == told({"perbuatan": "; ".join(acts), "waktu_kejadian": day.isoformat()}).level


@pytest.mark.parametrize(
    ("status", "regime", "stands"),
    [
        ("pemilih setempat", "pemilihan", True),
        ("Pemantau terakreditasi", "pemilihan", True),
        ("WNI yang mempunyai hak pilih", "pemilu", True),
        ("pemilih, bukan anggota partai", "pemilihan", True),
        ("bukan pemilih setempat", "pemilihan", False),
        ("pemilih kabupaten lain", "pemilihan", False),
        ("pemilih kabupaten lain", "pemilu", True),
        ("warga negara asing", "pemilu", False),
        ("belum diisi", "pemilihan", False),
        ("mahasiswa", "pemilihan", True),  # not in the list: told, and left to a person
    ],
)
def test_who_says_that_he_may_not_report_has_no_standing(status: str, regime: str, stands: bool) -> None:
    found = told({**WHOLE, "pelapor": {**WHOLE["pelapor"], "status": status}}, rezim_pemilihan=regime)  # type: ignore[dict-item]
    assert ("pelapor.status" not in found.formal) == stands
    assert any("Kedudukan" in note for note in found.notes) == (status == "mahasiswa")


@pytest.mark.parametrize(
    "nothing", ["", " ", "-", "—", "...", "belum diisi", "Belum diisi.", "belum diketahui", None, [], [{}]]
)
def test_what_says_nothing_is_not_given(nothing: object) -> None:
    assert said(nothing) == ""


def test_holidays_of_the_tables_count_only_where_none_are_given() -> None:
    monday_after_christmas = {"diketahui": "2023-12-22", "dilaporkan": "2023-12-22T09:00"}
    for closed, last in (([], "2024-01-02"), (None, "2024-01-04"), (["2023-12-29"], "2024-01-03")):
        found = told(monday_after_christmas, election="pilpres-fiksi", libur=closed).result()
        assert found["batas_laporan"] == last


def test_joint_leave_is_counted_and_pointed_out() -> None:
    found = told({"diketahui": "2023-12-22", "dilaporkan": "2023-12-22T09:00"}, election="pilpres-fiksi", libur=None)
    assert any("Cuti bersama" in note and "26 Desember 2023" in note for note in found.notes)


def test_an_unknown_election_tells_no_phase_and_says_so() -> None:
    found = told({"waktu_kejadian": "2024-10-02", "perbuatan": "SPANDUK; KTP", "dilaporkan": "2024-10-02T09:00"},
                 election="kota-entah-2024", rezim_pemilihan="pemilihan")  # fmt: skip
    assert found.phase == ""
    assert any("tidak pasti" in note for note in found.notes)
    assert {act.code: act.level for act in found.acts} == {"SPANDUK": "", "KTP": "berat"}
    assert told({"dilaporkan": "2024-10-02T09:00"}, election="kota-entah-2024").result()["diterima"] is None


# ------------------------------------------------------------------ documents and the command


def nested(depth: int) -> object:
    found: object = "foto"
    for _ in range(depth):
        found = [found]
    return found


@pytest.mark.parametrize(
    ("case", "says"),
    [
        (7, "is no case"),
        ({"masukan": []}, '"masukan" is no object'),
        ({"jenis": "gosip"}, 'jenis "gosip" is unknown'),
        ({"rezim_pemilihan": "pilkades"}, 'rezim_pemilihan "pilkades" is unknown'),
        ({"libur": ["kapan-kapan"]}, 'in "libur" is no day'),
        ({"libur": 3}, '"libur" is a list of days'),
        ({"masukan": {"bukti": nested(500)}}, "lists in lists"),
    ],
)
def test_a_case_that_is_none_is_refused_and_the_others_are_answered(case: object, says: str) -> None:
    document = assess_document(parse_cases(json.dumps([case, CASES[0]])), ROSTERS, RULES)
    assert says in document["ditolak"][0]["alasan"]
    assert [one["id"] for one in document["kasus"]] == [CASES[0]["id"]]


@pytest.mark.parametrize("text", ["", "{", "[" * 100_000, '"x"', '{"schema": 9, "kasus": []}', '{"kasus": {}}'])
def test_what_is_no_document_is_refused(text: str) -> None:
    with pytest.raises(InputError):
        assess_document(parse_cases(text), ROSTERS, RULES)


def test_half_a_character_does_not_stop_the_answers() -> None:
    document = assess_document(parse_cases('[{"id": "\\ud800", "masukan": {"uraian": "\\ud83d"}}]'), ROSTERS, RULES)
    assert json.dumps(document, ensure_ascii=False).encode("utf-8")


def test_a_time_that_cannot_be_read_is_told_and_counts_as_not_given() -> None:
    found = told({**WHOLE, "diketahui": "minggu lalu"})
    assert "diketahui" in found.formal
    assert any("minggu lalu" in note for note in found.notes)


def test_holidays_without_end_are_refused() -> None:
    closed = [(date(2024, 1, 1) + n * DAY).isoformat() for n in range(400)]
    with pytest.raises(InputError, match="no working day"):
        told({"dilaporkan": "2024-02-01T20:00"}, libur=closed)


def test_the_command_answers_in_the_order_given_and_tells_refusals_by_its_exit_code(tmp_path: Path) -> None:
    path = tmp_path / "cases.json"
    path.write_text(json.dumps({"schema": 1, "kasus": CASES}), encoding="utf-8")
    done = CliRunner().invoke(build_app("dossier"), ["dossier", "assess", str(path), "--json", "-"])
    assert done.exit_code == 0
    assert [one["id"] for one in json.loads(done.stdout)["kasus"]] == [case["id"] for case in CASES]
    path.write_text(json.dumps([*CASES, 7]), encoding="utf-8")
    done = CliRunner().invoke(build_app("dossier"), ["dossier", "assess", str(path)])
    assert done.exit_code == 5
    assert f"{CASES[0]['id']}: " in done.stdout
