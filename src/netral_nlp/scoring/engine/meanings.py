"""Sums of word vectors for many posts: which words count in each dense block, and how long their sums are."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from netral_nlp.features import zones
from netral_nlp.scoring.engine.arrays import Floats, Ints
from netral_nlp.scoring.engine.pieces import PieceTable
from netral_nlp.scoring.engine.vocabulary import AFTER, BEFORE, BLOCK_NAMES, END, POST, RIVAL, Vocabulary

BLOCKS = len(BLOCK_NAMES)
_FIRST_DENSE = BLOCK_NAMES.index(POST)
_VECTORS_TOGETHER = 2_048
_NONE = np.zeros(0, dtype=np.intp)


@dataclass(frozen=True, slots=True)
class Tokens:
    """The tokens of some posts: words, and mentions as one token each."""

    post: Ints
    form: Ints
    first: Ints  # words of the chunk
    last: Ints
    mention: Ints  # index into the mentions, -1 for a word
    start: Ints  # where each post's tokens begin; one more at the end
    counted: Ints  # the tokens that the model counts


@dataclass(frozen=True, slots=True)
class Occurrences:
    """Features on tokens ``first:last``; ``row`` is the post or view that they belong to."""

    row: Ints
    feature: Ints
    first: Ints  # of the chunk's tokens
    last: Ints

    @staticmethod
    def join(parts: list[Occurrences]) -> Occurrences:
        return Occurrences(
            np.concatenate([p.row for p in parts]),
            np.concatenate([p.feature for p in parts]),
            np.concatenate([p.first for p in parts]),
            np.concatenate([p.last for p in parts]),
        )


class Meanings:
    """Finds the words of a model's dense blocks."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        self._vocabulary = vocabulary

    def shared(self, tokens: Tokens, table: PieceTable) -> list[Occurrences]:
        """The words with vectors of each post, and of its end: the same in all views."""
        at = np.flatnonzero(table.lexicon.vector.values.take(tokens.form) >= 0)
        post = tokens.post.take(at)
        late = at >= tokens.start.take(post + 1) - zones.LAST
        return [
            self._vectors(post, at, tokens, table, POST),
            self._vectors(post.compress(late), at.compress(late), tokens, table, END),
        ]

    def near(
        self, view: Ints, own: Ints, others: Ints, rival: Ints, tokens: Tokens, table: PieceTable
    ) -> list[Occurrences]:
        """The words before and behind each view's own mentions ``own``, and around those of its rivals."""
        before, after, around = (zones.BEFORE, 0), (0, zones.AFTER), (zones.RIVAL, zones.RIVAL)
        return [
            self._beside(view, own, before, tokens, table, BEFORE),
            self._beside(view, own, after, tokens, table, AFTER),
            self._beside(others, rival, around, tokens, table, RIVAL),
        ]

    def _vectors(self, row: Ints, token: Ints, tokens: Tokens, table: PieceTable, block: str) -> Occurrences:
        """Words with vectors as features of a dense block: as they stand, or as their opposites."""
        vocabulary = self._vocabulary
        first = vocabulary.of_block[BLOCK_NAMES.index(block)]
        if first < 0:
            return Occurrences(_NONE, _NONE, _NONE, _NONE)
        negates, begin = table.lexicon.negates.values, tokens.start.take(tokens.post.take(token))
        opposite = np.zeros(len(token), dtype=np.bool_)
        for back in range(1, zones.NEGATION_REACH + 1):
            earlier = token - back
            opposite |= (earlier >= begin) & negates.take(tokens.form.take(np.maximum(earlier, 0)))
        word = table.lexicon.vector.values.take(tokens.form.take(token))
        feature = first + vocabulary.signed[word, opposite.astype(np.intp)]
        return Occurrences(row, feature, token, token + 1)

    def _beside(
        self, view: Ints, at: Ints, reach: tuple[int, int], tokens: Tokens, table: PieceTable, block: str
    ) -> Occurrences:
        """The words with vectors near some mentions, each once a view; ``reach`` is how far before and behind."""
        steps = np.array([*range(-reach[0], 0), *range(1, reach[1] + 1)], dtype=np.intp)
        token = (at[:, None] + steps).ravel()
        row = np.repeat(view, len(steps))
        post = tokens.post.take(np.repeat(at, len(steps)))
        inside = (token >= tokens.start.take(post)) & (token < tokens.start.take(post + 1))
        token, row = token.compress(inside), row.compress(inside)
        known = table.lexicon.vector.values.take(tokens.form.take(token)) >= 0
        key = np.unique(row.compress(known) * max(1, len(tokens.form)) + token.compress(known))
        row, token = np.divmod(key, max(1, len(tokens.form)))
        return self._vectors(row, token, tokens, table, block)

    def lengths(self, sums: Floats, found: Occurrences, parts: Floats) -> None:
        """The squared lengths of the sums of vectors, onto the sums of their rows (rows, blocks, 4)."""
        vocabulary = self._vocabulary
        block = vocabulary.block.take(found.feature)
        dense = np.flatnonzero(block >= _FIRST_DENSE)
        if not len(dense):
            return
        block = block.take(dense)
        key = found.row.take(dense) * BLOCKS + block
        order = np.argsort(key, kind="stable")
        key, dense = key.take(order), dense.take(order)
        feature = found.feature.take(dense) - vocabulary.of_block.take(block.take(order))
        part = parts.take(dense)
        starts = np.flatnonzero(np.diff(key, prepend=-1))
        cells = sums.reshape(-1, 4)
        begin = 0
        while begin < len(starts):  # a few thousand words at a time stay in a processor's cache
            upto = max(begin + 1, int(np.searchsorted(starts, starts[begin] + _VECTORS_TOGETHER)))
            a, b = starts[begin], starts[upto] if upto < len(starts) else len(key)
            vectors = vocabulary.directions.take(feature[a:b], axis=0)
            vectors *= part[a:b, None]
            summed = np.add.reduceat(vectors, starts[begin:upto] - a, axis=0)
            cells[key.take(starts[begin:upto]), 0] += np.einsum("ij,ij->i", summed, summed)
            begin = upto
