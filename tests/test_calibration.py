"""Laws of calibration: thresholds keep what they promise, few posts change little, refusals say what is missing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import beta

from netral_nlp.arrays import Floats
from netral_nlp.errors import ModelError, UsageError
from netral_nlp.learning.training import Trained
from netral_nlp.model.calibration import HeldOut, fit_calibration, softmax, tails_of
from netral_nlp.model.file import model_bytes, parse_model
from netral_nlp.model.thresholds import (
    allowed_errors,
    needed_posts,
    threshold,
    upper_bound,
)
from netral_nlp.records import LABELS
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
