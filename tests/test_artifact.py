"""Laws of the model file: it is whole or refused, it is only data, and it says the same after a round trip."""

from __future__ import annotations

import hashlib
import io
import json
import pickle
import random
import shutil
import subprocess
import sys
import tracemalloc
import zipfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import joblib
import numpy as np
import pytest

from netral_nlp.errors import ModelError
from netral_nlp.features.blocks import BLOCKS
from netral_nlp.features.reader import prepare
from netral_nlp.learning.corpus import Corpus
from netral_nlp.learning.training import train
from netral_nlp.model import file as artifact
from netral_nlp.model.file import FORMAT, load_model, model_bytes, parse_model, save_model
from netral_nlp.model.model import Model
from strategies import FULL
from tally import attempt


@pytest.fixture(scope="module")
def tiny(small_corpus: Corpus) -> Model:
    """A small model: damage is tried at many places of its file."""
    return train(Corpus(small_corpus.examples[::8])).model


@pytest.fixture(scope="module")
def whole(tiny: Model) -> bytes:
    return model_bytes(tiny)


def npy(array: np.ndarray[Any, Any], *, allow_pickle: bool = False) -> bytes:
    out = io.BytesIO()
    np.lib.format.write_array(out, array, allow_pickle=allow_pickle)
    return out.getvalue()


