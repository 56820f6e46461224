"""Laws of who is meant: names joined to other words, and ordinary words; posts stand in ``data/name_forms.toml``."""

from __future__ import annotations

import tomllib
from functools import cache
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from netral_nlp.errors import InputError
from netral_nlp.features.reader import Reader
from netral_nlp.roster import parse_roster
from netral_nlp.text.frequency import ordinariness
from netral_nlp.text.glued import KnownNames, known_words
from netral_nlp.text.lexicon import Everyday
from netral_nlp.text.words import analyse_piece, fold
from running import steps

FORMS = tomllib.loads((Path(__file__).parent / "data" / "name_forms.toml").read_text(encoding="utf-8"))
POSITIVE = [(part, pair, post) for part, form in FORMS.items() for pair, *posts in form["positive"] for post in posts]
NEGATIVE = [(part, post) for part, form in FORMS.items() for post in form["negative"]]


@cache
def reader(part: str) -> Reader:
    return Reader(parse_roster(FORMS[part]["roster"]))


def named(part: str, post: str) -> list[str]:
    here = reader(part)
    return [here.roster.ids[index] for index in here.read(post).pairs]


@pytest.mark.parametrize(("part", "pair", "post"), POSITIVE)
def test_a_post_names_the_pair_that_the_table_says(part: str, pair: str, post: str) -> None:
    assert named(part, post) == [pair]


@pytest.mark.parametrize(("part", "post"), NEGATIVE)
def test_a_post_names_nobody_where_the_table_says_so(part: str, post: str) -> None:
    assert named(part, post) == []


SURE = {"joined": ("zulfan", "kardono", "rasman", "bertha"), "handover": ("wirakara", "jatbon", "wirmala")}
WORDS = ("menang", "gas", "lanjutkan", "juara", "mantap", "bersama", "pilih", "coblos", "hebat", "rakyat")


@given(st.data())
def test_a_sure_name_is_found_whatever_known_word_or_year_it_is_glued_to(data: st.DataObject) -> None:
    part = data.draw(st.sampled_from(sorted(SURE)))
    name = data.draw(st.sampled_from(SURE[part]))
    case = data.draw(st.sampled_from((str.lower, str.upper, str.title)))
    before = data.draw(st.sampled_from(("", "#", "#2024", *WORDS, *(f"#{word}" for word in WORDS))))
    after = data.draw(st.sampled_from(("", "2024", "24", "'s", "nya", *WORDS)))
    if "#" in before and after == "'s":
        after = ""
    post = f"{before}{case(name)}{after}"
    if case is str.upper:
        post = post.upper()
    wanted = named(part, name)
    assert len(wanted) == 1
    assert named(part, f"halo {post} ya") == wanted


@given(st.sampled_from(("bahagia", "untung", "makmur", "sinar", "damai")), st.sampled_from(WORDS), st.booleans())
def test_an_ordinary_word_names_nobody_at_the_start_nor_in_capitals(name: str, word: str, shouted: bool) -> None:
    post = f"{name} {word} semua warga hari ini"
    assert named("ordinary", post.upper() if shouted else post.capitalize()) == []


@pytest.mark.parametrize("word", ["bagus", "untung", "sukses", "utama", "bahagia", "harapan", "makmur", "asih", "suci"])
def test_words_that_anybody_writes_are_ordinary(word: str) -> None:
    assert ordinariness(word) is Everyday.COMMON


def test_a_barred_word_is_switched_off_and_only_it() -> None:
    plain = 'candidate = "Kuncara Bagus"\nid = "K"\nnumber = 1\naliases = ["Pak Bagus", "Kuncara"]\n'
    head = '[election]\nid = "uji-2024"\nname = "Uji"\noffice = "mayor"\n[[pair]]\n'
    free, barred = parse_roster(head + plain), parse_roster(head + plain + 'not_aliases = ["Bagus"]\n')
    assert free.digest != barred.digest
    assert barred.pairs[0].not_aliases == ("Bagus",)
    assert Reader(free).read("Saya dukung Bagus tahun ini").pairs == (0,)
    assert Reader(barred).read("Saya dukung Bagus tahun ini").pairs == ()
    assert Reader(barred).read("Pak Bagus menang").pairs == (0,)
    assert Reader(barred).read("Kuncara menang").pairs == (0,)
    with pytest.raises(InputError, match=r":\d+: .*not_aliases"):
        parse_roster(head + plain + "not_aliases = [1]\n")


def test_names_among_pieces_are_those_that_a_search_finds() -> None:
    names = KnownNames(("zulfan", "melda", "zb"), ("zulfan",), fold)
    pieces = ["zulfan", "Zulfan", "zulfanmenang", "x", "MELDA2024", "melda", "", "İzulfan", "amelda", "halo"]
    for given_pieces in (pieces, [piece for piece in pieces if piece.isascii()]):
        held = {p for p in given_pieces if any(name in p.lower() for name in ("zulfan", "melda"))}
        wanted = {p for p in held if p.lower() not in names}
        assert names.among(given_pieces) == wanted


@given(st.text("abegilmnoprstu", max_size=12))
def test_known_words_tile_what_they_are_cut_from(letters: str) -> None:
    spans = known_words(letters)
    if spans is not None:
        assert "".join(letters[a:b] for a, b in spans) == letters
        assert all(b - a >= 3 for a, b in spans)


PARTS = ("zulfan", "Zulfan", "2024", "menang", "'s", "-", "#", "nya", "0", "Z", ".", "ı")


@given(st.lists(st.sampled_from(PARTS), max_size=6).map("".join))
def test_words_cut_from_a_piece_stand_in_their_places(piece: str) -> None:
    piece = piece.strip()
    if not piece:
        return
    names = reader("joined").matcher.known
    words = analyse_piece(piece, names)
    assert all(0 <= w.start < w.end <= len(piece) for w in words)


def test_two_ordinary_words_make_no_pair_of_each_other() -> None:
    head = '[election]\nid = "uji-2024"\nname = "Uji"\noffice = "mayor"\n[[pair]]\n'
    pair = (
        'candidate = "Bagus Untung"\nrunning_mate = "Indah Asih"\nid = "Bagus-Indah"\nnumber = 1\naliases = ["Bagus"]\n'
    )
    reader = Reader(parse_roster(head + pair))
    assert reader.read("kerja bagus dan indah hasilnya").pairs == ()
    assert reader.read("kami pilih Bagus dan Indah").pairs == (0,)
    assert reader.read("Bagus-Indah menang").pairs == (0,)


@given(st.sets(st.text("abnrs", min_size=1, max_size=9), max_size=40))
def test_kernels_are_the_names_that_hold_no_other_name(names: set[str]) -> None:
    known = KnownNames(names, (), fold)
    by_definition = {name for name in known.names if not any(other in name for other in known.names - {name})}
    assert set(known.kernels) == by_definition


def test_many_names_cost_each_no_more_than_few() -> None:
    def made(count: int) -> list[str]:
        return [
            f"{'abcdefghij'[n % 10]}{n:x}".translate(str.maketrans("0123456789", "klmnopqrst")) * 2
            for n in range(count)
        ]

    few, many = (steps(KnownNames, made(count), (), fold) / count for count in (200, 3_200))
    assert many < 1.5 * few
