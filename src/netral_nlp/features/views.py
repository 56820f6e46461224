"""A post from one pair's point of view: its words with names replaced by roles."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from netral_nlp.roster.matcher import HOSTILE, SOMEBODY, Mention
from netral_nlp.text.words import TAG_WORD, WORD, Word

THIS, OTHER, SOMEONE = "<ini>", "<lain>", "<calon>"
UNCOUNTED = frozenset(  # masks that no feature may hold
    {"<tautan>", "<akun>", "<tagar>", "<nomor>", "<surel>"}  # habits of a platform, not a stance
    | {"<nama>"}  # persons hidden from the fit
)


class Token(NamedTuple):
    """One counted word of a view; ``first:last`` are the positions of the post's words it stands for."""

    form: str  # stem, mask, sign, emoji or role
    written: str  # what character n-grams are taken from; "" for none
    first: int
    last: int
    kind: str  # the mention's kind for roles, else the word's


@dataclass(frozen=True, slots=True)
class View:
    """A post as the model sees it for one pair."""

    tokens: tuple[Token, ...]
    words: tuple[Word, ...]
    mentions: tuple[Mention, ...]
    pair: int


def role(mention: Mention, pair: int) -> str:
    """The role token of a mention, seen from a pair: this one, a rival, or a candidate nobody can tell."""
    if mention.pair == SOMEBODY:
        return SOMEONE
    return THIS if mention.pair == pair else OTHER


def view(words: Sequence[Word], mentions: Sequence[Mention], pair: int, stem: Callable[[str], str]) -> View:
    """The post's words with every mention replaced by its role toward ``pair`` (an index into the roster)."""
    tokens: list[Token] = []
    at = 0
    for mention in (*mentions, None):
        upto = mention.start if mention is not None else len(words)
        for i in range(at, upto):
            w = words[i]
            form = stem(w.form) if w.kind in (WORD, TAG_WORD) else w.form
            tokens.append(Token(form, w.form if w.kind in (WORD, TAG_WORD) else "", i, i + 1, w.kind))
        if mention is not None:
            shown = role(mention, pair)
            if mention.kind == HOSTILE:
                shown = shown[:-1] + "-lawan>"
            tokens.append(Token(shown, shown, mention.start, mention.end, mention.kind))
            at = mention.end
    return View(tuple(tokens), tuple(words), tuple(mentions), pair)
