"""Several processes that score chunks of posts; results come in the order of the chunks."""

from __future__ import annotations

import gc
import os
import signal
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, TypeVar

from netral_nlp.errors import NetralError
from netral_nlp.model.model import Model
from netral_nlp.roster import Roster
from netral_nlp.scoring.beside import Beside, Context, lengthened
from netral_nlp.scoring.engine.engine import Engine
from netral_nlp.scoring.scorer import Cells
from netral_nlp.tables import Dialect

WAITING = 3  # chunks a worker that are read but not written yet: memory stays bounded however slow the disk
COLLECTED = 200_000  # new objects after which Python looks for reference cycles

Task = TypeVar("Task")


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
    tails: list[str] | None = None
    named: int = 0  # judgements that are toward a pair


def score_chunk(engine: Engine, order: Order, content: Content) -> Scores:
    """The judgements of a chunk, with the cells of the columns beside them."""
    found = engine.score(content.texts, content.abouts, per_pair=order.per_pair)
    named = sum(map(bool, found.pair))
    more: list[tuple[str, ...]] | None = None
    if order.beside is not None:
        contexts = content.contexts or [Context()] * len(content.texts)
        more = order.beside.cells(content.texts, contexts, content.abouts, found)
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


def cores() -> int:
    """How many processors this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def score_all(
    order: Order,
    tasks: Iterable[Task],
    content: Callable[[Task], Content],
    workers: int,
) -> Iterator[tuple[Task, Scores]]:
    """Every task with its scores, in the order given; ``content`` tells what of a task is scored.

    Raises NetralError when a worker dies.
    """
    if workers <= 1:
        engine = Engine(order.model, order.roster, order.max_fpr)
        for task in tasks:
            yield task, score_chunk(engine, order, content(task))
        return
    from joblib.externals.loky import ProcessPoolExecutor  # starts clean processes; notices when one is killed
    from joblib.externals.loky.process_executor import BrokenProcessPool

    crew = ProcessPoolExecutor(workers, initializer=_begin, initargs=(order,))
    waiting: deque[tuple[Task, Any]] = deque()
    try:
        for task in tasks:
            waiting.append((task, crew.submit(_score, content(task))))
            if len(waiting) >= WAITING * workers:
                first, future = waiting.popleft()
                yield first, future.result()
        while waiting:
            first, future = waiting.popleft()
            yield first, future.result()
    except BrokenProcessPool:
        raise NetralError(
            "A worker process died, perhaps for want of memory. Try again with fewer --workers, or with --resume."
        ) from None
    finally:
        for _, future in waiting:
            future.cancel()
        crew.shutdown()  # waits for the few chunks that are being scored


_mine: tuple[Engine, Order] | None = None


def _begin(order: Order) -> None:
    global _mine
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is the first process's business
    gc.set_threshold(COLLECTED)
    _mine = Engine(order.model, order.roster, order.max_fpr), order


def _score(content: Content) -> Scores:
    assert _mine is not None
    return score_chunk(*_mine, content)
