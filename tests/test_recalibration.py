"""Laws of fitting a model to an election: it never harms on purpose, needs few posts, and learns no names."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from netral_nlp.cli.calibrate import describe
from netral_nlp.cli.review import worth
from netral_nlp.errors import InputError, UsageError
from netral_nlp.features.reader import prepare
from netral_nlp.learning.anonymity import hide_names
from netral_nlp.learning.corpus import Corpus
from netral_nlp.learning.recalibration import Recalibration, _fit, design_of, recalibrate
from netral_nlp.learning.rows import Example
from netral_nlp.making import train
from netral_nlp.model.calibration import softmax
from netral_nlp.model.file import load_model, model_bytes, parse_model, save_model
from netral_nlp.model.model import Model
from netral_nlp.model.promise import promise_of
from netral_nlp.records import LABELS
from netral_nlp.review.log import Shown
from netral_nlp.review.posts import Post, key_of
from netral_nlp.review.store import Store, open_reviews
from netral_nlp.roster import Roster
from running import run, write

SHOWN = Shown("ragu", (0.4, 0.3, 0.3), "", "m" * 64, "f" * 64, False)


def new_posts(corpus: Corpus, n: int) -> Corpus:
    """Posts of every label from one election that the small corpus does not hold."""
    seen = set()
    chosen: list[Example] = []
    for e in corpus.examples:
        if e.election == "kota-losari-2020" and e.case.text not in seen:
            seen.add(e.case.text)
            chosen.append(e)
    return Corpus(tuple(chosen[:: len(chosen) // n][:n]))


def weights_of(model: Model) -> np.ndarray:
    return np.vstack([w.coef if w.directions is None else w.directions for w in model.weights])


def test_the_design_times_the_weights_are_the_log_odds(corpus: Corpus, model: Model) -> None:
    views = prepare(new_posts(corpus, 60).cases)
    told = design_of(model, views) @ weights_of(model) + model.intercept
    np.testing.assert_allclose(told, [model.log_odds(view) for view in views], rtol=0, atol=1e-9)


def test_a_fit_in_the_span_of_the_posts_is_the_fit_of_all_weights(corpus: Corpus, model: Model) -> None:
    from scipy.optimize import minimize

    posts = new_posts(corpus, 30)
    labels = np.array(posts.labels)
    dense = design_of(model, prepare(posts.cases)).toarray()
    design = dense[:, np.abs(dense).sum(axis=0) > 0][:, ::40]  # columns enough for an oracle of plain weights
    logits = np.zeros((len(labels), 3))
    moves = _fit(design @ design.T, logits, labels, 1.0)
    truth = labels[:, None] == np.array(LABELS)
    weight = truth @ (len(labels) / (3 * truth.sum(axis=0)))

    def loss(flat: np.ndarray) -> float:
        weights = flat.reshape(-1, 3)
        own = softmax(logits + design @ weights)[truth]
        return float(-(weight * np.log(own)).sum() + (weights**2).sum() / 2)

    plain = minimize(loss, np.zeros(design.shape[1] * 3), method="L-BFGS-B", options={"maxfun": 500_000})
    assert loss((design.T @ moves).ravel()) <= plain.fun + 1e-3


def test_too_few_posts_are_refused_with_the_number_missing_and_copies_count_once(corpus: Corpus, model: Model) -> None:
    with pytest.raises(InputError, match=r"19 labelled posts; calibration needs 20\. Label 1 more"):
        recalibrate(model, new_posts(corpus, 19))
    few = new_posts(corpus, 15)
    with pytest.raises(InputError, match=r"15 labelled posts \(15 more are copies\).*Label 5 more"):
        recalibrate(model, few + few)


@pytest.mark.parametrize("missing", [("tolak",), ("dukung",), ("netral",), ("dukung", "tolak")])
def test_missing_labels_are_no_reason_to_refuse(corpus: Corpus, model: Model, missing: tuple[str, ...]) -> None:
    only = Corpus(tuple(e for e in new_posts(corpus, 150).examples if e.label not in missing))
    found = recalibrate(model, only)
    assert found.loss[1] <= found.loss[0]
    if len(missing) == 2:
        assert found.kept
    assert np.isfinite(weights_of(found.model)).all()


def test_the_left_out_loss_never_rises_and_what_does_not_help_is_not_kept(corpus: Corpus, model: Model) -> None:
    for n in (20, 50, 150):
        found = recalibrate(model, new_posts(corpus, n))
        assert found.loss[1] <= found.loss[0]
        assert found.kept == (found.strength is None) == (weights_of(found.model) == weights_of(model)).all()
    noise = np.random.default_rng(4)
    wild = Corpus(tuple(replace(e, label=str(noise.choice(LABELS))) for e in new_posts(corpus, 60).examples))
    assert abs(weights_of(recalibrate(model, wild).model) - weights_of(model)).max() < 1.0


def test_the_same_posts_give_the_same_bytes_and_the_file_reads_back(corpus: Corpus, model: Model) -> None:
    posts = new_posts(corpus, 60)
    whole = model_bytes(recalibrate(model, posts).model)
    assert whole == model_bytes(recalibrate(model, posts).model)
    assert parse_model(whole, "m").facts["recalibrated"]["posts"] == 60


def test_no_name_gains_weight(corpus: Corpus, model: Model) -> None:
    posts = new_posts(corpus, 80)
    moved, old = recalibrate(model, posts).model, model
    hidden = hide_names(posts.cases, prepare(posts.cases))
    shown = {token.form for view in hidden for token in view.tokens}
    for after, before in zip(moved.weights, old.weights, strict=True):
        if after.block.name == "words":
            changed = {f for f, a, b in zip(after.features, after.coef, before.coef, strict=True) if (a != b).any()}
            assert {word for feature in changed for word in feature.replace("_", " ").split()} <= {
                part for form in shown for part in form.split()
            }


def test_enough_neutral_posts_of_the_election_set_the_threshold_there_and_nowhere_else(
    corpus: Corpus, model: Model
) -> None:
    found = recalibrate(model, new_posts(corpus, 150)).model
    neutral = len(found.facts["neutral_levels"])
    assert neutral >= 19
    promise = promise_of(found, 0.05, "kota-losari-2020")
    assert (promise.basis, promise.own) == ("own", neutral)
    assert "this election" in promise.sentence()
    assert promise_of(found, 0.05, "pilpres-fiksi").basis != "own"
    assert promise_of(found, 0.001, "kota-losari-2020").basis != "own"


def write_posts(posts: Corpus, path: Path) -> Path:
    rows = ((e.id, e.election, e.case.pair, e.label, e.case.text) for e in posts.examples)
    return write(path, ("id", "election", "pair", "label", "text"), rows)


def test_calibrate_writes_a_model_and_says_what_it_gains(corpus: Corpus, model: Model, tmp_path: Path) -> None:
    save_model(model, tmp_path / "model.npz")
    data, out = write_posts(new_posts(corpus, 80), tmp_path / "few.csv"), tmp_path / "calibrated.npz"
    shown = run("calibrate", "--data", data, "--model", tmp_path / "model.npz", "--out", out, "--json", "-")
    assert shown.code == 0
    document = json.loads(shown.out)
    assert document["schema"] == 2
    assert document["log_loss"]["after"] <= document["log_loss"]["before"]
    assert "neutral posts" in shown.err
    facts = load_model(out).facts
    assert facts["recalibrated"]["model_sha256"] == load_model(tmp_path / "model.npz").facts["file_sha256"]


def test_calibrate_refuses_too_few_posts_and_writes_nothing(corpus: Corpus, model: Model, tmp_path: Path) -> None:
    save_model(model, tmp_path / "model.npz")
    data, out = write_posts(new_posts(corpus, 12), tmp_path / "few.csv"), tmp_path / "calibrated.npz"
    shown = run("calibrate", "--data", data, "--model", tmp_path / "model.npz", "--out", out)
    assert shown.code == 3
    assert "Label 8 more" in shown.err
    assert not out.exists()


def reviews_of(posts: Corpus, path: Path) -> Path:
    """The same posts as decisions of a reviewer."""
    with Store(path) as store:
        for n, e in enumerate(posts.examples):
            key = key_of(e.election, e.case.pair, e.id, e.case.text, 0)
            post = Post(key, n + 2, e.id, e.election, e.case.pair, e.case.text, "ragu", (0.4, 0.3, 0.3), "")
            store.record(post, "Sari", e.label, shown=SHOWN, route="impor", note="", token=f"t-{n}")
    return path


def test_decisions_of_reviewers_calibrate_as_the_same_posts_in_a_file_do(
    corpus: Corpus, model: Model, tmp_path: Path
) -> None:
    save_model(model, tmp_path / "model.npz")
    posts = new_posts(corpus, 60)
    data, reviews = write_posts(posts, tmp_path / "few.csv"), reviews_of(posts, tmp_path / "r.sqlite")
    shown = [
        run("calibrate", *given, "--model", tmp_path / "model.npz", "--out", tmp_path / f"{n}.npz")
        for n, given in enumerate((("--data", data), ("--reviews", reviews)))
    ]
    assert [one.code for one in shown] == [0, 0]
    one, other = (load_model(tmp_path / f"{n}.npz") for n in (0, 1))
    np.testing.assert_array_equal(weights_of(one), weights_of(other))
    neither = run("calibrate", "--model", tmp_path / "model.npz", "--out", tmp_path / "x.npz")
    assert neither.code == 2 and "--reviews" in neither.err


def test_what_decisions_would_gain_is_told_where_there_are_enough(
    corpus: Corpus, model: Model, rosters: Mapping[str, Roster], tmp_path: Path
) -> None:
    roster = rosters["kota-losari-2020"]
    with open_reviews(reviews_of(new_posts(corpus, 60), tmp_path / "many.sqlite")) as store:
        told = worth(store, model, roster)
    found = recalibrate(model, new_posts(corpus, 60))
    assert told[1 : len(describe(found)) + 1] == describe(found)
    assert any("netral calibrate --reviews" in line for line in told) is not found.kept
    with open_reviews(reviews_of(new_posts(corpus, 12), tmp_path / "few.sqlite")) as store:
        assert worth(store, model, roster) == []


def test_training_with_reviews_moves_the_weights_of_the_corpus_and_asks_before_it_replaces(
    small_corpus: Corpus, corpus: Corpus, model: Model, tmp_path: Path
) -> None:
    found: list[Recalibration] = []
    out, reviewed = tmp_path / "m.npz", new_posts(corpus, 60)

    def answer(yes: bool) -> Callable[[Recalibration], bool]:
        return lambda one: [found.append(one), yes][1]  # type: ignore[func-returns-value]

    train(small_corpus, out=out, law=False, reviewed=reviewed, agreed=answer(False))
    assert not out.exists()
    train(small_corpus, out=out, law=False, reviewed=reviewed, agreed=answer(True))
    assert found[0].document() == found[1].document() == recalibrate(model, reviewed).document()
    np.testing.assert_array_equal(weights_of(load_model(out)), weights_of(recalibrate(model, reviewed).model))
    assert "60 labelled posts of kota-losari-2020" in out.with_suffix(".md").read_text()
    with pytest.raises(UsageError, match="--pipeline"):
        train(small_corpus, out=out, reviewed=reviewed, pipeline=tmp_path / "p.joblib")
