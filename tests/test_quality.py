"""Laws of ``corpus check``: what training refuses is found line by line, copies and leaks never hide."""

from __future__ import annotations

import json
import random
from collections.abc import Mapping
from dataclasses import replace
from itertools import combinations
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.metrics import cohen_kappa_score

from netral_nlp.errors import InputError
from netral_nlp.evaluation.agreement import agreement
from netral_nlp.evaluation.corpus_check import CONFLICT, DUPLICATE, LEAK, PERSONAL, REFUSED, check_corpus
from netral_nlp.evaluation.mislabelled import confident_errors, likely_errors
from netral_nlp.learning.corpus import Corpus, read_corpus, read_labelled
from netral_nlp.learning.duplicates import near_duplicates as groups_of
from netral_nlp.learning.duplicates import shingles, similar_pairs
from netral_nlp.records import LABELS
from netral_nlp.roster import Roster
from netral_nlp.text.personal import personal_data
from running import run, steps, write
from strategies import many

HEADER = ("id", "election", "platform", "pair", "label", "text")
GOOD = ("1", "kota-samudra-2024", "x", "Arman-Lestari", "dukung", "Gas terus Pak Arman, lanjutkan kerja nyata!")


def row(**changed: str) -> tuple[str, ...]:
    return tuple({**dict(zip(HEADER, GOOD, strict=True)), **changed}.values())


broken_rows = st.builds(
    row,
    election=st.sampled_from(["kota-samudra-2024", " kota-samudra-2024 ", "kota-lain", ""]),
    pair=st.sampled_from(["Arman-Lestari", "Hasan-Wulan", "Arman", ""]),
    label=st.sampled_from(["dukung", "tolak ", "Dukung", "positif", ""]),
    text=st.sampled_from(["pilih Arman", "  ", "", "gas no 1"]),
)


@pytest.mark.filterwarnings("ignore:Generating overly large repr")  # a cell may be as long as cells can be
@settings(max_examples=many(60))
@given(rows=st.lists(broken_rows, min_size=1, max_size=5))
def test_check_refuses_exactly_what_reading_refuses(
    rows: list[tuple[str, ...]], rosters: Mapping[str, Roster], tmp_path_factory: pytest.TempPathFactory
) -> None:
    file = write(tmp_path_factory.mktemp("rows") / "posts.csv", HEADER, rows)
    quality = check_corpus([file], rosters)
    usable, faults = read_labelled(file, rosters)
    told = [f.line for f in quality.findings if f.kind == REFUSED]
    assert set(told) <= {line for line, _ in faults}
    assert len(told) == len({problem for _, problem in faults})  # one finding, however many lines have it
    try:
        kept = len(read_corpus([file], rosters))
    except InputError:
        kept = len(usable)
        assert quality.refused
        assert faults
    else:
        assert not quality.refused
        assert not faults
    assert quality.posts == kept == sum(sum(c.values()) for c in quality.balance.values())


def test_every_unusable_line_is_named_with_its_reason(rosters: Mapping[str, Roster], tmp_path: Path) -> None:
    rows = [row(), row(election="x"), row(pair="y"), row(label="z"), row(text=" ")]
    found = check_corpus([write(tmp_path / "posts.csv", HEADER, rows)], rosters).findings
    told = [(f.line, f.message) for f in found if f.kind == REFUSED]
    assert [line for line, _ in told] == [3, 4, 5, 6]
    for (_, message), word in zip(told, ("election", "pair", "label", "empty"), strict=True):
        assert word in message


def test_a_file_without_the_columns_is_refused(rosters: Mapping[str, Roster], tmp_path: Path) -> None:
    quality = check_corpus([write(tmp_path / "posts.csv", ("id", "isi"), [("a", "b")])], rosters)
    assert quality.refused
    assert quality.posts == 0


WORDS = ["pilih", "dua", "satu", "tiga", "gas", "terus", "pak", "bu", "no", "ya"]
words = st.lists(st.sampled_from(WORDS), max_size=14).map(" ".join)


