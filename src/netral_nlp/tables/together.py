"""The outputs of one run: all of them become visible, or none; what death interrupts, the next run completes.

The order of a commit, each step on the disk before the next:

1. the content of every part;
2. the record ``.OUT.netral-commit``, which names every part, the file whose place it takes, and the name under which
   that file is kept until the end;
3. files that only an earlier run left go aside; then for each output, in the order in which they were opened and the
   main one last: the old file gets its second name, the new one takes its place;
4. the old files go, then the record.

An error in 3 is undone step by step. A run that finds a record, because another one died in 3 or 4, completes it
before anything else. An output that stands alone needs no record: one rename is enough.
"""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path

from netral_nlp.errors import InputError
from netral_nlp.tables.atomic import (
    OLD,
    RUN,
    AtomicFile,
    Provisional,
    explain_write_error,
    kind_of,
    own_path,
    remove_own,
    sync_folder,
    take_name,
    write_bytes_atomically,
)
from netral_nlp.tables.interrupts import put_off
from netral_nlp.tables.locking import OutputLock, is_own, short_name

SCHEMA = 1


@dataclass(frozen=True, slots=True)
class Step:
    """One output of a commit: ``part`` takes the place of ``target``, what stood there is called ``old`` meanwhile.

    Without a part the target goes; ``gone`` then tells which file that is: its inode and when it was last changed.
    Names are relative to the folder of the record; the three of a step stand in one folder.
    """

    target: str
    part: str | None
    old: str
    gone: tuple[int, int] | None = None


class Outputs(Provisional):
    """What one run writes; ``target`` is the main output, the others stand beside it.

    Only one run at a time has them. ``completed`` says that an earlier run died in its commit and was completed here.
    Raises InputError when another process writes the target or its folder cannot be written.
    """

    def __init__(self, target: str | Path) -> None:
        self.target = Path(os.path.realpath(target))
        self._given = str(target)
        self._record = record_of(target)
        self._files: list[AtomicFile] = []
        self._unwanted: list[Path] = []
        try:
            self._lock = OutputLock(self.target, self._given)
        except OSError as error:
            raise explain_write_error(error, self._given) from error
        try:
            self.completed = complete(target)
        except BaseException:
            self._lock.release()
            raise

    def open(self, target: str | Path, *, part: str | None = None, size: int = 0) -> AtomicFile:
        """A new output beside the main one, or the continued ``part`` of an earlier run."""
        self.clean(target, part or "")
        file = AtomicFile(target, kind=RUN, part=part, size=size)
        self._files.append(file)
        return file

    def unwanted(self, target: str | Path) -> None:
        """A file that goes when the others appear: left by an earlier run, it would tell of other things."""
        self._unwanted.append(Path(os.path.realpath(target)))

    def clean(self, target: str | Path, spared: str = "") -> None:
        """Remove the parts that earlier runs left of this output, all but one."""
        remove_own(Path(os.path.realpath(target)), (RUN, OLD), [spared])

    def commit(self) -> None:
        """All outputs under their names. Raises InputError, and everything is as it was before."""
        files = sorted(self._files, key=lambda file: file.target == self.target)  # the main one last
        unwanted = [path for path in self._unwanted if path.is_file()]
        for file in files:
            file.seal()
        with put_off():
            if len(files) == 1 and not unwanted:
                self._rename_one(files[0])
                return
            folder = self.target.parent
            steps = [_step(folder, path, None) for path in unwanted]
            steps += [_step(folder, file.target, file.path) for file in files if file.path is not None]
            content = json.dumps({"schema": SCHEMA, "steps": list(map(asdict, steps))}).encode()
            write_bytes_atomically(self._record, content)
            done: list[tuple[Path, Path]] = []
            try:
                for step in steps:
                    _take(folder, step, done)
                _sync(folder, steps)
            except BaseException as error:
                if not _undo(done) or not _forget(self._record):
                    for file in files:
                        file.keep = True  # the record names them: the next run to this output completes it
                if isinstance(error, OSError):
                    raise explain_write_error(error, self._given) from error
                raise
            for file in files:
                file.published()
            _finish(folder, steps, self._record)

    def discard(self) -> None:
        for file in self._files:
            file.discard()
        self._lock.release()

    def _rename_one(self, file: AtomicFile) -> None:
        if file.path is None:
            return
        try:
            file.target = take_name(file.path, file.target)
        except OSError as error:
            raise explain_write_error(error, self._given) from error
        file.published()
        sync_folder(self.target.parent)


