"""``netral calibrate``"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from netral_nlp.cli.options import (
    ElectionOption,
    LabelColumnOption,
    LabelMapOption,
    ModelOption,
    PairOption,
    RostersOption,
    TextColumnOption,
    given_by,
    write_json,
)
from netral_nlp.cli.terminal import count, say

if TYPE_CHECKING:
    from netral_nlp.learning.recalibration import Recalibration


def calibrate(
    data: Annotated[list[str], typer.Option("--data", help="Labelled posts of the new election (repeatable).")],
    out: Annotated[Path, typer.Option("--out", "-o", help="Where the calibrated model goes.")],
    model: ModelOption = None,
    rosters: RostersOption = None,
    election: ElectionOption = None,
    pair: PairOption = None,
    label_column: LabelColumnOption = None,
    label_map: LabelMapOption = None,
    text_column: TextColumnOption = None,
    json: Annotated[str | None, typer.Option("--json", help="What changed as JSON; - is standard output.")] = None,
) -> None:
    """Fit a model's probabilities and thresholds to a new election, from 50 or more labelled posts of it.

    Columns as for train. What the model has learned of words stays; how sure it is, and how easily it says each
    label, moves as far as the posts support it.
    """
    from netral_nlp import api

    given = given_by(election, pair, label_column, label_map, text_column)
    found = api.calibrate(data, model, rosters, out, given=given, say=say)
    if json is not None:
        write_json(found.document(), json)
    for line in describe(found):
        say(line)
    say(f"Model: {out}")


def describe(found: Recalibration) -> list[str]:
    """What changed, in sentences."""
    shifts = ", ".join(f"{label} {value:+.2f}" for label, value in found.calibration.facts()["shift"].items())
    lines = [
        f"{count(found.posts, 'post')}: log-odds times {found.calibration.scale:.2f}, then {shifts}",
        f"Probabilities moved by {found.moved:.3f} on average, {found.furthest:.3f} at most; the most probable label "
        f"changed for {found.relabelled} of {found.posts}",
        f"Log-loss {found.before:.3f} before, {found.after:.3f} after (cross-validated)",
    ]
    if found.after > found.before:
        lines.append("This calibration does not help on these posts: go on with the model as it was.")
    for label, pooled in found.pooled.items():
        rate = f"{found.alone[label]:.3f}"
        lines.append(
            f"Threshold of {label}: from the shipped and the new posts together; the new alone support --max-fpr {rate}"
            if pooled
            else f"Threshold of {label}: from the new posts alone, which score higher than the shipped; smallest "
            f"--max-fpr {rate}"
        )
    if found.known:
        lines.append(
            f"The model learned from {', '.join(found.known)} already: if it knows these posts, the figures flatter it."
        )
    return lines
