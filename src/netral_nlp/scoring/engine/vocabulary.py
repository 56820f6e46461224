"""A trained model as the core is handed it: lists of words, and what each feature weighs."""

from __future__ import annotations

from collections.abc import Collection

import numpy as np
import numpy.typing as npt

from netral_nlp.arrays import Floats
from netral_nlp.errors import ModelError
from netral_nlp.features.blocks import MOST_TOLD, cue_classes
from netral_nlp.features.views import OTHER, SOMEONE, THIS, UNCOUNTED
from netral_nlp.model.model import Model
from netral_nlp.roster.context import TITLES
from netral_nlp.roster.names import KINDS
from netral_nlp.text.lexicon import known_words, negators

WORDS, CHARACTERS, FACTS, CUES, POST, BEFORE, AFTER, RIVAL, END = BLOCK_NAMES = (
    "words", "characters", "facts", "cues", "post", "before", "after", "rival", "end",
)  # fmt: skip
SPARSE, DENSE = (WORDS, CHARACTERS, FACTS, CUES), (POST, BEFORE, AFTER, RIVAL, END)
ROLES = tuple(name[:-1] + tail for tail in (">", "-lawan>") for name in (THIS, OTHER, SOMEONE))
WHO = ("disebut tiada", "disebut lain", "disebut ini", "disebut keduanya")  # 2 * this pair + 1 * a rival
MOST_CUES = 4  # classes of one word


class Vocabulary:
    """The features of the sparse blocks in one row of numbers, what each weighs, and what is known of each stem.

    ``measure`` (n, 4) is each one's power, idf squared, and beside it its gain, idf times the three coefficients;
    ``block`` (n,) the index into ``BLOCK_NAMES``, ``weight`` that of each block. ``words`` and ``grams`` are features
    with the number of the first. ``vectors`` are codes (words, dimensions), scale and idf of word
    vectors, ``gains`` (words, 5, 4) what they weigh in the dense blocks.
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
        self.words: tuple[tuple[str, ...], int] = (), 0
        self.grams: tuple[tuple[str, ...], int] = (), 0
        self._index: dict[str, dict[str, int]] = {FACTS: {}, CUES: {}}
        at = 0
        for _, w in held:
            if w.block.name == WORDS:
                self.words = w.features, at
            elif w.block.name == CHARACTERS:
                self.grams = w.features, at
            else:
                self._index[w.block.name] = dict(zip(w.features, range(at, at + len(w.features)), strict=True))
            at += len(w.features)
        self._vectors(model)

    def _vectors(self, model: Model) -> None:
        dense = {w.block.name: w for w in model.weights if w.block.name in DENSE}
        self.has_zone = [int(name in dense) for name in DENSE]
        found = next((w.vectors for w in dense.values() if w.vectors is not None), None)
        self._vector_words: tuple[str, ...] = ()
        self.vectors = np.zeros((0, 1), dtype=np.int8), np.zeros(1), np.zeros(0)
        self.gains = np.zeros((0, len(DENSE), 4))
        if found is None:
            return
        rows, sign = found.places
        plain = np.flatnonzero(sign > 0)
        plain = plain[np.argsort(rows[plain])]
        self._vector_words = found.words
        self.vectors = found.codes, found.scale, found.idf
        self.gains = np.zeros((len(plain), len(DENSE), 4))
        for k, name in enumerate(DENSE):
            if name in dense:
                self.gains[:, k, 1:] = (dense[name].idf[:, None] * dense[name].coef)[plain]

    def cues(self) -> tuple[list[str], npt.NDArray[np.int32]]:
        """The cues, and of each the features of its classes, as many as :data:`MOST_CUES`: -1 for none."""
        found = cue_classes()
        features = np.full((len(found), MOST_CUES), -1, dtype=np.int32)
        for row, (cue, classes) in zip(features, found.items(), strict=True):
            if not {*ROLES, *UNCOUNTED}.isdisjoint(cue.split(" ")):
                raise ModelError(f'The engine cannot take a role in a cue: "{cue}".')
            known = [self._index[CUES][kind] for kind in classes if kind in self._index[CUES]]
            if len(known) > MOST_CUES:
                raise ModelError(f"The engine takes at most {MOST_CUES} classes of one cue.")
            row[: len(known)] = known
        return list(found), features

    def lists(self) -> tuple[Collection[str], ...]:
        """The words with vectors, those of the language, titles, negators, and masks that do not count."""
        return self._vector_words, known_words(), TITLES, negators(), UNCOUNTED

    def constants(self) -> list[int]:
        """The features of facts: of each role with all its kinds; then of how much is known, who is named, and how
        capitals are used."""
        fact, told = self._index[FACTS].get, (THIS[:-1], OTHER[:-1])
        return [
            *(fact(f"{role} {kind}", -1) if role.startswith(told) else -1 for role in ROLES for kind in KINDS),
            *(fact(f"kata {k}", -1) for k in range(MOST_TOLD + 1)),
            *(fact(name, -1) for name in WHO),
            *(fact(f"kapital {k}", -1) for k in range(6)),
            *(fact(f"huruf besar {k}", -1) for k in range(5)),
        ]
