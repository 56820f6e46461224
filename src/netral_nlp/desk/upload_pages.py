"""Pages of a case's beginning: its upload, and how that is read."""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path

from fastapi import FastAPI, Request
from fastapi.responses import Response
from starlette.datastructures import UploadFile

from netral_nlp.desk.entering import At, Fields, Owning, onward, texts
from netral_nlp.desk.sizes import LARGEST_UPLOAD
from netral_nlp.desk.uploads import (
    UPLOAD,
    Preview,
    chosen,
    columns_of,
    count_rows,
    ending_of,
    layout_of,
    preview,
    refuse_hopeless,
    title_of,
    upload_in,
)
from netral_nlp.errors import UsageError
from netral_nlp.scoring.inputs import find_places
from netral_nlp.tables import open_table


def upload_page(name: str, desk: At, session: Owning) -> Response:
    case = desk.case(name)
    about, choices = case.fact("unggahan"), case.fact("tata", {})
    shown = Preview() if about is None else preview(upload_in(case, desk.folder.work(name)), choices)
    return desk.pages.html(
        "unggah.html", case.title, session, case=case, here="unggah", owner=True, about=about, shown=shown,
        choices=choices, largest=LARGEST_UPLOAD, scored=case.fact("skor") is not None,
    )  # fmt: skip


def upload(name: str, request: Request, desk: At, session: Owning, form: Fields) -> Response:
    """Keep the file whole, unless nobody could make a table of it: then nothing is kept, and one sentence says why."""
    case = desk.case(name)
    file = form.get("berkas")
    if not isinstance(file, UploadFile) or not file.filename:
        raise UsageError("Pilih dulu berkasnya.")
    if desk.jobs.of(case) is not None:
        raise UsageError("Pekerjaan lain masih berjalan di perkara ini.")
    ending, title = ending_of(file.filename), title_of(file.filename)
    with tempfile.TemporaryDirectory(dir=desk.folder.work(name)) as place:
        path = Path(place) / f"unggahan{ending}"
        with path.open("xb") as out:
            file.file.seek(0)
            shutil.copyfileobj(file.file, out, 1 << 20)
        if not path.stat().st_size:
            raise UsageError("Berkas itu kosong.")
        refuse_hopeless(path)
        with path.open("rb") as content:
            case.keep(
                UPLOAD, title, content, session.reviewer, "unggah", {"nama": title},
                unggahan={"nama": title, "akhiran": ending}, tata={},
            )  # fmt: skip
    desk.folder.clear_work(name)
    return onward(request, desk.pages.to("perkara", name, "unggah"))


def lay_out(name: str, request: Request, desk: At, session: Owning, form: Fields) -> Response:
    """How the upload is read; kept only where it can be read so, unless somebody only looks."""
    case, said = desk.case(name), texts(form)
    choices = chosen(said)
    path = upload_in(case, desk.folder.work(name))
    if said.get("apa") != "lanjut":
        case.note(tata=choices)
        return onward(request, desk.pages.to("perkara", name, "unggah"))
    shown = preview(path, choices)
    if shown.fault:
        raise UsageError(shown.fault)
    with open_table(path, layout_of(choices)) as table:
        find_places(table, columns_of(choices))
    rows, rejected = count_rows(path, choices)
    if rows == rejected:
        raise UsageError("Tidak ada baris yang dapat dibaca di berkas ini.")
    about = case.fact("unggahan")
    case.act(
        session.reviewer, "tata", about["nama"], choices, tata=choices,
        unggahan={**about, "baris": rows, "rusak": rejected},
    )  # fmt: skip
    return onward(request, desk.pages.to("perkara", name, "paslon"))


def add_routes(app: FastAPI) -> None:
    app.get("/perkara/{name}/unggah")(upload_page)
    app.post("/unggah/{name}")(upload)
    app.post("/perkara/{name}/tata")(lay_out)
