"""Our stemmer beside PySastrawi and the Snowball stemmers, in one run: ``python tests/benchmarks/bench_stemming.py``.

Microseconds of CPU a word, best of several rounds over words that no cache has seen, then ratios.
``--sweep 200000`` compares that many words with PySastrawi, letter by letter, and counts the differences.
"""

from __future__ import annotations

import argparse
import csv
import random
import re
import subprocess
import sys
import time
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ProcessPoolExecutor
from importlib.util import find_spec
from pathlib import Path

import numpy

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "src"))

from netral_nlp.resources import data_dir
from netral_nlp.text.confix import confix_stemmer
from netral_nlp.text.lexicon import dictionary
from netral_nlp.text.stemming import sastrawi_stem, stemmer

LETTERS = "abcdefghijklmnopqrstuvwxyz"
PREFIXES = ["di", "ke", "se", "ku", "ber", "ter", "me", "mem", "men", "meng", "meny", "pe", "pem", "pen", "peng"]
PREFIXES += ["peny", "per", "memper", "diper", "keber"]
SUFFIXES = ["", "", "i", "an", "kan", "nya", "ku", "lah", "kannya", "annya", "inya", "isasi", "-nya"]
Stem = Callable[[str], str]


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--words", type=int, default=4000, help="words of each kind given to PySastrawi")
    options.add_argument("--corpus", type=Path, nargs="*", help="CSV files with a column text")
    options.add_argument("--sweep", type=int, default=0, metavar="N", help="compare N words with PySastrawi")
    options.add_argument("--seed", type=int, default=1)
    chosen = options.parse_args()
    chance = random.Random(chosen.seed)
    corpus = corpus_words(chosen.corpus or sorted(data_dir().glob("corpus/*.csv")))
    if not corpus:
        sys.exit("No corpus found; name CSV files with --corpus.")
    print(f"Python {sys.version.split()[0]}, numpy {numpy.__version__}, re._MAXCACHE {getattr(re, '_MAXCACHE', '?')}")
    print(f"{len(corpus):,} distinct corpus words, {len(dictionary()):,} roots\n")
    show_speed(corpus, chosen.words, chance)
    show_start()
    show_pathological()
    if chosen.sweep:
        show_sweep(corpus, chosen.sweep, chance)


# --- words


def corpus_words(paths: Iterable[Path]) -> list[str]:
    found: set[str] = set()
    for path in paths:
        with path.open(encoding="utf-8", newline="") as file:
            for row in csv.DictReader(file):
                found.update(re.findall(r"[a-z0-9]+(?:-[a-z0-9]+)*", row["text"].lower()))
    return sorted(found)


def misspell(word: str, chance: random.Random) -> str:
    """``word`` with one letter dropped, added, changed, stretched or swapped."""
    at, how = chance.randrange(len(word)), chance.randrange(5)
    if how == 0:
        return word[:at] + word[at + 1 :]
    if how == 1:
        return word[:at] + chance.choice(LETTERS) + word[at:]
    if how == 2:
        return word[:at] + chance.choice(LETTERS) + word[at + 1 :]
    if how == 3:
        return word[:at] + word[at] * chance.randint(2, 4) + word[at:]
    return word[:at] + word[at : at + 2][::-1] + word[at + 2 :]


def unseen_tail(corpus: Sequence[str], count: int, chance: random.Random) -> list[str]:
    """Words of the corpus with typos, none of them in the corpus or the dictionary."""
    known, tail = dictionary().union(corpus), set[str]()
    while len(tail) < count:
        word = misspell(chance.choice(corpus), chance)
        if len(word) > 3 and word not in known:
            tail.add(word)
    return chance.sample(sorted(tail), count)


def affixed_words(count: int, chance: random.Random) -> list[str]:
    """Distinct dictionary roots under one or two prefixes and a suffix."""
    roots, made = sorted(dictionary()), set[str]()
    while len(made) < count:
        root = chance.choice(roots)
        heads = "".join(chance.sample(PREFIXES, chance.randint(0, 2)))
        made.add(heads + root[chance.randint(0, 1) if heads else 0 :] + chance.choice(SUFFIXES))
    return chance.sample(sorted(made), count)


# --- measures


def microseconds(call: Stem, words: Sequence[str], rounds: int) -> float:
    best = float("inf")
    for _ in range(rounds):
        start = time.process_time()
        for word in words:
            call(word)
        best = min(best, time.process_time() - start)
    return best / len(words) * 1e6


def oracle() -> Stem:
    from Sastrawi.Stemmer.StemmerFactory import StemmerFactory

    return StemmerFactory().create_stemmer().delegatedStemmer.stem  # type: ignore[no-any-return]


def snowballs() -> dict[str, Stem]:
    """The Snowball stemmers that are installed, without their caches: they know endings, but no dictionary."""
    found: dict[str, Stem] = {}
    if find_spec("snowballstemmer"):
        from snowballstemmer.indonesian_stemmer import IndonesianStemmer

        found["snowballstemmer (Python)"] = IndonesianStemmer().stemWord
    if find_spec("Stemmer"):
        import Stemmer

        found["PyStemmer (C)"] = Stemmer.Stemmer("indonesian", 0).stemWord
    return found


