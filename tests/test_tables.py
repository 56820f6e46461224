"""Laws of reading and writing tables: nothing is lost, nothing is changed, nothing is guessed."""

from __future__ import annotations

import csv
import datetime as dt
import io
import json
import math
import re
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
from hypothesis import HealthCheck, assume, example, given, settings
from hypothesis import strategies as st

from netral_nlp.errors import InputError
from netral_nlp.tables import (
    ACCOUNT_COLUMNS,
    ID_COLUMNS,
    PLATFORM_COLUMNS,
    TEXT_COLUMNS,
    TIME_COLUMNS,
    Cell,
    Dialect,
    Layout,
    Rejected,
    Row,
    find_column,
    format_number,
    limits,
    open_table,
    open_writer,
    read_records,
    require_column,
)
from netral_nlp.tables import lines as lines_module
from netral_nlp.tables import records as records_module
from netral_nlp.tables.dialect import format_rows
from netral_nlp.tables.parts import Rows
from strategies import many

few = settings(max_examples=many(60), deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
fewer = settings(few, max_examples=many(15))

FRAGMENTS = (
    '"', '""', '"""', ",", ";", "\t", "|", "\n", "\r", "\r\n", " ", "'", "\\", "=", "+", "-1",
    "@", "=SUM(A1)", "#N/A", "NA", "null", "NaN", "007", "198601012010011001", "1e5",
    "Pilih nomor 2", "dukung", "😀", "☝️", "👨‍👩‍👧", "é", "–", "“ya”", "\ufeff", "\u2028", "\x85",
    "\x0b", "\x0c", "\u200b", "𝗽𝗶𝗹𝗶𝗵", "_x000D_", "_x0041_", "\U0010ffff", "<b>&amp;",
)  # fmt: skip
cells = st.lists(st.sampled_from(FRAGMENTS), max_size=6).map("".join)
noisy_cells = st.lists(st.sampled_from((*FRAGMENTS, "\0")), max_size=6).map("".join)


def tables_of(cell: st.SearchStrategy[str]) -> st.SearchStrategy[list[list[str]]]:
    def rows(width: int) -> st.SearchStrategy[list[list[str]]]:
        return st.lists(st.lists(cell, min_size=width, max_size=width), max_size=8)

    return st.integers(1, 4).flatmap(rows)


def write(path: Path, rows: Sequence[Sequence[str]], columns: Sequence[str] | None = None) -> Path:
    width = len(rows[0]) if rows else 2
    with open_writer(path, columns or [f"kolom {number}" for number in range(width)]) as writer:
        writer.write_rows(rows)
        writer.commit()
    return path


def read(path: Path) -> list[Row | Rejected]:
    with open_table(path) as table:
        return list(table)


def texts(records: Sequence[Row | Rejected]) -> list[list[str]]:
    assert all(isinstance(record, Row) for record in records), records
    return [list(record.cells) for record in records if isinstance(record, Row)]


def read_bytes(tmp_path: Path, content: bytes, name: str = "posts.csv") -> list[Row | Rejected]:
    path = tmp_path / name
    path.write_bytes(content)
    return read(path)


@pytest.mark.parametrize("suffix", [".csv", ".tsv", ".jsonl", ".parquet"])
@few
@given(rows=tables_of(cells))
def test_what_is_written_is_what_is_read(tmp_path: Path, suffix: str, rows: list[list[str]]) -> None:
    assume(rows or suffix != ".jsonl")  # JSON lines have no header, so no rows are no table
    assert texts(read(write(tmp_path / f"t{suffix}", rows))) == rows


@fewer
@given(rows=tables_of(cells))
def test_a_workbook_gives_back_every_text_as_text(tmp_path: Path, rows: list[list[str]]) -> None:
    rows = [["x" + row[0], *row[1:]] for row in rows]  # a wholly empty row is no row of a workbook
    path = write(tmp_path / "t.xlsx", rows)
    assert texts(read(path)) == [[re.sub("[\x0b\x0c]", "\ufffd", cell) for cell in row] for row in rows]
    import openpyxl

    sheet = openpyxl.load_workbook(path).active
    assert {cell.data_type for row in sheet.iter_rows() for cell in row if cell.value is not None} == {"s"}


@pytest.mark.parametrize("suffix", [".csv", ".tsv", ".jsonl", ".parquet"])
@few
@example(rows=[["", '"\x00\\']])  # the one record speaks for no punctuation, least of all for backslash escapes
@given(rows=tables_of(noisy_cells))
def test_rows_in_are_rows_plus_rejected(tmp_path: Path, suffix: str, rows: list[list[str]]) -> None:
    assume(rows or suffix != ".jsonl")
    found = read(write(tmp_path / f"t{suffix}", rows))
    assert len(found) == len(rows)
    for record, row in zip(found, rows, strict=True):
        if any("\0" in cell for cell in row):
            assert isinstance(record, Rejected) and "NUL" in record.reason and "\0" not in record.raw
        else:
            assert isinstance(record, Row) and list(record.cells) == row


@few
@given(
    rows=st.lists(st.tuples(cells, cells), max_size=6),
    delimiter=st.sampled_from(",;\t|"),
    line_end=st.sampled_from(("\n", "\r\n", "\r")),
    encoding=st.sampled_from(("utf-8", "utf-8-sig", "utf-16", "utf-16-be-bom")),
)
def test_delimiter_line_end_and_encoding_never_change_a_cell(
    tmp_path: Path, rows: list[tuple[str, str]], delimiter: str, line_end: str, encoding: str
) -> None:
    buffer = io.StringIO(newline="")
    writer = csv.writer(buffer, delimiter=delimiter, lineterminator=line_end, quoting=csv.QUOTE_ALL)
    writer.writerows([("id", "isi"), *rows])
    text = buffer.getvalue()
    raw = b"\xfe\xff" + text.encode("utf-16-be") if encoding == "utf-16-be-bom" else text.encode(encoding)
    assert texts(read_bytes(tmp_path, raw)) == [list(row) for row in rows]


@pytest.mark.parametrize("header", ["id,isi\n", "isi\n", "id;isi\r\n", "id,isi\r"])
@few
@given(body=st.lists(st.sampled_from((*FRAGMENTS, "\n", "\n", "\0", "a,b", '1,"x"')), max_size=40).map("".join))
def test_block_size_never_changes_a_record(tmp_path: Path, header: str, body: str) -> None:
    raw = (header + body).encode()
    path = tmp_path / "t.csv"
    path.write_bytes(raw)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(records_module, "MAX_LINES", 4)
        with open_table(path) as table:
            whole = list(table)
            # The same delimiter, whatever the smaller sample would say.
            patch.setattr(lines_module, "BLOCK", 5)
            assert list(table) == whole
    lines = [record.line for record in whole]
    assert lines == sorted(set(lines))
    filled = [number for number, line in enumerate(io.StringIO(header + body, newline="\n"), 1) if line.strip("\r\n")]
    if not header.endswith("\r") and "\r" not in body and '"' not in body:
        assert lines == filled[1:]


@few
@given(content=st.one_of(st.binary(max_size=200), cells.map(str.encode), cells.map(lambda s: s.encode("utf-16"))),
       name=st.sampled_from(("a.csv", "a.tsv", "a.txt", "a.xlsx", "a.parquet", "a.jsonl", "a")))  # fmt: skip
def test_any_bytes_are_a_table_or_an_input_error(tmp_path: Path, content: bytes, name: str) -> None:
    try:
        found = read_bytes(tmp_path, content, name)
    except InputError as error:
        assert error.exit_code == 3 and "\n" not in str(error)
    else:
        assert all(isinstance(record, Row | Rejected) for record in found)


@few
@given(
    rows=st.lists(st.lists(st.sampled_from([one for one in FRAGMENTS if not set(one) & set('\r\n"')])), min_size=1,
                  max_size=12), data=st.data())  # fmt: skip
def test_an_unclosed_quotation_mark_costs_one_row(tmp_path: Path, rows: list[list[str]], data: st.DataObject) -> None:
    lines = [f'"{number}","{"".join(row)}"' for number, row in enumerate(rows)]
    broken = data.draw(st.integers(0, len(rows) - 1))
    lines[broken] = lines[broken][:-1]
    found = read_bytes(tmp_path, "\n".join(['"id","isi"', *lines, ""]).encode())
    assert [type(record) for record in found] == [Rejected if n == broken else Row for n in range(len(rows))]
    assert found[broken].line == broken + 2
    assert all(record.cells[1] == "".join(rows[n]) for n, record in enumerate(found) if isinstance(record, Row))


def test_text_stays_text(tmp_path: Path) -> None:
    words = [
        "NA",
        "null",
        "NaN",
        "007",
        "198601012010011001",
        "1,5",
        "TRUE",
        "2024-01-01",
        " spasi ",
        "",
        "-",
    ]
    rows = [[str(number), word] for number, word in enumerate(words)]
    for suffix in (".csv", ".xlsx", ".parquet", ".jsonl"):
        assert texts(read(write(tmp_path / f"t{suffix}", rows))) == rows


def test_commas_inside_the_text_never_win(tmp_path: Path) -> None:
    body = "".join(f"{n};ya, betul, pak, sekali;x|y|z\n" for n in range(9))
    assert len(texts(read_bytes(tmp_path, b"id;isi, lengkap;sumber\n" + body.encode()))[0]) == 3
    assert texts(read_bytes(tmp_path, b'text\nsatu, dua; tiga\n\n"a, ""b"""\n')) == [
        ["satu, dua; tiga"],
        ['a, "b"'],
    ]
    assert texts(read_bytes(tmp_path, b"sep=;\r\nid;isi\r\n1;a,b\r\n")) == [["1", "a,b"]]


def test_a_line_of_plain_text_may_begin_with_a_quotation_mark(tmp_path: Path) -> None:
    assert texts(read_bytes(tmp_path, b'text\n"Lawan!" katanya\nya\n', "a.txt")) == [
        ['"Lawan!" katanya'],
        ["ya"],
    ]


def test_a_ragged_row_is_rejected_with_its_line_even_where_the_extra_cells_are_empty(tmp_path: Path) -> None:
    found = read_bytes(tmp_path, b'id,isi\n1,"a\nb"\n\n2\n3,x,y\n4,z,,\n5,"a" b\n,\n')
    assert [(record.line, type(record)) for record in found] == [
        (2, Row), (5, Rejected), (6, Rejected), (7, Rejected), (8, Rejected), (9, Row)]  # fmt: skip
    reasons = [record.reason for record in found if isinstance(record, Rejected)]
    assert [reason.split()[0] for reason in reasons] == ["1", "3", "4", "ada"]


def test_lines_that_are_not_utf8_are_windows_1252_and_counted(tmp_path: Path) -> None:
    path = tmp_path / "t.csv"
    path.write_bytes("id,isi\n1,é“😀”\n".encode() + "2,é“€”\n".encode("cp1252") + b"3,\x81\n")
    with open_table(path) as table:
        assert texts(list(table)) == [["1", "é“😀”"], ["2", "é“€”"], ["3", "\x81"]]
        assert any(note.startswith("2 line(s)") for note in table.notes)


def test_utf16_without_a_mark_is_seen_by_its_zeros(tmp_path: Path) -> None:
    for encoding in ("utf-16-le", "utf-16-be"):
        raw = "id,isi\n1,halo 😀 semua\n".encode(encoding)
        assert texts(read_bytes(tmp_path, raw)) == [["1", "halo 😀 semua"]]
        with pytest.raises(InputError, match="cut short"):
            read_bytes(tmp_path, raw[:-1])


@pytest.mark.parametrize(
    ("name", "content", "says"),
    [
        ("a.csv", b"", "is empty"),
        ("a.csv", b"\xef\xbb\xbf", "is empty"),
        ("a.csv", b"\n\r\n \n", "is empty"),
        ("a.csv", b",,\n1,2,3\n", "no column names"),
        ("a.csv", b"\x89PNG\x1a\x00\x01\x02,\n", "a.csv"),
        ("a.xlsx", b"id,isi\n", "not an XLSX file"),
        ("a.xlsx", b"PK\x03\x04 nothing", "not an XLSX file"),
        ("a.xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "old .xls"),
        ("a.parquet", b"id,isi\n", "not a readable Parquet"),
        ("a.jsonl", b"[1]\n", "no JSON object"),
        ("a.jsonl", b"\n\n", "is empty"),
    ],
)
def test_a_file_that_is_no_table_is_refused_in_one_sentence(
    tmp_path: Path, name: str, content: bytes, says: str
) -> None:
    with pytest.raises(InputError, match=says):
        read_bytes(tmp_path, content, name)


def test_missing_files_and_directories_are_input_errors(tmp_path: Path) -> None:
    for path in (tmp_path, tmp_path / "none.csv", tmp_path / "a\0b"):
        with pytest.raises(InputError):
            open_table(path)


def test_a_header_alone_is_a_table_without_rows(tmp_path: Path) -> None:
    for suffix in (".csv", ".xlsx", ".parquet"):
        path = write(tmp_path / f"t{suffix}", [], ["id", "isi"])
        with open_table(path) as table:
            assert table.columns == ("id", "isi") and list(table) == []


def test_content_wins_over_a_wrong_extension(tmp_path: Path) -> None:
    for suffix in (".xlsx", ".parquet"):
        path = write(tmp_path / f"t{suffix}", [["1", "halo"]])
        assert texts(read(path.rename(tmp_path / f"wrong{suffix}.csv"))) == [["1", "halo"]]
    assert texts(read_bytes(tmp_path, b'{"isi": "halo"}\n', "noextension")) == [["halo"]]


def test_standard_input_is_read_like_a_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    raw = write(tmp_path / "t.xlsx", [["1", "halo"]]).read_bytes()
    for content in (raw, b"id,isi\n1,halo\n", b'{"id": 1, "isi": "halo"}\n'):
        monkeypatch.setattr(sys, "stdin", SimpleNamespace(buffer=io.BytesIO(content)))
        with open_table("-") as table:
            assert texts(list(table)) == [["1", "halo"]]


def test_workbook_values_read_as_a_person_reads_them(tmp_path: Path) -> None:
    import openpyxl

    book = openpyxl.Workbook()
    book.active.append(["id", "isi", None])
    book.active.append([7.0, "a\tb", None])
    book.active.append([None, None])
    book.active.append([1.5, dt.datetime(2024, 11, 27, 8, 5)])
    book.active.append([True, dt.date(2024, 11, 27), None, "lebih"])
    book.active.append([3])
    book.create_sheet("Dua").append(["teks"])
    path = tmp_path / "t.xlsx"
    book.save(path)
    found = read(path)
    assert [record.line for record in found] == [2, 4, 5, 6]
    assert isinstance(found.pop(2), Rejected)
    assert texts(found) == [["7", "a\tb"], ["1.5", "2024-11-27T08:05:00"], ["3", ""]]
    with open_table(path, Layout(sheet="Dua")) as table:
        assert table.columns == ("teks",)
    with pytest.raises(InputError, match='found "Sheet", "Dua"'):
        open_table(path, Layout(sheet="Tiga"))


def test_a_zip_bomb_is_refused_before_it_is_opened(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = write(tmp_path / "t.xlsx", [["1", "halo"]])
    monkeypatch.setattr(limits, "unpacked", lambda packed: 1000)
    monkeypatch.setitem(sys.modules, "openpyxl", None)
    with pytest.raises(InputError, match="unpacks to more"):
        open_table(path)


def test_parquet_types_become_text_and_missing_values_are_empty(tmp_path: Path) -> None:
    import pyarrow as pa
    import pyarrow.parquet as pq

    values = {"a": [1, None], "b": ["x", None], "c": [dt.date(2024, 1, 2), None], "d": [b"ya", b"\xff"]}
    pq.write_table(pa.table(values), tmp_path / "t.parquet")
    found = read(tmp_path / "t.parquet")
    assert found[0] == Row(1, ("1", "x", "2024-01-02", "ya"))
    assert isinstance(found[1], Rejected) and found[1].line == 2


def test_json_lines_keep_digits_and_may_differ_in_keys(tmp_path: Path) -> None:
    lines = ['{"id": 198601012010011001, "n": 0.10}', "", "rusak", "[1]", '{"isi": null, "ok": true, "x": {"y": "z"}}',
             '{"id": 1, "id": 2}', r'{"isi": "\ud83d"}']  # fmt: skip
    found = read_bytes(tmp_path, "\n".join(lines).encode(), "t.jsonl")
    assert [(record.line, type(record)) for record in found] == [
        (1, Row), (3, Rejected), (4, Rejected), (5, Row), (6, Rejected), (7, Rejected)]  # fmt: skip
    assert found[0] == Row(1, ("198601012010011001", "0.10", "", "", ""))
    assert found[3] == Row(5, ("", "", "", "true", "z"))
    assert read_bytes(tmp_path, b'{"x": {"y": "z", "n": {"k": [1, {"a": 2}]}}}\n', "n.jsonl") == [
        Row(1, ("z", '["1", {"a": "2"}]'))
    ]


def test_a_field_beyond_the_cap_is_rejected_and_the_next_row_is_read(tmp_path: Path) -> None:
    found = read_bytes(tmp_path, b"id,isi\n1," + b"x" * (1 << 20) + b"\n2," + b"y" * (1 << 20) + b"y\n3,z\n")
    assert [type(record) for record in found] == [Row, Rejected, Row]
    assert isinstance(found[1], Rejected) and "terlalu panjang" in found[1].reason
    assert found[1].raw == "2," + "y" * (1 << 20) + "y\n"  # whole


@pytest.mark.parametrize("columns", [["ID", "Full Text"], ["ID", "full_text"], ["id", "FULLTEXT"]])
def test_a_column_is_found_whatever_its_case_and_spacing(columns: list[str]) -> None:
    assert find_column(columns, None, TEXT_COLUMNS, what="text", option="--text-column") == 1
    assert find_column(columns, "full text", (), what="text", option="--text-column") == 1


def test_usual_names_are_distinct_and_lower_case() -> None:
    for names in (TEXT_COLUMNS, ID_COLUMNS, TIME_COLUMNS, PLATFORM_COLUMNS, ACCOUNT_COLUMNS):
        assert len(set(names)) == len(names) >= 9 and all(name == name.lower() for name in names)


def test_a_missing_column_is_named_with_what_was_found(tmp_path: Path) -> None:
    path = tmp_path / "posts.csv"
    path.write_text("isi,akun\n")
    with open_table(path) as table:
        with pytest.raises(InputError) as caught:
            table.find_column("teks", TEXT_COLUMNS, what="text", option="--text-column")
        assert table.find_column(None, TIME_COLUMNS, what="time", option="--time-column") is None
    assert str(caught.value) == ('posts.csv has no column "teks"; found "isi", "akun". Name it with --text-column isi.')
    with pytest.raises(InputError, match="could be"):
        find_column(["Isi", "ISI"], "isi", (), what="text", option="--text-column")
    assert find_column(["Isi", "ISI"], "ISI", (), what="text", option="--text-column") == 1


def test_a_post_in_place_of_the_header_is_never_quoted() -> None:
    posts = ["Kami rahasia sekali mendukung paslon dua selamanya", "hubungi @rahasia", "rahasia 081234567"]
    for name in posts:
        with pytest.raises(InputError) as caught:
            require_column([name, name + "x"], None, TEXT_COLUMNS, what="text", option="--text-column")
        assert "rahasia" not in str(caught.value)


def test_strict_records_carry_their_lines_and_refuse_any_fault(tmp_path: Path) -> None:
    path = tmp_path / "korpus.csv"
    path.write_text('id,isi \n1,"a\nb"\n2,c\n')
    records = read_records(path, required=("id", "isi"))
    assert [(record.line, record["isi"], record.get("x")) for record in records] == [
        (2, "a\nb", ""),
        (4, "c", ""),
    ]
    with pytest.raises(InputError, match='no column "label"'):
        read_records(path, required=("id", "label"))
    path.write_text("id,isi\nrahasia\n2,c\n3,rahasia,x\n")
    with pytest.raises(InputError, match=r"2 unreadable record\(s\), at line 2 \(.*\), 4") as caught:
        read_records(path)
    assert caught.value.line == 2 and "rahasia" not in str(caught.value)


def test_machine_csv_is_plain_and_excel_csv_is_safe(tmp_path: Path) -> None:
    rows: list[list[Cell]] = [
        ["=1+1", -0.5, 3],
        ["a;b,c", 1 / 32, -3],
        ["@x", 0.0, 0],
        ['k"u\r', 1e-9, 1],
        ["-", -1e-9, 2],
    ]
    with open_writer(tmp_path / "m.csv", ["isi", "skor", "n"]) as writer:
        writer.write_rows(rows)
        writer.commit()
    assert (tmp_path / "m.csv").read_bytes() == (
        b'isi,skor,n\n=1+1,-0.500000,3\n"a;b,c",0.031250,-3\n@x,0.000000,0\n"k""u\r",0.000000,1\n-,0.000000,2\n'
    )
    with open_writer(tmp_path / "e.csv", ["isi", "skor", "n"], excel=True) as writer:
        writer.write_rows(rows)
        writer.commit()
    assert (tmp_path / "e.csv").read_bytes() == (
        b"\xef\xbb\xbfisi;skor;n\r\n'=1+1;-0,500000;3\r\n\"a;b,c\";0,031250;-3\r\n'@x;0,000000;0\r\n"
        b'"k""u\r";0,000000;1\r\n\'-;0,000000;2\r\n'
    )


@few
@given(rows=st.lists(st.tuples(cells, cells), max_size=6))
def test_no_cell_of_an_excel_csv_is_a_formula_and_all_come_back(tmp_path: Path, rows: list[tuple[str, str]]) -> None:
    path = tmp_path / "e.csv"
    with open_writer(path, ["a", "b"], excel=True) as writer:
        writer.write_rows(rows)
        writer.commit()
    found = texts(read(path))
    assert not any(cell.startswith(tuple("=+-@\t\r\n")) for row in found for cell in row)
    assert [[cell.removeprefix("'") for cell in row] for row in found] == [
        [cell.removeprefix("'") for cell in row] for row in rows
    ]


@given(value=st.floats(-1e6, 1e6))
def test_a_number_has_six_decimals_and_no_negative_zero(value: float) -> None:
    text = format_number(value)
    assert len(text.partition(".")[2]) == 6 and abs(float(text) - value) <= 5.1e-7 and text != "-0.000000"


def by_columns(rows: Sequence[Sequence[Cell]], dialect: Dialect) -> list[str]:
    """The lines of some rows in a dialect."""
    return dialect.join([dialect.show(column) for column in zip(*rows, strict=True)])


def by_the_module(rows: Sequence[Sequence[str]], delimiter: str) -> list[str]:
    """The records that the standard library's writer makes, without their line ends."""
    found: list[str] = []
    csv.writer(SimpleNamespace(write=found.append), delimiter=delimiter, lineterminator="\r\n").writerows(rows)
    return [record.removesuffix("\r\n") for record in found]


@few
@given(rows=tables_of(st.one_of(cells, st.text(max_size=8))), delimiter=st.sampled_from(",;\t|"))
def test_cells_are_quoted_as_the_csv_module_quotes_them(rows: list[list[str]], delimiter: str) -> None:
    assert by_columns(rows, Dialect(delimiter)) == by_the_module(rows, delimiter)


@pytest.mark.parametrize("delimiter", ",;\t|")
def test_every_character_is_quoted_as_the_csv_module_quotes_it(delimiter: str) -> None:
    for character in (*map(chr, range(0x180)), "\u2028", "\u2029", "\ufeff", "\ufffd", "😀"):
        rows = [[character], [f"a{character}"], [f"{character}b"], [f"a{character}b"], [2 * character], [""]]
        assert by_columns(rows, Dialect(delimiter)) == by_the_module(rows, delimiter)


@few
@given(
    rows=tables_of(cells).filter(bool),
    added=st.integers(1, 3),
    excel=st.booleans(),
    suffix=st.sampled_from((".csv", ".tsv")),
)
def test_lines_written_in_two_halves_are_the_same_lines(
    tmp_path: Path, rows: list[list[str]], added: int, excel: bool, suffix: str
) -> None:
    columns = [f"kolom {number}" for number in range(len(rows[0]) + added)]
    ends: list[list[Cell]] = [[*row, 0.5, "=a"][-added:] for row in rows]
    written = []
    for name in ("one", "two"):
        with open_writer(tmp_path / f"{name}{suffix}", columns, excel=excel) as writer:
            if name == "one":
                writer.write_rows([[*row, *end] for row, end in zip(rows, ends, strict=True)])
            else:
                assert writer.dialect is not None
                writer.write_beside(Rows([numbered(rows)]), by_columns(ends, writer.dialect))
            writer.commit()
        written.append((tmp_path / f"{name}{suffix}").read_bytes())
    assert writer.rows == len(rows)
    assert written[0] == written[1]


def numbered(rows: Sequence[Sequence[str]]) -> list[Row]:
    return [Row(line, tuple(cells)) for line, cells in enumerate(rows, 2)]


def test_halves_that_do_not_fit_are_bugs(tmp_path: Path) -> None:
    with open_writer(tmp_path / "t.csv", ["a", "b"]) as writer:
        for rows, tails in (([["x"]], []), ([["x"]], ["1", "2"]), ([["x"], []], ["1", "2"])):
            with pytest.raises(ValueError, match=r"zip\(\)|not as many tails"):
                writer.write_beside(Rows([numbered(rows)]), tails)
    with open_writer(tmp_path / "t.jsonl", ["a", "b"]) as writer:
        assert writer.dialect is None
        with pytest.raises(TypeError, match="only CSV"):
            writer.write_beside(Rows([numbered([["x"]])]), ["1"])


def neighbours(value: float) -> tuple[float, float, float]:
    return math.nextafter(value, -1), value, math.nextafter(value, 2)


# Probabilities, most of them within a rounding of a tie between two texts, or on it.
shares = st.one_of(
    st.floats(0, 1),
    st.integers(0, 999_999).flatmap(lambda n: st.sampled_from(neighbours((n + 0.5) / 1e6))),
    st.integers(0, 1_000_000).flatmap(lambda n: st.sampled_from(neighbours(n / 1e6))),
    st.integers(7, 30).flatmap(lambda k: st.integers(0, 2**k).map(lambda n: n / 2**k)),
).map(lambda value: min(1.0, max(0.0, value)))


def tables_of_numbers(value: st.SearchStrategy[float]) -> st.SearchStrategy[list[list[float]]]:
    return st.integers(1, 4).flatmap(
        lambda width: st.lists(st.lists(value, min_size=width, max_size=width), min_size=1, max_size=6)
    )


@given(values=tables_of_numbers(shares))
def test_probabilities_written_together_are_written_as_one_by_one(values: list[list[float]]) -> None:
    assert format_rows(np.array(values)) == [",".join(f"{abs(value):.6f}" for value in row) for row in values]


@given(values=tables_of_numbers(st.one_of(shares, st.floats(-9, 9))), excel=st.booleans())
def test_numbers_written_together_are_those_of_the_columns(values: list[list[float]], excel: bool) -> None:
    dialect = Dialect(";", excel)
    assert format_rows(np.array(values), dialect.delimiter, dialect.point) == by_columns(values, dialect)


def test_no_number_is_written_together_that_is_not_finite() -> None:
    assert format_rows(np.zeros((0, 3))) == []
    for bad in (math.nan, math.inf):
        with pytest.raises(ValueError, match="not finite"):
            format_rows(np.array([[0.5, bad]]))


def test_numbers_that_are_not_finite_and_rows_of_another_width_are_bugs(tmp_path: Path) -> None:
    bad: list[list[Cell]] = [["a", float("nan")], ["a", float("inf")], ["a"], ["a", "b", "c"]]
    for row in bad:
        with open_writer(tmp_path / "t.csv", ["a", "b"]) as writer, pytest.raises(ValueError, match="number"):
            writer.write_rows([row])
    assert list(tmp_path.iterdir()) == []


def test_numbers_are_numbers_in_json_and_workbooks(tmp_path: Path) -> None:
    for suffix in (".jsonl", ".xlsx"):
        with open_writer(tmp_path / f"t{suffix}", ["isi", "skor", "n"]) as writer:
            writer.write_rows([["a", 1 / 32, 7]])
            writer.commit()
    assert json.loads((tmp_path / "t.jsonl").read_text()) == {"isi": "a", "skor": 0.03125, "n": 7}
    assert texts(read(tmp_path / "t.xlsx")) == [["a", "0.03125", "7"]]


def test_a_workbook_says_what_it_could_not_hold(tmp_path: Path) -> None:
    with open_writer(tmp_path / "t.xlsx", ["isi"]) as writer:
        writer.write_rows([["😀" * 20_000], ["a\x01b"], ["ya"]])
        writer.commit()
    assert [note.split()[0] for note in writer.notes] == ["1", "1"]
    assert texts(read(tmp_path / "t.xlsx")) == [["😀" * 16_383], ["a\ufffdb"], ["ya"]]


def test_importing_tables_loads_nothing_heavy() -> None:
    code = "import sys, netral_nlp.tables; print({'numpy', 'pandas', 'pyarrow', 'openpyxl'} & set(sys.modules))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "set()"
