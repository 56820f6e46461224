"""What the engine does with arrays of integers: ragged rows, growing columns, and counting without sorting."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from netral_nlp.arrays import Floats as Floats

Ints = npt.NDArray[np.intp]
Flags = npt.NDArray[np.bool_]

_CELLS = 1 << 17  # of a table to compare in: small enough for a processor's cache
_STRIDE = 40503  # odd: equal keys of neighbouring rows never share a cell


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
    index = shift.take(owner)
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
    """Which keys stand more than once in their row, and how often, without sorting them.

    Every element writes its number into a cell that its row and key name; who reads another's number there has a
    twin, or shares the cell with a stranger. Strangers try again among themselves, so the answer is exact.
    """

    def __init__(self) -> None:
        self._cells = np.empty(_CELLS, dtype=np.int32)  # nothing is read that was not written just before

    def of(self, row: Ints, key: Ints) -> tuple[Ints, Ints, Flags]:
        """The elements, in order, whose row and key stand more than once; how often; and which are the last such.

        >>> where, times, last = Repetitions().of(np.array([0, 0, 0, 1]), np.array([7, 3, 7, 3]))
        >>> where.tolist(), times.tolist(), last.tolist()
        ([0, 2], [2, 2], [False, True])
        """
        cell = row * _STRIDE
        cell += key
        cell &= _CELLS - 1
        number = np.arange(len(key), dtype=np.int32)
        self._cells[cell] = number
        found = self._cells.take(cell)
        early = np.flatnonzero(found != number)
        if not len(early):
            return early, early, np.zeros(0, dtype=np.bool_)
        twins, lasts = [], []
        while len(early):
            last = found.take(early).astype(np.intp)
            same = key.take(last) == key.take(early)
            same &= row.take(last) == row.take(early)
            twins.append(early.compress(same))
            lasts.append(last.compress(same))
            early = early.compress(~same)
            again, own = cell.take(early), number.take(early)
            self._cells[again] = own
            winner = self._cells.take(again)
            found[early] = winner
            early = early.compress(winner != own)
        twin, last = np.concatenate(twins), np.concatenate(lasts)
        times = np.bincount(last, minlength=len(key))
        times[twin] = -times.take(last)
        where = np.flatnonzero(times != 0)
        times = times.take(where)
        return where, np.abs(times) + 1, times > 0


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

    def of(self, counts: Ints) -> tuple[Floats, Floats]:
        """Share of the value and share of its square, for each occurrence."""
        if len(counts) and int(counts.max()) >= len(self._share):
            self._grow(2 * int(counts.max()))
        return self._share.take(counts), self._square.take(counts)
