"""The roster of a case as a form: fields with the names of their places, what is wrong beside each, what will match."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from netral_nlp.desk.folder import slug
from netral_nlp.errors import InputError
from netral_nlp.roster import Roster
from netral_nlp.roster.checking import check_roster
from netral_nlp.roster.elections import EMPTY_BOX, KINDS, Place
from netral_nlp.roster.forms import name_forms
from netral_nlp.roster.names import person_names
from netral_nlp.roster.positions import toml_lines
from netral_nlp.roster.reading import parse_roster
from netral_nlp.roster.writing import DATE_KEYS, LIST_KEYS, PERIODS, write_toml

MOST_PAIRS = 60  # on one page; a list of hundreds of candidates is uploaded
_PROBLEM = re.compile(r"roster:(\d+): (.*)")


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong at a place of the form; ``severity`` is ``error`` or ``warning``."""

    place: str
    severity: str
    message: str


@dataclass(frozen=True, slots=True)
class Form:
    """What a pair is called: ``always`` is understood in any post, others only in one about an election."""

    words: str
    always: bool


@dataclass(frozen=True)
class Checked:
    """A roster form looked at: the roster where it can be used, the text that holds it, and all problems by place."""

    text: str
    roster: Roster | None
    problems: tuple[Problem, ...]

    def at(self, place: str) -> list[Problem]:
        """The problems of one field, items of a list included."""
        return [p for p in self.problems if p.place == place or re.fullmatch(rf"{re.escape(place)}\.\d+", p.place)]

    def elsewhere(self, places: Sequence[str]) -> list[Problem]:
        """The problems that no field of the form has."""
        shown = {problem for place in places for problem in self.at(place)}
        return [p for p in self.problems if p not in shown]


def empty_draft() -> dict[str, Any]:
    """A form with two pairs to fill in."""
    return {"election": {"office": "mayor", "zone": "Asia/Jakarta"}, "pair": [{"number": 1}, {"number": 2}]}


def draft_of(form: Mapping[str, str]) -> dict[str, Any]:
    """What the fields of a form say, as the tables of a roster; empty fields say nothing."""
    election: dict[str, Any] = {
        key: value for key in ("id", "name", "office", "zone") if (value := _line(form.get(f"election.{key}", "")))
    }
    dates: dict[str, Any] = {}
    for key in DATE_KEYS:
        if key in PERIODS:
            ends = [_line(form.get(f"election.dates.{key}.{n}", "")) for n in (0, 1)]
            if any(ends):
                dates[key] = ends
        elif value := _line(form.get(f"election.dates.{key}", "")):
            dates[key] = value
    if dates:
        election["dates"] = dates
    count = min(int(form.get("pairs", "0")) if form.get("pairs", "0").isdecimal() else 0, MOST_PAIRS)
    drop = form.get("hapus", "")
    pairs = [_pair(form, n) for n in range(count) if str(n) != drop]
    if form.get("tambah") and len(pairs) < MOST_PAIRS:
        taken = [pair["number"] for pair in pairs if isinstance(pair.get("number"), int)]
        pairs.append({"number": max(taken, default=0) + 1})
    if form.get("tambah") == "kolom":
        pairs[-1] |= {"kind": EMPTY_BOX, "id": "Kolom-Kosong"}
    return {"election": election, "pair": pairs}


def _pair(form: Mapping[str, str], n: int) -> dict[str, Any]:
    said: dict[str, Any] = {}
    for key in ("id", "candidate", "running_mate"):
        if value := _line(form.get(f"pair.{n}.{key}", "")):
            said[key] = value
    if number := _line(form.get(f"pair.{n}.number", "")):
        said["number"] = int(number) if number.isascii() and number.isdigit() and len(number) < 6 else number
    kind = _line(form.get(f"pair.{n}.kind", ""))
    if kind and kind != KINDS[0]:
        said["kind"] = kind
    for key in LIST_KEYS:
        items = [item for line in form.get(f"pair.{n}.{key}", "").splitlines() if (item := _line(line))]
        if items:
            said[key] = items[:1_000]
    return said


def _line(text: str) -> str:
    return " ".join(text.split())


def completed(draft: Mapping[str, Any]) -> dict[str, Any]:
    """The draft with the ids that follow from its names, where none were given."""
    election = dict(draft.get("election", {}))
    if not election.get("id"):
        election["id"] = slug(election.get("name", "")) or "pemilihan"
    pairs: list[dict[str, Any]] = []
    for pair in draft.get("pair", []):
        if not pair.get("id"):
            names = [
                found[0][0].title()
                for key in ("candidate", "running_mate")
                if (found := person_names(pair.get(key, "")))
            ]
            made = "Kolom-Kosong" if pair.get("kind") == EMPTY_BOX else "-".join(names)
            pair = {"id": made or f"Paslon-{pair.get('number', len(pairs) + 1)}", **pair}
        pairs.append(pair)
    return {"election": election, "pair": pairs}


def check(draft: Mapping[str, Any]) -> Checked:
    """The draft as a roster, and everything doubtful about it at the field where it stands."""
    text = write_toml(completed(draft))
    try:
        roster = parse_roster(text, "roster")
    except InputError as error:
        places = _places(toml_lines(text))
        lines = [found for line in str(error).splitlines() if (found := _PROBLEM.fullmatch(line))]
        return Checked(text, None, tuple(Problem(_near(places, int(m[1])), "error", m[2]) for m in lines))
    places = _places(roster.lines)
    doubts = check_roster(roster)
    return Checked(text, roster, tuple(Problem(_near(places, one.line), one.severity, one.message) for one in doubts))


def _places(lines: Mapping[Place, int]) -> dict[int, str]:
    """For each line the innermost place that begins there, as fields are called."""
    found: dict[int, Place] = {}
    for place, line in lines.items():
        if len(place) >= len(found.get(line, ())):
            found[line] = place
    return {line: ".".join(map(str, place)) for line, place in found.items()}


def _near(places: Mapping[int, str], line: int) -> str:
    at = max((one for one in places if one <= line), default=None)
    return places[at] if at is not None else ""


def forms_of(roster: Roster) -> dict[str, list[Form]]:
    """For each pair the forms of its names that will be understood, as `roster check` finds them; of those that differ
    by capitals alone one."""
    found: dict[str, dict[str, Form]] = {id: {} for id in roster.ids}
    for named in name_forms(roster):
        own = found[named.pair]
        for always, forms in ((True, named.found), (False, named.electoral)):
            for form in forms:
                if form.casefold() not in own or (always and not own[form.casefold()].always):
                    own[form.casefold()] = Form(form, always)
    return {id: sorted(forms.values(), key=_by_kind) for id, forms in found.items()}


def _by_kind(form: Form) -> tuple[bool, str]:
    """Words first, then tags and accounts."""
    return form.words[0] in "#@", form.words
