"""Which words indicate an act: the exact shares of its score, gathered by stretch of the post."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from netral_nlp.law.acts import ActReading
from netral_nlp.law.signals import ACT_BLOCKS, places
from netral_nlp.model.acts import ActModel

SHOWN = 5  # stretches in a cell
FAINT = 0.05
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
    column = acts.at[act]
    standing = {block.name: places(block, reading.signals) for block in ACT_BLOCKS}
    whole = (0, len(text))
    sums: dict[tuple[int, int], float] = {}
    for share in acts.shares(reading.bags):
        value = float(share.values[column])
        occurrences = standing[share.block][share.feature]
        for first, last in occurrences:
            spans = [whole] if share.block == "facts" or first == last else list(reading.view.spans[first:last])
            for span in spans:
                sums[span] = sums.get(span, 0.0) + value / len(occurrences) / len(spans)
    return [Stretch(text[a:b], a, b, value) for (a, b), value in sorted(sums.items())]


def describe(text: str, reading: ActReading, acts: ActModel, wanted: Sequence[str]) -> str:
    """``SPANDUK: baliho +0.9, tempel +0.7; TIM: …``: the strongest words for each act."""
    return "; ".join(f"{act}: {_strongest(text, stretches(text, reading, acts, act))}" for act in wanted)


def _strongest(text: str, found: Sequence[Stretch]) -> str:
    sums: dict[str, float] = {}
    for one in found:
        written = " ".join(one.written.split())
        if one.written != text and written and len(written) <= LONGEST:
            sums[written] = sums.get(written, 0.0) + one.value
    ranked = sorted(sums.items(), key=lambda item: (-round(item[1], 9), item[0]))
    return ", ".join(f"{written} {value:+.1f}" for written, value in ranked[:SHOWN] if value >= FAINT) or "–"
