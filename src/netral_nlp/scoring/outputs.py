"""What a run writes: the scored rows, the rejected ones and a journal, visible together when all is done."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Sequence
from contextlib import ExitStack, suppress
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from netral_nlp.errors import InputError, UsageError
from netral_nlp.scoring.chunks import Chunk
from netral_nlp.scoring.judging import Scores
from netral_nlp.scoring.noticing import Noticed
from netral_nlp.scoring.resuming import Checkpoint, Journal, Piece, beside_journal
from netral_nlp.tables import Rejected, Writer, open_writer
from netral_nlp.tables.atomic import AtomicFile, Provisional, explain_write_error
from netral_nlp.tables.guard import TABLE, Beside, Output
from netral_nlp.tables.locking import is_own
from netral_nlp.tables.together import Outputs
from netral_nlp.tables.writing import is_regular, is_resumable, writer_of

CHECKPOINT = 20_000  # rows after which a killed run loses nothing that came before
REJECTED_COLUMNS = ("baris", "alasan", "isi")
SHOWN = 20  # rejected rows that a summary keeps, each with the beginning of what it held
BEGINNING = 200


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


class ScoredOutputs(Provisional):
    """The outputs of a run that scores ``posts`` into ``output``; ``done`` is what an earlier run leaves to continue.

    ``finished`` says that an earlier run died after its last row: its outputs were completed and nothing is to do.
    """

    def __init__(
        self, posts: str | Path, output: str | Path, header: Sequence[str], facts: dict[str, Any], *,
        excel: bool, resume: bool,
    ) -> None:  # fmt: skip
        self._output = str(output)
        self._excel = excel
        self._saved_rows = 0
        self._journal: Journal | None = None
        self._pieces: dict[str, AtomicFile] = {}
        self._rejects: Writer | None = None
        self._set: Outputs | None = None
        self._closing = ExitStack()
        self.done = Checkpoint()
        self.finished = False
        self.rejected_file = ""
        resumable = is_resumable(output) and str(posts) != "-" and Path(posts).is_file()
        if resume and not resumable:
            raise UsageError("--resume continues from a file to a CSV, TSV or JSON lines file only; leave it out.")
        if not is_regular(output):
            self.writer = self._closing.enter_context(open_writer(output, header, excel=excel))
            return
        self._set = Outputs(output)
        try:
            if resumable:
                self._journal = Journal(output, posts, facts)
            self._begin(header, resume=resume)
        except BaseException:
            self.discard()
            raise

    def _begin(self, header: Sequence[str], *, resume: bool) -> None:
        """Open the outputs, behind what an earlier run left where that is to be continued."""
        assert self._set is not None
        found = self._journal.load() if self._journal is not None and resume else None
        if found is not None and found.whole and self._is_committed(found):
            self.done, self.finished = found, True
            if rejected_of(self._output).name in found.pieces:
                self.rejected_file = str(rejected_of(self._output))
            return
        if found is not None and self._can_continue(found):
            self.done = found
        elif self._journal is not None:
            self._forget(self._journal)
        if rejected_of(self._output).name not in self.done.pieces:
            self._set.clean(rejected_of(self._output))
        self._saved_rows = self.done.rows
        self.writer = self._open(self._set, Path(self._output), header, excel=self._excel, review=True)
        if rejected_of(self._output).name in self.done.pieces:
            self._open_rejects(self._set)

    def _is_committed(self, found: Checkpoint) -> bool:
        """Whether all outputs have their names already: the run died behind its commit, or an earlier one in it."""
        for name, piece in found.pieces.items():
            target = self._path_of(name)
            if target.with_name(piece.part).exists() or not target.exists() or target.stat().st_size != piece.size:
                return False
        return True

    def _can_continue(self, found: Checkpoint) -> bool:
        """Whether every unfinished output is there and as long as it was."""
        parts = [(self._path_of(name).with_name(piece.part), piece.size) for name, piece in found.pieces.items()]
        return bool(parts) and all(is_own(path) and path.stat().st_size >= size for path, size in parts)

    def _path_of(self, name: str) -> Path:
        """The real place of an output; raises InputError for a name that is not one of this run."""
        for target in (Path(self._output), rejected_of(self._output)):
            if target.name == name:
                return Path(os.path.realpath(target))
        raise InputError(f"The journal of {self._output} names other outputs; start again without --resume.")

    def _forget(self, journal: Journal) -> None:
        try:
            journal.close()
        except OSError as error:
            raise explain_write_error(error, str(journal.path)) from error

    def _open(self, outputs: Outputs, target: Path, header: Sequence[str], *, excel: bool, review: bool) -> Writer:
        piece = self.done.pieces.get(target.name)
        file = outputs.open(target, part=piece.part, size=piece.size) if piece else outputs.open(target)
        self._pieces[target.name] = file
        return self._closing.enter_context(writer_of(file, header, excel=excel, review=review))

    def _open_rejects(self, outputs: Outputs) -> Writer:
        target = rejected_of(self._output)
        self.rejected_file = str(target)
        self._rejects = self._open(outputs, target, REJECTED_COLUMNS, excel=self._excel, review=False)
        return self._rejects

    def write(self, chunk: Chunk, scores: Scores, summary: Summary) -> None:
        """One chunk behind those before."""
        own = chunk.rows.take(scores.post)
        if scores.tails is not None:
            self.writer.write_beside(own, scores.tails)
        else:
            self.writer.write_rows((*row.cells, *found) for row, found in zip(own, scores.cells, strict=True))
        if chunk.rejected and self._set is not None:
            writer = self._rejects or self._open_rejects(self._set)
            writer.write_rows([(r.line, r.reason, r.raw) for r in chunk.rejected])
        summary.rows += chunk.records
        summary.scored += len(chunk.rows)
        summary.rejected += len(chunk.rejected)
        summary.written += len(own)
        summary.noticed.named += scores.named
        for label, count in Counter(scores.label).items():
            summary.by_label[label] = summary.by_label.get(label, 0) + count
        for fault in chunk.rejected[: SHOWN - len(summary.first_rejected)]:
            summary.first_rejected.append(Rejected(fault.line, fault.reason, fault.raw[:BEGINNING]))
        if self._journal is not None and summary.rows - self._saved_rows >= CHECKPOINT:
            self._save(self._journal, summary)

    def _save(self, journal: Journal, summary: Summary, *, whole: bool = False) -> None:
        pieces = {name: Piece(file.name, file.checkpoint()) for name, file in self._pieces.items()}
        journal.save(Checkpoint(summary.rows, pieces, asdict(summary), whole))
        self._saved_rows = summary.rows
        for file in self._pieces.values():
            file.keep = True

    def commit(self, summary: Summary) -> None:
        """Everything under its final name, all at once; the journal goes last."""
        if self._set is None:
            self.writer.commit()
            return
        if not self.finished:
            for writer in filter(None, (self._rejects, self.writer)):
                writer.finish()
            if self._journal is not None and self._saved_rows:
                self._save(self._journal, summary, whole=True)
            if self._rejects is None:
                self._set.unwanted(rejected_of(self._output))  # of an earlier run: it would tell of other rows
            self._set.commit()
        if self._journal is not None:
            with suppress(OSError):  # the outputs are there; a later run finds that and removes it
                self._journal.close()

    def discard(self) -> None:
        self._closing.close()
        if self._set is not None:
            self._set.discard()


def rejected_of(output: str | Path) -> Path:
    """Where the rejected rows of an output go."""
    return Path(f"{output}.rejected.csv")


def scored_output(output: str | Path) -> Output:
    """A scored file with all that stands beside it, for the guard of outputs."""
    columns = REJECTED_COLUMNS
    starts = (",".join(columns).encode(), b"\xef\xbb\xbf" + ";".join(columns).encode())
    return Output(output, TABLE, (Beside(rejected_of(output), starts), beside_journal(output)))
