"""A trained model as arrays: every feature a number, word pairs found by two word numbers."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import numpy as np

from netral_nlp.engine.arrays import Floats, Ints
from netral_nlp.errors import ModelError
from netral_nlp.features.blocks import UNCOUNTED
from netral_nlp.features.cues import cue_classes
from netral_nlp.features.views import OTHER, SOMEONE, THIS
from netral_nlp.model import Model
from netral_nlp.roster.mentions import ACCOUNT, HASHTAG, HOSTILE, NAME, NUMERAL, SLOGAN, SYMBOL, TAGGED_NAME

WORDS, CHARACTERS, FACTS, CUES = BLOCK_NAMES = ("words", "characters", "facts", "cues")
ROLES = tuple(name[:-1] + tail for tail in (">", "-lawan>") for name in (THIS, OTHER, SOMEONE))
KINDS = (NAME, NUMERAL, HASHTAG, ACCOUNT, SYMBOL, SLOGAN, HOSTILE, TAGGED_NAME)
WHO = ("disebut tiada", "disebut lain", "disebut ini", "disebut keduanya")  # 2 * this pair + 1 * a rival
UNKNOWN = 0  # the part number of a word that is in no trained pair

_BITS = 20
_MIX = np.uint64(0x9E3779B97F4A7C15)


class PairTable:
    """Finds (left part, right part) among the trained pairs; most pairs of a post are in none."""

    def __init__(self, pairs: Mapping[tuple[int, int], int], parts: int) -> None:
        self._parts = parts
        keys = np.array([left * parts + right for left, right in pairs], dtype=np.intp)
        order = np.argsort(keys)
        self._keys = keys[order]
        self._features = np.array(list(pairs.values()), dtype=np.intp)[order]
        self._maybe = np.zeros(1 << _BITS, dtype=np.bool_)
        self._maybe[self._cell(self._keys)] = True

    @staticmethod
    def _cell(keys: Ints) -> Ints:
        return ((keys.astype(np.uint64) * _MIX) >> np.uint64(64 - _BITS)).astype(np.intp)

    def find(self, left: Ints, right: Ints) -> tuple[Ints, Ints]:
        """Which of the given pairs are trained ones, and their features."""
        known = np.flatnonzero((left != UNKNOWN) & (right != UNKNOWN))
        keys = left[known] * self._parts + right[known]
        hopeful = np.flatnonzero(self._maybe[self._cell(keys)])
        if not len(hopeful):
            return hopeful, hopeful
        keys = keys[hopeful]
        at = np.minimum(np.searchsorted(self._keys, keys), len(self._keys) - 1)
        same = self._keys[at] == keys
        return known[hopeful[same]], self._features[at[same]]


class Vocabulary:
    """The features of all blocks in one row of numbers, and what each weighs.

    ``power`` is idf squared, ``gain`` idf times the three coefficients, ``block`` the index into ``BLOCK_NAMES``,
    ``weight`` that of each block. A feature's string is what counts, however it came about: *terima kasih* may be
    two words or one that the slang list gives, so every way to cut a feature in two is known.
    """

    def __init__(self, model: Model) -> None:
        trained = {w.block.name: w for w in model.weights}
        if strange := set(trained) - set(BLOCK_NAMES):
            raise ModelError(f"The engine does not know the features {', '.join(sorted(strange))} of this model.")
        held = [(b, trained[name]) for b, name in enumerate(BLOCK_NAMES) if name in trained]
        empty = np.zeros((0, 3))
        self.block = np.concatenate([np.full(len(w.features), b) for b, w in held]).astype(np.intp)
        self.power: Floats = np.concatenate([np.zeros(0), *(w.idf * w.idf for _, w in held)])
        self.gain: Floats = np.concatenate([empty, *(w.idf[:, None] * w.coef for _, w in held)])
        self.weight = np.array([trained[n].block.weight if n in trained else 0.0 for n in BLOCK_NAMES])
        self.intercept = model.intercept
        self.index: dict[str, dict[str, int]] = {name: {} for name in BLOCK_NAMES}
        self.first: dict[str, int] = dict.fromkeys(BLOCK_NAMES, 0)
        at = 0
        for _, w in held:
            self.first[w.block.name] = at
            self.index[w.block.name] = dict(zip(w.features, range(at, at + len(w.features)), strict=True))
            at += len(w.features)
        self.grams = range(self.first[CHARACTERS], self.first[CHARACTERS] + len(self.index[CHARACTERS]))
        self._pairs()
        self._roles()

    def _pairs(self) -> None:
        self.parts: dict[str, int] = {"": UNKNOWN}
        number = self.parts.setdefault
        adjacent: dict[tuple[int, int], int] = {}
        skipping: dict[tuple[int, int], int] = {}
        for separator, found in ((" ", adjacent), ("_", skipping)):
            for feature, at in self.index[WORDS].items():
                left, cut, right = feature.partition(separator)
                if left and right and separator not in right:  # nearly always
                    found[number(left, len(self.parts)), number(right, len(self.parts))] = at
                elif cut:
                    for left, right in _cuts(feature, separator):
                        found[number(left, len(self.parts)), number(right, len(self.parts))] = at
        self.cues: dict[str, tuple[int, ...]] = {}
        cue_pairs: list[dict[tuple[int, int], int]] = []
        for cue, classes in cue_classes().items():
            known = tuple(self.index[CUES][kind] for kind in classes if kind in self.index[CUES])
            self.cues[cue] = known
            for left, right in _cuts(cue, " "):
                if left in ROLES or right in ROLES:
                    raise ModelError(f'The engine cannot take a role in a cue: "{cue}".')
                key = number(left, len(self.parts)), number(right, len(self.parts))
                cue_pairs += [{} for _ in range(len(known) - len(cue_pairs))]
                for pairs, at in zip(cue_pairs, known, strict=False):
                    pairs[key] = at
        self.most_cues = max(map(len, self.cues.values()), default=0)
        for role in ROLES:
            number(role, len(self.parts))
        self.adjacent = PairTable(adjacent, len(self.parts))
        self.skipping = PairTable(skipping, len(self.parts))
        self.cue_pairs = [PairTable(pairs, len(self.parts)) for pairs in cue_pairs]

    def _roles(self) -> None:
        if not UNCOUNTED.isdisjoint(ROLES) or any(role in self.cues for role in ROLES):
            raise ModelError("The engine takes roles as counted words that are no cues.")
        facts = self.index[FACTS].get
        self.role_part = np.array([self.parts[role] for role in ROLES], dtype=np.intp)
        self.role_word = np.array([self.index[WORDS].get(role, -1) for role in ROLES], dtype=np.intp)
        self.role_gram = np.array([self.index[CHARACTERS].get(role, -1) for role in ROLES], dtype=np.intp)
        told = (THIS[:-1], OTHER[:-1])
        self.role_fact = np.array(
            [[facts(f"{r} {k}", -1) if r.startswith(told) else -1 for k in KINDS] for r in ROLES], dtype=np.intp
        )
        self.who_fact = np.array([facts(name, -1) for name in WHO], dtype=np.intp)
        self.capital_fact = np.array([facts(f"kapital {k}", -1) for k in range(6)], dtype=np.intp)
        self.upper_fact = np.array([facts(f"huruf besar {k}", -1) for k in range(5)], dtype=np.intp)


def _cuts(feature: str, separator: str) -> Iterator[tuple[str, str]]:
    """Every way to cut a feature in two at a separator.

    >>> list(_cuts("terima kasih banyak", " "))
    [('terima', 'kasih banyak'), ('terima kasih', 'banyak')]
    """
    at = feature.find(separator)
    while at >= 0:
        if 0 < at < len(feature) - 1:
            yield feature[:at], feature[at + 1 :]
        at = feature.find(separator, at + 1)
