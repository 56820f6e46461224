"""The workbook for a desk: ready to work in, and no cell of it is ever alive."""

from __future__ import annotations

import csv
import shutil
import subprocess
import tracemalloc
import zipfile
from collections.abc import Sequence
from pathlib import Path

import openpyxl
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from netral_nlp.tables import Cell, Row, open_table, open_writer
from netral_nlp.tables.review_xlsx import CHOICES, COLOURS
from strategies import many

HEADER = ("id", "teks", "paslon", "label", "skor_dukung", "skor_netral", "skor_tolak", "dukung_1", "bukti")
HOSTILE = (
    "=1+1", '=HYPERLINK("http://x","klik")', "+62812", "-1", "@akun", "#REF!", "\t=2", "https://x.id", "TRUE", "007",
    "2024-11-27", "_x0041_", "{=SUM(A1)}", "'=1", "'", " ", "a\r\nb", "😀", "=cmd|' /C calc'!A0",
)  # fmt: skip
ROW: tuple[Cell, ...] = ("1", "gas terus", "A-B", "dukung", 0.9, 0.06, 0.04, 0.9, "gas +1.2")


def write(path: Path, rows: Sequence[Sequence[Cell]], header: Sequence[str] = HEADER) -> Path:
    with open_writer(path, header, review=True) as writer:
        writer.write_rows(rows)
        writer.commit()
    return path


def cells(path: Path) -> list[tuple[str, ...]]:
    with open_table(path) as table:
        rows = list(table)
    assert all(isinstance(row, Row) for row in rows)
    return [row.cells for row in rows if isinstance(row, Row)]


def test_header_stays_filters_cover_all_rows_and_columns_are_wide_enough(tmp_path: Path) -> None:
    path = write(tmp_path / "h.xlsx", [ROW] * 7)
    sheet = openpyxl.load_workbook(path).active
    assert sheet.freeze_panes == "A2"
    assert sheet.auto_filter.ref == "A1:J8"
    assert [cell.value for cell in sheet[1]] == [*HEADER, "tinjauan"]
    assert all(cell.font.bold for cell in sheet[1])
    widths = {cell.value: sheet.column_dimensions[cell.column_letter].width for cell in sheet[1]}
    assert all(8 <= width <= 60 for width in widths.values())
    assert widths["teks"] >= len("gas terus")


def test_the_review_column_offers_its_choices_on_every_row(tmp_path: Path) -> None:
    sheet = openpyxl.load_workbook(write(tmp_path / "h.xlsx", [ROW] * 7)).active
    (choice,) = sheet.data_validations.dataValidation
    assert choice.type == "list"
    assert choice.formula1 == '"setuju,dukung,netral,tolak,ragu,keliru"' == f'"{",".join(CHOICES)}"'
    assert str(choice.sqref) == "J2:J8"
    assert choice.showErrorMessage
    assert all(sheet.cell(row, 10).value is None for row in range(2, 9))


def test_every_label_has_its_colour(tmp_path: Path) -> None:
    sheet = openpyxl.load_workbook(write(tmp_path / "h.xlsx", [ROW] * 2)).active
    found = {str(area.sqref): [rule.formula[0] for rule in area.rules] for area in sheet.conditional_formatting}
    assert sorted(found["D2:D3"]) == sorted(f'"{label}"' for label in COLOURS)
    assert sorted(found["J2:J3"]) == sorted(f'"{choice}"' for choice in CHOICES)


def test_scores_are_numbers_that_read_well(tmp_path: Path) -> None:
    sheet = openpyxl.load_workbook(write(tmp_path / "h.xlsx", [ROW, (*ROW[:4], 1 / 3, 0.5, 1 / 6, 0.1, "")])).active
    assert [sheet.cell(3, at).value for at in range(5, 9)] == [0.333333, 0.5, 0.166667, 0.1]
    assert {sheet.cell(row, at).number_format for row in (2, 3) for at in range(5, 9)} == {"0.00"}
    assert [sheet.cell(2, at).value for at in range(5, 9)] == [0.9, 0.06, 0.04, 0.9]  # cells do not share a value


@settings(max_examples=many(15))
@given(st.lists(st.tuples(st.sampled_from(HOSTILE) | st.text(st.characters(codec="utf-8"), max_size=20),
                          st.sampled_from(HOSTILE)), min_size=1, max_size=8))  # fmt: skip
