"""Laws of finding the pairs in a post; what is and is not a mention stands in ``data/mention_cases.toml``."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import cache
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from netral_nlp.features.reader import Reader
from netral_nlp.resources import data_dir
from netral_nlp.roster import Roster, load_roster, parse_roster
from netral_nlp.roster import context as context_module
from netral_nlp.roster.context import is_title, small_number
from netral_nlp.roster.matcher import HASHTAG, HOSTILE, NAME, SOMEBODY, SYMBOL, TITLES, Mention
from netral_nlp.roster.misspellings import Misspellings, one_edit_apart
from netral_nlp.text.lexicon import Everyday, everyday
from netral_nlp.text.words import analyse, fold
from running import steps
from strategies import noisy_posts

CASES = tomllib.loads((Path(__file__).parent / "data" / "mention_cases.toml").read_text(encoding="utf-8"))
POSITIVE = [(election, text, found) for election, case in CASES.items() for text, *found in case["positive"]]
NEGATIVE = [(election, text) for election, case in CASES.items() for text in case["negative"]]


@cache
def reader(election: str) -> Reader:
    return Reader(load_roster(data_dir() / "rosters" / f"{election}.toml"))


def found_in(reader: Reader, text: str) -> list[str]:
    reading = reader.read(text)
    out = []
    for m in reading.mentions:
        words = reading.words[m.start : m.end]
        pair = "?" if m.pair == SOMEBODY else reader.roster.pairs[m.pair].id
        out.append(f"{pair}: {m.kind}: {text[words[0].start : words[-1].end]}")
    return out


def mentions(reader: Reader, text: str) -> tuple[Mention, ...]:
    return reader.read(text).mentions


@pytest.mark.parametrize(("election", "text", "found"), POSITIVE, ids=[f"{e}: {t}" for e, t, _ in POSITIVE])
def test_what_the_table_says_is_found(election: str, text: str, found: list[str]) -> None:
    assert found_in(reader(election), text) == found


@pytest.mark.parametrize(("election", "text"), NEGATIVE, ids=[f"{e}: {t}" for e, t in NEGATIVE])
def test_nothing_is_found_where_the_table_says_so(election: str, text: str) -> None:
    assert found_in(reader(election), text) == []


def test_the_table_has_both_parts_for_every_election() -> None:
    assert len(POSITIVE) > 100
    assert len(NEGATIVE) > 90
    assert all(case["positive"] and case["negative"] for case in CASES.values())


@given(noisy_posts(), st.sampled_from(sorted(CASES)))
def test_mentions_are_in_order_and_do_not_overlap(text: str, election: str) -> None:
    reading = reader(election).read(text)
    assert all(0 <= m.start < m.end <= len(reading.words) for m in reading.mentions)
    assert all(a.end <= b.start for a, b in pairwise(reading.mentions))
    assert all(m.pair == SOMEBODY or 0 <= m.pair < len(reader(election).roster.pairs) for m in reading.mentions)


@given(noisy_posts())
def test_reading_twice_finds_the_same(text: str) -> None:
    fresh = Reader(reader("pilpres-fiksi").roster)
    assert fresh.read(text) == reader("pilpres-fiksi").read(text)


SURE_NAMES = ("arman", "hasan basri", "mas bagas", "nadia", "bu lestari", "hasanwulan", "pak wali", "arman hidayat")


@given(st.sampled_from(SURE_NAMES), st.sampled_from((str.lower, str.upper, str.title)), st.integers(0, 3))
def test_case_and_elongation_do_not_hide_a_sure_name(name: str, case: object, extra: int) -> None:
    assert callable(case)
    written = case(name + name[-1] * (extra + 1 if extra else 0))
    samudra = reader("kota-samudra-2024")
    expected = [(m.pair, m.kind) for m in mentions(samudra, f"halo {name} ya")]
    assert len(expected) == 1
    assert [(m.pair, m.kind) for m in mentions(samudra, f"halo {written} ya")] == expected


@given(st.data())
def test_a_listed_tag_is_found_in_any_case(data: st.DataObject) -> None:
    election = data.draw(st.sampled_from(sorted(CASES)))
    roster = reader(election).roster
    listed = [
        (i, tag, kind)
        for i, p in enumerate(roster.pairs)
        for kind, tags in ((HASHTAG, p.hashtags), (HOSTILE, p.hostile))
        for tag in tags
    ]
    index, tag, kind = data.draw(st.sampled_from(listed))
    written = "".join(data.draw(st.sampled_from((c.lower(), c.upper()))) for c in tag)
    first = mentions(reader(election), f"hai {written}!")[0]
    assert (first.pair, first.kind) == (index, kind)


@pytest.mark.parametrize("election", sorted(p.stem for p in (data_dir() / "rosters").glob("*.toml")))
def test_every_name_tag_and_handle_of_a_roster_is_found(election: str) -> None:
    here = reader(election)
    lost = []
    for index, pair in enumerate(here.roster.pairs):
        for written in (pair.candidate, pair.running_mate, *pair.aliases, *pair.hashtags, *pair.handles, *pair.slogans):
            found = {m.pair for m in mentions(here, f"pilkada: kami dukung {written}")} if written else {index}
            lost += [] if found & {index, SOMEBODY} else [(pair.id, written)]
    assert lost == []


def roster_of(*pairs: str) -> Roster:
    head = '[election]\nid = "kota-uji-2024"\nname = "Uji"\noffice = "mayor"\n'
    return parse_roster(head + "\n".join(f"[[pair]]\nnumber = {i}\n{p}" for i, p in enumerate(pairs, 1)))


TWO = (
    'id = "A-B"\ncandidate = "Zulfan"\nrunning_mate = "Bertrand"\n',
    'id = "C-D"\ncandidate = "Kardono"\nrunning_mate = "Dewangga"\n',
)


def test_a_symbol_of_two_pairs_is_nobodys() -> None:
    here = Reader(roster_of(TWO[0] + 'symbols = ["✊"]', TWO[1] + 'symbols = ["✊", "✌️"]'))
    assert [(m.pair, m.kind) for m in mentions(here, "coblos ✊")] == [(SOMEBODY, SYMBOL)]
    assert [(m.pair, m.kind) for m in mentions(here, "coblos ✌️")] == [(1, SYMBOL)]


@pytest.mark.parametrize("swap", [False, True])
def test_a_tag_of_two_pairs_is_nobodys(swap: bool) -> None:
    pairs = (TWO[0] + 'hashtags = ["#MajuKota"]', TWO[1] + 'hashtags = ["#majukota"]')
    here = Reader(roster_of(*(pairs[::-1] if swap else pairs)))
    assert [(m.pair, m.kind) for m in mentions(here, "#MajuKota")] == [(SOMEBODY, HASHTAG)]


@pytest.mark.parametrize("swap", [False, True])
def test_a_tag_against_a_pair_stays_that_when_a_rival_lists_it(swap: bool) -> None:
    pairs = (TWO[0] + 'hostile = ["#AsalGanti"]', TWO[1] + 'hashtags = ["#AsalGanti"]')
    here = Reader(roster_of(*(pairs[::-1] if swap else pairs)))
    assert [(m.pair, m.kind) for m in mentions(here, "#asalganti")] == [(1 if swap else 0, HOSTILE)]


def test_a_pairs_own_tag_stays_its_own_when_it_is_turned_against_it() -> None:
    here = Reader(roster_of(TWO[0] + 'hashtags = ["#Kerja"]\nhostile = ["#Kerja"]', TWO[1]))
    assert [(m.pair, m.kind) for m in mentions(here, "#kerja")] == [(0, HASHTAG)]


def test_a_name_of_two_pairs_is_somebodys_unless_one_lists_it() -> None:
    shared = ('id = "A"\ncandidate = "Zulfan Purwosari"\n', 'id = "B"\ncandidate = "Kardono Purwosari"\n')
    both = Reader(roster_of(*shared))
    assert [(m.pair, m.kind) for m in mentions(both, "purwosari menang")] == [(SOMEBODY, NAME)]
    assert mentions(both, "#purwosari")[0].pair == SOMEBODY
    one = Reader(roster_of(shared[0], shared[1] + 'aliases = ["Purwosari"]'))
    assert [m.pair for m in mentions(one, "purwosari menang")] == [1]
    assert {m.pair for m in mentions(one, "#purwosari")} == {1}


def test_a_number_that_no_pair_has_names_nobody() -> None:
    here = Reader(roster_of(*TWO))
    assert [m.pair for m in mentions(here, "paslon 2 dan paslon 3")] == [1]


def test_the_order_of_the_pairs_in_a_roster_does_not_matter(samudra: Roster) -> None:
    turned = Roster(samudra.election, samudra.pairs[::-1], digest="turned")
    here, there = Reader(samudra), Reader(turned)
    for _, text, _ in POSITIVE:
        names = [(here.roster.pairs[m.pair].id, m.kind, m.start, m.end) for m in mentions(here, text)]
        assert names == [(there.roster.pairs[m.pair].id, m.kind, m.start, m.end) for m in mentions(there, text)]


@given(st.text("abcde", min_size=1, max_size=7), st.data())
def test_one_edit_is_found_and_is_symmetric(word: str, data: st.DataObject) -> None:
    at = data.draw(st.integers(1, len(word)))
    edited = {
        "insert": word[:at] + "x" + word[at:],
        "drop": word[:at] + word[at + 1 :],
        "change": word[:at] + "x" + word[at + 1 :],
        "swap": word[:at] + word[at : at + 2][::-1] + word[at + 2 :],
    }[data.draw(st.sampled_from(("insert", "drop", "change", "swap")))]
    assume(edited != word)
    assert one_edit_apart(word, edited)
    assert one_edit_apart(edited, word)


def test_a_misspelling_of_two_names_is_neither() -> None:
    slips = Misspellings(["zulfano", "zulfani", "kardono"])
    assert slips.of("zulfanx") is None
    assert slips.of("kardonno") == "kardono"
    assert slips.of("kardano") == "kardono"
    assert slips.of("kardanx") is None
    assert slips.of("rumah") is None


def test_a_doubtful_title_needs_a_name_in_capitals() -> None:
    def titled(text: str) -> bool:
        title, name = analyse(text)
        return is_title(title, name)

    assert titled("dr Bintang")
    assert not titled("dr bintang")
    assert titled("pak bintang")


def test_small_numbers_are_numerals_and_two_digits() -> None:
    assert [small_number(w) for w in ("dua", "2", "02", "2024", "²", "٣", "dus", "")] == [
        2,
        2,
        2,
        None,
        None,
        None,
        None,
        None,
    ]


def test_the_word_lists_of_the_matcher_hold_words_as_posts_are_folded() -> None:
    lists = {name: value for name, value in vars(context_module).items() if isinstance(value, frozenset)}
    assert len(lists) >= 12
    odd = [(name, word) for name, words in lists.items() for word in words if word.isalpha() and fold(word) != word]
    assert odd == []


def test_how_ordinary_a_word_is() -> None:
    assert [everyday(w) for w in ("bintang", "ganjar", "xqzt")] == [Everyday.COMMON, Everyday.RARE, Everyday.NO]
    assert {"pak", "bu", "mas", "bang", "kang", "gus", "cak", "teh", "ning"} <= TITLES


@pytest.mark.parametrize(
    "unit", ["Bintang ", "✌️ ", "02 ", "Pak Guntur ", "wirawan ", "kolom kosong ", "#Lanjutkan2 ", "pilih satu "]
)
def test_a_long_post_takes_steps_in_proportion_to_its_length(unit: str, rosters: Mapping[str, Roster]) -> None:
    here = Reader(rosters["pilpres-fiksi"])
    times = 6_000 // len(unit)
    here.read(unit * times * 8)  # what is worked out once is worked out
    assert steps(here.read, unit * times * 8) <= 9 * steps(here.read, unit * times)
