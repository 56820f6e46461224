"""Laws of reading posts without labels: every usable one, in order, with the pair of its page if that is known."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from netral_nlp.errors import InputError
from netral_nlp.roster import Roster
from netral_nlp.scoring.inputs import unlabelled_posts
from running import write
from strategies import many, noisy_posts


def test_every_post_comes_back_in_order(tmp_path: Path, samudra: Roster) -> None:
    texts = ["Gas Arman", "NA", "null", "Gas Arman"]
    file = write(tmp_path / "a.csv", ["id", "text"], [[str(i), text] for i, text in enumerate(texts)])
    assert unlabelled_posts(file, samudra) == [(text, None) for text in texts]


@settings(max_examples=many(30), suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(texts=st.lists(noisy_posts(), min_size=1, max_size=5))
def test_no_post_is_changed(texts: list[str], tmp_path: Path, samudra: Roster) -> None:
    kept = [t for t in texts if t.strip() and "\x00" not in t]
    file = write(tmp_path / "b.csv", ["id", "text"], [[str(i), t] for i, t in enumerate(kept)])
    found = unlabelled_posts(file, samudra)
    assert [t.replace("\r\n", "\n") for t, _ in found] == [t.replace("\r\n", "\n") for t in kept]


def test_empty_posts_teach_nothing(tmp_path: Path, samudra: Roster) -> None:
    file = write(tmp_path / "c.csv", ["id", "text"], [["1", ""], ["2", " \t "], ["3", "ada"]])
    assert unlabelled_posts(file, samudra) == [("ada", None)]


def test_the_pair_of_the_page_counts_only_if_the_roster_has_it(tmp_path: Path, samudra: Roster) -> None:
    rows = [["gas", "Arman-Lestari"], ["gas", " Hasan-Wulan "], ["gas", "Entah-Siapa"], ["gas", ""]]
    file = write(tmp_path / "d.csv", ["text", "halaman"], rows)
    found = unlabelled_posts(file, samudra, pair_column="halaman")
    assert [about for _, about in found] == ["Arman-Lestari", "Hasan-Wulan", None, None]
    assert [about for _, about in unlabelled_posts(file, samudra)] == [None] * 4


def test_a_label_column_is_never_read(tmp_path: Path, samudra: Roster) -> None:
    rows = [["gas nomor 2", "dukung"], ["biasa saja", "netral"]]
    other = [[text, "tolak"] for text, _ in rows]
    first = unlabelled_posts(write(tmp_path / "e.csv", ["text", "label"], rows), samudra)
    assert first == unlabelled_posts(write(tmp_path / "f.csv", ["text", "label"], other), samudra)
    assert len(first) == 2


def test_rows_that_do_not_fit_the_table_are_left_out(tmp_path: Path, samudra: Roster) -> None:
    file = tmp_path / "g.csv"
    file.write_text("id,text\n1,satu\n2,dua,tiga,empat\n3,lima\n", encoding="utf-8")
    assert unlabelled_posts(file, samudra) == [("satu", None), ("lima", None)]


def test_another_column_holds_the_posts_if_it_is_named(tmp_path: Path, samudra: Roster) -> None:
    file = write(tmp_path / "h.csv", ["zzz", "www"], [["gas", "x"]])
    assert unlabelled_posts(file, samudra, text_column="zzz") == [("gas", None)]
    with pytest.raises(InputError, match="--text-column"):
        unlabelled_posts(file, samudra)
    with pytest.raises(InputError, match="--pair-column"):
        unlabelled_posts(file, samudra, text_column="zzz", pair_column="halaman")
    with pytest.raises(InputError, match="tiada"):
        unlabelled_posts(file, samudra, text_column="tiada")


def test_what_is_no_table_is_refused(tmp_path: Path, samudra: Roster) -> None:
    with pytest.raises(InputError):
        unlabelled_posts(tmp_path / "missing.csv", samudra)
    broken = tmp_path / "broken.xlsx"
    broken.write_bytes(b"PK\x03\x04 not a workbook")
    with pytest.raises(InputError):
        unlabelled_posts(broken, samudra)
