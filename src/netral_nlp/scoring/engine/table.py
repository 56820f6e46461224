"""The model and the table of distinct pieces in the native core, and what Python tells it of pieces that are new."""

from __future__ import annotations

import os
import re
import threading
from array import array
from collections.abc import Callable, Mapping
from ctypes import byref, c_void_p

import numpy as np

from netral_nlp.features import zones
from netral_nlp.features.blocks import MOST_TOLD, TELLING
from netral_nlp.model.calibration import ACCUSING
from netral_nlp.model.evidence import FAINT, LONGEST_EVIDENCE, MOST_WORDS, OWN, SHARED, SHOWN, headed
from netral_nlp.model.model import SHORTEST, Model
from netral_nlp.records import LABELS
from netral_nlp.roster.matcher import HOSTILE, Matcher
from netral_nlp.roster.names import KINDS
from netral_nlp.roster.suspicion import Suspicion
from netral_nlp.scoring.engine.binding import Calls, address, done, encoded, lines_of, text_at
from netral_nlp.scoring.engine.screening import BITS, Screening
from netral_nlp.scoring.engine.vocabulary import ROLES, Vocabulary
from netral_nlp.scoring.unrecognised import UNRECOGNISED
from netral_nlp.text.cleaning import JOINER, LETTER_ENDS, ONE_LETTER
from netral_nlp.text.plain import CASES, PlainWords
from netral_nlp.text.repairs import BLANK_FOLLOWS, HELD_BLANKS
from netral_nlp.text.turning import HELD_BLANK, TURNS
from netral_nlp.text.words import (
    EMOJI_WORD,
    HANDLE,
    MASK,
    NUMBER,
    SIGN,
    TAG,
    TAG_WORD,
    WORD,
    Word,
    analyse_piece,
)

LONGEST_PIECE = 300  # characters; what is longer is cut
REMEMBERED = 50_000  # words of which Python knows what it has told

WORD_KINDS = (HANDLE, TAG, TAG_WORD, WORD, NUMBER, EMOJI_WORD, SIGN, MASK)
# What a word is beside its screening for mentions, and how certain a mention is; as in src/native/core.h.
CASED, TITLE, UPPER = 1 << BITS, 2 << BITS, 4 << BITS
CERTAINTY: dict[bool | None, int] = {None: 0, True: 1, False: 2}
NOBODY = (0, 0, 3)
# What a piece may be to ``words.pieces``: the left or right part of a number that it joins, a letter of a spaced-out
# word, or something that it cuts or joins to the next.
NUMBER_BEFORE, NUMBER_AFTER, LETTER, CUT_ANEW = 1, 2, 4, 8

_HELD = HELD_BLANKS | {HELD_BLANK}
_NUMBER_HEAD = re.compile(r"\+?\d|[().-]+\d")
_ONE_LETTER = re.compile(ONE_LETTER + LETTER_ENDS)

_SIGNS = ")\"',!?:;."
TAUGHT = (
    "@a_0",
    "https://t.co/a",
    "(",
    '"',
    "'",
    *_SIGNS,
    *(a + b for a in _SIGNS for b in _SIGNS),
    "...",
    "!!!",
    "???",
)

Key = tuple[str, str, str, str]  # form, surface, kind and case of a word


class CoreModel:
    """A model for one roster in the core; ``handle`` lives as long as this does."""

    def __init__(
        self, calls: Calls, model: Model, matcher: Matcher, limits: Mapping[str, float], suspicion: Suspicion
    ) -> None:
        self._calls, self._matcher, self._suspicion = calls, matcher, suspicion
        self.screening = Screening(matcher)
        self._plain = PlainWords(calls.library, matcher.known)
        vocabulary = Vocabulary(model)
        numbers = np.array(
            [*model.intercept, *(limits[label] if label in ACCUSING else 0.5 for label in LABELS), *vocabulary.weight,
             FAINT, OWN, SHARED, SHORTEST]
        )  # fmt: skip
        telling = sum(1 << number for number, kind in enumerate(KINDS) if kind in TELLING)
        constants = np.array(
            [*vocabulary.constants(), *vocabulary.has_zone, telling, KINDS.index(HOSTILE), zones.BEFORE, zones.AFTER,
             zones.RIVAL, zones.LAST, zones.NEGATION_REACH, SHOWN, LONGEST_EVIDENCE, MOST_WORDS, MOST_TOLD,
             WORD_KINDS.index(WORD)], dtype=np.int32,
        )  # fmt: skip
        self.handle = calls.model(
            len(matcher.roster.pairs), address(numbers), len(numbers), address(constants), len(constants)
        )
        if not self.handle:
            raise RuntimeError("the native core refused the model")
        self._tell(vocabulary)

    def _tell(self, vocabulary: Vocabulary) -> None:
        calls, model = self._calls, self.handle
        heads, offset = encoded([*(headed("-", label).removesuffix("-") for label in range(len(LABELS))), UNRECOGNISED])
        done(calls.model_heads(model, heads, address(offset)))
        measure = np.ascontiguousarray(vocabulary.measure)
        done(calls.model_features(model, address(measure), address(vocabulary.block), len(measure)))
        parts = [np.ascontiguousarray(part) for part in (*vocabulary.vectors, vocabulary.gains)]
        done(calls.model_vectors(model, *map(address, parts), *parts[0].shape))
        for told, (features, first) in ((calls.model_grams, vocabulary.grams), (calls.model_words, vocabulary.words)):
            lines = lines_of(features)
            done(told(model, lines, len(lines), first, len(features)))
        cues, classes = vocabulary.cues()
        lines = lines_of(cues)
        done(calls.model_cues(model, lines, len(lines), address(classes), len(cues)))
        for which, words in enumerate(vocabulary.lists()):
            lines = lines_of(words)
            done(calls.model_list(model, which, lines, len(lines), len(words)))
        roles, offset = encoded(ROLES)
        done(calls.model_pairs(model, roles, address(offset)))
        begin = self.screening.names
        names = lines_of([*begin, *(f"@{name}" for name in begin), *self._matcher.handles])
        disguised = lines_of([*self._suspicion.backwards, *self._suspicion.bare])
        listed = self.screening.listed
        lines, bits = lines_of(list(listed)), np.fromiter(listed.values(), dtype=np.int32, count=len(listed))
        done(calls.model_sight(
            model, names, len(names), lines, len(lines), address(bits), len(bits), disguised, len(disguised),
            self._plain.handle,
        ))  # fmt: skip

    def __del__(self) -> None:
        if getattr(self, "handle", None):
            self._calls.model_free(self.handle)


