"""The model file: a JSON header and plain arrays in one ``.npz``; reading one can never run code."""

from __future__ import annotations

import hashlib
import io
import json
import zipfile
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from netral_nlp.errors import InputError, ModelError
from netral_nlp.features.vectors import PARTS, WordVectors, vectors_of
from netral_nlp.model.act_file import act_arrays, expected_arrays, read_acts
from netral_nlp.model.acts import ActModel
from netral_nlp.model.calibration import HeldOut
from netral_nlp.model.model import Model, Weights, block_named
from netral_nlp.model.ranges import impossible
from netral_nlp.records import LABELS
from netral_nlp.resources import lexicon_digest
from netral_nlp.tables import limits, write_bytes_atomically
from netral_nlp.text.stemming import Stemmer

FORMAT = 2
LARGEST_FILE = 256 * 2**20
LARGEST_MEMBER = 512 * 2**20
LARGEST_HEADER = 4 * 2**20  # of JSON, which takes many times as much in memory
_DATE = (1980, 1, 1, 0, 0, 0)  # a fixed date: the same model has the same bytes
_TAILS = ("dukung", "tolak")
_PARTS = ("features", "idf", "coef")  # the arrays of a block; a dense one has only the last
_VECTORS = ("vectors.words", "vectors.codes", "vectors.scale", "vectors.idf", "vectors.posts")
STEMMERS: dict[str, Stemmer] = {"fast": "fast", "sastrawi": "sastrawi"}
_OPTIONAL = {"held_out.scores", "held_out.labels", *(f"tail.{label}" for label in _TAILS)}


def save_model(model: Model, path: str | Path) -> None:
    """Write a model file; the same model always gives the same bytes. An older file stays whole until the end."""
    Path(path).parent.mkdir(parents=True, exist_ok=True)
    write_bytes_atomically(Path(path), model_bytes(model))


def model_bytes(model: Model) -> bytes:
    """The bytes of the model file."""
    arrays: dict[str, npt.NDArray[Any]] = {"intercept": model.intercept}
    vectors = next((w.vectors for w in model.weights if w.vectors is not None), None)
    if vectors is not None:
        words = np.frombuffer("\n".join(vectors.words).encode("utf-8"), dtype=np.uint8)
        numbers = (words, vectors.codes, vectors.scale, vectors.idf, vectors.posts)
        arrays.update(zip(_VECTORS, numbers, strict=True))
    for w in model.weights:
        if w.directions is not None:
            arrays[f"{w.block.name}.coef"] = w.directions
            continue
        joined = "\n".join(w.features).encode("utf-8")
        arrays[f"{w.block.name}.features"] = np.frombuffer(joined, dtype=np.uint8)
        arrays[f"{w.block.name}.idf"] = w.idf
        arrays[f"{w.block.name}.coef"] = w.coef
    for label in _TAILS:
        if label in model.tails:
            arrays[f"tail.{label}"] = model.tails[label]
    if model.held_out is not None:
        arrays["held_out.scores"] = model.held_out.scores.astype(np.float32)  # holds six digits
        arrays["held_out.labels"] = model.held_out.labels
    act_entry: dict[str, Any] | None = None
    if model.acts is not None:
        more, act_entry = act_arrays(model.acts)
        arrays.update(more)
    packed = {name: _npy(array) for name, array in arrays.items()}
    header = {
        "format": FORMAT,
        "labels": list(LABELS),
        "stem": model.stem,
        "lexicon": lexicon_digest(),
        "blocks": [
            {
                "name": w.block.name,
                "weight": w.block.weight,
                "idf": w.block.idf,
                "min_df": w.block.min_df,
                "dense": w.block.dense,
            }
            for w in model.weights
        ],
        "arrays": {name: hashlib.sha256(data).hexdigest() for name, data in packed.items()},
        "facts": dict(model.facts),
    }
    if act_entry is not None:
        header["acts"] = act_entry
    text = json.dumps(header, ensure_ascii=False, sort_keys=True, indent=1)
    packed = {"header": _npy(np.frombuffer(text.encode("utf-8"), dtype=np.uint8)), **packed}
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=6) as archive:
        for name, data in packed.items():
            archive.writestr(zipfile.ZipInfo(f"{name}.npy", _DATE), data, zipfile.ZIP_DEFLATED, 6)
    return out.getvalue()


def _npy(array: npt.NDArray[Any]) -> bytes:
    out = io.BytesIO()
    np.lib.format.write_array(out, np.ascontiguousarray(array), allow_pickle=False)
    return out.getvalue()


