"""Which classes of cues a word belongs to, and which begin there: the lists of ``isyarat.csv``, read once.

A list holds single words and phrases. ``baliho*`` is every word that begins so; any other word stands for itself and
for all words of that stem. Regional endings are told by such beginnings, not by a grammar of each language.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache

from netral_nlp.law.rules import Rules
from netral_nlp.text.words import TAG_WORD, WORD, Word

SELF = "SAYA"
REMEMBERED = 100_000  # distinct words whose classes are kept
OPENING = "\"'([{<#*_-“‘"  # what may stand before a word
CUE_TABLES = ("isyarat", "kerangka")  # what the features of the act model are made of

Phrase = tuple[tuple[str, ...], str]


@dataclass(frozen=True, slots=True)
class Cue:
    """The words ``first:last`` of a post belong to a class."""

    kind: str
    first: int
    last: int


class CueLists:
    """The classes of words and phrases; ``stem`` is the stemmer of the model that reads with them."""

    def __init__(self, rules: Rules, stem: Callable[[str], str]) -> None:
        self._stem = lru_cache(REMEMBERED)(stem)
        self._exact: dict[str, set[str]] = {}
        self._beginnings: dict[str, set[str]] = {}
        self._phrases: dict[str, list[Phrase]] = {}
        for row in rules.tables["isyarat"]:
            for written in row["kata"].lower().split(";"):
                self._add(tuple(written.split()), row["kelas"])
        self._longest = max(map(len, self._beginnings), default=0)
        self.kinds = tuple(dict.fromkeys(row["kelas"] for row in rules.tables["isyarat"]))
        self._of_word = lru_cache(REMEMBERED)(self._classes)

    def _add(self, words: tuple[str, ...], kind: str) -> None:
        if len(words) > 1:
            self._phrases.setdefault(words[0], []).append((words, kind))
        elif words and words[0].endswith("*"):
            self._beginnings.setdefault(words[0][:-1], set()).add(kind)
        elif words:
            self._exact.setdefault(words[0], set()).add(kind)

    def stem(self, word: Word) -> str:
        """The stem of a word; signs, numbers and emoji stand for themselves."""
        return self._stem(word.form) if word.kind in (WORD, TAG_WORD) else word.form

    def _classes(self, surface: str, form: str, stem: str) -> tuple[str, ...]:
        found: set[str] = set()
        for written in {surface, form, stem}:
            found |= self._exact.get(written, set())
        for written in {surface, form}:
            for length in range(2, min(len(written), self._longest) + 1):
                found |= self._beginnings.get(written[:length], set())
        mine = surface == f"{stem}ku" or (surface.startswith("ku") and not stem.startswith("ku"))
        if mine and len(surface) > 4 and stem != surface:  # kupasang, mobilku; but not kue, kursi, buku
            found.add(SELF)
        return tuple(sorted(found))

    def find(self, words: Sequence[Word], stems: Sequence[str]) -> list[Cue]:
        """All cues of a post in the order of their first words; of one class each word is at most once in the first."""
        found: list[Cue] = []
        for at, word in enumerate(words):
            kinds = self._of_word(word.surface, word.form, stems[at])
            found += [Cue(kind, at, at + 1) for kind in kinds]
            for start in {word.surface, stems[at]}:
                for phrase, kind in self._phrases.get(start, ()):
                    if kind not in kinds and self._stands(phrase, words, stems, at):
                        found.append(Cue(kind, at, at + len(phrase)))
        return found

    def _stands(self, phrase: tuple[str, ...], words: Sequence[Word], stems: Sequence[str], at: int) -> bool:
        if at + len(phrase) > len(words):
            return False
        return all(
            part in (words[at + i].surface, stems[at + i], words[at + i].form)
            or (part[-1] == "*" and words[at + i].surface.startswith(part[:-1]))
            for i, part in enumerate(phrase)
        )


class Prefilter:
    """Whether a post can speak of an act at all although it names no pair: cheap, and never wrong for a listed word."""

    def __init__(self, rules: Rules, kind: str = "OBJEK") -> None:
        lists = [row["kata"].lower().split(";") for row in rules.tables["isyarat"] if row["kelas"] == kind]
        words = [written.split()[0] for part in lists for written in part if written.strip()]
        self._beginnings = tuple(sorted({word.rstrip("*") for word in words}))
        self._known: dict[str, bool] = {}

    def may_speak(self, text: str) -> bool:
        """Whether any piece of the text holds the beginning of a listed word."""
        known = self._known
        for piece in text.split():
            found = known.get(piece)
            if found is None:
                if len(known) > 4 * REMEMBERED:
                    known.clear()
                found = known[piece] = self._holds(piece)
            if found:
                return True
        return False

    def _holds(self, piece: str) -> bool:
        return piece.lower().lstrip(OPENING).startswith(self._beginnings)


def cue_digest(rules: Rules) -> str:
    """SHA-256 of the tables that the features of an act model are made of; it is only valid with those it knew."""
    said = {name: [dict(row.cells) for row in rules.tables[name]] for name in CUE_TABLES}
    return hashlib.sha256(json.dumps(said, ensure_ascii=False, sort_keys=True).encode()).hexdigest()
