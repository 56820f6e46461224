"""Pages that are loaded once somebody has the first one before them: what they import takes longer than to show it."""

from __future__ import annotations

import threading
from importlib import import_module

from fastapi import FastAPI
from starlette.concurrency import run_in_threadpool
from starlette.types import Receive, Scope, Send

# The steps of a case, in the order of the work; each module adds its own routes.
STEPS = ("upload_pages", "roster_pages", "scoring_pages", "reading_pages", "report_pages", "file_pages")


class Later:
    """Stands behind all routes: whatever none of them answers is asked again once the rest are there."""

    def __init__(self, app: FastAPI) -> None:
        self.app = app
        self._unknown = app.router.default
        self._loaded = False
        self._lock = threading.Lock()
        app.router.default = self

    def load(self) -> None:
        """Add the pages, once; whoever comes meanwhile waits."""
        with self._lock:
            if not self._loaded:
                for module in STEPS:
                    import_module(f"netral_nlp.desk.{module}").add_routes(self.app)
                self._loaded = True
                self.app.router.default = self._unknown

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Load the pages in a thread, so that those which are there go on answering; then ask for this one again."""
        await run_in_threadpool(self.load)
        await self.app.router(scope, receive, send)
