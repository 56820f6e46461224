"""The stem of one word."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cache, lru_cache
from pathlib import Path
from typing import Any, Literal

from netral_nlp.resources import data_dir
from netral_nlp.text.confix import confix_stemmer

LONGEST = 60
PLAIN = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+){0,3}", re.ASCII)
NOISE = re.compile(r"[^a-z0-9-]+", re.IGNORECASE)


@cache
def dictionary() -> frozenset[str]:
    import Sastrawi

    path = Path(Sastrawi.__path__[0], "Stemmer", "data", "kata-dasar.txt")
    return frozenset(line for line in path.read_text("utf-8").split("\n") if line.strip())


@cache
def _fast() -> Callable[[str], str]:
    return confix_stemmer(dictionary())


@cache
def _reference() -> Any:
    from Sastrawi.Stemmer.StemmerFactory import StemmerFactory

    return StemmerFactory().create_stemmer().delegatedStemmer


@cache
def _protected() -> dict[str, str]:
    path = data_dir() / "lexicon" / "protected.tsv"
    rows = [line.split("\t") for line in path.read_text("utf-8").splitlines() if line and line[0] != "#"]
    return {row[0]: row[1] for row in rows}


def _is_plain(word: str) -> bool:
    return len(word) <= LONGEST and PLAIN.fullmatch(word) is not None


@lru_cache(maxsize=65536)
def _oracle(word: str) -> str:
    return str(_reference().stem(word))


def reference_stem(word: str) -> str:
    """What PySastrawi answers."""
    return _oracle(word) if _is_plain(word) else word


def sastrawi_stem(word: str) -> str:
    """What PySastrawi answers, without it."""
    if word.isalpha() and word.isascii() and word.islower():
        return _fast()(word)
    return " ".join(map(_fast(), NOISE.sub(" ", word.lower()).strip().split(" ")))


def stemmer(name: Literal["fast", "sastrawi"]) -> Callable[[str], str]:
    """The stemmer of that name, protected words applied."""
    base = sastrawi_stem if name == "fast" else reference_stem

    def stem_word(word: str) -> str:
        if not _is_plain(word):
            return word
        return _protected().get(word) or base(word)

    return stem_word


stem = stemmer("fast")
