"""Whether a report or finding is complete and in time, which rules its acts fall under, and who supervises."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

from netral_nlp.law.facts import Case
from netral_nlp.law.moments import Moment, say_day
from netral_nlp.law.phases import phase_of
from netral_nlp.law.rules import Rule, Rules
from netral_nlp.law.tables import STEPS, WORKING
from netral_nlp.law.workdays import Deadline, Received, Workdays
from netral_nlp.roster.elections import Dates, Election

IN_TIME, LAST_DAY, LATE, UNKNOWN = "ya", "batas", "tidak", "tidak diketahui"
TOO_LATE, INCOMPLETE, TO_CHECK, COMPLETE = STATUSES = (
    "lewat waktu", "perlu dilengkapi", "perlu diperiksa", "lengkap",
)  # fmt: skip
"""The first that fits is the status."""

TIMELY = "waktu"  # the requirement that the report came in time
STANDING = "pelapor.status"
SAID = {"waktu_kejadian": "kejadian"}


@dataclass(frozen=True, slots=True)
class Indicated:
    """An act that may be indicated, and what the rules of its day call it."""

    code: str
    name: str
    kind: str
    level: str
    items: tuple[Rule, ...]
    rule: Rule | None

    @property
    def rules(self) -> tuple[Rule, ...]:
        """All rows that say so."""
        return self.items if self.rule is None else (*self.items, self.rule)


@dataclass(frozen=True)
class Assessment:
    """What the tables say of a case. ``formal`` and ``material`` are the requirements that are still open.

    ``notes`` say in Indonesian what a person must know; ``contradictions`` are those that keep it from being complete.
    """

    case: Case
    regime: str
    form: Rule | None
    act_moment: Moment | None
    phase: str
    reported: Moment | None
    received: Received | None
    deadlines: dict[str, Deadline | None]
    timely: str
    formal: tuple[str, ...]
    material: tuple[str, ...]
    status: str
    discipline: Rule | None
    acts: tuple[Indicated, ...]
    level: str
    supervisor: Rule | None
    notes: tuple[str, ...]
    contradictions: tuple[str, ...]

    def until(self, step: str) -> date | None:
        """The last day of a step; None where it is not known."""
        deadline = self.deadlines[step]
        return None if deadline is None else deadline.until

    def result(self) -> dict[str, object]:
        """The fourteen values that a case is answered with, dates as ISO, None for what is not known."""
        return {
            "diterima": _iso(self.received.day if self.received else None),
            "batas_laporan": _iso(self.until("laporan")),
            "tepat_waktu": self.timely,
            "formal": list(self.formal),
            "materiel": list(self.material),
            "status": self.status,
            "kajian_awal_sampai": _iso(self.until("kajian awal")),
            "penanganan_sampai": _iso(self.until("penanganan")),
            "penanganan_tambahan_sampai": _iso(self.until("penanganan tambahan")),
            "perbaikan_sampai": _iso(self.until("perbaikan")),
            "aturan_disiplin": self.discipline["aturan"] if self.discipline else None,
            "tingkat": self.level or None,
            "pengawas_asn": self.supervisor["pengawas"] if self.supervisor else None,
            "formulir": self.form["formulir"] if self.form else None,
        }


def assess(case: Case, election: Election | None, rules: Rules, *, zone: str = "Asia/Jakarta") -> Assessment:
    """What the rules say of a case; ``election`` is None where no roster is known (then no phase, no quiet days).

    Material law and level follow the day of the act, supervisor and procedure the day of the report.
    """
    zone = election.zone if election is not None else zone
    notes = list(case.notes)
    regime = case.regime or (_regime_of(election, rules) if election is not None else "")
    if election is None:
        notes.append("Daftar pemilihan tidak diketahui: tahap, masa tenang, dan zona waktu (dianggap WIB) tidak pasti.")
    if not regime:
        notes.append("Rezim pemilihan tidak diketahui: tenggat dan jam kerja tidak dapat ditentukan.")
    moments = {key: case.moment(key, zone) for key in ("dilaporkan", "waktu_kejadian")}
    days = {key: m.day if (m := case.moment(key, zone)) else None
            for key in ("dilaporkan", "waktu_kejadian", "diketahui", "diberitahukan", "diregistrasi")}  # fmt: skip
    dates = election.dates if election is not None else None
    workdays = _workdays(case, regime, election, rules)
    reported, on = moments["dilaporkan"], days["dilaporkan"]
    if case.kind == "temuan":  # what a supervisor finds is nobody's report: its registration stands for one
        on = on or days["diregistrasi"]
    received = workdays.received(reported) if reported and workdays else None
    starts = {**days, "diterima": received.day if received else None}
    deadlines = {step: _deadline(workdays, step, case.kind, starts, on) for step in STEPS}
    timely = _timely(received.day if received else None, deadlines["laporan"])
    form = rules.one("formulir", on or days["diketahui"], perkara=case.kind)
    formal, material = _open(case, form, timely, rules, regime, notes)
    contradictions = _contradictions(days, received, deadlines["laporan"], timely)
    act = moments["waktu_kejadian"]
    phase = phase_of(dates, act.day if act else None) if dates is not None else ""
    acts = _acts(case, phase, act.day if act else None, rules, notes)
    status = _status(timely, bool(formal or material), bool(contradictions))
    notes += _doubts(days)
    if workdays:
        _note_leave(workdays, deadlines, notes)
    return Assessment(
        case, regime, form, act, phase, reported, received, deadlines, timely, formal, material, status,
        rules.one("aturan_disiplin", act.day) if act else None,
        acts, rules.gravest(a.level for a in acts),
        rules.one("pengawas", on) if on else None,
        tuple(notes), contradictions,
    )  # fmt: skip


def _regime_of(election: Election, rules: Rules) -> str:
    rule = rules.one("rezim", election.dates.vote, jabatan=election.office)
    return rule["rezim"] if rule else ""


def _workdays(case: Case, regime: str, election: Election | None, rules: Rules) -> Workdays | None:
    if not regime:
        return None
    holidays = rules.holidays() if case.holidays is None else case.holidays
    return Workdays(rules, regime, election.dates if election is not None else Dates(), holidays)


def _deadline(
    workdays: Workdays | None, step: str, case: str, starts: dict[str, date | None], on: date | None
) -> Deadline | None:
    if workdays is None:
        return None
    on = on or starts["diketahui"] or starts["diregistrasi"]  # a procedure follows the day of the report
    rule = workdays.rules.one("tenggat", on, rezim=workdays.regime, perkara=case, langkah=step)
    return None if rule is None else workdays.deadline(step, case, starts[rule["dihitung_dari"]], on)


def _timely(received: date | None, deadline: Deadline | None) -> str:
    """Only who knows since when the act was known may say that a report came late."""
    if received is None or deadline is None or deadline.until is None:
        return UNKNOWN
    if received == deadline.until:
        return LAST_DAY
    return IN_TIME if received < deadline.until else LATE


def _open(
    case: Case, form: Rule | None, timely: str, rules: Rules, regime: str, notes: list[str]
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The formal and material requirements of the form that are not met (yet)."""
    still: dict[str, list[str]] = {"formal": [], "materiel": []}
    for rule in rules.tables["syarat"]:
        if form is None or rule["formulir"] != form["formulir"] or rule["wajib"] != "ya":
            continue
        place = rule["bidang"]
        if place == TIMELY:
            met = timely != LATE and not (timely == UNKNOWN and case.has("diketahui"))
        elif place == STANDING:
            met = case.has(place) and _has_standing(case.text(place), regime, rules, notes)
        else:
            met = case.has(place)
        if not met:
            still[rule["kelompok"]].append(place)
    return tuple(still["formal"]), tuple(still["materiel"])


