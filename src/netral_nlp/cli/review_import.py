"""``netral review-import``"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from netral_nlp.cli.terminal import count, say

REJECTED = 5  # exit code
SHOWN = 20


def review_import(
    labels: Annotated[Path, typer.Argument(help="doccano's JSON lines, or Label Studio's JSON.")],
    reviews: Annotated[Path, typer.Option("--reviews", help="The reviews file; made when missing.")] = Path(
        "reviews.sqlite"
    ),
    reviewer: Annotated[str, typer.Option("--reviewer", help="Who labelled, where the file does not say.")] = "impor",
    pair: Annotated[str, typer.Option("--pair", help="The pair, where a task does not say it.")] = "",
    election: Annotated[str, typer.Option("--election", help="The election id, where a task does not say it.")] = "",
) -> None:
    """Take labels made with doccano or Label Studio into a reviews file; doing so twice adds nothing.

    Labels are dukung, netral, tolak or tidak jelas. A task's pair comes from its field "pair" or "paslon".
    """
    from netral_nlp.review.importing import import_labels
    from netral_nlp.review.store import Store

    with Store(reviews) as store:
        if store.copy_of_old is not None:
            say(f"{reviews} was of an older format: kept as {store.copy_of_old}, then brought to this version's.")
        done = import_labels(store, labels, reviewer=reviewer, pair=pair, election=election)
    say(
        f"{count(done.added, 'label')} added to {reviews}, {done.known:,} known before, {len(done.rejected):,} rejected"
    )
    for place, reason in done.rejected[:SHOWN]:
        say(f"  task {place}: {reason}")
    if done.rejected:
        raise typer.Exit(REJECTED)
