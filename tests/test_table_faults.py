"""Killed writers, full disks, damaged and hostile files: the old output stays whole and reading stays bounded."""

from __future__ import annotations

import gzip
import json
import os
import signal
import stat
import subprocess
import sys
import zipfile
from datetime import datetime
from pathlib import Path

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from conftest import sampled
from netral_nlp.errors import InputError
from netral_nlp.tables import Rejected, Row, open_table, open_writer, write_bytes_atomically
from netral_nlp.tables import formats as formats_module
from netral_nlp.tables import records as records_module
from netral_nlp.tables.footer import read_footer
from netral_nlp.tables.lines import LineBlock
from strategies import many
from tally import attempt

posix = pytest.mark.skipif(sys.platform == "win32", reason="signals and devices of Unix")
FORMATS = [".csv", ".xlsx", ".parquet", ".jsonl"]

WRITE_FOREVER = """
import itertools, sys
from netral_nlp.tables import open_writer
with open_writer(sys.argv[1], ["id", "isi"]) as writer:
    for number in itertools.count():
        writer.write_rows([[str(number), "x" * 1000]] * 500)
        print(number, flush=True)
"""


def leftovers(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir() if path.name.startswith("."))


@posix
@pytest.mark.parametrize("suffix", [".csv", ".parquet"])
def test_a_killed_writer_leaves_the_old_file_and_the_next_one_cleans_up(tmp_path: Path, suffix: str) -> None:
    target = tmp_path / f"out{suffix}"
    target.write_bytes(b"old")
    child = subprocess.Popen([sys.executable, "-c", WRITE_FOREVER, str(target)], stdout=subprocess.PIPE)
    assert child.stdout is not None
    with child, child.stdout:
        for _ in range(5):
            assert child.stdout.readline()
        write_bytes_atomically(target, b"older")  # a living writer's temporary file is left alone
        assert len(leftovers(tmp_path)) == 1
        child.send_signal(signal.SIGKILL)
    assert target.read_bytes() == b"older"
    (left,) = leftovers(tmp_path)
    assert left.endswith(".part")
    write_bytes_atomically(target, b"new")
    assert target.read_bytes() == b"new" and leftovers(tmp_path) == []


@pytest.mark.parametrize("suffix", FORMATS)
def test_without_commit_the_old_file_stays(tmp_path: Path, suffix: str) -> None:
    target = tmp_path / f"out{suffix}"
    target.write_bytes(b"old")
    with open_writer(target, ["isi"]) as writer:
        writer.write_rows([["x"]] * 30_000 if suffix == ".parquet" else [["x"]])
    with pytest.raises(RuntimeError, match="stop"), open_writer(target, ["isi"]) as writer:
        writer.write_rows([["x"]])
        raise RuntimeError("stop")
    assert target.read_bytes() == b"old" and list(tmp_path.iterdir()) == [target]
    with pytest.raises(ValueError, match="finished"):
        writer.commit()


def test_an_iterator_that_fails_midway_leaves_nothing(tmp_path: Path) -> None:
    def rows() -> object:
        yield ["x"]
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt), open_writer(tmp_path / "out.csv", ["isi"]) as writer:
        writer.write_rows(rows())  # type: ignore[arg-type]
    assert list(tmp_path.iterdir()) == []


def test_a_target_that_cannot_be_written_is_an_input_error(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"")
    for target in (tmp_path, tmp_path / "none" / "out.csv", tmp_path / "file" / "out.csv"):
        with pytest.raises(InputError, match=r"Cannot write|directory"):
            open_writer(target, ["isi"])
        with pytest.raises(InputError):
            write_bytes_atomically(target, b"x")


@posix
@pytest.mark.skipif(hasattr(os, "geteuid") and os.geteuid() == 0, reason="root may write anywhere")
def test_a_write_protected_directory_is_an_input_error(tmp_path: Path) -> None:
    tmp_path.chmod(0o500)
    try:
        with pytest.raises(InputError, match="Permission denied"):
            open_writer(tmp_path / "out.csv", ["isi"])
    finally:
        tmp_path.chmod(0o700)


@posix
@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no /dev/full")
def test_a_full_disk_is_an_input_error() -> None:
    with open_writer("/dev/full", ["isi"]) as writer, pytest.raises(InputError, match="No space left"):
        writer.write_rows([["x" * 100_000]])
        writer.commit()
    assert stat.S_ISCHR(Path("/dev/full").stat().st_mode)


