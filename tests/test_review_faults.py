"""Whatever write of a reviews file fails, stops half way or kills: what was confirmed is there, once, and whole."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from conftest import sampled
from netral_nlp.review.importing import import_labels
from netral_nlp.review.log import Shown
from netral_nlp.review.store import Store, open_reviews
from reviewing import fill, old_file, post, said
from running import write
from tally import attempt

if sys.platform == "win32":
    pytest.skip("processes of Unix", allow_module_level=True)

from faults import BUG, DONE, KILLED, SENTENCE, Outcome, in_child
from sqlite_faults import usable

if not usable():
    pytest.skip("Python's SQLite is not the system's", allow_module_level=True)

FILE = "r.sqlite"
LABELLED = 6


def told(folder: Path, token: str) -> None:
    """Write down that the token was confirmed; the system keeps that also for a process that is killed."""
    file = os.open(folder.with_name("confirmed"), os.O_WRONLY | os.O_APPEND | os.O_CREAT)
    os.write(file, f"{token}\n".encode())
    os.close(file)


def decide(folder: Path) -> None:
    with Store(folder / FILE) as store:
        for n in range(3):
            assert store.lease(post(100 + n).key, "Tono")
            store.record(post(100 + n), "Tono", "dukung", shown=Shown(), token=f"new-{n}")
            told(folder, f"new-{n}")


def take_back(folder: Path) -> None:
    with Store(folder / FILE) as store:
        store.record(post(100), "Tono", "tolak", shown=Shown(), token="new-0")
        told(folder, "new-0")
        store.retract("Tono", token="new-1")
        told(folder, "new-1")
        store.reach([post(n).key for n in (3, 4)])


def import_file(folder: Path) -> None:
    with Store(folder / FILE) as store:
        done = import_labels(store, folder.with_name("labels.csv"), reviewer="Tono", pair="Arman-Lestari")
    assert done.added + done.known == LABELLED and not done.rejected
    told(folder, f"all {LABELLED}")


def only_open(folder: Path) -> None:
    with Store(folder / FILE):
        pass


@dataclass(frozen=True)
class Case:
    """What is done to a file that is missing, whole, of the first format, or was not closed."""

    act: Callable[[Path], None]
    before: str


CASES = {
    "decisions in a new file": Case(decide, "missing"),
    "decisions": Case(decide, "whole"),
    "decisions after a crash": Case(decide, "crashed"),
    "a decision taken back": Case(take_back, "whole"),
    "labels imported": Case(import_file, "whole"),
    "labels imported into a new file": Case(import_file, "missing"),
    "an older format brought to this one": Case(only_open, "old"),
}


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """A folder with a reviews file in every state that it can be in before."""
    found = {state: tmp_path_factory.mktemp(state) for state in ("missing", "whole", "crashed", "old")}
    with Store(found["whole"] / FILE) as store:
        fill(store, 20)
    lines, posts, seed, *_ = said(found["whole"] / FILE)
    old_file(found["old"] / FILE, lines, posts, seed)
    outcome = in_child(lambda: crash(found["crashed"]), found["crashed"])
    assert outcome.how == KILLED and (found["crashed"] / f"{FILE}-wal").stat().st_size
    return found


def crash(folder: Path) -> None:
    store = Store(folder / FILE)
    fill(store, 20)
    os.kill(os.getpid(), 9)


class Bench:
    """One case, tried again and again in a folder that is brought to its state before each try."""

    def __init__(self, case: Case, files: dict[str, Path], folder: Path) -> None:
        self.case, self.origin, self.folder = case, files[case.before], folder / "try"
        write(self.folder.with_name("labels.csv"), ["id", "teks", "label"],
              [[n, f"unggahan impor {n}", ("dukung", "netral", "tolak")[n % 3]] for n in range(LABELLED)])  # fmt: skip
        self.reset()
        self.before = self.log() if case.before != "missing" else []
        self.reset()
        outcome = self.strike(0, kill=False)
        assert outcome.how == DONE, outcome.said
        self.calls, self.after = outcome.calls, self.log()
        assert self.calls > 10, "SQLite's writes were not counted"
        assert [line[1:] for line in self.after[: len(self.before)]] == [line[1:] for line in self.before]

    def reset(self) -> None:
        shutil.rmtree(self.folder, ignore_errors=True)
        shutil.copytree(self.origin, self.folder)
        self.folder.with_name("confirmed").unlink(missing_ok=True)

    def strike(self, at: int, *, kill: bool) -> Outcome:
        return in_child(lambda: self.case.act(self.folder), self.folder, at=at, kill=kill, sqlite=True)

    def log(self) -> list[tuple[str, ...]]:
        """The log without what differs from run to run: token, number, who decided what about which post."""
        with open_reviews(self.folder / FILE) as store:  # which checks the whole chain
            tokens = dict(store._db.execute("SELECT number, token FROM decisions").fetchall())
            return [
                (tokens[line.number], str(line.number), line.reviewer, line.key, line.decision)
                for line in store.lines()
            ]

    def confirmed(self) -> set[str]:
        try:
            return set(self.folder.with_name("confirmed").read_text().split("\n")) - {""}
        except FileNotFoundError:
            return set()

    def check(self) -> None:
        if (self.folder / FILE).exists():
            found = self.log()
            assert found == self.after[: len(found)], "something else is in the log"
            assert len(found) >= len(self.before), "a decision of before is gone"
            tokens = {line[0] for line in found}
            confirmed = self.confirmed()
            assert {one for one in confirmed if not one.startswith("all")} <= tokens, "confirmed and gone"
            assert f"all {LABELLED}" not in confirmed or found == self.after
        else:
            assert self.case.before == "missing" and not self.confirmed()
        self.case.act(self.folder)  # and once more, whole: nothing is doubled
        assert self.log() == self.after


@pytest.mark.parametrize("what", CASES)
@pytest.mark.parametrize("kill", [False, True], ids=["fails", "kills"])
def test_whatever_write_fails_or_kills_no_decision_is_lost_doubled_or_changed(
    what: str, kill: bool, files: dict[str, Path], tmp_path: Path
) -> None:
    bench = Bench(CASES[what], files, tmp_path)
    for at in sampled(range(1, bench.calls + 1), 8):
        bench.reset()
        with attempt(f"{'kills' if kill else 'failures'} at writes of reviews files") as tally:
            outcome = bench.strike(at, kill=kill)
            assert outcome.how != BUG, outcome.said
            assert "\n" not in outcome.said
            tally.failed += outcome.how in (KILLED, SENTENCE)
            bench.check()
