"""What people upload: kept in the case under a name of ours, and shown as a table before anything is made of it."""

from __future__ import annotations

import hashlib
import json
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import Any

from netral_nlp.desk.case import Case
from netral_nlp.errors import InputError, UsageError
from netral_nlp.privacy.pseudonymised import NAME_COLUMNS
from netral_nlp.roster.identities import mask_account, mask_identities
from netral_nlp.scoring.inputs import Columns, find_beside, find_places
from netral_nlp.tables import Layout, Rejected, Table, open_table
from netral_nlp.tables.accounts import account_columns
from netral_nlp.tables.columns import CONTROL, fold_name
from netral_nlp.tables.reading import FORMATS

UPLOAD = "unggahan"  # the name of the posts in the case
ENDINGS = (*FORMATS, ".gz", ".zip")
SHOWN_ROWS, SHOWN_CELL, SHOWN_COLUMNS = 12, 240, 60
COLUMNS = ("text", "time", "id", "account", "platform", "agency", "pair", "action", "account_type")
CHOICES = ("sheet", "header_row", "no_header", *COLUMNS)


@dataclass(frozen=True, slots=True)
class Preview:
    """The beginning of a table as it would be read, or ``fault``: why it cannot be.

    ``text`` is the posts' column, ``found`` where each of :data:`COLUMNS` stands that was chosen or found.
    """

    columns: tuple[str, ...] = ()
    rows: tuple[tuple[int, tuple[str, ...]], ...] = ()
    text: int | None = None
    sheets: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    fault: str = ""
    found: Mapping[str, int] = field(default_factory=dict)


def ending_of(name: str) -> str:
    """The ending of an upload's name, among those that are read; raises UsageError (Indonesian) for another."""
    suffix = Path(name.replace("\\", "/").rpartition("/")[2]).suffix.casefold()
    if suffix not in ENDINGS:
        raise UsageError("Jenis berkas itu tidak dapat dibaca. Pakai CSV, XLSX, JSON, atau Parquet.")
    return suffix


def title_of(name: str) -> str:
    """What an upload is called to people: its own name without folders and without anything invisible.

    >>> title_of("C:\\\\data\\\\../unggahan\\u202e.csv"), title_of("")
    ('unggahan.csv', 'tanpa nama')
    """
    last = name.replace("\\", "/").rpartition("/")[2]
    shown = "".join(c for c in last if c.isprintable() and unicodedata.category(c)[0] != "C")
    return shown.strip()[:120] or "tanpa nama"


def upload_in(case: Case, work: Path) -> Path:
    """The uploaded posts on the disk. Raises InputError where none were uploaded."""
    about = case.fact("unggahan")
    if about is None:
        raise InputError("Belum ada unggahan di perkara ini.")
    return case.put_out(UPLOAD, work / f"unggahan{about['akhiran']}")


def layout_of(choices: Mapping[str, Any]) -> Layout:
    """Where the table stands, by what was chosen."""
    return Layout(choices.get("sheet") or None, choices.get("header_row"), bool(choices.get("no_header")))


def columns_of(choices: Mapping[str, Any]) -> Columns:
    """Which columns were chosen; what was not is found by the file's own names."""
    return Columns(**{name: choices.get(name) or None for name in COLUMNS})


def laid_out(case: Case) -> str:
    """The upload and what was chosen of it, as one digest."""
    kept = next((one.digest for one in case.files(UPLOAD) if one.name == UPLOAD), "")
    said = json.dumps([kept, case.fact("tata", {})], sort_keys=True)
    return hashlib.sha256(said.encode()).hexdigest()


def columns_used(case: Case) -> Columns:
    """The columns by which the case's scored posts are read, whatever was chosen since."""
    return columns_of((case.fact("skor") or {}).get("pilihan", {}))


