"""What reviews gain is measured on posts that no compared fit has seen, and shown before a model is replaced."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from netral_nlp.cli import train as command
from netral_nlp.errors import InputError
from netral_nlp.evaluation import gain as module
from netral_nlp.evaluation.gain import Gain, Measured, measure_gain
from netral_nlp.learning.corpus import Corpus
from netral_nlp.learning.duplicates import near_duplicates
from netral_nlp.records import LABELS
from netral_nlp.statistics import Difference

REVIEWED = "kab-kayan-2020"


def parts(corpus: Corpus) -> tuple[Corpus, Corpus]:
    """Posts of other elections, and reviewed ones of an election that they do not hold."""
    others = [e for e in corpus.examples if e.election in ("kota-samudra-2024", "prov-karang-2024")][::3]
    own = [e for e in corpus.examples if e.election == REVIEWED][:90]
    return Corpus(tuple(others)), Corpus(tuple(own))


@pytest.fixture(scope="module")
def posts(rosters: dict) -> tuple[Corpus, Corpus]:  # type: ignore[type-arg]
    from netral_nlp.learning.corpus import read_corpus
    from netral_nlp.resources import data_dir

    return parts(read_corpus([data_dir() / "corpus"], rosters))


def test_no_judged_post_or_copy_of_it_is_learned_from(
    posts: tuple[Corpus, Corpus], monkeypatch: pytest.MonkeyPatch
) -> None:
    corpus, own = posts
    asked: list[tuple[Corpus, list[frozenset[str]] | None]] = []

    def watched(both: Corpus, views: object, **more: object) -> np.ndarray:
        asked.append((both, more.get("folds")))  # type: ignore[arg-type]
        return np.random.default_rng(len(asked)).normal(size=(len(both), len(LABELS)))

    monkeypatch.setattr(module, "held_out_logits", watched)
    own = Corpus((*own.examples, *(replace(e, id=e.id + "-salinan") for e in own.examples[:10])))
    found = measure_gain(corpus, own)
    assert (found.reviewed, found.others) == (100, len(corpus))
    alone, crossed, plain, joined = asked
    names = alone[0].elections[len(corpus) :]
    assert alone[1] == [frozenset(names)]  # the fit without reviews knows none
    assert crossed[1] == [frozenset([name]) for name in sorted(set(names))] and len(set(names)) == 5
    groups = near_duplicates([e.case.text for e in own.examples])
    assert all(len({n for n, g in zip(names, groups, strict=True) if g == one}) == 1 for one in set(groups))
    assert len(plain[0]) == len(corpus) and plain[1] is None
    assert joined[1] is not None and {e for fold in joined[1] for e in fold} >= set(corpus.elections)


def test_the_gain_is_a_difference_of_two_figures_on_the_same_posts(posts: tuple[Corpus, Corpus]) -> None:
    found = measure_gain(*posts)
    assert [m.name for m in (*found.on_reviewed, *found.on_others)] == ["macro-F1", "support AUC"] * 2
    for m in (*found.on_reviewed, *found.on_others):
        assert m.gain.estimate == pytest.approx(m.after - m.before)
        assert 0.3 < m.before < 1.0
    assert len(command.describe(found)) == 5


def test_a_handful_of_reviews_is_no_measurement(posts: tuple[Corpus, Corpus]) -> None:
    with pytest.raises(InputError, match="Review more"):
        measure_gain(posts[0], Corpus(posts[1].examples[:29]))


def gain(on_reviewed: float, on_others: tuple[float, float]) -> Gain:
    here = Measured("macro-F1", 0.5, 0.5 + on_reviewed, Difference(on_reviewed, None, None))
    there = Measured("macro-F1", 0.5, 0.5, Difference(0.0, on_others, None))
    return Gain(100, 1000, (here,), (there,))


@pytest.mark.parametrize(
    ("found", "replaced"),
    [(gain(0.02, (-0.01, 0.01)), True), (gain(-0.02, (-0.01, 0.01)), False), (gain(0.02, (-0.03, -0.01)), False)],
)
def test_without_a_terminal_a_model_is_replaced_only_when_the_reviews_help(
    found: Gain, replaced: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(command, "on_terminal", lambda: False)
    assert command._agreed(found, tmp_path / "m.npz") is replaced
