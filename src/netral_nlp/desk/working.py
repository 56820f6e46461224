"""The process beside a desk that scores or learns: one job on its standard input, what it does in lines of JSON out.

It ends when its input ends: a desk that was killed leaves nobody behind. What it has done is in the case or can be
continued; it never leaves half of anything.
"""

from __future__ import annotations

import _thread
import json
import os
import sys
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from netral_nlp.desk.case import Case
from netral_nlp.errors import InputError, NetralError
from netral_nlp.tables.locking import try_lock

if TYPE_CHECKING:
    from netral_nlp.model.model import Model

GRACE = 8.0  # seconds to end a run in order before it is cut off
CANDIDATE = "usul.npz"


def main() -> None:
    """Do the job that the first line of standard input names, as long as the input stays open."""
    job = json.loads(sys.stdin.buffer.readline())
    threading.Thread(target=_watch_input, daemon=True).start()
    try:
        with _alone(Path(job["kerja"])):
            done = JOBS[job["jenis"]](job)
    except KeyboardInterrupt:
        tell(batal=True)
    except (NetralError, OSError) as error:
        tell(galat=str(error))
    except MemoryError:
        tell(galat="Memori komputer ini tidak cukup.")
    else:
        tell(selesai=done)
    sys.stdout.flush()
    os._exit(0)  # no waiting for whatever a library left behind


@contextmanager
def _alone(work: Path) -> Iterator[None]:
    """One process works in a folder; one whose desk was killed may need a moment to end."""
    with (work / "kunci").open("a+b") as lock:
        until = time.monotonic() + 2 * GRACE
        while try_lock(lock.fileno()) is False:
            if time.monotonic() > until:
                raise InputError("Proses lain masih mengerjakan perkara ini.")
            time.sleep(0.1)
        yield


def tell(**said: Any) -> None:
    """One line to the desk."""
    sys.stdout.write(json.dumps(said) + "\n")
    sys.stdout.flush()


def _watch_input() -> None:
    sys.stdin.buffer.read()
    _thread.interrupt_main()
    threading.Event().wait(GRACE)
    os._exit(130)


def score(job: Mapping[str, Any]) -> dict[str, Any]:
    """Score the upload beside the case, from where an earlier run stopped, and take the result in."""
    from netral_nlp import api
    from netral_nlp.desk.posts import bring_in
    from netral_nlp.desk.uploads import columns_of, laid_out, layout_of, renamed, upload_in
    from netral_nlp.roster.reading import parse_roster
    from netral_nlp.scoring.resuming import journal_of

    work = Path(job["kerja"])
    with Case(job["perkara"]) as case:
        roster = parse_roster(case.fact("roster"), "roster")
        posts = upload_in(case, work)
        model = _model(case, work, job)
        out = work / "skor.csv"
        choices, laid = case.fact("tata", {}), laid_out(case)
        summary = api.score_file(
            posts, roster, model, out, max_fpr=case.fact("max_fpr", 0.01), columns=columns_of(choices),
            layout=layout_of(choices), resume=journal_of(out).exists(), law=model.acts is not None,
            watch=lambda rows, share: tell(baris=rows, bagian=share), say=_nothing,
        )  # fmt: skip
        facts: dict[str, Any] = {
            "model": str(model.facts.get("file_sha256", "")), "roster": roster.digest, "baris": summary.rows,
            "ditolak": summary.rejected, "label": summary.by_label, "kolom": summary.text_column,
            "catatan": list(summary.notes), "pilihan": renamed(posts, out, choices), "tata": laid,
        }  # fmt: skip
        tell(tahap="masuk", baris=summary.rows)
        bring_in(
            case, out, roster, job["oleh"], facts, columns_of(facts["pilihan"]),
            lambda rows: tell(tahap="masuk", baris=rows),
        )  # fmt: skip
    return facts


def learn(job: Mapping[str, Any]) -> dict[str, Any]:
    """A model fitted to what was decided in the case, as a candidate, and what it would gain."""
    from netral_nlp import api
    from netral_nlp.review.export import corpus_from_reviews
    from netral_nlp.roster.reading import parse_roster

    work = Path(job["kerja"])
    with Case(job["perkara"]) as case:
        roster = parse_roster(case.fact("roster"), "roster")
        model = _model(case, work, job)
        corpus = corpus_from_reviews(case, {roster.election.id: roster})
        found = api.calibrate(corpus, model, {roster.election.id: roster}, work / CANDIDATE, say=_nothing)
        document = found.document()
        with (work / CANDIDATE).open("rb") as content:
            case.keep(CANDIDATE, "model usulan", content, job["oleh"], "belajar", document, usul=document, kerja=None)
    return document


def _model(case: Case, work: Path, job: Mapping[str, Any]) -> Model:
    """The case's own model, else the desk's, else the usual one, which is trained where it is missing."""
    from netral_nlp import api

    if any(kept.name == "model.npz" for kept in case.files()):
        return api.load_model(case.put_out("model.npz", work / "model.npz"))
    return api.load_model(job.get("model") or None, say=_nothing)


def _nothing(message: str) -> None:
    """What a terminal would be told is not for a desk."""


JOBS = {"nilai": score, "belajar": learn}

if __name__ == "__main__":
    main()
