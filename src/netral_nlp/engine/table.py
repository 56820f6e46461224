"""The table of distinct pieces: each is cut, folded, stemmed and looked up once, however many posts hold it."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from functools import lru_cache

import numpy as np

from netral_nlp.engine.arrays import Column, Ints, ragged, starts_of
from netral_nlp.engine.grams import GramTree
from netral_nlp.engine.vocabulary import CHARACTERS, UNKNOWN, WORDS, Vocabulary
from netral_nlp.features.blocks import UNCOUNTED
from netral_nlp.scoring import LONGEST_EVIDENCE
from netral_nlp.text.cleaning import JOINER
from netral_nlp.text.words import TAG_WORD, WORD, Word, analyse_piece, case_of, word_in_signs

LIMIT = 150_000  # distinct pieces remembered
LONGEST_PIECE = 300  # characters; what is longer is cut
LIMIT_CHARACTERS = 8_000_000  # in all of them together

# What a word is to the steps after it, as bits of one number.
NAMING, CASED, TITLE, UPPER = 1, 2, 4, 8
# What a piece may be to ``words.pieces``: the left or right part of a number that it joins, a letter of a spaced-out
# word, or a run that it cuts.
NUMBER_BEFORE, NUMBER_AFTER, LETTER, TOO_LONG = 1, 2, 4, 8
# In place of the number of a spelling: it is not shown, or only the post knows how its blanks are written.
HIDDEN, AS_WRITTEN = -1, -2

_NUMBER_HEAD = re.compile(r"\+?\d|[().-]+\d")
_ONE_LETTER = re.compile(r"[^\W\d_]")


class PieceTable(dict[str, int]):
    """Piece -> number; a piece that is not there yet is analysed. All else about pieces and words is in columns.

    ``row_*`` describe the words of all pieces, those of one piece side by side; ``form_*`` the distinct counted words.
    ``words`` and ``shown`` are the word of each row and the spellings that evidence shows, by number.
    """

    def __init__(
        self,
        vocabulary: Vocabulary,
        stem: Callable[[str], str],
        may_name: Callable[[Word], bool],
        limit: int = LIMIT,
    ) -> None:
        super().__init__()
        self._vocabulary = vocabulary
        self._stem = stem
        self._signs = lru_cache(2_000)(analyse_piece)
        self._tree = GramTree(vocabulary.index[CHARACTERS])
        self._may_name = may_name
        self._limit = limit
        self._characters = 0
        self.generation = 0
        self.piece_start = Column(np.intp)
        self.piece_length = Column(np.intp)
        self.piece_size = Column(np.intp)
        self.piece_glue = Column(np.uint8)
        self.piece_uses = Column(np.intp)
        self.row_form = Column(np.intp)
        self.row_shown = Column(np.intp)
        self.row_flags = Column(np.uint8)
        self.words: list[Word] = []
        self.shown: list[str] = []
        self.shown_number: dict[str, int] = {}
        self._forms: dict[str, int] = {}
        self._plain: dict[str, tuple[str, str, int, int]] = {}
        self.form_part = Column(np.intp)
        self.form_word = Column(np.intp)
        self.form_counted = Column(np.bool_)
        self.form_cues = Column(np.intp, max(1, vocabulary.most_cues))
        self.form_start = Column(np.intp)
        self.form_length = Column(np.intp)
        self.form_power = Column(np.float64)
        self.form_gain = Column(np.float64, 3)
        self.grams = Column(np.int32)
        self._clear_new()
        self._add_form("", is_word=False)  # number 0 stands for mentions, whose features depend on the pair
        self.flush()

    def _clear_new(self) -> None:
        self._new_pieces: list[tuple[int, int, int, int]] = []
        self._new_forms: list[tuple[int, int, bool]] = []
        self._new_cues: list[tuple[int, tuple[int, ...]]] = []
        self._new_written: list[str] = []
        self._rows_form: list[int] = []
        self._rows_shown: list[int] = []
        self._rows_flags: list[int] = []

    def __missing__(self, piece: str) -> int:
        """The number of a new piece; :meth:`flush` must follow before the columns tell of it."""
        start = len(self.words)
        size = len(piece)
        parts = word_in_signs(piece)
        if size > LONGEST_PIECE:
            pass  # TOO_LONG: the post is cut anew
        elif parts is not None:
            self._add_plain(*parts)
        else:
            joined = JOINER in piece
            for word in analyse_piece(piece):
                self._add_word(word, JOINER if joined else piece[word.start : word.end])
        number = len(self)
        self._new_pieces.append((start, len(self.words) - start, size, _glue(piece)))
        self._characters += size
        self[piece] = number
        return number

    def _add_plain(self, before: str, written: str, after: str) -> None:
        """The words of a plain word in signs; each spelling is folded and looked up once."""
        if before:
            self._add_shifted(self._signs(before), before, 0)
        start = len(before)
        case = case_of(written)
        key = written if case == "U" else written.lower()  # BKN in capitals is an office, bkn the word bukan
        known = self._plain.get(key)
        if known is None:
            word = analyse_piece(written)[0]
            flags = NAMING if self._may_name(word) else 0
            if len(word.surface) > 1 and word.surface.isalpha():
                flags |= CASED
            form = self._forms.get(word.form)
            if form is None:
                form = self._add_form(word.form, is_word=True)
            known = self._plain[key] = (word.form, word.surface, form, flags)
        counted, surface, form, flags = known
        if case and flags & CASED:
            flags |= TITLE if case == "T" else UPPER
        self._add_row(Word(counted, surface, start, start + len(written), WORD, case), written, form, flags)
        if after:
            self._add_shifted(self._signs(after), after, start + len(written))

    def _add_shifted(self, words: tuple[Word, ...], piece: str, by: int) -> None:
        for word in words:
            moved = replace(word, start=word.start + by, end=word.end + by) if by else word
            self._add_word(moved, piece[word.start : word.end])

    def _add_word(self, word: Word, shown: str) -> None:
        kind, surface = word.kind, word.surface
        is_word = kind in (WORD, TAG_WORD)
        form = self._forms.get(word.form if is_word else word.form + "\t")
        if form is None:
            form = self._add_form(word.form, is_word=is_word)
        flags = NAMING if self._may_name(word) else 0
        if kind == WORD and len(surface) > 1 and surface.isalpha():
            flags |= CASED | (TITLE if word.case == "T" else UPPER if word.case == "U" else 0)
        self._add_row(word, shown, form, flags)

    def _add_row(self, word: Word, shown: str, form: int, flags: int) -> None:
        number = HIDDEN
        if shown == JOINER:
            number = AS_WRITTEN
        elif 0 < len(shown) <= LONGEST_EVIDENCE:
            number = self.shown_number.setdefault(shown, len(self.shown))
            if number == len(self.shown):
                self.shown.append(shown)
        self._rows_form.append(form)
        self._rows_shown.append(number)
        self._rows_flags.append(flags)
        self.words.append(word)

    def _add_form(self, form: str, *, is_word: bool) -> int:
        vocabulary = self._vocabulary
        counted = self._stem(form) if is_word else form
        number = len(self._forms)
        cues = vocabulary.cues.get(counted)
        if cues:
            self._new_cues.append((len(self._new_forms), cues))
        part, word = vocabulary.parts.get(counted, UNKNOWN), vocabulary.index[WORDS].get(counted, -1)
        self._new_forms.append((part, word, counted not in UNCOUNTED))
        self._new_written.append(form if is_word and form not in UNCOUNTED else "")
        self._forms[form if is_word else form + "\t"] = number
        return number

    def flush(self) -> None:
        """Tell the columns of what is new."""
        if self._new_pieces:
            new = np.array(self._new_pieces, dtype=np.intp)
            for k, column in enumerate((self.piece_start, self.piece_length, self.piece_size, self.piece_glue)):
                column.extend(new[:, k])
            self.piece_uses.extend(np.zeros(len(new), dtype=np.intp))
            self.row_form.extend(self._rows_form)
            self.row_shown.extend(self._rows_shown)
            self.row_flags.extend(self._rows_flags)
        if self._new_forms:
            self._flush_forms()
        self._clear_new()

    def _flush_forms(self) -> None:
        new = np.array(self._new_forms, dtype=np.intp)
        cues = np.full((len(new), max(1, self._vocabulary.most_cues)), -1, dtype=np.intp)
        for form, found in self._new_cues:
            cues[form, : len(found)] = found
        grams, length = self._grams(self._new_written)
        owner = np.repeat(np.arange(len(length)), length)
        gain = self._vocabulary.gain[grams]
        self.form_start.extend(len(self.grams.values) + starts_of(length)[:-1])
        self.form_part.extend(new[:, 0])
        self.form_word.extend(new[:, 1])
        self.form_counted.extend(new[:, 2])
        self.form_cues.extend(cues)
        self.form_length.extend(length)
        self.form_power.extend(np.bincount(owner, self._vocabulary.power[grams], len(length)))
        self.form_gain.extend(np.stack([np.bincount(owner, gain[:, k], len(length)) for k in range(3)], axis=1))
        self.grams.extend(grams - self._vocabulary.grams.start)

    def _grams(self, written: list[str]) -> tuple[Ints, Ints]:
        """The trained character n-grams of each form, those of one side by side, and how many each has."""
        known = self._vocabulary.index[CHARACTERS]
        masks = [i for i, form in enumerate(written) if form[:1] == "<"]  # a mask is one n-gram
        plain = [form if form[:1] != "<" else "" for form in written]
        grams, length = self._tree.find(plain)
        length[[i for i, form in enumerate(plain) if not form]] = 0
        for i in masks:
            if written[i] in known:
                at = int(length[:i].sum())
                grams = np.insert(grams, at, known[written[i]])
                length[i] = 1
        return grams, length

    def note_uses(self, pieces: Ints) -> None:
        """Remember which pieces posts hold: those used once only are forgotten first."""
        uses = self.piece_uses.values
        uses += np.bincount(pieces, minlength=len(uses))

    def forget(self) -> bool:
        """Make room when the table is full: keep what was used again since the last time. Numbers change then."""
        if len(self) <= self._limit and self._characters <= LIMIT_CHARACTERS:
            return False
        uses = self.piece_uses.values
        keep = uses > 1
        if keep.sum() > self._limit // 2:
            keep &= uses > np.partition(uses, len(uses) - self._limit // 2)[len(uses) - self._limit // 2]
        names = [piece for piece, kept in zip(self, keep.tolist(), strict=True) if kept and len(piece) <= LONGEST_PIECE]
        kept = np.array([self[name] for name in names], dtype=np.intp)
        lengths = self.piece_length.values[kept]
        rows = ragged(self.piece_start.values[kept], lengths)[1]
        self.clear()
        self.update(zip(names, range(len(names)), strict=True))
        self._characters = sum(map(len, names))
        for column in (self.piece_glue, self.piece_size):
            column.replace(column.values[kept])
        self.piece_uses.replace(np.zeros(len(kept)))
        self.piece_start.replace(starts_of(lengths)[:-1])
        self.piece_length.replace(lengths)
        self._keep_rows(rows)
        self.generation += 1
        return True

    def _keep_rows(self, rows: Ints) -> None:
        self.words = [self.words[i] for i in rows.tolist()]
        self.row_flags.replace(self.row_flags.values[rows])
        used, number = np.unique(self.row_shown.values[rows], return_inverse=True)
        special = int(np.searchsorted(used, 0))  # HIDDEN and AS_WRITTEN
        self.shown = [self.shown[i] for i in used[special:].tolist()]
        self.shown_number = {shown: i for i, shown in enumerate(self.shown)}
        self.row_shown.replace(np.where(number < special, used[number], number - special))
        forms, number = np.unique(np.append(self.row_form.values[rows], 0), return_inverse=True)
        self.row_form.replace(number[:-1])
        names = list(self._forms)
        self._forms = {names[i]: n for n, i in enumerate(forms.tolist())}
        renamed = dict(zip(forms.tolist(), range(len(forms)), strict=True))
        self._plain = {
            key: (counted, surface, renamed[form], flags)
            for key, (counted, surface, form, flags) in self._plain.items()
            if form in renamed
        }
        length = self.form_length.values[forms]
        grams = ragged(self.form_start.values[forms], length)[1]
        self.grams.replace(self.grams.values[grams])
        self.form_start.replace(starts_of(length)[:-1])
        for column in (self.form_part, self.form_word, self.form_counted, self.form_cues, self.form_length,
                       self.form_power, self.form_gain):  # fmt: skip
            column.replace(column.values[forms])


def _glue(piece: str) -> int:
    """What ``join_spaced`` may do with a piece; more often than it does, never less."""
    if len(piece) > LONGEST_PIECE:
        return TOO_LONG
    if piece.isalpha():
        return LETTER if len(piece) == 1 else 0
    found = LETTER if len(piece) == 1 and _ONE_LETTER.fullmatch(piece) else 0
    for character in reversed(piece):  # a number and its signs at the end
        if character.isdecimal():
            found |= NUMBER_BEFORE
            break
        if character not in "().-":
            break
    return found | NUMBER_AFTER if _NUMBER_HEAD.match(piece) else found
