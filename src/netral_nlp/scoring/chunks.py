"""A table's rows some thousand at a time: those that can be scored, and the others with the reason."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate

from netral_nlp.scoring.beside import Context
from netral_nlp.scoring.inputs import PairCells, Places, about_of, context_of, fault_of
from netral_nlp.scoring.judging import Content
from netral_nlp.tables import Rejected, Row, Table

CHUNK = 4_000  # rows that are read, scored and written together
CHUNK_CHARACTERS = 2_000_000


@dataclass(frozen=True, slots=True)
class Chunk:
    """Some records: which were read, which can be scored and which not."""

    records: int
    rows: list[Row]
    texts: list[str]
    abouts: list[str | None] | None
    rejected: list[Rejected]
    share: float | None
    contexts: list[Context] | None = None

    @property
    def content(self) -> Content:
        """What is scored."""
        return Content(self.texts, self.abouts, self.contexts)


def chunks_of(
    table: Table,
    places: Places,
    pairs: PairCells,
    skipped: int,
    pass_by: Callable[[Sequence[Row]], None],
    *,
    asked: bool = False,
) -> Iterator[Chunk]:
    """The records after the first ``skipped`` ones, some thousand at a time, fewer of long ones.

    ``pass_by`` is shown the usable rows among those that are skipped.
    """
    held: list[Row | Rejected] = []
    characters = 0
    for batch in table.batches():
        at = min(skipped, len(batch))
        skipped -= at
        if at:
            pass_by(sort_rows(batch[:at], places, pairs, None).rows)
        while at < len(batch):
            piece = batch[at : at + CHUNK - len(held)]
            lengths = [len(one.cells[places.text] if isinstance(one, Row) else one.raw) for one in piece]
            if characters + sum(lengths) >= CHUNK_CHARACTERS:
                reached = enumerate(accumulate(lengths, initial=characters))
                piece = piece[: next(records for records, so_far in reached if so_far >= CHUNK_CHARACTERS)]
            at += len(piece)
            held += piece
            characters += sum(lengths)
            if len(held) >= CHUNK or characters >= CHUNK_CHARACTERS:
                yield sort_rows(held, places, pairs, table.share_read, asked=asked)
                held, characters = [], 0
    if held:
        yield sort_rows(held, places, pairs, table.share_read, asked=asked)


def sort_rows(
    records: Sequence[Row | Rejected], places: Places, pairs: PairCells, share: float | None, *, asked: bool = False
) -> Chunk:
    """Records that can be scored, and the others; ``asked`` is whether anybody wants to know more of a row."""
    rows = [record for record in records if isinstance(record, Row)]
    texts = [row.cells[places.text] for row in rows]
    rejected: list[Rejected] = []
    if len(rows) < len(records) or places.pair is not None or not all(map(str.strip, texts)):
        rows = []
        for record in records:
            fault = record if isinstance(record, Rejected) else fault_of(record, places, pairs)
            if fault is not None:
                rejected.append(fault)
            elif isinstance(record, Row):
                rows.append(record)
        texts = [row.cells[places.text] for row in rows]
    abouts = [about_of(row, places, pairs) for row in rows] if places.pair is not None else None
    contexts = [context_of(row, places) for row in rows] if asked else None
    return Chunk(len(records), rows, texts, abouts, rejected, share, contexts)
