"""The judgements of a chunk of posts, in the form in which they are written."""

from __future__ import annotations

import gc
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass

from netral_nlp.model.model import Model
from netral_nlp.roster import Roster
from netral_nlp.scoring.beside import Beside, Context, lengthened
from netral_nlp.scoring.engine.engine import Engine
from netral_nlp.scoring.reading import ReadPosts
from netral_nlp.scoring.scorer import Cells
from netral_nlp.tables import Dialect

NOBODY_ELSE = nullcontext()
COLLECTED = 200_000  # new objects after which Python looks for reference cycles


@dataclass(frozen=True, slots=True)
class Order:
    """What a worker must know: the model, the roster, how to judge, and in which form to hand the judgements back."""

    model: Model
    roster: Roster
    max_fpr: float
    per_pair: bool = False
    as_text: bool = False
    dialect: Dialect | None = None
    beside: Beside | None = None


@dataclass(frozen=True, slots=True)
class Content:
    """What is scored: texts, the pairs their threads are about, and what else their rows say (None: nothing asked)."""

    texts: Sequence[str]
    abouts: Sequence[str | None] | None
    contexts: Sequence[Context] | None = None


@dataclass(frozen=True, slots=True)
class Scores:
    """The judgements of a chunk: the post that each is about, its label, and its cells.

    With a dialect the cells are ready text, ``tails``; there is nothing left to do but to write them.
    """

    post: list[int]
    label: list[str]
    cells: list[Cells]
    tails: Sequence[str] | None = None
    named: int = 0  # judgements that are toward a pair


def score_chunk(
    engine: Engine, order: Order, content: Content, turn: AbstractContextManager[object] = NOBODY_ELSE
) -> Scores:
    """The judgements of a chunk, with the cells of the columns beside them, which are read in ``turn``."""
    if order.beside is None and order.dialect is not None:
        lines = engine.lines(content.texts, content.abouts, order.dialect, per_pair=order.per_pair)
        if lines is not None:
            return Scores(lines.post, lines.label, [], lines.tails, lines.named)
    read: list[ReadPosts] = []
    listen = None if order.beside is None else read.append
    found = engine.score(content.texts, content.abouts, per_pair=order.per_pair, listen=listen)
    named = sum(map(bool, found.pair))
    more: list[tuple[str, ...]] | None = None
    if order.beside is not None:
        contexts = content.contexts or [Context()] * len(content.texts)
        with turn:
            more = order.beside.cells(content.texts, contexts, content.abouts, found, read)
    if order.dialect is not None:
        tails = found.tails(order.dialect)
        tails = tails if more is None else lengthened(tails, more, order.dialect)
        return Scores(found.post, found.label, [], tails, named)
    rows: list[Cells] = list(found.rows(as_text=order.as_text))
    if more is not None:
        rows = [(*row, *cells) for row, cells in zip(rows, more, strict=True)]
    return Scores(found.post, found.label, rows, None, named)


@contextmanager
def seldom_collecting() -> Iterator[None]:
    """Within it Python looks for reference cycles some hundred times less often.

    Scoring makes none, and each look goes through all that the engine remembers.
    """
    usual = gc.get_threshold()
    if 0 < usual[0] < COLLECTED:  # 0 is never
        gc.set_threshold(COLLECTED, *usual[1:])
    try:
        yield
    finally:
        gc.set_threshold(*usual)
