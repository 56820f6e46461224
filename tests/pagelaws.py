"""What is wrong with a page, by laws that hold for every page of ours; read by Python alone, without a browser."""

from __future__ import annotations

import base64
import hashlib
import re
from html.parser import HTMLParser
from itertools import pairwise

VOID = {"meta", "img", "input", "link", "br", "hr"}
FIELDS = {"input", "select", "textarea"}


class Outline(HTMLParser):
    """The elements of a page in order, each with its attributes, the text of it all, and what was never closed."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str]]] = []
        self.open: list[str] = []
        self.labelled: list[bool] = []  # for each field: whether it lies in a label
        self.misplaced: list[str] = []
        self.feed(page)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, {name: value or "" for name, value in attrs}))
        if tag in FIELDS:
            self.labelled.append("label" in self.open)
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if not self.open or self.open.pop() != tag:
            self.misplaced.append(tag)

    def of(self, *tags: str) -> list[dict[str, str]]:
        return [attributes for tag, attributes in self.elements if tag in tags]


def flaws(page: str, *, served: bool = False) -> list[str]:
    """Each breach of a law in words; ``served`` pages load their own server's files, others nothing at all."""
    seen = Outline(page)
    found = [f"not closed or closed twice: {tag}" for tag in (*seen.open, *seen.misplaced)]
    if not page.startswith("<!doctype html>"):
        found.append("no doctype")
    if [attributes.get("lang") in ("id", "en") for attributes in seen.of("html")] != [True]:
        found.append("the language is not said")
    found += [f"{tag}: {len(seen.of(tag))} of them" for tag in ("h1", "main") if len(seen.of(tag)) != 1]
    if page.partition("</head>")[0].count("<title>") != 1:
        found.append("no title")
    levels = [int(tag[1]) for tag, _ in seen.elements if re.fullmatch("h[1-6]", tag)]
    found += [f"h{b} after h{a}" for a, b in pairwise(levels) if b > a + 1]
    ids = [attributes["id"] for _, attributes in seen.elements if "id" in attributes]
    found += [f"id {name} twice" for name in {name for name in ids if ids.count(name) > 1}]
    for tag, attributes in seen.elements:
        found += [f"{tag} has {name}" for name in attributes if name == "style" or name.startswith("on")]
        for name in ("src", "href"):
            found += _address(tag, name, attributes, ids, served)
    found += ["th without scope" for attributes in seen.of("th") if "scope" not in attributes]
    found += ["img without alt" for attributes in seen.of("img") if not attributes.get("alt")]
    found += ["svg without name" for a in seen.of("svg") if not a.get("aria-label") or a.get("role") != "img"]
    fields = [a for a in seen.of(*FIELDS) if a.get("type") != "hidden"]
    named = {attributes.get("for") for attributes in seen.of("label")}
    found += [
        f"field without label: {attributes}" for attributes, inside in zip(seen.of(*FIELDS), seen.labelled, strict=True)
        if attributes in fields and not inside and attributes.get("id", "-") not in named
        and "aria-label" not in attributes and attributes.get("type") != "submit"
    ]  # fmt: skip
    found += [
        f"{tag} {name} leads outside" for tag, attributes in seen.elements for name, value in attributes.items()
        if re.match(r"\s*(https?:)?//", value) and not value.startswith("http://www.w3.org/")
    ]  # fmt: skip
    found += ["a style that loads" for style in _inside(page, "style") if re.search(r"@import|url\(", style)]
    return found + ([] if served else _policy(page))


def _address(tag: str, name: str, attributes: dict[str, str], ids: list[str], served: bool) -> list[str]:
    value = attributes.get(name)
    if value is None or (name == "src" and value.startswith("data:image/")):
        return []
    if value.startswith("#"):
        return [] if value[1:] in ids else [f"{value} leads nowhere"]
    return [] if served and not re.match(r"[a-z]+:|//", value) else [f"{tag} {name}={value}"]


def _inside(page: str, tag: str) -> list[str]:
    return re.findall(rf"<{tag}[^>]*>(.*?)</{tag}>", page, re.DOTALL)


def _policy(page: str) -> list[str]:
    """A page that is one file allows exactly the style and the script that are in it."""
    policy = re.search(r'http-equiv="Content-Security-Policy" content="([^"]+)"', page)
    if policy is None:
        return ["no policy"]
    found = [] if policy[1].startswith("default-src 'none'; ") and "unsafe" not in policy[1] else [policy[1]]
    for tag in ("style", "script"):
        inside = _inside(page, tag)
        digests = [base64.b64encode(hashlib.sha256(one.encode()).digest()).decode() for one in inside]
        allowed = re.findall(r"'sha256-([^']+)'", (re.search(rf"{tag}-src ([^;]*)", policy[1]) or ["", ""])[1])
        found += [] if digests == allowed and len(digests) <= 1 else [f"{tag} and policy differ"]
    return found
