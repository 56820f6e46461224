"""The ordered ``str -> str`` steps that every piece of a post goes through before it is cut into words.

A *piece* is what stands between two white spaces. All steps look at one piece alone, so each distinct piece of
a million posts is cleaned once. What spans several pieces (a phone number written in groups, ``T E G A S``) is
first glued by :func:`join_spaced`, which replaces white space by a word joiner and so keeps every offset.
"""

from __future__ import annotations

import html
import re
import unicodedata
from collections.abc import Callable

from netral_nlp.text.alphabets import read_alphabets
from netral_nlp.text.disguises import drop_marks, join_separated, read_look_alikes, read_ornaments
from netral_nlp.text.repairs import drop_bytes_mark, hold_blanks, read_emoji_names, repair_encoding, undo_escapes
from netral_nlp.text.turning import hold_turned, set_upright, turn_round

JOINER = "\u2060"

# Regional indicators, pictographs, dingbats, arrows and technical signs that posts use as emoji.
EMOJI = (
    "[\U0001f1e6-\U0001f1ff]{2}"
    "|[\U0001f000-\U0001f1e5\U0001f200-\U0001f3fa\U0001f400-\U0001faff\u2600-\u27bf\u2b05-\u2b55\u231a-\u23ff\u203c\u2049]"
)

_ENTITY = re.compile(r"&#?\w{2,8};")
_INVISIBLE = re.compile(
    "[\u0000-\u0008\u000e-\u001b\u007f-\u0084\u0086-\u009f\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f"
    "\u202a-\u202e\u2060-\u206f\ufe00-\ufe0f\ufeff\ufff9-\ufffb\U0001f3fb-\U0001f3ff\U000e0000-\U000e0fff]"
)
_TOP_DOMAIN = r"\.(?:com|id|net|org|co|me|info|news|tv|ly|gg|be)(?:/[^\s<>\"“”]*|(?![\w.-]))"
_LINK = re.compile(rf"(?:https?:/{{1,2}}|www\.)[^\s<>\"“”]+|\b[a-z0-9-]+(?:\.[a-z0-9-]+)*{_TOP_DOMAIN}", re.IGNORECASE)
# A sign stands in all that its pattern finds, and is sought in one go: most pieces have none.
_LINK_SIGN = re.compile(rf"https?:/|www\.|[a-z0-9-]{_TOP_DOMAIN}", re.IGNORECASE)
_EMAIL_SIGN = re.compile(r"@[\w-]{1,64}\.[\w-]")
_EMAIL = re.compile(r"[\w.+-]{1,64}@[\w-]{1,64}(?:\.[\w-]{1,64})+")
_DIGITS = re.compile(r"(?<![\d<])(?<![Rr][Pp])\+?\(?\d(?:[\d().-]{7,40})\d(?!\d)")  # also wa0812-3456-7890
_PLAIN_NUMBER = re.compile(
    r"\d{1,3}(?:[.,]\d{3})+(?:[.,]\d{1,2})?|\d{1,4}[./-]\d{1,2}[./-]\d{1,4}|(?:19|20)\d\d-(?:19|20)\d\d"
)
_NUMBER_SIGN = re.compile(r"\d[\d().-]{7,40}\d")
_LONG_NUMBER = re.compile(r"(?<!\d)(?<![Rr][Pp])\d{9,}")
_SPACED_DIGITS = re.compile(r"(?<!\d)(?:\+?\d[\d().-]{0,20}[ \t]){1,6}[\d().-]{0,20}\d(?!\d)")
ONE_LETTER = "(?:[^\\W\\d_]|[\U0001f110-\U0001f189\U0001f1e6-\U0001f1ff])"  # also squared, circled, regional ones
LETTER_ENDS = r"[,.!?:;)\"']{0,3}"  # signs behind the last letter of a spaced-out word
_LETTER_END = rf"(?={LETTER_ENDS}(?:\s|\Z))"
_SPACED_LETTERS = re.compile(rf"(?<!\S)(?:{ONE_LETTER}[ \t\n]){{3,30}}{ONE_LETTER}{_LETTER_END}")
_SHORT_SPACED = re.compile(rf"(?<!\S)(?:{ONE_LETTER}[ ]){{1,30}}{ONE_LETTER}{_LETTER_END}")
_PADDED = re.compile(r"(?<![\w.,:/-])0 (?=[1-9](?![\w.,:/-]*\d))(?![1-9] \d)")  # 0 2, but no phone number
SPACED_WORDS = 2  # from so many spaced-out words on short ones are read, too
_BLANK = re.compile(r"[ \t\n]")
_DIGITS_SIGN = re.compile(r"[ \t][+().-]{0,20}\d")
_LETTERS_SIGN = re.compile(rf"[ \n]{ONE_LETTER}[ \n]{ONE_LETTER}")
_KEY_CAPS = re.compile("([1-9])\u20e3(?:\\1\u20e3)+")
_QUOTE = re.compile("[“”„«»‘’`´]")
_QUOTES = str.maketrans({"“": '"', "”": '"', "„": '"', "«": '"', "»": '"', "‘": "'", "’": "'", "`": "'", "´": "'"})

ID_DIGITS = range(9, 22)  # phone numbers have 9-13 digits, NIK 16, NIP 18


