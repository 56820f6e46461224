"""Labels that were made elsewhere: doccano's JSON lines and Label Studio's JSON, taken into the log."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from netral_nlp.errors import InputError
from netral_nlp.records import LABELS
from netral_nlp.review.log import IMPORTED, UNCLEAR, Shown
from netral_nlp.review.posts import Post, key_of
from netral_nlp.review.store import Store

NO_SCORES = (0.0, 0.0, 0.0)
KNOWN = (*LABELS, UNCLEAR)
LARGEST = 512 * 2**20
_TEXTS = ("text", "teks", "data", "tweet", "isi")


@dataclass(frozen=True, slots=True)
class Foreign:
    """One label from another tool; ``place`` is the line (doccano) or the task's number (Label Studio)."""

    place: int
    text: str
    label: str
    pair: str
    election: str
    id: str
    reviewer: str
    at: str


@dataclass(frozen=True, slots=True)
class Imported:
    """``added`` labels are in the log; ``known`` were there before; ``rejected`` says where and why."""

    added: int
    known: int
    rejected: tuple[tuple[int, str], ...]


def import_labels(store: Store, path: str | Path, *, reviewer: str, pair: str = "", election: str = "") -> Imported:
    """Append the labels of a file to the log; doing so twice adds nothing.

    ``pair`` and ``election`` stand in where a task does not say them, ``reviewer`` where it does not say who. Raises
    InputError for a file that is neither of the two formats.
    """
    known = store.posts()
    by_text: dict[tuple[str, str], Post] = {}
    for post in known.values():
        by_text.setdefault((post.text, post.pair), post)
    seen = {line.number for line in store.lines()}
    added = repeated = 0
    rejected: list[tuple[int, str]] = []
    for item in read_foreign(path):
        if isinstance(item, tuple):
            rejected.append(item)
            continue
        toward, where = item.pair or pair, item.election or election
        if item.label in ("dukung", "tolak") and not toward:
            rejected.append((item.place, "no pair: name one with --pair"))
            continue
        key = key_of(where, toward, item.id, item.text, 0)
        base = Post(key, item.place, item.id, where, toward, item.text, "", NO_SCORES, "")
        one = by_text.get((item.text, toward), base)
        who = item.reviewer or reviewer
        token = hashlib.sha256("\x1f".join((who, one.key, item.label, item.at, Path(path).name)).encode()).hexdigest()
        made = store.record(
            one, who, item.label, shown=Shown(blind=True), route=IMPORTED, pair=toward, token=token, at=item.at or None
        )
        repeated += made.number in seen
        added += made.number not in seen
        seen.add(made.number)
    return Imported(added, repeated, tuple(rejected))


def read_foreign(path: str | Path) -> Iterator[Foreign | tuple[int, str]]:
    """The labels of a doccano or Label Studio export, or for a task without one its place and the reason."""
    file = Path(path)
    try:
        if file.stat().st_size > LARGEST:
            raise InputError(f"{file} is larger than {LARGEST // 2**20} MB; split it.", path=str(path))
        text = file.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(f"{file} cannot be read: {error}.", path=str(path)) from None
    try:
        if text.lstrip()[:1] == "[":
            tasks = json.loads(text)
            return _label_studio(tasks)
        return iter([_doccano(n, json.loads(line)) for n, line in enumerate(text.splitlines(), 1) if line.strip()])
    except (json.JSONDecodeError, RecursionError):
        raise InputError(
            f"{file} is neither doccano's JSON lines nor Label Studio's JSON. Export it again as one of these.",
            path=str(path),
        ) from None


def _doccano(place: int, task: object) -> Foreign | tuple[int, str]:
    if not isinstance(task, dict):
        return place, "not an object"
    labels = task.get("label", task.get("labels", []))
    labels = labels if isinstance(labels, list) else [labels]
    meta = {**task, **(task["meta"] if isinstance(task.get("meta"), dict) else {})}
    return _foreign(place, task, labels, meta, "", "")


def _label_studio(tasks: list[object]) -> Iterator[Foreign | tuple[int, str]]:
    for place, task in enumerate(tasks, 1):
        if not isinstance(task, dict):
            yield place, "not an object"
            continue
        data = task["data"] if isinstance(task.get("data"), dict) else task
        if not isinstance(task.get("annotations"), list):  # JSON-MIN: one label among the task's own fields
            short = [v for v in task.values() if isinstance(v, str) and v.strip().casefold() in KNOWN]
            yield _foreign(place, data, short, data, _who(task.get("annotator")), _text(task.get("updated_at")))
            continue
        done = [a for a in task["annotations"] if isinstance(a, dict) and not a.get("was_cancelled")]
        if not done:
            yield place, "no label"
        for one in done:
            results = one["result"] if isinstance(one.get("result"), list) else []
            values = [r["value"] for r in results if isinstance(r, dict) and isinstance(r.get("value"), dict)]
            labels = [c for v in values if isinstance(v.get("choices"), list) for c in v["choices"]]
            yield _foreign(place, data, labels, data, _who(one.get("completed_by")), _text(one.get("created_at")))


def _foreign(
    place: int, holder: Mapping[str, Any], labels: list[Any], meta: Mapping[str, Any], who: str, at: str
) -> Foreign | tuple[int, str]:
    text = next((holder[name] for name in _TEXTS if isinstance(holder.get(name), str)), "")
    if not text.strip():
        return place, "no text"
    names = [_text(label).strip().casefold() for label in labels]
    if len(names) != 1:
        return place, "no label" if not names else "more than one label"
    if names[0] not in KNOWN:
        return place, f'unknown label "{names[0][:40]}"; known are {", ".join(KNOWN)}'
    pair, election = _text(meta.get("pair") or meta.get("paslon")), _text(meta.get("election"))
    id = _text(meta.get("netral_id") if "netral_id" in meta else meta.get("id_unggahan"))
    return Foreign(place, text, names[0], pair, election, id, who, at)


def _text(value: object) -> str:
    return "" if value is None or isinstance(value, dict | list) else str(value)


def _who(value: object) -> str:
    if isinstance(value, dict):
        return _text(value.get("email") or value.get("username") or value.get("id"))
    return _text(value)
