"""The only door to table files: CSV, TSV, XLSX, Parquet and JSON in, also packed; the same out.

Everything is text: "NA", "007" and 18-digit numbers arrive as they stand.
No record disappears without a reason.
"""

from netral_nlp.tables.atomic import AtomicFile, write_bytes_atomically
from netral_nlp.tables.columns import (
    ACCOUNT_COLUMNS,
    ID_COLUMNS,
    PLATFORM_COLUMNS,
    TEXT_COLUMNS,
    TIME_COLUMNS,
    find_column,
    require_column,
)
from netral_nlp.tables.dialect import Cell, Dialect, format_number
from netral_nlp.tables.layout import PLAIN, Layout
from netral_nlp.tables.posts_column import choose_posts
from netral_nlp.tables.reading import Record, Table, open_table, read_records, strict_rows, whole_rows
from netral_nlp.tables.rows import Rejected, Row
from netral_nlp.tables.writing import ReaderGone, Writer, open_writer

__all__ = [
    "ACCOUNT_COLUMNS",
    "ID_COLUMNS",
    "PLAIN",
    "PLATFORM_COLUMNS",
    "TEXT_COLUMNS",
    "TIME_COLUMNS",
    "AtomicFile",
    "Cell",
    "Dialect",
    "Layout",
    "ReaderGone",
    "Record",
    "Rejected",
    "Row",
    "Table",
    "Writer",
    "choose_posts",
    "find_column",
    "format_number",
    "open_table",
    "open_writer",
    "read_records",
    "require_column",
    "strict_rows",
    "whole_rows",
    "write_bytes_atomically",
]
