"""Text that stands on its head, in a mirror, or that a sign turns from right to left, in the order of reading."""

from __future__ import annotations

import re

from netral_nlp.text.lexicon import is_known

OVERRIDE, _POP = "\u202e", "\u202c"
HELD_BLANK = "\ue020"  # a blank inside such a stretch, which is one piece
LONGEST = 280  # characters of a stretch: pieces are cut at 300

TURNED = dict(zip("ɐqɔpǝɟƃɥᴉɾʞlɯuodbɹsʇnʌʍxʎz", "abcdefghijklmnopqrstuvwxyz", strict=True))
TURNED |= dict(zip("∀ƆƎℲ⅁˥WԀᴚ⊥∩ΛM", "ACEFGLMPRTUVW", strict=True))
TURNED |= {"ı": "i", "ן": "l", "¡": "!", "¿": "?", "'": ",", ",": "'", "˙": "."}
_MIRRORED = dict(zip("ɒdɔbɘʇǫʜiįʞlmnoqpɿƨƚuvwxγz", "abcdefghijklmnopqrstuvwxyz", strict=True))
_UPSIDE_DOWN = re.compile("[ɐɔǝɟƃɥᴉɾʞɯɹʇʌʍʎ∀ƎℲ⅁⊥∩]")
_IN_A_MIRROR = re.compile("[ɒɘɿƨƚ]")
_LETTERS = "".join({*TURNED, *_MIRRORED} - {"'"}).replace("]", r"\]")
_TURNED_STRETCH = re.compile(rf"(?<!\S)[{_LETTERS}!?.;:'\"]{{1,60}}(?:[ \t\n][{_LETTERS}!?.;:'\"]{{1,60}})+(?!\S)")
_TURNED_PIECE = re.compile(rf"[{_LETTERS}!?.;:'\"{HELD_BLANK}]+")
_TURNED_LETTER = re.compile(f"{_UPSIDE_DOWN.pattern}|{_IN_A_MIRROR.pattern}")
TURNS = re.compile(f"{OVERRIDE}|{_TURNED_LETTER.pattern}")  # stands in every stretch that is turned round
_OVERRIDDEN = re.compile(f"(?<![^\\W_]){OVERRIDE}([^{OVERRIDE}{_POP}]{{1,{LONGEST}}}){_POP}")
_BLANK = re.compile(r"\s")
_WORD = re.compile(r"[a-z]{3,}")
_ADDRESS = re.compile(r"https?:|www\.|@[\w-]+\.")  # which must be found as it is written, and masked


def hold_turned(text: str) -> str:
    """The blanks inside what is turned round as private signs, so that it is turned as a whole; the length stays.

    >>> hold_turned("\\u202eskam gnaw\\u202c ya").split()
    ['\\u202eskam\\ue020gnaw\\u202c', 'ya']
    """
    if text.isascii():
        return text
    if OVERRIDE in text:
        text = _OVERRIDDEN.sub(_hold, text)
    if _TURNED_LETTER.search(text):
        text = _TURNED_STRETCH.sub(_hold_turned, text)
    return text


def _hold(match: re.Match[str]) -> str:
    return _BLANK.sub(HELD_BLANK, match[0])


def _hold_turned(match: re.Match[str]) -> str:
    """Words of letters that all look alike upside down, as *no* does, belong to it between turned ones alone."""
    words = match[0]
    turned = [found.start() for found in _TURNED_LETTER.finditer(words)]
    if not turned:
        return words
    begin = max((found.end() for found in _BLANK.finditer(words, 0, turned[0])), default=0)
    end = next((found.start() for found in _BLANK.finditer(words, turned[-1])), len(words))
    if end - begin > LONGEST:
        return words
    return words[:begin] + _BLANK.sub(HELD_BLANK, words[begin:end]) + words[end:]


def turn_round(text: str) -> str:
    """A piece that is read from its end, begun there; letters that stand on their heads still do.

    >>> turn_round("ɹɐƃoʇ"), turn_round("\\u202eragoT\\u202c!")
    ('ʇoƃɐɹ', '\\u202eTogar\\u202c!')
    """
    if text.isascii():
        return text
    if OVERRIDE in text:
        text = _OVERRIDDEN.sub(_turn_overridden, text)
    if _table(text) is not None:
        text = text[::-1]
    return text


def _turn_overridden(match: re.Match[str]) -> str:
    """As it is shown, but for words that a stray sign stands before."""
    written = match[1]
    turned = written[::-1]
    stays = _ADDRESS.search(written) or _known_in(written) > _known_in(turned)
    return match[0] if stays else match[0].replace(written, turned)


def _known_in(text: str) -> int:
    return sum(is_known(word) for word in _WORD.findall(text.lower()))


def set_upright(text: str) -> str:
    """Letters that stand on their heads or in a mirror, upright; held blanks as blanks.

    >>> set_upright("ʇoƃɐɹ"), set_upright("ɔɒƚɒ")
    ('togar', 'cata')
    """
    if text.isascii():
        return text
    table = _table(text)
    upright = text if table is None else "".join(table.get(c, c) for c in text)
    return upright.replace(HELD_BLANK, " ")


def _table(text: str) -> dict[str, str] | None:
    """What to read turned letters as, None where there are none or not all would become plain."""
    if not _TURNED_PIECE.fullmatch(text):
        return None
    for sign, table in ((_IN_A_MIRROR, _MIRRORED), (_UPSIDE_DOWN, TURNED)):
        if sign.search(text):
            upright = "".join(table.get(c, c) for c in text)
            return None if sign.search(upright) else table
    return None
