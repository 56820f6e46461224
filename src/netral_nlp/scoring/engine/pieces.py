"""The table of distinct pieces: each is cut, folded, stemmed and looked up once, however many posts hold it."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from itertools import chain, compress

import numpy as np

from netral_nlp.model.evidence import LONGEST_EVIDENCE
from netral_nlp.scoring.engine.arrays import Column, Flags, Ints, ragged, starts_of
from netral_nlp.scoring.engine.interning import Numbering, Symbols, hashes
from netral_nlp.scoring.engine.lexicon import Lexicon
from netral_nlp.scoring.engine.screening import Screening
from netral_nlp.scoring.engine.vocabulary import Vocabulary
from netral_nlp.scoring.engine.words import DistinctWords, letters_key
from netral_nlp.text.cleaning import JOINER, LETTER_ENDS, ONE_LETTER
from netral_nlp.text.glued import NOBODY, KnownNames
from netral_nlp.text.repairs import BLANK_FOLLOWS, HELD_BLANKS
from netral_nlp.text.turning import HELD_BLANK, TURNS
from netral_nlp.text.words import HANDLE, MASK, Word, analyse_piece

LIMIT = 150_000  # distinct pieces remembered
LONGEST_PIECE = 300  # characters; what is longer is cut
LIMIT_CHARACTERS = 8_000_000  # in all of them together

# What a piece may be to ``words.pieces``: the left or right part of a number that it joins, a letter of a spaced-out
# word, or a run that it cuts or joins to the next.
NUMBER_BEFORE, NUMBER_AFTER, LETTER, TOO_LONG = 1, 2, 4, 8
# In place of the number of a spelling: it is not shown, or only the post knows how its blanks are written.
HIDDEN, AS_WRITTEN = -1, -2

_NUMBER_HEAD = re.compile(r"\+?\d|[().-]+\d")
_HELD = HELD_BLANKS | {HELD_BLANK}
_ONE_LETTER = re.compile(ONE_LETTER + LETTER_ENDS)

_Row = tuple[int, int, int, int]  # word, spelling, start and end in the piece


class PieceTable:
    """The pieces of posts by number, in columns.

    ``row_*`` describe the words of all pieces, those of one piece side by side: which of the ``distinct`` words each
    is, its place in the piece, its form in the ``lexicon``, and which of the spellings ``shown`` evidence shows.
    """

    def __init__(
        self,
        vocabulary: Vocabulary,
        stem: Callable[[str], str],
        screening: Screening,
        limit: int = LIMIT,
        names: KnownNames = NOBODY,
    ) -> None:
        self._names = names
        self._numbering = Numbering()
        self._twins: dict[str, int] = {}  # pieces that share their hash with another
        self.lexicon = Lexicon(vocabulary, stem)
        self.distinct = DistinctWords(self.lexicon, screening)
        self._limit = limit
        self.generation = 0
        self.piece_start = Column(np.intp)
        self.piece_length = Column(np.intp)
        self.piece_glue = Column(np.uint8)
        self.piece_uses = Column(np.intp)
        self.row_form = Column(np.intp)
        self.row_shown = Column(np.intp)
        self.row_flags = Column(np.uint16)
        self.row_word = Column(np.intp)
        self.row_start = Column(np.intp)
        self.row_end = Column(np.intp)
        self._columns = (self.row_word, self.row_shown, self.row_start, self.row_end)
        self.shown: list[str] = []
        self.shown_number: dict[str, int] = {}
        self._signs: dict[str, list[_Row]] = {}

    def __len__(self) -> int:
        return len(self._numbering)

    @property
    def piece_size(self) -> Ints:
        """How many characters each piece has."""
        return self._numbering.length.values

    def numbers(self, text: str, symbols: Symbols, begin: Ints, end: Ints) -> Ints:
        """The numbers of pieces of a text, given as code points too; pieces that the table does not have are learned.

        No piece may be empty or hold white space.
        """
        numbering = self._numbering
        found = hashes(symbols, begin, end)
        number = numbering.find(found)
        fresh = np.flatnonzero(number < 0)
        if len(fresh):
            _, first, which = np.unique(found[fresh], return_index=True, return_inverse=True)
            order = np.argsort(first)
            rank = np.empty(len(order), dtype=np.intp)
            rank[order] = np.arange(len(order))
            number[fresh] = len(numbering) + rank[which]
            at = fresh[first[order]]
            numbering.add(found[at], symbols, begin[at], end[at])
            self._learn_pieces([text[a:b] for a, b in zip(begin[at].tolist(), end[at].tolist(), strict=True)])
        for at in numbering.mistaken(number, symbols, begin, end).tolist():
            piece = text[begin[at] : end[at]]
            if piece not in self._twins:
                self._twins[piece] = len(numbering)
                only = slice(at, at + 1)
                numbering.add(found[only], symbols, begin[only], end[only], findable=False)
                self._learn_pieces([piece])
            number[at] = self._twins[piece]
        uses = self.piece_uses.values
        uses += np.bincount(number, minlength=len(uses))
        return number

    def _learn_pieces(self, new: list[str]) -> None:
        """Tell the columns of new pieces: most are a word of the letters a to z and no more."""
        glued = self._names.among(new)
        bare = [
            piece.isascii() and piece.isalpha() and len(piece) <= LONGEST_EVIDENCE and piece not in glued
            for piece in new
        ]
        written = list(compress(new, bare))
        keys = [word if word.islower() else letters_key(word) for word in written]
        others = [piece for piece, is_bare in zip(new, bare, strict=True) if not is_bare]
        found = [
            shape if piece not in glued else _SHAPELESS for piece, shape in zip(others, shapes(others), strict=True)
        ]
        more = [letters_key(word) for _, word, *_ in found if word]
        self.distinct.learn_letters(dict.fromkeys(chain(keys, more)))
        bare_rows = np.zeros((len(written), 4), dtype=np.intp)
        bare_rows[:, 0] = list(map(self.distinct.letters.__getitem__, keys))
        bare_rows[:, 1] = list(map(self._spelling, written))
        bare_rows[:, 3] = list(map(len, written))
        rows: list[_Row] = []
        starts: list[int] = []
        glue = []
        for piece, shape in zip(others, found, strict=True):
            starts.append(len(rows))
            glue.append(_glue(piece))
            if len(piece) <= LONGEST_PIECE:  # else its posts are cut anew
                rows += self._rows_of_shape(piece, shape)
        self.distinct.flush()
        self._extend(np.array(bare, dtype=np.bool_), bare_rows, np.array(starts, dtype=np.intp), rows, glue)

    def _rows_of_shape(self, piece: str, shape: Shape) -> list[_Row]:
        before, word, after, account, tail, link = shape
        if word:
            start, end = len(before), len(before) + len(word)
            row = (self.distinct.letters[letters_key(word)], self._spelling(word), start, end)
            if not before:
                return [row, *self._rows_of_signs(after, end)] if after else [row]
            return [*self._rows_of_signs(before, 0), row, *self._rows_of_signs(after, end)]
        if account:
            end = len(account)
            row = self._row(Word("<akun>", account.lower(), 0, end, HANDLE), account)
            return [row, *self._rows_of_signs(tail, end)] if tail else [row]
        if link:
            return [self._row(Word("<tautan>", "<tautan>", 0, len(link), MASK), link)]
        return self._rows_of(piece)

    def _row(self, word: Word, written: str) -> _Row:
        return self.distinct.number(word), self._spelling(written), word.start, word.end

    def _rows_of(self, piece: str) -> list[_Row]:
        if JOINER in piece:
            return [self._row(word, JOINER) for word in analyse_piece(piece, self._names)]
        return [self._row(word, piece[word.start : word.end]) for word in analyse_piece(piece, self._names)]

    def _rows_of_signs(self, signs: str, at: int) -> list[_Row]:
        """The rows of signs that stand at a place in their piece."""
        found = self._signs.get(signs)
        if found is None:
            found = self._rows_of(signs)
            if len(signs) < 8:
                self._signs[signs] = found
        return [(word, shown, start + at, end + at) for word, shown, start, end in found]

    def _spelling(self, written: str) -> int:
        number = self.shown_number.get(written)
        if number is not None:
            return number
        if written == JOINER or (not written.isascii() and not _HELD.isdisjoint(written)):
            return AS_WRITTEN
        if not 0 < len(written) <= LONGEST_EVIDENCE:
            return HIDDEN
        number = self.shown_number[written] = len(self.shown)
        self.shown.append(written)
        return number

    def _extend(self, bare: Flags, bare_rows: Ints, starts: Ints, rows: list[_Row], glue: list[int]) -> None:
        """New pieces: those that are one word of letters have a row each, the others some from ``starts`` on."""
        first = len(self.row_word.values)
        start, length = np.empty(len(bare), dtype=np.intp), np.ones(len(bare), dtype=np.intp)
        start[bare] = np.arange(len(bare_rows))
        start[~bare] = len(bare_rows) + starts
        length[~bare] = np.diff(starts, append=len(rows))
        glued = np.zeros(len(bare), dtype=np.uint8)
        glued[bare] = np.where(bare_rows[:, 3] == 1, LETTER, 0)
        glued[~bare] = glue
        self.piece_start.extend(start + first)
        self.piece_length.extend(length)
        self.piece_glue.extend(glued)
        self.piece_uses.extend(np.zeros(len(bare), dtype=np.intp))
        table = np.concatenate([bare_rows, np.array(rows, dtype=np.intp).reshape(-1, 4)])
        for k, column in enumerate(self._columns):
            column.extend(table[:, k])
        self.row_form.extend(self.distinct.form.values.take(table[:, 0]))
        self.row_flags.extend(self.distinct.flags.values.take(table[:, 0]))

    def forget(self) -> bool:
        """Make room when the table is full: keep what was used again since the last time. Numbers change then."""
        if len(self) <= self._limit and self._numbering.characters <= LIMIT_CHARACTERS:
            return False
        uses = self.piece_uses.values
        keep = (uses > 1) & (self.piece_size <= LONGEST_PIECE)
        if keep.sum() > self._limit // 2:
            keep &= uses > np.partition(uses, len(uses) - self._limit // 2)[len(uses) - self._limit // 2]
        keep[list(self._twins.values())] = False
        self._twins = {}
        kept = np.flatnonzero(keep)
        lengths = self.piece_length.values[kept]
        rows = ragged(self.piece_start.values[kept], lengths)[1]
        self._numbering.keep(kept)
        self.piece_glue.replace(self.piece_glue.values[kept])
        self.piece_uses.replace(np.zeros(len(kept)))
        self.piece_start.replace(starts_of(lengths)[:-1])
        self.piece_length.replace(lengths)
        for column in (*self._columns, self.row_form, self.row_flags):
            column.replace(column.values[rows])
        self._keep_spellings()
        self._keep_words()
        self.generation += 1
        return True

    def _keep_spellings(self) -> None:
        used, number = np.unique(self.row_shown.values, return_inverse=True)
        special = int(np.searchsorted(used, 0))  # HIDDEN and AS_WRITTEN
        self.shown = [self.shown[i] for i in used[special:].tolist()]
        self.shown_number = {shown: i for i, shown in enumerate(self.shown)}
        self.row_shown.replace(np.where(number < special, used[number], number - special))

    def _keep_words(self) -> None:
        """The words of the rows, and the forms of those words."""
        words, word = np.unique(self.row_word.values, return_inverse=True)
        forms, form = np.unique(np.append(self.row_form.values, 0), return_inverse=True)
        self.row_word.replace(word)
        self.row_form.replace(form[:-1])
        self.distinct.keep(words, forms)
        self._signs = {}


def _glue(piece: str) -> int:
    """What ``words.pieces`` may do with a piece; more often than it does, never less."""
    if len(piece) > LONGEST_PIECE or (not piece.isascii() and (BLANK_FOLLOWS.search(piece) or TURNS.search(piece))):
        return TOO_LONG
    found = LETTER if _ONE_LETTER.fullmatch(piece) else 0
    for character in reversed(piece):  # a number and its signs at the end
        if character.isdecimal():
            found |= NUMBER_BEFORE
            break
        if character not in "().-":
            break
    return found | NUMBER_AFTER if _NUMBER_HEAD.match(piece) else found


# Entities, e-mail addresses, links inside a word and numbers of nine digits or more fit none of the three.
_SHAPES = re.compile(
    r"""^(["'(]*)(?![bu]["'])([A-Za-z]+)(?<![Ww][Ww][Ww])([)"',!?:;.]*)$"""  # a word in signs; not www.. and b''
    r"""|^(@(?![A-Za-z0-9_]*[0-9]{9})[A-Za-z0-9_]{1,61})([)"',!?:;]*\.?)$"""  # an account
    r"""|^(https?://[A-Za-z0-9_./?=%#~+:-]+)$"""  # a link
    r"""|^.+$""",
    re.MULTILINE,
)

Shape = tuple[str, str, str, str, str, str]  # signs, word, signs; account, signs; link
_SHAPELESS = ("", "", "", "", "", "")


def shapes(pieces: Sequence[str]) -> list[Shape]:
    """The parts of each piece that has a common shape; six empty strings for one that has none.

    The words of such a piece are those of its parts, one after another. No piece may be empty or hold a line feed.

    >>> shapes(['"Menang!!"', "@kpu_ri,", "https://t.co/Ab1", "no.2"])[:2]
    [('"', 'Menang', '!!"', '', '', ''), ('', '', '', '@kpu_ri', ',', '')]
    """
    return _SHAPES.findall("\n".join(pieces)) if pieces else []
