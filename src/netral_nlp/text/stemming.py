"""The stem of one word, as the product uses it: protected words first, then the dictionary, then spoken forms.

``stem`` is what everything else calls. Below it are two renderings of enhanced confix stripping that must agree on
every word: ``sastrawi_stem``, ours and fast, and ``reference_stem``, PySastrawi itself. Nothing here grows with the
number of words stemmed; the caller keeps the distinct words that it has seen. This is the only module that imports
Sastrawi.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cache, lru_cache
from typing import Literal

from netral_nlp.text.affixes import ENCLITICS
from netral_nlp.text.colloquial import colloquial_stemmer
from netral_nlp.text.confix import confix_stemmer
from netral_nlp.text.lexicon import (
    dictionary,
    protected_roots,
    protected_words,
)

Stemmer = Literal["fast", "sastrawi"]

LONGEST = 60  # letters; longer runs are noise, and PySastrawi takes minutes over them
RECENT = 1 << 15  # words whose stems are remembered
PLAIN = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+){0,3}")

NOISE = re.compile(r"[^a-z0-9-]+", re.IGNORECASE)


def stem(word: str) -> str:
    """The stem of one lower-case word.

    Words that are not letters, digits and at most three single hyphens, or longer than 60, come back unchanged.

    >>> [stem(word) for word in ("mendukungnya", "relawan", "nyoblos", "di-bully", "#tag")]
    ['dukung', 'relawan', 'coblos', 'bully', '#tag']
    """
    return stemmer("fast")(word)


@cache
def stemmer(name: Stemmer) -> Callable[[str], str]:
    """``stem`` as a function to keep in a loop, over our rendering ("fast") or over PySastrawi ("sastrawi").

    Both give the same stems; the second takes about a hundred times as long.
    """
    table = protected_words()
    roots = dictionary() | protected_roots()
    formal = confix_stemmer(roots) if name == "fast" else _reference(roots)

    def stem_written(word: str) -> str:
        """Protected words, then the dictionary together with the stems of the protected words."""
        if word in table:
            return table[word]
        if word not in roots:
            body = _without_enclitic(word)
            if body in table:  # petaninya would be petan-i-nya
                return table[body]
            if "-" in word:
                half, _, other = word.partition("-")
                if half == other and half.isalpha():  # also of words outside the dictionary
                    return stem_written(half)
        root = formal(word)
        return table.get(root, root)

    stem_spoken = colloquial_stemmer(stem_written, roots)

    def stem_word(word: str) -> str:
        if len(word) > LONGEST:
            return word
        if not (word.isascii() and word.isalpha() and word.islower()) and not PLAIN.fullmatch(word):
            return word
        root = stem_written(word)
        if root in roots or root in table:
            return root
        return stem_spoken(root) or root

    return stem_word


@cache
def recent_stemmer(name: Stemmer) -> Callable[[str], str]:
    """:func:`stemmer` with the last words remembered: layers that read one after another ask for the same ones."""
    return lru_cache(RECENT)(stemmer(name))


def sastrawi_stem(word: str) -> str:
    """What PySastrawi's ``Stemmer.stem`` answers, for any text, in time linear in its length.

    >>> sastrawi_stem("Mempertanggungjawabkan"), sastrawi_stem("berbalas-balasan"), sastrawi_stem("relawan")
    ('mempertanggungjawabkan', 'balas', 'rawan')
    """
    if word.isalpha() and word.isascii() and word.islower():
        return _confix()(word)
    return " ".join(map(_confix(), NOISE.sub(" ", word.lower()).strip().split(" ")))


def reference_stem(word: str) -> str:
    """The answer of PySastrawi itself; words that ``stem`` leaves alone are not given to it."""
    if len(word) > LONGEST or not PLAIN.fullmatch(word):
        return word
    return _reference(dictionary())(word)


def _without_enclitic(word: str) -> str:
    for length in (3, 2):
        if word[-length:] in ENCLITICS:
            return word[:-length].rstrip("-")
    return word


@cache
def _confix() -> Callable[[str], str]:
    return confix_stemmer(dictionary())


@cache
def _reference(roots: frozenset[str]) -> Callable[[str], str]:
    """PySastrawi over ``roots``, with a bounded memory instead of its own, which grows for ever."""
    from Sastrawi.Dictionary.ArrayDictionary import ArrayDictionary
    from Sastrawi.Stemmer.Stemmer import Stemmer

    reference = Stemmer(ArrayDictionary(roots))

    @lru_cache(maxsize=1 << 16)
    def stem_word(word: str) -> str:
        return str(reference.stem(word))

    return stem_word
