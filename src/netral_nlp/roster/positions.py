"""On which line of a TOML file each key and each list item stands."""

from __future__ import annotations

import re
import tomllib
from bisect import bisect_left

from netral_nlp.roster.elections import Place

_BLANK = re.compile(r"(?:[ \t\r\n]|#[^\n]*)*")
_KEY_PART = re.compile(r'[A-Za-z0-9_-]+|"(?:[^"\\\n]|\\.)*"|\'[^\'\n]*\'')
_DOT = re.compile(r"[ \t]*\.[ \t]*")
_STRING = re.compile(
    r'"""(?:\\.|[^\\])*?"""(?!")'  # up to two quotes may stand before the closing three
    r"|'''.*?'''(?!')"
    r'|"(?:\\.|[^"\\])*"'
    r"|'[^']*'",
    re.DOTALL,
)
_SCALAR = re.compile(r"[^,\]}#\n]+")  # never empty, or a list would not end


def toml_lines(source: str) -> dict[Place, int]:
    """The line, from 1, of every table, key and list item of a TOML document.

    The document must be one that ``tomllib`` accepts. A table has the line of its header, a list item the
    line on which it begins, what TOML declares in passing (the ``a`` of ``[a.b]``) that of its first use.

    >>> toml_lines('[election]\\nid = "x"\\n[[pair]]\\naliases = ["a",\\n "b"]')[("pair", 0, "aliases", 1)]
    5
    """
    return _Scanner(source).document()


class _Scanner:
    def __init__(self, source: str) -> None:
        self.source = source
        self.at = 0
        self.ends = [match.start() for match in re.finditer("\n", source)]
        self.lines: dict[Place, int] = {}
        self.items: dict[Place, int] = {}  # how many [[tables]] of that name there are so far

    def document(self) -> dict[Place, int]:
        table: Place = ()
        while self.skip():
            if self.source.startswith("[", self.at):
                table = self.header()
            else:
                self.statement(table)
        return self.lines

    def header(self) -> Place:
        many = self.source.startswith("[[", self.at)
        line = self.line()
        self.at += 2 if many else 1
        self.skip()
        place: Place = ()
        parts = self.key()
        for part in parts[:-1]:
            place = self.inside((*place, part), line)
        place = (*place, parts[-1])
        if many:
            self.note(place, line)
            self.items[place] = self.items.get(place, 0) + 1
            place = (*place, self.items[place] - 1)
            self.note(place, line)
        else:
            place = self.inside(place, line)
        self.skip()
        self.at += 2 if many else 1
        return place

    def statement(self, table: Place) -> None:
        line = self.line()
        place = table
        for part in self.key():
            place = (*place, part)
            self.note(place, line)
        self.skip()
        self.at += 1  # the equals sign
        self.skip()
        self.value(place)

    def value(self, place: Place) -> None:
        opening = self.source[self.at]
        if opening in "\"'":
            self.take(_STRING)
        elif opening == "[":
            self.array(place)
        elif opening == "{":
            self.inline_table(place)
        else:
            self.take(_SCALAR)

    def array(self, place: Place) -> None:
        self.at += 1
        count = 0
        while self.skip() and self.source[self.at] != "]":
            self.note((*place, count), self.line())
            self.value((*place, count))
            count += 1
            self.comma()
        self.at += 1

    def inline_table(self, place: Place) -> None:
        self.at += 1
        while self.skip() and self.source[self.at] != "}":
            self.statement(place)
            self.comma()
        self.at += 1

    def comma(self) -> None:
        if self.skip() and self.source[self.at] == ",":
            self.at += 1

    def key(self) -> list[str]:
        parts = [self.key_part()]
        while _DOT.match(self.source, self.at):
            self.take(_DOT)
            parts.append(self.key_part())
        return parts

    def key_part(self) -> str:
        written = self.take(_KEY_PART)
        if written[0] == '"':
            return str(tomllib.loads(f"key = {written}")["key"])
        return written.strip("'")

    def inside(self, place: Place, line: int) -> Place:
        """A table, or the last one of a list of tables."""
        self.note(place, line)
        return (*place, self.items[place] - 1) if place in self.items else place

    def note(self, place: Place, line: int) -> None:
        self.lines.setdefault(place, line)

    def take(self, pattern: re.Pattern[str]) -> str:
        match = pattern.match(self.source, self.at)
        if match is None:
            raise ValueError(f"not TOML at character {self.at}")
        self.at = match.end()
        return match.group()

    def skip(self) -> bool:
        """Passes blanks and comments; False at the end of the document."""
        self.take(_BLANK)
        return self.at < len(self.source)

    def line(self) -> int:
        return bisect_left(self.ends, self.at) + 1
