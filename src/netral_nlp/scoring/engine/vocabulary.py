"""A trained model as arrays: every feature a number, word pairs found by two word numbers."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import chain, count

import numpy as np

from netral_nlp.errors import ModelError
from netral_nlp.features.blocks import MOST_TOLD, cue_classes
from netral_nlp.features.vectors import WordVectors
from netral_nlp.features.views import OTHER, SOMEONE, THIS, UNCOUNTED
from netral_nlp.model.evidence import pushes
from netral_nlp.model.model import Model
from netral_nlp.roster.matcher import ACCOUNT, HASHTAG, HOSTILE, NAME, NUMERAL, SLOGAN, SYMBOL, TAGGED_NAME
from netral_nlp.scoring.engine.arrays import Floats, Ints, ragged

WORDS, CHARACTERS, FACTS, CUES, POST, BEFORE, AFTER, RIVAL, END = BLOCK_NAMES = (
    "words", "characters", "facts", "cues", "post", "before", "after", "rival", "end",
)  # fmt: skip
ROLES = tuple(name[:-1] + tail for tail in (">", "-lawan>") for name in (THIS, OTHER, SOMEONE))
KINDS = (NAME, NUMERAL, HASHTAG, ACCOUNT, SYMBOL, SLOGAN, HOSTILE, TAGGED_NAME)
WHO = ("disebut tiada", "disebut lain", "disebut ini", "disebut keduanya")  # 2 * this pair + 1 * a rival
UNKNOWN = 0  # the part number of a word that is in no trained pair

_CELLS = 1 << 18  # many more than trained pairs, and small enough for a processor's cache
_MIX = 40503


class PairTable:
    """Finds (left part, right part) among the trained pairs; most pairs of a post are in none.

    A pair may have several features: it is given as often.
    """

    def __init__(self, lefts: Sequence[int], rights: Sequence[int], features: Sequence[int]) -> None:
        left, right, feature = (np.array(given, dtype=np.intp) for given in (lefts, rights, features))
        cell = self._cell(left, right)
        order = np.argsort(cell, kind="stable")
        self._left, self._right, self._feature = left[order], right[order], feature[order]
        held = np.bincount(cell, minlength=_CELLS)
        self._maybe = held > 0
        self._start = (np.cumsum(held) - held).astype(np.int32)
        self._held = held.astype(np.int32)

    @staticmethod
    def _cell(left: Ints, right: Ints) -> Ints:
        cell = left * _MIX
        cell += right
        cell &= _CELLS - 1
        return cell

    def find(self, left: Ints, right: Ints) -> tuple[Ints, Ints]:
        """Which of the given pairs are trained ones, in order, and their features."""
        cell = self._cell(left, right)
        hopeful = np.flatnonzero(self._maybe.take(cell))
        cell = cell.take(hopeful)
        owner, at = ragged(self._start.take(cell), self._held.take(cell))
        which = hopeful.take(owner)
        same = self._left.take(at) == left.take(which)
        same &= self._right.take(at) == right.take(which)
        return which.compress(same), self._feature.take(at.compress(same))


class Vocabulary:
    """The features of all blocks in one row of numbers, and what each weighs.

    ``measure`` (n, 4) is each one's power, idf squared, and beside it its gain, idf times the three coefficients;
    ``push`` (n, 3) is ``scoring.push`` of the gain for each label, ``block`` the index into ``BLOCK_NAMES``, ``weight``
    that of each block. A feature's string is what counts, however it came about: *terima kasih* may be
    two words or one that the slang list gives, so every way to cut a feature in two is known.
    """

    def __init__(self, model: Model) -> None:
        trained = {w.block.name: w for w in model.weights}
        if strange := set(trained) - set(BLOCK_NAMES):
            raise ModelError(f"The engine does not know the features {', '.join(sorted(strange))} of this model.")
        held = [(b, trained[name]) for b, name in enumerate(BLOCK_NAMES) if name in trained]
        empty = np.zeros((0, 3))
        self.block = np.concatenate([np.full(len(w.features), b) for b, w in held]).astype(np.intp)
        power: Floats = np.concatenate([np.zeros(0), *(w.idf * w.idf * (w.vectors is None) for _, w in held)])
        gain: Floats = np.concatenate([empty, *(w.idf[:, None] * w.coef for _, w in held)])
        self.measure = np.concatenate([power[:, None], gain], axis=1)
        self.push = pushes(gain)
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
        self._vectors(next((w.vectors for _, w in held if w.vectors is not None), None))

    def _pairs(self) -> None:
        near, far = (_cut_all(self.index[WORDS], separator) for separator in (" ", "_"))
        self.cues: dict[str, tuple[int, ...]] = {}
        for cue, classes in cue_classes().items():
            known = tuple(self.index[CUES][kind] for kind in classes if kind in self.index[CUES])
            self.cues[cue] = known
            for left, right in _cuts(cue, " "):
                if left in ROLES or right in ROLES:
                    raise ModelError(f'The engine cannot take a role in a cue: "{cue}".')
                near += [(left, right, at) for at in known]
        self.most_cues = max(map(len, self.cues.values()), default=0)
        sides = [name for left, right, _ in chain(near, far) for name in (left, right)]
        names = dict.fromkeys(chain(("",), sides, ROLES))
        self.parts: dict[str, int] = dict(zip(names, count(UNKNOWN)))
        self.near, self.far = (self._pair_table(found) for found in (near, far))

    def _vectors(self, vectors: WordVectors | None) -> None:
        """The word vectors of the dense blocks.

        ``directions`` (n, d) holds what each of their features adds to the sum; ``signed`` (words, 2) says which of a
        block's features a word is, as it stands and behind a negation; ``word_number`` finds the word.
        """
        self.directions = np.zeros((0, 1)) if vectors is None else vectors.matrix
        self.word_number = {} if vectors is None else {word: i for i, word in enumerate(vectors.words)}
        self.signed = np.zeros((max(1, len(self.word_number)), 2), dtype=np.intp)
        if vectors is not None:
            rows, sign = vectors.places
            self.signed[rows, (sign < 0).astype(np.intp)] = np.arange(len(rows))
        self.of_block = np.array([self.first.get(name, 0) if self.index[name] else -1 for name in BLOCK_NAMES])

    def _pair_table(self, found: list[tuple[str, str, int]]) -> PairTable:
        left, right, feature = zip(*found, strict=True) if found else ((), (), ())
        number = self.parts.__getitem__
        return PairTable(list(map(number, left)), list(map(number, right)), feature)

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
        self.known_fact = np.array([facts(f"kata {k}", -1) for k in range(MOST_TOLD + 1)], dtype=np.intp)
        self.who_fact = np.array([facts(name, -1) for name in WHO], dtype=np.intp)
        self.capital_fact = np.array([facts(f"kapital {k}", -1) for k in range(6)], dtype=np.intp)
        self.upper_fact = np.array([facts(f"huruf besar {k}", -1) for k in range(5)], dtype=np.intp)


def _cut_all(features: Mapping[str, int], separator: str) -> list[tuple[str, str, int]]:
    """Every way to cut every feature in two, with the feature's number."""
    found: list[tuple[str, str, int]] = []
    for feature, at in features.items():
        if separator in feature:
            left, _, right = feature.partition(separator)
            if left and right and separator not in right:  # nearly always
                found.append((left, right, at))
            else:
                found += [(left, right, at) for left, right in _cuts(feature, separator)]
    return found


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
