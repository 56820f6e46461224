"""Laws of workers: threads that share one engine judge as one does alone, and Ctrl-C never hangs."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from conftest import sampled
from cores import CORES, core
from netral_nlp.errors import NetralError
from netral_nlp.model.file import save_model
from netral_nlp.model.model import Model
from netral_nlp.roster import Roster
from netral_nlp.scoring.engine import Engine
from netral_nlp.scoring.judging import Content, Order, score_chunk
from netral_nlp.scoring.workers import score_all
from strategies import FRAGMENTS, FULL
from tally import attempt

ROOT = Path(__file__).resolve().parents[1]
ROSTER = ROOT / "data" / "rosters" / "kota-samudra-2024.toml"
PATIENCE = 60.0  # seconds until a test gives up


def chunks(count: int) -> list[Content]:
    """Chunks of noisy posts, each of which has words of its own."""
    chance = random.Random(count)
    return [
        Content([" ".join([*chance.choices(FRAGMENTS, k=8), f"kata{n}"]).replace("\0", "") for _ in range(40)], None)
        for n in range(count)
    ]


@pytest.mark.parametrize("name", CORES)
def test_workers_judge_as_one_does_in_the_order_of_the_chunks(name: str, model: Model, samudra: Roster) -> None:
    order, given = Order(model, samudra, 0.1), chunks(12)
    with core(name):
        alone = Engine(model, samudra, 0.1)
        wanted = [(one, score_chunk(alone, order, one)) for one in given]
        assert list(score_all(order, given, lambda one: one, 3)) == wanted


def test_threads_that_share_a_forgetful_table_disturb_nobody(model: Model, samudra: Roster) -> None:
    with core("native"):
        engine, alone = Engine(model, samudra, 0.1, remembered=300), Engine(model, samudra, 0.1)
    given = [content.texts for content in chunks(60)]
    wanted = [list(alone.score(texts).rows()) for texts in given]
    start = threading.Barrier(4)

    def read(mine: Sequence[int]) -> list[tuple[int, list[object]]]:
        start.wait()  # all at once
        return [(at, list(engine.score(given[at]).rows())) for at in mine]

    with ThreadPoolExecutor(4) as threads:
        orders = [random.Random(seed).sample(range(60), 60) for seed in range(4)]
        for part in threads.map(read, orders):
            for at, rows in part:
                assert [(r[0], r[1], r[-1]) for r in rows] == [(r[0], r[1], r[-1]) for r in wanted[at]]


@pytest.mark.parametrize("name", CORES)
def test_a_fault_in_a_chunk_is_raised_where_its_scores_are_taken(name: str, model: Model, samudra: Roster) -> None:
    order = Order(model, samudra, 0.1)
    good = chunks(1)[0]

    def content(number: int) -> Content:
        if number == 2:
            raise NetralError("a fault")
        return good if number != 1 else Content([None], None)  # type: ignore[list-item]

    with core(name):
        done = score_all(order, iter([0, 0, 1]), content, 2)
        assert [task for task, _ in (next(done), next(done))] == [0, 0]
        with pytest.raises((TypeError, AttributeError)):
            next(done)
        with pytest.raises(NetralError, match="a fault"):
            list(score_all(order, iter([0, 2]), content, 2))
    assert not [thread for thread in threading.enumerate() if thread.name.startswith("score")]


# --- signals


if sys.platform == "win32":
    pytest.skip("signals of Unix", allow_module_level=True)


@pytest.fixture(scope="module")
def files(model: Model, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("workers")
    save_model(model, folder / "m.npz")
    (folder / "in.csv").write_text("isi\n" + "Pak Arman menang\n" * 400_000)
    return folder


# Until then it is Python that answers a signal, and how long that takes depends on the machine.
BEGUN = """
import sys
class Begun:
    def find_spec(self, name, path=None, target=None):
        if name == "netral_nlp.cli.running":
            print("begun", file=sys.stderr, flush=True)
from netral_nlp.cli import main
sys.meta_path.insert(0, Begun())
main()
"""


def ended(folder: Path, delay: float, number: int, group: bool) -> tuple[int, str]:
    """A run with two workers, sent a signal so many seconds after it began; its exit code and what it said."""
    command = [sys.executable, "-c", BEGUN, "score", str(folder / "in.csv"), "-r", str(ROSTER), "-m",
               str(folder / "m.npz"), "-o", str(folder / "o.csv"), "--workers", "2", "--max-fpr", "0.1"]  # fmt: skip
    environment = {**os.environ, "PYTHONPATH": str(ROOT / "src")}
    with subprocess.Popen(command, stderr=subprocess.PIPE, start_new_session=True, env=environment) as process:
        assert process.stderr is not None and process.stderr.readline() == b"begun\n"
        time.sleep(delay)
        (os.killpg if group else os.kill)(process.pid, number)
        said = process.communicate(timeout=PATIENCE)[1].decode()
    until = time.monotonic() + PATIENCE
    while alive(process.pid):
        assert time.monotonic() < until, "processes outlive the one that started them"
        time.sleep(0.05)
    return process.returncode, said


def alive(group: int) -> bool:
    try:
        os.killpg(group, 0)
    except ProcessLookupError:
        return False
    return True


DELAYS = [0.1 * number for number in range(40 if FULL else 24)]


@pytest.mark.parametrize("name", ["SIGINT", "SIGTERM", "SIGKILL"])
def test_a_signal_ends_the_run_in_one_sentence(name: str, files: Path) -> None:
    number = getattr(signal, name)
    interrupted = 0
    for delay in sampled(DELAYS, 3):
        with attempt(f"{name} while scoring with workers") as tally:
            code, said = ended(files, delay, number, group=name == "SIGINT")
            assert "Traceback" not in said, said
            if "Scores: " in said:  # it had done its work before the signal came
                assert code in (128 + number, 0, -number), (delay, code, said)
                continue
            interrupted += 1
            tally.failed += 1
            if name == "SIGKILL":
                assert code == -number
                continue
            assert code == 128 + number, (delay, code, said)
            lines = [line for line in said.splitlines() if "--resume" not in line]
            assert lines.index("Interrupted; nothing was left half written.") == len(lines) - 1
            assert not list(files.glob(".o.csv.netral-lock"))
    assert interrupted, "every run had ended before its signal came"
