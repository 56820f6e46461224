"""The desk's server: all pages behind the wall, on the loopback interface unless somebody opens it on purpose."""

from __future__ import annotations

import threading
import time
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

from fastapi import FastAPI
from fastapi.responses import Response
from markupsafe import Markup

from netral_nlp.desk import folder_pages, people_pages
from netral_nlp.desk.entering import At, Desk, In, refuse
from netral_nlp.desk.folder import RUNNING, Folder
from netral_nlp.desk.jobs import Jobs
from netral_nlp.desk.later import Later
from netral_nlp.desk.pages import Pages, asset_of
from netral_nlp.desk.sizes import LARGEST_EVIDENCE, LARGEST_FORM, LARGEST_UPLOAD, MARGIN
from netral_nlp.errors import NetralError
from netral_nlp.pages.shell import Language, policy
from netral_nlp.serving.guard import HEADERS, Guard, Rule
from netral_nlp.serving.limits import Limits
from netral_nlp.serving.listening import (
    EVERYWHERE,
    LOOPBACK,
    Certificate,
    Ready,
    hosts_of,
    listen,
    serve_until_stopped,
)
from netral_nlp.serving.sessions import Sessions

FORM = frozenset({"application/x-www-form-urlencoded", "multipart/form-data"})
FILES = frozenset({"multipart/form-data"})
# Forms post to the desk itself and pages of the desk are shown within others; else as strict as the review page.
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; frame-src 'self'; "
    "base-uri 'none'; form-action 'self'; frame-ancestors 'none'; require-trusted-types-for 'script'; "
    "trusted-types 'none'"
)
# Pages made as one file bring their own style; of scripts only that of tables may run, in a room without doors.
SHOWN_POLICY = f"{policy(sorts=True)}; frame-ancestors 'self'; sandbox allow-scripts allow-modals"
# With no-referrer a browser would send forms from nowhere, "Origin: null".
DESK_HEADERS = {**HEADERS, "content-security-policy": POLICY, "referrer-policy": "same-origin"}
SHOWN_HEADERS = {"content-security-policy": SHOWN_POLICY, "x-frame-options": "SAMEORIGIN"}
RULES: Mapping[str, Rule] = MappingProxyType({
    "": Rule(FORM, LARGEST_FORM),
    "unggah/": Rule(FILES, LARGEST_UPLOAD + MARGIN),
    "bukti/": Rule(FORM, LARGEST_EVIDENCE + MARGIN),
    "pratinjau/": Rule(FORM, 0, SHOWN_HEADERS),
})  # fmt: skip

BREATH = 0.5  # seconds in which a browser asks for the first page's style and script


def create_app(
    folder: Folder, *, sessions: Sessions, hosts: tuple[str, ...], language: Language = "id", address: str = "",
    scheme: str = "http", model: Path | None = None,
) -> FastAPI:  # fmt: skip
    """The application over one folder of cases, to be asked under a Host among ``hosts`` by those who are in."""
    app = FastAPI(title="netral desk", docs_url=None, redoc_url=None, openapi_url=None)
    pages = Pages(f"/{sessions.room}", language)
    app.state.desk = Desk(folder, sessions, pages, Jobs(folder, model), address)
    sessions.owner_of = folder.people.behind
    refuse(app)
    people_pages.add_routes(app)
    folder_pages.add_routes(app)
    app.get("/static/{name}")(_asset)
    app.get("/panduan")(_guide)
    app.get("/gambar/{name}")(_picture)
    app.state.later = Later(app)
    app.add_middleware(Guard, sessions=sessions, hosts=hosts, rules=RULES, headers=DESK_HEADERS, scheme=scheme)
    return app


def _asset(name: str, session: In) -> Response:
    found = asset_of(name)
    if found is None:
        return Response(status_code=404)
    return Response(found[0], media_type=found[1])


def _guide(desk: At, session: In) -> Response:
    """The user guide; without signing in, too, for it says how that is done."""
    from netral_nlp.guide.book import guide_body

    body = Markup(guide_body(lambda name: desk.pages.to("gambar", name)))
    return desk.pages.html(
        "panduan.html", desk.pages.say("Panduan"), session, here="panduan", owner=desk.owns(session), body=body
    )


def _picture(name: str, session: In) -> Response:
    from netral_nlp.guide.book import picture_of

    try:
        return Response(picture_of(name), media_type="image/webp")
    except KeyError:
        return Response(status_code=404)


def _warm_up(app: FastAPI) -> None:
    """Go on with jobs that a killed desk had begun; once the first page was shown, load what later ones need."""
    desk: Desk = app.state.desk
    for entry in desk.folder.list():
        if entry.state == RUNNING:
            with suppress(NetralError):
                desk.case(entry.name)
    desk.pages.shown.wait()
    time.sleep(BREATH)
    app.state.later.load()
    import scipy.stats  # noqa: F401

    import netral_nlp.api  # noqa: F401


@dataclass(frozen=True, slots=True)
class Opened:
    """How far a desk is open: ``names`` of this computer for others, none where only it may ask; its certificate."""

    names: tuple[str, ...] = ()
    proof: Certificate | None = None

    @property
    def scheme(self) -> str:
        return "http" if self.proof is None else "https"

    def address(self, port: int) -> str:
        """Where others find the desk; "" where they do not."""
        return f"{self.scheme}://{self.names[0]}:{port}" if self.names else ""


ALONE = Opened()


def serve(
    folder: Folder, *, port: int | None = None, language: Language = "id", model: Path | None = None,
    opened: Opened = ALONE, ready: Ready = lambda link, file: None,
) -> None:  # fmt: skip
    """Serve the desk of a folder until interrupted; once it answers, ``ready`` is told the ways in."""
    with listen(port, EVERYWHERE if opened.names else LOOPBACK) as door:
        sessions, number = Sessions(), door.getsockname()[1]
        app = create_app(
            folder, sessions=sessions, hosts=hosts_of(number, opened.names), language=language,
            address=opened.address(number), scheme=opened.scheme, model=model,
        )  # fmt: skip
        threading.Thread(target=_warm_up, args=(app,), daemon=True).start()
        try:
            serve_until_stopped(Limits(app) if opened.names else app, door, sessions, ready, proof=opened.proof)
        finally:
            app.state.desk.jobs.close()
