"""Pages of people: the first owner, signing in and out, and who else may work at the desk."""

from __future__ import annotations

from fastapi import FastAPI, Request
from fastapi.responses import Response

from netral_nlp.desk.entering import At, Fields, In, NotSignedError, Owning, Signed, onward, texts
from netral_nlp.desk.people import OWNER, SHORTEST_PIN
from netral_nlp.errors import UsageError
from netral_nlp.serving.guard import ENTRANCE


def sign_in_page(desk: At, session: In) -> Response:
    """Who are you? Or, at a desk that knows nobody: who owns it?"""
    people = desk.folder.people.all()
    title = desk.pages.say("Masuk" if people else "Pemilik meja ini")
    return desk.pages.html(
        "masuk.html", title, session, names=[p.name for p in people], guest=session.guest, shortest=SHORTEST_PIN
    )


def sign_in(request: Request, desk: At, session: In, form: Fields) -> Response:
    said = texts(form)
    people = desk.folder.people
    if not people.all():
        if session.guest:
            raise NotSignedError
        if said.get("pin", "") != said.get("pin2", ""):
            raise UsageError("Kedua PIN tidak sama.")
        people.add(said.get("nama", ""), said.get("pin", ""), OWNER)
    person = people.check(session.guest or said.get("nama", ""), said.get("pin", ""))
    desk.sessions.sign_in(session, person.name)
    return onward(request, desk.pages.to(""))


def sign_out(request: Request, desk: At, session: Signed, form: Fields) -> Response:
    desk.sessions.sign_out(session)
    return onward(request, desk.pages.to("masuk-nama"))


def people_page(desk: At, session: Owning) -> Response:
    """Who may work here; progress of each is on the pages of the cases."""
    return desk.pages.html(
        "orang.html", desk.pages.say("Orang"), session, here="orang", owner=True, people=desk.folder.people.all(),
        lan=bool(desk.address), shortest=SHORTEST_PIN, door="", whose="",
    )  # fmt: skip


def change_people(request: Request, desk: At, session: Owning, form: Fields) -> Response:
    """Add somebody, change a PIN, make or drop a key, take somebody from the list."""
    said, people = texts(form), desk.folder.people
    name, what = said.get("nama", ""), said.get("apa", "")
    if what == "tambah":
        people.add(name, said.get("pin", ""), said.get("peran", "peninjau"))
    elif what == "pin":
        people.change_pin(name, said.get("pin", ""))
    elif what == "kunci":
        here = str(request.base_url).rstrip("/").removesuffix(desk.pages.root)
        door = f"{desk.address or here}{ENTRANCE}{people.new_key(name)}"
        return desk.pages.html(
            "orang.html", desk.pages.say("Orang"), session, here="orang", owner=True, people=people.all(),
            lan=bool(desk.address), shortest=SHORTEST_PIN, door=door, whose=name,
        )  # fmt: skip
    elif what == "cabut":
        people.drop_key(name)
    elif what == "hapus":
        people.remove(name)
    else:
        raise UsageError("Permintaan ini tidak dapat dibaca.")
    return onward(request, desk.pages.to("orang"))


def add_routes(app: FastAPI) -> None:
    app.get("/masuk-nama")(sign_in_page)
    app.post("/masuk-nama")(sign_in)
    app.post("/keluar")(sign_out)
    app.get("/orang")(people_page)
    app.post("/orang")(change_people)
