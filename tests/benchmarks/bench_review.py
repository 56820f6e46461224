"""Simulated review: python tests/benchmarks/bench_review.py [--runs 100]

Every corpus post is scored by a fit that has not seen its election; the corpus labels play the reviewer. Printed are
the shares of the file that each order reads until 90 % of the supporting posts are found, and how often the interval
for the supporting posts that remain covers the truth, at fixed moments and when the page advises to stop.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from netral_nlp.learning.orders import Order
from netral_nlp.review.log import ORDERED, Decision, Shown, Standing
from netral_nlp.review.posts import Post
from netral_nlp.review.queue import Filters, Queue
from netral_nlp.review.remaining import Remaining

PREVALENCES = (None, 0.2, 0.05)  # None: as in the corpus
LOOKS = (0.05, 0.1, 0.2, 0.4)  # shares of the file after which the interval is compared with the truth


@dataclass(frozen=True)
class Step:
    """The state after one decision."""

    read: int
    found: int
    queue: Queue


def review(
    posts: Sequence[Post], labels: Sequence[str], order: Order, seed: str, audit_every: int = 10
) -> Iterator[Step]:
    """A reviewer who is always right reads the whole queue."""
    standing = Standing()
    queue = Queue(posts, seed, standing, audit_every)
    reached: set[str] = set()
    found = 0
    for number in range(1, len(posts) + 1):
        pick = queue.next("a", order, Filters(), lambda key: True, reached.update)
        assert pick is not None
        post, label = posts[pick.index], labels[pick.index]
        standing.apply([Decision(number, "", "a", post.key, label, post.pair, "", pick.route, Shown())])
        if pick.route == ORDERED:
            queue.reached.add(pick.index)
        found += label == "dukung"
        yield Step(number, found, queue)


def share_until(posts: Sequence[Post], labels: Sequence[str], order: Order, seed: str, target: float = 0.9) -> float:
    """The share of the file that is read until ``target`` of the supporting posts are found."""
    wanted = target * sum(label == "dukung" for label in labels)
    return next(s.read for s in review(posts, labels, order, seed) if s.found >= wanted) / len(posts)


def looks(posts: Sequence[Post], labels: Sequence[str], order: Order, seed: str) -> dict[str, tuple[Remaining, int]]:
    """Estimates at fixed moments and at the first advice to stop (asked every 20 posts), with the true remainder."""
    total = sum(label == "dukung" for label in labels)
    moments = {int(share * len(posts)): f"{share:.0%}" for share in LOOKS}
    seen: dict[str, tuple[Remaining, int]] = {}
    for step in review(posts, labels, order, seed):
        stop = step.read % 20 == 0 and "stop" not in seen
        if step.read in moments or stop:
            estimate = step.queue.remaining()
            if step.read in moments:
                seen[moments[step.read]] = estimate, total - step.found
            if stop and estimate.enough and estimate.estimate is not None:
                seen["stop"] = estimate, total - step.found
        if "stop" in seen and step.read >= max(moments):
            break
    return seen


def made_of(scores: np.ndarray, texts: Sequence[str], pairs: Sequence[str]) -> list[Post]:
    """Posts as a scored file would hold them."""
    return [
        Post(f"{i:08d}", i + 2, str(i), "", pair, text, "", (float(s[0]), float(s[1]), float(s[2])), "")
        for i, (s, text, pair) in enumerate(zip(scores, texts, pairs, strict=True))
    ]


def main() -> None:
    from netral_nlp.learning.corpus import read_corpus
    from netral_nlp.learning.training import train
    from netral_nlp.resources import data_dir
    from netral_nlp.roster import load_rosters

    given = argparse.ArgumentParser(description=__doc__)
    given.add_argument("--runs", type=int, default=100)
    given.add_argument("--posts", type=int, default=2000, help="posts in a file of the interval's simulation")
    given.add_argument("--order-runs", type=int, default=5)
    options = given.parse_args()
    corpus = read_corpus([data_dir() / "corpus"], load_rosters(data_dir() / "rosters"))
    scores = train(corpus).held_out
    texts, pairs = [e.case.text for e in corpus.examples], [e.case.pair for e in corpus.examples]
    labels = np.array(corpus.labels)
    rng = np.random.default_rng(0)

    def sample(prevalence: float | None, most: int | None) -> np.ndarray:
        rows = np.arange(len(labels))
        if prevalence is not None:
            others = rows[labels != "dukung"]
            count = int(len(others) * prevalence / (1 - prevalence))
            rows = np.concatenate([others, rng.choice(rows[labels == "dukung"], count, replace=False)])
        return np.sort(rng.permutation(rows)[:most])

    print(f"{len(corpus):,} posts; share of the file read until 90 % of the supporting posts are found (mean)")
    print(f"{'supporting':>11}{'posts':>8}{'skor':>8}{'manfaat':>9}{'acak':>8}{'manfaat/acak':>14}")
    for prevalence in PREVALENCES:
        spent: dict[Order, list[float]] = {"skor": [], "manfaat": [], "acak": []}
        for run in range(1 if prevalence is None else options.order_runs):
            rows = sample(prevalence, None)
            posts = made_of(scores[rows], [texts[i] for i in rows], [pairs[i] for i in rows])
            for order, shares in spent.items():
                shares.append(share_until(posts, labels[rows].tolist(), order, f"run{run}"))
        mean = {order: float(np.mean(shares)) for order, shares in spent.items()}
        share = float((labels[rows] == "dukung").mean())
        print(
            f"{share:>11.1%}{len(rows):>8,}{mean['skor']:>8.3f}{mean['manfaat']:>9.3f}{mean['acak']:>8.3f}"
            f"{mean['manfaat'] / mean['acak']:>14.2f}"
        )

    print(f"\n{options.runs} reviews of {options.posts:,} posts: how often the 95 % interval holds the truth (width)")
    for prevalence in PREVALENCES:
        for order in ("skor", "manfaat"):
            covered: dict[str, list[bool]] = {}
            widths: dict[str, list[int]] = {}
            recalls: list[float] = []
            for run in range(options.runs):
                rows = sample(prevalence, options.posts)
                posts = made_of(scores[rows], [texts[i] for i in rows], [pairs[i] for i in rows])
                for moment, (r, truth) in looks(posts, labels[rows].tolist(), order, f"{order}{run}").items():
                    covered.setdefault(moment, []).append(r.low <= truth <= r.high)
                    widths.setdefault(moment, []).append(r.high - r.low)
                    if moment == "stop":
                        recalls.append(r.found / (r.found + truth))
            told = "  ".join(f"{m} {sum(c)}/{len(c)} ({np.mean(widths[m]):.0f})" for m, c in sorted(covered.items()))
            kept = sum(x >= 0.9 for x in recalls)
            name = "corpus" if prevalence is None else f"{prevalence:.0%}"
            print(f"{name:>7} {order:<8} {told}  truly 90 % found at the stop: {kept}/{len(recalls)}", flush=True)


if __name__ == "__main__":
    main()
