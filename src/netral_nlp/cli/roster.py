"""``netral roster new`` and ``netral roster check``"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from netral_nlp.cli.terminal import count, say, tell
from netral_nlp.errors import InputError, UsageError
from netral_nlp.resources import shipped

app = typer.Typer(no_args_is_help=True, rich_markup_mode=None)


@app.callback()
def root() -> None:
    """Begin and check roster files."""


@app.command()
def check(
    files: Annotated[list[str], typer.Argument(help="Roster files (TOML, or a list of candidates: XLSX, CSV).")],
) -> None:
    """Find mistakes and ambiguous names in rosters. Exit code 3 when one cannot be used."""
    from netral_nlp.roster import load_roster
    from netral_nlp.roster.checking import check_roster

    failed = False
    for file in files:
        path = shipped(file)
        try:
            roster = load_roster(path)
        except InputError as error:
            say(str(error))
            failed = True
            continue
        findings = check_roster(roster)
        for finding in findings:
            tell(f"{path}:{finding.line}: {finding.severity}: {finding.message}")
        failed = failed or any(f.severity == "error" for f in findings)
        tell(f"{path}: {count(len(roster.pairs), 'pair')}, {count(len(findings), 'finding')}")
    if failed:
        raise typer.Exit(InputError.exit_code)


@app.command()
def new(
    output: Annotated[Path, typer.Option("--output", "-o", help="The roster to write (TOML).")],
    source: Annotated[
        Path | None, typer.Argument(metavar="[LIST]", help="List of candidates, one row a pair (XLSX or CSV).")
    ] = None,
) -> None:
    """Write a roster to fill in, with comments in Indonesian; with a LIST of candidates its pairs are in it already."""
    from netral_nlp.cli.options import write_text
    from netral_nlp.roster.drafting import TEMPLATE, read_list, render

    if output.exists():
        raise UsageError(f"{output} is there already; name another file, or delete it first.")
    tables = TEMPLATE if source is None else read_list(shipped(source))[0]
    write_text(render(tables), output)
    tell(f"{count(len(tables['pair']), 'pair')}. Fill in names, tags and days, then: netral roster check {output}")
