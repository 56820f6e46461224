"""The act model as plain numbers: one linear score for each act and each exception, explained exactly."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np

from netral_nlp.arrays import Floats

ANY = "ADA"  # the score of "any act at all"
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
    def index(self) -> dict[str, int]:
        """Feature -> row."""
        return {feature: i for i, feature in enumerate(self.features)}

    @cached_property
    def scaled(self) -> Floats:
        """Each row of ``coef`` times its idf and the weight of the block."""
        return np.ascontiguousarray(self.coef * (self.idf * self.weight)[:, None])

    @cached_property
    def squares(self) -> Floats:
        """The squared idf of each feature."""
        return self.idf**2


@dataclass(frozen=True, slots=True)
class Share:
    """What one feature adds to each output."""

    block: str
    feature: str
    values: Floats


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

    def scores(self, bags: Sequence[Sequence[str]]) -> Floats:
        """The log-odds of all outputs, shape (outputs,), of a post with these distinct features of each block."""
        total = self.intercept.copy()
        for weights, bag in zip(self.weights, bags, strict=True):
            rows = [weights.index[feature] for feature in bag if feature in weights.index]
            if rows:
                norm = float(np.sqrt(weights.squares[rows].sum()))
                total += weights.scaled[rows].sum(axis=0) / norm
        return total

    def shares(self, bags: Sequence[Sequence[str]]) -> list[Share]:
        """What each feature adds; together with ``intercept`` they sum to :meth:`scores`."""
        found: list[Share] = []
        for weights, bag in zip(self.weights, bags, strict=True):
            known = [(feature, weights.index[feature]) for feature in bag if feature in weights.index]
            norm = float(np.sqrt(sum(weights.squares[row] for _, row in known))) if known else 1.0
            found += [Share(weights.name, feature, weights.scaled[row] / norm) for feature, row in known]
        return found

    def combined(self, scores: Floats) -> dict[str, float]:
        """How strongly each act is indicated: its own score, no more than that of any act at all.

        The act with the highest score is preferred by :data:`BONUS`.
        """
        any_act = float(scores[self.at[ANY]])
        own = {act: float(scores[self.at[act]]) for act in self.acts}
        best = max(own, key=lambda act: own[act])
        return {act: min(any_act, value + (BONUS if act == best else 0.0)) for act, value in own.items()}

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
