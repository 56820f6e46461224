"""Which classes of cues a word belongs to, and which begin there: the lists of ``isyarat.csv``, read once.

A list holds single words and phrases. ``baliho*`` is every word that begins so; any other word stands for itself and
for all words of that stem. Regional endings are told by such beginnings, not by a grammar of each language.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass

from netral_nlp.law.rules import Rules
from netral_nlp.text.words import TAG_WORD, WORD, Word

SELF = "SAYA"
REMEMBERED = 100_000  # distinct words whose classes are kept
CUE_TABLES = ("isyarat", "kerangka")  # what the features of the act model are made of

SHORTEST = 2  # letters of a beginning

Phrase = tuple[tuple[str, ...], str]


@dataclass(frozen=True, slots=True)
class Entry:
    """What a word is to the lists: its stem, its classes in order, and the phrases that may begin with it."""

    stem: str
    kinds: tuple[str, ...]
    phrases: Mapping[str, tuple[Phrase, ...]]  # by their second word, without its asterisk


class CueLists:
    """The classes of words and phrases; ``stem`` is the stemmer of the model that reads with them."""

    def __init__(self, rules: Rules, stem: Callable[[str], str]) -> None:
        self._stem = stem
        self._exact: dict[str, set[str]] = {}
        self._beginnings: dict[str, set[str]] = {}
        self._phrases: dict[str, list[Phrase]] = {}
        self._open_seconds: set[str] = set()  # second words of phrases that end in an asterisk
        for row in rules.tables["isyarat"]:
            for written in row["kata"].lower().split(";"):
                self._add(tuple(written.split()), row["kelas"])
        self._longest = max(map(len, self._beginnings), default=0)
        lengths = [len(phrase) for phrases in self._phrases.values() for phrase, _ in phrases]
        self.longest_phrase = max(lengths, default=1)
        self._heads = frozenset(written[:SHORTEST] for written in self._beginnings)
        self._entries: dict[tuple[str, str, str], Entry] = {}

    def _add(self, words: tuple[str, ...], kind: str) -> None:
        if len(words) > 1:
            if words[1].endswith("*"):
                self._open_seconds.add(words[1][:-1])
            self._phrases.setdefault(words[0], []).append((words, kind))
        elif words and words[0].endswith("*"):
            self._beginnings.setdefault(words[0][:-1], set()).add(kind)
        elif words:
            self._exact.setdefault(words[0], set()).add(kind)

    def entries(self, words: Sequence[Word]) -> list[Entry]:
        """What each word of a post is; each distinct word is looked at once while it is remembered."""
        known = self._entries
        if len(known) > REMEMBERED:
            known.clear()
        found: list[Entry] = []
        for word in words:
            key = (word.surface, word.form, word.kind)
            entry = known.get(key)
            if entry is None:
                entry = known[key] = self._entry(word)
            found.append(entry)
        return found

    def _entry(self, word: Word) -> Entry:
        # signs, numbers and emoji stand for themselves
        stem = self._stem(word.form) if word.kind in (WORD, TAG_WORD) else word.form
        starts = dict.fromkeys((word.surface, stem))
        by_second: dict[str, tuple[Phrase, ...]] = {}
        for start in starts:
            for phrase in self._phrases.get(start, ()):
                second = phrase[0][1].rstrip("*")
                by_second[second] = (*by_second.get(second, ()), phrase)
        return Entry(stem, self._classes(word.surface, word.form, stem), by_second)

    def _classes(self, surface: str, form: str, stem: str) -> tuple[str, ...]:
        found: set[str] = set()
        for written in {surface, form, stem}:
            found |= self._exact.get(written, set())
        for written in {surface, form}:
            if written[:SHORTEST] not in self._heads:  # nearly always
                continue
            for length in range(SHORTEST, min(len(written), self._longest) + 1):
                found |= self._beginnings.get(written[:length], set())
        mine = surface == f"{stem}ku" or (surface.startswith("ku") and not stem.startswith("ku"))
        if mine and len(surface) > 4 and stem != surface:  # kupasang, mobilku; but not kue, kursi, buku
            found.add(SELF)
        return tuple(sorted(found))

    def may_go_on(self, entry: Entry, seconds: AbstractSet[str]) -> bool:
        """Whether a phrase may begin with a word and go on with another: its surface, form and stem are given."""
        return not (seconds.isdisjoint(entry.phrases) and entry.phrases.keys().isdisjoint(self._open_seconds))

    def kinds_at(self, words: Sequence[Word], entries: Sequence[Entry], at: int) -> tuple[str, ...]:
        """The classes of the word at a place, and of the phrases that begin there."""
        entry = entries[at]
        if not entry.phrases or at + 1 == len(words):
            return entry.kinds
        following = words[at + 1]
        seconds = {following.surface, following.form, entries[at + 1].stem}
        if not self.may_go_on(entry, seconds):
            return entry.kinds
        possible = (
            p for second, ps in entry.phrases.items() if second in seconds or second in self._open_seconds for p in ps
        )
        more = {kind for phrase, kind in possible if _stands(phrase, words, entries, at)}
        return entry.kinds if more.issubset(entry.kinds) else tuple(sorted(more.union(entry.kinds)))


def _stands(phrase: tuple[str, ...], words: Sequence[Word], entries: Sequence[Entry], at: int) -> bool:
    if at + len(phrase) > len(words):
        return False
    for i, part in enumerate(phrase):
        word = words[at + i]
        if part in (word.surface, entries[at + i].stem, word.form):
            continue
        if part[-1] != "*" or not word.surface.startswith(part[:-1]):
            return False
    return True


class Prefilter:
    """Whether a word may belong to an object of an act: cheap, and never wrong for a listed word."""

    def __init__(self, rules: Rules, kind: str = "OBJEK") -> None:
        lists = [row["kata"].lower().split(";") for row in rules.tables["isyarat"] if row["kelas"] == kind]
        words = [written.split()[0] for part in lists for written in part if written.strip()]
        self._beginnings = tuple(sorted({word.rstrip("*") for word in words}))
        self._known: dict[str, bool] = {}

    def begins(self, surface: str) -> bool:
        """Whether a word begins as a listed one does; remembered."""
        found = self._known.get(surface)
        if found is None:
            if len(self._known) > 4 * REMEMBERED:
                self._known.clear()
            found = self._known[surface] = surface.startswith(self._beginnings)
        return found


def cue_digest(rules: Rules) -> str:
    """SHA-256 of the tables that the features of an act model are made of; it is only valid with those it knew."""
    said = {name: [dict(row.cells) for row in rules.tables[name]] for name in CUE_TABLES}
    return hashlib.sha256(json.dumps(said, ensure_ascii=False, sort_keys=True).encode()).hexdigest()
