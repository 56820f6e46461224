"""What is costly to make and small to keep: remembered for as long as it is asked for."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable
from typing import Generic, TypeVar

Value = TypeVar("Value")
MOST = 4


class Remembered(Generic[Value]):
    """The values asked for last, ``most`` of them, by whatever they follow from; safe to share between threads."""

    def __init__(self, most: int = MOST) -> None:
        self.most = most
        self._values: OrderedDict[Hashable, Value] = OrderedDict()
        self._lock = threading.Lock()

    def of(self, key: Hashable, make: Callable[[], Value]) -> Value:
        """The value of a key, made where it is not known; two who ask at once get the same one. None may be another
        time's something, so it is not remembered."""
        with self._lock:
            if key in self._values:
                self._values.move_to_end(key)
                return self._values[key]
        made = make()  # outside the lock: others need not wait for it
        if made is None:
            return made
        with self._lock:
            kept = self._values.setdefault(key, made)
            while len(self._values) > self.most:
                self._values.popitem(last=False)
        return kept
