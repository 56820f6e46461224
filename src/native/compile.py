"""Makes the library of the core from the C files of this folder: ``python src/native/compile.py``.

Needs nothing but Python and a C11 compiler: ``$CC``, else cc, gcc or clang, else ``ziglang`` where that is installed.
``hatch_build.py`` calls ``compile_core`` when the package is installed or a wheel is made.
"""

from __future__ import annotations

import argparse
import importlib.util
import os
import shlex
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent))

from netral_nlp.native import BINARY, digest_of  # noqa: E402 - where it lies is known only now

FLAGS = ("-std=c11", "-O3", "-fPIC", "-shared", "-fvisibility=hidden", "-ffp-contract=off", "-Wall", "-Wextra")
SANITIZED = ("-g", "-O1", "-fno-omit-frame-pointer", "-fsanitize=address,undefined", "-fno-sanitize-recover=all")
PROBE = (
    "#include <string.h>\n#include <math.h>\nint probe(const char *s) { return (int)strlen(s) + (int)floor(0.5); }\n"
)


class CannotCompile(Exception):  # noqa: N818 - it reads so where it is raised
    """No compiler, or one that fails; says why."""


def compiler() -> list[str] | None:
    """The command of a compiler that works here, None where there is none."""
    named = os.environ.get("CC")
    for command in [shlex.split(named)] if named else [["cc"], ["gcc"], ["clang"]]:
        if shutil.which(command[0]) and _works(command):
            return command
    return zig()


def zig() -> list[str] | None:
    """The compiler of the package ``ziglang``, which compiles for other systems, too; None without that package."""
    return [sys.executable, "-m", "ziglang", "cc"] if importlib.util.find_spec("ziglang") else None


def compile_core(to: Path, command: list[str] | None, *flags: str) -> Path:
    """Writes the library to ``to``, whole or not at all; raises CannotCompile."""
    if command is None:
        raise CannotCompile("no C compiler was found")
    to.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=to.parent, prefix=".core-") as folder:
        made = Path(folder) / to.name
        digest = f'-DNETRAL_DIGEST="{digest_of(HERE)}"'
        release = () if "-fsanitize=address,undefined" in flags else ("-DNDEBUG",)
        sources = sorted(str(file) for file in HERE.glob("*.c"))
        # a linker of Windows has its mathematics elsewhere and knows no -lm
        needs = () if to.suffix == ".dll" else ("-lm",)
        _run([*command, *FLAGS, *release, *flags, digest, "-o", str(made), *sources, *needs])
        os.replace(made, to)  # noqa: PTH105 - also where the old one is in use
    return to


def _works(command: list[str]) -> bool:
    with tempfile.TemporaryDirectory() as folder:
        source = Path(folder) / "probe.c"
        source.write_text(PROBE, encoding="ascii")
        try:
            _run([*command, "-std=c11", "-shared", "-fPIC", "-o", str(source.with_suffix(".out")), str(source)])
        except CannotCompile:
            return False
    return True


def _run(command: list[str]) -> None:
    try:
        done = subprocess.run(command, capture_output=True, text=True, errors="replace", check=False)
    except OSError as error:
        raise CannotCompile(f"{command[0]} cannot be started: {error.strerror}") from None
    if done.returncode:
        raise CannotCompile(f"{shlex.join(command[:3])} … failed:\n{done.stderr.strip()}")
    if done.stderr.strip():
        print(done.stderr.strip(), file=sys.stderr)


def main(arguments: list[str] | None = None) -> int:
    """What the command line asks for; 1 where it cannot be compiled."""
    parser = argparse.ArgumentParser(description="Make the core from the C files beside this script.")
    parser.add_argument("--sanitize", action="store_true", help="with AddressSanitizer, UBSan and assertions")
    parser.add_argument("--strict", action="store_true", help="a warning is an error")
    parser.add_argument("-o", "--output", type=Path, default=BINARY, help="the library to write")
    asked = parser.parse_args(arguments)
    flags = (*(SANITIZED if asked.sanitize else ()), *(("-Werror",) if asked.strict else ()))
    try:
        print(compile_core(asked.output, compiler(), *flags))
    except CannotCompile as error:
        print(error, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
