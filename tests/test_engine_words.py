"""Laws of how the engine reads words: as the readable path reads them, one post and one piece at a time."""

from __future__ import annotations

import random
import re
from collections.abc import Mapping

import numpy as np
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

import netral_nlp.scoring.engine.pieces as table_module
from netral_nlp.features.reader import Reader
from netral_nlp.model.model import Model
from netral_nlp.roster import Roster
from netral_nlp.roster.misspellings import one_edit_apart, slips
from netral_nlp.scoring.engine import Engine
from netral_nlp.scoring.engine.encoding import encode
from netral_nlp.scoring.engine.interning import Numbering, cut, hashes, symbols_of
from netral_nlp.scoring.engine.pieces import shapes
from netral_nlp.scoring.engine.vocabulary import KINDS
from netral_nlp.text.lexicon import dictionary
from netral_nlp.text.words import Word, analyse_piece, letters_word, shorten
from strategies import FRAGMENTS, many, noisy_posts, noisy_words

few = settings(max_examples=many(80), deadline=None, suppress_health_check=list(HealthCheck))
texts = st.one_of(noisy_posts(), st.text(max_size=30))


@few
@given(text=texts)
@example(text="a\x1cb\x85c\u2028d\u00a0e\u3000f\u200bg")
def test_pieces_are_cut_as_split_cuts_them(text: str) -> None:
    begin, end = cut(symbols_of(text))
    assert [text[a:b] for a, b in zip(begin.tolist(), end.tolist(), strict=True)] == text.split()


@few
@given(parts=st.lists(st.text(min_size=1, max_size=12), min_size=1, max_size=20))
@example(parts=["a", "a\0", "\0a", "\0", "\0\0", "aa"])
def test_equal_pieces_have_equal_hashes_wherever_they_stand(parts: list[str]) -> None:
    text = "".join(parts) * 2
    lengths = np.array([len(p) for p in parts] * 2)
    end = np.cumsum(lengths)
    found = hashes(symbols_of(text), end - lengths, end).tolist()
    assert found[: len(parts)] == found[len(parts) :]
    assert len(set(found)) == len(set(parts))


@few
@given(
    words=st.lists(st.text("ab\0é🔥", min_size=1, max_size=3), min_size=1, max_size=60),
    kept=st.lists(st.integers(0, 59), unique=True),
    weak=st.booleans(),
)
def test_a_numbering_is_a_dictionary(words: list[str], kept: list[int], weak: bool) -> None:
    numbering = Numbering()
    known: dict[str, int] = {}
    text = "".join(words)
    symbols = symbols_of(text)
    end = np.cumsum([len(w) for w in words])
    begin = end - [len(w) for w in words]
    found = hashes(symbols, begin, end)
    found[:] = found >> np.uint64(40) if weak else found  # few slots for many pieces, yet all hashes differ
    for at, word in enumerate(words):
        assert numbering.find(found[at : at + 1]).tolist() == [known.get(word, -1)]
        if word not in known:
            known[word] = len(known)
            numbering.add(found[at : at + 1], symbols, begin[at : at + 1], end[at : at + 1])
    numbers = numbering.find(found)
    assert numbers.tolist() == [known[word] for word in words]
    assert not len(numbering.mistaken(numbers, symbols, begin, end))
    other = (numbers + 1) % len(numbering)
    wrong = numbering.mistaken(other, symbols, begin, end).tolist()
    assert wrong == [at for at in range(len(words)) if other[at] != numbers[at]]
    names = list(known)
    kept = [i for i in kept if i < len(names)]
    numbering.keep(np.array(kept, dtype=np.intp))
    stays = {names[i]: n for n, i in enumerate(kept)}
    assert numbering.find(found).tolist() == [stays.get(word, -1) for word in words]


@pytest.mark.parametrize("step", [100, 7_000, 30_000])
def test_a_numbering_grows(step: int) -> None:
    numbering = Numbering()
    words = [f"kata{i}" for i in range(30_000)]
    symbols = symbols_of("".join(words))
    end = np.cumsum([len(w) for w in words])
    begin = end - [len(w) for w in words]
    found = hashes(symbols, begin, end)
    for a in range(0, len(words), step):
        b = a + step
        assert (numbering.find(found[a:b]) == -1).all()
        numbering.add(found[a:b], symbols, begin[a:b], end[a:b])
    assert numbering.find(found).tolist() == list(range(len(words)))


