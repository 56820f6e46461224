"""Regular rows are read and written by the native core as by Python, whatever stands around them."""

from __future__ import annotations

import io
import random
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from netral_nlp import native
from netral_nlp.errors import InputError
from netral_nlp.tables import Rejected, Row, open_table, open_writer
from netral_nlp.tables import lines as lines_module
from netral_nlp.tables import records as records_module
from netral_nlp.tables import stretches as stretches_module
from netral_nlp.tables.copies import Copies
from netral_nlp.tables.delimited import DelimitedFile
from netral_nlp.tables.dialect import format_rows
from netral_nlp.tables.parts import Rows, Texts, joined
from netral_nlp.tables.stretches import Stretch
from pollution import pollutions
from strategies import many

pytestmark = pytest.mark.skipif(native.library() is None, reason=f"no native core: {native.why_not()}")
few = settings(max_examples=many(150), deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])

Read = tuple[tuple[str, ...], list[Row | Rejected], tuple[str, ...]] | str
CELLS = (
    "a", "b c", "12", "", "é", "😂", "\xa0", "id", '"q""q"', '"x,y"', '"x;y"', '"dua\nbaris"', '"dua\r\nbaris"',
    '"\n\n\n"',
)  # fmt: skip
BROKEN = ('"', 'x"y', '"a"b', '"open', "\r", '\\"', "\t", '"' + "panjang " * 9_000 + '"', '"' + "\n" * 600 + '"')
ENDS = ("\n", "\n", "\n", "\r\n", "\n\n", "\r", "\r\r\n", "")


def read(content: bytes) -> tuple[Read, int]:
    """What a file holds, and how many of its rows were read by the core."""
    regular = 0
    records: list[Row | Rejected] = []
    try:
        file = DelimitedFile(io.BytesIO(content), "t.csv")
        for batch in file.batches():
            records += batch
            regular += len(batch) if isinstance(batch, Stretch) else 0
    except InputError as error:
        return str(error), 0
    return (file.columns, records, file.notes()), regular


def noisy_file(chance: random.Random) -> bytes:
    mark, width, broken = chance.choice(",,,;\t|"), chance.randint(2, 5), chance.choice([0, 0.02, 0.1, 0.5])
    rows = [mark.join(["id", "teks", "x", "y", "z"][:width]) + "\n"]
    for _ in range(chance.randint(1, 80)):
        if chance.random() < broken:
            cells = chance.choices(CELLS + BROKEN, k=width + chance.choice([-1, 0, 0, 1]))
            rows.append(mark.join(cells) + chance.choice(ENDS))
        elif chance.random() < 0.02:
            rows.append(rows[0])
        else:
            rows.append(mark.join(chance.choices(CELLS, k=width)) + chance.choice(ENDS[: chance.choice([3, 5])]))
    content = "".join(rows).encode()
    if chance.random() < 0.1:
        at = chance.randrange(len(content))
        content = content[:at] + bytes([chance.choice([0, 0xFF, 0xC3, 0xED, 0x80])]) + content[at + 1 :]
    return content.decode("utf-8", "replace").encode("utf-16") if chance.random() < 0.05 else content


@few
@given(st.randoms(use_true_random=False))
def test_noisy_files_hold_the_same_records(monkeypatch: pytest.MonkeyPatch, chance: random.Random) -> None:
    """With blocks of any size, any patience, and stretches of any length."""
    content = noisy_file(chance)
    with monkeypatch.context() as patch:
        patch.setattr(lines_module, "BLOCK", chance.choice([7, 50, 300, 1 << 18]))
        patch.setattr(records_module, "FREE_LOOKAHEAD", chance.choice([0, 10, 100, 8 << 20]))
        patch.setattr(stretches_module, "ROWS", chance.choice([1, 3, 4096]))
        found, _ = read(content)
        with native.without():
            assert found == read(content)[0]


@pytest.mark.parametrize("seed", range(many(2)))
def test_polluted_files_hold_the_same_records(seed: int, tmp_path: Path) -> None:
    regular = 0
    for polluted in pollutions(seed):
        if polluted.name.endswith(".csv"):
            found, count = read(polluted.content)
            regular += count
            with native.without():
                assert found == read(polluted.content)[0], polluted.kind
    assert regular > 1_000


def test_a_fault_costs_the_core_only_the_rows_beside_it() -> None:
    rows = [f'{n},"kata, {n}"\n' for n in range(10_000)]
    rows[5_000] = "rusak\n"
    (_, records, _), regular = read("".join(["id,teks\n", *rows]).encode())
    assert len(records) == 10_000 and regular > 9_980


def all_stretches(content: bytes) -> list[Sequence[Row | Rejected]]:
    return list(DelimitedFile(io.BytesIO(content), "t.csv").batches())


