"""Where the shipped corpus, rosters, word lists and samples are: beside the sources, or inside the wheel."""

from __future__ import annotations

import hashlib
from functools import cache
from pathlib import Path

from netral_nlp.errors import InputError

LISTS = ("cues.tsv", "negators.txt", "ordinary.txt", "protected.tsv", "regional.tsv", "slang.tsv")
PACKAGE = Path(__file__).resolve().parent


@cache
def data_dir() -> Path:
    """The folder that holds ``corpus/``, ``rosters/``, ``lexicon/`` and ``samples/``.

    Raises InputError when the installation is incomplete.
    """
    for candidate in (PACKAGE / "_data", PACKAGE.parents[1] / "data"):
        if (candidate / "lexicon").is_dir():
            return candidate
    raise InputError("The shipped data files are missing from this installation. Install netral-nlp again.")


@cache
def lexicon_digest() -> str:
    """SHA-256 over the word lists that decide how a text is read; a model is only valid with the lists it knew."""
    sha = hashlib.sha256()
    for name in LISTS:
        sha.update(name.encode() + b"\0" + (data_dir() / "lexicon" / name).read_bytes().replace(b"\r\n", b"\n"))
    return sha.hexdigest()


@cache
def user_folder() -> Path:
    """Where a user's own model of this version lies; another version, corpus or word list has a folder of its own."""
    from platformdirs import user_data_path

    from netral_nlp import __version__

    sha = hashlib.sha256(lexicon_digest().encode())
    for file in sorted((data_dir() / "corpus").glob("*.csv")):
        sha.update(file.read_bytes().replace(b"\r\n", b"\n"))
    return user_data_path("netral-nlp", appauthor=False) / f"{__version__}-{sha.hexdigest()[:8]}"


def shipped(path: str | Path) -> Path:
    """The path itself if it exists; else the shipped file of that name, so that ``data/...`` works anywhere."""

    given = Path(path)
    if given.exists() or given.is_absolute():
        return given
    parts = given.parts[1:] if given.parts[:1] == ("data",) else given.parts
    inside = data_dir().joinpath(*parts)
    return inside if given.parts[:1] == ("data",) and inside.exists() else given
