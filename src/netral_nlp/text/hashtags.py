"""The words inside a hashtag."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache
from math import inf

from netral_nlp.text.glued import LEET, NAME_PARTS, NOBODY, KnownNames, known_words
from netral_nlp.text.lexicon import dictionary, protected_roots, slang

_CAMEL = re.compile(r"[A-Z]{2,}(?=[A-Z][a-z]|\d|_|$)|[A-Z]?[a-z]+|\d+|[A-Z]+|[^\W_]+")
_BEFORE_NUMBERS = frozenset(("no", "ke", "di", "rt", "rw"))
_WITH_DIGITS = re.compile(r"[A-Za-z]+(?:[0-9]+[a-z]+)+")
_SUFFIXES = ("kan", "an", "nya", "ku", "lah", "i")
_LONGEST_TAG = 60
_LONGEST_WORD = 14
_HEAD = 4  # letters; one place in twenty of a random tag has the first four of some word


@cache
def _listed() -> frozenset[str]:
    return dictionary() | protected_roots() | {word for word in slang() if len(word) > 3}


@cache
def _heads() -> dict[str, int]:
    """The first letters of all listed words, and the length of the longest word that begins with them."""
    longest: dict[str, int] = {}
    for word in _listed():
        head = word[:_HEAD]
        if len(word) > longest.get(head, 0):
            longest[head] = len(word)
    return longest


def _known(word: str) -> bool:
    if word in _listed() or word.isdigit():
        return True
    return word.endswith(_SUFFIXES) and any(
        len(word) - len(suffix) > 3 and word.endswith(suffix) and word[: -len(suffix)] in dictionary()
        for suffix in _SUFFIXES
    )


def _words_in(tag: str, names: Iterable[str] = ()) -> dict[int, list[int]]:
    """Where names and known words of 3 to 14 letters begin in a joined tag -> where they end."""
    heads, listed, words = _heads(), _listed(), dictionary()
    found: dict[int, list[int]] = {}
    for at in [at for at in range(len(tag) - 2) if tag[at : at + _HEAD] in heads or tag[at : at + 3] in listed]:
        most = min(len(tag), at + _LONGEST_WORD)
        ends: list[int] = []
        for end in range(at + 3, min(most, at + heads.get(tag[at : at + _HEAD], 3)) + 1):
            if tag[at:end] in listed:
                ends.append(end)
                if tag.startswith(_SUFFIXES, end) and end - at > 3 and tag[at:end] in words:
                    longer = [end + len(suffix) for suffix in _SUFFIXES if tag.startswith(suffix, end)]
                    ends += [end for end in longer if end <= most]
        if ends:
            found[at] = ends
    if not tag.isalpha():
        for at in range(len(tag) - 2):
            ends = [end for end in range(at + 3, min(len(tag), at + _LONGEST_WORD) + 1) if tag[at:end].isdigit()]
            if ends:
                found[at] = ends + found.get(at, [])
    for name in names:
        if (at := tag.find(name)) >= 0:
            found[at] = [at + len(name), *found.get(at, [])]
    return found


def _segment_around(word: str, names: KnownNames) -> list[tuple[int, int]]:
    """The same with names among the known words, where each stands at an end or beside a known word."""
    held = [name for name in names.plain if name in word]
    spans = _segment(word, held) if held else []
    for at, (a, b) in enumerate(spans):
        beside = [word[x:y] for x, y in spans[max(0, at - 1) : at + 2] if (x, y) != (a, b)]
        if word[a:b] in held and all(w in held or (_known(w) and w not in NAME_PARTS) for w in beside):
            return spans
    return _with_their_parts(word, _segment(word), names)


def _with_their_parts(word: str, spans: list[tuple[int, int]], names: KnownNames) -> list[tuple[int, int]]:
    """A name and what makes another name of it are one word: armansyah is not Arman."""
    out: list[tuple[int, int]] = []
    for a, b in spans:
        before = word[slice(*out[-1])] if out else ""
        if (word[a:b] in NAME_PARTS and before in names) or (before in NAME_PARTS and word[a:b] in names):
            out[-1] = (out[-1][0], b)
        else:
            out.append((a, b))
    return out


def _segment(tag: str, names: Iterable[str] = ()) -> list[tuple[int, int]]:
    """The fewest known words that a joined lower-case tag falls into; letters between them form unknown words."""
    words = _words_in(tag, names)
    begins = [0, *range(len(tag))]  # where the last word of the best way to tag[:i] begins; at first a single letter
    better = [inf] * len(begins)  # the least cost of a way to tag[:i] that ends with a known word,
    known = [0] * len(begins)  # and where that word begins
    cost = 0.0  # of the best way to tag[:i]
    for at in range(len(tag)):
        if at in words:
            for end in words[at]:
                if cost + 1.0 < better[end]:
                    better[end], known[end] = cost + 1.0, at
        cost += 1.6  # one more letter of an unknown word
        if better[at + 1] < cost:
            cost, begins[at + 1] = better[at + 1], known[at + 1]
    spans: list[tuple[int, int]] = []
    end = len(tag)
    while end:
        last, end = end, begins[end]
        if last - end == 1:  # letters side by side are one word until it is a known one; of 3 to 14 it would cost less
            while end and begins[end] == end - 1 and (3 <= last - end <= _LONGEST_WORD or not _known(tag[end:last])):
                end -= 1
        spans.append((end, last))
    return spans[::-1]


def split_tag(tag: str, names: KnownNames = NOBODY) -> list[tuple[int, int]]:
    """Spans of the words in a tag written without its ``#``: names first, then capitals, else the dictionary.

    >>> [ "LanjutkanSamudra2024"[a:b] for a, b in split_tag("LanjutkanSamudra2024")]
    ['Lanjutkan', 'Samudra', '2024']
    >>> [ "pilihnomordua"[a:b] for a, b in split_tag("pilihnomordua")]
    ['pilih', 'nomor', 'dua']
    """
    tag = _decoded(tag, names)
    camel = [match.span() for match in _CAMEL.finditer(tag)]
    one_word = len([span for span in camel if not tag[span[0]].isdigit()]) == 1
    if len(tag) > _LONGEST_TAG:
        return camel
    out: list[tuple[int, int]] = []
    for start, end in camel:
        word = tag[start:end].lower()
        if len(word) != end - start or word in names or word.isdigit():  # a capital of two small letters
            out.append((start, end))
            continue
        glued = names.cut(word) if names.names else []
        if glued:
            out += [(start + a, start + b) for a, b, _ in glued]
        elif not one_word or _known(word):
            out.append((start, end))
        else:
            out += [(start + a, start + b) for a, b in _segment_around(word, names)]
    return out


def _decoded(tag: str, names: KnownNames) -> str:
    """The tag with digits read as letters where that makes known words of what is none: ``M3nang``, ``t0gar``."""
    return _WITH_DIGITS.sub(lambda match: _decoded_part(match[0], names), tag) if _WITH_DIGITS.search(tag) else tag


def _decoded_part(part: str, names: KnownNames) -> str:
    decoded = part.translate(LEET)
    if not decoded.isalpha() or not part.isascii():
        return part
    runs = [run for run in _CAMEL.findall(part) if not run.isdigit() and run.lower() not in _BEFORE_NUMBERS]
    if all(_is_readable(run.lower(), names) for run in runs):
        return part
    return decoded if _is_readable(decoded.lower(), names) else part


def _is_readable(word: str, names: KnownNames) -> bool:
    return word in names or _known(word) or known_words(word) is not None or len(names.cut(word)) > 0
