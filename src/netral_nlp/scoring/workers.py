"""Chunks of posts scored in this process or in several; results come in the order of the chunks."""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Callable, Generator, Iterable
from concurrent.futures import Future
from typing import TypeVar

from netral_nlp.scoring.engine.engine import Engine
from netral_nlp.scoring.judging import Content, Order, Scores, score_chunk
from netral_nlp.scoring.pool import Pool

WAITING = 3  # chunks a worker that are read but not written yet: memory stays bounded however slow the disk

Task = TypeVar("Task")


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
) -> Generator[tuple[Task, Scores], None, None]:
    """Every task with its scores, in the order given; ``content`` tells what of a task is scored.

    Raises NetralError when a worker dies.
    """
    if workers <= 1:
        engine = Engine(order.model, order.roster, order.max_fpr)
        for task in tasks:
            yield task, score_chunk(engine, order, content(task))
        return
    pool = Pool(order, workers)
    waiting: deque[tuple[Task, Future[Scores]]] = deque()
    try:
        for task in tasks:
            waiting.append((task, pool.submit(content(task))))
            if len(waiting) >= WAITING * workers:
                first, future = waiting.popleft()
                yield first, future.result()
        while waiting:
            first, future = waiting.popleft()
            yield first, future.result()
        pool.end()
    except BaseException:
        pool.stop()
        raise
