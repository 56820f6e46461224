"""The native core sees plain words as `analyse_piece` and `stem` do, or calls them odd."""

from __future__ import annotations

import csv
import random
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from netral_nlp import native
from netral_nlp.resources import data_dir
from netral_nlp.roster import load_rosters
from netral_nlp.roster.matcher import Matcher
from netral_nlp.text import words as words_of_pieces
from netral_nlp.text.affixes import DERIVATIONAL, ENCLITICS, PREFIX_RULES
from netral_nlp.text.colloquial import NASAL_RULES
from netral_nlp.text.glued import NOBODY, KnownNames
from netral_nlp.text.lexicon import dictionary, protected_words, slang
from netral_nlp.text.plain import PlainWords
from netral_nlp.text.stemming import stem
from netral_nlp.text.words import Word, analyse_piece
from strategies import many, noisy_posts, noisy_words

sys.path.append(str(Path(__file__).parent / "benchmarks"))

from made_posts import posts

LIBRARY = native.library()
pytestmark = pytest.mark.skipif(LIBRARY is None, reason=f"no native core: {native.why_not()}")
ROSTERS = load_rosters(data_dir() / "rosters")
ROOTS = sorted({*dictionary(), *protected_words(), *slang()})
HEADS = ["", "", "di", "ke", "se", *(rule.head for rule in (*PREFIX_RULES, *NASAL_RULES))]
TAILS = ["", "", "in", "innya", *DERIVATIONAL, *ENCLITICS]
LETTERS = st.text("abdegikmnprstuwyBKWA", min_size=1, max_size=12)
EDGES = st.text("\"'()!?:;.,", max_size=3)


@pytest.fixture(scope="module")
def plain() -> PlainWords:
    assert LIBRARY is not None
    return PlainWords(LIBRARY)


def seen(words: PlainWords, piece: str, names: KnownNames) -> tuple[Word, ...] | None:
    """The words of a plain piece and of the signs at its edges; None where the core calls it odd."""
    word = words.see(piece)
    if word is None:
        return None
    before = analyse_piece(piece[: word.start], names) if word.start else ()
    after = analyse_piece(piece[word.end :], names) if word.end < len(piece) else ()
    return (*before, word, *(w._replace(start=w.start + word.end, end=w.end + word.end) for w in after))


def written_pieces() -> Iterator[str]:
    for text in posts(many(1_500), seed=7):
        yield from text.split()
    for path in sorted((data_dir() / "corpus").glob("*.csv")):
        with path.open(encoding="utf-8", newline="") as file:
            for row in csv.DictReader(file):
                yield from row["text"].split()


def test_words_with_affixes_have_the_same_stems(plain: PlainWords) -> None:
    chance = random.Random(5)
    made = {chance.choice(HEADS) + chance.choice(HEADS) + chance.choice(ROOTS)[chance.random() < 0.2 :]
            + chance.choice(TAILS) + chance.choice(TAILS) for _ in range(many(60_000))}  # fmt: skip
    found = {word: plain.stem(word) for word in sorted({*ROOTS, *made})}
    asked = {word: stem(word) for word, root in found.items() if root is not None}
    assert {word: (found[word], root) for word, root in asked.items() if found[word] != root} == {}
    assert len(asked) > 0.95 * len(found)


@settings(max_examples=many(500), deadline=None)
@given(LETTERS)
def test_any_letters_have_the_same_stem(plain: PlainWords, letters: str) -> None:
    assert plain.stem(letters.lower()) in (stem(letters.lower()), None)


@pytest.mark.parametrize("word", ["", "a-b", "kata2", "Gas", "é", "a" * 61, "\0", "satu-satunya", "di bully", "oke\n"])
def test_what_is_no_word_of_small_letters_is_odd(plain: PlainWords, word: str) -> None:
    assert plain.stem(word) is None


@pytest.mark.parametrize("election", [None, *sorted(ROSTERS)[:3]])
def test_pieces_of_posts_hold_the_same_words(election: str | None) -> None:
    assert LIBRARY is not None
    names = NOBODY if election is None else Matcher(ROSTERS[election]).known
    words = PlainWords(LIBRARY, names)
    odd, different = 0, {}
    pieces = set(written_pieces())
    for piece in pieces:
        found = seen(words, piece, names)
        odd += found is None
        if found is not None and found != analyse_piece(piece, names):
            different[piece] = found
    assert different == {}
    assert odd < 0.3 * len(pieces)


@settings(max_examples=many(500), deadline=None)
@given(EDGES, LETTERS, EDGES)
def test_any_letters_between_any_signs_are_the_same_word(
    plain: PlainWords, before: str, letters: str, after: str
) -> None:
    piece = before + letters + after
    assert seen(plain, piece, NOBODY) in (analyse_piece(piece), None)


@settings(max_examples=many(200), deadline=None)
@given(st.one_of(noisy_words(), noisy_posts(3).map("".join)))
def test_noise_is_seen_the_same_or_called_odd(plain: PlainWords, noise: str) -> None:
    for piece in noise.split():
        assert seen(plain, piece, NOBODY) in (analyse_piece(piece), None)


@settings(max_examples=many(300))
@given(st.from_regex(words_of_pieces._LAUGH, fullmatch=True).filter(str.isascii).map(str.lower))
def test_all_laughter_begins_with_a_known_head(laughter: str) -> None:
    assert not laughter.isalpha() or laughter[:3] in words_of_pieces.LAUGH_HEADS


def test_a_name_alone_is_plain_and_glued_to_more_is_odd() -> None:
    assert LIBRARY is not None
    names = KnownNames({"armansyah", "arman"}, {"arman"}, str.lower)
    words = PlainWords(LIBRARY, names)
    pieces = ("Arman", "(arman!", "Armansyah", "Armannya", "pilihARMAN", "armansyahx")
    assert [words.see(piece) is None for piece in pieces] == [False, False, False, True, True, True]
