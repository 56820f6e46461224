"""``netral vectors``"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from netral_nlp.cli.options import RostersOption, SeedOption, check_files
from netral_nlp.cli.terminal import count, say
from netral_nlp.tables.guard import MODEL, Output


def vectors(
    posts: Annotated[list[str], typer.Argument(help="Unlabelled posts: any table files.")],
    out: Annotated[Path, typer.Option("--out", "-o", help="Where the word vectors go (.npz).")],
    rosters: RostersOption = None,
    text_column: Annotated[str | None, typer.Option("--text-column", help="Column with the post.")] = None,
    seed: SeedOption = 0,
) -> None:
    """Learn vectors of ordinary words from posts of one's own, for netral train --vectors.

    Figures about words only: the file holds nothing of any post, no name of a roster, no handle, no number and no
    word of faith, place, people or camp.
    """
    from netral_nlp import api

    check_files([Output(out, MODEL)], posts, rosters)
    found = api.learn_vectors(posts, rosters, out, text_column=text_column, seed=seed)
    say(f"Word vectors: {out}, of {count(len(found.words), 'word')} in {found.codes.shape[1]} dimensions")
    say(f"Use them with: netral train --vectors {out}")
