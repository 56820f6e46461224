"""Whether a post in which nobody was recognised looks disguised: a person can read it, a program not."""

from __future__ import annotations

import re
from collections.abc import Callable
from enum import Enum

from netral_nlp.roster.matcher import Matcher
from netral_nlp.roster.misspellings import skeleton
from netral_nlp.text.alphabets import script_of
from netral_nlp.text.cleaning import clean
from netral_nlp.text.lexicon import is_known
from netral_nlp.text.words import decode_digits, readable

FEW = 2  # words that may look odd by chance, and letters that make no word
MANY = 4  # words without vowels, which people write in a hurry, too
SHORTEST = 4  # letters of a word that tells whether a post is written backwards
SHORTEST_NAME = 5  # letters of a name that is looked for in disguise
SHORTEST_BARE = 3  # letters of one without vowels
REMEMBERED = 100_000  # distinct pieces
LONGEST_PIECE = 60
MOST_PARTS = 4  # of a name with signs for some of its letters

_ENDS = "\"'()[]{}<>.,;:!?…–—*_~#@|/"
_VOWEL = re.compile("[aeiou]")
_OUTER_ENDS = "\"'()[]{}<>.,;:?…–—_~#/"
_HIDDEN = re.compile(r"(?=.*[a-z].*[a-z])[@$!|a-z0-9](?:[^\s]*[^\w\s][^\s]*)")  # a*man, ar-man, @rm@n
_PLAIN_SIGNS = re.compile(r"[@#]\w+[!]*|\w+!+|\S*//\S*|\S+@\S+\.\S+")  # accounts, tags, shouts, links, addresses
_SIGN_LETTERS = str.maketrans("@$!|", "asii")
_SIGNS = re.compile(r"[^\w\s]+")
_LATIN_LIKE = frozenset(("GREEK", "CYRILLIC", "ARMENIAN", "CHEROKEE", "CANADIAN", "COPTIC", "LISU", "YI", "GEORGIAN"))
_LETTERS = re.compile(r"[^\W\d_]{4,}")
_WORDS = re.compile(r"[^\W\d_]+")


class Disguise(Enum):
    """In what way a post looks disguised, as a person is told."""

    BACKWARDS = "kata-katanya terbaca dari belakang"
    NO_VOWELS = "huruf hidupnya dihilangkan"
    OTHER_LETTERS = "huruf dari beberapa aksara tercampur dalam satu kata"
    NAME = "ada kata yang mirip nama paslon tetapi disamarkan"


# What a piece of a post is; beyond OTHER it is odd.
_NOTHING = 0
_WORD = 1  # of a list, and of four letters or more
_OTHER = 2  # of no list
_BACKWARDS = 3  # in a list if read from its end
_NO_VOWELS = 4  # and of no list
_OTHER_LETTERS = 5
_NAME = 6  # a candidate's name, disguised for sure


class _Pieces(dict[str, int]):
    """What each distinct piece is, looked at once while it is remembered."""

    def __init__(self, look: Callable[[str], int]) -> None:
        self._look = look

    def __missing__(self, piece: str) -> int:
        if len(self) >= REMEMBERED:
            self.clear()
        found = self[piece] = self._look(piece)
        return found


class Suspicion:
    """Looks at posts in which no pair of a roster was recognised. Which went before never changes what it says."""

    def __init__(self, matcher: Matcher) -> None:
        names = {name for name in matcher.single_names if name.isalpha() and name.isascii()}
        self._names = names
        self._hidable = {name for name in names if len(name) >= SHORTEST_NAME}
        self.backwards = {name[::-1] for name in self._hidable if not is_known(name[::-1])}
        self.bare = {bare for name in names if len(bare := skeleton(name)) >= SHORTEST_BARE and bare != name}
        self._pieces = _Pieces(self._look)

    def of(self, text: str) -> Disguise | None:
        """How the post looks disguised, None where it does not."""
        found = list(map(self._pieces.__getitem__, readable(text).split()))
        if max(found, default=_NOTHING) <= _OTHER:
            return None
        if _NAME in found:
            return Disguise.NAME
        if _OTHER_LETTERS in found:
            return Disguise.OTHER_LETTERS
        known, backwards = found.count(_WORD), found.count(_BACKWARDS)
        if backwards >= FEW and backwards > 2 * known:
            return Disguise.BACKWARDS
        bare = found.count(_NO_VOWELS)
        if bare >= MANY and bare > known + backwards + found.count(_OTHER):
            return Disguise.NO_VOWELS
        return None

    def is_harmless(self, piece: str) -> bool:
        """Whether a post of such pieces alone is never taken for disguised."""
        return self._look(piece) <= _OTHER

    def _look(self, piece: str) -> int:
        if is_known(piece):  # nearly always
            return _WORD if len(piece) >= SHORTEST else _NOTHING
        if len(piece) > LONGEST_PIECE:
            return _NOTHING
        word = piece.strip(_ENDS).lower()
        if word.isascii() and word.isalpha():
            return self._look_at_word(word, piece.isupper())
        if piece.isascii():
            return _NAME if self._is_hidden(piece.strip(_OUTER_ENDS).lower()) else _NOTHING
        return self._look_at_letters(piece)

    def _look_at_word(self, word: str, is_upper: bool) -> int:
        if word in self.backwards:
            return _NAME
        if len(word) < SHORTEST_BARE:
            return _NOTHING
        if is_known(word):
            return _WORD if len(word) >= SHORTEST else _NOTHING
        if _VOWEL.search(word, 1) is None:
            if word in self.bare and not is_upper:  # in capitals they are initials
                return _NAME
            shortened = len(word) >= SHORTEST and not is_upper and len(set(word)) > FEW  # but not hmmm
            return _NO_VOWELS if shortened else _NOTHING
        return _BACKWARDS if len(word) >= SHORTEST and is_known(word[::-1]) else _OTHER

    def _is_hidden(self, word: str) -> bool:
        """Whether a name is written with signs between its letters, or for some of them."""
        if not _HIDDEN.fullmatch(word) or _PLAIN_SIGNS.fullmatch(word):
            return False
        return any(self._reads_as_name(form.translate(_SIGN_LETTERS)) for form in {word, word.rstrip("!")})

    def _reads_as_name(self, read: str) -> bool:
        letters = _SIGNS.sub("", read)
        if letters in self._hidable or decode_digits(letters) in self._hidable:
            return True
        parts = _SIGNS.split(read)
        if len(parts) > MOST_PARTS or not parts[0]:
            return False
        near = [name for name in self._hidable if name.startswith(parts[0]) and 5 * len(letters) >= 3 * len(name)]
        return bool(near) and any(map(re.compile(".{1,4}".join(map(re.escape, parts))).fullmatch, near))

    def _look_at_letters(self, piece: str) -> int:
        """A piece of other letters: after all that can be undone it may be a name, or still letters of many scripts."""
        read = clean(piece)
        hidden = {word.lower() for word in _WORDS.findall(read)} - {word.lower() for word in _WORDS.findall(piece)}
        if not hidden.isdisjoint(self._names) or not hidden.isdisjoint(self.backwards):
            return _NAME
        return _OTHER_LETTERS if any(map(_is_mixed, _LETTERS.findall(read))) else _NOTHING


def _is_mixed(word: str) -> bool:
    """Whether letters of the alphabet and others that are drawn like them stand in one word."""
    if word.isascii():
        return False
    scripts = [script_of(c) for c in word]
    return scripts.count("LATIN") >= FEW and not _LATIN_LIKE.isdisjoint(scripts)
