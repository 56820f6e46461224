"""How often words are written, and so which names are also words that anybody may write of anything."""

from __future__ import annotations

from functools import cache

from netral_nlp.text.lexicon import Everyday as Everyday
from netral_nlp.text.lexicon import dictionary, everyday, standardise, word_posts
from netral_nlp.text.stemming import stemmer

OFTEN = 20  # posts of some 237,000; rarer words are hardly met beside a name


@cache
def posts_with(word: str) -> int:
    """In how many of some 237,000 public posts a lower-case word, or another of its stem, was written.

    0 for words that the figures leave out: rare ones, names of persons and places.

    >>> posts_with("bagus") > 1000, posts_with("ganjar")
    (True, 0)
    """
    return word_posts().get(stemmer("fast")(standardise(word)), 0)


@cache
def ordinariness(word: str) -> Everyday:
    """How ordinary a lower-case word is, by the word lists and by how often it is written.

    >>> ordinariness("bagus").name, ordinariness("bahagia").name, ordinariness("ganjar").name
    ('COMMON', 'COMMON', 'RARE')
    """
    listed = everyday(word)
    known = listed is not Everyday.NO or stemmer("fast")(word) in dictionary()
    return Everyday.COMMON if known and posts_with(word) >= OFTEN else listed
