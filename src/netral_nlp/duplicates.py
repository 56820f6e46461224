"""Posts that are nearly the same: exact Jaccard similarity of word 3-grams, found through an inverted index."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from math import floor

from netral_nlp.grouping import shingles

SIMILAR = 0.8

Shingles = frozenset[tuple[str, ...]]
Pair = tuple[int, int, float]


def near_duplicates(texts: Sequence[str], above: float = SIMILAR) -> list[Pair]:
    """All ``(i, j, similarity)`` with i < j whose Jaccard similarity is larger than ``above``, in that order.

    None is missed. Two sets that are so similar share one of the rarest few shingles of each, so only posts that do
    are compared (prefix filtering: Chaudhuri, Ganti and Kaushik 2006, "A Primitive Operator for Similarity Joins").

    >>> near_duplicates(["Pilih no 2 ya", "pilih no 2, ya!!", "pilih no 1 ya"])
    [(0, 1, 1.0)]
    """
    groups: dict[Shingles, list[int]] = {}
    for i, text in enumerate(texts):
        groups.setdefault(shingles(text), []).append(i)
    found = [(i, j, 1.0) for same in groups.values() for n, i in enumerate(same) for j in same[n + 1 :]]
    sets = sorted(groups, key=len)
    for a, b, similarity in _similar_sets(sets, above):
        for i in groups[sets[a]]:
            found += [(min(i, j), max(i, j), similarity) for j in groups[sets[b]]]
    return sorted(found)


def _similar_sets(sets: Sequence[Shingles], above: float) -> Iterator[Pair]:
    """The similar ones among distinct sets that are sorted by size."""
    frequency = Counter(shingle for one in sets for shingle in one)
    index: dict[tuple[str, ...], list[int]] = {}
    for b, one in enumerate(sets):
        # so similar a set shares more than above * len(one) shingles, hence one of those left when as many are out
        rarest = sorted(one, key=lambda shingle: (frequency[shingle], shingle))
        prefix = rarest[: len(one) - floor(above * len(one))]
        candidates: set[int] = set()
        for shingle in prefix:
            posted = index.setdefault(shingle, [])
            candidates.update(posted)
            posted.append(b)
        for a in sorted(candidates):
            if len(sets[a]) > above * len(one):
                shared = len(sets[a] & one)
                similarity = shared / (len(sets[a]) + len(one) - shared)
                if similarity > above:
                    yield a, b, similarity
