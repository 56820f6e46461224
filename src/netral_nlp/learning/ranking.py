"""In which order posts are worth a reviewer's time: four orders, one of which learns while people decide."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np

from netral_nlp.arrays import Ints
from netral_nlp.learning.orders import Order, shuffle

if TYPE_CHECKING:
    from netral_nlp.review.posts import Post

LEARNABLE = 50_000  # posts that the learning order reads itself; those with less support keep their score's order
FEWEST = 10  # decided posts of either kind before there is anything to learn
GROWTH = 1.2  # learn again when that many times more is known
STRENGTH = 10.0  # scikit-learn's C; in simulated reviews 5 and 20 both found more than 1, and were alike


class Ranking:
    """Posts ordered by need, best first, as indices.

    ``skor``: most likely to support; ``ragu``: the two best labels closest together; ``acak``: at random;
    ``manfaat``: like ``skor``, but what people decided corrects the scores, so that a reading helps the next.
    """

    def __init__(self, posts: Sequence[Post], seed: str) -> None:
        self.posts = posts
        self.scores = np.array([p.scores for p in posts], dtype=np.float64).reshape(-1, 3)
        self.random = np.argsort([shuffle(seed, p.key) for p in posts], kind="stable").astype(np.int64)
        self._tie = np.empty(len(posts), dtype=np.int64)
        self._tie[self.random] = np.arange(len(posts))
        self._learned_from = 0
        self._learned: Ints | None = None

    def order(self, name: Order, reached: int, decided: Callable[[], Mapping[int, bool]]) -> Ints:
        """All posts, shape (posts,). ``decided`` says of posts that the order has reached whether they support.

        Only ``manfaat`` asks it, from time to time as the number of ``reached`` posts grows. Posts decided by the
        audit or by search must not be in it until the order has reached them, or the audit would no longer be a sample
        of what the order leaves.
        """
        if name == "acak":
            return self.random
        if name == "skor":
            return self.by_score
        if name == "ragu":
            return self.by_doubt
        return self._by_benefit(reached, decided)

    @cached_property
    def by_score(self) -> Ints:
        """Most likely to support first; equals in random order."""
        return np.lexsort((self._tie, -self.scores[:, 0])).astype(np.int64)

    @cached_property
    def by_doubt(self) -> Ints:
        """The smallest distance between the two most probable labels first."""
        best = np.sort(self.scores, axis=1)
        return np.lexsort((self._tie, best[:, 2] - best[:, 1])).astype(np.int64)

    def due(self, reached: int) -> bool:
        """Whether ``manfaat`` would be learned anew, now that the order has reached so many posts."""
        return self._learned is None or not self._learned_from <= reached < GROWTH * self._learned_from

    def _by_benefit(self, reached: int, decided: Callable[[], Mapping[int, bool]]) -> Ints:
        if self._learned is None or self.due(reached):
            known = decided() if reached >= 2 * FEWEST else {}
            support = sum(known.values())
            enough = min(support, len(known) - support) >= FEWEST
            self._learned = self._learn(known) if enough else self.by_score
            self._learned_from = max(reached, FEWEST)
        return self._learned

    @cached_property
    def _readable(self) -> tuple[Ints, Any]:
        """The posts that are learned from, and their features: the scores' log-odds beside words and word pairs."""
        from scipy.sparse import csr_matrix, hstack
        from sklearn.feature_extraction.text import CountVectorizer, TfidfTransformer

        chosen = self.by_score[:LEARNABLE]
        texts = [f"{self.posts[i].text} ." for i in chosen]  # a sign that all have: no file without any word
        words = CountVectorizer(ngram_range=(1, 2), min_df=min(2, len(texts)), token_pattern=r"\w+|[^\w\s]")
        counts = words.fit_transform(texts)
        odds = np.log(np.clip(self.scores[chosen], 1e-4, 1.0))
        prior = csr_matrix(odds - odds.mean(axis=1, keepdims=True))
        return chosen, hstack([prior, TfidfTransformer(sublinear_tf=True).fit_transform(counts)], format="csr")

    def _learn(self, decided: Mapping[int, bool]) -> Ints:
        from sklearn.linear_model import LogisticRegression
        from threadpoolctl import threadpool_limits

        chosen, features = self._readable
        known = [(row, decided[i]) for row, i in enumerate(chosen.tolist()) if i in decided]
        answers = np.array([answer for _, answer in known])
        if len(known) < 2 * FEWEST or answers.all() or not answers.any():
            return self.by_score
        with threadpool_limits(1):
            fitted = LogisticRegression(C=STRENGTH, max_iter=200, tol=1e-3)
            fitted.fit(features[[row for row, _ in known]], answers)
            benefit = fitted.decision_function(features)
        first = chosen[np.lexsort((self._tie[chosen], -benefit))]
        return np.concatenate([first, self.by_score[LEARNABLE:]])
