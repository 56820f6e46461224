"""What is wrong with tables of the law: gaps, overlaps, unknown codes, rows without a source."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import product

from netral_nlp.law.rules import Rule, Rules
from netral_nlp.law.tables import SHEETS, SOURCE, SURENESS, SURENESSES, UNVERIFIED, Sheet

DAY = timedelta(days=1)
MOST = 366  # days of a deadline, or ranks
HOUR = re.compile(r"(?:[01]?\d|2[0-4])[.:][0-5]\d(?:[.:]00)?", re.ASCII)


@dataclass(frozen=True, slots=True)
class Fault:
    """A fault, and the line (from 1) of the file that it stands on; a gap stands on the row before it."""

    file: str
    line: int
    message: str


def faults_of(rules: Rules) -> list[Fault]:
    """All faults, by file and line."""
    found = [
        Fault(f"{name}.csv", line, message)
        for name, sheet in SHEETS.items()
        for line, message in (*_cell_faults(rules, name, sheet), *_answer_faults(rules, name, sheet))
    ]
    return sorted(set(found), key=lambda fault: (fault.file, fault.line, fault.message))


def _values(rules: Rules, said: tuple[str, ...] | str) -> tuple[str, ...]:
    """The values of a column; ``table.column`` stands for those of another table."""
    if isinstance(said, tuple):
        return said
    table, column = said.split(".")
    return tuple(dict.fromkeys(rule[column] for rule in rules.tables[table]))


def _cell_faults(rules: Rules, name: str, sheet: Sheet) -> Iterator[tuple[int, str]]:
    codes = {column: _values(rules, said) for column, said in sheet.codes.items()}
    rows = rules.tables[name]
    if not rows:
        yield 1, "the table has no row."
    for rule in rows:
        if not rule[SOURCE]:
            yield rule.line, f"{SOURCE} is empty; say where this was read."
        if rule[SURENESS] not in SURENESSES:
            yield rule.line, f'{SURENESS} "{rule[SURENESS]}" is unknown; it is one of: {", ".join(SURENESSES)}.'
        if rule.since and rule.until and rule.since > rule.until:
            yield rule.line, f"the row ends ({rule.until}) before it begins ({rule.since})."
        if name == "libur" and (rule.since is None or rule.since != rule.until):
            yield rule.line, "a holiday begins and ends on its day."
        for column in sheet.columns:
            cell = rule[column]
            if not cell:
                if column not in sheet.blank and rule[SURENESS] != UNVERIFIED:
                    yield rule.line, f'{column} is empty; fill it in or write {SURENESS} "{UNVERIFIED}".'
            elif column in codes and cell not in codes[column]:
                yield rule.line, f'{column} "{cell}" is unknown; known are: {", ".join(codes[column])}.'
            elif column in sheet.numbers and not (cell.isdecimal() and int(cell) <= MOST):
                yield rule.line, f'{column} "{cell}" is no whole number up to {MOST}.'
            elif column in sheet.hours and not HOUR.fullmatch(cell):
                yield rule.line, f'{column} "{cell}" is no hour; write 16:30.'


def _answer_faults(rules: Rules, name: str, sheet: Sheet) -> Iterator[tuple[int, str]]:
    """Days on which a table that owes one answer gives none or several."""
    if sheet.answers is None:
        return
    columns = tuple(sheet.answers)
    for values in product(*(_values(rules, said) for said in sheet.answers.values())):
        wanted = dict(zip(columns, values, strict=True))
        about = " ".join(values) or "all days"
        rows = sorted((r for r in rules.tables[name] if r.matches(wanted)), key=lambda r: r.since or date.min)
        if not rows:
            yield 1, f"no row says anything about {about}."
            continue
        yield from _seams(rows, about)


def _seams(rows: list[Rule], about: str) -> Iterator[tuple[int, str]]:
    """Where rows about one thing, in the order of their beginnings, leave a gap or overlap."""
    if rows[0].since is not None:
        yield rows[0].line, f"gap: nothing about {about} before {rows[0].since}."
    last = rows[0]
    for rule in rows[1:]:
        begins = rule.since or date.min
        if last.until is None or begins <= last.until:
            start = rule.since or "the beginning"
            yield rule.line, f"overlap: from {start} on, line {last.line} speaks about {about}, too."
        elif begins > last.until + DAY:
            yield last.line, f"gap: nothing about {about} from {last.until + DAY} to {begins - DAY}."
        if last.until is not None and (rule.until is None or rule.until > last.until):
            last = rule
    if last.until is not None:
        yield last.line, f"gap: nothing about {about} after {last.until}."
