"""Frames in and out: any data frame as columns of text, and judgements as new columns beside its own."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd

from netral_nlp.errors import InputError, UsageError
from netral_nlp.model.model import Model
from netral_nlp.roster import Roster
from netral_nlp.scoring.beside import Beside, Context
from netral_nlp.scoring.engine import Engine
from netral_nlp.scoring.inputs import EVERY_COLUMN_BY_NAME, Columns, PairCells, free_names
from netral_nlp.scoring.judgements import Judgements
from netral_nlp.scoring.judging import seldom_collecting
from netral_nlp.scoring.noticing import note_model
from netral_nlp.scoring.reading import ReadPosts
from netral_nlp.scoring.scorer import added_columns
from netral_nlp.tables import TEXT_COLUMNS, TIME_COLUMNS, choose_posts, find_column, require_column
from netral_nlp.tables.usual import ACCOUNT_TYPE_COLUMNS, ACTION_COLUMNS

SAMPLE = 200  # rows that tell which column holds the posts
_log = logging.getLogger(__name__)
Frame = Any  # a pandas or Polars DataFrame, or anything with a to_pandas method, as pyarrow has it
POSTS = "teks"  # the column of posts that came without a name


def as_pandas(frame: Frame) -> pd.DataFrame:
    """The frame as pandas. Raises UsageError for what is no frame, InputError for two columns of one name."""
    if isinstance(frame, pd.DataFrame):
        table: Any = frame
    elif _is_polars(frame) and hasattr(frame, "to_dict"):  # its own to_pandas would need pyarrow
        table = pd.DataFrame(frame.to_dict(as_series=False), dtype="object")
    else:
        table = getattr(frame, "to_pandas", lambda: None)()
    if not isinstance(table, pd.DataFrame):
        raise UsageError(f"A pandas DataFrame is needed (or one of Polars), not {type(frame).__name__}.")
    if not table.columns.is_unique:
        twice = ", ".join(sorted({str(name) for name in table.columns[table.columns.duplicated()]}))
        raise InputError(f"The frame has two columns named {twice}. Rename one of them.")
    return table


def _is_polars(value: object) -> bool:
    return type(value).__module__.partition(".")[0] == "polars"


def _framed(posts: Any, text: str | None) -> tuple[Frame, str | None]:
    """Posts as a frame, with the name of the column that holds them if that is known: a Series, a list, a lazy frame.

    Raises UsageError for a list that does not hold texts.
    """
    if _is_polars(posts) and hasattr(posts, "collect"):
        return posts.collect(), text
    if isinstance(posts, pd.Series) or (_is_polars(posts) and hasattr(posts, "to_frame")):
        name = posts.name if isinstance(posts.name, str) and posts.name else POSTS
        return posts.to_frame(name), name
    if isinstance(posts, np.ndarray) and posts.ndim == 1:
        posts = posts.tolist()
    if isinstance(posts, Sequence) and not isinstance(posts, str | bytes):
        strange = next((one for one in posts if not (isinstance(one, str) or one is None or one != one)), None)
        if strange is not None:
            raise UsageError(f"A list of posts holds texts, not {type(strange).__name__}.")
        return pd.DataFrame({POSTS: pd.Series(list(posts), dtype="object")}), POSTS
    return posts, text


def column_names(table: pd.DataFrame) -> list[str]:
    """The names of the columns as text."""
    return [str(name) for name in table.columns]


def column_of(table: pd.DataFrame, wanted: str | None, usual: Sequence[str], what: str) -> list[str]:
    """The cells of the column named, or of the one with a usual name, as text; missing values are empty.

    Raises InputError when there is no such column.
    """
    names = column_names(table)
    if usual is TEXT_COLUMNS and wanted is None:
        cells = [_texts(table.iloc[:SAMPLE, place]) for place in range(len(names))]
        place = choose_posts(names, list(zip(*cells, strict=True)), None, option="text_column=", name="The frame")
    else:
        place = require_column(names, wanted, usual, what=what, option=f"{what}_column=", name="The frame")
    return _texts(table.iloc[:, place])


def _texts(column: Any) -> list[str]:
    missing = column.isna().tolist()
    return ["" if lacks else str(value) for value, lacks in zip(column.tolist(), missing, strict=True)]


def score_frame(
    posts: Any,
    roster: Roster,
    model: Model,
    max_fpr: float,
    *,
    per_pair: bool,
    columns: Columns = EVERY_COLUMN_BY_NAME,
    beside: Beside | None = None,
) -> Frame:
    """The frame with the columns of ``scoring.added_columns``, and of ``beside``, behind its own; see
    ``netral_nlp.score``."""
    frame, text = _framed(posts, columns.text)
    table = as_pandas(frame)
    texts = column_of(table, text, TEXT_COLUMNS, "text")
    cells = [""] * len(table) if columns.pair is None else column_of(table, columns.pair, (), "pair")
    pairs = PairCells(roster)
    usable = [i for i, one in enumerate(texts) if one.strip() and not pairs.fault(cells[i])]
    for reason in dict.fromkeys(filter(None, map(pairs.fault, cells))):
        _log.warning("%s", reason)
    for sentence in note_model(model.facts, roster.election.id):
        _log.warning("%s", sentence)
    engine = Engine(model, roster, max_fpr)
    judged, abouts = [texts[i] for i in usable], [pairs.pair(cells[i]) for i in usable]
    with seldom_collecting():
        read: list[ReadPosts] = []
        listen = None if beside is None else read.append
        found = engine.score(judged, abouts, per_pair=per_pair, listen=listen)
        new = _columns_of(found)
        if beside is not None:
            contexts = _contexts(table, columns)
            more = beside.cells(judged, [contexts[i] for i in usable], abouts, found, read)
            for at, name in enumerate(beside.columns):
                new.insert(new.shape[1], name, pd.Series([row[at] for row in more], dtype="str"))
    wanted = (*added_columns(roster), *(beside.columns if beside is not None else ()))
    new.columns = free_names(column_names(table), wanted)
    new, rows = _placed(new, found, len(table), usable)
    if _is_polars(frame):
        return _beside_polars(frame, new, rows, lazy=frame is not posts and hasattr(posts, "collect"))
    result = table.iloc[rows].copy()
    new.index = result.index
    return pd.concat([result, new], axis=1)


def _contexts(table: pd.DataFrame, columns: Columns) -> list[Context]:
    """What each row says beside its post: when, how, and by what kind of account, as far as there are such columns."""
    names = column_names(table)
    asked = (
        (columns.time, TIME_COLUMNS, "time"),
        (columns.action, ACTION_COLUMNS, "action"),
        (columns.account_type, ACCOUNT_TYPE_COLUMNS, "account_type"),
    )
    cells: list[Sequence[str]] = []
    for wanted, usual, what in asked:
        place = find_column(names, wanted, usual, what=what, option=f"{what}_column=", name="The frame")
        cells.append([""] * len(table) if place is None else _texts(table.iloc[:, place]))
    return list(map(Context, *cells))


def unlabelled_frame(frame: Frame, roster: Roster, text: str | None, pair: str | None) -> list[tuple[str, str | None]]:
    """The posts of a frame that have a text, each with the pair that its page is about."""
    table = as_pandas(frame)
    texts = column_of(table, text, TEXT_COLUMNS, "text")
    cells = [""] * len(table) if pair is None else column_of(table, pair, (), "pair")
    pairs = PairCells(roster)
    return [(text, pairs.pair(cell)) for text, cell in zip(texts, cells, strict=True) if text.strip()]


def _columns_of(found: Judgements) -> pd.DataFrame:
    """One row a judgement, its cells in the order of ``scoring.added_columns``."""
    new = pd.DataFrame(np.concatenate([found.scores, found.support], axis=1))
    new.insert(0, "paslon", pd.Series(found.pair, dtype="str"))
    new.insert(1, "label", pd.Series(found.label, dtype="str"))
    new.insert(new.shape[1], "bukti", pd.Series(found.words, dtype="str"))
    return new


def _placed(new: pd.DataFrame, found: Judgements, rows: int, usable: Sequence[int]) -> tuple[pd.DataFrame, list[int]]:
    """The new cells in the frame's order, and for each of their rows the row of the frame that it is about.

    ``usable`` are the rows of the frame that were judged; the new cells of other rows are missing.
    """
    judged = [(usable[post], place) for place, post in enumerate(found.post)]
    left = [(row, -1) for row in sorted(set(range(rows)) - set(usable))]  # no row of ``new`` has that number
    order = sorted([*judged, *left])
    return new.reindex([place for _, place in order]), [row for row, _ in order]


def _beside_polars(frame: Frame, new: pd.DataFrame, rows: Sequence[int], *, lazy: bool) -> Frame:
    import polars

    columns = []
    for name in new.columns:
        cells = new[name]
        values = [None if lacks else value for value, lacks in zip(cells.tolist(), cells.isna().tolist(), strict=True)]
        kind = polars.Float64 if pd.api.types.is_float_dtype(cells) else polars.String
        columns.append(polars.Series(name, values, dtype=kind))
    result = frame[list(rows)].with_columns(columns)
    return result.lazy() if lazy else result
