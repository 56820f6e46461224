"""Laws of spoilt exports: of every kind of pollution nearly all records are read exactly right, and none is shifted."""

from __future__ import annotations

from pathlib import Path

import pytest

from netral_nlp.errors import InputError, UsageError
from netral_nlp.tables import Layout, Rejected, Row, open_table
from pollution import Polluted, make_rows, plain_lines, pollutions, written

SEEDS = (0, 1, 2)
MANY = [one for seed in SEEDS for one in pollutions(seed)]


def read(polluted: Polluted, tmp_path: Path) -> list[Row | Rejected]:
    path = tmp_path / polluted.name
    path.write_bytes(polluted.content)
    with open_table(path) as table:
        return list(table)


def exactly_right(found: list[Row | Rejected], polluted: Polluted) -> tuple[int, int, int]:
    """How many records were read exactly right, how many were read, and how many there are."""
    cells = [tuple(map(str, record.cells)) for record in found if isinstance(record, Row)]
    wanted = [record for record in polluted.records if record is not None]
    left = list(wanted)
    right = 0
    for one in cells:
        if one in left:
            left.remove(one)
            right += 1
    return right, len(cells), len(wanted)


@pytest.mark.parametrize("polluted", MANY[: len(MANY) // len(SEEDS)], ids=lambda one: one.kind)
def test_every_record_that_is_whole_is_read_as_it_was(polluted: Polluted, tmp_path: Path) -> None:
    found = read(polluted, tmp_path)
    right, _, wanted = exactly_right(found, polluted)
    assert right == wanted
    assert len(found) >= wanted  # what is broken is there, too: rejected


def test_records_are_exactly_right_in_99_of_100_cases_and_never_shifted(tmp_path: Path) -> None:
    right = read_in_all = wanted = 0
    for polluted in MANY:
        found = read(polluted, tmp_path)
        now = exactly_right(found, polluted)
        right, read_in_all, wanted = right + now[0], read_in_all + now[1], wanted + now[2]
        for record in found:  # an account in a column of times would be a shift
            if isinstance(record, Row) and "akun" in str(record.cells):
                place = next(i for i, cell in enumerate(record.cells) if cell.startswith("akun_"))
                assert place == len(record.cells) - 3, (polluted.kind, record)
    assert 2 * right / (read_in_all + wanted) >= 0.99


@pytest.mark.parametrize("behind", [",", ",,", ",,,"])
def test_surplus_delimiters_are_taken_for_such_only_where_every_row_has_them(behind: str, tmp_path: Path) -> None:
    rows = make_rows(5)
    path = tmp_path / "t.csv"
    path.write_text(plain_lines(written(rows), behind, skip=1), encoding="utf-8")
    with open_table(path) as table:
        assert [record.cells for record in table if isinstance(record, Row)] == rows
    lines = written(rows).splitlines()
    lines[7] += behind
    path.write_text("\n".join(lines), encoding="utf-8")
    with open_table(path) as table:
        found = list(table)
    assert [record.line for record in found if isinstance(record, Rejected)] == [8]
    assert all("sel, padahal kepala tabel 5" in record.reason for record in found if isinstance(record, Rejected))


def test_a_late_row_that_breaks_the_rule_of_the_first_ones_is_rejected(tmp_path: Path) -> None:
    rows = make_rows(6, 700)
    lines = plain_lines(written(rows), ",").splitlines()
    lines[650] = lines[650].removesuffix(",")
    path = tmp_path / "t.csv"
    path.write_text("\n".join(lines), encoding="utf-8")
    with open_table(path) as table:
        assert [record.line for record in table if isinstance(record, Rejected)] == [651]


def test_a_header_row_that_is_named_is_taken_and_no_header_loses_no_post(tmp_path: Path) -> None:
    path = tmp_path / "t.csv"
    path.write_text("a,b\nid,teks\n1,halo\n2,ya\n", encoding="utf-8")
    with open_table(path, Layout(header_row=2)) as table:
        assert table.columns == ("id", "teks") and [r.line for r in table] == [3, 4]
    with open_table(path, Layout(no_header=True)) as table:
        assert table.columns == ("kolom_1", "kolom_2") and len(list(table)) == 4
    with pytest.raises(InputError, match="header-row"), open_table(path, Layout(header_row=9)):
        pass
    with pytest.raises(UsageError):
        Layout(header_row=1, no_header=True)


def test_an_archive_with_several_files_or_a_damaged_one_is_refused(tmp_path: Path) -> None:
    import gzip
    import zipfile

    path = tmp_path / "dua.zip"
    with zipfile.ZipFile(path, "w") as packed:
        packed.writestr("a.csv", "teks\nhalo\n")
        packed.writestr("b.csv", "teks\nhalo\n")
    with pytest.raises(InputError, match="2 files"):
        open_table(path)
    whole = gzip.compress(written(make_rows(1)).encode())
    (tmp_path / "x.csv.gz").write_bytes(whole[:-20])
    with pytest.raises(InputError, match="damaged or cut short"):
        open_table(tmp_path / "x.csv.gz")


def test_an_array_cut_short_gives_its_whole_objects_and_one_rejected_record(tmp_path: Path) -> None:
    path = tmp_path / "t.json"
    path.write_text('[{"teks": "satu"},\n {"teks": "dua"}, {"teks": "ti', encoding="utf-8")
    with open_table(path) as table:
        found = list(table)
    assert [record.cells for record in found if isinstance(record, Row)] == [("satu",), ("dua",)]
    assert [type(record) for record in found] == [Row, Row, Rejected]


def test_pieces_of_an_array_never_change_a_record(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from netral_nlp.tables import jsonfiles

    polluted = next(one for one in MANY if one.kind == "nested json")
    whole = read(polluted, tmp_path)
    for size in (1, 7, 100):
        monkeypatch.setattr(jsonfiles, "BLOCK", size)
        assert read(polluted, tmp_path) == whole
