"""Files that nobody sends by accident, small on the wire: bombs, depths, false types and names that lead elsewhere."""

from __future__ import annotations

import gzip
import io
import json
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache

import openpyxl

from strategies import FULL

HUGE = (640 if FULL else 160) << 20  # bytes that a bomb holds
SHEET = "xl/worksheets/sheet1.xml"
STRINGS = "xl/sharedStrings.xml"
CELL = (b'<row r="1"><c r="A1" t="inlineStr"><is><t>', b"</t></is></c></row>")


@dataclass(frozen=True)
class Hostile:
    """An upload under the name that its sender gives it."""

    kind: str
    name: str
    content: bytes


def zipped(parts: dict[str, bytes | Iterator[bytes]]) -> bytes:
    """An archive, its members written piece by piece."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            with archive.open(name, "w", force_zip64=True) as member:
                for piece in [content] if isinstance(content, bytes) else content:
                    member.write(piece)
    return out.getvalue()


def blanks(size: int = HUGE, piece: bytes = b"a,b\n" * (1 << 18)) -> Iterator[bytes]:
    for _ in range(size // len(piece)):
        yield piece


@cache
def workbook() -> dict[str, bytes]:
    """The parts of a small workbook."""
    book = openpyxl.Workbook()
    book.active.append(["id", "isi"])
    book.active.append([1, "Gas terus Pak Arman"])
    made = io.BytesIO()
    book.save(made)
    with zipfile.ZipFile(made) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def sheet(rows: Iterator[bytes]) -> bytes:
    """That workbook with other rows."""

    def written() -> Iterator[bytes]:
        yield b'<?xml version="1.0"?><worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'
        yield b"<sheetData>"
        yield from rows
        yield b"</sheetData></worksheet>"

    return zipped({**workbook(), SHEET: written()})


def far_cells() -> Iterator[bytes]:
    for row in range(1, 2_000):
        yield f'<row r="{row}"><c r="A{row}"><v>1</v></c><c r="XFD{row}"><v>1</v></c></row>'.encode()


def entities(part: str) -> bytes:
    """Each entity holds ten of the one before: a billion at the end."""
    steps = "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10}">' for n in range(1, 10))
    text = f'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY e0 "tertawa">{steps}]>'.encode()
    return zipped({**workbook(), part: text + workbook()[part].partition(b"?>")[2]})


def gzipped() -> bytes:
    out = io.BytesIO()
    with gzip.GzipFile(fileobj=out, mode="wb", mtime=0) as packed:
        for piece in blanks():
            packed.write(piece)
    return out.getvalue()


def locked() -> bytes:
    """An archive that says that it has a password."""
    made = bytearray(zipped({"a.csv": b"id,isi\n1,halo\n"}))
    for mark, at in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        made[made.index(mark) + at] |= 1
    return bytes(made)


KINDS: dict[str, tuple[str, Callable[[], bytes]]] = {
    "zip bomb": ("a.zip", lambda: zipped({"a.csv": blanks()})),
    "gzip bomb": ("a.csv.gz", gzipped),
    "archives in archives": ("a.zip", lambda: zipped({"b.zip": zipped({"c.zip": zipped({"d.csv": b"a,b\n"})})})),
    "archive of many": ("a.zip", lambda: zipped({f"{n}.csv": b"id,isi\n1,halo\n" for n in range(3)})),
    "archive with a password": ("a.zip", locked),
    "archive cut short": ("a.zip", lambda: zipped({"a.csv": b"id,isi\n1,halo\n" * 100})[:-40]),
    "workbook of cells": ("a.xlsx", lambda: sheet(blanks(piece=b'<row><c t="str"><v>x</v></c></row>' * 30_000))),
    "workbook of one string": (
        "a.xlsx", lambda: sheet(iter([CELL[0], *blanks(), CELL[1]]))
    ),
    "workbook of shared strings": (
        "a.xlsx", lambda: zipped({**workbook(), STRINGS: blanks(piece=b"<si><t>x</t></si>" * 60_000)})
    ),
    "workbook of entities": ("a.xlsx", lambda: entities(SHEET)),
    "workbook of entities in its styles": ("a.xlsx", lambda: entities("xl/styles.xml")),
    "workbook of far cells": ("a.xlsx", lambda: sheet(far_cells())),
    "workbook of many parts": (
        "a.xlsx", lambda: zipped({**workbook(), **{f"xl/x{n}.xml": b"<x/>" for n in range(20_000)}})
    ),
    "workbook without a sheet": ("a.xlsx", lambda: zipped({k: v for k, v in workbook().items() if "sheet" not in k})),
    "deep array": ("a.json", lambda: b"[" * 400_000),
    "deep object": ("a.json", lambda: b'{"a":' * 200_000 + b"1" + b"}" * 200_000),
    "deep lines": ("a.jsonl", lambda: (b'{"isi":' + b"[" * 100_000 + b"]" * 100_000 + b"}\n") * 3),
    "one JSON number": ("a.json", lambda: b"1" * 5_000_000),
    "JSON of keys": ("a.json", lambda: json.dumps([{f"k{n}": n} for n in range(60_000)]).encode()),
    "enormous header": ("a.csv", lambda: b"x" * 6_000_000 + b",isi\n1,halo\n"),
    "header of many columns": ("a.csv", lambda: b",".join(b"k%d" % n for n in range(200_000)) + b"\n"),
    "one long line": ("a.csv", lambda: b"x" * 30_000_000),
    "nothing but zeros": ("a.csv", lambda: bytes(3_000_000)),
    "nothing but line ends": ("a.csv", lambda: b"\n" * 1_000_000),
    "only a mark": ("a.csv", lambda: b"\xef\xbb\xbf"),
    "picture": ("a.csv", lambda: b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 400),
    "document": ("a.xlsx", lambda: b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n" + b"1 0 obj\n<<>>\nendobj\n" * 500),
    "old workbook": ("a.xlsx", lambda: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(8_000)),
    "program": ("a.parquet", lambda: b"\x7fELF" + bytes(range(256)) * 40),
    "database": ("a.csv", lambda: b"SQLite format 3\0" + bytes(4_096)),
    "page": ("a.xlsx", lambda: b"<html><table><tr><td>isi</td></tr></table></html>"),
    "parquet of lies": ("a.parquet", lambda: b"PAR1" + b"\xff" * 400 + (0x7FFFFFF0).to_bytes(4, "little") + b"PAR1"),
    "half characters": ("a.csv", lambda: b"\xff\xfe" + "id,isi\n".encode("utf-16-le") + b"\x00\xd8\x00"),
}  # fmt: skip
NAMES = (
    "../../../../etc/passwd.csv", "C:\\Windows\\..\\..\\x.csv", "/etc/cron.d/x.csv", "a\u202evsc.exe.csv",
    "." * 200 + ".csv", "n" * 300 + ".csv", "\u0000x.csv", "con.csv", "a\nb\r\nc.csv",
    '"><script>x</script>.csv', ".csv.csv",
)  # fmt: skip


def files() -> Iterator[Hostile]:
    """All of them, one at a time."""
    for kind, (name, make) in KINDS.items():
        yield Hostile(kind, name, make())
