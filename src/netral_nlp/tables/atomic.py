"""Files that are either the old one or the new one, never half of either."""

from __future__ import annotations

import os
import secrets
import stat
import sys
from abc import ABC, abstractmethod
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import BinaryIO, Self

from netral_nlp.errors import InputError


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
    """A temporary file beside ``target`` that takes its place on `commit`, and vanishes otherwise.

    The temporary name starts with a dot and ends with ``.part``. What killed writers left behind is removed
    here; a file that a living writer still holds is left alone. Devices and pipes are written directly.
    Raises InputError when the directory is missing or not writable.
    """

    def __init__(self, target: str | Path) -> None:
        self.target = Path(os.path.realpath(target))  # through a link, not over it
        self._given = str(target)
        self.path: Path | None = None
        self.handle = self._open()

    def commit(self) -> None:
        """Bytes to the disk, then the new name, then the directory to the disk."""
        if self.handle.closed:
            raise ValueError("this file is already closed")
        try:
            self.handle.flush()
            if self.path is None:
                self.handle.close()
                return
            os.fsync(self.handle.fileno())
            if sys.platform == "win32":
                self.handle.close()  # an open file cannot be renamed there
            self.path.replace(self.target)
        except OSError as error:
            raise explain_write_error(error, self._given) from error
        self.path = None
        self.handle.close()
        _sync_directory(self.target.parent)

    def discard(self) -> None:
        """Forget the temporary file; harmless after `commit`."""
        path, self.path = self.path, None
        with suppress(OSError):  # a full disk may refuse the last flush; the file goes anyway
            self.handle.close()
        if path is not None:
            path.unlink(missing_ok=True)

    def _open(self) -> BinaryIO:
        try:
            mode = self.target.stat().st_mode
        except FileNotFoundError:
            mode = None
        except OSError as error:
            raise explain_write_error(error, self._given) from error
        if mode is not None and stat.S_ISDIR(mode):
            raise InputError(f"{self._given} is a directory; name a file in it.", path=self._given)
        try:
            if mode is not None and not stat.S_ISREG(mode):
                return self.target.open("wb")
            if mode is not None and not os.access(self.target, os.W_OK):
                raise PermissionError("write-protected")
            _remove_stale(self.target)
            while True:
                path = self.target.with_name(f".{self.target.name[:40]}.{secrets.token_hex(6)}.part")
                handle = path.open("xb")
                if _lock(handle) is not False and _is_still(path, handle):
                    break
                handle.close()
        except OSError as error:
            raise explain_write_error(error, self._given) from error
        if mode is not None:
            path.chmod(stat.S_IMODE(mode))
        self.path = path
        return handle


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


def _remove_stale(target: Path) -> None:
    prefix = f".{target.name[:40]}."
    for path in target.parent.iterdir():
        middle = path.name[len(prefix) : -len(".part")]
        if not (path.name.startswith(prefix) and path.name.endswith(".part") and len(middle) == 12):
            continue
        try:
            with path.open("rb+") as handle:
                if _lock(handle) is True:
                    path.unlink()
        except OSError:  # somebody else's, or gone already
            continue


if sys.platform == "win32":

    def _lock(handle: BinaryIO) -> bool | None:
        return True  # Windows itself refuses to delete a file that is open

    def _sync_directory(directory: Path) -> None:
        return None

else:
    import fcntl

    def _lock(handle: BinaryIO) -> bool | None:
        """Whether nobody else holds the file, ``None`` if unknown; the lock ends with the process."""
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        except OSError:  # a file system without locks
            return None
        return True

    def _sync_directory(directory: Path) -> None:
        try:
            descriptor = os.open(directory, os.O_RDONLY)
        except OSError:
            return
        try:
            os.fsync(descriptor)
        except OSError:  # some network file systems cannot; the rename stands all the same
            pass
        finally:
            os.close(descriptor)


def _is_still(path: Path, handle: BinaryIO) -> bool:
    """Whether no cleaner removed the file between its creation and its lock."""
    try:
        return os.path.samestat(path.stat(), os.fstat(handle.fileno()))
    except FileNotFoundError:
        return False


class PartFile(Provisional):
    """``TARGET.part``, which becomes TARGET on `commit`; ``keep`` says whether it stays when there is no commit.

    ``size`` is how much of an earlier part is still good: the rest is cut off. Raises InputError when the target
    cannot be written or another process is at it.
    """

    def __init__(self, target: str | Path, size: int = 0) -> None:
        self.target = Path(os.path.realpath(target))
        self.path = part_of(target)
        self.keep = False
        self._given = str(target)
        try:
            if self.target.exists() and not os.access(self.target, os.W_OK):
                raise PermissionError("write-protected")
            self.handle: BinaryIO = self.path.open("r+b" if self.path.exists() else "x+b")
        except OSError as error:
            raise explain_write_error(error, self._given) from error
        if _lock(self.handle) is False:
            self.handle.close()
            raise InputError(f"Another process is writing {target}; wait for it or choose another name.")
        try:
            self.handle.truncate(size)
        except OSError as error:
            self.handle.close()
            raise explain_write_error(error, self._given) from error

    def checkpoint(self) -> int:
        """All that was written is on the disk; how many bytes that are."""
        try:
            self.handle.flush()
            os.fsync(self.handle.fileno())
        except OSError as error:
            raise explain_write_error(error, self._given) from error
        return self.handle.tell()

    def commit(self) -> None:
        """The part is whole: it takes the target's name."""
        self.checkpoint()
        try:
            if self.target.exists():
                self.path.chmod(stat.S_IMODE(self.target.stat().st_mode))
            if sys.platform == "win32":
                self.handle.close()  # an open file cannot be renamed there
            self.path.replace(self.target)
        except OSError as error:
            raise explain_write_error(error, self._given) from error
        self.handle.close()

    def discard(self) -> None:
        """Close the file, and remove it unless it is to be kept; harmless after `commit`."""
        if self.handle.closed:
            return
        with suppress(OSError):
            self.handle.close()
        if not self.keep:
            self.path.unlink(missing_ok=True)


def part_of(target: str | Path) -> Path:
    """Where the unfinished output of a target is kept."""
    path = Path(os.path.realpath(target))
    return path.with_name(path.name + ".part")