class Table:
    """The pieces, words and settled clusters of all posts so far; ``lock`` is held while something is added."""

    def __init__(
        self, calls: Calls, model: CoreModel, matcher: Matcher, stem: Callable[[str], str], suspicion: Suspicion
    ) -> None:
        self._calls, self._model, self._matcher, self._stem, self._suspicion = calls, model, matcher, stem, suspicion
        self.lock = threading.Lock()
        self._given: dict[Key, tuple[int, ...]] = {}
        self._words: dict[int, Word] = {}
        keys = os.urandom(16)  # so that no file can be made whose pieces collide
        self.handle = calls.table(model.handle, int.from_bytes(keys[:8], "little"), int.from_bytes(keys[8:], "little"))

        self._teach()

    def __del__(self) -> None:
        if getattr(self, "handle", None):
            self._calls.table_free(self.handle)

    def _teach(self) -> None:
        """What the core reads other pieces by: an account, a link, and the signs that often stand beside words."""
        raw, offset = encoded([" ".join(TAUGHT)])
        chunk = self._calls.chunk(self.handle, raw, address(offset), 1)
        try:
            self.learn(chunk)
        finally:
            self._calls.chunk_free(chunk)

    def __len__(self) -> int:
        return int(self._calls.table_size(self.handle))

    def learn(self, chunk: int) -> None:
        """All pieces of a chunk that the table does not have."""
        place = c_void_p()
        with self.lock:
            size = self._calls.fresh(chunk, byref(place))
            if size < 0:
                return
            assert place.value is not None
            self._tell(chunk, text_at(place.value, size).split("\n"))

    def _tell(self, chunk: int, pieces: list[str]) -> None:
        numbers: dict[Key, int] = {}
        rows, counts, given = array("i"), array("i"), array("i")
        names, harmless = self._matcher.known, self._suspicion.is_harmless
        for piece in pieces:
            words = analyse_piece(piece, names)
            held = None if piece.isascii() else JOINER in piece
            for form, surface, start, end, kind, case in words:
                number = numbers.setdefault((form, surface, kind, case), len(numbers))
                written = held is not None and (held or not _HELD.isdisjoint(piece[start:end]))
                rows.extend((number, start, end, written))
            counts.extend((len(words), glue_of(piece), harmless(piece)))
        texts: list[str] = []
        for key in numbers:
            form, surface, kind, _ = key
            given.extend(self._of(key))
            texts += (form, surface, self._stem(form) if kind in (WORD, TAG_WORD) else form)
        text, offset = encoded(texts)
        done(self._calls.learn(
            chunk, *_places(counts, 3), *_places(rows, 4), *_places(given, 7), text, address(offset)
        ))  # fmt: skip

    def _of(self, key: Key) -> tuple[int, ...]:
        """What a word is, in numbers."""
        found = self._given.get(key)
        if found is None:
            if len(self._given) >= REMEMBERED:
                self._given.clear()
            form, surface, kind, case = key
            flags, alone = self._model.screening.of(Word(form, surface, 0, 0, kind, case))
            if kind == WORD and len(surface) > 1 and surface.isalpha():
                flags |= CASED | (0 if not case else TITLE if case == "T" else UPPER)
            told = NOBODY if alone is None else (alone.pair, KINDS.index(alone.kind), CERTAINTY[alone.certainty])
            is_word = kind in (WORD, TAG_WORD)
            found = self._given[key] = (WORD_KINDS.index(kind), CASES.index(case), is_word, flags, *told)
        return found

    def word(self, place: int) -> Word:
        """A distinct word by its place in the core; its own places mean nothing."""
        word = self._words.get(place)
        if word is None:
            if len(self._words) >= REMEMBERED:
                self._words.clear()
            told = np.zeros(4, dtype=np.int32)
            at = self._calls.word(place, address(told))
            form, surface, kind, case = told.tolist()
            word = Word(text_at(at, form), text_at(at + form, surface), 0, 0, WORD_KINDS[kind], CASES[case])
            self._words[place] = word
        return word


def _places(numbers: array[int], width: int) -> tuple[int, int]:
    """Where the numbers of some rows lie, and how many rows there are."""
    return numbers.buffer_info()[0], len(numbers) // width


def glue_of(piece: str) -> int:
    """What ``words.pieces`` may do with a piece; more often than it does, never less."""
    if len(piece) >= LONGEST_PIECE or (not piece.isascii() and (BLANK_FOLLOWS.search(piece) or TURNS.search(piece))):
        return CUT_ANEW
    found = LETTER if _ONE_LETTER.fullmatch(piece) else 0
    for character in reversed(piece):  # a number and its signs at the end
        if character.isdecimal():
            found |= NUMBER_BEFORE
            break
        if character not in "().-":
            break
    return found | NUMBER_AFTER if _NUMBER_HEAD.match(piece) else found
