"""A small page on the disk, for its owner alone, that lets a browser in: no process list shows what it holds."""

from __future__ import annotations

import os
import shutil
import tempfile
from html import escape
from pathlib import Path

from netral_nlp.serving.guard import ENTRANCE
from netral_nlp.serving.sessions import Sessions

MARK = "netral-nlp: tautan masuk"
_FOREVER = float("inf")  # a code in the file is good until it is used: only its owner can read it


class LinkFile:
    """``path`` always holds a fresh one-time link to ``address`` while the ``with`` block lasts, mode 0600."""

    def __init__(self, sessions: Sessions, address: str) -> None:
        self.sessions = sessions
        self.address = address
        self._folder = Path(tempfile.mkdtemp(prefix="netral-"))  # mode 0700
        self.path = self._folder / "buka-halaman.html"

    def __enter__(self) -> LinkFile:
        self.renew()
        self.sessions.entered = self.renew
        return self

    def __exit__(self, *ended: object) -> None:
        self.sessions.entered = lambda: None
        shutil.rmtree(self._folder, ignore_errors=True)

    def renew(self) -> None:
        """Put a new link in place of the last one."""
        onward = escape(f"{self.address}{ENTRANCE}{self.sessions.link(_FOREVER)}")
        page = (
            f'<!doctype html><html lang="id"><!-- {MARK} --><meta charset="utf-8"><title>Buka halaman</title>'
            f'<meta http-equiv="refresh" content="0;url={onward}"><a href="{onward}">Buka halaman</a></html>\n'
        )
        fresh = self._folder / "baru.html"
        with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="utf-8") as out:
            out.write(page)
        fresh.replace(self.path)
