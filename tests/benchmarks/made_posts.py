"""Posts for benchmarks: the corpus with the names of one election put in, and the noise that real posts have.

Words are misspelt, drawn out, given affixes, digits and capitals; accounts and links are new ones. The number of
distinct words then grows as it does in real posts: about 109,000 in 100,000 posts, 509,000 in a million.
"""

from __future__ import annotations

import csv
import random
from collections.abc import Iterator
from pathlib import Path

from netral_nlp.features.reader import Reader
from netral_nlp.resources import data_dir
from netral_nlp.roster import Pair, Roster, load_roster, load_rosters

ROSTER = data_dir() / "rosters" / "kota-samudra-2024.toml"
LETTERS = "abcdefghijklmnopqrstuvwxyz"
PREFIXES = ("di", "ke", "se", "ber", "ter", "me", "meng", "pe", "nge", "n", "per")
SUFFIXES = ("nya", "kan", "an", "i", "in", "lah", "ku", "mu", "nye", "2", "2nya")
NOISE = 0.148  # share of words that are changed
MORE = ("", "", "", "👍", "🔥🔥", "😂😂😂", "!!!", "...", "??")


def templates(roster: Roster) -> list[str]:
    """The corpus posts of all elections, their pairs' names replaced by ``{0}``, ``{1}`` and so on."""
    rosters = load_rosters(data_dir() / "rosters")
    readers = {id: Reader(r) for id, r in rosters.items()}
    found = []
    for path in sorted((data_dir() / "corpus").glob("*.csv")):
        with path.open(encoding="utf-8", newline="") as file:
            for row in csv.DictReader(file):
                reading = readers[row["election"]].read(row["text"])
                parts, at = [], 0
                for m in reading.mentions:
                    a, b = reading.words[m.start].start, max(w.end for w in reading.words[m.start : m.end])
                    if a < at:
                        continue
                    parts += [row["text"][at:a].replace("{", "(").replace("}", ")")]
                    parts.append("{" + str(max(m.pair, 0) % len(roster.pairs)) + "}")
                    at = b
                parts.append(row["text"][at:].replace("{", "(").replace("}", ")"))
                found.append("".join(parts))
    return found


def names(pair: Pair) -> list[str]:
    """What a pair is called, the usual names more often."""
    people = [name for name in (pair.candidate, pair.running_mate) if name]
    usual = [*pair.aliases] * 6
    numbers = [f"paslon {pair.number}", f"nomor {pair.number}"]
    return [*usual, *people, *people, *pair.hashtags, *pair.hashtags, *pair.handles, *numbers]


def change(word: str, chance: random.Random) -> str:
    """A word as somebody in a hurry writes it."""
    how = chance.random()
    at = chance.randrange(len(word))
    if how < 0.28:
        return word[:at] + word[at + 1 :] or word
    if how < 0.46:
        return word[:at] + chance.choice(LETTERS) + word[at + 1 :]
    if how < 0.56:
        return word[:at] + word[at : at + 2][::-1] + word[at + 2 :]
    if how < 0.68:
        return word[:at] + word[at] * chance.randint(2, 5) + word[at + 1 :]
    if how < 0.78:
        return chance.choice(PREFIXES) + word
    if how < 0.88:
        return word + chance.choice(SUFFIXES)
    if how < 0.92:
        return word.upper() if chance.random() < 0.5 else word.capitalize()
    if how < 0.96:
        return "@" + word.strip("@#.,!?")[:8] + str(int(chance.paretovariate(0.5)) % 100_000)
    return f"https://t.co/{''.join(chance.choices(LETTERS, k=3))}{chance.randrange(100)}"


def posts(
    count: int, seed: int = 1, roster: Roster | None = None, noise: float = NOISE, named: float | None = None
) -> Iterator[str]:
    """``count`` posts; ``named`` of them speak of a roster's pairs, by default as many as in the corpus of its own."""
    roster = roster or load_roster(ROSTER)
    chance = random.Random(seed)
    sources = templates(roster)
    if named is not None:
        speaking = [one for one in sources if "{" in one]
        others = [one for one in sources if "{" not in one]
    called = [names(pair) for pair in roster.pairs]
    for _ in range(count):
        turn = chance.randrange(len(called))
        spoken = [chance.choice(called[(i + turn) % len(called)]) for i in range(len(called))]
        if named is not None:
            sources = speaking if chance.random() < named else others
        text = chance.choice(sources).format(*spoken)
        words = text.split(" ")
        for _ in range(sum(chance.random() < noise for _ in words)):
            at = chance.randrange(len(words))
            if len(words[at]) > 1:
                words[at] = change(words[at], chance)
        yield " ".join([*words, chance.choice(MORE)]).strip()


def write_posts(
    path: Path,
    count: int,
    seed: int = 1,
    roster: Roster | None = None,
    noise: float = NOISE,
    named: float | None = None,
) -> None:
    """A CSV of ``count`` posts with the columns that exports have."""
    chance = random.Random(seed)
    with path.open("w", encoding="utf-8", newline="") as file:
        out = csv.writer(file)
        out.writerow(["id", "tanggal", "platform", "akun", "teks", "suka"])
        for number, text in enumerate(posts(count, seed, roster, noise, named), 1):
            day = f"2024-{chance.randint(9, 11):02}-{chance.randint(1, 30):02}"
            hour = f"{chance.randrange(24):02}:{chance.randrange(60):02}"
            out.writerow(
                [f"p{number:07}", f"{day} {hour}", "x", f"u***{chance.randrange(9999)}", text, chance.randrange(500)]
            )