def load_model(path: str | Path) -> Model:
    """Read a model file after checking its format, sizes, digests, shapes and numbers.

    Raises ModelError for anything that is not a whole model of this format; nothing in the file is ever executed.
    """
    path = Path(path)
    try:
        if path.stat().st_size > LARGEST_FILE:
            raise ModelError(f"{path} is larger than any model of ours; it was not read.")
        data = path.read_bytes()
    except OSError as error:
        raise ModelError(f"The model {path} cannot be read: {error.strerror}.") from None
    return parse_model(data, str(path))


def parse_model(data: bytes, name: str) -> Model:
    """The model in the bytes of a model file; ``name`` is for messages."""
    try:
        return _parse(data, name)
    except ModelError:
        raise
    except (ValueError, KeyError, TypeError, EOFError, OSError, zipfile.BadZipFile, NotImplementedError) as error:
        kind = type(error).__name__
        raise ModelError(
            f"{name} is not a whole netral model ({kind}): it is damaged, or not a model file. "
            "Train it again with: netral train"
        ) from None
    except Exception as error:  # zlib.error and struct.error have no common base
        raise ModelError(f"{name} is damaged ({type(error).__name__}). Train it again with: netral train") from None


def _parse(data: bytes, name: str) -> Model:
    members = _members(data, name)
    header = json.loads(_text(_array(members["header"], np.uint8, 1)), parse_constant=_no_number)
    if not isinstance(header, dict) or type(header.get("format")) is not int or header["format"] != FORMAT:
        found = header.get("format") if isinstance(header, dict) else None
        raise ModelError(
            f"{name} has model format {found}; this version reads format {FORMAT}. Train it again: netral train"
        )
    if header["labels"] != list(LABELS):
        raise ModelError(f"{name} was trained for other labels than {', '.join(LABELS)}.")
    if header["lexicon"] != lexicon_digest():
        raise ModelError(f"{name} was trained with other word lists than this version's. Train it again: netral train")
    digests = header["arrays"]
    if set(digests) != set(members) - {"header"}:
        raise ModelError(f"{name} is damaged: its header and its contents name different arrays.")
    for array, digest in digests.items():
        if hashlib.sha256(members[array]).hexdigest() != digest:
            raise ModelError(f"{name} is damaged: the digest of {array} does not match. Train or copy it again.")
    told = sum(content.count(b"\n") for array, content in members.items() if array.endswith(".features"))
    if told > limits.features(len(data)):
        raise ModelError(f"{name} names more features than a model of its size can have; it was not read.")
    acts, act_members = _acts(header, members, name)
    vectors = _word_vectors(members, name)
    weights = tuple(_weights(entry, members, vectors, name) for entry in header["blocks"])
    blocks = [w.block.name for w in weights]
    expected = {"header", "intercept", *(_VECTORS if vectors is not None else ())}
    expected |= {f"{w.block.name}.{part}" for w in weights for part in (("coef",) if w.block.dense else _PARTS)}
    if not blocks or len(set(blocks)) != len(blocks) or set(members) - expected - _OPTIONAL - act_members:
        raise ModelError(f"{name} is damaged: its blocks and its arrays do not agree.")
    intercept = _finite(_array(members["intercept"], np.float64, 1), name)
    if intercept.shape != (len(LABELS),):
        raise ModelError(f"{name} is damaged: its intercept has shape {intercept.shape}.")
    tails = {
        label: _finite(_array(members[f"tail.{label}"], np.float64, 1), name)
        for label in _TAILS
        if f"tail.{label}" in members
    }
    facts = header["facts"]
    stem = STEMMERS.get(header["stem"])
    if not isinstance(facts, Mapping) or stem is None:
        raise ModelError(f"{name} is damaged: its header is not one of ours.")
    facts = {**facts, "file_sha256": hashlib.sha256(data).hexdigest()}
    model = Model(weights, intercept, stem, tails, facts, _held_out(members, name), acts)
    if (fault := impossible(model)) is not None:
        raise ModelError(f"{name} is damaged: {fault}. Train or copy it again.")
    return model


def _acts(header: Mapping[str, Any], members: Mapping[str, bytes], name: str) -> tuple[ActModel | None, set[str]]:
    """The act model of a file that has one, and which arrays are its."""
    if "acts" not in header:
        return None, set()
    arrays = {array: _array(members[array], *kind) for array, kind in expected_arrays(header["acts"]).items()}
    return read_acts(header["acts"], arrays, name), set(arrays)


def _held_out(members: Mapping[str, bytes], name: str) -> HeldOut | None:
    if "held_out.scores" not in members:
        return None
    scores = _finite(_array(members["held_out.scores"], np.float32, 2).astype(np.float64), name)
    labels = _array(members["held_out.labels"], np.uint8, 1)
    if scores.shape != (len(labels), len(LABELS)) or (labels >= len(LABELS)).any():
        raise ModelError(f"{name} is damaged: its held-out scores and labels do not agree.")
    return HeldOut(np.asarray(np.round(scores, 6), dtype=np.float64), labels)


