"""What the engine does with arrays of integers: ragged rows, growing columns, and counting without sorting."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

Ints = npt.NDArray[np.intp]
Counts = npt.NDArray[np.int32]
Floats = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]

_CELLS = 1 << 20  # of a table to count in: small enough for a processor's cache
_ONE = np.int32(1)
_MIX = np.uint64(0x9E3779B97F4A7C15)  # 2^64 divided by the golden ratio: spreads neighbouring keys


def starts_of(lengths: npt.NDArray[Any]) -> Ints:
    """Where each of several rows laid end to end begins, and where the last one ends."""
    starts = np.zeros(len(lengths) + 1, dtype=np.intp)
    np.cumsum(lengths, out=starts[1:])
    return starts


def ragged(starts: npt.NDArray[Any], lengths: npt.NDArray[Any]) -> tuple[Ints, Ints]:
    """For rows ``start:start + length`` the owner of each element and its index.

    >>> owner, index = ragged(np.array([5, 0]), np.array([2, 1]))
    >>> owner.tolist(), index.tolist()
    ([0, 0, 1], [5, 6, 0])
    """
    owner = np.repeat(np.arange(len(lengths), dtype=np.intp), lengths)
    shift = np.asarray(starts, dtype=np.intp) - starts_of(lengths)[:-1]
    index = shift[owner]
    index += np.arange(len(owner), dtype=np.intp)
    return owner, index


class Column:
    """An array that grows at its end; ``values`` is what it holds now."""

    __slots__ = ("_held", "_room")

    def __init__(self, dtype: Any, width: int | None = None) -> None:
        self._room = np.empty((1024,) if width is None else (1024, width), dtype=dtype)
        self._held = 0

    @property
    def values(self) -> npt.NDArray[Any]:
        return self._room[: self._held]

    def extend(self, more: Sequence[Any] | npt.NDArray[Any]) -> None:
        """Elements behind those that are there."""
        need = self._held + len(more)
        if need > len(self._room):
            room = np.empty((need + need // 4, *self._room.shape[1:]), dtype=self._room.dtype)
            room[: self._held] = self.values
            self._room = room
        if len(more):
            self._room[self._held : need] = more
        self._held = need

    def replace(self, values: npt.NDArray[Any]) -> None:
        """Other elements instead."""
        self._room = np.array(values, dtype=self._room.dtype)
        self._held = len(values)


class Repetitions:
    """How often keys stand in a list, told for each element of the list, without sorting it.

    Keys are counted by a hash of 20 bits; only those that share one are compared.
    """

    def __init__(self) -> None:
        self._table = np.zeros(_CELLS, dtype=np.int32)

    def of(self, keys: Ints) -> Counts:
        """For each element the number of elements equal to it.

        >>> Repetitions().of(np.array([7, 3, 7])).tolist()
        [2, 1, 2]
        """
        cell = ((keys.astype(np.uint64) * _MIX) >> np.uint64(44)).astype(np.intp)
        np.add.at(self._table, cell, _ONE)
        found: Counts = self._table[cell]
        self._table[cell] = 0
        shared = np.flatnonzero(found > 1)
        if len(shared):
            _, which, times = np.unique(keys[shared], return_inverse=True, return_counts=True)
            found[shared] = times[which]
        return found


class Grid:
    """The same for small keys, ``row * width + column`` with few rows at a time: every key has its own cell."""

    def __init__(self, width: int) -> None:
        self.rows = max(1, 2 * _CELLS // max(width, 1))
        self._table = np.zeros(self.rows * width, dtype=np.int32)

    def of(self, keys: Ints) -> Counts:
        """For each element the number of elements equal to it; keys lie below ``rows * width``."""
        np.add.at(self._table, keys, _ONE)
        found: Counts = self._table[keys]
        self._table[keys] = 0
        return found


class Damping:
    """Sublinear counts: what each of n equal occurrences adds to a feature's value, and to its square.

    A feature that occurs n times has the value 1 + ln n (scikit-learn's ``sublinear_tf``); each occurrence is given
    an equal share.
    """

    def __init__(self) -> None:
        self._grow(256)

    def _grow(self, most: int) -> None:
        n = np.arange(1, most + 1, dtype=np.float64)
        value = 1.0 + np.log(n)
        self._share = np.concatenate([[0.0], value / n])
        self._square = np.concatenate([[0.0], value * value / n])

    def of(self, counts: Counts) -> tuple[Floats, Floats]:
        """Share of the value and share of its square, for each occurrence."""
        if len(counts) and int(counts.max()) >= len(self._share):
            self._grow(2 * int(counts.max()))
        return self._share[counts], self._square[counts]