@example([(one, one) for one in HOSTILE])
def test_no_cell_is_ever_a_formula_or_a_link(
    tmp_path_factory: pytest.TempPathFactory, texts: list[tuple[str, str]]
) -> None:
    path = tmp_path_factory.mktemp("w") / "h.xlsx"
    write(path, [("1", a, "A-B", "dukung", 0.5, 0.3, 0.2, 0.5, b) for a, b in texts])
    with zipfile.ZipFile(path) as archive:
        xml = archive.read("xl/worksheets/sheet1.xml").decode()
        names = archive.namelist()
    rows = xml[xml.index("<sheetData") : xml.index("</sheetData>")]
    assert "<f>" not in rows
    assert "<f " not in rows
    assert "hyperlink" not in xml.casefold()[: xml.index("<sheetData")] + xml[xml.index("</sheetData>") :]
    assert not [name for name in names if "rels" in name and "sheet" in name]
    sheet = openpyxl.load_workbook(path).active
    kinds = {cell.data_type for row in sheet.iter_rows(min_row=2) for cell in row if cell.value is not None}
    assert kinds <= {"s", "n"}
    assert len(cells(path)) == len(texts)


def test_hostile_cells_come_back_as_they_were(tmp_path: Path) -> None:
    rows = [("1", text, "A-B", "dukung", 0.5, 0.3, 0.2, 0.5, text) for text in HOSTILE]
    assert [(row[1], row[8]) for row in cells(write(tmp_path / "h.xlsx", rows))] == [(t, t) for t in HOSTILE]


def test_a_hostile_header_is_text_and_a_second_review_column_gets_another_name(tmp_path: Path) -> None:
    path = write(tmp_path / "h.xlsx", [("1", "2")], ["=1+1", "Tinjauan"])
    header = openpyxl.load_workbook(path).active[1]
    assert [(cell.value, cell.data_type) for cell in header] == [
        ("=1+1", "s"), ("Tinjauan", "s"), ("tinjauan_hasil", "s")
    ]  # fmt: skip


def test_a_table_without_rows_is_a_workbook_all_the_same(tmp_path: Path) -> None:
    sheet = openpyxl.load_workbook(write(tmp_path / "h.xlsx", [])).active
    assert [cell.value for cell in sheet[1]] == [*HEADER, "tinjauan"]


@pytest.mark.parametrize("suffix", ["csv", "tsv", "parquet", "jsonl"])
def test_other_formats_are_the_same_with_and_without_a_desk(tmp_path: Path, suffix: str) -> None:
    with_desk = write(tmp_path / f"a.{suffix}", [ROW]).read_bytes()
    with open_writer(tmp_path / f"b.{suffix}", HEADER) as writer:
        writer.write_rows([ROW])
        writer.commit()
    assert with_desk == (tmp_path / f"b.{suffix}").read_bytes()


def test_an_abandoned_workbook_leaves_nothing(tmp_path: Path) -> None:
    for rows in ([], [ROW]):
        with open_writer(tmp_path / "h.xlsx", HEADER, review=True) as writer:
            writer.write_rows(rows)
    assert not list(tmp_path.iterdir())


def test_memory_does_not_grow_with_the_rows(tmp_path: Path) -> None:
    write(tmp_path / "warm.xlsx", [ROW])
    peaks = []
    for n in (2_000, 8_000):
        tracemalloc.start()
        with open_writer(tmp_path / f"{n}.xlsx", HEADER, review=True) as writer:
            for number in range(n // 1_000):
                writer.write_rows((str(number * 1_000 + i), *ROW[1:]) for i in range(1_000))
            writer.commit()
        peaks.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()
    assert peaks[1] < 1.5 * peaks[0] + 500_000


@pytest.mark.skipif(shutil.which("soffice") is None, reason="LibreOffice is not installed")
def test_libreoffice_reads_the_same_cells(tmp_path: Path) -> None:
    texts = [text.strip() or "x" for text in HOSTILE if "\r" not in text]
    rows = [("1", text, "A-B", "dukung", 0.5, 0.3, 0.2, 0.5, "b") for text in texts]
    path = write(tmp_path / "h.xlsx", rows)
    # CSV, not XLSX: LibreOffice reads the escape of "_x0041_" rightly, but forgets to write it again.
    plain = "csv:Text - txt - csv (StarCalc):44,34,76,1,,0,false,false,false"
    command = ["soffice", f"-env:UserInstallation=file://{tmp_path}/profile", "--headless", "--convert-to",
               plain, "--outdir", str(tmp_path / "out"), str(path)]  # fmt: skip
    subprocess.run(command, check=True, capture_output=True, timeout=180)
    with (tmp_path / "out" / "h.csv").open(encoding="utf-8", newline="") as file:
        assert [tuple(row) for row in csv.reader(file)][1:] == cells(path)
