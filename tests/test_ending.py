"""Laws of how commands end: a full disk, a closed pipe and a closed stream are one sentence, never a trace."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from conftest import sampled
from netral_nlp.cli.ending import ended
from netral_nlp.errors import InputError
from tally import attempt

if sys.platform == "win32":
    pytest.skip("devices and pipes of Unix", allow_module_level=True)

ROOT = Path(__file__).resolve().parents[1]
ROSTERS = sorted(map(str, (ROOT / "data" / "rosters").glob("*.toml")))
MET = """
import atexit, os, signal, sys
at, number, seen = int(sys.argv.pop(1)), getattr(signal, sys.argv.pop(1)), 0

class Meet:  # stands before every import
    def find_spec(self, name, path=None, target=None):
        global seen
        seen += 1
        if seen == at:
            os.kill(os.getpid(), number)

if not at:
    atexit.register(lambda: print(seen, file=sys.stderr, flush=True) or os.kill(os.getpid(), number))
from netral_nlp.cli import main
sys.meta_path.insert(0, Meet())
main()
"""
COMMANDS = [["--help"], ["--version"], ["roster", "check", *ROSTERS], ["law", "show", "--on", "2024-11-27"],
            ["corpus", "check", str(ROOT / "data" / "samples")]]  # fmt: skip


def run(arguments: list[str], **streams: object) -> subprocess.CompletedProcess[bytes]:
    environment = {**os.environ, "PYTHONPATH": str(ROOT / "src")}
    command = [sys.executable, "-m", "netral_nlp", *arguments]
    return subprocess.run(command, env=environment, check=False, **streams)  # type: ignore[call-overload, no-any-return]


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no /dev/full")
@pytest.mark.parametrize("arguments", COMMANDS[:4], ids=lambda one: " ".join(one[:2]))
def test_a_full_disk_behind_standard_output_is_one_sentence(arguments: list[str]) -> None:
    with Path("/dev/full").open("wb") as full:
        done = run(arguments, stdout=full, stderr=subprocess.PIPE)
    said = done.stderr.decode().splitlines()
    assert done.returncode == 3 and said[-1].startswith("Cannot write") and len(said) <= 2, said


@pytest.mark.parametrize("arguments", COMMANDS[:4], ids=lambda one: " ".join(one[:2]))
def test_a_closed_pipe_is_no_fault(arguments: list[str]) -> None:
    reading, writing = os.pipe()
    os.close(reading)
    with os.fdopen(writing, "wb") as pipe:
        done = run(arguments, stdout=pipe, stderr=subprocess.PIPE)
    said = done.stderr.decode().splitlines()
    assert done.returncode == 0 and said[-1] == "The program that read the output has stopped.", said


@pytest.mark.parametrize("closed", [0, 1, 2])
def test_a_stream_that_was_closed_is_nothing(closed: int, tmp_path: Path) -> None:
    """Else the next file to be opened would take its number, and what is said would go into that file."""
    out = tmp_path / "out.json"
    done = run(["corpus", "check", str(ROOT / "data" / "samples"), "--json", str(out)],
               stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, preexec_fn=lambda: os.close(closed))  # fmt: skip
    assert done.returncode in (0, 3, 5)
    assert not out.exists() or out.read_bytes().startswith(b"{")


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no /dev/full")
def test_messages_that_nobody_can_read_are_no_fault() -> None:
    with Path("/dev/full").open("wb") as full:
        assert run(["roster", "check", ROSTERS[0]], stdout=subprocess.DEVNULL, stderr=full).returncode == 0


def met(at: int, name: str) -> tuple[int, list[str]]:
    """How ``netral roster check`` ends when a signal comes at so many imports, or (0) after all its work."""
    command = [sys.executable, "-c", MET, str(at), name, "roster", "check", ROSTERS[0]]
    done = subprocess.run(
        command, env={**os.environ, "PYTHONPATH": str(ROOT / "src")}, capture_output=True, check=False
    )
    return done.returncode, done.stderr.decode().splitlines()


@pytest.mark.parametrize("name", ["SIGINT", "SIGTERM"])
def test_a_signal_at_any_import_is_one_sentence_and_one_after_the_work_is_nothing(name: str) -> None:
    """An interrupted import may look like a missing module: it is the signal that counts."""
    code, (imports,) = met(0, name)
    assert code == 0
    for at in sampled(range(1, int(imports) + 1, 5), 5):
        with attempt(f"{name} at imports") as tally:
            code, said = met(at, name)
            assert (code, said) == (128 + getattr(signal, name), ["Interrupted; nothing was left half written."]), at
            tally.failed += 1


@pytest.mark.parametrize(
    ("error", "code"),
    [(InputError("x"), 3), (KeyboardInterrupt(), 130), (MemoryError(), 3), (BrokenPipeError(), 0),
     (OSError(28, "No space left on device"), 3), (SystemExit(5), 5), (SystemExit(), 0)],
)  # fmt: skip
def test_every_end_has_its_code(error: BaseException, code: int, capfd: pytest.CaptureFixture[str]) -> None:
    def command() -> None:
        raise error

    with capfd.disabled():
        saved = os.dup(1)
        try:
            assert ended(command) == code
        finally:
            os.dup2(saved, 1)
            os.close(saved)


def test_a_bug_is_not_hidden() -> None:
    def command() -> None:
        raise ValueError("a bug")

    with pytest.raises(ValueError, match="a bug"):
        ended(command)
