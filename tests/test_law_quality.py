"""How good acts are told: on writers left out of the fit, and on texts that must stay quiet."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path

import pytest

from netral_nlp.law.fitting import train_acts
from netral_nlp.law.indications import Advisor, LawPost
from netral_nlp.law.loading import load_rules
from netral_nlp.law.posts import read_act_posts, shipped_posts_folder
from netral_nlp.model.acts import ActModel
from netral_nlp.model.model import Model
from netral_nlp.roster import Roster

DATA = Path(__file__).parent / "data"


@pytest.fixture(scope="module")
def acts(full_model: Model, rosters: Mapping[str, Roster]) -> ActModel:
    rules = load_rules()
    return train_acts(read_act_posts([shipped_posts_folder()], rosters, rules), full_model, rules)


def quiet_texts() -> list[str]:
    news = (DATA / "news.txt").read_text(encoding="utf-8").split("\n\n")
    sentences = [s for article in news for s in re.split(r"(?<=[.!?])\s+", article.strip()) if s]
    neutral = [line for line in (DATA / "neutrality.txt").read_text(encoding="utf-8").splitlines() if line.strip()]
    assert len(news) >= 5
    assert len(neutral) >= 60
    return [*news, *sentences, *neutral]


def test_news_and_posts_about_neutrality_indicate_no_act(acts: ActModel, samudra: Roster) -> None:
    judge = Advisor(acts, load_rules(), samudra)
    loud = {text: judge.advise(LawPost(text)).acts for text in quiet_texts()}
    assert {text: found for text, found in loud.items() if found} == {}
