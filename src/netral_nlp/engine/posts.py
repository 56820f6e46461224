"""A chunk of posts as arrays: their pieces, their words and the mentions of pairs among them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import chain

import numpy as np

from netral_nlp.engine.arrays import Flags, Ints, ragged, starts_of
from netral_nlp.engine.table import LETTER, NAMING, NUMBER_AFTER, NUMBER_BEFORE, TOO_LONG, PieceTable
from netral_nlp.engine.vocabulary import KINDS
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
    pieces: list[list[str]]
    glued: dict[int, list[int]]  # posts whose blanks were glued -> offsets of their pieces
    piece: Ints  # the piece, within its post, of each word
    row: Ints
    start: Ints
    size: Ints  # characters of each post, any white space counted as one

    def written(self, table: PieceTable, post: Ints, first: Ints, last: Ints) -> list[str]:
        """Words ``first:last`` of the chunk, each range of one post, as they stand there; white space as one blank."""
        _, word = ragged(first, last - first)
        words = [table.words[row] for row in self.row[word].tolist()]
        which = self.piece[word].tolist()
        ends = np.cumsum(last - first).tolist()
        found, begin = [], 0
        for at, end in zip(post.tolist(), ends, strict=True):
            head, tail = which[begin], which[end - 1]
            left = words[begin].start
            right = max([words[i].end for i in range(begin, end) if which[i] == tail])
            begin = end
            if at in self.glued:
                offsets = self.glued[at]
                found.append(" ".join(self.texts[at][offsets[head] + left : offsets[tail] + right].split()))
            elif head == tail:
                found.append(self.pieces[at][head][left:right])
            else:
                own = self.pieces[at]
                found.append(" ".join([own[head][left:], *own[head + 1 : tail], own[tail][:right]]))
        return found


def encode(texts: Sequence[str], table: PieceTable) -> Posts:
    """Posts as rows of the table, which learns the pieces that it does not have."""
    own = [text.split() if len(text) <= LONGEST_POST else text[:LONGEST_POST].split() for text in texts]
    counts = np.fromiter(map(len, own), dtype=np.intp, count=len(own))
    ids = np.fromiter(map(table.__getitem__, chain.from_iterable(own)), dtype=np.intp, count=int(counts.sum()))
    table.flush()
    glued: dict[int, list[int]] = {}
    suspects = _suspects(table.piece_glue.values[ids], starts_of(counts))
    changed: dict[int, list[str]] = {}
    for post in suspects.tolist():
        found = list(pieces(texts[post]))
        if len(found) != counts[post] or any(p != q for (_, p), q in zip(found, own[post], strict=True)):
            glued[post] = [at for at, _ in found]
            changed[post] = [piece for _, piece in found]
    if changed:
        is_changed = np.zeros(len(texts), dtype=np.bool_)
        is_changed[list(changed)] = True
        more = [table[piece] for post in sorted(changed) for piece in changed[post]]
        table.flush()
        stay = ids[~np.repeat(is_changed, counts)]
        for post, new in changed.items():
            own[post] = new
            counts[post] = len(new)
        place = np.repeat(is_changed, counts)
        ids = np.empty(len(place), dtype=np.intp)
        ids[place] = more
        ids[~place] = stay
    table.note_uses(ids)
    lengths = table.piece_length.values[ids]
    owner, row = ragged(table.piece_start.values[ids], lengths)
    piece_start = starts_of(counts)
    start = starts_of(lengths)[piece_start]
    within = np.arange(len(ids), dtype=np.intp) - np.repeat(piece_start[:-1], counts)
    blanks = np.maximum(counts - 1, 0)
    ends = starts_of(table.piece_size.values[ids])[piece_start]
    size = np.diff(ends) + blanks
    return Posts(texts, own, glued, within[owner], row, start, size)


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
    """What the roster's matcher finds; it looks only where a word may begin a mention."""
    where = np.flatnonzero(table.row_flags.values[posts.row] & NAMING)
    post_of = np.searchsorted(posts.start, where, side="right") - 1
    found: list[tuple[int, int, int, int, int]] = []
    if len(where):
        owners, begins = np.unique(post_of, return_index=True)
        word = table.words.__getitem__
        ends = np.append(begins[1:], len(where)).tolist()
        for post, begin, end in zip(owners.tolist(), begins.tolist(), ends, strict=True):
            at = int(posts.start[post])
            words = list(map(word, posts.row[at : posts.start[post + 1]].tolist()))
            mentions = matcher.find(words, (where[begin:end] - at).tolist())
            found += [(post, m.pair, _KIND[m.kind], at + m.start, at + m.end) for m in mentions]
    return Mentions(*np.array(found, dtype=np.intp).reshape(-1, 5).T)
