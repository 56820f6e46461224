"""Fitting on some elections and checking on others, with all TF-IDF learned inside the fold."""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager

import numpy as np
import numpy.typing as npt
from scipy.sparse import csr_matrix, hstack
from sklearn.linear_model import LogisticRegression

from netral_nlp.arrays import Floats
from netral_nlp.errors import InputError
from netral_nlp.features.blocks import BLOCKS, Block
from netral_nlp.features.vectors import WordVectors, shipped_vectors
from netral_nlp.features.views import View
from netral_nlp.learning.anonymity import hide_names
from netral_nlp.learning.corpus import Corpus
from netral_nlp.learning.designs import counts_of, learned_idf, weighted
from netral_nlp.learning.duplicates import near_duplicates
from netral_nlp.learning.pipeline import build_pipeline
from netral_nlp.records import LABELS, Progress

STRENGTH = 0.5  # scikit-learn's C: written posts would take 1 to 2 (notebooks/02_ablation.ipynb), real ones take less
FOLDS = 6
AT_ONCE = min(4, os.cpu_count() or 1)
"""Fits that run side by side in threads: SciPy's products of sparse matrices let other threads run, and no fit knows of
another, so the numbers are those of one after the other."""


def folds_of(elections: Sequence[str], count: int = FOLDS) -> list[frozenset[str]]:
    """Groups of elections of about equal size; each group is left out once. At most one group an election."""
    names, sizes = np.unique(np.array(elections), return_counts=True)
    if len(names) < 2:
        raise InputError("The corpus has a single election; at least two are needed to check one by the other.")
    groups: list[set[str]] = [set() for _ in range(min(count, len(names)))]
    filled = [0] * len(groups)
    for i in sorted(range(len(names)), key=lambda i: (-sizes[i], names[i])):
        at = filled.index(min(filled))
        groups[at].add(str(names[i]))
        filled[at] += int(sizes[i])
    return [frozenset(group) for group in groups]


def splits_of(
    elections: Sequence[str],
    folds: Sequence[frozenset[str]],
    groups: npt.NDArray[np.int64],
    sources: Sequence[str] | None = None,
) -> Iterator[tuple[npt.NDArray[np.bool_], npt.NDArray[np.bool_]]]:
    """For each fold, and each source within it, the posts to fit on and those to check, as masks.

    ``groups`` are the numbers from :func:`netral_nlp.learning.duplicates.near_duplicates`: a post alike to one that
    is left out is left out of the fit, too. With ``sources`` the fit has neither the elections nor the source of the
    posts that it is checked on: people who wrote one part of a corpus have habits that help a model there and nowhere
    else.
    """
    names = np.array(elections)
    origins = np.array(sources if sources is not None else [""] * len(names))
    for fold in folds:
        for origin in np.unique(origins):
            here = origins == origin
            test = np.isin(names, sorted(fold)) & here
            if test.any():
                fit = ~np.isin(names, sorted(fold)) & ~np.isin(groups, groups[test])
                yield (fit & ~here if len(np.unique(origins)) > 1 else fit), test


def parts_of(
    corpus: Corpus,
    *,
    folds: Sequence[frozenset[str]] | None = None,
    groups: npt.NDArray[np.int64] | None = None,
    sources: Sequence[str] | None = None,
    say: Progress = lambda message: None,
) -> Iterator[tuple[npt.NDArray[np.bool_], npt.NDArray[np.bool_]]]:
    """The splits of a corpus, each said before it comes; folds and near-duplicates are found here where not given."""
    chosen = folds if folds is not None else folds_of(corpus.elections)
    alike = groups if groups is not None else near_duplicates([e.case.text for e in corpus.examples])
    splits = list(splits_of(corpus.elections, chosen, alike, sources))
    for at, split in enumerate(splits, 1):
        if at % 4 == 1:
            say(f"Checking on elections left out: part {at} of {len(splits)}")
        yield split


def held_out_logits(
    corpus: Corpus,
    views: Sequence[View],
    *,
    strength: float = STRENGTH,
    blocks: Sequence[Block] = BLOCKS,
    vectors: WordVectors | None = None,
    seed: int = 0,
    folds: Sequence[frozenset[str]] | None = None,
    groups: npt.NDArray[np.int64] | None = None,
    sources: Sequence[str] | None = None,
    say: Progress = lambda message: None,
) -> Floats:
    """Log-odds of every post from a fit that has not seen its election (nor its source), shape (posts, 3).

    Near-duplicates of a left-out post are left out of the fit, too; ``groups`` says which posts are (default: found
    here). Unmasked names are hidden. Raises InputError when a fit would lack a label.
    """
    learnt = hide_names(corpus.cases, views)
    words = vectors or shipped_vectors()
    counts = [counts_of(block, learnt, vectors=words) for block in blocks]
    labels = np.array(corpus.labels)
    out = np.zeros((len(corpus), len(LABELS)))

    def check(fit: npt.NDArray[np.bool_], test: npt.NDArray[np.bool_]) -> None:
        design = [_block_matrix(b, c, fit) for b, c in zip(blocks, counts, strict=True)]
        matrix = hstack(design, format="csr")
        logit = _logit(strength, seed).fit(matrix[fit], labels[fit])
        out[test] = matrix[test] @ logit.coef_.T + logit.intercept_

    with side_by_side(AT_ONCE) as pool:
        running: deque[Future[None]] = deque()
        for fit, test in parts_of(corpus, folds=folds, groups=groups, sources=sources, say=say):
            if missing := [label for label in LABELS if label not in labels[fit]]:
                names = ", ".join(sorted({corpus.examples[i].election for i in np.flatnonzero(test)}))
                raise InputError(
                    f'Without {names} no post labelled "{missing[0]}" is left to learn from. Add more posts.'
                )
            running.append(pool.submit(check, fit, test))
            if len(running) > AT_ONCE:
                running.popleft().result()
        for one in running:
            one.result()
    return out


@contextmanager
def side_by_side(threads: int) -> Iterator[ThreadPoolExecutor]:
    """Threads for fits; whoever is interrupted waits for none of them."""
    pool = ThreadPoolExecutor(threads)
    try:
        yield pool
    except BaseException:
        pool.shutdown(wait=False, cancel_futures=True)
        raise
    pool.shutdown()


def _logit(strength: float, seed: int) -> LogisticRegression:
    return build_pipeline(strength=strength, seed=seed).named_steps["logit"]


def _block_matrix(block: Block, counts: csr_matrix, fit: npt.NDArray[np.bool_]) -> csr_matrix:
    """The matrix of a block for all posts, its features and their idf learned from those in ``fit``."""
    if block.dense:
        return counts
    frequent = np.asarray((counts[fit] > 0).sum(axis=0)).ravel() >= block.min_df
    kept = counts[:, frequent]
    return weighted(block, kept, learned_idf(block, kept[fit]))
