"""``netral roster new`` and ``netral roster check``"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from netral_nlp.cli.terminal import count, say, tell
from netral_nlp.errors import InputError, UsageError
from netral_nlp.resources import shipped

if TYPE_CHECKING:
    from netral_nlp.roster.forms import NameForms

app = typer.Typer(no_args_is_help=True, rich_markup_mode=None)


@app.callback()
def root() -> None:
    """Begin and check roster files."""


@app.command()
def check(
    files: Annotated[list[str], typer.Argument(help="Roster files (TOML, or a list of candidates: XLSX, CSV).")],
) -> None:
    """Tell which forms of each name are found, and find mistakes and doubtful names. Exit code 3 when one is no use."""
    from netral_nlp.roster import load_roster
    from netral_nlp.roster.checking import check_roster
    from netral_nlp.roster.forms import name_forms

    failed = False
    for file in files:
        path = shipped(file)
        try:
            roster = load_roster(path)
        except InputError as error:
            say(str(error))
            failed = True
            continue
        print_forms(name_forms(roster))
        findings = check_roster(roster)
        for finding in findings:
            tell(f"{path}:{finding.line}: {finding.severity}: {finding.message}")
        failed = failed or any(f.severity == "error" for f in findings)
        tell(f"{path}: {count(len(roster.pairs), 'pair')}, {count(len(findings), 'finding')}")
    if failed:
        raise typer.Exit(InputError.exit_code)


def print_forms(forms: Sequence[NameForms]) -> None:
    """A line for each name: the forms that are found, those that need talk of elections, those that are not found."""
    pair = None
    for one in forms:
        if one.pair != pair:
            pair = one.pair
            tell(f"{pair}")
        told = [
            f"{what} {', '.join(found)}"
            for what, found in (
                ("found:", one.found),
                ("only where elections are spoken of:", one.electoral),
                ("not found:", one.missed),
                ("may be listed:", one.proposed),
            )
            if found
        ]
        tell(f"  {one.key} {one.name}: {'; '.join(told)}")


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
