"""A post as pieces, a piece as words: what the model counts, and where each word stands in the original."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator
from functools import lru_cache
from typing import NamedTuple

from netral_nlp.text.alignment import align
from netral_nlp.text.cleaning import EMOJI, ID_DIGITS, STEPS, join_spaced
from netral_nlp.text.disguises import BRACKETS, SEPARATED_SIGN
from netral_nlp.text.glued import NOBODY, KnownNames
from netral_nlp.text.hashtags import split_tag
from netral_nlp.text.lexicon import dictionary, standardise

LONGEST_POST = 65_536  # characters; Facebook, the most generous platform, takes 63,206
BEGINNING = 10_000  # characters that are read of what is longer
GROWTH = 18  # characters that one becomes when it is written out (U+FDFA, the most of all)
PIECE = re.compile(r"\S{1,300}")  # a longer run without a blank is cut: no post can make one word huge

HANDLE, TAG, TAG_WORD, WORD = "handle", "tag", "tagword", "word"
NUMBER, EMOJI_WORD, SIGN, MASK = "number", "emoji", "sign", "mask"

_TOKEN = re.compile(
    r"(?P<mask><(?:tautan|surel|nomor|akun)>)"
    r"|(?P<handle>@[\w.]{0,60}\w)"
    r"|(?P<tag>\#\w{1,150})"
    r"|(?P<number>\d+(?:[.,:/-]\d+)*%?(?![^\W\d_]))"
    r"|(?P<word>[^\W_]+(?:['-][^\W_]+)*)"
    rf"|(?P<emoji>{EMOJI})"
    r"|(?P<sign>[?!]+|\.{2,}|[\":|])"
)
# ASCII without entities, escapes, accounts, slashes and points inside; with few digits and signs no cleaning step
# changes it.
_CLEAN = re.compile(r"(?![bu][\"'])[!-%'-,\-0-;=-?A-\[\]-_a-z{-~]+\.*")
_LONG = re.compile(r"([^\W\d_])\1{2,}")
_FINAL_DOUBLE = re.compile(r"(?<=\w{3})([^\W\d_sloe])\1$")
_LONG_ASCII = re.compile(r"([A-Za-z])\1+(?=\1)")  # all but the last of three or more
_ASCII_END = re.compile(r"\w{3}[A-Za-z]{2}")
KEPT_DOUBLE = frozenset("sloe")
_DOUBLE = re.compile(r"([^\W\d_])\1")
_SECOND = re.compile(r"([^\W\d_])(?=\1)")
_LAUGH = re.compile(
    r"[aeiouw]?(?:wk){2,}\w{0,2}|k?w+k+(?:w+k+)+\w*|(?:ha|he|hi|ho|xi){2,}[hax]*|(?:a?wo+k){2,}|(?:ka){3,}\w*|w{3,}|lo+l|ngakak|ah(?:a?ha)+h?"
)
# How laughter begins, looked at before the pattern is tried.
LAUGH_HEADS = frozenset(
    ("wkw", "awk", "ewk", "iwk", "owk", "uwk", "wwk", "kww", "kwk", "www", "wkk", "awo", "woo", "wok", "kak", "lol")
).union(("loo", "hah", "hax", "heh", "hex", "hih", "hix", "hoh", "hox", "xih", "xix", "nga", "aha", "ahh"))
_LEET = str.maketrans("013457", "oieast")
_YEAR = re.compile(r"(?:19|20)\d\d")
_YEARS = re.compile(r"(?:19|20)\d\d[-/](?:(?:19|20)\d\d|\d\d)")
_KEPT_PREFIX = frozenset(
    ("di", "ke", "se", "ber", "ter", "per", "me", "pe", "nge", "ng", "non", "anti", "pro", "pra", "pasca", "sub")
) | {"re", "ex", "eks"}
_KEPT_SUFFIX = frozenset(("nya", "ku", "mu", "an", "kan", "in", "i", "lah", "kah", "pun", "isme"))
KEPT_UPPER = frozenset(("BCA", "BKN", "BPK", "DPT", "HRS", "KTR", "MBA", "PD", "SDG"))  # informal words if lower-case


class Word(NamedTuple):
    """One word of a post.

    ``form`` is what the model counts (standard spelling, stemmed later; masks in ``<>``), ``surface`` the lower-case
    spelling that a roster's names are compared with, ``start:end`` its place in the piece (later: in the post),
    ``case`` one of ``""`` (lower), ``"T"`` (Title), ``"U"`` (UPPER).
    """

    form: str
    surface: str
    start: int
    end: int
    kind: str
    case: str = ""


def shorten(word: str) -> str:
    """A drawn-out word in its short form.

    >>> shorten("mantaaaap"), shorten("gasss"), shorten("saat"), shorten("kerenn")
    ('mantap', 'gas', 'saat', 'keren')
    """
    if not _DOUBLE.search(word):
        return word
    if word.isascii():  # nearly always; the same, in a fraction of the time
        word = _LONG_ASCII.sub("", word)
        if word[-1] == word[-2:-1] and word[-1] not in KEPT_DOUBLE and _ASCII_END.match(word[-5:]):
            word = word[:-1]
    else:
        word = _FINAL_DOUBLE.sub(r"\1", _LONG.sub(r"\1", word))
    if word in dictionary():
        return word
    single = _SECOND.sub("", word)
    return single if single in dictionary() else word


def fold_laughter(word: str) -> str:
    """Any written laughter becomes ``<tawa>``.

    >>> fold_laughter("wkwkwk"), fold_laughter("hahaha"), fold_laughter("hadir")
    ('<tawa>', '<tawa>', 'hadir')
    """
    return "<tawa>" if _LAUGH.fullmatch(word) else word


def decode_digits(word: str) -> str:
    """Digits written for letters inside a word become letters; a final ``2`` (reduplication) stays.

    >>> decode_digits("m3nang"), decode_digits("g0bl0k"), decode_digits("kata2")
    ('menang', 'goblok', 'kata2')
    """
    if word.isalpha() or not word[0].isalpha() or sum(c.isalpha() for c in word) < 2:
        return word
    body, tail = (word[:-1], "2") if word.endswith("2") else (word, "")
    return body.translate(_LEET) + tail if re.fullmatch(r"[a-z]+(?:[013457][a-z]+)+", body) else word


WORD_STEPS: tuple[Callable[[str], str], ...] = (
    str.lower,  # first: the other steps know lower case only
    decode_digits,
    fold_laughter,  # before shortening, which would turn wwwk into wk
    shorten,
)


def fold(word: str) -> str:
    """The lower-case surface of a written word, after all :data:`WORD_STEPS`."""
    for step in WORD_STEPS:
        word = step(word)
    return word


def case_of(written: str) -> str:
    """``"U"`` for capitals, ``"T"`` for a capital first, else ``""``."""
    if len(written) > 1 and written.isupper():
        return "U"
    return "T" if written[:1].isupper() else ""


def number_form(written: str) -> str:
    if _YEAR.fullmatch(written) or _YEARS.fullmatch(written):
        return "<tahun>"
    if written.endswith("%"):
        return "<persen>"
    return written if written.isdigit() and len(written) <= 2 else "<angka>"


def _plain_word(written: str, start: int, end: int, kind: str = WORD) -> Word:
    if written.isascii() and written.isalpha():
        return letters_word(written, start, kind)
    surface = fold(written)
    form = surface if surface.startswith("<") or written in KEPT_UPPER else standardise(surface)
    if form.isdigit():
        form = number_form(form)
    return Word(form, surface, start, end, kind, case_of(written))


def letters_word(written: str, start: int = 0, kind: str = WORD) -> Word:
    """The word that the letters a to z alone are.

    >>> letters_word("Bgttt")
    Word(form='banget', surface='bgt', start=0, end=5, kind='word', case='T')
    """
    surface = written.lower()
    if surface[:3] in LAUGH_HEADS and _LAUGH.fullmatch(surface):
        surface = form = "<tawa>"
    else:
        if _DOUBLE.search(surface):
            surface = shorten(surface)
        form = surface if written in KEPT_UPPER else standardise(surface)
        if form.isdigit():
            form = number_form(form)
    return Word(form, surface, start, start + len(written), kind, case_of(written))


def _hyphen_parts(written: str) -> list[tuple[int, int]]:
    """The parts of a hyphenated word that stand for themselves; affixes and reduplication stay one word."""
    parts = written.split("-")
    first, last = parts[0].lower(), parts[-1].lower()
    doubled = len(parts) == 2 and len(first) > 2 and (first[:2] == last[:2] or first[-3:] == last[-3:])
    if doubled or first in _KEPT_PREFIX or last in _KEPT_SUFFIX:
        return [(0, len(written))]
    spans, at = [], 0
    for part in parts:
        spans.append((at, at + len(part)))
        at += len(part) + 1
    return spans


def _cut_word(written: str, start: int, names: KnownNames, kind: str = WORD) -> Iterator[Word]:
    """The words of a written one that holds a name and more, else itself."""
    spans = names.cut(written) if names.names else []
    for left, right, name in spans:
        word = _plain_word(written[left:right], start + left, start + right, kind)
        yield word if name is None else Word(name, name, word.start, word.end, kind, word.case)
    if not spans:
        yield _plain_word(written, start, start + len(written), kind)


def _words_of_match(match: re.Match[str], names: KnownNames = NOBODY) -> Iterator[Word]:
    kind, written, start, end = str(match.lastgroup), match.group(), match.start(), match.end()
    if kind == WORD:
        spans = _hyphen_parts(written) if "-" in written else [(0, len(written))]
        for left, right in spans:
            yield from _cut_word(written[left:right], start + left, names)
    elif kind == TAG:
        yield Word("<tagar>", written.lower(), start, end, TAG, case_of(written[1:]))
        for left, right in split_tag(written[1:], names):
            yield from _cut_word(written[1 + left : 1 + right], start + 1 + left, names, TAG_WORD)
    elif kind == HANDLE:
        yield Word("<akun>", written.lower(), start, end, HANDLE)
    elif kind == NUMBER:
        yield Word(number_form(written), written, start, end, NUMBER)
    elif kind == SIGN:
        form = "..." if written[0] == "." else written[0]
        yield Word(form + form if written[0] in "?!" and len(written) > 1 else form, written, start, end, SIGN)
    else:
        yield Word(written, written, start, end, kind)


def _is_clean(piece: str) -> bool:
    """Whether no cleaning step would change a piece; False for some that none would."""
    if _CLEAN.fullmatch(piece) is None or (piece[-1] == "." and "www." in piece.lower()):
        return False
    if piece.count(":") > 1 or SEPARATED_SIGN.search(piece) or BRACKETS.search(piece):
        return False
    return len(piece) < ID_DIGITS.start or sum(map(str.isdigit, piece)) < ID_DIGITS.start


def analyse_piece(piece: str, names: KnownNames = NOBODY) -> tuple[Word, ...]:
    """The words of one piece, each with its span in that piece; ``names`` are cut from words that they are glued to.

    >>> [w.form for w in analyse_piece("mantaaap!!")]
    ['mantap', '!!']
    """
    if piece.isascii() and piece.isalpha():  # most pieces: nothing to clean, nothing to cut
        return tuple(_cut_word(piece, 0, names)) if names.names else (letters_word(piece),)
    if _is_clean(piece):
        return tuple(word for match in _TOKEN.finditer(piece) for word in _words_of_match(match, names))
    text, starts, ends = piece, list(range(len(piece))), list(range(1, len(piece) + 1))
    for step in STEPS:
        changed = step(text)
        if changed != text:
            starts, ends = align(text, changed, starts, ends)
            text = changed
    found = [word for match in _TOKEN.finditer(text) for word in _words_of_match(match, names)]
    if text == piece:
        return tuple(found)
    return tuple(
        Word(w.form, w.surface, min(starts[w.start : w.end]), max(ends[w.start : w.end]), w.kind, w.case) for w in found
    )


def readable(text: str) -> str:
    """The post, or the beginning of one that is longer than :data:`LONGEST_POST`.

    No platform takes such a post; it comes from a damaged file and must not hold up the rows below it. What counts is
    the length once every character is written out.
    """
    if len(text) * GROWTH <= LONGEST_POST or _fits(text):
        return text
    return text[:BEGINNING] if _fits(text[:BEGINNING]) else text[: BEGINNING // GROWTH]


def _fits(text: str) -> bool:
    return len(text) <= LONGEST_POST and len(unicodedata.normalize("NFKC", text)) <= LONGEST_POST


def pieces(text: str) -> Iterator[tuple[int, str]]:
    """The pieces of a post with their offsets: what stands between white space, at most 300 characters each.

    Only what :func:`readable` gives is read.

    >>> list(pieces("dua  jari"))
    [(0, 'dua'), (5, 'jari')]
    """
    return ((match.start(), match.group()) for match in PIECE.finditer(join_spaced(readable(text))))


def analyse(text: str, of_piece: Callable[[str], tuple[Word, ...]] = analyse_piece) -> list[Word]:
    """All words of a post in order, with spans in the original text.

    >>> [w.form for w in analyse("Ga bakal milih no 2 🔥 #TolakDua")]
    ['tidak', 'bakal', 'memilih', 'no', '2', '🔥', '<tagar>', 'tolak', 'dua']
    """
    words: list[Word] = []
    for at, piece in pieces(text):
        found = of_piece(piece)
        words += [Word(w.form, w.surface, w.start + at, w.end + at, w.kind, w.case) for w in found] if at else found
    return words


cached_piece = lru_cache(maxsize=200_000)(analyse_piece)
