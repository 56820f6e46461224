"""The typed fields of one table of a roster file, and the problems met while reading them."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Mapping
from datetime import date, datetime
from difflib import get_close_matches
from typing import Any

from netral_nlp.errors import InputError
from netral_nlp.roster.elections import Place

LONGEST_ID = 80
LONGEST_TEXT = 200
MOST_ITEMS = 1_000
NUMBERS = range(1, 1_000)
YEARS = range(1945, 2101)
MOST_PROBLEMS = 50  # more lines of message help nobody

ELECTION_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*")
PAIR_ID = re.compile(r"[^\W_](?:[^\W_]|[ ._'\u2019/&()-])*")  # letters of any script; = + - @ first would be a formula
_UNSEEN = frozenset("\u00ad\u200b\u2028\u2029\u2060\ufeff\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


class Problems:
    """What is wrong with one file, by line."""

    def __init__(self, path: str) -> None:
        self.path = path
        self.found: dict[tuple[int, str], None] = {}

    def add(self, line: int, message: str) -> None:
        """Notes a problem; the same one again is not noted twice."""
        self.found[(line, message)] = None

    def stop(self) -> None:
        """Raises InputError if there is any problem: a line of message for each, in the order of the file."""
        found = sorted(self.found, key=lambda problem: problem[0])
        shown = [f"{self.path}:{line}: {message}" for line, message in found[:MOST_PROBLEMS]]
        if len(found) > MOST_PROBLEMS:
            shown.append(f"{self.path}: and {len(found) - MOST_PROBLEMS:,} more problems.")
        if found:
            raise InputError("\n".join(shown), path=self.path, line=found[0][0])


class Fields:
    """One table; each method gives a usable value and notes a problem where the file has none.

    A table that is not there (``given`` false) has no problems of its own: it was said to be missing before.
    """

    def __init__(
        self,
        values: object,
        place: Place,
        lines: Mapping[Place, int],
        problems: Problems,
        known: Collection[str],
        title: str = "",
    ) -> None:
        self.given = isinstance(values, dict)
        self.values: dict[str, Any] = values if isinstance(values, dict) else {}
        self.place = place
        self.lines = lines
        self.problems = problems
        self.title = title
        for key in self.values:
            if key not in known:
                near = get_close_matches(key.lower(), known, 1)
                advice = f'did you mean "{near[0]}"?' if near else f"known here: {', '.join(known)}."
                self.problem(f"the key {_shown(key)} is unknown; {advice}", key)

    def line(self, *inner: str | int) -> int:
        """The line of a value, or of the nearest table around it."""
        place = (*self.place, *inner)
        return next((self.lines[place[:n]] for n in range(len(place), 0, -1) if place[:n] in self.lines), 1)

    def problem(self, message: str, *inner: str | int) -> None:
        """Notes what is wrong with a value of this table."""
        self.problems.add(self.line(*inner), self.title + message)

    def table(self, key: str, known: Collection[str], *, required: bool = False) -> Fields:
        """The table of that name inside this one."""
        value = self.values.get(key)
        if isinstance(value, list):
            self.problem(f"{key} is one table: write it once, as [{key}] in single brackets.", key)
        elif value is not None and not isinstance(value, dict):
            self.problem(f"{key} is a table: write [{'.'.join((*map(str, self.place), key))}] on its own line.", key)
        elif value is None and required and self.given:
            self.problem(f"the table [{key}] is missing; add it.", key)
        return Fields(value, (*self.place, key), self.lines, self.problems, known)

    def tables(self, key: str, known: Collection[str]) -> list[Fields]:
        """All tables ``[[key]]``; a problem if there is none."""
        value = self.values.get(key)
        if isinstance(value, dict):
            self.problem(f"begin with [[{key}]] in two brackets: there is one for every {key}.", key)
        elif value is None or value == []:
            self.problem(f"there is no {key}; add a table [[{key}]] for each.", key)
        elif not isinstance(value, list) or not all(isinstance(item, dict) for item in value):
            self.problem(f"{key} is a list of tables: begin each with [[{key}]].", key)
        rows = value if isinstance(value, list) else []
        return [
            Fields(row, (*self.place, key, n), self.lines, self.problems, known, f"{key} {n + 1}: ")
            for n, row in enumerate(rows)
            if isinstance(row, dict)
        ]

    def text(self, key: str, *, required: bool = False, longest: int = LONGEST_TEXT) -> str:
        """A text without blanks around it; ``""`` if the key is not there."""
        value = self.values.get(key, "")
        text = self._clean(value, key, longest=longest)
        if required and self.given and isinstance(value, str) and not value.strip():
            state = "is empty" if key in self.values else "is missing"
            self.problem(f'{key} {state}; write {key} = "...".', key)
        return text

    def identifier(self, key: str, pattern: re.Pattern[str]) -> str:
        """A required text that may stand in file names, tables and column headings."""
        text = self.text(key, required=True, longest=LONGEST_ID)
        if text and not pattern.fullmatch(text):
            allowed = (
                "letters, digits and . _ -" if pattern is ELECTION_ID else "letters, digits, blanks and - . _ ' / & ( )"
            )
            self.problem(f"the {key} {_shown(text)} may hold {allowed} only, a letter or digit first.", key)
        return text

    def texts(self, key: str) -> tuple[str, ...]:
        """The texts of a list, in its order; empty if the key is not there."""
        value = self.values.get(key, [])
        if not isinstance(value, list):
            example = f"[{_shown(value)}]" if isinstance(value, str) else '["...", "..."]'
            self.problem(f"{key} is a list, also for one text: {key} = {example}.", key)
            return ()
        if len(value) > MOST_ITEMS:
            self.problem(f"{key} has {len(value):,} items, the most is {MOST_ITEMS:,}; is it the right file?", key)
            return ()
        for n, item in enumerate(value):
            if isinstance(item, str) and not item.strip():
                self.problem(f"item {n + 1} of {key} is empty; remove it.", key, n)
        return tuple(self._clean(item, key, n) for n, item in enumerate(value))

    def choice(self, key: str, choices: Collection[str], default: str | None, meant: Mapping[str, str]) -> str:
        """One of the choices; required if there is no default. ``meant`` advises users of other words."""
        if key not in self.values and default is not None:
            return default
        text = self.text(key, required=True)
        if not text or text in choices:
            return text
        near = [meant[text.lower()]] if text.lower() in meant else get_close_matches(text.lower(), choices, 1)
        advice = f'did you mean "{near[0]}"?' if near else f"it is one of: {', '.join(choices)}."
        self.problem(f"the {key} {_shown(text)} is unknown; {advice}", key)
        return text

    def number(self, key: str) -> int | None:
        """A whole number of :data:`NUMBERS`, None if the key is not there."""
        value = self.values.get(key)
        if value is None:
            return None
        if isinstance(value, bool) or not isinstance(value, int):
            self.problem(f"{key} is a whole number without quotes: {key} = 1.", key)
            return None
        if value not in NUMBERS:
            self.problem(f"the {key} is {_brief(value)}; it lies between {NUMBERS[0]} and {NUMBERS[-1]}.", key)
            return None
        return value

    def day(self, key: str) -> date | None:
        """A date, None if the key is not there."""
        return self._day(self.values[key], key) if key in self.values else None

    def period(self, key: str) -> tuple[date, date] | None:
        """The first and the last day, None if the key is not there."""
        if key not in self.values:
            return None
        value = self.values[key]
        if not isinstance(value, list) or len(value) != 2:
            self.problem(f"{key} is its first and its last day: {key} = [2024-09-25, 2024-11-23].", key)
            return None
        first, last = (self._day(item, key, n) for n, item in enumerate(value))
        if first is None or last is None:
            return None
        if first > last:
            self.problem(f"{key} ends ({last}) before it begins ({first}); exchange the days.", key)
            return None
        return first, last

    def _day(self, value: object, *inner: str | int) -> date | None:
        day = value
        if isinstance(value, str):  # the day in quotes is as clear as without
            try:
                day = date.fromisoformat(value.strip())
            except ValueError:
                day = None
        if not isinstance(day, date) or isinstance(day, datetime):
            self.problem(f"{inner[0]} is {_brief(value)}; a date is written 2024-11-27, without an hour.", *inner)
            return None
        if day.year not in YEARS:
            self.problem(f"{inner[0]} lies in the year {day.year}; is {day} a misprint?", *inner)
            return None
        return day

    def _clean(self, value: object, *inner: str | int, longest: int = LONGEST_TEXT) -> str:
        what = f"item {int(inner[1]) + 1} of {inner[0]}" if len(inner) > 1 else str(inner[0])
        if not isinstance(value, str):
            self.problem(f'{what} is {_brief(value)}; text stands in quotes: "...".', *inner)
            return ""
        unseen = next((c for c in value.strip() if c in _UNSEEN or unicodedata.category(c) == "Cc"), None)
        if unseen is not None:
            self.problem(f"{what} holds the invisible character U+{ord(unseen):04X}; type it anew.", *inner)
        elif len(value) > longest:
            self.problem(f"{what} has {len(value):,} characters, the most is {longest}; shorten it.", *inner)
        else:
            return value.strip()
        return ""


def _shown(text: str) -> str:
    """A text in quotes, cut to fit a message, without characters that could disturb a terminal."""
    safe = "".join(c if c.isprintable() else "?" for c in text)
    return f'"{safe[:40]}..."' if len(safe) > 43 else f'"{safe}"'


def _brief(value: object) -> str:
    """A value of another type, named."""
    if isinstance(value, str):
        return _shown(value)
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, dict | list):
        return "a table" if isinstance(value, dict) else "a list"
    return str(value)[:40]
