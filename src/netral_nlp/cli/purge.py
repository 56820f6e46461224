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

    Outputs are scored files, rejected rows, reviews, cases of a desk, what was exported of them, pages of reports,
    evaluations and audits, unfinished outputs and pseudonym keys, known by their content. Nothing else is touched, and
    links are never followed. Dossiers are listed and stay: how long those are kept is for the law to say.
    """
    from netral_nlp.privacy.kinds import DOSSIER
    from netral_nlp.privacy.purge import delete, find_outputs, older_than

    found = list(find_outputs(folder))
    old = older_than(found, days)
    failed = stay = 0
    for one in old:
        day = datetime.fromtimestamp(one.changed).date()
        line = f"{day}  {one.size:>12,}  {one.kind:<20}  {one.path}"
        if one.kind == DOSSIER:
            stay += 1
            tell(f"{line}  stays")
            continue
        reason = delete(one) if yes else None
        failed += reason is not None
        tell(line if reason is None else f"{line}  NOT DELETED: {reason}")
    kept = f"{count(len(found), 'output')} of ours in {folder}, {len(old):,} older than {days:g} days"
    if stay:
        kept += f", {count(stay, 'dossier')} of them, which only you can delete"
    if yes:
        say(f"{kept}; {len(old) - failed - stay:,} deleted ({date.today()})")
    else:
        say(kept + ("; delete them with --yes" if len(old) > stay else ""))
    if failed:
        raise typer.Exit(PARTLY)
