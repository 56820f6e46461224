"""``netral train``"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from netral_nlp.api import LOCAL_MODEL
from netral_nlp.cli.calibrate import describe
from netral_nlp.cli.options import (
    ElectionOption,
    LabelColumnOption,
    LabelMapOption,
    PairOption,
    RostersOption,
    SeedOption,
    TextColumnOption,
    check_files,
    given_by,
)
from netral_nlp.cli.terminal import count, on_terminal, say
from netral_nlp.loading import SHIPPED_CORPUS

if TYPE_CHECKING:
    from netral_nlp.learning.recalibration import Recalibration


def train(
    corpus: Annotated[
        list[str] | None,
        typer.Argument(help="Labelled CSV, XLSX or Parquet files, or folders of them [default: data/corpus]."),
    ] = None,
    rosters: RostersOption = None,
    election: ElectionOption = None,
    pair: PairOption = None,
    label_column: LabelColumnOption = None,
    label_map: LabelMapOption = None,
    text_column: TextColumnOption = None,
    out: Annotated[Path, typer.Option("--out", "-o", help="Where the model goes.")] = LOCAL_MODEL,
    seed: SeedOption = 0,
    pipeline: Annotated[
        Path | None, typer.Option("--pipeline", help="Also save the scikit-learn Pipeline (joblib) for notebooks.")
    ] = None,
    stemmer: Annotated[
        Literal["fast", "sastrawi"], typer.Option("--stemmer", help="Our rendering of Sastrawi, or PySastrawi itself.")
    ] = "fast",
    vectors: Annotated[
        Path | None, typer.Option("--vectors", help="Word vectors of netral vectors [default: the shipped ones].")
    ] = None,
    reviews: Annotated[
        Path | None, typer.Option("--reviews", help="Then fit the model to this reviews file, as calibrate does.")
    ] = None,
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Replace the model whatever the reviews gain.")] = False,
) -> None:
    """Learn a model from labelled posts and save it with its model card (Markdown, beside it).

    Columns: id, election, pair, label (dukung, netral, tolak), text. The probabilities are calibrated and the error
    rates found on elections left out of the fit. With --reviews, what they gain is shown before a model is replaced.
    """
    from netral_nlp import api
    from netral_nlp.report.model_files import trained_outputs

    check_files(trained_outputs(out, pipeline), corpus or SHIPPED_CORPUS, rosters, reviews, vectors)
    labelled = api.load_corpus(corpus or None, rosters, given_by(election, pair, label_column, label_map, text_column))
    reviewed = None if reviews is None else api.reviewed_corpus(reviews, rosters)
    kept = True

    def agreed(found: Recalibration) -> bool:
        nonlocal kept
        for line in describe(found):
            say(line)
        kept = yes or not out.exists() or _agreed(found, out)
        return kept

    api.train(
        labelled, rosters, out, seed=seed, stem=stemmer, pipeline=pipeline, vectors=vectors, reviewed=reviewed,
        agreed=agreed, say=say,
    )  # fmt: skip
    if not kept:
        say(f"{out} stays as it is. Replace it all the same with --yes, or write elsewhere with --out.")
        return
    say(f"Model: {out}, from {count(len(labelled), 'post')} of {count(len(set(labelled.elections)), 'election')}")


def _agreed(found: Recalibration, out: Path) -> bool:
    if on_terminal() and sys.stdin.isatty():
        return typer.confirm(f"Replace {out}?", default=not found.kept, err=True)
    return not found.kept
