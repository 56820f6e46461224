"""Which of many cells stood before; what is remembered of each is a hash."""

from __future__ import annotations

import os
from ctypes import c_char_p, c_int64, c_size_t, c_uint64, c_void_p

from netral_nlp import native


class Copies:
    """Cells seen so far, the first ``most`` of them; white space around and between their words does not count."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._seen: set[int] = set()
        self._core = native.library()
        if self._core is None:
            return
        self._core.copies_new.restype, self._core.copies_new.argtypes = c_void_p, [c_size_t, c_uint64]
        self._core.copies_free.argtypes = [c_void_p]
        self._core.copies_count.restype = c_int64
        self._core.copies_count.argtypes = [c_void_p, c_char_p, c_size_t]
        self._handle = self._core.copies_new(most, int.from_bytes(os.urandom(8), "little"))

    def __del__(self) -> None:
        if self._core is not None:
            self._core.copies_free(self._handle)

    def count(self, cells: bytes) -> int:
        """How many of some cells, each with a NUL behind it, stood before; empty ones never did."""
        if self._core is not None:
            found = self._core.copies_count(self._handle, cells, len(cells)) if self._handle else -1
            if found < 0:
                raise MemoryError
            return int(found)
        known = 0
        for cell in cells.decode().split("\0")[:-1]:
            value = " ".join(cell.split())
            if value and hash(value) in self._seen:
                known += 1
            elif value and len(self._seen) < self._most:
                self._seen.add(hash(value))
        return known
