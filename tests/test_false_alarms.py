"""Laws of restraint: what is not about the election accuses nobody."""

from __future__ import annotations

from pathlib import Path

import pytest

from netral_nlp.model.model import Model
from netral_nlp.roster import Roster
from netral_nlp.scoring.scorer import Scorer

DATA = Path(__file__).parent / "data"


def posts(name: str) -> list[str]:
    return [line for line in (DATA / name).read_text(encoding="utf-8").splitlines() if line.strip()]


@pytest.fixture(scope="module")
def scorer(full_model: Model, samudra: Roster) -> Scorer:
    return Scorer(full_model, samudra)


def accused(scorer: Scorer, texts: list[str]) -> list[tuple[str, str, str]]:
    found = [(text, scorer.score(text)) for text in texts]
    return [(s.label, s.pair, text) for text, s in found if s.label in ("dukung", "tolak")]


def test_at_most_one_in_a_hundred_posts_off_the_topic_is_accused(scorer: Scorer) -> None:
    texts = posts("offtopic.txt")
    assert len(texts) >= 400
    named = [text for text in texts if scorer.score(text).pair]
    assert len(named) >= 20  # namesakes are among them, or the law would be empty
    found = accused(scorer, texts)
    assert len(found) <= len(texts) // 100, found


def test_calls_for_neutrality_are_never_accused(scorer: Scorer) -> None:
    texts = posts("neutrality.txt")
    assert len(texts) >= 50
    assert accused(scorer, texts) == []


def test_plain_support_is_found_by_the_same_scorer(scorer: Scorer) -> None:
    texts = [
        "Gas terus Pak Hasan! Menang nomor 2 🔥",
        "Pilih Arman Hidayat, lanjutkan kerja baiknya!",
        "Bagas Nadia menang!!! 🤟🔥",
    ]
    assert len(accused(scorer, texts)) >= 2
