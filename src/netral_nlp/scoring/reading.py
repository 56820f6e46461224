"""Posts as scoring has read them, for layers that read them further: words and mentions of many posts as arrays."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import accumulate

import numpy as np

from netral_nlp.arrays import Ints
from netral_nlp.features.reader import Reading
from netral_nlp.roster.names import KINDS
from netral_nlp.text.words import Word, readable


@dataclass(frozen=True, slots=True)
class ReadPosts:
    """What ``features.Reader`` reads of some posts, those from ``first`` on of what was scored.

    The words of post i are ``word[start[i]:start[i + 1]]``, indices into ``distinct``, whose places mean nothing: a
    word stands at ``left:right`` of ``joined``, where the texts begin at ``begin``. Mentions are in order and never
    overlap: words ``mention_first:mention_last`` name ``mention_pair`` (-1: somebody), ``mention_kind`` is an index
    into ``kinds``.
    """

    first: int
    joined: str
    begin: Ints
    start: Ints
    word: Ints
    left: Ints
    right: Ints
    distinct: Sequence[Word]
    mention_first: Ints
    mention_last: Ints
    mention_pair: Ints
    mention_kind: Ints
    kinds: tuple[str, ...]


Listener = Callable[[ReadPosts], None]


def read_by(readings: Sequence[Reading], texts: Sequence[str], first: int) -> ReadPosts:
    """What a ``Reader`` has read of some texts, the first of which has the number ``first``."""
    texts = list(map(readable, texts))
    begins = list(accumulate((len(text) + 1 for text in texts), initial=0))
    starts = list(accumulate((len(reading.words) for reading in readings), initial=0))
    words = [(word, begin) for reading, begin in zip(readings, begins, strict=False) for word in reading.words]
    distinct: dict[tuple[str, str, str, str], int] = {}
    number = [distinct.setdefault((w.form, w.surface, w.kind, w.case), len(distinct)) for w, _ in words]
    mentions = [(m, start) for reading, start in zip(readings, starts, strict=False) for m in reading.mentions]
    return ReadPosts(
        first, "\n".join(texts), _numbers(begins[:-1]), _numbers(starts), _numbers(number),
        _numbers([word.start + begin for word, begin in words]), _numbers([word.end + begin for word, begin in words]),
        [Word(form, surface, 0, 0, kind, case) for form, surface, kind, case in distinct],
        _numbers([m.start + start for m, start in mentions]), _numbers([m.end + start for m, start in mentions]),
        _numbers([m.pair for m, _ in mentions]), _numbers([KINDS.index(m.kind) for m, _ in mentions]), KINDS,
    )  # fmt: skip


def _numbers(found: list[int]) -> Ints:
    return np.array(found, dtype=np.intp)
