"""The act model's part of the model file: its arrays, and the checks before they are used."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

import numpy as np
import numpy.typing as npt

from netral_nlp.errors import ModelError
from netral_nlp.model.acts import ANY, ActModel, ActWeights

PREFIX = "acts."
LARGEST_WEIGHT = 1e6
_CODE = re.compile(r"[A-Z][A-Z_]{1,30}")
_BLOCK = re.compile(r"[a-z]{1,20}")
_MOST = 40  # outputs

Arrays = dict[str, npt.NDArray[Any]]


def act_arrays(acts: ActModel) -> tuple[Arrays, dict[str, Any]]:
    """The arrays by name, and what the header says of them."""
    arrays: Arrays = {f"{PREFIX}intercept": acts.intercept}
    for w in acts.weights:
        arrays[f"{PREFIX}{w.name}.features"] = np.frombuffer("\n".join(w.features).encode("utf-8"), dtype=np.uint8)
        arrays[f"{PREFIX}{w.name}.idf"] = w.idf
        arrays[f"{PREFIX}{w.name}.coef"] = w.coef
    arrays[f"{PREFIX}tails"] = np.array([acts.tails[act] for act in acts.acts], dtype=np.float64)
    entry = {
        "outputs": list(acts.outputs),
        "acts": list(acts.acts),
        "blocks": [{"name": w.name, "weight": w.weight, "min_df": w.min_df} for w in acts.weights],
        "cues": acts.cues,
        "facts": dict(acts.facts),
    }
    return arrays, entry


def read_acts(entry: Mapping[str, Any], arrays: Arrays, name: str) -> ActModel:
    """The act model of a file. Raises ModelError for sizes, codes or numbers that cannot be one's."""

    def refuse(what: str) -> ModelError:
        return ModelError(f"{name} is damaged: {what}. Train it again with: netral train")

    outputs, acts = tuple(entry["outputs"]), tuple(entry["acts"])
    codes = all(isinstance(one, str) and _CODE.fullmatch(one) for one in outputs)
    if not codes or not 1 < len(outputs) <= _MOST or len(set(outputs)) != len(outputs) or ANY not in outputs:
        raise refuse("its header names acts that cannot be")
    if not acts or len(set(acts)) != len(acts) or not set(acts) <= set(outputs) - {ANY}:
        raise refuse("its header names acts that it has no scores for")
    weights: list[ActWeights] = []
    for block in entry["blocks"]:
        label, weight, min_df = block["name"], block["weight"], block["min_df"]
        if not isinstance(label, str) or not _BLOCK.fullmatch(label) or type(min_df) is not int:
            raise refuse("its header says of a block of the acts what cannot be")
        if type(weight) not in (int, float) or not 0 < weight < LARGEST_WEIGHT:
            raise refuse("its header says of a block of the acts what cannot be")
        joined = arrays[f"{PREFIX}{label}.features"].tobytes().decode("utf-8")
        features = tuple(joined.split("\n")) if joined else ()
        idf, coef = arrays[f"{PREFIX}{label}.idf"], arrays[f"{PREFIX}{label}.coef"]
        n = len(features)
        if idf.shape != (n,) or coef.shape != (n, len(outputs)) or len(set(features)) != n:
            raise refuse(f"the sizes of the acts' {label} do not agree")
        if not (_sane(idf) and _sane(coef)) or (idf <= 0).any():
            raise refuse(f"the acts' {label} hold numbers that cannot be")
        weights.append(ActWeights(label, float(weight), min_df, features, idf, coef))
    if not weights or len({w.name for w in weights}) != len(weights):
        raise refuse("the acts have no blocks, or one of them twice")
    intercept, tails = arrays[f"{PREFIX}intercept"], arrays[f"{PREFIX}tails"]
    if intercept.shape != (len(outputs),) or not _sane(intercept):
        raise refuse("the acts' intercept does not fit")
    if tails.ndim != 2 or len(tails) != len(acts) or not _sane(tails) or (np.diff(tails, axis=1) > 0).any():
        raise refuse("the scores that the acts' thresholds come from are not sorted")
    by_act = {act: tails[i] for i, act in enumerate(acts)}
    if not isinstance(entry["cues"], str) or not isinstance(entry["facts"], Mapping):
        raise refuse("its header is not one of ours")
    return ActModel(outputs, tuple(weights), intercept, by_act, entry["cues"], dict(entry["facts"]))


def expected_arrays(entry: Mapping[str, Any]) -> dict[str, tuple[Any, int]]:
    """The arrays that the acts of a header need, each with its type and dimensions."""
    wanted: dict[str, tuple[Any, int]] = {f"{PREFIX}intercept": (np.float64, 1), f"{PREFIX}tails": (np.float64, 2)}
    for block in entry["blocks"]:
        label = str(block["name"])
        wanted[f"{PREFIX}{label}.features"] = (np.uint8, 1)
        wanted[f"{PREFIX}{label}.idf"] = (np.float64, 1)
        wanted[f"{PREFIX}{label}.coef"] = (np.float64, 2)
    return wanted


def _sane(array: npt.NDArray[Any]) -> bool:
    return bool(np.isfinite(array).all() and (np.abs(array) < LARGEST_WEIGHT).all())
