"""What is doubtful about a roster that can be read: names that mean too much, tags that help nobody."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Literal

from netral_nlp.roster.context import FREQUENT_NAMES
from netral_nlp.roster.elections import EMPTY_BOX, Pair, Roster
from netral_nlp.roster.matcher import TITLES, surfaces
from netral_nlp.roster.names import person_names
from netral_nlp.roster.needs import Need, need_of
from netral_nlp.text.disguises import drop_marks, read_look_alikes, read_ornaments
from netral_nlp.text.frequency import ordinariness
from netral_nlp.text.lexicon import Everyday, everyday

SHORTEST_ALIAS = 3
LARGEST_NUMBER = 20

_ROLE_WORDS = """
wali wako wawali wabup wagub cawapres capres bupati gubernur presiden wapres camat lurah menteri mentri jend
jenderal jendral komandan ndan dokter dok prof profesor dosen ketua ketum bos boss calon petahana incumbent
"""
ROLES = frozenset(_ROLE_WORDS.split())

_HASHTAG = re.compile(r"#?\w+")
_HANDLE = re.compile(r"@?[\w.]+")
_LETTER = re.compile(r"[^\W_]")
_WRITTEN = ("aliases", "hashtags", "handles", "slogans", "hostile")


@dataclass(frozen=True, slots=True)
class RosterFinding:
    """Something about a line of a roster: an error makes counts wrong, a warning may."""

    severity: Literal["error", "warning"]
    line: int
    message: str


def check_roster(roster: Roster) -> list[RosterFinding]:
    """Everything doubtful about a roster, in the order of its lines; each finding says what to do."""
    found = dict.fromkeys(finding for check in CHECKS for finding in check(roster))
    return sorted(found, key=lambda finding: (finding.line, finding.severity))


def _error(line: int, pair: Pair, fact: str, advice: str) -> RosterFinding:
    return RosterFinding("error", line, f'pair "{pair.id}": {fact}; {advice}')


def _warning(line: int, pair: Pair, fact: str, advice: str) -> RosterFinding:
    return RosterFinding("warning", line, f'pair "{pair.id}": {fact}; {advice}')


def _items(roster: Roster, key: str) -> Iterator[tuple[Pair, str, int]]:
    """Each pair's items of a list, with their lines; a repetition within a pair only once."""
    for n, pair in enumerate(roster.pairs):
        items: tuple[str, ...] = getattr(pair, key)
        for item in dict.fromkeys(items):
            yield pair, item, roster.line("pair", n, key, items.index(item))


def _people(pair: Pair) -> tuple[str, ...]:
    return tuple(person for person in (pair.candidate, pair.running_mate) if person)


def _bare(words: tuple[str, ...]) -> tuple[str, ...]:
    """A name without its titles, unless it has nothing else."""
    return tuple(word for word in words if word not in TITLES) or words


def weak_aliases(roster: Roster) -> Iterator[RosterFinding]:
    """Aliases that are no names, or that also mean something or somebody else."""
    for pair, alias, line in _items(roster, "aliases"):
        weakness = None if pair.kind == EMPTY_BOX else _weakness(pair, alias)
        if weakness is not None:
            fact, advice = weakness
            yield _warning(line, pair, f'the alias "{alias}" {fact}', advice)


def _weakness(pair: Pair, alias: str) -> tuple[str, str] | None:
    words = surfaces(alias)
    longer = f'list a longer form as well, as in "Pak {alias}".'
    if alias[:1] in ("#", "@"):
        return "is not a name", f"move it to {'hashtags' if alias[0] == '#' else 'handles'}."
    if not any(word.isalpha() for word in words):
        return "has no letters", "put a ballot number in number, an emoji in symbols."
    if sum(map(len, words)) < SHORTEST_ALIAS:
        return f"has fewer than {SHORTEST_ALIAS} letters and turns up by chance", "write it out."
    if all(word in TITLES or word in ROLES for word in words):
        return "is a title or office of many", 'add the name, as in "Pak Arman", or remove it.'
    if len(words) > 1:
        ordinary = len(_bare(words)) > 1 and all(everyday(word) is Everyday.COMMON for word in words)
        return ("is made of everyday words", "remove it if people say it of others.") if ordinary else None
    if ordinariness(words[0]) is Everyday.COMMON:
        return "is an everyday word and counts only with a title or a capital", longer
    if any(len(other) > 1 and words[0] in other for other in map(surfaces, pair.aliases)):
        return None
    if words[0] in FREQUENT_NAMES:
        return "is the name of very many people", longer
    return ("is also a word of the dictionary", longer) if everyday(words[0]) is Everyday.RARE else None


