"""``netral score`` beside other ways from one CSV to another, all in one run; and what its time depends on.

    python tests/benchmarks/bench_scoring.py                       # 10,000 and 100,000 posts
    python tests/benchmarks/bench_scoring.py --sizes 1000000       # Pipeline and plain are left out beyond 100,000
    python tests/benchmarks/bench_scoring.py --only netral floor --workers 1 2 --rounds 3
    python tests/benchmarks/bench_scoring.py --only netral floor --sparse   # 5 % of the posts name a pair
    python tests/benchmarks/bench_scoring.py --only netral fasttext  # pip install fasttext-numpy2-wheel
    python tests/benchmarks/bench_scoring.py --scaling             # by pairs, distinct words and workers; 50,000 posts
    python tests/benchmarks/bench_scoring.py --startup             # --help, and 100 posts

- **tutorial**: pandas, PySastrawi's cached stemmer over whole posts, TF-IDF, ``predict_proba``: one stance a post, no
  pairs, no reasons.
- **pipeline**: the scikit-learn Pipeline that the model came from, with PySastrawi behind an unbounded cache: for each
  pair one prediction, for the clearest one the words that decided.
- **hashing**: pandas, unstemmed words and pairs of words hashed by scikit-learn, logistic regression; **fasttext**:
  pandas and fastText. One stance a post each, for orientation: this is what no knowledge of pairs costs.
- **netral**: ``netral score``, three pairs, evidence; **plain**: the same in Python, without the core in C. **floor**:
  reading and writing the same rows with ``csv``.

Each runs in a process of its own; CPU seconds are those of the process and its children without the time to import and
to load or fit models (told apart), memory is the largest resident set.
"""

from __future__ import annotations

import argparse
import json
import re
import subprocess
import sys
import tempfile
from importlib.util import find_spec
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE.parents[1] / "src"), str(HERE)]

from ways import WAYS, Result, measure  # noqa: E402

SLOW, LIMIT = ("pipeline", "plain"), 100_000
SPARSE = 0.05


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--sizes", type=int, nargs="+")
    options.add_argument("--only", nargs="+", choices=list(WAYS), default=list(WAYS))
    options.add_argument("--workers", type=int, nargs="+", default=[1])
    options.add_argument("--rounds", type=int, default=1, help="how often each way runs, in turns; the fastest counts")
    options.add_argument("--scaling", action="store_true", help="netral alone, by pairs, distinct words and workers")
    options.add_argument("--startup", action="store_true", help="netral alone, with next to nothing to do")
    options.add_argument("--sparse", action="store_true", help=f"{SPARSE:.0%} of the posts name a pair")
    options.add_argument("--folder", type=Path, help="keep the made posts and models here")
    options.add_argument("--seed", type=int, default=1)
    options.add_argument("--run", nargs=5, metavar=("WAY", "POSTS", "FOLDER", "WORKERS", "ROSTER"),
                         help=argparse.SUPPRESS)  # fmt: skip
    chosen = options.parse_args()
    if chosen.run:
        way, posts, folder, workers, roster = chosen.run
        print(json.dumps(measure(way, Path(posts), Path(folder), int(workers), Path(roster))))
        return
    with tempfile.TemporaryDirectory() as spare:
        folder = chosen.folder or Path(spare)
        folder.mkdir(exist_ok=True)
        alone = chosen.scaling or chosen.startup
        prepare(folder, pipeline=not alone and "pipeline" in chosen.only)
        if chosen.scaling:
            from scaling import show_scaling

            for size in chosen.sizes or [50_000]:
                show_scaling(size, folder, chosen.seed, run)
        if chosen.startup:
            from startup import show_startup

            show_startup(folder, chosen.seed)
        if not alone:
            named = SPARSE if chosen.sparse else None
            show(
                chosen.sizes or [10_000, 100_000],
                chosen.only,
                chosen.workers,
                chosen.rounds,
                folder,
                chosen.seed,
                named,
            )