def test_pieces_that_share_a_hash_are_told_apart(
    model: Model, samudra: Roster, monkeypatch: pytest.MonkeyPatch
) -> None:
    chance = random.Random(3)
    posts = [" ".join(chance.choices(FRAGMENTS, k=9)).replace("\0", "") for _ in range(300)]
    wanted = list(Engine(model, samudra, 0.1).score(posts).rows(as_text=True))

    def weak(symbols: object, begin: np.ndarray, end: np.ndarray) -> np.ndarray:
        return (end - begin).astype(np.uint64) % np.uint64(5)

    monkeypatch.setattr(table_module, "hashes", weak)
    engine = Engine(model, samudra, 0.1, remembered=100)
    found = [row for a in range(0, 300, 60) for row in engine.score(posts[a : a + 60]).rows(as_text=True)]
    assert found == wanted


def places_aside(words: tuple[Word, ...] | list[Word]) -> list[tuple[str, str, str, str]]:
    return [(w.form, w.surface, w.kind, w.case) for w in words]


SIGNS = st.text("\"'()!?,.:;", max_size=3)
ASCII = st.text("abwkh013_@#./:?%=~+-'", min_size=1, max_size=14)


@few
@given(
    piece=st.one_of(
        noisy_words().filter(lambda w: w.split() == [w]), ASCII, st.tuples(SIGNS, ASCII, SIGNS).map("".join)
    )
)
@example(piece="@user0812345678")
@example(piece="@a1b2.,")
@example(piece="https://t.co/a:b+c~")
@example(piece="(WKWKWK)!?.")
@example(piece="b',")
def test_the_parts_of_a_shape_have_the_words_of_the_piece(piece: str) -> None:
    (found,) = shapes([piece])
    if any(found):
        before, word, after, account, tail, link = found
        parts = [part for part in (before, word, after, account, tail, link) if part]
        assert "".join(parts) == piece
        words, at = [], 0
        for part in parts:
            words += [w._replace(start=w.start + at, end=w.end + at) for w in analyse_piece(part)]
            at += len(part)
        assert words == list(analyse_piece(piece))
        if account:
            assert analyse_piece(account) == (Word("<akun>", account.lower(), 0, len(account), "handle"),)
        if link:
            assert analyse_piece(link) == (Word("<tautan>", "<tautan>", 0, len(link), "mask"),)


@few
@given(word=st.one_of(st.from_regex(r"[A-Za-z]{1,9}", fullmatch=True), st.sampled_from(sorted(dictionary()))))
@example(word="BKN")
@example(word="wkwkwk")
def test_a_word_of_letters_is_read_as_any_piece(word: str) -> None:
    if word.isascii() and word.isalpha():
        assert letters_word(word) == analyse_piece(word + "\u2060")[0]  # which goes through all steps


def shorten_by_patterns(word: str) -> str:
    """The rules of drawn-out words as three patterns."""
    double = r"([^\W\d_])\1"
    if not re.search(double, word):
        return word
    word = re.sub(r"(?<=\w{3})([^\W\d_sloe])\1$", r"\1", re.sub(r"([^\W\d_])\1{2,}", r"\1", word))
    single = re.sub(double, r"\1", word)
    return single if word not in dictionary() and single in dictionary() else word


@few
@given(
    word=st.one_of(st.text("aabslo2_-é²e", min_size=1, max_size=9), st.sampled_from(sorted(dictionary()))),
    data=st.data(),
)
def test_drawn_out_words_are_shortened_by_the_rules(word: str, data: st.DataObject) -> None:
    at = data.draw(st.integers(0, len(word) - 1))
    word = word[:at] + word[at] * data.draw(st.integers(1, 4)) + word[at + 1 :]
    assert shorten(word) == shorten_by_patterns(word)


@few
@given(name=st.text("abcn", min_size=2, max_size=7), word=st.text("abcnz", min_size=1, max_size=8))
def test_slips_are_the_words_one_edit_apart(name: str, word: str) -> None:
    assert (word in slips(name)) == one_edit_apart(word, name)


@few
@given(
    posts=st.lists(noisy_posts(), min_size=1, max_size=8),
    roster=st.sampled_from(["kota-samudra-2024", "pilpres-fiksi", "kab-kayan-2020", "pilpres-nusantara-bakal"]),
)
def test_a_glance_settles_what_the_matcher_would_find(
    posts: list[str], roster: str, rosters: Mapping[str, Roster], model: Model
) -> None:
    reader = Reader(rosters[roster])
    engine = Engine(model, rosters[roster])
    encoded = encode(posts, engine._table)
    found = engine._finder.find(encoded)
    wanted = []
    for post, text in enumerate(posts):
        start = int(encoded.start[post])
        words, mentions = reader.read(text).words, reader.read(text).mentions
        assert places_aside(words) == places_aside(
            [engine._table.distinct.words[i] for i in encoded.word[start : encoded.start[post + 1]]]
        )
        wanted += [(post, m.pair, KINDS.index(m.kind), start + m.start, start + m.end) for m in mentions]
    columns = (found.post, found.pair, found.kind, found.first, found.last)
    assert list(zip(*(c.tolist() for c in columns), strict=True)) == wanted
