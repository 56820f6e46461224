"""Laws of cutting hashtags: the fast way gives the words of the plain one."""

from __future__ import annotations

import random
import string
from functools import cache

import pytest
from hypothesis import given
from hypothesis import strategies as st

from netral_nlp.text.hashtags import _segment, split_tag
from netral_nlp.text.lexicon import dictionary, protected_roots, slang
from running import steps

ENDINGS = ("kan", "an", "nya", "ku", "lah", "i")


@cache
def listed() -> frozenset[str]:
    return dictionary() | protected_roots() | {word for word in slang() if len(word) > 3}


def known(word: str) -> bool:
    stems = [word[: -len(ending)] for ending in ENDINGS if word.endswith(ending)]
    return word in listed() or word.isdigit() or any(len(stem) > 3 and stem in dictionary() for stem in stems)


def segmented(tag: str) -> list[tuple[int, int]]:
    """The rule itself: a known word of 3 to 14 letters costs 1, any other letter 1.6; all are tried everywhere."""
    best: list[tuple[float, int]] = [(0.0, 0)]  # cost of tag[:i], where its last word begins
    for end in range(1, len(tag) + 1):
        cost, begin = best[end - 1][0] + 1.6, end - 1
        for start in range(max(0, end - 14), end - 2):
            if best[start][0] + 1.0 < cost and known(tag[start:end]):
                cost, begin = best[start][0] + 1.0, start
        best.append((cost, begin))
    spans: list[tuple[int, int]] = []
    end = len(tag)
    while end:
        start = best[end][1]
        if end - start == 1 and spans and not known(tag[spans[-1][0] : spans[-1][1]]):
            spans[-1] = (start, spans[-1][1])
        else:
            spans.append((start, end))
        end = start
    return spans[::-1]


@cache
def vocabulary() -> list[str]:
    return sorted(word for word in listed() if word.isalpha())


@st.composite
def joined_tags(draw: st.DrawFn) -> str:
    """Words, words with endings, parts of words, noise, digits and foreign letters without anything between them."""
    word = st.sampled_from(vocabulary())
    noise = st.text(string.ascii_lowercase, min_size=1, max_size=9)
    part = st.one_of(
        word,
        st.tuples(word, st.sampled_from(ENDINGS)).map("".join),
        st.tuples(word, st.integers(1, 9)).map(lambda cut: cut[0][: cut[1]]),
        noise,
        st.sampled_from(("di", "ke", "mi", "2024", "02", "1", "é", "²", "٣", "ß", "-", "aaaa", "kata2", "t0lol")),
    )
    return "".join(draw(st.lists(part, min_size=1, max_size=9)))[:80]


@given(joined_tags())
def test_a_joined_tag_falls_into_the_words_of_the_rule(tag: str) -> None:
    assert _segment(tag) == segmented(tag)


@pytest.mark.parametrize("letters", ["abcdefghijklmnopqrstuvwxyz", "aiknm", "serabutn", "1a", "é1k"])
def test_a_random_tag_falls_into_the_words_of_the_rule(letters: str) -> None:
    chance = random.Random(4)
    for length in [*range(1, 60), 120]:
        tag = "".join(chance.choices(letters, k=length))
        assert _segment(tag) == segmented(tag), tag


def test_every_listed_word_is_one_word_or_as_the_rule_has_it() -> None:
    for word in vocabulary()[::23]:
        for tag in (word, f"x{word}", f"{word}nya{word}"):
            assert _segment(tag) == segmented(tag), tag


def test_random_tags_take_a_tenth_of_the_steps_that_trying_all_words_takes() -> None:
    chance = random.Random(6)
    first, *tags = ("".join(chance.choices(string.ascii_lowercase, k=59)) for _ in range(60))
    split_tag(first)
    assert 10 * sum(steps(split_tag, tag) for tag in tags) < sum(steps(segmented, tag) for tag in tags)
