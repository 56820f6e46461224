"""The act model as plain numbers: one linear score for each act and each exception, explained exactly."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np

from netral_nlp.arrays import Floats, Ints

ANY = "ADA"  # the score of "any act at all"
TOGETHER = 128  # posts whose features stay in a processor's cache
BONUS = 1.0  # log-odds by which the act of the highest score is preferred: a post with an act has one at least


@dataclass(frozen=True)
class ActWeights:
    """What the model learned about one block: ``features`` n distinct strings, ``idf`` (n,), ``coef`` (n, outputs)."""

    name: str
    weight: float
    min_df: int
    features: tuple[str, ...]
    idf: Floats
    coef: Floats

    @cached_property
    def scaled(self) -> Floats:
        """Each row of ``coef`` times its idf and the weight of the block."""
        return np.ascontiguousarray(self.coef * (self.idf * self.weight)[:, None])


@dataclass(frozen=True)
class _Flat:
    """All blocks as one: feature -> row by block, the squared idf of each row, and its scaled coefficients."""

    index: tuple[dict[str, int], ...]
    squares: list[float]
    coef: Floats
    columns: list[list[float]]  # the same by output
    block: Ints  # of each row

    @classmethod
    def of(cls, blocks: Sequence[ActWeights]) -> _Flat:
        index: list[dict[str, int]] = []
        before = 0
        for block in blocks:
            index.append({feature: before + i for i, feature in enumerate(block.features)})
            before += len(block.features)
        squares = np.concatenate([block.idf**2 for block in blocks]).tolist()
        coef = np.concatenate([block.scaled for block in blocks])
        sizes = [len(one.features) for one in blocks]
        return cls(tuple(index), squares, coef, coef.T.tolist(), np.repeat(np.arange(len(blocks)), sizes))

    def rows(self, bags: Sequence[Sequence[str]]) -> tuple[list[int], list[float]]:
        """The rows of a post's known features, and by what each is multiplied: one over the norm of its block."""
        rows: list[int] = []
        factors: list[float] = []
        squares = self.squares
        for index, bag in zip(self.index, bags, strict=True):
            known = [index[feature] for feature in bag if feature in index]
            if known:
                rows += known
                factors += [1.0 / math.sqrt(sum([squares[row] for row in known]))] * len(known)
        return rows, factors


@dataclass(frozen=True, repr=False)
class ActModel:
    """Independent logistic regressions over shared features, one an output.

    ``outputs`` are codes of acts, :data:`ANY`, and codes of exceptions. ``tails`` holds for each act the combined
    scores of clean posts whose writer took no part in the fit, largest first: thresholds are read from them.
    ``cues`` is the digest of the cue tables that the features are made of.
    """

    outputs: tuple[str, ...]
    weights: tuple[ActWeights, ...]
    intercept: Floats
    tails: Mapping[str, Floats]
    cues: str
    facts: Mapping[str, Any] = field(default_factory=dict)

    @cached_property
    def at(self) -> dict[str, int]:
        """Output -> column."""
        return {output: i for i, output in enumerate(self.outputs)}

    @property
    def acts(self) -> tuple[str, ...]:
        """The outputs that are acts."""
        return tuple(self.tails)

    @cached_property
    def _flat(self) -> _Flat:
        return _Flat.of(self.weights)

    def scores(self, bags: Sequence[Sequence[str]]) -> Floats:
        """The log-odds of all outputs, shape (outputs,), of a post with these distinct features of each block."""
        rows, factors = self._flat.rows(bags)
        if not rows:
            return self.intercept.copy()
        return np.asarray(self.intercept + np.asarray(factors) @ self._flat.coef.take(rows, axis=0), dtype=np.float64)

    @property
    def index(self) -> tuple[dict[str, int], ...]:
        """For each block the numbers of its features, counted through all blocks."""
        return self._flat.index

    def scores_of_many(self, posts: int, post: Ints, feature: Ints) -> Floats:
        """The log-odds of all outputs, shape (posts, outputs), of posts with these features (numbers of `index`).

        A feature that is given several times for a post counts once. Equal to `scores` but for the order of sums.
        """
        flat = self._flat
        key = np.sort(post * len(flat.block) + feature)
        once = np.ones(len(key), dtype=np.bool_)
        once[1:] = key[1:] != key[:-1]
        post, feature = np.divmod(key.compress(once), max(1, len(flat.block)))
        cell = post * len(self.weights) + flat.block.take(feature)
        squares = np.asarray(flat.squares).take(feature)
        factor = 1.0 / np.sqrt(np.bincount(cell, squares, posts * len(self.weights)).take(cell))
        found = np.tile(self.intercept, (posts, 1))
        starts = np.flatnonzero(np.diff(post, prepend=-1))
        ends = np.append(starts[1:], len(post))
        for at in range(0, len(starts), TOGETHER):
            some = starts[at : at + TOGETHER]
            begin, end = some[0], ends[min(at + TOGETHER, len(ends)) - 1]
            parts = flat.coef.take(feature[begin:end], axis=0)
            parts *= factor[begin:end, None]
            found[post.take(some)] += np.add.reduceat(parts, some - begin, axis=0)
        return found

    def norm(self, rows: Iterable[int]) -> float:
        """What the coefficients of some distinct features of one block (numbers of `index`) are divided by in a post.

        What a feature adds to an output is its coefficient over that; with the intercept they sum to the score.
        """
        squares = self._flat.squares
        return math.sqrt(sum([squares[row] for row in rows]))

    def coefficients(self, output: str) -> list[float]:
        """For each feature (numbers of `index`) its coefficient for an output."""
        return self._flat.columns[self.at[output]]

    def combined(self, scores: Floats) -> dict[str, float]:
        """How strongly each act is indicated: its own score, no more than that of any act at all.

        The act with the highest score is preferred by :data:`BONUS`.
        """
        any_act = float(scores[self.at[ANY]])
        own = {act: float(scores[self.at[act]]) for act in self.acts}
        best = max(own, key=lambda act: own[act])
        return {act: min(any_act, value + (BONUS if act == best else 0.0)) for act, value in own.items()}

    def combined_of_many(self, scores: Floats) -> Floats:
        """The same for many posts, shape (posts, acts), acts in their order."""
        own = scores[:, [self.at[act] for act in self.acts]]
        rows = np.arange(len(own))
        own[rows, np.argmax(own, axis=1)] += BONUS
        return np.minimum(own, scores[:, self.at[ANY]][:, None])

    def thresholds(self, share: float) -> dict[str, float]:
        """For each act the combined score that at most this share of clean posts exceeds (never below 0)."""
        found: dict[str, float] = {}
        for act, tail in self.tails.items():
            allowed = int(share * len(tail))
            found[act] = max(0.0, float(tail[allowed])) if allowed < len(tail) else 0.0
        return found

    def __repr__(self) -> str:
        counts = sum(len(w.features) for w in self.weights)
        return f"ActModel({counts:,} features in {len(self.weights)} blocks, {len(self.outputs)} outputs)"
