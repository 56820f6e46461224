"""Numbers as every output writes them: whole ones as they are, others with six decimals."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

NEAR = 1e-6  # to a tie, in millionths: far above the error of one product, far below what often occurs


def format_number(value: float) -> str:
    """The number as every output writes it: whole numbers as they are, others with six decimals.

    Raises ValueError when it is not finite: such a score is a bug, not a result.

    >>> format_number(1 / 32), format_number(7), format_number(-1e-9)
    ('0.031250', '7', '0.000000')
    """
    if isinstance(value, int):
        return str(int(value))
    if not math.isfinite(value):
        raise ValueError("a number to write is not finite")
    text = f"{value:.6f}"
    return "0.000000" if text == "-0.000000" else text


def format_rows(values: NDArray[np.float64], between: str = ",", point: str = ".") -> list[str]:
    """Each row of an (n, k) array as `format_number` writes its numbers, with ``between`` between them.

    Probabilities are written all at once, digit by digit. Raises ValueError for a number that is not finite.

    >>> import numpy
    >>> format_rows(numpy.array([[0.25, 1.0], [1 / 3, 0.0]]), ";")
    ['0.250000;1.000000', '0.333333;0.000000']
    """
    import numpy as np  # a reader of tables does not need it

    def one_by_one(row: NDArray[np.float64]) -> str:
        return between.join([format_number(value).replace(".", point) for value in row.tolist()])

    count, width = values.shape
    if not width or not ((values >= 0) & (values <= 1)).all():
        return [one_by_one(row) for row in values]
    exact = values * 1e6
    millionths = np.rint(exact).astype(np.int32)
    text = np.empty((count, width, 9), dtype=np.uint8)
    text[:, :, 1], text[:, :, 8] = ord(point), ord(between)
    for place in (7, 6, 5, 4, 3, 2, 0):
        rest = millionths // 10
        text[:, :, place] = millionths - 10 * rest + ord("0")
        millionths = rest
    all_rows, long = text.tobytes().decode("ascii"), 9 * width
    rows = [all_rows[start : start + long - 1] for start in range(0, count * long, long)]
    ties = np.abs(exact - np.floor(exact) - 0.5) < NEAR  # the product is rounded, which may turn them
    for row in np.flatnonzero(ties.any(axis=1)).tolist():
        rows[row] = one_by_one(values[row])
    return rows
