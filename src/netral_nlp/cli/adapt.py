"""``netral adapt``"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from netral_nlp.api import default_model
from netral_nlp.cli.options import (
    HeaderRowOption,
    ModelOption,
    NoHeaderOption,
    RosterOption,
    RostersOption,
    SeedOption,
    SheetOption,
    TextColumnOption,
    check_files,
    write_json,
)
from netral_nlp.cli.terminal import say
from netral_nlp.loading import SHIPPED_CORPUS
from netral_nlp.tables.guard import DOCUMENT, MODEL, Output

if TYPE_CHECKING:
    from netral_nlp.learning.adapted import Adapted

SCHEMA = 1


def adapt(
    posts: Annotated[str, typer.Argument(help="Unlabelled posts of the new election; any table file, or -.")],
    roster: RosterOption,
    out: Annotated[Path, typer.Option("--out", "-o", help="Where the adapted model goes.")],
    model: ModelOption = None,
    corpus: Annotated[
        list[str] | None, typer.Option("--corpus", help="What the model was trained on [default: data/corpus].")
    ] = None,
    rosters: RostersOption = None,
    veto: Annotated[list[str] | None, typer.Option("--veto", help="A word that must learn nothing.")] = None,
    sheet: SheetOption = None,
    header_row: HeaderRowOption = None,
    no_header: NoHeaderOption = False,
    text_column: TextColumnOption = None,
    pair_column: Annotated[str | None, typer.Option("--pair-column", help="Column with the pair of the page.")] = None,
    json: Annotated[str | None, typer.Option("--json", help="What was learned, as JSON; - is standard output.")] = None,
    seed: SeedOption = 0,
) -> None:
    """Adapt a model to a new election by its own unlabelled posts.

    Says which words gained weight for each side: read them, and run again with --veto WORD for any that should not.
    Refuses when there are too few posts or when the adapted model would drift from its parent.
    """
    from netral_nlp import api
    from netral_nlp.tables.layout import Layout

    outputs = [Output(out, MODEL), Output(json, DOCUMENT)]
    check_files(outputs, posts, model or default_model(), roster, corpus or SHIPPED_CORPUS, rosters)
    adapted = api.adapt(
        posts, roster, model, out, corpus=corpus or None, rosters=rosters, veto=veto or [],
        text_column=text_column, pair_column=pair_column, layout=Layout(sheet, header_row, no_header), seed=seed,
        say=say,
    )  # fmt: skip
    if json is not None:
        write_json({"schema": SCHEMA, **adapted.facts()}, json)
    report(adapted)
    say(f"Adapted model: {out}")


def report(adapted: Adapted) -> None:
    """What was learned, for a person to read."""
    say(f"Learned from {adapted.views:,} views; agrees with its parent on {adapted.agreement:.1%} of the sure ones.")
    say(f"Support AUC on written elections left out: {adapted.auc_before:.3f} before, {adapted.auc_after:.3f} after.")
    for pair, (before, after) in adapted.support_by_pair.items():
        say(f"Mean support for {pair} on these posts: {before:.3f} before, {after:.3f} after.")
    for side in ("dukung", "netral", "tolak"):
        words = ", ".join(f"{t.word} {t.change:+.2f}" for t in adapted.terms if t.side == side)
        say(f"More {side} than before: {words}")
    say("Should one of these words not count? Run again with --veto WORD.")
