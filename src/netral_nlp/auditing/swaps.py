"""Whether a score depends on who is meant: every post is scored again with two pairs exchanged."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from netral_nlp.auditing.rewriting import Exchanger, exchange_roles
from netral_nlp.features.reader import Reader
from netral_nlp.features.views import View
from netral_nlp.learning.rows import Example
from netral_nlp.model.model import Model
from netral_nlp.records import LABELS

ROUNDING = 1e-9
SHOWN = 10  # posts, the largest first
FEATURES_SHOWN = 6
QUANTILES = (0.5, 0.9, 0.99)


@dataclass(frozen=True, slots=True)
class Leak:
    """One exchange that changed a score, and the features that did it (largest change of log-odds first)."""

    file: str
    line: int
    pair: str
    other: str
    difference: float
    text: str
    exchanged: str
    features: tuple[str, ...]


@dataclass(slots=True)
class Kind:
    """Exchanges of one kind: how many, how far the scores moved at most and in between, and the worst ones."""

    differences: list[float] = field(default_factory=list)
    worst: list[tuple[float, int, Leak | None]] = field(default_factory=list)

    @property
    def largest(self) -> float:
        """The largest change of a probability; 0 for no exchange."""
        return max(self.differences, default=0.0)

    @property
    def failed(self) -> int:
        """How many exchanges moved a score by more than rounding."""
        return sum(d > ROUNDING for d in self.differences)

    def document(self) -> dict[str, Any]:
        """As JSON."""
        quantiles = np.quantile(self.differences, QUANTILES).tolist() if self.differences else [0.0] * len(QUANTILES)
        leaks = [leak for _, _, leak in sorted(self.worst, key=lambda w: (-w[0], w[1])) if leak is not None]
        return {
            "n": len(self.differences),
            "changed": self.failed,
            "largest": self.largest,
            "quantiles": dict(zip(map(str, QUANTILES), quantiles, strict=True)),
            "worst": [
                {
                    "file": leak.file, "line": leak.line, "pair": leak.pair, "other": leak.other,
                    "difference": leak.difference, "text": leak.text, "exchanged": leak.exchanged,
                    "features": list(leak.features),
                }
                for leak in leaks
            ],
        }  # fmt: skip


@dataclass(frozen=True, slots=True)
class Swaps:
    """All exchanges.

    ``roles``: the same words, with the pairs they name exchanged. ``alike``: rewritten texts in which every mention
    found its like. ``unlike``: those where a pair lacks the kind, or a word that betrays it stays in the text. The
    first two must not move a score; the third shows how much depends on how a pair is named.
    """

    roles: Kind
    alike: Kind
    unlike: Kind

    @property
    def failures(self) -> list[str]:
        """What must not be."""
        found = []
        for kind, what in ((self.roles, "exchanged roles"), (self.alike, "pairs exchanged in the text, like for like")):
            if kind.failed:
                moved = f"moved {kind.failed:,} of {len(kind.differences):,} scores, by {kind.largest:.2g} at most"
                found.append(f"{what} {moved}")
        return found

    def document(self) -> dict[str, Any]:
        """As JSON."""
        return {name: getattr(self, name).document() for name in ("roles", "alike", "unlike")}


def measure_swaps(model: Model, examples: Sequence[Example]) -> Swaps:
    """Every post of ``examples`` with its pair exchanged with each other pair of the roster.

    The score toward the pair in the original is compared with the score toward the other in the exchanged post; the
    difference is the largest of the three probabilities.
    """
    swaps = Swaps(Kind(), Kind(), Kind())
    exchangers: dict[str, Exchanger] = {}
    for at, example in enumerate(examples):
        roster = example.case.roster
        if roster.digest not in exchangers:
            exchangers[roster.digest] = Exchanger(Reader(roster, model.stem))
        _measure(model, exchangers[roster.digest], at, example, swaps)
    return swaps


def _measure(model: Model, exchanger: Exchanger, at: int, example: Example, swaps: Swaps) -> None:
    reader, text = exchanger.reader, example.case.text
    reading = reader.read(text)
    a = reader.pair_index(example.case.pair)
    before = reader.view(reading, a)
    score = model.probabilities([before])
    for b in range(len(reader.roster.pairs)):
        if b == a:
            continue
        written = exchanger.text(text, reading, a, b)
        views = (reader.view(exchange_roles(reading, a, b), b), reader.view(reader.read(written.text), b))
        scores = model.probabilities(views)
        for view, after, kind, shown in (
            (views[0], scores[0], swaps.roles, text),
            (views[1], scores[1], swaps.alike if written.alike else swaps.unlike, written.text),
        ):
            difference = float(np.abs(after - score).max())
            kind.differences.append(difference)
            if difference > ROUNDING and (len(kind.worst) < SHOWN or difference > kind.worst[-1][0]):
                features = tuple(changed_features(model, before, view))
                pairs = (example.case.pair, reader.roster.pairs[b].id)
                leak = Leak(example.file, example.line, *pairs, difference, text, shown, features)
                kind.worst = sorted([*kind.worst, (difference, at, leak)], key=lambda w: (-w[0], w[1]))[:SHOWN]


def changed_features(model: Model, before: View, after: View) -> Iterator[str]:
    """The features that two views do not share, with what they add to the log-odds of ``dukung`` before and after."""
    sides = []
    for view in (before, after):
        sums: dict[tuple[str, str], np.ndarray[Any, np.dtype[np.float64]]] = {}
        for c in model.contributions(view):
            sums[c.block, c.feature] = np.array(c.values)
        sides.append(sums)
    nothing = np.zeros(len(LABELS))
    keys = sorted(
        {*sides[0], *sides[1]},
        key=lambda key: (-float(np.abs(sides[1].get(key, nothing) - sides[0].get(key, nothing)).max()), key),
    )
    for block, feature in keys[:FEATURES_SHOWN]:
        old, new = (float(side.get((block, feature), nothing)[0]) for side in sides)
        yield f"{block}: {feature} {old:+.2f} to {new:+.2f}"
