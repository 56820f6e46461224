"""Columns that another layer sets beside the scores, told post by post from the same judgements."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from netral_nlp.tables import Dialect

if TYPE_CHECKING:
    from netral_nlp.scoring.judgements import Judgements
    from netral_nlp.scoring.reading import ReadPosts


@dataclass(frozen=True, slots=True)
class Context:
    """What a row says beside its text, as its cells are; empty where there is no such column."""

    time: str = ""
    action: str = ""
    account_type: str = ""


class Beside(Protocol):
    """Makes the cells of some columns. One thread at a time reads posts by it."""

    @property
    def columns(self) -> tuple[str, ...]:
        """Their names, in order."""
        ...

    @property
    def digest(self) -> str:
        """What the cells depend on beside model and roster; a run is continued only with the same."""
        ...

    def cells(
        self,
        texts: Sequence[str],
        contexts: Sequence[Context],
        abouts: Sequence[str | None] | None,
        found: Judgements,
        read: Sequence[ReadPosts],
    ) -> list[tuple[str, ...]]:
        """For each judgement its cells; ``read`` are all posts as the engine has read them."""
        ...


def lengthened(tails: Sequence[str], more: Sequence[tuple[str, ...]], dialect: Dialect) -> list[str]:
    """The ends of lines with further cells; rows that share their cells, often most, are shown once."""
    distinct = list(dict.fromkeys(more))
    shown = dialect.join([dialect.show(column) for column in zip(*distinct, strict=True)]) if distinct else []
    line_of = dict(zip(distinct, shown, strict=True))
    return [f"{tail}{dialect.delimiter}{line_of[cells]}" for tail, cells in zip(tails, more, strict=True)]
