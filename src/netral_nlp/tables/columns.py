"""Column names: what a usable header is, and which column holds the post, its time, its account."""

from __future__ import annotations

import re
from collections.abc import Sequence

from netral_nlp.errors import InputError
from netral_nlp.tables.usual import ACCOUNT_COLUMNS as ACCOUNT_COLUMNS
from netral_nlp.tables.usual import ID_COLUMNS as ID_COLUMNS
from netral_nlp.tables.usual import PLATFORM_COLUMNS as PLATFORM_COLUMNS
from netral_nlp.tables.usual import TEXT_COLUMNS as TEXT_COLUMNS
from netral_nlp.tables.usual import TIME_COLUMNS as TIME_COLUMNS

CONTROL = re.compile(r"[\x00-\x08\x0e-\x1f\x7f\ud800-\udfff]")
NOT_A_NAME = re.compile(r"@|https?:|\d{6}|(?:\S+\s+){5}")
SHOWN = 12


def find_column(
    columns: Sequence[str],
    wanted: str | None,
    usual: Sequence[str],
    *,
    what: str,
    option: str,
    name: str = "The table",
) -> int | None:
    """Index of the column ``wanted``; if that is ``None``, of the first ``usual`` name present, or ``None``.

    Case, spaces, underscores, hyphens and dots do not count, unless two columns differ in nothing else.
    ``what`` says what the column is for ("text"), ``option`` how to name another, ``name`` which table it is.
    Raises InputError when a wanted column is absent or fits two columns.

    >>> find_column(["ID", "Full Text"], None, TEXT_COLUMNS, what="text", option="--text-column")
    1
    >>> find_column(["isi"], "teks", TEXT_COLUMNS, what="text", option="--text-column", name="posts.csv")
    Traceback (most recent call last):
    netral_nlp.errors.InputError: posts.csv has no column "teks"; found "isi". Name it with --text-column isi.
    """
    folded = [fold_name(column) for column in columns]
    if wanted is None:
        exact = next((folded.index(one) for one in map(fold_name, usual) if one in folded), None)
        return exact if exact is not None else _find_nested(columns, usual)
    matches = [index for index, column in enumerate(columns) if column == wanted]
    matches = matches or [index for index, column in enumerate(folded) if column == fold_name(wanted)]
    if len(matches) == 1:
        return matches[0]
    if matches and len({columns[index] for index in matches}) == 1:
        raise InputError(f"{name}: {places_of(matches)} are both called {quote_name(wanted)}. Rename one of them.",
                         path=name)  # fmt: skip
    if matches:
        raise InputError(f"{name} has {len(matches)} columns that could be {quote_name(wanted)}. "
                         f"Name the {what} column exactly with {option}.", path=name)  # fmt: skip
    raise InputError(f"{name} has no column {quote_name(wanted)}; {_advise(columns, usual, option)}", path=name)


def require_column(
    columns: Sequence[str],
    wanted: str | None,
    usual: Sequence[str],
    *,
    what: str,
    option: str,
    name: str = "The table",
) -> int:
    """Like `find_column`, but raises InputError where that returns ``None``."""
    index = find_column(columns, wanted, usual, what=what, option=option, name=name)
    if index is None:
        raise InputError(f"{name} has no column for the {what}; {_advise(columns, usual, option)}", path=name)
    return index


def check_header(cells: Sequence[str], name: str, line: int = 1) -> tuple[str, ...]:
    """The column names, without empty ones at the end.

    Raises InputError when they are all empty, or when this is no text at all.
    """
    names = list(cells)
    while names and not names[-1].strip():
        names.pop()
    if not names:
        raise InputError(f"{name} has no column names in its first line. Add a header such as id,text.",
                         path=name, line=line)  # fmt: skip
    if any(CONTROL.search(one) for one in names):
        raise InputError(f"{name} is not a text table. Save it as CSV (UTF-8), XLSX, Parquet or JSON lines.",
                         path=name, line=line)  # fmt: skip
    return tuple(names)


def note_doubles(columns: Sequence[str]) -> tuple[str, ...]:
    """A sentence for every name that stands twice, with its places as a spreadsheet letters them.

    >>> note_doubles(["no", "skor", "isi", "skor"])
    ('Columns B and D are both called "skor".',)
    """
    places: dict[str, list[int]] = {}
    for index, column in enumerate(columns):
        if column.strip():
            places.setdefault(column.strip(), []).append(index)
    twice = {one: at for one, at in places.items() if len(at) > 1}
    return tuple(f"C{places_of(at)[1:]} are both called {quote_name(one)}." for one, at in twice.items())


def places_of(indexes: Sequence[int]) -> str:
    """``columns B and D``."""
    letters = [letter_of(index) for index in indexes]
    return f"columns {', '.join(letters[:-1])} and {letters[-1]}"


def letter_of(index: int) -> str:
    """How a spreadsheet letters a column, counted from 0.

    >>> letter_of(0), letter_of(25), letter_of(26)
    ('A', 'Z', 'AA')
    """
    letters, rest = "", index + 1
    while rest:
        rest, digit = divmod(rest - 1, 26)
        letters = chr(ord("A") + digit) + letters
    return letters


def fold_name(name: str) -> str:
    """The name without the differences that people do not mean.

    >>> fold_name(" Full_Text ")
    'fulltext'
    """
    return re.sub(r"[\s_.\-\ufeff]+", "", name).casefold()


def quote_name(name: str) -> str:
    """The name in quotation marks, or only its length if it looks like a post: the file may lack a header."""
    if len(name) > 40 or NOT_A_NAME.search(name):
        return f"(a name of {len(name)} characters)"
    return f'"{name}"'


def list_names(names: Sequence[str]) -> str:
    shown = ", ".join(quote_name(name) for name in names[:SHOWN])
    return shown + (f" and {len(names) - SHOWN} more" if len(names) > SHOWN else "")


def fill_in(option: str, name: str) -> str:
    """The option with a column name as one types it; a name that looks like a post stays out.

    >>> fill_in("--text-column", "Text Tweet")
    '--text-column "Text Tweet"'
    """
    if not name or quote_name(name) != f'"{name}"':
        return f"{option} NAME"
    return f"{option} {name}" if re.fullmatch(r"[\w.\-]+", name) else f'{option} "{name}"'


PERSONS = re.compile(r"user|author|owner|account|profile|sender|from|core|retweeted|quoted|reply", re.IGNORECASE)


def _find_nested(columns: Sequence[str], usual: Sequence[str]) -> int | None:
    """The column of a nested record whose last name is a usual one: ``legacy.full_text``, not ``user.description``."""
    last: dict[str, int] = {}
    for index, column in enumerate(columns):
        *above, name = column.split(".")
        if above and not any(PERSONS.search(one) for one in above):
            last.setdefault(fold_name(name), index)
    return next((last[one] for one in map(fold_name, usual) if one in last), None)


def _advise(columns: Sequence[str], usual: Sequence[str], option: str) -> str:
    folded = [fold_name(column) for column in columns]
    best = next((columns[folded.index(one)] for one in map(fold_name, usual) if one in folded), None)
    return f"found {list_names(columns)}. Name it with {fill_in(option, best or '')}."
