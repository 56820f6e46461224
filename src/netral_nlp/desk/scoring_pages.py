"""Pages of scoring, of what came of it, and of learning from what people decided."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from fastapi import FastAPI, Request
from fastapi.responses import JSONResponse, Response

from netral_nlp.desk.agreeing import agreement_parts
from netral_nlp.desk.case import Case
from netral_nlp.desk.entering import At, Desk, Fields, Owning, Signed, onward, texts
from netral_nlp.desk.looking import counted
from netral_nlp.desk.progress import progress_of
from netral_nlp.desk.uploads import laid_out
from netral_nlp.errors import UsageError

RATES = (0.01, 0.02, 0.05)  # of false alarms, to choose from


def scoring_page(name: str, desk: At, session: Owning) -> Response:
    case = desk.case(name)
    if case.fact("roster") is None:
        raise UsageError("Lengkapi dulu daftar paslonnya.")
    fault = _fault(desk, case, "nilai")
    return desk.pages.html(
        "nilai.html", case.title, session, case=case, here="nilai", owner=True, state=_state(desk, case), fault=fault,
        done=case.fact("skor"), rates=RATES, rate=case.fact("max_fpr", 0.01), about=case.fact("unggahan"),
        stale=_is_stale(case), relaid=_is_relaid(case),
    )  # fmt: skip


def scoring_state(name: str, desk: At, session: Signed) -> JSONResponse:
    return JSONResponse(_state(desk, desk.case(name)))


def start_scoring(name: str, request: Request, desk: At, session: Owning, form: Fields) -> Response:
    case, said = desk.case(name), texts(form)
    if said.get("apa") == "hentikan":
        desk.jobs.stop(case, session.reviewer)
    else:
        if case.fact("roster") is None or case.fact("unggahan") is None:
            raise UsageError("Lengkapi dulu daftar paslonnya.")
        rate = next((r for r in RATES if f"{r:g}" == said.get("max_fpr", "0.01")), None)
        if rate is None:
            raise UsageError("Pilih salah satu batas salah tuduh.")
        if desk.jobs.of(case) is None:
            case.note(max_fpr=rate)
        desk.jobs.start(case, "nilai", session.reviewer)
    return onward(request, desk.pages.to("perkara", name, "nilai"))


def _fault(desk: Desk, case: Case, kind: str) -> str:
    """Why the last job of that kind failed, "" where it did not."""
    begun = case.fact("kerja") or {}
    return desk.pages.sentence(begun["galat"]) if begun.get("galat") and begun.get("jenis") == kind else ""


def _state(desk: Desk, case: Case) -> dict[str, Any]:
    """How far a job is, as plain data."""
    job = desk.jobs.of(case)
    about = case.fact("unggahan") or {}
    total = int(about.get("baris", 0))
    if job is None:
        return {"running": False, "done": case.fact("skor") is not None}
    left = job.left(total) if job.stage != "masuk" else None
    share = min(job.rows / total, 1.0) if total else job.share or 0.0
    return {
        "running": True, "kind": job.kind, "stage": job.stage, "rows": job.rows, "total": total, "share": share,
        "rate": round(job.rate()), "left": None if left is None else round(left),
        "text": _told(desk, job.rows, total, job.rate(), left, job.stage),
    }  # fmt: skip


def _told(desk: Desk, rows: int, total: int, rate: float, left: float | None, stage: str) -> str:
    """The same in words."""
    pages = desk.pages
    if not rows:
        return pages.say("Menyiapkan model …")
    told = f"{pages.number(rows)} / {pages.number(total)}" if total else pages.number(rows)
    if stage == "masuk":
        return f"{pages.say('Menyimpan hasil ke perkara')}: {told}"
    told = f"{told} · {pages.number(rate)} {pages.say('unggahan per detik')}"
    return told if left is None else f"{told} · {pages.say('kira-kira')} {pages.number(left)} {pages.say('detik lagi')}"


def _is_stale(case: Case) -> bool:
    """Whether the roster was changed since the posts were scored."""
    from netral_nlp.roster.reading import parse_roster

    done = case.fact("skor")
    return done is not None and parse_roster(case.fact("roster"), "roster").digest != done.get("roster")


def _is_relaid(case: Case) -> bool:
    """Whether another upload, or other columns of it, stand for the posts since they were scored."""
    done = case.fact("skor")
    return done is not None and "tata" in done and done["tata"] != laid_out(case)


def overview_page(name: str, desk: At, session: Signed) -> Response:
    case = desk.case(name)
    desk.reading(case).refresh()
    return desk.pages.html(
        "ikhtisar.html", case.title, session, case=case, here="ikhtisar", owner=desk.owns(session),
        done=case.fact("skor"), counted=counted(desk, case),
        progress=progress_of(case, session.reviewer),
        agreement=agreement_parts(case, desk.pages) if desk.owns(session) else "",
    )  # fmt: skip


def learning_page(name: str, desk: At, session: Owning) -> Response:
    case = desk.case(name)
    fault, proposal = _fault(desk, case, "belajar"), case.fact("usul")
    desk.reading(case).refresh()  # decisions outlive scoring anew, their counts are made of them
    return desk.pages.html(
        "belajar.html", case.title, session, case=case, here="belajar", owner=True, state=_state(desk, case),
        fault=fault, proposal=proposal, progress=progress_of(case, session.reviewer),
        worth=worth_of_learning(proposal) if proposal else "", learnt=case.fact("dipelajari"),
        kept=[kept for kept in case.files() if kept.name == "model.npz"],
    )  # fmt: skip


def worth_of_learning(proposal: Mapping[str, Any]) -> str:
    """Whether a candidate helps: ``ya`` where a gain is more than chance, ``tidak`` where there is none.

    >>> worth_of_learning({"strength": 1.0, "gain": {"support_auc": [0.02, 0.01, 0.03], "macro_f1": None}})
    'ya'
    >>> worth_of_learning({"strength": 1.0, "gain": {"support_auc": [0.0, 0.0, 0.0], "macro_f1": None}})
    'tidak'
    """
    gains = [gain for gain in proposal["gain"].values() if gain]
    if proposal["strength"] is None or not any(gain[0] > 0.0 for gain in gains):
        return "tidak"
    return "ya" if any(gain[1] > 0.0 for gain in gains) and all(gain[2] >= 0.0 for gain in gains) else "mungkin"


def learn(name: str, request: Request, desk: At, session: Owning, form: Fields) -> Response:
    """Fit a candidate, keep it and score anew by it, or drop it."""
    case, what = desk.case(name), texts(form).get("apa", "")
    if what == "hitung":
        desk.jobs.start(case, "belajar", session.reviewer)
    elif what == "hentikan":
        desk.jobs.stop(case, session.reviewer)
    elif what == "pakai" and case.fact("usul"):
        work, learnt = desk.folder.work(name), case.fact("usul")["n"]
        with case.put_out("usul.npz", work / "usul.npz").open("rb") as content:
            case.keep(
                "model.npz", "model perkara ini", content, session.reviewer, "pakai model", usul=None, dipelajari=learnt
            )
        desk.jobs.start(case, "nilai", session.reviewer)
        return onward(request, desk.pages.to("perkara", name, "nilai"))
    elif what == "buang":
        case.act(session.reviewer, "buang usul", usul=None)
    else:
        raise UsageError("Permintaan ini tidak dapat dibaca.")
    return onward(request, desk.pages.to("perkara", name, "belajar"))


def add_routes(app: FastAPI) -> None:
    app.get("/perkara/{name}/nilai")(scoring_page)
    app.post("/perkara/{name}/nilai")(start_scoring)
    app.get("/perkara/{name}/keadaan")(scoring_state)
    app.get("/perkara/{name}/ikhtisar")(overview_page)
    app.get("/perkara/{name}/belajar")(learning_page)
    app.post("/perkara/{name}/belajar")(learn)
