"""``netral train``"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from netral_nlp.api import LOCAL_MODEL
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
    from netral_nlp.evaluation.gain import Gain, Measured


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
        Path | None, typer.Option("--reviews", help="Also learn from this reviews file, if that is a gain.")
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
    if reviews is not None:
        reviewed = api.reviewed_corpus(reviews, rosters)
        gain = api.gain_of(labelled, reviewed, seed=seed, stem=stemmer, say=say)
        for line in describe(gain):
            say(line)
        if out.exists() and not yes and not _agreed(gain, out):
            say(f"{out} stays as it is. Replace it all the same with --yes, or write elsewhere with --out.")
            return
        labelled = labelled + reviewed
    api.train(labelled, rosters, out, seed=seed, stem=stemmer, pipeline=pipeline, vectors=vectors, say=say)
    say(f"Model: {out}, from {count(len(labelled), 'post')} of {count(len(set(labelled.elections)), 'election')}")


def describe(gain: Gain) -> list[str]:
    """The gain as a small table."""
    lines = [f"{'':<34}{'without':>9}{'with':>9}   difference (95 %)"]
    lines += [_line(f"{count(gain.reviewed, 'reviewed post')}, {m.name}", m) for m in gain.on_reviewed]
    lines += [_line(f"{count(gain.others, 'other post')}, {m.name}", m) for m in gain.on_others]
    return lines


def _line(name: str, m: Measured) -> str:
    low, high = m.gain.ci95 or (float("nan"), float("nan"))
    return f"{name:<34}{m.before:>9.3f}{m.after:>9.3f}   {m.gain.estimate:+.3f} ({low:+.3f} to {high:+.3f})"


def _agreed(gain: Gain, out: Path) -> bool:
    if on_terminal() and sys.stdin.isatty():
        return typer.confirm(f"Replace {out}?", default=gain.worthwhile, err=True)
    say("The reviews help." if gain.worthwhile else "The reviews do not help yet.")
    return gain.worthwhile
