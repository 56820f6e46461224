"""Sentences of the library, which speaks English, as a desk says them."""

from __future__ import annotations

from netral_nlp.desk.pages import Pages


def say_error(message: str, pages: Pages) -> str:
    """A message for people: what the desk itself says in its language; of the library's, the first lines."""
    return pages.say("\n".join(message.encode("utf-8", "replace").decode().splitlines()[:8])[:1_500])
