"""Names that stand glued to other words: ``Togar2024``, ``TogarGas``, ``menangtogar``, ``Togar's``, ``T0gar``."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from functools import lru_cache

from netral_nlp.text.lexicon import dictionary, slang
from netral_nlp.text.stemming import stemmer

SHORTEST = 4  # letters of a name that capitals or digits cut out
SHORTEST_JOINED = 5  # of one that is cut out of small letters
SHORTEST_REST = 3  # of each word that it is cut from
SUFFIXES = ("nya", "ku", "mu", "lah", "kah", "pun", "isme", "ers")
# What ends or begins other people's names: Armansyah is not Arman, and Hasanudin is not Hasan.
NAME_PARTS = frozenset(
    [
        "syah",
        "udin",
        "din",
        "putra",
        "putri",
        "sari",
        "wati",
        "wan",
        "man",
        "anto",
        "dinata",
        "nata",
        "negara",
        "nur",
        "kusuma",
        "wijaya",
        "wibowo",
        "abdul",
        "noor",
        "siti",
        "sri",
        "agung",
        "budi",
        "eka",
        "dwi",
        "tri",
        "adi",
        "yanto",
        "yanti",
        "ana",
        "ani",
        "ita",
        "ina",
        "tul",
        "atul",
        "ullah",
        "allah",
        "jani",
        "raja",
        "dewi",
        "ningsih",
    ]
)
_RUNS = re.compile(r"[^\W\d_]+|\d+")
_CAMEL = re.compile(r"[A-Z]{2,}(?=[A-Z][a-z]|\d|_|$)|[A-Z]?[a-z]+|\d+|[A-Z]+|[^\W_]+")
LEET = str.maketrans("013457", "oieast")
_BREAKS = re.compile(r"['-]")

Span = tuple[int, int]


class KnownNames:
    """Names of one word, in lower case, that are cut from what they are glued to.

    ``names`` are all of them; those that are no ordinary words, ``plain``, are found in small letters too. ``kernels``
    are the shortest: what holds any name holds one of these. ``fold`` brings a written word to the spelling in which
    names are compared.
    """

    def __init__(self, names: Iterable[str], plain: Iterable[str], fold: Callable[[str], str]) -> None:
        self.names = frozenset(name for name in names if len(name) >= SHORTEST)
        self.plain = frozenset(name for name in plain if len(name) >= SHORTEST_JOINED)
        self._fold = lru_cache(50_000)(fold)
        shortest: dict[str, None] = {}
        lengths: list[int] = []  # of those; looking up each part of such a length takes no time with their number
        for name in sorted(self.names, key=len):
            if not any(name[at : at + n] in shortest for n in lengths for at in range(len(name) - n + 1)):
                shortest[name] = None
                if not lengths or lengths[-1] != len(name):
                    lengths.append(len(name))
        self.kernels = tuple(shortest)
        self._holds = re.compile("|".join(map(re.escape, shortest)) or r"(?!)").search

    def __contains__(self, word: str) -> bool:
        return word in self.names

    def among(self, pieces: Sequence[str]) -> set[str]:
        """The pieces that hold a name, and more than that."""
        joined = "\n".join(pieces).lower()
        if len(joined) != sum(map(len, pieces)) + max(len(pieces) - 1, 0):
            held = {piece for piece in pieces if self._holds(piece.lower())}
            return {piece for piece in held if piece.lower() not in self.names}
        found: set[int] = set()
        for name in self.kernels:
            at = joined.find(name)
            while at >= 0:
                found.add(at)
                at = joined.find(name, at + 1)
        held = set()
        start, places = 0, sorted(found)
        cursor = 0
        for piece in pieces:
            end = start + len(piece)
            if cursor < len(places) and places[cursor] < end:
                held.add(piece)
                while cursor < len(places) and places[cursor] < end:
                    cursor += 1
            start = end + 1
        return {piece for piece in held if piece.lower() not in self.names}

    def cut(self, written: str) -> list[tuple[int, int, str | None]]:
        """The spans of the words that a written word falls into; with a spelling where the span is not the name alone.

        Empty where it holds no name beside other words.
        """
        low = written.lower()
        if len(low) != len(written):
            return []
        if not low.isalpha():
            decoded = low.translate(LEET)
            if decoded in self.names and sum(map(str.isalpha, low)) > 1 and self._fold(written) not in self.names:
                return [(0, len(low), decoded)]
        if not self._holds(low):
            return []
        if self._fold(written) in self.names:
            return []
        return self._possessive(low) or self._by_runs(written) or self._by_words(low)

    def _possessive(self, low: str) -> list[tuple[int, int, str | None]]:
        """``Togar's``, ``b'Togar``, ``Togar-nya``, ``Togarnya``: the name with what hangs on it."""
        if _BREAKS.search(low):
            spans, at = [], 0
            for part in _BREAKS.split(low):
                spans.append((at, at + len(part)))
                at += len(part) + 1
            kept = [(a, b) for a, b in spans if low[a:b] not in ("s", "b", "u", *SUFFIXES) and a < b]
            inside = [(a, b, self.cut(low[a:b])) for a, b in kept]
            if not any(found or self._fold(low[a:b]) in self.names for a, b, found in inside):
                return []
            return [(a + x, a + y, name) for a, b, found in inside for x, y, name in found or [(0, b - a, None)]]
        for suffix in SUFFIXES:
            name = self._fold(low[: -len(suffix)]) if low.endswith(suffix) and len(low) > len(suffix) else ""
            if name in self.names and low not in dictionary():
                return [(0, len(low), name)]
        return []

    def _by_runs(self, written: str) -> list[tuple[int, int, str | None]]:
        """``Togar2024``, ``TogarGas``: cut where letters meet digits, or small letters a capital."""
        for pattern in (_RUNS, _CAMEL):
            spans = [match.span() for match in pattern.finditer(written)]
            if len(spans) > 1 and any(self._fold(written[a:b]) in self.names for a, b in spans):
                return [span for a, b in spans for span in self._within(written, a, b)]
        spans = [match.span() for match in _RUNS.finditer(written)]
        if len(spans) > 1:
            parts = [self._within(written, a, b) for a, b in spans]
            if any(len(part) > 1 for part in parts):
                return [span for part in parts for span in part]
        return []

    def _within(self, written: str, start: int, end: int) -> list[tuple[int, int, str | None]]:
        found = self._by_words(written[start:end].lower()) if self._fold(written[start:end]) not in self.names else []
        return [(start + a, start + b, name) for a, b, name in found] or [(start, end, None)]

    def _by_words(self, low: str) -> list[tuple[int, int, str | None]]:
        """``togarmenang``, ``pilihtogar``: a name between known words."""
        if not low.isalpha() or low in dictionary() or stemmer("fast")(low) in dictionary():
            return []
        best: list[Span] = []
        for name in self.plain:
            at = low.find(name)
            if at < 0 or len(name) <= sum(b - a for a, b in best if low[a:b] in self.plain):
                continue
            rest = low[at + len(name) :]
            before, after = known_words(low[:at]), () if rest in SUFFIXES else known_words(rest)
            if before is not None and after is not None:
                shifted = [(at + len(name) + a, at + len(name) + b) for a, b in after]
                best = [*before, (at, at + len(name)), *shifted]
        return [(a, b, None) for a, b in best]


@lru_cache(20_000)
def known_words(letters: str) -> tuple[Span, ...] | None:
    """The fewest known words of three letters or more that joined letters fall into, None where they do not.

    >>> known_words("menangtelak"), known_words("syah"), known_words("")
    (((0, 6), (6, 11)), None, ())
    """
    if len(letters) > 40:
        return None
    ways: list[tuple[Span, ...] | None] = [()]
    for end in range(1, len(letters) + 1):
        best: tuple[Span, ...] | None = None
        for start in range(max(0, end - 14), end - SHORTEST_REST + 1):
            before = ways[start]
            if before is not None and (best is None or len(before) + 1 < len(best)) and _is_word(letters[start:end]):
                best = (*before, (start, end))
        ways.append(best)
    return ways[-1]


def _is_word(word: str) -> bool:
    if word in NAME_PARTS:
        return False
    if word in dictionary() or (word in slang() and len(word) > SHORTEST_REST):
        return True
    return len(word) > SHORTEST and stemmer("fast")(word) in dictionary()


NOBODY = KnownNames((), (), str.lower)
