"""Labelled posts as the trainer and the evaluator read them: checked against the rosters, line by line."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from netral_nlp.errors import InputError
from netral_nlp.learning.rows import NOTHING_GIVEN, Example, Given, example_of, find_labelled, refuse
from netral_nlp.records import Case
from netral_nlp.roster import Roster
from netral_nlp.tables import open_table, strict_rows

SAMPLE = 200  # rows that tell which column holds the posts
SUFFIXES = (".csv", ".tsv", ".xlsx", ".parquet", ".jsonl", ".json")


@dataclass(frozen=True)
class Corpus:
    """Labelled posts in file order."""

    examples: tuple[Example, ...]

    def __len__(self) -> int:
        return len(self.examples)

    def __repr__(self) -> str:
        return f"Corpus({len(self):,} posts of {len(set(self.elections))} elections)"

    @property
    def cases(self) -> list[Case]:
        """The questions, in order."""
        return [e.case for e in self.examples]

    @property
    def labels(self) -> list[str]:
        """The answers, in order."""
        return [e.label for e in self.examples]

    @property
    def elections(self) -> list[str]:
        """Each post's election id, in order."""
        return [e.election for e in self.examples]

    @property
    def sources(self) -> list[str]:
        """Where each post comes from, in order."""
        return [e.source for e in self.examples]

    @cached_property
    def digest(self) -> str:
        """SHA-256 over everything that fitting depends on: texts, pairs, labels, rosters, in order."""
        sha = hashlib.sha256()
        for e in self.examples:
            # 1.0: every post has the weight 1; it stands here so that digests of earlier corpora stay what they were
            parts = (e.case.text, e.case.pair, e.case.roster.digest, e.label, "1.0", e.source)
            sha.update("\x1f".join(parts).encode("utf-8", "surrogatepass") + b"\x1e")
        return sha.hexdigest()

    def __add__(self, other: Corpus) -> Corpus:
        return Corpus(self.examples + other.examples)


def corpus_files(paths: Iterable[str | Path]) -> list[Path]:
    """The table files among paths; a folder stands for its own table files in name order."""
    files: list[Path] = []
    for path in map(Path, paths):
        if path.is_dir():
            found = sorted(p for p in path.iterdir() if p.suffix in SUFFIXES and not p.name.startswith("."))
            if not found:
                raise InputError(f"The folder {path} holds no corpus file ({', '.join(SUFFIXES)}).", path=str(path))
            files += found
        else:
            files.append(path)
    return files


def read_corpus(paths: Sequence[str | Path], rosters: Mapping[str, Roster], given: Given = NOTHING_GIVEN) -> Corpus:
    """All labelled posts of the files, with their rosters; ``given`` says what the files themselves do not.

    Raises InputError naming the lines of every unknown election, pair or label; a file with any is refused whole.
    """
    examples: list[Example] = []
    for file in corpus_files(paths):
        usable, faults = read_labelled(file, rosters, given)
        if faults:
            raise refuse(str(file), faults)
        examples += usable
    if not examples:
        raise InputError(f"There are no labelled posts in {', '.join(map(str, paths))}.")
    return Corpus(tuple(examples))


def read_labelled(
    file: Path, rosters: Mapping[str, Roster], given: Given = NOTHING_GIVEN
) -> tuple[list[Example], list[tuple[int, str]]]:
    """The usable rows of a file, and the line of each other one with what is wrong with it."""
    with open_table(file) as table:
        rows = strict_rows(table, file)
        places = find_labelled(table.columns, given, str(file), [row.cells for row in rows[:SAMPLE]])
    examples: list[Example] = []
    faults: list[tuple[int, str]] = []
    for row in rows:
        cells = {key: row.cells[at] for key, at in places.items()}
        name = f"{file.stem}:{row.line}"
        found = example_of(cells, rosters, given, file=str(file), line=row.line, name=name, batch=file.stem)
        if isinstance(found, Example):
            examples.append(found)
        else:
            faults += [(row.line, problem) for problem in found]
    return examples, faults


def corpus_of(
    columns: Mapping[str, Sequence[str]], rosters: Mapping[str, Roster], given: Given = NOTHING_GIVEN
) -> Corpus:
    """The labelled posts in columns of text, checked as files are; ``line`` of each is its row, counted from 1.

    Raises InputError naming the first faulty rows.
    """
    sample = [cells for cells, _ in zip(zip(*columns.values(), strict=True), range(SAMPLE), strict=False)]
    places = find_labelled(list(columns), given, "The frame", sample)
    chosen = {key: list(columns.values())[at] for key, at in places.items()}
    examples: list[Example] = []
    faults: list[tuple[int, str]] = []
    for row, cells in enumerate(zip(*chosen.values(), strict=True), 1):
        found = example_of(dict(zip(chosen, cells, strict=True)), rosters, given, line=row, name=f"row {row}")
        if isinstance(found, Example):
            examples.append(found)
        else:
            faults += [(row, problem) for problem in found]
    if faults:
        raise refuse("The frame", faults, "row")
    if not examples:
        raise InputError("There are no labelled posts in the frame.")
    return Corpus(tuple(examples))
