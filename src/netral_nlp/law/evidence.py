"""The files that are evidence: which, how large, and the digest that shows later that nobody changed them."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from netral_nlp.errors import InputError

COLUMNS = ("berkas", "ukuran_byte", "sha256", "dihitung")


@dataclass(frozen=True, slots=True)
class Exhibit:
    """One file: its path below the folder, its size in bytes, its SHA-256 and when that was computed (ISO, UTC)."""

    name: str
    size: int
    digest: str
    at: str

    def cells(self) -> tuple[str, str, str, str]:
        """As a row of ``bukti.csv``."""
        return self.name, str(self.size), self.digest, self.at


def list_evidence(folder: str | Path, now: Callable[[], datetime] = lambda: datetime.now(UTC)) -> tuple[Exhibit, ...]:
    """Every file below a folder, by name. Links are not followed: what they show may change without the folder.

    Raises InputError where there is no such folder or a file cannot be read.
    """
    folder = Path(folder)
    if not folder.is_dir():
        raise InputError(f"There is no folder {folder} with evidence.", path=str(folder))
    found = []
    for path in sorted(folder.rglob("*")):
        if path.is_symlink() or not path.is_file():
            continue
        try:
            with path.open("rb") as file:
                digest = hashlib.file_digest(file, "sha256").hexdigest()
                size = file.tell()
        except OSError as error:
            raise InputError(f"{path} cannot be read: {error.strerror}.", path=str(path)) from None
        found.append(Exhibit(path.relative_to(folder).as_posix(), size, digest, stamp(now())))
    return tuple(found)


def stamp(moment: datetime) -> str:
    """A moment as the trail writes it.

    >>> stamp(datetime(2024, 10, 22, 2, 30, 5, tzinfo=UTC))
    '2024-10-22T02:30:05Z'
    """
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def digest_of_file(path: str | Path) -> str:
    """SHA-256 of a file, in hexadecimal. Raises InputError where it cannot be read."""
    try:
        with Path(path).open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as error:
        raise InputError(f"{path} cannot be read: {error.strerror}.", path=str(path)) from None
