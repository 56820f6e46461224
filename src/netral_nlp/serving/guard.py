"""The wall around a local page: every request is judged here before the application sees any of it.

A request passes when its Host is ours, its path lies in the sessions' room, its cookie is of a living session, no other
site sent it, and its body is of the kind and size that its path may have. Host is checked against DNS rebinding, Origin
and Sec-Fetch-Site against requests that a browser sends on a foreign page's behalf, the type against plain forms.
"""

from __future__ import annotations

import secrets
from collections import Counter
from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from html import escape
from urllib.parse import parse_qs, quote

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import HTMLResponse, JSONResponse, PlainTextResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from netral_nlp.errors import NetralError
from netral_nlp.serving.sessions import Session, Sessions

COOKIE = "netral"
ENTRANCE = "/masuk/"
LARGEST_REQUEST = 64 * 1024
HEADERS = {
    "content-security-policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; base-uri 'none'; "
        "form-action 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types 'none'"
    ),
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "referrer-policy": "no-referrer",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": "camera=(), microphone=(), geolocation=()",
    "cache-control": "no-store",
}
_ONCE = ("host", "origin", "cookie", "content-type", "content-length", "sec-fetch-site", "sec-fetch-mode")
_NOT_IN = "Tidak ada halaman di sini. Masuk dengan tautan dari netral."
_OVER = "Sesi ini sudah berakhir. Buka lagi berkas tautannya, atau jalankan netral sekali lagi."
_TOO_LARGE = "Permintaan terlalu besar."
_FOREIGN = "Permintaan dari halaman lain ditolak."


@dataclass(frozen=True, slots=True)
class Rule:
    """What may be sent to the paths of a prefix: content types, the most bytes of a body; and how it is answered."""

    kinds: frozenset[str] = frozenset({"application/json"})
    largest: int = LARGEST_REQUEST
    headers: Mapping[str, str] = field(default_factory=dict)  # of answers, before those of the guard


class _RefusedError(Exception):
    def __init__(self, status: int, reason: str) -> None:
        super().__init__(reason)
        self.status = status
        self.reason = reason


class _TooLargeError(Exception):
    """Ends the reading of a body."""


