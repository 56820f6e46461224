"""Options that several commands share, and how a path the user gave is understood."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from netral_nlp.cli.terminal import say
from netral_nlp.errors import InputError

if TYPE_CHECKING:
    from netral_nlp.model import Model
    from netral_nlp.roster import Roster

DEFAULT_MODEL = Path("models/netral.npz")

ModelOption = Annotated[
    Path | None, typer.Option("--model", "-m", help="Model file [default: models/netral.npz, trained when missing].")
]
RosterOption = Annotated[str, typer.Option("--roster", "-r", help="Roster (TOML) of the election, or a shipped id.")]
RostersOption = Annotated[
    Path | None, typer.Option("--rosters", help="Folder of rosters [default: the shipped data/rosters].")
]
SeedOption = Annotated[int, typer.Option("--seed", help="Seed of every random choice.")]


def shipped(path: str | Path) -> Path:
    """The path itself if it exists; else the shipped file of that name, so that ``data/...`` works anywhere."""
    from netral_nlp.resources import data_dir

    given = Path(path)
    if given.exists() or given.is_absolute():
        return given
    parts = given.parts[1:] if given.parts[:1] == ("data",) else given.parts
    inside = data_dir().joinpath(*parts)
    return inside if given.parts[:1] == ("data",) and inside.exists() else given


def read_roster(given: str) -> Roster:
    """The roster in a file, or the shipped one with that election id."""
    from netral_nlp.resources import data_dir
    from netral_nlp.roster import load_roster

    path = shipped(given)
    if not path.exists() and Path(given).suffix != ".toml" and Path(given).name == given:
        inside = data_dir() / "rosters" / f"{given}.toml"
        if inside.exists():
            return load_roster(inside)
        known = ", ".join(sorted(p.stem for p in (data_dir() / "rosters").glob("*.toml")))
        raise InputError(f"There is no roster file {given}, and no shipped roster of that name. Shipped are: {known}.")
    return load_roster(path)


def read_model(path: Path | None) -> Model:
    """The model named, or the default one, which is trained from the shipped corpus and kept when it is missing."""
    from netral_nlp.artifact import load_model

    if path is not None:
        return load_model(path)
    if not DEFAULT_MODEL.exists():
        from netral_nlp.cli.train import learn

        say(f"There is no {DEFAULT_MODEL} yet: training one from the shipped corpus (about half a minute).")
        learn([], None, DEFAULT_MODEL, 0)
    return load_model(DEFAULT_MODEL)
