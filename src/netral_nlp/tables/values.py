"""Values of typed cells as a person reads them, and still typed where they are written into a workbook again."""

from __future__ import annotations

import datetime as dt
import re
from decimal import Decimal
from typing import Any

DIGITS = 15  # that Excel keeps of a number
ESCAPED = re.compile("_x([0-9A-Fa-f]{4})_")


class Typed(str):
    """The text of a cell that was no text; ``value`` is what stood in it."""

    __slots__ = ("value",)
    value: Any

    def __new__(cls, shown: str, value: Any) -> Typed:
        made = super().__new__(cls, shown)
        made.value = value
        return made

    def __reduce__(self) -> tuple[Any, ...]:
        return Typed, (str(self), self.value)


class Formula(str):
    """What a cell shows whose formula has no value, or an error for one; ``formula`` is what stands in it."""

    __slots__ = ("formula",)
    formula: str

    def __new__(cls, shown: str, formula: str) -> Formula:
        made = super().__new__(cls, shown)
        made.formula = formula
        return made

    def __reduce__(self) -> tuple[Any, ...]:
        return Formula, (str(self), self.formula)


def show_value(value: Any) -> str:
    """What a person reads in the cell, in a form that does not depend on the country.

    A fraction or a power of ten has the 15 digits that Excel keeps, never the tail of a binary number.

    >>> show_value(7.0), show_value(None), show_value(dt.datetime(2024, 11, 27, 8, 5)), show_value(0.1 + 0.2)
    ('7', '', '2024-11-27T08:05:00', '0.3')
    >>> show_value(1.98501012010011e17)
    '198501012010011000'
    """
    if value is None:
        return ""
    if isinstance(value, Formula):
        return value
    if isinstance(value, str):
        return ESCAPED.sub(lambda found: chr(int(found[1], 16)), value) if "_x" in value else value
    return Typed(_show(value), value)


def was_cut(cell: str) -> bool:
    """Whether Excel has cut the number in a cell: it has more than 15 digits, all zero from the sixteenth on."""
    value = getattr(cell, "value", None)
    return isinstance(value, float) and value.is_integer() and abs(value) >= 10**DIGITS and len(cell.strip("-")) < 22


def _show(value: Any) -> str:
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, float):
        exact = Decimal(f"{value:.{DIGITS}g}")
        if abs(value) < 1e21 and value.is_integer():
            return format(exact, ".0f")
        shown = f"{value:.{DIGITS}g}"
        return format(exact, "f") if "e" in shown and 1e-7 < abs(value) < 1e21 else shown
    if isinstance(value, dt.datetime) and value.time() == dt.time():
        return value.date().isoformat()
    if isinstance(value, dt.datetime | dt.date | dt.time):
        return value.isoformat()
    return str(value)
