"""Scoring a whole file: rows in, rows scored plus rows rejected out, in constant memory, on as many cores as pay."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from contextlib import ExitStack, closing
from dataclasses import asdict
from pathlib import Path
from typing import Any

from netral_nlp import __version__
from netral_nlp.errors import UsageError
from netral_nlp.model.model import Model
from netral_nlp.roster import Roster
from netral_nlp.scoring.beside import Beside
from netral_nlp.scoring.chunks import chunks_of
from netral_nlp.scoring.inputs import EVERY_COLUMN_BY_NAME, Columns, PairCells, find_places, free_names, note_names
from netral_nlp.scoring.judging import Order, seldom_collecting
from netral_nlp.scoring.noticing import Noticed, Watcher
from netral_nlp.scoring.outputs import ScoredOutputs, Summary
from netral_nlp.scoring.scorer import MAX_FPR, added_columns
from netral_nlp.scoring.workers import cores, score_all
from netral_nlp.tables import PLAIN, Layout, Rejected, open_table

WORTH_WORKERS = 12_000_000  # bytes of input below which one thread is done before others pay
MOST_WORKERS = 256  # more are a slip of the finger

Watch = Callable[[int, float | None], None]  # told the rows done so far, and the share of the input if it is known


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

    The output holds the original columns unchanged and then those of ``scoring.added_columns`` and of ``beside``. Rows
    without a usable post go whole to ``<output>.rejected.csv`` with their line and the reason. Both appear under their
    names when all is written; until then they are hidden parts beside them, and a run to CSV or JSON lines that was
    killed leaves those and ``<output>.resume.json``, from which ``resume`` continues to the very same bytes.
    ``workers`` None takes all cores where the input is large enough to pay; their number never changes a byte.

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
        outputs = stack.enter_context(ScoredOutputs(posts, output, header, facts, excel=excel, resume=resume))
        if outputs.done.rows:
            summary = _continued(outputs.done.summary, summary.text_column)
        named = note_names(table.columns, wanted, ours)
        if outputs.finished:  # the earlier run died behind its last row
            outputs.commit(summary)
            summary.rejected_file, summary.notes = outputs.rejected_file, (*table.notes, *named)
            return summary
        as_text = Path(output).suffix.casefold() == ".parquet"
        order = Order(model, roster, max_fpr, per_pair, as_text, outputs.writer.dialect, beside)
        pairs = PairCells(roster)
        watcher = Watcher(places)
        summary.noticed.id_column = "" if places.id is None else table.columns[places.id]
        before = Noticed(named=summary.noticed.named, id_column=summary.noticed.id_column)
        summary.noticed = before if outputs.done.rows else summary.noticed
        chunks = chunks_of(
            table, places, pairs, outputs.done.rows, lambda rows: watcher.look(rows, summary.noticed),
            asked=beside is not None,
        )  # fmt: skip
        scored = score_all(order, chunks, lambda chunk: chunk.content, _threads(posts, workers))
        for chunk, scores in stack.enter_context(closing(scored)):
            watcher.look(chunk.rows, summary.noticed)
            outputs.write(chunk, scores, summary)
            watch(summary.rows, chunk.share)
        outputs.commit(summary)
        summary.rejected_file = outputs.rejected_file
        summary.notes = (*table.notes, *named, *outputs.writer.notes)
    return summary


def _continued(earlier: Mapping[str, Any], text_column: str) -> Summary:
    """The summary of an earlier run, from its journal."""
    first = [Rejected(**one) for one in earlier["first_rejected"]]
    noticed = Noticed(**earlier["noticed"])
    return Summary(**{**earlier, "text_column": text_column, "first_rejected": first, "noticed": noticed})


def _threads(posts: str | Path, workers: int | None) -> int:
    """How many threads score: what was asked, else all cores where the input is worth it."""
    if workers is not None:
        if workers < 1:
            raise UsageError(f"--workers is at least 1; {workers} is not.")
        if workers > MOST_WORKERS:
            raise UsageError(f"--workers is at most {MOST_WORKERS}, and more than {cores()} are no use here.")
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
