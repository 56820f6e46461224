"""The mentions in a chunk of posts: most told by single words, others remembered, the rest looked up."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

import numpy as np

from netral_nlp.roster.context import TITLES, Surroundings
from netral_nlp.roster.matcher import Matcher
from netral_nlp.roster.names import Mention, merged, with_address
from netral_nlp.roster.numerals import number_of
from netral_nlp.scoring.engine.arrays import Flags, Ints
from netral_nlp.scoring.engine.encoding import Posts
from netral_nlp.scoring.engine.pieces import PieceTable
from netral_nlp.scoring.engine.screening import (
    ALWAYS,
    BALLOTS,
    BEGINS,
    COUNTS,
    ELECTIONS,
    GOES_ON,
    NUMERAL,
    OPENS,
    TOUCHES,
)
from netral_nlp.scoring.engine.vocabulary import KINDS
from netral_nlp.scoring.engine.words import CERTAINTY
from netral_nlp.text.words import Word

REMEMBERED = 50_000  # clusters
LONGEST_CLUSTER = 12  # words; of longer ones hardly any comes again

_KIND = {kind: number for number, kind in enumerate(KINDS)}
_Told = list[tuple[int, int, int, int]]  # pair, kind, first and last word


@dataclass(frozen=True, slots=True)
class Mentions:
    """The mentions of a chunk, in order: words ``first:last`` of the chunk name ``pair`` of the roster."""

    post: Ints
    pair: Ints
    kind: Ints  # index into KINDS
    first: Ints
    last: Ints


class MentionFinder:
    """Finds what ``Matcher.find`` finds, post by post; which posts went before never changes what."""

    def __init__(self, matcher: Matcher, table: PieceTable) -> None:
        self._matcher = matcher
        self._table = table
        self._generation = -1
        self._clusters: dict[tuple[int, ...], _Told | None] = {}

    def find(self, posts: Posts) -> Mentions:
        """The mentions of all posts."""
        distinct, start = self._table.distinct, posts.start
        flags = self._table.row_flags.values.take(posts.row)
        where, post, touched, hot = _candidates(flags, start)
        pair, kind, certainty = distinct.alone.values.take(posts.word.take(where), axis=0).T
        settled = (certainty < len(CERTAINTY)) & ((flags.take(where) & ALWAYS != 0) | ~touched)
        is_open = np.zeros(len(posts.texts), dtype=np.bool_)
        groups, known = self._settle_clusters(posts, hot, where, settled)
        is_open[post[~settled & ~known]] = True
        closed = ~is_open.take(post) & ~known
        groups = groups[~is_open.take(groups[:, 0])]
        doubtful = np.flatnonzero(is_open.take(post))
        looked = self._look(posts, post.take(doubtful), where.take(doubtful))
        sure = closed & (certainty == CERTAINTY[None])
        electoral = np.zeros(len(posts.texts), dtype=np.bool_)
        electoral[post[sure]] = True
        electoral[groups[:, 0]] = True
        weak = closed & (certainty == CERTAINTY[True])
        if weak.any():
            speaks = np.flatnonzero(flags & ELECTIONS != 0)
            electoral[np.searchsorted(start, speaks, side="right") - 1] = True
        same = closed & (certainty == CERTAINTY[False])
        pairs = len(self._matcher.roster.pairs)
        key = post * pairs + pair
        named = np.concatenate([key[sure], groups[:, 0] * pairs + groups[:, 1]])
        kept = np.flatnonzero(sure | (weak & electoral.take(post)) | (same & np.isin(key, named)))
        told = np.stack([post[kept], pair[kept], kind[kept], where[kept], where[kept] + 1], axis=1)
        mentions = np.concatenate([told, groups, looked])
        return Mentions(*mentions[np.argsort(mentions[:, 3], kind="stable")].T)

    def _settle_clusters(self, posts: Posts, hot: Flags, where: Ints, settled: Flags) -> tuple[Ints, Flags]:
        """The mentions in clusters of words that settle them among themselves, and the candidates in those clusters.

        A cluster is a run of ``hot`` words in one post. Mentions are rows of post, pair, kind, first and last word.
        """
        joined = hot[1:] & hot[:-1] & ~_begins(posts.start, len(hot))[1:]  # each word but the first to the one before
        first = np.flatnonzero(hot & ~np.append(False, joined)[: len(hot)])
        ends = np.flatnonzero(hot & ~np.append(joined, False)[: len(hot)])
        cluster = np.searchsorted(first, where, side="right") - 1
        todo = np.unique(cluster[~settled])
        known = np.zeros(len(first) + 1, dtype=np.bool_)
        found: list[tuple[int, int, int, int, int]] = []
        if len(todo):
            words = posts.word.tolist()
            left, right = np.searchsorted(cluster, todo), np.searchsorted(cluster, todo, side="right")
            post = (np.searchsorted(posts.start, first[todo], side="right") - 1).tolist()
            spans = zip(first[todo].tolist(), (ends[todo] + 1).tolist(), left.tolist(), right.tolist(), strict=True)
            places = where.tolist()
            for at, (a, b, i, j) in enumerate(spans):
                if b - a > LONGEST_CLUSTER:
                    continue
                told = self._settled(words[a:b], [place - a for place in places[i:j]])
                if told is not None:
                    known[todo[at]] = True
                    found += [(post[at], pair, kind, a + begin, a + end) for pair, kind, begin, end in told]
        return np.array(found, dtype=np.intp).reshape(-1, 5), known[cluster]

    def _settled(self, words: list[int], begins: list[int]) -> _Told | None:
        key = (*words, -1, *begins)
        if self._generation != self._table.generation or len(self._clusters) > REMEMBERED:
            self._generation = self._table.generation
            self._clusters = {}
        if key in self._clusters:
            return self._clusters[key]
        distinct = self._table.distinct.words
        found = settle(self._matcher, [distinct[word] for word in words], begins)
        told = None if found is None else [(m.pair, _KIND[m.kind], m.start, m.end) for m in found]
        self._clusters[key] = told
        return told

    def _look(self, posts: Posts, post: Ints, where: Ints) -> Ints:
        """The mentions in whole posts, given where in them one may begin: post, pair, kind, first and last word."""
        found: list[tuple[int, int, int, int, int]] = []
        owners, first = np.unique(post, return_index=True)
        bounds = np.append(first, len(where)).tolist()
        places = (where - posts.start[post]).tolist()
        known = self._table.distinct.words.__getitem__
        whole = zip(owners.tolist(), posts.start[owners].tolist(), posts.start[owners + 1].tolist(), strict=True)
        for i, (owner, start, end) in enumerate(whole):
            words = list(map(known, posts.word[start:end].tolist()))
            mentions = self._matcher.find(
                words, places[bounds[i] : bounds[i + 1]], partial(posts.between, self._table, start)
            )
            found += [(owner, m.pair, _KIND[m.kind], start + m.start, start + m.end) for m in mentions]
        return np.array(found, dtype=np.intp).reshape(-1, 5)


def _candidates(flags: Ints, start: Ints) -> tuple[Ints, Ints, Flags, Flags]:
    """The words at which a mention may begin, their posts, whether their neighbours touch them; and which words of all
    may touch or be touched."""
    where = np.flatnonzero(flags & BEGINS != 0)
    post = np.searchsorted(start, where, side="right") - 1
    around = np.append(flags, 0)  # the last one: no word
    left = around.take(np.where(where > start.take(post), where - 1, len(flags)))
    right = around.take(np.where(where + 1 < start.take(post + 1), where + 1, len(flags)))
    own = flags.take(where)
    possible = ((own & NUMERAL == 0) | (left & BALLOTS != 0) | (right & COUNTS != 0)) & (
        (own & OPENS == 0) | (right & GOES_ON != 0)
    )
    where, post, left, right = (a.compress(possible) for a in (where, post, left, right))
    beside = np.zeros(len(where) + 1, dtype=np.bool_)  # another candidate stands before
    beside[1:-1] = (where[1:] == where[:-1] + 1) & (post[1:] == post[:-1])
    touched = ((left | right) & TOUCHES != 0) | beside[:-1] | beside[1:]
    hot = flags & TOUCHES != 0
    hot[where] = True
    return where, post, touched, hot


def _begins(start: Ints, count: int) -> Flags:
    """Which of ``count`` words are the first of a post."""
    found = np.zeros(count + 1, dtype=np.bool_)
    found[start] = True
    return found[:count]


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
