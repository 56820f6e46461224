"""The orders in which a reviewer may read posts, by name, and the random one; nothing that sorts by them."""

from __future__ import annotations

import hashlib
from typing import Literal, get_args

Order = Literal["skor", "ragu", "manfaat", "acak"]
ORDERS: tuple[Order, ...] = get_args(Order)


def shuffle(seed: str, key: str) -> str:
    """Where a post stands in the random order: fixed for a reviews file, the same in every process."""
    return hashlib.sha256(f"{seed}:{key}".encode()).hexdigest()