@few
@given(
    rows=st.lists(
        st.tuples(*[st.text(st.sampled_from('ab,;"\r\n é\u3000\t=-'), max_size=5)] * 3), min_size=1, max_size=12
    ),
    delimiter=st.sampled_from(",;"),
    everything=st.booleans(),
    suffix=st.sampled_from((".csv", ".tsv")),
    excel=st.booleans(),
    chance=st.randoms(use_true_random=False),
)
def test_rows_are_written_as_python_writes_them(
    tmp_path: Path, rows: list[tuple[str, ...]], delimiter: str, everything: bool, suffix: str, excel: bool,
    chance: random.Random,
) -> None:  # fmt: skip
    """Also only some of them, some twice, whatever the quotation marks and the delimiter of the input."""

    def shown(cell: str) -> str:
        needed = everything or any(sign in cell for sign in ',;\t"\r\n')
        return '"' + cell.replace('"', '""') + '"' if needed else cell

    lines = [delimiter.join(map(shown, row)) for row in [("id", "teks", "lain"), *rows]]
    batches = all_stretches(("\n".join(lines) + "\n").encode())
    both = Rows([[Row(1, ("x", "y", "z"))], *batches])  # type: ignore[list-item]
    assert [row.cells for row in both[1:]] == rows
    which = sorted(chance.choices(range(len(both)), k=chance.randint(0, 20)))
    chosen, tails = both.take(which), [f"{n}" for n in which]
    listed = [both[at] for at in which]
    assert list(chosen) == listed
    assert chosen.column(1) == [row.cells[1] for row in listed] == list(chosen.texts(1))
    written = []
    for name, given_rows in (("core", chosen), ("python", Rows([listed]))):
        with open_writer(tmp_path / (name + suffix), ["a", "b", "c", "d"], excel=excel) as writer:
            writer.write_beside(given_rows, tails)
            writer.commit()
        written.append((tmp_path / (name + suffix)).read_bytes())
    assert written[0] == written[1]


@few
@given(
    st.lists(st.text(st.sampled_from("a \t\x1c\x85\xa0\u1680\u2000\u200a\u2028\u202f\u205f\u3000\u200bé"), max_size=4))
)
def test_white_space_is_what_python_calls_so(cells: list[str]) -> None:
    content = "".join(
        f"{at},{cell if cell.isprintable() else chr(34) + cell + chr(34)}\n" for at, cell in enumerate(cells)
    )
    for batch in all_stretches(("id,teks\n" + content).encode()):
        if isinstance(batch, Stretch):
            assert list(batch.blank(1)) == [at for at, row in enumerate(batch) if not row.cells[1].strip()]
    copies, values = Copies(10_000), [" ".join(cell.split()) for cell in [*cells, *cells[::2]]]
    known = len(list(filter(None, values))) - len(set(filter(None, values)))
    assert copies.count(joined(cells)) + copies.count(joined(cells[::2])) == known


def test_copies_are_counted_as_python_counts_them() -> None:
    chance = random.Random(3)
    texts = [" ".join(chance.choices("abcdefgh", k=chance.randint(0, 5))) + " " * (n % 2) for n in range(30_000)]
    for most in (0, 100, 1_000_000):
        copies = Copies(most)
        with native.without():
            others = Copies(most)
        for at in range(0, len(texts), 7_000):
            part = joined(texts[at : at + 7_000])
            assert copies.count(part) == others.count(part)


def test_texts_are_read_one_by_one_and_together() -> None:
    texts = Rows([[Row(2, ("é", "")), Row(3, ("", "b"))], *all_stretches(b"a,b\n1,c\n2,\n")]).texts(1)  # type: ignore[list-item]
    assert isinstance(texts, Texts)
    assert list(texts) == texts[0:] == ["", "b", "c", ""]
    assert (texts.packed, list(texts.offsets)) == (b"bc", [0, 0, 1, 2, 2])
    with pytest.raises(IndexError):
        texts[4]


def test_a_table_is_read_twice_the_same(tmp_path: Path) -> None:
    path = tmp_path / "t.csv"
    path.write_text("id,teks\n" + "".join(f"{n},kata {n}\n" for n in range(9_000)), encoding="utf-8")
    with open_table(path) as table:
        assert list(table) == list(table)
        assert [record.line for record in table] == list(range(2, 9_002))


NUMBERS = st.one_of(
    st.floats(-2e12, 2e12),
    st.floats(-1e-5, 1e-5),
    st.integers(-(2**45), 2**45).map(lambda n: n / 2**7),
    st.integers(0, 2_000_000).map(lambda n: (n + 0.5) / 1e6),
)


@few
@given(st.lists(NUMBERS, min_size=1, max_size=8), st.sampled_from(",;"), st.sampled_from(".,"))
def test_numbers_are_rounded_as_python_rounds_them(numbers: list[float], between: str, point: str) -> None:
    values = np.array([numbers, numbers[::-1]])
    found = format_rows(values, between, point)
    with native.without():
        assert found == format_rows(values, between, point)
