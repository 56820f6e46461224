"""``netral score`` beside the tutorial way and a plain scikit-learn Pipeline, all from one CSV to another, in one run.

    python tests/benchmarks/bench_scoring.py                       # 10,000 and 100,000 posts
    python tests/benchmarks/bench_scoring.py --sizes 1000000       # the Pipeline is left out beyond 100,000
    python tests/benchmarks/bench_scoring.py --only netral floor --workers 1 2

- **tutorial**: pandas, PySastrawi's cached stemmer over whole posts, TF-IDF, ``predict_proba``: one stance a post, no
  pairs, no reasons.
- **pipeline**: the scikit-learn Pipeline that the model came from, with PySastrawi behind an unbounded cache: for each
  pair one prediction, for the clearest one the words that decided.
- **netral**: ``netral score``, three pairs, evidence. **floor**: reading and writing the same rows with ``csv``.

Each runs in a process of its own; CPU seconds are those of the process and its children without the time to import and
to load or fit models (told apart), memory is the largest resident set.
"""

from __future__ import annotations

import argparse
import csv
import json
import re
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE.parents[1] / "src"), str(HERE)]

PIPELINE_LIMIT = 100_000
Result = dict[str, Any]


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--sizes", type=int, nargs="+", default=[10_000, 100_000])
    options.add_argument("--only", nargs="+", choices=list(WAYS), default=["floor", "netral", "tutorial", "pipeline"])
    options.add_argument("--workers", type=int, nargs="+", default=[1])
    options.add_argument("--folder", type=Path, help="keep the made posts and models here")
    options.add_argument("--seed", type=int, default=1)
    options.add_argument("--run", nargs=4, metavar=("WAY", "POSTS", "FOLDER", "WORKERS"), help=argparse.SUPPRESS)
    chosen = options.parse_args()
    if chosen.run:
        way, posts, folder, workers = chosen.run
        print(json.dumps(measure(WAYS[way], Path(posts), Path(folder), int(workers))))
        return
    with tempfile.TemporaryDirectory() as spare:
        folder = chosen.folder or Path(spare)
        folder.mkdir(exist_ok=True)
        prepare(folder, "pipeline" in chosen.only)
        show(chosen.sizes, chosen.only, chosen.workers, folder, chosen.seed)


def prepare(folder: Path, pipeline: bool) -> None:
    """The model, and for the Pipeline its scikit-learn twin."""
    wanted = [folder / "netral.npz", *([folder / "netral.joblib"] if pipeline else [])]
    if not all(path.exists() for path in wanted):
        command = [sys.executable, "-m", "netral_nlp", "train", "--out", str(wanted[0])]
        command += ["--pipeline", str(wanted[1])] if pipeline else []
        subprocess.run(command, check=True, env={"PYTHONPATH": sys.path[0]}, capture_output=True)


