"""Which posts are copies of each other with a word changed: they must stay on one side of a split."""

from __future__ import annotations

import re
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
from scipy.sparse import coo_matrix, csr_matrix
from scipy.sparse.csgraph import connected_components

Ints = npt.NDArray[np.int64]

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

    Two texts are near-duplicates when the Jaccard similarity of their word 3-grams is above 0.8; a group also holds
    the near-duplicates of near-duplicates. Exact, not estimated: an inverted index (as a sparse matrix) counts the
    shingles that any two texts share.

    >>> near_duplicates(["a b c d", "A, b c d!", "lain sekali"]).tolist()
    [0, 0, 1]
    """
    distinct: dict[frozenset[tuple[str, ...]], int] = {}
    place = np.array([distinct.setdefault(shingles(text), len(distinct)) for text in texts], dtype=np.int64)
    if not len(place):
        return place
    size = np.array([len(found) for found in distinct], dtype=np.int64)
    index: dict[tuple[str, ...], int] = {}
    columns = [index.setdefault(s, len(index)) for found in distinct for s in found]
    starts = np.concatenate([[0], np.cumsum(size)])
    posts = csr_matrix((np.ones(len(columns), np.int32), columns, starts), shape=(len(distinct), len(index)))
    shared = posts[:, np.bincount(columns) > 1]
    across = shared.T.tocsr()
    left, right = [], []
    for first in range(0, len(distinct), BLOCK):
        common = (shared[first : first + BLOCK] @ across).tocoo()
        a, b = common.row + first, common.col
        alike = 9 * common.data > 4 * (size[a] + size[b])  # c / (a + b - c) > 4 / 5, in whole numbers
        alike &= a < b
        left.append(a[alike])
        right.append(b[alike])
    ends = np.concatenate(left), np.concatenate(right)
    edges = coo_matrix((np.ones(len(ends[0]), np.int8), ends), shape=(len(distinct),) * 2)
    group = connected_components(edges, directed=False)[1][place]
    _, seen, number = np.unique(group, return_index=True, return_inverse=True)
    return np.argsort(np.argsort(seen)).astype(np.int64)[number]
