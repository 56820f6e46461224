"""The review page's server: one desk, on the loopback interface only, behind the guard."""

from __future__ import annotations

from importlib.resources import files
from typing import Annotated, Any

from fastapi import Depends, FastAPI
from fastapi.responses import HTMLResponse, Response
from jinja2 import Environment, PackageLoader, StrictUndefined
from pydantic import BaseModel, ConfigDict, Field

from netral_nlp.errors import UsageError
from netral_nlp.guide.book import TITLE, guide_body, picture_of, pictures
from netral_nlp.learning.orders import ORDERS
from netral_nlp.pages.shell import ASSETS, Link, Page, asset, served_page
from netral_nlp.review.log import CHOICES, LawReview
from netral_nlp.review.session import Desk, Viewer
from netral_nlp.scoring.scored import BETWEEN
from netral_nlp.serving.guard import Guard, refuse_in_one_sentence, session_of
from netral_nlp.serving.listening import Ready, hosts_of, listen, serve_until_stopped
from netral_nlp.serving.sessions import Session, Sessions

STATIC = {"page.css": "text/css; charset=utf-8", "page.js": "text/javascript; charset=utf-8"}
FOOT = "Skor adalah petunjuk untuk ditinjau manusia, bukan putusan. Setiap keputusan langsung tersimpan di sini."
WAYS = {"./": "Tinjauan", "panduan": "Panduan"}
In = Annotated[Session, Depends(session_of)]


class Asked(BaseModel):
    """What every request of the page says: who looks, from which window, at what."""

    model_config = ConfigDict(extra="forbid")
    reviewer: str = Field(default="", max_length=200)
    window: str = Field(default="", max_length=64)
    order: str = Field(default="", max_length=20)
    blind: bool = False
    status: str = Field(default="", max_length=20)
    text: str = Field(default="", max_length=200)
    pair: str = Field(default="", max_length=200)
    label: str = Field(default="", max_length=20)
    platform: str = Field(default="", max_length=200)

    def viewer(self, desk: Desk, reviewer: str) -> Viewer:
        """The viewer that the request speaks for; ``reviewer`` is the name that its session may use."""
        filters = {"status": self.status, "text": self.text, "pair": self.pair, "label": self.label}
        filters["platform"] = self.platform
        return desk.viewer(reviewer, self.window, order=self.order, blind=self.blind, filters=filters)


class Opened(Asked):
    key: str = Field(max_length=64)


class Listed(Asked):
    offset: int = Field(default=0, ge=0, le=10_000_000)


class Decided(Asked):
    key: str = Field(max_length=64)
    decision: str = Field(max_length=20)
    chosen: str | None = Field(default=None, max_length=200)
    note: str = Field(default="", max_length=4_000)
    token: str = Field(min_length=8, max_length=64)
    acts: list[Annotated[str, Field(max_length=40)]] | None = Field(default=None, max_length=40)
    exception: str = Field(default="", max_length=40)

    @property
    def law(self) -> LawReview | None:
        """What the reviewer says of acts; None where nothing was said."""
        return None if self.acts is None else LawReview(BETWEEN.join(self.acts), self.exception)


class Undone(Asked):
    number: int | None = Field(default=None, ge=1, le=2**53)
    token: str = Field(min_length=8, max_length=64)


def ways(here: str) -> list[Link]:
    """The navigation of the page at an address of :data:`WAYS`."""
    return [Link(name, address, address == here) for address, name in WAYS.items()]


