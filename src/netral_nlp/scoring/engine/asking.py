"""The mentions that the core cannot tell by itself: clusters of words, and posts that have a say as a whole."""

from __future__ import annotations

from collections.abc import Sequence

from netral_nlp.roster.context import TITLES, Surroundings
from netral_nlp.roster.matcher import Matcher
from netral_nlp.roster.names import Mention, merged, with_address
from netral_nlp.roster.numerals import number_of
from netral_nlp.text.words import Word


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


def settle(matcher: Matcher, words: Sequence[Word], begins: Sequence[int]) -> tuple[Mention, ...] | None:
    """The mentions among words, or None where the rest of their post has a say.

    The words beside these must not touch names (``screening.TOUCHES``); ``begins`` are the places where a mention may
    begin. For such words the answer is that of ``Matcher.find`` on any post that they stand in.
    """
    post = _Aside(words)
    found: list[Mention] = []
    passed = 0
    try:
        for at in begins:
            surface = words[at].surface
            if (
                surface in matcher.ordinary
                or number_of(words[at]) in matcher.numbers
                or (surface in TITLES and surface in matcher.single_names)
            ):
                return None  # what stands farther before, or which case the next word has, decides
            told = matcher.mention_at(post, at) if at >= passed else None
            if told is None:
                continue
            if told[1] is not None:
                return None
            found.append(with_address(told[0], words, passed))
            passed = found[-1].end
    except _PostNeededError:
        return None
    return tuple(merged(found, words))
