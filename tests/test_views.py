"""Laws of the role-rewritten post: the names are gone, the rest is as it was."""

from __future__ import annotations

from collections.abc import Mapping

import pytest
from hypothesis import given
from hypothesis import strategies as st

from netral_nlp.errors import UsageError
from netral_nlp.features.blocks import BLOCKS, cue_classes, ngrams
from netral_nlp.features.reader import Reader, Reading, forms, prepare
from netral_nlp.features.views import OTHER, SOMEONE, THIS, UNCOUNTED, View, role, view
from netral_nlp.learning.anonymity import HIDDEN, hide_names, name_words
from netral_nlp.records import Case
from netral_nlp.resources import data_dir
from netral_nlp.roster import load_roster
from netral_nlp.roster.matcher import HOSTILE, NAME, SOMEBODY, Mention
from strategies import noisy_posts

SAMUDRA = load_roster(data_dir() / "rosters" / "kota-samudra-2024.toml")
READER = Reader(SAMUDRA)
ROLES = {role[:-1] for role in (THIS, OTHER, SOMEONE)}


def views_of(text: str) -> list[View]:
    reading = READER.read(text)
    return [READER.view(reading, i) for i in range(len(SAMUDRA.pairs))]


@given(noisy_posts())
def test_every_word_of_the_post_is_in_exactly_one_token(text: str) -> None:
    reading = READER.read(text)
    for v in views_of(text):
        assert [i for t in v.tokens for i in range(t.first, t.last)] == list(range(len(reading.words)))


@given(noisy_posts())
def test_a_mention_is_a_role_and_nothing_else_is(text: str) -> None:
    for i, v in enumerate(views_of(text)):
        roles = [(t.first, t.last, t.kind) for t in v.tokens if t.form.startswith(tuple(ROLES)) and t.last - t.first]
        named = [(m.start, m.end, m.kind) for m in v.mentions]
        assert [r for r in roles if r in named] == named
        assert v.pair == i


@given(noisy_posts())
def test_another_pairs_view_differs_in_roles_only(text: str) -> None:
    first, second, _ = views_of(text)
    assert len(first.tokens) == len(second.tokens)
    for a, b in zip(first.tokens, second.tokens, strict=True):
        assert (a.first, a.last, a.kind) == (b.first, b.last, b.kind)
        assert a == b or {a.form, b.form} <= {THIS, OTHER, "<ini-lawan>", "<lain-lawan>"}


@given(noisy_posts())
def test_every_mentioned_pair_sees_itself(text: str) -> None:
    reading = READER.read(text)
    for i, v in enumerate(views_of(text)):
        seen = {t.form for t in v.tokens}
        assert (i in reading.pairs) == bool(seen & {THIS, "<ini-lawan>"})


@pytest.mark.parametrize(
    ("pair", "text", "expected"),
    [
        ("Hasan-Wulan", "Pak Hasan lebih baik dari Arman", [THIS, "lebih", "baik", "dari", OTHER]),
        ("Arman-Lestari", "Pak Hasan lebih baik dari Arman", [OTHER, "lebih", "baik", "dari", THIS]),
        ("Bagas-Nadia", "#SamudraBangkrut", ["<lain-lawan>", "samudra", "bangkrut"]),
        ("Arman-Lestari", "#SamudraBangkrut", ["<ini-lawan>", "samudra", "bangkrut"]),
        ("Hasan-Wulan", "ga bakal coblos 02", ["tidak", "bakal", "coblos", THIS]),
    ],
)
def test_names_become_roles(pair: str, text: str, expected: list[str]) -> None:
    assert forms(prepare([Case(text, pair, SAMUDRA)])) == [expected]


def test_a_shared_name_is_someones_from_every_side() -> None:
    for pair in range(3):
        assert role(Mention(SOMEBODY, NAME, 0, 1), pair) == SOMEONE
    words = READER.read("#apa").words[:1]
    shown = view(words, [Mention(SOMEBODY, HOSTILE, 0, 1)], 0, str)
    assert [t.form for t in shown.tokens] == ["<calon-lawan>"]


@given(noisy_posts(), st.sampled_from(BLOCKS))
def test_a_feature_stands_on_tokens_of_the_view(text: str, block: object) -> None:
    v = views_of(text)[0]
    for _, first, last in block.extract(v):  # type: ignore[attr-defined]
        assert 0 <= first <= last <= len(v.tokens)


@given(noisy_posts())
def test_no_feature_holds_a_mask_of_personal_data_or_a_line_break(text: str) -> None:
    for v in views_of(text):
        for block in BLOCKS:
            for feature in block.features(v):
                assert "\n" not in feature
                assert not any(mask in feature for mask in UNCOUNTED)


@given(noisy_posts())
def test_a_sure_name_is_in_no_feature(text: str) -> None:
    for v in views_of(f"{text}\nArman Hidayat ketemu Bagas Pratama"):
        for block in BLOCKS[:2]:
            tail = [f for f, first, _ in block.extract(v) if first >= len(v.tokens) - 3]
            assert not any(name in f for f in tail for name in ("arman", "hidayat", "bagas", "pratama"))


def test_character_ngrams_cover_a_word() -> None:
    assert list(ngrams("no")) == [" no", "no ", " no "]
    assert {len(gram) for gram in ngrams("dukung")} == {3, 4, 5}


def test_cue_classes_are_read() -> None:
    classes = cue_classes()
    assert len(classes) > 300
    assert all(kinds for kinds in classes.values())


def test_hidden_names_are_no_features() -> None:
    text = "kata Pak Zulkarnaenz, Sari dan Wulan itu"
    cases = [Case(text, "Arman-Lestari", SAMUDRA)]
    hidden = hide_names(cases, prepare(cases))[0]
    assert HIDDEN in [t.form for t in hidden.tokens]
    assert not any("zulkar" in f for block in BLOCKS for f in block.features(hidden))
    assert "wulan" in name_words(SAMUDRA)


@given(noisy_posts())
def test_hiding_names_twice_is_hiding_them_once(text: str) -> None:
    cases = [Case(text, "Arman-Lestari", SAMUDRA)]
    once = hide_names(cases, prepare(cases))
    assert hide_names(cases, once) == once
    assert [len(v.tokens) for v in once] == [len(v.tokens) for v in prepare(cases)]


@given(st.lists(noisy_posts(4), max_size=4), st.sampled_from(SAMUDRA.ids))
def test_many_cases_are_prepared_as_one_by_one(texts: list[str], pair: str) -> None:
    cases = [Case(t, pair, SAMUDRA) for t in (*texts, *texts)]
    assert prepare(cases) == [v for case in cases for v in prepare([case])]


def test_an_unknown_pair_is_refused_with_the_known_ones(rosters: Mapping[str, object]) -> None:
    with pytest.raises(UsageError, match=r'no pair "Siapa".*"Bagas-Nadia"'):
        prepare([Case("halo", "Siapa", SAMUDRA)])


def test_a_reading_lists_each_pair_once_in_order() -> None:
    reading = READER.read("Bagas, Hasan, lalu Bagas lagi")
    assert [SAMUDRA.ids[i] for i in reading.pairs] == ["Bagas-Nadia", "Hasan-Wulan"]
    assert Reading((), ()).pairs == ()
