"""Laws of worker processes: Ctrl-C never hangs, and nobody outlives the process that started them."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from conftest import sampled
from netral_nlp.errors import NetralError
from netral_nlp.model.file import save_model
from netral_nlp.model.model import Model
from netral_nlp.roster import Roster
from netral_nlp.scoring.engine.engine import Engine
from netral_nlp.scoring.judging import Content, Order, score_chunk
from netral_nlp.scoring.pool import Pool
from strategies import FULL
from tally import attempt

if sys.platform == "win32":
    pytest.skip("signals of Unix", allow_module_level=True)

ROOT = Path(__file__).resolve().parents[1]
ROSTER = ROOT / "data" / "rosters" / "kota-samudra-2024.toml"
POSTS = Content(["Pak Arman menang", "tolak Hasan!", "sarapan dulu"], None)
PATIENCE = 60.0  # seconds until a test gives up


@pytest.fixture
def pool(model: Model, samudra: Roster) -> Iterator[Pool]:
    pool = Pool(Order(model, samudra, 0.1), 2)
    yield pool
    pool.stop()


def test_a_pool_scores_as_one_process_does(pool: Pool, model: Model, samudra: Roster) -> None:
    order = Order(model, samudra, 0.1)
    wanted = score_chunk(Engine(model, samudra, 0.1), order, POSTS)
    assert [future.result() for future in [pool.submit(POSTS) for _ in range(7)]] == [wanted] * 7
    pool.end()


def test_a_worker_that_dies_is_a_sentence(pool: Pool) -> None:
    pool.submit(POSTS).result()
    for worker in pool._workers:
        worker._process.kill()
    with pytest.raises(NetralError, match="worker process died"):
        pool.submit(POSTS).result()


def test_a_bug_in_a_worker_shows_its_trace(pool: Pool) -> None:
    with pytest.raises(RuntimeError, match="Traceback"):
        pool.submit(Content([None], None)).result()  # type: ignore[list-item]
    pool.submit(POSTS).result()  # and it goes on


@pytest.fixture(scope="module")
def files(model: Model, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("pool")
    save_model(model, folder / "m.npz")
    (folder / "in.csv").write_text("isi\n" + "Pak Arman menang\n" * 60_000)
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
def test_a_signal_ends_all_processes_in_one_sentence(name: str, files: Path) -> None:
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
