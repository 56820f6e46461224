"""Laws of files of broken lines: each costs about as much as any other line, and no pass is made in vain."""

from __future__ import annotations

from pathlib import Path

import pytest

from netral_nlp.tables import Rejected, open_table
from netral_nlp.tables.posts_column import RECORDS
from running import steps

BROKEN = {
    "quotation mark without end": '1,"',
    "text behind a quotation mark": '"a"b',
    "one cell of two": "a",
    "three cells of two": ",,",
    "NUL": "1,\0",
    "carriage return": '1,a\rb"',
    "backslash": '1,"\\"',
    "Latin letter": "1,\udce9",  # one byte
}
BROKEN_JSON = {"no end": '{"', "no value": '{"}', "no object": "[]", "no JSON": "a", "other key": '{"a":1}'}
MOST = 130  # steps a line, those of an object that is read twice; an ordinary row takes 15


def file_of(folder: Path, line: str, count: int) -> Path:
    is_json = line in BROKEN_JSON.values()
    header = '{"teks": "halo"}\n' if is_json else "id,teks\n1,halo\n"
    path = folder / f"{count}.{'jsonl' if is_json else 'csv'}"
    path.write_bytes((header + f"{line}\n" * count).encode("utf-8", "surrogateescape"))
    return path


def read(path: Path) -> int:
    with open_table(path) as table:
        return sum(isinstance(record, Rejected) for record in table)


@pytest.mark.parametrize("line", [*BROKEN.values(), *BROKEN_JSON.values()], ids=[*BROKEN, *BROKEN_JSON])
def test_a_broken_line_costs_a_bounded_number_of_steps(line: str, tmp_path: Path) -> None:
    few, many = (steps(read, file_of(tmp_path, line, count)) for count in (3_000, 6_000))
    assert many - few <= MOST * 3_000


@pytest.mark.parametrize("line", [*BROKEN.values(), *BROKEN_JSON.values()], ids=[*BROKEN, *BROKEN_JSON])
def test_broken_lines_are_handed_on_many_at_once(line: str, tmp_path: Path) -> None:
    """Whatever follows is paid once a batch: a file of faults is few batches, each twice the one before."""
    with open_table(file_of(tmp_path, line, 5_000)) as table:
        lengths = [len(batch) for batch in table.batches()]
    assert sum(lengths) > 2_000 and len(lengths) <= (5_000).bit_length()


def test_whoever_looks_for_the_posts_gives_up_in_a_file_of_faults(tmp_path: Path) -> None:
    def look(path: Path) -> None:
        with open_table(path) as table:
            table.posts_column()

    long, longer = (file_of(tmp_path, '"a"b', times * RECORDS) for times in (3, 6))
    assert steps(look, longer) < 1.1 * steps(look, long)
