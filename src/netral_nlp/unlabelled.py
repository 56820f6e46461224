"""Posts without labels, as adaptation reads them."""

from __future__ import annotations

from pathlib import Path

from netral_nlp.roster import Roster
from netral_nlp.tables import TEXT_COLUMNS, Row, open_table


def unlabelled_posts(
    posts: str | Path, roster: Roster, text_column: str | None = None, pair_column: str | None = None
) -> list[tuple[str, str | None]]:
    """All usable posts of a table file, each with the pair of its page (None where that is no pair of the roster).

    Raises InputError for a file that is no table or lacks a column that was named.
    """
    found: list[tuple[str, str | None]] = []
    with open_table(posts) as table:
        text = table.require_column(text_column, TEXT_COLUMNS, what="text", option="--text-column")
        pair = None
        if pair_column is not None:
            pair = table.require_column(pair_column, (), what="pair", option="--pair-column")
        for row in table:
            if isinstance(row, Row) and row.cells[text].strip():
                about = row.cells[pair].strip() if pair is not None else ""
                found.append((row.cells[text], about if about in roster.ids else None))
    return found
