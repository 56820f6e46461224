"""Pages of what leaves the desk on paper: the report, and the file on one post."""

from __future__ import annotations

import re
import shutil
import tempfile
from pathlib import Path
from typing import Any

from fastapi import FastAPI, Request
from fastapi.responses import HTMLResponse, Response
from starlette.datastructures import FormData, UploadFile

from netral_nlp.desk.asking import FINDING, asked_by, facts_of, forms
from netral_nlp.desk.case import Case, moment_now
from netral_nlp.desk.entering import At, Desk, Fields, Owning, onward, texts
from netral_nlp.desk.looking import basis_of, overview_of, roster_of, scored_file
from netral_nlp.desk.reviewed import review_counts
from netral_nlp.desk.sizes import LARGEST_EVIDENCE
from netral_nlp.desk.uploads import columns_used, title_of
from netral_nlp.errors import UsageError
from netral_nlp.law.loading import load_rules
from netral_nlp.law.tables import CASES
from netral_nlp.report.scored_page import scored_page
from netral_nlp.review.told import reviewed_by
from netral_nlp.tables import write_bytes_atomically

DOSSIER = re.compile(r"berkas/\d{1,9}")
NAMES = ("berkas.html", "berkas.json", "bukti.csv", "jejak.json")


def report_page(name: str, desk: At, session: Owning) -> Response:
    case = desk.case(name)
    scored_file(desk, case)
    made = sorted({"/".join(kept.name.split("/")[:2]) for kept in case.files("berkas/")})
    titles = {kept.name.rpartition("/")[0]: kept for kept in case.files("berkas/") if kept.name.endswith("berkas.html")}
    return desk.pages.html(
        "laporan.html", case.title, session, case=case, here="laporan", owner=True,
        dossiers=[(one.partition("/")[2], titles[one]) for one in made if one in titles],
    )  # fmt: skip


def preview_report(name: str, desk: At, session: Owning) -> Response:
    """The report as ``netral report`` makes it, to read and to print."""
    case = desk.case(name)
    return HTMLResponse(_report(desk, case))


def download_report(name: str, desk: At, session: Owning) -> Response:
    case = desk.case(name)
    page = _report(desk, case)
    case.act(session.reviewer, "unduh", "laporan.html")
    return Response(
        page, media_type="text/html; charset=utf-8",
        headers={"content-disposition": f'attachment; filename="{name}-laporan.html"'},
    )  # fmt: skip


def _report(desk: Desk, case: Case) -> str:
    return scored_page(
        overview_of(desk, case), basis_of(desk, case), language=desk.pages.language, reviewed=review_counts(case)
    )


def dossier_page(name: str, key: str, desk: At, session: Owning, jenis: str = FINDING) -> Response:
    """The form of facts for the file on one post: what the law asks of a finding, or of a report."""
    case = desk.case(name)
    shown, rules = desk.reading(case).at(key), load_rules()
    kind = jenis if jenis in CASES else FINDING
    return desk.pages.html(
        "dossier.html", case.title, session, case=case, here="laporan", owner=True, post=shown.post,
        kind=kind, forms=forms(rules), asked=asked_by(rules, kind),
    )  # fmt: skip


def make_dossier(name: str, key: str, request: Request, desk: At, session: Owning, form: Fields) -> Response:
    """The four documents on one post, kept in the case together with what people gave."""
    from netral_nlp.report.dossier_folder import file_dossier

    case = desk.case(name)
    shown = desk.reading(case).at(key)
    scored = scored_file(desk, case)
    with tempfile.TemporaryDirectory(dir=desk.folder.work(name)) as place:
        folder, facts = Path(place) / "berkas", Path(place) / "fakta.toml"
        write_bytes_atomically(facts, _toml(facts_of(texts(form), load_rules())).encode())
        evidence = _evidence(form, Path(place) / "bukti")
        file_dossier(
            scored,
            folder,
            load_rules(),
            row=shown.post.line,
            roster=roster_of(case),
            facts=facts,
            evidence=evidence,
            columns=columns_used(case),
            reviewed={shown.post.line: reviewed_by(case.lines_of(key), key)},
            command=["netral", "desk"],
        )
        number = 1 + max((int(kept.name.split("/")[1]) for kept in case.files("berkas/")), default=0)
        with case.writing() as db:
            for one in NAMES:
                with (folder / one).open("rb") as content:
                    case.keep_within(db, f"berkas/{number}/{one}", f"{shown.post.id or shown.post.line}", content)
            detail = {"baris": shown.post.line, "berkas": number, "waktu": moment_now()}
            case.act_within(db, session.reviewer, "berkas", key, detail)
    return onward(request, desk.pages.to("perkara", name, "laporan"))


def _toml(facts: dict[str, Any]) -> str:
    from netral_nlp.roster.writing import _scalar

    lines = [f"{key} = {_scalar(value)}" for key, value in facts.items() if isinstance(value, str)]
    for key, value in facts.items():
        if isinstance(value, dict):
            lines += [f"[{key}]", *(f"{inner} = {_scalar(one)}" for inner, one in value.items())]
    return "\n".join(lines) + "\n"


def _evidence(form: FormData, folder: Path) -> Path | None:
    """The files that came with a form, below names of ours."""
    left = LARGEST_EVIDENCE
    files = [one for one in form.getlist("bukti") if isinstance(one, UploadFile) and one.filename]
    if not files:
        return None
    folder.mkdir()
    for number, file in enumerate(files, 1):
        left -= file.size or 0
        if left < 0:
            raise UsageError("Berkas bukti terlalu besar.")
        safe = re.sub(r"[^\w.-]+", "_", title_of(file.filename or ""))[-80:].lstrip(".") or "bukti"
        with (folder / f"{number:02}-{safe}").open("xb") as out:
            shutil.copyfileobj(file.file, out, 1 << 20)
    return folder


def dossier_file(name: str, number: str, file: str, desk: At, session: Owning) -> Response:
    """One of the documents; the page is shown, the others are downloaded."""
    case = desk.case(name)
    kept = f"berkas/{number}"
    if not DOSSIER.fullmatch(kept) or file not in NAMES:
        raise UsageError("Berkas itu tidak ada di perkara ini.")
    content = b"".join(case.pieces(f"{kept}/{file}"))
    if file == NAMES[0]:
        return HTMLResponse(content)
    case.act(session.reviewer, "unduh", f"{kept}/{file}")
    return Response(
        content, media_type="application/octet-stream",
        headers={"content-disposition": f'attachment; filename="{name}-{number}-{file}"'},
    )  # fmt: skip


def add_routes(app: FastAPI) -> None:
    app.get("/perkara/{name}/laporan")(report_page)
    app.get("/perkara/{name}/laporan.html")(download_report)
    app.get("/pratinjau/{name}/laporan")(preview_report)
    app.get("/pratinjau/{name}/berkas/{number}/{file}")(dossier_file)
    app.get("/perkara/{name}/dossier/{key}")(dossier_page)
    app.post("/bukti/{name}/{key}")(make_dossier)
