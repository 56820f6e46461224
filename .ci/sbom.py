"""The bill of materials of a release: ``python .ci/sbom.py > dist/sbom.json`` (CycloneDX 1.6, JSON).

Made from ``requirements.lock`` alone, so the same lock gives the same bytes; no host is named in it.
"""

from __future__ import annotations

import hashlib
import json
import re
import sys
import tomllib
import uuid
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
NAME = re.compile(r"^(?P<name>[\w.-]+)==(?P<version>[^\s;\\]+)(?:\s*;\s*(?P<marker>[^\\]+?))?\s*\\?$")
DIGEST = re.compile(r"--hash=sha256:([0-9a-f]{64})")
ROOT_REF = "netral-nlp"


def read_lock(text: str) -> list[dict[str, Any]]:
    """The packages of a lock: name, version, marker ("" for everywhere), digests, and what asks for them (``via``)."""
    packages: list[dict[str, Any]] = []
    for line in text.splitlines():
        if found := NAME.match(line):
            packages.append({**found.groupdict(default=""), "digests": [], "via": []})
        elif packages:
            packages[-1]["digests"] += DIGEST.findall(line)
            if line.strip().startswith("#"):
                packages[-1]["via"] += [w for w in line.strip("# \t").removeprefix("via").split() if w]
    return packages


def component(package: dict[str, Any]) -> dict[str, Any]:
    """One package. A digest is of one of its files, whichever fits the machine: hence properties, not hashes."""
    properties = [{"name": "netral-nlp:file:sha256", "value": digest} for digest in package["digests"]]
    if package["marker"]:
        properties.append({"name": "netral-nlp:marker", "value": package["marker"]})
    purl = reference(package)
    return {
        "type": "library", "bom-ref": purl, "name": package["name"], "version": package["version"], "purl": purl,
        "properties": properties,
    }  # fmt: skip


def reference(package: dict[str, Any]) -> str:
    """The package's address as scanners know it, which names no host."""
    return f"pkg:pypi/{package['name'].lower().replace('_', '-')}@{package['version']}"


def bill(lock: str, project: dict[str, Any]) -> dict[str, Any]:
    """The whole document."""
    packages = read_lock(lock)
    by_name: dict[str, list[str]] = {}
    for package in packages:
        by_name.setdefault(package["name"], []).append(reference(package))
    needs: dict[str, set[str]] = {ROOT_REF: set(), **{reference(p): set() for p in packages}}
    for package in packages:
        for asker in package["via"]:
            for ref in by_name.get(asker.partition("[")[0], [ROOT_REF] if asker.startswith(ROOT_REF) else []):
                needs[ref].add(reference(package))
    digest = hashlib.sha256(lock.encode()).digest()
    return {
        "$schema": "http://cyclonedx.org/schema/bom-1.6.schema.json",
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "serialNumber": f"urn:uuid:{uuid.UUID(bytes=digest[:16], version=5)}",
        "version": 1,
        "metadata": {
            "component": {
                "type": "application", "bom-ref": ROOT_REF, "name": project["name"], "version": project["version"],
                "description": project["description"], "licenses": [{"license": {"id": project["license"]}}],
            }
        },
        "components": [component(p) for p in packages],
        "dependencies": [{"ref": ref, "dependsOn": sorted(found)} for ref, found in sorted(needs.items())],
    }  # fmt: skip


if __name__ == "__main__":
    about = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    document = bill((ROOT / "requirements.lock").read_text(encoding="utf-8"), about)
    sys.stdout.write(json.dumps(document, indent=1, ensure_ascii=False) + "\n")
