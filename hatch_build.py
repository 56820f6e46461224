"""Compiles the core in C when the package is installed or a wheel is made; without a compiler it installs without it.

``NETRAL_WHEEL`` names a platform of ``TARGETS`` that a wheel is made for on another system (``.ci/wheels``).
"""

from __future__ import annotations

import importlib.util
import os
import platform
import shutil
import sys
import sysconfig
import tempfile
from pathlib import Path
from types import ModuleType
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

ROOT = Path(__file__).resolve().parent
ZIG = "ziglang>=0.13"
HAS_ZIG = {"x86_64", "amd64", "arm64", "aarch64"}  # machines that a wheel of ziglang exists for
TARGETS = {  # platform of a wheel: what zig calls it, and the name of the library there
    "manylinux_2_17_x86_64": ("x86_64-linux-gnu.2.17", "core.so"),
    "manylinux_2_17_aarch64": ("aarch64-linux-gnu.2.17", "core.so"),
    "musllinux_1_1_x86_64": ("x86_64-linux-musl", "core.so"),
    "macosx_11_0_arm64": ("aarch64-macos.11.0", "core.dylib"),
    "macosx_11_0_x86_64": ("x86_64-macos.11.0", "core.dylib"),
    "win_amd64": ("x86_64-windows-gnu", "core.dll"),
    "win_arm64": ("aarch64-windows-gnu", "core.dll"),
}


class Core(BuildHookInterface[Any]):
    """The library beside the package: into the wheel, or into the sources of an editable installation."""

    def dependencies(self) -> list[str]:
        """``ziglang`` only where it is needed: for another system, or where no compiler works."""
        needed = wanted() is not None or compiling().compiler() is None
        return [ZIG] if needed and platform.machine().lower() in HAS_ZIG else []

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Compiles, and tells the wheel its platform; says so where nothing can be compiled."""
        made = compiling()
        target = wanted()
        try:
            if target is not None:
                name, flags, command = TARGETS[target][1], ("-target", TARGETS[target][0]), made.zig()
            else:
                name, flags, command = made.BINARY.name, (), made.compiler()
            folder = made.BINARY.parent if version == "editable" else Path(tempfile.mkdtemp(prefix="netral-"))
            core = made.compile_core(folder / name, command, *flags)
        except (made.CannotCompile, OSError) as error:
            if target is not None:
                raise
            self.app.display_warning(f"The core in C is left out, plain Python does its work: {error}")
            return
        build_data["pure_python"] = False
        build_data["tag"] = f"py3-none-{target or here()}"
        if version != "editable":
            build_data["force_include"][str(core)] = f"netral_nlp/native/{name}"

    def finalize(self, version: str, build_data: dict[str, Any], artifact_path: str) -> None:
        """The library is in the wheel now."""
        for core in build_data["force_include"]:
            if Path(core).parent.name.startswith("netral-"):
                shutil.rmtree(Path(core).parent, ignore_errors=True)


def wanted() -> str | None:
    """The other platform that a wheel is asked for; raises KeyError with those that there are."""
    target = os.environ.get("NETRAL_WHEEL")
    if target and target not in TARGETS:
        raise KeyError(f"NETRAL_WHEEL={target}: one of {', '.join(TARGETS)}")
    return target or None


def here() -> str:
    """The platform of a wheel that this machine compiles for itself."""
    if sys.platform == "darwin":  # an interpreter for two processors says so; the compiler makes code for one
        from packaging.tags import mac_platforms

        return next(iter(mac_platforms(arch=platform.machine())))
    return sysconfig.get_platform().replace("-", "_").replace(".", "_")


def compiling() -> ModuleType:
    """``src/native/compile.py``."""
    spec = importlib.util.spec_from_file_location("compile_core", ROOT / "src" / "native" / "compile.py")
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module
