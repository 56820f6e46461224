"""Informal spellings and the standard form that the model counts them under."""

from __future__ import annotations

from functools import cache

from netral_nlp.resources import data_dir


def read_pairs(name: str) -> dict[str, str]:
    """The first two columns of a shipped word list ``data/lexicon/<name>``, header left out."""
    lines = (data_dir() / "lexicon" / name).read_text(encoding="utf-8").splitlines()[1:]
    rows = (line.split("\t") for line in lines if line.strip())
    return {row[0]: row[1] for row in rows}


@cache
def slang() -> dict[str, str]:
    """Informal word -> standard word, as listed in ``data/lexicon/slang.tsv``."""
    return read_pairs("slang.tsv")


def standardise(word: str) -> str:
    """The standard spelling of a lower-case word, or the word itself.

    >>> standardise("bgt"), standardise("rakyat")
    ('banget', 'rakyat')
    """
    return slang().get(word, word)
