"""The shell of every page: as one file that loads nothing, or as served pages that share the files of :data:`ASSETS`.

What stands in a body is HTML that its maker has escaped. Pages hold no ``style`` attribute and no script of their own:
classes of ``style.css`` dress them, and the policy of both kinds forbids anything else.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from html import escape
from importlib.resources import files
from typing import Literal

Language = Literal["id", "en"]

GENERATOR = "netral-nlp"  # what a page that netral purge may find names as its maker, with what it is
ASSETS = {
    "style.css": "text/css; charset=utf-8",
    "tables.js": "text/javascript; charset=utf-8",
    "icon.svg": "image/svg+xml",
}
WORDS = {
    "id": {"skip": "Langsung ke isi", "navigation": "Bagian"},
    "en": {"skip": "Skip to content", "navigation": "Parts"},
}


@dataclass(frozen=True, slots=True)
class Link:
    """One way of the navigation; ``here`` where the page itself is that place."""

    name: str
    address: str
    here: bool = False


@dataclass(frozen=True, slots=True)
class Page:
    """What a page holds. ``body`` is its HTML with one ``h1``, ``kind`` a class of all of it (``form``: to sign).

    ``brand`` is the name before the navigation; without a navigation there is no bar. ``foot`` is text below the body.
    ``output`` is what it is among the outputs that ``netral purge`` knows, "" for none of them. ``sorts`` gives a page
    that is one file the script of tables.
    """

    title: str
    body: str
    language: Language = "id"
    navigation: Sequence[Link] = ()
    brand: Link = Link("netral", "")
    foot: str = ""
    kind: str = ""
    output: str = ""
    sorts: bool = False


@cache
def asset(name: str) -> str:
    """The text of one of :data:`ASSETS`. Raises KeyError for any other name."""
    if name not in ASSETS:
        raise KeyError(name)
    return files("netral_nlp.pages").joinpath(name).read_text(encoding="utf-8")


@cache
def policy(*, sorts: bool = False) -> str:
    """What a browser may do with a page that is one file: its own style, its pictures, and the script of tables."""
    script = f" script-src {_digest(asset('tables.js'))};" if sorts else ""
    style = f"style-src {_digest(asset('style.css'))};"
    return f"default-src 'none'; {style}{script} img-src data:; base-uri 'none'; form-action 'none'"


def whole_page(page: Page) -> str:
    """The page as one file: nothing is loaded from anywhere, the same bytes for the same input."""
    head = (
        '<meta name="referrer" content="no-referrer">'  # of served pages the server tells
        f'<meta http-equiv="Content-Security-Policy" content="{policy(sorts=page.sorts)}">'
        f"<style>{asset('style.css')}</style>"
    )
    script = f"<script>{asset('tables.js')}</script>" if page.sorts else ""
    return _document(page, head, script)


def served_page(page: Page, *, static: str = "static/", styles: Sequence[str] = (), scripts: Sequence[str] = ()) -> str:
    """The page for a server that answers :data:`ASSETS`, ``styles`` and ``scripts`` under ``static``."""
    links = "".join(f'<link rel="stylesheet" href="{escape(static + name)}">' for name in ("style.css", *styles))
    loaded = "".join(f'<script src="{escape(static + name)}" defer></script>' for name in ("tables.js", *scripts))
    return _document(page, f'<link rel="icon" href="{escape(static)}icon.svg">{links}{loaded}', "")


def _document(page: Page, head: str, script: str) -> str:
    kind = f' class="{escape(page.kind)}"' if page.kind else ""
    mark = f'<meta name="generator" content="{GENERATOR} {escape(page.output)}">' if page.output else ""
    foot = f'<footer class="foot"><p>{escape(page.foot)}</p></footer>\n' if page.foot else ""
    return (
        f'<!doctype html>\n<html lang="{page.language}"><head><meta charset="utf-8">{mark}'
        '<meta name="viewport" content="width=device-width,initial-scale=1">'
        '<meta name="robots" content="noindex">'
        f"<title>{escape(page.title)}</title>{head}</head>\n<body{kind}>{_bar(page)}"
        f'<main id="isi" tabindex="-1">\n{page.body}\n</main>\n{foot}{script}</body></html>\n'
    )


def _bar(page: Page) -> str:
    if not page.navigation:
        return ""
    words = WORDS[page.language]
    items = "".join(
        f'<li><a href="{escape(link.address)}"{" aria-current=page" if link.here else ""}>{escape(link.name)}</a></li>'
        for link in page.navigation
    )
    brand = f'<a class="brand" href="{escape(page.brand.address)}">{escape(page.brand.name)}</a>'
    if not page.brand.address:
        brand = f'<span class="brand">{escape(page.brand.name)}</span>'
    return (
        f'<a class="skip" href="#isi">{words["skip"]}</a>\n<header class="top"><div>{brand}'
        f'<nav aria-label="{words["navigation"]}"><ul>{items}</ul></nav></div></header>\n'
    )


def _digest(text: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"
