"""Names that must not be learned: persons whom the roster did not mask are hidden from the fit."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from functools import cache

from netral_nlp.features.views import Token, View
from netral_nlp.records import Case
from netral_nlp.roster import EMPTY_BOX, Roster
from netral_nlp.roster.checking import ROLES
from netral_nlp.roster.context import ADDRESSES, TITLES
from netral_nlp.roster.matcher import surfaces
from netral_nlp.text.lexicon import Everyday, everyday
from netral_nlp.text.words import WORD

HIDDEN = "<nama>"
SHORTEST = 3  # letters of a name


def name_words(roster: Roster) -> frozenset[str]:
    """The words of all names and aliases of a roster's persons, titles and offices left out."""
    people = [
        name
        for pair in roster.pairs
        if pair.kind != EMPTY_BOX
        for name in (pair.candidate, pair.running_mate, *pair.aliases)
    ]
    words = {word for name in people for word in surfaces(name)}
    return frozenset(w for w in words - TITLES - ROLES if len(w) >= SHORTEST and w.isalpha())


@cache
def is_ordinary(word: str) -> bool:
    """Whether a lower-case word stands in a word list of the language.

    >>> is_ordinary("bintang"), is_ordinary("irwandi")
    (True, False)
    """
    return everyday(word) is not Everyday.NO


def hide_names(cases: Sequence[Case], views: Sequence[View]) -> list[View]:
    """The views with every unmasked name as :data:`HIDDEN`, which is no feature: for fitting only.

    Hidden are single names of the post's own roster where nobody could tell whether they are names, names of the
    other rosters that are no ordinary words, and capitalised words of no word list after Pak, Bu, Mas and the like.
    """
    rosters = {case.roster.digest: case.roster for case in cases}
    own = {digest: _single_names(roster) for digest, roster in rosters.items()}
    everywhere = frozenset(w for roster in rosters.values() for w in name_words(roster) if not is_ordinary(w))
    return [_hide(view, own[case.roster.digest] | everywhere) for case, view in zip(cases, views, strict=True)]


def _single_names(roster: Roster) -> frozenset[str]:
    """Words that stand for a person alone: those of the names, and aliases of one word."""
    people = [(p, name) for p in roster.pairs if p.kind != EMPTY_BOX for name in (p.candidate, p.running_mate)]
    words = {w for _, name in people for w in surfaces(name)}
    words |= {w for p, _ in people for alias in p.aliases for w in surfaces(alias) if len(surfaces(alias)) == 1}
    return name_words(roster) & words


def _hide(view: View, names: Iterable[str]) -> View:
    tokens: list[Token] = []
    after_address = False
    for token in view.tokens:
        if token.form[:1] == "<" or not token.written:
            after_address = token.form[:1] == "<" and after_address
            tokens.append(token)
            continue
        word = view.words[token.first]
        bystander = (
            after_address
            and word.kind == WORD
            and bool(word.case)
            and len(word.surface) >= SHORTEST
            and word.surface.isalpha()
            and word.surface not in ROLES
            and not is_ordinary(word.surface)
            and not is_ordinary(token.form)
        )
        if bystander or word.surface in names:
            tokens.append(token._replace(form=HIDDEN, written=HIDDEN))
        else:
            after_address = word.surface in ADDRESSES
            tokens.append(token)
    return replace(view, tokens=tuple(tokens))
