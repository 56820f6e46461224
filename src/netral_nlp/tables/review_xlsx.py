"""A workbook to review in: header that stays, filters, widths, colours by label, a column to review in."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any, BinaryIO

from netral_nlp.tables.columns import fold_name
from netral_nlp.tables.dialect import Cell, format_number
from netral_nlp.tables.formats import XlsxFormat

REVIEW, ACT_REVIEW, EXCEPTION_REVIEW = "tinjauan", "tinjauan_perbuatan", "tinjauan_pengecualian"
ACTS, EXCEPTION = "perbuatan", "pengecualian"  # where a table has both, they are reviewed, too
AGREED, WRONG, NONE = "setuju", "keliru", "tidak ada"
CHOICES = (AGREED, "dukung", "netral", "tolak", "ragu", WRONG)
COLOURS = {"dukung": "CFE2F9", "tolak": "F8D3CF", "ragu": "FBE7BF", "netral": "ECEFF3"}
JUDGED = {**COLOURS, AGREED: "D5EDD8", WRONG: "F8D3CF"}
LAW_PROMPTS = (
    "setuju, tidak ada, atau kode perbuatan yang benar, dipisahkan titik koma: SPANDUK; TIM",
    "setuju, tidak ada, atau kode pengecualian yang benar: TUGAS",
)
NARROWEST, WIDEST = 8, 60  # characters
SAMPLE = 500  # rows whose lengths decide the widths
SCORE = re.compile(r"(?:skor|dukung)_\w+")
LABEL = re.compile(r"label(?:_hasil)*")
DIGEST = re.compile(r"sidik_\w+")  # nobody reads all of it


class ReviewXlsxFormat(XlsxFormat):
    """`XlsxFormat` as a supervisor wants to work in it; in constant memory like that.

    A column ``tinjauan`` with a drop-down stands behind all others, ready to be filled in; where the table tells acts
    and exceptions, so do two more for these.
    """

    def __init__(self, handle: BinaryIO, columns: Sequence[str], target: Path) -> None:
        self._columns = tuple(columns)
        self._begun = False
        super().__init__(handle, columns, target)

    def write_header(self, columns: Sequence[str]) -> None:
        """Nothing yet: the widths stand before the header in the file, and they follow from the first rows."""

    def write_rows(self, rows: Sequence[Sequence[Cell]]) -> None:
        if not self._begun:
            self._begin(rows)
        super().write_rows(rows)

    def finish(self) -> None:
        if not self._begun:
            self._begin(())
        self._end()
        super().finish()

    def _begin(self, rows: Sequence[Sequence[Cell]]) -> None:
        from openpyxl.styles import Alignment, Font, PatternFill
        from openpyxl.utils import get_column_letter

        self._begun = True
        names = (*self._columns, *review_names(self._columns))
        for at, name in enumerate(names):
            unread = at >= len(self._columns) or DIGEST.fullmatch(name)
            lengths = [9] if unread else [len(_written(row[at])) for row in rows[:SAMPLE]]
            self._sheet.column_dimensions[get_column_letter(at + 1)].width = width_of(name, lengths)
        self._sheet.freeze_panes = "A2"
        header = []
        for name in names:
            cell = self._cell(self._sheet, None)
            shown = self._show(name)
            cell.value = getattr(shown, "value", shown)
            cell.data_type = "s"  # a column may be called =A1
            cell.font = Font(bold=True)
            cell.fill = PatternFill("solid", fgColor="DDE2EA")
            cell.alignment = Alignment(vertical="top")
            header.append(cell)
        self._sheet.append(header)
        self._scores: dict[int, Any] = {}
        for at, name in enumerate(self._columns):
            if SCORE.fullmatch(name):
                self._scores[at] = self._cell(self._sheet, 0.0)
                self._scores[at].number_format = "0.00"

    def _append(self, row: Sequence[Cell]) -> None:
        shown = [self._show(cell) for cell in row]
        for at, cell in self._scores.items():
            if not isinstance(row[at], str):
                cell.value = shown[at]  # one cell a column will do: it is written at once
                shown[at] = cell
        self._sheet.append(shown)

    def _end(self) -> None:
        from openpyxl.formatting.rule import CellIsRule
        from openpyxl.styles import Font, PatternFill
        from openpyxl.utils import get_column_letter
        from openpyxl.worksheet.datavalidation import DataValidation

        last, review = max(self._rows + 1, 2), get_column_letter(len(self._columns) + 1)
        columns = len(self._columns) + len(review_names(self._columns))
        self._sheet.auto_filter.ref = f"A1:{get_column_letter(columns)}{self._rows + 1}"
        choice = DataValidation(
            type="list", formula1=f'"{",".join(CHOICES)}"', allow_blank=True, showErrorMessage=True,
            errorTitle="Tinjauan", error=f"Pilih {', '.join(CHOICES)}, atau kosongkan.",
            showInputMessage=True, promptTitle="Tinjauan",
            prompt="Setuju dengan label di baris ini, atau label mana yang benar?",
        )  # fmt: skip
        choice.add(f"{review}2:{review}{last}")
        self._sheet.data_validations.append(choice)
        for at, what in zip(range(len(self._columns) + 2, columns + 1), LAW_PROMPTS, strict=False):
            # several codes may stand in a cell, so that the list can only propose
            law = DataValidation(
                type="list", formula1=f'"{AGREED},{NONE}"', allow_blank=True, showErrorMessage=False,
                showInputMessage=True, promptTitle="Tinjauan", prompt=what,
            )  # fmt: skip
            law.add(f"{get_column_letter(at)}2:{get_column_letter(at)}{last}")
            self._sheet.data_validations.append(law)
        labels = [at for at, name in enumerate(self._columns) if LABEL.fullmatch(name)]
        coloured = [(get_column_letter(max(labels) + 1), COLOURS)] if labels else []
        for column, colours in (*coloured, (review, JUDGED)):
            for value, colour in colours.items():
                fill = PatternFill("solid", bgColor=colour, fgColor=colour)
                # black, or it could not be read where Excel is dark
                rule = CellIsRule(operator="equal", formula=[f'"{value}"'], fill=fill, font=Font(color="000000"))
                self._sheet.conditional_formatting.add(f"{column}2:{column}{last}", rule)


def review_names(columns: Sequence[str]) -> tuple[str, ...]:
    """The names of the review columns; where the table has such a column already, another.

    >>> review_names(["id", "Tinjauan"])
    ('tinjauan_hasil',)
    >>> review_names(["perbuatan", "pengecualian"])
    ('tinjauan', 'tinjauan_perbuatan', 'tinjauan_pengecualian')
    """
    taken = {fold_name(column) for column in columns}
    has_law = {ACTS, EXCEPTION} <= taken
    names = []
    for name in (REVIEW, ACT_REVIEW, EXCEPTION_REVIEW) if has_law else (REVIEW,):
        while fold_name(name) in taken:
            name += "_hasil"
        names.append(name)
    return tuple(names)


def width_of(name: str, lengths: Sequence[int]) -> float:
    """A column's width in characters: nine of ten cells fit, the header and its filter button too.

    >>> width_of("id", [1, 2, 2]), width_of("teks", [20] * 8 + [200] * 2)
    (8.0, 60.0)
    """
    common = sorted(lengths)[int(0.9 * (len(lengths) - 1))] if lengths else 0
    return float(min(max(common + 2, len(name) + 4, NARROWEST), WIDEST))


def _written(cell: Cell) -> str:
    return cell if isinstance(cell, str) else format_number(cell)[:4]
