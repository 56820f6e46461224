"""Starting without a terminal: the files to double-click, with a Python that only pretends; the help's three ways."""

from __future__ import annotations

import json
import os
import re
import shlex
import shutil
import stat
import subprocess
import sys
import time
from pathlib import Path

import pytest

from running import run

ROOT = Path(__file__).resolve().parents[1]
STARTERS = ROOT / "mulai"
unix = pytest.mark.skipif(sys.platform == "win32", reason="a shell script")
# a python3 that makes an environment of itself and tells what it was asked
PRETENDER = """#!/bin/sh
echo "$0|$*" >> "$TOLD"
case "$*" in
  *version_info*) exit "${OLD:-0}" ;;
  "-m venv "*) mkdir -p "$3/bin"; cp "$0" "$3/bin/python" ;;
  *"pip install"*) [ -z "${OFFLINE:-}" ] || exit 1; cp "$0" "${0%python}netral" ;;
  desk*) exit "${ENDS:-0}" ;;
esac
"""


class House:
    """A folder with a space in its name, the scripts in it, and a Python that pretends."""

    def __init__(self, folder: Path, *, source: bool = True) -> None:
        self.home = folder / "netral nlp"
        shutil.copytree(STARTERS, self.home / "mulai")
        if source:
            (self.home / "pyproject.toml").touch()
        self.tools = folder / "tools"
        self.tools.mkdir()
        python = self.tools / "python3"
        python.write_text(PRETENDER)
        python.chmod(0o755)
        self.told = folder / "told"

    @property
    def place(self) -> dict[str, str]:
        """What the programs find around them."""
        return {"PATH": f"{self.tools}{os.pathsep}/usr/bin{os.pathsep}/bin", "TOLD": str(self.told)}

    def start(self, script: str = "meja-netral.sh", *options: str, **set_to: str) -> tuple[int, list[str], str]:
        """Exit code, what the pretended programs were asked, and what people saw."""
        self.told.write_text("")
        done = subprocess.run(
            [str(self.home / "mulai" / script), *options], env={**self.place, **set_to}, cwd="/", text=True,
            capture_output=True, stdin=subprocess.DEVNULL, timeout=60, check=False,
        )  # fmt: skip
        return done.returncode, self.told.read_text().splitlines(), done.stdout + done.stderr


@unix
def test_the_first_double_click_installs_and_every_click_opens_the_desk(tmp_path: Path) -> None:
    house = House(tmp_path)
    venv = house.home / ".venv"
    code, told, said = house.start()
    assert code == 0 and "sekali saja" in said
    assert [line.partition("|")[2] for line in told if "version_info" not in line] == [
        f"-m venv {venv}", f"-m pip install --quiet --disable-pip-version-check {house.home}[desk]",
        f"desk {house.home}/perkara",
    ]  # fmt: skip
    assert told[-1].startswith(f"{venv}/bin/netral|")
    code, told, said = house.start("meja-netral.command", "--port", "8000")
    assert code == 0 and said == ""
    assert told[-1].endswith(f"|desk {house.home}/perkara --port 8000")
    assert not [line for line in told if "venv /" in line or "pip" in line]


@unix
def test_without_the_source_the_released_package_is_installed(tmp_path: Path) -> None:
    _, told, _ = House(tmp_path, source=False).start()
    assert any(line.endswith(" netral-nlp[desk]") for line in told)


@unix
@pytest.mark.parametrize(("what", "sentence"), [
    ({"OLD": "1"}, "Python 3.11"), ({"OFFLINE": "1"}, "internet"), ({"ENDS": "3"}, "pesan di atas"),
])  # fmt: skip
def test_what_fails_is_told_in_one_sentence_and_the_next_click_tries_again(
    tmp_path: Path, what: dict[str, str], sentence: str
) -> None:
    house = House(tmp_path)
    if "OLD" in what:
        for name in ("python3.11", "python3.12", "python3.13", "python3.14", "python"):
            shutil.copy(house.tools / "python3", house.tools / name)
    code, _, said = house.start(**what)
    assert code == 1 and sentence in said
    assert house.start()[0] == 0


@unix
def test_ctrl_c_is_no_failure(tmp_path: Path) -> None:
    code, _, said = House(tmp_path).start(ENDS="130")
    assert code == 0 and "kesalahan" not in said


