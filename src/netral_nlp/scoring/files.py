"""Scoring a whole file: rows in, rows scored plus rows rejected out, in constant memory, on as many cores as pay."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from netral_nlp import __version__
from netral_nlp.errors import UsageError
from netral_nlp.model.model import Model
from netral_nlp.roster import Roster
from netral_nlp.scoring.beside import Beside
from netral_nlp.scoring.chunks import Chunk, chunks_of
from netral_nlp.scoring.inputs import Columns, PairCells, find_places, free_names, note_names
from netral_nlp.scoring.noticing import Noticed, Watcher
from netral_nlp.scoring.resuming import Journal, Progress
from netral_nlp.scoring.scorer import MAX_FPR, added_columns
from netral_nlp.scoring.workers import Order, Scores, cores, score_all, seldom_collecting
from netral_nlp.tables import PLAIN, Layout, Rejected, Writer, open_table, open_writer
from netral_nlp.tables.atomic import PartFile, part_of
from netral_nlp.tables.writing import is_resumable, open_sink

CHECKPOINT = 20_000  # rows after which a killed run loses nothing that came before
WORTH_WORKERS = 12_000_000  # bytes of input below which more processes cost more than they save
REJECTED_COLUMNS = ("baris", "alasan", "isi")
EVERY_COLUMN_BY_NAME = Columns()

Watch = Callable[[int, float | None], None]  # told the rows done so far, and the share of the input if it is known


@dataclass(slots=True)
class Summary:
    """What became of a file: ``rows`` read = ``scored`` + ``rejected``; ``written`` may be more with --per-pair."""

    rows: int = 0
    scored: int = 0
    rejected: int = 0
    written: int = 0
    by_label: dict[str, int] = field(default_factory=dict)
    text_column: str = ""
    rejected_file: str = ""
    first_rejected: list[Rejected] = field(default_factory=list)
    noticed: Noticed = field(default_factory=Noticed)
    notes: tuple[str, ...] = ()


def score_file(
    posts: str | Path,
    output: str | Path,
    model: Model,
    roster: Roster,
    *,
    max_fpr: float = MAX_FPR,
    columns: Columns = EVERY_COLUMN_BY_NAME,
    layout: Layout = PLAIN,
    per_pair: bool = False,
    excel: bool = False,
    workers: int | None = None,
    resume: bool = False,
    watch: Watch = lambda rows, share: None,
    beside: Beside | None = None,
) -> Summary:
    """Score every row of a table file into another; ``-`` is standard input or output.

    The output holds the original columns unchanged and then those of ``scoring.added_columns`` and of
    ``beside``. Rows without a usable
    post go to ``<output>.rejected.csv`` with their line and the reason. The output appears under its name when all is
    written; until then CSV and JSON lines stand in ``<output>.part``, and a run that was killed leaves that file and
    ``<output>.resume.json``, from which ``resume`` continues to the very same bytes. ``workers`` None takes all cores
    where the input is large enough to pay; their number never changes a byte.

    Raises InputError for a file that is no table or has no text column, and where a run cannot be continued;
    UsageError where a run to such an output cannot be continued at all.
    """
    summary = Summary()
    with ExitStack() as stack:
        stack.enter_context(seldom_collecting())
        table = stack.enter_context(open_table(posts, layout))
        places = find_places(table, columns)
        summary.text_column = table.columns[places.text]
        wanted = (*added_columns(roster), *(beside.columns if beside is not None else ()))
        ours = free_names(table.columns, wanted)
        header = (*table.columns, *ours)
        options = [max_fpr, per_pair, excel, *asdict(columns).values(), *asdict(layout).values()]
        options += [beside.digest] if beside is not None else []
        facts = {"model": _digest(model), "roster": roster.digest, "version": __version__, "options": options}
        outputs = _Outputs(stack, posts, output, header, facts, excel, resume)
        as_text = Path(output).suffix.casefold() == ".parquet"
        order = Order(model, roster, max_fpr, per_pair, as_text, outputs.writer.dialect, beside)
        if outputs.done.rows:
            summary = Summary(**{**outputs.done.summary, "text_column": summary.text_column})
            summary.first_rejected = [Rejected(**r) for r in outputs.done.summary["first_rejected"]]
            summary.noticed = Noticed(**outputs.done.summary["noticed"])
        pairs = PairCells(roster)
        watcher = Watcher(places)
        summary.noticed.id_column = "" if places.id is None else table.columns[places.id]
        before = Noticed(named=summary.noticed.named, id_column=summary.noticed.id_column)
        summary.noticed = before if outputs.done.rows else summary.noticed
        chunks = chunks_of(
            table, places, pairs, outputs.done.rows, lambda rows: watcher.look(rows, summary.noticed),
            asked=beside is not None,
        )  # fmt: skip
        for chunk, scores in score_all(order, chunks, lambda chunk: chunk.content, _crew(posts, workers)):
            watcher.look(chunk.rows, summary.noticed)
            outputs.write(chunk, scores, summary)
            watch(summary.rows, chunk.share)
        outputs.commit()
        summary.rejected_file = outputs.rejected_file
        named = note_names(table.columns, wanted, ours)
        summary.notes = (*table.notes, *named, *outputs.writer.notes)
    return summary


class _Outputs:
    """The scored rows and the rejected rows of a run, and its journal."""

    def __init__(
        self, stack: ExitStack, posts: str | Path, output: str | Path, header: Sequence[str], facts: dict[str, Any],
        excel: bool, resume: bool,
    ) -> None:  # fmt: skip
        self._stack = stack
        self._output = str(output)
        self._saved_rows = 0
        self._journal: Journal | None = None
        self._parts: list[PartFile] = []
        self.done = Progress()
        self.rejected_file = ""
        self._rejects: Writer | None = None
        if is_resumable(output) and str(posts) != "-" and Path(posts).is_file():
            self._journal = Journal(output, posts, facts)
            found = self._journal.load() if resume else None
            if found is not None and part_of(output).exists() and part_of(output).stat().st_size >= found.sizes[0]:
                self.done = found
            self._saved_rows = self.done.rows
            self.writer = self._open_part(output, header, self.done.sizes[0], excel)
            if self.done.sizes[1]:
                self._open_rejects(self.done.sizes[1])
        elif resume:
            raise UsageError("--resume continues from a file to a CSV, TSV or JSON lines file only; leave it out.")
        else:
            self.writer = stack.enter_context(open_writer(output, header, excel=excel, desk=True))

    def _open_part(self, target: str | Path, header: Sequence[str], size: int, excel: bool) -> Writer:
        part = self._stack.enter_context(PartFile(target, size))
        part.keep = self.done.rows > 0
        self._parts.append(part)
        return Writer(open_sink(part, header, excel=excel), len(header), part, part.handle, str(target))

    def _open_rejects(self, size: int = 0) -> Writer:
        self.rejected_file = f"{self._output}.rejected.csv"
        if self._journal is not None:
            self._rejects = self._open_part(self.rejected_file, REJECTED_COLUMNS, size, excel=False)
        else:
            self._rejects = self._stack.enter_context(open_writer(self.rejected_file, REJECTED_COLUMNS))
        return self._rejects

    def write(self, chunk: Chunk, scores: Scores, summary: Summary) -> None:
        """One chunk behind those before."""
        own = [chunk.rows[post].cells for post in scores.post]
        if scores.tails is not None:
            self.writer.write_beside(own, scores.tails)
        else:
            self.writer.write_rows((*cells, *found) for cells, found in zip(own, scores.cells, strict=True))
        if chunk.rejected and self._output != "-":
            writer = self._rejects or self._open_rejects()
            writer.write_rows([(r.line, r.reason, r.raw) for r in chunk.rejected])
        summary.rows += chunk.records
        summary.scored += len(chunk.rows)
        summary.rejected += len(chunk.rejected)
        summary.written += len(own)
        summary.noticed.named += scores.named
        for label, count in Counter(scores.label).items():
            summary.by_label[label] = summary.by_label.get(label, 0) + count
        summary.first_rejected += chunk.rejected[: 20 - len(summary.first_rejected)]
        if self._journal is not None and summary.rows - self._saved_rows >= CHECKPOINT:
            self._save(self._journal, summary)

    def _save(self, journal: Journal, summary: Summary) -> None:
        sizes = [part.checkpoint() for part in self._parts]
        journal.save(Progress(summary.rows, (sizes[0], sizes[1] if len(sizes) > 1 else 0), asdict(summary)))
        self._saved_rows = summary.rows
        for part in self._parts:
            part.keep = True

    def commit(self) -> None:
        """Everything under its final name."""
        if self._rejects is not None:
            self._rejects.commit()
        self.writer.commit()
        if self._output != "-":
            if self._rejects is None:  # of an earlier run: it would tell of other rows
                Path(f"{self._output}.rejected.csv").unlink(missing_ok=True)
            part_of(f"{self._output}.rejected.csv").unlink(missing_ok=True)
        if self._journal is not None:
            self._journal.close()


def _crew(posts: str | Path, workers: int | None) -> int:
    """How many processes score: what was asked, else all cores where the input is worth it."""
    if workers is not None:
        if workers < 1:
            raise UsageError(f"--workers is at least 1; {workers} is not.")
        return workers
    large = str(posts) != "-" and Path(posts).is_file() and Path(posts).stat().st_size >= WORTH_WORKERS
    return cores() if large else 1


def _digest(model: Model) -> str:
    """The digest of the model's file, or of its numbers where it was never one."""
    if "file_sha256" in model.facts:
        return str(model.facts["file_sha256"])
    digest = hashlib.sha256(repr((model.intercept.tolist(), model.stem)).encode())
    for weights in model.weights:
        digest.update("\n".join((repr(weights.block.name), *weights.features)).encode())
        digest.update(weights.idf.tobytes() + weights.coef.tobytes())
    return digest.hexdigest()
