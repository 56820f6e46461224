"""Laws of hostile files: a small one is refused in one sentence before it costs memory, an honest one never is."""

from __future__ import annotations

import gzip
import io
import json
import resource
import sys
import unicodedata
import zipfile
from collections.abc import Callable, Iterable
from pathlib import Path
from types import SimpleNamespace
from typing import cast

import pytest
from hypothesis import given
from hypothesis import strategies as st

from netral_nlp.errors import InputError, ModelError, UsageError
from netral_nlp.law.cases import parse_cases
from netral_nlp.law.facts import read_facts
from netral_nlp.model.file import load_model
from netral_nlp.model.model import Model
from netral_nlp.review.foreign import NOTHING_ASKED, read_foreign
from netral_nlp.roster import Roster
from netral_nlp.roster.pseudonyms import read_key
from netral_nlp.roster.reading import parse_roster
from netral_nlp.scoring import files
from netral_nlp.tables import Row, limits, open_table, open_writer
from netral_nlp.text.words import LONGEST_POST, readable

if sys.platform == "win32":
    pytest.skip("limits of processes", allow_module_level=True)

from faults import SENTENCE, in_child
from tally import attempt

GIGABYTE = 1 << 30
CPU = 100  # seconds after which a child is killed: far above what is allowed, lest a slow machine fail
SHEET = "xl/worksheets/sheet1.xml"
NAMESPACE = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
TOP = f'<?xml version="1.0"?><worksheet xmlns="{NAMESPACE}"><sheetData>'.encode()
HEADER = b'<row r="1"><c r="A1" t="inlineStr"><is><t>teks</t></is></c></row>'
END = b"</sheetData></worksheet>"


def workbook(path: Path, sheet: Iterable[bytes], shared: Iterable[bytes] = ()) -> Path:
    """A workbook of ours with another sheet in it."""
    with open_writer(path, ["teks"]) as writer:
        writer.commit()
    with zipfile.ZipFile(path) as honest:
        parts = {name: honest.read(name) for name in honest.namelist()}
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as packed:
        for name, content in parts.items():
            for part, pieces in ((SHEET, sheet), ("xl/sharedStrings.xml", shared)):
                if name == part and pieces:
                    with packed.open(name, "w", force_zip64=True) as stream:
                        for piece in pieces:
                            stream.write(piece)
                    break
            else:
                packed.writestr(name, content)
    return path


def header_of_names(folder: Path) -> Path:
    path = folder / "names.csv"
    path.write_text(",".join(f"c{number}" for number in range(200_000)) + ",teks\n")
    return path


def far_cells(folder: Path) -> Path:
    row = '<row><c r="A{0}" t="inlineStr"><is><t>a</t></is></c><c r="XFD{0}"><v>1</v></c></row>'
    return workbook(folder / "far.xlsx", [TOP, HEADER, *(row.format(r).encode() for r in range(2, 6_000)), END])


def shared_strings(folder: Path) -> Path:
    start = f'<?xml version="1.0"?><sst xmlns="{NAMESPACE}">'.encode()
    many = [b"<si><t/></si>" * 100_000] * 60
    cell = b'<row r="2"><c r="A2" t="s"><v>0</v></c></row>'
    return workbook(folder / "shared.xlsx", [TOP, HEADER, cell, END], [start, *many, b"</sst>"])


def one_cell(folder: Path) -> Path:
    start = b'<row r="2"><c r="A2" t="inlineStr"><is><t>'
    return workbook(folder / "cell.xlsx", [TOP, HEADER, start, *[b"a" * 1_000_000] * 60, b"</t></is></c></row>", END])


def entities(folder: Path) -> Path:
    top = TOP.replace(b"?>", b'?><!DOCTYPE x [<!ENTITY a "aaaaaaaaaa">]>', 1)
    return workbook(folder / "entities.xlsx", [top, HEADER, END])


def repeated_text(folder: Path) -> Path:
    import pyarrow as pa
    import pyarrow.parquet as pq

    texts = pa.array(["a" * 1_000_000] * 600).dictionary_encode()
    pq.write_table(pa.table({"teks": texts}), folder / "repeated.parquet", compression="zstd")
    return folder / "repeated.parquet"


def nulls(folder: Path) -> Path:
    import pyarrow as pa
    import pyarrow.parquet as pq

    pq.write_table(pa.table({"teks": pa.nulls(20_000_000, pa.string())}), folder / "nulls.parquet", compression="zstd")
    return folder / "nulls.parquet"


