"""What is doubtful about labelled posts: rows that training refuses, conflicts, duplicates, leaks, likely errors."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, Literal

from netral_nlp.errors import InputError
from netral_nlp.evaluation.agreement import Agreement, agreement
from netral_nlp.learning.corpus import Corpus, corpus_files, read_labelled
from netral_nlp.learning.duplicates import similar_pairs
from netral_nlp.learning.rows import NOTHING_GIVEN, Example, Given, group_faults, label_of, places_of
from netral_nlp.records import LABELS
from netral_nlp.roster import Roster
from netral_nlp.tables import read_records
from netral_nlp.text.personal import personal_data

SCHEMA = 1
Severity = Literal["error", "warning", "note"]
SEVERITIES: tuple[Severity, ...] = ("error", "warning", "note")
REFUSED, CONFLICT, LEAK, DUPLICATE, TWIN, PERSONAL, REPEATED_ID, LOPSIDED, SECOND, SUSPECT = (
    "refused", "conflict", "leak", "duplicate", "twin", "personal data", "repeated id", "balance", "second label",
    "likely error",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class CorpusFinding:
    """Something about a line of a file; ``other`` is the file and line that it concerns, too."""

    severity: Severity
    kind: str
    file: str
    line: int
    message: str
    other: tuple[str, int] | None = None


@dataclass(frozen=True, slots=True)
class Quality:
    """All findings, the counts of labels, and the agreement of two label columns where there are two.

    ``balance`` has one entry for every election, platform and batch: the number of posts of each label.
    """

    posts: int
    findings: tuple[CorpusFinding, ...]
    balance: Mapping[tuple[str, str, str], Mapping[str, int]]
    agreement: Agreement | None = None

    @property
    def refused(self) -> bool:
        """Whether training would refuse a file."""
        return any(f.kind == REFUSED for f in self.findings)

    @property
    def failed(self) -> bool:
        """Whether a finding is an error."""
        return any(f.severity == "error" for f in self.findings)

    def totals(self, axis: int | None = None) -> dict[str, dict[str, int]]:
        """Posts of each label by election (0), platform (1) or batch (2); by nothing (None)."""
        sums: dict[str, dict[str, int]] = {}
        for key, counts in sorted(self.balance.items()):
            row = sums.setdefault("all" if axis is None else key[axis], dict.fromkeys(LABELS, 0))
            for label, n in counts.items():
                row[label] += n
        return dict(sorted(sums.items()))

    def document(self) -> dict[str, Any]:
        """As JSON."""
        cells = [
            {"election": e, "platform": p, "batch": b, **counts} for (e, p, b), counts in sorted(self.balance.items())
        ]
        axes = {name: self.totals(i) for i, name in enumerate(("by_election", "by_platform", "by_batch"))}
        return {
            "schema": SCHEMA,
            "n": self.posts,
            "counts": dict(Counter(f.kind for f in self.findings)),
            "findings": [asdict(f) for f in self.findings],
            "balance": {"labels": self.totals().get("all", {}), **axes, "cells": cells},
            "agreement": self.agreement.document() if self.agreement else None,
        }


@dataclass(slots=True)
class _Rows:
    """The usable rows of the files, and what was wrong with the others."""

    examples: list[Example] = field(default_factory=list)
    seconds: list[str] = field(default_factory=list)
    findings: list[CorpusFinding] = field(default_factory=list)


def check_corpus(
    paths: Sequence[str | Path],
    rosters: Mapping[str, Roster],
    *,
    against: Sequence[str | Path] = (),
    second_label: str | None = None,
    likely_errors: bool = False,
    given: Given = NOTHING_GIVEN,
) -> Quality:
    """Everything doubtful about labelled posts, the gravest first.

    Errors are rows that training refuses, posts that carry two labels toward one pair, and posts that (nearly) stand
    in ``against``, too. ``second_label`` names a column with another person's labels. ``likely_errors`` takes a
    training run: labels that models of the other elections contradict with confidence. Raises InputError for a path
    or a second column that is not there.
    """
    rows = _Rows()
    files = corpus_files(paths)
    for file in files:
        _read(file, rosters, second_label, rows, given)
    examples = rows.examples
    found = [*rows.findings, *_duplicates(examples), *_texts(examples), *_balance(examples)]
    if against:
        found += _leaks(examples, corpus_files(against))
    both = [(e.label, second) for e, second in zip(examples, rows.seconds, strict=True) if second in LABELS]
    compared = agreement(*zip(*both, strict=True)) if both else None
    if second_label is not None and compared is None and not any(f.kind == REFUSED for f in found):
        raise InputError(f'No post has a usable label in the column "{second_label}".')
    if likely_errors and examples:
        found += _suspects(Corpus(tuple(examples)))
    counts: dict[tuple[str, str, str], dict[str, int]] = {}
    for e in examples:
        counts.setdefault((e.election, e.platform, e.batch), dict.fromkeys(LABELS, 0))[e.label] += 1
    order = sorted(range(len(found)), key=lambda i: (SEVERITIES.index(found[i].severity), i))
    return Quality(len(examples), tuple(found[i] for i in order), counts, compared)


def _read(file: Path, rosters: Mapping[str, Roster], second_label: str | None, rows: _Rows, given: Given) -> None:
    try:
        usable, faults = read_labelled(file, rosters, given)
        records = {record.line: record for record in read_records(file)} if second_label is not None else {}
    except InputError as error:
        rows.findings.append(CorpusFinding("error", REFUSED, str(file), error.line or 1, str(error)))
        return
    if second_label is not None and records:
        fields = next(iter(records.values())).fields
        if second_label not in fields:
            raise InputError(f'{file} has no column "{second_label}"; it has {", ".join(fields)}.')
    for problem, lines in group_faults(faults).items():  # one finding, however many lines have it
        more = f" (and {places_of(lines[1:])})" if len(lines) > 1 else ""
        rows.findings.append(CorpusFinding("error", REFUSED, str(file), lines[0], problem + more))
    for example in usable:
        written = records[example.line][second_label].strip() if second_label is not None else ""
        second = label_of(written, given) or ""
        if written and not second:
            what = f'unknown second label "{written[:60]}"; it was left out of the comparison'
            rows.findings.append(CorpusFinding("warning", SECOND, str(file), example.line, what))
        rows.examples.append(example)
        rows.seconds.append(second)


def _duplicates(examples: Sequence[Example]) -> Iterator[CorpusFinding]:
    """Posts that say (nearly) the same: two labels are a conflict, one is a waste."""
    told: set[tuple[int, str]] = set()  # a post with many copies is told of the first one of each kind
    for i, j, similarity in similar_pairs([e.case.text for e in examples]):
        first, second = examples[i], examples[j]
        where, other = (second.file, second.line), (first.file, first.line)
        same = "the same post as" if similarity == 1.0 else f"nearly ({similarity:.2f}) the same post as"
        at = f"{same} {first.file}:{first.line}"
        if first.election != second.election:
            what = f"{at}, of another election; a split by election must keep them together"
            finding = CorpusFinding("note", TWIN, *where, what, other)
        elif first.case.pair != second.case.pair:
            continue  # one post has a row for every pair that it speaks of
        elif first.label != second.label:
            what = f'{at} with another label: "{second.label}" here, "{first.label}" there; decide on one'
            finding = CorpusFinding("error", CONFLICT, *where, what, other)
        else:
            what = f"{at}, with the same pair and label; keep one"
            finding = CorpusFinding("warning", DUPLICATE, *where, what, other)
        if (j, finding.kind) not in told:
            told.add((j, finding.kind))
            yield finding


def _texts(examples: Sequence[Example]) -> Iterator[CorpusFinding]:
    """Ids that stand twice, and personal data."""
    ids: dict[str, Example] = {}
    for e in examples:
        for kind in dict.fromkeys(personal_data(e.case.text)):
            yield CorpusFinding("warning", PERSONAL, e.file, e.line, f"the text holds a {kind}; mask it before sharing")
        first = ids.setdefault(e.id, e) if e.id else e
        if first is not e:
            at = (first.file, first.line)
            yield CorpusFinding(
                "warning", REPEATED_ID, e.file, e.line, f'the id "{e.id}" is that of {at[0]}:{at[1]}', at
            )


def _balance(examples: Sequence[Example]) -> Iterator[CorpusFinding]:
    """Pairs that lack posts of a label: a model may learn that nobody supports, or opposes, them."""
    counts: dict[tuple[str, str], Counter[str]] = {}
    firsts: dict[str, Example] = {}
    for e in examples:
        counts.setdefault((e.election, e.case.pair), Counter())[e.label] += 1
        firsts.setdefault(e.election, e)
    for election, first in firsts.items():
        for pair in first.case.roster.ids:
            missing = [label for label in LABELS if not counts.get((election, pair), Counter())[label]]
            if missing:
                what = f'election {election}: the pair "{pair}" has no post labelled {", ".join(missing)}'
                yield CorpusFinding("note", LOPSIDED, first.file, first.line, what)


def _leaks(examples: Sequence[Example], files: Sequence[Path]) -> Iterator[CorpusFinding]:
    """Posts that stand in both groups of files: a model tested on them has seen the answers."""
    others = [(str(file), r.line, r["text"]) for file in files for r in read_records(file, required=("text",))]
    own = len(examples)
    texts = [e.case.text for e in examples] + [text for _, _, text in others]
    for i, j, similarity in similar_pairs(texts):
        if i < own <= j and texts[j].strip():
            file, line, _ = others[j - own]
            same = "the same post as" if similarity == 1.0 else f"nearly ({similarity:.2f}) the same post as"
            what = f"{same} {file}:{line}; leave it out of one of them"
            yield CorpusFinding("error", LEAK, examples[i].file, examples[i].line, what, (file, line))


def _suspects(corpus: Corpus) -> Iterator[CorpusFinding]:
    """Labels that models of the other elections contradict, the likeliest error first."""
    from netral_nlp.evaluation.mislabelled import likely_errors

    for found in likely_errors(corpus):
        e = found.example
        told = f'labelled "{e.label}" ({found.own:.2f}), but models of other elections say "{found.label}"'
        what = f"{told} ({found.score:.2f}): {' '.join(e.case.text.split())[:160]}"
        yield CorpusFinding("note", SUSPECT, e.file, e.line, what)
