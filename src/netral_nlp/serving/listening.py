"""A server that answers on one port until it is interrupted, and tells its owner the way in once it does."""

from __future__ import annotations

import socket
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import uvicorn
from starlette.types import ASGIApp

from netral_nlp.errors import UsageError
from netral_nlp.serving.guard import ENTRANCE
from netral_nlp.serving.linkfile import LinkFile
from netral_nlp.serving.sessions import Sessions

LOOPBACK = "127.0.0.1"
EVERYWHERE = "0.0.0.0"  # all of this computer's networks; the guard answers to known names only
Ready = Callable[[str, Path], None]


@dataclass(frozen=True, slots=True)
class Certificate:
    """The files, in PEM, by which a server proves who it is."""

    certificate: Path
    key: Path


def listen(port: int | None, host: str = LOOPBACK) -> socket.socket:
    """A socket on the loopback interface, or on that of ``host``; without a port the system chooses a free one.

    Raises UsageError when the port is taken.
    """
    found = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    if sys.platform == "win32":  # there SO_REUSEADDR would let another program take over a port in use
        found.setsockopt(socket.SOL_SOCKET, socket.SO_EXCLUSIVEADDRUSE, 1)
    else:
        found.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        found.bind((host, port or 0))
    except (OSError, OverflowError) as error:
        found.close()
        raise UsageError(f"Port {port} cannot be used ({error}). Leave --port out to have a free one chosen.") from None
    return found


def hosts_of(port: int, names: tuple[str, ...] = ()) -> tuple[str, ...]:
    """The Hosts under which a server may be asked: this computer's own name for itself, and further ``names``."""
    return tuple(f"{name}:{port}" for name in dict.fromkeys((LOOPBACK, "localhost", *names)))


def serve_until_stopped(
    app: ASGIApp, door: socket.socket, sessions: Sessions, ready: Ready, *, proof: Certificate | None = None
) -> None:
    """Serve until interrupted; ``ready`` is told a link that opens once, and the file that always holds another."""
    # One parser, the one that was tested; no log of addresses, and none of what strangers send.
    config = uvicorn.Config(
        app, log_level="error", access_log=False, server_header=False, ws="none", http="h11", loop="asyncio",
        ssl_certfile=None if proof is None else str(proof.certificate),
        ssl_keyfile=None if proof is None else str(proof.key),
        timeout_graceful_shutdown=5, limit_concurrency=500,
    )  # fmt: skip
    address = f"http{'' if proof is None else 's'}://{LOOPBACK}:{door.getsockname()[1]}"
    with LinkFile(sessions, address) as file:
        server = _Server(config, lambda: ready(f"{address}{ENTRANCE}{sessions.link()}", file.path))
        server.run(sockets=[door])


class _Server(uvicorn.Server):
    """Tells when it has begun to answer."""

    def __init__(self, config: uvicorn.Config, ready: Callable[[], None]) -> None:
        super().__init__(config)
        self._ready = ready

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        self._ready()
