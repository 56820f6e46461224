"""The two cores of the engine: each law of it is checked with both."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from netral_nlp import native

CORES = ("native", "plain")


@contextmanager
def core(name: str) -> Iterator[None]:
    """Within it engines are made with that core; a test of the native one is skipped where there is no binary."""
    if name == "plain":
        with native.without():
            yield
        return
    if native.library() is None:
        pytest.skip(native.why_not())
    yield
