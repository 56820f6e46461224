"""Files that are either the old one or the new one, never half of either."""

from __future__ import annotations

import logging
import os
import re
import secrets
import stat
import sys
from abc import ABC, abstractmethod
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from itertools import count
from pathlib import Path
from types import TracebackType
from typing import BinaryIO, Self

from netral_nlp.errors import InputError
from netral_nlp.tables.locking import NO_LINKS, is_own, is_still, short_name, try_lock

_log = logging.getLogger(__name__)

PART = "part"  # thrown away when its writer is gone
RUN = "run"  # belongs to the outputs of one run, which see to it themselves: a later run may continue it
OPEN_FILES_STAY = sys.platform == "win32"  # a file that a program has open cannot be replaced there
OLD = "old"  # what a file replaces, until all files of the run are replaced


class Provisional(ABC):
    """What is thrown away at the end of a ``with`` block unless it was committed."""

    @abstractmethod
    def discard(self) -> None:
        """Nothing is kept; harmless after a commit."""

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.discard()


class AtomicFile(Provisional):
    """A file of our own beside ``target`` that takes its place on `commit`, and vanishes otherwise.

    Its name is hidden, says that it is ours and holds random digits; it is made anew, never opened through a link,
    and only its owner may read it. What killed writers left behind is removed here; a file that a living writer still
    holds is left alone. A target that exists keeps its permissions. Devices and pipes are written directly.

    ``part`` continues the file of that name behind its first ``size`` bytes; ``keep`` says whether the part stays when
    there is no commit. Raises InputError when the directory is missing or not writable, or the part is not ours.
    """

    def __init__(self, target: str | Path, *, kind: str = PART, part: str | None = None, size: int = 0) -> None:
        self.target = Path(os.path.realpath(target))  # through a link, not over it
        self.given = str(target)
        self.path: Path | None = None
        self.keep = False
        self._mode: int | None = None
        try:
            self.handle = self._open(kind) if part is None else self._reopen(part, size)
        except OSError as error:
            raise explain_write_error(error, self.given) from error

    @property
    def name(self) -> str:
        """The name of the part, for `part`; "" for a device."""
        return "" if self.path is None else self.path.name

    def checkpoint(self) -> int:
        """All that was written is on the disk; how many bytes that are."""
        try:
            self.handle.flush()
            os.fsync(self.handle.fileno())
        except OSError as error:
            raise explain_write_error(error, self.given) from error
        return self.handle.tell()

    def seal(self) -> None:
        """The content is whole: all of it on the disk, with the permissions of the file that it will replace."""
        if self.handle.closed:
            raise ValueError("this file is already closed")
        if self.path is None:
            try:
                self.handle.close()
            except OSError as error:
                raise explain_write_error(error, self.given) from error
            return
        self.checkpoint()
        try:
            if self._mode is not None:
                self.path.chmod(self._mode)
        except OSError as error:
            raise explain_write_error(error, self.given) from error
        if sys.platform == "win32":
            self.handle.close()  # an open file cannot be renamed there

    def commit(self) -> None:
        """Bytes to the disk, then the new name, then the directory to the disk."""
        self.seal()
        if self.path is None:
            return
        try:
            self.target = take_name(self.path, self.target)
        except OSError as error:
            raise explain_write_error(error, self.given) from error
        self.published()
        sync_folder(self.target.parent)

    def published(self) -> None:
        """The part has got the target's name: there is nothing to discard any more."""
        self.path = None
        self.handle.close()

    def discard(self) -> None:
        """Forget the part, unless it is to be kept; harmless after `commit`."""
        path, self.path = self.path, None
        with suppress(OSError):  # a full disk may refuse the last flush; the file goes anyway
            self.handle.close()
        if path is not None and not self.keep:
            with suppress(OSError):
                path.unlink(missing_ok=True)

    def _open(self, kind: str) -> BinaryIO:
        try:
            mode = self.target.stat().st_mode
        except FileNotFoundError:
            mode = None
        if mode is not None and stat.S_ISDIR(mode):
            raise InputError(f"{self.given} is a directory; name a file in it.", path=self.given)
        if mode is not None and not stat.S_ISREG(mode):
            return self.target.open("wb")
        self._check_target()
        remove_own(self.target, (PART,))
        while True:
            path = own_path(self.target, kind)
            file = os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL | NO_LINKS, 0o600)
            if try_lock(file) is not False and is_still(path, file):
                break
            os.close(file)  # a cleaner was faster
        self.path = path
        return os.fdopen(file, "wb")

    def _reopen(self, part: str, size: int) -> BinaryIO:
        self._check_target()
        path = self.target.with_name(part)
        if Path(part).name != part or kind_of(part, self.target) != RUN or not is_own(path):
            raise InputError(f"{path} is not an unfinished output of ours.", path=str(path))
        file = os.open(path, os.O_RDWR | NO_LINKS)
        try:
            if try_lock(file) is False:
                raise InputError(f"Another process is writing {self.given}; wait for it or choose another name.")
            if os.fstat(file).st_size < size:
                raise InputError(f"{path} is shorter than it was; start again without --resume.", path=str(path))
            os.ftruncate(file, size)
        except BaseException:
            os.close(file)
            raise
        self.path, self.keep = path, True
        handle = os.fdopen(file, "r+b")
        handle.seek(0, os.SEEK_END)
        return handle

    def _check_target(self) -> None:
        with suppress(FileNotFoundError):
            self._mode = stat.S_IMODE(self.target.stat().st_mode)
            if not os.access(self.target, os.W_OK):
                raise PermissionError("write-protected")


