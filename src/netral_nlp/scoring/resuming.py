"""How far a run has come, beside its output: ``OUTPUT.resume.json``, from which a killed run continues."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from netral_nlp.errors import InputError
from netral_nlp.tables import write_bytes_atomically
from netral_nlp.tables.guard import Beside

SCHEMA = 2
START = b'{\n "schema": '
_ADVICE = "start again without --resume."


@dataclass(frozen=True, slots=True)
class Piece:
    """An unfinished output: the name of its part beside it, and how many bytes of that are good."""

    part: str
    size: int


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """``rows`` records of the input are done and stand in the pieces, by output name; ``whole`` if these are all."""

    rows: int = 0
    pieces: Mapping[str, Piece] = field(default_factory=dict)
    summary: Mapping[str, Any] = field(default_factory=dict)
    whole: bool = False


class Journal:
    """The side file of one run. ``facts`` are what must be the same for a run to be continued, by name."""

    def __init__(self, output: str | Path, posts: str | Path, facts: dict[str, Any]) -> None:
        self.path = journal_of(output)
        self._posts = Path(posts)
        self._facts = facts
        self._input: dict[str, Any] | None = None
        self._output = str(output)

    def load(self) -> Checkpoint | None:
        """How far an earlier run came; None when there is none.

        Raises InputError when the input, the model, the roster or an option is no longer the same.
        """
        try:
            found = json.loads(self.path.read_bytes())
            earlier = {**found["facts"], "input": found["input"]}
            pieces = {str(name): Piece(str(one["part"]), int(one["size"])) for name, one in found["pieces"].items()}
            progress = Checkpoint(int(found["rows"]), pieces, found["summary"], found["whole"] is True)
            if found["schema"] != SCHEMA:
                raise ValueError("another schema")
        except FileNotFoundError:
            return None
        except (ValueError, KeyError, TypeError, AttributeError, RecursionError, OSError) as error:
            what = f"{self.path} is damaged ({type(error).__name__})"
            raise InputError(f"{what}; {_ADVICE}", path=str(self.path)) from None
        now = {**self._facts, "input": self._digest()}
        changed = [name for name in now if now[name] != earlier.get(name)]
        if changed:
            what = f"Cannot continue {self._output}: since it was begun the {' and the '.join(changed)} changed"
            raise InputError(f"{what}; {_ADVICE}", path=str(self.path))
        return progress

    def save(self, progress: Checkpoint) -> None:
        """Remember how far this run has come."""
        pieces = {name: {"part": piece.part, "size": piece.size} for name, piece in progress.pieces.items()}
        found = {
            "schema": SCHEMA, "rows": progress.rows, "whole": progress.whole, "pieces": pieces,
            "summary": progress.summary, "input": self._digest(), "facts": self._facts,
        }  # fmt: skip
        write_bytes_atomically(self.path, json.dumps(found, ensure_ascii=False, indent=1).encode("utf-8", "replace"))

    def close(self) -> None:
        """The run is done, or nobody wants to continue it. Raises OSError."""
        self.path.unlink(missing_ok=True)

    def _digest(self) -> dict[str, Any]:
        if self._input is None:
            try:
                with self._posts.open("rb") as file:
                    digest = hashlib.file_digest(file, "blake2b").hexdigest()
                    self._input = {"bytes": os.fstat(file.fileno()).st_size, "blake2b": digest}
            except OSError as error:
                reason = error.strerror or type(error).__name__
                raise InputError(f"{self._posts} cannot be read: {reason}.", path=str(self._posts)) from None
        return self._input


def journal_of(output: str | Path) -> Path:
    """Where the journal of an output is kept."""
    path = Path(os.path.realpath(output))
    return path.with_name(path.name + ".resume.json")


def beside_journal(output: str | Path) -> Beside:
    """The journal, for the guard of outputs."""
    return Beside(journal_of(output), (START,))
