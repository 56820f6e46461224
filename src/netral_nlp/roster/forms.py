"""In which forms each name of a roster is found: as written, in other cases, joined, in tags, with what hangs on it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

from netral_nlp.roster.elections import EMPTY_BOX, Roster
from netral_nlp.roster.matcher import Matcher
from netral_nlp.text.words import analyse, analyse_piece

PLAIN = "tadi {} ada di sana"  # a post that says nothing of elections, and one that does
ELECTORAL = "ayo pilih {} ya"
YEAR = "2024"


@dataclass(frozen=True, slots=True)
class NameForms:
    """Which written forms of one name in a roster are found as its pair's.

    ``key`` is where the name stands (``candidate``, ``aliases``, …), ``line`` on which line. ``found`` are forms that
    are found in any post, ``electoral`` those that are in a post about an election alone, ``missed`` the others.
    ``proposed`` are those of the missed that would be found as well if they were listed too.
    """

    pair: str
    key: str
    name: str
    line: int
    found: tuple[str, ...]
    electoral: tuple[str, ...]
    missed: tuple[str, ...]
    proposed: tuple[str, ...]


def name_forms(roster: Roster) -> list[NameForms]:
    """The forms of every name, tag and account of a roster, in its order.

    >>> from netral_nlp.roster import load_roster
    >>> from netral_nlp.resources import data_dir
    >>> forms = name_forms(load_roster(data_dir() / "rosters" / "kota-samudra-2024.toml"))
    >>> forms[0].name, forms[0].found[:4], forms[0].missed
    ('Arman Hidayat', ('Arman Hidayat', 'arman hidayat', 'ARMAN HIDAYAT', 'armanhidayat'), ())
    """
    matcher = Matcher(roster)
    return [_forms(roster, matcher, *named) for named in _names(roster)]


def _names(roster: Roster) -> Iterator[tuple[int, str, str, int]]:
    """Each pair, the field, what stands in it, and its line; a repetition within a field only once."""
    for at, pair in enumerate(roster.pairs):
        for key in ("candidate", "running_mate"):
            if name := str(getattr(pair, key)):
                yield at, key, name, roster.line("pair", at, key)
        for key in ("aliases", "hashtags", "handles", "slogans", "symbols", "hostile"):
            items: tuple[str, ...] = getattr(pair, key)
            for name in dict.fromkeys(items):
                yield at, key, name, roster.line("pair", at, key, items.index(name))


def _forms(roster: Roster, matcher: Matcher, at: int, key: str, name: str, line: int) -> NameForms:
    found, electoral, missed = [], [], []
    for form in forms_of(key, name):
        if _finds(matcher, PLAIN, form, at):
            found.append(form)
        elif _finds(matcher, ELECTORAL, form, at):
            electoral.append(form)
        else:
            missed.append(form)
    free = [form for form in missed if not form.endswith("'s") and not _named(matcher, PLAIN, form)]
    proposed = [form for form in free if _helps(roster, at, key, form)]
    pair = roster.pairs[at]
    return NameForms(pair.id, key, name, line, tuple(found), tuple(electoral), tuple(missed), tuple(proposed))


def forms_of(key: str, name: str) -> tuple[str, ...]:
    """The ways in which people write a name, a tag or an account, the given one first.

    >>> forms_of("aliases", "Pak Arman")[3:]
    ('pakarman', '#PakArman', '#pakarman', 'PakArman2024', "Pak Arman's")
    """
    forms = [name, name.lower()]
    if key in ("slogans", "symbols"):
        return tuple(dict.fromkeys(forms))
    if key in ("hashtags", "hostile"):
        forms += [name.upper(), f"#{name.lstrip('#')}", name.lower() + YEAR]
    elif key == "handles":
        forms += [name.upper(), f"@{name.lstrip('@')}"]
    else:
        short = name.split(",")[0].strip()
        joined = "".join(word.capitalize() if word.islower() else word for word in short.replace(".", " ").split())
        forms += [name.upper(), joined.lower(), f"#{joined}", f"#{joined.lower()}", joined + YEAR, f"{short}'s"]
    return tuple(dict.fromkeys(forms))


def _finds(matcher: Matcher, post: str, form: str, pair: int) -> bool:
    return pair in _named(matcher, post, form)


def _named(matcher: Matcher, post: str, form: str) -> set[int]:
    text = post.format(form)
    words = analyse(text, partial(analyse_piece, names=matcher.known))
    mentions = matcher.find(words, between=lambda at: text[words[at - 1].end : words[at].start])
    return {mention.pair for mention in mentions}


def _helps(roster: Roster, at: int, key: str, form: str) -> bool:
    """Whether listing the form, as what it looks like, makes it found in any post; rivals have no say in that."""
    pair = roster.pairs[at]
    if pair.kind == EMPTY_BOX:
        return False
    where = "hostile" if key == "hostile" else {"#": "hashtags", "@": "handles"}.get(form[0], "aliases")
    listed: dict[str, Any] = {where: (*getattr(pair, where), form)}
    return _finds(Matcher(replace(roster, pairs=(replace(pair, **listed),))), PLAIN, form, 0)
