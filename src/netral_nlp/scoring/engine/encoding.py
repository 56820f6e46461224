"""A chunk of posts as arrays: their pieces and their words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from netral_nlp.scoring.engine.arrays import Flags, Ints, ragged, starts_of
from netral_nlp.scoring.engine.interning import cut, symbols_of
from netral_nlp.scoring.engine.pieces import LETTER, NUMBER_AFTER, NUMBER_BEFORE, TOO_LONG, PieceTable
from netral_nlp.text.words import pieces, readable


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
    text_begin: Ints  # where in ``joined`` each post begins

    def between(self, table: PieceTable, first: int, at: int) -> str:
        """What is written between word ``at`` of the post that begins at word ``first``, and the one before it."""
        word = first + at
        left = self.begin[word - 1] + table.row_end.values[self.row[word - 1]]
        return self.joined[left : self.begin[word] + table.row_start.values[self.row[word]]]

    def written(self, table: PieceTable, first: Ints, last: Ints) -> list[str]:
        """Words ``first:last`` of the chunk, each range of one post, as they stand there; white space as one blank."""
        left = self.begin[first] + table.row_start.values[self.row[first]]
        _, word = ragged(first, last - first)
        ends = self.begin[word] + table.row_end.values[self.row[word]]
        right = np.maximum.reduceat(ends, starts_of(last - first)[:-1]) if len(first) else left
        return [" ".join(self.joined[a:b].split()) for a, b in zip(left.tolist(), right.tolist(), strict=True)]


def encode(texts: Sequence[str], table: PieceTable) -> Posts:
    """Posts as rows of the table, which learns the pieces that it does not have."""
    read = list(map(readable, texts))
    joined = "\n".join(read)
    begin_of = starts_of(np.fromiter(map(len, read), dtype=np.intp, count=len(read)) + 1)
    symbols = symbols_of(joined)
    begin, end = cut(symbols)
    ids = table.numbers(joined, symbols, begin, end)
    start = np.searchsorted(begin, begin_of)
    suspects = _suspects(table.piece_glue.values.take(ids), start)
    if len(suspects):
        ids, begin, start = _cut_anew(read, suspects, table, ids, begin, begin_of, start)
    lengths = table.piece_length.values.take(ids)
    owner, row = ragged(table.piece_start.values.take(ids), lengths)
    size = np.diff(starts_of(table.piece_size.take(ids))[start]) + np.maximum(np.diff(start) - 1, 0)
    word = table.row_word.values.take(row)
    return Posts(texts, joined, begin.take(owner), row, word, starts_of(lengths)[start], size, begin_of[:-1])


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