class Guard:
    """ASGI middleware. ``hosts`` are names with port; ``rules`` hold by prefix of the path in the room, the longest."""

    def __init__(
        self, app: ASGIApp, *, sessions: Sessions, hosts: Iterable[str], rules: Mapping[str, Rule] | None = None,
        headers: Mapping[str, str] = HEADERS, scheme: str = "http",
    ) -> None:  # fmt: skip
        self.app = app
        self.sessions = sessions
        self.hosts = frozenset(hosts)
        self.origins = frozenset(f"{scheme}://{host}" for host in self.hosts)
        self.rules = {"": Rule(), **(rules or {})}
        self.headers = dict(headers)
        self.attributes = "HttpOnly; SameSite=Strict" + ("; Secure" if scheme == "https" else "")
        self.root = f"/{sessions.room}"

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await self.app(scope, receive, send)
        elif scope["type"] == "http":
            await self._guarded(scope, receive, send)
        # and nothing else: no websockets here

    async def _guarded(self, scope: Scope, receive: Receive, send: Send) -> None:
        begun = over = False
        rule: Rule | None = None

        async def send_guarded(message: Message) -> None:
            nonlocal begun
            if over and not begun:
                return  # what the application makes of half a body
            if message["type"] == "http.response.start":
                begun = True
                own = {**self.headers, **(rule.headers if rule is not None else {})}
                kept = [(n, v) for n, v in message["headers"] if n.decode("latin-1").lower() not in own]
                message["headers"] = kept + [(n.encode(), v.encode()) for n, v in own.items()]
            await send(message)

        try:
            rule, answer = self._judge(scope)
        except _RefusedError as refused:
            answer = _refusal(scope, refused)
        if rule is None or answer is not None:
            await (answer or PlainTextResponse(_NOT_IN, 404))(scope, receive, send_guarded)
            return
        left = rule.largest

        async def receive_counted() -> Message:
            nonlocal left, over
            message = await receive()
            left -= len(message.get("body", b""))
            if left < 0:  # bodies in chunks say no length beforehand
                over = True
                raise _TooLargeError
            return message

        with suppress(_TooLargeError):
            await self.app(scope, receive_counted, send_guarded)
        if over and not begun:
            over = False
            await _refusal(scope, _RefusedError(413, _TOO_LARGE))(scope, receive, send_guarded)

    def _judge(self, scope: Scope) -> tuple[Rule | None, Response | None]:
        """The rule under which the application gets the request, or the answer that it gets from here."""
        headers = _headers(scope)
        method, path = str(scope["method"]), str(scope["path"])
        if headers.get("host", "").lower() not in self.hosts:
            raise _RefusedError(421, "Alamat ini bukan milik halaman ini.")
        if method not in ("GET", "HEAD", "POST"):
            raise _RefusedError(405, "Cara itu tidak dikenal.")
        if path.startswith(ENTRANCE):
            return None, self._enter(method, path.removeprefix(ENTRANCE), headers, scope["query_string"])
        if path == "/favicon.ico":
            return None, Response(status_code=204)  # the page on the way in has no icon
        first, slash, rest = path.removeprefix("/").partition("/")
        known = secrets.compare_digest(first.encode("utf-8", "replace"), self.sessions.room.encode())
        if not (known and slash and path.startswith("/")):
            raise _RefusedError(404, _NOT_IN)
        session = self._session(headers)
        if session is None:
            raise _RefusedError(401, _OVER)
        if "origin" in headers and headers["origin"].lower() not in self.origins:
            raise _RefusedError(403, _FOREIGN)
        asked_by = headers.get("sec-fetch-site", "same-origin")
        navigates = method == "GET" and headers.get("sec-fetch-mode") == "navigate"
        if asked_by not in ("same-origin", "none") and not navigates:
            raise _RefusedError(403, _FOREIGN)
        rule = self.rules[max((p for p in self.rules if rest.startswith(p)), key=len)]
        if method == "POST":
            kind = headers.get("content-type", "").split(";")[0].strip().lower()
            if kind not in rule.kinds:
                raise _RefusedError(415, "Jenis isi itu tidak diterima di sini.")
            length = headers.get("content-length", "0")
            if not (length.isascii() and length.isdigit() and len(length) < 16) or int(length) > rule.largest:
                raise _RefusedError(413, _TOO_LARGE)
        scope["root_path"] = self.root  # the application's own paths begin behind the room
        scope.setdefault("state", {})["session"] = session
        return rule, None

    def _session(self, headers: Mapping[str, str]) -> Session | None:
        for part in headers.get("cookie", "").split(";"):
            name, _, value = part.strip().partition("=")
            if name == COOKIE and (found := self.sessions.find(value)) is not None:
                return found
        return None

    def _enter(self, method: str, code: str, headers: Mapping[str, str], query: bytes) -> Response:
        """A small page that goes on by itself: behind a redirect from a file the browser would hold the cookie back."""
        if method != "GET" or headers.get("sec-purpose", headers.get("purpose", "")):
            raise _RefusedError(404, _NOT_IN)  # a look ahead must not use the link up
        secret = self.sessions.enter(code)
        if secret is None:
            raise _RefusedError(404, "Tautan ini sudah dipakai atau kedaluwarsa. Buka lagi berkas tautannya.")
        named = parse_qs(query.decode("latin-1")).get("peninjau", [""])[0]
        onward = f"{self.root}/" + (f"?peninjau={quote(named)}" if named else "")
        page = (
            '<!doctype html><html lang="id"><meta charset="utf-8"><title>Masuk</title>'
            f'<meta http-equiv="refresh" content="0;url={escape(onward)}"><a href="{escape(onward)}">Lanjut</a></html>'
        )
        cookie = f"{COOKIE}={secret}; Path={self.root}/; {self.attributes}"
        return HTMLResponse(page, headers={"set-cookie": cookie})


def session_of(request: Request) -> Session:
    """The session of a request that the guard let through."""
    found = request.state.session
    assert isinstance(found, Session)
    return found


def refuse_in_one_sentence(app: FastAPI) -> None:
    """Deliberate errors and requests without sense are answered by one sentence that repeats nothing of the request.

    FastAPI's own answer holds the input: a number that is none, or half a letter, could not even be sent back.
    """

    @app.exception_handler(NetralError)
    def refused(request: Request, error: Exception) -> JSONResponse:
        return JSONResponse({"error": str(error).encode("utf-8", "replace").decode()}, 400)

    @app.exception_handler(RequestValidationError)
    def senseless(request: Request, error: Exception) -> JSONResponse:
        return JSONResponse({"error": "Permintaan ini tidak dapat dibaca."}, 422)


def _headers(scope: Scope) -> dict[str, str]:
    pairs = [(n.decode("latin-1").lower(), v.decode("latin-1")) for n, v in scope["headers"]]
    counts = Counter(name for name, _ in pairs)
    if any(counts[name] > 1 for name in _ONCE):
        raise _RefusedError(400, "Permintaan ini tidak dapat dibaca.")
    return dict(pairs)


def _refusal(scope: Scope, refused: _RefusedError) -> Response:
    navigates = any(name == b"sec-fetch-mode" and value == b"navigate" for name, value in scope["headers"])
    if scope["method"] == "POST" and not navigates:
        return JSONResponse({"error": refused.reason}, refused.status)
    return PlainTextResponse(refused.reason + "\n", refused.status)
