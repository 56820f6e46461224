"""What is known of a case: given by people, never guessed; what cannot be read counts as not given."""

from __future__ import annotations

import hashlib
import json
import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from netral_nlp.errors import InputError
from netral_nlp.law.moments import Moment, read_day, read_moment
from netral_nlp.law.rules import acts_in
from netral_nlp.law.tables import CASES, REGIMES

PEOPLE = ("pelapor", "terlapor", "pengawas")
DAYS = ("waktu_kejadian", "diketahui", "dilaporkan", "diregistrasi", "diberitahukan")
KEYS = (*PEOPLE, *DAYS, "tempat_kejadian", "tempat_dilaporkan", "uraian", "bukti", "saksi", "perbuatan", "pengecualian")
ABOUT = ("id", "election", "rezim_pemilihan", "jenis", "libur")
_NOTHING = re.compile(
    r"[\W_]*|(?:belum (?:diisi|diketahui|ada)|tidak diketahui|tidak ada|kosong|n/?a|null|none)\W*", re.IGNORECASE
)


@dataclass(frozen=True)
class Case:
    """One report (``laporan``) or finding (``temuan``); ``facts`` are the keys of :data:`KEYS` as they were given.

    ``holidays`` is None where the tables' own count. ``notes`` say in Indonesian what could not be used.
    """

    id: str
    kind: str
    election: str
    regime: str
    facts: Mapping[str, Any]
    holidays: frozenset[date] | None = None
    notes: tuple[str, ...] = field(default=())

    def text(self, place: str) -> str:
        """What was given at a place such as ``pelapor.nama``; empty where nothing was."""
        value: Any = self.facts
        for key in place.split("."):
            value = value.get(key) if isinstance(value, Mapping) else None
        return said(value)

    def has(self, place: str) -> bool:
        """Whether anything was given there; a dash or "belum diisi" is nothing."""
        return bool(self.text(place))

    def moment(self, key: str, zone: str) -> Moment | None:
        """The local moment of a fact; None where none was given or it cannot be read."""
        return read_moment(self.text(key), zone)

    @property
    def acts(self) -> tuple[str, ...]:
        """The codes of the acts that somebody named."""
        return acts_in(self.text("perbuatan"))


def said(value: object) -> str:
    """A given value as text; empty for what says nothing.

    >>> said(" Rina "), said("-"), said(["SPANDUK", "TIM"]), said(None), said({"jenis": "foto"})
    ('Rina', '', 'SPANDUK; TIM', '', 'foto')
    """
    if value is None or isinstance(value, bool):
        return ""
    if isinstance(value, Mapping):
        return ", ".join(part for part in map(said, value.values()) if part)
    if isinstance(value, Sequence) and not isinstance(value, str):
        return "; ".join(part for part in map(said, value) if part)
    if isinstance(value, datetime | date | time):
        return value.isoformat()
    text = " ".join(str(value).encode("utf-8", "replace").decode().split())  # half a character cannot be written
    return "" if _NOTHING.fullmatch(text) else text


def read_case(given: object, place: str) -> Case:
    """A case out of a JSON document; ``place`` is what messages call it.

    Raises InputError where it is no case: no object, an unknown kind or regime, holidays that are no days.
    """
    if not isinstance(given, Mapping):
        raise InputError(f"{place} is no case: a case is an object with id, election, jenis and masukan.")
    facts = given.get("masukan", {})
    if not isinstance(facts, Mapping):
        raise InputError(f'{place}: "masukan" is no object.')
    return make_case({**{key: facts[key] for key in ABOUT[1:] if key in facts}, **given}, facts, place)


def make_case(about: Mapping[str, Any], facts: Mapping[str, Any], place: str) -> Case:
    """A case of facts, and of what is said about it (:data:`ABOUT`). Raises InputError as `read_case` does."""
    kind = _one_of(said(about.get("jenis")) or CASES[0], CASES, "jenis", place)
    regime = said(about.get("rezim_pemilihan"))
    if regime:
        _one_of(regime, REGIMES, "rezim_pemilihan", place)
    used = {key: value for key, value in facts.items() if key in KEYS}
    strange = [key for key in facts if key not in KEYS and key not in ABOUT]
    notes = [f'Keterangan "{said(key)[:40]}" tidak dikenal dan tidak dipakai.' for key in strange]
    for key in PEOPLE:
        if used.get(key) is not None and not isinstance(used[key], Mapping):
            notes.append(f'"{key}" bukan daftar keterangan (nama, alamat, ...) dan tidak dipakai.')
            used.pop(key)
    for key in DAYS:
        text = said(used.get(key))
        if text and read_moment(text) is None:
            notes.append(f'Waktu "{text[:40]}" pada "{key}" tidak terbaca dan dianggap belum diisi.')
            used.pop(key)
    holidays = None if about.get("libur") is None else _holidays(about["libur"], place)
    return Case(said(about.get("id")), kind, said(about.get("election")), regime, used, holidays, tuple(notes))


def _near_key(key: str) -> str:
    """The known key that somebody may have meant, with a question mark; else all of them."""
    near = get_close_matches(key.lower(), (*KEYS, *ABOUT), 1)
    return f'did you mean "{near[0]}"?' if near else f"known are: {', '.join((*KEYS, *ABOUT))}."


def _one_of(text: str, known: Sequence[str], key: str, place: str) -> str:
    if text not in known:
        raise InputError(f'{place}: {key} "{text[:40]}" is unknown; it is one of: {", ".join(known)}.')
    return text


def _holidays(given: object, place: str) -> frozenset[date]:
    if isinstance(given, str | date):
        given = [given]
    if not isinstance(given, Sequence):
        raise InputError(f'{place}: "libur" is a list of days: ["2024-11-27"].')
    days = [(item, read_day(said(item))) for item in given]
    for item, day in days:
        if day is None:
            raise InputError(f'{place}: "{str(item)[:40]}" in "libur" is no day; write 2024-11-27.')
    return frozenset(day for _, day in days if day is not None)


def read_facts(path: str | Path) -> dict[str, Any]:
    """The facts that people wrote in a TOML file: the keys of a case's ``masukan``, and jenis, election, libur.

    Raises InputError where it is no TOML or has an unknown key.
    """
    try:
        facts = tomllib.loads(Path(path).read_text(encoding="utf-8-sig"))
    except FileNotFoundError:
        raise InputError(f"There is no file {path}. Check the name and the directory.", path=str(path)) from None
    except (OSError, ValueError, RecursionError) as error:
        raise InputError(f"{path} cannot be read: {error}.", path=str(path)) from None
    return check_facts(facts, str(path))


def check_facts(facts: Mapping[str, Any], place: str = "The facts") -> dict[str, Any]:
    """The facts, if all their keys are known; raises InputError for another."""
    for key in facts:
        if key not in KEYS and key not in ABOUT:
            raise InputError(f'{place}: the key "{key}" is unknown; {_near_key(key)}', path=place)
    return dict(facts)


def digest_of_facts(facts: Mapping[str, Any]) -> str | None:
    """SHA-256 of facts that came without a file; None where there are none."""
    if not facts:
        return None
    return hashlib.sha256(json.dumps(facts, ensure_ascii=False, sort_keys=True, default=str).encode()).hexdigest()
