"""A roster from a list of candidates in a workbook or CSV, one row a pair, and rosters as commented TOML to fill in."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from netral_nlp.errors import InputError
from netral_nlp.roster.elections import EMPTY_BOX, Place
from netral_nlp.roster.fields import YEARS
from netral_nlp.roster.names import person_names
from netral_nlp.roster.writing import DATE_KEYS, LIST_KEYS, PERIODS
from netral_nlp.tables import Layout, Row, open_table, whole_rows

TABLES = (".xlsx", ".xlsm", ".csv", ".tsv")
# Key of a roster -> what the column may be called, folded by `_fold`; the first that fits wins.
COLUMNS: Mapping[str, re.Pattern[str]] = {
    key: re.compile(pattern)
    for key, pattern in {
        "id": r"id|kode(paslon)?",
        "number": r"no|nomor|number|(no|nomor)urut\w*|no(mor)?(paslon|pasangan(calon)?)",
        "kind": r"jenis|kind",
        "running_mate": r"runningmate|(nama)?(calon)?wakil\w*|wawali|wabup|wagub|cawapres",
        "office": r"jabatan|office|jenispemilihan",
        "name": r"pemilihan|namapemilihan|election",
        "zone": r"zona|zonawaktu|zone",
        "election": r"id(pemilihan|election)|(election|pemilihan)id",
        "designation": r"penetapan(paslon|calon)?|designation",
        "campaign": r"(masa)?kampanye|campaign",
        "quiet": r"(masa)?tenang|quiet",
        "vote": r"(hari|tanggal)?pemungutansuara|vote",
        "dct": r"(penetapan)?dct",
        "not_aliases": r"bukan(nama)?(panggilan|sebutan)|notaliase?s?",
        "aliases": r"panggilan|namapanggilan|sebutan|aliase?s?",
        "hashtags": r"tagar|hashtags?",
        "handles": r"akun(resmi|medsos)?|handles?",
        "slogans": r"slogans?|tagline|jargon",
        "symbols": r"simbol(jari)?|symbols?",
        "hostile": r"(tagar)?(lawan|penolak)|hostile",
        "couple": r"(nama)?(pasangan|paslon)\w*",
        "candidate": r"candidate|nama|calon\w*|nama(lengkap)?calon\w*",
    }.items()
}
ELECTION = ("id", "office", "name", "zone")
OFFICES = (  # how a list that has no column for it gives the office away
    ("mayor", r"wali\s?kota|pilwalkot|pilwako"), ("regent", r"bupati|pilbup"), ("governor", r"gubernur|pilgub"),
    ("president", r"presiden|pilpres"), ("legislature", r"legislatif|pileg|\bcaleg|\bdprd?\b|\bdpd\b"),
)  # fmt: skip
MONTHS = {  # by their first three letters
    "jan": 1, "feb": 2, "mar": 3, "apr": 4, "mei": 5, "may": 5, "jun": 6, "jul": 7, "agu": 8, "ags": 8, "agt": 8,
    "aug": 8, "sep": 9, "okt": 10, "oct": 10, "nov": 11, "nop": 11, "des": 12, "dec": 12,
}  # fmt: skip
TITLES = 30  # rows above the names of the columns at most
ZONES = {"wib": "Asia/Jakarta", "wita": "Asia/Makassar", "wit": "Asia/Jayapura"}
_BOX = re.compile(r"(kolom|kotak)\s+kosong", re.IGNORECASE)
_BETWEEN = re.compile(r"\s+(?:-|–|&|dan|/)\s+|\s*\n\s*")
_ITEMS = re.compile(r"\s*;\s*")
_UNTIL = re.compile(r"\s+(?:s\.?/?d\.?|sampai(?:\s+dengan)?|hingga|-|–|—)\s+", re.IGNORECASE)


def is_table(path: str | Path) -> bool:
    """Whether a roster file is a table, by its name."""
    return Path(path).suffix.casefold() in TABLES


def read_list(path: str | Path) -> tuple[dict[str, Any], dict[Place, int]]:
    """What a list of candidates says, as the TOML of a roster would, and in which row of the sheet each pair stands.

    Titles may stand above the names of the columns. Several items of one cell stand on lines of their own or, where it
    has one line only, between semicolons. What is said of the election is that of the first row that says it, else of
    the titles. Raises InputError for a list without a column of candidates.
    """
    titles, found, rows = _below_header(path)
    election: dict[str, Any] = {}
    pairs: list[dict[str, Any]] = []
    lines: dict[Place, int] = {("election",): 1}
    for row in rows:
        cells = {key: row.cells[at] if key in LIST_KEYS else row.cells[at].strip() for key, at in found.items()}
        for key, column in (("id", "election"), *((key, key) for key in (*ELECTION[1:], *DATE_KEYS))):
            if cells.get(column):
                election.setdefault(key, cells[column])
        pair = _pair(cells)
        if pair:
            lines["pair", len(pairs)] = row.line
            pairs.append(pair)
    stem = re.sub(r"[^a-z0-9]+", "-", Path(path).stem.casefold()).strip("-")
    named = next((title for title in titles if title.casefold().startswith("pemilihan ")), Path(path).stem)
    election = {"id": stem or "pemilihan", "name": named, **election}
    written = str(election.get("office", ""))
    election["office"] = _office(written) or written or _office(f"{election['name']} {Path(path).stem} {titles}")
    if "zone" in election:
        election["zone"] = ZONES.get(str(election["zone"]).casefold(), election["zone"])
    dates = {key: _days(key, election.pop(key)) for key in DATE_KEYS if key in election}
    if dates:
        election["dates"] = dates
    if not election["office"]:
        del election["office"]
    return {"election": election, "pair": pairs}, lines


def _below_header(path: str | Path) -> tuple[list[str], dict[str, int], list[Row]]:
    """The cells down to the header, where each key of a roster stands, and the rows below; none may be unreadable."""
    with open_table(path, Layout(no_header=True)) as table:
        records = list(table)
        name = table.name
    best: dict[str, int] = {}
    place = 0
    for index, record in enumerate(records[:TITLES]):
        keys = _keys_of(record.cells) if isinstance(record, Row) else {}
        if {"candidate", "couple"} & set(keys) and len(keys) > len(best):
            best, place = keys, index
    above = [one.cells for one in records[: place + 1] if isinstance(one, Row)]
    titles = [cell.strip() for cells in above for cell in cells if cell.strip()]
    if not best:
        shown = ", ".join(f'"{title}"' for title in titles[:12])
        raise InputError(
            f'{name} has no column with candidates; found {shown}. Call it "nama calon", beside it "nama '
            'wakil", "nomor urut", "jabatan" (wali kota, bupati, gubernur, presiden) and "pemilihan".',
            path=str(path),
        )
    return titles, best, whole_rows(records[place + 1 :], name, path)


def _keys_of(cells: Sequence[str]) -> dict[str, int]:
    """Which keys the cells name, each with its place; the first of two wins."""
    found: dict[str, int] = {}
    for at, cell in enumerate(cells):
        folded = _fold(cell)
        key = next((key for key, pattern in COLUMNS.items() if pattern.fullmatch(folded)), None)
        if key is not None:
            found.setdefault(key, at)
    return found


def _days(key: str, cell: str) -> str | list[str]:
    """A day, or the first and the last of a period.

    >>> _days("campaign", "25 September 2024 s.d. 23 November 2024"), _days("vote", "27-11-2024")
    (['2024-09-25', '2024-11-23'], '2024-11-27')
    """
    days = [_day(part) for part in (_UNTIL.split(cell) if key in PERIODS else [cell])]
    return days if len(days) > 1 else days[0]


def _day(cell: str) -> str:
    """A day as TOML writes it, where the cell is one.

    >>> _day("27 November 2024"), _day("2024-11-27T00:00:00"), _day("Rabu, 27-11-2024"), _day("besok")
    ('2024-11-27', '2024-11-27', '2024-11-27', 'besok')
    """
    if found := re.match(r"\d{4}-\d\d-\d\d(?![\d-])", cell):
        return found.group()
    found = re.fullmatch(r"(?:\w+,\s*)?(\d{1,2})[\s./-]+(\w+?)[\s./-]+(\d{4})", cell.strip())
    if not found:
        return cell
    day, month, year = found.groups()
    number = int(month) if month.isdecimal() else MONTHS.get(month.casefold()[:3], 0)
    return f"{year}-{number:02d}-{int(day):02d}" if 1 <= number <= 12 else cell


def _fold(name: str) -> str:
    return re.sub(r"[^a-z]", "", name.casefold())


def _office(text: str) -> str:
    return next((office for office, pattern in OFFICES if re.search(pattern, text, re.IGNORECASE)), "")


def _pair(cells: Mapping[str, str]) -> dict[str, Any]:
    candidate, mate = cells.get("candidate", ""), cells.get("running_mate", "")
    if not candidate and cells.get("couple"):
        candidate, *rest = _BETWEEN.split(cells["couple"], maxsplit=1)
        mate = mate or "".join(rest)
    if not candidate and not mate:
        return {}
    pair: dict[str, Any] = {"id": cells.get("id") or "-".join(filter(None, (_short(candidate), _short(mate))))}
    number = cells.get("number", "").removesuffix(".0")
    if number:
        pair["number"] = int(number) if number.isascii() and number.isdigit() else number
    kind = cells.get("kind", "").casefold()
    if _BOX.search(candidate) and kind in ("", EMPTY_BOX):
        pair |= {"id": cells.get("id") or "Kolom-Kosong"}
        kind = EMPTY_BOX
    if kind:
        pair["kind"] = kind
    pair["candidate"] = candidate
    if mate:
        pair["running_mate"] = mate
    for key in LIST_KEYS:
        lines = cells.get(key, "").split("\n")
        items = [item.strip() for item in (lines if len(lines) > 1 else _ITEMS.split(lines[0])) if item.strip()]
        if items:
            pair[key] = items
    return pair


def _short(person: str) -> str:
    """The first name without titles: it stands in tables, where whole names would not fit."""
    found = person_names(person)
    return found[0][0].title() if found else ""


TEMPLATE: dict[str, Any] = {
    "election": {"id": "kota-contoh-2024", "name": "Pemilihan Wali Kota Contoh 2024", "office": "mayor"},
    "pair": [
        {"id": "Satu-Dua", "number": 1, "candidate": "Nama Calon Satu", "running_mate": "Nama Wakil Dua"},
        {"id": "Tiga-Empat", "number": 2, "candidate": "Nama Calon Tiga", "running_mate": "Nama Wakil Empat"},
    ],
}
_OF_PAIRS = {
    "aliases": 'sebutan sehari-hari: ["Pak Arman", "Bu Lestari"]',
    "hashtags": 'tagar pendukung: ["#ArmanLestari"]',
    "handles": 'akun resmi dan relawan: ["@armanhidayat"]',
    "slogans": 'slogan: ["Samudra Bangkit"]',
    "symbols": 'salam jari: ["☝️"]',
    "hostile": 'tagar penentang: ["#TolakArman"]',
}


def render(tables: Mapping[str, Any]) -> str:
    """A roster as TOML, with a comment in Indonesian at everything that is to be filled in."""
    return "\n".join(_lines(tables)) + "\n"


def _lines(tables: Mapping[str, Any]) -> Iterator[str]:
    election = tables["election"]
    yield "# Daftar paslon satu pemilihan. Baris yang diawali # hanyalah keterangan. Simpan sebagai UTF-8, periksa:"
    yield "#   netral roster check NAMA-BERKAS.toml"
    yield ""
    yield "[election]"
    yield f"id = {_written(election['id'])}                  # huruf kecil, angka dan tanda -"
    yield f"name = {_written(election['name'])}"
    yield f"office = {_written(election.get('office', ''))}   # president, governor, regent, mayor atau legislature"
    yield f"zone = {_written(election.get('zone', 'Asia/Jakarta'))}   # WITA: Asia/Makassar, WIT: Asia/Jayapura"
    yield ""
    yield "[election.dates]                     # dari keputusan KPU; hapus tanda # di depan baris yang diisi"
    yield "# designation = 2024-09-22           # penetapan paslon"
    yield "# campaign = [2024-09-25, 2024-11-23]"
    yield "# quiet = [2024-11-24, 2024-11-26]   # masa tenang"
    vote = election.get("dates", {}).get("vote")
    yield f"vote = {_written(vote)}" if vote else "# vote = 2024-11-27                  # pemungutan suara"
    for pair in tables["pair"]:
        yield ""
        yield "[[pair]]"
        for key in ("id", "number", "kind", "candidate", "running_mate"):
            if key in pair:
                yield f"{key} = {_written(pair[key])}"
        if pair.get("kind") != EMPTY_BOX:
            for key, meant in _OF_PAIRS.items():
                yield f"{key} = {_written(pair.get(key, []))}   # {meant}"
    if not any(pair.get("kind") == EMPTY_BOX for pair in tables["pair"]):
        yield ""
        yield "# Calon tunggal? Hapus tanda # di depan empat baris ini: kolom kosong juga pilihan di surat suara."
        yield "# [[pair]]"
        yield '# id = "Kolom-Kosong"'
        yield f"# number = {len(tables['pair']) + 1}"
        yield '# kind = "kolom kosong"'


def _written(value: object) -> str:
    if isinstance(value, str) and re.fullmatch(r"\d{4}-\d\d-\d\d", value) and int(value[:4]) in YEARS:
        return value  # a date
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")