@unix
def test_the_entry_of_a_linux_desktop_finds_its_script_wherever_it_is_called_from(tmp_path: Path) -> None:
    house = House(tmp_path)
    entry = house.home / "mulai" / "meja-netral.desktop"
    (line,) = re.findall(r"^Exec=(.*)$", entry.read_text(encoding="utf-8"), re.MULTILINE)
    command = [str(entry) if word == "%k" else word for word in shlex.split(line)]
    house.told.write_text("")
    subprocess.run(command, env=house.place, cwd="/", timeout=60, check=True, stdin=subprocess.DEVNULL)
    assert house.told.read_text().splitlines()[-1].endswith("/perkara")


@unix
@pytest.mark.skipif(shutil.which("gio") is None, reason="gio is missing (apt-get install libglib2.0-bin)")
def test_a_linux_desktop_opens_the_desk_in_a_terminal(tmp_path: Path) -> None:
    house = House(tmp_path)
    terminal = house.tools / "xterm"
    terminal.write_text('#!/bin/sh\necho "terminal" >> "$TOLD"\nshift\nexec "$@"\n')
    terminal.chmod(0o755)
    house.told.write_text("")
    entry = house.home / "mulai" / "meja-netral.desktop"
    subprocess.run(
        ["gio", "launch", str(entry)], env={**house.place, "HOME": str(tmp_path)}, cwd=entry.parent, timeout=60,
        check=True, stdin=subprocess.DEVNULL, capture_output=True,
    )  # fmt: skip
    until = time.monotonic() + 60  # it does not wait for what it has launched
    while "|desk " not in house.told.read_text() and time.monotonic() < until:
        time.sleep(0.05)
    said = house.told.read_text().splitlines()
    assert said[0] == "terminal" and "|desk " in said[-1], said


def test_files_to_double_click_are_what_their_systems_can_run() -> None:
    batch = (STARTERS / "meja-netral.bat").read_bytes().decode("ascii")  # cmd reads it in the console's own code page
    assert set(re.findall(r"goto (\w+)", batch)) == set(re.findall(r"^:(\w+)", batch, re.MULTILINE))
    assert batch.count('"') % 2 == 0
    assert re.findall(r"errorlevel (\d+)", batch) == ["131", "130", "1"]  # "this or higher": the higher one first
    entry = (STARTERS / "meja-netral.desktop").read_text(encoding="utf-8")
    assert entry.startswith("[Desktop Entry]\n") and "Terminal=true" in entry and entry.count("%k") == 1
    for name in ("meja-netral.sh", "meja-netral.command"):
        text = (STARTERS / name).read_bytes()
        assert text.startswith(b"#!/bin/sh\n") and b"\r" not in text
        if sys.platform != "win32":
            assert (STARTERS / name).stat().st_mode & stat.S_IXUSR
            assert subprocess.run(["sh", "-n", str(STARTERS / name)], check=False).returncode == 0


def test_every_way_to_start_is_told_where_people_look_for_it() -> None:
    alone = run()
    said = " ".join((alone.out + alone.err).split())
    assert "mulai/meja-netral" in said and "netral desk" in said and "netral score" in said and "netral guide" in said
    told = (STARTERS / "BACA.md").read_text(encoding="utf-8")
    assert all(name in told for name in ("meja-netral.bat", "meja-netral.command", "meja-netral.desktop", "Dockerfile"))


@unix
def test_the_office_server_runs_without_the_rights_of_root() -> None:
    lines = (ROOT / "Dockerfile").read_text(encoding="utf-8").splitlines()
    assert lines.index("USER netral") < next(n for n, line in enumerate(lines) if line.startswith("ENTRYPOINT "))
    program, option, command, zero = json.loads(lines[-1].removeprefix("ENTRYPOINT "))
    assert (program, option, zero) == ("sh", "-c", "netral")
    for name, more in (("", ()), ("server kantor", ()), ("meja", ("--lang", "en"))):  # what the shell makes of it
        shown = command.replace("exec netral", 'printf "%s|" netral')
        place = {"NETRAL_NAME": name, "PATH": os.environ["PATH"]}
        asked = [program, option, shown, zero, *more]
        said = subprocess.run(asked, env=place, capture_output=True, text=True, check=True).stdout
        assert said.split("|")[:-1] == ["netral", "desk", "/perkara", "--lan", "--port", "8443", "--no-browser",
                                        *(("--name", name) if name else ()), *more]  # fmt: skip
    copied = [
        word for line in lines if line.startswith("COPY ") and "--from" not in line for word in line.split()[1:-1]
    ]
    assert [name for name in copied if not (ROOT / name).exists()] == []