def explain_write_error(error: OSError, target: str) -> InputError:
    """One sentence on why ``target`` cannot be written."""
    folder = Path(os.path.realpath(target)).parent
    if not folder.is_dir():
        return InputError(f"Cannot write {target}: there is no directory {folder}.", path=target)
    reason = error.strerror or str(error)
    return InputError(f"Cannot write {target}: {reason}. Choose another place.", path=target)


def write_bytes_atomically(path: str | Path, content: bytes) -> None:
    """The file ``path`` holds exactly ``content``; when this fails or is killed, what it held before.

    Raises InputError when it cannot be written.
    """
    with AtomicFile(path) as file:
        try:
            file.handle.write(content)
        except OSError as error:
            raise explain_write_error(error, str(path)) from error
        file.commit()


def take_name(path: Path, target: Path) -> Path:
    """Where a finished file is now: at its target, or beside it where another program keeps that from being replaced.

    So it is on Windows while a workbook is open in Excel; an hour's work must not end with that.
    """
    try:
        path.replace(target)
        return target
    except PermissionError:
        if not OPEN_FILES_STAY or not target.exists():
            raise
    number = next(n for n in count(2) if not target.with_stem(f"{target.stem} ({n})").exists())
    other = target.with_stem(f"{target.stem} ({number})")
    path.replace(other)
    _log.warning("%s cannot be replaced; is it open in Excel? Written instead: %s", target.name, other)
    return other


def own_path(target: Path, kind: str) -> Path:
    """A name that no file has yet, beside the target: ``.out.csv.netral-0123456789ab.part``."""
    return target.with_name(f".{short_name(target)}.netral-{secrets.token_hex(6)}.{kind}")


def kind_of(name: str, target: Path) -> str | None:
    """Which kind of file of ours has this name, beside this target; None where it is somebody else's."""
    found = re.fullmatch(rf"\.{re.escape(short_name(target))}\.netral-[0-9a-f]{{12}}\.([a-z]+)", name)
    return found[1] if found else None


def own_files(target: Path, kinds: Sequence[str]) -> Iterator[Path]:
    """The files of ours of these kinds that stand beside the target."""
    try:
        names = os.listdir(target.parent)  # noqa: PTH208 — names are enough, and a folder may hold a million
    except OSError:
        return
    for name in names:
        kind, path = kind_of(name, target), target.with_name(name)
        if kind is not None and kind in kinds and is_own(path):
            yield path


def remove_own(target: Path, kinds: Sequence[str], spared: Iterable[str] = ()) -> None:
    """Remove what killed writers left beside the target; what a living one holds stays."""
    for path in [path for path in own_files(target, kinds) if path.name not in spared]:
        with suppress(OSError):  # somebody else's, or gone already
            file = os.open(path, os.O_RDWR | NO_LINKS)
            try:
                free = try_lock(file) is True and is_still(path, file)
                if free and sys.platform != "win32":
                    path.unlink()
            finally:
                os.close(file)
            if free and sys.platform == "win32":
                path.unlink()


def sync_folder(folder: Path) -> None:
    """The names in the folder are on the disk, where the system can promise that."""
    if sys.platform == "win32":
        return
    with suppress(OSError):  # some network file systems cannot; the rename stands all the same
        file = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(file)
        finally:
            os.close(file)
