"""Posts made to break the core in C: it judges them as plain Python does, in threads too, whatever stands beside them.

``.ci/sanitized`` runs this under AddressSanitizer and UBSan.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest

from cores import core
from netral_nlp.model.model import Model
from netral_nlp.roster import Roster
from netral_nlp.scoring.engine import Engine
from netral_nlp.scoring.reading import ReadPosts
from strategies import FRAGMENTS, FULL, LONG, NAMES
from tally import attempt

POSTS = 200_000 if FULL else 2_000
TOGETHER = 250
BLANKS = " \t\n\r\v\f\x1c\x1d\x1e\x1f\x85\xa0\u1680\u2000\u2028\u2029\u202f\u205f\u3000"
BORDERS = (
    0, 9, 31, 32, 47, 48, 57, 64, 91, 127, 0x80, 0xFF, 0x130, 0x131, 0x17F, 0x2BC, 0x300, 0x345, 0x590, 0x7FF, 0x800,
    0xD7FF, 0xD800, 0xDBFF, 0xDC00, 0xDFFF, 0xE000, 0xFB01, 0xFDFA, 0xFE0F, 0xFEFF, 0xFFFD, 0xFFFF, 0x10000, 0x1D5FD,
    0x1F1E6, 0x1F3FB, 0x1F525, 0xE0061, 0xE007F, 0x10FFFF,
)  # fmt: skip


def any_character(chance: random.Random) -> str:
    """One of any size in UTF-8, often at a border; lone surrogates too."""
    if chance.random() < 0.5:
        return chr(chance.choice(BORDERS))
    return chr(chance.randrange(1 << chance.choice((7, 8, 11, 16, 20))))


def damaged(text: str, chance: random.Random) -> str:
    """A post that some program has cut, joined, repeated or sent through the wrong encoding."""
    at = chance.randrange(len(text) + 1)
    return chance.choice((
        text[:at],
        text[at:] + text[:at],
        text[:at] + any_character(chance) + text[at:],
        text[:at] + text[at : at + 1] * chance.choice((2, 3, 64, 65, 300, 301)) + text[at:],
        text.encode("utf-8", "surrogatepass").decode("latin-1"),
        text.encode("utf-8", "surrogatepass")[:at].decode("utf-8", "replace"),
        text.swapcase(),
        text[::-1],
    ))  # fmt: skip


def hostile_post(chance: random.Random) -> str:
    """One post: fragments, any characters, words of edge lengths, and damage to all of them."""
    kind = chance.random()
    if kind < 0.02:
        unit = chance.choice((*FRAGMENTS, any_character(chance), *NAMES))
        text = unit * (chance.choice((60, 63, 64, 65, 299, 300, 301, 2_000, 20_000)) // max(1, len(unit)))
    elif kind < 0.15:
        text = "".join(any_character(chance) for _ in range(chance.randrange(40)))
    else:
        parts = []
        for _ in range(chance.randrange(14)):
            part = chance.choice(NAMES if chance.random() < 0.3 else LONG if chance.random() < 0.02 else FRAGMENTS)
            parts.append(part + (chance.choice(BLANKS) * chance.randrange(3)))
        text = "".join(parts)
    while chance.random() < 0.3:
        text = damaged(text, chance)
    return chance.choice(("hasan ", "", "")) + text


def hostile_posts(count: int, seed: int) -> list[str]:
    chance = random.Random(seed)
    return [hostile_post(chance) for _ in range(count)]


def read_alike(found: Sequence[ReadPosts], wanted: Sequence[ReadPosts]) -> bool:
    """Whether words and mentions are the same; where distinct words stand in their list means nothing."""
    for a, b in zip(found, wanted, strict=True):
        words = [[one.distinct[at] for at in one.word.tolist()] for one in (a, b)]
        places = ("begin", "start", "left", "right", "mention_first", "mention_last", "mention_pair", "mention_kind")
        if words[0] != words[1] or not all(np.array_equal(getattr(a, at), getattr(b, at)) for at in places):
            return False
    return True


@pytest.fixture(scope="module")
def judge(model: Model, samudra: Roster) -> Callable[[int], str]:
    """Judges some hostile posts with both cores; the fault that was found, empty where there is none."""
    with core("native"):
        native = Engine(model, samudra, 0.1, remembered=3_000)  # forgets often
    with core("plain"):
        plain = Engine(model, samudra, 0.1)
    ids = (None, None, *samudra.ids)

    def judge(seed: int) -> str:
        texts = hostile_posts(TOGETHER, seed)
        abouts = [random.Random(seed).choice(ids) for _ in texts]
        for per_pair in (False, True):
            read: tuple[list[ReadPosts], list[ReadPosts]] = ([], [])
            found = native.score(texts, abouts, per_pair=per_pair, listen=read[0].append)
            wanted = plain.score(texts, abouts, per_pair=per_pair, listen=read[1].append)
            same = (found.post, found.pair, found.label, found.words) == (
                wanted.post, wanted.pair, wanted.label, wanted.words,
            )  # fmt: skip
            numbers = ((found.scores, wanted.scores), (found.support, wanted.support))
            if not same or not all(np.allclose(a, b, rtol=0, atol=1e-9, equal_nan=True) for a, b in numbers):
                return f"the judgements of posts {seed} differ"
            if not read_alike(*read):
                return f"the words or mentions of posts {seed} differ"
        return ""

    return judge


def test_hostile_posts_are_judged_as_plain_python_judges_them(judge: Callable[[int], str]) -> None:
    for seed in range(POSTS // TOGETHER):
        with attempt("posts made to break the core", TOGETHER):
            assert judge(seed) == ""


def test_hostile_posts_in_threads_are_judged_alike(judge: Callable[[int], str]) -> None:
    seeds = range(1_000_000, 1_000_000 + max(4, POSTS // TOGETHER // 10))
    with ThreadPoolExecutor(4) as threads:
        assert list(filter(None, threads.map(judge, seeds))) == []