def show_speed(corpus: Sequence[str], count: int, chance: random.Random) -> None:
    from Sastrawi.Stemmer.StemmerFactory import StemmerFactory

    kinds = {
        "affixed roots": affixed_words(count, chance),
        "corpus words": chance.sample(corpus, min(count, len(corpus))),
        "unseen tail": unseen_tail(corpus, count, chance),
    }
    product = stemmer("fast")
    product("dukung")
    sastrawi_stem("dukung")
    print(f"{'new words, µs of CPU a word':<28}" + "".join(f"{kind:>16}" for kind in kinds))
    slow = {kind: microseconds(oracle(), words, 2) for kind, words in kinds.items()}
    rows = {"PySastrawi": slow}
    ours = {"sastrawi_stem (same output)": sastrawi_stem, "stem (protected, spoken)": product}
    for name, call in (ours | snowballs()).items():
        rows[name] = {kind: microseconds(call, words, 5) for kind, words in kinds.items()}
    for name, row in rows.items():
        print(f"{name:<28}" + "".join(f"{row[kind]:>16.2f}" for kind in kinds))
    for name in list(rows)[1:]:
        ratios = "".join(f"{slow[kind] / rows[name][kind]:>15.0f}×" for kind in kinds)
        print(f"{'PySastrawi / ' + name.split(' (')[0]:<28}{ratios}")
    reference = oracle()
    differences = sum(sastrawi_stem(word) != reference(word) for words in kinds.values() for word in words)
    print(f"differences from PySastrawi in {sum(map(len, kinds.values())):,} words: {differences}\n")

    cached = StemmerFactory().create_stemmer().stem
    seen = kinds["corpus words"]
    for word in seen:
        cached(word)
    memory = {word: product(word) for word in seen}
    known, theirs = microseconds(memory.__getitem__, seen, 5), microseconds(cached, seen, 5)
    print("seen words, µs of CPU a word")
    print(f"{'PySastrawi, its own cache':<28}{theirs:>16.2f}")
    print(f"{'a dict of stems':<28}{known:>16.2f}   {theirs / known:.0f}×\n")


def show_start() -> None:
    start = time.perf_counter()
    dictionary.__wrapped__()
    loaded = time.perf_counter()
    confix_stemmer(dictionary())
    ready = time.perf_counter()
    code = "import time, re; s = time.process_time(); import netral_nlp.text.stemming; print(time.process_time() - s)"
    source = str(Path(__file__).resolve().parents[2] / "src")
    command = [sys.executable, "-c", code]
    done = subprocess.run(command, capture_output=True, text=True, check=True, env={"PYTHONPATH": source})
    print("start, ms")
    print(f"{'import of the module':<28}{float(done.stdout) * 1e3:>16.1f}")
    print(f"{'dictionary':<28}{(loaded - start) * 1e3:>16.1f}")
    print(f"{'rules':<28}{(ready - loaded) * 1e3:>16.1f}\n")


def show_pathological() -> None:
    print(f"{'pathological words, ms':<28}{'stem':>16}{'sastrawi_stem':>16}")
    for name, word in {
        "10,000 hyphens": "-" * 10_000,
        "1 MB of memperber": "memperber" * 111_112,
        "1 MB of -nya": "-nya" * 250_000,
    }.items():
        times = [microseconds(call, [word], 3) / 1e3 for call in (stemmer("fast"), sastrawi_stem)]
        print(f"{name:<28}" + "".join(f"{spent:>16.3f}" for spent in times))


# --- the sweep


def differing(words: Sequence[str]) -> list[str]:
    reference = oracle()
    return [word for word in words if sastrawi_stem(word) != reference(word)]


def show_sweep(corpus: Sequence[str], count: int, chance: random.Random) -> None:
    words = set(dictionary()) | set(corpus)
    rest = max(0, count - len(words))
    words.update(affixed_words(rest * 6 // 10, chance))
    words.update(unseen_tail(corpus, rest * 3 // 10, chance))
    halves = affixed_words(rest, chance)
    while len(words) < count:
        words.add(repeat(chance.choice(halves), chance))
    sample = chance.sample(sorted(words), count)
    start = time.perf_counter()
    with ProcessPoolExecutor(2) as pool:
        found = [word for part in pool.map(differing, [sample[at::64] for at in range(64)]) for word in part]
    print(f"\nsweep: {len(sample):,} words, {len(found)} differences, {time.perf_counter() - start:.0f} s")
    if found:
        sys.exit(f"They differ: {' '.join(found[:20])}")


def repeat(word: str, chance: random.Random) -> str:
    half = word[chance.randint(0, min(3, len(word) - 1)) :]
    return f"{word}-{half}{chance.choice(SUFFIXES)}"


if __name__ == "__main__":
    main()
