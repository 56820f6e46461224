"""Labels that were made elsewhere, read as one kind of value: doccano, Label Studio, any table with a label column."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from netral_nlp.errors import InputError
from netral_nlp.records import LABELS
from netral_nlp.review.log import UNCLEAR
from netral_nlp.tables import TEXT_COLUMNS, Layout, Rejected, Table, open_table
from netral_nlp.tables.columns import find_column, fold_name
from netral_nlp.tables.layout import PLAIN
from netral_nlp.tables.reasons import in_english

KNOWN = (*LABELS, UNCLEAR)
LARGEST = 512 * 2**20
TEXTS = tuple(map(fold_name, (*TEXT_COLUMNS, "data")))
LABEL_COLUMNS = ("label", "labels", "choice", "sentiment", "sentimen", "stance", "sikap", "anotasi", "annotation")
PAIR_COLUMNS = ("pair", "paslon")
ID_COLUMNS = ("netral_id", "id_unggahan")
WHO_COLUMNS = ("reviewer", "annotator", "peninjau", "user", "labeler")
AT_COLUMNS = ("updated_at", "created_at", "waktu_tinjau")


@dataclass(frozen=True, slots=True)
class Foreign:
    """One label from another tool; ``place`` is the line (doccano, tables) or the task's number (Label Studio)."""

    place: int
    text: str
    label: str
    pair: str
    election: str
    id: str
    reviewer: str
    at: str


@dataclass(frozen=True, slots=True)
class Asked:
    """What the user says of the file: the columns, and other people's labels as ours; None where it tells itself."""

    text_column: str | None = None
    label_column: str | None = None
    labels: Mapping[str, str] = field(default_factory=dict)
    layout: Layout = PLAIN


NOTHING_ASKED = Asked()


def read_foreign(path: str | Path, asked: Asked = NOTHING_ASKED) -> Iterator[Foreign | tuple[int, str]]:
    """The labels of a file, or for a task without one its place and the reason. Raises InputError for another file."""
    file = Path(path)
    if not _is_json(file):
        return _of_table(file, asked)
    try:
        if file.stat().st_size > LARGEST:
            raise InputError(f"{file} is larger than {LARGEST // 2**20} MB; split it.", path=str(path))
        text = file.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(f"{file} cannot be read: {error}.", path=str(path)) from None
    try:
        if text.lstrip()[:1] == "[":
            return _tasks(enumerate(json.loads(text), 1), asked)
        lines = [(n, json.loads(line)) for n, line in enumerate(text.splitlines(), 1) if line.strip()]
    except (ValueError, RecursionError):  # also a number of thousands of digits
        raise InputError(
            f"{file} is neither doccano's JSON nor Label Studio's JSON or CSV, nor a table. Export it again as one of "
            "these.",
            path=str(path),
        ) from None
    return _tasks(iter(lines), asked)


def _is_json(file: Path) -> bool:
    try:
        with file.open("rb") as stream:
            start = stream.read(4096).lstrip(b"\xef\xbb\xbf \t\r\n")
    except OSError as error:
        raise InputError(f"{file} cannot be read: {error.strerror}.", path=str(file)) from None
    return start[:1] in (b"{", b"[") or file.suffix.casefold() in (".json", ".jsonl")


def _tasks(tasks: Iterator[tuple[int, Any]], asked: Asked) -> Iterator[Foreign | tuple[int, str]]:
    for place, task in tasks:
        if not isinstance(task, dict):
            yield place, "not an object"
        elif isinstance(task.get("annotations"), list):
            yield from _annotated(place, task, asked)
        else:
            yield _plain(place, task, asked)


def _plain(place: int, task: dict[str, Any], asked: Asked) -> Foreign | tuple[int, str]:
    """doccano's object, or Label Studio's JSON-MIN: the label stands among the task's own fields."""
    data = {**task, **task["data"]} if isinstance(task.get("data"), dict) else task
    meta = {**data, **(task["meta"] if isinstance(task.get("meta"), dict) else {})}
    named = next((task[key] for key in (asked.label_column or "label", "labels") if key in task), None)
    if named is None:
        labels = [v for v in task.values() if isinstance(v, str) and _label_of(v, asked) in KNOWN]
    else:
        labels = named if isinstance(named, list) else [named]
    return _foreign(place, data, labels, meta, _who(task.get("annotator")), _text(task.get("updated_at")), asked)


