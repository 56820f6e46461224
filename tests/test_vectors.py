"""Laws of word vectors: what a file of them may hold, which words count, and that nothing tells who somebody is."""

from __future__ import annotations

import io
import random
import zipfile
from collections.abc import Mapping

import numpy as np
import pytest
from hypothesis import given

from netral_nlp.errors import InputError
from netral_nlp.features import zones
from netral_nlp.features.blocks import BLOCKS
from netral_nlp.features.reader import prepare
from netral_nlp.features.vectors import NEGATED, PARTS, WordVectors, load_vectors, shipped_vectors, vector_bytes
from netral_nlp.learning.vectors import learn_vectors
from netral_nlp.model.model import Model
from netral_nlp.records import Case
from netral_nlp.roster import EMPTY_BOX, Roster
from netral_nlp.scoring.scorer import Scorer
from netral_nlp.text.lexicon import identity_kinds
from strategies import noisy_posts


def same(a: WordVectors, b: WordVectors) -> bool:
    return a.digest == b.digest and a.words == b.words


def test_a_file_comes_back_as_it_was_written(tmp_path) -> None:
    (tmp_path / "v.npz").write_bytes(vector_bytes(shipped_vectors()))
    assert same(load_vectors(tmp_path / "v.npz"), shipped_vectors())
    assert vector_bytes(load_vectors(tmp_path / "v.npz")) == vector_bytes(shipped_vectors())


def arrays() -> dict[str, np.ndarray]:
    with zipfile.ZipFile(io.BytesIO(vector_bytes(shipped_vectors()))) as archive:
        return {name: np.lib.format.read_array(io.BytesIO(archive.read(f"{name}.npy"))) for name in PARTS}


@pytest.mark.parametrize(
    "change",
    [
        {"words": np.array(["a", "a"])}, {"vectors": np.zeros((3, 2), np.int8)}, {"scale": np.array([np.nan])},
        {"idf": np.zeros(1)}, {"posts": np.array([-1])}, {"words": np.array([1, 2])}, {"scale": np.array([-1.0])},
    ],
)  # fmt: skip
def test_what_cannot_be_vectors_is_refused(change: Mapping[str, np.ndarray], tmp_path) -> None:
    found = arrays()
    for name, wrong in change.items():
        n = len(found[name].ravel()) if name == "scale" else len(found[name])
        found[name] = np.resize(wrong, (n, *wrong.shape[1:])) if wrong.ndim == 1 else wrong
    path = tmp_path / "v.npz"
    with zipfile.ZipFile(path, "w") as archive:
        for name, array in found.items():
            member = io.BytesIO()
            np.lib.format.write_array(member, array, allow_pickle=False)
            archive.writestr(f"{name}.npy", member.getvalue())
    with pytest.raises(InputError, match="word vectors"):
        load_vectors(path)


def test_no_flipped_bit_is_taken_for_other_vectors(tmp_path) -> None:
    whole, chance = vector_bytes(shipped_vectors()), random.Random(3)
    for _ in range(60):
        broken = bytearray(whole)
        broken[chance.randrange(len(whole))] ^= 1 << chance.randrange(8)
        (tmp_path / "v.npz").write_bytes(broken)
        try:
            found = load_vectors(tmp_path / "v.npz")
        except InputError:
            continue
        assert same(found, shipped_vectors())


def test_no_word_tells_who_somebody_is_and_none_is_a_name(rosters: Mapping[str, Roster]) -> None:
    words = set(shipped_vectors().words)
    assert words & identity_kinds().keys() == set()
    assert not any(w.startswith(("@", "#", "<ini", "<lain")) or any(c.isdigit() for c in w) for w in words)


@given(noisy_posts())
def test_words_of_a_zone_stand_in_the_post_and_near_what_they_should(samudra: Roster, text: str) -> None:
    for view in prepare([Case(text, pair, samudra) for pair in samudra.ids]):
        everything = list(zones.post(view))
        assert {at for _, at, _ in zones.end(view)} <= set(range(len(view.tokens) - zones.LAST, len(view.tokens)))
        for zone in (zones.before, zones.after, zones.rival, zones.end):
            found = list(zone(view))
            assert set(found) <= set(everything)
            assert len(found) == len(set(found))


