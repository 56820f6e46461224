"""Clean tables of our own, and every way in which exports spoil them: bytes, and the records that must come out.

A kind of pollution takes a table (names and rows) and gives the file and the cells of each record, in order; None
stands for a record that is itself broken: it may be rejected, but it must not come out with its cells shifted.
"""

from __future__ import annotations

import csv
import gzip
import io
import json
import random
import zipfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

NAMES = ["id", "waktu", "akun", "teks", "suka"]
WORDS = [
    "gas", "terus", "pak", "hasan", "nomor", "dua,", "menang!", "janji", "palsu;", "tolak", "saja", "|", "rapat",
    '"koordinasi"', "hari", "ini", "kata", "'beliau'", "semoga", "amanah", "warga", "pasar", "jalan", "rusak", "bu",
    "lestari", "hadir", "di", "balai", "kota", "☝️", "hujan", "lagi",
]  # fmt: skip
Cells = tuple[str, ...]


@dataclass(frozen=True)
class Polluted:
    """A file as bytes, its name, and its records."""

    kind: str
    name: str
    content: bytes
    records: list[Cells | None]


def make_rows(seed: int, count: int = 40) -> list[Cells]:
    """Rows of invented posts; texts hold delimiters and quotation marks."""
    chance = random.Random(seed)
    rows = []
    for number in range(1, count + 1):
        text = " ".join(chance.choice(WORDS) for _ in range(chance.randint(4, 12)))
        day = f"2024-11-{chance.randint(1, 27):02d} 08:{chance.randint(0, 59):02d}"
        rows.append((str(1000 + number), day, f"akun_{chance.randint(1, 99)}", text, str(chance.randint(0, 500))))
    return rows


def written(
    rows: Sequence[Sequence[str]], names: Sequence[str] | None = NAMES, *, delimiter: str = ",", quote: str = '"',
    end: str = "\n", escape: str | None = None, everything: bool = False,
) -> str:  # fmt: skip
    """The table as CSV."""
    buffer = io.StringIO(newline="")
    writer = csv.writer(
        buffer, delimiter=delimiter, quotechar=quote, lineterminator=end, escapechar=escape, doublequote=escape is None,
        quoting=csv.QUOTE_ALL if everything else csv.QUOTE_MINIMAL,
    )  # fmt: skip
    writer.writerows([*([names] if names is not None else []), *rows])
    return buffer.getvalue()


def _csv(kind: str, text: str, records: Sequence[Cells | None], name: str = "t.csv") -> Polluted:
    return Polluted(kind, name, text.encode(), list(records))


