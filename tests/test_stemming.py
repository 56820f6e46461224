"""Our stemmer is PySastrawi, only faster; the layers above it touch nothing that they need not touch."""

from __future__ import annotations

import csv
import re
import subprocess
import sys
import tracemalloc
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from Sastrawi.Stemmer.StemmerFactory import StemmerFactory

from netral_nlp.errors import InputError
from netral_nlp.resources import data_dir
from netral_nlp.text import lexicon as lexicon_lists
from netral_nlp.text import stemming
from netral_nlp.text.affixes import NOTATION, PREFIX_RULES, PrefixRule
from netral_nlp.text.confix import confix_stemmer
from netral_nlp.text.lexicon import dictionary, protected_words
from netral_nlp.text.stemming import reference_stem, sastrawi_stem, stem, stemmer
from running import steps
from strategies import many

ORACLE = StemmerFactory().create_stemmer().delegatedStemmer
ROOTS = sorted(word for word in dictionary() if word.isalpha())

PREFIXES = [
    "di",
    "ke",
    "se",
    "ku",
    "kau",
    "be",
    "ber",
    "bel",
    "te",
    "ter",
    "me",
    "mem",
    "memp",
    "men",
    "meng",
    "menge",
    "meny",
    "pe",
    "pem",
    "pen",
    "peng",
    "penge",
    "peny",
    "per",
    "pel",
    "memper",
    "diper",
    "keber",
    "seper",
    "keter",
    "berke",
    "berpeng",
    "pember",
    "nge",
    "ng",
    "ny",
    "n",
    "m",
]
SUFFIXES = [
    "i",
    "an",
    "kan",
    "in",
    "is",
    "isme",
    "isasi",
    "ku",
    "mu",
    "nya",
    "lah",
    "kah",
    "tah",
    "pun",
    "kannya",
    "annya",
    "inya",
    "nyalah",
    "kanlah",
    "-ku",
    "-nya",
    "-lah",
    "--nya",
]

roots = st.sampled_from(ROOTS)
affixed = st.builds(
    "{}{}{}".format,
    st.lists(st.sampled_from(PREFIXES), max_size=3).map("".join),
    roots | roots.map(lambda root: root[1:]),  # meN- eats the first letter
    st.lists(st.sampled_from(SUFFIXES), max_size=3).map("".join),
)
repeated = st.builds("{}-{}".format, affixed, affixed) | affixed.map(lambda word: f"{word}-{word}")
twice = st.builds("{0}{1}-{1}{2}".format, st.sampled_from(PREFIXES), roots, st.sampled_from(SUFFIXES))
pieces = [*PREFIXES, *SUFFIXES, "er", "el", "em", "in", "a", "e", "k", "r", "-", "--", "2", "07", " ", "\n"]
strange = ["ſ", "ı", "İ", "\u212a", "é", "𝗮", "☝️", "\u200b", "Ayo", "(", "+"]  # what lower() and IGNORECASE do oddly
noise = st.lists(st.sampled_from(pieces + strange) | roots, max_size=9).map("".join)
words = st.lists(affixed | repeated | twice, min_size=5, max_size=10)


def corpus_words() -> list[str]:
    found: set[str] = set()
    for path in sorted(data_dir().glob("corpus/*.csv")):
        with path.open(encoding="utf-8", newline="") as file:
            for row in csv.DictReader(file):
                found.update(re.findall(r"[a-z0-9]+(?:-[a-z0-9]+)*", row["text"].lower()))
    return sorted(found)


# --- the same answers as PySastrawi


def test_every_dictionary_word_stems_as_in_sastrawi() -> None:
    assert len(ROOTS) > 29_000
    assert [word for word in sorted(dictionary()) if sastrawi_stem(word) != ORACLE.stem(word)] == []


@settings(max_examples=many(150), deadline=None)
@given(words)
def test_affixed_and_repeated_words_stem_as_in_sastrawi(words: list[str]) -> None:
    assert [sastrawi_stem(word) for word in words] == [ORACLE.stem(word) for word in words]


@settings(max_examples=many(400), deadline=None)
@given(noise)
def test_any_text_at_all_stems_as_in_sastrawi(text: str) -> None:
    assert sastrawi_stem(text) == ORACLE.stem(text)


