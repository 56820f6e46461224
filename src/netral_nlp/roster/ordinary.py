"""Which names are also words of the language."""

from __future__ import annotations

from enum import Enum
from functools import cache

from netral_nlp.resources import data_dir
from netral_nlp.text.slang import slang
from netral_nlp.text.stemming import dictionary


class Everyday(Enum):
    """How ordinary a word is."""

    NO = "not in any list"
    RARE = "in the dictionary only"
    COMMON = "an everyday word"


@cache
def _common() -> frozenset[str]:
    path = data_dir() / "lexicon" / "ordinary.txt"
    lines = path.read_text(encoding="utf-8").splitlines() if path.exists() else []
    return frozenset(line.strip() for line in lines if line.strip() and not line.startswith("#"))


def everyday(word: str) -> Everyday:
    """How ordinary a lower-case word is.

    >>> everyday("bintang").name, everyday("ganjar").name, everyday("xqzt").name
    ('COMMON', 'RARE', 'NO')
    """
    if word in _common() or word in slang():
        return Everyday.COMMON
    return Everyday.RARE if word in dictionary() else Everyday.NO
