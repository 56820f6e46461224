"""Which pair somebody means who writes it into a cell of its own: an id, a number, a name, an alias or a handle."""

from __future__ import annotations

import re
from difflib import get_close_matches

from netral_nlp.roster.context import NUMERALS, TITLES
from netral_nlp.roster.elections import Pair, Roster

_NUMBER = re.compile(
    r"(?:(?:paslon|pasangan|calon|kandidat|nomor|nomer|nmr|no|urut|#)\s*[.:]?\s*)*(?:0*(\d{1,3})(?:\.0)?|([a-z]+))",
    re.IGNORECASE,
)  # 1.0 is what spreadsheets and frames make of a 1
MOST_ALIKE = 3
LEAST_ALIKE = 0.6  # difflib's ratio
_KIND_OF_NAME = re.compile(r"\A\s*(?:(?:paslon|pasangan|calon|kandidat)\s+)+(?=\D)", re.IGNORECASE)
_COUNTED = re.compile(
    r"\A\s*((?:(?:paslon|pasangan|calon|nomor|nomer|no|urut)[.\s]*)*\d{1,3})\s*[.):]\s*(?=\D)", re.IGNORECASE
)
_ACCOUNT = re.compile(
    r"\A\s*(?:https?://)?(?:www\.|m\.)?(?:x|twitter|instagram|facebook|tiktok)\.com/(?=@?[\w.]+/?\s*\Z)"
)
_PARTS = re.compile(r"\s[-–—]\s|[()\[\]/|&+,;]|\bdan\b", re.IGNORECASE)
_IDLE = re.compile(r"[\s\-_.,&/+'’@#]+|\bdan\b", re.IGNORECASE)


def pair_called(roster: Roster, written: str) -> str | None:
    """The id of the pair that a cell names, None where it names none or more than one.

    Compared without regard to case, blanks and signs: the id, the ballot number, both names of the pair, one of its
    names or aliases, a hashtag or a handle, a profile's address; or several of them that mean the same pair.

    >>> from netral_nlp.roster import load_roster
    >>> from netral_nlp.resources import data_dir
    >>> roster = load_roster(data_dir() / "rosters" / "kota-samudra-2024.toml")
    >>> [pair_called(roster, cell) for cell in ("hasanwulan", "02", "Pak Hasan", "@hasanbasrinur", "Budi", "")]
    ['Hasan-Wulan', 'Hasan-Wulan', 'Hasan-Wulan', 'Hasan-Wulan', None, None]
    """
    if written in roster.ids:
        return written
    whole = _called(roster, written)
    if whole is not None:
        return whole
    bare = _ACCOUNT.sub("", _KIND_OF_NAME.sub("", written))
    parts = [part for part in _PARTS.split(_COUNTED.sub(r"\1 / ", bare)) if _key(part)]
    if parts == [written]:
        return None
    named = {_called(roster, part) for part in parts}  # the ways in which one cell names one pair
    return named.pop() if len(named) == 1 else None


def _called(roster: Roster, written: str) -> str | None:
    key = _key(written)
    if not key:
        return None
    if (number := _NUMBER.fullmatch(written.strip())) is not None:
        value = int(number[1]) if number[1] else NUMERALS.get(number[2].lower())
        numbered = [pair.id for pair in roster.pairs if pair.number == value and value is not None]
        if value is not None:
            return numbered[0] if len(numbered) == 1 else None
    for names in (_ids, _people, _others):
        for form in (_key, _bare_key):
            named = [pair.id for pair in roster.pairs if form(written) in {form(name) for name in names(pair)}]
            if named:
                return named[0] if len(named) == 1 else None
    return None


def pairs_like(roster: Roster, written: str) -> tuple[str, ...]:
    """The ids of the pairs whose names are spelled most like a cell that names none, the likest first.

    >>> from netral_nlp.roster import load_roster
    >>> from netral_nlp.resources import data_dir
    >>> roster = load_roster(data_dir() / "rosters" / "kota-samudra-2024.toml")
    >>> pairs_like(roster, "Hasan-Wulandari"), pairs_like(roster, "xyz")
    (('Hasan-Wulan', 'Arman-Lestari'), ())
    """
    owners: dict[str, str] = {}
    for pair in roster.pairs:
        for name in (*_ids(pair), *_people(pair), *_others(pair)):
            owners.setdefault(_key(name), pair.id)
    near = get_close_matches(_key(written), [name for name in owners if name], MOST_ALIKE, LEAST_ALIKE)
    return tuple(dict.fromkeys(owners[name] for name in near))


def _key(written: str) -> str:
    return _IDLE.sub("", written).casefold()


def _bare_key(written: str) -> str:
    """The key of a name without the titles before and behind it; of nothing but titles the whole."""
    words = [word for word in re.split(r"[\s.]+", written.split(",")[0]) if word.casefold() not in TITLES]
    return _key("".join(words)) or _key(written)


def _ids(pair: Pair) -> tuple[str, ...]:
    both = f"{pair.candidate} {pair.running_mate}"
    return pair.id, both


def _people(pair: Pair) -> tuple[str, ...]:
    return pair.candidate, pair.running_mate


def _others(pair: Pair) -> tuple[str, ...]:
    return (*pair.aliases, *pair.hashtags, *pair.handles)
