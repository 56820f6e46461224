"""What remains unread, by estimate; in which order posts come; what the audit may and may not know."""

from __future__ import annotations

import importlib.util
import sys
from collections.abc import Sequence
from pathlib import Path
from types import ModuleType

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import hypergeom

from netral_nlp.learning.orders import ORDERS
from netral_nlp.learning.ranking import Ranking
from netral_nlp.review.log import AUDIT, ORDERED, SEARCHED, Decision, Shown, Standing
from netral_nlp.review.posts import Post
from netral_nlp.review.queue import Filters, Queue
from netral_nlp.review.remaining import Tail, estimate_remaining, population_interval


def simulation() -> ModuleType:
    path = Path(__file__).parent / "benchmarks" / "bench_review.py"
    spec = importlib.util.spec_from_file_location("bench_review", path)
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules["bench_review"] = module
    spec.loader.exec_module(module)
    return module


BENCH = simulation()


def scored_posts(n: int, share: float, seed: int, sharpness: float = 2.0) -> tuple[list[Post], list[str]]:
    """Posts whose score tells support from the rest more or less well, and whose words tell it, too."""
    rng = np.random.default_rng(seed)
    support = rng.random(n) < share
    p = 1 / (1 + np.exp(-(sharpness * (support - 0.5) + rng.normal(size=n))))
    words = [f"{'gas' if s else 'kabar'} {'terus' if s else 'hari'} kata{rng.integers(400)}" for s in support]
    posts = BENCH.made_of(np.stack([p, 0.7 * (1 - p), 0.3 * (1 - p)], axis=1), words, ["A-B"] * n)
    return posts, ["dukung" if s else "netral" for s in support]


@given(st.integers(1, 300), st.data())
def test_the_interval_of_a_sample_holds_just_the_totals_that_are_not_unlikely(posts: int, data: st.DataObject) -> None:
    sampled = data.draw(st.integers(1, posts))
    positive = data.draw(st.integers(0, sampled))
    low, high = population_interval(positive, sampled, posts)
    assert positive <= low <= high <= posts - (sampled - positive)
    for total in (low, high):
        assert hypergeom.sf(positive - 1, posts, total, sampled) > 0.025
        assert hypergeom.cdf(positive, posts, total, sampled) > 0.025
    if low > positive:
        assert hypergeom.sf(positive - 1, posts, low - 1, sampled) <= 0.025
    if high < posts - (sampled - positive):
        assert hypergeom.cdf(positive, posts, high + 1, sampled) <= 0.025


def test_a_whole_reading_leaves_nothing_to_estimate() -> None:
    done = estimate_remaining(Tail(posts=0, unread=0, found=0, sampled=0, positive=0), found=7)
    assert (done.estimate, done.low, done.high, done.enough) == (0, 0, 0, True)


def test_without_an_audit_everything_unread_may_support() -> None:
    blank = estimate_remaining(Tail(posts=50, unread=50, found=0, sampled=0, positive=0), found=0)
    assert (blank.estimate, blank.low, blank.high, blank.enough) == (None, 0, 50, False)


@given(st.integers(0, 20), st.integers(0, 20))
def test_skipped_posts_only_ever_widen_the_interval(skipped: int, left: int) -> None:
    plain = estimate_remaining(Tail(500, 450, 5, 50, 5), found=80)
    wider = estimate_remaining(Tail(500, 450, 5, 50, 5, min(skipped, 45)), found=80, left=left)
    assert wider.low <= plain.low
    assert wider.high >= plain.high


@pytest.mark.parametrize("order", ORDERS)
def test_every_order_shows_every_post_once(order: str) -> None:
    posts, labels = scored_posts(120, 0.3, 1)
    steps = list(BENCH.review(posts, labels, order, "s"))
    assert len(steps) == 120
    assert steps[-1].found == labels.count("dukung")
    remaining = steps[-1].queue.remaining()
    assert (remaining.low, remaining.high, remaining.unread) == (0, 0, 0)


