"""Posts labelled with acts: how their table is read, and what each answer means.

The columns are ``id, election, text, time, account_type, action, expected_acts, expected_phase, expected_class,
expected_exception``. A code that ends in ``?`` is tolerated: neither right nor wrong; ``A|B`` is either.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from netral_nlp.errors import InputError
from netral_nlp.law.metadata import account_of, action_of
from netral_nlp.law.rules import Rules, acts_in
from netral_nlp.learning.corpus import corpus_files
from netral_nlp.resources import data_dir
from netral_nlp.roster import Roster
from netral_nlp.tables import read_records
from netral_nlp.tables.columns import fold_name

NEEDED = ("id", "election", "text", "expected_acts")
OPTIONAL = ("time", "account_type", "action", "expected_phase", "expected_class", "expected_exception", "source")


@dataclass(frozen=True, slots=True)
class ActPost:
    """One labelled post. ``acts`` must be found, ``tolerated`` may be; ``exceptions`` are all right answers.

    ``exception_due`` says whether one of them must be given. ``writer`` is who wrote it: its source, else its file.
    """

    id: str
    text: str
    roster: Roster
    time: str
    account: str
    action: str
    acts: frozenset[str]
    tolerated: frozenset[str]
    phase: str
    kind: str
    exceptions: frozenset[str]
    exception_due: bool
    writer: str

    @property
    def election(self) -> str:
        """The election's id."""
        return self.roster.election.id

    @property
    def clean(self) -> bool:
        """Whether no act must be found."""
        return not self.acts


def shipped_posts_folder() -> Path:
    """Where the shipped posts lie."""
    return data_dir() / "corpus-law"


def read_act_posts(paths: Sequence[str | Path], rosters: Mapping[str, Roster], rules: Rules) -> tuple[ActPost, ...]:
    """The labelled posts of table files or folders, in their order.

    Raises InputError naming the lines with unknown elections or codes; a file with any is refused whole.
    """
    known = {one.casefold(): roster for one, roster in rosters.items()}
    found: list[ActPost] = []
    for file in corpus_files(paths):
        faults: list[str] = []
        for record in read_records(file):
            cells = {fold_name(name): value.strip() for name, value in record.fields.items()}
            missing = [name for name in NEEDED if fold_name(name) not in cells]
            if missing:
                raise InputError(f"{file} has no column {', '.join(missing)}.", path=str(file), line=1)
            row = {name: cells.get(fold_name(name), "") for name in (*NEEDED, *OPTIONAL)}
            fault = _fault(row, known, rules)
            if fault:
                faults.append(f"line {record.line}: {fault}")
            else:
                found.append(_post(row, known[row["election"].casefold()], file.stem))
        if faults:
            shown = "; ".join(faults[:8])
            raise InputError(f"{file} was not used: {shown}.", path=str(file))
    if not found:
        raise InputError(f"There are no posts labelled with acts in {', '.join(map(str, paths))}.")
    return tuple(found)


def _fault(row: Mapping[str, str], rosters: Mapping[str, Roster], rules: Rules) -> str:
    if row["election"].casefold() not in rosters:
        return f'unknown election "{row["election"]}"'
    if not row["text"]:
        return "empty text"
    unknown = [code for code in acts_in(row["expected_acts"]) if code.rstrip("?") not in rules.acts]
    unknown += [code for code in _exceptions(row["expected_exception"]) if code not in rules.exceptions]
    return f"unknown code {', '.join(unknown)}" if unknown else ""


def _exceptions(cell: str) -> frozenset[str]:
    return frozenset(part.strip().rstrip("?") for part in cell.upper().split("|") if part.strip())


def _post(row: Mapping[str, str], roster: Roster, file: str) -> ActPost:
    codes = acts_in(row["expected_acts"])
    acts = frozenset(code for code in codes if not code.endswith("?"))
    exceptions = _exceptions(row["expected_exception"])
    return ActPost(
        row["id"], row["text"], roster, row["time"], account_of(row["account_type"]), action_of(row["action"]),
        acts, frozenset(code.rstrip("?") for code in codes) - acts, row["expected_phase"], row["expected_class"],
        exceptions, bool(exceptions) and not row["expected_exception"].endswith("?"), row["source"] or file,
    )  # fmt: skip