@posix
def test_links_and_permissions_of_the_target_survive(tmp_path: Path) -> None:
    real, link = tmp_path / "real.csv", tmp_path / "link.csv"
    real.write_bytes(b"old")
    real.chmod(0o640)
    link.symlink_to(real)
    write_bytes_atomically(link, b"new")
    assert link.is_symlink() and real.read_bytes() == b"new" and stat.S_IMODE(real.stat().st_mode) == 0o640


@posix
def test_a_closed_pipe_ends_quietly() -> None:
    code = """
from netral_nlp.errors import NetralError
from netral_nlp.tables import open_writer
try:
    with open_writer("-", ["isi"]) as writer:
        for _ in range(1000):
            writer.write_rows([["x" * 1000]] * 100)
        writer.commit()
except NetralError as error:
    raise SystemExit(error.exit_code)
raise SystemExit(9)
"""
    child = subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    assert child.stdout is not None and child.stderr is not None
    with child:
        assert child.stdout.readline() == b"isi\n"
        child.stdout.close()
        assert child.stderr.read() == b""
    assert child.returncode == 0


def test_standard_output_gets_the_same_bytes_as_a_file(tmp_path: Path) -> None:
    code = """
import sys
from netral_nlp.tables import open_writer
with open_writer(sys.argv[1], ["isi", "n"]) as writer:
    writer.write_rows([["a,\\r\\n", 0.5], ["\\U0001f600", 1]])
    writer.commit()
"""
    done = subprocess.run([sys.executable, "-c", code, "-"], capture_output=True, check=True)
    subprocess.run([sys.executable, "-c", code, str(tmp_path / "t.csv")], check=True)
    assert done.stdout == (tmp_path / "t.csv").read_bytes() == 'isi,n\n"a,\r\n",0.500000\n😀,1\n'.encode()


POSTS = [[str(number), f"rahasia {number % 7}", f"2024-11-{number % 9 + 10}"] for number in range(60)]
KINDS = (".csv", ".jsonl", ".json", ".parquet", "nested.parquet", ".xlsx", ".csv.gz", ".csv.zip")
SUMMED = {".csv.gz", ".csv.zip", ".xlsx"}  # a change of their content cannot be silent


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """The same posts as every kind of file; ``nested`` has the columns that others write, without compression."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    found = {kind: tmp_path_factory.mktemp("whole") / f"t{kind}" for kind in KINDS}
    for kind in (".csv", ".jsonl", ".parquet", ".xlsx"):
        with open_writer(found[kind], ["id", "isi", "waktu"]) as writer:
            writer.write_rows(POSTS)
            writer.commit()
    found[".json"].write_text(json.dumps([dict(zip(("id", "isi", "waktu"), post, strict=True)) for post in POSTS]))
    found[".csv.gz"].write_bytes(gzip.compress(found[".csv"].read_bytes(), mtime=0))
    with zipfile.ZipFile(found[".csv.zip"], "w", zipfile.ZIP_DEFLATED) as archive:
        archive.write(found[".csv"], "t.csv")
    ids, texts, times = zip(*POSTS, strict=True)
    days = pa.array([datetime.fromisoformat(day) for day in times])
    columns = {"id": list(map(int, ids)), "isi": texts, "waktu": days, "tag": [[1, 2]] * 60, "jenis": texts}
    table = pa.table(columns | {"jenis": pa.array(texts).dictionary_encode()})
    pq.write_table(table, found["nested.parquet"], compression=None, use_dictionary=["jenis"])
    return found


def content_of(path: Path) -> tuple[tuple[str, ...], list[Row | Rejected]]:
    with open_table(path) as table:
        return table.columns, list(table)


@pytest.mark.parametrize("kind", KINDS)
@settings(max_examples=many(25), deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(place=st.floats(0, 1, exclude_max=True), harm=st.integers(0, 7) | st.none() | st.binary(min_size=1, max_size=20))
@example(place=0.4453125, harm=b"\0\0\0\xc8")  # a number in a dictionary that has not so many words
def test_a_damaged_file_is_read_or_refused_in_a_sentence_but_never_crashes(
    files: dict[str, Path], tmp_path: Path, kind: str, place: float, harm: int | bytes | None
) -> None:
    """A flipped bit, a cut or junk: anything may be refused; what carries a sum of its content is never misread."""
    damaged = bytearray(files[kind].read_bytes())
    at = int(len(damaged) * place)
    if harm is None:
        del damaged[at:]
    elif isinstance(harm, bytes):
        damaged[at : at + len(harm)] = harm
    else:
        damaged[at] ^= 1 << harm
    bad = tmp_path / f"bad{Path(kind).suffix if kind.startswith('nested') else kind}"
    bad.write_bytes(damaged)
    with attempt(f"damaged {kind.lstrip('.')} files read") as tally:
        try:
            columns, found = content_of(bad)
        except InputError as error:
            tally.failed += 1
            assert error.exit_code == 3 and "\n" not in str(error) and "rahasia" not in str(error)
            return
        assert all(isinstance(record, Row | Rejected) for record in found)
        assert kind not in SUMMED or (columns, found) == content_of(files[kind])


@pytest.mark.parametrize("kind", [".parquet", "nested.parquet"])
def test_a_footer_says_what_pyarrow_says(files: dict[str, Path], kind: str) -> None:
    import pyarrow.parquet as pq

    facts = pq.read_metadata(files[kind])
    groups = [facts.row_group(at) for at in range(facts.num_row_groups)]
    with files[kind].open("rb") as handle:
        told = read_footer(handle)
    assert told.size == sum(group.total_byte_size for group in groups) > 0
    assert told.values == sum(g.column(at).num_values for g in groups for at in range(g.num_columns)) >= 180


@posix
@pytest.mark.parametrize("suffix", [".parquet", ".xlsx", ".csv.gz", ".csv.zip"])
def test_a_packed_file_cut_short_is_refused(files: dict[str, Path], tmp_path: Path, suffix: str) -> None:
    whole = files[suffix].read_bytes()
    for length in sampled(range(8, len(whole), max(1, len(whole) // 400)), 12):
        (tmp_path / f"cut{suffix}").write_bytes(whole[:length])
        with attempt("packed files cut short") as tally, pytest.raises(InputError) as caught:
            content_of(tmp_path / f"cut{suffix}")
        tally.failed += 1
        assert "rahasia" not in str(caught.value)


@posix
@pytest.mark.parametrize("quote", [b"", b'"'])
def test_a_field_of_30_megabytes_is_rejected_in_bounded_memory(tmp_path: Path, quote: bytes) -> None:
    path = tmp_path / "t.csv"
    path.write_bytes(b"id,isi\n1,a\n2," + quote + b"x" * 30_000_000 + quote + b"\n3,b\n")
    code = """
