"""Laws of cutting a post into words: every word has its place, nothing that decides is lost, no post is slow."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import assume, given

from netral_nlp.resources import data_dir
from netral_nlp.text import words as words_module
from netral_nlp.text.cleaning import clean
from netral_nlp.text.hashtags import split_tag
from netral_nlp.text.lexicon import slang, standardise
from netral_nlp.text.turning import turn_round
from netral_nlp.text.words import (
    EMOJI_WORD,
    KEPT_UPPER,
    NUMBER,
    TAG,
    TAG_WORD,
    WORD,
    WORD_STEPS,
    analyse,
    analyse_piece,
    cached_piece,
    fold,
    pieces,
)
from running import steps
from strategies import LONG, SLANG, noisy_posts

NEGATIONS = ("tidak", "bukan", "jangan", "belum", "kurang", "tanpa", "anti")


def forms(text: str) -> list[str]:
    return [word.form for word in analyse(text)]


@given(noisy_posts())
def test_every_word_has_a_place_in_the_post(text: str) -> None:
    for word in analyse(text):
        assert 0 <= word.start < word.end <= len(text)
        assert word.form
        assert word.surface


@given(noisy_posts())
def test_words_stand_in_the_order_of_the_post(text: str) -> None:
    assume(all(turn_round(piece) == piece for _, piece in pieces(text)))  # what stands backwards is read backwards
    words = [word for word in analyse(text) if word.kind != TAG]
    assert all(a.start <= b.start and a.end <= b.end for a, b in pairwise(words))


@given(noisy_posts())
def test_the_place_of_a_word_holds_the_word(text: str) -> None:
    for at, piece in pieces(text):
        if clean(piece) != piece:
            continue
        for word in analyse_piece(piece):
            stretch = text[at + word.start : at + word.end]
            assert word.surface == (fold(stretch) if word.kind in (WORD, TAG_WORD) else stretch.lower())


@given(noisy_posts(6), noisy_posts(6))
def test_the_words_of_two_lines_are_the_words_of_each(first: str, second: str) -> None:
    both = analyse(f"{first}\n{second}")
    mine, theirs = analyse(first), analyse(second)
    assert both[: len(mine)] == mine
    shift = len(first) + 1
    rest = both[len(mine) :]
    assert [(w.form, w.surface, w.kind, w.case) for w in rest] == [(w.form, w.surface, w.kind, w.case) for w in theirs]
    assert [(w.start - shift, w.end - shift) for w in rest] == [(w.start, w.end) for w in theirs]


@given(noisy_posts())
def test_a_remembered_piece_has_the_words_of_a_new_one(text: str) -> None:
    assert analyse(text, cached_piece) == analyse(text)


@given(noisy_posts())
def test_no_word_holds_a_long_number(text: str) -> None:
    for word in analyse(text):
        if word.kind in (WORD, NUMBER) and not word.surface.startswith("rp"):
            assert sum(c.isdigit() for c in word.form) < 9


@pytest.mark.parametrize("emoji", ["🔥", "✌", "☝", "🤟", "✊", "😂", "❤", "🇮🇩", "🙏", "➡"])
def test_an_emoji_is_a_word_wherever_it_stands(emoji: str) -> None:
    for text in (emoji, f"gas{emoji}", f"{emoji}gas", f"a {emoji} b", f"{emoji}\ufe0f!", f"{emoji}🏽"):
        found = [w for w in analyse(text) if w.kind == EMOJI_WORD and w.form == emoji]
        assert len(found) == 1, text
        assert text[found[0].start : found[0].end] == emoji


def test_repeated_emoji_are_as_many_words_each_in_its_place() -> None:
    text = "gas ✌️✌️✌🏿"
    assert [text[w.start : w.end] for w in analyse(text) if w.kind == EMOJI_WORD] == ["✌", "✌", "✌"]


@pytest.mark.parametrize("word", NEGATIONS)
def test_negation_is_kept(word: str) -> None:
    assert forms(f"saya {word} pilih dia") == ["saya", word, "pilih", "dia"]
    assert word in forms(f"#Saya{word.title()}Pilih")


@pytest.mark.parametrize(
    ("written", "standard"), [("gk", "tidak"), ("tdk", "tidak"), ("jgn", "jangan"), ("blm", "belum")]
)
def test_informal_negation_is_negation(written: str, standard: str) -> None:
    assert forms(written) == [standard]
    assert forms(written.upper()) == [standard]


@pytest.mark.parametrize(
    ("tag", "words"),
    [
        ("LanjutkanSamudra", ["Lanjutkan", "Samudra"]),
        ("LanjutkanSamudra2024", ["Lanjutkan", "Samudra", "2024"]),
        ("pilihnomordua", ["pilih", "nomor", "dua"]),
        ("ASNNetral", ["ASN", "Netral"]),
        ("2024GantiPresiden", ["2024", "Ganti", "Presiden"]),
        ("02", ["02"]),
        ("tolak_dinasti", ["tolak", "dinasti"]),
        ("İzmir", ["İzmir"]),
    ],
)
def test_a_tag_is_itself_and_its_words(tag: str, words: list[str]) -> None:
    assert [tag[a:b] for a, b in split_tag(tag)] == words
    found = analyse(f"#{tag}")
    assert (found[0].kind, found[0].surface, found[0].end) == (TAG, f"#{clean(tag).lower()}", len(tag) + 1)
    assert [f"#{tag}"[w.start : w.end] for w in found[1:]] == words
    assert {w.kind for w in found[1:]} == {TAG_WORD}


@given(noisy_posts(4))
def test_the_words_of_a_tag_follow_one_another(text: str) -> None:
    tag = "".join(c for c in text if c.isalnum() or c == "_")
    spans = split_tag(tag)
    assert all(0 <= a < b <= len(tag) for a, b in spans)
    assert all(before[1] <= after[0] for before, after in pairwise(spans))


@pytest.mark.parametrize("acronym", sorted(KEPT_UPPER))
def test_an_authority_in_capitals_is_no_informal_word(acronym: str) -> None:
    assert forms(f"kantor {acronym} tutup")[1] == acronym.lower()
    assert forms(f"kantor {acronym.lower()} tutup")[1] == standardise(acronym.lower())


def test_most_authorities_are_informal_words_in_small_letters() -> None:
    assert sum(acronym.lower() in slang() for acronym in KEPT_UPPER) > len(KEPT_UPPER) // 2


def test_the_case_of_a_word_does_not_change_its_form() -> None:
    for word in (*SLANG, "Mantaaap", "DUKUNG", "NyoBlos"):
        if word.upper() not in KEPT_UPPER:
            assert forms(word.upper()) == forms(word.lower()), word


def test_word_steps_applied_twice_change_nothing_more() -> None:
    for word in slang():
        assert fold(fold(word)) == fold(word)
    assert [step.__name__ for step in WORD_STEPS] == ["lower", "decode_digits", "fold_laughter", "shorten"]


def test_a_listed_informal_word_is_found_as_it_is_written() -> None:
    lost = [w for w in slang() if w.isalpha() and forms(w) not in ([standardise(w)], ["<tawa>"])]
    assert len(slang()) > 700
    assert len(lost) <= len(slang()) // 50, lost  # a few are shortened to a dictionary word first


def test_question_and_exclamation_marks_are_words() -> None:
    assert forms("kok gitu? gas! serius?? hore!!!") == ["kok", "begitu", "?", "gas", "!", "serius", "??", "hore", "!!"]


@pytest.mark.parametrize("text", ["", " ", "\n\t ", "\u200b", "\ufe0f", ".", ",", "***", "\u2060 \u2060"])
def test_a_post_without_words_has_no_words(text: str) -> None:
    assert analyse(text) == []


@pytest.mark.parametrize("text", ["NA", "null", "007", "nan", "None", "true"])
def test_a_post_that_looks_like_a_missing_value_is_a_post(text: str) -> None:
    assert len(analyse(text)) == 1


UNITS = (
    *LONG,
    "1.",
    "(1",
    "1 ",
    "-",
    "a-",
    "@",
    "#a",
    "a.",
    "&amp;",
    "www.",
    "ha",
    "✌️",
    "\u200b",
    "e\u0301",
    "02 ",
    "#PilihDua ",
)


@pytest.mark.parametrize("unit", UNITS, ids=[unit[:8] for unit in UNITS])
def test_no_post_takes_more_steps_than_its_length_allows(unit: str) -> None:
    times = max(1, 3_000 // len(unit))
    analyse(unit * times * 8)  # what is worked out once is worked out
    assert steps(analyse, unit * times * 8) <= 12 * steps(analyse, unit * times)  # its square: 64


def test_the_word_lists_are_there() -> None:
    assert (data_dir() / "lexicon" / "slang.tsv").is_file()


@given(noisy_posts(4))
def test_a_piece_that_passes_as_clean_is_changed_by_no_step(text: str) -> None:
    for _, piece in pieces(text):
        assert not words_module._is_clean(piece) or clean(piece) == piece
