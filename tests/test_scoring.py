"""Laws of judging one post: whom it speaks of, which label, how sure, and why."""

from __future__ import annotations

import re
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from netral_nlp.errors import UsageError
from netral_nlp.features.blocks import says_something
from netral_nlp.learning.corpus import Corpus
from netral_nlp.model.evidence import FAINT, SHOWN, describe, push
from netral_nlp.model.model import Model
from netral_nlp.model.thresholds import decide
from netral_nlp.records import LABELS, UNSURE, Evidence
from netral_nlp.resources import data_dir
from netral_nlp.roster import Roster, load_roster, parse_roster
from netral_nlp.scoring.scorer import Scorer, added_columns, cells, support_column
from strategies import many, noisy_posts

SAMUDRA = load_roster(data_dir() / "rosters" / "kota-samudra-2024.toml")
few = settings(max_examples=many(60))


@pytest.fixture(scope="module")
def scorer(model: Model) -> Scorer:
    return Scorer(model, SAMUDRA)


@pytest.mark.parametrize("text", ["", "🔥", "hujan lagi", "NA", "null", "007", "gas terus!!", "✌️✌️"])
def test_a_post_that_names_nobody_is_neutral_toward_nobody(scorer: Scorer, text: str) -> None:
    scored = scorer.score(text)
    assert (scored.pair, scored.label, scored.scores) == ("", "netral", None)
    assert scored.support == (0.0, 0.0, 0.0)
    assert (scored.evidence, scored.words) == ((), "tidak ada paslon yang dikenali")
    assert cells(scored)[2:5] == ("", "", "")
    assert scorer.score_each(text) == [scored]


@few
@given(noisy_posts(), st.sampled_from((None, *SAMUDRA.ids)))
def test_a_post_is_judged_toward_a_pair_it_names_or_its_threads(scorer: Scorer, text: str, about: str | None) -> None:
    named = [SAMUDRA.ids[i] for i in scorer.reader.read(text).pairs]
    scored = scorer.score(text, about)
    each = scorer.score_each(text, about)
    assert [s.pair for s in each] == (list(dict.fromkeys([*named, *([about] if about else [])])) or [""])
    assert scored in each
    if about:
        assert scored.pair == about
        assert scored.scores == scorer.toward(text, about).scores
    elif scored.scores:
        assert all(s.scores and s.scores[1] >= scored.scores[1] - 1e-9 for s in each)


@few
@given(noisy_posts())
def test_scores_are_probabilities_and_support_is_theirs(scorer: Scorer, text: str) -> None:
    for scored in scorer.score_each(text):
        assert scored.label in (*LABELS, UNSURE)
        assert (scored.scores is None) == (not scored.pair)
        if scored.scores:
            assert abs(sum(scored.scores) - 1) < 1e-9
            assert scored.scores[0] == scored.support[SAMUDRA.ids.index(scored.pair)]
            decided = decide(scored.scores, scorer.limits)
            assert scored.label in (decided, UNSURE)
            if scored.label != decided:  # not knowing is no reason to accuse
                view = scorer.reader.view(scorer.reader.read(text), SAMUDRA.ids.index(scored.pair))
                assert not says_something(view)


@few
@given(noisy_posts(), st.sampled_from(SAMUDRA.ids))
def test_judging_toward_a_pair_needs_no_mention(scorer: Scorer, text: str, pair: str) -> None:
    scored = scorer.toward(text, pair)
    assert scored.pair == pair
    view = scorer.reader.view(scorer.reader.read(text), SAMUDRA.ids.index(pair))
    assert scored.scores == tuple(scorer.model.probabilities([view])[0].tolist())


def test_unknown_pairs_are_refused(scorer: Scorer) -> None:
    for call in (scorer.score, scorer.score_each, scorer.toward):
        with pytest.raises(UsageError, match="Siapa"):
            call("halo", "Siapa")


