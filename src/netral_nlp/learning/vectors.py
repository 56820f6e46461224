"""Word vectors from unlabelled posts: which words stand near which, weighed and brought to a few dimensions.

Positive pointwise mutual information of neighbouring stems (Levy, Goldberg and Dagan 2015, "Improving Distributional
Similarity"), then a truncated singular value decomposition.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from functools import lru_cache

import numpy as np
from scipy.sparse import csr_matrix
from sklearn.decomposition import TruncatedSVD
from threadpoolctl import threadpool_limits

from netral_nlp.errors import InputError
from netral_nlp.features.vectors import WordVectors
from netral_nlp.learning.anonymity import name_words
from netral_nlp.roster import Roster
from netral_nlp.text.lexicon import identity_kinds, is_known
from netral_nlp.text.stemming import stemmer
from netral_nlp.text.words import EMOJI_WORD, SIGN, TAG_WORD, WORD, analyse

DIMENSIONS = 64
WINDOW = 4  # words on either side that are neighbours
FEWEST = 20  # posts that must hold a word
FEWEST_WORDS = 200
SMOOTHING = 0.75  # exponent of the neighbours' counts: rare ones would else be overrated
LARGEST = 127


def learn_vectors(
    posts: Iterable[str],
    rosters: Mapping[str, Roster],
    *,
    corpus_words: frozenset[str] = frozenset(),
    dimensions: int = DIMENSIONS,
    seed: int = 0,
) -> WordVectors:
    """Vectors of the ordinary words of many distinct posts.

    Only words of 20 posts or more that stand in a word list or in ``corpus_words`` (stems) are kept; no name of
    ``rosters``, no handle or number, and no word that tells who somebody is. Raises InputError for too few posts.
    """
    stem = lru_cache(200_000)(stemmer("fast"))
    barred = frozenset(identity_kinds()) | frozenset(w for roster in rosters.values() for w in name_words(roster))
    kept: list[list[str]] = []
    held: Counter[str] = Counter()
    for text in dict.fromkeys(posts):
        forms = []
        for word in analyse(text):
            is_word = word.kind in (WORD, TAG_WORD)
            form = stem(word.form) if is_word else word.form
            usual = is_known(form) or form in corpus_words if is_word else word.kind in (EMOJI_WORD, SIGN)
            fair = usual and not barred & {form, word.form, word.surface} and not any(c.isdigit() for c in form)
            forms.append(form if fair else "")
        kept.append(forms)
        held.update(set(forms))
    held.pop("", None)
    words = sorted(word for word, n in held.items() if n >= FEWEST)
    if len(words) < max(FEWEST_WORDS, dimensions + 1):
        raise InputError(
            f"Only {len(words):,} ordinary words stand in at least {FEWEST} of the {len(kept):,} posts; vectors need "
            f"{max(FEWEST_WORDS, dimensions + 1)}. Gather more posts."
        )
    table = _information(kept, {word: i for i, word in enumerate(words)})
    with threadpool_limits(1):  # more threads would change the last digits
        found = TruncatedSVD(dimensions, random_state=seed).fit_transform(table)
    found /= np.maximum(np.linalg.norm(found, axis=1, keepdims=True), 1e-12)
    scale = np.maximum(np.abs(found).max(axis=0), 1e-12) / LARGEST
    count = np.array([held[word] for word in words], dtype=np.int64)
    idf = np.log((1.0 + len(kept)) / (1.0 + count)) + 1.0
    return WordVectors(tuple(words), np.rint(found / scale).astype(np.int8), scale, idf, count)


def _information(posts: Iterable[list[str]], index: Mapping[str, int]) -> csr_matrix:
    """How much more often two words are neighbours than chance would have it, shape (words, words), 0 or more."""
    pairs: Counter[tuple[int, int]] = Counter()
    for forms in posts:
        rows = [index.get(form, -1) for form in forms]
        for at, row in enumerate(rows):
            if row >= 0:
                near = (*rows[max(0, at - WINDOW) : at], *rows[at + 1 : at + 1 + WINDOW])
                pairs.update((row, other) for other in near if other >= 0 and other != row)
    places = np.array(list(pairs), dtype=np.int64).reshape(-1, 2)
    counts = np.fromiter(pairs.values(), dtype=np.float64, count=len(pairs))
    total, n = counts.sum(), len(index)
    own = np.bincount(places[:, 0], counts, n)
    smooth = np.bincount(places[:, 1], counts, n) ** SMOOTHING
    chance = own[places[:, 0]] * smooth[places[:, 1]] / max(smooth.sum(), 1.0)
    information = np.maximum(np.log(counts) - np.log(np.maximum(chance, 1e-12)), 0.0) if total else counts
    return csr_matrix((information, (places[:, 0], places[:, 1])), shape=(n, n))
