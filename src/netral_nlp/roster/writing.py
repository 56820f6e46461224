"""A roster as TOML that says the same when it is read, one value a line so that each can be pointed at."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

from netral_nlp.roster.elections import KINDS, Roster
from netral_nlp.roster.fields import YEARS

ELECTION_KEYS = ("id", "name", "office", "zone")
DATE_KEYS = ("designation", "campaign", "quiet", "vote", "dct")
PERIODS = ("campaign", "quiet")  # dates that have a first and a last day
TEXT_KEYS = ("id", "number", "kind", "candidate", "running_mate")
LIST_KEYS = ("aliases", "not_aliases", "hashtags", "handles", "slogans", "symbols", "hostile")


def tables_of(roster: Roster) -> dict[str, Any]:
    """What a roster says, as the tables of its TOML; what is not given has no key."""
    e, d = roster.election, roster.election.dates
    dates: dict[str, Any] = {}
    for key in DATE_KEYS:
        value = getattr(d, key)
        if value is not None:
            dates[key] = [day.isoformat() for day in value] if isinstance(value, tuple) else value.isoformat()
    pairs = []
    for pair in roster.pairs:
        said: dict[str, Any] = {}
        for key in (*TEXT_KEYS, *LIST_KEYS):
            value = getattr(pair, key)
            if value not in (None, "", ()) and not (key == "kind" and value == KINDS[0]):
                said[key] = list(value) if isinstance(value, tuple) else value
        pairs.append(said)
    election: dict[str, Any] = {"id": e.id, "name": e.name, "office": e.office, "zone": e.zone}
    return {"election": {**election, "dates": dates} if dates else election, "pair": pairs}


def write_toml(tables: Mapping[str, Any]) -> str:
    """The tables as TOML: known keys in their usual order, each item of a list on a line of its own.

    Values that are of no use are written as they are; reading the text finds what is wrong with them.
    """
    return "\n".join(_lines(tables)) + "\n"


def _lines(tables: Mapping[str, Any]) -> Iterator[str]:
    election = tables.get("election", {})
    yield "[election]"
    for key in ELECTION_KEYS:
        if key in election:
            yield from _value(key, election[key])
    dates = election.get("dates", {})
    if dates:
        yield ""
        yield "[election.dates]"
        for key in DATE_KEYS:
            if key in dates:
                yield from _value(key, dates[key])
    for pair in tables.get("pair", []):
        yield ""
        yield "[[pair]]"
        for key in (*TEXT_KEYS, *LIST_KEYS):
            if key in pair:
                yield from _value(key, pair[key])


def _value(key: str, value: object) -> Iterator[str]:
    if isinstance(value, list) and key in LIST_KEYS:
        yield f"{key} = ["
        for item in value:
            yield f"  {_scalar(item)},"
        yield "]"
    elif isinstance(value, list):
        yield f"{key} = [{', '.join(map(_scalar, value))}]"
    else:
        yield f"{key} = {_scalar(value)}"


def _scalar(value: object) -> str:
    if isinstance(value, str) and re.fullmatch(r"\d{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|1\d|2[0-8])", value):
        return value if int(value[:4]) in YEARS else json.dumps(value)  # a date that exists in every year
    if isinstance(value, str):
        value = value.encode("utf-8", "replace").decode()
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")
