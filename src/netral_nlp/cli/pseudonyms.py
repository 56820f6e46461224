"""``netral pseudonyms``"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from netral_nlp.cli.options import check_files
from netral_nlp.cli.terminal import count, say, tell
from netral_nlp.errors import PARTLY, UsageError
from netral_nlp.tables.guard import TABLE, Output


def pseudonyms(
    table: Annotated[str | None, typer.Argument(help="A table with posts, scored or not.")] = None,
    output: Annotated[str | None, typer.Option("--output", "-o", help="The same with pseudonyms.")] = None,
    key: Annotated[
        Path | None, typer.Option("--key", "-k", help="The key file, in another folder; made when missing.")
    ] = None,
    roster: Annotated[
        str | None, typer.Option("--roster", "-r", help="Roster whose own accounts are public and stay.")
    ] = None,
    names: Annotated[
        list[str] | None, typer.Option("--name-column", help="A further column with names of persons.")
    ] = None,
    accounts: Annotated[
        list[str] | None, typer.Option("--account-column", help="A further column with accounts.")
    ] = None,
    reveal: Annotated[str | None, typer.Option("--reveal", help="Say whom a pseudonym stands for.")] = None,
) -> None:
    """Replace accounts and names in a table by pseudonyms, the same for the same person; only the key tells who it is.

    With the same key another table gets the same pseudonyms. Keep the key where the readers of the table cannot go.
    """
    from netral_nlp.privacy.pseudonymised import pseudonymise_file
    from netral_nlp.roster.pseudonyms import read_key
    from netral_nlp.roster.reading import read_roster

    if key is None:
        raise UsageError("Name the key file with --key; it is made when it is missing.")
    if reveal is not None:
        name = read_key(key).names.get(reveal.strip().lstrip("@").casefold())
        if name is None:
            raise UsageError(f"{reveal} is no pseudonym of this key.")
        tell(name)
        return
    if table is None or output is None:
        raise UsageError("Name a table, and the output with --output.")
    check_files([Output(output, TABLE)], table, key, roster)
    own = read_roster(roster) if roster is not None else None
    done = pseudonymise_file(table, output, key, roster=own, names=names or (), accounts=accounts or ())
    say(f"{count(done.rows, 'row')} written to {output}; the key {key} now knows {done.identities:,} identities")
    if done.rejected:
        say(f"{count(done.rejected, 'row')} could not be read and {'is' if done.rejected == 1 else 'are'} not in it")
        raise typer.Exit(PARTLY)
