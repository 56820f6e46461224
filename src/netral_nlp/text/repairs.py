"""Text that a program has damaged on its way, read as it was written: escapes, double encoding, names of emoji."""

from __future__ import annotations

import re
from contextlib import suppress

from netral_nlp.text.lexicon import emoji_names

_R_POINT = re.compile(r"<U\+([0-9A-Fa-f]{4,8})>")
_ESCAPE = re.compile(r"\\u([0-9A-Fa-f]{4})(?:\\u([Dd][C-Fc-f][0-9A-Fa-f]{2}))?|\\U([0-9A-Fa-f]{8})")
_R_BYTES = re.compile(r"(?:<[0-9a-f]{2}>){2,}")
_BYTES = re.compile(r"(?:\\x[0-9A-Fa-f]{2}){2,}")
_BYTES_HEAD = re.compile(r"\A[bu](?=[\"']\S)")
_LINE_END = re.compile(r"(?:\\[nrt])+(?=[\\#@\"']|[^\W\d_]|$)")
_NAME = re.compile(r":([A-Za-z0-9_+.'’-]{1,60}):")

# A byte 80-9F as Windows-1252 shows it; what it leaves free stays the control character of that number.
_SHOWN = {bytes([byte]).decode("cp1252", "replace"): byte for byte in range(0x80, 0xA0)}
_SHOWN.pop("\ufffd", None)
_TAIL = "".join(_SHOWN) + "\u0080-\u00bf\ue085\ue0a0"
_TWICE = re.compile(f"[\u00c2-\u00df][{_TAIL}]|[\u00e0-\u00ef][{_TAIL}]{{2}}|[\u00f0-\u00f4][{_TAIL}]{{3}}")
_BLANKS = {0xA0: "\ue0a0", 0x85: "\ue085"}  # how the two that are white space are written inside such a sequence
HELD_BLANKS = frozenset(_BLANKS.values())
_BLANK_IN_TWICE = re.compile(
    f"(?<=[\u00c2-\u00f4])[\u0085\u00a0]|(?<=[\u00e0-\u00f4][{_TAIL}])[\u0085\u00a0]"
    f"|(?<=[\u00f0-\u00f4][{_TAIL}][{_TAIL}])[\u0085\u00a0]"
)
BLANK_FOLLOWS = re.compile(f"[\u00c2-\u00f4][{_TAIL}]{{0,2}}\\Z")  # a piece that may go on behind such a blank


def hold_blanks(text: str) -> str:
    """The blanks inside doubly encoded letters as private signs, so that no word is cut there; the length stays.

    >>> len(hold_blanks("Ã\\xa0")), hold_blanks("Ã\\xa0").isspace()
    (2, False)
    """
    if "\u00a0" not in text and "\u0085" not in text:
        return text
    return _BLANK_IN_TWICE.sub(lambda match: _BLANKS[ord(match.group())], text)


def _character(code: int) -> str | None:
    return chr(code) if code <= 0x10FFFF and not 0xD800 <= code < 0xE000 else None


def undo_escapes(text: str) -> str:
    r"""Characters that R, Python or JSON wrote as escapes are those characters again.

    >>> undo_escapes("<U+0001F525>"), undo_escapes(r"\ud83d\udd25"), undo_escapes(r"b'gas\xf0\x9f\x94\xa5'")
    ('🔥', '🔥', "b'gas🔥'")
    """
    if "<" in text:
        text = _R_POINT.sub(lambda match: _character(int(match[1], 16)) or match[0], text)
        text = _R_BYTES.sub(lambda match: _decoded(bytes.fromhex(re.sub("[<>]", "", match[0]))) or match[0], text)
    if "\\" in text:
        text = _BYTES.sub(lambda match: _decoded(bytes.fromhex(match[0].replace("\\x", ""))) or match[0], text)
        text = _ESCAPE.sub(_escaped, text)
        text = _LINE_END.sub("\n", text)
    return text


def drop_bytes_mark(text: str) -> str:
    """What Python shows of bytes begins like a text: without its ``b``.

    >>> drop_bytes_mark("b'gas'"), drop_bytes_mark("b'")
    ("'gas'", "b'")
    """
    return _BYTES_HEAD.sub("", text)


def _escaped(match: re.Match[str]) -> str:
    first, second, long = match.groups()
    if long is not None:
        return _character(int(long, 16)) or match[0]
    code = int(first, 16)
    if second is not None:
        if not 0xD800 <= code < 0xDC00:
            return match[0]
        code = 0x10000 + ((code - 0xD800) << 10) + int(second, 16) - 0xDC00
    return _character(code) or match[0]


def _decoded(raw: bytes) -> str | None:
    with suppress(UnicodeDecodeError):
        return raw.decode("utf-8")
    return None


def repair_encoding(text: str) -> str:
    """UTF-8 that was read as Windows-1252, once or several times, is read as UTF-8.

    >>> repair_encoding("ðŸ”¥ â€œmantapâ€"), repair_encoding("Ç é ü")
    ('🔥 “mantap”', 'Ç é ü')
    """
    if text.isascii():
        return text
    for _ in range(3):
        repaired = _TWICE.sub(_once, text)
        if repaired == text:
            break
        text = repaired
    return text.replace("â€", "”")  # its last byte is none in Windows-1252, and was lost


def _once(match: re.Match[str]) -> str:
    found = match[0]
    raw = bytes(_SHOWN.get(c, 0xA0 if c == "\ue0a0" else 0x85 if c == "\ue085" else ord(c)) for c in found)
    return _decoded(raw) or found


def read_emoji_names(text: str) -> str:
    """Emoji written by name are those emoji.

    >>> read_emoji_names("gas:fire::thumbs_up:"), read_emoji_names("jam 10:30:45")
    ('gas🔥👍', 'jam 10:30:45')
    """
    if text.count(":") < 2:
        return text
    names = emoji_names()
    return _NAME.sub(lambda match: names.get(match[1].lower().replace("’", "'"), match[0]), text)
