"""Which posts are copies of each other with a word changed: they must stay on one side of a split."""

from __future__ import annotations

import re
from collections.abc import Sequence

import numpy as np
from scipy.sparse import coo_matrix, csr_matrix
from scipy.sparse.csgraph import connected_components

from netral_nlp.arrays import Ints

Pair = tuple[int, int, float]  # two places and how alike they are

SIMILAR = 0.8  # Jaccard similarity of the word 3-grams of near-duplicates
SIZE = 3  # words in a shingle
BLOCK = 256  # texts compared with all others at a time: bounds the memory when everybody copies one text
_LINK = re.compile(r"(?:https?://|www\.)\S+")  # every copy has its own short link
_WORD = re.compile(r"\w+")


def shingles(text: str) -> frozenset[tuple[str, ...]]:
    """The distinct runs of three words of a post, without links, case and punctuation.

    A post of one or two words is one run; a post without a word stands for itself.

    >>> sorted(shingles("Gas terus nomor dua! https://t.co/x"))
    [('gas', 'terus', 'nomor'), ('terus', 'nomor', 'dua')]
    """
    words = _WORD.findall(_LINK.sub(" ", text.casefold()))
    if not words:
        return frozenset([("", text.strip())])
    last = max(len(words) - SIZE, 0)
    return frozenset(tuple(words[at : at + SIZE]) for at in range(last + 1))


def near_duplicates(texts: Sequence[str]) -> Ints:
    """A group number for every text, shape (texts,), in order of appearance; near-duplicates have the same one.

    A group also holds the near-duplicates of near-duplicates.

    >>> near_duplicates(["a b c d", "A, b c d!", "lain sekali"]).tolist()
    [0, 0, 1]
    """
    place, count, alike = _alike(texts, SIMILAR)
    if not count:
        return place
    ends = np.array([(a, b) for a, b, _ in alike], dtype=np.int64).reshape(-1, 2).T
    edges = coo_matrix((np.ones(ends.shape[1], np.int8), (ends[0], ends[1])), shape=(count, count))
    group = connected_components(edges, directed=False)[1][place]
    _, seen, number = np.unique(group, return_index=True, return_inverse=True)
    return np.argsort(np.argsort(seen)).astype(np.int64)[number]


def similar_pairs(texts: Sequence[str], above: float = SIMILAR) -> list[Pair]:
    """All ``(i, j, similarity)`` with i < j whose Jaccard similarity is larger than ``above``, in that order.

    >>> similar_pairs(["Pilih no 2 ya", "pilih no 2, ya!!", "pilih no 1 ya"])
    [(0, 1, 1.0)]
    """
    place, count, alike = _alike(texts, above)
    copies: list[list[int]] = [[] for _ in range(count)]
    for i, at in enumerate(place.tolist()):
        copies[at].append(i)
    found = [(i, j, 1.0) for same in copies for n, i in enumerate(same) for j in same[n + 1 :]]
    for a, b, similarity in alike:
        found += [(min(i, j), max(i, j), similarity) for i in copies[a] for j in copies[b]]
    return sorted(found)


def _alike(texts: Sequence[str], above: float) -> tuple[Ints, int, list[Pair]]:
    """The number of each text's set of shingles, how many distinct sets there are, and the similar ones among those.

    Exact, not estimated: one sparse product counts the shingles that any two sets share.
    """
    distinct: dict[frozenset[tuple[str, ...]], int] = {}
    place = np.array([distinct.setdefault(shingles(text), len(distinct)) for text in texts], dtype=np.int64)
    size = np.array([len(found) for found in distinct], dtype=np.int64)
    index: dict[tuple[str, ...], int] = {}
    columns = [index.setdefault(s, len(index)) for found in distinct for s in found]
    starts = np.concatenate([[0], np.cumsum(size)])
    posts = csr_matrix((np.ones(len(columns), np.int32), columns, starts), shape=(len(distinct), len(index)))
    shared = posts[:, np.bincount(columns, minlength=len(index)) > 1]
    across = shared.T.tocsr()
    found: list[Pair] = []
    for first in range(0, len(distinct), BLOCK):
        common = (shared[first : first + BLOCK] @ across).tocoo()
        a, b = common.row + first, common.col
        similarity = common.data / (size[a] + size[b] - common.data)
        alike = (a < b) & (similarity > above)
        found += zip(a[alike].tolist(), b[alike].tolist(), similarity[alike].tolist(), strict=True)
    return place, len(distinct), found
