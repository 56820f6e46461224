"""Processes that score for another one: they never see Ctrl-C, and they end when that one does, however it ends.

Each reads questions from its standard input and writes answers to its standard output, pickled by us for ourselves; a
pool's machinery is not needed for that, and its processes outlive a parent that was killed. The end of the input is the
end of the process: the system closes it also for a parent that can do nothing any more.
"""

from __future__ import annotations

import gc
import os
import signal
import subprocess
import sys
import traceback
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from multiprocessing.reduction import ForkingPickler
from queue import SimpleQueue
from typing import Any, BinaryIO

from netral_nlp.errors import NetralError
from netral_nlp.scoring.engine.engine import Engine
from netral_nlp.scoring.judging import COLLECTED, Content, Order, Scores, score_chunk
from netral_nlp.tables.interrupts import put_off

START = "import sys; sys.path[:] = sys.argv[1:]; from netral_nlp.scoring.pool import work; work()"


class Pool:
    """So many processes that score; `submit` as often as needed, then `end`, or `stop` in an emergency."""

    def __init__(self, order: Order, count: int) -> None:
        packed = bytes(ForkingPickler.dumps(order))
        self._workers: list[_Worker] = []
        self._free: SimpleQueue[_Worker] = SimpleQueue()
        self._threads = ThreadPoolExecutor(count)  # each waits for one process
        with put_off():  # what starts here never gets Ctrl-C
            for _ in range(count):
                worker = _Worker(packed)
                self._workers.append(worker)
                self._free.put(worker)

    def submit(self, content: Content) -> Future[Scores]:
        """The scores of a chunk, some time; the future raises NetralError when the process dies."""
        with put_off():
            return self._threads.submit(self._ask, content)

    def end(self) -> None:
        """Wait for what was asked, then for the processes."""
        self._threads.shutdown()
        for worker in self._workers:
            worker.end()

    def stop(self) -> None:
        """End at once, whatever was asked."""
        with put_off():
            for worker in self._workers:
                worker.kill()
            self._threads.shutdown(cancel_futures=True)
            for worker in self._workers:
                worker.end()

    def _ask(self, content: Content) -> Scores:
        worker = self._free.get()
        try:
            return worker.ask(content)
        finally:
            self._free.put(worker)


class _Worker:
    """One process; ``order`` is sent with the first question, when the process is ready to read it."""

    def __init__(self, order: bytes) -> None:
        self._order: bytes | None = order
        apart = getattr(subprocess, "CREATE_NEW_PROCESS_GROUP", 0)  # Windows: the group gets no Ctrl-C
        self._process = subprocess.Popen(
            [sys.executable, "-c", START, *map(str, sys.path)],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, creationflags=apart,
        )  # fmt: skip

    def ask(self, content: Content) -> Scores:
        questions, answers = self._process.stdin, self._process.stdout
        assert questions is not None and answers is not None
        try:
            order, self._order = self._order, None
            if order is not None:
                _send(questions, order)
            _send(questions, bytes(ForkingPickler.dumps(content)))
            answer = _receive(answers)
        except (OSError, ValueError):
            answer = None
        if answer is None:
            raise NetralError("A worker process died, perhaps for want of memory. Try again with fewer --workers, or "
                              "with --resume.")  # fmt: skip
        scores, trace = ForkingPickler.loads(answer)
        if trace:
            raise RuntimeError(f"a worker process failed:\n{trace}")
        return scores  # type: ignore[no-any-return]

    def end(self) -> None:
        for stream in (self._process.stdin, self._process.stdout):
            with suppress(OSError):  # of a process that died: what it was to be told cannot be told any more
                if stream is not None:
                    stream.close()
        self._process.wait()

    def kill(self) -> None:
        self._process.kill()
        self._process.wait()


def work() -> None:
    """What a worker process does until its input ends."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    questions = sys.stdin.buffer
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # what anything prints is no answer
    gc.set_threshold(COLLECTED)
    with suppress(BrokenPipeError):
        packed = _receive(questions)
        if packed is None:
            return
        order: Order = ForkingPickler.loads(packed)
        engine = Engine(order.model, order.roster, order.max_fpr)
        while (packed := _receive(questions)) is not None:
            content: Content = ForkingPickler.loads(packed)
            found: tuple[Scores | None, str]
            try:
                found = score_chunk(engine, order, content), ""
            except Exception:
                found = None, traceback.format_exc()
            _send(answers, bytes(ForkingPickler.dumps(found)))
    os._exit(0)  # nobody needs what would still be cleaned up


def _send(stream: BinaryIO | Any, message: bytes) -> None:
    stream.write(len(message).to_bytes(8, "big"))
    stream.write(message)
    stream.flush()


def _receive(stream: BinaryIO | Any) -> bytes | None:
    """The next message, None where the other side has ended."""
    length = stream.read(8)
    if len(length) < 8:
        return None
    message: bytes = stream.read(size := int.from_bytes(length, "big"))
    return message if len(message) == size else None
