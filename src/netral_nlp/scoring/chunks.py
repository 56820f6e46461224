"""A table's rows some thousand at a time: those that can be scored, and the others with the reason."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate

from netral_nlp.scoring.beside import Context
from netral_nlp.scoring.inputs import PairCells, Places, contexts_of, fault_of
from netral_nlp.scoring.judging import Content
from netral_nlp.tables import Rejected, Row, Table
from netral_nlp.tables.parts import Part, Rows
from netral_nlp.tables.stretches import Stretch

CHUNK = 4_000  # rows that are read, scored and written together
CHUNK_CHARACTERS = 2_000_000


@dataclass(frozen=True, slots=True)
class Chunk:
    """Some records: which were read, which can be scored and which not."""

    records: int
    rows: Rows
    texts: Sequence[str]
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
    pass_by: Callable[[Rows], None],
    *,
    asked: bool = False,
) -> Iterator[Chunk]:
    """The records after the first ``skipped`` ones, some thousand at a time, fewer of long ones.

    ``pass_by`` is shown the usable rows among those that are skipped.
    """
    held: list[Sequence[Row | Rejected]] = []
    records = size = 0
    for batch in table.batches():
        at = min(skipped, len(batch))
        skipped -= at
        if at:
            pass_by(sort_rows([batch[:at]], places, pairs, None).rows)
        while at < len(batch):
            piece = _beginning(batch[at : at + CHUNK - records], places, CHUNK_CHARACTERS - size)
            at += len(piece)
            held.append(piece)
            records += len(piece)
            size += sum(_sizes(piece, places))
            if records >= CHUNK or size >= CHUNK_CHARACTERS:
                yield sort_rows(held, places, pairs, table.share_read, asked=asked)
                held, records, size = [], 0, 0
    if held:
        yield sort_rows(held, places, pairs, table.share_read, asked=asked)


def _sizes(batch: Sequence[Row | Rejected], places: Places) -> Iterable[int]:
    """How many characters of each record count; of a stretch bytes, all together."""
    if isinstance(batch, Stretch):
        return [batch.size]
    return [len(one.cells[places.text] if isinstance(one, Row) else one.raw) for one in batch]


def _beginning(batch: Sequence[Row | Rejected], places: Places, characters: int) -> Sequence[Row | Rejected]:
    """The records that reach so many characters, or all; a stretch is never much larger and stays whole."""
    if isinstance(batch, Stretch):
        return batch
    reached = enumerate(accumulate(_sizes(batch, places)), 1)
    return batch[: next((records for records, so_far in reached if so_far >= characters), len(batch))]


def sort_rows(
    batches: Sequence[Sequence[Row | Rejected]], places: Places, pairs: PairCells, share: float | None, *,
    asked: bool = False,
) -> Chunk:  # fmt: skip
    """Records that can be scored, and the others; ``asked`` is whether anybody wants to know more of a row."""
    kept: list[Part] = []
    rejected: list[Rejected] = []
    for batch in batches:
        faults = _faults(batch, places, pairs)
        rejected += faults.values()
        fit = [at for at in range(len(batch)) if at not in faults] if faults else []
        if isinstance(batch, Stretch):
            kept.append(batch.take(fit) if faults else batch)
        else:
            rows = [batch[at] for at in fit] if faults else batch
            kept.append([row for row in rows if isinstance(row, Row)])
    rows = Rows(kept)
    abouts = [pairs.pair(cell) for cell in rows.column(places.pair)] if places.pair is not None else None
    contexts = contexts_of(rows, places) if asked else None
    return Chunk(sum(map(len, batches)), rows, rows.texts(places.text), abouts, rejected, share, contexts)


def _faults(batch: Sequence[Row | Rejected], places: Places, pairs: PairCells) -> dict[int, Rejected]:
    """The records that cannot be scored, by their index."""
    if isinstance(batch, Stretch):
        doubtful = list(batch.blank(places.text))
        if places.pair is not None:
            doubtful += [at for at, cell in enumerate(Rows([batch]).column(places.pair)) if pairs.fault(cell)]
        found = {at: fault_of(batch[at], places, pairs) for at in sorted(doubtful)}
    else:
        found = {
            at: record if isinstance(record, Rejected) else fault_of(record, places, pairs)
            for at, record in enumerate(batch)
        }
    return {at: fault for at, fault in found.items() if fault is not None}
