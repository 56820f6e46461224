"""Which words of a view count in a sum of word vectors: of the whole post, its end, beside this pair or a rival."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from netral_nlp.features.vectors import NEGATED
from netral_nlp.features.views import OTHER, THIS, UNCOUNTED, View
from netral_nlp.text.lexicon import negators

NEGATION_REACH = 2  # tokens behind a negation that it turns round
BEFORE, AFTER, RIVAL = 6, 6, 3  # tokens beside a mention that are near it
LAST = 5  # tokens at the end of a post

Occurrence = tuple[str, int, int]  # the feature, and the tokens first:last that it stands on


def _signed(view: View, chosen: Iterable[int]) -> Iterator[Occurrence]:
    """The words at the chosen tokens; one that stands a little behind a negation as its opposite."""
    no = negators()
    forms = [token.form for token in view.tokens]
    negated = {at + reach for at, form in enumerate(forms) if form in no for reach in range(NEGATION_REACH + 1)}
    for at in chosen:
        form = forms[at]
        if at not in negated:
            if form not in UNCOUNTED:
                yield form, at, at + 1
        elif form not in no and form not in UNCOUNTED:
            yield NEGATED + form, at, at + 1


def post(view: View) -> Iterator[Occurrence]:
    """All words of the post."""
    return _signed(view, range(len(view.tokens)))


def end(view: View) -> Iterator[Occurrence]:
    """The last few words: many a post says in the end what it means."""
    return _signed(view, range(max(0, len(view.tokens) - LAST), len(view.tokens)))


def before(view: View) -> Iterator[Occurrence]:
    """The words a little before this pair's mentions."""
    return _signed(view, _beside(view, THIS, BEFORE, 0))


def after(view: View) -> Iterator[Occurrence]:
    """The words a little behind this pair's mentions."""
    return _signed(view, _beside(view, THIS, 0, AFTER))


def rival(view: View) -> Iterator[Occurrence]:
    """The words around the mentions of rivals."""
    return _signed(view, _beside(view, OTHER, RIVAL, RIVAL))


def _beside(view: View, role: str, left: int, right: int) -> list[int]:
    """The tokens at most so far before or behind one of that role."""
    found: set[int] = set()
    for at, token in enumerate(view.tokens):
        if token.form.startswith(role[:-1]):
            found.update(range(max(0, at - left), at))
            found.update(range(at + 1, min(len(view.tokens), at + 1 + right)))
    return sorted(found)