def lists(folder: Path) -> Path:
    import pyarrow as pa
    import pyarrow.parquet as pq

    table = pa.table({"teks": pa.array(["a"]), "x": pa.array([[0] * 8_000_000], pa.list_(pa.int64()))})
    pq.write_table(table, folder / "lists.parquet", compression="zstd")
    return folder / "lists.parquet"


def keys(folder: Path) -> Path:
    first = json.dumps({f"k{number}": "v" for number in range(900)} | {"teks": "a"})
    (folder / "keys.jsonl").write_text(first + "\n" + "{}\n" * 300_000)
    return folder / "keys.jsonl"


def archive(folder: Path) -> Path:
    with gzip.open(folder / "posts.csv.gz", "wb") as packed:
        packed.write(b"teks\n" + b"a" * 99 + b"\n")
        for _ in range(120):
            packed.write(b"\n" * 1_000_000)
    return folder / "posts.csv.gz"


HOSTILE = [header_of_names, far_cells, shared_strings, one_cell, entities, repeated_text, nulls, lists, keys, archive]


def bounded(action: Callable[[], object]) -> Callable[[], object]:
    def act() -> object:
        now = int(Path("/proc/self/statm").read_text().split()[0]) * resource.getpagesize()
        resource.setrlimit(resource.RLIMIT_AS, (now + 2 * GIGABYTE, now + 2 * GIGABYTE))  # libraries reserve much
        resource.setrlimit(resource.RLIMIT_CPU, (CPU, CPU))
        return action()

    return act


def read(path: Path) -> None:
    with open_table(path) as table:
        for _ in table.batches():
            pass


@pytest.mark.skipif(not Path("/proc/self/statm").exists(), reason="no /proc")
@pytest.mark.parametrize("make", HOSTILE, ids=lambda make: make.__name__)
def test_a_small_file_that_asks_for_very_much_is_refused_in_a_sentence(
    make: Callable[[Path], Path], tmp_path: Path
) -> None:
    path = make(tmp_path)
    assert path.stat().st_size < 5 << 20
    with attempt("small files that ask for very much") as tally:
        outcome = in_child(bounded(lambda: read(path)), tmp_path)
        assert outcome.how == SENTENCE, outcome.said
        assert "\n" not in outcome.said and outcome.said.startswith(path.name)
        tally.failed += 1
    grown = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss * 1024
    assert grown < GIGABYTE + resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024


def npz(path: Path, **members: bytes) -> Path:
    import numpy as np

    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, content in members.items():
            out = io.BytesIO()
            np.lib.format.write_array(out, np.frombuffer(content, dtype=np.uint8), allow_pickle=False)
            packed.writestr(f"{name}.npy", out.getvalue())
    return path


@pytest.mark.parametrize("header", [b"[" + b"[]," * 8_000_000 + b"[]]", b"[" * 5_000_000, b" " * 5_000_000])
def test_a_model_whose_header_would_fill_the_memory_is_refused(header: bytes, tmp_path: Path) -> None:
    path = npz(tmp_path / "m.npz", header=header)
    assert path.stat().st_size < 5 << 20
    with pytest.raises(ModelError, match="would unpack to more"):
        load_model(path)


@given(packed=st.integers(0, 1 << 33))
def test_what_is_allowed_grows_with_the_file(packed: int) -> None:
    for allowed in (limits.unpacked, limits.cells, limits.rows, limits.marks):
        assert 0 < allowed(packed) <= allowed(packed + 1)


@pytest.mark.parametrize("suffix", [".xlsx", ".parquet", ".jsonl", ".csv"])
def test_an_honest_file_of_repeated_posts_is_read(suffix: str, tmp_path: Path) -> None:
    """Retweets and empty columns pack very well; a few hundred posts of a form letter are no attack."""
    path = tmp_path / f"t{suffix}"
    with open_writer(path, ["id", "teks", *(f"kosong {number}" for number in range(20))]) as writer:
        writer.write_rows([[str(number), "Pak Arman menang " * 10, *[""] * 20] for number in range(600)])
        writer.commit()
    with open_table(path) as table:
        assert sum(isinstance(one, Row) for one in table) == 600


@pytest.mark.parametrize("mark", [",", " ", ";", "\t", "|"])
@pytest.mark.parametrize("header", ["teks", "id,teks"])
def test_one_post_with_as_many_marks_as_no_table_has_columns_shuts_out_no_other(
    mark: str, header: str, tmp_path: Path
) -> None:
    first, rest = ("1,", "2,halo\n3,halo\n") if "," in header else ("", "halo\nhalo\n")
    post = f"a{mark}" * 20_000
    (tmp_path / "t.csv").write_text(f'{header}\n{first}"{post}"\n{rest}')
    with open_table(tmp_path / "t.csv") as table:
        assert table.columns == tuple(header.split(","))
        assert [record.cells[-1] for record in table if isinstance(record, Row)] == [post, "halo", "halo"]


