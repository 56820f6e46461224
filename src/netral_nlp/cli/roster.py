"""``netral roster check``"""

from __future__ import annotations

from typing import Annotated

import typer

from netral_nlp.cli.terminal import count, say, tell
from netral_nlp.errors import InputError
from netral_nlp.resources import shipped

app = typer.Typer(no_args_is_help=True, rich_markup_mode=None)


@app.callback()
def root() -> None:
    """Check roster files."""


@app.command()
def check(files: Annotated[list[str], typer.Argument(help="Roster files (TOML).")]) -> None:
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