@settings(max_examples=many(150))
@given(texts=st.lists(words, max_size=14), above=st.sampled_from([0.3, 0.5, 0.8]))
def test_the_inverted_index_misses_no_pair_and_invents_none(texts: list[str], above: float) -> None:
    sets = [shingles(text) for text in texts]
    similar = [(i, j, len(sets[i] & sets[j]) / len(sets[i] | sets[j])) for i, j in combinations(range(len(texts)), 2)]
    assert similar_pairs(texts, above) == [found for found in similar if found[2] > above]


@settings(max_examples=many(100))
@given(texts=st.lists(words, min_size=1, max_size=14))
def test_pairs_and_groups_of_near_duplicates_agree(texts: list[str]) -> None:
    group = groups_of(texts).tolist()
    assert all(group[i] == group[j] for i, j, _ in similar_pairs(texts))


def test_many_posts_are_compared_in_steps_in_proportion_to_their_number() -> None:
    rng = random.Random(0)
    texts = [" ".join(rng.choices("abcdefghijklmnopqrstuvwxyz", k=18)) for _ in range(3_600)]
    texts += [text + " ya" for text in texts[:400]]
    assert {(i, i + 3_600) for i in range(400)} <= {(i, j) for i, j, _ in similar_pairs(texts)}
    assert steps(similar_pairs, texts) <= 11 * steps(similar_pairs, texts[::10])


def test_one_post_with_two_labels_is_a_conflict_and_with_one_a_duplicate(
    rosters: Mapping[str, Roster], tmp_path: Path
) -> None:
    copy = GOOD[-1].replace("!", " 🔥 https://t.co/abc").upper()
    rows = [row(), row(text=copy, label="tolak"), row(text=copy), row(pair="Hasan-Wulan", label="tolak")]
    quality = check_corpus([write(tmp_path / "posts.csv", HEADER, rows)], rosters)
    copies = [f for f in quality.findings if f.kind in (CONFLICT, DUPLICATE)]
    assert {(f.kind, f.line, f.other[1] if f.other else 0) for f in copies} == {
        (CONFLICT, 3, 2),
        (DUPLICATE, 4, 2),
        (CONFLICT, 4, 3),
    }
    assert quality.failed
    assert not quality.refused


def test_a_post_in_both_files_is_a_leak(rosters: Mapping[str, Roster], tmp_path: Path) -> None:
    train = write(tmp_path / "train.csv", HEADER, [row(), row(id="2", text="netral saja ya kawan")])
    copy = ("gas terus pak arman lanjutkan kerja nyata",)
    test = write(tmp_path / "test.csv", ["text"], [("apa kabar semua",), copy])
    found = [f for f in check_corpus([train], rosters, against=[test]).findings if f.kind == LEAK]
    assert [(f.severity, f.line, f.other) for f in found] == [("error", 2, (str(test), 3))]


@pytest.mark.parametrize(
    ("text", "kinds"),
    [
        ("hubungi 0812-3456-7890 ya", ["phone number"]),
        ("WA +62 812 3456 7890", ["phone number"]),
        ("NIP 198501012010011001", ["NIP"]),
        ("nik 3273010101850001 an budi", ["NIK"]),
        ("ke budi.s@kota.go.id", ["e-mail address"]),
        ("Rp1.500.000.000.000 untuk 12.345.678 warga", []),
        ("27/11/2024 pukul 08.00-13.00", []),
        ("hasil 1234567890 suara", []),
        ("lihat https://t.co/08123456789", []),
        ("@budi02 dan #081Menang", []),
    ],
)
def test_personal_data_is_found_and_nothing_else(text: str, kinds: list[str]) -> None:
    assert personal_data(text) == kinds


def test_personal_data_is_reported_without_being_repeated(rosters: Mapping[str, Roster], tmp_path: Path) -> None:
    file = write(tmp_path / "posts.csv", HEADER, [row(text="dukung Arman, WA 081234567890")])
    found = [f for f in check_corpus([file], rosters).findings if f.kind == PERSONAL]
    assert len(found) == 1
    assert "0812" not in found[0].message


labels = st.lists(st.tuples(st.sampled_from(LABELS), st.sampled_from(LABELS)), min_size=2, max_size=60)


