"""The activities of the command line for Python: pandas in, pandas out. All of it is in ``netral_nlp`` itself."""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from netral_nlp.artifact import save_model
from netral_nlp.corpus import REQUIRED, Corpus, Example
from netral_nlp.engine import Engine
from netral_nlp.engine.crew import seldom_collecting
from netral_nlp.errors import InputError, UsageError
from netral_nlp.features.preparation import Stemmer
from netral_nlp.model import Model
from netral_nlp.postings import free_names
from netral_nlp.records import LABELS, Case
from netral_nlp.roster import Roster
from netral_nlp.scoring import MAX_FPR, Scored, Scorer, added_columns
from netral_nlp.shipped import read_labelled, read_model, read_roster, read_rosters, shipped
from netral_nlp.tables import TEXT_COLUMNS, require_column

if TYPE_CHECKING:
    from netral_nlp.evaluation import Evaluation
    from netral_nlp.learned import Adapted
    from netral_nlp.training import Trained

Frame = Any  # a pandas DataFrame, or anything with a to_pandas method, as Polars and pyarrow have it
GivenRoster = Roster | str | Path
GivenModel = Model | str | Path | None
GivenRosters = Mapping[str, Roster] | str | Path | None
Paths = str | Path | Sequence[str | Path]
FAULTS_SHOWN = 8

_log = logging.getLogger("netral_nlp")


def load_roster(roster: GivenRoster) -> Roster:
    """The roster in a TOML file, or the shipped one with that election id."""
    return roster if isinstance(roster, Roster) else read_roster(roster)


def load_rosters(rosters: GivenRosters = None) -> dict[str, Roster]:
    """The shipped rosters by election id, with those of a folder or a mapping beside and before them."""
    if isinstance(rosters, Mapping):
        return {**read_rosters(), **rosters}
    return read_rosters(rosters)


def load_model(path: GivenModel = None) -> Model:
    """The model in a file; by default ``models/netral.npz``, trained from the shipped corpus when it is missing."""
    if isinstance(path, Model):
        return path
    return read_model(path, lambda out: train(out=out), _log.warning)


def train(
    data: Frame | Paths | None = None,
    rosters: GivenRosters = None,
    out: str | Path | None = None,
    *,
    seed: int = 0,
    stem: Stemmer = "fast",
) -> Trained:
    """A model learned from labelled posts (columns election, pair, label, text), saved to ``out`` if that is given.

    ``data`` is a frame, or paths of files and folders; None is the shipped corpus. Raises InputError naming the rows
    of every unknown election, pair or label.
    """
    from netral_nlp.training import train as fit

    trained = fit(_labelled(data, rosters), seed=seed, stem=stem, say=_log.info)
    if out is not None:
        Path(out).parent.mkdir(parents=True, exist_ok=True)
        save_model(trained.model, out)
    return trained


def evaluate(
    data: Frame | Paths | None = None,
    model: GivenModel = None,
    rosters: GivenRosters = None,
    *,
    max_fpr: float = MAX_FPR,
    seed: int = 0,
    cross_validate: bool = False,
    baselines: bool = False,
) -> Evaluation:
    """The figures of a model on labelled posts; ``.figures`` is the document of ``netral evaluate --json``.

    Without ``data`` the shipped corpus is judged, each election by a model fitted on all others; with
    ``cross_validate`` the same is done to ``data``. ``model`` is then not used, and naming one is a UsageError.
    """
    from netral_nlp import evaluation

    corpus = _labelled(data, rosters)
    if data is None or cross_validate:
        if model is not None:
            raise UsageError("A model needs data to judge; cross-validation fits models of its own.")
        return evaluation.cross_validate(corpus, max_fpr=max_fpr, seed=seed, baselines=baselines, say=_log.info)
    source = read_labelled([]) if baselines else None
    return evaluation.evaluate(
        load_model(model), corpus, max_fpr=max_fpr, seed=seed, learn_from=source, say=_log.info
    )


