"""Pages of the folder: the list of cases, a new one, and the way to the step where a case is."""

from __future__ import annotations

from fastapi import FastAPI, Request
from fastapi.responses import Response

from netral_nlp.desk.entering import At, Fields, Owning, Signed, onward, texts


def cases_page(desk: At, session: Signed) -> Response:
    return desk.pages.html(
        "perkara.html", desk.pages.say("Perkara"), session, here="perkara", owner=desk.owns(session),
        cases=desk.folder.list(),
    )  # fmt: skip


def create_case(request: Request, desk: At, session: Owning, form: Fields) -> Response:
    case = desk.folder.create(texts(form).get("judul", ""), session.reviewer)
    return onward(request, desk.pages.to("perkara", case.name, "unggah"))


def case_page(name: str, request: Request, desk: At, session: Signed) -> Response:
    """On to the step where the case is."""
    case = desk.case(name)
    if not desk.owns(session):
        return onward(request, desk.pages.to("perkara", name, "tinjau"))
    step = "unggah"
    for fact, next_step in (("unggahan", "paslon"), ("roster", "nilai"), ("skor", "ikhtisar")):
        step = next_step if case.fact(fact) is not None else step
    return onward(request, desk.pages.to("perkara", name, step))


def add_routes(app: FastAPI) -> None:
    app.get("/")(cases_page)
    app.post("/perkara")(create_case)
    app.get("/perkara/{name}")(case_page)
