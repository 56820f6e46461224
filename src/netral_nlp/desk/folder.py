"""The folder of a desk: its cases, one file each, and beside them a room of its own for what can be made anew."""

from __future__ import annotations

import json
import re
import shutil
import sqlite3
import threading
import unicodedata
from contextlib import closing, suppress
from dataclasses import dataclass
from pathlib import Path

from netral_nlp.desk.case import Case, moment_now
from netral_nlp.desk.people import People
from netral_nlp.errors import InputError, UsageError
from netral_nlp.review.schema import CASE_APPLICATION
from netral_nlp.tables.locking import try_lock

ENDING = ".perkara"
OWN = ".netral"  # below the folder: people, keys, unfinished work
NAME = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,58}[a-z0-9])?")
MOST_CASES = 1_000
RUNNING = "sedang dinilai"
# Windows knows devices by these names, whatever their ending.
_RESERVED = re.compile(r"con|prn|aux|nul|com\d|lpt\d")


@dataclass(frozen=True, slots=True)
class Entry:
    """A case in the list; ``fault`` says why it cannot be opened, "" where nothing speaks against it."""

    name: str
    title: str
    made: str
    state: str
    fault: str = ""


class Folder:
    """The cases of one folder. Only one desk works in a folder at a time; a second is refused with UsageError."""

    def __init__(self, path: str | Path) -> None:
        self.path = Path(path)
        try:
            (self.path / OWN).mkdir(mode=0o700, parents=True, exist_ok=True)
            self._lock_file = (self.path / OWN / "kunci").open("a+b")
        except OSError as error:
            raise InputError(f"{path} cannot be used as a folder of cases: {error.strerror}.", path=str(path)) from None
        if try_lock(self._lock_file.fileno()) is False:
            self._lock_file.close()
            raise UsageError(f"Another desk is open in {path}. Use its page, or stop it first.")
        try:
            self.people = People(self.path / OWN / "orang.json")
        except InputError:
            self._lock_file.close()
            raise
        self._open: dict[str, Case] = {}
        self._lock = threading.RLock()

    @property
    def own(self) -> Path:
        """The room below the folder that is the desk's own."""
        return self.path / OWN

    def list(self) -> list[Entry]:
        """Every case, the latest first; one look at each, without opening it."""
        found = [entry_of(path) for path in sorted(self.path.glob(f"*{ENDING}"))[:MOST_CASES]]
        return sorted(found, key=lambda entry: entry.made, reverse=True)

    def create(self, title: str, who: str) -> Case:
        """A new case with a name made of its title; raises UsageError for a title without a letter or digit."""
        shown = " ".join("".join(c for c in title if c.isprintable()).split())[:120]
        stem = slug(shown)
        if not stem:
            raise UsageError("Isi dulu nama perkara, dengan huruf atau angka.")
        with self._lock:
            name, number = stem, 1
            while (self.path / f"{name}{ENDING}").exists() or _RESERVED.fullmatch(name):
                number += 1
                name = f"{stem[:50]}-{number}"
            case = Case(self.path / f"{name}{ENDING}")
            case.act(who, "buat", shown, judul=shown, dibuat=moment_now(), pembuat=who)
            self._open[name] = case
        return case

    def case(self, name: str) -> Case:
        """The case of that name, open as long as the desk. Raises InputError (Indonesian) where there is none."""
        if not NAME.fullmatch(name):
            raise InputError("Perkara itu tidak ada.")
        with self._lock:
            if name not in self._open:
                path = self.path / f"{name}{ENDING}"
                if path.is_symlink() or not path.is_file():
                    raise InputError("Perkara itu tidak ada.")
                self._open[name] = Case(path)
            return self._open[name]

    def work(self, name: str) -> Path:
        """Where a case's unfinished work lies."""
        place = self.path / OWN / "kerja" / name
        place.mkdir(mode=0o700, parents=True, exist_ok=True)
        return place

    def key(self, name: str) -> Path:
        """Where the key of a case's pseudonyms lies: apart from all that holds pseudonyms."""
        place = self.path / OWN / "nama-samaran"
        place.mkdir(mode=0o700, parents=True, exist_ok=True)
        return place / f"{name}.json"

    def clear_work(self, name: str) -> None:
        """Forget a case's unfinished work."""
        shutil.rmtree(self.path / OWN / "kerja" / name, ignore_errors=True)

    def close(self) -> None:
        """Let go of everything; harmless when done twice."""
        with self._lock:
            for case in self._open.values():
                case.close()
            self._open.clear()
            with suppress(OSError):
                self._lock_file.close()


def slug(title: str) -> str:
    """A title as the name of a file: small letters, digits and dashes.

    >>> slug("Pilwali Samudra 2024: ASN/dinas"), slug("../../etc"), slug("–")
    ('pilwali-samudra-2024-asn-dinas', 'etc', '')
    """
    plain = unicodedata.normalize("NFKD", title).encode("ascii", "ignore").decode().casefold()
    return re.sub(r"[^a-z0-9]+", "-", plain)[:58].strip("-")


def entry_of(path: Path) -> Entry:
    """What the list says of a case file: read only, and without trust in what a stranger put there."""
    name = path.name.removesuffix(ENDING)
    if not NAME.fullmatch(name) or path.is_symlink() or not path.is_file():
        return Entry(name[:60], name[:60], "", "", "bukan perkara")
    try:
        with closing(sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True, timeout=5)) as db:
            db.execute("PRAGMA trusted_schema = OFF")
            if db.execute("PRAGMA application_id").fetchone()[0] != CASE_APPLICATION:
                return Entry(name, name, "", "", "bukan perkara")
            kind = db.execute("SELECT type FROM sqlite_master WHERE name = 'facts'").fetchone()
            if kind != ("table",):
                return Entry(name, name, "", "", "bukan perkara")
            known = dict(db.execute("SELECT name, value FROM facts WHERE length(value) < 2000").fetchall())
    except sqlite3.Error:
        return Entry(name, name, "", "", "tidak dapat dibuka")
    return Entry(name, _text(known.get("judul"), name), _text(known.get("dibuat"), ""), state_of(known))


def state_of(known: dict[str, str]) -> str:
    """How far a case is, from its facts as they are written; a job that failed is no work that goes on."""
    if "kerja" in known and '"galat"' not in known["kerja"]:
        return RUNNING
    for fact, state in (("skor", "sudah dinilai"), ("unggahan", "belum dinilai")):
        if fact in known:
            return state
    return "kosong"


def _text(value: object, default: str) -> str:
    try:
        found = json.loads(str(value)) if value is not None else default
    except ValueError:
        return default
    return found if isinstance(found, str) else default
