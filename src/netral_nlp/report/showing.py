"""A post as the page shows it: pieces of text with evidence marked and identities masked."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from netral_nlp.model.evidence import push
from netral_nlp.records import Evidence

STRONGEST = 12  # stretches of evidence that are marked
FAINT = 0.1  # log-odds below which a mark would only distract
_HEAD = re.compile(r"^untuk (?:dukung|netral|tolak): ")
_ITEM = re.compile(r"(.+?) ([+-]\d+[.,]\d)(?:; |$)")


@dataclass(frozen=True, slots=True)
class Mark:
    """A stretch ``start:end`` of the post that speaks for (``value`` > 0) or against the label, in log-odds."""

    start: int
    end: int
    value: float


@dataclass(frozen=True, slots=True)
class Piece:
    """A run of text to show; ``value`` is None where it is no evidence, ``masked`` where it stands for an identity."""

    text: str
    value: float | None = None
    masked: bool = False


def read_evidence(cell: str) -> list[tuple[str, float]]:
    """The words and values of a ``bukti`` cell.

    >>> read_evidence("gas terus +1.2; tapi -0,4")
    [('gas terus', 1.2), ('tapi', -0.4)]
    >>> read_evidence("untuk dukung: gas +1.2")
    [('gas', 1.2)]
    """
    words = _HEAD.sub("", cell.strip())
    return [(m.group(1), float(m.group(2).replace(",", "."))) for m in _ITEM.finditer(words)]


def find_marks(text: str, evidence: Iterable[tuple[str, float]]) -> list[Mark]:
    """Where the words of a ``bukti`` cell stand in the post; every occurrence is marked, whole words only."""
    marks: list[Mark] = []
    for written, value in evidence:
        parts = [re.escape(part) for part in written.split()]
        if not parts or abs(value) < FAINT:
            continue
        before = r"(?<!\w)" if written[:1].isalnum() else ""
        after = r"(?!\w)" if written[-1:].isalnum() else "[\ufe0e\ufe0f\u200d]*"  # an emoji keeps its selector
        marks += [Mark(*m.span(), value) for m in re.finditer(before + r"\s+".join(parts) + after, text)]
    return marks


def exact_marks(text: str, evidence: Sequence[Evidence], label: int) -> list[Mark]:
    """The strongest stretches of a judgement that was made anew, with their exact places."""
    marks = []
    for e in evidence:
        value = push(e, label)
        if abs(value) >= FAINT and e.end > e.start and (e.start, e.end) != (0, len(text)):
            marks.append(Mark(e.start, e.end, value))
    return sorted(marks, key=lambda m: -abs(m.value))[:STRONGEST]


def pieces_of(text: str, marks: Iterable[Mark] = (), masks: Iterable[tuple[int, int, str]] = ()) -> list[Piece]:
    """The whole post in order, cut where a mark or mask begins or ends; of overlapping marks the strongest is shown.

    Without masks, the pieces' texts joined are the post.

    >>> [p.text for p in pieces_of("gas terus @budi", [Mark(0, 9, 1.0)], [(10, 15, "@•••")])]
    ['gas terus', ' ', '@•••']
    """
    value: list[float | None] = [None] * len(text)
    for mark in sorted(marks, key=lambda m: abs(m.value)):
        value[mark.start : mark.end] = [mark.value] * (mark.end - mark.start)
    pieces: list[Piece] = []
    at = 0
    for start, end, instead in [*sorted(masks), (len(text), len(text), "")]:
        if start < at:
            continue
        cut = at
        for i in range(at + 1, start + 1):
            if i == start or value[i] != value[cut]:
                pieces.append(Piece(text[cut:i], value[cut]))
                cut = i
        if end > start:
            pieces.append(Piece(instead, value[start], True))
        at = end
    return pieces
