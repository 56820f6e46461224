"""JSON lines: one object a line; the columns are all keys of the file, in order of appearance."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any, BinaryIO

from netral_nlp.errors import InputError
from netral_nlp.tables.columns import check_header
from netral_nlp.tables.delimited import TOO_LONG
from netral_nlp.tables.lines import TextLines
from netral_nlp.tables.rows import Rejected, Row, judge, reject

MAX_KEYS = 1000


class JsonLines:
    """A JSON lines file, as a `Source`; numbers keep their digits, missing keys and null are empty.

    The file is read twice, because a key may first appear in its last line.
    """

    kind = "jsonl"

    def __init__(self, handle: BinaryIO, name: str) -> None:
        self._text = TextLines(handle, name)
        keys: dict[str, None] = {}
        faults = 0
        for _, _, found in self._objects():
            if isinstance(found, str):
                faults += 1
                continue
            if not found.keys() <= keys.keys():
                keys.update(dict.fromkeys(found))
            if len(keys) > MAX_KEYS:
                raise InputError(f"{name} has more than {MAX_KEYS:,} different keys; it is no table.", path=name)
        if not keys:
            what = "has no JSON object on any line; write one object a line" if faults else "is empty"
            raise InputError(f"{name} {what}.", path=name)
        check_header(list(keys), name)
        self.columns = tuple(keys)

    def notes(self) -> tuple[str, ...]:
        return self._text.notes()

    def batches(self) -> Iterator[list[Row | Rejected]]:
        batch: list[Row | Rejected] = []
        for line, text, found in self._objects():
            if isinstance(found, str):
                batch.append(reject(line, found, text))
            else:
                batch.append(judge(line, [_show_value(found.get(key)) for key in self.columns]))
            if len(batch) == 1000:
                yield batch
                batch = []
        if batch:
            yield batch

    def _objects(self) -> Iterator[tuple[int, str, dict[str, Any] | str]]:
        """Line number, line, and the object or the reason why it is none."""
        for block in self._text.blocks():
            for line, text in enumerate(block.lines, block.first):
                if block.huge:
                    yield line, text, TOO_LONG
                elif text.strip():
                    yield line, text, _parse_object(text)


class _RepeatedKeyError(ValueError):
    pass


def _parse_object(text: str) -> dict[str, Any] | str:
    try:
        found = json.loads(text, parse_int=str, parse_float=str, parse_constant=str, object_pairs_hook=_pair_up)
    except _RepeatedKeyError:
        return "the same key stands twice in one object"
    except (ValueError, RecursionError):
        return "the line is not valid JSON"
    return found if isinstance(found, dict) else "the line is JSON, but not an object"


def _pair_up(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise _RepeatedKeyError
    return found


def _show_value(value: Any) -> str:
    if isinstance(value, str):
        return value
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    return json.dumps(value, ensure_ascii=False)
