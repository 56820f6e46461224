"""What the form of a report or a finding asks of people, by the law's own tables, and the facts that come back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from netral_nlp.law.assessment import TIMELY
from netral_nlp.law.facts import DAYS
from netral_nlp.law.rules import Rules
from netral_nlp.law.tables import CASES

FINDING = "temuan"  # what somebody who watches finds himself, as who works at this desk mostly does
GROUPS = ("formal", "materiel", "isian")
FILES = "bukti"  # given as files, not written
LONG = ("uraian", "pengawas.hasil")
LONGEST, LONGEST_TEXT = 300, 4_000


@dataclass(frozen=True, slots=True)
class Asked:
    """A field: the key of the facts, what the form calls it, whether it must be filled, how it is written."""

    place: str
    name: str
    required: bool
    shape: str  # "text", "long", "date", "datetime-local"


def forms(rules: Rules) -> dict[str, str]:
    """For each kind of case the number of its form, such as ``B.2``."""
    return {row["perkara"]: row["formulir"] for row in rules.tables["formulir"]}


def asked_by(rules: Rules, kind: str) -> dict[str, list[Asked]]:
    """The fields of the form for a kind of case, by group, in the form's order; the computed ones are not asked."""
    form = forms(rules)[kind]
    rows = [row for row in rules.tables["syarat"] if row["formulir"] == form and row["bidang"] not in (TIMELY, FILES)]
    found: dict[str, list[Asked]] = {group: [] for group in GROUPS}
    for row in sorted(rows, key=lambda row: int(row["urutan"])):
        one = Asked(row["bidang"], row["nama"], row["wajib"] == "ya", _shape(row["bidang"]))
        found.setdefault(row["kelompok"], []).append(one)
    return found


def _shape(place: str) -> str:
    if place in LONG:
        return "long"
    if place == "dilaporkan":
        return "datetime-local"  # the form asks for the hour, too
    return "date" if place in DAYS and place != "waktu_kejadian" else "text"


def facts_of(said: Mapping[str, str], rules: Rules) -> dict[str, Any]:
    """What a form gives, as the keys of facts; an empty field gives nothing, an unknown one is not read."""
    kind = said.get("jenis", "")
    found: dict[str, Any] = {"jenis": kind if kind in CASES else FINDING}
    for fields in asked_by(rules, found["jenis"]).values():
        for one in fields:
            longest = LONGEST_TEXT if one.shape == "long" else LONGEST
            if value := " ".join(said.get(one.place, "").split())[:longest]:
                who, _, field = one.place.rpartition(".")
                (found.setdefault(who, {}) if who else found)[field] = value
    return found