def create_app(desk: Desk, *, sessions: Sessions, hosts: tuple[str, ...]) -> FastAPI:
    """The application for one desk, to be asked under a Host among ``hosts`` (name:port) by those who are in."""
    app = FastAPI(title="netral review", docs_url=None, redoc_url=None, openapi_url=None)
    pages = Environment(loader=PackageLoader("netral_nlp.review"), autoescape=True, undefined=StrictUndefined)
    static: dict[str, tuple[str | bytes, str]] = {name: (asset(name), kind) for name, kind in ASSETS.items()}
    for name, kind in STATIC.items():
        static[name] = files("netral_nlp.review").joinpath("static", name).read_bytes(), kind
    for name in pictures():
        static[name] = picture_of(name), "image/webp"
    refuse_in_one_sentence(app)

    def seen(asked: Asked, session: Session) -> Viewer:
        return asked.viewer(desk, sessions.speak(session, asked.reviewer))

    def acting(asked: Asked, session: Session) -> Viewer:
        return asked.viewer(desk, sessions.speak(session, asked.reviewer, acting=True))

    def current(viewer: Viewer) -> dict[str, Any]:
        return {"post": desk.next(viewer), "progress": desk.progress(viewer.reviewer)}

    def page(session: In) -> HTMLResponse:
        posts = desk.file.posts
        shown = pages.get_template("page.html").render(
            file=desk.file.name,
            pairs=[(n, pair) for n, pair in enumerate(desk.pairs, 1)],
            platforms=sorted({p.platform for p in posts if p.platform})[:100],
            orders=ORDERS,
            order=desk.order,
            blind=desk.blind,
            acts=desk.acts if desk.file.has_law else {},
            exceptions=desk.exceptions,
            reviewer=session.reviewer or desk.reviewer,
            election=desk.roster.election.name if desk.roster is not None else "",
        )
        page = Page(f"Tinjauan · {desk.file.name}", shown, navigation=ways("./"), foot=FOOT, kind="queue-page")
        return HTMLResponse(served_page(page, styles=("page.css",), scripts=("page.js",)))

    def guide(session: In) -> HTMLResponse:
        page = Page(f"{TITLE} netral", guide_body(lambda name: f"static/{name}"), navigation=ways("panduan"))
        return HTMLResponse(served_page(page))

    def file(name: str) -> Response:
        if name not in static:
            return Response(status_code=404)
        content, kind = static[name]
        return Response(content, media_type=kind)

    def next_post(asked: Asked, session: In) -> dict[str, Any]:
        return current(seen(asked, session))

    def open_post(asked: Opened, session: In) -> dict[str, Any]:
        viewer = seen(asked, session)
        return {"post": desk.open(asked.key, viewer), "progress": desk.progress(viewer.reviewer)}

    def list_posts(asked: Listed, session: In) -> dict[str, Any]:
        return desk.listing(seen(asked, session), asked.offset)

    def decide(asked: Decided, session: In) -> dict[str, Any]:
        if asked.decision not in CHOICES:
            raise UsageError("Keputusan itu tidak dikenal.")
        viewer = acting(asked, session)
        saved = desk.decide(
            asked.key, asked.decision, viewer, pair=asked.chosen, note=asked.note, token=asked.token, law=asked.law
        )
        return {"saved": saved, **current(viewer)}

    def undo(asked: Undone, session: In) -> dict[str, Any]:
        viewer = acting(asked, session)
        return {"post": desk.undo(viewer, asked.number, asked.token), "progress": desk.progress(viewer.reviewer)}

    def leave(asked: Asked, session: In) -> dict[str, Any]:
        sessions.end(session)
        return {"left": True}

    app.get("/")(page)
    app.get("/panduan")(guide)
    app.get("/static/{name}")(file)
    for name, answer in (
        ("next", next_post), ("open", open_post), ("list", list_posts), ("decide", decide), ("undo", undo),
        ("leave", leave),
    ):  # fmt: skip
        app.post(f"/api/{name}")(answer)
    app.add_middleware(Guard, sessions=sessions, hosts=hosts)
    return app


def serve(desk: Desk, *, port: int | None = None, ready: Ready = lambda link, file: None) -> None:
    """Serve a desk until interrupted; once it answers, ``ready`` is told a link that opens once, and the file that
    always holds another."""
    sessions = Sessions()
    with listen(port) as door:
        app = create_app(desk, sessions=sessions, hosts=hosts_of(door.getsockname()[1]))
        serve_until_stopped(app, door, sessions, ready)
