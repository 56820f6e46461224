"""``netral purge``"""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path
from typing import Annotated

import typer

from netral_nlp.cli.terminal import count, say, tell
from netral_nlp.errors import PARTLY
from netral_nlp.privacy import RETENTION_DAYS


def purge(
    folder: Annotated[Path, typer.Argument(help="The folder with outputs; folders in it are searched, too.")],
    days: Annotated[
        float, typer.Option("--older-than", min=0, help="Days that outputs are kept after they were last written.")
    ] = RETENTION_DAYS,
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Delete them. Without it they are only listed.")] = False,
) -> None:
    """List outputs that have been kept longer than the retention time, and delete them with --yes.

    Outputs are scored files, rejected rows, reviews, what was exported of them, reports, unfinished outputs and
    pseudonym keys, known by their content. Nothing else is touched, links are never followed, and dossiers stay: how
    long those are kept is for the law to say.
    """
    from netral_nlp.privacy.purge import delete, find_outputs, older_than

    found = list(find_outputs(folder))
    old = older_than(found, days)
    failed = 0
    for one in old:
        day = datetime.fromtimestamp(one.changed).date()
        line = f"{day}  {one.size:>12,}  {one.kind:<20}  {one.path}"
        reason = delete(one) if yes else None
        failed += reason is not None
        tell(line if reason is None else f"{line}  NOT DELETED: {reason}")
    kept = f"{count(len(found), 'output')} of ours in {folder}, {len(old):,} older than {days:g} days"
    if yes:
        say(f"{kept}; {len(old) - failed:,} deleted ({date.today()})")
    else:
        say(kept + ("; delete them with --yes" if old else ""))
    if failed:
        raise typer.Exit(PARTLY)