def prepare(folder: Path, pipeline: bool) -> None:
    """The model, and for the Pipeline its scikit-learn twin."""
    wanted = [folder / "netral.npz", *([folder / "netral.joblib"] if pipeline else [])]
    if not all(path.exists() for path in wanted):
        command = [sys.executable, "-m", "netral_nlp", "train", "--out", str(wanted[0])]
        command += ["--pipeline", str(wanted[1])] if pipeline else []
        subprocess.run(command, check=True, env={"PYTHONPATH": sys.path[0]}, capture_output=True)


def show(
    sizes: list[int], only: list[str], pools: list[int], rounds: int, folder: Path, seed: int, named: float | None
) -> None:
    """One table a size, with ratios; ``named`` of the posts name a pair, as many as in the corpus where it is None."""
    import numpy
    from made_posts import ROSTER, write_posts
    from scaling import distinct_words

    from netral_nlp.cli.doctor import check_core

    print(f"Python {sys.version.split()[0]}, numpy {numpy.__version__}, re._MAXCACHE {getattr(re, '_MAXCACHE', '?')}")
    print(f"core: {check_core()}")
    first: dict[str, Result] = {}
    for size in sizes:
        posts = folder / f"posts-{size}-{seed}{'' if named is None else f'-{named}'}.csv"
        if not posts.exists():
            write_posts(posts, size, seed, named=named)
        words = distinct_words(posts)
        print(f"\n{size:,} posts, {posts.stat().st_size / 1e6:.0f} MB, {words:,} distinct words")
        print(f"{'':<22}{'CPU s':>9}{'µs/post':>9}{'posts/s':>10}{'wall s':>9}{'start s':>9}{'MB':>7}")
        todo: list[tuple[str, str, int]] = []
        for way in only:
            if way in SLOW and size > LIMIT:
                continue
            if way == "fasttext" and find_spec("fasttext") is None:
                print(f"{way:<22} not installed (fasttext-numpy2-wheel)")
                continue
            counts = pools if way == "netral" else [1]
            todo += [(f"{way}, {n} workers" if n > 1 else way, way, n) for n in counts]
        results: dict[str, Result] = {}
        for _ in range(rounds):  # in turns, the fastest counts: other work on the machine only adds
            for name, way, workers in todo:
                found = run(way, posts, folder, workers, ROSTER)
                results[name] = min(found, results.get(name, found), key=lambda result: result["cpu"])
        for name, best in results.items():
            print(f"{name:<22}{best['cpu']:>9.1f}{best['cpu'] / size * 1e6:>9.1f}{size / best['cpu']:>10,.0f}"
                  f"{best['wall']:>9.1f}{best['start']:>9.2f}{best['memory']:>7.0f}")  # fmt: skip
        ours = results.get("netral")
        if ours is None:
            continue
        for name, other in results.items():
            if name.startswith("netral, "):
                print(f"{name}: {ours['wall'] / other['wall']:.2f} times as fast as one (wall time)")
            elif name != "netral":
                print(compared(name, ours["cpu"], other["cpu"]))
        shares = ", ".join(f"{stage} {share:.0%}" for stage, share in ours["stages"].items())
        print(f"stages of netral: {shares}")
        if first:
            print(f"from {first['size']:,} to {size:,} posts: CPU a post × "
                  f"{ours['cpu'] / size / first['netral']['cpu'] * first['size']:.2f}, "
                  f"memory × {ours['memory'] / first['netral']['memory']:.2f}")  # fmt: skip
        first = {"netral": ours, "size": size}  # type: ignore[dict-item]


def compared(name: str, ours: float, other: float) -> str:
    """A sentence about two CPU times.

    >>> compared("floor", 3.0, 1.5), compared("tutorial", 1.0, 2.5)
    ('netral takes 2.0 times as long as the floor', 'netral is 2.5 times as fast as the tutorial')
    """
    what = {"hashing": name, "fasttext": name, "plain": "plain Python"}.get(name, f"the {name}")
    if ours > other:
        return f"netral takes {ours / other:.1f} times as long as {what}"
    return f"netral is {other / ours:.1f} times as fast as {what}"


def run(way: str, posts: Path, folder: Path, workers: int, roster: Path) -> Result:
    command = [sys.executable, __file__, "--run", way, str(posts), str(folder), str(workers), str(roster)]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    return dict(json.loads(done.stdout.splitlines()[-1]))


if __name__ == "__main__":
    main()