def join_spaced(text: str) -> str:
    """The text with the blanks inside long numbers and inside spaced-out words replaced by a word joiner.

    Blanks inside doubly encoded letters are held likewise.

    The length never changes, so offsets into the result are offsets into the original.

    >>> len(join_spaced("wa 0812 3456 7890")) == len("wa 0812 3456 7890")
    True
    >>> drop_invisible(join_spaced("P I L I H dia"))
    'PILIH dia'
    """

    text = hold_turned(hold_blanks(text))
    if _DIGITS_SIGN.search(text):
        text = _PADDED.sub(_glue, _SPACED_DIGITS.sub(_glue_digits, text))
    if not _LETTERS_SIGN.search(text):
        return text
    text, words = _SPACED_LETTERS.subn(_glue, text)
    return _SHORT_SPACED.sub(_glue, text) if words >= SPACED_WORDS else text


def _glue(match: re.Match[str]) -> str:
    return _BLANK.sub(JOINER, match.group())


def _glue_digits(match: re.Match[str]) -> str:
    return _glue(match) if sum(map(str.isdigit, match.group())) in ID_DIGITS else match.group()


def unescape_entities(text: str) -> str:
    """HTML entities become the characters they stand for.

    >>> unescape_entities("Tio &amp;amp; Rahman")
    'Tio & Rahman'
    """
    if "&" not in text:
        return text
    for _ in range(4):
        if not _ENTITY.search(text):
            break
        text = html.unescape(text)
    return text


def compose(text: str) -> str:
    """Unicode NFKC: bold, full-width and other fancy letters become plain ones.

    >>> compose("𝗽𝗶𝗹𝗶𝗵 ｄｕａ")
    'pilih dua'
    """
    if text.isascii():
        return text
    return unicodedata.normalize("NFKC", text.replace("´", "'"))  # which NFKC makes a blank


def drop_invisible(text: str) -> str:
    """Zero-width characters, control characters, variation selectors and skin tones disappear.

    >>> drop_invisible("cob\\u200blos 👍🏽")
    'coblos 👍'
    """
    if text.isascii() and text.isprintable():
        return text
    return _INVISIBLE.sub("", text)


def read_key_caps(text: str) -> str:
    """A key cap pressed several times is a ballot number, as people cheer it; one alone may count a list.

    >>> read_key_caps("1\u20e31\u20e31\u20e3 2\u20e3")
    '01 2\u20e3'
    """
    return _KEY_CAPS.sub(r"0\1", text) if "\u20e3" in text else text


def straighten_quotes(text: str) -> str:
    """Typographic quotation marks and apostrophes become plain ones.

    >>> straighten_quotes("“jum’at”")
    '"jum\\'at"'
    """
    if text.isascii() and "`" not in text:
        return text
    return text.translate(_QUOTES) if _QUOTE.search(text) else text


def mask_emails(text: str) -> str:
    """Each e-mail address becomes ``<surel>``.

    >>> mask_emails("tulis ke budi.s@kota.go.id ya")
    'tulis ke <surel> ya'
    """
    return _EMAIL.sub("<surel>", text) if "@" in text and _EMAIL_SIGN.search(text) else text


def mask_links(text: str) -> str:
    """Each web address becomes ``<tautan>``.

    >>> mask_links("baca https://t.co/Ab1 ya")
    'baca <tautan> ya'
    """
    return _LINK.sub("<tautan>", text) if ("." in text or "/" in text) and _LINK_SIGN.search(text) else text


def mask_numbers(text: str) -> str:
    """Phone, NIK and NIP numbers become ``<nomor>``; prices and dates stay.

    >>> mask_numbers("WA 0812-3456-7890, NIP 198501012010011001, Rp1.500.000.000 pada 21-10-2024")
    'WA <nomor>, NIP <nomor>, Rp1.500.000.000 pada 21-10-2024'
    """
    if len(text) < ID_DIGITS.start or not _NUMBER_SIGN.search(text):
        return text

    def mask(match: re.Match[str]) -> str:
        found = match.group()
        digits = sum(map(str.isdigit, found))
        return found if digits < ID_DIGITS.start or _PLAIN_NUMBER.fullmatch(found) else "<nomor>"

    return _LONG_NUMBER.sub("<nomor>", _DIGITS.sub(mask, text))


STEPS: tuple[Callable[[str], str], ...] = (
    unescape_entities,  # first: an entity may hide any character
    undo_escapes,  # so may an escape
    repair_encoding,  # before NFKC, which knows no damaged letters
    read_emoji_names,
    read_alphabets,  # before NFKC and digits, which would change some of their letters
    turn_round,  # before what tells of it is dropped
    compose,  # before all patterns, which know plain letters only
    drop_marks,  # after NFKC, which may bring some out
    drop_invisible,  # after NFKC, which may bring some out; they split words and hide links
    drop_bytes_mark,  # after invisible signs, which may stand in it
    read_key_caps,  # after variation selectors are dropped
    set_upright,  # before ornaments, some of which are turned letters too
    read_ornaments,
    read_look_alikes,  # after ornaments: both may stand in one word
    straighten_quotes,
    join_separated,  # before links, for which letters with points between them may pass
    mask_emails,  # before links, or the address's domain would pass for one
    mask_links,  # before numbers, or digits in addresses would be masked one by one
    mask_numbers,
)


def clean(text: str) -> str:
    """The text after all :data:`STEPS`, in their order; cleaning twice changes nothing.

    >>> clean("Ｃｏｂｌｏｓ &quot;dua&quot; di https://t.co/x")
    'Coblos "dua" di <tautan>'
    """
    for step in STEPS:
        text = step(text)
    return text
