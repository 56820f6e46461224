"""The chain over the log: each line's digest covers the line, its post and the digest before, so that no change is
silent and the last digest, written down elsewhere, vouches for all."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence

Field = str | int | float | None


def digest_of(fields: Sequence[Field]) -> str:
    """SHA-256 of fields as a JSON array without blanks, everything but ASCII escaped.

    >>> digest_of(["a", 1, None])[:16]
    '0ae764bffd3a17b6'
    """
    text = json.dumps(list(fields), ensure_ascii=True, separators=(",", ":"), allow_nan=False)
    return hashlib.sha256(text.encode("ascii")).hexdigest()


def first_link(seed: str) -> str:
    """What stands before the first line of a file with that seed."""
    return digest_of(["netral-nlp reviews", seed])


def next_link(before: str, fields: Sequence[Field], post: str = "") -> str:
    """The digest of a line; ``post`` is the digest of the post that it is about."""
    return digest_of([before, post, *fields])
