"""JSON documents that are a table without being an array of objects, as data frames and databases write them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from netral_nlp.tables.columns import fold_name
from netral_nlp.tables.usual import TEXT_COLUMNS

_TEXT = {fold_name(name) for name in TEXT_COLUMNS}


def records_in(document: Any) -> list[dict[str, Any]] | None:
    """The rows of a document that holds columns, rows by key, or names beside rows; None for any other.

    >>> records_in({"id": {"0": "7", "1": "8"}, "teks": {"0": "halo", "1": "ya"}})
    [{'id': '7', 'teks': 'halo'}, {'id': '8', 'teks': 'ya'}]
    >>> records_in({"columns": ["teks"], "index": ["0"], "data": [["halo"]]})
    [{'teks': 'halo'}]
    >>> records_in({"-a1": {"teks": "halo"}, "-a2": {"teks": "ya"}})
    [{'teks': 'halo'}, {'teks': 'ya'}]
    >>> records_in({"id": ["7", "8"], "teks": ["halo", "ya"]})
    [{'id': '7', 'teks': 'halo'}, {'id': '8', 'teks': 'ya'}]
    >>> records_in({"user": {"name": "a"}, "post": {"teks": "halo"}})
    """
    if not isinstance(document, dict) or not document:
        return None
    names, rows = document.get("columns"), document.get("data")
    if isinstance(names, list) and isinstance(rows, list) and rows:
        return _named(names, rows)
    parts = list(document.values())
    if all(isinstance(part, dict) and part for part in parts):
        return _by_key(document, parts)
    if all(isinstance(part, list) for part in parts) and len({len(part) for part in parts}) == 1 and _speak(document):
        cells = zip(*parts, strict=True)
        return [dict(zip(document, row, strict=True)) for row in cells]
    return None


def _named(names: list[Any], rows: list[Any]) -> list[dict[str, Any]] | None:
    fits = all(isinstance(row, list) and len(row) == len(names) for row in rows)
    if not fits or not all(isinstance(name, str) for name in names) or len(set(names)) < len(names):
        return None
    return [dict(zip(names, row, strict=True)) for row in rows]


def _by_key(document: dict[str, Any], parts: Sequence[dict[str, Any]]) -> list[dict[str, Any]] | None:
    """Columns whose cells have the rows' keys, or rows whose cells have the columns' names."""
    if all(part.keys() == parts[0].keys() for part in parts) and _speak(document) and not _speak(parts[0]):
        return [{name: part[key] for name, part in document.items()} for key in parts[0]]
    if len(parts) > 1 and all(_speak(part) for part in parts):
        return list(parts)
    return None


def _speak(names: dict[str, Any]) -> bool:
    """Whether one of the names is one under which posts are kept."""
    return any(fold_name(name) in _TEXT for name in names)
