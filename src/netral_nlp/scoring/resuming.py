"""How far a run has come, beside its output: ``OUTPUT.resume.json``, from which a killed run continues."""

from __future__ import annotations

import hashlib
import json
import os
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from netral_nlp.errors import InputError
from netral_nlp.tables import write_bytes_atomically

SCHEMA = 1


@dataclass(slots=True)
class Progress:
    """``rows`` records of the input are done; ``sizes`` are the bytes of the output and of the rejected rows."""

    rows: int = 0
    sizes: tuple[int, int] = (0, 0)
    summary: dict[str, Any] = field(default_factory=dict)


class Journal:
    """The side file of one run. ``facts`` are what must be the same for a run to be continued, by name."""

    def __init__(self, output: str | Path, posts: str | Path, facts: dict[str, Any]) -> None:
        self.path = journal_of(output)
        self._posts = Path(posts)
        self._facts = facts
        self._input: dict[str, Any] | None = None
        self._output = str(output)

    def load(self) -> Progress | None:
        """How far an earlier run came; None when there is none.

        Raises InputError when the input, the model, the roster or an option is no longer the same.
        """
        try:
            found = json.loads(self.path.read_bytes())
            earlier = {**found["facts"], "input": found["input"]}
            progress = Progress(int(found["rows"]), (int(found["sizes"][0]), int(found["sizes"][1])), found["summary"])
            if found["schema"] != SCHEMA:
                raise ValueError("another schema")
        except FileNotFoundError:
            return None
        except (ValueError, KeyError, TypeError, IndexError, OSError) as error:
            what = f"{self.path} is damaged ({type(error).__name__})"
            raise InputError(f"{what}; {_ADVICE}", path=str(self.path)) from None
        now = {**self._facts, "input": self._digest()}
        changed = [name for name in now if now[name] != earlier.get(name)]
        if changed:
            what = f"Cannot continue {self._output}: since it was begun the {' and the '.join(changed)} changed"
            raise InputError(f"{what}; {_ADVICE}", path=str(self.path))
        return progress

    def save(self, progress: Progress) -> None:
        """Remember how far this run has come."""
        found = {
            "schema": SCHEMA, "rows": progress.rows, "sizes": list(progress.sizes), "summary": progress.summary,
            "input": self._digest(), "facts": self._facts,
        }  # fmt: skip
        write_bytes_atomically(self.path, json.dumps(found, ensure_ascii=False, indent=1).encode("utf-8", "replace"))

    def close(self) -> None:
        """The run is done."""
        self.path.unlink(missing_ok=True)

    def _digest(self) -> dict[str, Any]:
        if self._input is None:
            with self._posts.open("rb") as file:
                digest = hashlib.file_digest(file, "blake2b").hexdigest()
            self._input = {"bytes": self._posts.stat().st_size, "blake2b": digest}
        return self._input


_ADVICE = "start again without --resume."


def journal_of(output: str | Path) -> Path:
    """Where the journal of an output is kept."""
    path = Path(os.path.realpath(output))
    return path.with_name(path.name + ".resume.json")
