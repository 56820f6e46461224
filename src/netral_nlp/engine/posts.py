"""A chunk of posts as arrays: their pieces, their words and the mentions of pairs among them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from netral_nlp.engine.arrays import Flags, Ints, ragged, starts_of
from netral_nlp.engine.distinct import CERTAINTY
from netral_nlp.engine.numbering import cut, symbols_of
from netral_nlp.engine.table import LETTER, NUMBER_AFTER, NUMBER_BEFORE, TOO_LONG, PieceTable
from netral_nlp.engine.vocabulary import KINDS
from netral_nlp.roster.glance import ALWAYS, BALLOTS, BEGINS, ELECTIONS, GOES_ON, NUMERAL, OPENS, TOUCHES
from netral_nlp.roster.mentions import Matcher
from netral_nlp.text.words import LONGEST_POST, pieces

_KIND = {kind: number for number, kind in enumerate(KINDS)}


@dataclass(frozen=True, slots=True)
class Mentions:
    """The mentions of a chunk, in order: words ``first:last`` of the chunk name ``pair`` of the roster."""

    post: Ints
    pair: Ints
    kind: Ints  # index into KINDS
    first: Ints
    last: Ints


@dataclass(slots=True)
class Posts:
    """A chunk of posts. ``row`` is the table row of each word, ``start`` where each post's words begin (one more)."""

    texts: Sequence[str]
    joined: str  # all of them
    begin: Ints  # where in ``joined`` the piece of each word begins
    row: Ints
    word: Ints  # number of each distinct word
    start: Ints
    size: Ints  # characters of each post, any white space counted as one

    def written(self, table: PieceTable, first: Ints, last: Ints) -> list[str]:
        """Words ``first:last`` of the chunk, each range of one post, as they stand there; white space as one blank."""
        left = self.begin[first] + table.row_start.values[self.row[first]]
        _, word = ragged(first, last - first)
        ends = self.begin[word] + table.row_end.values[self.row[word]]
        right = np.maximum.reduceat(ends, starts_of(last - first)[:-1]) if len(first) else left
        return [" ".join(self.joined[a:b].split()) for a, b in zip(left.tolist(), right.tolist(), strict=True)]


def encode(texts: Sequence[str], table: PieceTable) -> Posts:
    """Posts as rows of the table, which learns the pieces that it does not have."""
    read = [text if len(text) <= LONGEST_POST else text[:LONGEST_POST] for text in texts]
    joined = "\n".join(read)
    begin_of = starts_of(np.fromiter(map(len, read), dtype=np.intp, count=len(read)) + 1)
    symbols = symbols_of(joined)
    begin, end = cut(symbols)
    ids = table.numbers(joined, symbols, begin, end)
    start = np.searchsorted(begin, begin_of)
    suspects = _suspects(table.piece_glue.values[ids], start)
    if len(suspects):
        ids, begin, start = _cut_anew(read, suspects, table, ids, begin, begin_of, start)
    lengths = table.piece_length.values[ids]
    owner, row = ragged(table.piece_start.values[ids], lengths)
    size = np.diff(starts_of(table.piece_size[ids])[start]) + np.maximum(np.diff(start) - 1, 0)
    word = table.row_word.values[row]
    return Posts(texts, joined, begin[owner], row, word, starts_of(lengths)[start], size)


def _cut_anew(
    texts: Sequence[str], suspects: Ints, table: PieceTable, ids: Ints, begin: Ints, begin_of: Ints, start: Ints
) -> tuple[Ints, Ints, Ints]:
    """The pieces of all posts, those of some as ``words.pieces`` cuts them: numbers, begins, the first of each post."""
    found = [(post, at, piece) for post in suspects.tolist() for at, piece in pieces(texts[post])]
    text = "\n".join([piece for _, _, piece in found])
    ends = np.cumsum([len(piece) + 1 for _, _, piece in found]) - 1
    begins = np.concatenate([[0], ends[:-1] + 1])
    numbers = table.numbers(text, symbols_of(text), begins, ends)
    owner = np.array([post for post, _, _ in found], dtype=np.intp)
    is_new = np.zeros(len(texts), dtype=np.bool_)
    is_new[suspects] = True
    counts = np.diff(start)
    stay = ~np.repeat(is_new, counts)
    counts[suspects] = np.bincount(owner, minlength=len(texts))[suspects]
    here = np.repeat(is_new, counts)
    merged = np.empty((2, len(here)), dtype=np.intp)
    merged[:, ~here] = ids[stay], begin[stay]
    merged[:, here] = numbers, begin_of[owner] + [at for _, at, _ in found]
    return merged[0], merged[1], starts_of(counts)


