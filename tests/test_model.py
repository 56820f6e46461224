"""Laws of the score and its reasons: contributions sum to it, and nothing else moves it."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from netral_nlp.errors import UsageError
from netral_nlp.features.reader import Reader, prepare
from netral_nlp.model.calibration import softmax
from netral_nlp.model.evidence import evidence
from netral_nlp.model.model import Model, block_named
from netral_nlp.records import Case
from netral_nlp.roster import Roster
from netral_nlp.roster.elections import digest_of
from netral_nlp.scoring.scorer import Scored, Scorer
from strategies import many, noisy_posts

ODD = (
    "",
    " ",
    "🔥",
    "😂😂😂",
    "✌️",
    "NA",
    "null",
    "007",
    "nan",
    "...",
    "\n\n",
    "#",
    "@",
    "https://t.co/x",
    "xqzt",
    "a" * 5_000,
)
few = settings(max_examples=many(60))


def toward_each(model: Model, text: str, roster: Roster) -> dict[str, Scored]:
    scorer = Scorer(model, roster, 0.5)
    return {pair: scorer.toward(text, pair) for pair in roster.ids}


def views_of(text: str, roster: Roster) -> list:
    return prepare([Case(text, pair, roster) for pair in roster.ids])


@few
@given(noisy_posts())
def test_contributions_and_intercept_are_the_log_odds(model: Model, samudra: Roster, text: str) -> None:
    for view in views_of(text, samudra):
        found = model.contributions(view)
        total = model.intercept + sum((np.array(c.values) for c in found), np.zeros(3))
        np.testing.assert_allclose(total, model.log_odds(view), rtol=0, atol=1e-9)


@few
@given(noisy_posts())
def test_evidence_and_intercept_are_the_log_odds(model: Model, samudra: Roster, text: str) -> None:
    for view in views_of(text, samudra):
        items = evidence(text, view, model.contributions(view))
        total = model.intercept + sum((np.array([e.dukung, e.netral, e.tolak]) for e in items), np.zeros(3))
        np.testing.assert_allclose(total, model.log_odds(view), rtol=0, atol=1e-9)


@few
@given(noisy_posts())
def test_evidence_is_what_stands_in_the_post(model: Model, samudra: Roster, text: str) -> None:
    items = toward_each(model, text, samudra)["Hasan-Wulan"].evidence
    for item in items:
        assert 0 <= item.start <= item.end <= len(text)
        assert text[item.start : item.end] == item.written
    places = [(item.start, item.end) for item in items]
    assert places == sorted(set(places))


@few
@given(noisy_posts())
def test_probabilities_are_probabilities(model: Model, samudra: Roster, text: str) -> None:
    for pair, found in toward_each(model, text, samudra).items():
        assert found.pair == pair
        assert min(found.scores) >= 0
        assert abs(sum(found.scores) - 1) < 1e-12


@few
@given(noisy_posts(), st.lists(noisy_posts(4), max_size=3))
def test_other_posts_change_no_score(model: Model, samudra: Roster, text: str, others: list[str]) -> None:
    alone = model.probabilities(views_of(text, samudra))
    reader = Reader(samudra)
    for other in others:
        reader.read(other)
    cases = [Case(t, pair, samudra) for t in (*others, text, *others) for pair in samudra.ids]
    among = model.probabilities(prepare(cases))
    at = len(others) * len(samudra.ids)
    np.testing.assert_array_equal(among[at : at + len(samudra.ids)], alone)
    again = model.probabilities(reader.view(reader.read(text), i) for i in range(len(samudra.ids)))
    np.testing.assert_array_equal(again, alone)


def swapped(roster: Roster, a: int, b: int) -> Roster:
    """The roster with everything of two pairs exchanged, but for their places."""
    pairs = list(roster.pairs)
    pairs[a], pairs[b] = pairs[b], pairs[a]
    return Roster(roster.election, tuple(pairs), digest=digest_of(roster.election, pairs))


@few
@given(noisy_posts(), st.permutations([0, 1, 2]))
def test_the_place_of_a_pair_in_the_roster_changes_no_score(
    model: Model, samudra: Roster, text: str, order: list[int]
) -> None:
    turned = swapped(swapped(samudra, 0, order[0]), 1, order[1])
    here = {pair: (found.scores, found.evidence) for pair, found in toward_each(model, text, samudra).items()}
    there = {pair: (found.scores, found.evidence) for pair, found in toward_each(model, text, turned).items()}
    assert there == here


TEMPLATES = (
    "{0} jelas lebih baik dari {1}", "coblos {0} ya gaes 🔥", "tolak {1}! {0} pilihan kami",
    "{0} bohong lagi, ganti {1}", "debat {0} lawan {1} malam ini",
    "kenapa {1} diam?? {0} kerja nyata", "gak akan pilih {0}",
)  # fmt: skip
NAMES = (("Arman", "Pak Arman", "paslon 1", "#ArmanLestari", "@armanhidayat_official"),
         ("Bagas", "Pak Bagas", "paslon 3", "#BagasNadia", "@bagaspratama_"))  # fmt: skip


@pytest.mark.parametrize("template", TEMPLATES)
@pytest.mark.parametrize("kind", range(len(NAMES[0])))
def test_pairs_swapped_in_the_text_swap_their_scores(model: Model, samudra: Roster, template: str, kind: int) -> None:
    one, three = NAMES[0][kind], NAMES[1][kind]
    if kind == 0:  # neither is listed with this address
        one, three = f"Cak {one}", f"Cak {three}"
    first = {pair: found.scores for pair, found in toward_each(model, template.format(one, three), samudra).items()}
    second = {pair: found.scores for pair, found in toward_each(model, template.format(three, one), samudra).items()}
    assert first["Arman-Lestari"] == pytest.approx(second["Bagas-Nadia"], abs=1e-9)
    assert first["Bagas-Nadia"] == pytest.approx(second["Arman-Lestari"], abs=1e-9)
    assert first["Hasan-Wulan"] == pytest.approx(second["Hasan-Wulan"], abs=1e-9)
    assert first["Arman-Lestari"] != first["Bagas-Nadia"]


@pytest.mark.parametrize("text", ODD)
def test_odd_posts_have_a_score(model: Model, samudra: Roster, text: str) -> None:
    for found in toward_each(model, text, samudra).values():
        assert np.isfinite(found.scores).all()
        for item in found.evidence:
            assert text[item.start : item.end] == item.written


def test_a_plain_call_to_vote_is_support_and_its_rejection_is_not(full_model: Model, samudra: Roster) -> None:
    scorer = Scorer(full_model, samudra, 0.5)
    support = scorer.toward("Gas terus nomor urut 2, coblos Hasan!", "Hasan-Wulan").scores
    attack = scorer.toward("Hasan pembohong, tukang janji palsu, tolak!", "Hasan-Wulan").scores
    news = scorer.toward("KPU menetapkan nomor urut Hasan hari ini", "Hasan-Wulan").scores
    assert support[0] > 0.8
    assert attack[2] > max(attack[:2])
    assert news[1] > 0.6


def test_an_unknown_pair_is_refused(model: Model, samudra: Roster) -> None:
    with pytest.raises(UsageError, match="Siapa"):
        Scorer(model, samudra, 0.5).toward("halo", "Siapa")


def test_no_views_have_no_probabilities(model: Model) -> None:
    assert model.probabilities([]).shape == (0, 3)
    assert softmax(np.zeros((0, 3))).shape == (0, 3)


def test_softmax_is_stable_for_large_numbers() -> None:
    np.testing.assert_allclose(softmax(np.array([[1e4, 0.0, -1e4], [-1e4, -1e4, -1e4]])), [[1, 0, 0], [1 / 3] * 3])


def test_blocks_are_found_by_name() -> None:
    words = block_named("words")
    assert words is not None
    assert words.name == "words"
    assert block_named("other") is None
