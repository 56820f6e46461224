"""What came of scoring, as the report counts it: read once from the case's scored file, and remembered."""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from markupsafe import Markup

from netral_nlp import __version__
from netral_nlp.desk.case import Case
from netral_nlp.desk.entering import Desk
from netral_nlp.desk.posts import REJECTED_FILE, SCORED_FILE
from netral_nlp.desk.remembering import Remembered
from netral_nlp.desk.uploads import columns_used
from netral_nlp.errors import InputError, NetralError
from netral_nlp.law.loading import load_rules
from netral_nlp.report.overview import Overview, read_overview
from netral_nlp.report.scored_page import Basis, counted_parts
from netral_nlp.report.scored_posts import Veil
from netral_nlp.roster import Roster
from netral_nlp.roster.reading import parse_roster

if TYPE_CHECKING:
    from netral_nlp.model.model import Model
    from netral_nlp.scoring.scorer import Scorer

_overviews: Remembered[Overview] = Remembered()
_bases: Remembered[Basis] = Remembered()
_models: Remembered[Model | None] = Remembered()
_scorers: Remembered[Scorer | None] = Remembered()


def roster_of(case: Case) -> Roster:
    """The roster that the case's posts are scored with."""
    text = case.fact("roster")
    if text is None:
        raise InputError("Lengkapi dulu daftar paslonnya.")
    return _parsed(text)


@lru_cache(maxsize=8)
def _parsed(text: str) -> Roster:
    return parse_roster(text, "roster")


def scored_file(desk: Desk, case: Case) -> Path:
    """The scored posts on the disk, with the rejected ones beside them. Raises InputError before scoring."""
    done = case.fact("skor")
    if done is None:
        raise InputError("Unggahan di perkara ini belum dinilai.")
    folder = desk.folder.work(case.name) / "hasil"
    path = case.put_out(SCORED_FILE, folder / "skor.csv")
    beside = Path(f"{path}.rejected.csv")
    if any(kept.name == REJECTED_FILE for kept in case.files()):
        case.put_out(REJECTED_FILE, beside)
    else:
        beside.unlink(missing_ok=True)
    return path


def overview_of(desk: Desk, case: Case) -> Overview:
    """Counts and the posts that need a look."""

    def read() -> Overview:
        found = read_overview(scored_file(desk, case), columns=columns_used(case), zone=roster_of(case).election.zone)
        found.name = str((case.fact("unggahan") or {}).get("nama", found.name))
        return found

    return _overviews.of((case.path, _digest(case), columns_used(case), roster_of(case).election.zone), read)


def model_of(desk: Desk, case: Case) -> Model | None:
    """The model that scored the case's posts, None where it is no longer at hand or of another version."""
    from netral_nlp import api

    wanted = str((case.fact("skor") or {}).get("model", ""))

    def load() -> Model | None:
        own = any(kept.name == "model.npz" for kept in case.files())
        path = desk.jobs.model or api.default_model()
        if own:
            path = case.put_out("model.npz", desk.folder.work(case.name) / "model.npz")
        if not path.exists():
            return None
        try:
            model = api.load_model(path)
        except NetralError:
            return None
        return model if str(model.facts.get("file_sha256", "")) == wanted else None

    return _models.of((case.path, wanted), load) if wanted else None


def scorer_of(desk: Desk, case: Case) -> Scorer | None:
    """What tells exactly where the evidence of the case's posts stands, None where it would tell of other scores."""
    from netral_nlp.scoring.scorer import Scorer

    roster, model = roster_of(case), model_of(desk, case)
    if model is None or (case.fact("skor") or {}).get("roster") != roster.digest:
        return None

    def make() -> Scorer | None:
        try:
            return Scorer(model, roster, 0.5)  # thresholds do not matter here
        except NetralError:
            return None

    return _scorers.of((case.path, model.facts["file_sha256"], roster.digest), make)


def basis_of(desk: Desk, case: Case) -> Basis:
    """What the scores rest on; without the model's own figures where that model is no longer at hand."""
    from netral_nlp.model.promise import promise_of

    rate = float(case.fact("max_fpr", 0.01))
    roster, model = roster_of(case), model_of(desk, case)
    law = load_rules() if overview_of(desk, case).law is not None else None

    def make() -> Basis:
        basis = Basis(__version__, roster, max_fpr=rate, law=law)
        if model is None:
            return basis
        try:
            return replace(basis, model=model.facts, promise=promise_of(model, rate, roster.election.id))
        except NetralError:
            return basis  # a model whose figures hold for another election

    known = model is not None and model.facts["file_sha256"]
    return _bases.of((case.path, known, roster.digest, rate, law is not None), make)


def _digest(case: Case) -> str:
    return str((case.fact("skor") or {}).get("sha256", ""))


def counted(desk: Desk, case: Case) -> Markup:
    """The counts of the report, as part of a page."""
    found, basis = overview_of(desk, case), basis_of(desk, case)
    parts = counted_parts(found, basis, Veil(basis.roster, True), desk.pages.language)
    return Markup("\n".join(parts))