@settings(max_examples=many(80))
@given(both=labels)
def test_kappa_is_that_of_scikit_learn(both: list[tuple[str, str]]) -> None:
    first, second = [a for a, _ in both], [b for _, b in both]
    found = agreement(first, second)
    assert found.confusion.sum() == found.n == len(both)
    assert found.agreed == sum(a == b for a, b in both)
    if len({*first, *second}) == 1:
        assert found.kappa is None
        return
    assert found.kappa == pytest.approx(cohen_kappa_score(first, second, labels=list(LABELS)))
    assert found.interval is not None
    assert found.interval[0] - 1e-9 <= found.interval[1]


def test_the_interval_of_kappa_covers_the_truth_about_as_often_as_promised() -> None:
    rng = random.Random(0)
    truth = (0.8 - 1 / 3) / (1 - 1 / 3)  # three labels, equally frequent, 80 % agreement
    hits = 0
    for seed in range(100):
        first = [rng.choice(LABELS) for _ in range(200)]
        second = [a if rng.random() < 0.7 else rng.choice(LABELS) for a in first]
        interval = agreement(first, second, seed=seed).interval
        assert interval is not None
        hits += interval[0] <= truth <= interval[1]
    assert 88 <= hits <= 100


def test_a_second_label_column_is_compared(rosters: Mapping[str, Roster], tmp_path: Path) -> None:
    others = ["tolak", "netral", "", "entah"]
    rows = [(*row(id=str(i), text=f"Arman nomor {i} jelas {other} ya"), other) for i, other in enumerate(others)]
    file = write(tmp_path / "posts.csv", (*HEADER, "label2"), rows)
    quality = check_corpus([file], rosters, second_label="label2")
    assert quality.agreement is not None
    assert (quality.agreement.n, quality.agreement.agreed) == (2, 0)
    with pytest.raises(InputError, match="label3"):
        check_corpus([file], rosters, second_label="label3")
    done = run("corpus", "check", file, "--second-label", "label2")
    assert done.code == 0
    assert "kappa" in done.out


def test_likely_errors_are_those_that_another_label_beats_with_confidence() -> None:
    sure, unsure = [0.9, 0.05, 0.05], [0.4, 0.35, 0.25]
    scores = [sure, sure, [0.05, 0.9, 0.05], [0.03, 0.94, 0.03], unsure, [0.05, 0.05, 0.9]]
    given_labels = ["dukung", "dukung", "netral", "dukung", "netral", "tolak"]
    assert [(i, label) for i, label, _, _ in confident_errors(scores, given_labels)] == [(3, "netral")]


def test_flipped_labels_are_among_the_likely_errors(small_corpus: Corpus) -> None:
    flipped = {i: e for i, e in enumerate(small_corpus.examples) if e.label == "dukung" and i % 16 == 0}
    assert len(flipped) > 10
    examples = [replace(e, label="tolak") if i in flipped else e for i, e in enumerate(small_corpus.examples)]
    found = {(s.example.file, s.example.line) for s in likely_errors(Corpus(tuple(examples)))}
    planted = {(e.file, e.line) for e in flipped.values()}
    assert len(planted & found) >= len(planted) / 2
    assert len(found) < len(examples) / 5


def test_the_shipped_corpus_has_no_error(corpus: Corpus, rosters: Mapping[str, Roster]) -> None:
    files = sorted({e.file for e in corpus.examples})
    quality = check_corpus(files, rosters)
    assert quality.posts == len(corpus)
    assert [f for f in quality.findings if f.severity == "error"] == []


def test_exit_codes_tell_refused_from_doubtful_from_good(tmp_path: Path) -> None:
    good = write(tmp_path / "good.csv", HEADER, [row()])
    doubtful = write(tmp_path / "doubtful.csv", HEADER, [row(), row(label="tolak")])
    refused = write(tmp_path / "refused.csv", HEADER, [row(), row(label="tolak"), row(label="?")])
    assert run("corpus", "check", str(good)).code == 0
    assert run("corpus", "check", str(doubtful)).code == 5
    assert run("corpus", "check", str(refused)).code == 3
    assert run("corpus", "check", str(tmp_path / "missing.csv")).code == 3
    done = run("corpus", "check", doubtful, "--json", "-")
    document = json.loads(done.out)
    assert (done.code, document["schema"], document["n"], document["counts"][CONFLICT]) == (5, 1, 2, 1)
    assert document["balance"]["labels"] == {"dukung": 1, "netral": 0, "tolak": 1}
