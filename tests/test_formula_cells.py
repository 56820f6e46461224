"""Laws of posts that a workbook holds as formulas: read by their values, and told apart from empty cells."""

from __future__ import annotations

import pickle
import zipfile
from html import escape
from pathlib import Path

import pytest

from netral_nlp import api
from netral_nlp.model.model import Model
from netral_nlp.roster import Roster
from netral_nlp.tables import Row, open_table, open_writer, read_records
from netral_nlp.tables.reasons import NO_TEXT, NO_VALUE, in_english
from netral_nlp.tables.values import Formula

SHEET = "xl/worksheets/sheet1.xml"


def text(value: str) -> str:
    return f't="inlineStr"><is><t>{escape(value)}</t></is>'


def formula(written: str, value: str | None, kind: str = "") -> str:
    """The inside of a cell with a formula as Excel (with a value) or another program (without) writes it."""
    shown = "<v/>" if value is None else f"<v>{escape(value)}</v>"
    return f"{kind}><f>{escape(written)}</f>{shown}"


def workbook(path: Path, cells: list[str]) -> Path:
    """A workbook of one column ``teks`` and one of numbers behind it."""
    with open_writer(path, ["teks", "n"]) as writer:
        writer.write_rows([["x", "1"]])
        writer.commit()
    rows = [f'<row r="1"><c r="A1" {text("teks")}</c><c r="B1" {text("suka")}</c></row>']
    for r, cell in enumerate(cells, 2):
        rows.append(f'<row r="{r}"><c r="A{r}" {cell}</c><c r="B{r}"><v>{r}</v></c></row>')
    with zipfile.ZipFile(path) as made:
        parts = {name: made.read(name) for name in made.namelist()}
    begin, _, rest = parts[SHEET].decode().partition("<sheetData>")
    parts[SHEET] = (begin + "<sheetData>" + "".join(rows) + "</sheetData>" + rest.partition("</sheetData>")[2]).encode()
    with zipfile.ZipFile(path, "w") as packed:
        for name, content in parts.items():
            packed.writestr(name, content)
    return path


def test_a_formula_is_read_by_its_value_and_one_without_is_said_to_be_one(
    tmp_path: Path, model: Model, samudra: Roster
) -> None:
    cells = [
        text("Pak Arman menang lagi tahun ini"),
        formula('"Pak Arman "&"menang"', "Pak Arman menang", 't="str"'),
        text("=Pak Arman menang"),
        formula("-) Arman menang", None),
        formula('IF(B6>9,"a","")', "", 't="str"'),
        formula("Arman+menang", "#NAME?", 't="e"'),
        text("Bu Lestari tidak datang ke sini"),
    ]
    posts = workbook(tmp_path / "posts.xlsx", cells)
    summary = api.score_file(posts, samudra, model, tmp_path / "o.csv")
    assert [record["teks"] for record in read_records(tmp_path / "o.csv")] == [
        "Pak Arman menang lagi tahun ini", "Pak Arman menang", "=Pak Arman menang", "Bu Lestari tidak datang ke sini",
    ]  # fmt: skip
    rejected = [(r["baris"], r["alasan"], r["isi"]) for r in read_records(tmp_path / "o.csv.rejected.csv")]
    assert rejected == [
        ("5", NO_VALUE, "=-) Arman menang | 5"), ("6", NO_TEXT, " | 6"), ("7", NO_VALUE, "=Arman+menang | 7"),
    ]  # fmt: skip
    assert summary.rows == summary.scored + summary.rejected == len(cells)
    assert in_english(NO_VALUE) != NO_VALUE


def test_a_row_of_nothing_but_a_formula_without_value_is_not_lost(tmp_path: Path) -> None:
    with open_writer(tmp_path / "t.xlsx", ["teks"]) as writer:
        writer.write_rows([["a b c"]])
        writer.commit()
    import openpyxl

    book = openpyxl.load_workbook(tmp_path / "t.xlsx")
    book.active["A3"] = "=-) Arman"
    book.save(tmp_path / "t.xlsx")
    with open_table(tmp_path / "t.xlsx") as table:
        rows = [record for record in table if isinstance(record, Row)]
    assert [row.line for row in rows] == [2, 3]
    assert isinstance(rows[1].cells[0], Formula) and rows[1].cells[0].formula == "=-) Arman"


@pytest.mark.parametrize("suffix", [".xlsx", ".csv", ".jsonl", ".parquet"])
def test_a_formula_of_another_column_is_written_as_it_is_shown(
    suffix: str, tmp_path: Path, model: Model, samudra: Roster
) -> None:
    posts = workbook(tmp_path / "posts.xlsx", [text("Pak Arman menang lagi tahun ini")])
    import openpyxl

    book = openpyxl.load_workbook(posts)
    book.active["B2"] = "=1+1"
    book.save(posts)
    api.score_file(posts, samudra, model, tmp_path / f"o{suffix}")
    (row,) = read_records(tmp_path / f"o{suffix}")
    assert row["suka"] == "" and row["teks"] == "Pak Arman menang lagi tahun ini"


def test_a_formula_travels_to_other_processes() -> None:
    there = pickle.loads(pickle.dumps(Formula("#NAME?", "=a")))
    assert (there, there.formula) == ("#NAME?", "=a")
