"""Laws of how the engine reads words: as the readable path reads them, one post and one piece at a time."""

from __future__ import annotations

import random
import re
from collections.abc import Mapping, Sequence

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

import netral_nlp.scoring.engine.table as table_module
from cores import CORES, core
from netral_nlp.features.reader import Reader
from netral_nlp.model.model import Model
from netral_nlp.roster import Roster
from netral_nlp.roster.misspellings import one_edit_apart, slips
from netral_nlp.scoring.engine import Engine
from netral_nlp.scoring.engine.vocabulary import KINDS
from netral_nlp.scoring.reading import ReadPosts
from netral_nlp.scoring.scorer import Scorer, cells
from netral_nlp.text.lexicon import dictionary
from netral_nlp.text.words import analyse_piece, letters_word, shorten
from strategies import FRAGMENTS, many, noisy_posts

few = settings(max_examples=many(80), deadline=None, suppress_health_check=list(HealthCheck))
texts = st.one_of(noisy_posts(), st.text(max_size=30))
ROSTERS = ("kota-samudra-2024", "pilpres-fiksi", "kab-kayan-2020", "pilpres-nusantara-bakal")


@pytest.fixture(scope="module", params=CORES)
def engines(request: pytest.FixtureRequest, model: Model, rosters: Mapping[str, Roster]) -> Mapping[str, Engine]:
    with core(request.param):
        return {name: Engine(model, rosters[name], 0.1, remembered=300) for name in ROSTERS}


def read_by(engine: Engine, posts: Sequence[str]) -> ReadPosts:
    read: list[ReadPosts] = []
    engine.score(posts, listen=read.append)
    (one,) = read
    return one


@few
@given(posts=st.lists(texts, min_size=1, max_size=8), roster=st.sampled_from(ROSTERS))
@example(posts=["a\x1cb\x85c\u2028d\u00a0e\u3000f\u200bg"], roster="kota-samudra-2024")
@example(
    posts=["hasan " + "\u00e9" * 299 + "\u00c3\xa0 arman", "x" * 301 + " 0 2", "0812 3456 7890"],
    roster="kota-samudra-2024",
)
@example(posts=["\ud800 Arman \udfff", "", "b'Arman'"], roster="kota-samudra-2024")
def test_words_and_mentions_are_those_of_the_reader(
    posts: list[str], roster: str, rosters: Mapping[str, Roster], engines: Mapping[str, Engine]
) -> None:
    reader = Reader(rosters[roster])
    read = read_by(engines[roster], posts)
    assert read.start.tolist()[0] == 0 and len(read.start) == len(posts) + 1
    mentions = list(
        zip(*(c.tolist() for c in (read.mention_pair, read.mention_kind, read.mention_first, read.mention_last)),
            strict=True)
    )  # fmt: skip
    wanted_mentions = []
    for post, text in enumerate(posts):
        wanted = reader.read(text)
        first, last = read.start[post : post + 2].tolist()
        begin = int(read.begin[post])
        found = [
            read.distinct[word]._replace(start=left - begin, end=right - begin)
            for word, left, right in zip(
                *(c[first:last].tolist() for c in (read.word, read.left, read.right)), strict=True
            )
        ]
        assert tuple(found) == wanted.words
        assert read.joined[begin : begin + len(text)] == text
        wanted_mentions += [(m.pair, KINDS.index(m.kind), first + m.start, first + m.end) for m in wanted.mentions]
    assert mentions == wanted_mentions


def test_pieces_that_share_a_hash_are_told_apart(
    model: Model, samudra: Roster, monkeypatch: pytest.MonkeyPatch
) -> None:
    chance = random.Random(3)
    halves = ["pemimpin", "berjuang", "menolong", "#Menolak", "terbaik!"]
    words = [a + b for a in halves for b in halves]  # with such a key a + b and b + a have one hash
    monkeypatch.setattr(table_module.os, "urandom", bytes)
    posts = [" ".join([*chance.choices(words, k=5), *chance.choices(FRAGMENTS, k=5)]) for _ in range(200)]
    with core("native"):
        engine = Engine(model, samudra, 0.1)
    found = [row for a in range(0, 200, 60) for row in engine.score(posts[a : a + 60]).rows()]
    scorer = Scorer(model, samudra, 0.1)
    for got, text in zip(found, posts, strict=True):
        want = cells(scorer.score(text))
        assert (got[0], got[1], got[-1]) == (want[0], want[1], want[-1])


@few
@given(word=st.one_of(st.from_regex(r"[A-Za-z]{1,9}", fullmatch=True), st.sampled_from(sorted(dictionary()))))
@example(word="BKN")
@example(word="wkwkwk")
def test_a_word_of_letters_is_read_as_any_piece(word: str) -> None:
    if word.isascii() and word.isalpha():
        assert letters_word(word) == analyse_piece(word + "\u2060")[0]  # which goes through all steps


def shorten_by_patterns(word: str) -> str:
    """The rules of drawn-out words as three patterns."""
    double = r"([^\W\d_])\1"
    if not re.search(double, word):
        return word
    word = re.sub(r"(?<=\w{3})([^\W\d_sloe])\1$", r"\1", re.sub(r"([^\W\d_])\1{2,}", r"\1", word))
    single = re.sub(double, r"\1", word)
    return single if word not in dictionary() and single in dictionary() else word


@few
@given(
    word=st.one_of(st.text("aabslo2_-é²e", min_size=1, max_size=9), st.sampled_from(sorted(dictionary()))),
    data=st.data(),
)
def test_drawn_out_words_are_shortened_by_the_rules(word: str, data: st.DataObject) -> None:
    at = data.draw(st.integers(0, len(word) - 1))
    word = word[:at] + word[at] * data.draw(st.integers(1, 4)) + word[at + 1 :]
    assert shorten(word) == shorten_by_patterns(word)


@few
@given(name=st.text("abcn", min_size=2, max_size=7), word=st.text("abcnz", min_size=1, max_size=8))
def test_slips_are_the_words_one_edit_apart(name: str, word: str) -> None:
    assert (word in slips(name)) == one_edit_apart(word, name)