def whole_files(rows: list[Cells]) -> Iterator[Polluted]:
    """Faults of a whole file: every record must come out."""
    plain = written(rows)
    yield _csv("clean", plain, rows)
    for mark, called in ((";", "semicolon"), ("\t", "tab"), ("|", "bar")):
        yield _csv(f"delimiter {called}", written(rows, delimiter=mark), rows)
    yield _csv("delimiter blank", written(rows, delimiter=" "), rows)
    wide = written(rows, everything=True).replace('","', '", "')
    yield _csv("delimiter comma and blank", wide, rows)
    bare = [(*row[:3], " ".join("".join(c for c in row[3] if c not in ",;|\"'").split()), row[4]) for row in rows]
    yield _csv("comma and blank, nothing quoted", "".join(", ".join(r) + "\n" for r in [tuple(NAMES), *bare]), bare)
    yield _csv("single quotation marks", written(rows, quote="'"), rows)
    yield _csv("single quotation marks, semicolons", written(rows, quote="'", delimiter=";"), rows)
    straight = [(*row[:3], row[3].replace("\\", ""), row[4]) for row in rows]
    escaped = written(straight, everything=True).replace('""', '\\"')
    yield _csv("backslash escapes", escaped, straight)
    for end, called in (("\r\n", "crlf"), ("\r", "cr")):
        yield _csv(f"row ends {called}", written(rows, end=end), rows)
    mixed = "".join(line + ("\r\n" if i % 2 else "\n") for i, line in enumerate(plain.splitlines()))
    yield _csv("row ends mixed", mixed, rows)
    yield _csv("no end of the last row", plain.rstrip("\n"), rows)
    yield _csv("empty lines at the end", plain + "\n\n", rows)
    yield _csv("empty lines between", plain.replace("\n", "\n\n"), rows)
    yield _csv("preamble", "Laporan pemantauan media sosial\nPeriode 1-27 November 2024\n\n" + plain, rows)
    yield _csv("preamble with delimiters", "Laporan pemantauan,,,,\n,,,,\nPeriode,November 2024,,,\n" + plain, rows)
    yield _csv("preamble as wide as the table", "# dicetak, 27 November 2024, 08:00, Sari, rahasia\n" + plain, rows)
    yield _csv("preamble of quoted text", '"Laporan, dicetak 27 November 2024"\n' + plain, rows)
    yield _csv("sep= for Excel", "sep=;\r\n" + written(rows, delimiter=";", end="\r\n"), rows)
    yield _csv("no header", written(rows, None), rows)
    yield _csv("header of two rows", "Unggahan,,,,\n" + plain, rows)
    yield _csv("one row only", written(rows[:1]), rows[:1])
    yield _csv("trailing delimiters everywhere", plain_lines(plain, ","), rows)
    yield _csv("trailing delimiters but in the header", plain_lines(plain, ",", skip=1), rows)
    yield _csv("header again in the middle", written([*rows[:20], tuple(NAMES), *rows[20:]]),
               [*rows[:20], None, *rows[20:]])  # fmt: skip
    yield _csv("doubled name that is not needed", written(rows, ["id", "x", "x", "teks", "suka"]), rows)
    yield _csv("last name empty", written(rows, [*NAMES[:-1], ""]), rows)
    yield _csv("no header, a cell like a name", written([(*r[:2], "komentar", *r[3:]) for r in rows], None),
               [(*r[:2], "komentar", *r[3:]) for r in rows])  # fmt: skip
    yield _csv("header with an empty name too many", plain.replace("id,waktu", "id,,waktu", 1), rows)
    yield _csv("header with a stray quotation mark", plain.replace("id,waktu", 'id,"waktu', 1), rows)
    yield Polluted("byte order mark", "t.csv", b"\xef\xbb\xbf" + plain.encode(), list(rows))
    yield Polluted("utf-16", "t.csv", plain.encode("utf-16"), list(rows))
    yield Polluted("gz", "t.csv.gz", gzip.compress(plain.encode()), list(rows))
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w") as packed:
        packed.writestr("unduhan/t.csv", plain)
        packed.writestr("__MACOSX/._t.csv", b"x")
    yield Polluted("zip", "t.zip", archive.getvalue(), list(rows))
    objects = [dict(zip(NAMES, row, strict=True)) for row in rows]
    for kind, indent in (("json array", None), ("json array, indented", 2)):
        yield _csv(kind, json.dumps(objects, indent=indent, ensure_ascii=False), rows, "t.json")
    yield _csv("json lines", "".join(json.dumps(one) + "\n" for one in objects), rows, "t.json")
    yield _csv("json array in an object", json.dumps({"ok": True, "data": objects}), rows, "t.json")
    columns = {name: {str(at): row[i] for at, row in enumerate(rows)} for i, name in enumerate(NAMES)}
    yield _csv("json columns", json.dumps(columns), rows, "t.json")
    yield _csv("json columns as lists", json.dumps({n: list(c.values()) for n, c in columns.items()}), rows, "t.json")
    yield _csv("json rows by key", json.dumps(dict(zip(map(str, range(99)), objects, strict=False))), rows, "t.json")
    yield _csv("json names beside rows", json.dumps({"columns": NAMES, "data": rows}), rows, "t.json")
    nested = [{"id": r[0], "waktu": r[1], "user": {"name": r[2]}, "teks": r[3], "suka": int(r[4])} for r in rows]
    yield _csv("nested json", json.dumps(nested), rows, "t.json")


def plain_lines(text: str, behind: str, skip: int = 0) -> str:
    """The text with something behind every line, but for the first few."""
    lines = text.splitlines()
    return "".join(line + (behind if at >= skip else "") + "\n" for at, line in enumerate(lines))