def score(
    frame: Frame,
    roster: GivenRoster,
    model: GivenModel = None,
    text_column: str | None = None,
    max_fpr: float = MAX_FPR,
    per_pair: bool = False,
    *,
    pair_column: str | None = None,
) -> pd.DataFrame:
    """The frame with the columns of ``scoring.added_columns`` behind its own; index and columns stay as they are.

    ``per_pair`` gives one row for every pair that a post names, under the post's index. A row whose post is missing
    or empty, or whose ``pair_column`` names no pair of the roster, is kept, and its new cells are missing values.
    Raises InputError when no column holds the posts.
    """
    table, election = _pandas(frame), load_roster(roster)
    columns = [str(name) for name in table.columns]
    text = _place(columns, text_column, TEXT_COLUMNS, "text")
    about = None if pair_column is None else _place(columns, pair_column, (), "pair")
    texts = _strings(table.iloc[:, text])
    pairs = [""] * len(table) if about is None else [pair.strip() for pair in _strings(table.iloc[:, about])]
    usable = [i for i, one in enumerate(texts) if one.strip() and (not pairs[i] or pairs[i] in election.ids)]
    engine = Engine(load_model(model), election, max_fpr)
    with seldom_collecting():
        found = engine.score([texts[i] for i in usable], [pairs[i] or None for i in usable], per_pair=per_pair)
    names = free_names(columns, added_columns(election))
    numbers = np.concatenate([found.scores, found.support], axis=1)
    new = pd.DataFrame(numbers, columns=names[2:-1])
    new.insert(0, names[0], pd.Series(found.pair, dtype="str"))
    new.insert(1, names[1], pd.Series(found.label, dtype="str"))
    new[names[-1]] = pd.Series(found.words, dtype="str")
    rows = [usable[post] for post in found.post]
    new.index = pd.Index(rows, dtype="int64")
    left = sorted(set(range(len(table))) - set(usable))
    places = np.array(sorted([*rows, *left]), dtype="int64")
    order = np.argsort(np.array([*rows, *left], dtype="int64"), kind="stable")
    new = pd.concat([new, pd.DataFrame(index=pd.Index(left, dtype="int64"), columns=names).astype(new.dtypes)])
    new = new.iloc[order]
    result = table.iloc[places].copy()
    new.index = result.index
    return pd.concat([result, new], axis=1)


def explain(
    text: str,
    roster: GivenRoster,
    model: GivenModel = None,
    pair: str | None = None,
    *,
    max_fpr: float = MAX_FPR,
) -> list[Scored]:
    """The judgement of one post toward every pair that it names, or toward ``pair``, each with its evidence.

    ``pandas.DataFrame(judgement.evidence)`` is a table of the stretches; with the model's ``intercept`` their sum is
    the log-odds of the three labels.
    """
    if not text.strip():
        raise InputError("The post is empty.")
    scorer = Scorer(load_model(model), load_roster(roster), max_fpr)
    return [scorer.toward(text, pair)] if pair is not None else scorer.score_each(text)


def adapt(
    posts: Frame | str | Path,
    roster: GivenRoster,
    model: GivenModel = None,
    out: str | Path | None = None,
    *,
    corpus: Frame | Paths | None = None,
    rosters: GivenRosters = None,
    veto: Sequence[str] = (),
    text_column: str | None = None,
    pair_column: str | None = None,
    seed: int = 0,
) -> Adapted:
    """A model adapted to an election by its unlabelled posts, saved to ``out`` if that is given.

    ``corpus`` must be what the model was trained on (default: the shipped one). ``.terms`` are the words that gained
    weight: read them, and call again with a ``veto``. Raises InputError for too few posts and for a drifting model.
    """
    from netral_nlp.adaptation import adapt as learn
    from netral_nlp.unlabelled import unlabelled_posts

    election = load_roster(roster)
    if isinstance(posts, str | Path):
        texts = unlabelled_posts(shipped(posts), election, text_column, pair_column)
    else:
        table = _pandas(posts)
        columns = [str(name) for name in table.columns]
        found = _strings(table.iloc[:, _place(columns, text_column, TEXT_COLUMNS, "text")])
        abouts = [""] * len(table)
        if pair_column is not None:
            abouts = [one.strip() for one in _strings(table.iloc[:, _place(columns, pair_column, (), "pair")])]
        known = set(election.ids)
        texts = [(t, a if a in known else None) for t, a in zip(found, abouts, strict=True) if t.strip()]
    written = _labelled(corpus, rosters)
    adapted = learn(load_model(model), written, election, texts, veto=veto, seed=seed, say=_log.info)
    if out is not None:
        Path(out).parent.mkdir(parents=True, exist_ok=True)
        save_model(adapted.model, out)
    return adapted


