"""Laws of files that people open in a spreadsheet: no cell runs, no number of a person changes, all can be read."""

from __future__ import annotations

import csv
import io
import unicodedata
from pathlib import Path

import openpyxl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from netral_nlp.review.export import export
from netral_nlp.review.log import Shown
from netral_nlp.review.posts import Post
from netral_nlp.review.store import Store
from netral_nlp.tables import open_writer
from netral_nlp.tables.dialect import Dialect, unguard

UNSEEN = ["", " ", "\u00a0", "\u200b", "\ufeff", "\u2060", "\t", "\r", "\n", "\u3000", "\u200e", "\x00"]
SIGNS = ["=", "+", "-", "@", "＝", "＋", "－", "＠", "﹦", "﹢", "﹣", "﹫"]
REST = ["1+1", "cmd|' /C calc'!A0", "SUM(A1)", "x", "", ";=1", '"=1']
live_cells = st.tuples(
    st.lists(st.sampled_from(UNSEEN), max_size=3).map("".join), st.sampled_from(SIGNS), st.sampled_from(REST)
).map("".join)
calm_cells = st.sampled_from(["", "62 = 62", "a@b", "'kutip'", "sari", "12", "3,5", ";", '"', "😀"])
numbers = st.sampled_from(["081234567890", "007", "197001011990011001", "3201234567890123", "12E4", "1.5e10", " 0812 "])
few = settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


def is_live(cell: str) -> bool:
    """Independent of the code: what is left at the start once blanks and unseen signs are gone is an operator."""
    if cell[:1] in ("\t", "\r", "\n"):
        return True
    seen = [char for char in cell if not char.isspace() and unicodedata.category(char) not in ("Cf", "Cc", "Mn")]
    return bool(seen) and unicodedata.normalize("NFKC", seen[0]) in "=+-@"


def parsed(content: str, delimiter: str) -> list[list[str]]:
    return list(csv.reader(io.StringIO(content, newline=""), delimiter=delimiter))


@few
@given(rows=st.lists(st.lists(live_cells | calm_cells | numbers, min_size=2, max_size=2), min_size=1, max_size=8))
@pytest.mark.parametrize("excel", [False, True])
def test_no_cell_of_a_guarded_file_is_live_and_all_come_back(excel: bool, rows: list[list[str]]) -> None:
    dialect = Dialect(";" if excel else ",", excel, guarded=not excel)
    lines = dialect.join([dialect.show(column) for column in zip(*rows, strict=True)])
    found = parsed("".join(line + "\r\n" for line in lines), dialect.delimiter)
    assert not any(is_live(cell) for row in found for cell in row)
    for before, after in zip(rows, found, strict=True):
        for cell, shown in zip(before, after, strict=True):
            assert shown in (cell, "'" + cell)
            if not excel:
                assert unguard(shown) == unguard(cell)
                assert (shown == cell) is not is_live(cell)


@given(cell=numbers)
def test_numbers_of_persons_survive_a_spreadsheet(cell: str) -> None:
    (shown,) = Dialect(";", excel=True).show([cell])
    assert shown == "'" + cell  # text: a spreadsheet would drop zeros and digits
    assert Dialect(";", excel=True).show(["12", "3,5", "12 Mei", "11 digits 12345678901"]) == [
        "12", "3,5", "12 Mei", "11 digits 12345678901"
    ]  # fmt: skip


EVIL = ["=HYPERLINK(1)", " =1", "＝1", "\u200b+1", "@x", "-1 Arman", "\ufeff=1", "\t=1"]


@pytest.mark.parametrize("kind", ["labels", "log"])
@pytest.mark.parametrize("suffix", [".csv", ".tsv", ".xlsx"])
def test_no_export_of_reviews_holds_a_live_cell(kind: str, suffix: str, tmp_path: Path) -> None:
    out = tmp_path / f"out{suffix}"
    with Store(tmp_path / "r.sqlite") as store:
        for number, evil in enumerate(EVIL):
            post = Post(key=f"k{number}", line=number, text=f"{evil} Pak Arman", id=evil, pair="Arman-Lestari",
                        label="netral", scores=(0.2, 0.6, 0.2), election="kota-samudra-2024",
                        evidence=evil)  # fmt: skip
            store.record(
                post, evil, "netral", shown=Shown(post.label, post.scores, evil), pair="Arman-Lestari", note=evil
            )
        assert export(store, out, kind).written == len(EVIL)
    if suffix == ".xlsx":
        cells = [cell for row in openpyxl.load_workbook(out).active.iter_rows() for cell in row]
        assert {cell.data_type for cell in cells} <= {"s", "n", "inlineStr"}
        return
    rows = parsed(out.read_text(encoding="utf-8"), "\t" if suffix == ".tsv" else ",")
    found = [cell for row in rows for cell in row]
    assert not any(is_live(cell) for cell in found)
    assert len([cell for cell in found if cell.startswith("'")]) >= 2 * len(EVIL)


def test_the_header_is_guarded_too(tmp_path: Path) -> None:
    with open_writer(tmp_path / "x.csv", ["=a", "isi"], excel=True) as writer:
        writer.commit()
    assert (tmp_path / "x.csv").read_text(encoding="utf-8-sig") == "'=a;isi\n"