def renamed(posts: Path, scored: Path, choices: Mapping[str, Any]) -> dict[str, str]:
    """The columns by which an upload was scored, as the scored file calls them; it begins with the upload's own.

    A name that stands there twice was not chosen, and is found again as it was found before.
    """
    with open_table(posts, layout_of(choices)) as before, open_table(scored) as after:
        places = find_places(before, columns_of(choices))
        found = {name: getattr(places, name) for name in COLUMNS}
        names = {name: after.columns[at] for name, at in found.items() if at is not None}
        return {name: column for name, column in names.items() if after.columns.count(column) == 1}


def chosen(form: Mapping[str, str]) -> dict[str, Any]:
    """The choices of a form, those that were made; raises UsageError (Indonesian) for a line that is none."""
    found: dict[str, Any] = {name: form[name].strip() for name in CHOICES if form.get(name, "").strip()}
    if "header_row" in found:
        written = str(found["header_row"])
        if not (written.isascii() and written.isdigit() and 0 < int(written) < 100_000):
            raise UsageError("Baris judul adalah angka: 1, 2, 3 …")
        found["header_row"] = int(written)
    found["no_header"] = bool(found.get("no_header"))
    if found["no_header"]:
        found.pop("header_row", None)
    return {name: value for name, value in found.items() if value}


def preview(path: Path, choices: Mapping[str, Any]) -> Preview:
    """The first rows of an upload, read as chosen."""
    sheets: tuple[str, ...] = ()
    try:
        with open_table(path, layout_of(choices)) as table:
            sheets = table.sheets
            first = list(islice(table, SHOWN_ROWS))
            columns = tuple(table.columns[:SHOWN_COLUMNS])
            found, fault = _found(table, choices)
            veiled = _veiled(table.columns, found.get("account"))
            rows = []
            for record in first:
                cells = (record.raw,) if isinstance(record, Rejected) else record.cells
                rows.append((record.line, tuple(map(_shown, cells[:SHOWN_COLUMNS], veiled))))
            return Preview(columns, tuple(rows), found.get("text"), sheets, table.notes, fault, found)
    except InputError as error:
        return Preview(sheets=sheets, fault=str(error))


def refuse_hopeless(path: Path) -> None:
    """Raises UsageError where no sheet, header row or column that somebody could choose makes a table of a file."""
    shown = preview(path, {})
    if not shown.columns and not preview(path, {"no_header": True}).columns:
        raise UsageError(shown.fault)
    cells = (cell for _, row in shown.rows for cell in row)
    if shown.text is None and any(CONTROL.search(cell) for cell in (*shown.columns, *cells)):
        raise UsageError("Berkas itu bukan tabel. Pakai CSV, XLSX, JSON, atau Parquet.")


def count_rows(path: Path, choices: Mapping[str, Any]) -> tuple[int, int]:
    """How many rows a table has, and how many of them cannot be read."""
    rows = rejected = 0
    with open_table(path, layout_of(choices)) as table:
        for batch in table.batches():
            rows += len(batch)
            rejected += sum(isinstance(record, Rejected) for record in batch)
    return rows, rejected


def _found(table: Table, choices: Mapping[str, Any]) -> tuple[dict[str, int], str]:
    """Where columns stand, and why one that was chosen, or the text, stands nowhere; "" where all do."""
    wanted = columns_of(choices)
    found: dict[str, int | None] = {}
    try:
        found["text"] = table.posts_column(wanted.text)
        found |= find_beside(table, wanted)
        fault = ""
    except InputError as error:
        fault = str(error)
    return {name: at for name, at in found.items() if at is not None}, fault


def _veiled(columns: Sequence[str], account: int | None) -> list[bool]:
    """Whether each column holds accounts or names of persons."""
    names = {fold_name(name) for name in NAME_COLUMNS}
    known = {*account_columns(columns), account}
    return [at in known or fold_name(name) in names for at, name in enumerate(columns)]


def _shown(cell: str, account: bool) -> str:
    """A cell as a preview shows it: short, and without who it is from."""
    short = cell if len(cell) <= SHOWN_CELL else cell[:SHOWN_CELL] + "…"
    return mask_account(short) if account else mask_identities(short)