def _suspects(glue: Ints, start: Ints) -> Ints:
    """The posts that ``words.pieces`` may cut otherwise than at each white space: two parts of a number or four letters
    stand side by side, or something is too long."""
    posts = len(start) - 1
    joins = (glue[:-1] & NUMBER_BEFORE != 0) & (glue[1:] & NUMBER_AFTER != 0)
    letter = glue & LETTER != 0
    spaced: Flags = letter[:-3] & letter[1:-2] & letter[2:-1] & letter[3:]
    at = np.concatenate([np.flatnonzero(joins), np.flatnonzero(spaced), np.flatnonzero(glue & TOO_LONG)])
    if not len(at):
        return at
    return np.unique(np.minimum(np.searchsorted(start, at, side="right") - 1, posts - 1))


def find_mentions(posts: Posts, table: PieceTable, matcher: Matcher) -> Mentions:
    """What the roster's matcher finds; it looks only at posts with a word that a glance does not settle."""
    flags = table.row_flags.values[posts.row]
    where = np.flatnonzero(flags & BEGINS)
    post = np.searchsorted(posts.start, where, side="right") - 1
    around = np.append(flags, 0)  # the last one: no word
    left = around[np.where(where > posts.start[post], where - 1, -1)]
    right = around[np.where(where + 1 < posts.start[post + 1], where + 1, -1)]
    own = flags[where]
    possible = ((own & NUMERAL == 0) | (left & BALLOTS != 0)) & ((own & OPENS == 0) | (right & GOES_ON != 0))
    possible = np.flatnonzero(possible)
    where, post, own, left, right = (a[possible] for a in (where, post, own, left, right))
    beside = np.zeros(len(where) + 1, dtype=np.bool_)  # another candidate stands before
    beside[1:-1] = (where[1:] == where[:-1] + 1) & (post[1:] == post[:-1])
    touched = ((left | right) & TOUCHES != 0) | beside[:-1] | beside[1:]
    pair, kind, certainty = table.distinct.alone.values[posts.word[where]].T
    settled = (certainty < len(CERTAINTY)) & ((own & ALWAYS != 0) | ~touched)
    is_open = np.zeros(len(posts.texts), dtype=np.bool_)
    is_open[post[~settled]] = True
    closed = ~is_open[post]
    doubtful = np.flatnonzero(~closed)
    found = _look(posts, table, matcher, post[doubtful], where[doubtful])
    sure = closed & (certainty == CERTAINTY[None])
    electoral = np.zeros(len(posts.texts), dtype=np.bool_)
    electoral[post[sure]] = True
    weak = closed & (certainty == CERTAINTY[True])
    if weak.any():
        speaks = np.flatnonzero(flags & ELECTIONS)
        electoral[np.searchsorted(posts.start, speaks, side="right") - 1] = True
    same = closed & (certainty == CERTAINTY[False])
    key = post * len(matcher.roster.pairs) + pair
    kept = np.flatnonzero(sure | (weak & electoral[post]) | (same & np.isin(key, key[sure])))
    told = np.stack([post[kept], pair[kept], kind[kept], where[kept], where[kept] + 1], axis=1)
    mentions = np.concatenate([told, found])
    return Mentions(*mentions[np.argsort(mentions[:, 3], kind="stable")].T)


def _look(posts: Posts, table: PieceTable, matcher: Matcher, post: Ints, where: Ints) -> Ints:
    """The mentions in some posts, given where in them one may begin: rows of post, pair, kind, first and last word."""
    found: list[tuple[int, int, int, int, int]] = []
    owners, first = np.unique(post, return_index=True)
    bounds = np.append(first, len(where)).tolist()
    places = (where - posts.start[post]).tolist()
    known = table.distinct.words.__getitem__
    whole = zip(owners.tolist(), posts.start[owners].tolist(), posts.start[owners + 1].tolist(), strict=True)
    for i, (owner, start, end) in enumerate(whole):
        words = list(map(known, posts.word[start:end].tolist()))
        mentions = matcher.find(words, places[bounds[i] : bounds[i + 1]])
        found += [(owner, m.pair, _KIND[m.kind], start + m.start, start + m.end) for m in mentions]
    return np.array(found, dtype=np.intp).reshape(-1, 5)
