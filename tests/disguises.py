"""Ways in which writers hide words from programs: each takes a text and gives it in disguise."""

from __future__ import annotations

from collections.abc import Callable
from string import ascii_lowercase

Disguise = Callable[[str], str]


def letters(plain: str, other: str) -> Disguise:
    """Letters replaced one by one."""
    table = dict(zip(plain, other, strict=True))
    return lambda text: "".join(table.get(c, c) for c in text)


def alphabet(other: str) -> Disguise:
    """Both cases in the 26 letters of another alphabet."""
    table = dict(zip(ascii_lowercase, other, strict=True))
    return lambda text: "".join(table.get(c.lower(), c) for c in text)


def shifted(capital: int, small: int, after: str = "") -> Disguise:
    """Letters of a block of Unicode."""
    return lambda text: "".join(
        chr((capital if c.isupper() else small) + ord(c.lower()) - 97) + after if c.isascii() and c.isalpha() else c
        for c in text
    )


def after_letters(sign: str) -> Disguise:
    """A sign behind each letter."""
    return lambda text: "".join(c + sign if c.isalpha() else c for c in text)


def within_words(sign: str) -> Disguise:
    """A sign between the letters of each word."""
    return lambda text: " ".join(sign.join(word) for word in text.split(" "))


def bracketed(left: str, right: str) -> Disguise:
    """Each letter in brackets."""
    return lambda text: "".join(f"{left}{c}{right}" if c.isalpha() else c for c in text)


def without_vowels(text: str) -> str:
    """Words of four letters or more without their vowels, but for a first one."""
    return " ".join(
        word if len(word) < 4 else word[0] + "".join(c for c in word[1:] if c not in "aeiou")
        for word in text.split(" ")
    )


def upside_down(text: str) -> str:
    """Turned by half a circle."""
    return alphabet("ɐqɔpǝɟƃɥᴉɾʞlɯuodbɹsʇnʌʍxʎz")(text[::-1])


_CYRILLIC = letters("aceopxyABCEHKMOPTXi", "асеорхуАВСЕНКМОРТХі")
_SMALL_CAPITALS = alphabet("ᴀʙᴄᴅᴇꜰɢʜɪᴊᴋʟᴍɴᴏᴘǫʀꜱᴛᴜᴠᴡxʏᴢ")

KINDS: dict[str, Disguise] = {
    "Cyrillic letters": _CYRILLIC,
    "Greek letters": letters("aoinuvAEHKMNOPTXYZ", "αοιηυνΑΕΗΚΜΝΟΡΤΧΥΖ"),
    "Latin look-alikes": letters("ailg", "ɑıӏɡ"),
    "Cherokee letters": letters("ABCDEGHIJKLMPRSTVWZ", "ᎪᏴᏟᎠᎬᏀᎻᏆᎫᏦᏞᎷᏢᎡᏚᎢᏙᎳᏃ"),
    "zero width spaces": after_letters("\u200b"),
    "soft hyphens": after_letters("\u00ad"),
    "word joiners": after_letters("\u2060"),
    "tags": after_letters("\U000e0061"),
    "variation selectors": after_letters("\ufe0e"),
    "struck through": after_letters("\u0336"),
    "underlined": after_letters("\u0332"),
    "accents": lambda text: "".join(c + "\u0301" if c in "aiueo" else c for c in text),
    "heaps of marks": after_letters("\u0351\u0352\u0353\u0489"),
    "mathematical bold": shifted(0x1D400, 0x1D41A),
    "mathematical script": shifted(0x1D4D0, 0x1D4EA),
    "double struck and sans serif": shifted(0x1D5A0, 0x1D5BA),
    "full width": shifted(0xFF21, 0xFF41),
    "circled": shifted(0x24B6, 0x24D0),
    "parenthesised": lambda text: shifted(0x249C, 0x249C)(text.lower()),
    "squared": lambda text: shifted(0x1F170, 0x1F170)(text.upper()),
    "regional letters": lambda text: shifted(0x1F1E6, 0x1F1E6, " ")(text.upper()),
    "small capitals": _SMALL_CAPITALS,
    "spaced letters": " ".join,
    "letters one below the other": lambda text: (
        text.replace(" ", "  ").replace("", "\n").replace("\n \n \n", "  ").strip()
    ),
    "points between": within_words("."),
    "hyphens between": within_words("-"),
    "underscores between": within_words("_"),
    "emoji between": within_words("🔥"),
    "brackets around": bracketed("[", "]"),
    "heavy brackets around": bracketed("【", "】"),
    "digits for letters": letters("aieosAIEOS", "4130541305"),
    "doubled letters": lambda text: "".join(c * 2 if c.isalpha() else c for c in text),
    "changing capitals": lambda text: "".join(c.upper() if i % 2 else c.lower() for i, c in enumerate(text)),
    "HTML entities": lambda text: "".join(f"&#{ord(c)};" for c in text),
    "upside down": upside_down,
    "backwards": lambda text: text[::-1],
    "backwards with a sign that turns it": lambda text: f"\u202e{text[::-1]}\u202c",
    "vowels out": without_vowels,
    "Greek, Cyrillic and Hebrew mixed": alphabet("αв¢∂єfgнιנкℓмησρqяѕтυνωχуz"),
    "Thai, Hebrew and Arabic mixed": alphabet("ค๒ς๔єŦﻮђเןкɭ๓ภ๏קợгรtยשฬאץz"),
    "strokes of Chinese": alphabet("卂乃匚ᗪ乇千Ꮆ卄丨ﾌҜㄥ爪几ㄖ卩Ɋ尺丂ㄒㄩᐯ山乂ㄚ乙"),
    "Yi syllables": alphabet("ꍏꌃꉓꀸꍟꎇꁅꃅꀤꀭꀘ꒒ꂵꈤꂦꉣꆰꋪꌗ꓄ꀎꃴꅏꊼꌩꁴ"),
    "Canadian syllables": alphabet("ᗩᗷᑕᗪEᖴGᕼIᒍKᒪᗰᑎOᑭᑫᖇᔕTᑌᐯᗯXYᘔ"),
    "Braille": alphabet("⠁⠃⠉⠙⠑⠋⠛⠓⠊⠚⠅⠇⠍⠝⠕⠏⠟⠗⠎⠞⠥⠧⠺⠭⠽⠵"),
    "a star for each second vowel": lambda text: "".join(
        "*" if c in "aiueo" and text[:i].count(c) % 2 else c for i, c in enumerate(text)
    ),
    "signs for letters": letters("aisAIS", "@!$@!$"),
    "swapped letters": lambda text: " ".join(w[:2] + w[3] + w[2] + w[4:] if len(w) > 4 else w for w in text.split(" ")),
    "dropped letters": lambda text: " ".join(w[:-2] + w[-1] if len(w) > 4 else w for w in text.split(" ")),
}
