"""Every activity of the package, assembled once: the command line, notebooks and Dask call what is here.

Data come first, then the roster, then the model, then where the result goes; options follow by name. A roster is a
:class:`Roster`, a TOML file or a shipped election id, a model a :class:`Model` or a file.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from netral_nlp.errors import InputError, UsageError
from netral_nlp.law.assembly import assess as assess
from netral_nlp.law.assembly import check_law as check_law
from netral_nlp.learning.seeds import check_seed
from netral_nlp.loading import Frame, GivenRoster, GivenRosters, Paths, sources
from netral_nlp.loading import load_corpus as load_corpus
from netral_nlp.loading import load_roster as load_roster
from netral_nlp.loading import load_rosters as load_rosters
from netral_nlp.loading import reviewed_corpus as reviewed_corpus
from netral_nlp.making import LOCAL_MODEL as LOCAL_MODEL
from netral_nlp.making import Say as Say
from netral_nlp.making import adapt as adapt
from netral_nlp.making import calibrate as calibrate
from netral_nlp.making import default_model as default_model
from netral_nlp.making import learn_vectors as learn_vectors
from netral_nlp.making import load_model as load_model
from netral_nlp.making import train as train
from netral_nlp.resources import shipped
from netral_nlp.tables.guard import check_outputs
from netral_nlp.tables.places import make_folder

if TYPE_CHECKING:
    from netral_nlp.auditing import Audit
    from netral_nlp.evaluation.evaluation import Evaluation
    from netral_nlp.law.assembly import GivenLaw
    from netral_nlp.law.dossier import Dossier
    from netral_nlp.law.indications import Indication
    from netral_nlp.law.reviewed import Reviewed
    from netral_nlp.learning.corpus import Corpus
    from netral_nlp.learning.rows import Given
    from netral_nlp.model.model import Model
    from netral_nlp.roster.checking import RosterFinding
    from netral_nlp.scoring.files import Watch
    from netral_nlp.scoring.inputs import Columns
    from netral_nlp.scoring.outputs import Summary
    from netral_nlp.scoring.scorer import Scored
    from netral_nlp.tables import Layout


MAX_FPR = 0.01
MAX_FALSE_ACTS = 0.006
_log = logging.getLogger("netral_nlp")


def evaluate(
    data: Frame | Paths | Corpus | None = None,
    model: Model | str | Path | None = None,
    rosters: GivenRosters = None,
    *,
    max_fpr: float = MAX_FPR,
    seed: int = 0,
    cross_validate: bool = False,
    baselines: bool = False,
    against: str | Path | None = None,
    given: Given | None = None,
    say: Say = _log.info,
) -> Evaluation:
    """The figures of a model on labelled posts; ``.figures`` is the document of ``netral evaluate --json``.

    Without ``data`` the shipped corpus is judged, each election by a model fitted on all others; with
    ``cross_validate`` the same is done to ``data``. A model is then not used, and naming one is a UsageError.
    ``against`` is another model file, compared on the same posts.
    """
    from netral_nlp.evaluation import evaluation
    from netral_nlp.model.file import load_model as load

    seed = check_seed(seed)
    crossed = cross_validate or data is None or (isinstance(data, Sequence) and not data)
    if crossed and (model is not None or against is not None):
        raise UsageError("A model needs data to judge; cross-validation fits models of its own.")
    corpus = load_corpus(data, rosters, given)
    if crossed:
        return evaluation.cross_validate(corpus, max_fpr=max_fpr, seed=seed, baselines=baselines, say=say)
    rival = None if against is None else (str(against), load(against))
    source = load_corpus() if baselines else None
    judge = load_model(model, say=say)
    return evaluation.evaluate(judge, corpus, max_fpr=max_fpr, seed=seed, against=rival, learn_from=source, say=say)


def score(
    posts: Any,
    roster: GivenRoster,
    model: Model | str | Path | None = None,
    text_column: str | None = None,
    *,
    max_fpr: float = MAX_FPR,
    per_pair: bool = False,
    pair_column: str | None = None,
    time_column: str | None = None,
    action_column: str | None = None,
    account_type_column: str | None = None,
    law: GivenLaw = False,
    max_false_acts: float = MAX_FALSE_ACTS,
) -> Any:
    """The frame with the columns of ``scoring.added_columns`` behind its own; index and columns stay as they are.

    A pandas frame in, a pandas frame out; a Polars frame in, a Polars frame out, lazy if it was. A Series or a list of
    posts becomes a frame of one column, under the Series' name or ``teks``.

    ``per_pair`` gives one row for every pair that a post names, under the post's index. A row whose post is missing
    or empty, or whose ``pair_column`` names no pair, is kept with missing values. InputError: no column of posts.

    ``law`` also sets the law columns behind: True with the shipped tables, or a folder of tables. Time, action and kind
    of account are read from the columns named, else from those with a usual name.
    """
    from netral_nlp.frames import score_frame
    from netral_nlp.law.assembly import law_columns
    from netral_nlp.scoring.inputs import Columns

    election, judge = load_roster(roster), load_model(model)
    columns = Columns(text_column, pair_column, time_column, None, action_column, account_type_column)
    beside = law_columns(judge, election, law, max_false_acts)
    return score_frame(posts, election, judge, max_fpr, per_pair=per_pair, columns=columns, beside=beside)


def score_file(
    posts: str | Path,
    roster: GivenRoster,
    model: Model | str | Path | None = None,
    out: str | Path = "-",
    *,
    max_fpr: float = MAX_FPR,
    per_pair: bool = False,
    columns: Columns | None = None,
    layout: Layout | None = None,
    excel: bool = False,
    workers: int | None = None,
    resume: bool = False,
    watch: Watch = lambda rows, share: None,
    law: GivenLaw = False,
    max_false_acts: float = MAX_FALSE_ACTS,
    say: Say = _log.info,
) -> Summary:
    """Score every row of a table file into another (``-``: standard streams), as `scoring.files.score_file` tells.

    ``law`` also sets the law columns beside the scores: True with the shipped tables, or a folder of tables.
    """
    from netral_nlp.law.assembly import law_columns
    from netral_nlp.law.noticed import notes_on
    from netral_nlp.scoring.files import score_file as score_table
    from netral_nlp.scoring.inputs import Columns
    from netral_nlp.scoring.outputs import scored_output
    from netral_nlp.tables import PLAIN

    check_outputs([scored_output(out)], sources([posts, model or default_model(), roster]))
    make_folder(out)
    election, judge = load_roster(roster), load_model(model, say=say)
    beside = law_columns(judge, election, law, max_false_acts)
    summary = score_table(
        sources(posts)[0], out, judge, election,
        max_fpr=max_fpr, columns=columns or Columns(), layout=layout or PLAIN, per_pair=per_pair, excel=excel,
        workers=workers, resume=resume, watch=watch, beside=beside,
    )  # fmt: skip
    tables = None if beside is None else beside.rules.digest
    summary.notes = (*summary.notes, *notes_on(summary.noticed, summary.scored, election, judge, tables))
    return summary


def explain(
    text: str,
    roster: GivenRoster,
    model: Model | str | Path | None = None,
    pair: str | None = None,
    *,
    max_fpr: float = MAX_FPR,
    say: Say = _log.info,
) -> list[Scored]:
    """The judgement of one post toward every pair that it names, or toward ``pair``, each with its evidence.

    ``pandas.DataFrame(judgement.evidence)`` is a table of the stretches; with the model's ``intercept`` their sum is
    the log-odds of the three labels. A model that was fitted to another election is said. Raises InputError for a post
    without text, UsageError for anything but text.
    """
    from netral_nlp.scoring.noticing import note_model
    from netral_nlp.scoring.scorer import Scorer

    if not isinstance(text, str):
        raise UsageError(f"A post is a text, not {type(text).__name__}.")
    if not text.strip():
        raise InputError("The post is empty.")
    judge, election = load_model(model), load_roster(roster)
    for sentence in note_model(judge.facts, election.election.id):
        say(sentence)
    scorer = Scorer(judge, election, max_fpr)
    return [scorer.toward(text, pair)] if pair is not None else scorer.score_each(text)


def audit(
    data: Frame | Paths | Corpus | None = None,
    model: Model | str | Path | None = None,
    rosters: GivenRosters = None,
    *,
    max_fpr: float = MAX_FPR,
    say: Say = _log.info,
) -> Audit:
    """How neutral a model itself is: swapped pairs, error rates by pair, personal data; ``.failures`` is what fails."""
    from netral_nlp.auditing import audit as examine

    known = load_rosters(rosters)
    return examine(load_model(model, say=say), load_corpus(data, known), known.values(), max_fpr=max_fpr, say=say)


def check_roster(roster: GivenRoster) -> list[RosterFinding]:
    """What may go wrong with a roster's names: words that mean something else, names that two pairs share."""
    from netral_nlp.roster.checking import check_roster as check

    return check(load_roster(roster))