def _labelled(data: Frame | Paths | None, rosters: GivenRosters) -> Corpus:
    """The labelled posts of a frame or of files; the shipped ones for None."""
    known = load_rosters(rosters)
    if data is None or isinstance(data, str | Path):
        data = ["data/corpus"] if data is None else [data]
    if isinstance(data, Sequence):
        from netral_nlp.corpus import read_corpus

        return read_corpus([shipped(path) for path in data], known)
    return corpus_of(data, known)


def corpus_of(frame: Frame, rosters: Mapping[str, Roster]) -> Corpus:
    """The labelled posts of a frame, checked against the rosters; ``line`` of each is its row, counted from 1."""
    table = _pandas(frame)
    columns = [str(name) for name in table.columns]
    cells = {name: _strings(table.iloc[:, _place(columns, name, (), name)]) for name in REQUIRED}
    blank = [""] * len(table)
    more = {name: _strings(table[name]) if name in columns else blank for name in ("id", "platform", "batch", "source")}
    faults: list[str] = []
    examples: list[Example] = []
    for row, (election, pair, label, text) in enumerate(zip(*cells.values(), strict=True), 1):
        roster = rosters.get(election.strip())
        fault = None
        if roster is None:
            fault = f'unknown election "{election[:60]}"'
        elif pair.strip() not in roster.ids:
            fault = f'unknown pair "{pair[:60]}"'
        elif label.strip() not in LABELS:
            fault = f'unknown label "{label[:60]}"'
        elif not text.strip():
            fault = "empty text"
        if roster is None or fault is not None:
            faults.append(f"row {row}: {fault}")
            continue
        name, platform, batch, source = (more[key][row - 1] for key in ("id", "platform", "batch", "source"))
        case = Case(text, pair.strip(), roster)
        examples.append(
            Example(name or f"row {row}", case, label.strip(), platform, batch, "", row, source=source.strip())
        )
    if faults:
        rest = f"; and {len(faults) - FAULTS_SHOWN:,} more" if len(faults) > FAULTS_SHOWN else ""
        advice = f"Labels are {', '.join(LABELS)}; elections and pairs come from the rosters given."
        raise InputError(f"The frame was not used: {'; '.join(faults[:FAULTS_SHOWN])}{rest}. {advice}")
    if not examples:
        raise InputError("There are no labelled posts in the frame.")
    return Corpus(tuple(examples))


def _pandas(frame: Frame) -> pd.DataFrame:
    """The frame as pandas. Raises UsageError for what is no frame, InputError for two columns of one name."""
    table = frame if isinstance(frame, pd.DataFrame) else getattr(frame, "to_pandas", lambda: None)()
    if not isinstance(table, pd.DataFrame):
        raise UsageError(f"A pandas DataFrame is needed (or one of Polars), not {type(frame).__name__}.")
    if not table.columns.is_unique:
        twice = ", ".join(sorted({str(name) for name in table.columns[table.columns.duplicated()]}))
        raise InputError(f"The frame has two columns named {twice}. Rename one of them.")
    return table


def _place(columns: Sequence[str], wanted: str | None, usual: Sequence[str], what: str) -> int:
    return require_column(columns, wanted, usual, what=what, option=f"{what}_column=", name="The frame")


def _strings(column: Any) -> list[str]:
    """The cells as text, missing values as empty ones."""
    missing = column.isna().tolist()
    return ["" if lacks else str(value) for value, lacks in zip(column.tolist(), missing, strict=True)]
