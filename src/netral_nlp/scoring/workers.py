"""Chunks of posts scored in this thread or in several; results come in the order of the chunks."""

from __future__ import annotations

import os
import threading
from collections import deque
from collections.abc import Callable, Generator, Iterable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import TypeVar

from netral_nlp.scoring.engine.engine import Engine
from netral_nlp.scoring.judging import Content, Order, Scores, score_chunk
from netral_nlp.tables.interrupts import put_off

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

    Workers are threads that share one engine: its core lets them run side by side. Without the core one thread does
    all, for Python would not let two run at once.
    """
    engine = Engine(order.model, order.roster, order.max_fpr)
    if workers <= 1 or not engine.is_native:
        for task in tasks:
            yield task, score_chunk(engine, order, content(task))
        return
    turn = threading.Lock()  # the columns beside are read by one thread at a time
    threads = ThreadPoolExecutor(workers, thread_name_prefix="score")
    waiting: deque[tuple[Task, Future[Scores]]] = deque()
    try:
        for task in tasks:
            waiting.append((task, threads.submit(score_chunk, engine, order, content(task), turn)))
            if len(waiting) >= WAITING * workers:
                first, future = waiting.popleft()
                yield first, future.result()
        while waiting:
            first, future = waiting.popleft()
            yield first, future.result()
    finally:
        with put_off():  # threads end with the chunk that they are at
            threads.shutdown(cancel_futures=True)
