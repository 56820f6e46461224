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
from netral_nlp.scoring.engine import Engine
from netral_nlp.scoring.inputs import PairCells, free_names
from netral_nlp.scoring.judgements import Judgements
from netral_nlp.scoring.judging import seldom_collecting
from netral_nlp.scoring.scorer import added_columns
from netral_nlp.tables import TEXT_COLUMNS, choose_posts, require_column

SAMPLE = 200  # rows that tell which column holds the posts
_log = logging.getLogger(__name__)
Frame = Any  # a pandas DataFrame, or anything with a to_pandas method, as Polars and pyarrow have it


def as_pandas(frame: Frame) -> pd.DataFrame:
    """The frame as pandas. Raises UsageError for what is no frame, InputError for two columns of one name."""
    table = frame if isinstance(frame, pd.DataFrame) else getattr(frame, "to_pandas", lambda: None)()
    if not isinstance(table, pd.DataFrame):
        raise UsageError(f"A pandas DataFrame is needed (or one of Polars), not {type(frame).__name__}.")
    if not table.columns.is_unique:
        twice = ", ".join(sorted({str(name) for name in table.columns[table.columns.duplicated()]}))
        raise InputError(f"The frame has two columns named {twice}. Rename one of them.")
    return table


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
    frame: Frame, roster: Roster, model: Model, max_fpr: float, *, per_pair: bool, text: str | None, pair: str | None
) -> pd.DataFrame:
    """The frame with the columns of ``scoring.added_columns`` behind its own; see ``netral_nlp.score``."""
    table = as_pandas(frame)
    texts = column_of(table, text, TEXT_COLUMNS, "text")
    cells = [""] * len(table) if pair is None else column_of(table, pair, (), "pair")
    pairs = PairCells(roster)
    usable = [i for i, one in enumerate(texts) if one.strip() and not pairs.fault(cells[i])]
    for reason in dict.fromkeys(filter(None, map(pairs.fault, cells))):
        _log.warning("%s", reason)
    engine = Engine(model, roster, max_fpr)
    with seldom_collecting():
        found = engine.score([texts[i] for i in usable], [pairs.pair(cells[i]) for i in usable], per_pair=per_pair)
    names = free_names(column_names(table), added_columns(roster))
    return _with_judgements(table, found, usable, names)


def unlabelled_frame(frame: Frame, roster: Roster, text: str | None, pair: str | None) -> list[tuple[str, str | None]]:
    """The posts of a frame that have a text, each with the pair that its page is about."""
    table = as_pandas(frame)
    texts = column_of(table, text, TEXT_COLUMNS, "text")
    cells = [""] * len(table) if pair is None else column_of(table, pair, (), "pair")
    pairs = PairCells(roster)
    return [(text, pairs.pair(cell)) for text, cell in zip(texts, cells, strict=True) if text.strip()]


def _with_judgements(
    table: pd.DataFrame, found: Judgements, usable: Sequence[int], names: Sequence[str]
) -> pd.DataFrame:
    """The frame's columns and those of its judgements, rows in the frame's order and under its index.

    ``usable`` are the rows that were judged, ``names`` the new columns; the new cells of other rows are missing.
    """
    new = pd.DataFrame(np.concatenate([found.scores, found.support], axis=1), columns=list(names[2:-1]))
    new.insert(0, names[0], pd.Series(found.pair, dtype="str"))
    new.insert(1, names[1], pd.Series(found.label, dtype="str"))
    new[names[-1]] = pd.Series(found.words, dtype="str")
    rows = [usable[post] for post in found.post]
    new.index = pd.Index(rows, dtype="int64")
    left = sorted(set(range(len(table))) - set(usable))
    places = np.array(sorted([*rows, *left]), dtype="int64")
    order = np.argsort(np.array([*rows, *left], dtype="int64"), kind="stable")
    empty = pd.DataFrame(index=pd.Index(left, dtype="int64"), columns=list(names)).astype(new.dtypes)
    new = pd.concat([new, empty]).iloc[order]
    result = table.iloc[places].copy()
    new.index = result.index
    return pd.concat([result, new], axis=1)
