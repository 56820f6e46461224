"""Objects of JSON as flat records of text: nested names are dotted, numbers keep their digits."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

from netral_nlp.tables.reasons import NOT_JSON, NOT_OBJECT, REPEATED_KEY

MAX_KEYS = 1000
DEEPEST = 12


class RepeatedKeyError(ValueError):
    """A key stands twice in one object."""


def _pair_up(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise RepeatedKeyError
    return found


# Keeps the digits of numbers and refuses keys that stand twice.
DECODER = json.JSONDecoder(parse_int=str, parse_float=str, parse_constant=str, object_pairs_hook=_pair_up)


def parse_record(text: str) -> dict[str, str] | str:
    """The record in a text, or the reason why there is none."""
    if text.lstrip()[:1] == "{" and text.rstrip()[-1:] != "}":
        return NOT_JSON  # an error of the decoder costs more than an object
    try:
        found = DECODER.decode(text)
    except RepeatedKeyError:
        return REPEATED_KEY
    except (ValueError, RecursionError):
        return NOT_JSON
    return record_of(found)


def record_of(value: object) -> dict[str, str] | str:
    """An object as a record, or the reason why it is none.

    >>> record_of({"text": "halo", "user": {"name": "a", "tags": ["x"]}})
    {'text': 'halo', 'user.name': 'a', 'user.tags': '["x"]'}
    """
    if not isinstance(value, dict):
        return NOT_OBJECT
    found: dict[str, str] = {}
    for name, text in _flatten(value, "", 0):
        if name in found:
            return REPEATED_KEY
        found[name] = text
    return found


def _flatten(value: Mapping[str, Any], above: str, depth: int) -> Iterator[tuple[str, str]]:
    for key, one in value.items():
        name = f"{above}{key}"
        if isinstance(one, dict) and one and depth < DEEPEST:
            yield from _flatten(one, f"{name}.", depth + 1)
        else:
            yield name, _show(one)


def _show(value: Any) -> str:
    if isinstance(value, str):
        return value
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    return "" if value == {} else json.dumps(value, ensure_ascii=False)
