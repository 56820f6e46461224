"""What tests do with the program: write a table for it, run a command, enter its review page, count its steps."""

from __future__ import annotations

import csv
import http.client
import io
import re
import sys
from collections.abc import Callable, Iterable, Sequence
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass
from pathlib import Path
from types import FrameType
from typing import Any
from urllib.parse import urlsplit

import pytest

from netral_nlp.cli import main


@dataclass(frozen=True)
class Done:
    """How a command ended and what it said."""

    code: int
    out: str
    err: str


def run(*arguments: object) -> Done:
    """The command line in this process; nothing is on its standard input."""
    out, err = (io.TextIOWrapper(io.BytesIO(), encoding="utf-8", write_through=True) for _ in range(2))
    with redirect_stdout(out), redirect_stderr(err), pytest.raises(SystemExit) as ended:
        main([str(argument) for argument in arguments])
    said, warned = (stream.buffer.getvalue().decode() for stream in (out, err))  # type: ignore[attr-defined]
    return Done(int(ended.value.code or 0), said, warned)


def write(path: Path, header: Sequence[str], rows: Iterable[Sequence[object]], *, delimiter: str = ",") -> Path:
    """A CSV file as another program writes it: UTF-8, ``None`` as an empty cell; the path comes back."""
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, delimiter=delimiter).writerows([header, *rows])
    return path


def enter(link: str) -> tuple[str, str, str]:
    """Host, room and cookie of a review page from its link, as a browser would get them."""
    parts = urlsplit(link)
    connection = http.client.HTTPConnection(parts.netloc, timeout=30)
    connection.request("GET", parts.path)
    answer = connection.getresponse()
    (room,) = re.findall(r'href="([^"]+)"', answer.read().decode())
    cookie = (answer.getheader("set-cookie") or "").split(";")[0]
    connection.close()
    return parts.netloc, room, cookie


def link_in(file: Path) -> str:
    """The link that a page on this machine opens."""
    return str(re.findall(r'href="([^"]+)"', file.read_text(encoding="utf-8"))[0])


def steps(call: Callable[..., object], *given: object) -> int:
    """How many lines of Python a call runs, with the calls into C: the same on a busy machine and on a fast one.

    What happens inside one regular expression is one step, however long it takes;
    ``tests/benchmarks/bench_lengths.py`` measures that.
    """
    taken = 0

    def line(frame: FrameType, event: str, argument: Any) -> Any:
        nonlocal taken
        taken += event == "line"
        return line

    def c_call(frame: FrameType, event: str, argument: Any) -> None:
        nonlocal taken
        taken += event == "c_call"

    before = sys.gettrace(), sys.getprofile()
    sys.settrace(line)
    sys.setprofile(c_call)
    try:
        call(*given)
    finally:
        sys.settrace(before[0])
        sys.setprofile(before[1])
    return taken