def ordinary_names(roster: Roster) -> Iterator[RosterFinding]:
    """Words of the candidates' own names that anybody writes of anything."""
    for n, pair in enumerate(roster.pairs):
        settled = {surfaces(word) for word in (*pair.aliases, *pair.not_aliases)}
        for key in ("candidate", "running_mate") if pair.kind != EMPTY_BOX else ():
            for name in person_names(getattr(pair, key)):
                need = need_of(name[0], weak=name[0] in FREQUENT_NAMES, listed=False)
                if len(name) == 1 and name not in settled and need is Need.NEIGHBOURS:
                    word = name[0].capitalize()
                    fact = f'"{word}" is an everyday word and counts only beside a title, the other name or the number'
                    advice = f'list what people call the person, or switch the word off: not_aliases = ["{word}"].'
                    yield _warning(roster.line("pair", n, key), pair, fact, advice)


def foreign_letters(roster: Roster) -> Iterator[RosterFinding]:
    """Letters of other scripts, or ornamental ones, that are drawn like those of the alphabet."""
    for n, pair in enumerate(roster.pairs):
        people = ((pair.candidate, ("candidate",)), (pair.running_mate, ("running_mate",)))
        items = [(item, (key, i)) for key in _WRITTEN for i, item in enumerate(getattr(pair, key))]
        for item, place in (*people, *items):
            plain = drop_marks(item)  # an accent is none
            read = read_look_alikes(read_ornaments(unicodedata.normalize("NFKC", plain)))
            if read.isascii() and not plain.isascii() and _LETTER.search(item):
                odd = next(c for c in plain if not c.isascii())
                fact = (
                    f'"{item}" holds "{odd}" ({unicodedata.name(odd, "no letter").lower()}), drawn like another letter'
                )
                yield _warning(roster.line("pair", n, *place), pair, fact, f'type it anew, as "{read}".')


def shared_names(roster: Roster) -> Iterator[RosterFinding]:
    """Aliases that another pair has too, or that stand within another pair's name."""
    same: dict[str, tuple[Pair, str]] = {}
    same_but_title: dict[str, tuple[Pair, str]] = {}
    within: dict[tuple[str, ...], list[tuple[Pair, str]]] = {}
    for pair in roster.pairs:
        for person in _people(pair):
            same.setdefault("".join(surfaces(person)), (pair, person))
            same_but_title.setdefault("".join(_bare(surfaces(person))), (pair, person))
        for name in dict.fromkeys((*_people(pair), *pair.aliases)):
            words = _bare(surfaces(name))[:10]
            parts = {words[i:j] for i in range(len(words)) for j in range(i + 1, len(words) + 1)} - {words}
            for part in parts:
                within.setdefault(part, []).append((pair, name))
    for pair, alias, line in _items(roster, "aliases"):
        words = surfaces(alias)
        if not words:
            continue
        first, name = same.setdefault("".join(words), (pair, alias))
        twin, twin_name = same_but_title.setdefault("".join(_bare(words)), (pair, alias))
        longer = next((found for found in within.get(_bare(words), []) if found[0] is not pair), None)
        if first is not pair:
            fact = f'the alias "{alias}" means "{name}" of pair "{first.id}" too'
            yield _error(line, pair, fact, "leave it to one of them, or write a longer name.")
        elif twin is not pair:
            fact = f'the alias "{alias}" differs from "{twin_name}" of pair "{twin.id}" by its title only'
            yield _warning(line, pair, fact, "without the title it could be either, so list longer names too.")
        elif longer is not None:
            fact = f'the alias "{alias}" is part of "{longer[1]}" of pair "{longer[0].id}"'
            yield _warning(line, pair, fact, "write a longer name if people may mean the other pair.")


def lonely_names(roster: Roster) -> Iterator[RosterFinding]:
    """Pairs that nobody would find in a short comment."""
    for n, pair in enumerate(roster.pairs):
        full = {surfaces(name) for name in (*_people(pair), pair.id)}
        if pair.kind != EMPTY_BOX and all(surfaces(alias) in full for alias in pair.aliases):
            advice = "add what people call it: first names, nicknames, initials."
            yield _warning(roster.line("pair", n), pair, "there is no alias besides the full name", advice)


