"""Where the shipped corpus, rosters, word lists and samples are: beside the sources, or inside the wheel."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from netral_nlp.errors import InputError

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
