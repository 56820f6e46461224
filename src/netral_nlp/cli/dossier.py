"""``netral dossier assess``"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated, Any

import typer

from netral_nlp.cli.law import FolderOption
from netral_nlp.cli.options import RostersOption, write_json
from netral_nlp.cli.terminal import count, say
from netral_nlp.errors import InputError

app = typer.Typer(no_args_is_help=True, rich_markup_mode=None)
REFUSED = 5  # exit code: done, but some cases were refused


@app.callback()
def root() -> None:
    """Assess reports and findings: complete, in time, under which rules. Indications for a person, not verdicts."""


@app.command()
def assess(
    cases: Annotated[str, typer.Argument(help='JSON file {"schema": 1, "kasus": [...]}; - is standard input.')],
    json_file: Annotated[str | None, typer.Option("--json", help="Write the answers as JSON; - is stdout.")] = None,
    rosters: RostersOption = None,
    law_tables: FolderOption = None,
) -> None:
    """Tell of many cases what is open, which deadlines run and whose rules hold."""
    from netral_nlp.law.cases import assess_cases
    from netral_nlp.law.loading import load_rules
    from netral_nlp.roster.reading import read_rosters

    name = "Standard input" if cases == "-" else cases
    document = assess_cases(_read(cases), read_rosters(rosters), load_rules(law_tables), name)
    if json_file is not None:
        if json_file != "-" and cases != "-" and Path(json_file).resolve() == Path(cases).resolve():
            raise InputError(f"{json_file} holds the cases; write the answers to another file.", path=json_file)
        write_json(document, json_file)
    else:
        for one in document["kasus"]:
            for line in _lines(one):
                typer.echo(line)
    for one in document["ditolak"]:
        say(f"Refused: {one['alasan']}")
    say(f"{count(len(document['kasus']), 'case')} assessed, {len(document['ditolak']):,} refused")
    if document["ditolak"]:
        raise typer.Exit(REFUSED)


def _read(path: str) -> str:
    try:
        raw = sys.stdin.buffer.read() if path == "-" else Path(path).read_bytes()
        return raw.decode("utf-8-sig")
    except FileNotFoundError:
        raise InputError(f"There is no file {path}. Check the name and the directory.", path=path) from None
    except OSError as error:
        raise InputError(f"{path} cannot be read: {error.strerror}.", path=path) from None
    except UnicodeDecodeError:
        raise InputError(f"{path} is not UTF-8; save it as UTF-8.", path=path) from None


def _lines(one: dict[str, Any]) -> list[str]:
    found = one["hasil"]
    still = ", ".join((*found["formal"], *found["materiel"])) or "-"
    return [
        f"{one['id']}: {found['status']}; tepat waktu: {found['tepat_waktu']}; kurang: {still}",
        f"  diterima {found['diterima'] or '?'}, batas {found['batas_laporan'] or '?'}, "
        f"kajian awal sampai {found['kajian_awal_sampai'] or '?'}, "
        f"penanganan sampai {found['penanganan_sampai'] or '?'}",
        *(f"  ! {note}" for note in one["catatan"]),
    ]
