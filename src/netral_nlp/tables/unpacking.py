"""One file out of a .gz or .zip, spooled to disk, so that it can be read twice."""

from __future__ import annotations

import gzip
import os
import tempfile
import zipfile
import zlib
from collections.abc import Callable
from typing import BinaryIO

from netral_nlp.errors import InputError
from netral_nlp.tables import limits

GZIP, ZIP = b"\x1f\x8b", b"PK\x03\x04"
BLOCK = 1 << 20


def unpack(handle: BinaryIO, name: str) -> tuple[BinaryIO, str]:
    """The file inside and its name, or the file itself where nothing is packed; a workbook is no packed file.

    The packed file is closed when it was unpacked. Raises InputError for an archive that holds several files, has a
    password, is damaged, or unpacks to more than `limits.unpacked` bytes.
    """
    handle.seek(0)
    start = handle.read(4)
    handle.seek(0)
    if start.startswith(GZIP):
        inner = name[:-3] if name.casefold().endswith(".gz") else name
        return _spool(lambda: gzip.GzipFile(fileobj=handle), handle, name), inner
    if start == ZIP:
        return _unzip(handle, name)
    return handle, name


def _unzip(handle: BinaryIO, name: str) -> tuple[BinaryIO, str]:
    try:
        archive = zipfile.ZipFile(handle)
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError):
        if name.casefold().endswith(".zip"):
            raise _damaged(name) from None
        handle.seek(0)
        return handle, name  # a damaged workbook: its reader says so
    members = [one for one in archive.infolist() if not one.is_dir()]
    names = [one.filename for one in members]
    if "[Content_Types].xml" in names or not names:
        handle.seek(0)
        return handle, name
    if "mimetype" in names and "content.xml" in names:
        raise InputError(f"{name} is an OpenDocument file. Save it as .xlsx or CSV.", path=name)
    files = [one for one in members if not _is_by_product(one.filename)]
    if len(files) != 1:
        listed = ", ".join(f'"{one.filename}"' for one in files[:8]) + (" …" if len(files) > 8 else "")
        raise InputError(f"{name} holds {len(files)} files ({listed}). Unpack it and name one of them.", path=name)
    if files[0].flag_bits & 1:
        raise InputError(f"{name} has a password. Unpack it and name the file.", path=name)
    return _spool(lambda: archive.open(files[0]), handle, name), files[0].filename.rsplit("/", 1)[-1]


def _is_by_product(member: str) -> bool:
    """Whether a member is what an operating system adds to an archive."""
    return member.startswith("__MACOSX/") or member.rsplit("/", 1)[-1] in (".DS_Store", "desktop.ini", "Thumbs.db")


def _spool(opened: Callable[[], object], handle: BinaryIO, name: str) -> BinaryIO:
    spool = tempfile.TemporaryFile()  # noqa: SIM115 — closed with the table
    packed, size = os.fstat(handle.fileno()).st_size, 0
    try:
        stream = opened()
        while block := stream.read(BLOCK):  # type: ignore[attr-defined]
            size += len(block)
            limits.check_unpacked(size, packed, name)
            spool.write(block)
    except (EOFError, zlib.error, zipfile.BadZipFile, NotImplementedError, RuntimeError, gzip.BadGzipFile) as error:
        spool.close()
        raise _damaged(name) from error
    except BaseException:
        spool.close()
        raise
    handle.close()
    spool.seek(0)
    return spool


def _damaged(name: str) -> InputError:
    return InputError(f"{name} is damaged or cut short and cannot be unpacked. Get it again.", path=name)
