"""Judgements of many posts as columns."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

from netral_nlp.scoring.engine.arrays import Floats
from netral_nlp.scoring.scorer import Cells
from netral_nlp.tables import Dialect
from netral_nlp.tables.dialect import format_rows


@dataclass(frozen=True, slots=True)
class Judgements:
    """Judgements of some posts as columns, in the order of the posts (and of first mention within one).

    ``post`` is the index of the post, ``scores`` has shape (n, 3), ``support`` (n, pairs), ``words`` is the evidence.
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
        silent: Cells | None = None  # posts that speak of no pair, often most, have the same cells
        for pair, label, values, words in zip(self.pair, self.label, numbers, self.words, strict=True):
            if pair == "" and silent is not None:
                yield silent
                continue
            found = (pair, label, *(map("%.6f".__mod__, values) if as_text else values), words)
            if pair == "":
                silent = found
            yield found

    def tails(self, dialect: Dialect) -> list[str]:
        """The same as it stands in a CSV file: the end of each judgement's line, without the line end.

        Posts that speak of no pair, often most, share one text.
        """
        named = [i for i, pair in enumerate(self.pair) if pair]
        silent = next((i for i, pair in enumerate(self.pair) if not pair), None)
        shown = named if silent is None else [*named, silent]
        pair, label, words = (
            dialect.show([column[i] for i in shown]) for column in (self.pair, self.label, self.words)
        )
        numbers = format_rows(
            np.concatenate([self.scores[shown], self.support[shown]], axis=1), dialect.delimiter, dialect.point
        )
        made = dialect.join([pair, label, numbers, words])
        if silent is None:
            return made
        tails = [made[-1]] * len(self.pair)
        for i, tail in zip(named, made, strict=False):  # the last one is the silent one's
            tails[i] = tail
        return tails