def _annotated(place: int, task: dict[str, Any], asked: Asked) -> Iterator[Foreign | tuple[int, str]]:
    """Label Studio's task: one label for each annotation that was not cancelled."""
    data = task["data"] if isinstance(task.get("data"), dict) else task
    done = [a for a in task["annotations"] if isinstance(a, dict) and not a.get("was_cancelled")]
    if not done:
        yield place, "no label"
    for one in done:
        results = one["result"] if isinstance(one.get("result"), list) else []
        values = [r["value"] for r in results if isinstance(r, dict) and isinstance(r.get("value"), dict)]
        labels = [c for v in values if isinstance(v.get("choices"), list) for c in v["choices"]]
        yield _foreign(place, data, labels, data, _who(one.get("completed_by")), _text(one.get("created_at")), asked)


def _of_table(file: Path, asked: Asked) -> Iterator[Foreign | tuple[int, str]]:
    """Label Studio's CSV, or any table with a post and a label in each row."""
    with open_table(file, asked.layout) as table:
        text = table.posts_column(asked.text_column)
        label = _label_column(table, text, asked)
        more = [_place_of(table, names) for names in (PAIR_COLUMNS, ("election",), ID_COLUMNS, WHO_COLUMNS, AT_COLUMNS)]
        for row in table:
            if isinstance(row, Rejected):
                yield row.line, in_english(row.reason)
                continue
            pair, election, id, who, at = ("" if place is None else row.cells[place].strip() for place in more)
            meta = {"pair": pair, "election": election, "netral_id": id}
            holder = {"text": row.cells[text]}
            labels = _labels_in(row.cells[label])
            yield _foreign(row.line, holder, labels, meta, who, at, Asked(labels=asked.labels))


def _label_column(table: Table, text: int, asked: Asked) -> int:
    """Where the labels stand: as named, else under a usual name, else the one column that holds nothing but labels."""
    if asked.label_column is not None:
        return table.require_column(asked.label_column, LABEL_COLUMNS, what="label", option="--label-column")
    usual = _place_of(table, LABEL_COLUMNS)
    if usual is not None and usual != text:
        return usual
    only = set(range(len(table.columns))) - {text}
    filled: set[int] = set()
    for row in table:
        if not isinstance(row, Rejected):
            for at in list(only):
                cell = row.cells[at].strip()
                filled |= {at} if cell else set()
                only -= set() if not cell or all(_label_of(x, asked) in KNOWN for x in _labels_in(cell)) else {at}
    found = sorted(only & filled)
    return found[0] if len(found) == 1 else table.require_column(
        None, LABEL_COLUMNS, what="label", option="--label-column"
    )  # fmt: skip


def _place_of(table: Table, names: Sequence[str]) -> int | None:
    return find_column(table.columns, None, names, what="column", option="", name=table.name)


def _labels_in(cell: str) -> list[str]:
    """The labels in a cell; Label Studio writes several as ``{"choices": [...]}``."""
    if cell.lstrip().startswith(("{", "[")):
        try:
            found = json.loads(cell)
        except (ValueError, RecursionError):
            return [cell]
        found = found.get("choices", []) if isinstance(found, dict) else found
        return [_text(one) for one in found] if isinstance(found, list) else [cell]
    return [cell] if cell.strip() else []


def _label_of(written: object, asked: Asked) -> str:
    folded = _text(written).strip().casefold()
    return asked.labels.get(folded, folded)


def _foreign(
    place: int, holder: Mapping[str, Any], labels: list[Any], meta: Mapping[str, Any], who: str, at: str, asked: Asked
) -> Foreign | tuple[int, str]:
    text = _post_of(holder, asked.text_column)
    if not text.strip():
        return place, "no text"
    names = [_label_of(label, asked) for label in labels]
    if len(names) != 1:
        return place, "no label" if not names else "more than one label"
    if names[0] not in KNOWN:
        return place, f'unknown label "{names[0][:40]}"; known are {", ".join(KNOWN)} (say others with --label-map)'
    pair, election = _text(meta.get("pair") or meta.get("paslon")), _text(meta.get("election"))
    id = _text(meta.get("netral_id") if "netral_id" in meta else meta.get("id_unggahan"))
    return Foreign(place, text, names[0], pair, election, id, who, at)


def _post_of(holder: Mapping[str, Any], wanted: str | None) -> str:
    """The post among the fields of a task: the one that is named, else the first with a usual name."""
    texts = {fold_name(name): value for name, value in holder.items() if isinstance(value, str)}
    names = (fold_name(wanted),) if wanted is not None else TEXTS
    return next((texts[name] for name in names if texts.get(name, "").strip()), "")


def _text(value: object) -> str:
    return "" if value is None or isinstance(value, dict | list) else str(value)


def _who(value: object) -> str:
    if isinstance(value, dict):
        return _text(value.get("email") or value.get("username") or value.get("id"))
    return _text(value)
