"""Which words indicate an act: the exact shares of its score, gathered by stretch of the post."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate

from netral_nlp.law.acts import ActReading
from netral_nlp.law.signals import ACT_BLOCKS
from netral_nlp.model.acts import ActModel

SHOWN = 5  # stretches in a cell
FAINT = 0.05
FACTS = "facts"  # the block about the post as a whole
LONGEST = 60  # characters of a stretch in a cell


@dataclass(frozen=True, slots=True)
class Stretch:
    """What the words ``start:end`` of a post add to the log-odds of an act; the whole post where no words do alone."""

    written: str
    start: int
    end: int
    value: float


def stretches(text: str, reading: ActReading, acts: ActModel, act: str) -> list[Stretch]:
    """The stretches of a post with their shares: with the intercept they sum to the score of the act.

    A feature's share is split equally over its occurrences, that of an occurrence over its tokens; facts about the
    post belong to all of it.
    """
    whole, values = _by_token(_standing(reading, acts), len(reading.view.spans), acts.coefficients(act))
    found = [Stretch(text, 0, len(text), whole)] if whole else []
    spans = zip(reading.view.spans, values, strict=True)
    return found + [Stretch(text[start:end], start, end, value) for (start, end), value in spans]


Standing = tuple[int, int, int, int, float]
"""A known feature, the tokens first:last on which it stands, how often in all, and the factor of its block."""


def _standing(reading: ActReading, acts: ActModel) -> list[Standing]:
    """Where the features stand that any act counts; those about the whole post on no token."""
    found: list[Standing] = []
    for block, stands, index in zip(ACT_BLOCKS, reading.stands, acts.index, strict=True):
        known = [(index[feature], a, b) for some, a, b in stands for feature in some if feature in index]
        if known:
            times: dict[int, int] = {}
            for feature, _, _ in known:
                times[feature] = times.get(feature, 0) + 1
            factor = 1.0 / acts.norm(times)
            about_all = block.name == FACTS
            found += [(one, a, a if about_all else b, times[one], factor) for one, a, b in known]
    return found


def _by_token(standing: Sequence[Standing], count: int, coefficients: Sequence[float]) -> tuple[float, list[float]]:
    """What the post as a whole adds, and what each of its tokens does."""
    steps = [0.0] * (count + 1)  # what begins or ends at a token: a share lies on each of a range of tokens
    whole = 0.0
    for feature, first, last, times, factor in standing:
        value = coefficients[feature] * factor / times
        if first == last:
            whole += value
        else:
            each = value / (last - first)
            steps[first] += each
            steps[last] -= each
    return whole, list(accumulate(steps[:count]))


def describe(text: str, reading: ActReading, acts: ActModel, wanted: Sequence[str]) -> str:
    """``SPANDUK: baliho +0.9, tempel +0.7; TIM: …``: the strongest words for each act."""
    standing, spans = _standing(reading, acts), reading.view.spans
    told = ((act, _by_token(standing, len(spans), acts.coefficients(act))[1]) for act in wanted)
    return "; ".join(f"{act}: {_strongest(text, spans, values)}" for act, values in told)


def _strongest(text: str, spans: Sequence[tuple[int, int]], values: Sequence[float]) -> str:
    sums: dict[str, float] = {}
    for (start, end), value in zip(spans, values, strict=True):
        if end - start <= LONGEST:
            sums[text[start:end]] = sums.get(text[start:end], 0.0) + value
    ranked = sorted(sums.items(), key=lambda item: (-round(item[1], 9), item[0]))
    shown = [f"{' '.join(written.split())} {value:+.1f}" for written, value in ranked[:SHOWN] if value >= FAINT]
    return ", ".join(shown) or "–"
