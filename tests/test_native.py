"""Laws of the core's library: it is made of the sources that lie beside it, or it is not used and that is said."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from netral_nlp import native
from netral_nlp.cli.doctor import check_core
from netral_nlp.cli.ending import NO_MEMORY
from netral_nlp.scoring.engine.asking import REACH
from netral_nlp.scoring.engine.native import LONGEST_CLUSTER

ROOT = Path(__file__).resolve().parents[1]
SOURCES = ROOT / "src" / "native"
ASK = (
    "from netral_nlp import native\n"
    "print(native.library() is not None, '|', native.why_not(), '|', native.built_by() != '')"
)


def can_compile() -> bool:
    return any(shutil.which(name) for name in ("cc", "gcc", "clang"))


needs_compiler = pytest.mark.skipif(not can_compile(), reason="no C compiler")


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """The sources of a checkout in which nothing was compiled yet: those of the core, and the door to it."""
    shutil.copytree(SOURCES, tmp_path / "src" / "native", ignore=shutil.ignore_patterns("__pycache__"))
    package = tmp_path / "src" / "netral_nlp"
    package.mkdir()
    shutil.copy(Path(native.__file__).parents[1] / "__init__.py", package)
    shutil.copytree(Path(native.__file__).parent, package / "native", ignore=shutil.ignore_patterns("core.*", "__p*"))
    return tmp_path


def compiled(checkout: Path, *options: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, str(checkout / "src" / "native" / "compile.py"), *options]
    return subprocess.run(command, capture_output=True, text=True, check=False, cwd=checkout)


def asked(checkout: Path) -> tuple[bool, str]:
    done = subprocess.run(
        [sys.executable, "-c", ASK], capture_output=True, text=True, check=True, cwd=checkout,
        env={"PYTHONPATH": str(checkout / "src"), "PYTHONDONTWRITEBYTECODE": "1"},
    )  # fmt: skip
    there, why, told = done.stdout.strip().split("|")
    assert (there.strip() == "True") == (told.strip() == "True") == (not why.strip())
    return there.strip() == "True", why.strip()


def test_without_a_binary_it_is_said_and_nothing_fails(checkout: Path) -> None:
    assert asked(checkout) == (False, "no binary was made when it was installed; a C compiler is needed for that")


def test_the_binding_makes_room_for_as_many_words_as_the_core_asks_about() -> None:
    header = (SOURCES / "core.h").read_text(encoding="utf-8")
    named = {name: int(value) for name, value in re.findall(r"\b([A-Z_]+) = (\d+)", header)}
    assert (named["LONGEST_CLUSTER"], (named["REACH_BEFORE"], named["REACH_BEHIND"])) == (LONGEST_CLUSTER, REACH)


@pytest.mark.skipif(native.library() is None or sys.platform != "linux", reason="no core, or no limit of memory")
def test_a_core_without_memory_ends_in_one_sentence() -> None:
    code = (
        "import resource\n"
        "from ctypes import c_void_p\n"
        "from netral_nlp import native\n"
        "from netral_nlp.scoring.engine.binding import Calls\n"
        "calls = Calls(native.library())\n"
        "resource.setrlimit(resource.RLIMIT_AS, (1 << 30, 1 << 30))\n"
        "while calls.table(c_void_p(), 1, 2): pass\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (1, f"{NO_MEMORY}\n")


@needs_compiler
def test_the_core_compiles_without_a_warning_and_is_used(checkout: Path) -> None:
    done = compiled(checkout, "--strict")
    assert (done.returncode, done.stderr) == (0, "")
    assert asked(checkout) == (True, "")


@needs_compiler
@pytest.mark.parametrize("change", ["content", "name", "one more"])
def test_a_binary_of_other_sources_is_not_used_until_it_is_made_anew(checkout: Path, change: str) -> None:
    compiled(checkout)
    file = checkout / "src" / "native" / "version.c"
    if change == "content":
        file.write_text(file.read_text("utf-8") + "/* changed */\n", "utf-8")
    elif change == "name":
        file.rename(file.with_name("other.c"))
    else:
        file.with_name("more.c").write_text("int more(void);\nint more(void) { return 1; }\n", "utf-8")
    there, why = asked(checkout)
    assert not there and "other sources" in why
    assert compiled(checkout).returncode == 0
    assert asked(checkout) == (True, "")


@needs_compiler
def test_other_line_ends_are_the_same_sources(checkout: Path) -> None:
    compiled(checkout)
    for file in (checkout / "src" / "native").glob("*.[ch]"):
        file.write_bytes(file.read_bytes().replace(b"\n", b"\r\n"))
    assert asked(checkout) == (True, "")


@needs_compiler
def test_a_binary_that_speaks_other_calls_is_not_used(checkout: Path) -> None:
    header = checkout / "src" / "native" / "netral.h"
    calls = f"#define NETRAL_ABI {native.ABI}\n"
    assert calls in header.read_text("utf-8")
    header.write_text(header.read_text("utf-8").replace(calls, f"#define NETRAL_ABI {native.ABI + 1}\n"), "utf-8")
    compiled(checkout)
    there, why = asked(checkout)
    assert not there and f"calls {native.ABI + 1}, needed {native.ABI}" in why


def test_what_is_no_library_is_not_used(checkout: Path) -> None:
    (checkout / "src" / "netral_nlp" / "native" / native.BINARY.name).write_bytes(b"not a library")
    there, why = asked(checkout)
    assert not there and "cannot be used here" in why


@needs_compiler
def test_sources_that_do_not_compile_leave_the_old_binary(checkout: Path) -> None:
    compiled(checkout)
    binary = checkout / "src" / "netral_nlp" / "native" / native.BINARY.name
    before = binary.read_bytes()
    (checkout / "src" / "native" / "broken.c").write_text("int broken(\n", "utf-8")
    done = compiled(checkout)
    assert done.returncode == 1 and "broken.c" in done.stderr
    assert binary.read_bytes() == before
    assert sorted(p.name for p in binary.parent.iterdir() if p.name != "__pycache__") == ["__init__.py", binary.name]


def test_inside_without_there_is_no_core_and_doctor_says_so() -> None:
    with native.without("a test wants none"):
        assert native.library() is None
        assert check_core() == "plain Python, which is slower (a test wants none)"
        with native.without("nor does another"):
            assert native.why_not() == "nor does another"
    assert "a test" not in native.why_not()
    assert check_core().startswith("native, made by" if native.library() is not None else "plain Python")
