"""What ``--law`` costs beside the same run without it: CPU time of one process, as a ratio.

    python tests/benchmarks/bench_law.py                     # trains a model first (minutes)
    python tests/benchmarks/bench_law.py --model M.npz --posts 20000 --rounds 3

Two streams of made posts: a sparse one, of which 5 % name a pair or an object of an act, and a dense one of nothing but
such posts, whose cost a post is told in microseconds too. Every round makes an engine anew; the fastest counts, because
other work on the machine only adds.
"""

from __future__ import annotations

import argparse
import csv
import random
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE.parents[1] / "src"), str(HERE)]

from made_posts import ROSTER, posts  # noqa: E402

from netral_nlp import api  # noqa: E402
from netral_nlp.law.assembly import law_columns, load_rules  # noqa: E402
from netral_nlp.law.cues import Prefilter  # noqa: E402
from netral_nlp.model.model import Model  # noqa: E402
from netral_nlp.roster import Roster, load_roster  # noqa: E402
from netral_nlp.scoring.engine import Engine  # noqa: E402
from netral_nlp.scoring.files import score_file  # noqa: E402

SHARE = 0.05  # of posts in the sparse stream that are read further


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--model", type=Path, help="a model that knows acts [default: one is trained]")
    options.add_argument("--posts", type=int, default=8_000)
    options.add_argument("--rounds", type=int, default=3)
    options.add_argument("--seed", type=int, default=1)
    chosen = options.parse_args()
    model, roster = api.load_model(chosen.model), load_roster(ROSTER)
    loud, quiet = parted(model, roster, 6 * chosen.posts, chosen.seed)
    few = round(SHARE * chosen.posts)
    chance = random.Random(chosen.seed)
    sparse = [*quiet[: chosen.posts - few], *loud[:few]]
    chance.shuffle(sparse)
    print(f"{'':<8}{'posts':>8}{'plain':>10}{'--law':>10}{'ratio':>8}{'more, µs a post':>18}")
    for name, stream in (("sparse", sparse), ("dense", loud[few : few + chosen.posts])):
        plain, law = (cost(stream, model, roster, chosen.rounds, law=law) for law in (False, True))
        more = 1e6 * (law - plain) / len(stream)
        print(f"{name:<8}{len(stream):>8,}{plain:>9.2f}s{law:>9.2f}s{law / plain:>8.2f}{more:>18.0f}")


def parted(model: Model, roster: Roster, count: int, seed: int) -> tuple[list[str], list[str]]:
    """Made posts that name a pair or an object of an act, and the others."""
    made = list(posts(count, seed))
    named = Engine(model, roster, 0.01).score(made).pair
    objects = Prefilter(load_rules())
    sides: tuple[list[str], list[str]] = ([], [])
    for text, pair in zip(made, named, strict=True):
        words = (word.strip("#@\"'(.,!?") for word in text.lower().split())
        sides[0 if pair or any(map(objects.begins, words)) else 1].append(text)
    return sides


def cost(texts: Sequence[str], model: Model, roster: Roster, rounds: int, *, law: bool) -> float:
    """CPU seconds of scoring a file of these posts."""
    best = float("inf")
    with tempfile.TemporaryDirectory() as folder:
        source, output = Path(folder) / "posts.csv", Path(folder) / "scored.csv"
        with source.open("w", encoding="utf-8", newline="") as file:
            writer = csv.writer(file)
            writer.writerow(["id", "teks", "waktu"])
            for n, text in enumerate(texts):
                writer.writerow([n, text, f"2024-{8 + n % 4:02d}-{1 + n % 28:02d} {n % 24:02d}:{n % 60:02d}"])
        for _ in range(rounds):
            beside = law_columns(model, roster, law, 0.006)
            start = time.process_time()
            score_file(source, output, model, roster, workers=1, beside=beside)
            best = min(best, time.process_time() - start)
    return best


if __name__ == "__main__":
    main()
