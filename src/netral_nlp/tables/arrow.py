"""The only door to pyarrow, which takes much room and which only Parquet files need."""

from __future__ import annotations

from typing import Any

from netral_nlp.errors import InputError


def arrow() -> tuple[Any, Any]:
    """pyarrow and its Parquet. Raises InputError, with the way out, where they are missing."""
    try:
        import pyarrow
        import pyarrow.parquet
    except ImportError:
        raise InputError(
            "Parquet files need a package that is not installed: pip install pyarrow (or save the file as CSV)."
        ) from None
    return pyarrow, pyarrow.parquet
