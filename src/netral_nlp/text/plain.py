"""First sight of plain words by the native core: the tables that `text` reads out of its lists, handed over whole.

``src/native/words.c`` and ``stem.c`` walk them and answer as `analyse_piece` and `stem` do; what they call odd is asked
of those.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from ctypes import (
    CDLL,
    POINTER,
    Structure,
    byref,
    c_bool,
    c_char,
    c_char_p,
    c_int32,
    c_size_t,
    c_uint32,
    c_void_p,
    cast,
)
from string import ascii_lowercase
from typing import Any

from netral_nlp.text.affixes import (
    DERIVATIONAL,
    NOTATION,
    PARTICLES,
    PLAIN_PREFIXES,
    POSSESSIVES,
    PREFIX_FIRST,
    PrefixRule,
)
from netral_nlp.text.colloquial import NASAL_RULES
from netral_nlp.text.confix import rules_by_head
from netral_nlp.text.glued import NOBODY, KnownNames
from netral_nlp.text.lexicon import dictionary, protected_roots, protected_words, slang
from netral_nlp.text.words import KEPT_DOUBLE, KEPT_UPPER, LAUGH_HEADS, WORD, Word, number_form

CASES = ("", "T", "U")
NOT, END = 1 << 30, 1 << 31
_SIGN = re.compile(r"\(\?!([^)]*)\)|\[([a-z-]+)\]|(.)")


class Letters(Structure):
    """A word of at most 64 bytes."""

    _fields_ = (("length", c_int32), ("letters", c_char * 64))

    def __str__(self) -> str:
        return bytes(self)[4 : 4 + self.length].decode()


class _Seen(Structure):
    _fields_ = (
        ("start", c_int32), ("end", c_int32), ("cased", c_int32), ("doubled", c_int32), ("surface", Letters),
        ("form", Letters),
    )  # fmt: skip


class PlainWords:
    """The tables of one roster's names in the native core; ``handle`` lives as long as this does."""

    def __init__(self, library: CDLL, names: KnownNames = NOBODY) -> None:
        self._library = library
        library.words_new.restype = c_void_p
        library.words_new.argtypes = [POINTER(c_char_p), POINTER(c_size_t), *[POINTER(POINTER(c_uint32))] * 2]
        library.words_free.argtypes = [c_void_p]
        library.words_see.restype = library.words_stem.restype = c_bool
        library.words_see.argtypes = [c_void_p, c_char_p, c_size_t, POINTER(_Seen)]
        library.words_stem.argtypes = [c_void_p, c_char_p, c_size_t, POINTER(Letters)]
        tables = ["\n".join((*table, "")).encode() for table in _tables(names)]
        signs, ends = zip(*map(_signs, (list(_prefix_rules()), NASAL_RULES)), strict=True)
        arrays = [(POINTER(c_uint32) * 2)(*map(_pointer, pair)) for pair in (signs, ends)]
        self.handle = library.words_new(
            (c_char_p * len(tables))(*tables), (c_size_t * len(tables))(*map(len, tables)), *arrays
        )
        if not self.handle:
            raise MemoryError("the native core has not taken the tables of words")

    def __del__(self) -> None:
        self._library.words_free(self.handle)

    def see(self, piece: str) -> Word | None:
        """The word that a plain piece is but for the signs at its edges; None where it is odd."""
        seen = _Seen()
        written = piece.encode()
        if not self._library.words_see(self.handle, written, len(written), byref(seen)):
            return None
        return Word(str(seen.form), str(seen.surface), seen.start, seen.end, WORD, CASES[seen.cased])

    def stem(self, form: str) -> str | None:
        """The stem of a word; None where it is odd."""
        found = Letters()
        written = form.encode()
        return str(found) if self._library.words_stem(self.handle, written, len(written), byref(found)) else None


def _pointer(numbers: Sequence[int]) -> Any:
    return cast((c_uint32 * len(numbers))(*numbers), POINTER(c_uint32))


def _tables(names: KnownNames) -> Iterator[Iterable[str]]:
    """In the order of the table numbers in ``words.h``."""
    rules, informal = list(_prefix_rules()), {word: form for word, form in slang().items() if len(form) <= 64}
    yield dictionary() | protected_roots()
    yield protected_words()
    yield protected_words().values()
    for given in (rules, NASAL_RULES):
        yield [rule.head for rule in given]
        yield ["|".join(rule.answers) for rule in given]
    yield from (PARTICLES, POSSESSIVES, DERIVATIONAL, PLAIN_PREFIXES)
    yield [head for head, _ in PREFIX_FIRST]
    yield ["|".join(tails) for _, tails in PREFIX_FIRST]
    yield dictionary()
    yield informal
    yield [number_form(form) if form.isdigit() else form for form in informal.values()]
    yield from (KEPT_UPPER, LAUGH_HEADS, KEPT_DOUBLE, names.names, names.kernels)


def _prefix_rules() -> Iterator[PrefixRule]:
    for rules in rules_by_head().values():
        yield from rules


def _signs(rules: Sequence[PrefixRule]) -> tuple[list[int], list[int]]:
    """What follows each head as sets of letters, one bit each, and where the sets of each rule end.

    >>> _signs([PrefixRule("", "x", "a(?![bc]$)", ())])
    ([1, 1073741826, 6, 2147483648], [4])
    """
    signs: list[int] = []
    ends = []
    for rule in rules:
        signs += _of_notation("".join(NOTATION.get(sign, sign) for sign in rule.follows))
        ends.append(len(signs))
    return signs, ends


def _of_notation(follows: str) -> list[int]:
    found: list[int] = []
    for match in _SIGN.finditer(follows):
        if match[1] is not None:
            inner = _of_notation(match[1])
            found += [NOT + len(inner), *inner]
        elif match[3] == "$":
            found.append(END)
        else:
            letters = ascii_lowercase if match[2] == "a-z" else match[2] or match[3]
            found.append(sum(1 << ascii_lowercase.index(letter) for letter in set(letters)))
    return found
