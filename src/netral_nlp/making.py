"""Making models: training, adapting, calibrating, and learning word vectors; the other activities are in ``api``."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from netral_nlp.errors import InputError, UsageError
from netral_nlp.learning.seeds import check_seed
from netral_nlp.loading import Frame, GivenRoster, GivenRosters, Paths, sources
from netral_nlp.loading import load_corpus as load_corpus
from netral_nlp.loading import load_roster as load_roster
from netral_nlp.loading import load_rosters as load_rosters
from netral_nlp.loading import reviewed_corpus as reviewed_corpus
from netral_nlp.resources import shipped, user_folder
from netral_nlp.tables.guard import MODEL, Output, check_outputs
from netral_nlp.tables.places import check_writable

if TYPE_CHECKING:
    from netral_nlp.features.vectors import WordVectors
    from netral_nlp.learning.adapted import Adapted
    from netral_nlp.learning.corpus import Corpus
    from netral_nlp.learning.recalibration import Recalibration
    from netral_nlp.learning.rows import Given
    from netral_nlp.learning.training import Trained
    from netral_nlp.model.model import Model
    from netral_nlp.tables import Layout
    from netral_nlp.text.stemming import Stemmer

Say = Callable[[str], None]

LOCAL_MODEL = Path("models/netral.npz")
MAX_FPR = 0.01
_log = logging.getLogger("netral_nlp")


def default_model() -> Path:
    """The model of those who name none: ``models/netral.npz`` where it is, else the user's own of this version.

    Where the user's own folder cannot be written, ``models/netral.npz`` again.
    """
    if LOCAL_MODEL.exists():
        return LOCAL_MODEL
    own = user_folder() / "netral.npz"
    try:
        if not own.exists():
            check_writable(own)
    except InputError:
        return LOCAL_MODEL
    return own


def load_model(model: Model | str | Path | None = None, *, say: Say = _log.warning) -> Model:
    """The model in a file; by default `default_model`, trained from the shipped corpus when it is missing."""
    from netral_nlp.model.file import load_model as load
    from netral_nlp.model.model import Model

    if model is not None:
        return model if isinstance(model, Model) else load(model)
    path = default_model()
    if not path.exists():
        say("There is no model yet: training one from the shipped corpus, once for all folders (about half a minute).")
        train(out=path, say=say)
    return load(path)


def train(
    data: Frame | Paths | Corpus | None = None,
    rosters: GivenRosters = None,
    out: str | Path | None = None,
    *,
    seed: int = 0,
    stem: Stemmer = "fast",
    pipeline: str | Path | None = None,
    vectors: str | Path | None = None,
    given: Given | None = None,
    law: bool | Sequence[str | Path] = True,
    reviewed: Corpus | None = None,
    agreed: Callable[[Recalibration], bool] = lambda found: True,
    say: Say = _log.info,
) -> Trained:
    """A model learned from labelled posts (columns election, pair, label, text).

    Saved to ``out``, its card beside it, and the scikit-learn Pipeline to ``pipeline``, with joblib. ``given`` says
    what the data do not, ``vectors`` is a file of ``netral vectors`` (default: the shipped one), ``law`` are
    posts labelled with acts (True: the shipped ones; False: the model knows no acts). The weights are then moved by
    the posts in ``reviewed`` as :func:`calibrate` does; nothing is saved unless ``agreed`` says so of what they gain.
    Raises InputError naming the rows of all that is unknown, UsageError for a Pipeline with reviews: it holds none.
    """
    from netral_nlp.features.vectors import load_vectors
    from netral_nlp.learning.training import train as fit
    from netral_nlp.report.model_files import save_pipeline, save_trained, trained_outputs

    seed = check_seed(seed)
    if reviewed is not None and pipeline is not None:
        raise UsageError(
            "A Pipeline holds what the corpus taught, not what reviews add; leave out --pipeline or --reviews."
        )
    check_outputs(trained_outputs(out, pipeline), sources([data, rosters, vectors]))
    check_writable(out, pipeline)
    corpus = load_corpus(data, rosters, given)
    own = None if vectors is None else load_vectors(vectors)
    trained = fit(corpus, seed=seed, stem=stem, vectors=own, say=say)
    if law is not False:
        from netral_nlp.law.assembly import with_acts

        labelled = None if law is True else law
        trained = replace(trained, model=with_acts(trained.model, labelled, load_rosters(rosters), seed=seed, say=say))
    if reviewed is not None:
        from netral_nlp.learning.recalibration import recalibrate

        found = recalibrate(trained.model, reviewed, seed=seed)
        if not agreed(found):
            return trained
        trained = replace(trained, model=found.model)
    if pipeline is not None:
        save_pipeline(trained, pipeline)
        say(f"Pipeline: {pipeline} (a pickle: open only what you made yourself)")
    if out is not None:
        say(f"Written: {save_trained(trained.model, corpus, out, seed=seed)}")
    return trained


def learn_vectors(
    posts: Sequence[str | Path],
    rosters: GivenRosters = None,
    out: str | Path | None = None,
    *,
    text_column: str | None = None,
    seed: int = 0,
) -> WordVectors:
    """Vectors of the ordinary words in table files of unlabelled posts, saved to ``out`` if that is given."""
    from netral_nlp.features.vectors import vector_bytes
    from netral_nlp.learning.vectors import learn_vectors as learn
    from netral_nlp.scoring.inputs import texts_of
    from netral_nlp.tables import write_bytes_atomically

    seed = check_seed(seed)
    check_outputs([Output(out, MODEL)], sources([*posts, rosters]))
    check_writable(out)
    texts = (text for path in posts for text in texts_of(shipped(path), text_column))
    found = learn(texts, load_rosters(rosters), seed=seed)
    if out is not None:
        write_bytes_atomically(out, vector_bytes(found))
    return found


def adapt(
    posts: Frame | str | Path,
    roster: GivenRoster,
    model: Model | str | Path | None = None,
    out: str | Path | None = None,
    *,
    corpus: Frame | Paths | Corpus | None = None,
    rosters: GivenRosters = None,
    veto: Sequence[str] = (),
    text_column: str | None = None,
    pair_column: str | None = None,
    layout: Layout | None = None,
    seed: int = 0,
    say: Say = _log.info,
) -> Adapted:
    """A model adapted to an election by its unlabelled posts, saved to ``out`` if that is given.

    ``corpus`` is what the model was trained on (default: the shipped one). ``.terms`` are the words that gained weight:
    call again with a ``veto``. Raises InputError for too few posts and for a drifting model.
    """
    from netral_nlp.learning.adaptation import adapt as learn
    from netral_nlp.model.file import save_model
    from netral_nlp.scoring.inputs import unlabelled_posts
    from netral_nlp.tables import PLAIN

    seed = check_seed(seed)
    check_outputs([Output(out, MODEL)], sources([posts, model or default_model(), roster, corpus, rosters]))
    check_writable(out)
    election = load_roster(roster)
    parent = load_model(model, say=say)
    if isinstance(posts, str | Path):
        texts = unlabelled_posts(sources(posts)[0], election, text_column, pair_column, layout or PLAIN)
    else:
        from netral_nlp.frames import unlabelled_frame

        texts = unlabelled_frame(posts, election, text_column, pair_column)
    adapted = learn(parent, load_corpus(corpus, rosters), election, texts, veto=veto, seed=seed, say=say)
    if out is not None:
        save_model(adapted.model, out)
    return adapted


def calibrate(
    data: Frame | Paths | Corpus,
    model: Model | str | Path | None = None,
    rosters: GivenRosters = None,
    out: str | Path | None = None,
    *,
    given: Given | None = None,
    say: Say = _log.info,
) -> Recalibration:
    """A model that fits a new election, from labelled posts of it, saved to ``out``; InputError for too few posts."""
    from netral_nlp.learning.recalibration import recalibrate
    from netral_nlp.model.file import save_model

    check_outputs([Output(out, MODEL)], sources([data, model or default_model(), rosters]))
    check_writable(out)
    found = recalibrate(load_model(model, say=say), load_corpus(data, rosters, given))
    if out is not None:
        save_model(found.model, out)
    return found
