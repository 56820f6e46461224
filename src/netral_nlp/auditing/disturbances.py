"""Changes that should not matter: a link, a handle, capitals, drawn-out letters, other ballot numbers."""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from netral_nlp.features.reader import Reader, Reading
from netral_nlp.learning.rows import Example
from netral_nlp.model.model import Model
from netral_nlp.roster import Pair, Roster
from netral_nlp.roster.elections import digest_of
from netral_nlp.roster.matcher import NUMERAL
from netral_nlp.text.words import TAG_WORD, WORD

SAMPLE = 2_000
LINK, HANDLE = "https://t.co/Uji0Coba1", "@akun_uji_coba"

_MASKED = re.compile(r"(?:https?://|www\.)\S+|[@#]\w+")  # capitals mean something there

Change = Callable[[str, Reading, random.Random], str]


@dataclass(frozen=True, slots=True)
class Disturbance:
    """What one change does: posts it applied to, how many got another most probable label, how far scores moved.

    ``moved`` is the mean and ``furthest`` the largest change of a post's probabilities (total variation).
    """

    name: str
    n: int
    flipped: int
    moved: float
    furthest: float

    def document(self) -> dict[str, Any]:
        """As JSON."""
        rate = self.flipped / self.n if self.n else 0.0
        return {"change": self.name, "n": self.n, "flipped": self.flipped, "flip_rate": rate,
                "moved": {"mean": self.moved, "largest": self.furthest}}  # fmt: skip


def measure_disturbances(
    model: Model, examples: Sequence[Example], *, sample: int = SAMPLE, seed: int = 0
) -> list[Disturbance]:
    """Flip rates of every change, on at most ``sample`` posts drawn at random."""
    rng = random.Random(seed)
    chosen = list(examples) if len(examples) <= sample else rng.sample(list(examples), sample)
    readers = {e.case.roster.digest: Reader(e.case.roster, model.stem) for e in chosen}
    renumbered = {digest: Reader(renumber(r.roster), model.stem) for digest, r in readers.items()}
    found = []
    for name, change in CHANGES:
        before, after = [], []
        for e in chosen:
            reader = readers[e.case.roster.digest]
            reading = reader.read(e.case.text)
            pair = reader.pair_index(e.case.pair)
            text = change(e.case.text, reading, rng)
            other = reader
            if change is _same:
                other = renumbered[e.case.roster.digest]
                text = rewrite_numbers(e.case.text, reading, reader.roster, other.roster)
            if text != e.case.text:
                before.append(reader.view(reading, pair))
                after.append(other.view(other.read(text), pair))
        found.append(_compare(name, model.probabilities(before), model.probabilities(after)))
    return found


def _compare(name: str, before: np.ndarray[Any, Any], after: np.ndarray[Any, Any]) -> Disturbance:
    if not len(before):
        return Disturbance(name, 0, 0, 0.0, 0.0)
    distance = np.abs(after - before).sum(axis=1) / 2
    flipped = int((after.argmax(axis=1) != before.argmax(axis=1)).sum())
    return Disturbance(name, len(before), flipped, float(distance.mean()), float(distance.max()))


def renumber(roster: Roster) -> Roster:
    """The same election with the ballot numbers passed on by one: 1, 2, 3 become 2, 3, 1."""
    numbers = [p.number for p in roster.pairs if p.number is not None]
    following = dict(zip(numbers, numbers[1:] + numbers[:1], strict=True))

    def other(pair: Pair) -> Pair:
        return replace(pair, number=None if pair.number is None else following[pair.number])

    pairs = tuple(map(other, roster.pairs))
    return replace(roster, pairs=pairs, digest=digest_of(roster.election, pairs))


def rewrite_numbers(text: str, reading: Reading, old: Roster, new: Roster) -> str:
    """The post with each mentioned ballot number as the new roster has it.

    Posts with a number inside a hashtag stay as they are: the hashtags of a roster keep their numbers.
    """
    numerals = [m for m in reading.mentions if m.kind == NUMERAL and m.pair >= 0]
    if any(w.kind == TAG_WORD and w.surface.isdigit() for w in reading.words):
        return text
    parts, at = [], 0
    for mention in numerals:
        word = reading.words[mention.start]
        number = new.pairs[mention.pair].number
        written = text[word.start : word.end]
        if number is None or word.start < at:
            return text
        digits = f"{number:0{len(written)}d}" if written.startswith("0") and written.isdigit() else str(number)
        parts += [text[at : word.start], digits]
        at = word.end
    return "".join([*parts, text[at:]])


def _same(text: str, reading: Reading, rng: random.Random) -> str:
    return text


def _outside_masks(text: str, change: Callable[[str], str]) -> str:
    """A change to all of a text but its links, handles and hashtags."""
    parts, at = [], 0
    for match in _MASKED.finditer(text):
        parts += [change(text[at : match.start()]), match.group()]
        at = match.end()
    return "".join([*parts, change(text[at:])])


def _draw_out(text: str, reading: Reading, rng: random.Random) -> str:
    """One word that is no name, with its last vowel four times."""
    named = {i for m in reading.mentions for i in range(m.start, m.end)}
    words = [w for i, w in enumerate(reading.words) if i not in named and w.kind == WORD and w.end - w.start > 3]
    if not words:
        return text
    word = rng.choice(words)
    written = text[word.start : word.end]
    vowels = [i for i, letter in enumerate(written) if letter.lower() in "aiueo"]
    if not vowels or not written.isalpha():
        return text
    at = word.start + vowels[-1]
    return text[:at] + text[at] * 4 + text[at + 1 :]


CHANGES: tuple[tuple[str, Change], ...] = (
    ("a link at the end", lambda text, reading, rng: f"{text} {LINK}"),
    ("an unknown handle in front", lambda text, reading, rng: f"{HANDLE} {text}"),
    ("RT in front", lambda text, reading, rng: f"RT {HANDLE}: {text}"),
    ("all capitals", lambda text, reading, rng: _outside_masks(text, str.upper)),
    ("no capitals", lambda text, reading, rng: _outside_masks(text, str.lower)),
    ("a word drawn out", _draw_out),
    ("other ballot numbers", _same),
)