@pytest.mark.parametrize(
    ("scores", "label"),
    [
        ((0.9, 0.05, 0.05), "dukung"),
        ((0.8, 0.1, 0.1), "ragu"),
        ((0.7, 0.2, 0.1), "ragu"),
        ((0.05, 0.05, 0.9), "tolak"),
        ((0.1, 0.05, 0.85), "ragu"),
        ((0.2, 0.6, 0.2), "netral"),
        ((0.3, 0.45, 0.25), "ragu"),
        ((0.25, 0.5, 0.25), "ragu"),
    ],
)
def test_a_label_is_given_above_its_threshold_only(scores: tuple[float, ...], label: str) -> None:
    assert decide(scores, {"dukung": 0.8, "tolak": 0.85}) == label  # type: ignore[arg-type]


def test_the_stricter_the_rate_the_fewer_accusations(full_model: Model, corpus: Corpus) -> None:
    texts = [e.case.text for e in corpus.examples if e.election == "kota-samudra-2024"][::4]
    accused: list[set[str]] = []
    limits: list[dict[str, float]] = []
    for rate in (0.005, 0.01, 0.05, 0.2):
        scorer = Scorer(full_model, SAMUDRA, rate)
        limits.append(scorer.limits)
        accused.append({t for t in texts if scorer.score(t).label in ("dukung", "tolak")})
    assert all(strict <= lenient for strict, lenient in pairwise(accused))
    assert len(accused[0]) < len(accused[-1])
    for label in ("dukung", "tolak"):
        assert [x[label] for x in limits] == sorted((x[label] for x in limits), reverse=True)


@pytest.mark.parametrize("rate", [0.0, 1.0, -0.1, 2.0])
def test_a_rate_that_cannot_be_promised_is_refused(model: Model, rate: float) -> None:
    with pytest.raises(UsageError):
        Scorer(model, SAMUDRA, rate)


@few
@given(noisy_posts())
def test_the_evidence_cell_shows_the_strongest_words_first(scorer: Scorer, text: str) -> None:
    for scored in scorer.score_each(text):
        parts = scored.words.split("; ") if scored.words else []
        values = [abs(float(m[1])) for part in parts if (m := re.search(r" ([+-]\d+\.\d)$", part))]
        assert "\n" not in scored.words
        assert values == sorted(values, reverse=True)
        assert len(values) <= SHOWN


def test_describe_adds_up_equal_words_and_leaves_out_the_faint() -> None:
    items = [
        Evidence("menang", 0, 6, 1.0, 0.0, 0.0),
        Evidence("menang", 9, 15, 1.0, 0.0, 0.0),
        Evidence("tapi", 20, 24, -0.5, 0.0, 0.0),
        Evidence("yang", 30, 34, FAINT / 2, 0.0, 0.0),
        Evidence("dua\n  kata", 40, 50, 0.2, 0.0, 0.0),
        Evidence("x" * 61, 60, 121, 9.0, 0.0, 0.0),
        Evidence("", 0, 0, 9.0, 0.0, 0.0),
    ]
    assert describe(items, 0) == "menang +2.0; tapi -0.5; dua kata +0.2"
    assert describe(items[:1], 2) == "menang -0.5"
    assert push(items[0], 0) == 1.0
    many = [Evidence(f"kata{i}", i, i + 1, 1.0 + i, 0.0, 0.0) for i in range(20)]
    assert len(describe(many, 0).split("; ")) == SHOWN


def test_the_columns_are_those_of_the_contract(scorer: Scorer, samudra: Roster) -> None:
    columns = added_columns(samudra)
    assert columns == (
        "paslon", "label", "skor_dukung", "skor_netral", "skor_tolak", "dukung_1", "dukung_2", "dukung_3", "bukti",
    )  # fmt: skip
    scored = scorer.score("Gas Hasan nomor 2!")
    row = cells(scored)
    assert len(row) == len(columns)
    assert row[:2] == ("Hasan-Wulan", scored.label)
    assert row[-1] == scored.words != ""


def test_a_pair_without_a_number_has_a_column_by_its_name() -> None:
    head = '[election]\nid = "x-2024"\nname = "X"\noffice = "mayor"\n'
    roster = parse_roster(head + '[[pair]]\nid = "Budi S"\ncandidate = "Budi"\nkind = "bakal calon"\n')
    assert support_column(roster.pairs[0]) == "dukung_Budi_S"
