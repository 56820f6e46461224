"""The rules in force on a day, out of dated tables."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta

from netral_nlp.law.tables import BASIS, EVERY, GROUPS, HOLIDAY, LEVELS, SOURCE, SURENESS, UNKNOWN_PHASE


@dataclass(frozen=True, slots=True)
class Rule:
    """One row: its cells by column, and the first and last day on which it holds (None: open)."""

    table: str
    line: int
    cells: Mapping[str, str] = field(hash=False)
    since: date | None
    until: date | None

    def __getitem__(self, column: str) -> str:
        return self.cells[column]

    @property
    def basis(self) -> str:
        """The articles that say so."""
        return self.cells[BASIS]

    @property
    def source(self) -> str:
        """Where it was read."""
        return self.cells[SOURCE]

    @property
    def sureness(self) -> str:
        """One of `tables.SURENESSES`."""
        return self.cells[SURENESS]

    def holds(self, day: date | None) -> bool:
        """Whether the row is in force; on a day that nobody knows, only rows without dates are."""
        if day is None:
            return self.since is None and self.until is None
        return (self.since is None or self.since <= day) and (self.until is None or day <= self.until)

    def matches(self, wanted: Mapping[str, str]) -> bool:
        """Whether the row is about these values; ``semua`` is about any, a group of phases about its own.

        An unknown phase (``""``) is in no group but ``semua``.
        """
        return all(_covers(column, self.cells[column], value) for column, value in wanted.items())


def _covers(column: str, cell: str, value: str) -> bool:
    return cell in (value, EVERY) or (column == "tahap" and value in GROUPS.get(cell, ()))


@dataclass(frozen=True, slots=True)
class Rules:
    """All tables by name; ``digest`` is the SHA-256 of what they say, however a spreadsheet has saved them."""

    tables: Mapping[str, tuple[Rule, ...]] = field(repr=False, compare=False)
    digest: str
    folder: str = field(default="", compare=False)
    _known: dict[tuple[object, ...], tuple[Rule, ...]] = field(default_factory=dict, repr=False, compare=False)

    def all(self, table: str, day: date | None, **wanted: str) -> tuple[Rule, ...]:
        """Every row of a table that holds on the day and is about these values, in the order of the file."""
        key = (table, day, *sorted(wanted.items()))
        found = self._known.get(key)
        if found is None:
            found = tuple(rule for rule in self.tables[table] if rule.holds(day) and rule.matches(wanted))
            if len(self._known) < 100_000:  # days × acts × phases of any real file
                self._known[key] = found
        return found

    def one(self, table: str, day: date | None, **wanted: str) -> Rule | None:
        """The one row that holds; None where no rule is on record. Raises LookupError where several hold."""
        found = self.all(table, day, **wanted)
        if len(found) > 1:
            lines = ", ".join(str(rule.line) for rule in found)
            raise LookupError(f"{table}.csv owes one answer for {wanted} on {day}, lines {lines} all give one")
        return found[0] if found else None

    @property
    def acts(self) -> tuple[str, ...]:
        """The codes of all acts, in the order of the table."""
        return tuple(dict.fromkeys(rule["kode"] for rule in self.tables["perbuatan"]))

    @property
    def exceptions(self) -> tuple[str, ...]:
        """The codes of all exceptions; where several hold, the first goes before."""
        ranked = sorted(self.tables["pengecualian"], key=lambda rule: int(rule["urutan"]))
        return tuple(dict.fromkeys(rule["kode"] for rule in ranked))

    def class_of(self, act: str, phase: str, day: date | None) -> str:
        """``kode etik`` or ``disiplin``; empty where it cannot be told."""
        if day is None:
            phase = UNKNOWN_PHASE
        rule = self.one("jenis", day, perbuatan=act, tahap=phase)
        return "" if rule is None else rule["jenis"]

    def level_of(self, act: str, phase: str, day: date | None) -> Rule | None:
        """The row that says how severe the act is; its ``tingkat`` is empty where no level is on record."""
        return None if day is None else self.one("tingkat", day, perbuatan=act, tahap=phase)

    def items_of(self, act: str, phase: str, day: date | None) -> tuple[Rule, ...]:
        """The legal items (``butir``) that the act falls under, without those that nobody could verify."""
        return tuple(rule for rule in self.all("butir", day, perbuatan=act, tahap=phase) if rule["butir"])

    def gravest(self, levels: Iterable[str]) -> str:
        """The gravest of some levels; empty where there is none."""
        return max((level for level in levels if level), key=LEVELS.index, default="")

    def holidays(self, kind: str = HOLIDAY) -> frozenset[date]:
        """The days of the table that nobody works on; ``kind`` may also be ``cuti bersama``."""
        rows = self.tables["libur"]
        return frozenset(rule.since for rule in rows if rule["macam"] == kind and rule.since is not None)


def days_of_change(rules: Rules, tables: Iterable[str]) -> tuple[date, ...]:
    """The days on which something begins or ceases to hold in some tables, in order; between them nothing changes."""
    rows = [rule for table in tables for rule in rules.tables[table]]
    since = {rule.since for rule in rows if rule.since is not None}
    until = {rule.until + timedelta(days=1) for rule in rows if rule.until is not None and rule.until < date.max}
    return tuple(sorted(since | until))


def acts_in(cell: str) -> tuple[str, ...]:
    """The codes of a cell such as ``SPANDUK; TIM``, each once."""
    return tuple(dict.fromkeys(part.strip().upper() for part in cell.replace(",", ";").split(";") if part.strip()))
