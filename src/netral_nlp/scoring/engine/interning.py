"""Numbers for the pieces of posts: cut, compared and numbered as arrays, without a string for those that are known."""

from __future__ import annotations

import os

import numpy as np
import numpy.typing as npt

from netral_nlp.scoring.engine.arrays import Column, Ints, ragged, starts_of

Symbols = npt.NDArray[np.uint32]
Hashes = npt.NDArray[np.uint64]

# Odd, so that it has an inverse modulo 2^64; another one for each process, so that no file can be made to collide.
_BASE = int.from_bytes(os.urandom(8), "little") | 1
_MIX = np.uint64(0xD6E8FEB86659FD93)
_SPACE = np.array([chr(code).isspace() for code in range(0x3002)])  # as str.split knows it; the last one is none
_EMPTY = -1


class _Powers:
    """Powers of an odd number modulo 2^64, as many as were ever needed."""

    def __init__(self, base: int) -> None:
        self._base = base
        self._values = np.ones(1, dtype=np.uint64)

    def first(self, count: int) -> Hashes:
        if count > len(self._values):
            held = np.full(max(count, 2 * len(self._values)), self._base, dtype=np.uint64)
            held[0] = 1
            self._values = np.cumprod(held, dtype=np.uint64)
        return self._values[:count]


_UP, _DOWN = _Powers(_BASE), _Powers(pow(_BASE, -1, 1 << 64))


def symbols_of(text: str) -> Symbols:
    """The code points of a text."""
    return np.frombuffer(text.encode("utf-32-le", "surrogatepass"), dtype=np.uint32)


def cut(symbols: Symbols) -> tuple[Ints, Ints]:
    """Where the pieces of a text begin and end, as ``str.split`` cuts it.

    >>> cut(symbols_of(" dua  jari"))
    (array([1, 6]), array([ 4, 10]))
    """
    blank = np.ones(len(symbols) + 2, dtype=np.bool_)
    blank[1:-1] = _SPACE.take(np.minimum(symbols, len(_SPACE) - 1))
    edges = np.flatnonzero(blank[1:] != blank[:-1])
    return edges[::2], edges[1::2]


def hashes(symbols: Symbols, begin: Ints, end: Ints) -> Hashes:
    """A hash of each stretch, equal for equal ones: a polynomial in its code points, by differences of one long sum."""
    up, down = _UP.first(len(symbols)), _DOWN.first(len(symbols) + 1)
    total = np.zeros(len(symbols) + 1, dtype=np.uint64)
    np.cumsum((symbols + np.uint64(1)) * up, out=total[1:])
    found = (total.take(end) - total.take(begin)) * down.take(begin)
    found ^= found >> np.uint64(29)
    found *= _MIX
    return found ^ (found >> np.uint64(32))


class Numbering:
    """Piece -> number, from 0 in the order in which they are added.

    Equal hashes are not taken on trust: :meth:`mistaken` compares pieces with what was added under their numbers.
    """

    def __init__(self) -> None:
        self._hash = Column(np.uint64)
        self._start = Column(np.intp)
        self.length = Column(np.intp)
        self._pool = Column(np.uint32)
        self._make_slots(1 << 12)

    def __len__(self) -> int:
        return len(self.length.values)

    @property
    def characters(self) -> int:
        """Of all pieces together."""
        return len(self._pool.values)

    def find(self, wanted: Hashes) -> Ints:
        """The numbers of pieces by their hashes, -1 for one that was not added."""
        known = self._hash.values
        if not len(known):
            return np.full(len(wanted), _EMPTY, dtype=np.intp)
        cell = (wanted >> self._shift).astype(np.intp)
        number = self._slots.take(cell).astype(np.intp)
        other = np.flatnonzero((number >= 0) & (known.take(number, mode="wrap") != wanted))
        while len(other):
            cell[other] = (cell[other] + 1) & (len(self._slots) - 1)
            here = self._slots[cell[other]].astype(np.intp)
            number[other] = here
            other = other[(here >= 0) & (known[here] != wanted[other])]
        return number

    def add(self, new: Hashes, symbols: Symbols, begin: Ints, end: Ints, *, findable: bool = True) -> None:
        """Pieces with hashes that were not added yet, each once; ``findable`` False for one whose hash was."""
        first, length = len(self), end - begin
        self._start.extend(self.characters + starts_of(length)[:-1])
        self.length.extend(length)
        self._pool.extend(symbols[ragged(begin, length)[1]])
        self._hash.extend(new)
        if 3 * len(self) > len(self._slots):
            self._make_slots(1 << (6 * len(self)).bit_length())
        elif findable:
            self._place(np.arange(first, len(self)))

    def _make_slots(self, count: int) -> None:
        self._slots = np.full(count, _EMPTY, dtype=np.int32)
        self._shift = np.uint64(65 - count.bit_length())
        self._place(np.arange(len(self)))

    def _place(self, numbers: Ints) -> None:
        """Each into the first free slot from the one that its hash names."""
        cell = (self._hash.values[numbers] >> self._shift).astype(np.intp)
        while len(numbers):
            free = np.flatnonzero(self._slots[cell] == _EMPTY)
            self._slots[cell[free]] = numbers[free]  # of several that want one slot, the last
            left = np.flatnonzero(self._slots[cell] != numbers)
            numbers, cell = numbers[left], (cell[left] + 1) & (len(self._slots) - 1)

    def mistaken(self, numbers: Ints, symbols: Symbols, begin: Ints, end: Ints) -> Ints:
        """Which pieces are not those of the given numbers, whose hashes they share."""
        length = end - begin
        wrong = self.length.values.take(numbers) != length
        right = np.flatnonzero(~wrong)
        length = length[right]
        place = starts_of(length)
        at = np.arange(place[-1])
        here = at + np.repeat(begin[right] - place[:-1], length)
        at += np.repeat(self._start.values.take(numbers[right]) - place[:-1], length)
        differ = np.flatnonzero(self._pool.values.take(at) != symbols.take(here))
        wrong[right[np.searchsorted(place, differ, side="right") - 1]] = True
        return np.flatnonzero(wrong)

    def keep(self, numbers: Ints) -> None:
        """Forget all others; the kept ones are numbered anew in the order given."""
        length = self.length.values[numbers]
        self._pool.replace(self._pool.values[ragged(self._start.values[numbers], length)[1]])
        self._hash.replace(self._hash.values[numbers])
        self.length.replace(length)
        self._start.replace(starts_of(length)[:-1])
        self._make_slots(len(self._slots))
