"""Windows as far as another system can simulate it: files held by Excel, consoles, the file to double-click.

What only Windows itself can show (Excel's own lock, the launcher ``py``) the workflow in ``.github`` runs there.
"""

from __future__ import annotations

import io
import re
from collections.abc import Callable
from pathlib import Path

import pytest

from netral_nlp.cli import terminal
from netral_nlp.errors import InputError
from netral_nlp.tables import atomic, write_bytes_atomically
from netral_nlp.tables.atomic import AtomicFile
from netral_nlp.tables.together import Outputs
from running import run

ROOT = Path(__file__).resolve().parents[1]


@pytest.fixture
def hold(monkeypatch: pytest.MonkeyPatch) -> Callable[[Path], None]:
    """Files given to it cannot be replaced, as on Windows while another program has them open."""
    held: list[Path] = []
    really = Path.replace

    def replace(self: Path, target: Path) -> Path:
        if Path(target) in held:
            raise PermissionError(13, "The process cannot access the file because it is being used by another process")
        return really(self, target)

    monkeypatch.setattr(Path, "replace", replace)
    monkeypatch.setattr(atomic, "OPEN_FILES_STAY", True)
    return held.append


def test_a_file_open_in_excel_is_finished_under_another_name(
    tmp_path: Path, hold: Callable[[Path], None], caplog: pytest.LogCaptureFixture
) -> None:
    target = tmp_path / "hasil.xlsx"
    target.write_bytes(b"old")
    hold(target)
    for number in (2, 3):
        write_bytes_atomically(target, b"new")
        assert (tmp_path / f"hasil ({number}).xlsx").read_bytes() == b"new"
        assert f"hasil ({number}).xlsx" in caplog.text and "open in Excel" in caplog.text
    assert target.read_bytes() == b"old"
    assert len(list(tmp_path.iterdir())) == 3  # no temporary file is left


def test_a_resumable_output_is_finished_under_another_name_too(tmp_path: Path, hold: Callable[[Path], None]) -> None:
    target = tmp_path / "hasil.csv"
    target.write_bytes(b"old")
    hold(target)
    with Outputs(target) as outputs:
        part = outputs.open(target)
        part.handle.write(b"new")
        outputs.commit()
    assert part.target == tmp_path / "hasil (2).csv"
    assert part.target.read_bytes() == b"new" and target.read_bytes() == b"old"


def test_where_nothing_can_be_renamed_the_old_file_stays_and_it_is_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def never(self: Path, target: Path) -> Path:
        raise PermissionError(13, "Access is denied")

    target = tmp_path / "hasil.csv"
    target.write_bytes(b"old")
    monkeypatch.setattr(Path, "replace", never)
    monkeypatch.setattr(atomic, "OPEN_FILES_STAY", True)
    with pytest.raises(InputError, match=r"Cannot write .*Access is denied"):
        write_bytes_atomically(target, b"new")
    assert [path.name for path in tmp_path.iterdir()] == ["hasil.csv"]
    assert target.read_bytes() == b"old"


def test_what_killed_writers_left_goes_and_what_living_ones_hold_stays(tmp_path: Path) -> None:
    stale = tmp_path / ".hasil.csv.netral-0123456789ab.part"
    stale.write_bytes(b"half")
    with AtomicFile(tmp_path / "hasil.csv") as first:
        assert not stale.exists()
        with AtomicFile(tmp_path / "hasil.csv") as second:
            assert first.path is not None and first.path.exists()
            second.discard()


class Screen(io.StringIO):
    def isatty(self) -> bool:
        return True


@pytest.mark.parametrize(("variable", "value", "expected"), [
    ("NO_COLOR", "1", False), ("TERM", "dumb", False), ("TERM", "xterm-256color", True),
])  # fmt: skip
def test_colours_are_for_terminals_that_want_them(
    monkeypatch: pytest.MonkeyPatch, variable: str, value: str, expected: bool
) -> None:
    for name in ("NO_COLOR", "FORCE_COLOR", "TTY_COMPATIBLE", "TTY_INTERACTIVE"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.setenv(variable, value)
    monkeypatch.setattr("sys.stdout", Screen())
    assert terminal.coloured() is expected
    monkeypatch.setattr("sys.stdout", io.StringIO())
    assert terminal.coloured() is False


def test_the_bar_counts_on_a_terminal_and_leaves_nothing_elsewhere(monkeypatch: pytest.MonkeyPatch) -> None:
    for screen, drawn in ((Screen(), True), (io.StringIO(), False)):
        monkeypatch.setattr("sys.stderr", screen)
        watch = terminal.progress()
        watch(1234, 0.5)
        watch(2000, None)
        terminal.end_progress()
        assert ("1,234 posts" in screen.getvalue()) is drawn
        terminal.end_progress()  # twice is harmless


def test_the_file_to_double_click_is_one_that_cmd_can_run() -> None:
    text = (ROOT / "mulai.bat").read_bytes().decode("ascii")  # cmd reads it in the console's own code page
    assert "*.bat text eol=crlf" in (ROOT / ".gitattributes").read_text(encoding="utf-8")
    labels = set(re.findall(r"^:(\w+)", text, re.MULTILINE))
    assert set(re.findall(r"goto (\w+)", text)) == labels
    for path in re.findall(r"data\\[\w\\.-]+", text):
        assert (ROOT / path.replace("\\", "/")).exists()
    assert text.count('"') % 2 == 0
    # tests of an exit code say "this or higher": the higher one comes first
    assert re.findall(r"errorlevel (\d)", text) == ["6", "5", "1"]
    desk = (ROOT / "mulai" / "meja-netral.bat").read_text(encoding="ascii")
    asked = [line for line in text.splitlines() if "PYTHON" in line]  # py, else python; both files know both
    assert len(asked) == 5 and asked == [line for line in desk.splitlines() if "PYTHON" in line]


def test_parquet_without_its_package_is_one_sentence(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(__import__("sys").modules, "pyarrow", None)
    (tmp_path / "p.parquet").write_bytes(b"PAR1 and so on")
    done = run("corpus", "check", tmp_path / "p.parquet")
    assert done.code == 3
    assert done.out.count("pip install pyarrow") == 1 and "Traceback" not in done.out + done.err