def evaluate_law(
    data: Paths | None = None,
    model: Model | str | Path | None = None,
    rosters: GivenRosters = None,
    *,
    max_false_acts: float = MAX_FALSE_ACTS,
    say: Say = _log.info,
) -> dict[str, Any]:
    """How good acts, phases, classes and exceptions are told on posts labelled with acts.

    Without ``data`` the shipped posts are judged, each writer and each election by acts learned from the others.
    """
    from netral_nlp.evaluation.acts import cross_validate_acts, evaluate_acts
    from netral_nlp.law.assembly import labelled_acts, load_rules

    judge, rules, known = load_model(model, say=say), load_rules(), load_rosters(rosters)
    if data is None:
        return cross_validate_acts(labelled_acts(None, known), judge, rules, max_false_acts=max_false_acts, say=say)
    paths = sources(data)
    return evaluate_acts(labelled_acts(paths, known), judge, rules, max_false_acts=max_false_acts)


def explain_law(
    text: str,
    roster: GivenRoster,
    model: Model | str | Path | None = None,
    *,
    time: str = "",
    action: str = "",
    account_type: str = "",
    law: GivenLaw = True,
    max_false_acts: float = MAX_FALSE_ACTS,
) -> Indication:
    """What the law may call one post, and why a person must look. Raises InputError for a post without text."""
    from netral_nlp.law.assembly import indicate

    if not text.strip():
        raise InputError("The post is empty.")
    return indicate(
        text, load_roster(roster), load_model(model), time=time, action=action, account_type=account_type, law=law,
        max_false_acts=max_false_acts,
    )  # fmt: skip


