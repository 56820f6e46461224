"""JSON files as tables: one object a line, or an array of objects; the columns are all keys in order of appearance."""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator
from typing import Any, BinaryIO

from netral_nlp.errors import InputError
from netral_nlp.tables import limits
from netral_nlp.tables.columns import check_header
from netral_nlp.tables.lines import TextLines, detect_encoding
from netral_nlp.tables.objects import DECODER, MAX_KEYS, RepeatedKeyError, parse_record, record_of
from netral_nlp.tables.orients import records_in
from netral_nlp.tables.reasons import NOT_JSON, NOT_OBJECT, REPEATED_KEY, TOO_LONG
from netral_nlp.tables.rows import Rejected, Row, judge, reject

BATCH = 1000
BLOCK = 1 << 18
MAX_DOCUMENT = 256 << 20
"""Largest JSON document, in bytes, that is taken into memory whole; arrays and lines may be of any size."""
MAX_OBJECT = 32 << 20
_BEGINS = re.compile(r"\s*(?:window\.[\w.]+\s*=\s*)?\[")  # X's own archive is a program that sets a variable
_BETWEEN = re.compile(r"[\s,]*")

Item = tuple[int, str, dict[str, str] | str]  # line or number, the beginning of its text, the record or the reason


class JsonFile:
    """A JSON file, as a `Source`; missing keys and null are empty, nested keys are dotted.

    ``line`` is the line of JSON lines and counts the objects of an array. The file is read twice, because a key may
    first appear in its last object.
    """

    def __init__(self, handle: BinaryIO, name: str, *, lines: bool) -> None:
        self.kind = "jsonl" if lines else "json"
        self.unnamed = False
        self._items: _Lines | _Array = _Lines(handle, name) if lines else _Array(handle, name)
        keys: dict[str, None] = {}
        faults = count = 0
        for _, _, found in self._items:
            count += 1
            if isinstance(found, str):
                faults += 1
                continue
            if not found.keys() <= keys.keys():
                keys.update(dict.fromkeys(found))
            if len(keys) > MAX_KEYS:
                raise InputError(f"{name} has more than {MAX_KEYS:,} different keys; it is no table.", path=name)
        if not keys:
            what = "has no JSON object; write an array of objects, or one object a line" if faults else "is empty"
            raise InputError(f"{name} {what}.", path=name)
        size = handle.seek(0, 2)
        if count * len(keys) > limits.cells(size):
            limits.check_table(count, len(keys), size, name)
        check_header(list(keys), name)
        self.columns = tuple(keys)

    def notes(self) -> tuple[str, ...]:
        return self._items.notes()

    def batches(self) -> Iterator[list[Row | Rejected]]:
        batch: list[Row | Rejected] = []
        for line, text, found in self._items:
            if isinstance(found, str):
                batch.append(reject(line, found, text))
            else:
                batch.append(judge(line, [found.get(key, "") for key in self.columns]))
            if len(batch) == BATCH:
                yield batch
                batch = []
        if batch:
            yield batch


class _Lines:
    def __init__(self, handle: BinaryIO, name: str) -> None:
        self._text = TextLines(handle, name)

    def notes(self) -> tuple[str, ...]:
        return self._text.notes()

    def __iter__(self) -> Iterator[Item]:
        for block in self._text.blocks():
            for line, text in enumerate(block.lines, block.first):
                if block.huge:
                    yield line, text, TOO_LONG
                elif text.strip():
                    yield line, text, parse_record(text)


