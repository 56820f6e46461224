"""Many posts read for acts at once: each distinct word is looked at once, and only what sums need is made of a post.

What comes out equals ``ActReader.read`` and ``ActModel.scores`` post by post, which are the readable law of it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any, NamedTuple

import numpy as np

from netral_nlp.arrays import Bools as Flags
from netral_nlp.arrays import Floats, Ints, ragged
from netral_nlp.law.acts import ActReader, ActReading
from netral_nlp.law.clauses import BORDERS, ROLES, TURNS, ActToken, ActView, Clause, quotes_in, role_of
from netral_nlp.law.cues import REMEMBERED, Entry
from netral_nlp.law.pairing import WordPairs
from netral_nlp.law.signals import (
    MASKED,
    LawPost,
    class_features,
    clause_features,
    fact_features,
    facts_of,
    frame_features,
    row_features,
)
from netral_nlp.model.acts import ActModel
from netral_nlp.roster.matcher import NUMERAL, SYMBOL
from netral_nlp.scoring.reading import ReadPosts
from netral_nlp.text.words import Word

_NO_KINDS: frozenset[str] = frozenset()
_BORDER = np.zeros(max(map(ord, BORDERS)) + 2, dtype=np.bool_)
_BORDER[[ord(one) for one in BORDERS]] = True  # the last place stands for all signs behind


class Card(NamedTuple):
    """What a distinct word, or a role, is to the law layer; ``part`` is its number among the words of the act model."""

    entry: Entry
    part: int
    masked: bool
    turns: bool
    seconds: frozenset[str]  # what it may be as the second word of a phrase


class Known(dict[tuple[Any, ...], tuple[int, ...]]):
    """The numbers of the features that follow from something, found when first asked for."""

    def __init__(self, index: dict[str, int], features: Callable[..., Iterable[str]]) -> None:
        super().__init__()
        self._index, self._features = index, features

    def __missing__(self, key: tuple[Any, ...]) -> tuple[int, ...]:
        if len(self) > REMEMBERED:
            self.clear()
        found = tuple(self._index[one] for one in self._features(*key) if one in self._index)
        self[key] = found
        return found


Asked = Sequence[tuple[LawPost, int]]
"""The posts to be read, each with its number among those scored."""


@dataclass(frozen=True, slots=True)
class Outline:
    """A post as far as sums need it: its reading without tokens, which are ``first:last`` of all."""

    reading: ActReading
    first: int
    last: int


@dataclass(frozen=True, slots=True)
class Tokens:
    """The tokens of all posts asked for: ``start`` is where each post's begin, ``card`` the number of each's card."""

    start: Ints
    card: Ints
    first: Ints  # words of the post
    last: Ints
    left: Ints  # characters of the post
    right: Ints
    cards: list[Card]
    kinds: list[tuple[str, ...]]
    begins: Ints  # the tokens that begin a clause
    quoted: list[bool]


class ManyReader:
    """Reads posts for acts. Shared by no threads."""

    def __init__(self, reader: ActReader, acts: ActModel) -> None:
        self._reader, self._acts = reader, acts
        words, cues, frames, facts = acts.index
        self._pairs = WordPairs(words)
        self._alone = Known(cues, class_features)
        self._row = Known(cues, row_features)
        self._clause = Known(cues, clause_features)
        self._frame = Known(frames, frame_features)
        self._fact = Known(facts, fact_features)
        self._cards: dict[tuple[str, str, str], Card] = {}
        self._roles = {kind: self._role(*role) for kind, role in ROLES.items()}

    def _role(self, form: str, kinds: tuple[str, ...]) -> Card:
        return Card(Entry(form, kinds, {}), self._pairs.part(form), form in MASKED, False, frozenset())

    def _card(self, word: Word) -> Card:
        key = (word.surface, word.form, word.kind)
        card = self._cards.get(key)
        if card is None:
            if len(self._cards) > REMEMBERED:
                self._cards.clear()
            (entry,) = self._reader.lists.entries((word,))
            stem = entry.stem
            seconds = frozenset((word.surface, word.form, stem))
            card = Card(entry, self._pairs.part(stem), stem in MASKED, stem in TURNS, seconds)
            self._cards[key] = card
        return card

    def read(self, read: ReadPosts, asked: Asked) -> tuple[list[Outline], Tokens, Floats]:
        """The posts asked for, of those that were read, with the scores of the act model, shape (asked, outputs)."""
        tokens = self._tokens(read, asked)
        outlines: list[Outline] = []
        features: list[int] = []
        counts: list[int] = []
        begins = tokens.begins.tolist()
        at = 0
        pairs = _pairs_of(read, asked)
        for (one, _), first, last, named in zip(
            asked, tokens.start[:-1].tolist(), tokens.start[1:].tolist(), pairs, strict=True
        ):
            before = len(features)
            clauses: list[Clause] = []
            while at < len(begins) and begins[at] < last:
                begin, end = begins[at], begins[at + 1] if at + 1 < len(begins) and begins[at + 1] < last else last
                clauses.append(self._one_clause(tokens, begin - first, end - first, first, features))
                at += 1
            view = ActView((), tuple(clauses), _NO_KINDS.union(*[c.kinds for c in clauses]), named, ())
            reading = self._reader.signals(view, one.text, one.action, one.stance, about=one.about)
            for frame in reading.signals.frames:
                features += self._frame[(frame,)]
            features += self._fact[facts_of(reading.signals)]
            outlines.append(Outline(reading, first, last))
            counts.append(len(features) - before)
        post, feature = self._pairs.of(tokens.start, tokens.card, tokens.cards)
        owner = np.repeat(np.arange(len(asked), dtype=np.intp), counts)
        scores = self._acts.scores_of_many(
            len(asked), np.concatenate([post, owner]), np.concatenate([feature, np.array(features, dtype=np.intp)])
        )
        return outlines, tokens, scores

    def _one_clause(self, tokens: Tokens, begin: int, end: int, first: int, features: list[int]) -> Clause:
        """A clause, tokens ``begin:end`` of its post; the features of its classes go to the others."""
        quoted = tokens.quoted[first + begin]
        held = [kinds for kinds in tokens.kinds[first + begin : first + end] if kinds]
        if not held:
            return Clause(begin, end, _NO_KINDS, quoted)
        before: tuple[str, ...] = ()
        for kinds in held:
            features += self._alone[kinds, quoted]
            if before:
                features += self._row[before, kinds, quoted]
            before = kinds
        together = _NO_KINDS.union(*held)
        features += self._clause[together, quoted]
        return Clause(begin, end, together, quoted)

    def whole(self, outline: Outline, tokens: Tokens) -> ActReading:
        """The reading of a post with its tokens, as ``ActReader.read`` gives it."""
        at = slice(outline.first, outline.last)
        stems = [tokens.cards[card].entry.stem for card in tokens.card[at].tolist()]
        found = zip(stems, tokens.kinds[at], tokens.first[at].tolist(), tokens.last[at].tolist(), strict=True)
        spans = tuple(zip(tokens.left[at].tolist(), tokens.right[at].tolist(), strict=True))
        told = outline.reading
        view = replace(told.view, tokens=tuple(map(ActToken._make, found)), spans=spans)
        return ActReading(replace(told.signals, view=view), told.interaction)

    def _tokens(self, read: ReadPosts, asked: Asked) -> Tokens:
        """Words and mentions of the posts as tokens, their classes, and where clauses begin."""
        posts = np.array([number - read.first for _, number in asked], dtype=np.intp)
        starts = read.start.take(posts)
        owner, at = ragged(starts, read.start.take(posts + 1) - starts)
        mention, stays = _mentions(read, at)
        kept = np.flatnonzero(stays)
        cards, number = self._cards_of(read, at)
        place, post, named = at.take(kept), owner.take(kept), mention.take(kept)
        card = number.take(kept)
        is_name = np.flatnonzero(named >= 0)
        card[is_name] = len(cards) + self._roles_of(read, cards, number, owner, kept.take(is_name), named.take(is_name))
        words_at, last = place - starts.take(post), place + 1 - starts.take(post)
        last[is_name] = read.mention_last.take(named.take(is_name)) - starts.take(post.take(is_name))
        cards = [*cards, *(self._roles[kind] for kind in read.kinds)]
        kinds = [cards[one].entry.kinds for one in card.tolist()]
        self._phrases(read, kinds, cards, card, place, number, at, kept, named, owner)
        text_begin = read.begin.take(posts).take(post)
        left = read.left.take(place)
        right = np.maximum.reduceat(read.right.take(at), kept) if len(kept) else left
        quoted = _quoted(asked, np.searchsorted(post, np.arange(len(asked) + 1)), left - text_begin, right - text_begin)
        turns = np.array([one.turns for one in cards], dtype=np.bool_).take(card)
        opens = np.ones(len(kept), dtype=np.bool_)
        opens[1:] = (post[1:] != post[:-1]) | turns[1:] | (quoted[1:] != quoted[:-1])
        opens[1:] |= _bordered(read.joined, right[:-1], left[1:])
        start = np.searchsorted(post, np.arange(len(asked) + 1))
        return Tokens(start, card, words_at, last, left - text_begin, right - text_begin, cards, kinds,
                       np.flatnonzero(opens), quoted.tolist())  # fmt: skip

    def _roles_of(
        self, read: ReadPosts, cards: list[Card], number: Ints, owner: Ints, place: Ints, mention: Ints
    ) -> Ints:  # fmt: skip
        """The role of each mention, an index into ``read.kinds``; ``place`` is where it stands among the words."""
        kinds = read.mention_kind.take(mention)
        length = read.mention_last.take(mention) - read.mention_first.take(mention)
        for i in np.flatnonzero((kinds == read.kinds.index(NUMERAL)) & (length == 1)).tolist():
            at = int(place[i])
            near = [j for j in (at - 1, at + 1) if 0 <= j < len(owner) and owner[j] == owner[at]]
            if role_of(NUMERAL, 1, [cards[int(number[j])].entry.kinds for j in near]) == ROLES[SYMBOL]:
                kinds[i] = read.kinds.index(SYMBOL)
        return kinds

    def _cards_of(self, read: ReadPosts, at: Ints) -> tuple[list[Card], Ints]:
        """The cards of the distinct words among some, and for each word the number of its own."""
        numbers = read.word.take(at)
        seen = np.zeros(len(read.distinct), dtype=np.bool_)
        seen[numbers] = True
        ids = np.flatnonzero(seen)
        place = np.zeros(len(seen), dtype=np.intp)
        place[ids] = np.arange(len(ids))
        distinct = read.distinct
        return [self._card(distinct[i]) for i in ids.tolist()], place.take(numbers)

    def _phrases(
        self, read: ReadPosts, kinds: list[tuple[str, ...]], cards: list[Card], card: Ints, place: Ints, number: Ints,
        at: Ints, kept: Ints, named: Ints, owner: Ints,
    ) -> None:  # fmt: skip
        """The classes of phrases, put to those of the words with which they begin."""
        opens = np.array([bool(one.entry.phrases) for one in cards], dtype=np.bool_)
        lists = self._reader.lists
        following = np.flatnonzero(opens.take(card) & (named < 0))
        inside = kept.take(following) + 1
        inside_ok = inside < len(at)
        following, inside = following.compress(inside_ok), inside.compress(inside_ok)
        same = owner.take(inside) == owner.take(inside - 1)
        following, inside = following.compress(same), inside.compress(same)
        nexts = number.take(inside).tolist()
        for token, here, after in zip(following.tolist(), inside.tolist(), nexts, strict=True):
            entry = cards[int(card[token])].entry
            if not lists.may_go_on(entry, cards[after].seconds):
                continue
            end = int(np.searchsorted(owner, owner[here], side="right"))
            span = range(here - 1, min(end, here - 1 + lists.longest_phrase))
            words = [read.distinct[int(read.word[at[i]])] for i in span]
            entries = [cards[int(number[i])].entry for i in span]
            kinds[token] = lists.kinds_at(words, entries, 0)


def _mentions(read: ReadPosts, at: Ints) -> tuple[Ints, Flags]:
    """For each of some words the mention that begins there (-1: none), and whether it stays as a token."""
    edge = np.zeros(len(read.word) + 1, dtype=np.intp)
    np.add.at(edge, read.mention_first, 1)
    np.add.at(edge, read.mention_last, -1)
    mention = np.full(len(read.word), -1, dtype=np.intp)
    mention[read.mention_first] = np.arange(len(read.mention_first))
    begun = mention.take(at)
    return begun, (np.cumsum(edge[:-1]).take(at) == 0) | (begun >= 0)


def _pairs_of(read: ReadPosts, asked: Asked) -> list[frozenset[int]]:
    """The pairs that each post names."""
    first = np.searchsorted(read.mention_first, read.start)
    pairs = read.mention_pair.tolist()
    return [frozenset(pairs[first[at - read.first] : first[at - read.first + 1]]) for _, at in asked]


def _bordered(joined: str, end: Ints, start: Ints) -> Flags:
    """Whether something that ends a clause stands between two words, or is the last or first letter of one."""
    symbols = np.frombuffer(joined.encode("utf-32-le", "surrogatepass"), dtype=np.uint32)
    borders = _BORDER.take(np.minimum(symbols, len(_BORDER) - 1))
    so_far = np.zeros(len(borders) + 1, dtype=np.intp)
    np.cumsum(borders, out=so_far[1:])
    return so_far.take(np.minimum(start + 1, len(borders))) > so_far.take(np.maximum(end - 1, 0))


def _quoted(asked: Asked, start: Ints, left: Ints, right: Ints) -> Flags:
    """Which tokens stand in quotation marks."""
    quoted = np.zeros(len(left), dtype=np.bool_)
    for i, (one, _) in enumerate(asked):
        for begin, end in quotes_in(one.text):
            a, b = start[i], start[i + 1]
            quoted[a:b] |= (left[a:b] >= begin) & (right[a:b] <= end)
    return quoted
