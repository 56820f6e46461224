"""The table of distinct pieces: each is cut, folded, stemmed and looked up once, however many posts hold it."""

from __future__ import annotations

import re
from collections.abc import Callable

import numpy as np

from netral_nlp.engine.arrays import Column, Ints, ragged, starts_of
from netral_nlp.engine.vocabulary import CHARACTERS, WORDS, Vocabulary
from netral_nlp.features.blocks import UNCOUNTED, ngrams
from netral_nlp.scoring import LONGEST_EVIDENCE
from netral_nlp.text.words import PIECE, TAG_WORD, WORD, Word, analyse_piece

LIMIT = 120_000  # distinct pieces remembered
LIMIT_CHARACTERS = 8_000_000  # in all of them together

# What a word is to the steps after it, as bits of one number.
NAMING, CASED, TITLE, UPPER = 1, 2, 4, 8
# What a piece may be to ``join_spaced``: the left or right part of a long number, or a letter of a spaced-out word.
NUMBER_BEFORE, NUMBER_AFTER, LETTER = 1, 2, 4

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
        self._may_name = may_name
        self._limit = limit
        self._characters = 0
        self.generation = 0
        self.piece_start = Column(np.intp)
        self.piece_length = Column(np.intp)
        self.piece_glue = Column(np.uint8)
        self.piece_uses = Column(np.intp)
        self.row_form = Column(np.intp)
        self.row_shown = Column(np.intp)
        self.row_flags = Column(np.uint8)
        self.row_first = Column(np.int32)
        self.row_last = Column(np.int32)
        self.words: list[Word] = []
        self.shown: list[str] = []
        self.shown_number: dict[str, int] = {}
        self._forms: dict[str, int] = {}
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
        self._new_pieces: list[tuple[int, int, int]] = []
        self._new_rows: list[tuple[int, int, int, int, int]] = []
        self._new_forms: list[tuple[int, int, bool, tuple[int, ...], int]] = []
        self._new_grams: list[int] = []

    def __missing__(self, piece: str) -> int:
        """The number of a new piece; :meth:`flush` must follow before the columns tell of it."""
        start = len(self.words)
        if len(piece) <= 300:
            self._add_words(analyse_piece(piece), piece, 0)
        else:
            for match in PIECE.finditer(piece):
                self._add_words(analyse_piece(match.group()), match.group(), match.start())
        number = len(self)
        self._new_pieces.append((start, len(self.words) - start, _glue(piece)))
        self._characters += len(piece)
        self[piece] = number
        return number

    def _add_words(self, words: tuple[Word, ...], piece: str, at: int) -> None:
        for word in words:
            shown = " ".join(piece[word.start : word.end].split())
            number = -1
            if shown and len(shown) <= LONGEST_EVIDENCE:
                number = self.shown_number.setdefault(shown, len(self.shown))
                if number == len(self.shown):
                    self.shown.append(shown)
            is_word = word.kind in (WORD, TAG_WORD)
            form = self._forms.get(word.form if is_word else word.form + "\t")
            if form is None:
                form = self._add_form(word.form, is_word=is_word)
            flags = NAMING if self._may_name(word) else 0
            if word.kind == WORD and len(word.surface) > 1 and word.surface.isalpha():
                flags |= CASED | (TITLE if word.case == "T" else UPPER if word.case == "U" else 0)
            self._new_rows.append((form, number, flags, word.start + at, word.end + at))
            self.words.append(word)

    def _add_form(self, form: str, *, is_word: bool) -> int:
        vocabulary = self._vocabulary
        counted = self._stem(form) if is_word else form
        grams: list[int] = []
        if is_word and form and form not in UNCOUNTED:
            known = vocabulary.index[CHARACTERS].get
            grams = [at for at in map(known, [form] if form[0] == "<" else ngrams(form)) if at is not None]
        self._new_forms.append(
            (
                vocabulary.parts.get(counted, 0),
                vocabulary.index[WORDS].get(counted, -1),
                counted not in UNCOUNTED,
                vocabulary.cues.get(counted, ()),
                len(grams),
            )
        )
        self._new_grams += grams
        number = len(self._forms)
        self._forms[form if is_word else form + "\t"] = number
        return number

    def flush(self) -> None:
        """Tell the columns of what is new."""
        if self._new_pieces:
            starts, lengths, glue = zip(*self._new_pieces, strict=True)
            self.piece_start.extend(starts)
            self.piece_length.extend(lengths)
            self.piece_glue.extend(glue)
            self.piece_uses.extend(np.zeros(len(starts), dtype=np.intp))
        if self._new_rows:
            columns = (self.row_form, self.row_shown, self.row_flags, self.row_first, self.row_last)
            for column, values in zip(columns, zip(*self._new_rows, strict=True), strict=True):
                column.extend(values)
        if self._new_forms:
            self._flush_forms()
        self._clear_new()

    def _flush_forms(self) -> None:
        parts, words, counted, cues, lengths = zip(*self._new_forms, strict=True)
        length = np.array(lengths, dtype=np.intp)
        table = np.full((len(cues), max(1, self._vocabulary.most_cues)), -1, dtype=np.intp)
        for i, found in enumerate(cues):
            if found:
                table[i, : len(found)] = found
        grams = np.array(self._new_grams, dtype=np.intp)
        owner = np.repeat(np.arange(len(length)), length)
        power = np.bincount(owner, self._vocabulary.power[grams], len(length))
        gain = self._vocabulary.gain[grams]
        self.form_start.extend(len(self.grams.values) + starts_of(length)[:-1])
        self.form_part.extend(parts)
        self.form_word.extend(words)
        self.form_counted.extend(counted)
        self.form_cues.extend(table)
        self.form_length.extend(length)
        self.form_power.extend(power)
        self.form_gain.extend(np.stack([np.bincount(owner, gain[:, k], len(length)) for k in range(3)], axis=1))
        self.grams.extend(grams - self._vocabulary.grams.start)

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
        names = [piece for piece, kept in zip(self, keep.tolist(), strict=True) if kept and len(piece) <= 300]
        kept = np.array([self[name] for name in names], dtype=np.intp)
        lengths = self.piece_length.values[kept]
        rows = ragged(self.piece_start.values[kept], lengths)[1]
        self.clear()
        self.update(zip(names, range(len(names)), strict=True))
        self._characters = sum(map(len, names))
        self.piece_glue.replace(self.piece_glue.values[kept])
        self.piece_uses.replace(np.zeros(len(kept)))
        self.piece_start.replace(starts_of(lengths)[:-1])
        self.piece_length.replace(lengths)
        self._keep_rows(rows)
        self.generation += 1
        return True

    def _keep_rows(self, rows: Ints) -> None:
        self.words = [self.words[i] for i in rows.tolist()]
        for column in (self.row_flags, self.row_first, self.row_last):
            column.replace(column.values[rows])
        used, number = np.unique(self.row_shown.values[rows], return_inverse=True)
        hidden = int(len(used) > 0 and used[0] < 0)  # -1 is no spelling
        self.shown = [self.shown[i] for i in used[hidden:].tolist()]
        self.shown_number = {shown: i for i, shown in enumerate(self.shown)}
        self.row_shown.replace(number - hidden)
        forms, number = np.unique(np.append(self.row_form.values[rows], 0), return_inverse=True)
        self.row_form.replace(number[:-1])
        names = list(self._forms)
        self._forms = {names[i]: n for n, i in enumerate(forms.tolist())}
        length = self.form_length.values[forms]
        grams = ragged(self.form_start.values[forms], length)[1]
        self.grams.replace(self.grams.values[grams])
        self.form_start.replace(starts_of(length)[:-1])
        for column in (self.form_part, self.form_word, self.form_counted, self.form_cues, self.form_length,
                       self.form_power, self.form_gain):  # fmt: skip
            column.replace(column.values[forms])


def _glue(piece: str) -> int:
    """What ``join_spaced`` may do with a piece; more often than it does, never less."""
    found = LETTER if len(piece) == 1 and _ONE_LETTER.fullmatch(piece) else 0
    for character in reversed(piece):  # a number and its signs at the end
        if character.isdecimal():
            found |= NUMBER_BEFORE
            break
        if character not in "().-":
            break
    return found | NUMBER_AFTER if _NUMBER_HEAD.match(piece) else found
