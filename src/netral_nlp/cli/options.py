"""Options that several commands share, and how a path the user gave is understood."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from netral_nlp.cli.terminal import say
from netral_nlp.shipped import DEFAULT_MODEL as DEFAULT_MODEL
from netral_nlp.shipped import read_roster as read_roster
from netral_nlp.shipped import shipped as shipped

if TYPE_CHECKING:
    from netral_nlp.model import Model

ModelOption = Annotated[
    Path | None, typer.Option("--model", "-m", help="Model file [default: models/netral.npz, trained when missing].")
]
RosterOption = Annotated[str, typer.Option("--roster", "-r", help="Roster (TOML) of the election, or a shipped id.")]
RostersOption = Annotated[
    Path | None, typer.Option("--rosters", help="Folder of rosters [default: the shipped data/rosters].")
]
SeedOption = Annotated[int, typer.Option("--seed", help="Seed of every random choice.")]


def read_model(path: Path | None) -> Model:
    """The model named, or the default one, which is trained from the shipped corpus and kept when it is missing."""
    from netral_nlp import shipped

    def learn_shipped(out: Path) -> None:
        from netral_nlp.cli.train import learn

        learn([], None, out, 0)

    return shipped.read_model(path, learn_shipped, say)
