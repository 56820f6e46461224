"""Parquet files as rows of text."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, BinaryIO

from netral_nlp.errors import InputError
from netral_nlp.tables import limits
from netral_nlp.tables.arrow import arrow
from netral_nlp.tables.columns import check_header
from netral_nlp.tables.footer import read_footer
from netral_nlp.tables.reasons import MAX_FIELD, NOT_UTF8
from netral_nlp.tables.rows import Rejected, Row, judge, reject

BATCH = 2000
TEXTS = ("string", "large_string")


class ParquetFile:
    """A Parquet file, as a `Source`: strings as they are, other types by ``str``, missing values empty."""

    kind = "parquet"
    unnamed = False

    def __init__(self, handle: BinaryIO, name: str) -> None:
        _, pq = arrow()
        self._name = name
        with self._readable():
            handle.seek(0)
            known = pq.ParquetFile(handle)
            texts = [field.name for field in known.schema_arrow if str(field.type) in TEXTS]
            packed = handle.seek(0, 2)
            handle.seek(0)
            # Repeated texts stay one text each until they are known not to be too many.
            self._file: Any = pq.ParquetFile(handle, read_dictionary=texts, page_checksum_verification=True)
            columns = list(self._file.schema_arrow.names)
            facts = self._file.metadata
            told = read_footer(handle)
            handle.seek(0)
        if not columns:
            raise InputError(f"{name} has no columns.", path=name)
        limits.check_columns(len(columns), name)
        limits.check_table(facts.num_rows, len(columns), packed, name)
        limits.check_table(told.values, 1, 16 * packed, name)  # a list in a cell has many values
        limits.check_unpacked(told.size, packed, name)
        self._packed = packed
        check_header(columns, name)
        self.columns: tuple[str, ...] = tuple(columns)

    def notes(self) -> tuple[str, ...]:
        return ()

    def batches(self) -> Iterator[list[Row | Rejected]]:
        number, size = 1, 0
        source = self._file.iter_batches(batch_size=BATCH)
        while True:
            with self._readable():
                batch = next(source, None)
                if batch is None:
                    return
                size += sum(map(_text_size, batch.columns))
            limits.check_unpacked(size, self._packed, self._name)
            with self._readable():
                columns = [_show_column(column) for column in batch.columns]
            rows = zip(*columns, strict=True)
            yield [_judge_values(number + index, cells) for index, cells in enumerate(rows)]
            number += batch.num_rows

    @contextmanager
    def _readable(self) -> Iterator[None]:
        """Around all that pyarrow does: it has a dozen kinds of errors for one damaged file, and any call may be it."""
        try:
            yield
        except Exception as error:
            raise self._damaged() from error

    def _damaged(self) -> InputError:
        return InputError(f"{self._name} is not a readable Parquet file; it may be cut short.", path=self._name)


def _show_column(column: Any) -> list[str | None]:
    try:
        values = column.to_pylist()
    except UnicodeDecodeError:
        values = [_try_value(scalar) for scalar in column]
    return [value if isinstance(value, str) else _show_value(value) for value in values]


def _text_size(column: Any) -> int:
    """Bytes of the texts of a column, each counted as often as it stands there."""
    import pyarrow.compute as pc

    if not hasattr(column, "dictionary"):
        return int(column.nbytes)
    return pc.sum(pc.binary_length(column.dictionary).take(column.indices)).as_py() or 0


def _judge_values(line: int, cells: tuple[str | None, ...]) -> Row | Rejected:
    known = [cell for cell in cells if cell is not None]
    if len(known) < len(cells):
        return reject(line, NOT_UTF8, " | ".join(known))
    return judge(line, known)


def _show_value(value: Any) -> str | None:
    if value is None:
        return ""
    if value is _UNREADABLE:
        return None
    if isinstance(value, bytes):
        try:
            return value.decode("utf-8") if len(value) <= 4 * MAX_FIELD else None
        except UnicodeDecodeError:
            return None
    return str(value)


def _try_value(scalar: Any) -> Any:
    try:
        return scalar.as_py()
    except UnicodeDecodeError:
        return _UNREADABLE


_UNREADABLE = object()
