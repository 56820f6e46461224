"""Enhanced confix stripping over any dictionary, in time linear in the word: word in, dictionary root out.

The rules are the tables of :mod:`netral_nlp.text.affixes`; this module only walks them. It answers what PySastrawi
answers, letter by letter, without compiling every word as a pattern.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Set

from netral_nlp.text.affixes import (
    CONSONANTS,
    DERIVATIONAL,
    ENCLITICS,
    INFIXES,
    NOTATION,
    PARTICLES,
    PLAIN_PREFIXES,
    POSSESSIVES,
    PREFIX_FIRST,
    PREFIX_RULES,
    ROUNDS,
    PrefixRule,
)

# A matcher that ends where the prefix ends, and the answers of the rule that is its n-th group.
_Table = tuple[Callable[[str], "re.Match[str] | None"], tuple[tuple[str, ...], ...]]


def rules_by_head() -> dict[str, list[PrefixRule]]:
    """For each pair of first letters that can begin a prefix: its rules, the first that fits decides."""
    plain = [PrefixRule("plain", prefix, "", ("",)) for prefix in PLAIN_PREFIXES]
    infixed = [PrefixRule("37-40", c + infix, "V", (c,)) for c in CONSONANTS for infix in INFIXES]
    rules_of: dict[str, list[PrefixRule]] = {}
    for rule in (*plain, *PREFIX_RULES, *infixed):
        rules_of.setdefault(rule.head[:2], []).append(rule)
    return rules_of


def _compile(rules: list[PrefixRule]) -> _Table:
    groups = (f"({rule.head})(?={''.join(NOTATION.get(sign, sign) for sign in rule.follows)})" for rule in rules)
    return re.compile("|".join(groups)).match, ((), *(rule.answers for rule in rules))


def confix_stemmer(dictionary: Set[str]) -> Callable[[str], str]:
    """The stemmer of words of ``a-z``, ``0-9`` and ``-``; a word that reaches no dictionary word comes back as it is.

    >>> confix_stemmer({"dukung"})("mendukungnya")
    'dukung'
    """
    tables = {pair: _compile(rules) for pair, rules in rules_by_head().items()}
    precedence = {head[:2]: (head, tails) for head, tails in PREFIX_FIRST}
    suffix_letters = frozenset(suffix[-1] for suffix in (*ENCLITICS, *DERIVATIONAL))
    derivational_letters = frozenset(suffix[-1] for suffix in DERIVATIONAL)

    def strip_prefixes(word: str) -> str:
        """``word`` after at most three prefixes, stopping at the first dictionary word."""
        for _ in range(ROUNDS):
            table = tables.get(word[:2])
            if table is None:
                return word
            found = table[0](word)
            if found is None:
                return word
            rest = word[found.end() :]
            for answer in table[1][found.lastindex or 0]:
                word = answer + rest
                if word in dictionary:
                    return word
        return word

    def strip_suffixes(word: str) -> list[str]:
        """``word`` and what is left after each suffix that it loses, stopping at the first dictionary word."""
        stages = [word]
        end = word[-3:]
        if end in PARTICLES:
            word = word[:-3].rstrip("-")
            stages.append(word)
            if word in dictionary:
                return stages
            end = word[-3:]
        if end in POSSESSIVES or end[-2:] in POSSESSIVES:
            word = (word[:-3] if end in POSSESSIVES else word[:-2]).rstrip("-")
            stages.append(word)
            if word in dictionary:
                return stages
        if word[-1:] in derivational_letters:
            for suffix in DERIVATIONAL:
                if word.endswith(suffix):
                    stages.append(word[: -len(suffix)])
                    break
        return stages

    def stem_single(word: str) -> str:
        if word in dictionary or len(word) <= 3:  # nothing shorter than two letters is a root
            return word
        prefixed = word[:2] in tables
        if word[-1] not in suffix_letters:
            if prefixed:
                root = strip_prefixes(word)
                return root if root in dictionary else word
            return word
        first = precedence.get(word[:2])
        if first and word.startswith(first[0]) and word.endswith(first[1]):
            root = strip_prefixes(word)
            if root in dictionary:
                return root
            root = strip_suffixes(root)[-1]
            if root in dictionary:
                return root
        stages = strip_suffixes(word)
        root = stages[-1]
        if root in dictionary:
            return root
        if prefixed:
            root = strip_prefixes(root)
            if root in dictionary:
                return root
        # ECS: put the suffixes back one by one, the last taken first, and try the prefixes again.
        while len(stages) > 1:
            after = stages.pop()
            before = stages[-1]
            if before[-3:] == "kan":  # tunjuk-kan rather than tunju-kkan
                root = after + "k"
                if root not in dictionary or root[:2] in PLAIN_PREFIXES:
                    root = strip_prefixes(root)
                if root in dictionary:
                    return root
            if prefixed:
                root = strip_prefixes(before)
                if root in dictionary:
                    return root
        return word

    def stem_repeated(word: str, head: str, tail: str) -> str:
        """Asian pp. 76-77: both halves must have one root (berbalas-balasan, meniru-nirukan, anak-anak-nya)."""
        if tail in ENCLITICS and "-" in head:
            head, _, middle = head.rpartition("-")
            tail = f"{middle}-{tail}"
        first = stem_single(head)
        second = stem_single(tail)
        if second == tail and tail not in dictionary:
            second = stem_single("me" + tail)
        return first if first == second else word

    def stem_word(word: str) -> str:
        if "-" in word:
            head, _, tail = word.rpartition("-")
            if tail not in ENCLITICS or "-" in head:
                return stem_repeated(word, head, tail)
        return stem_single(word)

    return stem_word
