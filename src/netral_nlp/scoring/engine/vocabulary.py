"""A trained model as numbers: every feature a number, word pairs found by two word numbers."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import chain, count

import numpy as np

from netral_nlp.arrays import Floats
from netral_nlp.errors import ModelError
from netral_nlp.features.blocks import MOST_TOLD, SIZES, cue_classes
from netral_nlp.features.views import OTHER, SOMEONE, THIS, UNCOUNTED
from netral_nlp.model.model import Model
from netral_nlp.roster.context import TITLES
from netral_nlp.roster.names import KINDS
from netral_nlp.text.lexicon import known_words, negators, protected_words, slang

WORDS, CHARACTERS, FACTS, CUES, POST, BEFORE, AFTER, RIVAL, END = BLOCK_NAMES = (
    "words", "characters", "facts", "cues", "post", "before", "after", "rival", "end",
)  # fmt: skip
SPARSE, DENSE = (WORDS, CHARACTERS, FACTS, CUES), (POST, BEFORE, AFTER, RIVAL, END)
ROLES = tuple(name[:-1] + tail for tail in (">", "-lawan>") for name in (THIS, OTHER, SOMEONE))
WHO = ("disebut tiada", "disebut lain", "disebut ini", "disebut keduanya")  # 2 * this pair + 1 * a rival
UNKNOWN = 0  # the part number of a word that is in no trained pair
MOST_CUES = 4  # classes of one word

Triple = tuple[int, int, int]  # left part, right part, feature


class Vocabulary:
    """The features of the sparse blocks in one row of numbers, what each weighs, and what is known of each stem.

    ``measure`` (n, 4) is each one's power, idf squared, and beside it its gain, idf times the three coefficients;
    ``block`` (n,) the index into ``BLOCK_NAMES``, ``weight`` that of each block. ``near`` and ``far`` are the trained
    pairs of words side by side and with one between. ``vectors`` are codes (words, dimensions), scale and idf of word
    vectors, ``gains`` (words, 5, 4) what they weigh in the dense blocks. A feature's string is what counts, however it
    came about: *terima kasih* may be two words or one that the slang list gives, so every way to cut a feature in two
    is known.
    """

    def __init__(self, model: Model) -> None:
        trained = {w.block.name: w for w in model.weights}
        if strange := set(trained) - set(BLOCK_NAMES):
            raise ModelError(f"The engine does not know the features {', '.join(sorted(strange))} of this model.")
        held = [(b, trained[name]) for b, name in enumerate(SPARSE) if name in trained]
        self.block = np.concatenate([np.zeros(0), *(np.full(len(w.features), b) for b, w in held)]).astype(np.int32)
        power: Floats = np.concatenate([np.zeros(0), *(w.idf * w.idf for _, w in held)])
        gain: Floats = np.concatenate([np.zeros((0, 3)), *(w.idf[:, None] * w.coef for _, w in held)])
        self.measure = np.concatenate([power[:, None], gain], axis=1)
        self.weight = np.array([trained[n].block.weight if n in trained else 0.0 for n in BLOCK_NAMES])
        self.index: dict[str, dict[str, int]] = {name: {} for name in SPARSE}
        at = 0
        for _, w in held:
            self.index[w.block.name] = dict(zip(w.features, range(at, at + len(w.features)), strict=True))
            at += len(w.features)
        self._pairs()
        self._vectors(model)

    def _pairs(self) -> None:
        near, far = (_cut_all(self.index[WORDS], separator) for separator in (" ", "_"))
        self._cues: dict[str, tuple[int, ...]] = {}
        for cue, classes in cue_classes().items():
            known = tuple(self.index[CUES][kind] for kind in classes if kind in self.index[CUES])
            self._cues[cue] = known
            for left, right in _cuts(cue, " "):
                if left in ROLES or right in ROLES:
                    raise ModelError(f'The engine cannot take a role in a cue: "{cue}".')
                near += [(left, right, at) for at in known]
        if max(map(len, self._cues.values()), default=0) > MOST_CUES:
            raise ModelError(f"The engine takes at most {MOST_CUES} classes of one cue.")
        sides = [name for left, right, _ in chain(near, far) for name in (left, right)]
        names = dict.fromkeys(chain(("",), sides, ROLES))
        self._parts: dict[str, int] = dict(zip(names, count(UNKNOWN)))
        number = self._parts.__getitem__
        self.near, self.far = ([(number(a), number(b), at) for a, b, at in found] for found in (near, far))

    def _vectors(self, model: Model) -> None:
        dense = {w.block.name: w for w in model.weights if w.block.name in DENSE}
        self.has_zone = [int(name in dense) for name in DENSE]
        found = next((w.vectors for w in dense.values() if w.vectors is not None), None)
        self._vector: dict[str, int] = {}
        self.vectors = np.zeros((0, 1), dtype=np.int8), np.zeros(1), np.zeros(0)
        self.gains = np.zeros((0, len(DENSE), 4))
        if found is None:
            return
        rows, sign = found.places
        plain = np.flatnonzero(sign > 0)
        plain = plain[np.argsort(rows[plain])]
        self._vector = {word: i for i, word in enumerate(found.words)}
        self.vectors = found.codes, found.scale, found.idf
        self.gains = np.zeros((len(plain), len(DENSE), 4))
        for k, name in enumerate(DENSE):
            if name in dense:
                self.gains[:, k, 1:] = (dense[name].idf[:, None] * dense[name].coef)[plain]

    def stems(self) -> tuple[list[str], list[tuple[int, ...]]]:
        """The stems of which something is known: part, word, vector, whether known, negating, uncounted; cues."""
        words, no, none = self.index[WORDS], negators(), (-1,) * MOST_CUES
        known = known_words()
        unheard = no | UNCOUNTED
        spaced = {form for form in chain(slang().values(), protected_words().values()) if " " in form}
        single = (word for word in words if "_" not in word and (" " not in word or word in spaced))
        everything = dict.fromkeys(chain(self._parts, single, self._cues, self._vector, known, unheard))
        facts = []
        for stem in everything:
            cues = self._cues.get(stem, ())
            vector = -1 if stem in unheard else self._vector.get(stem, -1)
            facts.append(
                (self._parts.get(stem, UNKNOWN), words.get(stem, -1), vector,
                 (stem in known) + (stem in known and stem in TITLES), stem in no,
                 stem in UNCOUNTED, *(*cues, *none)[:MOST_CUES])
            )  # fmt: skip
        return list(everything), facts

    def grams(self) -> dict[str, int]:
        """The character n-grams with their features, and how they begin: -1 where that is none itself."""
        found = dict(self.index[CHARACTERS])
        for gram in self.index[CHARACTERS]:
            if gram[0] != "<":
                for length in range(min(SIZES), len(gram)):
                    found.setdefault(gram[:length], -1)
        return found

    def constants(self) -> list[int]:
        """The features of roles and facts: of each role its part, word, n-gram and those of all its kinds; then of how
        much is known, who is named, and how capitals are used."""
        if not UNCOUNTED.isdisjoint(ROLES) or any(role in self._cues for role in ROLES):
            raise ModelError("The engine takes roles as counted words that are no cues.")
        fact, told = self.index[FACTS].get, (THIS[:-1], OTHER[:-1])
        return [
            *(self._parts[role] for role in ROLES),
            *(self.index[WORDS].get(role, -1) for role in ROLES),
            *(self.index[CHARACTERS].get(role, -1) for role in ROLES),
            *(fact(f"{role} {kind}", -1) if role.startswith(told) else -1 for role in ROLES for kind in KINDS),
            *(fact(f"kata {k}", -1) for k in range(MOST_TOLD + 1)),
            *(fact(name, -1) for name in WHO),
            *(fact(f"kapital {k}", -1) for k in range(6)),
            *(fact(f"huruf besar {k}", -1) for k in range(5)),
        ]


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
