"""What every page of the desk begins with: who asks, what a form brought, and how an answer or a refusal goes back."""

from __future__ import annotations

import secrets
import sqlite3
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from typing import Annotated

from fastapi import Depends, FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse, RedirectResponse, Response
from starlette.datastructures import FormData
from starlette.exceptions import HTTPException

from netral_nlp.desk.benefit import Benefit
from netral_nlp.desk.case import Case
from netral_nlp.desk.folder import Folder
from netral_nlp.desk.jobs import Jobs
from netral_nlp.desk.pages import Pages
from netral_nlp.desk.people import Person
from netral_nlp.desk.reading import Reading
from netral_nlp.desk.remembering import Remembered
from netral_nlp.errors import NetralError, UsageError
from netral_nlp.serving.guard import session_of
from netral_nlp.serving.sessions import Session, Sessions

MOST_FIELDS, MOST_FILES = 2_000, 20
NOT_OWNER = "Hanya pemilik meja yang dapat melakukan ini."


@dataclass(frozen=True)
class Desk:
    """What all pages of one server share."""

    folder: Folder
    sessions: Sessions
    pages: Pages
    jobs: Jobs
    address: str = ""  # by which other computers of the office ask; "" for a desk of this computer alone
    benefits: Remembered[Benefit] = field(default_factory=Remembered)  # by case

    def person(self, session: Session) -> Person | None:
        """Who is signed in; nobody any more whose name was taken from the list."""
        return self.folder.people.find(session.reviewer) if session.reviewer else None

    def owns(self, session: Session) -> bool:
        person = self.person(session)
        return person is not None and person.owns

    def case(self, name: str) -> Case:
        """The case of that name, with what was going on in it when the last desk ended going on again."""
        case = self.folder.case(name)
        self.jobs.resume(case)
        return case

    def reading(self, case: Case) -> Reading:
        """The queue of a case, with what was learned of its order as long as the desk has not forgotten it."""
        return Reading(case, self.benefits.of(case.name, lambda: Benefit(case)))


class NotSignedError(Exception):
    """Somebody asks who has not said yet who that is."""


def desk_of(request: Request) -> Desk:
    found = request.app.state.desk
    assert isinstance(found, Desk)
    return found


def signed(request: Request) -> Session:
    """The session of somebody who is signed in."""
    session = session_of(request)
    if desk_of(request).person(session) is None:
        raise NotSignedError
    return session


def owning(request: Request) -> Session:
    """The session of the desk's owner."""
    session = signed(request)
    if not desk_of(request).owns(session):
        raise UsageError(NOT_OWNER)
    return session


async def fields(request: Request) -> AsyncIterator[FormData]:
    """What a form brought, if the form is one of this session's own pages."""
    session = session_of(request)
    try:
        form = request.form(max_files=MOST_FILES, max_fields=MOST_FIELDS)
        async with form as found:
            if not secrets.compare_digest(str(found.get("kunci", "")).encode(), session.form.encode()):
                raise UsageError("Halaman ini sudah lama. Muat ulang halaman, lalu coba lagi.")
            yield found
    except HTTPException:
        raise UsageError("Isian ini tidak dapat dibaca.") from None


At = Annotated[Desk, Depends(desk_of)]
In = Annotated[Session, Depends(session_of)]
Signed = Annotated[Session, Depends(signed)]
Owning = Annotated[Session, Depends(owning)]
Fields = Annotated[FormData, Depends(fields)]


def texts(form: FormData) -> dict[str, str]:
    """The text fields of a form, without line ends of another system and without half characters."""
    return {
        key: value.replace("\r\n", "\n").encode("utf-8", "replace").decode()
        for key, value in form.multi_items()
        if isinstance(value, str)
    }


def onward(request: Request, address: str) -> Response:
    """Go on to another page: for the desk's script as an address, for a browser without it as a redirect."""
    if "application/json" in request.headers.get("accept", ""):
        return JSONResponse({"to": address})
    return RedirectResponse(address, 303)


def refuse(app: FastAPI) -> None:
    """Deliberate errors are one sentence, on a page or for the script; strangers' nonsense repeats nothing."""

    def sentence(request: Request, text: str, status: int) -> Response:
        desk = desk_of(request)
        if "application/json" in request.headers.get("accept", ""):
            return JSONResponse({"error": text}, status)
        session = getattr(request.state, "session", None)
        return desk.pages.html("galat.html", desk.pages.say("Tidak dapat dilakukan"), session, status=status, text=text)

    @app.exception_handler(NetralError)
    def refused(request: Request, error: Exception) -> Response:
        return sentence(request, desk_of(request).pages.sentence(str(error)), 400)

    @app.exception_handler(RequestValidationError)
    def senseless(request: Request, error: Exception) -> Response:
        return sentence(request, desk_of(request).pages.say("Permintaan ini tidak dapat dibaca."), 422)

    @app.exception_handler(HTTPException)
    def missing(request: Request, error: Exception) -> Response:
        return sentence(request, desk_of(request).pages.say("Tidak ada halaman di sini."), 404)

    @app.exception_handler(OSError)
    @app.exception_handler(sqlite3.Error)
    def unwritten(request: Request, error: Exception) -> Response:
        """A full disk, a drive that was pulled out: nothing of what was asked is there."""
        pages = desk_of(request).pages
        return sentence(
            request, pages.say("Komputer ini tidak dapat menulis atau membaca berkasnya. Periksa cakramnya."), 503
        )

    @app.exception_handler(NotSignedError)
    def unknown(request: Request, error: Exception) -> Response:
        return onward(request, desk_of(request).pages.to("masuk-nama"))
