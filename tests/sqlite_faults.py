"""The calls with which SQLite itself changes files, replaced by ones that can fail, stop half way or kill.

Python sees none of them. The library lets tests take their place (``xSetSystemCall`` of https://sqlite.org/c3ref/vfs.html).
"""

from __future__ import annotations

import ctypes
import os
import sqlite3
from collections.abc import Callable
from ctypes import CFUNCTYPE, POINTER, c_char_p, c_int, c_int64, c_size_t, c_ssize_t, c_void_p
from typing import Any

LIBRARY = "libsqlite3.so.0"
Strike = Callable[[], None]  # kills, or raises the OSError that the call is to end in


class _Vfs(ctypes.Structure):
    _fields_ = (
        ("version", c_int), ("size", c_int), ("longest", c_int), ("next", c_void_p), ("name", c_char_p),
        ("data", c_void_p), ("methods", c_void_p * 13), ("set_call", CFUNCTYPE(c_int, c_void_p, c_char_p, c_void_p)),
        ("get_call", CFUNCTYPE(c_void_p, c_void_p, c_char_p)), ("next_call", c_void_p),
    )  # fmt: skip


# name -> (type, which argument is the count of bytes, None where nothing is written)
CALLS: dict[bytes, tuple[Any, int | None]] = {
    b"write": (CFUNCTYPE(c_ssize_t, c_int, c_void_p, c_size_t, use_errno=True), 2),
    b"pwrite": (CFUNCTYPE(c_ssize_t, c_int, c_void_p, c_size_t, c_int64, use_errno=True), 2),
    b"pwrite64": (CFUNCTYPE(c_ssize_t, c_int, c_void_p, c_size_t, c_int64, use_errno=True), 2),
    b"ftruncate": (CFUNCTYPE(c_int, c_int, c_int64, use_errno=True), None),
    b"unlink": (CFUNCTYPE(c_int, c_char_p, use_errno=True), None),
    b"open": (CFUNCTYPE(c_int, c_char_p, c_int, c_int, use_errno=True), None),
}
_kept: list[Any] = []  # what C calls must not be collected


def usable() -> bool:
    """Whether Python's SQLite is the system's library, which can be told so."""
    try:
        ctypes.CDLL(LIBRARY, mode=os.RTLD_NOLOAD)  # it is there already, for Python has loaded it
    except (OSError, AttributeError):
        return False
    return bool(sqlite3.sqlite_version)


def replace_calls(due: Callable[[], bool], strike: Strike, half: bool) -> None:
    """From here on each call asks whether it is the one; ``half`` of what it is to write is then written first."""
    library = ctypes.CDLL(LIBRARY)
    library.sqlite3_vfs_find.restype = POINTER(_Vfs)
    library.sqlite3_initialize()
    vfs = library.sqlite3_vfs_find(None)
    for name, (kind, counts) in CALLS.items():
        if at := vfs.contents.get_call(ctypes.cast(vfs, c_void_p), name):
            mine = kind(_instead(kind(at), counts, due, strike, half))
            _kept.append(mine)
            vfs.contents.set_call(ctypes.cast(vfs, c_void_p), name, ctypes.cast(mine, c_void_p))


def _instead(real: Any, counts: int | None, due: Callable[[], bool], strike: Strike, half: bool) -> Any:
    def call(*given: Any) -> int:
        if due():
            if half and counts is not None:
                real(*given[:counts], given[counts] // 2, *given[counts + 1 :])
            try:
                strike()
            except OSError as error:
                ctypes.set_errno(error.errno or 0)
                return -1
        return int(real(*given))

    return call