def show(sizes: list[int], only: list[str], crews: list[int], folder: Path, seed: int) -> None:
    """One table a size, with ratios."""
    import numpy

    print(f"Python {sys.version.split()[0]}, numpy {numpy.__version__}, re._MAXCACHE {getattr(re, '_MAXCACHE', '?')}")
    first: dict[str, Result] = {}
    for size in sizes:
        posts = folder / f"posts-{size}-{seed}.csv"
        if not posts.exists():
            from made_posts import write_posts

            write_posts(posts, size, seed)
        words = distinct_words(posts)
        print(f"\n{size:,} posts, {posts.stat().st_size / 1e6:.0f} MB, {words:,} distinct words")
        print(f"{'':<22}{'CPU s':>9}{'µs/post':>9}{'posts/s':>10}{'wall s':>9}{'start s':>9}{'MB':>7}")
        results: dict[str, Result] = {}
        for way in only:
            if way == "pipeline" and size > PIPELINE_LIMIT:
                continue
            for workers in crews if way == "netral" else [1]:
                name = f"{way}, {workers} workers" if workers > 1 else way
                found = results[name] = run(way, posts, folder, workers)
                print(f"{name:<22}{found['cpu']:>9.1f}{found['cpu'] / size * 1e6:>9.1f}{size / found['cpu']:>10,.0f}"
                      f"{found['wall']:>9.1f}{found['start']:>9.2f}{found['memory']:>7.0f}")  # fmt: skip
        ours = results.get("netral")
        if ours is None:
            continue
        for name, other in results.items():
            if name == "floor":
                print(f"netral takes {ours['cpu'] / other['cpu']:.1f} times the floor")
            elif name.startswith("netral, "):
                print(f"{name}: {ours['wall'] / other['wall']:.2f} times as fast as one (wall time)")
            elif name != "netral":
                print(f"netral is {other['cpu'] / ours['cpu']:.1f} times as fast as the {name}")
        shares = ", ".join(f"{stage} {share:.0%}" for stage, share in ours["stages"].items())
        print(f"stages of netral: {shares}")
        if first:
            print(f"from {first['size']:,} to {size:,} posts: CPU a post × "
                  f"{ours['cpu'] / size / first['netral']['cpu'] * first['size']:.2f}, "
                  f"memory × {ours['memory'] / first['netral']['memory']:.2f}")  # fmt: skip
        first = {"netral": ours, "size": size}  # type: ignore[dict-item]


def distinct_words(posts: Path) -> int:
    found: set[str] = set()
    with posts.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            found.update(re.findall(r"[a-z0-9]+", row["teks"].lower()))
    return len(found)


def run(way: str, posts: Path, folder: Path, workers: int) -> Result:
    command = [sys.executable, __file__, "--run", way, str(posts), str(folder), str(workers)]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    return dict(json.loads(done.stdout.splitlines()[-1]))


# --- in a process of its own


def measure(way: Callable[..., Callable[[], Result]], posts: Path, folder: Path, workers: int) -> Result:
    go = way(posts, folder, workers)
    start, wall = cpu_seconds(), time.perf_counter()
    extra = go() or {}
    spent = {"cpu": cpu_seconds() - start, "wall": time.perf_counter() - wall, "start": start}
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return {**spent, "memory": memory / 1024, **extra}


def cpu_seconds() -> float:
    """Of this process and of all its children that have ended."""
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(u.ru_utime + u.ru_stime for u in used)


def floor(posts: Path, folder: Path, workers: int) -> Callable[[], Result]:
    def go() -> Result:
        with posts.open(encoding="utf-8", newline="") as file, (folder / "floor.csv").open("w", newline="") as out:
            csv.writer(out).writerows(csv.reader(file))
        return {}

    return go


def netral(posts: Path, folder: Path, workers: int) -> Callable[[], Result]:
    from made_posts import ROSTER

    import netral_nlp.engine.engine as engine
    from netral_nlp import batch
    from netral_nlp.artifact import load_model
    from netral_nlp.roster import load_roster

    model, roster = load_model(folder / "netral.npz"), load_roster(ROSTER)
    spent: dict[str, float] = {}

    def clocked(name: str, call: Callable[..., Any]) -> Callable[..., Any]:
        def timed(*given: Any, **named: Any) -> Any:
            start = time.process_time()
            try:
                return call(*given, **named)
            finally:
                spent[name] = spent.get(name, 0.0) + time.process_time() - start

        return timed

    if workers == 1:  # the stages of an engine in this process; a few clock readings for two thousand posts
        engine.encode = clocked("words", engine.encode)
        engine.find_mentions = clocked("mentions", engine.find_mentions)
        engine.Engine._weigh = clocked("features", engine.Engine._weigh)  # type: ignore[method-assign]
        engine.reasons = clocked("evidence", engine.reasons)

    def go() -> Result:
        start = time.process_time()
        batch.score_file(posts, folder / "netral.csv", model, roster, workers=workers)
        total = time.process_time() - start
        stages = {name: seconds / total for name, seconds in spent.items()}
        return {"stages": {**stages, "reading, writing, rest": 1.0 - sum(stages.values())}}

    return go


