"""The door to the core in C: its library where a fit binary lies beside this file, and why not where none does.

The binary is made of ``src/native`` when the package is installed (``hatch_build.py``). Without one everything works
in plain Python, slower.
"""

from __future__ import annotations

import ctypes
import hashlib
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path

ABI = 1  # the calls that the bindings know; src/native/netral.h has the same number
SOURCES = Path(__file__).resolve().parents[2] / "native"  # only in a checkout
BINARY = (
    Path(__file__)
    .resolve()
    .with_name({"win32": "core.dll", "cygwin": "core.dll", "darwin": "core.dylib"}.get(sys.platform, "core.so"))
)

_refused: list[str] = []  # reasons why nothing native is wanted just now; the last one counts


def library() -> ctypes.CDLL | None:
    """The library of the core, one for the process; None where there is none that fits, or inside ``without``."""
    return None if _refused else _open(BINARY, SOURCES)[0]


def why_not() -> str:
    """Why ``library`` is None, in words for a user; empty where it is there."""
    return _refused[-1] if _refused else _open(BINARY, SOURCES)[1]


def built_by() -> str:
    """What compiled the library that is in use; empty without one."""
    found = library()
    return "" if found is None else _text(found, "netral_build")


@contextmanager
def without(reason: str = "plain Python was asked for") -> Iterator[None]:
    """Inside, whatever is made anew is made without the core; what has it already keeps it."""
    _refused.append(reason)
    try:
        yield
    finally:
        _refused.pop()


def digest_of(sources: Path) -> str:
    """SHA-256, in hexadecimal, over the names and the contents of the C files of a folder; line ends do not count."""
    sha = hashlib.sha256()
    for file in sorted([*sources.glob("*.c"), *sources.glob("*.h")], key=lambda file: file.name):
        sha.update(file.name.encode() + b"\0" + file.read_bytes().replace(b"\r\n", b"\n") + b"\0")
    return sha.hexdigest()


@cache
def _open(binary: Path, sources: Path) -> tuple[ctypes.CDLL | None, str]:
    if not binary.exists():
        return None, "no binary was made when it was installed; a C compiler is needed for that"
    try:
        found = ctypes.CDLL(str(binary))
        abi = int(found.netral_abi())
        digest = _text(found, "netral_digest")
    except (OSError, AttributeError) as error:
        return None, f"{binary.name} cannot be used here ({error})"
    if abi != ABI:
        return None, f"{binary.name} is of another version of this package (calls {abi}, needed {ABI}); install again"
    if (sources / "netral.h").is_file() and digest != digest_of(sources):
        return None, f"{binary.name} was made of other sources; run: python {sources.name}/compile.py, or install again"
    return found, ""


def _text(found: ctypes.CDLL, name: str) -> str:
    function = getattr(found, name)
    function.restype = ctypes.c_char_p
    said: bytes = function()
    return said.decode("utf-8", "replace")
