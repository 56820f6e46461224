"""Letters in disguise: look-alikes of other scripts, ornaments and signs between letters, undone.

Every step keeps what it does not know, and all of them leave words of other scripts alone: a Russian, Greek or Arabic
word is no disguise.
"""

from __future__ import annotations

import re
import unicodedata
from functools import cache

from netral_nlp.text.turning import TURNED

# Marks that stand on, under or through a letter. U+20E3, the frame of a key cap, is none.
_MARK = "\u0300-\u036f\u0483-\u0489\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20e2\u20e4-\u20ff\ufe20-\ufe2f"
_MARKS = re.compile(f"[{_MARK}]+")
_LATIN = re.compile("[A-Za-z]")
_LETTER = re.compile(r"[^\W\d_]")
_WORD = re.compile(r"[^\W_]+")

# Where letters stand whose Unicode name says which letter of the alphabet they are.
_ORNAMENTS = (
    *(range(a, b) for a, b in ((0xC0, 0x300), (0x1D00, 0x1DC0), (0x1E00, 0x1F00), (0x2C60, 0x2C80), (0xA720, 0xA800))),
    *(range(a, b) for a, b in ((0xAB30, 0xAB70), (0x1F110, 0x1F190))),
)
_NAMED = re.compile(
    r"LATIN (?P<size>CAPITAL|SMALL) LETTER (?:(?:SCRIPT|DOTLESS|OPEN|LONG|BARRED) )?(?P<a>[A-Z])(?: WITH .+)?"
    r"|LATIN LETTER (?:SMALL CAPITAL|REVERSED|SMALL CAPITAL REVERSED|SMALL CAPITAL BARRED) (?P<b>[A-Z])(?: WITH .+)?"
    r"|(?:NEGATIVE )?(?:SQUARED|CIRCLED) LATIN CAPITAL LETTER (?P<c>[A-Z])"
)
_ORNATE = {"ɑ": "a", "ɩ": "i", "ʊ": "u", "ı": "i", "ƿ": "p", "ꞵ": "b", "ƒ": "f"}
_FIRST_REGIONAL = 0x1F1E6
_REGIONALS = re.compile("[\U0001f1e6-\U0001f1ff]+")

# Letters of other scripts that are drawn like one of the alphabet.
_LOOK_ALIKES = str.maketrans(
    # Cyrillic, Greek
    "аАвВсСԁеЕһНіІјЈкКӏӀмМпоОрРԛгяѕЅтТуУѵԝхХьЬбзЗ" "αΑβΒϲϹεΕϳΗιΙκΚΜηΝοΟρΡτΤυΥνωχΧΖζγσδ"
    # Armenian, Cherokee, Canadian syllables as ornaments use them
    "սօոհցԼՕՏ" "ᎪᏴᏟᎠᎬᏀᎻᏆᎫᏦᏞᎷᏢᎡᏚᎢᏙᎳᏃꭺꭼꮃ" "ᗩᗷᑕᗪᗴᖴᘜᕼᒍᒪᗰᑎᑭᑫᖇᔕᑌᐯᗯᘔ",
    "aAbBcCdeEhHiIjJkKlImMnoOpPqrrsStTyYvwxXbBbzZ" "aAbBcCeEjHiIkKMnNoOpPtTuYvwxXZzyod"
    "uonhgLOS" "ABCDEGHIJKLMPRSTVWZaew" "ABCDEFGHJLMNPQRSUVWZ",
)  # fmt: skip
_LOOK_ALIKE = re.compile("[" + "".join(map(chr, _LOOK_ALIKES)) + "]")

