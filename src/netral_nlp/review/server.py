"""The review page's server: one desk, on the loopback interface only, behind a random token."""

from __future__ import annotations

import secrets
import socket
from collections.abc import Callable
from importlib.resources import files
from typing import Any

import uvicorn
from fastapi import FastAPI, Request
from fastapi.responses import HTMLResponse, JSONResponse, Response
from jinja2 import Environment, PackageLoader, StrictUndefined
from pydantic import BaseModel, ConfigDict, Field

from netral_nlp.errors import NetralError, UsageError
from netral_nlp.learning.ranking import ORDERS
from netral_nlp.review.log import CHOICES
from netral_nlp.review.security import Guard
from netral_nlp.review.session import Desk, Viewer

LOOPBACK = "127.0.0.1"
STATIC = {
    "page.css": "text/css; charset=utf-8",
    "page.js": "text/javascript; charset=utf-8",
    "icon.svg": "image/svg+xml",
}


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

    def viewer(self, desk: Desk) -> Viewer:
        """The viewer that the request speaks for."""
        filters = {"status": self.status, "text": self.text, "pair": self.pair, "label": self.label}
        filters["platform"] = self.platform
        return desk.viewer(self.reviewer, self.window, order=self.order, blind=self.blind, filters=filters)


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


class Undone(Asked):
    number: int | None = None
    token: str = Field(min_length=8, max_length=64)


def create_app(desk: Desk, *, token: str, hosts: tuple[str, ...]) -> FastAPI:
    """The application for one desk; requests go to ``/<token>/…`` with a Host among ``hosts`` (name:port)."""
    app = FastAPI(title="netral review", docs_url=None, redoc_url=None, openapi_url=None)
    pages = Environment(loader=PackageLoader("netral_nlp.review"), autoescape=True, undefined=StrictUndefined)
    static = {name: files("netral_nlp.review").joinpath("static", name).read_bytes() for name in STATIC}

    def current(asked: Asked, viewer: Viewer) -> dict[str, Any]:
        return {"post": desk.next(viewer), "progress": desk.progress(viewer.reviewer)}

    @app.get("/{token}/")
    def page() -> HTMLResponse:
        posts = desk.file.posts
        shown = pages.get_template("page.html").render(
            file=desk.file.name,
            pairs=[(n, pair) for n, pair in enumerate(desk.pairs, 1)],
            platforms=sorted({p.platform for p in posts if p.platform})[:100],
            orders=ORDERS,
            order=desk.order,
            blind=desk.blind,
            reviewer=desk.reviewer,
            election=desk.roster.election.name if desk.roster is not None else "",
        )
        return HTMLResponse(shown)

    @app.get("/{token}/static/{name}")
    def asset(name: str) -> Response:
        if name not in STATIC:
            return Response(status_code=404)
        return Response(static[name], media_type=STATIC[name])

    @app.post("/{token}/api/next")
    def next_post(asked: Asked) -> dict[str, Any]:
        return current(asked, asked.viewer(desk))

    @app.post("/{token}/api/open")
    def open_post(asked: Opened) -> dict[str, Any]:
        viewer = asked.viewer(desk)
        return {"post": desk.open(asked.key, viewer), "progress": desk.progress(viewer.reviewer)}

    @app.post("/{token}/api/list")
    def list_posts(asked: Listed) -> dict[str, Any]:
        return desk.listing(asked.viewer(desk), asked.offset)

    @app.post("/{token}/api/decide")
    def decide(asked: Decided) -> dict[str, Any]:
        viewer = asked.viewer(desk)
        if asked.decision not in CHOICES:
            raise UsageError("Keputusan itu tidak dikenal.")
        saved = desk.decide(asked.key, asked.decision, viewer, pair=asked.chosen, note=asked.note, token=asked.token)
        return {"saved": saved, **current(asked, viewer)}

    @app.post("/{token}/api/undo")
    def undo(asked: Undone) -> dict[str, Any]:
        viewer = asked.viewer(desk)
        return {"post": desk.undo(viewer, asked.number, asked.token), "progress": desk.progress(viewer.reviewer)}

    @app.exception_handler(NetralError)
    def refuse(request: Request, error: Exception) -> JSONResponse:
        return JSONResponse({"error": str(error)}, 400)

    app.add_middleware(Guard, token=token, hosts=hosts)
    return app


def listen(port: int | None) -> socket.socket:
    """A socket on the loopback interface; without a port the system chooses a free one.

    Raises UsageError when the port is taken.
    """
    found = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    found.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        found.bind((LOOPBACK, port or 0))
    except (OSError, OverflowError) as error:
        found.close()
        raise UsageError(f"Port {port} cannot be used ({error}). Leave --port out to have a free one chosen.") from None
    return found


def serve(desk: Desk, *, port: int | None = None, ready: Callable[[str], None] = lambda address: None) -> None:
    """Serve a desk until interrupted; ``ready`` is told the whole address, token included, once it answers."""
    token = secrets.token_urlsafe(24)
    with listen(port) as door:
        number = door.getsockname()[1]
        hosts = (f"{LOOPBACK}:{number}", f"localhost:{number}")
        app = create_app(desk, token=token, hosts=hosts)
        # no access log: it would write the token down
        config = uvicorn.Config(app, log_level="warning", access_log=False, server_header=False, ws="none")
        server = _Server(config, lambda: ready(f"http://{LOOPBACK}:{number}/{token}/"))
        server.run(sockets=[door])


class _Server(uvicorn.Server):
    """Tells when it has begun to answer."""

    def __init__(self, config: uvicorn.Config, ready: Callable[[], None]) -> None:
        super().__init__(config)
        self._ready = ready

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        self._ready()
