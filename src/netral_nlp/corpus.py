"""Labelled posts as the trainer and the evaluator read them: checked against the rosters, line by line."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path

from netral_nlp.errors import InputError
from netral_nlp.records import LABELS, Case
from netral_nlp.roster import Roster
from netral_nlp.tables import read_records

REQUIRED = ("election", "pair", "label", "text")
SUFFIXES = (".csv", ".tsv", ".xlsx", ".parquet", ".jsonl")
FAULTS_SHOWN = 8


@dataclass(frozen=True, slots=True)
class Example:
    """One labelled post; ``line`` is where it stands in ``file``, ``weight`` its share in fitting.

    ``source`` says where posts come from that resemble each other more than the elections do (a writing campaign, a
    data set); error rates are found on sources left out of the fit, too.
    """

    id: str
    case: Case
    label: str
    platform: str
    batch: str
    file: str
    line: int
    weight: float = 1.0
    source: str = ""

    @property
    def election(self) -> str:
        """The election's id."""
        return self.case.roster.election.id


@dataclass(frozen=True)
class Corpus:
    """Labelled posts in file order."""

    examples: tuple[Example, ...]

    def __len__(self) -> int:
        return len(self.examples)

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
        """SHA-256 over everything that fitting depends on: texts, pairs, labels, rosters, weights, in order."""
        sha = hashlib.sha256()
        for e in self.examples:
            parts = (e.case.text, e.case.pair, e.case.roster.digest, e.label, repr(e.weight), e.source)
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


def read_corpus(
    paths: Sequence[str | Path], rosters: Mapping[str, Roster], weights: Mapping[str, float] | None = None
) -> Corpus:
    """All labelled posts of the files, with their rosters.

    ``weights`` gives a weight by batch name (default 1). Raises InputError naming the lines of every unknown
    election, pair or label; a file with any is refused whole.
    """
    examples: list[Example] = []
    for file in corpus_files(paths):
        examples += _read_file(file, rosters)
    if not examples:
        raise InputError(f"There are no labelled posts in {', '.join(map(str, paths))}.")
    if weights:
        examples = [replace(e, weight=weights.get(e.batch, 1.0)) for e in examples]
    return Corpus(tuple(examples))


def _read_file(file: Path, rosters: Mapping[str, Roster]) -> list[Example]:
    faults: list[tuple[int, str]] = []
    examples: list[Example] = []
    for record in read_records(file, required=REQUIRED):
        election, pair, label = record["election"].strip(), record["pair"].strip(), record["label"].strip()
        roster = rosters.get(election)
        problems = []
        if roster is None:
            problems.append(f'unknown election "{election[:60]}"')
        elif pair not in roster.ids:
            problems.append(f'unknown pair "{pair[:60]}"')
        if label not in LABELS:
            problems.append(f'unknown label "{label[:60]}"')
        if not record["text"].strip():
            problems.append("empty text")
        faults += [(record.line, problem) for problem in problems]
        if roster is not None and not problems:
            case = Case(record["text"], pair, roster)
            name, line = record.get("id") or f"{file.stem}:{record.line}", record.line
            batch = record.get("batch") or file.stem
            source = record.get("source").strip()
            example = Example(name, case, label, record.get("platform"), batch, str(file), line, source=source)
            examples.append(example)
    if faults:
        shown = "; ".join(f"line {line}: {problem}" for line, problem in faults[:FAULTS_SHOWN])
        more = f"; and {len(faults) - FAULTS_SHOWN:,} more" if len(faults) > FAULTS_SHOWN else ""
        advice = f"Labels are {', '.join(LABELS)}; elections and pairs come from the rosters given."
        raise InputError(f"{file} was not used: {shown}{more}. {advice}", path=str(file), line=faults[0][0])
    return examples
