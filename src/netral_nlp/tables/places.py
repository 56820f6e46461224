"""Where an output goes: its folder made, and told before any work begins if nothing can be written there."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

from netral_nlp.errors import InputError
from netral_nlp.tables.atomic import explain_write_error


def make_folder(target: str | Path) -> None:
    """The folder of an output is there; nothing for ``-``. Raises InputError where it cannot be made."""
    if str(target) == "-":
        return
    try:
        Path(target).parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        what = error.strerror or type(error).__name__
        raise InputError(f"Cannot make the folder {Path(target).parent}: {what}. Choose another place.",
                         path=str(target)) from error  # fmt: skip


def check_writable(*targets: str | Path | None) -> None:
    """Nothing where a file can be written to each target (None and ``-`` are none); raises InputError where not.

    What takes half a minute to compute must not be lost at the end: a file is made there and removed again.
    """
    for target in targets:
        if target is not None and str(target) != "-":
            _check(target)


def _check(target: str | Path) -> None:
    path = Path(os.path.realpath(target))
    if path.is_dir():
        raise InputError(f"{target} is a directory; name a file in it.", path=str(target))
    make_folder(target)
    try:
        if path.exists() and not os.access(path, os.W_OK):
            raise PermissionError(13, "write-protected")
        with tempfile.TemporaryFile(dir=path.parent) as probe:
            probe.write(b"\0")
            probe.flush()
    except OSError as error:
        raise explain_write_error(error, str(target)) from error
