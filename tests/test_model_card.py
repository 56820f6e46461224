"""Laws of the model card: it shows what was measured, for whom the model is, and is the same page every time."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from netral_nlp import api
from netral_nlp.errors import InputError
from netral_nlp.evaluation.figures import indices
from netral_nlp.learning.corpus import Corpus
from netral_nlp.learning.training import Trained
from netral_nlp.model.promise import promise_of
from netral_nlp.records import LABELS
from netral_nlp.report.evaluation_text import number
from netral_nlp.report.model_card import RATES, model_card
from netral_nlp.statistics import auc, confusion, macro_f1, tpr_at_fpr

Table = list[list[str]]


@pytest.fixture(scope="module")
def card(trained: Trained, small_corpus: Corpus) -> str:
    return model_card(trained.model, small_corpus, "own.npz")


def table(card: str, heading: str) -> Table:
    """The rows of the first table after a heading."""
    lines = card[card.index(f"{heading}\n") :].split("\n")
    first = next(i for i, line in enumerate(lines) if line.startswith("| ---"))
    rows = []
    for line in lines[first + 1 :]:
        if not line.startswith("|"):
            break
        rows.append([cell.strip() for cell in re.split(r"(?<!\\)\|", line)[1:-1]])
    return rows


def test_the_main_figures_are_those_of_the_held_out_scores(card: str, trained: Trained, small_corpus: Corpus) -> None:
    held = trained.model.held_out
    assert held is not None
    np.testing.assert_allclose(held.scores, trained.held_out, atol=1e-6)
    truth = indices(small_corpus.labels)
    shown = {name: value for name, value, _ in table(card, "## How well it does on elections it has not seen")}
    f1 = float(macro_f1(confusion(truth, held.scores.argmax(axis=1))))
    assert 0.4 < f1 < 0.95
    assert shown["macro-F1 (dukung, netral, tolak)"] == number(f1)
    support = held.scores[:, 0]
    assert shown["support AUC (dukung against the rest)"] == number(float(auc(truth == 0, support)))
    for rate, name in ((0.01, "TPR for dukung at 1 % FPR"), (0.05, "TPR for dukung at 5 % FPR")):
        assert shown[name] == number(tpr_at_fpr(truth == 0, support, rate))
    assert 0.0 <= float(shown["calibration error (ECE)"]) < 0.2


def test_main_figures_and_elections_have_intervals_that_hold_them(card: str) -> None:
    rows = table(card, "## How well it does on elections it has not seen")[:2]
    triples = [(value, limits) for _, value, limits in rows]
    elections = table(card, "### By election")
    assert len(elections) == 4
    triples += [pair for _, _, f1, f1s, area, areas in elections for pair in ((f1, f1s), (area, areas))]
    for value, limits in triples:
        low, high = map(float, limits.split(" to "))
        assert low <= float(value) <= high
        assert low < high


@pytest.mark.parametrize("kind", ["election", "pair", "platform", "length", "source", "batch"])
def test_the_groups_of_each_kind_hold_all_posts(card: str, kind: str, small_corpus: Corpus) -> None:
    rows = table(card, f"### By {kind}")
    counted = 2 if kind == "pair" else 1
    assert len(rows) >= (4 if kind != "source" else 2)
    assert sum(int(row[counted].replace(",", "")) for row in rows) == len(small_corpus)


def test_the_data_are_counted_by_label(card: str, small_corpus: Corpus) -> None:
    rows = table(card, "## Data")
    assert rows[-1][2:] == [f"{small_corpus.labels.count(label):,}" for label in LABELS] + [f"{len(small_corpus):,}"]
    for row in rows[:-1]:
        of = [e.label for e in small_corpus.examples if f"`{e.election}`" == row[0]]
        assert row[2:] == [f"{of.count(label):,}" for label in LABELS] + [f"{len(of):,}"]
    assert small_corpus.digest in card


def test_each_real_election_is_a_line_of_figures(card: str, trained: Trained) -> None:
    rows = table(card, "### What is promised, and what a flag is worth")
    expected = [
        [f"`{rate:g}`", row.election, f"{row.accused} of {row.neutral}", f"{row.dukung_called} of {row.dukung}",
         f"{row.tolak_called} of {row.tolak}"]
        for rate in RATES
        for row in promise_of(trained.model, rate).tested
    ]  # fmt: skip
    assert rows == expected
    assert promise_of(trained.model, 0.05).sentence() in card


def test_the_weakest_groups_are_the_weakest(card: str) -> None:
    weak = table(card, "### Weakest groups (of those with 50 posts or more)")
    values = [float(row[3]) for row in weak]
    assert values == sorted(values)
    named = {(row[0], row[1]) for row in weak}
    for kind in ("election", "pair", "platform", "length", "source", "batch"):
        shift = 1 if kind == "pair" else 0
        for row in table(card, f"### By {kind}"):
            if int(row[1 + shift].replace(",", "")) >= 50 and (kind, row[0]) not in named:
                assert float(row[2 + shift]) >= values[-1]


def test_what_labels_are_taken_for_adds_up(card: str) -> None:
    rows = table(card, "## Known weaknesses")
    assert [row[0] for row in rows] == [f"`{label}`" for label in LABELS]
    for row in rows:
        assert sum(float(cell.removesuffix(" %")) for cell in row[1:4]) == pytest.approx(100, abs=0.2)


@pytest.mark.parametrize(
    "said",
    [
        "indication for human review, never a verdict",
        "UU 27/2022",
        "127 were violations",
        "Sarcasm",
        "Implied support",
        "thread or the picture",
        "netral train own.csv data/corpus",
        "netral calibrate",
        "netral adapt",
        "--veto",
    ],
)
def test_the_card_says_what_it_must(card: str, said: str) -> None:
    assert said in card


def test_the_same_model_gives_the_same_card_and_no_date(card: str, trained: Trained, small_corpus: Corpus) -> None:
    assert model_card(trained.model, small_corpus, "own.npz") == card
    assert "/work" not in card
    assert "/home" not in card
    assert not re.search(r"\b20\d\d-\d\d-\d\d\b|\d\d:\d\d", card)


def test_every_table_is_whole(card: str) -> None:
    widths: list[int] = []
    for line in card.split("\n"):
        if line.startswith("|"):
            widths.append(len(re.findall(r"(?<!\\)\|", line)))
            assert widths[-1] == widths[0], line
        else:
            widths = []


def test_a_name_cannot_break_the_page(trained: Trained, small_corpus: Corpus) -> None:
    strange = tuple(replace(e, batch="a|b\n<script>`", platform="") for e in small_corpus.examples)
    page = model_card(trained.model, Corpus(strange))
    assert "<script>" not in page
    assert [row[0] for row in table(page, "### By batch")] == [r"a\|b &lt;script>\`"]
    assert [row[0] for row in table(page, "### By platform")] == ["unknown"]
    test_every_table_is_whole(page)


def test_a_card_needs_the_corpus_of_its_model(trained: Trained, small_corpus: Corpus) -> None:
    with pytest.raises(InputError, match="another"):
        model_card(trained.model, Corpus(small_corpus.examples[:-1]))
    with pytest.raises(InputError, match="Train again"):
        model_card(replace(trained.model, held_out=None), small_corpus)


def test_training_writes_the_card_beside_the_model(
    trained: Trained, small_corpus: Corpus, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, card: str
) -> None:
    monkeypatch.setattr("netral_nlp.learning.training.train", lambda *args, **options: trained)
    api.train(small_corpus, out=tmp_path / "deep" / "own.npz", law=False)
    assert sorted(p.name for p in (tmp_path / "deep").iterdir()) == ["own.md", "own.npz"]
    assert (tmp_path / "deep" / "own.md").read_bytes() == card.encode()
    with pytest.raises(InputError, match=r"a model ends in \.npz"):
        api.train(small_corpus, out=tmp_path / "odd.md")
