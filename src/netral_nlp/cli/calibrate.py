"""``netral calibrate``"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from netral_nlp.api import default_model
from netral_nlp.cli.options import (
    ElectionOption,
    LabelColumnOption,
    LabelMapOption,
    ModelOption,
    PairOption,
    RostersOption,
    TextColumnOption,
    check_files,
    given_by,
    write_json,
)
from netral_nlp.cli.terminal import count, say
from netral_nlp.errors import UsageError
from netral_nlp.tables.guard import DOCUMENT, MODEL, Output

if TYPE_CHECKING:
    from netral_nlp.learning.recalibration import Recalibration


def calibrate(
    out: Annotated[Path, typer.Option("--out", "-o", help="Where the calibrated model goes.")],
    data: Annotated[
        list[str] | None, typer.Option("--data", help="Labelled posts of the new election (repeatable).")
    ] = None,
    reviews: Annotated[
        Path | None, typer.Option("--reviews", help="Instead of --data: a reviews file (SQLite) with decisions.")
    ] = None,
    model: ModelOption = None,
    rosters: RostersOption = None,
    election: ElectionOption = None,
    pair: PairOption = None,
    label_column: LabelColumnOption = None,
    label_map: LabelMapOption = None,
    text_column: TextColumnOption = None,
    json: Annotated[str | None, typer.Option("--json", help="What changed as JSON; - is standard output.")] = None,
) -> None:
    """Fit a model to a new election from 20 or more labelled posts of it; 50 are worth the labour.

    Columns as for train. Weights move as far as posts left out support it; where they gain nothing, the model is kept
    as it was. 19 neutral posts among them prove --max-fpr 0.05 for this election, 99 prove 0.01.
    """
    from netral_nlp import api

    given = given_by(election, pair, label_column, label_map, text_column)
    if (not data) == (reviews is None):
        raise UsageError("Name the labelled posts: --data FILE, or --reviews FILE for what reviewers decided.")
    check_files([Output(out, MODEL), Output(json, DOCUMENT)], data, reviews, model or default_model(), rosters)
    posts = api.reviewed_corpus(reviews, rosters) if reviews is not None else data or []
    found = api.calibrate(posts, model, rosters, out, given=given, say=say)
    if json is not None:
        write_json(found.document(), json)
    for line in describe(found):
        say(line)
    say(f"Model: {out}")


def describe(found: Recalibration) -> list[str]:
    """What changed, in sentences."""
    lines = [f"{count(found.posts, 'post')}: log-loss on posts left out {found.loss[0]:.3f}, then {found.loss[1]:.3f}"]
    if found.kept:
        lines.append("These posts do not help: the weights stay as they were.")
    else:
        for name, gain in (("support AUC", found.auc), ("macro-F1", found.macro_f1)):
            if gain is not None:
                lines.append(f"Gain in {name}: {gain[0]:+.3f} (95 %: {gain[1]:+.3f} to {gain[2]:+.3f})")
        lines.append(f"The most probable label changed for {found.relabelled} of {found.posts}")
    for rate, needed in ((0.05, 19), (0.01, 99)):
        lines.append(
            f"--max-fpr {rate:g}: the threshold is set on these {found.neutral} neutral posts."
            if found.neutral >= needed
            else f"--max-fpr {rate:g} needs {needed} neutral posts of the election, {found.neutral} are there: the "
            "figures of other real elections are used."
        )
    if found.known:
        lines.append(
            f"The model learned from {', '.join(found.known)} already: if it knows these posts, the figures flatter it."
        )
    return lines