@pytest.mark.parametrize("rule", PREFIX_RULES, ids=lambda rule: f"{rule.number}-{rule.head}")
def test_every_prefix_rule_finds_roots_as_in_sastrawi(rule: PrefixRule) -> None:
    follows = re.compile("".join(NOTATION.get(sign, sign) for sign in rule.follows))
    examples = [
        (rule.head + rest, root)
        for answer in rule.answers
        for root in ROOTS
        if root.startswith(answer) and follows.match(rest := root[len(answer) :])
    ]
    if not examples:  # the dictionary holds no such root: the rule only opens the way for a second one
        examples = [(rule.head + rest, "") for rest in ("kerja", "terjang", "percik", "jerman") if follows.match(rest)]
    assert examples
    for word, _ in examples[:: max(1, len(examples) // 40)]:
        assert sastrawi_stem(word) == ORACLE.stem(word), word


def test_corpus_words_stem_as_in_sastrawi() -> None:
    words = corpus_words()
    if not words:
        pytest.skip("no corpus here")
    assert [word for word in words if sastrawi_stem(word) != ORACLE.stem(word)] == []


@settings(max_examples=many(60), deadline=None)
@given(words)
def test_the_reference_path_gives_the_same_stems(words: list[str]) -> None:
    fast, slow = stemmer("fast"), stemmer("sastrawi")
    assert [fast(word) for word in words] == [slow(word) for word in words]
    assert [reference_stem(word) for word in words if re.fullmatch("[a-z]{1,60}", word)] == [
        sastrawi_stem(word) for word in words if re.fullmatch("[a-z]{1,60}", word)
    ]


# --- protected words and spoken forms

HARMFUL = {
    "relawan": "relawan",  # Sastrawi: rawan
    "relawannya": "relawan",
    "pemilu": "pemilu",  # milu
    "menangis": "menangis",  # menang
    "gerakan": "gerakan",  # gera
    "setuju": "setuju",  # tuju
    "perubahan": "perubahan",  # ubah
    "persatuan": "persatuan",  # satu
    "belom": "belum",  # bom
    "sebelum": "sebelum",  # belum
    "pengen": "pengin",  # ken
    "petaninya": "petani",  # petan
    "petahana": "petahana",  # tahana
    "membantah": "bantah",  # ban
    "bersihkan": "bersih",  # sih
    "susi": "susi",  # sus
    "bali": "bali",  # bal
    "balikan": "balik",  # Bali takes no affixes
    "setidaknya": "setidaknya",  # tidak: no negation here
}
SPOKEN = {
    "nyoblos": "coblos",
    "nyalon": "calon",
    "dukungin": "dukung",
    "menangin": "menang",
    "dimenanginnya": "menang",
    "kata2": "kata",
    "besar2an": "besar",
    "satu2nya": "satu-satunya",
    "2periode": "periode",
    "di-bully": "bully",
    "dibully": "bully",
    "ngedukung": "dukung",
    "nyari": "cari",
    "milih": "pilih",
    "dipilihin": "pilih",
    "nolak": "tolak",
    "ngelawan": "lawan",
    "ngirim": "kirim",
    "ngritik": "kritik",
    "benerin": "benar",
    "emak-emak": "emak",
    "elektabilitasnya": "elektabilitas",
}
UNTOUCHED = [
    "ngomong",
    "ngerti",
    "nomor2",
    "coblos2",
    "k1",
    "2024",
    "tps",
    "24jam",
    "martin",
    "hasanuddin",
    "arifin",
    "muhaimin",
    "nadia",
    "nanda",
    "mega",
    "megawati",
    "asep",
    "ngawi",
    "nunukan",
    "semarang",
    "scroll",
    "login",
    "admin",
    "kevin",
    "edwin",
    "milan",
    "malang",
    "madura",
    "nduga",
    "bener",
]
NOT_WORDS = ("", "-", "a--b", "-an", "kata-", "a-b-c-d-e", "#tag", "@nama", "Dukung", "☝️", "dukung nya", "di+abc", "ſ")


@pytest.mark.parametrize(("word", "expected"), (HARMFUL | SPOKEN).items())
def test_harmful_stems_are_undone_and_spoken_forms_found(word: str, expected: str) -> None:
    assert stem(word) == expected
    assert sastrawi_stem(word) != expected or word == "balikan", "the case shows nothing"


@pytest.mark.parametrize("word", UNTOUCHED)
def test_names_numbers_and_foreign_words_are_left_alone(word: str) -> None:
    assert stem(word) == word


@pytest.mark.parametrize("word", [*NOT_WORDS, "a" * 61, "-" * 10_000])
@pytest.mark.parametrize("name", ["fast", "sastrawi"])
def test_what_is_no_word_comes_back_as_it_is(word: str, name: stemming.Stemmer) -> None:
    assert stemmer(name)(word) is word
    assert reference_stem(word) is word


def test_dictionary_words_are_never_taken_for_spoken_forms() -> None:
    assert [root for root in ROOTS if root not in protected_words() and stem(root) != root] == []


def test_every_protected_word_changes_something_and_leads_to_a_stem_that_stays() -> None:
    table = protected_words()
    assert len(table) > 500
    assert [(word, root) for word, root in table.items() if stem(word) != root or stem(root) != root] == []
    without_table = confix_stemmer(dictionary() | lexicon_lists.protected_roots())
    idle = [word for word, root in table.items() if word != root and sastrawi_stem(word) == without_table(word) == root]
    assert idle == []
    assert [word for word in table if not stemming.PLAIN.fullmatch(word)] == []


def test_stemming_twice_is_stemming_once() -> None:
    made = [head + root + tail for root in ROOTS[::40] for head in PREFIXES[::5] for tail in SUFFIXES[::5]]
    words = corpus_words() + made
    assert [word for word in words if stem(stem(word)) != stem(word)] == []


# --- faults


@pytest.mark.parametrize("unit", ["-", "memperber", "a-", "nya", "-nya", "ber-", "kata2", "é", "-lah-an"])
def test_a_very_long_word_takes_no_more_steps_than_a_long_one(unit: str) -> None:
    small, large = unit * (100_000 // len(unit)), unit * (1_600_000 // len(unit))
    sastrawi_stem("dukung")
    assert steps(sastrawi_stem, large) == steps(sastrawi_stem, small)
    assert stem(large) is large


def test_stemming_many_words_keeps_no_memory() -> None:
    fast = stemmer("fast")
    fast("dukung")
    tracemalloc.start()
    try:
        before = tracemalloc.get_traced_memory()[0]
        for number in range(4_000):
            fast(f"memper{number:x}kannya".translate(str.maketrans("0123456789", "ghijklmnop")))
        assert tracemalloc.get_traced_memory()[0] - before < 50_000
    finally:
        tracemalloc.stop()


@pytest.fixture
def lexicon(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    (tmp_path / "lexicon").mkdir()
    monkeypatch.setattr(lexicon_lists, "data_dir", lambda: tmp_path)
    lexicon_lists._protected_rows.cache_clear()
    yield tmp_path / "lexicon" / "protected.tsv"
    lexicon_lists._protected_rows.cache_clear()


@pytest.mark.parametrize("line", ["", "relawan", "relawan\trelawan", "a\t\twhy", "gerakan\tgera\tagain", "a\tb\tc\td"])
def test_a_bad_line_of_the_protected_table_is_named(lexicon: Path, line: str) -> None:
    lexicon.write_text(f"word\tstem\twhy\ngerakan\tgerakan\tfine\n{line}\n", encoding="utf-8")
    with pytest.raises(InputError, match="line 3") as caught:
        lexicon_lists._protected_rows()
    assert caught.value.line == 3


def test_importing_the_stemmer_loads_neither_numpy_nor_sastrawi() -> None:
    code = "import sys, netral_nlp.text.stemming; print({'numpy', 'Sastrawi', 'pandas'} & set(sys.modules))"
    path = str(Path(stemming.__file__).parents[2])
    command = [sys.executable, "-c", code]
    done = subprocess.run(command, capture_output=True, text=True, check=True, env={"PYTHONPATH": path})
    assert done.stdout.strip() == "set()"
