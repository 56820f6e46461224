"""What the numbers of a model can be at all: a file whose digests are right may still hold what no training gives."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

import numpy as np

from netral_nlp.arrays import Floats
from netral_nlp.model.calibration import ACCUSING, HeldOut
from netral_nlp.model.model import Model, Weights
from netral_nlp.records import LABELS

LARGEST_WEIGHT = 1e4  # log-odds; fits with our penalty stay below 100
LARGEST_IDF = 100.0  # 1 + ln(posts) of more posts than there can be
LARGEST_BLOCK = 1e3
ROUNDING = 1e-5  # three scores of six digits, kept in single precision


def impossible(model: Model) -> str | None:
    """The first thing about a model that cannot be, as the end of the sentence "it is damaged: …"; None if all can."""
    return next(_faults(model), None)


def _faults(model: Model) -> Iterator[str]:
    for w in model.weights:
        yield from _block_faults(w)
    if not _within(model.intercept, -LARGEST_WEIGHT, LARGEST_WEIGHT):
        yield "its intercept is out of all bounds"
    for label in ACCUSING:
        tail = model.tails.get(label)
        if tail is None or not len(tail):
            yield f"it has no held-out scores to take a threshold for {label} from"
        elif not _within(tail, 0.0, 1.0):
            yield f"the scores that its thresholds for {label} come from are no probabilities"
        elif (np.diff(tail) > 0).any():
            yield f"the scores that its thresholds for {label} come from are not sorted"
    if model.held_out is not None:
        yield from _held_out_faults(model.held_out)
    yield from (f'its header says of "{name}" what cannot be' for name, fits in FACTS.items() if not fits(model.facts))


def _block_faults(w: Weights) -> Iterator[str]:
    if not 0.0 < w.block.weight <= LARGEST_BLOCK or w.block.min_df < 1:
        yield f"its header says of {w.block.name} what cannot be"
    if not ((w.idf > 0.0).all() and _within(w.idf, 0.0, LARGEST_IDF)):
        yield f"the document frequencies of {w.block.name} are out of all bounds"
    if not w.block.idf and (w.idf != 1.0).any():
        yield f"{w.block.name} is weighted by document frequencies, and its header says it is not"
    if w.directions is not None and not _within(w.directions, -LARGEST_WEIGHT, LARGEST_WEIGHT):
        yield f"the weights of {w.block.name} are out of all bounds"
    if not _within(w.coef, -LARGEST_WEIGHT, LARGEST_WEIGHT):
        yield f"the weights of {w.block.name} are out of all bounds"


def _held_out_faults(held: HeldOut) -> Iterator[str]:
    if not _within(held.scores, 0.0, 1.0) or (np.abs(held.scores.sum(axis=1) - 1.0) > ROUNDING).any():
        yield "its held-out scores are no probabilities"


def _within(numbers: Floats, low: float, high: float) -> bool:
    """Whether all numbers lie between two bounds; NaN does not."""
    return bool(((numbers >= low) & (numbers <= high)).all())


Fact = Callable[[Mapping[str, Any]], bool]


def _fact(name: str, fits: Callable[[Any], bool]) -> Fact:
    return lambda facts: name not in facts or fits(facts[name])


def _count(value: Any) -> bool:
    return type(value) is int and 0 <= value < 2**53


def _finite(value: Any) -> bool:
    return type(value) in (int, float) and abs(value) <= LARGEST_WEIGHT


def _texts(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(x, str) for x in value)


def _table(value: Any, fits: Callable[[Any], bool]) -> bool:
    return isinstance(value, dict) and all(map(fits, value.values()))


def _calibration(value: Any) -> bool:
    whole = isinstance(value, dict) and _finite(value.get("scale")) and value["scale"] > 0
    return whole and _table(value.get("shift"), _finite) and set(value["shift"]) == set(LABELS)


# What commands read from a header; whatever else stands there is only repeated.
FACTS: dict[str, Fact] = {
    "calibration": lambda facts: _calibration(facts.get("calibration")),
    "corpus_sha256": _fact("corpus_sha256", lambda x: isinstance(x, str) and x.isascii() and x.isalnum()),
    "posts": _fact("posts", _count),
    "elections": _fact("elections", _texts),
    "by_label": _fact("by_label", lambda x: _table(x, _count)),
    "seed": _fact("seed", lambda x: type(x) is int),
    "vectors_sha256": _fact("vectors_sha256", lambda x: isinstance(x, str) and x.isascii() and x.isalnum()),
    "strength": _fact("strength", lambda x: _finite(x) and x > 0),
    "versions": _fact("versions", lambda x: _table(x, lambda v: isinstance(v, str))),
    "adapted": _fact("adapted", lambda x: isinstance(x, dict)),
    "neutral_levels": _fact(
        "neutral_levels", lambda x: isinstance(x, list) and all(_finite(v) and 0.0 <= v <= 2.0 for v in x)
    ),
    "recalibrated": _fact("recalibrated", lambda x: isinstance(x, dict)),
}
