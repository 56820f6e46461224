"""What comes with the package, and the model that is made from it when there is none yet."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from netral_nlp.errors import InputError

if TYPE_CHECKING:
    from netral_nlp.corpus import Corpus
    from netral_nlp.model import Model
    from netral_nlp.roster import Roster

DEFAULT_MODEL = Path("models/netral.npz")


def shipped(path: str | Path) -> Path:
    """The path itself if it exists; else the shipped file of that name, so that ``data/...`` works anywhere."""
    from netral_nlp.resources import data_dir

    given = Path(path)
    if given.exists() or given.is_absolute():
        return given
    parts = given.parts[1:] if given.parts[:1] == ("data",) else given.parts
    inside = data_dir().joinpath(*parts)
    return inside if given.parts[:1] == ("data",) and inside.exists() else given


def read_roster(given: str | Path) -> Roster:
    """The roster in a file, or the shipped one with that election id."""
    from netral_nlp.resources import data_dir
    from netral_nlp.roster import load_roster

    path = shipped(given)
    if not path.exists() and Path(given).suffix != ".toml" and Path(given).name == str(given):
        inside = data_dir() / "rosters" / f"{given}.toml"
        if inside.exists():
            return load_roster(inside)
        known = ", ".join(sorted(p.stem for p in (data_dir() / "rosters").glob("*.toml")))
        raise InputError(f"There is no roster file {given}, and no shipped roster of that name. Shipped are: {known}.")
    return load_roster(path)


def read_rosters(folder: str | Path | None = None) -> dict[str, Roster]:
    """The shipped rosters by election id, with those of a folder (or file) beside and before them."""
    from netral_nlp.resources import data_dir
    from netral_nlp.roster import load_rosters

    known = load_rosters(data_dir() / "rosters")
    return known if folder is None else {**known, **load_rosters(shipped(folder))}


def read_labelled(
    paths: Sequence[str | Path], rosters: str | Path | None = None, *, default: str = "data/corpus"
) -> Corpus:
    """The corpus in the files given (or the shipped one), with the shipped rosters beside those given."""
    from netral_nlp.corpus import read_corpus

    return read_corpus([shipped(p) for p in paths or [default]], read_rosters(rosters))


def read_model(
    path: str | Path | None, learn: Callable[[Path], object], say: Callable[[str], None] = lambda message: None
) -> Model:
    """The model named, or the default one, which ``learn`` makes from the shipped corpus when it is missing.

    The default is kept as ``models/netral.npz`` under the current folder.
    """
    from netral_nlp.artifact import load_model

    if path is not None:
        return load_model(path)
    if not DEFAULT_MODEL.exists():
        say(f"There is no {DEFAULT_MODEL} yet: training one from the shipped corpus (about half a minute).")
        learn(DEFAULT_MODEL)
    return load_model(DEFAULT_MODEL)
