"""Outputs that have been kept long enough: found in a folder, and removed when that is asked for."""

from __future__ import annotations

import os
import stat
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from netral_nlp.errors import InputError, UsageError
from netral_nlp.privacy.kinds import BESIDE, CASE, JOURNAL, REVIEWS, kind_of

DAY = 86_400.0
_JOURNAL_END, _PART_END = ".resume.json", ".part"


@dataclass(frozen=True, slots=True)
class Kept:
    """An output of ours; ``changed`` is when it was last written (seconds since 1970, the latest of ``parts``).

    ``parts`` are the file itself and what belongs to it, each with the state it was found in.
    """

    path: Path
    kind: str
    changed: float
    size: int
    parts: tuple[tuple[Path, os.stat_result], ...]


def find_outputs(folder: str | Path) -> Iterator[Kept]:
    """Every output of ours in a folder and the folders in it, in order of name; links are not followed.

    Raises InputError when it is no folder, or a link to one.
    """
    root = Path(folder)
    if root.is_symlink():
        raise InputError(f"{root} is a link; name the folder that it stands for.", path=str(folder))
    if not root.is_dir():
        raise InputError(f"{root} is no folder.", path=str(folder))
    for place, folders, names in os.walk(root, followlinks=False):
        folders.sort()
        for name in sorted(names):
            path = Path(place) / name
            if (state := _regular(path)) is not None and (kind := kind_of(path)) is not None:
                parts = ((path, state), *_belonging(path, kind))
                yield Kept(
                    path, kind, max(s.st_mtime for _, s in parts), sum(s.st_size for _, s in parts), tuple(parts)
                )


def older_than(outputs: Sequence[Kept], days: float, now: float | None = None) -> list[Kept]:
    """Those that were last written more than ``days`` days ago; raises UsageError for less than no day."""
    if not days >= 0:
        raise UsageError(f"A retention time is a number of days from 0 on; {days:g} is none.")
    limit = (time.time() if now is None else now) - days * DAY
    return [one for one in outputs if one.changed < limit]


def delete(one: Kept) -> str | None:
    """Remove an output and what belongs to it; why not, where it is no longer what was found or cannot be removed."""
    for path, before in reversed(one.parts):  # the file itself last: without it nobody would know the others
        now = _regular(path)
        if now is None or not os.path.samestat(now, before) or now.st_mtime_ns != before.st_mtime_ns:
            return "it has changed since it was found"
        try:
            path.unlink()
        except OSError as error:
            return error.strerror or type(error).__name__
    return None


def _belonging(path: Path, kind: str) -> Iterator[tuple[Path, os.stat_result]]:
    names: list[str] = []
    if kind in (REVIEWS, CASE):
        names = [path.name + end for end in BESIDE]
    elif kind == JOURNAL:  # the part alone could be anybody's
        output = path.name.removesuffix(_JOURNAL_END)
        names = [output + _PART_END, f"{output}.rejected.csv{_PART_END}"]
    for name in names:
        beside = path.with_name(name)
        if (state := _regular(beside)) is not None:
            yield beside, state


def _regular(path: Path) -> os.stat_result | None:
    """The state of a file that is itself one: no link, folder, pipe or device."""
    try:
        state = path.lstat()
    except OSError:
        return None
    return state if stat.S_ISREG(state.st_mode) else None
