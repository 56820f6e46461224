"""Laws of the promise: a level is safe in every election of the table, and each is judged without its own figures."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from netral_nlp.errors import InputError, UsageError
from netral_nlp.model.model import Model
from netral_nlp.model.promise import (
    LEVELS,
    OPPOSE_SHARE,
    Row,
    Table,
    conformal_level,
    levels_of,
    limits_at,
    promise_of,
    read_table,
    recipe_of,
    shipped_table,
    table_rows,
)
from netral_nlp.model.thresholds import decide
from netral_nlp.model.worth import worth_of, worth_sentence
from netral_nlp.records import LABELS, UNSURE
from netral_nlp.resources import data_dir

rates = st.sampled_from([0.005, 0.01, 0.03, 0.05, 0.1, 0.3])


@st.composite
def tables(draw: st.DrawFn) -> Table:
    rows = []
    for election in range(draw(st.integers(2, 6))):
        neutral, accused = draw(st.integers(5, 80)), 0
        for level in LEVELS:
            accused = min(neutral, accused + draw(st.integers(0, 2)))
            rows.append(Row(f"nyata-{election}", level, neutral, accused, accused, 20, 10, 10, 1))
    return Table("made", tuple(rows))


@given(tables(), rates)
def test_no_election_of_the_table_breaks_the_promise_at_the_level_chosen(table: Table, rate: float) -> None:
    level = table.level(rate)
    for election in table.elections:
        row = table.at(level, election)
        assert row.accused <= rate * row.neutral or level == LEVELS[0]


@given(tables(), st.lists(rates, min_size=2, max_size=2))
def test_a_stricter_rate_never_has_a_higher_level(table: Table, pair: list[float]) -> None:
    low, high = sorted(pair)
    assert table.level(low) <= table.level(high)


@given(tables(), rates)
def test_an_election_is_judged_as_if_its_own_figures_were_others(table: Table, rate: float) -> None:
    for tested in table.tested(rate):
        changed = Table(table.recipe, tuple(replace(r, accused=r.neutral) if r.election == tested.election else r
                                            for r in table.rows))  # fmt: skip
        there = next(r for r in changed.tested(rate) if r.election == tested.election)
        assert there.level == tested.level


@settings(max_examples=30)
@given(st.integers(19, 150), st.integers(0, 10_000))
def test_conformal_levels_keep_the_rate_on_average(n: int, seed: int) -> None:
    chance, accused = np.random.default_rng(seed), []
    for _ in range(60):
        draws = chance.permutation(np.arange(1, n + 2)) / (n + 1)  # exchangeable, all different
        level = conformal_level(draws[:n].tolist(), 0.05)
        assert level is not None
        accused.append(draws[n] <= level)
    assert np.mean(accused) <= 0.05 + 4 * np.sqrt(0.05 * 0.95 / 60)


@given(st.lists(st.floats(0, 2), min_size=1, max_size=18))
def test_too_few_neutral_posts_prove_nothing(levels: list[float]) -> None:
    assert conformal_level(levels, 0.05) is None


def noise(n: int, seed: int) -> np.ndarray:
    return np.round(np.random.default_rng(seed).dirichlet([1.0, 1.0, 1.0], n), 6)


@settings(max_examples=40)
@given(st.integers(0, 1_000), st.sampled_from(LEVELS))
def test_a_post_is_accused_from_its_level_on(seed: int, level: float) -> None:
    held, fresh = noise(400, seed), noise(60, seed + 1)
    tails = {label: np.sort(held[:, LABELS.index(label)])[::-1] for label in ("dukung", "tolak")}
    limits = limits_at(tails, level)
    called = [decide(row, limits) in tails for row in fresh]
    assert called == (levels_of(fresh, tails) <= level * (1 + 1e-9)).tolist()


def test_opposition_gets_its_stated_part_of_the_level() -> None:
    tails = {label: np.linspace(1.0, 0.0, 100_000) for label in ("dukung", "tolak")}
    limits = limits_at(tails, 0.1)
    assert (tails["dukung"] > limits["dukung"]).mean() == pytest.approx(0.1, abs=1e-4)
    assert (tails["tolak"] > limits["tolak"]).mean() == pytest.approx(0.1 * OPPOSE_SHARE, abs=1e-4)


def test_a_table_made_of_posts_reads_back(tmp_path: Path) -> None:
    scores, labels = noise(90, 3), np.random.default_rng(1).choice(LABELS, 90).tolist()
    tails = {label: np.sort(noise(300, 4)[:, 0])[::-1] for label in ("dukung", "tolak")}
    rows = table_rows(labels, scores.argmax(axis=1), levels_of(scores, tails), "nyata-1")
    assert [row.accused for row in rows] == sorted(row.accused for row in rows)
    assert all(row.as_dukung <= row.accused <= row.neutral == labels.count("netral") for row in rows)
    (tmp_path / "t.csv").write_text("recipe,election\nx,y\n", encoding="utf-8")
    with pytest.raises(InputError, match="--promise-table"):
        read_table(tmp_path / "t.csv")


def test_the_shipped_table_names_no_election_and_keeps_the_promise() -> None:
    table = shipped_table()
    assert all(code.startswith("nyata-") for code in table.elections)
    assert len(table.elections) >= 5
    for rate in (0.01, 0.05):
        tested = table.tested(rate)
        assert sum(r.accused for r in tested) <= rate * sum(r.neutral for r in tested)
        assert sum(r.accused <= rate * r.neutral for r in tested) >= len(tested) - 1
    assert (data_dir() / "promise.csv").stat().st_size < 50_000


def test_the_shipped_table_was_made_for_the_shipped_model(full_model: Model) -> None:
    assert recipe_of(full_model) == shipped_table().recipe
    assert promise_of(full_model, 0.05).basis == "table"


def test_another_model_is_not_certified_and_held_to_less(full_model: Model, model: Model) -> None:
    here, there = promise_of(full_model, 0.05), promise_of(model, 0.05)
    assert there.basis == "none"
    assert there.level <= here.level
    assert "not certified" in there.sentence()
    for wrong in (0.0, 1.0, -1.0, float("nan")):
        with pytest.raises(UsageError, match="between 0 and 1"):
            promise_of(model, wrong)
    with pytest.raises(UsageError, match="held-out"):
        promise_of(replace(model, tails={}), 0.05)


@settings(max_examples=40)
@given(st.floats(0.02, 0.9), st.floats(0.0, 1.0), st.integers(0, 10_000))
def test_the_share_and_the_worth_lie_within_their_intervals(share: float, plain: float, seed: int) -> None:
    rows = shipped_table().tested(0.05)
    chance = np.random.default_rng(seed)
    pooled = sum(r.dukung_called for r in rows) / sum(r.dukung for r in rows)
    recall = pooled + plain * (1.0 - pooled)  # authors who write more plainly than those of the tested elections
    fpr = (sum(r.as_dukung for r in rows) + 0.5) / (sum(r.neutral for r in rows) + 1)
    right, wrong = chance.binomial(round(3000 * share), recall), chance.binomial(3000 - round(3000 * share), fpr)
    found = worth_of(rows, right + wrong, 3000)
    assert found.share[1] <= share <= found.share[2]
    assert found.precision[1] - 1e-9 <= found.precision[0] <= found.precision[2] + 1e-9
    assert found.precision[1] <= right / (right + wrong) <= found.precision[2] + 1e-9
    assert "flagged dukung" in worth_sentence(found)


def test_a_prevalence_that_is_given_is_used_and_checked() -> None:
    rows = shipped_table().tested(0.01)
    assert worth_of(rows, 5, 100, 0.02).share == (0.02, 0.02, 0.02)
    for wrong in (0.0, 1.0, -1.0):
        with pytest.raises(UsageError, match="prevalence"):
            worth_of(rows, 5, 100, wrong)


def test_a_label_that_is_not_sure_is_ragu() -> None:
    assert decide(np.array([0.9, 0.1, 0.0]), {"dukung": 0.95, "tolak": 0.95}) == UNSURE
