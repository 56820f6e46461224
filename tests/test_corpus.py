"""Laws of labelled posts: a faulty file is refused line by line, and the shipped corpus is whole."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from pathlib import Path

import pytest

from netral_nlp.errors import InputError, UsageError
from netral_nlp.learning.corpus import Corpus, corpus_files, corpus_of, read_corpus
from netral_nlp.learning.rows import Given, label_map
from netral_nlp.records import LABELS
from netral_nlp.resources import data_dir
from netral_nlp.roster import Roster
from running import write

HEAD = ("id", "election", "pair", "label", "text")
GOOD = ("1", "kota-samudra-2024", "Hasan-Wulan", "dukung", "Gas Hasan")
SHIPPED = sorted((data_dir() / "corpus").glob("*.csv"))


def table(path: Path, *rows: tuple[str, ...], head: tuple[str, ...] = HEAD) -> Path:
    return write(path, head, rows)


def test_a_good_file_is_read_as_it_stands(tmp_path: Path, rosters: Mapping[str, Roster]) -> None:
    file = table(tmp_path / "a.csv", GOOD, ("", *GOOD[1:4], "NA"), ("3", *GOOD[1:4], "  007 "))
    corpus = read_corpus([file], rosters)
    assert [e.case.text for e in corpus.examples] == ["Gas Hasan", "NA", "  007 "]
    assert [e.id for e in corpus.examples] == ["1", "a:3", "3"]
    assert [e.line for e in corpus.examples] == [2, 3, 4]
    assert corpus.labels == ["dukung"] * 3
    assert corpus.elections == ["kota-samudra-2024"] * 3
    assert {e.batch for e in corpus.examples} == {"a"}


@pytest.mark.parametrize(
    ("column", "value", "said"),
    [
        (1, "pilkada-lain", 'unknown election "pilkada-lain"'),
        (2, "Siapa-Saja", 'unknown pair "Siapa-Saja"'),
        (2, "", 'unknown pair ""'),
        (3, "suka", 'unknown label "suka"'),
        (3, "ragu", 'unknown label "ragu"'),
        (4, "  ", "empty text"),
    ],
)
def test_every_fault_is_named_with_its_line(
    column: int, value: str, said: str, tmp_path: Path, rosters: Mapping[str, Roster]
) -> None:
    bad = (*GOOD[:column], value, *GOOD[column + 1 :])
    file = table(tmp_path / "a.csv", GOOD, bad, GOOD, bad)
    with pytest.raises(InputError) as caught:
        read_corpus([file], rosters)
    assert f"line 3: {said}" in str(caught.value)
    assert f"line 5: {said}" in str(caught.value)
    assert "line 2" not in str(caught.value)
    assert (caught.value.path, caught.value.line, caught.value.exit_code) == (str(file), 3, 3)


def test_case_and_spelling_of_names_numbers_and_labels_do_not_count(
    tmp_path: Path, rosters: Mapping[str, Roster]
) -> None:
    header = ("ID", "Election", "Pair", "Label", "Teks")
    rows = [
        ("1", "Kota-Samudra-2024", pair, label, "Gas Hasan")
        for pair, label in (("hasan-wulan", "DUKUNG"), ("2", "Netral"), ("Hasan Basri Nur", "tolak"))
    ]
    corpus = read_corpus([write(tmp_path / "a.csv", header, rows)], rosters)
    assert {e.case.pair for e in corpus.examples} == {"Hasan-Wulan"}
    assert corpus.labels == ["dukung", "netral", "tolak"]
    columns = {name: [row[at] for row in rows] for at, name in enumerate(header)}
    assert corpus_of(columns, rosters).digest == corpus.digest  # a frame is read as a file is


def test_what_a_file_lacks_can_be_given(tmp_path: Path, rosters: Mapping[str, Roster]) -> None:
    (tmp_path / "a.csv").write_text("komentar,sentimen\nGas Hasan,Positif\nDebat nanti,netral\n", encoding="utf-8")
    with pytest.raises(InputError, match='no column "election", "pair", "label"') as caught:
        read_corpus([tmp_path / "a.csv"], rosters)
    assert all(option in str(caught.value) for option in ("--election", "--pair", "--label-column"))
    given = Given("kota-samudra-2024", "02", "sentimen", labels=label_map("positif=dukung"))
    corpus = read_corpus([tmp_path / "a.csv"], rosters, given)
    assert corpus.labels == ["dukung", "netral"]
    with pytest.raises(UsageError, match="label map"):
        label_map("positif")


def test_a_pair_of_another_election_is_unknown(tmp_path: Path, rosters: Mapping[str, Roster]) -> None:
    file = table(tmp_path / "a.csv", ("1", "pilpres-fiksi", "Hasan-Wulan", "dukung", "halo"))
    with pytest.raises(InputError, match='line 2: unknown pair "Hasan-Wulan"'):
        read_corpus([file], rosters)


def test_many_faults_are_counted(tmp_path: Path, rosters: Mapping[str, Roster]) -> None:
    file = table(tmp_path / "a.csv", *[(*GOOD[:3], "x", "teks")] * 1_200)
    with pytest.raises(InputError, match="and 1,197 more"):
        read_corpus([file], rosters)


@pytest.mark.parametrize("missing", ["election", "pair", "label", "text"])
def test_a_file_without_a_column_is_refused(missing: str, tmp_path: Path, rosters: Mapping[str, Roster]) -> None:
    kept = [i for i, name in enumerate(HEAD) if name != missing]
    file = table(tmp_path / "a.csv", tuple(GOOD[i] for i in kept), head=tuple(HEAD[i] for i in kept))
    with pytest.raises(InputError, match=missing):
        read_corpus([file], rosters)


def test_a_corpus_without_posts_is_refused(tmp_path: Path, rosters: Mapping[str, Roster]) -> None:
    with pytest.raises(InputError):
        read_corpus([table(tmp_path / "a.csv")], rosters)
    (tmp_path / "empty").mkdir()
    with pytest.raises(InputError, match="no corpus file"):
        corpus_files([tmp_path / "empty"])
    with pytest.raises(InputError):
        read_corpus([tmp_path / "none.csv"], rosters)


def test_a_folder_stands_for_its_tables_in_name_order(tmp_path: Path) -> None:
    for name in ("b.csv", "a.tsv", ".hidden.csv", "README.md"):
        (tmp_path / name).write_text("x", encoding="utf-8")
    assert [p.name for p in corpus_files([tmp_path])] == ["a.tsv", "b.csv"]


def test_the_digest_tells_of_every_change(tmp_path: Path, rosters: Mapping[str, Roster]) -> None:
    digests = [
        read_corpus([table(tmp_path / "a.csv", *rows)], rosters).digest
        for rows in ([GOOD], [GOOD, GOOD], [(*GOOD[:3], "tolak", GOOD[4])], [(*GOOD[:4], "Gas hasan")])
    ]
    assert len(set(digests)) == 4
    renamed = read_corpus([table(tmp_path / "b.csv", ("9", *GOOD[1:]))], rosters)
    assert renamed.digest == digests[0]


def test_two_corpora_together_are_one(corpus: Corpus) -> None:
    half = len(corpus) // 2
    together = Corpus(corpus.examples[:half]) + Corpus(corpus.examples[half:])
    assert together.digest == corpus.digest


@pytest.mark.parametrize("file", SHIPPED, ids=[p.name for p in SHIPPED])
def test_every_shipped_file_reads(file: Path, rosters: Mapping[str, Roster]) -> None:
    assert len(read_corpus([file], rosters)) >= 200


def test_the_shipped_corpus_is_whole(corpus: Corpus, rosters: Mapping[str, Roster]) -> None:
    assert len(SHIPPED) >= 10
    assert len(corpus) >= 5_000
    assert set(corpus.elections) <= set(rosters)
    assert min(Counter(corpus.labels)[label] for label in LABELS) > len(corpus) // 6


def test_no_id_of_the_shipped_corpus_is_used_twice(corpus: Corpus) -> None:
    assert [i for i, n in Counter(e.id for e in corpus.examples).items() if n > 1] == []


def test_no_post_of_the_shipped_corpus_is_there_twice(corpus: Corpus) -> None:
    keys = Counter((e.election, e.case.pair, e.case.text.strip().casefold()) for e in corpus.examples)
    assert [key for key, n in keys.items() if n > 1] == []
