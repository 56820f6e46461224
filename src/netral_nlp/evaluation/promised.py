"""What ``--max-fpr`` promises, measured on labelled posts: neutral posts accused, support and opposition found."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import astuple
from typing import Any

import numpy as np

from netral_nlp.arrays import Bools, Floats
from netral_nlp.model.model import Model
from netral_nlp.model.promise import COLUMNS, levels_of, promise_of, recipe_of, table_rows
from netral_nlp.records import NEUTRAL, OPPOSE, SUPPORT
from netral_nlp.statistics import clopper_pearson

RATES = (0.01, 0.05)


def promise_figures(
    model: Model, scores: Floats, telling: Bools, labels: Sequence[str], elections: Sequence[str], max_fpr: float
) -> dict[str, Any]:
    """For each rate: neutral posts and how many were accused (with a 95 % interval), in all and in each election."""
    truth, places = np.array(labels), np.array(elections)
    levels = levels_of(scores, model.tails, telling)
    best = scores.argmax(axis=1)
    found: dict[str, Any] = {}
    for rate in sorted({*RATES, max_fpr}):
        promise = promise_of(model, rate)
        called = levels <= promise.level * (1 + 1e-9)

        def share(label: str, at: int, called: Bools = called) -> float | None:
            deserving = truth == label
            return float((called & deserving & (best == at)).sum() / deserving.sum()) if deserving.any() else None

        groups = {name: _accused(called & (places == name), places == name, truth) for name in sorted(set(elections))}
        found[f"{rate:g}"] = {
            **_accused(called, np.ones(len(truth), dtype=np.bool_), truth),
            "dukung_recall": share(SUPPORT, 0),
            "tolak_recall": share(OPPOSE, 2),
            "level": promise.level,
            "basis": promise.basis,
            "kept_in": sum(g["accused"] <= rate * g["n"] for g in groups.values()),
            "elections": len(groups),
            "by_election": groups,
        }
    return found


def _accused(called: Bools, here: Bools, truth: np.ndarray[Any, Any]) -> dict[str, Any]:
    neutral = here & (truth == NEUTRAL)
    n, accused = int(neutral.sum()), int((called & neutral).sum())
    return {"n": n, "accused": accused, "ci95": clopper_pearson(accused, n) if n else None}


def promise_table(model: Model, scores: Floats, telling: Bools, labels: Sequence[str], elections: Sequence[str]) -> str:
    """The figures of every level on each election, as the CSV text of ``data/promise.csv``; elections get a code."""
    recipe, places = recipe_of(model), np.array(elections)
    levels = levels_of(scores, model.tails, telling)
    lines: list[tuple[str, ...]] = [COLUMNS]
    for number, name in enumerate(sorted(set(elections)), 1):
        here = places == name
        rows = table_rows(np.array(labels)[here].tolist(), scores[here].argmax(axis=1), levels[here], f"nyata-{number}")
        lines += [(recipe, *map(str, astuple(row))) for row in rows]
    return "".join(",".join(line) + "\n" for line in lines)
