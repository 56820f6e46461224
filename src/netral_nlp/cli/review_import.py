"""``netral review-import``"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from netral_nlp.cli.options import (
    HeaderRowOption,
    LabelColumnOption,
    LabelMapOption,
    RostersOption,
    SheetOption,
    TextColumnOption,
    check_files,
)
from netral_nlp.cli.terminal import count, say
from netral_nlp.errors import PARTLY
from netral_nlp.tables.guard import REVIEWS, Output

if TYPE_CHECKING:
    from netral_nlp.review.importing import Imported

SHOWN = 20


def review_import(
    labels: Annotated[
        Path,
        typer.Argument(
            help="A scored table with the column tinjauan filled in; doccano's or Label Studio's JSON, or a table."
        ),
    ],
    reviews: Annotated[Path, typer.Option("--reviews", help="The reviews file; made when missing.")] = Path(
        "reviews.sqlite"
    ),
    reviewer: Annotated[str, typer.Option("--reviewer", help="Who labelled, where the file does not say.")] = "impor",
    pair: Annotated[str, typer.Option("--pair", help="The pair, where a task does not say it.")] = "",
    election: Annotated[str, typer.Option("--election", help="The election id [default: found by the pairs].")] = "",
    rosters: RostersOption = None,
    text_column: TextColumnOption = None,
    label_column: LabelColumnOption = None,
    label_map: LabelMapOption = None,
    sheet: SheetOption = None,
    header_row: HeaderRowOption = None,
) -> None:
    """Take reviews filled in beside the scores, or labels made elsewhere, into a reviews file; twice adds nothing.

    In a scored workbook the column tinjauan says setuju, the label that is right, or ragu; tinjauan_perbuatan and
    tinjauan_pengecualian say setuju, tidak ada, or the codes that are right. Other labels are dukung,
    netral, tolak or tidak jelas; a task's pair comes from its field "pair" or "paslon".
    """
    from netral_nlp.api import load_rosters
    from netral_nlp.learning.rows import label_map as read_map
    from netral_nlp.review.foreign import Asked
    from netral_nlp.review.importing import import_labels
    from netral_nlp.review.store import Store
    from netral_nlp.tables.layout import Layout

    check_files([Output(reviews, REVIEWS)], labels)
    mapped = {} if label_map is None else read_map(label_map)
    asked = Asked(text_column, label_column, mapped, Layout(sheet, header_row))
    known = {name: roster.ids for name, roster in load_rosters(rosters).items()}
    with Store(reviews) as store:
        if store.copy_of_old is not None:
            say(f"{reviews} was of an older format: kept as {store.copy_of_old}, then brought to this version's.")
        done = import_labels(store, labels, reviewer=reviewer, pair=pair, election=election, asked=asked, known=known)
    _report(done, reviews)
    if done.rejected:
        raise typer.Exit(PARTLY)


def _report(done: Imported, reviews: Path) -> None:
    empty = f", {done.empty:,} not filled in" if done.empty else ""
    rejected = f"{len(done.rejected):,} rejected"
    say(f"{count(done.added, 'label')} added to {reviews}, {done.known:,} known before{empty}, {rejected}")
    if done.wrong:
        say(f'{count(done.wrong, "review")} said "keliru" and not what is right: taken as unclear. '
            "Write the right label instead to learn from it.")  # fmt: skip
    for place, reason in done.rejected[:SHOWN]:
        say(f"  task {place}: {reason}")
