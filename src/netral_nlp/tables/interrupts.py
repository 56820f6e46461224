"""Ctrl-C and the request to end, put off while something must not be left half done."""

from __future__ import annotations

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def put_off() -> Iterator[None]:
    """Within it SIGINT and SIGTERM only wait; they take effect at its end.

    Programs that are started within never get Ctrl-C, from their first instruction on: that is the first process's
    business. In a thread other than the main one it does nothing, for signals never interrupt those.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    waiting: list[int] = []
    usual = {}
    for number in (signal.SIGINT, signal.SIGTERM):
        usual[number] = signal.signal(number, lambda caught, frame: waiting.append(caught))
    mask = None
    if hasattr(signal, "pthread_sigmask"):  # inherited by threads and programs that start here; handlers are not
        mask = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        if mask is not None:
            signal.pthread_sigmask(signal.SIG_SETMASK, mask)
        for number, handler in usual.items():
            signal.signal(number, signal.SIG_DFL if handler is None else handler)
        for late in dict.fromkeys(waiting):
            signal.raise_signal(late)
