"""Figures of merit against scikit-learn and SciPy, and the bootstrap against simulated truth."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from scipy.stats import binomtest, norm
from sklearn.metrics import (
    average_precision_score,
    confusion_matrix,
    f1_score,
    roc_auc_score,
    roc_curve,
)

from netral_nlp.statistics import (
    accuracy_by_coverage,
    auc,
    average_precision,
    bins_of,
    clopper_pearson,
    confusion,
    difference,
    ece,
    ece_by_chance,
    interval,
    macro_f1,
    resample,
    tpr_at_fpr,
)
from strategies import many

QUICK = settings(max_examples=many(60), deadline=None)
labels = st.integers(0, 2)
# few distinct scores: ties are where such figures go wrong
judged = st.lists(st.tuples(st.booleans(), st.integers(0, 8)), min_size=1, max_size=40)
labelled = st.lists(st.tuples(labels, labels), min_size=1, max_size=40)


def columns(rows: list[tuple[bool, int]]) -> tuple[np.ndarray, np.ndarray]:
    positive, scores = zip(*rows, strict=True)
    return np.array(positive, dtype=bool), np.array(scores, dtype=np.float64) / 8


@QUICK
@given(labelled)
def test_confusion_and_macro_f1_agree_with_scikit_learn(rows: list[tuple[int, int]]) -> None:
    truth, predicted = np.array(rows, dtype=np.int64).T
    table = confusion(truth, predicted)
    assert table.tolist() == confusion_matrix(truth, predicted, labels=[0, 1, 2]).tolist()
    assert macro_f1(table) == pytest.approx(f1_score(truth, predicted, average="macro", zero_division=0))


@QUICK
@given(judged)
def test_auc_average_precision_and_tpr_agree_with_scikit_learn(rows: list[tuple[bool, int]]) -> None:
    positive, scores = columns(rows)
    assume(positive.any() and not positive.all())
    assert auc(positive, scores) == pytest.approx(roc_auc_score(positive, scores))
    assert average_precision(positive, scores) == pytest.approx(average_precision_score(positive, scores))
    false, true, _ = roc_curve(positive, scores, drop_intermediate=False)
    for rate in (0.0, 0.01, 0.2, 0.5, 1.0):
        assert tpr_at_fpr(positive, scores, rate) == pytest.approx(true[false <= rate].max())


@QUICK
@given(judged, st.integers(0, 10_000))
def test_a_weight_is_a_number_of_copies(rows: list[tuple[bool, int]], seed: int) -> None:
    positive, scores = columns(rows)
    weights = np.random.default_rng(seed).integers(0, 4, size=(3, len(rows)))
    found = auc(positive, scores, weights.astype(np.float64))
    for row, value in zip(weights, found, strict=True):
        copies = np.repeat(np.arange(len(rows)), row)
        assert value == pytest.approx(float(auc(positive[copies], scores[copies])), nan_ok=True)


@pytest.mark.parametrize("positive", [[True, True], [False, False], []])
def test_with_one_class_only_ranking_figures_are_undefined(positive: list[bool]) -> None:
    given_, scores = np.array(positive, dtype=bool), np.linspace(0.2, 0.8, len(positive))
    assert np.isnan(auc(given_, scores))
    assert tpr_at_fpr(given_, scores, 0.05) is None
    if not any(positive):
        assert average_precision(given_, scores) is None


def test_without_posts_macro_f1_is_undefined() -> None:
    assert np.isnan(macro_f1(np.zeros((3, 3))))


@pytest.mark.parametrize(("events", "n"), [(0, 1), (0, 299), (1, 20), (7, 20), (20, 20), (49, 5888)])
def test_clopper_pearson_agrees_with_scipy(events: int, n: int) -> None:
    exact = binomtest(events, n).proportion_ci(0.95, method="exact")
    assert clopper_pearson(events, n) == pytest.approx((exact.low, exact.high), abs=1e-9)


# calibration


def test_calibration_error_is_small_for_a_calibrated_model_and_large_for_a_boaster() -> None:
    rng = np.random.default_rng(3)
    confidence = rng.uniform(1 / 3, 1.0, 20_000)
    right = rng.random(20_000) < confidence
    assert (honest := ece(bins_of(confidence, right))) is not None
    assert honest < 0.015
    boast = ece(bins_of(np.sqrt(confidence), right))
    assert boast is not None
    assert boast == pytest.approx(float((np.sqrt(confidence) - confidence).mean()), abs=0.01)


def test_chance_explains_the_calibration_error_of_a_calibrated_model() -> None:
    inside, rng = 0, np.random.default_rng(4)
    for at in range(60):
        confidence = rng.uniform(1 / 3, 1.0, 380)
        found, chance = ece(bins_of(confidence, rng.random(380) < confidence)), ece_by_chance(confidence, at, 100)
        assert found is not None
        assert chance is not None
        inside += found <= chance[1]
    assert inside >= 52  # 57 expected


@pytest.mark.parametrize("n", [1, 49, 99, 100, 380, 5000])
def test_bins_hold_every_post_once_and_are_of_equal_size(n: int) -> None:
    bins = bins_of(np.linspace(0.4, 1.0, n), np.arange(n) % 2 == 0)
    sizes = [b.n for b in bins]
    assert sum(sizes) == n
    assert max(sizes) - min(sizes) <= 1
    assert len(bins) == 1 or min(sizes) >= 49
    assert len(bins) <= 15


@QUICK
@given(judged, st.randoms(use_true_random=False))
def test_the_order_of_posts_never_changes_accuracy_by_coverage(rows: list[tuple[bool, int]], random) -> None:
    right, confidence = columns(rows)
    curve = accuracy_by_coverage(confidence, right)
    mixed = random.sample(range(len(rows)), len(rows))
    assert accuracy_by_coverage(confidence[mixed], right[mixed]) == pytest.approx(curve)
    assert curve[-1] == pytest.approx(right.mean())


# bootstrap


def test_the_bootstrap_in_one_call_equals_one_by_one() -> None:
    rng = np.random.default_rng(5)
    n = 60
    truth, predicted, scores = rng.integers(0, 3, n), rng.integers(0, 3, n), rng.integers(0, 9, n) / 8
    elections = [f"e{k}" for k in rng.integers(0, 5, n)]
    for names in (elections, ["one"] * n):
        draws = resample(names, seed=1, resamples=20)
        f1, areas = draws.macro_f1(truth, predicted), draws.auc(truth == 0, scores)
        for at, counts in enumerate(draws.counts):
            copies = np.repeat(np.arange(n), counts[draws.unit_of])
            assert f1[at] == pytest.approx(float(macro_f1(confusion(truth[copies], predicted[copies]))))
            assert areas[at] == pytest.approx(float(auc(truth[copies] == 0, scores[copies])), nan_ok=True)


def test_elections_are_drawn_whole_when_there_are_three_and_posts_otherwise() -> None:
    few, many = resample(["a", "b"] * 10), resample(["a", "b", "c"] * 10)
    assert (few.unit, few.counts.shape) == ("post", (2_000, 20))
    assert (many.unit, many.counts.shape) == ("election", (2_000, 3))
    for draws in (few, many):
        assert (draws.counts.sum(axis=1) == draws.counts.shape[1]).all()


def test_the_same_seed_gives_the_same_draws() -> None:
    a, b, c = resample(["x"] * 30, 1), resample(["x"] * 30, 1), resample(["x"] * 30, 2)
    assert (a.counts == b.counts).all()
    assert (a.counts != c.counts).any()


def test_ninety_five_percent_intervals_cover_the_true_auc_about_that_often() -> None:
    rng = np.random.default_rng(6)
    true, covered, trials = float(norm.cdf(1.0 / np.sqrt(2.0))), 0, 200
    for at in range(trials):
        positive = np.arange(200) % 2 == 0
        limits = interval(resample(["e"] * 200, at, 400).auc(positive, rng.normal(size=200) + positive))
        assert limits is not None
        covered += limits[0] <= true <= limits[1]
    assert 0.90 <= covered / trials <= 0.99


def test_when_elections_differ_intervals_by_election_cover_and_those_by_post_do_not() -> None:
    rng = np.random.default_rng(7)
    trials, elections, each = 150, 18, 40
    names = np.repeat([f"e{k:02}" for k in range(elections)], each)
    truth = np.zeros(elections * each, dtype=np.int64)
    whole = posts = 0
    for at in range(trials):
        shares = np.clip(rng.normal(0.7, 0.12, elections), 0.0, 1.0)  # each election has an accuracy of its own
        right = rng.random(len(names)) < np.repeat(shares, each)
        grouped = resample(names.tolist(), at, 300)
        single = resample(["e"] * len(names), at, 300)
        for draws, unit in ((grouped, "election"), (single, "post")):
            counts = draws.counts.astype(np.float64)
            hits = counts @ np.bincount(draws.unit_of, right - truth.astype(np.float64), minlength=counts.shape[1])
            limits = interval(hits / len(names))
            assert limits is not None
            inside = limits[0] <= 0.7 <= limits[1]
            whole, posts = whole + (inside and unit == "election"), posts + (inside and unit == "post")
    assert whole / trials >= 0.86
    assert posts / trials <= 0.75


def test_a_model_does_not_differ_from_itself() -> None:
    rng = np.random.default_rng(8)
    positive, scores = rng.random(100) < 0.5, rng.random(100)
    drawn = resample(["e"] * 100).auc(positive, scores)
    found = difference(0.6, 0.6, drawn, drawn)
    assert (found.estimate, found.ci95, found.p) == (0.0, (0.0, 0.0), 1.0)


def test_a_paired_difference_is_found_where_separate_intervals_overlap() -> None:
    rng = np.random.default_rng(9)
    positive = np.arange(400) % 2 == 0
    good = rng.normal(size=400) + 1.2 * positive
    worse = good + rng.normal(scale=0.8, size=400)
    draws = resample(["e"] * 400)
    a, b = draws.auc(positive, good), draws.auc(positive, worse)
    first, second = interval(a), interval(b)
    assert first is not None
    assert second is not None
    assert first[0] < second[1]  # they overlap
    found = difference(float(auc(positive, good)), float(auc(positive, worse)), a, b)
    assert found.p is not None
    assert found.p < 0.05


def test_a_few_elections_never_prove_much() -> None:
    draws = resample(["a", "b", "c", "d"] * 5)
    high, low = np.full(2_000, 0.9), np.full(2_000, 0.1)
    assert draws.smallest_p == 0.125
    assert difference(0.9, 0.1, high, low, draws.smallest_p).p == 0.125


def test_an_interval_mostly_undefined_is_none() -> None:
    values = np.array([np.nan, np.nan, np.nan, 0.5])
    assert interval(values) is None
    assert difference(0.5, 0.5, values, np.zeros(4)).p is None
    assert interval(np.array([np.nan, 0.5, 0.5])) == (0.5, 0.5)