def _has_standing(said: str, regime: str, rules: Rules, notes: list[str]) -> bool:
    """Whether the words may name somebody who can report; words that nobody knows are left to a person."""
    text = " ".join(re.findall(r"\w+", said.casefold()))
    known = [rule for rule in rules.tables["kedudukan"] if rule.matches({"rezim": regime})]
    for answer in ("tidak", "ya"):  # who says that he is no voter is none
        for rule in known:
            words = [word.strip() for word in rule["kata"].split(";")]
            if rule["memenuhi"] == answer and any(re.search(rf"\b{re.escape(w)}\b", text) for w in words if w):
                return answer == "ya"
    notes.append(f'Kedudukan pelapor "{said[:60]}" tidak ada dalam daftar: periksa apakah ia berhak melapor.')
    return True


def _contradictions(
    days: dict[str, date | None], received: Received | None, deadline: Deadline | None, timely: str
) -> tuple[str, ...]:
    """Days that cannot all be right, and an unknown hour on which it hangs whether the report came in time."""
    found = []
    order = (("waktu_kejadian", "diketahui"), ("waktu_kejadian", "dilaporkan"), ("diketahui", "dilaporkan"))
    found += [text for first, then in order if (text := _reversed(days, first, then))]
    if received is not None and received.latest != received.day and _timely(received.latest, deadline) != timely:
        found.append("Jam laporan tidak diketahui, padahal menentukan apakah laporan tepat waktu.")
    return tuple(found)


