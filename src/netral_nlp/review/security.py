"""Who may talk to the review page: this machine, by the page's own address, with the token, from the page itself."""

from __future__ import annotations

import secrets
from collections.abc import Iterable, MutableMapping
from typing import Any

from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

LARGEST_REQUEST = 64 * 1024
HEADERS = {
    "content-security-policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; base-uri 'none'; "
        "form-action 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types 'none'"
    ),
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "referrer-policy": "no-referrer",  # the address holds the token
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": "camera=(), microphone=(), geolocation=()",
    "cache-control": "no-store",
}


class Guard:
    """Lets a request through when its Host is ours, its path begins with the token, and no other site sent it.

    A page of another origin cannot know the token; Host is checked against DNS rebinding, Origin and Sec-Fetch-Site
    against requests that a browser sends on a foreign page's behalf, and the JSON type against plain forms.
    """

    def __init__(self, app: ASGIApp, *, token: str, hosts: Iterable[str]) -> None:
        self.app = app
        self.token = token.encode()
        self.hosts = frozenset(hosts)
        self.origins = frozenset(f"http://{host}" for host in self.hosts)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await self.app(scope, receive, send)
            return
        if scope["type"] != "http":
            return  # no websockets here

        async def send_guarded(message: Message) -> None:
            if message["type"] == "http.response.start":
                kept = [(n, v) for n, v in message["headers"] if n.decode("latin-1").lower() not in HEADERS]
                message["headers"] = kept + [(n.encode(), v.encode()) for n, v in HEADERS.items()]
            await send(message)

        refusal = self._refusal(scope)
        if refusal is None:
            await self.app(scope, receive, send_guarded)
        else:
            status, reason = refusal
            await PlainTextResponse(reason + "\n", status)(scope, receive, send_guarded)

    def _refusal(self, scope: MutableMapping[str, Any]) -> tuple[int, str] | None:
        headers = {n.decode("latin-1").lower(): v.decode("latin-1") for n, v in scope["headers"]}
        if headers.get("host", "").lower() not in self.hosts:
            return 421, "Alamat ini bukan milik halaman tinjauan."
        first = scope["path"].split("/")[1].encode("utf-8", "replace")
        if not secrets.compare_digest(first, self.token):
            return 404, "Tidak ada halaman di sini. Buka alamat lengkap yang ditampilkan netral review."
        if "origin" in headers and headers["origin"].lower() not in self.origins:
            return 403, "Permintaan dari halaman lain ditolak."
        asked_by = headers.get("sec-fetch-site", "same-origin")
        if asked_by not in ("same-origin", "none") and not (
            scope["method"] == "GET" and headers.get("sec-fetch-mode") == "navigate"
        ):
            return 403, "Permintaan dari halaman lain ditolak."
        if scope["method"] not in ("GET", "HEAD"):
            if headers.get("content-type", "").split(";")[0].strip() != "application/json":
                return 415, "Hanya JSON."
            if not headers.get("content-length", "").isdigit() or int(headers["content-length"]) > LARGEST_REQUEST:
                return 413, "Permintaan terlalu besar."
        return None
