"""What ``netral`` costs before it has done anything: the CPU time of ``--help``, and of scoring a handful of posts."""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
from pathlib import Path

from made_posts import ROSTER, write_posts
from ways import cpu_seconds

RUNS = 5
FEW = 100


def show_startup(folder: Path, seed: int) -> None:
    """One line a command."""
    posts = folder / f"posts-{FEW}-{seed}.csv"
    write_posts(posts, FEW, seed)
    output = folder / "few.csv"
    files = ["--roster", str(ROSTER), "--model", str(folder / "netral.npz"), "--output", str(output)]
    commands = {"netral --help": ["--help"], f"netral score, {FEW} posts": ["score", str(posts), *files]}
    print(f"user and system CPU, median of {RUNS} (range)")
    for name, arguments in commands.items():
        once(arguments)  # compiles what is not compiled yet
        spent = [once(arguments) for _ in range(RUNS)]
        middle, least, most = (1e3 * seconds for seconds in (statistics.median(spent), min(spent), max(spent)))
        print(f"{name:<26}{middle:>7.0f} ms  ({least:.0f} to {most:.0f})")


def once(arguments: list[str]) -> float:
    """CPU seconds of one run and its children."""
    before = cpu_seconds()
    source = os.pathsep.join(path for path in (sys.path[0], os.environ.get("PYTHONPATH")) if path)
    subprocess.run(
        [sys.executable, "-m", "netral_nlp", *arguments],
        check=True, capture_output=True, env={**os.environ, "PYTHONPATH": source},
    )  # fmt: skip
    return cpu_seconds() - before
