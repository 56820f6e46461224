"""The seed that every random choice follows from: what numbers may be one."""

from __future__ import annotations

from operator import index

from netral_nlp.errors import UsageError

LARGEST_SEED = 2**32 - 1  # of NumPy's and scikit-learn's generators


def check_seed(seed: int) -> int:
    """The seed itself. Raises UsageError for anything but a whole number from 0 to :data:`LARGEST_SEED`.

    >>> check_seed(7)
    7
    """
    try:
        number = -1 if isinstance(seed, bool) else index(seed)  # an integer of NumPy's is one, too
    except TypeError:
        number = -1
    if not 0 <= number <= LARGEST_SEED:
        raise UsageError(f"A seed is a whole number from 0 to {LARGEST_SEED:,}; {seed!r:.40} is none.")
    return number
