"""The one rule for a labelled row: which columns it needs, what each may say, and what is wrong with the others.

Files, frames, reviews and ``corpus check`` all read their rows here.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from difflib import get_close_matches

from netral_nlp.errors import InputError, UsageError
from netral_nlp.records import LABELS, Case
from netral_nlp.roster import Roster
from netral_nlp.roster.lookup import pair_called
from netral_nlp.tables import TEXT_COLUMNS, choose_posts
from netral_nlp.tables.columns import find_column, fold_name, list_names, note_doubles, quote_name
from netral_nlp.tables.dialect import unguard

REQUIRED = ("election", "pair", "label", "text")
OPTIONAL = ("id", "platform", "batch", "source")
OPTIONS = {
    "election": "--election ID",
    "pair": "--pair ID",
    "label": "--label-column NAME",
    "text": "--text-column NAME",
}
ADVICE = (
    f"Labels are {', '.join(LABELS)} (others: --label-map); elections and pairs are those of the shipped rosters and "
    "of the folder given with --rosters."
)
FAULTS_SHOWN = 8
SAME = 3  # lines with the same problem from which they are told together


@dataclass(frozen=True, slots=True)
class Example:
    """One labelled post; ``line`` is where it stands in ``file``.

    ``source`` says where posts come from that resemble each other more than the elections do (a writing campaign, a
    data set); error rates are found on sources left out of the fit, too.
    """

    id: str
    case: Case
    label: str
    platform: str
    batch: str
    file: str
    line: int
    source: str = ""

    @property
    def election(self) -> str:
        """The election's id."""
        return self.case.roster.election.id


@dataclass(frozen=True, slots=True)
class Given:
    """What the user says of labelled data that the data do not say themselves; None where they do.

    ``election`` and ``pair`` hold for every row, ``labels`` maps other people's labels to ours.
    """

    election: str | None = None
    pair: str | None = None
    label_column: str | None = None
    text_column: str | None = None
    labels: Mapping[str, str] = field(default_factory=dict)


NOTHING_GIVEN = Given()


def label_map(written: str) -> dict[str, str]:
    """The labels of ``"positif=dukung,negatif=tolak"``. Raises UsageError for anything else.

    >>> label_map("Positif=dukung, negatif = tolak")
    {'positif': 'dukung', 'negatif': 'tolak'}
    """
    found: dict[str, str] = {}
    for part in written.split(","):
        theirs, sign, ours = (one.strip() for one in part.partition("="))
        if not sign or not theirs or ours.casefold() not in LABELS:
            raise UsageError(f'A label map looks like "positif=dukung,negatif=tolak,netral=netral"; "{part}" does not.')
        found[theirs.casefold()] = ours.casefold()
    return found


def find_labelled(
    columns: Sequence[str], given: Given = NOTHING_GIVEN, name: str = "The data", rows: Sequence[Sequence[str]] = ()
) -> dict[str, int]:
    """Where the columns of a labelled row stand, names compared without regard to case, blanks and underscores.

    ``rows`` is a sample that tells which of several columns holds the posts. Columns that ``given`` replaces are left
    out. Raises InputError that names all that are missing at once.
    """
    folded = [fold_name(column) for column in columns]

    def place(*wanted: str) -> int | None:
        return next((folded.index(one) for one in map(fold_name, wanted) if one in folded), None)

    found = {key: place(key) for key in (*REQUIRED, *OPTIONAL)}
    for key, named in (("label", given.label_column), ("text", given.text_column)):
        if named is not None:
            found[key] = find_column(columns, named, (), what=key, option=OPTIONS[key].split()[0], name=name)
        elif key == "text" and found[key] is None and rows:
            found[key] = _posts_in(columns, rows, name)
        elif key == "text" and found[key] is None:
            found[key] = place(*TEXT_COLUMNS)
    for key, whole in (("election", given.election), ("pair", given.pair)):
        if whole is not None:
            found[key] = None
    missing = [key for key in REQUIRED if found[key] is None and getattr(given, key, None) is None]
    if missing:
        advice = ", ".join(OPTIONS[key] for key in missing)
        raise InputError(
            f"{name} has no column {list_names(missing)}; found {list_names(columns)}. Add what is missing to the "
            f"header, or say it with {advice}.",
            path=name,
            line=1,
        )
    used = {columns[at].strip() for at in found.values() if at is not None}
    for doubled in note_doubles(columns):
        if any(f'"{one}"' in doubled for one in used):
            raise InputError(f"{name}: {doubled} Rename one of them.", path=name, line=1)
    return {key: at for key, at in found.items() if at is not None}


