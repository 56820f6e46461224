"""The calls of the native core that score posts: what ``src/native/posts.h`` declares, for ctypes."""

from __future__ import annotations

import ctypes
from collections.abc import Collection, Sequence
from ctypes import CDLL, PyDLL, c_char, c_char_p, c_int32, c_int64, c_uint64, c_void_p
from typing import Any

import numpy as np
import numpy.typing as npt

JUDGEMENT = np.dtype(
    [("post", "<i4"), ("pair", "<i4"), ("label", "<i4"), ("direction", "<i4"), ("score", "<f8", 3), ("begin", "<i8"),
     ("end", "<i8")]
)  # fmt: skip
MENTION = np.dtype([("pair", "<i4"), ("kind", "<i4"), ("first", "<i4"), ("last", "<i4"), ("certainty", "<i4")])

_POINTER, _INT, _LONG = c_void_p, c_int32, c_int64
_CALLS: dict[str, tuple[Any, tuple[Any, ...]]] = {
    "model": (_POINTER, (_INT, _POINTER, _INT, _POINTER, _INT)),
    "model_heads": (_INT, (_POINTER, c_char_p, _POINTER)),
    "model_features": (_INT, (_POINTER, _POINTER, _POINTER, _INT)),
    "model_vectors": (_INT, (*[_POINTER] * 5, _INT, _INT)),
    "model_grams": (_INT, (_POINTER, c_char_p, _LONG, _INT, _INT)),
    "model_words": (_INT, (_POINTER, c_char_p, _LONG, _INT, _INT)),
    "model_cues": (_INT, (_POINTER, c_char_p, _LONG, _POINTER, _INT)),
    "model_list": (_INT, (_POINTER, _INT, c_char_p, _LONG, _INT)),
    "model_pairs": (_INT, (_POINTER, c_char_p, _POINTER)),
    "model_sight": (_INT, (_POINTER, c_char_p, _LONG, c_char_p, _LONG, _POINTER, _INT, c_char_p, _LONG, _POINTER)),
    "model_free": (None, (_POINTER,)),
    "table": (_POINTER, (_POINTER, c_uint64, c_uint64)),
    "table_size": (_LONG, (_POINTER,)),
    "table_free": (None, (_POINTER,)),
    "chunk": (_POINTER, (_POINTER, c_char_p, _POINTER, _INT)),
    "chunk_free": (None, (_POINTER,)),
    "fresh": (_LONG, (_POINTER, _POINTER)),
    "learn": (_INT, (_POINTER, _POINTER, _INT, _POINTER, _INT, _POINTER, _INT, c_char_p, _POINTER)),
    "suspects": (_INT, (_POINTER, _POINTER)),
    "rewrite": (_INT, (_POINTER, _INT, c_char_p, _LONG)),
    "find_mentions": (_INT, (_POINTER,)),
    "cluster": (_INT, (_POINTER, _INT, _POINTER, _POINTER, _POINTER)),
    "settle": (_INT, (_POINTER, _INT, _POINTER, _INT)),
    "doubtful": (_INT, (_POINTER, _POINTER)),
    "begins": (_INT, (_POINTER, _INT, _POINTER)),
    "tell": (_INT, (_POINTER, _INT, _POINTER, _INT)),
    "starts": (None, (_POINTER, _POINTER, _POINTER)),
    "words": (_LONG, (_POINTER, _INT, _INT, _POINTER, _POINTER, _POINTER)),
    "word": (_POINTER, (_POINTER, _POINTER)),
    "mentions": (None, (_POINTER, _POINTER)),
    "prepare": (None, (_POINTER, _POINTER)),
    "judge": (_LONG, (_POINTER, _POINTER, _INT)),
    "note": (_INT, (_POINTER, _LONG, _INT, c_char_p, _LONG)),
    "tails": (_LONG, (_POINTER, c_char_p, _POINTER, c_char, c_char, _POINTER)),
    "judgements": (_POINTER, (_POINTER, _POINTER, _POINTER)),
}


_LONG_ONES = frozenset(("chunk", "fresh", "learn", "find_mentions", "prepare", "judge", "tails"))


class Calls:
    """The functions of the core by their names without ``netral_``.

    Those that take long let other threads run meanwhile; the others do not, for a thread that lets go of Python for a
    moment may wait for milliseconds until it has it again.
    """

    def __init__(self, library: CDLL) -> None:
        self.library = library
        short = PyDLL(library._name)
        for name, (result, arguments) in _CALLS.items():
            function = getattr(library if name in _LONG_ONES else short, f"netral_{name}")
            function.restype, function.argtypes = result, arguments
            setattr(self, name, function)

    def __getattr__(self, name: str) -> Any:
        raise AttributeError(name)


def address(array: npt.NDArray[Any]) -> int:
    """Where the numbers of a contiguous array lie; the array must outlive the call."""
    assert array.flags.c_contiguous
    return int(array.ctypes.data)


def done(answer: int) -> int:
    """An answer that is no refusal; the core refuses what does not fit together, which is a fault of ours."""
    if answer < 0:
        raise RuntimeError("the native core refused what it was given")
    return answer


def encoded(texts: Sequence[str]) -> tuple[bytes, npt.NDArray[np.int64]]:
    """Texts end to end as the core reads them, and where each begins; one more at the end."""
    raw = [text.encode("utf-8", "surrogatepass") for text in texts]
    offset = np.zeros(len(raw) + 1, dtype=np.int64)
    np.cumsum(np.fromiter(map(len, raw), dtype=np.int64, count=len(raw)), out=offset[1:])
    return b"".join(raw), offset


def lines_of(texts: Collection[str]) -> bytes:
    """Texts as lines, each with its line feed."""
    return ("\n".join(texts) + "\n" if texts else "").encode("utf-8", "surrogatepass")


def text_at(place: int, size: int) -> str:
    """What the core has written somewhere."""
    return ctypes.string_at(place, size).decode("utf-8", "surrogatepass") if size else ""
