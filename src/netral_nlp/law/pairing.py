"""Words and pairs of words among the features of an act model, found for many posts at once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np

from netral_nlp.arrays import Ints

if TYPE_CHECKING:
    from netral_nlp.law.many import Card

UNKNOWN = 0  # the part number of a word that is in no feature


class WordPairs:
    """Finds the features of the block of words: words, pairs of neighbours, pairs with one word between."""

    def __init__(self, features: Mapping[str, int]) -> None:
        self._parts: dict[str, int] = {}
        alone: dict[int, int] = {}
        pairs: dict[str, list[tuple[int, int, int]]] = {" ": [], "_": []}
        for written, number in features.items():
            separator = next((one for one in pairs if one in written[1:-1]), "")
            if separator:  # no word holds a blank or an underscore
                left, _, right = written.partition(separator)
                pairs[separator].append((self._add(left), self._add(right), number))
            else:
                alone[self._add(written)] = number
        self._alone = np.full(len(self._parts) + 1, -1, dtype=np.intp)
        self._alone[list(alone)] = list(alone.values())
        self._near, self._far = (self._sorted(pairs[separator]) for separator in (" ", "_"))

    def _add(self, word: str) -> int:
        return self._parts.setdefault(word, len(self._parts) + 1)

    def _sorted(self, pairs: Sequence[tuple[int, int, int]]) -> tuple[Ints, Ints]:
        left, right, number = np.array([*pairs, (0, 0, -1)], dtype=np.intp).T
        key = left * (len(self._parts) + 1) + right
        order = np.argsort(key)
        return key[order], number[order]

    def part(self, word: str) -> int:
        """The number of a word; :data:`UNKNOWN` where no feature has it."""
        return self._parts.get(word, UNKNOWN)

    def of(self, start: Ints, card: Ints, cards: Sequence[Card]) -> tuple[Ints, Ints]:
        """The features of all posts, whose tokens begin at ``start``, each with its post; masks are passed over."""
        counted = np.array([not one.masked for one in cards], dtype=np.bool_)
        kept = np.flatnonzero(counted.take(card)) if len(cards) else np.zeros(0, dtype=np.intp)
        part = np.array([one.part for one in cards], dtype=np.intp).take(card.take(kept))
        post = np.searchsorted(start, kept, side="right") - 1
        alone = self._alone.take(part)
        posts, found = [post.compress(alone >= 0)], [alone.compress(alone >= 0)]
        for step, (keys, numbers) in ((1, self._near), (2, self._far)):
            left, right, at = part[:-step], part[step:], post[step:]
            both = (left != UNKNOWN) & (right != UNKNOWN) & (post[:-step] == at)
            wanted = left.compress(both) * (len(self._parts) + 1) + right.compress(both)
            place = np.minimum(np.searchsorted(keys, wanted), len(keys) - 1)
            same = keys.take(place) == wanted
            posts.append(at.compress(both).compress(same))
            found.append(numbers.take(place.compress(same)))
        return np.concatenate(posts), np.concatenate(found)