def test_the_random_order_is_the_same_in_every_process_and_another_for_another_file() -> None:
    posts, _ = scored_posts(200, 0.3, 1)
    assert np.array_equal(Ranking(posts, "a").random, Ranking(posts, "a").random)
    assert not np.array_equal(Ranking(posts, "a").random, Ranking(posts, "b").random)


def test_active_order_needs_at_most_half_of_what_random_order_reads() -> None:
    for seed in range(3):
        posts, labels = scored_posts(800, 0.1, seed)
        active = BENCH.share_until(posts, labels, "manfaat", f"s{seed}")
        assert active <= 0.5 * BENCH.share_until(posts, labels, "acak", f"s{seed}")


def test_decisions_correct_scores_that_are_worth_nothing() -> None:
    posts, labels = scored_posts(600, 0.15, 3, sharpness=0.0)
    learned = BENCH.share_until(posts, labels, "manfaat", "s")
    assert learned <= 0.6 * BENCH.share_until(posts, labels, "skor", "s")


@pytest.mark.parametrize("order", ["skor", "manfaat"])
def test_the_interval_covers_the_truth_in_ninety_of_a_hundred_reviews(order: str) -> None:
    covered = looked = 0
    for run in range(25):
        posts, labels = scored_posts(400, 0.15, 100 + run)
        for estimate, truth in BENCH.looks(posts, labels, order, f"{order}{run}").values():
            covered += estimate.low <= truth <= estimate.high
            looked += 1
    assert looked >= 100
    assert covered >= 0.9 * looked


def run_until(posts: Sequence[Post], labels: dict[str, str], flipped: frozenset[str], steps: int) -> list[str]:
    """The posts that the order itself reaches when audited posts in ``flipped`` get the opposite label."""
    standing = Standing()
    queue = Queue(posts, "s", standing, 5)
    reached: list[str] = []
    for number in range(1, steps + 1):
        pick = queue.next("a", "manfaat", Filters(), lambda key: True, reached.extend)
        assert pick is not None
        key = posts[pick.index].key
        label = labels[key]
        if pick.route == AUDIT and key in flipped:
            label = "netral" if label == "dukung" else "dukung"
        standing.apply([Decision(number, "", "a", key, label, "A-B", "", pick.route, Shown())])
        if pick.route == ORDERED:
            queue.reached.add(pick.index)
            reached.append(key)
    return reached


def test_the_order_learns_nothing_from_audited_posts_it_has_not_reached() -> None:
    posts, answers = scored_posts(500, 0.3, 5)
    labels = dict(zip([p.key for p in posts], answers, strict=True))
    plain = run_until(posts, labels, frozenset(), 250)
    audited = [posts[i].key for i in Ranking(posts, "s").random[:60]]
    unreached = frozenset(audited) - frozenset(plain)
    assert len(unreached) >= 15
    assert run_until(posts, labels, unreached, 250) == plain


def test_filters_search_and_the_queue_agree_on_what_is_open() -> None:
    posts, _ = scored_posts(40, 0.3, 6)
    standing = Standing()
    queue = Queue(posts, "s", standing, 0)
    moves = [("Sari", 0, "dukung"), ("Budi", 0, "tolak"), ("Sari", 1, "netral"), ("Sari", 2, "lewati")]
    for number, (who, i, what) in enumerate(moves, 1):
        standing.apply([Decision(number, "", who, posts[i].key, what, "A-B", "", SEARCHED, Shown())])

    def found(status: str, who: str = "Sari", text: str = "") -> set[int]:
        return set(queue.search(who, "skor", Filters(status, text)))

    assert found("belum") == set(range(3, 40))
    assert found("saya") == {0, 1}
    assert found("kedua", "Budi") == {1}
    assert found("beda") == {0}
    assert found("lewati") == {2}
    assert found("semua") == set(range(40))
    assert found("semua", text=posts[7].text.upper()) == {i for i, p in enumerate(posts) if posts[7].text in p.text}
