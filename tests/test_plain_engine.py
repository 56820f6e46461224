"""Laws of what stands in for the core where none was built: it remembers words, and tells all that it has read."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from cores import CORES, core
from netral_nlp.features.reader import Reader
from netral_nlp.learning.corpus import Corpus
from netral_nlp.model.model import Model
from netral_nlp.roster import Roster
from netral_nlp.roster.matcher import Mention
from netral_nlp.scoring.engine import Engine
from netral_nlp.scoring.reading import ReadPosts
from netral_nlp.scoring.scorer import Scorer
from running import steps
from strategies import many, noisy_posts

few = settings(max_examples=many(60), deadline=None, suppress_health_check=list(HealthCheck))


@pytest.fixture(scope="module", params=CORES)
def engine(request: pytest.FixtureRequest, model: Model, samudra: Roster) -> Engine:
    with core(request.param):
        return Engine(model, samudra, 0.1, remembered=200)  # forgets all the time


@few
@given(posts=st.lists(noisy_posts(), max_size=8))
@example(posts=["Pak Hasan \U0001f525 menang", "", "#ArmanLestari arman"])
def test_a_listener_is_told_what_the_reader_reads(
    posts: list[str], engine: Engine, model: Model, samudra: Roster
) -> None:
    heard: list[ReadPosts] = []
    engine.score(posts, listen=heard.append)
    (read,) = heard
    reader = Reader(samudra, model.stem)
    assert read.first == 0
    mentions = list(zip(read.mention_pair, read.mention_kind, read.mention_first, read.mention_last, strict=True))
    for number, text in enumerate(posts):
        wanted = reader.read(text)
        here = range(read.start[number], read.start[number + 1])
        begin = read.begin[number]
        found = [
            read.distinct[read.word[at]]._replace(start=read.left[at] - begin, end=read.right[at] - begin)
            for at in here
        ]
        assert tuple(found) == wanted.words
        assert [read.joined[read.left[at] : read.right[at]] for at in here] == [text[w.start : w.end] for w in found]
        named = [
            Mention(pair, read.kinds[kind], a - here.start, b - here.start)
            for pair, kind, a, b in mentions
            if a in here
        ]
        assert tuple(named) == wanted.mentions
    assert len(mentions) == sum(len(reader.read(text).mentions) for text in posts)


def test_words_that_are_known_already_take_a_quarter_of_the_steps_of_the_scorer(
    model: Model, samudra: Roster, corpus: Corpus
) -> None:
    posts = [text for e in corpus.examples[::40] if samudra.pairs[0].candidate not in (text := e.case.text)]
    posts = [f"Pak Hasan {text}" for text in posts[:40]]
    scorer = Scorer(model, samudra, 0.1)
    with core("plain"):
        plain = Engine(model, samudra, 0.1)
    plain.score(posts)
    for post in posts:
        scorer.score(post)
    assert 4 * steps(plain.score, posts) < steps(lambda: [scorer.score(post) for post in posts])
