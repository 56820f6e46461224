"""A roster as a list of candidates: one row a pair, all that it says in columns that a roster is made of again."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from netral_nlp.roster.elections import Roster
from netral_nlp.roster.writing import DATE_KEYS, LIST_KEYS
from netral_nlp.tables import Cell, open_writer

COLUMNS = {  # of a pair, then of its election, by their keys in a roster
    "number": "nomor urut", "kind": "jenis", "candidate": "nama calon", "running_mate": "nama wakil", "id": "id",
    "aliases": "panggilan", "not_aliases": "bukan panggilan", "hashtags": "tagar", "handles": "akun",
    "slogans": "slogan", "symbols": "simbol", "hostile": "lawan", "name": "pemilihan", "office": "jabatan",
    "zone": "zona", "election": "id pemilihan", "designation": "penetapan", "campaign": "kampanye",
    "quiet": "masa tenang", "vote": "pemungutan suara", "dct": "penetapan dct",
}  # fmt: skip
UNTIL = " sampai "


def write_list(roster: Roster, target: Path) -> None:
    """The pairs as a workbook or CSV; :func:`netral_nlp.roster.drafting.read_list` reads the same roster from it."""
    with open_writer(target, tuple(COLUMNS.values()), guarded=True) as writer:
        writer.write_rows(_rows(roster))
        writer.commit()


def _rows(roster: Roster) -> Iterator[tuple[Cell, ...]]:
    e = roster.election
    for pair in roster.pairs:
        said = {key: "" if (value := getattr(pair, key)) is None else str(value)
                for key in ("number", "kind", "candidate", "running_mate", "id")}  # fmt: skip
        said |= {key: _items(getattr(pair, key)) for key in LIST_KEYS}
        said |= {"name": e.name, "office": e.office, "zone": e.zone, "election": e.id}
        for key in DATE_KEYS:
            day = getattr(e.dates, key)
            said[key] = UNTIL.join(one.isoformat() for one in (day if isinstance(day, tuple) else (day,)) if one)
        yield tuple(said[key] for key in COLUMNS)


def _items(items: tuple[str, ...]) -> str:
    """Several things in one cell: on lines of their own where one of them holds what would part them in a line."""
    return "".join(f"{item}\n" for item in items) if any(";" in item for item in items) else "; ".join(items)
