"""Who may write: a lock on an open file, and the lock that one run holds on its output.

Not the package ``filelock``: it locks a file of its own that stays beside every output for ever, and it cannot lock
a file that is open already, as a part file is. Both are needed here, on Unix (``flock``) and on Windows (``msvcrt``).
"""

from __future__ import annotations

import errno
import hashlib
import os
import stat
import sys
from contextlib import suppress
from pathlib import Path

from netral_nlp.errors import InputError

NO_LINKS = getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_CLOEXEC", 0) | getattr(os, "O_BINARY", 0)
LONGEST = 40  # characters of a target's name in the names of the files beside it


class OutputLock:
    """Only one run writes ``target``, from here to `release`; the lock ends with the process, however it ends.

    The lock file is empty, hidden and stands beside the target; it goes with the lock. Raises InputError when another
    process holds the lock, OSError when the folder cannot be written.
    """

    def __init__(self, target: Path, given: str) -> None:
        self.path = target.with_name(f".{short_name(target)}.netral-lock")
        while True:
            try:
                self._file = os.open(self.path, os.O_RDWR | os.O_CREAT | NO_LINKS, 0o600)
            except OSError as error:
                if error.errno == errno.ELOOP:
                    raise InputError(f"{self.path} is a link, not a lock of ours; remove it.", path=given) from None
                raise
            try:
                if try_lock(self._file) is False:
                    raise InputError(f"Another process is writing {given}; wait for it or choose another name.",
                                     path=given)  # fmt: skip
                if is_still(self.path, self._file):  # else its holder removed it while we waited for the lock
                    return
            except BaseException:
                os.close(self._file)
                raise
            os.close(self._file)

    def release(self) -> None:
        """Let others write; harmless when done twice."""
        file, self._file = self._file, -1
        if file < 0:
            return
        with suppress(OSError):
            if sys.platform != "win32" and os.fstat(file).st_size == 0 and is_still(self.path, file):
                self.path.unlink()  # while it is ours: after the close it may be the next one's
        os.close(file)
        if sys.platform == "win32":
            with suppress(OSError):  # another process has it open
                self.path.unlink()


def short_name(target: Path) -> str:
    """The target's name, or its beginning and a digest where that would be too long with our endings."""
    name = target.name
    if len(name) <= LONGEST:
        return name
    digest = hashlib.blake2b(name.encode("utf-8", "surrogatepass"), digest_size=4).hexdigest()
    return f"{name[: LONGEST - 9]}~{digest}"


def is_still(path: Path, file: int) -> bool:
    """Whether the name still means the open file: between opening and locking it may have got another."""
    try:
        return os.path.samestat(path.lstat(), os.fstat(file))
    except FileNotFoundError:
        return False


def is_own(path: Path) -> bool:
    """Whether a file beside the output can be one of ours: a plain file of this user, under this name alone."""
    try:
        found = path.lstat()
    except OSError:
        return False
    mine = sys.platform == "win32" or found.st_uid == os.geteuid()
    return stat.S_ISREG(found.st_mode) and mine and found.st_nlink == 1


if sys.platform == "win32":
    import msvcrt

    def try_lock(file: int) -> bool | None:
        """Whether nobody else holds the open file, ``None`` if unknown; the lock ends with the process."""
        place = os.lseek(file, 0, os.SEEK_CUR)
        os.lseek(file, 1 << 30, os.SEEK_SET)  # a byte that nobody reads: locks are mandatory there
        try:
            msvcrt.locking(file, msvcrt.LK_NBLCK, 1)
        except PermissionError:
            return False
        except OSError:
            return None
        finally:
            os.lseek(file, place, os.SEEK_SET)
        return True

else:
    import fcntl

    def try_lock(file: int) -> bool | None:
        """Whether nobody else holds the open file, ``None`` if unknown; the lock ends with the process."""
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        except OSError:  # a file system without locks
            return None
        return True
