"""Laws of the pair that a page is about, and of posts that speak of none; cells stand in ``data/pair_cells.toml``."""

from __future__ import annotations

import csv
import json
import tomllib
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

import netral_nlp
from netral_nlp.model.model import Model
from netral_nlp.resources import data_dir
from netral_nlp.roster import Roster, load_rosters
from netral_nlp.roster.lookup import pair_called, pairs_like
from netral_nlp.scoring.files import score_file
from netral_nlp.scoring.inputs import Columns
from netral_nlp.scoring.scorer import UNRECOGNISED, Scorer
from netral_nlp.tables import open_table

CELLS = tomllib.loads((Path(__file__).parent / "data" / "pair_cells.toml").read_text(encoding="utf-8"))
ROSTERS = load_rosters(data_dir() / "rosters")
NAMED = [(e, cell, pair) for e, part in CELLS.items() for pair, cells in part["positive"].items() for cell in cells]
UNNAMED = [(e, cell) for e, part in CELLS.items() for cell in part["negative"]]


@pytest.mark.parametrize(("election", "cell", "pair"), NAMED)
def test_a_cell_names_the_pair_that_the_table_says(election: str, cell: str, pair: str) -> None:
    assert pair_called(ROSTERS[election], cell) == pair


@pytest.mark.parametrize(("election", "cell"), UNNAMED)
def test_a_cell_that_names_no_pair_or_two_is_refused(election: str, cell: str) -> None:
    assert pair_called(ROSTERS[election], cell) is None


@given(st.sampled_from(sorted(ROSTERS)), st.sampled_from((str.lower, str.upper, str.title)), st.data())
def test_every_name_of_a_pair_names_it_in_any_case(election: str, case: object, data: st.DataObject) -> None:
    roster = ROSTERS[election]
    pair = data.draw(st.sampled_from(roster.pairs))
    numbers = [] if pair.number is None else [str(pair.number), f"{pair.number:02d}", f"Paslon {pair.number}"]
    written = data.draw(st.sampled_from([pair.id, *pair.handles, *numbers]))
    assert callable(case)
    assert pair_called(roster, f" {case(written)} ") == pair.id


def test_near_misses_are_named_and_strangers_are_not(samudra: Roster) -> None:
    assert pairs_like(samudra, "Arman-Lestary")[0] == "Arman-Lestari"
    assert pairs_like(samudra, "qqqqqq") == ()


TEXTS = ["semoga menang", "Hasan bohong, jangan pilih Hasan", "Bagas mantap, bukan Hasan", "hujan"]


def test_the_asked_pair_is_never_lost_to_a_named_one(model: Model, samudra: Roster, tmp_path: Path) -> None:
    source, output = tmp_path / "komentar.csv", tmp_path / "hasil.csv"
    with source.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([("halaman", "teks"), *(("arman lestari", text) for text in TEXTS), ("", "Hasan")])
    score_file(source, output, model, samudra, max_fpr=0.2, columns=Columns(pair="halaman"))
    rows = list(csv.DictReader(output.read_text(encoding="utf-8").splitlines()))
    assert [row["paslon"] for row in rows] == ["Arman-Lestari"] * 4 + ["Hasan-Wulan"]
    assert float(rows[1]["dukung_2"]) > 0  # what is said of the other stays told
    score_file(source, output, model, samudra, max_fpr=0.2, columns=Columns(pair="halaman"), per_pair=True)
    told = [(row["teks"], row["paslon"]) for row in csv.DictReader(output.read_text(encoding="utf-8").splitlines())]
    assert set(told) == {
        (TEXTS[0], "Arman-Lestari"), (TEXTS[3], "Arman-Lestari"), ("Hasan", "Hasan-Wulan"),
        (TEXTS[1], "Hasan-Wulan"), (TEXTS[1], "Arman-Lestari"),
        (TEXTS[2], "Hasan-Wulan"), (TEXTS[2], "Bagas-Nadia"), (TEXTS[2], "Arman-Lestari"),
    }  # fmt: skip
    assert len(told) == len(set(told))


def test_a_rejected_cell_says_what_would_be_right(model: Model, samudra: Roster, tmp_path: Path) -> None:
    source, output = tmp_path / "komentar.csv", tmp_path / "hasil.csv"
    source.write_text("halaman,teks\nHasanWulen,menang\n2.0,menang\n", encoding="utf-8")
    summary = score_file(source, output, model, samudra, max_fpr=0.2, columns=Columns(pair="halaman"))
    assert (summary.scored, summary.rejected) == (1, 1)
    assert '"Hasan-Wulan"' in summary.first_rejected[0].reason


def test_a_frame_takes_the_same_cells_as_a_file(model: Model, samudra: Roster) -> None:
    frame = pd.DataFrame({"teks": ["menang"] * 5, "halaman": ["hasan wulan", "@hasanbasrinur", 2.0, "Paslon 02", None]})
    scored = netral_nlp.score(frame, samudra, model, max_fpr=0.2, pair_column="halaman")
    assert scored["paslon"].tolist() == ["Hasan-Wulan"] * 4 + [""]


@pytest.mark.parametrize("name", ["hasil.csv", "hasil.jsonl", "hasil.parquet", "hasil.xlsx"])
def test_a_post_without_a_pair_looks_like_one_in_every_format(
    model: Model, samudra: Roster, tmp_path: Path, name: str
) -> None:
    source, output = tmp_path / "posts.csv", tmp_path / name
    source.write_text('teks\nhujan lagi\nArman menang\n"jalan, rusak"\n', encoding="utf-8")
    score_file(source, output, model, samudra, max_fpr=0.2)
    with open_table(output) as table:
        columns, rows = list(table.columns), [row.cells for row in table]  # type: ignore[union-attr]
    for at in (0, 2):
        cells = dict(zip(columns, rows[at], strict=True))
        assert (cells["paslon"], cells["label"], cells["bukti"]) == ("", "netral", UNRECOGNISED)
        assert [cells[f"skor_{label}"] for label in ("dukung", "netral", "tolak")] == ["", "", ""]
        assert {float(cells[f"dukung_{n}"]) for n in (1, 2, 3)} == {0.0}
    assert rows[1][columns.index("paslon")] == "Arman-Lestari"


def test_a_judgement_of_nobody_has_no_scores(model: Model, samudra: Roster) -> None:
    scored = Scorer(model, samudra, 0.2).score("hujan lagi")
    assert (scored.pair, scored.label, scored.scores, scored.words) == ("", "netral", None, UNRECOGNISED)
    assert json.dumps(scored.scores) == "null"