def tutorial(posts: Path, folder: Path, workers: int) -> Callable[[], Result]:
    import pandas as pd
    from Sastrawi.Stemmer.StemmerFactory import StemmerFactory
    from sklearn.feature_extraction.text import TfidfVectorizer
    from sklearn.linear_model import LogisticRegression

    from netral_nlp.resources import data_dir

    corpus = pd.concat([pd.read_csv(path) for path in sorted((data_dir() / "corpus").glob("*.csv"))])
    vectorizer = TfidfVectorizer(ngram_range=(1, 2))
    model = LogisticRegression(max_iter=300).fit(vectorizer.fit_transform(corpus["text"]), corpus["label"])
    stemmer = StemmerFactory().create_stemmer()

    def go() -> Result:
        frame = pd.read_csv(posts)
        scores = model.predict_proba(vectorizer.transform(frame["teks"].apply(stemmer.stem)))
        frame["label"] = model.classes_[scores.argmax(axis=1)]
        frame[["skor_dukung", "skor_netral", "skor_tolak"]] = scores
        frame.to_csv(folder / "tutorial.csv", index=False)
        return {}

    return go


def pipeline(posts: Path, folder: Path, workers: int) -> Callable[[], Result]:
    import joblib
    import numpy as np
    import pandas as pd
    from made_posts import ROSTER

    from netral_nlp.features.preparation import Reader
    from netral_nlp.roster import load_roster
    from netral_nlp.text.stemming import reference_stem

    fitted = joblib.load(folder / "netral.joblib")
    roster = load_roster(ROSTER)
    stems: dict[str, str] = {}

    def stem(word: str) -> str:
        if word not in stems:
            stems[word] = reference_stem(word)
        return stems[word]

    reader = Reader(roster, stem)
    union, logit = fitted.named_steps["features"], fitted.named_steps["logit"]
    names = union.get_feature_names_out()

    def words(row: Any, label: int) -> str:
        push = row.data * (logit.coef_[label] - logit.coef_.mean(axis=0))[row.indices]
        best = np.argsort(-np.abs(push))[:6]
        return "; ".join(f"{names[row.indices[i]]} {push[i]:+.1f}" for i in best)

    def go() -> Result:
        frame = pd.read_csv(posts, dtype=str, keep_default_na=False)
        found = []
        for begin in range(0, len(frame), 2_000):
            readings = [reader.read(text) for text in frame["teks"].iloc[begin : begin + 2_000]]
            named = [i for i, reading in enumerate(readings) if reading.pairs]
            views = [reader.view(readings[i], pair) for i in named for pair in range(len(roster.pairs))]
            rows: list[list[Any]] = [["", "netral", 0.0, 1.0, 0.0, ""] for _ in readings]
            if views:
                matrix = union.transform(views).tocsr()
                scores = logit.predict_proba(matrix).reshape(len(named), len(roster.pairs), 3)
                for at, i in enumerate(named):
                    pair = max(readings[i].pairs, key=lambda p: 1.0 - scores[at, p, 1])
                    label = int(scores[at, pair].argmax())
                    told = words(matrix[at * len(roster.pairs) + pair], label)
                    rows[i] = [roster.pairs[pair].id, logit.classes_[label], *scores[at, pair], told]
            found += rows
        columns = ["paslon", "label", "skor_dukung", "skor_netral", "skor_tolak", "bukti"]
        pd.concat([frame, pd.DataFrame(found, columns=columns)], axis=1).to_csv(folder / "pipeline.csv", index=False)
        return {}

    return go


WAYS = {"floor": floor, "netral": netral, "tutorial": tutorial, "pipeline": pipeline}

if __name__ == "__main__":
    main()
