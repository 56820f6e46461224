"""Reading rosters: TOML in, a checked :class:`Roster` out, or every problem of the file with its line."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from itertools import accumulate, pairwise
from pathlib import Path
from typing import Any

from netral_nlp.errors import InputError
from netral_nlp.resources import data_dir, shipped
from netral_nlp.roster.drafting import is_table, read_list
from netral_nlp.roster.elections import (
    EMPTY_BOX,
    KINDS,
    OFFICES,
    ZONES,
    Dates,
    Election,
    Pair,
    Place,
    Roster,
    digest_of,
)
from netral_nlp.roster.fields import ELECTION_ID, PAIR_ID, Fields, Problems
from netral_nlp.roster.positions import toml_lines

__all__ = ["EMPTY_BOX", "KINDS", "OFFICES", "Dates", "Election", "Pair", "Place", "Roster"]
__all__ += ["load_roster", "load_rosters", "parse_roster"]

LARGEST_FILE = 1_000_000  # bytes
LONGEST_LINE = 20_000  # characters
MOST_PAIRS = 1_000
MOST_FORMS = 5_000  # of all pairs together; each costs time for every election that is set up
MOST_ALIASES = 150  # of one pair; any two may stand together as one word, so that time grows with their square
PAIR_KEYS = (
    "id", "number", "kind", "candidate", "running_mate",
    "aliases", "hashtags", "handles", "slogans", "symbols", "hostile", "not_aliases",
)  # fmt: skip
INDONESIAN = {
    "presiden": "president", "pilpres": "president", "gubernur": "governor", "pilgub": "governor",
    "bupati": "regent", "pilbup": "regent", "walikota": "mayor", "wali kota": "mayor", "pilwalkot": "mayor",
    "dpr": "legislature", "dprd": "legislature", "dpd": "legislature", "legislatif": "legislature",
    "pileg": "legislature",
    "kotak kosong": EMPTY_BOX, "partai politik": "partai", "pasangan calon": "paslon",
    "wib": "Asia/Jakarta", "wita": "Asia/Makassar", "wit": "Asia/Jayapura",
}  # fmt: skip

_MANY_DOTS = re.compile(r"(?:\.[ \t]*[\w\"'-]+[ \t]*){20}")  # tomllib takes minutes over keys of many parts
_WHERE = re.compile(r" \(at (?:line (\d+), column (\d+)|end of document)\)$")
_CURLY = re.compile("[\u2018\u2019\u201c-\u201e]")
_DATE_LIKE = re.compile(r"=\s*\[?\s*\d{1,4}[-/.]\d{1,2}[-/.]\d{1,4}")
_HINTS = (
    ("Cannot overwrite a value", "This key stands twice in its table; keep one."),
    ("Cannot declare", "Each table may stand once; every pair begins with [[pair]], in two brackets."),
    ("Illegal character '\\n'", 'Is the closing " missing?'),
    ("Unclosed array", "Is a comma between two items missing, or the closing ]?"),
    ("Expected '=' after a key", 'A line is: key = "text". A comment begins with #.'),
    ("Invalid value", 'Text stands in quotes: key = "text".'),
    ("Unescaped '\\'", "Write \\\\ for one backslash."),
    ("Expected newline", "Is a quote missing, or do two values stand on one line?"),
)


def load_roster(path: str | Path) -> Roster:
    """The roster in a TOML file (UTF-8, with or without byte order mark, at most 1 MB), or in a list of candidates.

    Such a list is a workbook or CSV with one row a pair (`drafting.read_list`); its lines are the rows of the sheet.
    Raises InputError with one line of message for every problem of the file, and ``line`` set to the first.
    """
    if is_table(path):
        tables, lines = read_list(path)
        return _checked(tables, lines, Problems(str(path)), path)
    try:
        with Path(path).open("rb") as file:
            raw = file.read(LARGEST_FILE + 1)
    except IsADirectoryError:
        raise InputError(f"{path} is a folder; name a roster file in it.", path=str(path)) from None
    except FileNotFoundError:
        raise InputError(f"There is no roster {path}; check the path.", path=str(path)) from None
    except (OSError, ValueError) as error:
        raise InputError(f"Cannot read the roster {path}: {error}.", path=str(path)) from None
    if len(raw) > LARGEST_FILE:
        raise InputError(f"{path} is larger than 1 MB, a roster has a few KB; is it the right file?", path=str(path))
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        utf16 = raw[:2] in (b"\xff\xfe", b"\xfe\xff")
        what = "the file is UTF-16" if utf16 else f"the byte 0x{raw[error.start]:02X} is not UTF-8"
        raise InputError(f"{path}:{line}: {what}; save the file as UTF-8.", path=str(path), line=line) from None
    return parse_roster(text, path)


def load_rosters(source: str | Path | Iterable[str | Path]) -> dict[str, Roster]:
    """The rosters of a folder (its ``*.toml`` files) or of the named files, by election id.

    Raises InputError with the problems of all files, for a folder without rosters, and for two rosters of one
    election.
    """
    named = [source] if isinstance(source, str | Path) else list(source)
    files = [file for path in map(Path, named) for file in (_files_of(path) if path.is_dir() else [path])]
    rosters: dict[str, Roster] = {}
    failures: list[InputError] = []
    for path in files:
        try:
            roster = load_roster(path)
        except InputError as error:
            failures.append(error)
            continue
        first = rosters.setdefault(roster.election.id, roster)
        if first is not roster:
            line = roster.line("election", "id")
            what = f'the election "{first.election.id}" already has {first.path}; leave one of them out.'
            failures.append(InputError(f"{path}:{line}: {what}", path=str(path), line=line))
    if failures:
        message = "\n".join(str(error) for error in failures)
        raise InputError(message, path=failures[0].path, line=failures[0].line)
    return rosters


def _files_of(folder: Path) -> list[Path]:
    files = sorted(folder.glob("*.toml"))
    if not files:
        raise InputError(f"The folder {folder} holds no roster (*.toml).", path=str(folder))
    return files


def parse_roster(text: str, path: str | Path = "roster") -> Roster:
    """The roster that a TOML text describes; ``path`` is what messages call it.

    Raises InputError as :func:`load_roster` does.
    """
    source = text.removeprefix("\ufeff")
    problems = Problems(str(path))
    for number, row in enumerate(source.split("\n"), 1):
        if len(row) > LONGEST_LINE:
            problems.add(number, f"this line has {len(row):,} characters; is it the right file?")
        elif _MANY_DOTS.search(row):
            problems.add(number, "something with 20 dots stands here; is it the right file?")
    problems.stop()
    tables: dict[str, Any] = {}
    lines: dict[Place, int] = {}
    try:
        tables = tomllib.loads(source)
        lines = toml_lines(source)
    except RecursionError:
        problems.add(1, "brackets are nested hundreds of times, a roster needs two; is it the right file?")
    except ValueError as error:  # TOMLDecodeError is one, and so is a number of thousands of digits
        problems.add(*_explain(str(error), source))
    problems.stop()
    return _checked(tables, lines, problems, path)


def _checked(tables: dict[str, Any], lines: dict[Place, int], problems: Problems, path: str | Path) -> Roster:
    top = Fields(tables, (), lines, problems, ("election", "pair"))
    election = _election(top)
    pairs = _pairs(top)
    problems.stop()
    return Roster(election, pairs, str(path), digest_of(election, pairs), lines)


def _explain(message: str, source: str) -> tuple[int, str]:
    """The line of a TOML error and a sentence about it."""
    where = _WHERE.search(message)
    rows = source.rstrip("\n").split("\n")
    line = int(where[1]) if where and where[1] else len(rows) if where else 1
    column = f" at column {where[2]}" if where and where[2] else ""
    row = rows[line - 1] if line <= len(rows) else ""
    hint = next((advice for begin, advice in _HINTS if message.startswith(begin)), "")
    if _CURLY.search(row):
        hint = 'Use straight quotes, "text", not curly ones.'
    elif _DATE_LIKE.search(row):
        hint = "A date is written 2024-11-27: year, month, day, and the day must exist."
    return line, f"not valid TOML{column}: {_WHERE.sub('', message)}. {hint}".rstrip()


def _election(top: Fields) -> Election:
    table = top.table("election", ("id", "name", "office", "zone", "dates"), required=True)
    return Election(
        id=table.identifier("id", ELECTION_ID),
        name=table.text("name", required=True),
        office=table.choice("office", OFFICES, None, INDONESIAN),
        dates=_dates(table.table("dates", ("designation", "campaign", "quiet", "vote", "dct"))),
        zone=table.choice("zone", ZONES, ZONES[0], INDONESIAN),
    )


def _dates(table: Fields) -> Dates:
    dates = Dates(
        table.day("designation"), table.period("campaign"), table.period("quiet"), table.day("vote"), table.day("dct")
    )
    stages: list[tuple[str, date, date]] = []  # in the order in which they must follow
    if dates.designation:
        stages.append(("designation", dates.designation, dates.designation))
    stages += [(key, *days) for key, days in (("campaign", dates.campaign), ("quiet", dates.quiet)) if days]
    if dates.vote:
        stages.append(("vote", dates.vote, dates.vote))
    for (before, _, last), (key, first, _) in pairwise(stages):
        earliest = last if before == "designation" else last + timedelta(days=1)
        if first < earliest:
            table.problem(f"{key} begins {first}, but {before} lasts until {last}; begin it {earliest} or later.", key)
    if dates.dct and dates.vote and dates.dct >= dates.vote:
        table.problem(f"dct is {dates.dct}, but the vote is {dates.vote}; the final list is set before it.", "dct")
    return dates


def _pairs(top: Fields) -> tuple[Pair, ...]:
    tables = top.tables("pair", PAIR_KEYS)
    if len(tables) > MOST_PAIRS:
        tables[MOST_PAIRS].problem(f"a roster has {MOST_PAIRS:,} pairs at most; is it the right file?")
        return ()
    pairs = tuple(_pair(table) for table in tables)
    for at, so_far in enumerate(accumulate(map(_forms, pairs))):
        if so_far > MOST_FORMS:
            tables[at].problem(f"a roster has {MOST_FORMS:,} aliases and tags at most; is it the right file?")
            return pairs
    for table, pair in zip(tables, pairs, strict=True):
        if len(pair.aliases) > MOST_ALIASES:
            table.problem(f"a pair has {MOST_ALIASES} aliases at most; is it the right file?", "aliases")
            return pairs
    _refuse_twice(tables, "id", [[pair.id.casefold()] for pair in pairs])
    _refuse_twice(tables, "number", [[pair.number] for pair in pairs])
    _refuse_twice(tables, "handles", [[handle.lstrip("@").casefold() for handle in pair.handles] for pair in pairs])
    return pairs


def _forms(pair: Pair) -> int:
    lists = (pair.aliases, pair.hashtags, pair.handles, pair.slogans, pair.symbols, pair.hostile)
    return sum(map(len, lists))


def _pair(table: Fields) -> Pair:
    kind = table.choice("kind", KINDS, "paslon", INDONESIAN)
    candidate = table.text("candidate", required=kind != EMPTY_BOX)
    return Pair(
        id=table.identifier("id", PAIR_ID),
        number=table.number("number"),
        candidate=candidate or "Kolom Kosong",
        running_mate=table.text("running_mate"),
        aliases=table.texts("aliases"),
        hashtags=table.texts("hashtags"),
        handles=table.texts("handles"),
        slogans=table.texts("slogans"),
        symbols=table.texts("symbols"),
        hostile=table.texts("hostile"),
        not_aliases=table.texts("not_aliases"),
        kind=kind,
    )


def _refuse_twice(tables: Sequence[Fields], key: str, values: Sequence[Sequence[str | int | None]]) -> None:
    """Two pairs must not share an id, a number or a handle; within one pair a repetition is harmless."""
    first: dict[str | int, Fields] = {}
    for table, own in zip(tables, values, strict=True):
        for value in own:
            if value in (None, "") or first.setdefault(value, table) is table:
                continue
            what = f"the handle @{value}" if key == "handles" else f'the {key} "{value}"'
            table.problem(f"{what} already belongs to the pair of line {first[value].line()}; give it to one.", key)


def read_roster(given: str | Path) -> Roster:
    """The roster in a file, or the shipped one with that election id."""
    path = shipped(given)
    if not path.exists() and Path(given).suffix != ".toml" and not is_table(given) and Path(given).name == str(given):
        inside = data_dir() / "rosters" / f"{given}.toml"
        if inside.exists():
            return load_roster(inside)
        known = ", ".join(sorted(p.stem for p in (data_dir() / "rosters").glob("*.toml")))
        raise InputError(f"There is no roster file {given}, and no shipped roster of that name. Shipped are: {known}.")
    return load_roster(path)


def read_rosters(folder: str | Path | None = None) -> dict[str, Roster]:
    """The shipped rosters by election id, with those of a folder (or file) beside and before them."""
    known = load_rosters(data_dir() / "rosters")
    return known if folder is None else {**known, **load_rosters(shipped(folder))}
