"""Which pair somebody means who writes it into a cell of its own: an id, a number, a name, an alias or a handle."""

from __future__ import annotations

import re

from netral_nlp.roster.elections import Pair, Roster

_NUMBER = re.compile(r"(?:(?:paslon|nomor|no|urut|nomor urut|no urut|pasangan)\s*\.?\s*)?0*(\d{1,3})", re.IGNORECASE)
_IDLE = re.compile(r"[\s\-_.,&/+'’@#]+|\bdan\b", re.IGNORECASE)


def pair_called(roster: Roster, written: str) -> str | None:
    """The id of the pair that a cell names, None where it names none or more than one.

    Compared without regard to case, blanks and signs: the id, the ballot number, both names of the pair, one of its
    names or aliases, a hashtag or a handle.

    >>> from netral_nlp.roster import load_roster
    >>> from netral_nlp.resources import data_dir
    >>> roster = load_roster(data_dir() / "rosters" / "kota-samudra-2024.toml")
    >>> [pair_called(roster, cell) for cell in ("hasanwulan", "02", "Pak Hasan", "@hasanbasrinur", "Budi", "")]
    ['Hasan-Wulan', 'Hasan-Wulan', 'Hasan-Wulan', 'Hasan-Wulan', None, None]
    """
    if written in roster.ids:
        return written
    key = _key(written)
    if not key:
        return None
    if (number := _NUMBER.fullmatch(written.strip())) is not None:
        numbered = [pair.id for pair in roster.pairs if pair.number == int(number[1])]
        return numbered[0] if len(numbered) == 1 else None
    for names in (_ids, _people, _others):
        named = [pair.id for pair in roster.pairs if key in {_key(name) for name in names(pair)}]
        if named:
            return named[0] if len(named) == 1 else None
    return None


def _key(written: str) -> str:
    return _IDLE.sub("", written).casefold()


def _ids(pair: Pair) -> tuple[str, ...]:
    both = f"{pair.candidate} {pair.running_mate}"
    return pair.id, both


def _people(pair: Pair) -> tuple[str, ...]:
    return pair.candidate, pair.running_mate


def _others(pair: Pair) -> tuple[str, ...]:
    return (*pair.aliases, *pair.hashtags, *pair.handles)
