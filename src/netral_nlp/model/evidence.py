"""What each stretch of a post adds to a score: the exact shares of a linear model, and how they are shown."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from netral_nlp.arrays import Floats
from netral_nlp.features.views import View
from netral_nlp.records import LABELS, Evidence


@dataclass(frozen=True, slots=True)
class Contribution:
    """What one feature of a view adds to the three log-odds, shared equally by its occurrences.

    ``places`` are the token ranges ``(first, last)`` of the occurrences.
    """

    block: str
    feature: str
    places: tuple[tuple[int, int], ...]
    values: tuple[float, float, float]


def evidence(text: str, view: View, contributions: Iterable[Contribution]) -> list[Evidence]:
    """Contributions gathered by stretch of the original post: each occurrence's share split over its tokens."""
    whole = (0, len(text), True)
    sums: dict[tuple[int, int, bool], Floats] = {}
    for c in contributions:
        for first, last in c.places:
            tokens = view.tokens[first:last]
            spread = last - first == len(view.tokens) > 2 or not tokens
            share = np.array(c.values) / len(c.places)
            spans = [whole] if spread else [(*_span(view, t.first, t.last), False) for t in tokens]
            for span in spans:
                sums[span] = sums.get(span, np.zeros(len(LABELS))) + share / len(spans)
    found = []
    for (start, end, every), values in sorted(sums.items()):
        dukung, netral, tolak = map(float, values)
        found.append(Evidence(text[start:end], start, end, dukung, netral, tolak, every))
    return found


def _span(view: View, first: int, last: int) -> tuple[int, int]:
    words = view.words[first:last]
    return words[0].start, max(w.end for w in words)


SHOWN = 6  # stretches of evidence in a cell
FAINT = 0.05  # log-odds below which a stretch is not worth a reader's time
MOST_WORDS = 2  # of a post that may be told as one word
LONGEST_EVIDENCE = 60  # characters of a stretch in a cell
OWN, SHARED = 1.5, 0.5  # of a label's own log-odds, and of the sum of all three: the formula of a push
DIGITS = 9  # sums are compared to so many: the order in which they were added up must not show


def push(item: Evidence, label: int) -> float:
    """How far a stretch moves the log-odds of a label against the mean of the other two."""
    return OWN * (item.dukung, item.netral, item.tolak)[label] - SHARED * (item.dukung + item.netral + item.tolak)


def pushes(gain: Floats) -> Floats:
    """What log-odds of the three labels, in the last axis, move each label against the mean of the other two.

    Of a, b, c that is a - (b + c) / 2 for the first.

    >>> pushes(np.array([1.0, -0.5, -0.5])).tolist()
    [1.5, -0.75, -0.75]
    """
    return OWN * gain - SHARED * (gain[..., 0] + gain[..., 1] + gain[..., 2])[..., None]


def headed(words: str, label: int) -> str:
    """The words with the label that + and - speak for: a cell of a post that got no label does not say it otherwise.

    >>> headed("gas +1.2", 0)
    'untuk dukung: gas +1.2'
    """
    return f"untuk {LABELS[label]}: {words}" if words else words


def describe(items: Iterable[Evidence], label: int) -> str:
    """``menang +1.2; tapi -0.4``: the strongest stretches for (+) and against (-) a label.

    What belongs to the whole of a post of several words is no word and stays out.
    """
    return told(
        (item.written, push(item, label))
        for item in items
        if not (item.whole and len(item.written.split()) > MOST_WORDS)
    )


def told(pushed: Iterable[tuple[str, float]]) -> str:
    """Stretches as written and what each pushes, as one cell: the strongest first.

    Equal words are added up; white space inside a stretch becomes one blank. The engine does the same for many posts.

    >>> told([("menang", 0.7), ("tapi", -0.4), ("menang", 0.5), ("gas", 0.01)])
    'menang +1.2; tapi -0.4'
    """
    sums: dict[str, float] = {}
    for stretch, value in pushed:
        written = " ".join(stretch.split())
        if written and len(written) <= LONGEST_EVIDENCE:
            sums[written] = sums.get(written, 0.0) + value
    rounded = {written: round(value, DIGITS) for written, value in sums.items()}
    strongest = sorted(rounded.items(), key=lambda pair: (-abs(pair[1]), pair[0]))[:SHOWN]
    return "; ".join(f"{written} {value:+.1f}" for written, value in strongest if abs(value) >= FAINT)