def test_cells_far_apart_are_few_or_refused(tmp_path: Path) -> None:
    far = b'<row r="2"><c r="A2" t="inlineStr"><is><t>a</t></is></c><c r="XFD2"/><c r="XFC2"><v></v></c></row>'
    gap = b'<row r="900000"><c r="A900000" t="inlineStr"><is><t>b</t></is></c></row>'
    with open_table(workbook(tmp_path / "t.xlsx", [TOP, HEADER, far, gap, END])) as table:
        assert list(table) == [Row(2, ("a",)), Row(900_000, ("b",))]
    beyond = b'<row r="99999999999"><c r="A99999999999" t="inlineStr"><is><t>b</t></is></c></row>'
    with (
        pytest.raises(InputError, match="rows"),
        open_table(workbook(tmp_path / "u.xlsx", [TOP, HEADER, far, beyond, END])) as table,
    ):
        list(table)


@pytest.mark.parametrize(
    ("pairs", "each", "refused"),
    [(40, 110, ""), (40, 130, "aliases and tags at most"), (1, 150, ""), (1, 151, "150 aliases at most")],
)
def test_a_roster_has_no_more_names_than_can_be_looked_for(pairs: int, each: int, refused: str) -> None:
    """Forty pairs with hundreds of aliases take longer to set up than thousands of posts to read."""
    text = '[election]\nid = "kota-x-2024"\nname = "X"\noffice = "mayor"\n'
    for pair in range(pairs):
        aliases = ",\n".join(f'"Nama{pair}x{number} Lain"' for number in range(each))
        text += f'[[pair]]\nid = "P{pair}"\nnumber = {pair + 1}\ncandidate = "Calon Ke{pair}"\naliases = [{aliases}]\n'
    if not refused:
        assert len(parse_roster(text).pairs) == pairs
    else:
        with pytest.raises(InputError, match=refused):
            parse_roster(text)


@pytest.mark.parametrize(
    "content", ["[" * 100_000, "{" * 100_000, '[{"text": ' + "9" * 10_000 + "}]", "[{}, " * 50_000]
)
def test_json_and_toml_without_end_are_one_sentence(content: str, tmp_path: Path) -> None:
    (tmp_path / "x.json").write_text(content)
    (tmp_path / "x.toml").write_text(f"a = {content}")
    readers: list[Callable[[Path], object]] = [
        lambda path: list(read_foreign(path, NOTHING_ASKED)),
        lambda path: parse_cases(path.read_text()),
        lambda path: read_facts(path.with_suffix(".toml")),
        read_key,
    ]
    for reader in readers:
        with pytest.raises(InputError) as caught:
            reader(tmp_path / "x.json")
        assert "\n" not in str(caught.value)


@pytest.mark.parametrize("workers", [0, -1, 257, 99_999_999])
def test_nobody_asks_for_more_processes_than_a_machine_can_hold(
    workers: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, samudra: Roster
) -> None:
    monkeypatch.setattr(files, "score_all", None)  # nothing is begun
    (tmp_path / "p.csv").write_text("isi\nPak Arman\n")
    nothing = cast(Model, SimpleNamespace(facts={"file_sha256": "0"}))
    with pytest.raises(UsageError, match="--workers"):
        files.score_file(tmp_path / "p.csv", tmp_path / "o.csv", nothing, samudra, workers=workers)
    assert not (tmp_path / "o.csv").exists()


@given(
    text=st.lists(st.sampled_from(["ﷺ", "㍿", "ﷲ", "a ", "Arman ", "é"]), min_size=1, max_size=4).map("".join),
    times=st.sampled_from([1, 300, 3_000, 20_000]),
)
def test_no_post_grows_beyond_what_a_platform_takes(text: str, times: int) -> None:
    """One character may stand for eighteen: what is read stays bounded also when all of them are written out."""
    post = text * times
    read_part = readable(post)
    assert post.startswith(read_part) and read_part
    written_out = len(unicodedata.normalize("NFKC", read_part))
    assert written_out <= LONGEST_POST
    if len(unicodedata.normalize("NFKC", post)) <= LONGEST_POST and len(post) <= LONGEST_POST:
        assert read_part == post
