"""Alphabets put together from other scripts, as writers of ornamental text offer them, read letter by letter.

A word is read so only where all its letters are of one such alphabet and no language writes it: letters of several
scripts side by side, or of one that nobody here writes in.
"""

from __future__ import annotations

import re
import unicodedata
from functools import cache
from string import ascii_lowercase

_ALPHABETS = (
    "αв¢∂єfgнιנкℓмησρqяѕтυνωχуz",
    "ค๒ς๔єŦﻮђเןкɭ๓ภ๏קợгรtยשฬאץz",
    "卂乃匚ᗪ乇千Ꮆ卄丨ﾌҜㄥ爪几ㄖ卩Ɋ尺丂ㄒㄩᐯ山乂ㄚ乙",
    "ﾑ乃cd乇ｷgんﾉﾌズﾚﾶ刀oｱq尺丂ｲu√wﾒﾘ乙",
    "ąβȼď€ƒǥhɨjЌℓʍɲ๏ρǭя$ţµ˅ώж¥ƶ",
    "ꍏꌃꉓꀸꍟꎇꁅꃅꀤꀭꀘ꒒ꂵꈤꂦꉣꆰꋪꌗ꓄ꀎꃴꅏꊼꌩꁴ",
    "⠁⠃⠉⠙⠑⠋⠛⠓⠊⠚⠅⠇⠍⠝⠕⠏⠟⠗⠎⠞⠥⠧⠺⠭⠽⠵",
)
_LETTERS = [dict(zip(alphabet, ascii_lowercase, strict=True)) for alphabet in _ALPHABETS]
_NOWHERE_WRITTEN = frozenset("卂匚乇卄丨卩丂")  # strokes and parts of Chinese characters
_NOT_WRITTEN_HERE = frozenset(("YI", "BRAILLE"))
SHORTEST = 3
_EVERY = re.escape("".join({letter for alphabet in _LETTERS for letter in alphabet}))
_RUN = re.compile(f"[{_EVERY}]{{{SHORTEST},}}")
_FOREIGN = re.compile(f"[{re.escape(''.join({c for letters in _LETTERS for c in letters if not c.isascii()}))}]")


def read_alphabets(text: str) -> str:
    """Words in an ornamental alphabet in plain letters.

    >>> read_alphabets("тσgαя"), read_alphabets("卄卂丂卂几"), read_alphabets("привет καλημέρα 千山")
    ('togar', 'hasan', 'привет καλημέρα 千山')
    """
    if text.isascii() or not _FOREIGN.search(text):
        return text
    return _RUN.sub(_read, text)


def _read(match: re.Match[str]) -> str:
    word = match[0]
    for letters in _LETTERS:
        if all(c in letters for c in word) and _is_ornament(word):
            return "".join(letters[c] for c in word)
    return word


def _is_ornament(word: str) -> bool:
    scripts = {script_of(c) for c in word if not c.isascii()}
    return len(scripts) > 1 or not _NOWHERE_WRITTEN.isdisjoint(word) or not scripts.isdisjoint(_NOT_WRITTEN_HERE)


@cache
def script_of(letter: str) -> str:
    """The first word of a character's Unicode name: its script, for letters.

    >>> script_of("я"), script_of("a")
    ('CYRILLIC', 'LATIN')
    """
    return unicodedata.name(letter, "?").split()[0]
