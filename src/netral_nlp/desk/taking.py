"""A case as commands take it: its scored posts as a file, with roster, model and rate beside it, and no desk around."""

from __future__ import annotations

import hashlib
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from netral_nlp.desk.case import Case
from netral_nlp.desk.posts import REJECTED_FILE, SCORED_FILE
from netral_nlp.desk.reviewed import review_counts
from netral_nlp.desk.uploads import columns_used
from netral_nlp.errors import InputError
from netral_nlp.law.reviewed import Reviewed
from netral_nlp.report.reviewing import ReviewCounts
from netral_nlp.review.store import is_case
from netral_nlp.review.told import reviewed_by
from netral_nlp.roster import Roster
from netral_nlp.roster.reading import parse_roster
from netral_nlp.scoring.inputs import EVERY_COLUMN_BY_NAME, Columns

MODEL_FILE = "model.npz"


@dataclass(frozen=True, slots=True)
class Taken:
    """What lies on the disk as long as it is needed. ``roster`` and ``max_fpr`` are None of a file that is no case.

    ``model`` is the one that scored, None where it is not at hand; ``name`` is what people call the posts, ``columns``
    are those that somebody chose, ``reviewed`` is what people said of rows, ``counts`` how many they read.
    """

    scored: str | Path
    roster: Roster | None = None
    model: Path | None = None
    max_fpr: float | None = None
    name: str = ""
    columns: Columns = EVERY_COLUMN_BY_NAME
    reviewed: Mapping[int, Reviewed] | None = None
    counts: ReviewCounts | None = None


@contextmanager
def taken(path: str | Path) -> Iterator[Taken]:
    """The scored posts of a case of the desk; any other file as it is.

    Raises InputError for a case that cannot be used, or whose posts were not scored yet.
    """
    if not is_case(path):
        yield Taken(path)
        return
    with Case(path) as case, tempfile.TemporaryDirectory() as folder:
        done = case.fact("skor")
        if done is None:
            raise InputError(f"The posts of the case {path} are not scored yet.", path=str(path))
        scored = case.put_out(SCORED_FILE, Path(folder) / "skor.csv")
        names = {kept.name for kept in case.files()}
        if REJECTED_FILE in names:
            case.put_out(REJECTED_FILE, Path(f"{scored}.rejected.csv"))
        own = case.put_out(MODEL_FILE, Path(folder) / MODEL_FILE) if MODEL_FILE in names else None
        upload = (case.fact("unggahan") or {}).get("nama", case.title)
        roster = parse_roster(case.fact("roster"), "roster")
        rate = float(case.fact("max_fpr", 0.01))
        yield Taken(
            scored,
            roster,
            _that_scored(own, done),
            rate,
            str(upload),
            columns_used(case),
            _reviewed(case),
            review_counts(case),
        )


def _reviewed(case: Case) -> dict[int, Reviewed]:
    """What people said of the scored posts, by their lines in the scored file."""
    keys = {line.key for line in case.lines()}
    places = {key: case.one("SELECT line FROM scored WHERE key = ?", (key,)) for key in keys}
    return {int(at[0]): reviewed_by(case.lines_of(key), key) for key, at in places.items() if at is not None}


def _that_scored(own: Path | None, done: dict[str, object]) -> Path | None:
    """The case's own model, else the usual one, if it is the one that gave the scores."""
    from netral_nlp.api import default_model

    for path in (own, default_model()):
        if path is not None and path.is_file():
            with path.open("rb") as file:
                if hashlib.file_digest(file, "sha256").hexdigest() == done.get("model"):
                    return path
    return None
