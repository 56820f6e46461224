"""``netral review-export``"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

import typer

from netral_nlp.cli.options import check_files
from netral_nlp.cli.terminal import count, say
from netral_nlp.tables.guard import OBJECTS, TABLE, Output

REJECTED = 5  # exit code: done, but not everything is whole
Kind = Literal["labels", "acts", "doccano", "log"]


def review_export(
    reviews: Annotated[Path, typer.Argument(help="The reviews file (SQLite), or a case of the desk.")],
    output: Annotated[
        str, typer.Option("--output", "-o", help="CSV, XLSX, Parquet or JSON lines; - is standard output.")
    ],
    kind: Annotated[
        Kind | None,
        typer.Option("--as", help="Labels for training, acts, doccano, or the whole log [default: by the extension]."),
    ] = None,
    election: Annotated[str, typer.Option("--election", help="Election id where the review had no roster.")] = "",
    damaged: Annotated[
        bool,
        typer.Option("--damaged", help="Of a file that is refused: the log as far as it can be read, line by line."),
    ] = False,
) -> None:
    """Write what reviewers decided: labelled posts that train and calibrate read, doccano's JSON lines, or the log.

    With --as acts: posts labelled with acts and exceptions, as evaluate --law reads them.

    Posts that are unclear, name no pair, or on which reviewers differ are left out of the labels and counted. With
    --damaged the column "utuh" says of each line whether the log's chain vouches for it (exit code 5 unless it does for
    all).
    """
    from netral_nlp.review.export import export
    from netral_nlp.review.store import open_reviews

    chosen = kind or ("doccano" if Path(output).suffix == ".jsonl" else "labels")
    beside = [f"{reviews}{ending}" for ending in ("", "-wal", "-shm", "-journal")]
    check_files([Output(output, OBJECTS if chosen == "doccano" else TABLE)], beside)
    if output != "-":
        Path(output).parent.mkdir(parents=True, exist_ok=True)
    if damaged:
        from netral_nlp.review.salvage import salvage

        saved = salvage(reviews, output)
        say(f"{count(saved.lines, 'line')} of the log could be read; the chain vouches for {saved.whole:,}")
        if saved.whole < saved.lines or not saved.lines:
            raise typer.Exit(REJECTED)
        return
    with open_reviews(reviews) as store:
        done = export(store, output, chosen, election=election)
        head = store.head
        if store.copy_of_old is not None:
            say(f"{reviews} was of an older format: kept as {store.copy_of_old}, then brought to this version's.")
    say(f"{count(done.written, 'row')} written" + ("" if output == "-" else f" to {output}"))
    say(f"The log ends in {head}: note it down, and any later change to the lines before will show.")
    if done.left_out:
        say("Left out: " + ", ".join(f"{n:,} {reason}" for reason, n in sorted(done.left_out.items())))
