"""The tables of the law from their folder: the shipped one, or one of the user's that replaces it."""

from __future__ import annotations

import hashlib
import json
from datetime import date
from functools import cache
from pathlib import Path

from netral_nlp.errors import InputError
from netral_nlp.law.checking import faults_of
from netral_nlp.law.moments import read_day
from netral_nlp.law.rules import Rule, Rules
from netral_nlp.law.tables import SHEETS, SINCE, TAIL, UNTIL
from netral_nlp.resources import data_dir
from netral_nlp.tables import Rejected, open_table


def shipped_folder() -> Path:
    """Where the shipped tables lie."""
    return data_dir() / "law"


def load_rules(folder: str | Path | None = None) -> Rules:
    """The tables of a folder (every one of `tables.SHEETS`), or the shipped ones.

    Raises InputError with every fault, each with its file and line.
    """
    return _shipped() if folder is None else _load(Path(folder))


@cache
def _shipped() -> Rules:
    return _load(shipped_folder())


def _load(folder: Path) -> Rules:
    rules = read_tables(folder)
    faults = faults_of(rules)
    if faults:
        message = "\n".join(f"{fault.file}:{fault.line}: {fault.message}" for fault in faults)
        raise InputError(message, path=str(folder / faults[0].file), line=faults[0].line)
    return rules


def read_tables(folder: Path) -> Rules:
    """The tables as they stand, unchecked but for their columns and dates.

    Raises InputError for a missing table or column, a row that cannot be read, or a date that is none.
    """
    if not folder.is_dir():
        raise InputError(f"There is no folder {folder} with tables of the law.", path=str(folder))
    tables = {name: _read(folder / f"{name}.csv", name, sheet.columns) for name, sheet in SHEETS.items()}
    said = {name: [dict(rule.cells) for rule in rows] for name, rows in tables.items()}
    digest = hashlib.sha256(json.dumps(said, ensure_ascii=False, sort_keys=True).encode()).hexdigest()
    return Rules(tables, digest, str(folder))


def _read(path: Path, name: str, columns: tuple[str, ...]) -> tuple[Rule, ...]:
    rules: list[Rule] = []
    with open_table(path) as table:
        heads = [column.strip() for column in table.columns]
        missing = [column for column in (*columns, *TAIL) if column not in heads]
        if missing:
            found = f"found {', '.join(heads)}"
            raise InputError(f"{path} has no column {', '.join(missing)}; {found}.", path=str(path), line=1)
        for row in table:
            if isinstance(row, Rejected):
                raise InputError(f"{path}:{row.line}: {row.reason}.", path=str(path), line=row.line)
            given = dict(zip(heads, (cell.strip() for cell in row.cells), strict=True))
            if not any(given.values()):
                continue  # a blank line of a spreadsheet
            days = {column: _day(path, row.line, column, given[column]) for column in (SINCE, UNTIL)}
            cells = {column: given[column] for column in (*columns, *TAIL)}
            cells.update({column: day.isoformat() if day else "" for column, day in days.items()})
            rules.append(Rule(name, row.line, cells, days[SINCE], days[UNTIL]))
    return tuple(rules)


def _day(path: Path, line: int, column: str, cell: str) -> date | None:
    """A day as a spreadsheet writes it."""
    if not cell:
        return None
    day = read_day(cell)
    if day is None:
        message = f'{path}:{line}: {column} is "{cell[:40]}"; a date is written 2024-11-27.'
        raise InputError(message, path=str(path), line=line)
    return day