def dossier(
    scored: str | Path,
    out: str | Path,
    *,
    id: str | None = None,
    row: int | None = None,
    roster: GivenRoster | None = None,
    facts: str | Path | Mapping[str, Any] | None = None,
    evidence: str | Path | None = None,
    model: str | Path | None = None,
    law: GivenLaw = True,
    text_column: str | None = None,
    time_column: str | None = None,
    columns: Columns | None = None,
    reviewed: Mapping[int, Reviewed] | None = None,
    command: Sequence[str] = (),
) -> Dossier:
    """The file on one row of a scored file, written to the folder ``out``; see `report.dossier_folder.file_dossier`.

    The row is named by its ``id`` or its number (the header is row 1); ``facts`` are a TOML file or the same as a
    mapping; ``reviewed`` is what people said, by the rows' numbers. Raises UsageError unless one row is named.
    """
    from netral_nlp.law.assembly import load_rules
    from netral_nlp.report.dossier_folder import file_dossier
    from netral_nlp.scoring.inputs import EVERY_COLUMN_BY_NAME, named

    if (id is None) == (row is None):
        raise UsageError("Name one post: --id X or --row N.")
    used = named(columns or EVERY_COLUMN_BY_NAME, text=text_column, time=time_column)
    return file_dossier(
        scored, out, load_rules(law), id=id, row=row, evidence=evidence, model=model, command=command,
        facts=shipped(facts) if isinstance(facts, str | Path) else facts,
        roster=None if roster is None else load_roster(roster), columns=used, reviewed=reviewed,
    )  # fmt: skip