# Single letters with the same sign between each two: P.i.l.i.h, p_i_l_i_h, p🔥i🔥l🔥i🔥h.
_SIGN = r"(?:[^\w\s,/&+=:;<>@#\"'()\[\]]|_)"  # not those that stand between the letters of a list
_SEPARATED = re.compile(rf"(?<![^\W_])[^\W\d_](?P<sign>{_SIGN}{{1,3}})[^\W\d_](?:(?P=sign)[^\W\d_])+(?![^\W_])")
_BRACKETED = re.compile(r"(?:\([^\W_]\)|\[[^\W_]\]|[【『「{][^\W_][】』」}]){3,}")
BRACKETS = re.compile(r"[)\]】』」}][(\[【『「{]")  # stands between two that are bracketed
SEPARATED_SIGN = re.compile(rf"{_SIGN}[^\W\d_]{_SIGN}")


@cache
def _ornaments() -> dict[int, str]:
    found: dict[int, str] = {}
    for code in (code for block in _ORNAMENTS for code in block):
        match = _NAMED.fullmatch(unicodedata.name(chr(code), ""))
        if match is not None and chr(code) not in TURNED:
            letter = next(group for group in match.group("a", "b", "c") if group)
            found[code] = letter.lower() if match["size"] == "SMALL" else letter
    return found | {ord(written): letter for written, letter in _ORNATE.items()}


def drop_marks(text: str) -> str:
    """Letters without the marks on them; digits of any script as 0 to 9.

    >>> drop_marks("dipilíh T̶o̶g̶a̶r̶ ١")
    'dipilih Togar 1'
    """
    if text.isascii():
        return text
    bare = _MARKS.sub("", unicodedata.normalize("NFD", text))
    if not bare.isascii():
        bare = unicodedata.normalize("NFC", bare)
        bare = "".join([str(unicodedata.decimal(c)) if c.isdecimal() and not c.isascii() else c for c in bare])
    return bare


def read_ornaments(text: str) -> str:
    """Small capitals, squared, circled, hooked and regional letters as plain ones; flags stay flags.

    Small capitals are capitals: a name in them stands out as one does.

    >>> read_ornaments("ᴛᴏɢᴀʀ 🅣🅞🅖🅐🅡 🇹🇴🇬🇦🇷 🇮🇩")
    'TOGAR TOGAR TOGAR 🇮🇩'
    """
    if text.isascii():
        return text
    return _REGIONALS.sub(_read_regionals, text).translate(_ornaments())


def _read_regionals(match: re.Match[str]) -> str:
    letters = match[0]
    pairs = {letters[at : at + 2] for at in range(0, len(letters), 2)}
    is_flags = len(letters) % 2 == 0 and (len(letters) == 2 or len(pairs) == 1 or "🇮🇩" in pairs)
    return letters if is_flags else "".join(chr(ord(c) - _FIRST_REGIONAL + ord("A")) for c in letters)


def read_look_alikes(text: str) -> str:
    """Letters of other scripts as those they mimic, in a word that has letters of the alphabet or look-alikes alone.

    >>> read_look_alikes("Тоgаr"), read_look_alikes("Россия"), read_look_alikes("ΕΛΛΑΔΑ")
    ('Togar', 'Россия', 'ΕΛΛΑΔΑ')
    """
    if text.isascii() or not _LOOK_ALIKE.search(text):
        return text
    return _WORD.sub(_read_word, text)


def _read_word(match: re.Match[str]) -> str:
    word = match[0]
    if word.isascii():
        return word
    read = word.translate(_LOOK_ALIKES)
    mixed = _LATIN.search(word) is not None
    return read if mixed or (read.isascii() and len(word) > 2) else word


def join_separated(text: str) -> str:
    """Single letters with one and the same sign between them, or each in brackets, as the word that they spell.

    >>> join_separated("P.i.l.i.h T-o-g-a-r"), join_separated("S.H., M.Si a/n"), join_separated("@a_b_c")
    ('Pilih Togar', 'S.H., M.Si a/n', '@a_b_c')
    >>> join_separated("[T][o][g][a][r]")
    'Togar'
    """
    if BRACKETS.search(text):
        text = _BRACKETED.sub(lambda match: "".join(_LETTER.findall(match[0])), text)
    if "@" in text or not SEPARATED_SIGN.search(text):  # an account may be called so
        return text
    return _SEPARATED.sub(lambda match: "".join(_LETTER.findall(match[0])), text)
