"""``netral train --reviews``: what reviews gain is shown before a model is replaced."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import typer

from netral_nlp.cli.options import shipped
from netral_nlp.cli.terminal import count, on_terminal, say

if TYPE_CHECKING:
    from netral_nlp.review.gain import Gain, Measured


def learn_from_reviews(
    reviews: Path,
    paths: list[str],
    rosters: Path | None,
    out: Path,
    seed: int,
    pipeline: Path | None,
    stemmer: Literal["fast", "sastrawi"],
    *,
    sure: bool,
) -> None:
    """Measure the gain, show it, and train on corpus and reviews.

    A model that exists is replaced when the person at the terminal agrees; without a terminal, when the reviews help.
    """
    from netral_nlp.cli.train import learn, read_labelled
    from netral_nlp.resources import data_dir
    from netral_nlp.review.export import corpus_from_reviews
    from netral_nlp.review.gain import measure_gain
    from netral_nlp.review.store import open_reviews
    from netral_nlp.roster import load_rosters

    known = load_rosters(data_dir() / "rosters")
    if rosters is not None:
        known = {**known, **load_rosters(shipped(rosters))}
    with open_reviews(reviews) as store:
        reviewed = corpus_from_reviews(store, known)
    gain = measure_gain(read_labelled(paths, rosters), reviewed, stem=stemmer, seed=seed, say=say)
    for line in describe(gain):
        say(line)
    if out.exists() and not sure and not _agreed(gain, out):
        say(f"{out} stays as it is. Replace it all the same with --yes, or write elsewhere with --out.")
        return
    learn(paths, rosters, out, seed, pipeline, stemmer, more=reviewed)


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
