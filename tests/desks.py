"""A desk for tests: its folder, its application, and people who fill in its forms as a browser does."""

from __future__ import annotations

import html
import re
import time
import warnings
from dataclasses import dataclass, field
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

from netral_nlp.desk.case import Case
from netral_nlp.desk.folder import Folder
from netral_nlp.desk.server import create_app
from netral_nlp.pages.shell import Language
from netral_nlp.serving.sessions import Sessions

with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    from fastapi.testclient import TestClient

HOST = "127.0.0.1:8700"
PIN = "rahasia 1"


class Clock:
    """Time that goes on only when it is told to."""

    def __init__(self) -> None:
        self.now = 1_000.0

    def __call__(self) -> float:
        return self.now


@dataclass
class Form:
    """One form of a page: where it goes, what its fields hold, what its buttons say."""

    action: str
    fields: dict[str, str] = field(default_factory=dict)
    buttons: list[tuple[str, str]] = field(default_factory=list)


class Forms(HTMLParser):
    """The forms of a page, read as a browser does."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.all: list[Form] = []
        self._select = self._area = ""
        self._open = False
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        a = {key: value or "" for key, value in attrs}
        if tag == "form":
            self.all.append(Form(a.get("action", "")))
            self._open = True
        if not self._open:
            return
        fields, name = self.all[-1].fields, a.get("name", "")
        if tag == "input" and name and a.get("type") != "file":
            if a.get("type") not in ("checkbox", "radio") or "checked" in a:
                fields[name] = a.get("value", "")
        elif tag == "button":
            self.all[-1].buttons.append((name, a.get("value", "")))
        elif tag == "select":
            self._select = name
        elif tag == "option" and self._select:
            value = a.get("value")
            if self._select not in fields or "selected" in a:
                fields[self._select] = "\0" if value is None else value
        elif tag == "textarea":
            self._area = name
            fields[name] = ""

    def handle_data(self, data: str) -> None:
        if self._area:
            self.all[-1].fields[self._area] += data
        elif self._select and self.all[-1].fields.get(self._select) == "\0":
            self.all[-1].fields[self._select] = data

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._open = False
        elif tag == "select":
            self._select = ""
        elif tag == "textarea":
            self._area = ""


class Visitor:
    """A browser that came in by a link, without the desk's script; ``page`` is what it shows."""

    def __init__(self, house: House, link: str | None = None) -> None:
        self.house = house
        self.client = TestClient(house.app, base_url=f"http://{HOST}", follow_redirects=True)
        page = self.client.get(f"/masuk/{house.sessions.link() if link is None else link}").text
        (self.room,) = re.findall(r'href="([^"]+)"', page)
        self.room = self.room.rstrip("/")
        self.answer = self.client.get(f"{self.room}/")

    @property
    def page(self) -> str:
        return self.answer.text

    def get(self, path: str) -> str:
        self.answer = self.client.get(f"{self.room}{path}")
        return self.page

    def form(self, action: str) -> Form:
        found = [one for one in Forms(self.page).all if one.action.endswith(action)]
        assert found, f"no form to {action} in {self.page}"
        return found[0]

    def submit(self, action: str, files: Any = None, **given: str) -> str:
        """Fill in the form that goes to ``action`` and send it; ``given`` goes before what the form holds."""
        form = self.form(action)
        data = {**form.fields, **{key.replace("__", "."): value for key, value in given.items()}}
        self.answer = self.client.post(form.action, data=data, files=files)
        return self.page

    def sign_in(self, name: str, pin: str = PIN) -> Visitor:
        self.get("/masuk-nama")
        again = {"pin2": pin} if "pin2" in self.form("/masuk-nama").fields else {}
        self.submit("/masuk-nama", nama=name, pin=pin, **again)
        return self

    @property
    def alarm(self) -> str:
        found = re.findall(r'role="alert">([^<]*)<', self.page)
        return html.unescape(found[0]) if found else ""


class House:
    """A desk without a port."""

    def __init__(self, path: Path, model: Path | None = None, language: Language = "id") -> None:
        self.clock = Clock()
        self.path, self.model, self.language = path, model, language
        self.open()

    def open(self) -> None:
        self.folder = Folder(self.path)
        self.folder.people._clock = self.clock
        self.sessions = Sessions(self.clock)
        self.app = create_app(
            self.folder, sessions=self.sessions, hosts=(HOST,), model=self.model, language=self.language
        )
        self.desk = self.app.state.desk

    def close(self) -> None:
        self.desk.jobs.close()
        self.folder.close()

    def visit(self, name: str = "Sari", pin: str = PIN) -> Visitor:
        return Visitor(self).sign_in(name, pin)

    def case(self, name: str) -> Case:
        return self.desk.case(name)

    def wait(self, name: str) -> None:
        """Until no job runs in a case."""
        until = time.monotonic() + 1_200  # against hanging for ever only
        while self.desk.jobs.of(self.case(name)) is not None:
            assert time.monotonic() < until
            time.sleep(0.05)


def prepare(visitor: Visitor, title: str, upload: tuple[str, bytes], roster: Path) -> str:
    """A case with an upload and a roster, ready to be scored; its name."""
    visitor.get("/")
    visitor.submit("/perkara", judul=title)
    name = str(visitor.answer.url).split("/")[-2]
    visitor.submit(f"/unggah/{name}", files={"berkas": upload})
    visitor.submit(f"/{name}/tata", apa="lanjut")
    visitor.submit(f"/{name}/paslon-berkas", files={"berkas": (roster.name, roster.read_bytes())})
    visitor.submit(f"/{name}/paslon", apa="lanjut")
    assert str(visitor.answer.url).endswith(f"/{name}/nilai"), visitor.page
    return name
