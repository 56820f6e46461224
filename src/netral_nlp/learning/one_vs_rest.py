"""One logistic regression for each of several yes-or-no answers, over shared bags of features."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.sparse import csr_matrix, hstack
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from threadpoolctl import threadpool_limits

from netral_nlp.arrays import Floats
from netral_nlp.model.acts import ActWeights

UNKNOWN = -1  # an answer that nobody gave: the post takes no part in that fit
NEVER = -5.0  # the log-odds of an answer that was always no
Answers = npt.NDArray[np.int8]


@dataclass(frozen=True, slots=True)
class Bags:
    """The features of some posts in one block, and how they are counted: in ``min_df`` posts at least."""

    name: str
    weight: float
    min_df: int
    posts: Sequence[Sequence[str]]

    def of(self, rows: npt.NDArray[np.intp]) -> Bags:
        """The bags of some of the posts."""
        return Bags(self.name, self.weight, self.min_df, [self.posts[row] for row in rows])


def _same(bag: Sequence[str]) -> Sequence[str]:
    return bag


def fit_one_vs_rest(
    blocks: Sequence[Bags], answers: Answers, *, strength: float, seed: int = 0
) -> tuple[tuple[ActWeights, ...], Floats]:
    """A fit for each column of ``answers``, shape (posts, answers), of 0, 1 or :data:`UNKNOWN`.

    A feature counts once a post, by its inverse document frequency; each block of a post is brought to length 1, then
    weighted. Both answers weigh the same. ``strength`` is scikit-learn's ``C``. Gives what was learned of each block,
    and the intercepts, shape (answers,). The same input gives the same numbers.
    """
    tables: list[csr_matrix] = []
    vectorizers: list[TfidfVectorizer] = []
    for block in blocks:
        vectorizer = TfidfVectorizer(analyzer=_same, binary=True, min_df=block.min_df)
        tables.append(vectorizer.fit_transform(block.posts) * block.weight)
        vectorizers.append(vectorizer)
    table = hstack(tables).tocsr()
    coef = np.zeros((table.shape[1], answers.shape[1]))
    intercept = np.zeros(answers.shape[1])
    with threadpool_limits(1):  # more threads would change the last bits of the weights
        for column in range(answers.shape[1]):
            known = answers[:, column] != UNKNOWN
            given = set(answers[known, column].tolist())
            if len(given) < 2:  # nobody showed the other answer
                intercept[column] = NEVER if given == {0} else -NEVER
                continue
            logit = LogisticRegression(C=strength, class_weight="balanced", max_iter=500, random_state=seed)
            logit.fit(table[known], answers[known, column])
            coef[:, column], intercept[column] = logit.coef_[0], logit.intercept_[0]
    fitted: list[ActWeights] = []
    at = 0
    for block, vectorizer in zip(blocks, vectorizers, strict=True):
        features = tuple(str(f) for f in vectorizer.get_feature_names_out())
        idf = np.asarray(vectorizer.idf_, dtype=np.float64)
        part = np.ascontiguousarray(coef[at : at + len(features)])
        fitted.append(ActWeights(block.name, block.weight, block.min_df, features, idf, part))
        at += len(features)
    return tuple(fitted), intercept
