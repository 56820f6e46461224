"""Sentences of the library, which speaks English, as a desk says them in Indonesian."""

from __future__ import annotations

import re
from functools import cache
from importlib.resources import files

from netral_nlp.tables.reasons import ENGLISH

KEYS = {  # keys of a roster and columns of a table, as the fields of the desk are called
    "aliases": "panggilan", "hashtags": "tagar pendukung", "hostile": "tagar penentang", "handles": "akun",
    "slogans": "slogan", "symbols": "simbol", "not_aliases": "bukan panggilan", "candidate": "nama calon",
    "running_mate": "nama wakil", "number": "nomor urut", "kind": "jenis", "name": "nama pemilihan",
    "office": "jabatan",
    "zone": "zona waktu", "designation": "penetapan", "campaign": "kampanye", "quiet": "masa tenang",
    "vote": "pemungutan suara", "text": "teks", "time": "waktu", "pair": "paslon", "account type": "jenis akun",
    "action": "tindakan", "account": "akun", "agency": "instansi",
    **{english: reason for reason, english in ENGLISH.items()},
}  # fmt: skip
MOST_LINES, LONGEST = 8, 600
_AT = re.compile(r"(\S+\.(?:toml|xlsx|csv)):(\d+): (.*)")  # a place in a roster file
_HIDDEN = re.compile(r"\(a name of (\d+) characters\)")  # a column's name that may be a post
_PLACE = re.compile(r"\{(\d*)\}")
_DEEPEST = 3  # sentences within sentences


def in_indonesian(message: str) -> str:
    """A message in Indonesian where its sentence is known, else as it is; of many lines the first.

    >>> in_indonesian('the hashtag "#a" of hashtags lacks its #')
    'tagar "#a" di tagar pendukung tanpa #'
    >>> in_indonesian("Sesuatu yang lain.")
    'Sesuatu yang lain.'
    """
    lines = message.encode("utf-8", "replace").decode().splitlines()[:MOST_LINES]
    return _HIDDEN.sub(r"(nama \1 huruf)", "\n".join(_said(line[:LONGEST], 0) for line in lines))


def _said(text: str, depth: int) -> str:
    if text in KEYS:
        return KEYS[text]
    if depth > _DEEPEST:
        return text
    if at := _AT.fullmatch(text):
        return f"{at[1]}, baris {at[2]}: {_said(at[3], depth)}"
    for pattern, told in _sentences():
        if found := pattern.fullmatch(text):
            parts = [_said(part, depth + 1) for part in found.groups()]
            return _filled(told, parts)
    return text


def _filled(told: str, parts: list[str]) -> str:
    left = iter(parts)
    return _PLACE.sub(lambda place: parts[int(place[1])] if place[1] else next(left, ""), told)


@cache
def _sentences() -> list[tuple[re.Pattern[str], str]]:
    """What the library says with places for anything, and what the desk says; the longest sentences first."""
    lines = files("netral_nlp.desk").joinpath("sentences.tsv").read_text(encoding="utf-8").splitlines()
    pairs = [line.split("\t") for line in lines if "\t" in line]
    pairs.sort(key=lambda pair: -len(_PLACE.sub("", pair[0])))
    return [
        (re.compile("(.+?)".join(map(re.escape, re.split(r"\{\}", said))), re.DOTALL), told) for said, told in pairs
    ]
