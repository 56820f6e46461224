"""The scikit-learn Pipeline from cases to three probabilities: what is fitted, and the reference for scoring."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any, Self

import numpy as np
from scipy.sparse import csr_matrix
from sklearn.base import BaseEstimator, TransformerMixin
from sklearn.feature_extraction.text import CountVectorizer, TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import FeatureUnion, Pipeline

from netral_nlp.errors import UsageError
from netral_nlp.features.blocks import BLOCKS, Block
from netral_nlp.features.reader import prepare
from netral_nlp.features.vectors import WordVectors, shipped_vectors
from netral_nlp.features.views import View
from netral_nlp.model.model import SHORTEST
from netral_nlp.records import Case
from netral_nlp.text.stemming import Stemmer


class ViewTransformer(TransformerMixin, BaseEstimator):  # type: ignore[misc]
    """Cases (text, pair, roster) to views. A fitted pipeline has no other entrance, so no raw text passes it."""

    def __init__(self, stem: Stemmer = "fast") -> None:
        self.stem = stem

    def fit(self, cases: Iterable[Case], y: Any = None) -> Self:
        """Nothing to learn."""
        return self

    def transform(self, cases: Iterable[Case | View]) -> list[View]:
        """One view a case; views stay as they are. Raises UsageError for anything else, such as a bare text."""
        given = list(cases)
        for item in given:
            if not isinstance(item, Case | View):
                raise UsageError(
                    f"The pipeline reads Case(text, pair, roster), not {type(item).__name__}: a text has a stance only "
                    "toward a pair of a roster."
                )
        read = iter(prepare((c for c in given if isinstance(c, Case)), self.stem))
        return [item if isinstance(item, View) else next(read) for item in given]

    def __sklearn_is_fitted__(self) -> bool:
        return True


class BlockVectorizer(TfidfVectorizer):  # type: ignore[misc]
    """TF-IDF over one block's features: sublinear counts, L2 norm."""

    def __init__(self, block: str = "words", min_df: int = 1, use_idf: bool = True) -> None:
        self.block = block
        super().__init__(
            analyzer=next(b for b in BLOCKS if b.name == block).features,
            min_df=min_df,
            use_idf=use_idf,
            sublinear_tf=True,
        )

    def build_analyzer(self) -> Callable[[View], list[str]]:
        """The block's features of a view. Raises UsageError for anything that was not prepared."""

        def analyse(view: View) -> list[str]:
            if not isinstance(view, View):
                raise UsageError(f"Only views are counted, not {type(view).__name__}; prepare(cases) makes them.")
            return list(self.analyzer(view))

        return analyse


class VectorSum(TransformerMixin, BaseEstimator):  # type: ignore[misc]
    """The sum of a block's word vectors, brought to length 1; words count as in TF-IDF. Nothing is learned."""

    def __init__(self, block: str = "post", vectors: WordVectors | None = None) -> None:
        self.block = block
        self.vectors = vectors

    def fit(self, views: Iterable[View], y: Any = None) -> Self:
        """Nothing to learn."""
        return self

    def transform(self, views: Iterable[View]) -> csr_matrix:
        """One row a view, shape (views, dimensions)."""
        views = list(views)
        if wrong := next((type(view).__name__ for view in views if not isinstance(view, View)), None):
            raise UsageError(f"Only views are counted, not {wrong}; prepare(cases) makes them.")
        vectors = self.vectors or shipped_vectors()
        block = next(b for b in BLOCKS if b.name == self.block)
        counts = CountVectorizer(analyzer=block.features, vocabulary=vectors.features)
        return vector_sums(counts.transform(views), vectors)

    def __sklearn_is_fitted__(self) -> bool:
        return True


def vector_sums(counts: csr_matrix, vectors: WordVectors) -> csr_matrix:
    """Sums of the vectors of counted words, each brought to length 1; ``counts`` has a column for each feature."""
    damped = counts.astype(np.float64)
    damped.data = 1.0 + np.log(damped.data)
    sums = damped @ vectors.matrix
    length = np.linalg.norm(sums, axis=1, keepdims=True)
    return csr_matrix(np.divide(sums, length, out=np.zeros_like(sums), where=length > SHORTEST))


def build_pipeline(
    *,
    blocks: tuple[Block, ...] = BLOCKS,
    stem: Stemmer = "fast",
    vectors: WordVectors | None = None,
    strength: float = 1.0,
    seed: int = 0,
) -> Pipeline:
    """An unfitted Pipeline: views, TF-IDF blocks side by side, multinomial logistic regression.

    ``strength`` is scikit-learn's ``C`` (inverse regularisation), ``vectors`` those of the dense blocks (default: the
    shipped ones). X is a list of :class:`Case`, y of label names.
    """
    union = FeatureUnion(
        [(b.name, VectorSum(b.name, vectors) if b.dense else BlockVectorizer(b.name, b.min_df, b.idf)) for b in blocks],
        transformer_weights={b.name: b.weight for b in blocks},
    )
    logit = LogisticRegression(C=strength, class_weight="balanced", max_iter=500, tol=1e-4, random_state=seed)
    return Pipeline([("views", ViewTransformer(stem)), ("features", union), ("logit", logit)])