import resource, sys
from netral_nlp.tables import open_table
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
with open_table(sys.argv[1]) as table:
    print([(record.line, type(record).__name__, len(getattr(record, "raw", ""))) for record in table])
print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before)
"""
    done = subprocess.run([sys.executable, "-c", code, str(path)], capture_output=True, text=True, check=True)
    records, grown = done.stdout.splitlines()
    assert records == "[(2, 'Row', 0), (3, 'Rejected', 1000), (4, 'Row', 0)]"
    assert int(grown) / (1024 if sys.platform == "darwin" else 1) < 25_000  # kilobytes; the field has 30,000


def test_an_unclosed_quotation_mark_before_thousands_of_plain_lines_rejects_one(tmp_path: Path) -> None:
    path = tmp_path / "t.csv"
    lines = [f"{number},isi {number}" for number in range(5000)]
    lines[1200] = '1200,"tidak ditutup'
    path.write_text("id,isi\n" + "\n".join(lines))
    with open_table(path) as table:
        found = list(table)
    assert [record.line for record in found if isinstance(record, Rejected)] == [1202]
    assert len(found) == 5000


@pytest.mark.parametrize("line", ['a","c\n', '"\n', 'x,"\n', '"a\n', '"""\n', 'a,"b""\n', '"a",b"\n', '"a" b\n'])
def test_looking_for_closing_quotation_marks_is_linear(monkeypatch: pytest.MonkeyPatch, line: str) -> None:
    monkeypatch.setattr(records_module, "FREE_LOOKAHEAD", 10_000)
    count = 20_000
    scanned = 0
    honest = records_module.RecordParser._read_window

    def counted(self: object, window: list[str], number: int) -> object:
        nonlocal scanned
        result = honest(self, window, number)  # type: ignore[arg-type]
        scanned += len(window)
        return result

    monkeypatch.setattr(records_module.RecordParser, "_read_window", counted)
    blocks = [LineBlock(1 + start, [line] * 1000) for start in range(0, count, 1000)]
    parser = records_module.RecordParser(records_module.Punctuation(","), 2)
    found = [record for batch in parser.read(blocks) for record in batch]
    assert found and found[-1].line <= count
    assert scanned < 40 * count + 1_000_000


def test_a_sheet_is_never_longer_than_excel_can_open(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(formats_module, "EXCEL_ROWS", 3)
    with open_writer(tmp_path / "t.xlsx", ["isi"]) as writer:
        writer.write_rows([["a"]] * 3)
        with pytest.raises(InputError, match="Write CSV or Parquet"):
            writer.write_rows([["a"]])
    assert list(tmp_path.iterdir()) == []