class _Array:
    """The objects of one array, read in pieces; or those of the one array that stands inside an object."""

    def __init__(self, handle: BinaryIO, name: str) -> None:
        self._handle = handle
        self._name = name
        handle.seek(0)
        self._encoding, self._skip = detect_encoding(handle.read(4096))
        self._what = "A JSON array."

    def notes(self) -> tuple[str, ...]:
        return (self._what,)

    def __iter__(self) -> Iterator[Item]:
        pieces = self._pieces()
        held = next(pieces, "")
        begun = _BEGINS.match(held)
        if begun is None:
            yield from self._inside()
            return
        at, number, more = begun.end(), 0, True
        while True:
            between = _BETWEEN.match(held, at)
            at = between.end() if between else at
            if at >= len(held):
                piece = next(pieces, None)
                if piece is None:
                    yield number + 1, "", NOT_JSON  # the array has no end
                    return
                held, at = piece, 0
                continue
            if held[at] == "]":
                return
            try:
                found, end = DECODER.raw_decode(held, at)
                reason: str | None = None if end < len(held) or not more else "unfinished"
            except RepeatedKeyError:
                found, end, reason = None, self._end_of(held, at), REPEATED_KEY
                reason = "unfinished" if end < 0 else reason
            except (ValueError, RecursionError):
                found, end, reason = None, -1, "unfinished"
            if reason == "unfinished" and more and len(held) - at < MAX_OBJECT:
                wanted = max(BLOCK, len(held) - at)  # doubled each time: linear in all
                held, at = held[at:], 0
                while more and len(held) < 2 * wanted:
                    piece = next(pieces, None)
                    more = piece is not None
                    held += piece or ""
                continue
            number += 1
            if reason == "unfinished":
                yield number, held[at : at + 200], NOT_JSON
                return
            yield number, held[at : at + 200], reason or record_of(found)
            at = end

    @staticmethod
    def _end_of(held: str, at: int) -> int:
        """Where an object with a repeated key ends; -1 where it is not whole."""
        import json

        try:
            return json.JSONDecoder().raw_decode(held, at)[1]
        except (ValueError, RecursionError):
            return -1

    def _inside(self) -> Iterator[Item]:
        size = self._handle.seek(0, 2)
        if size > MAX_DOCUMENT:
            raise InputError(f"{self._name} is one JSON object of {size >> 20:,} MiB. Write an array of objects.",
                             path=self._name)  # fmt: skip
        try:
            whole = DECODER.decode("".join(self._pieces()))
        except (ValueError, RecursionError):
            raise InputError(f"{self._name} is not valid JSON. Write an array of objects, or one object a line.",
                             path=self._name) from None  # fmt: skip
        within, found = max(_arrays(whole, ""), key=lambda one: len(one[1]), default=("", []))
        self._what = f'A JSON array "{within}" inside an object.'
        if not found:
            table = records_in(whole)
            self._what = "A JSON document with one object." if table is None else "A JSON document that is a table."
            found = table or [whole]
        for number, one in enumerate(found, 1):
            yield number, str(one)[:200], record_of(one)

    def _pieces(self) -> Iterator[str]:
        self._handle.seek(self._skip)
        decoder = codecs.getincrementaldecoder(self._encoding)("replace")
        while data := self._handle.read(BLOCK):
            if text := decoder.decode(data):
                yield text
        if rest := decoder.decode(b"", final=True):
            yield rest


def _arrays(value: Any, name: str, depth: int = 0) -> Iterator[tuple[str, list[Any]]]:
    """The arrays of objects inside an object."""
    if isinstance(value, list) and value and all(isinstance(one, dict) for one in value):
        yield name, value
    elif isinstance(value, dict) and depth < 4:
        for key, one in value.items():
            yield from _arrays(one, f"{name}.{key}".lstrip("."), depth + 1)


def is_lines(handle: BinaryIO) -> bool:
    """Whether JSON is one object a line rather than one document: several lines, the first an object by itself."""
    handle.seek(0)
    lines = (line for line in iter(lambda: handle.readline(MAX_OBJECT), b"") if line.strip(b"\xef\xbb\xbf \t\r\n"))
    first, second = next(lines, b""), next(lines, b"")
    text = first.decode("utf-8", "replace").lstrip("\ufeff")
    return text.startswith("{") and bool(second) and parse_record(text) not in (NOT_JSON, NOT_OBJECT)
