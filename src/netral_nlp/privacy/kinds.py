"""Which files are outputs of ours that hold what people wrote: known by name and content, never by a guess."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path

from netral_nlp.errors import NetralError
from netral_nlp.pages.shell import GENERATOR
from netral_nlp.records import LABELS
from netral_nlp.review.export import LABELLED_COLUMNS, LOG_COLUMNS
from netral_nlp.review.schema import APPLICATION, CASE_APPLICATION
from netral_nlp.roster.pseudonyms import KEY_KIND
from netral_nlp.scoring.outputs import REJECTED_COLUMNS
from netral_nlp.tables import open_table

SCORED, REJECTED, REVIEWS, LABELS_OUT, LOG_OUT, PART, JOURNAL, KEY, CASE, *PAGES = KINDS = (
    "scored posts", "rejected rows", "reviews", "labels of reviewers", "log of reviews", "unfinished output",
    "journal", "pseudonym key", "case of a desk", "report", "evaluation", "audit", "dossier",
)  # fmt: skip
DOSSIER = PAGES[-1]  # kept as long as the law says, whatever else is purged
BESIDE = ("-wal", "-shm", "-journal")  # what SQLite keeps beside a database
TABLES = (".csv", ".tsv", ".txt", ".xlsx", ".parquet", ".jsonl", ".ndjson", ".json")
SCORED_COLUMNS = frozenset({"paslon", "label", "bukti", *(f"skor_{label}" for label in LABELS)})
_PARTS = re.compile(r"\..+\.(?:netral-)?[0-9a-f]{12}\.[a-z]+|\..+\.netral-(?:commit|lock)")
_MAKER = re.compile(rf'<meta name="generator" content="{GENERATOR}(?: (\w+))?">'.encode())
_JOURNAL = {"schema", "rows", "summary", "input", "facts"}
_START = 4096  # bytes that are looked at
_LARGEST_JSON = 64 * 2**20


def kind_of(path: Path) -> str | None:
    """What a regular file is among :data:`KINDS`; None for whatever is not certainly ours, or cannot be read."""
    name = path.name.lower()
    if name.endswith(BESIDE):  # goes with its database
        return None
    if _PARTS.fullmatch(name):
        return PART
    try:
        with path.open("rb") as file:
            start = file.read(_START)
        return _page(path, name, start) or next((kind for kind, fits in _BY_CONTENT if fits(path, name, start)), None)
    except (OSError, NetralError, ValueError, RecursionError):
        return None


def _is_reviews(path: Path, name: str, start: bytes) -> bool:
    return start.startswith(b"SQLite format 3\0") and start[68:72] == APPLICATION.to_bytes(4, "big")


def _is_case(path: Path, name: str, start: bytes) -> bool:
    return start.startswith(b"SQLite format 3\0") and start[68:72] == CASE_APPLICATION.to_bytes(4, "big")


def _page(path: Path, name: str, start: bytes) -> str | None:
    """Which of our pages a file is, by what it says of its maker."""
    if not name.endswith((".html", ".htm")):
        return None
    found = _MAKER.search(start)
    kind = "" if found is None else (found[1] or PAGES[0].encode()).decode()  # at first only reports said so
    return kind if kind in PAGES else None


def _is_journal(path: Path, name: str, start: bytes) -> bool:
    return name.endswith(".resume.json") and _keys(path) >= _JOURNAL


def _is_key(path: Path, name: str, start: bytes) -> bool:
    return KEY_KIND.encode() in start and "kind" in _keys(path)


def _keys(path: Path) -> set[str]:
    """The keys of a JSON object."""
    if path.stat().st_size > _LARGEST_JSON:
        return set()
    found = json.loads(path.read_bytes())
    return set(found) if isinstance(found, dict) else set()


def _columns(path: Path, name: str) -> frozenset[str]:
    if not name.endswith(TABLES):
        return frozenset()
    with open_table(path) as table:
        return frozenset(column.strip().casefold() for column in table.columns)


def _is_scored(path: Path, name: str, start: bytes) -> bool:
    return _columns(path, name) >= SCORED_COLUMNS


def _is_rejected(path: Path, name: str, start: bytes) -> bool:
    return name.endswith(".rejected.csv") and _columns(path, name) >= set(REJECTED_COLUMNS)


def _is_labels(path: Path, name: str, start: bytes) -> bool:
    doccano = name.endswith(".jsonl") and b'"netral_key"' in start
    return doccano or _columns(path, name) >= set(LABELLED_COLUMNS)


def _is_log(path: Path, name: str, start: bytes) -> bool:
    return _columns(path, name) >= set(LOG_COLUMNS) - {"rantai"}


# Names and first bytes before tables, which must be opened.
_BY_CONTENT: tuple[tuple[str, Callable[[Path, str, bytes], bool]], ...] = (
    (REVIEWS, _is_reviews),
    (CASE, _is_case),
    (JOURNAL, _is_journal),
    (KEY, _is_key),
    (REJECTED, _is_rejected),
    (LABELS_OUT, _is_labels),
    (LOG_OUT, _is_log),
    (SCORED, _is_scored),
)
