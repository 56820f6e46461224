"""The only door to word lists: slang, root words, protected words, everyday words, cues and regional words."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from functools import cache
from pathlib import Path

from netral_nlp.errors import InputError
from netral_nlp.resources import data_dir


def read_pairs(name: str) -> dict[str, str]:
    """The first two columns of a shipped word list ``data/lexicon/<name>``, header left out."""
    return dict(read_rows(name))


def read_rows(name: str) -> list[tuple[str, str]]:
    """The same in their order, also where a first column stands twice."""
    lines = (data_dir() / "lexicon" / name).read_text(encoding="utf-8").splitlines()[1:]
    return [(first, second) for first, second, *_ in (line.split("\t") for line in lines if line.strip())]


def read_words(name: str) -> frozenset[str]:
    """The words of a shipped list with one a line, comments left out."""
    lines = (data_dir() / "lexicon" / name).read_text(encoding="utf-8").splitlines()
    return frozenset(line.strip() for line in lines if line.strip() and not line.startswith("#"))


@cache
def slang() -> dict[str, str]:
    """Informal word -> standard word, as listed in ``data/lexicon/slang.tsv``."""
    return read_pairs("slang.tsv")


@cache
def emoji_names() -> dict[str, str]:
    """The names that programs write for emoji, without colons -> the emoji, from ``data/lexicon/emoji.tsv``."""
    return read_pairs("emoji.tsv")


def standardise(word: str) -> str:
    """The standard spelling of a lower-case word, or the word itself.

    >>> standardise("bgt"), standardise("rakyat")
    ('banget', 'rakyat')
    """
    return slang().get(word, word)


@cache
def word_posts() -> dict[str, int]:
    """Stem -> in how many public posts it was met, from ``data/lexicon/vectors.npz``; empty without that file."""
    import zipfile

    from numpy.lib.format import read_array

    path = data_dir() / "lexicon" / "vectors.npz"
    if not path.exists():
        return {}
    with zipfile.ZipFile(path) as archive, archive.open("words.npy") as words, archive.open("posts.npy") as posts:
        stems, counts = (read_array(member, allow_pickle=False) for member in (words, posts))
    return dict(zip(stems.tolist(), counts.tolist(), strict=True))


WITHOUT_AFFIXES = ("name", "place", "regional")  # how the reason of such a protected word begins


@dataclass(frozen=True, slots=True)
class ProtectedWord:
    """A word whose stem was decided by hand."""

    word: str
    stem: str
    why: str


@cache
def dictionary() -> frozenset[str]:
    """The root words that the installed PySastrawi carries."""
    import Sastrawi

    path = Path(Sastrawi.__path__[0], "Stemmer", "data", "kata-dasar.txt")
    return frozenset(filter(str.strip, path.read_text("utf-8").split("\n")))


@cache
def protected_words() -> dict[str, str]:
    """Word to stem, from ``lexicon/protected.tsv``. Raises InputError at a line that is not word, stem and why."""
    return {row.word: row.stem for row in _protected_rows()}


@cache
def protected_roots() -> frozenset[str]:
    """The protected stems that take affixes as dictionary words do.

    Names and regional words do not: *balikan* is balik-an, not Bali-kan.
    """
    return frozenset(row.stem for row in _protected_rows() if not row.why.startswith(WITHOUT_AFFIXES))


@cache
def _protected_rows() -> tuple[ProtectedWord, ...]:
    path = data_dir() / "lexicon" / "protected.tsv"
    rows: dict[str, ProtectedWord] = {}
    for number, line in enumerate(path.read_text("utf-8").splitlines()[1:], start=2):
        cells = line.split("\t")
        if len(cells) != 3 or not all(cells) or cells[0] in rows:
            message = f"{path} line {number} must be a new word, its stem and why, with tabs between."
            raise InputError(message, path=str(path), line=number)
        rows[cells[0]] = ProtectedWord(*cells)
    return tuple(rows.values())


class Everyday(Enum):
    """How ordinary a word is."""

    NO = "not in any list"
    RARE = "in the dictionary only"
    COMMON = "an everyday word"


@cache
def _common() -> frozenset[str]:
    return read_words("ordinary.txt")


def everyday(word: str) -> Everyday:
    """How ordinary a lower-case word is.

    >>> everyday("bintang").name, everyday("ganjar").name, everyday("xqzt").name
    ('COMMON', 'RARE', 'NO')
    """
    if word in _common() or word in slang():
        return Everyday.COMMON
    return Everyday.RARE if word in dictionary() else Everyday.NO


@cache
def regional_words() -> dict[str, str]:
    """Words of regional languages -> the language, from ``data/lexicon/regional.tsv``."""
    return read_pairs("regional.tsv")


def is_known(word: str) -> bool:
    """Whether a lower-case word or stem stands in a word list of Indonesian or of a regional language.

    >>> is_known("menang"), is_known("xqzt")
    (True, False)
    """
    return word in known_words()


@cache
def known_words() -> frozenset[str]:
    return _common().union(slang(), dictionary(), regional_words())


@cache
def negators() -> frozenset[str]:
    """The stems that turn round what follows, from ``data/lexicon/negators.txt``."""
    return read_words("negators.txt")


@cache
def identity_kinds() -> dict[str, str]:
    """Stems that tell who somebody is -> whether by faith, place, people, camp, from ``data/lexicon/identity.tsv``.

    They have no vectors, so that no stance follows from them.
    """
    return read_pairs("identity.tsv")


@cache
def cue_rows() -> tuple[tuple[str, str], ...]:
    """Words that show a stance, and their class, from ``data/lexicon/cues.tsv``; a cue may have several classes."""
    return tuple((cue, kind.strip()) for cue, kind in read_rows("cues.tsv"))
