"""Whether words of faith, people, place and sex, addresses and offices move a score: none of them is a stance."""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from statistics import fmean
from typing import Any

from netral_nlp.features.reader import Reader, Reading
from netral_nlp.learning.rows import Example
from netral_nlp.model.model import Model
from netral_nlp.roster.context import ADDRESSES
from netral_nlp.roster.matcher import NAME
from netral_nlp.text.lexicon import identity_kinds, regional_words
from netral_nlp.text.words import Word

BOUND = 0.02  # of the probability of support: a group whose words move it further on average is no longer neutral
POSTS, WITH_WORDS = 100, 24  # posts drawn at random for addresses and offices; those of them for words at the end
WORDS = 30  # drawn at random from each group: words differ more than posts
TOLD = ("faith", "ethnic", "place", "gender")  # kinds of identity.tsv; a camp's nickname or sign may well be a stance
WOMAN_FOR_MAN = (("Pak", "Bu"), ("Mas", "Mbak"), ("Bang", "Kak"))
OFFICES = ("Presiden", "Gubernur", "Bupati", "Walikota", "Menteri", "Camat")
NO_OFFICE = "Pak"

# Things of a house, by the most letters that a word has for which they stand: nobody is for or against them.
FILLERS: Mapping[int, tuple[str, ...]] = {
    4: ("meja", "laci", "ubin", "tali"),
    7: ("gelas", "cangkir", "engsel", "sumpit"),
    99: ("penggaris", "timbangan", "termometer", "saputangan"),
}

Change = tuple[str, str, str, tuple[str, ...]]  # group, word, the post with it, the post with each neutral word


@dataclass(frozen=True, slots=True)
class Shift:
    """How far a group's words move the probability of support, in ``n`` posts with a word each.

    ``mean`` is over all words; ``furthest`` is the largest mean of one word, ``word``, and has a sign too.
    """

    group: str
    n: int
    mean: float
    furthest: float
    word: str

    @property
    def failed(self) -> bool:
        """Whether the group as a whole moves scores further than it may."""
        return abs(self.mean) > BOUND

    def document(self) -> dict[str, Any]:
        """As JSON."""
        return {"group": self.group, "n": self.n, "mean": self.mean, "furthest": self.furthest, "word": self.word,
                "bound": BOUND, "failed": self.failed}  # fmt: skip


def measure_identity(
    model: Model, examples: Sequence[Example], *, sample: int = POSTS, words: int = WORDS, seed: int = 0
) -> list[Shift]:
    """The shift of every group of words, addresses and offices, on at most ``sample`` posts drawn at random.

    A word at the end of a post is compared with neutral words of like length in its place, a woman's address before
    a name with a man's, an office with ``Pak``. A change after which other pairs are named says nothing and is left
    out.
    """
    rng = random.Random(seed)
    chosen = list(examples) if len(examples) <= sample else rng.sample(list(examples), sample)
    added = {group: rng.sample(known, min(words, len(known))) for group, known in sorted(_groups().items())}
    readers: dict[str, Reader] = {}
    moved: dict[str, dict[str, list[float]]] = {}
    for at, e in enumerate(chosen):
        reader = readers.setdefault(e.case.roster.digest, Reader(e.case.roster, model.stem))
        reading, pair = reader.read(e.case.text), reader.pair_index(e.case.pair)
        changes = [*_at_the_end(e.case.text, added if at < WITH_WORDS else {}), *_before_a_name(e.case.text, reading)]
        if not changes:
            continue
        texts = list(dict.fromkeys(text for _, _, told, neutral in changes for text in (told, *neutral)))
        readings = list(map(reader.read, texts))
        scores = model.probabilities([reader.view(one, pair) for one in readings])[:, 0].tolist()
        support = {
            text: score
            for text, score, one in zip(texts, scores, readings, strict=True)
            if one.pairs == reading.pairs and len(one.mentions) == len(reading.mentions)
        }
        for group, word, told, neutral in changes:
            plain = [support[text] for text in neutral if text in support]
            if plain and told in support:
                moved.setdefault(group, {}).setdefault(word, []).append(support[told] - fmean(plain))
    return [_shift(group, shifts) for group, shifts in moved.items()]


def _shift(group: str, shifts: Mapping[str, Sequence[float]]) -> Shift:
    means = {word: fmean(one) for word, one in shifts.items()}
    word = max(means, key=lambda word: abs(means[word]))
    every = [shift for one in shifts.values() for shift in one]
    return Shift(group, len(every), fmean(every), means[word], word)


def _groups() -> dict[str, list[str]]:
    """The words of each group, in a fixed order."""
    found: dict[str, list[str]] = {}
    for word, kind in sorted(identity_kinds().items()):
        if kind in TOLD:
            found.setdefault(f"words of {kind}", []).append(word)
    for word, language in sorted(regional_words().items()):
        found.setdefault(f"words of {language}", []).append(word)
    return found


def _at_the_end(text: str, added: Mapping[str, Sequence[str]]) -> Iterator[Change]:
    for group, words in added.items():
        for word in words:
            fillers = next(fillers for most, fillers in FILLERS.items() if len(word) <= most)
            yield group, word, f"{text} {word}", tuple(f"{text} {filler}" for filler in fillers)


def _before_a_name(text: str, reading: Reading) -> Iterator[Change]:
    """Addresses and offices before the first name, in place of the address that stands there."""
    name = next((m.start for m in reading.mentions if m.kind == NAME and m.pair >= 0), None)
    if name is None:
        return
    words: Sequence[Word] = reading.words
    first = name - 1 if name and words[name - 1].surface in ADDRESSES else name
    before, after = text[: words[first].start], text[words[name].start :]

    def named(title: str) -> str:
        return f"{before}{title} {after}"

    for man, woman in WOMAN_FOR_MAN:
        yield "women addressed, not men", f"{woman} for {man}", named(woman), (named(man),)
    for office in OFFICES:
        yield "offices", office, named(office), (named(NO_OFFICE),)
