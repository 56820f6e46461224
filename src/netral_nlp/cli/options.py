"""Options that several commands share, and how a path the user gave is understood."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any

import typer

from netral_nlp.api import DEFAULT_MODEL as DEFAULT_MODEL
from netral_nlp.cli.terminal import say, tell

ModelOption = Annotated[
    Path | None, typer.Option("--model", "-m", help="Model file [default: models/netral.npz, trained when missing].")
]
RosterOption = Annotated[str, typer.Option("--roster", "-r", help="Roster (TOML) of the election, or a shipped id.")]
RostersOption = Annotated[
    Path | None, typer.Option("--rosters", help="Folder of rosters [default: the shipped data/rosters].")
]
SeedOption = Annotated[int, typer.Option("--seed", help="Seed of every random choice.")]


def write_json(document: Mapping[str, Any], where: str) -> None:
    """A document as JSON to a file, or to standard output for ``-``."""
    text = json.dumps(document, ensure_ascii=False, indent=1) + "\n"
    if where == "-":
        tell(text)
    else:
        write_text(text, Path(where))


def write_text(text: str, path: Path) -> None:
    """A text to a file in UTF-8; an older file stays whole until the end."""
    from netral_nlp.tables import write_bytes_atomically

    path.parent.mkdir(parents=True, exist_ok=True)
    write_bytes_atomically(path, text.encode("utf-8"))
    say(f"Written: {path}")