def _doubts(days: dict[str, date | None]) -> list[str]:
    """Steps of the office that come before the report: no requirement of the report hangs on them."""
    return [text for then in ("diregistrasi", "diberitahukan") if (text := _reversed(days, "dilaporkan", then))]


def _reversed(days: dict[str, date | None], first: str, then: str) -> str:
    """A sentence where a day lies after one that must follow it; empty where they are in order or unknown."""
    a, b = days[first], days[then]
    if a is None or b is None or a <= b:
        return ""
    return f"Hari {SAID.get(first, first)} ({say_day(a)}) sesudah hari {SAID.get(then, then)} ({say_day(b)})."


def _status(timely: str, incomplete: bool, doubtful: bool) -> str:
    if timely == LATE:
        return TOO_LATE
    if incomplete:
        return INCOMPLETE
    return TO_CHECK if timely == LAST_DAY or doubtful else COMPLETE


def _acts(case: Case, phase: str, day: date | None, rules: Rules, notes: list[str]) -> tuple[Indicated, ...]:
    found = []
    for code in case.acts:
        if code not in rules.acts:
            notes.append(f'Kode perbuatan "{code[:40]}" tidak dikenal.')
            continue
        about = rules.one("perbuatan", day, kode=code)
        level = rules.level_of(code, phase, day)
        found.append(Indicated(
            code, about["nama"] if about else code, rules.class_of(code, phase, day), level["tingkat"] if level else "",
            rules.items_of(code, phase, day) if day else (), level,
        ))  # fmt: skip
        if level is not None and level["catatan"]:
            notes.append(f"{code}: {level['catatan']}.")
        elif level is None and day is not None:
            notes.append(f"{code}: tahap tidak diketahui, tingkat tidak dapat ditentukan.")
    return tuple(found)


def _note_leave(workdays: Workdays, deadlines: dict[str, Deadline | None], notes: list[str]) -> None:
    """Days of joint leave that were counted; whether they are working days of the office nobody could verify."""
    leave = {
        day
        for deadline in deadlines.values()
        if deadline and deadline.start and deadline.until and deadline.unit == WORKING
        for day in workdays.joint_leave(deadline.start, deadline.until)
    }
    if leave:
        listed = ", ".join(say_day(day) for day in sorted(leave))
        notes.append(f"Cuti bersama dihitung sebagai hari kerja, periksa: {listed}.")


def _iso(day: date | None) -> str | None:
    return None if day is None else day.isoformat()
