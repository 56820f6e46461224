"""Laws of calibration: thresholds keep what they promise, few posts change little, refusals say what is missing."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import beta

from netral_nlp.arrays import Floats
from netral_nlp.errors import InputError, ModelError, UsageError
from netral_nlp.learning.corpus import Corpus, Example
from netral_nlp.learning.recalibration import join_tails, recalibrate, smallest_rate
from netral_nlp.learning.training import Trained
from netral_nlp.model.calibration import ACCUSING, Calibration, HeldOut, fit_calibration, softmax, tails_of
from netral_nlp.model.file import load_model, model_bytes, parse_model, save_model
from netral_nlp.model.model import Model
from netral_nlp.model.thresholds import (
    Expected,
    allowed_errors,
    expected_precision,
    needed_posts,
    prevalence_sentence,
    threshold,
    thresholds,
    upper_bound,
)
from netral_nlp.records import LABELS
from running import run, write
from strategies import many

rates = st.floats(0.002, 0.5)


@settings(max_examples=many(150))
@given(n=st.integers(1, 3000), share=st.floats(0, 1), confidence=st.sampled_from([0.9, 0.95, 0.99]))
def test_the_upper_bound_is_the_beta_quantile(n: int, share: float, confidence: float) -> None:
    errors = int(share * n)
    exact = 1.0 if errors == n else float(beta.ppf(confidence, errors + 1, n - errors))
    assert upper_bound(errors, n, confidence) == pytest.approx(exact, abs=1e-9)


@settings(max_examples=many(60))
@given(n=st.integers(1, 3000), rate=rates)
def test_allowed_errors_are_the_most_that_keep_the_rate(n: int, rate: float) -> None:
    errors = allowed_errors(n, rate)
    assert errors < 0 or upper_bound(errors, n) <= rate
    assert errors == n or upper_bound(errors + 1, n) > rate
    assert (errors >= 0) == (n >= needed_posts(rate))


tails = st.integers(300, 1500).flatmap(
    lambda n: st.integers(0, 2**31).map(lambda seed: np.sort(np.random.default_rng(seed).beta(1, 6, n))[::-1])
)


@settings(max_examples=many(40))
@given(tail=tails, pair=st.tuples(rates, rates).map(sorted))
def test_a_stricter_rate_never_has_a_lower_threshold(tail: Floats, pair: list[float]) -> None:
    strict, loose = pair
    if allowed_errors(len(tail), strict) < 0:
        with pytest.raises(UsageError, match=f"{needed_posts(strict):,}"):
            threshold(tail, strict)
        return
    assert threshold(tail, strict) >= threshold(tail, loose)
    assert upper_bound(int((tail > threshold(tail, loose)).sum()), len(tail)) <= loose


@pytest.mark.parametrize(("n", "rate"), [(400, 0.01), (600, 0.02), (500, 0.05), (2_000, 0.01)])
def test_the_false_positive_rate_is_kept_in_95_of_100_elections(n: int, rate: float) -> None:
    rng = np.random.default_rng(5)
    draws = np.sort(rng.random((4_000, n)), axis=1)[:, ::-1]  # uniform scores: a threshold t has the rate 1 - t
    at = allowed_errors(n, rate)
    kept = 1.0 - draws[:, at] <= rate
    assert threshold(draws[0], rate) == draws[0, at]
    assert kept.mean() >= 0.95
    assert kept.mean() < 1.0  # a rule that never errs would accuse nobody


@pytest.mark.parametrize("rate", [0.0, 1.0, -0.1, 2.0])
def test_a_rate_outside_0_to_1_is_refused(rate: float) -> None:
    with pytest.raises(UsageError, match="between 0 and 1"):
        threshold(np.zeros(10), rate)


def simulated(n: int, seed: int, scale: float, shift: Sequence[float]) -> tuple[Floats, np.ndarray]:  # type: ignore[type-arg]
    """Log-odds that are too sure by ``scale`` and off by ``shift``, with labels drawn from the true ones."""
    rng = np.random.default_rng(seed)
    true = rng.normal(0, 1.5, (n, 3))
    labels = np.array([rng.choice(LABELS, p=p) for p in softmax(true)])
    return true * scale - np.array(shift) * scale, labels


def log_loss(logits: Floats, labels: np.ndarray) -> float:  # type: ignore[type-arg]
    scores = softmax(logits)
    return float(-np.log([row[LABELS.index(label)] for row, label in zip(scores, labels, strict=True)]).mean())


def test_calibration_finds_scale_and_shift_again() -> None:
    logits, labels = simulated(20_000, 1, 2.5, (0.6, -0.5, -0.1))
    found = fit_calibration(logits, labels)
    assert found.scale == pytest.approx(1 / 2.5, rel=0.05)
    assert found.shift == pytest.approx((0.6, -0.5, -0.1), abs=0.1)
    assert sum(found.shift) == pytest.approx(0, abs=1e-6)


@pytest.mark.parametrize("seed", range(5))
def test_calibration_lowers_the_log_loss_of_posts_it_has_not_seen(seed: int) -> None:
    logits, labels = simulated(400, seed, 3.0, (0.5, 0.0, -0.5))
    found = fit_calibration(logits[:80], labels[:80], prior=20)
    assert log_loss(found.apply(logits[80:]), labels[80:]) < log_loss(logits[80:], labels[80:])


def test_a_strong_prior_changes_nothing() -> None:
    logits, labels = simulated(60, 3, 3.0, (0.5, 0.0, -0.5))
    found = fit_calibration(logits, labels, prior=1e9)
    assert found.scale == pytest.approx(1, abs=1e-4)
    assert found.shift == pytest.approx((0, 0, 0), abs=1e-4)


def test_a_perfectly_separated_sample_stays_finite() -> None:
    logits = np.eye(3)[np.arange(60) % 3] * 9.0
    found = fit_calibration(logits, np.array(LABELS)[np.arange(60) % 3], prior=20)
    assert np.isfinite(found.apply(logits)).all()


def held_out(n: int, seed: int, harder: float = 0.0) -> HeldOut:
    logits, labels = simulated(n, seed, 1.0, (0, 0, 0))
    return HeldOut.of(softmax(logits + np.array([harder, 0.0, 0.0])), labels)


def test_held_out_scores_travel_with_the_model_to_six_digits(trained: Trained) -> None:
    model = trained.model
    assert model.held_out is not None
    assert np.abs(model.held_out.scores - trained.held_out).max() <= 5.1e-7
    data = model_bytes(model)
    read = parse_model(data, "model")
    assert read.held_out is not None
    assert (read.held_out.scores == model.held_out.scores).all()
    assert (read.held_out.labels == model.held_out.labels).all()
    facts = {key: value for key, value in read.facts.items() if key != "file_sha256"}
    assert model_bytes(replace(read, facts=facts)) == data
    for label, tail in tails_of(model.held_out.scores, model.held_out.names).items():
        assert (tail == model.tails[label]).all()


def test_a_model_file_with_held_out_labels_of_another_length_is_refused(trained: Trained) -> None:
    assert trained.model.held_out is not None
    torn = replace(trained.model.held_out, labels=trained.model.held_out.labels[1:])
    with pytest.raises(ModelError, match="held-out"):
        parse_model(model_bytes(replace(trained.model, held_out=torn)), "model")


def test_a_model_file_without_held_out_scores_still_loads(trained: Trained) -> None:
    assert parse_model(model_bytes(replace(trained.model, held_out=None)), "model").held_out is None


@pytest.mark.parametrize("prevalence", [0.001, 0.02, 0.5])
def test_expected_precision_is_bayes_rule(prevalence: float) -> None:
    seen = held_out(3_000, 1)
    found = expected_precision(tails_of(seen.scores, seen.names), seen, 0.05, prevalence)
    assert [e.label for e in found] == list(ACCUSING)
    for e in found:
        assert 0 < e.recall < 1
        assert 0.03 < e.fpr <= 0.05
        share = prevalence * e.recall
        assert e.precision == pytest.approx(share / (share + (1 - prevalence) * e.fpr))


def test_expected_precision_is_what_a_population_shows() -> None:
    seen, fresh = held_out(4_000, 1), held_out(40_000, 2)
    own = tails_of(seen.scores, seen.names)
    limits = thresholds(own, 0.05)
    share = float((fresh.names == "dukung").mean())
    found = expected_precision(own, seen, 0.05, share)[0]
    given_label = (fresh.scores.argmax(axis=1) == 0) & (fresh.scores[:, 0] > limits["dukung"])
    assert float((fresh.names[given_label] == "dukung").mean()) == pytest.approx(found.precision, abs=0.05)


@pytest.mark.parametrize("prevalence", [0.0, 1.0, -1.0, 3.0])
def test_a_prevalence_outside_0_to_1_is_refused(prevalence: float) -> None:
    seen = held_out(3_000, 1)
    with pytest.raises(UsageError, match="prevalence"):
        expected_precision(tails_of(seen.scores, seen.names), seen, 0.05, prevalence)


def test_the_sentence_says_how_many_of_ten() -> None:
    said = prevalence_sentence([Expected("dukung", 0.41, 0.3, 0.01), Expected("tolak", 0.99, 1, 0)], 0.02)
    assert said == "At 2 % prevalence expect about 4 of 10 flagged dukung to be right, about 99 of 100 flagged tolak."


def new_posts(corpus: Corpus, n: int) -> Corpus:
    """Posts of every label from one election that the small corpus holds every second post of."""
    seen = set()
    chosen: list[Example] = []
    for e in corpus.examples:
        if e.election == "kota-losari-2020" and e.case.text not in seen:
            seen.add(e.case.text)
            chosen.append(e)
    return Corpus(tuple(chosen[:: len(chosen) // n][:n]))


def test_fewer_than_fifty_posts_are_refused_with_the_number_missing(corpus: Corpus, model: Model) -> None:
    with pytest.raises(InputError, match=r"49 labelled posts; calibration needs 50\. Label 1 more"):
        recalibrate(model, new_posts(corpus, 49))


def test_copies_count_once(corpus: Corpus, model: Model) -> None:
    few = new_posts(corpus, 30)
    with pytest.raises(InputError, match=r"30 labelled posts \(30 more are copies\).*Label 20 more"):
        recalibrate(model, few + few)


def test_a_missing_label_is_refused(corpus: Corpus, model: Model) -> None:
    only = Corpus(tuple(e for e in new_posts(corpus, 150).examples if e.label != "tolak"))
    with pytest.raises(InputError, match='labelled "tolak"'):
        recalibrate(model, only)


def shouting(model: Model, times: float) -> Model:
    """A model that is ``times`` as sure as it should be."""
    weights = tuple(replace(w, coef=w.coef * times) for w in model.weights)
    return replace(model, weights=weights, intercept=model.intercept * times + np.array([1.0, -0.5, -0.5]))


def test_recalibration_quiets_a_model_that_shouts(corpus: Corpus, model: Model) -> None:
    found = recalibrate(shouting(model, 4.0), new_posts(corpus, 150))
    assert found.calibration.scale < 0.7
    assert found.after < found.before - 0.1
    assert 0 < found.moved <= found.furthest <= 1
    assert found.model.facts["recalibrated"]["posts"] == 150


def test_recalibrated_scores_are_the_calibration_of_the_old_ones(corpus: Corpus, model: Model) -> None:
    from netral_nlp.features.reader import prepare

    posts = new_posts(corpus, 60)
    found = recalibrate(shouting(model, 3.0), posts)
    views = prepare(posts.cases)
    old = np.array([shouting(model, 3.0).log_odds(v) for v in views])
    assert found.model.probabilities(views) == pytest.approx(softmax(found.calibration.apply(old)), abs=1e-5)
    assert (found.model.probabilities(views) == found.model.probabilities(views)).all()


def test_the_same_posts_give_the_same_calibrated_bytes(corpus: Corpus, model: Model) -> None:
    posts = new_posts(corpus, 60)
    assert model_bytes(recalibrate(model, posts).model) == model_bytes(recalibrate(model, posts).model)


def test_tails_join_only_where_new_posts_are_not_harder() -> None:
    shipped, alike, harder = held_out(2_000, 1), held_out(120, 2), held_out(120, 3, harder=4.0)
    joined, pooled = join_tails(shipped, alike)
    assert pooled == {"dukung": True, "tolak": True}
    for label in ACCUSING:
        assert len(joined[label]) == sum((h.names != label).sum() for h in (shipped, alike))
        assert (np.diff(joined[label]) <= 0).all()
    alone, pooled = join_tails(shipped, harder)
    assert not pooled["dukung"]
    assert len(alone["dukung"]) == (harder.names != "dukung").sum()
    with pytest.raises(UsageError, match="299"):
        threshold(alone["dukung"], 0.01)


def test_joined_tails_keep_the_rate_on_the_mixture() -> None:
    fresh = held_out(30_000, 99)
    kept = 0
    for seed in range(40):
        joined, _ = join_tails(held_out(600, 2 * seed + 200), held_out(60, 2 * seed + 201))
        limit = threshold(joined["dukung"], 0.1)
        kept += float((fresh.scores[fresh.names != "dukung", 0] > limit).mean()) <= 0.1
    assert kept >= 36


@settings(max_examples=many(50))
@given(n=st.integers(1, 2_000))
def test_the_smallest_rate_is_the_one_that_needs_so_many_posts(n: int) -> None:
    assert allowed_errors(n, smallest_rate(n) + 1e-9) >= 0
    assert allowed_errors(n, smallest_rate(n) - 1e-6) < 0


def write_posts(posts: Corpus, path: Path) -> Path:
    rows = ((e.id, e.election, e.case.pair, e.label, e.case.text) for e in posts.examples)
    return write(path, ("id", "election", "pair", "label", "text"), rows)


def test_calibrate_writes_a_model_and_says_what_moved(corpus: Corpus, model: Model, tmp_path: Path) -> None:
    save_model(shouting(model, 3.0), tmp_path / "model.npz")
    data = write_posts(new_posts(corpus, 80), tmp_path / "few.csv")
    out = tmp_path / "calibrated.npz"
    shown = run("calibrate", "--data", data, "--model", tmp_path / "model.npz", "--out", out, "--json", "-")
    assert shown.code == 0
    document = json.loads(shown.out)
    assert document["schema"] == 1
    assert document["log_loss"]["after"] < document["log_loss"]["before"]
    assert "Log-loss" in shown.err
    facts = load_model(out).facts
    assert facts["recalibrated"]["model_sha256"] == load_model(tmp_path / "model.npz").facts["file_sha256"]
    assert Calibration(1.0, (0.0, 0.0, 0.0)).apply(load_model(out).intercept).shape == (3,)


def test_calibrate_refuses_too_few_posts_with_exit_code_3_and_writes_nothing(
    corpus: Corpus, model: Model, tmp_path: Path
) -> None:
    save_model(model, tmp_path / "model.npz")
    data = write_posts(new_posts(corpus, 20), tmp_path / "few.csv")
    out = tmp_path / "calibrated.npz"
    shown = run("calibrate", "--data", data, "--model", tmp_path / "model.npz", "--out", out)
    assert shown.code == 3
    assert "Label 30 more" in shown.err
    assert not out.exists()
