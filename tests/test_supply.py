"""Laws of the supply chain: the lock is whole and fits the project, the bill of materials says what the lock says."""

from __future__ import annotations

import importlib.util
import json
import re
import subprocess
import sys
import tomllib
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

requirements = pytest.importorskip("packaging.requirements", reason="packaging is not installed")

ROOT = Path(__file__).resolve().parents[1]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
LOCK = (ROOT / "requirements.lock").read_text(encoding="utf-8")
NOT_LOCKED = ("dev", "notebooks", "polars", "spark")


@pytest.fixture(scope="module")
def sbom() -> ModuleType:
    spec = importlib.util.spec_from_file_location("sbom", ROOT / ".ci" / "sbom.py")
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def bill(sbom: ModuleType) -> dict[str, Any]:
    made: dict[str, Any] = sbom.bill(LOCK, PROJECT)
    return made


def needed() -> list[str]:
    extras = PROJECT["optional-dependencies"]
    return [*PROJECT["dependencies"], *(n for extra, found in extras.items() if extra not in NOT_LOCKED for n in found)]


@pytest.mark.parametrize("one", needed())
def test_the_lock_holds_what_the_project_needs(sbom: ModuleType, one: str) -> None:
    wanted = requirements.Requirement(one)
    found = [p for p in sbom.read_lock(LOCK) if fold(p["name"]) == fold(wanted.name)]
    assert found, "run .ci/lock"
    assert all(wanted.specifier.contains(p["version"]) for p in found), "run .ci/lock"


def fold(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def test_every_locked_package_has_digests_and_no_host_is_named(sbom: ModuleType) -> None:
    packages = sbom.read_lock(LOCK)
    assert len(packages) == len(re.findall(r"^[\w.-]+==", LOCK, re.MULTILINE)) > 20
    assert all(p["digests"] for p in packages)
    assert "://" not in LOCK and "index-url" not in LOCK and "find-links" not in LOCK


def test_the_bill_lists_the_lock_and_its_references_hold(sbom: ModuleType, bill: dict[str, Any]) -> None:
    packages = sbom.read_lock(LOCK)
    refs = [c["bom-ref"] for c in bill["components"]]
    assert len(refs) == len(set(refs)) == len(packages)
    assert {(c["name"], c["version"]) for c in bill["components"]} == {(p["name"], p["version"]) for p in packages}
    known = {*refs, bill["metadata"]["component"]["bom-ref"]}
    assert {d["ref"] for d in bill["dependencies"]} == known
    assert {ref for d in bill["dependencies"] for ref in d["dependsOn"]} == set(refs)  # each is needed by something
    (root,) = [d for d in bill["dependencies"] if d["ref"] == bill["metadata"]["component"]["bom-ref"]]
    direct = {fold(requirements.Requirement(one).name) for one in needed()}
    assert {ref.removeprefix("pkg:pypi/").partition("@")[0] for ref in root["dependsOn"]} == direct


def test_the_same_lock_gives_the_same_bill_and_another_lock_another(sbom: ModuleType, bill: dict[str, Any]) -> None:
    assert json.dumps(sbom.bill(LOCK, PROJECT)) == json.dumps(bill)
    assert sbom.bill(LOCK + "\n", PROJECT)["serialNumber"] != bill["serialNumber"]
    assert bill["metadata"]["component"]["version"] == PROJECT["version"]


def test_the_script_prints_the_bill(bill: dict[str, Any]) -> None:
    done = subprocess.run([sys.executable, ROOT / ".ci" / "sbom.py"], capture_output=True, text=True, check=True)
    assert json.loads(done.stdout) == bill
