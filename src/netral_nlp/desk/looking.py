"""What came of scoring, as the report counts it: read once from the case's scored file, and remembered."""

from __future__ import annotations

import threading
from collections import OrderedDict
from functools import lru_cache
from pathlib import Path

from markupsafe import Markup

from netral_nlp import __version__
from netral_nlp.desk.case import Case
from netral_nlp.desk.entering import Desk
from netral_nlp.desk.posts import REJECTED_FILE, SCORED_FILE
from netral_nlp.errors import InputError, NetralError
from netral_nlp.law.loading import load_rules
from netral_nlp.report.overview import Overview, read_overview
from netral_nlp.report.scored_page import Basis, counted_parts
from netral_nlp.report.scored_posts import Veil
from netral_nlp.roster import Roster
from netral_nlp.roster.reading import parse_roster

REMEMBERED = 4  # overviews and models, each of bounded size
_overviews: OrderedDict[tuple[str, str], Overview] = OrderedDict()
_bases: OrderedDict[tuple[str, str, float, bool], Basis] = OrderedDict()
_lock = threading.Lock()


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
    key = (case.name, str((case.fact("skor") or {}).get("sha256", "")))
    with _lock:
        if key in _overviews:
            return _overviews[key]
    found = read_overview(scored_file(desk, case), zone=roster_of(case).election.zone)
    found.name = str((case.fact("unggahan") or {}).get("nama", found.name))
    with _lock:
        _overviews[key] = found
        while len(_overviews) > REMEMBERED:
            _overviews.popitem(last=False)
    return found


def basis_of(desk: Desk, case: Case) -> Basis:
    """What the scores rest on; without the model's own figures where that model is no longer at hand."""
    from netral_nlp import api
    from netral_nlp.model.promise import promise_of

    done, rate = case.fact("skor") or {}, float(case.fact("max_fpr", 0.01))
    roster = roster_of(case)
    law = load_rules() if overview_of(desk, case).law is not None else None
    key = (str(done.get("model", "")), roster.digest, rate, law is not None)
    with _lock:
        if key in _bases:
            return _bases[key]
    basis = Basis(__version__, roster, max_fpr=rate, law=law)
    try:
        own = any(kept.name == "model.npz" for kept in case.files())
        path = (
            case.put_out("model.npz", desk.folder.work(case.name) / "model.npz")
            if own
            else desk.jobs.model or api.default_model()
        )
        if own or path.exists():
            model = api.load_model(path)
            if str(model.facts.get("file_sha256", "")) == key[0]:
                promise = promise_of(model, rate, roster.election.id)
                basis = Basis(__version__, roster, model.facts, promise, max_fpr=rate, law=law)
    except NetralError:
        pass  # a model of another version: the page says that none was named
    with _lock:
        _bases[key] = basis
        while len(_bases) > REMEMBERED:
            _bases.popitem(last=False)
    return basis


def counted(desk: Desk, case: Case) -> Markup:
    """The counts of the report, as part of a page."""
    found, basis = overview_of(desk, case), basis_of(desk, case)
    parts = counted_parts(found, basis, Veil(basis.roster, True), desk.pages.language)
    return Markup("\n".join(parts))
