"""Scoring on many machines with Dask (``pip install netral-nlp[dask]``): the frame's partitions, each by one engine.

The model travels once to every worker, also to one that starts later or again; there it keeps one table of distinct
words for all partitions. Dask itself gives the partitions of a killed worker to another::

    client = Client("scheduler:8786")
    posts = dask.dataframe.read_parquet("posts/")
    scored = distributed.score(posts, "election.toml", "netral.npz")
    scored.to_parquet("scored/")

CSV is read one file a partition, ``read_csv("posts/*.csv", blocksize=None, dtype=str, keep_default_na=False)``: a
smaller block size cuts files inside quoted line ends.

PySpark needs nothing of this module: ``mapInArrow`` with an engine a task does it. The lines below are those that
``tests/test_spark.py`` runs, with PySpark 4.3, pandas 3.1 and Java 17. ``mapInArrow`` itself goes past pandas;
PySpark 4.3 warns that it does not know pandas 3 yet, which concerns ``toPandas`` and frames made of pandas ones (both
kept every cell). Each task makes its engine anew, in a fraction of a second: few large partitions cost less than many::

    sent = spark.sparkContext.broadcast((model, roster))
    kinds = {name: "string" if name in ("paslon", "label", "bukti") else "double" for name in added_columns(roster)}
    schema = StructType([*posts.schema])
    for name, kind in kinds.items():
        schema.add(name, kind)

    def score(batches):
        engine = Engine(*sent.value)  # one a task: what it has learned of words serves all batches of a partition
        for batch in batches:
            texts = [text or "" for text in batch.column("teks").to_pylist()]
            rows = list(engine.score(texts).rows())
            new = [pyarrow.array([row[i] for row in rows], kind) for i, kind in enumerate(kinds.values())]
            yield pyarrow.RecordBatch.from_arrays([*batch.columns, *new], schema.names)

    scored = posts.mapInArrow(score, schema)
"""

from __future__ import annotations

import hashlib
import math
import threading
from pathlib import Path
from typing import TYPE_CHECKING, Any

from netral_nlp.api import load_model, load_roster
from netral_nlp.errors import InputError
from netral_nlp.model.file import model_bytes, parse_model
from netral_nlp.model.model import Model
from netral_nlp.roster import Roster
from netral_nlp.scoring.engine import Engine
from netral_nlp.scoring.inputs import PairCells
from netral_nlp.scoring.scorer import MAX_FPR, added_columns
from netral_nlp.tables import TEXT_COLUMNS, require_column

if TYPE_CHECKING:
    import pandas as pd

Packed = tuple[bytes, Roster, float]  # the model file's bytes, the roster, the false-positive rate

_engines: dict[str, tuple[Engine, threading.Lock]] = {}
_begun = threading.Lock()


def score(
    posts: Any,
    roster: Roster | str | Path,
    model: Model | str | Path | None = None,
    *,
    max_fpr: float = MAX_FPR,
    text_column: str | None = None,
    pair_column: str | None = None,
) -> Any:
    """A frame with the columns of ``scoring.added_columns`` behind its own; index and partitions stay.

    ``posts`` is a Dask dataframe (the result is one, too, and lazy) or a pandas one; ``text_column`` names the column
    of the posts (default: found by the usual names), ``pair_column`` one that says which pair a page is about. Posts
    that are missing or empty speak of no pair. Raises InputError for a column that the frame does not have.
    """
    election, judge = load_roster(roster), load_model(model)
    names = [str(name) for name in posts.columns]
    text = names[require_column(names, text_column, TEXT_COLUMNS, what="text", option="text_column=", name="The frame")]
    about = None
    if pair_column is not None:
        about = names[require_column(names, pair_column, (), what="pair", option="pair_column=", name="The frame")]
    added = added_columns(election)
    if taken := [name for name in added if name in names]:
        raise InputError(f'The frame has a column "{taken[0]}" already; rename it.')
    data = model_bytes(judge)
    packed: Packed | None = (data, election, max_fpr)
    key = hashlib.sha256(data + f"{election.digest} {max_fpr!r}".encode()).hexdigest()
    if not hasattr(posts, "map_partitions"):
        return _score_part(posts, packed, key, text, about, added)
    client = _client()
    if client is not None:
        client.register_plugin(_plugin(packed, key))
        packed = None  # every worker has it by then
    empty = _with(posts._meta, [], added)
    return posts.map_partitions(_score_part, packed, key, text, about, added, meta=empty)


def _is_text(name: str) -> bool:
    return name in ("paslon", "label", "bukti")


def _client() -> Any:
    """The Dask client of this process, None where the work stays in it."""
    try:
        from distributed import get_client

        return get_client()
    except (ImportError, ValueError):
        return None


def _plugin(packed: Packed | None, key: str) -> Any:
    from distributed import WorkerPlugin

    class Model(WorkerPlugin):
        """Gives each worker the model when it starts."""

        name = f"netral-{key[:16]}"

        def setup(self, worker: Any) -> None:
            _begin(packed, key)

    return Model()


def _begin(packed: Packed | None, key: str) -> tuple[Engine, threading.Lock]:
    """The engine of this process for that model and roster."""
    with _begun:
        if key not in _engines:
            if packed is None:
                raise RuntimeError("this worker was not given the model")
            data, roster, max_fpr = packed
            _engines.clear()  # one at a time: a worker's memory is not for old models
            _engines[key] = Engine(parse_model(data, "the model sent"), roster, max_fpr), threading.Lock()
        return _engines[key]


def _score_part(
    part: pd.DataFrame, packed: Packed | None, key: str, text: str, about: str | None, added: tuple[str, ...]
) -> pd.DataFrame:
    engine, lock = _begin(packed, key)
    texts = [_text(value) for value in part[text].tolist()]
    abouts = None
    if about is not None:
        pairs = PairCells(engine.roster)
        abouts = [pairs.pair(cell) or cell.strip() or None for cell in map(_text, part[about].tolist())]
    with lock:  # one table a worker, whatever its threads
        rows = list(engine.score(texts, abouts).rows())
    return _with(part, rows, added)


def _text(value: Any) -> str:
    """A cell as text; missing ones (None, NaN, pandas.NA) are empty.

    >>> _text("NA"), _text(float("nan")), _text(None), _text(12)
    ('NA', '', '', '12')
    """
    return value if isinstance(value, str) else "" if value is None or str(value) in ("nan", "<NA>") else str(value)


def _with(part: pd.DataFrame, rows: list[tuple[str | float, ...]], added: tuple[str, ...]) -> pd.DataFrame:
    import pandas as pd

    columns = list(zip(*rows, strict=True)) if rows else [()] * len(added)
    new = {
        name: pd.Series(list(values), index=part.index, dtype="str")
        if _is_text(name)
        else pd.Series([math.nan if value == "" else value for value in values], index=part.index, dtype="float64")
        for name, values in zip(added, columns, strict=True)
    }
    return part.assign(**new)
