"""``netral dossier`` and ``netral dossier assess``"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated, Any

import typer
import typer.core

from netral_nlp.cli.law import FolderOption
from netral_nlp.cli.options import RostersOption, check_files, write_json
from netral_nlp.cli.terminal import count, say, tell
from netral_nlp.errors import PARTLY
from netral_nlp.tables.guard import DOCUMENT, Output

ONE = "of"  # the command that a first argument which is no command belongs to


class OneOrMany(typer.core.TyperGroup):
    """``netral dossier scored.csv --id X`` needs no name of a command; ``netral dossier assess`` has one."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """The arguments, with the name of the command before those that have none."""
        if args and args[0] not in self.commands and args[0] not in ("--help", "-h"):
            args = [ONE, *args]
        return super().parse_args(ctx, args)


app = typer.Typer(cls=OneOrMany, no_args_is_help=True, rich_markup_mode=None, add_completion=False)


@app.callback()
def root() -> None:
    """The file on one post, with its form and evidence; or many cases at once with assess.

    netral dossier SCORED --id X -o FOLDER writes the file on one row of scored posts: it may indicate, it never judges.
    """


@app.command(ONE)
def one(
    scored: Annotated[Path, typer.Argument(help="What netral score has written, or a case of the desk.")],
    output: Annotated[Path, typer.Option("--output", "-o", help="Folder of the dossier.")],
    id: Annotated[str | None, typer.Option("--id", help="Id of the post.")] = None,
    row: Annotated[int | None, typer.Option("--row", min=2, help="Or its row; the header is row 1.")] = None,
    facts: Annotated[
        Path | None, typer.Option("--facts", help="TOML: pelapor, terlapor, diketahui, dilaporkan, ...")
    ] = None,
    evidence: Annotated[
        Path | None, typer.Option("--evidence", help="Folder of screenshots and files, each listed with its SHA-256.")
    ] = None,
    roster: Annotated[
        str | None, typer.Option("--roster", "-r", help="Roster [default: the shipped one that has the pair].")
    ] = None,
    model: Annotated[
        Path | None, typer.Option("--model", "-m", help="The model that scored, to name its SHA-256 in the trail.")
    ] = None,
    law_tables: FolderOption = None,
    text_column: Annotated[str | None, typer.Option("--text-column", help="Column with the post.")] = None,
    time_column: Annotated[str | None, typer.Option("--time-column", help="Column with the time.")] = None,
) -> None:
    """Write the file on one post: form, deadlines, rules, exceptions, evidence, and what nobody knows."""
    from netral_nlp import api
    from netral_nlp.desk.taking import taken

    with taken(scored) as case:
        made = api.dossier(
            case.scored, output, id=id, row=row, roster=roster or case.roster, facts=facts, evidence=evidence,
            model=model or case.model, law=law_tables or True, columns=case.columns, reviewed=case.reviewed,
            text_column=text_column, time_column=time_column, command=["netral", *sys.argv[1:]],
        )  # fmt: skip
    still = ", ".join((*made.assessment.formal, *made.assessment.material)) or "nothing"
    say(f"Written: {output}/berkas.html; status: {made.assessment.status}; still open: {still}")


@app.command()
def assess(
    cases: Annotated[str, typer.Argument(help='JSON file {"schema": 1, "kasus": [...]}; - is standard input.')],
    json_file: Annotated[str | None, typer.Option("--json", help="Write the answers as JSON; - is stdout.")] = None,
    rosters: RostersOption = None,
    law_tables: FolderOption = None,
) -> None:
    """Tell of many cases what is open, which deadlines run and whose rules hold."""
    from netral_nlp import api

    check_files([Output(json_file, DOCUMENT)], cases, rosters, law_tables)
    document = api.assess(cases, rosters, law=law_tables or True)
    if json_file is not None:
        write_json(document, json_file)
    else:
        for one in document["kasus"]:
            for line in _lines(one):
                tell(line)
    for one in document["ditolak"]:
        say(f"Refused: {one['alasan']}")
    say(f"{count(len(document['kasus']), 'case')} assessed, {len(document['ditolak']):,} refused")
    if document["ditolak"]:
        raise typer.Exit(PARTLY)


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
