"""Posts as scoring has read them, for layers that read them further: words and mentions of many posts as arrays."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from netral_nlp.arrays import Ints
from netral_nlp.text.words import Word


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
