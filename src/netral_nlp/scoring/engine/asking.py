"""The mentions that the core cannot tell by itself: clusters of words, and posts that have a say as a whole."""

from __future__ import annotations

from collections.abc import Sequence

from netral_nlp.roster.context import TITLES, Surroundings
from netral_nlp.roster.matcher import Matcher
from netral_nlp.roster.names import Mention, merged, with_address
from netral_nlp.roster.numerals import number_of
from netral_nlp.text.words import TAG_WORD, WORD, Word


class _PostNeededError(Exception):
    """Only the whole post can tell."""


class _Aside(Surroundings):
    """Some words without their post."""

    @property
    def surfaces(self) -> frozenset[str]:
        raise _PostNeededError

    @property
    def capitals(self) -> tuple[int, int, int]:
        raise _PostNeededError

    def between(self, at: int) -> str:
        raise _PostNeededError


REACH = (4, 3)  # words before a number or an ordinary word and behind it that may say what it is
NO_MATTER = Word("", "", 0, 0, WORD)  # a word outside a cluster that has no say

Told = list[tuple[Mention, bool | None]]  # mentions, and how certain each is, as ``Matcher.mention_at`` tells it


def settle(matcher: Matcher, words: Sequence[Word], begins: Sequence[int]) -> Told | None:
    """The mentions among words, or None where the rest of their post has a say.

    The words beside these must not touch names (``screening.TOUCHES``); where one of them is a pair's number or an
    ordinary word, those within ``REACH`` stand here, too, if only as ``NO_MATTER``. ``begins`` are the places where a
    mention may begin. For such words the answer is that of ``Matcher.find`` on any post that they stand in.
    """
    post = _Aside(words)
    found: Told = []
    passed = 0
    try:
        for at in begins:
            if _looks_farther(matcher, words, at):
                return None  # what stands farther before, or which case the next word has, decides
            told = matcher.mention_at(post, at) if at >= passed else None
            if told is None:
                continue
            found.append((with_address(told[0], words, passed), told[1]))
            passed = found[-1][0].end
    except _PostNeededError:
        return None
    if all(certainty is None for _, certainty in found):
        return [(mention, None) for mention in merged([mention for mention, _ in found], words)]
    return found if len(found) == 1 else None  # what is unsure may go, and its neighbours then are others


def _looks_farther(matcher: Matcher, words: Sequence[Word], at: int) -> bool:
    word, surface = words[at], words[at].surface
    if word.kind == TAG_WORD and (surface in matcher.ordinary or number_of(word) in matcher.numbers):
        return True
    return surface in TITLES and surface in matcher.single_names
