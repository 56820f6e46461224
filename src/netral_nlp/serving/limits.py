"""How much one computer of a network may ask: so often and no more, at the door least of all."""

from __future__ import annotations

import threading
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass

from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Receive, Scope, Send

from netral_nlp.serving.guard import ENTRANCE

REMEMBERED = 4_096  # addresses; the one that asked longest ago is forgotten first
TOO_MUCH = "Terlalu banyak permintaan. Tunggu sebentar, lalu coba lagi.\n"


@dataclass(frozen=True, slots=True)
class Allowance:
    """So many requests at once, and so many more a second."""

    burst: float
    rate: float


PAGES = Allowance(240, 20)
DOOR = Allowance(12, 1 / 30)


class Limits:
    """ASGI middleware before everything else: who asks too often is told to wait, and nothing else happens."""

    def __init__(self, app: ASGIApp, clock: Callable[[], float] = time.monotonic) -> None:
        self.app = app
        self._clock = clock
        self._left: OrderedDict[tuple[str, bool], tuple[float, float]] = OrderedDict()
        self._lock = threading.Lock()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and not self.allows(_address(scope), str(scope["path"]).startswith(ENTRANCE)):
            answer = PlainTextResponse(TOO_MUCH, 429, headers={"retry-after": "30", "cache-control": "no-store"})
            await answer(scope, receive, send)
            return
        await self.app(scope, receive, send)

    def allows(self, address: str, door: bool) -> bool:
        """Whether an address may ask once more, now."""
        allowance, key = (DOOR if door else PAGES), (address, door)
        with self._lock:
            now = self._clock()
            left, at = self._left.pop(key, (allowance.burst, now))
            left = min(allowance.burst, left + (now - at) * allowance.rate)
            self._left[key] = (left - 1 if left >= 1 else left, now)
            while len(self._left) > REMEMBERED:
                self._left.popitem(last=False)
        return left >= 1


def _address(scope: Scope) -> str:
    client = scope.get("client")
    return str(client[0]) if client else ""
