"""``netral train``"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from netral_nlp.cli.options import DEFAULT_MODEL, RostersOption, SeedOption
from netral_nlp.cli.terminal import count, say
from netral_nlp.shipped import read_labelled as read_labelled

if TYPE_CHECKING:
    from netral_nlp.corpus import Corpus
    from netral_nlp.training import Trained


def train(
    corpus: Annotated[
        list[str] | None,
        typer.Argument(help="Labelled CSV, XLSX or Parquet files, or folders of them [default: data/corpus]."),
    ] = None,
    rosters: RostersOption = None,
    out: Annotated[Path, typer.Option("--out", "-o", help="Where the model goes.")] = DEFAULT_MODEL,
    seed: SeedOption = 0,
    pipeline: Annotated[
        Path | None, typer.Option("--pipeline", help="Also save the scikit-learn Pipeline (joblib) for notebooks.")
    ] = None,
    stemmer: Annotated[
        Literal["fast", "sastrawi"], typer.Option("--stemmer", help="Our rendering of Sastrawi, or PySastrawi itself.")
    ] = "fast",
    reviews: Annotated[
        Path | None, typer.Option("--reviews", help="Also learn from this reviews file, if that is a gain.")
    ] = None,
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Replace the model whatever the reviews gain.")] = False,
) -> None:
    """Learn a model from labelled posts and save it with its model card (Markdown, beside it).

    Columns: id, election, pair, label (dukung, netral, tolak), text. The probabilities are calibrated and the error
    rates found on elections left out of the fit. With --reviews, what they gain is shown before a model is replaced.
    """
    if reviews is not None:
        from netral_nlp.cli.reviewed import learn_from_reviews

        learn_from_reviews(reviews, corpus or [], rosters, out, seed, pipeline, stemmer, sure=yes)
        return
    learn(corpus or [], rosters, out, seed, pipeline, stemmer)


def learn(
    paths: list[str],
    rosters: Path | None,
    out: Path,
    seed: int,
    pipeline: Path | None = None,
    stemmer: Literal["fast", "sastrawi"] = "fast",
    more: Corpus | None = None,
) -> Trained:
    """Train on the files and on ``more`` posts, save the model with its card, and say what came out."""
    from netral_nlp.artifact import save_model
    from netral_nlp.cli.outputs import write_text
    from netral_nlp.report.model_card import model_card
    from netral_nlp.training import train as fit

    corpus = read_labelled(paths, rosters)
    if more is not None:
        corpus = corpus + more
    trained = fit(corpus, seed=seed, stem=stemmer, say=say)
    out.parent.mkdir(parents=True, exist_ok=True)
    save_model(trained.model, out)
    if pipeline is not None:
        import joblib

        pipeline.parent.mkdir(parents=True, exist_ok=True)
        joblib.dump(trained.pipeline, pipeline)
        say(f"Pipeline: {pipeline} (a pickle: open only what you made yourself)")
    card = out.with_name(f"{out.name.removesuffix('.npz')}.md")
    write_text(model_card(trained.model, corpus, out.name, seed=seed), card)
    say(f"Model: {out}, from {count(len(corpus), 'post')} of {count(len(set(corpus.elections)), 'election')}")
    return trained
