"""Many posts read at once for acts are what they are one by one, whatever stands in them and beside them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from netral_nlp.law.columns import LawColumns
from netral_nlp.law.indications import Advisor
from netral_nlp.law.loading import load_rules
from netral_nlp.law.many import ManyReader
from netral_nlp.law.posts import ActPost, read_act_posts, shipped_posts_folder
from netral_nlp.law.rules import days_of_change
from netral_nlp.law.signals import LawPost, Stance
from netral_nlp.model.acts import ActModel
from netral_nlp.model.model import Model
from netral_nlp.roster import Roster
from netral_nlp.scoring.beside import Context
from netral_nlp.scoring.engine import Engine
from netral_nlp.scoring.reading import ReadPosts
from strategies import many, noisy_posts

RULES = load_rules()
STANCES = st.none() | st.sampled_from([Stance(0.9, 0.1, 0.0), Stance(0.1, 0.8, 0.1), Stance(0.0, 0.2, 0.8)])


@pytest.fixture(scope="module")
def acts(lawful_model: Model) -> ActModel:
    assert lawful_model.acts is not None
    return lawful_model.acts


@pytest.fixture(scope="module")
def posts(rosters: Mapping[str, Roster]) -> tuple[ActPost, ...]:
    return read_act_posts([shipped_posts_folder()], rosters, RULES)


@pytest.fixture(scope="module")
def advisor(acts: ActModel, samudra: Roster) -> Advisor:
    return Advisor(acts, RULES, samudra)


@pytest.fixture(scope="module")
def engine(lawful_model: Model, samudra: Roster) -> Engine:
    return Engine(lawful_model, samudra, 0.2)


def read_by(engine: Engine, texts: Sequence[str]) -> list[ReadPosts]:
    read: list[ReadPosts] = []
    engine.score(texts, listen=read.append)
    return read


def check(posts: Sequence[LawPost], engine: Engine, advisor: Advisor, acts: ActModel) -> None:
    """Views, frames, features and scores are those of the reader of one post."""
    many_reader = ManyReader(advisor.reader, acts)
    seen = 0
    for part in read_by(engine, [post.text for post in posts]):
        asked = [(posts[part.first + i], part.first + i) for i in range(len(part.start) - 1)][::-1]
        outlines, tokens, scores = many_reader.read(part, asked)
        for (post, _), outline, told in zip(asked, outlines, scores, strict=True):
            one = advisor.reader.read(post.text, post.action, post.stance, about=post.about)
            whole = many_reader.whole(outline, tokens)
            assert whole.signals == one.signals
            assert whole.interaction == one.interaction == outline.reading.interaction
            assert whole.bags == one.bags
            np.testing.assert_allclose(told, acts.scores(one.bags), rtol=0, atol=1e-9)
            seen += 1
    assert seen == len(posts)


def test_the_posts_written_for_acts_are_read_alike(
    posts: tuple[ActPost, ...], engine: Engine, advisor: Advisor, acts: ActModel
) -> None:
    check([LawPost(p.text, p.time, p.action, p.account) for p in posts[::4]], engine, advisor, acts)


@given(texts=st.lists(noisy_posts(), min_size=1, max_size=12), data=st.data())
@settings(max_examples=many(30))
def test_any_posts_are_read_alike(
    texts: list[str], data: st.DataObject, engine: Engine, advisor: Advisor, acts: ActModel
) -> None:
    made = [
        LawPost(text, "", data.draw(st.sampled_from(["", "suka", "bagikan", "foto"])), "", data.draw(STANCES),
                data.draw(st.booleans()))
        for text in texts
    ]  # fmt: skip
    check(made, engine, advisor, acts)


def test_cells_are_those_of_the_advisor_and_copies_change_none(
    posts: tuple[ActPost, ...], lawful_model: Model, engine: Engine, advisor: Advisor, samudra: Roster
) -> None:
    own = [post for post in posts if post.roster == samudra]
    texts = [post.text for post in own]
    contexts = [Context(post.time, post.action, post.account) for post in own]
    cells = {}
    for times in (1, 3):
        read: list[ReadPosts] = []
        found = engine.score(texts * times, listen=read.append)
        columns = LawColumns.of(lawful_model, samudra, RULES)
        cells[times] = columns.cells(texts * times, contexts * times, None, found, read)
    assert cells[3] == cells[1] * 3
    for at, (post, told) in enumerate(zip(own, cells[1], strict=True)):
        scores = [float(x) for x in found.scores[at]]
        stance = Stance(*scores) if found.pair[at] else None
        advice = advisor.advise(LawPost(post.text, post.time, post.action, post.account, stance))
        assert told[0] == "; ".join(advice.acts)
        if not any(told[3:-1]) and not found.pair[at]:
            continue  # it holds no word of an act, and was read no further
        assert (told[2], told[3], told[4], told[5]) == (advice.phase, advice.kind, advice.level, advice.exception)
        assert told[8] == "; ".join(advice.check)


def test_between_two_days_of_change_every_rule_stays(acts: ActModel, samudra: Roster) -> None:
    tables = ("jenis", "tingkat", "butir", "pengecualian", "syarat_pengecualian")
    changes = days_of_change(RULES, tables)
    assert changes == tuple(sorted(set(changes))) and len(changes) >= 2
    for begin, end in pairwise(changes):
        last = end.fromordinal(end.toordinal() - 1)
        for table in tables:
            assert RULES.all(table, begin) == RULES.all(table, last)
    assert any(RULES.all(table, changes[-1]) != RULES.all(table, changes[-2]) for table in tables)
