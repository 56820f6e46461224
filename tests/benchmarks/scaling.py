"""What the time of ``netral score`` depends on: the pairs of the roster, the distinct words, the workers."""

from __future__ import annotations

import csv
import re
from collections.abc import Callable
from pathlib import Path

from made_posts import NOISE, write_posts
from ways import Result

from netral_nlp.roster import load_roster

PAIRS = (2, 3, 5, 10)
NOISES = (0.0, NOISE, 0.4)  # share of words that are changed
POOLS = (1, 2)
RUNS = 3  # of which the fastest counts: other work on the machine only adds
USUAL = 3  # pairs, where something else varies
# No name is a word of the language, nor one letter away from another.
PEOPLE = (
    ("Arkhan", "Zulfikar"), ("Brahmantyo", "Yuliarti"), ("Chandrika", "Wicaksono"), ("Darmawijaya", "Vionita"),
    ("Fathurrahman", "Ulfiana"), ("Gunadharma", "Tristanto"), ("Herlambang", "Sulistyani"), ("Indrajaya", "Rosmalina"),
    ("Kusumadewa", "Qomariah"), ("Mandagie", "Pangestuti"),
)  # fmt: skip


def show_scaling(size: int, folder: Path, seed: int, run: Callable[[str, Path, Path, int, Path], Result]) -> None:
    """Three small tables, one for each thing; all else is as usual."""

    def scored(pairs: int, noise: float, workers: int = 1, by: str = "cpu") -> tuple[Path, Result]:
        roster = folder / f"{pairs}-pairs.toml"
        roster.write_text(made_roster(pairs), encoding="utf-8")
        posts = folder / f"posts-{size}-{seed}-{pairs}-{noise}.csv"
        if not posts.exists():
            write_posts(posts, size, seed, load_roster(roster), noise)
        runs = [run("netral", posts, folder, workers, roster) for _ in range(RUNS)]
        return posts, min(runs, key=lambda found: float(found[by]))

    print(f"{size:,} posts\n\n{'pairs':>15}{'CPU µs/post':>14}{'× fewest':>10}{'stages, µs/post':>18}")
    least = 0.0
    for pairs in PAIRS:
        found = scored(pairs, NOISE)[1]
        cost = found["cpu"] / size * 1e6
        least = least or cost
        stages = ", ".join(f"{name} {share * cost:.1f}" for name, share in found["stages"].items())
        print(f"{pairs:>15}{cost:>14.1f}{cost / least:>10.2f}   {stages}", flush=True)
    print(f"\n{'distinct words':>15}{'CPU µs/post':>14}{'× fewest':>10}{'words changed':>16}")
    least = 0.0
    for noise in NOISES:
        posts, found = scored(USUAL, noise)
        cost = found["cpu"] / size * 1e6
        least = least or cost
        print(f"{distinct_words(posts):>15,}{cost:>14.1f}{cost / least:>10.2f}{noise:>16.1%}", flush=True)
    print(f"\n{'workers':>15}{'wall s':>14}{'× one':>10}{'CPU µs/post':>14}")
    one = 0.0
    for workers in POOLS:
        found = scored(USUAL, NOISE, workers, "wall")[1]
        one = one or found["wall"]
        print(f"{workers:>15}{found['wall']:>14.2f}{found['wall'] / one:>10.2f}{found['cpu'] / size * 1e6:>14.1f}")


def made_roster(pairs: int) -> str:
    """A city's roster with that many pairs, each called by as many names, tags and handles."""
    tables = ['[election]\nid = "kota-rekaan"\nname = "Kota Rekaan"\noffice = "mayor"\n']
    for number, (first, second) in enumerate(PEOPLE[:pairs], 1):
        tables.append(
            f'[[pair]]\nid = "{first}-{second}"\nnumber = {number}\ncandidate = "{first}"\nrunning_mate = "{second}"\n'
            f'aliases = ["Pak {first}", "Bu {second}", "{first}"]\nhashtags = ["#{first}{second}", "#Pilih{first}"]\n'
            f'handles = ["@{first.lower()}_resmi"]\n'
        )
    return "\n".join(tables)


def distinct_words(posts: Path) -> int:
    """Runs of letters and digits in the posts, capitals made small, each counted once."""
    found: set[str] = set()
    with posts.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            found.update(re.findall(r"[a-z0-9]+", row["teks"].lower()))
    return len(found)