def members_of(data: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def packed(members: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return out.getvalue()


def forged(whole: bytes, change: Callable[[dict[str, Any]], None], **arrays: bytes) -> bytes:
    """The file with a changed header and other arrays, all digests made right."""
    members = members_of(whole)
    members.update({f"{name}.npy": content for name, content in arrays.items()})
    header = json.loads(np.lib.format.read_array(io.BytesIO(members["header.npy"])).tobytes())
    header["arrays"] = {
        name.removesuffix(".npy"): hashlib.sha256(content).hexdigest()
        for name, content in members.items()
        if name != "header.npy"
    }
    change(header)
    members["header.npy"] = npy(np.frombuffer(json.dumps(header).encode(), dtype=np.uint8))
    return packed(members)


def nothing(header: dict[str, Any]) -> None:
    pass


def same(a: Model, b: Model) -> bool:
    """Whether two models hold the same numbers, to the last bit."""
    return model_bytes(a) == model_bytes(b)


def test_a_saved_model_loads_as_it_was(tiny: Model, small_corpus: Corpus, tmp_path: Path) -> None:
    file = tmp_path / "m.npz"
    save_model(tiny, file)
    loaded = load_model(file)
    views = prepare(small_corpus.cases[::20])
    np.testing.assert_array_equal(loaded.probabilities(views), tiny.probabilities(views))
    assert loaded.facts["file_sha256"] == hashlib.sha256(file.read_bytes()).hexdigest()
    assert {k: v for k, v in loaded.facts.items() if k != "file_sha256"} == dict(tiny.facts)
    assert set(loaded.tails) == {"dukung", "tolak"}
    for label, tail in tiny.tails.items():
        np.testing.assert_array_equal(loaded.tails[label], tail)


def test_the_same_model_has_the_same_bytes(tiny: Model, whole: bytes) -> None:
    assert model_bytes(tiny) == whole


def test_a_forgery_without_changes_is_the_model(whole: bytes) -> None:
    parse_model(forged(whole, nothing), "m.npz")  # else the forgeries below would prove nothing


def test_a_file_cut_off_anywhere_is_refused(whole: bytes) -> None:
    chance = random.Random(1)
    for length in {0, 1, 2, 3, 4, 21, 22, len(whole) - 1, len(whole) - 22, *chance.sample(range(len(whole)), 40)}:
        with pytest.raises(ModelError):
            parse_model(whole[:length], "m.npz")


def test_a_flipped_bit_is_refused_or_harmless(whole: bytes) -> None:
    chance = random.Random(2)
    tail = list(range(len(whole) - 600, len(whole)))  # the directory of the archive
    places = [*chance.choices(range(len(whole)), k=4_000 if FULL else 80), *range(0, 64, 1 if FULL else 4)]
    original, refused = parse_model(whole, "m.npz"), 0
    facts = {k: v for k, v in original.facts.items() if k != "file_sha256"}
    told = model_bytes(replace(original, facts=facts))
    for at in [*places, *chance.sample(tail, 100 if FULL else 20)]:
        damaged = bytearray(whole)
        damaged[at] ^= 1 << chance.randrange(8)
        with attempt("bits flipped in models") as tally:
            try:
                model = parse_model(bytes(damaged), "m.npz")
            except ModelError as error:
                assert "\n" not in str(error)
                tally.failed += 1
                refused += 1
                continue
            found = {k: v for k, v in model.facts.items() if k != "file_sha256"}
            assert model_bytes(replace(model, facts=found)) == told, at
    assert refused > len(places) // 2


def test_bytes_behind_the_archive_change_nothing_or_are_refused(whole: bytes, tiny: Model) -> None:
    for extra in (b"\0", b"PK", b"x" * 100):
        try:
            model = parse_model(whole + extra, "m.npz")
        except ModelError:
            continue
        assert same(Model(**{**vars(model), "facts": tiny.facts}), tiny)


@pytest.mark.parametrize("number", [0, 1, 99, "1", None, 1.5, True])
def test_another_format_is_refused(whole: bytes, number: object) -> None:
    assert FORMAT == 2
    with pytest.raises(ModelError, match="format"):
        parse_model(forged(whole, lambda header: header.update(format=number)), "m.npz")


def test_other_word_lists_are_refused(whole: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(ModelError, match=r"other word lists.*netral train"):
        parse_model(forged(whole, lambda header: header.update(lexicon="0" * 64)), "m.npz")
    monkeypatch.setattr(artifact, "lexicon_digest", lambda: "changed")
    with pytest.raises(ModelError, match="other word lists"):
        parse_model(whole, "m.npz")


@pytest.mark.parametrize(
    "change",
    [
        {"labels": ["tolak", "netral", "dukung"]},
        {"labels": []},
        {"stem": "none"},
        {"stem": ["fast"]},
        {"facts": []},
        {"facts": None},
        {"blocks": {}},
        {"blocks": []},
        {"blocks": [{"name": "words"}]},
        {"blocks": [{"name": "unknown", "weight": 1.0, "idf": True, "min_df": 1}]},
        {"blocks": "words"},
        {"arrays": {}},
        {"arrays": None},
    ],
    ids=str,
)
def test_a_header_that_is_not_ours_is_refused(whole: bytes, change: dict[str, Any]) -> None:
    with pytest.raises(ModelError):
        parse_model(forged(whole, lambda header: header.update(change)), "m.npz")


@pytest.mark.parametrize("key", ["format", "labels", "stem", "lexicon", "blocks", "arrays", "facts"])
def test_a_header_without_a_key_is_refused(whole: bytes, key: str) -> None:
    with pytest.raises(ModelError):
        parse_model(forged(whole, lambda header: header.pop(key)), "m.npz")


@pytest.mark.parametrize("weight", [float("nan"), float("inf"), "1", None, -1.0])
def test_a_block_weight_that_is_no_weight_is_refused(whole: bytes, weight: object) -> None:
    with pytest.raises(ModelError):
        parse_model(forged(whole, lambda header: header["blocks"][0].update(weight=weight)), "m.npz")


def test_a_header_that_lists_a_block_twice_is_refused(whole: bytes) -> None:
    with pytest.raises(ModelError):
        parse_model(forged(whole, lambda header: header["blocks"].append(header["blocks"][0])), "m.npz")


@pytest.mark.parametrize("array", ["intercept", "words.idf", "words.coef", "tail.dukung", "held_out.scores"])
@pytest.mark.parametrize("number", [np.nan, np.inf, -np.inf])
def test_numbers_that_are_not_finite_are_refused(whole: bytes, array: str, number: float) -> None:
    content = np.lib.format.read_array(io.BytesIO(members_of(whole)[f"{array}.npy"])).copy()
    content.flat[0] = number
    with pytest.raises(ModelError, match="finite"):
        parse_model(forged(whole, nothing, **{array: npy(content)}), "m.npz")


@pytest.mark.parametrize(
    "array", ["intercept", "words.idf", "words.coef", "words.features", "tail.tolak", "held_out.labels"]
)
@pytest.mark.parametrize("shape", ["shorter", "scalar", "other type", "object", "empty"])
def test_arrays_of_other_shapes_and_types_are_refused(whole: bytes, array: str, shape: str) -> None:
    content = np.lib.format.read_array(io.BytesIO(members_of(whole)[f"{array}.npy"]))
    changed = {
        "shorter": npy(content[:-1]),
        "scalar": npy(np.float64(1.0).reshape(())),
        "other type": npy(content.astype(np.int64)),
        "object": npy(np.array([{"a": 1}], dtype=object), allow_pickle=True),
        "empty": npy(content[:0]),
    }[shape]
    if array == "tail.tolak" and shape == "shorter":
        pytest.skip("tails may have any length but none")
    if array == "words.features" and shape == "shorter":
        changed = npy(content[: int(np.flatnonzero(content == ord("\n"))[-1])])
    with pytest.raises(ModelError):
        parse_model(forged(whole, nothing, **{array: changed}), "m.npz")


def changed_array(whole: bytes, array: str, change: Callable[[np.ndarray[Any, Any]], object]) -> bytes:
    """The file with one array changed in place, all digests made right."""
    content = np.lib.format.read_array(io.BytesIO(members_of(whole)[f"{array}.npy"])).copy()
    change(content)
    return forged(whole, nothing, **{array: npy(content)})


FLOAT_ARRAYS = ("vectors.scale", "vectors.idf", "intercept", "tail.dukung", "tail.tolak", "held_out.scores")
BLOCK_ARRAYS = tuple(
    f"{block.name}.{part}" for block in BLOCKS for part in (("coef",) if block.dense else ("idf", "coef"))
)


@pytest.mark.parametrize("array", [*FLOAT_ARRAYS, *BLOCK_ARRAYS])
@pytest.mark.parametrize("number", [1e30, -1e30, 1e5, -1e5])
def test_numbers_out_of_all_bounds_are_refused_whatever_the_digests_say(
    whole: bytes, array: str, number: float
) -> None:
    for at in (0, -1):
        with pytest.raises(ModelError, match="damaged"):
            parse_model(
                changed_array(whole, array, lambda content, at=at: content.flat.__setitem__(at, number)), "m.npz"
            )


@pytest.mark.parametrize(
    ("array", "number"),
    [
        ("tail.dukung", 1.01), ("tail.tolak", -0.01), ("held_out.scores", -0.001), ("held_out.scores", 1.001),
        ("held_out.scores", 0.123), ("words.idf", 0.0), ("words.idf", -1.0), ("characters.idf", 101.0),
        ("facts.idf", 1.5), ("cues.idf", 0.0),
    ],
)  # fmt: skip
def test_what_no_training_gives_is_refused(whole: bytes, array: str, number: float) -> None:
    at = -1 if number < 0 else 0
    with pytest.raises(ModelError, match="damaged"):
        parse_model(changed_array(whole, array, lambda content: content.flat.__setitem__(at, number)), "m.npz")


@pytest.mark.parametrize("label", ["dukung", "tolak"])
def test_a_model_without_held_out_scores_cannot_set_a_threshold_and_is_refused(whole: bytes, label: str) -> None:
    with pytest.raises(ModelError, match=f"threshold for {label}"):
        parse_model(forged(whole, nothing, **{f"tail.{label}": npy(np.zeros(0))}), "m.npz")
    members = {name: content for name, content in members_of(whole).items() if name != f"tail.{label}.npy"}
    with pytest.raises(ModelError, match=f"threshold for {label}"):
        parse_model(forged(packed(members), nothing), "m.npz")


@pytest.mark.parametrize(
    "facts",
    [
        {"calibration": None}, {"calibration": {}}, {"calibration": {"scale": "1", "shift": {}}},
        {"calibration": {"scale": 1e9, "shift": {"dukung": 0, "netral": 0, "tolak": 0}}},
        {"calibration": {"scale": 1.0, "shift": {"dukung": 0, "netral": 0}}}, {"posts": "many"}, {"posts": -1},
        {"posts": 2**60}, {"posts": 1.5}, {"elections": "kota"}, {"elections": [1]}, {"elections": None},
        {"strength": 0}, {"strength": "x"}, {"versions": []}, {"versions": {"numpy": 2}}, {"seed": None},
        {"corpus_sha256": 5}, {"corpus_sha256": "\u001b[31m"}, {"by_label": [1]}, {"adapted": 1}, {"recalibrated": "x"},
    ],
    ids=str,
)  # fmt: skip
def test_facts_of_another_kind_are_refused(whole: bytes, facts: dict[str, Any]) -> None:
    with pytest.raises(ModelError):
        parse_model(forged(whole, lambda header: header["facts"].update(facts)), "m.npz")


@pytest.mark.parametrize("constant", [float("nan"), float("inf"), float("-inf")])
def test_a_header_with_a_number_that_is_none_is_refused(whole: bytes, constant: float) -> None:
    with pytest.raises(ModelError):
        parse_model(forged(whole, lambda header: header["facts"].update(note=[constant])), "m.npz")


def test_a_tail_that_is_not_sorted_is_refused(whole: bytes, tiny: Model) -> None:
    with pytest.raises(ModelError):
        parse_model(forged(whole, nothing, **{"tail.dukung": npy(tiny.tails["dukung"][::-1].copy())}), "m.npz")


def test_features_named_twice_are_refused(whole: bytes) -> None:
    content = (
        np.lib.format.read_array(io.BytesIO(members_of(whole)["cues.features.npy"])).tobytes().decode().split("\n")
    )
    doubled = "\n".join([content[0], *content[:-1]]).encode()
    with pytest.raises(ModelError):
        parse_model(forged(whole, nothing, **{"cues.features": npy(np.frombuffer(doubled, dtype=np.uint8))}), "m.npz")


def test_an_npy_whose_header_lies_on_its_size_is_refused(whole: bytes) -> None:
    content = members_of(whole)["intercept.npy"].replace(b"(3,)", b"(9,)")
    assert b"(9,)" in content
    with pytest.raises(ModelError):
        parse_model(forged(whole, nothing, intercept=content), "m.npz")
    huge = members_of(whole)["intercept.npy"].replace(b"'shape': (3,), }          ", b"'shape': (99999999999,), }")
    with pytest.raises(ModelError):
        parse_model(forged(whole, nothing, intercept=huge), "m.npz")


def test_more_and_fewer_members_than_the_header_names_are_refused(whole: bytes) -> None:
    members = members_of(whole)
    for changed in (
        {**members, "extra.npy": npy(np.zeros(3))},
        {**members, "code.py": b"print()"},
        {**members, "../up.npy": npy(np.zeros(3))},
        {name: content for name, content in members.items() if name != "words.idf.npy"},
        {name: content for name, content in members.items() if name != "header.npy"},
        {},
    ):
        with pytest.raises(ModelError):
            parse_model(packed(changed), "m.npz")


def test_a_member_named_twice_is_refused(whole: bytes) -> None:
    out = io.BytesIO(whole)
    with zipfile.ZipFile(out, "a") as archive, pytest.warns(UserWarning, match="Duplicate name"):
        archive.writestr("intercept.npy", npy(np.array([9.0, 0.0, 0.0])))
    with pytest.raises(ModelError):
        parse_model(out.getvalue(), "m.npz")


def test_a_zip_bomb_is_refused_before_it_is_unpacked(whole: bytes) -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("header.npy", b"\0" * (100 * 2**20))
    assert len(out.getvalue()) < 2**20
    with pytest.raises(ModelError, match="unpack"):
        parse_model(out.getvalue(), "bomb.npz")
    many = packed({f"a{i}.npy": b"" for i in range(1_000)})
    with pytest.raises(ModelError, match="unpack"):
        parse_model(many, "many.npz")


@pytest.mark.parametrize(
    ("words", "dimensions", "longest"), [(60_000, 512, 9), (8_000, 64, 100_000), (200_000, 8, 9), (300, 1_000, 9)]
)
def test_word_vectors_that_would_fill_the_memory_are_refused_before_they_do(
    whole: bytes, words: int, dimensions: int, longest: int
) -> None:
    """As an array every word is as wide as the longest, and in use every number is sixteen bytes."""
    names = "\n".join(["k" * longest, *(f"kata{number}" for number in range(words - 1))]).encode()
    arrays = {
        "vectors.words": npy(np.frombuffer(names, dtype=np.uint8)),
        "vectors.codes": npy(np.ones((words, dimensions), dtype=np.int8)),
        "vectors.scale": npy(np.ones(dimensions)),
        "vectors.idf": npy(np.ones(words)),
        "vectors.posts": npy(np.ones(words, dtype=np.int64)),
    }
    tracemalloc.start()
    try:
        with pytest.raises(ModelError, match=r"word vectors cannot be|unpack to more"):
            parse_model(forged(whole, nothing, **arrays), "m.npz")
        assert tracemalloc.get_traced_memory()[1] < 10 * sum(map(len, arrays.values())) + 100 * 2**20
    finally:
        tracemalloc.stop()


def test_more_features_than_a_file_can_have_are_refused(whole: bytes) -> None:
    features = npy(np.frombuffer(b"a\n" * 3_000_000, dtype=np.uint8))
    with pytest.raises(ModelError, match="more features"):
        parse_model(forged(whole, nothing, **{"words.features": features}), "m.npz")


def test_a_member_longer_than_it_says_is_refused(whole: bytes) -> None:
    honest = packed({"header.npy": b"\0" * 100_000})
    lying = honest.replace((100_000).to_bytes(4, "little"), (10).to_bytes(4, "little"))
    assert lying != honest
    with pytest.raises(ModelError):
        parse_model(lying, "m.npz")


class Trap:
    """Unpickling this would be noticed."""

    def __reduce__(self) -> tuple[Any, tuple[str]]:
        return (pytest.fail, ("a model file was unpickled",))


def test_a_renamed_pickle_is_refused_and_never_run(tmp_path: Path) -> None:
    for name, write in (
        ("pickle.npz", lambda p: p.write_bytes(pickle.dumps(Trap()))),
        ("joblib.npz", lambda p: joblib.dump(Trap(), p)),
        ("object.npz", lambda p: np.savez(p, header=np.array([Trap()], dtype=object))),
    ):
        file = tmp_path / name
        write(file)
        with pytest.raises(ModelError):
            load_model(file)


def test_loading_never_unpickles(whole: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    def explode(*args: object, **options: object) -> None:
        raise AssertionError("something was unpickled")

    for module, name in ((pickle, "load"), (pickle, "loads"), (np, "load"), (joblib, "load"), (pickle, "Unpickler")):
        monkeypatch.setattr(module, name, explode)
    parse_model(whole, "m.npz")


@pytest.mark.parametrize("content", [b"", b"PK", b"PK\3\4", b"text", b"\x80\x04.", b"\0" * 100, b"PK\5\6" + b"\0" * 18])
def test_what_is_no_model_is_refused_in_one_sentence(content: bytes, tmp_path: Path) -> None:
    file = tmp_path / "m.npz"
    file.write_bytes(content)
    with pytest.raises(ModelError) as caught:
        load_model(file)
    assert str(file) in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_missing_model_and_a_folder_are_refused(tmp_path: Path) -> None:
    for path in (tmp_path / "none.npz", tmp_path):
        with pytest.raises(ModelError, match="cannot be read"):
            load_model(path)


def test_a_model_that_cannot_be_written_leaves_the_old_one(
    tiny: Model, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "m.npz"
    save_model(tiny, file)
    before = file.read_bytes()

    def broken(model: Model) -> bytes:
        raise OSError("disk full")

    monkeypatch.setattr(artifact, "model_bytes", broken)
    with pytest.raises(OSError, match="disk full"):
        artifact.save_model(tiny, file)
    assert file.read_bytes() == before
    assert [p.name for p in tmp_path.iterdir()] == ["m.npz"]


def test_the_command_line_leaves_with_4_for_a_bad_model(tmp_path: Path, whole: bytes) -> None:
    bad = tmp_path / "bad.npz"
    bad.write_bytes(whole[:1000])
    command = [sys.executable, "-m", "netral_nlp", "explain", "pilih dua", "-r", "kota-samudra-2024", "-m", str(bad)]
    done = subprocess.run(command, capture_output=True, text=True, check=False, cwd=tmp_path)
    assert done.returncode == 4
    assert "Traceback" not in done.stderr
    assert len(done.stderr.strip().splitlines()) == 1
    shutil.rmtree(tmp_path)
