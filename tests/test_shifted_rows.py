"""Laws of rows that do not fit: a cell that may have shifted is never scored as a post."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from netral_nlp.tables import Rejected, Row, open_table

few = settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
cells = st.sampled_from(["", "sari", "Pak Arman menang", "a,b", "x"])


def read(folder: Path, content: str) -> list[Row | Rejected]:
    path = folder / "t.csv"
    path.write_text(content, encoding="utf-8", newline="")
    with open_table(path) as table:
        return list(table)


def lines(rows: list[list[str]], header: list[str]) -> str:
    out = io.StringIO()
    csv.writer(out, lineterminator="\n").writerows([header, *rows])
    return out.getvalue()


def test_a_forgotten_pair_of_quotation_marks_rejects_its_row(tmp_path: Path) -> None:
    shifted = "id,akun,isi,catatan\n1,budi,Pak Arman menang,\n2,,sari,Pak Arman menang,\n3,budi,Tolak Arman,\n"
    found = read(tmp_path, shifted)
    assert [type(one) for one in found] == [Row, Rejected, Row]
    assert isinstance(found[1], Rejected) and found[1].line == 3 and found[1].raw == "2,,sari,Pak Arman menang,\n"


@few
@given(
    rows=st.lists(st.lists(cells, min_size=3, max_size=3), min_size=2, max_size=12),
    at=st.integers(0, 11),
    surplus=st.integers(1, 3),
)
def test_one_row_with_surplus_cells_is_rejected_empty_or_not(
    tmp_path: Path, rows: list[list[str]], at: int, surplus: int
) -> None:
    at %= len(rows)
    rows[at] = [*rows[at], *[""] * surplus]
    found = read(tmp_path, lines(rows, ["id", "isi", "catatan"]))
    assert [isinstance(one, Rejected) for one in found] == [number == at for number in range(len(rows))]


@few
@given(rows=st.lists(st.lists(cells, min_size=3, max_size=3), min_size=2, max_size=12), trailing=st.integers(1, 3))
@pytest.mark.parametrize("in_header", [False, True])
def test_delimiters_at_the_end_of_every_line_are_no_cells(
    in_header: bool, tmp_path: Path, rows: list[list[str]], trailing: int
) -> None:
    header = ["id", "isi", "catatan", *[""] * trailing * in_header]
    found = read(tmp_path, lines([[*row, *[""] * trailing] for row in rows], header))
    assert [tuple(row) for row in rows] == [one.cells for one in found if isinstance(one, Row)]


def test_a_row_without_the_delimiter_that_all_others_end_with_is_rejected(tmp_path: Path) -> None:
    content = "id,isi\n" + "1,abc,\n" * 20_000 + "2,abc\n" + "3,,abc\n" + "4,abc,\n"
    assert [one.line for one in read(tmp_path, content) if isinstance(one, Rejected)] == [20_002, 20_003]