def _members(data: bytes, name: str) -> dict[str, bytes]:
    if not data.startswith(b"PK"):
        raise ModelError(f"{name} is not a netral model file (.npz). Pickled and joblib models are never loaded.")
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        entries = archive.infolist()
        header = sum(e.file_size for e in entries if e.filename == "header.npy")
        whole = sum(e.file_size for e in entries)
        most = min(LARGEST_MEMBER, limits.unpacked_model(len(data)))
        if len(entries) > 64 or whole > most or header > LARGEST_HEADER:
            raise ModelError(f"{name} would unpack to more than a model of ours can hold; it was not read.")
        if any(not e.filename.endswith(".npy") or "/" in e.filename for e in entries):
            raise ModelError(f"{name} holds something else than plain arrays; it was not read.")
        members: dict[str, bytes] = {}
        for entry in entries:
            with archive.open(entry) as stream:
                content = stream.read(entry.file_size + 1)
            if len(content) != entry.file_size:
                raise ModelError(f"{name} is damaged: {entry.filename} is longer than it says.")
            members[entry.filename.removesuffix(".npy")] = content
    if "header" not in members:
        raise ModelError(f"{name} has no header: it is not a netral model file.")
    return members


def _array(data: bytes, dtype: Any, dimensions: int) -> npt.NDArray[Any]:
    array = np.lib.format.read_array(io.BytesIO(data), allow_pickle=False)
    if array.dtype != np.dtype(dtype) or array.ndim != dimensions:
        raise ValueError("an array has another type or shape than a model's")
    return array


def _no_number(written: str) -> float:
    raise ValueError(f"{written} is no number")


def _text(array: npt.NDArray[Any]) -> str:
    return array.tobytes().decode("utf-8")


def _finite(array: npt.NDArray[Any], name: str) -> npt.NDArray[np.float64]:
    if not np.isfinite(array).all():
        raise ModelError(f"{name} is damaged: it holds numbers that are not finite.")
    return array


def _word_vectors(members: Mapping[str, bytes], name: str) -> WordVectors | None:
    """The word vectors of the dense blocks, None for a model that has none."""
    if not any(part in members for part in _VECTORS):
        return None
    types = ((np.uint8, 1), (np.int8, 2), (np.float64, 1), (np.float64, 1), (np.int64, 1))
    arrays = [_array(members[part], *kind) for part, kind in zip(_VECTORS, types, strict=True)]
    words = _text(arrays[0]).split("\n")
    try:
        limits.check_vectors(len(words), arrays[1].shape[1], max(map(len, words)), name)
        return vectors_of(dict(zip(PARTS, (np.array(words), *arrays[1:]), strict=True)), name)
    except InputError:
        raise ModelError(f"{name} is damaged: its word vectors cannot be.") from None


def _weights(entry: Mapping[str, Any], members: Mapping[str, bytes], vectors: WordVectors | None, name: str) -> Weights:
    block = block_named(str(entry["name"]))
    if block is None:
        raise ModelError(f'{name} uses features ("{entry["name"]}") that this version does not have. Train it again.')
    weight, idf_used, min_df = entry["weight"], entry["idf"], entry["min_df"]
    if type(weight) not in (int, float) or not 0 < weight < np.inf or (type(idf_used), type(min_df)) != (bool, int):
        raise ModelError(f"{name} is damaged: its header says of {block.name} what cannot be.")
    if entry["dense"] is not block.dense or (block.dense and vectors is None):
        raise ModelError(f"{name} is damaged: its header says of {block.name} what cannot be.")
    block = replace(block, weight=float(weight), idf=idf_used, min_df=min_df)
    if block.dense and vectors is not None:
        directions = _finite(_array(members[f"{block.name}.coef"], np.float64, 2), name)
        if directions.shape != (vectors.codes.shape[1], len(LABELS)):
            raise ModelError(f"{name} is damaged: the sizes of {block.name} do not agree.")
        return Weights.dense(block, vectors, directions)
    joined = _text(_array(members[f"{block.name}.features"], np.uint8, 1))
    features = tuple(joined.split("\n")) if joined else ()
    idf = _finite(_array(members[f"{block.name}.idf"], np.float64, 1), name)
    coef = _finite(_array(members[f"{block.name}.coef"], np.float64, 2), name)
    n = len(features)
    if idf.shape != (n,) or coef.shape != (n, len(LABELS)) or len(set(features)) != n:
        raise ModelError(f"{name} is damaged: the sizes of {block.name} do not agree.")
    return Weights(block, features, idf, coef)
