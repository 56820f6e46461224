"""What a word tells of mentions before its post is looked at: where none can begin, and where one stands for sure."""

from __future__ import annotations

from itertools import chain
from typing import NamedTuple

from netral_nlp.roster.context import (
    AFTER_NAMESAKES,
    AND,
    BALLOT,
    BEFORE_NAMESAKES,
    COUNTED,
    ELECTORAL,
    FINGERS,
    LIKELY,
    NUMBER_WORDS,
    NUMERALS,
    PLACES,
    PRAISE,
    RALLY,
    SURE,
    TITLES,
    is_padded,
)
from netral_nlp.roster.matcher import Matcher
from netral_nlp.roster.names import HASHTAG, NAME, SOMEBODY, TAGGED_NAME
from netral_nlp.roster.needs import INTENSIFIERS, Need
from netral_nlp.roster.numerals import number_of
from netral_nlp.roster.reading import EMPTY_BOX
from netral_nlp.text.words import HANDLE, NUMBER, TAG, TAG_WORD, WORD, Word

# Bits of one number.
BEGINS = 1  # a mention may begin here
NUMERAL = 2  # only as a ballot number, and only behind a word that counts ballots or before fingers
BALLOTS = 4  # such a word
OPENS = 8  # only as the first word of a longer name, and only before a word that such a name goes on with
GOES_ON = 16  # such a word
TOUCHES = 32  # beside a name this word may change what the name stands for, or how far it goes
ALWAYS = 64  # a mention whatever stands around it
ELECTIONS = 128  # the post speaks of elections
COUNTS = 256  # fingers, before which a ballot number may stand
ASIDE = 512  # a pair's number, or an ordinary word: what stands a little aside may decide what it is
WEIGHS = 1024  # such a word
BITS = 11


class Alone(NamedTuple):
    """The mention that a word is when no word beside it touches it.

    ``certainty`` is as the matcher tells it: None surely, True in a post that speaks of elections or surely names a
    pair, False in one that surely names the same pair.
    """

    pair: int
    kind: str
    certainty: bool | None


class Screening:
    """Tells the bits of words for one matcher, so that it must look closely at the doubtful posts alone.

    A word of letters a to z begins no mention if neither it nor, where a letter stands twice in a row, what it is with
    that letter once is one of ``names``; its bits are then those in which it is ``listed``.
    """

    def __init__(self, matcher: Matcher) -> None:
        self._matcher = matcher
        self._later = frozenset(chain.from_iterable(phrase[1:] for phrase in matcher.phrases))
        names = frozenset(chain.from_iterable(matcher.name_words))
        self._touching = TITLES | BEFORE_NAMESAKES | AFTER_NAMESAKES | AND | self._later | names
        listed = (
            (SURE | LIKELY | NUMBER_WORDS, BALLOTS),
            (FINGERS, COUNTS),
            (self._later, GOES_ON),
            (self._touching, TOUCHES),
            (ELECTORAL, ELECTIONS),
            (BALLOT | PLACES | COUNTED | RALLY | PRAISE | INTENSIFIERS, WEIGHS),
        )
        self.listed: dict[str, int] = {}
        for words, bit in listed:
            for word in words:
                self.listed[word] = self.listed.get(word, 0) | bit

        numerals = (word for word, value in NUMERALS.items() if value in matcher.numbers)
        self.names = frozenset(chain(matcher.beginnings(), numerals))

    def of(self, word: Word) -> tuple[int, Alone | None]:
        """The bits of a word, and the mention that it is alone where it can be one."""
        matcher, surface, kind = self._matcher, word.surface, word.kind
        bits = self.listed.get(surface, 0)
        if not matcher.may_begin(word):
            return bits, None
        bits |= BEGINS | (ASIDE if surface in matcher.ordinary else 0)
        if kind in (HANDLE, TAG):
            alone = self._tagged(word)
            return bits | (ALWAYS if alone.kind != NAME else 0), alone  # a name with an @ takes the Pak before it along
        if kind not in (WORD, TAG_WORD, NUMBER):
            return bits, None
        if number_of(word) in matcher.numbers:
            bits |= ASIDE
            return bits | (0 if is_padded(surface) or matcher.is_name(surface) else NUMERAL), None
        if kind == NUMBER:
            return bits, None
        name = matcher.phrases.get((surface,))
        if name is not None:
            return bits, self._named(word, name.pairs, name.need, name.kind)
        pair = matcher.slip_or_joined(surface)
        if pair is None:
            return bits | OPENS, None
        return bits, Alone(pair, TAGGED_NAME if kind == TAG_WORD else NAME, None)

    def _tagged(self, word: Word) -> Alone:
        matcher, surface = self._matcher, word.surface
        if word.kind == HANDLE and (owner := matcher.account(surface)) is not None:
            return Alone(*owner, None)
        if surface in matcher.tags:
            return Alone(*matcher.tags[surface], None)
        return Alone(matcher.joined[surface[1:]], HASHTAG, None)

    def _named(self, word: Word, pairs: set[int], need: Need, kind: str) -> Alone | None:
        pair = next(iter(pairs)) if len(pairs) == 1 else SOMEBODY
        if need is Need.NEIGHBOURS:
            return None
        if word.kind == TAG_WORD:
            return Alone(pair, TAGGED_NAME, None)
        box = pair != SOMEBODY and self._matcher.roster.pairs[pair].kind == EMPTY_BOX
        if box or word.surface in TITLES or (need is Need.STANDING and word.case):
            return None
        if need is Need.NOTHING or (need is Need.CAPITAL and word.case):
            return Alone(pair, kind, None)
        return Alone(pair, kind, need is Need.CAPITAL)
