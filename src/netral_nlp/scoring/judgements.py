"""Judgements of many posts as columns."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import repeat
from typing import Any

import numpy as np

from netral_nlp.arrays import Floats
from netral_nlp.scoring.scorer import NO_SCORES, Cells
from netral_nlp.tables import Dialect
from netral_nlp.tables.dialect import format_rows
from netral_nlp.tables.parts import Tails


@dataclass(frozen=True, slots=True)
class Lines:
    """Judgements as the ends of lines: the post and the label of each, how many are toward a pair, and the ends."""

    post: list[int]
    label: list[str]
    named: int
    tails: Tails


@dataclass(frozen=True, slots=True)
class Judgements:
    """Judgements of some posts as columns, in the order of the posts (and of first mention within one).

    ``post`` is the index of the post, ``scores`` has shape (n, 3), ``support`` (n, pairs), ``words`` is the evidence.
    Where a post speaks of no pair its ``scores`` are NaN: missing, in frames as in files.
    """

    post: list[int]
    pair: list[str]
    label: list[str]
    scores: Floats
    support: Floats
    words: list[str]

    def rows(self, *, as_text: bool = False) -> Iterator[Cells]:
        """The values of ``scoring.added_columns`` for each judgement; ``as_text`` with numbers as files show them."""
        numbers: list[list[Any]] = np.concatenate([self.scores, self.support], axis=1).tolist()
        silent: dict[str, Cells] = {}  # posts that speak of no pair, often most, have few different cells
        for pair, label, values, words in zip(self.pair, self.label, numbers, self.words, strict=True):
            if pair == "" and words in silent:
                yield silent[words]
                continue
            shown = map("%.6f".__mod__, values) if as_text else values
            if pair == "":
                shown = [*NO_SCORES, *list(shown)[len(NO_SCORES) :]]
                silent[words] = ("", label, *shown, words)
            yield (pair, label, *shown, words)

    def tails(self, dialect: Dialect) -> list[str]:
        """The same as it stands in a CSV file: the end of each judgement's line, without the line end.

        Posts that speak of no pair, often most, share one text for each thing that is said of them.
        """
        named = [i for i, pair in enumerate(self.pair) if pair]
        silent = {self.words[i]: i for i, pair in enumerate(self.pair) if not pair}
        shown = [*named, *silent.values()]
        pair, label, words = (
            dialect.show([column[i] for i in shown]) for column in (self.pair, self.label, self.words)
        )
        numbers = format_rows(
            np.concatenate([self.scores[named], self.support[named]], axis=1), dialect.delimiter, dialect.point
        )
        support = format_rows(self.support[list(silent.values())], dialect.delimiter, dialect.point)
        numbers += [dialect.delimiter.join([*NO_SCORES, said]) for said in support]
        made = dialect.join([pair, label, numbers, words])
        if not silent:
            return made
        unnamed = dict(zip(silent, made[len(named) :], strict=True))
        tails = list(map(unnamed.get, self.words, repeat("")))
        for i, tail in zip(named, made, strict=False):
            tails[i] = tail
        return tails
