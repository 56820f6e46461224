"""The guide as HTML: one page of chapters, or one chapter for the place where it is needed."""

from __future__ import annotations

import base64
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from html import escape
from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import Any

from markdown_it import MarkdownIt

from netral_nlp.pages.shell import Page, whole_page

# as they are read; also their addresses
CHAPTERS = ("mulai", "alur", "ragu", "angka", "pelabelan", "perbuatan", "istilah", "batas")
TITLE = "Panduan"
PICTURE = ".webp"
LISTED = {"perbuatan": "uraian", "pengecualian": "syarat"}  # tables of the law that a text shows, and what tells more

Address = Callable[[str], str]  # where a browser finds a picture


@dataclass(frozen=True, slots=True)
class Chapter:
    """A chapter: its address in the page, its title, and its HTML with pictures where ``Address`` says."""

    name: str
    title: str
    body: str


def chapter(name: str, picture: Address | None = None) -> Chapter:
    """One of :data:`CHAPTERS`; without ``picture`` the pictures are in it, as a page that is one file needs them.

    Its title is an ``h2``. Raises KeyError for any other name.
    """
    if name not in CHAPTERS:
        raise KeyError(name)
    text = _folder("text").joinpath(f"{name}.md").read_text(encoding="utf-8")
    title = text.partition("\n")[0].removeprefix("# ")
    for table in LISTED:
        text = text.replace(f"{{{table}}}", _listed(table)) if f"{{{table}}}" in text else text
    return Chapter(name, title, _markdown().render(text, {"picture": picture or _inside, "chapter": title}))


def guide_body(picture: Address | None = None) -> str:
    """All chapters under one title, with a list of them, for a page of any shell."""
    read = [chapter(name, picture) for name in CHAPTERS]
    ways = "".join(f'<li><a href="#{c.name}">{escape(c.title)}</a></li>' for c in read)
    parts = "".join(f'<section id="{c.name}">{c.body}</section>' for c in read)
    return f'<h1>{TITLE}</h1><nav class="card" aria-label="Isi panduan"><ul>{ways}</ul></nav>{parts}'


def guide_page() -> str:
    """The guide as one file that loads nothing."""
    return whole_page(Page(f"{TITLE} netral", guide_body()))


def pictures() -> list[str]:
    """The names of the pictures that a server of the guide must answer."""
    return sorted(file.name for file in _folder("pictures").iterdir() if file.name.endswith(PICTURE))


def picture_of(name: str) -> bytes:
    """A picture (WebP). Raises KeyError for a name that is not among :func:`pictures`."""
    if name not in pictures():
        raise KeyError(name)
    return _folder("pictures").joinpath(name).read_bytes()


def _listed(table: str) -> str:
    """The codes of a table of the law with their names, as a table in Markdown; of several rows for one the last."""
    from netral_nlp.law.loading import load_rules

    rows = {rule["kode"]: (rule["nama"], rule[LISTED[table]]) for rule in load_rules().tables[table]}
    lines = [f"| {name} | {code} | {more} |" for code, (name, more) in rows.items()]
    return "\n".join([f"| {table} | kode | {LISTED[table]} |", "|---|---|---|", *lines])


def _folder(name: str) -> Traversable:
    return files("netral_nlp.guide").joinpath(name)


def _inside(name: str) -> str:
    return f"data:image/webp;base64,{base64.b64encode(picture_of(name)).decode()}"


@cache
def _markdown() -> MarkdownIt:
    """Markdown without HTML of its own; titles one step down, tables in the frame that all pages have."""
    made = MarkdownIt("commonmark", {"html": False}).enable("table")

    def heading(shape: str) -> Callable[..., str]:
        def write(_self: Any, tokens: Sequence[Any], at: int, _options: Any, _env: Any) -> str:
            return shape.format(int(tokens[at].tag[1:]) + 1)

        return write

    def table(_self: Any, tokens: Sequence[Any], at: int, _options: Any, env: Any) -> str:
        number = sum(token.type == "table_open" for token in tokens[: at + 1])
        name = f"{env['chapter']}, tabel {number}"
        return f'<div class="wide words" role="group" tabindex="0" aria-label="{escape(name)}"><table>'

    def image(_self: Any, tokens: Sequence[Any], at: int, _options: Any, env: Any) -> str:
        token = tokens[at]
        return f'<img src="{escape(env["picture"](token.attrs["src"]))}" alt="{escape(token.content)}">'

    made.add_render_rule("heading_open", heading("<h{}>"))
    made.add_render_rule("heading_close", heading("</h{}>\n"))
    made.add_render_rule("table_open", table)
    made.add_render_rule("table_close", lambda *_: "</table></div>")
    made.add_render_rule("th_open", lambda *_: '<th scope="col">')
    made.add_render_rule("image", image)
    return made
