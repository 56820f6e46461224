"""Pages of the desk: a template in the shell that all pages have, in Indonesian or English."""

from __future__ import annotations

import threading
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Any
from urllib.parse import quote

from fastapi.responses import HTMLResponse
from jinja2 import Environment, PackageLoader, StrictUndefined

from netral_nlp.desk.case import Case
from netral_nlp.desk.saying import in_indonesian
from netral_nlp.pages.shell import ASSETS, Language, Link, Page, asset, served_page
from netral_nlp.serving.sessions import Session

OWN_ASSETS = {"desk.css": "text/css; charset=utf-8", "desk.js": "text/javascript; charset=utf-8"}
STEPS = (  # the last part of the address, what people call it, and the fact without which there is nothing to see
    ("unggah", "Unggah", ""),
    ("paslon", "Daftar paslon", "unggahan"),
    ("nilai", "Nilai", "roster"),
    ("ikhtisar", "Ikhtisar", "skor"),
    ("tinjau", "Tinjau", "skor"),
    ("belajar", "Belajar", "skor"),
    ("laporan", "Laporan", "skor"),
    ("berkas", "Unduhan", "unggahan"),
)
MISSING = {  # what stands before a step that cannot be opened
    "unggahan": "Unggah dulu berkas unggahannya.",
    "roster": "Lengkapi dulu daftar paslonnya.",
    "skor": "Nilai dulu unggahannya.",
}
OWNERS = ("unggah", "paslon", "nilai", "belajar", "laporan", "berkas")  # what a reviewer does not do


class Pages:
    """Makes the pages of one server; ``root`` is the path of its room."""

    def __init__(self, root: str, language: Language) -> None:
        self.root = root
        self.language: Language = language
        self.shown = threading.Event()  # a page was made for somebody
        self.words = english() if language == "en" else {}
        self._templates = Environment(
            loader=PackageLoader("netral_nlp.desk"), autoescape=True, undefined=StrictUndefined, trim_blocks=True,
            lstrip_blocks=True,
        )  # fmt: skip
        self._templates.globals.update(_=self.say, language=language)
        self._templates.filters.update(n=self.number, pct=self.percent, bytes=self.size, lib=self.sentence)

    def say(self, text: str) -> str:
        """The text in the desk's language; Indonesian stands in the templates."""
        return self.words.get(text, text)

    def sentence(self, message: str) -> str:
        """What the library or the desk itself says, in the desk's language."""
        return in_indonesian(message) if self.language == "id" else self.say(message)

    def number(self, value: float, digits: int = 0) -> str:
        """A number as people write it."""
        written = f"{value:,.{digits}f}"
        return written if self.language == "en" else written.translate(str.maketrans(",.", ".,"))

    def percent(self, value: float, digits: int = 0) -> str:
        return f"{self.number(100 * value, digits)} %"

    def size(self, value: int) -> str:
        """An amount of bytes."""
        for unit in ("B", "KB", "MB"):
            if value < 1_000:
                return f"{self.number(value, 0 if unit == 'B' else 1)} {unit}"
            value = value / 1_000  # type: ignore[assignment]
        return f"{self.number(value, 1)} GB"

    def to(self, *parts: str) -> str:
        """The address of a page."""
        return "/".join((self.root, *(quote(part, safe="") for part in parts)))

    def html(
        self, template: str, title: str, session: Session | None, *, case: Case | None = None, here: str = "",
        owner: bool = False, status: int = 200, **values: Any,
    ) -> HTMLResponse:  # fmt: skip
        """A page; ``here`` is the step of the case, or the place at the desk, that it is."""
        signed = session is not None and bool(session.reviewer)
        body = self._templates.get_template(template).render(
            title=title, to=self.to, case=None if case is None else case.name, form=session.form if session else "",
            person=session.reviewer if session else "", owner=owner,
            steps=[] if case is None else self._steps(case, here, owner), **values,
        )  # fmt: skip
        links = [Link(self.say("Perkara"), self.to(""), here == "perkara")] if signed else []
        if signed and owner:
            links.append(Link(self.say("Orang"), self.to("orang"), here == "orang"))
        if session is not None:
            links.append(Link(self.say("Panduan"), self.to("panduan"), here == "panduan"))
        page = Page(
            title, body, self.language, links, brand=Link("netral", self.to("") if signed else ""),
            foot=self.say("Skor adalah petunjuk untuk ditinjau manusia, bukan putusan."),
        )  # fmt: skip
        self.shown.set()
        return HTMLResponse(
            served_page(page, static=f"{self.root}/static/", styles=("desk.css",), scripts=("desk.js",)), status
        )

    def _steps(self, case: Case, here: str, owner: bool) -> list[Mapping[str, Any]]:
        """The steps with their names; ``why`` says what keeps one shut."""
        made: list[Mapping[str, Any]] = []
        for name, title, needs in STEPS:
            why = MISSING[needs] if needs and case.fact(needs) is None else ""
            if not owner and name in OWNERS:
                why = "Hanya untuk pemilik meja."
            made.append({"name": name, "title": self.say(title), "here": name == here, "open": not why,
                         "why": self.say(why) if why else ""})  # fmt: skip
        return made


def asset_of(name: str) -> tuple[str, str] | None:
    """Text and type of a file that pages load; None for any other name."""
    if name in ASSETS:
        return asset(name), ASSETS[name]
    if name in OWN_ASSETS:
        return files("netral_nlp.desk").joinpath("static", name).read_text(encoding="utf-8"), OWN_ASSETS[name]
    return None


@cache
def english() -> dict[str, str]:
    """The texts of the desk in English, by the Indonesian ones."""
    lines = files("netral_nlp.desk").joinpath("english.tsv").read_text(encoding="utf-8").splitlines()
    return dict(line.split("\t", 1) for line in lines if "\t" in line)
