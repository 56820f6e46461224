"""What a user gives (ids, files, frames, or the things themselves) as rosters and labelled posts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from netral_nlp.resources import shipped
from netral_nlp.roster import Roster
from netral_nlp.roster.reading import read_roster, read_rosters

if TYPE_CHECKING:
    from netral_nlp.learning.corpus import Corpus
    from netral_nlp.learning.rows import Given

Frame = Any  # a pandas DataFrame, or anything with a to_pandas method
GivenRoster = Roster | str | Path
GivenRosters = Mapping[str, Roster] | str | Path | None
Paths = str | Path | Sequence[str | Path]

SHIPPED_CORPUS = "data/corpus"


def sources(given: object) -> list[Path]:
    """The files and folders that something given is read from: none for what is in memory already."""
    if isinstance(given, str | Path):
        return [Path(given) if str(given) == "-" else shipped(given)]
    if isinstance(given, list | tuple):
        return [path for one in given for path in sources(one)]
    return []


def load_roster(roster: GivenRoster) -> Roster:
    """The roster in a TOML file, or the shipped one with that election id."""
    return roster if isinstance(roster, Roster) else read_roster(roster)


def load_rosters(rosters: GivenRosters = None) -> dict[str, Roster]:
    """The shipped rosters by election id, with those of a folder or a mapping beside and before them."""
    if isinstance(rosters, Mapping):
        return {**read_rosters(), **rosters}
    return read_rosters(rosters)


def load_corpus(
    data: Frame | Paths | Corpus | None = None, rosters: GivenRosters = None, given: Given | None = None
) -> Corpus:
    """The labelled posts of a frame or of files and folders, checked against the rosters; None is the shipped corpus.

    ``given`` says what the data do not say themselves. Raises InputError naming the rows of every unknown election,
    pair or label.
    """
    from netral_nlp.learning.corpus import Corpus, corpus_of, read_corpus
    from netral_nlp.learning.rows import NOTHING_GIVEN

    if isinstance(data, Corpus):
        return data
    known = load_rosters(rosters)
    if data is None or isinstance(data, str | Path):
        data = [SHIPPED_CORPUS if data is None else data]
    if isinstance(data, Sequence):
        return read_corpus([shipped(path) for path in data] or [shipped(SHIPPED_CORPUS)], known, given or NOTHING_GIVEN)
    from netral_nlp.frames import as_pandas, column_names, column_of

    table = as_pandas(data)
    columns = {name: column_of(table, name, (), name) for name in column_names(table)}
    return corpus_of(columns, known, given or NOTHING_GIVEN)


def reviewed_corpus(reviews: str | Path, rosters: GivenRosters = None) -> Corpus:
    """What reviewers decided, as labelled posts; unclear ones and those on which they differ stay out."""
    from netral_nlp.review.export import corpus_from_reviews
    from netral_nlp.review.store import open_reviews

    with open_reviews(reviews) as store:
        return corpus_from_reviews(store, load_rosters(rosters))
