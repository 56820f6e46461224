"""How time grows with the length of a post: ``python tests/benchmarks/bench_lengths.py``.

Tests count lines and calls; this measures what happens inside regular expressions. Each unit is repeated to two
lengths, one four times the other. Time in proportion to the length gives 4, its square 16; more than 10 ends the
command with exit code 1.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable

from netral_nlp.features.reader import Reader
from netral_nlp.resources import data_dir
from netral_nlp.roster import load_rosters
from netral_nlp.text.cleaning import clean, join_spaced, mask_links
from netral_nlp.text.stemming import sastrawi_stem
from netral_nlp.text.words import analyse

UNITS = (
    "a", "-", "@", "#a", "a.", "a-", "1.", "(1", "1 ", "+1 ", "1- ", "a b ", "abc.", "&", "&amp;", "www.", "http://a",
    "0812 ", "02 ", "wkk'", "✌️", "e\u0301", "\u0301", "\u200b", "kata ", "Pak Guntur ", "#PilihDua ", "memperber",
)  # fmt: skip
SHORT, LONG = 15_000, 60_000  # characters
RUNS = 5  # of which the fastest counts: other work on the machine only adds
MOST = 10.0
FAINT = 0.002  # seconds; less says nothing about growth


def main() -> None:
    reader = Reader(load_rosters(data_dir() / "rosters")["pilpres-fiksi"])
    calls: tuple[Callable[[str], object], ...] = (clean, mask_links, join_spaced, analyse, reader.read, sastrawi_stem)
    print(f"times as long for {LONG // SHORT} times the length; . is less than {FAINT * 1e3:.0f} ms")
    print(f"{'unit':<16}" + "".join(f"{call.__name__:>15}" for call in calls))
    steep = False
    for unit in UNITS:
        growth = [growth_of(call, unit) for call in calls]
        print(f"{unit!a:<16}" + "".join(f"{'.' if ratio is None else f'{ratio:.1f}':>15}" for ratio in growth))
        steep |= any(ratio is not None and ratio > MOST for ratio in growth)
    if steep:
        sys.exit(f"more than {MOST:g} times as long")


def growth_of(call: Callable[[str], object], unit: str) -> float | None:
    """How many times as long the long text takes; None where it takes next to nothing."""
    long = seconds(call, unit * (LONG // len(unit)))
    return long / seconds(call, unit * (SHORT // len(unit))) if long >= FAINT else None


def seconds(call: Callable[[str], object], text: str) -> float:
    spent = []
    for _ in range(RUNS):
        start = time.process_time()
        call(text)
        spent.append(time.process_time() - start)
    return min(spent)


if __name__ == "__main__":
    main()
