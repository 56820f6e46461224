"""A table with pseudonyms in the place of accounts and names; whoever holds the key, and nobody else, can tell who."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from netral_nlp.errors import InputError, UsageError
from netral_nlp.roster import Roster
from netral_nlp.roster.pseudonyms import ACCOUNT, PERSON, Pseudonyms, pattern_of, read_key
from netral_nlp.scoring.inputs import SUFFIX
from netral_nlp.tables import TEXT_COLUMNS, Rejected, Row, Table, open_table, open_writer
from netral_nlp.tables.accounts import account_columns

NAME_COLUMNS = (
    "nama", "nama_lengkap", "nama_pegawai", "nama_asn", "nama_pelapor", "nama_terlapor", "name", "full_name",
    "fullname", "display_name", "real_name", "terlapor", "pelapor", "nip", "nik",
)  # fmt: skip
EVIDENCE = "bukti"
_SIGNS = ("@", "://", "www.")  # what a cell of any other column must hold to be read as a text


@dataclass(frozen=True, slots=True)
class Pseudonymised:
    """``rows`` were written, ``rejected`` could not be read; ``identities`` is how many names the key now holds."""

    rows: int
    rejected: int
    identities: int


@dataclass(frozen=True, slots=True)
class _Columns:
    """Where the accounts, the persons and the texts of a table stand."""

    accounts: frozenset[int]
    persons: frozenset[int]
    texts: frozenset[int]

    @classmethod
    def of(cls, table: Table, wanted: Sequence[str], further: Sequence[str]) -> _Columns:
        folded = [_fold(name) for name in table.columns]
        for name in (*wanted, *further):
            if _fold(name) not in folded:
                raise InputError(f'{table.name} has no column "{name}".', path=table.name)
        persons = {at for at, name in enumerate(folded) if name in {_fold(n) for n in (*NAME_COLUMNS, *wanted)}}
        own = {at for at, name in enumerate(folded) if name in set(map(_fold, further))}
        persons -= own
        accounts = ({*account_columns(table.columns)} | own) - persons
        texts = {at for at, name in enumerate(folded) if name in {*map(_fold, TEXT_COLUMNS), EVIDENCE}}
        texts |= {at for at, name in enumerate(folded) if name.startswith(_fold(EVIDENCE + SUFFIX))}
        return cls(frozenset(accounts), frozenset(persons), frozenset(texts))


def pseudonymise_file(
    path: str | Path,
    output: str | Path,
    key: str | Path,
    *,
    roster: Roster | None = None,
    names: Sequence[str] = (),
    accounts: Sequence[str] = (),
) -> Pseudonymised:
    """Write the table with pseudonyms, and the key where it was named; a key that is there already goes on.

    Accounts and persons' names have columns by their usual names (``names``, ``accounts``: further columns). In
    texts and evidence every handle but the roster's own and every name from a names' column is replaced, and links,
    addresses and numbers are masked. Ids of posts stay. Raises UsageError when the key would lie beside the output.
    """
    if str(output) != "-" and Path(key).resolve().parent == Path(output).resolve().parent:
        raise UsageError(f"The key would lie beside {output}; keep it apart: name another folder with --key.")
    pseudonyms = read_key(key) if Path(key).exists() else Pseudonyms()
    with open_table(path) as table:
        columns = _Columns.of(table, names, accounts)
        known = {row.cells[at] for row in table if isinstance(row, Row) for at in columns.persons}
    found = pattern_of(known)
    rejected = 0

    def rows(table: Table) -> Iterator[list[str]]:
        nonlocal rejected
        for row in table:
            if isinstance(row, Rejected):
                rejected += 1
                continue
            cells = list(row.cells)
            for at, cell in enumerate(cells):
                if at in columns.persons:
                    cells[at] = pseudonyms.of(cell, PERSON)
                elif at in columns.accounts and "@" not in cell.strip().lstrip("@"):
                    cells[at] = pseudonyms.of(cell, ACCOUNT)
                elif at in columns.texts | columns.accounts or any(sign in cell for sign in _SIGNS):
                    cells[at] = pseudonyms.text(cell, roster, found)
            yield cells

    with open_table(path) as table, open_writer(output, table.columns) as writer:
        writer.write_rows(rows(table))
        pseudonyms.save(key)  # before the output: who is meant must never be lost
        writer.commit()
        return Pseudonymised(writer.rows, rejected, len(pseudonyms.names))


def _fold(name: str) -> str:
    return "".join(c for c in name.casefold() if c.isalnum())