def _posts_in(columns: Sequence[str], rows: Sequence[Sequence[str]], name: str) -> int | None:
    try:
        return choose_posts(columns, rows, None, name=name)
    except InputError as error:
        if "more than one" in str(error):
            raise
        return None  # all that is missing is told at once


def label_of(written: str, given: Given = NOTHING_GIVEN) -> str | None:
    """The label that a cell says, None where it says none of ours."""
    folded = written.strip().casefold()
    folded = given.labels.get(folded, folded)
    return folded if folded in LABELS else None


def example_of(
    cells: Mapping[str, str],
    rosters: Mapping[str, Roster],
    given: Given = NOTHING_GIVEN,
    *,
    file: str = "",
    line: int = 0,
    name: str = "",
    batch: str = "",
) -> Example | list[str]:
    """The labelled post in a row, or all that is wrong with it.

    ``cells`` holds the text of each column of :func:`find_labelled`; ``name`` and ``batch`` stand in where the row
    has no id or batch. Election ids, pairs (id, number, or a name that only one pair has) and labels are compared
    without regard to case.
    """
    election, pair, written = (
        (getattr(given, key, None) or cells.get(key, "")).strip() for key in ("election", "pair", "label")
    )
    known = {one.casefold(): one for one in rosters}
    roster = rosters.get(known.get(election.casefold(), ""))
    found = None if roster is None else pair_called(roster, pair)
    label, text = label_of(written, given), unguard(cells.get("text", ""))  # as netral review-export wrote it
    problems = []
    if roster is None:
        problems.append(f"unknown election {quote_name(election)}{_like(election, tuple(rosters))}")
    elif found is None:
        problems.append(f"unknown pair {quote_name(pair)}; the roster has {', '.join(roster.ids)}")
    if label is None:
        right = ", ".join(LABELS)
        problems.append(f"unknown label {quote_name(written)}; labels are {right} (say others with --label-map)")
    if not text.strip():
        problems.append("empty text")
    if roster is None or found is None or label is None or problems:
        return problems
    return Example(
        cells.get("id", "").strip() or name or f"{file}:{line}",
        Case(text, found, roster),
        label,
        cells.get("platform", ""),
        cells.get("batch", "") or batch,
        file,
        line,
        cells.get("source", "").strip(),
    )


def _like(election: str, known: Sequence[str]) -> str:
    """The ids that look like a wrong one; all of them would be forty lines."""
    close = get_close_matches(election.casefold(), known, 2, 0.7)
    return f" (perhaps {' or '.join(close)})" if close else ""


def refuse(name: str, faults: Sequence[tuple[int, str]], where: str = "line") -> InputError:
    """The error that names the first faulty rows of ``name`` and counts the others."""
    kinds = group_faults(faults)
    told = [(places_of(lines, where), problem) for problem, lines in kinds.items() if len(lines) >= SAME]
    told += [(f"{where} {line}", problem) for line, problem in faults if len(kinds[problem]) < SAME]
    shown = "; ".join(f"{place}: {problem}" for place, problem in told[:FAULTS_SHOWN])
    more = f"; and {len(told) - FAULTS_SHOWN:,} more" if len(told) > FAULTS_SHOWN else ""
    return InputError(f"{name} was not used: {shown}{more}. {ADVICE}", path=name, line=faults[0][0])


def group_faults(faults: Sequence[tuple[int, str]]) -> dict[str, list[int]]:
    """The lines of each problem: a file made for another roster has the same one on every line."""
    found: dict[str, list[int]] = {}
    for line, problem in faults:
        found.setdefault(problem, []).append(line)
    return found


def places_of(lines: Sequence[int], where: str = "line") -> str:
    """Some line numbers as one reads them aloud.

    >>> places_of([4]), places_of([2, 3, 4, 5, 9])
    ('line 4', 'lines 2, 3, 4 and 2 more')
    """
    if len(lines) == 1:
        return f"{where} {lines[0]}"
    rest = f" and {len(lines) - 3:,} more" if len(lines) > 3 else ""
    return f"{where}s {', '.join(map(str, lines[:3]))}{rest}"