def test_a_negation_turns_a_word_round(samudra: Roster) -> None:
    plain, turned, far = (
        {feature for feature, _, _ in zones.post(prepare([Case(text, "Arman-Lestari", samudra)])[0])}
        for text in ("Arman jujur sekali", "Arman tidak jujur", "tidak begitu kata orang, Arman itu jujur")
    )
    assert "jujur" in plain
    assert NEGATED + "jujur" in turned
    assert "jujur" in far


def test_a_word_and_its_opposite_have_opposite_weights(full_model: Model) -> None:
    for weights in full_model.weights:
        if weights.block.dense:
            for word in ("bohong", "menang", "pilih"):
                here, there = (weights.coef[weights.index[sign + word]] for sign in ("", NEGATED))
                np.testing.assert_allclose(here, -there, rtol=0, atol=1e-12)
    assert sum(block.dense for block in BLOCKS) == 5


def test_vectors_are_learned_of_ordinary_words_alone(rosters: Mapping[str, Roster]) -> None:
    chance = random.Random(1)
    plain = [w for w in shipped_vectors().words if w.isalpha()][:400]
    posts = [" ".join([*chance.sample(plain, 12), "Arman", "@someone", "agama", "2024", "xqztplk"]) for _ in range(900)]
    found = learn_vectors(posts, rosters, dimensions=8)
    assert same(found, learn_vectors(posts, rosters, dimensions=8))
    assert len(found.words) > 200
    assert not {"arman", "someone", "agama", "xqztplk", "2024"} & set(found.words)
    assert found.posts.min() >= 20
    with pytest.raises(InputError, match="Gather more posts"):
        learn_vectors(posts[:5], rosters)


FRAMES = (
    "{0}", "{0}.", "Pak {0}", "@orang {0} https://contoh.id/a", "{0} 📷", "{0} 081200001111", "{0} どうもありがとう",
    "{0} xqzt blorf", "{0} ??", "{0} :", "{0} 123", "{0} شكرا",
)  # fmt: skip


def test_nobody_is_accused_for_a_name(full_model: Model, rosters: Mapping[str, Roster]) -> None:
    accused, tried = [], 0
    chance = random.Random(5)
    for roster in rosters.values():
        scorer = Scorer(full_model, roster, 0.05)
        for pair in roster.pairs:
            if pair.kind == EMPTY_BOX:
                continue
            for frame in chance.sample(FRAMES, 8):
                tried += 1
                name = chance.choice([one for one in (pair.candidate, pair.running_mate, *pair.handles) if one])
                found = scorer.score(frame.format(name))
                if found.label in ("dukung", "tolak"):
                    accused.append((frame.format(name), found.label))
    assert tried >= 300
    assert accused == []


@pytest.mark.parametrize("frame", ["pilih {0}", "{0} menang telak", "coblos {0}", "gas terus {0}, pilihan kita"])
def test_a_call_for_a_name_still_is_support(full_model: Model, samudra: Roster, frame: str) -> None:
    scorer = Scorer(full_model, samudra, 0.05)
    assert [scorer.score(frame.format(name)).label for name in ("Arman", "Hasan", "Bagas")] == ["dukung"] * 3


@pytest.mark.parametrize(
    "insult", ["anj", "babi", "ANJ", "anjg", "tll", "tolol", "bgst", "kampret", "goblok", "sampah"]
)
def test_an_insult_after_a_name_is_never_support(full_model: Model, samudra: Roster, insult: str) -> None:
    scorer = Scorer(full_model, samudra, 0.05)
    for name in ("Arman", "Pak Hasan", "Bagas"):
        for text in (f"{name} {insult}", f"{insult} {name}", f"{name} {insult} 🗿"):
            assert scorer.score(text).label != "dukung"


@pytest.mark.parametrize(
    "text",
    [
        "Tidak ada lagi jalan rusak, tidak ada lagi antre obat. #ArmanLestariMenang",
        "Bantuan sekolah tidak akan dikurangi, malah ditambah #HasanWulan2024",
        "Dulu macet parah, sekarang gak lagi #LanjutkanArman",
        "Jangan sampai ada warga yang ketinggalan #BersamaBagas",
    ],
)
def test_campaign_copy_in_the_negative_is_no_attack(full_model: Model, samudra: Roster, text: str) -> None:
    assert Scorer(full_model, samudra, 0.01).score(text).label != "tolak"
