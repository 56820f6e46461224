"""Why a record could not become a row: one sentence each, in Indonesian, as it lands on a supervisor's desk."""

from __future__ import annotations

import re

MAX_FIELD = 1 << 20
"""Longest cell, in characters; a post of a million characters is a damaged file, not a post."""

TOO_LONG = f"sel terlalu panjang (lebih dari {MAX_FIELD:,} huruf)".replace(",", ".")
UNCLOSED = "tanda kutip dibuka tetapi tidak ditutup dengan benar"
STRAY = "ada teks setelah tanda kutip penutup"
BARE_CR = "ada ganti baris (CR) di luar tanda kutip"
NUL = "baris berisi bita NUL"
HALF = "baris berisi huruf yang terpotong"
NOT_UTF8 = "sel bukan UTF-8 yang sah"
HEADER_AGAIN = "kepala tabel berulang"
REPEATED_KEY = "kunci yang sama muncul dua kali dalam satu objek"
NOT_JSON = "bukan JSON yang sah"
NOT_OBJECT = "JSON, tetapi bukan objek"
NO_TEXT = "teks kosong"
NO_VALUE = "teks berupa rumus tanpa nilai; ubah selnya menjadi teks, atau hitung di Excel lalu simpan"

UNFIT = frozenset({NUL, HALF, TOO_LONG})  # what a cell holds, not how the record stands in its file

_WIDTH = re.compile(r"(\d+) sel, padahal kepala tabel (\d+)")
_PAIR = re.compile(r"paslon (.*) tidak ada di roster")
ENGLISH = {
    TOO_LONG: f"field too long (more than {MAX_FIELD:,} characters)",
    UNCLOSED: "a quotation mark opens in this record and is not closed properly",
    STRAY: "text stands after a closing quotation mark",
    BARE_CR: "a carriage return stands outside quotation marks",
    NUL: "the record contains a NUL byte",
    HALF: "the record contains half a character (a lone surrogate)",
    NOT_UTF8: "a cell is not valid UTF-8",
    HEADER_AGAIN: "the header again",
    REPEATED_KEY: "the same key stands twice in one object",
    NOT_JSON: "not valid JSON",
    NOT_OBJECT: "JSON, but not an object",
    NO_TEXT: "empty text",
    NO_VALUE: "the text is a formula without a value",
}


def wrong_width(found: int, width: int) -> str:
    """The reason of a record with another number of cells than the header."""
    return f"{found} sel, padahal kepala tabel {width}"


def in_english(reason: str) -> str:
    """The same reason for an English page; one that is not known stays as it stands.

    >>> in_english(wrong_width(3, 5)), in_english(NO_TEXT)
    ('3 cell(s) where the header has 5', 'empty text')
    """
    if found := _WIDTH.fullmatch(reason):
        return f"{found[1]} cell(s) where the header has {found[2]}"
    if found := _PAIR.fullmatch(reason):
        return f"the pair {found[1]} is not in the roster"
    return ENGLISH.get(reason, reason)
