"""The words inside a hashtag."""

from __future__ import annotations

import re
from functools import cache

from netral_nlp.text.slang import slang
from netral_nlp.text.stemming import dictionary

_CAMEL = re.compile(r"[A-Z]{2,}(?=[A-Z][a-z]|\d|_|$)|[A-Z]?[a-z]+|\d+|[A-Z]+|[^\W_]+")
_SUFFIXES = {"n": ("kan", "an"), "a": ("nya",), "u": ("ku",), "h": ("lah",), "i": ("i",)}  # by their last letter
_LONGEST_TAG = 60
_LONGEST_WORD = 14


@cache
def _listed() -> frozenset[str]:
    return dictionary() | {word for word in slang() if len(word) > 3}


def _known(word: str) -> bool:
    if word in _listed() or word.isdigit():
        return True
    for suffix in _SUFFIXES.get(word[-1], ()):
        if word.endswith(suffix) and len(word) - len(suffix) > 3 and word[: -len(suffix)] in dictionary():
            return True
    return False


def _segment(tag: str) -> list[tuple[int, int]]:
    """The fewest known words that a joined lower-case tag falls into; letters between them form unknown words."""
    best: list[tuple[float, int]] = [(0.0, 0)]  # cost of tag[:i], where its last word begins
    for end in range(1, len(tag) + 1):
        cost, begin = best[end - 1][0] + 1.6, end - 1  # one more letter of an unknown word
        for start in range(max(0, end - _LONGEST_WORD), end - 2):
            if best[start][0] + 1.0 < cost and _known(tag[start:end]):
                cost, begin = best[start][0] + 1.0, start
        best.append((cost, begin))
    spans: list[tuple[int, int]] = []
    end = len(tag)
    while end:
        start = best[end][1]
        if end - start == 1 and spans and spans[-1][0] == end and not _known(tag[spans[-1][0] : spans[-1][1]]):
            spans[-1] = (start, spans[-1][1])
        else:
            spans.append((start, end))
        end = start
    return spans[::-1]


def split_tag(tag: str) -> list[tuple[int, int]]:
    """Spans of the words in a tag written without its ``#``: by capitals, else by the dictionary.

    >>> [ "LanjutkanSamudra2024"[a:b] for a, b in split_tag("LanjutkanSamudra2024")]
    ['Lanjutkan', 'Samudra', '2024']
    >>> [ "pilihnomordua"[a:b] for a, b in split_tag("pilihnomordua")]
    ['pilih', 'nomor', 'dua']
    """
    camel = [match.span() for match in _CAMEL.finditer(tag)]
    one_word = len([span for span in camel if not tag[span[0]].isdigit()]) == 1
    if not one_word or len(tag) > _LONGEST_TAG:
        return camel
    out: list[tuple[int, int]] = []
    for start, end in camel:
        word = tag[start:end].lower()
        known = _known(word) or word.isdigit() or len(word) != end - start  # a capital of two small letters
        out += [(start, end)] if known else [(start + a, start + b) for a, b in _segment(word)]
    return out