def hashtags(roster: Roster) -> Iterator[RosterFinding]:
    """Hashtags that cannot match, that two pairs share, or that are both for and against a pair."""
    owner: dict[tuple[str, str], tuple[Pair, int]] = {}
    for key in ("hashtags", "hostile"):
        for pair, tag, line in _items(roster, key):
            fact = f'the hashtag "{tag}" of {key}'
            folded = tag.lstrip("#").casefold()
            if not _HASHTAG.fullmatch(tag):
                yield _warning(line, pair, f"{fact} will not be found", "write # and letters, digits or _ only.")
            elif not tag.startswith("#"):
                yield _warning(line, pair, f"{fact} lacks its #", f'write "#{tag}".')
            first, where = owner.setdefault((key, folded), (pair, line))
            if first is not pair:
                fact += f' stands in pair "{first.id}" (line {where}) too'
                yield _error(line, pair, fact, "leave it to one of them, or remove it.")
            own, where = owner.get(("hashtags", folded), (None, 0))
            if key == "hostile" and own is pair:
                fact += f" stands in its hashtags (line {where}) too"
                yield _error(line, pair, fact, "decide whether it is for or against the pair.")


def handles(roster: Roster) -> Iterator[RosterFinding]:
    """Handles that are not written as such; that two pairs share one is refused when the roster is read."""
    for pair, handle, line in _items(roster, "handles"):
        fact = f'the handle "{handle}"'
        if not _HANDLE.fullmatch(handle):
            yield _warning(line, pair, f"{fact} will not be found", "write @ and letters, digits, _ or . only.")
        elif not handle.startswith("@"):
            yield _warning(line, pair, f"{fact} lacks its @", f'write "@{handle}".')


def symbols(roster: Roster) -> Iterator[RosterFinding]:
    """Symbols that are words, or that two pairs share."""
    owner: dict[str, tuple[Pair, int]] = {}
    for pair, symbol, line in _items(roster, "symbols"):
        fact = f'the symbol "{symbol}"'
        if _LETTER.search(symbol) and "\u20e3" not in symbol:  # a key cap is a digit and U+20E3
            yield _warning(line, pair, f"{fact} is text", "write emoji only; words go to slogans or aliases.")
        first, where = owner.setdefault(symbol.replace("\ufe0f", ""), (pair, line))
        if first is not pair:
            fact += f' stands in pair "{first.id}" (line {where}) too'
            yield _warning(line, pair, fact, "leave it to one of them, or remove it.")


def ballot(roster: Roster) -> Iterator[RosterFinding]:
    """Numbers, kinds and dates that do not fit the election."""
    office = roster.election.office
    boxes = Counter(pair.kind for pair in roster.pairs)[EMPTY_BOX]
    for n, pair in enumerate(roster.pairs):
        at_kind = roster.line("pair", n, "kind")
        if pair.number is not None and pair.number > LARGEST_NUMBER and pair.kind not in ("caleg", "partai"):
            fact = f"the number {pair.number} is larger than those on ballot papers"
            yield _warning(roster.line("pair", n, "number"), pair, fact, "is it a misprint?")
        if pair.kind in ("caleg", "partai") and office != "legislature":
            yield _warning(at_kind, pair, f'a "{pair.kind}" does not run for "{office}"', "change kind or office.")
        if pair.kind == EMPTY_BOX and boxes > 1:
            yield _warning(at_kind, pair, f"the ballot has {boxes} empty boxes", "keep one at most.")
        if pair.kind == EMPTY_BOX and pair.running_mate:
            line = roster.line("pair", n, "running_mate")
            yield _warning(line, pair, "an empty box has no running mate", "remove it, or change kind.")
    if roster.election.dates.vote is None:
        advice = "add vote = 2024-11-27 to [election.dates], or phases stay unknown."
        line = roster.line("election", "dates")
        yield RosterFinding("warning", line, f"the date of the vote is missing; {advice}")


CHECKS: tuple[Callable[[Roster], Iterator[RosterFinding]], ...] = (
    weak_aliases,
    ordinary_names,
    foreign_letters,
    shared_names,
    lonely_names,
    hashtags,
    handles,
    symbols,
    ballot,
)
