"""Laws of disguise: what a person can read is read, and what cannot be read is not called neutral."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from disguises import KINDS
from netral_nlp.cli.explain import render
from netral_nlp.features.reader import Reader
from netral_nlp.model.model import Model
from netral_nlp.resources import data_dir
from netral_nlp.roster import Roster, load_rosters
from netral_nlp.roster.suspicion import Suspicion
from netral_nlp.scoring.engine import Engine
from netral_nlp.scoring.scorer import Scorer
from netral_nlp.scoring.unrecognised import DISGUISED, UNRECOGNISED
from netral_nlp.text.turning import hold_turned, turn_round

DATA = Path(__file__).parent / "data"
ROSTERS = load_rosters(data_dir() / "rosters")
LINES = (DATA / "support.tsv").read_text(encoding="utf-8").splitlines()
SUPPORT = [tuple(line.split("\t")) for line in LINES]  # election, the name as the post writes it, the post
MOSTLY_MISSED = 4  # kinds of disguise
ORDINARY = [
    line
    for name in ("decorated.txt", "offtopic.txt", "neutrality.txt")
    for line in (DATA / name).read_text(encoding="utf-8").splitlines()
]


@pytest.fixture(scope="module")
def engines(full_model: Model) -> dict[str, Engine]:
    """One for each election of the posts of support."""
    return {election: Engine(full_model, ROSTERS[election]) for election in {election for election, _, _ in SUPPORT}}


def labels(engines: Mapping[str, Engine], posts: list[str]) -> list[str]:
    """The labels of posts, one for each of SUPPORT; those of one election side by side."""
    found: list[str] = []
    for election, engine in engines.items():
        here = [post for post, (own, _, _) in zip(posts, SUPPORT, strict=True) if own == election]
        found += engine.score(here).label
    return found


@pytest.mark.parametrize("whole", [False, True], ids=["names", "whole posts"])
def test_of_all_kinds_of_disguise_few_hide_support(engines: Mapping[str, Engine], whole: bool) -> None:
    assert len(KINDS) >= 30
    assert len(SUPPORT) == 40
    plain = labels(engines, [post for _, _, post in SUPPORT])
    assert set(plain) <= {"dukung", "ragu"}
    assert plain.count("dukung") >= 30
    hidden: dict[str, int] = {}
    for kind, disguise in KINDS.items():
        posts = [disguise(post) if whole else post.replace(name, disguise(name)) for _, name, post in SUPPORT]
        hidden[kind] = sum(label in ("netral", "tolak") for label in labels(engines, posts))
    assert sum(count > len(SUPPORT) // 2 for count in hidden.values()) <= MOSTLY_MISSED, hidden
    assert sum(count > len(SUPPORT) // 10 for count in hidden.values()) <= 2 * MOSTLY_MISSED, hidden


UNDONE = sorted(
    set(KINDS)
    - {"backwards", "vowels out", "a star for each second vowel", "signs for letters"}
    - {"swapped letters", "dropped letters"}
)


@cache
def looking(election: str) -> tuple[Reader, Suspicion]:
    reader = Reader(ROSTERS[election])
    return reader, Suspicion(reader.matcher)


@given(st.sampled_from(SUPPORT), st.sampled_from(UNDONE))
def test_a_full_name_is_found_in_each_disguise_that_can_be_undone(case: tuple[str, str, str], kind: str) -> None:
    election, _, _ = case
    reader, _ = looking(election)
    for at, pair in enumerate(ROSTERS[election].pairs):
        for person in (pair.candidate, pair.running_mate):
            if len(person.split()) > 1 and at in reader.read(f"pilih {person} ya").pairs:
                found = reader.read(f"pilih {KINDS[kind](person)} ya").pairs
                assert at in found or looking(election)[1].of(f"pilih {KINDS[kind](person)} ya") is not None


@pytest.mark.parametrize("election", sorted(ROSTERS)[::5])
def test_ordinary_posts_of_any_script_do_not_look_disguised(election: str) -> None:
    reader, suspicion = looking(election)
    unnamed = [post for post in ORDINARY if not reader.read(post).pairs]
    assert len(unnamed) > 600
    assert [post for post in unnamed if suspicion.of(post) is not None] == []


@pytest.mark.parametrize(
    ("post", "reason"),
    [
        ("coblos nasaH", "nama paslon"),
        ("hilip tayadih ,gnanem sureT naktujnal ayas", "nama paslon"),
        ("hilip aid gnanem naktujnal utnet gnay atik", "dari belakang"),
        ("Hsn menang", "nama paslon"),
        ("H*s*n menang", "nama paslon"),
        ("pilih Ar-man saja", "nama paslon"),
        ("pilih @rm@n!", "nama paslon"),
        ("cbls plhn trbk smngt mnngkn skrng", "huruf hidupnya"),
        ("pilih Zаrqѣnov", "beberapa aksara"),
    ],
)
def test_what_looks_disguised_is_for_a_person_in_every_way_to_score(
    full_model: Model, samudra: Roster, post: str, reason: str
) -> None:
    scored = Scorer(full_model, samudra).score(post)
    assert (scored.pair, scored.label, scored.scores) == ("", "ragu", None)
    assert scored.words.startswith(f"{UNRECOGNISED}; {DISGUISED}: ")
    assert reason in scored.words
    assert reason in render(post, scored, [0.0, 0.0, 0.0], colour=False)
    told = Engine(full_model, samudra).score(["halo", post, "selamat pagi"])
    assert told.label == ["netral", "ragu", "netral"]
    assert told.words == [UNRECOGNISED, scored.words, UNRECOGNISED]
    rows = list(told.rows(as_text=True))
    assert [(row[1], row[-1]) for row in rows] == list(zip(told.label, told.words, strict=True))


@given(st.text("abcdefgh ,.!", min_size=1, max_size=60), st.text("xyz ", max_size=10))
def test_what_a_sign_turns_is_read_from_its_end_and_nothing_else_is(turned: str, rest: str) -> None:
    post = f"{rest} \u202e{turned[::-1]}\u202c"
    held = hold_turned(post)
    assert len(held) == len(post)
    assert held.startswith(rest)
    read = " ".join(turn_round(piece) for piece in held.split()).replace("\ue020", " ")
    letters = {c: read.count(c) for c in set(read)}
    assert letters.get("\u202e") == 1
    assert turned in read or turned[::-1] in read


@pytest.mark.parametrize("post", ["menang ☝️☝️", "menang 👆👆👆", "menang 1️⃣1️⃣1️⃣", "coblos nomor I", "coblos 0 1 ya"])
def test_a_number_and_a_finger_are_read_however_they_are_written(post: str) -> None:
    reader, _ = looking("kota-samudra-2024")
    assert reader.read(post).pairs == (0,)


def test_every_shipped_roster_has_its_own_eyes(rosters: Mapping[str, Roster]) -> None:
    hidden = "pilih nasaH"
    seen = {election for election in rosters if looking(election)[1].of(hidden) is not None}
    having = {election for election in rosters if "hasan" in looking(election)[0].matcher.single_names}
    assert seen == having
    assert 0 < len(seen) < len(rosters)
