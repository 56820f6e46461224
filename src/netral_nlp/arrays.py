"""Array types that several rooms share, and rows of several lengths laid end to end."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]


def starts_of(lengths: npt.NDArray[Any]) -> Ints:
    """Where each of several rows laid end to end begins, and where the last one ends."""
    starts = np.zeros(len(lengths) + 1, dtype=np.int64)
    np.cumsum(lengths, out=starts[1:])
    return starts


def ragged(starts: npt.NDArray[Any], lengths: npt.NDArray[Any]) -> tuple[Ints, Ints]:
    """For rows ``start:start + length`` the owner of each element and its index.

    >>> owner, index = ragged(np.array([5, 0]), np.array([2, 1]))
    >>> owner.tolist(), index.tolist()
    ([0, 0, 1], [5, 6, 0])
    """
    owner = np.repeat(np.arange(len(lengths), dtype=np.int64), lengths)
    shift = np.asarray(starts, dtype=np.int64) - starts_of(lengths)[:-1]
    index = shift.take(owner)
    index += np.arange(len(owner), dtype=np.int64)
    return owner, index