def write_together(contents: Mapping[Path, bytes]) -> None:
    """Each file holds its content, or all of them what they held before; the last one is the main output.

    Raises InputError when one cannot be written.
    """
    with Outputs(list(contents)[-1]) as outputs:
        for path, content in contents.items():
            file = outputs.open(path)
            try:
                file.handle.write(content)
            except OSError as error:
                raise explain_write_error(error, str(path)) from error
        outputs.commit()


def record_of(target: str | Path) -> Path:
    """Where the record of a commit to this output stands."""
    path = Path(os.path.realpath(target))
    return path.with_name(f".{short_name(path)}.netral-commit")


def complete(target: str | Path) -> bool:
    """Complete the commit to this output in which a run died; whether there was one.

    Raises InputError for a record that is not ours, and where the files cannot be renamed.
    """
    record = record_of(target)
    if not os.path.lexists(record):
        return False
    steps = _read(record)
    folder = record.parent
    try:
        for step in steps:
            path, old = folder / step.target, folder / step.old
            if step.part is None:
                if step.gone == _identity(path):
                    path.replace(old)
            elif is_own(folder / step.part):
                (folder / step.part).replace(path)
        _sync(folder, steps)
    except OSError as error:
        raise explain_write_error(error, str(target)) from error
    _finish(folder, steps, record)
    return True


def _read(record: Path) -> list[Step]:
    try:
        if not is_own(record) or record.stat().st_size > 1 << 20:
            raise ValueError("not ours")
        found = json.loads(record.read_bytes())
        if found["schema"] != SCHEMA:
            raise ValueError("another schema")
        steps = [Step(**{**one, "gone": one["gone"] and tuple(one["gone"])}) for one in found["steps"]]
        if not all(map(_is_sound, steps)):
            raise ValueError("names that are not ours")
    except (ValueError, KeyError, TypeError, RecursionError, OSError) as error:
        kind = type(error).__name__
        raise InputError(f"{record} is not a record of ours ({kind}); remove it.", path=str(record)) from None
    return steps


def _is_sound(step: Step) -> bool:
    """Whether a step speaks of no file but its target and files of our own kind beside that."""
    target, own = Path(step.target), {OLD: Path(step.old)}
    if step.part is not None:
        own[RUN] = Path(step.part)
    ours = all(path.parent == target.parent and kind_of(path.name, target) == kind for kind, path in own.items())
    return ours and (step.part is None) == (step.gone is not None)


def _step(folder: Path, target: Path, part: Path | None) -> Step:
    old = own_path(target, OLD)
    name = None if part is None else _relative(part, folder)
    return Step(_relative(target, folder), name, _relative(old, folder), None if part else _identity(target))


def _relative(path: Path, folder: Path) -> str:
    try:
        return os.path.relpath(path, folder)
    except ValueError:  # on another drive
        return str(path)


def _identity(path: Path) -> tuple[int, int] | None:
    try:
        found = path.lstat()
    except OSError:
        return None
    return found.st_ino, found.st_mtime_ns


def _take(folder: Path, step: Step, done: list[tuple[Path, Path]]) -> None:
    """The old file is kept under another name, the new one takes its place; each step is noted for `_undo`."""
    path, old = folder / step.target, folder / step.old
    if path.exists():
        if step.part is None:
            path.replace(old)
        else:  # a second name, so that there is no moment without the file
            try:
                old.hardlink_to(path)
            except OSError:  # a file system that has none
                path.replace(old)
        done.append((path, old))
    if step.part is not None:
        (folder / step.part).replace(path)
        done.append((folder / step.part, path))


def _sync(folder: Path, steps: list[Step]) -> None:
    for place in {(folder / step.target).parent for step in steps}:
        sync_folder(place)


def _undo(done: list[tuple[Path, Path]]) -> bool:
    """All renames taken back, in reverse; whether that succeeded."""
    try:
        for source, goal in reversed(done):
            if source.exists() and source.samefile(goal):  # two names of one file: a rename would leave both
                goal.unlink()
            else:
                goal.replace(source)
    except OSError:
        return False
    return True


def _forget(record: Path) -> bool:
    try:
        record.unlink(missing_ok=True)
    except OSError:
        return False
    sync_folder(record.parent)
    return True


def _finish(folder: Path, steps: list[Step], record: Path) -> None:
    """The old files and then the record go; where that fails, the next run does it."""
    with suppress(OSError):
        for step in steps:
            (folder / step.old).unlink(missing_ok=True)
        _sync(folder, steps)
        record.unlink(missing_ok=True)
        sync_folder(folder)