def single_rows(rows: list[Cells], chance: random.Random) -> Iterator[Polluted]:
    """Faults of one row: all others must come out, and this one never shifted."""
    lines = written(rows).splitlines()
    head, body = lines[0], lines[1:]

    def spoilt(kind: str, change: Callable[[str], str], own: Cells | None = None) -> Polluted:
        at = chance.randrange(1, len(body))
        changed = [change(line) if i == at else line for i, line in enumerate(body)]
        records: list[Cells | None] = [own if i == at else row for i, row in enumerate(rows)]
        return _csv(kind, "\n".join([head, *changed]) + "\n", records)

    yield spoilt("a delimiter too many at the start", lambda line: "," + line)
    yield spoilt("a delimiter too many at the end", lambda line: line + ",")
    yield spoilt("two delimiters too many at the end", lambda line: line + ",,")
    yield spoilt("a delimiter too many inside", lambda line: line.replace(",", ",,", 1))
    yield spoilt("a delimiter too few", lambda line: line.replace(",", "", 1))
    yield spoilt("a quotation mark at the start", lambda line: '"' + line)
    yield spoilt("a quotation mark at the end", lambda line: line + '"')
    yield spoilt("another delimiter", lambda line: line.replace(",", ";"))
    yield spoilt("a cell too many", lambda line: line + ",lebih")
    yield spoilt("cut short", lambda line: line.split(",")[0])
    at = chance.randrange(len(rows))
    cr = [(*row[:3], row[3].replace(",", "").replace('"', "") + "\rlagi", row[4]) if i == at else row
          for i, row in enumerate(rows)]  # fmt: skip
    text = "\n".join(line.replace('"', "") if "\r" in line else line for line in written(cr).split("\n"))
    yield _csv("a bare carriage return without quotation marks", text, cr)


def workbooks(rows: list[Cells]) -> Iterator[Polluted]:
    """Workbooks with covers, titles, neighbours and doubled names."""
    from openpyxl import Workbook

    def saved(kind: str, book: Workbook) -> Polluted:
        stream = io.BytesIO()
        book.save(stream)
        return Polluted(kind, "t.xlsx", stream.getvalue(), list(rows))

    def filled(sheet: object, above: Sequence[Sequence[str]] = (), names: Sequence[str] = NAMES) -> None:
        for r, row in enumerate([*above, names, *rows], 1):
            for c, cell in enumerate(row, 1):
                if cell != "":
                    sheet.cell(r, c, cell)  # type: ignore[attr-defined]

    book = Workbook()
    filled(book.active)
    yield saved("workbook", book)
    book = Workbook()
    book.active.title = "Ringkasan"
    for line in (["Tanggal", "Dukung", "Tolak"], ["2024-11-01", 3, 1]):
        book.active.append(line)
    filled(book.create_sheet("Data"))
    yield saved("workbook with a cover sheet", book)
    book = Workbook()
    filled(book.active, [["LAPORAN PEMANTAUAN MEDIA SOSIAL"], ["Periode 1-7 November 2024"], []])
    book.active.merge_cells("A1:E1")
    yield saved("workbook with merged titles", book)
    book = Workbook()
    filled(book.active, [["Identitas", "", "Unggahan"]])
    book.active.merge_cells("A1:B1")
    yield saved("workbook with groups above the names", book)
    book = Workbook()
    filled(book.active)
    for r, line in enumerate([("Nama", "Jabatan"), ("Budi", "Guru"), ("Sari", "Lurah")], 1):
        for c, cell in enumerate(line, 8):
            book.active.cell(r, c, cell)
    yield saved("workbook with a table beside", book)
    book = Workbook()
    filled(book.active, names=["id", "x", "x", "teks", "suka"])
    yield saved("workbook with a doubled name", book)
    book = Workbook()
    filled(book.active, names=NAMES[:-1])
    yield saved("workbook with a nameless last column", book)


def pollutions(seed: int) -> list[Polluted]:
    """Every kind once."""
    rows = make_rows(seed)
    return [*whole_files(rows), *single_rows(rows, random.Random(seed)), *workbooks(rows)]
