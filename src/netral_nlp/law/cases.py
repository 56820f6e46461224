"""Many cases at once: a JSON document of them in, their answers out."""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from netral_nlp.errors import InputError
from netral_nlp.law.assessment import assess
from netral_nlp.law.facts import read_case
from netral_nlp.law.rules import Rules
from netral_nlp.roster.elections import Roster

SCHEMA = 1


def read_cases(path: str | Path) -> Any:
    """The document in a JSON file; ``-`` is standard input. Raises InputError where there is none to be read."""
    name = "Standard input" if str(path) == "-" else str(path)
    try:
        raw = sys.stdin.buffer.read() if str(path) == "-" else Path(path).read_bytes()
        return parse_cases(raw.decode("utf-8-sig"), name)
    except FileNotFoundError:
        raise InputError(f"There is no file {path}. Check the name and the directory.", path=name) from None
    except OSError as error:
        raise InputError(f"{path} cannot be read: {error.strerror}.", path=name) from None
    except UnicodeDecodeError:
        raise InputError(f"{path} is not UTF-8; save it as UTF-8.", path=name) from None


def parse_cases(text: str, name: str = "The cases") -> Any:
    """The document that a text is. Raises InputError where it is no JSON."""
    try:
        return json.loads(text)
    except (ValueError, RecursionError) as error:
        raise InputError(f"{name} is no JSON: {str(error)[:200]}.", path=name) from None


def assess_document(
    document: object, rosters: Mapping[str, Roster], rules: Rules, name: str = "The cases"
) -> dict[str, Any]:  # fmt: skip
    """The answers to a document ``{"schema": 1, "kasus": [...]}``, or to a bare list of cases.

    ``kasus`` holds ``id``, ``hasil`` and ``catatan`` of each case in the order given, ``ditolak`` the cases that are
    none, each with its place (from 1) and the reason; a case whose election has no roster is answered as far as that
    goes. Raises InputError where it is no such document.
    """
    given = document.get("kasus") if isinstance(document, dict) else document
    if isinstance(document, dict) and document.get("schema", SCHEMA) != SCHEMA:
        raise InputError(f"{name} has schema {str(document['schema'])[:20]}; known is {SCHEMA}.", path=name)
    if not isinstance(given, list):
        raise InputError(f'{name} holds no cases; write {{"schema": 1, "kasus": [...]}}.', path=name)
    answered: list[dict[str, Any]] = []
    refused: list[dict[str, Any]] = []
    for number, one in enumerate(given, 1):
        try:
            case = read_case(one, f"case {number}")
            roster = rosters.get(case.election)
            found = assess(case, roster.election if roster else None, rules)
        except (InputError, RecursionError) as error:
            id = one.get("id") if isinstance(one, dict) else None
            reason = str(error) if isinstance(error, InputError) else f"case {number}: lists in lists in lists"
            refused.append({"nomor": number, "id": id if isinstance(id, str) else None, "alasan": reason})
            continue
        notes = [*found.contradictions, *found.notes]
        answered.append({"id": case.id, "hasil": found.result(), "catatan": notes})
    return {"schema": SCHEMA, "hukum_sha256": rules.digest, "kasus": answered, "ditolak": refused}
