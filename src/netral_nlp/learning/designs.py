"""The matrices that fits learn from: for each block what every feature of a post is worth before the weights."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from scipy.sparse import csr_matrix
from sklearn.feature_extraction.text import CountVectorizer, TfidfTransformer

from netral_nlp.arrays import Floats
from netral_nlp.features.blocks import Block
from netral_nlp.features.vectors import WordVectors
from netral_nlp.features.views import View
from netral_nlp.learning.pipeline import vector_sums


def counts_of(
    block: Block, views: Sequence[View], *, features: dict[str, int] | None = None, vectors: WordVectors | None = None
) -> csr_matrix:
    """How often each feature of a block stands in each view, shape (views, features).

    Of a dense block it is the final matrix already, shape (views, dimensions): of a sum of ``vectors`` nothing is
    learned. ``features`` are the columns (default: all features that there are, in the order of their letters).
    """
    if block.dense:
        assert vectors is not None
        counts = CountVectorizer(analyzer=block.features, vocabulary=vectors.features).fit_transform(views)
        return csr_matrix(vector_sums(counts, vectors) * block.weight)
    return csr_matrix(CountVectorizer(analyzer=block.features, vocabulary=features).fit_transform(views))


def learned_idf(block: Block, counts: csr_matrix) -> Floats:
    """The inverse document frequency of each feature, shape (features,); ones where the block has none."""
    if not block.idf:
        return np.ones(counts.shape[1])
    return np.asarray(TfidfTransformer(sublinear_tf=True).fit(counts).idf_)


def weighted(block: Block, counts: csr_matrix, idf: Floats) -> csr_matrix:
    """Sublinear counts times ``idf``, each row brought to length 1, times the weight of the block."""
    tfidf = TfidfTransformer(sublinear_tf=True)
    tfidf.idf_ = idf
    return csr_matrix(tfidf.transform(counts) * block.weight)
