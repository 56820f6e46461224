"""Which column holds the posts: names propose, the cells decide, and what is not plain is asked of the user."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from netral_nlp.errors import InputError
from netral_nlp.tables.columns import PERSONS, fill_in, find_column, fold_name, list_names, places_of, quote_name
from netral_nlp.tables.usual import (
    ACCOUNT_COLUMNS,
    ID_COLUMNS,
    OTHER_COLUMNS,
    OWN_COLUMNS,
    PLATFORM_COLUMNS,
    TEXT_COLUMNS,
    TEXT_TIERS,
    TIME_COLUMNS,
)

SAMPLE = 200  # rows that are looked at
RECORDS = 20_000  # among which they are looked for
WORDS = 1.8  # on average, from which cells read like text rather than like a kind or a name
SENTENCE = 3.0
MUCH_LONGER = 3.0  # a rival of a better name that is so much longer makes the choice doubtful
CLEARLY_LONGER = 2.0

TIER = {fold_name(name): tier for tier, names in enumerate(TEXT_TIERS) for name in names}
ORDER = {fold_name(name): order for order, name in enumerate(TEXT_COLUMNS)}
OWN = {fold_name(name) for name in OWN_COLUMNS}
OTHERS = {fold_name(n) for n in (*ID_COLUMNS, *TIME_COLUMNS, *PLATFORM_COLUMNS, *ACCOUNT_COLUMNS, *OTHER_COLUMNS)}
_PARTS = re.compile(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])|\d+")
_CORE = {
    "teks", "text", "tweet", "komentar", "comment", "caption", "konten", "content", "isi", "unggahan", "postingan",
    "post", "cuitan", "kicauan", "pesan", "message", "body", "opini", "opinion", "ulasan", "review", "tanggapan",
}  # fmt: skip
_NOT_CORE = {
    "count", "counts", "jumlah", "total", "num", "id", "url", "link", "date", "time", "tanggal", "waktu", "type",
    "jenis", "lang", "bahasa", "length", "panjang", "user", "author", "by", "akun", "clean", "cleaned", "bersih",
    "cleansing", "preprocess", "preprocessed", "preprocessing", "stem", "stemmed", "stemming", "token", "tokens",
    "tokenized", "lower", "normal", "normalized", "label", "sentiment", "sentimen", "score", "skor", "kategori",
    "category", "likes", "like", "reply", "replies", "number", "no", "status", "format", "html",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Look:
    """What the sampled cells of a column are like; shares are of the cells with content, 0 where none has any."""

    filled: int
    words: float
    length: float
    letters: float
    distinct: float

    @property
    def reads_like_text(self) -> bool:
        """Whether the cells could be posts rather than counts, kinds, dates or names."""
        return self.letters >= 0.4 and self.words >= WORDS and (self.distinct >= 0.15 or self.filled < 5)

    @property
    def holds_letters(self) -> bool:
        """Whether the cells hold words at all."""
        return self.letters >= 0.2


def look_at(cells: Sequence[str]) -> Look:
    """What cells are like.

    >>> look_at(["Gas terus nomor dua", "", "17"]).words
    2.5
    """
    filled = [cell.strip() for cell in cells if cell.strip()]
    if not filled:
        return Look(0, 0.0, 0.0, 0.0, 0.0)
    n = len(filled)
    signs = [[c for c in cell[:400] if not c.isspace()] for cell in filled]
    letters = sum(sum(map(str.isalpha, one)) for one in signs) / max(1, sum(map(len, signs)))
    words = sum(len(cell.split()) for cell in filled) / n
    return Look(n, words, sum(map(len, filled)) / n, letters, len(set(filled)) / n)


def choose_posts(
    columns: Sequence[str], rows: Sequence[Sequence[str]], wanted: str | None, *,
    option: str = "--text-column", name: str = "The table", hint: str = "", unnamed: bool = False,
) -> int:  # fmt: skip
    """Index of the column with the posts; ``rows`` is a sample, ``unnamed`` says that the names are our own.

    Raises InputError that names the candidates where the choice is not plain, and where ``wanted`` is not there.
    """
    if wanted is not None:
        index = find_column(columns, wanted, TEXT_COLUMNS, what="text", option=option, name=name)
        assert index is not None
        return index
    named = _named(columns)
    looks = {i: look_at([row[i] for row in rows[:SAMPLE]]) for i in range(len(columns))}
    good = [i for i in named if looks[i].reads_like_text]
    if good:
        return _best(columns, rows, named, looks, good, option, name)
    exact = [i for i in named if fold_name(columns[i]) in TIER]
    least = WORDS if unnamed else SENTENCE
    others = [i for i in range(len(columns)) if fold_name(columns[i]) in OTHERS or _is_own(columns[i])]
    free = [i for i in range(len(columns)) if i not in named and i not in others]
    sentences = [i for i in free if looks[i].reads_like_text and looks[i].words >= least]
    sentences.sort(key=lambda i: -looks[i].length)
    if not named and len(sentences) == 1 and len(others) == len(columns) - 1 > 0:
        return sentences[0]  # a questionnaire: the question itself is the name
    if exact and not sentences:
        lettered = [i for i in exact if looks[i].holds_letters]
        return _single(columns, (lettered or exact)[:1] + _twins(columns, (lettered or exact)[0]), option, name)
    if unnamed and (len(columns) == 1 or _stands_out(sentences, looks)):
        return sentences[0] if sentences else 0
    if exact:
        raise _doubtful(columns, [sentences[0], *exact], option, name)
    best = sentences[0] if sentences else named[0] if named else None
    example = fill_in(option, columns[best]) if best is not None else f"{option} NAME"
    found = f"{name} has no column for the text; found {list_names(columns)}."
    raise InputError(f"{found} {_what_to_say(columns, example)}{hint}", path=name)


def _named(columns: Sequence[str]) -> list[int]:
    """Columns whose name speaks of posts, best first."""
    ranked: list[tuple[int, int, int]] = []
    for index, column in enumerate(columns):
        *above, last = column.split(".") if "." in column else [column]
        if any(PERSONS.search(one) for one in above) or _is_own(column):
            continue
        folded = fold_name(column) if fold_name(column) in TIER else fold_name(last)
        parts = {part.casefold() for part in _PARTS.findall(last)}
        if folded in TIER:
            ranked.append((TIER[folded], ORDER[folded], index))
        elif parts & _CORE and not parts & _NOT_CORE and len(column) <= 40:
            ranked.append((len(TEXT_TIERS), len(ORDER), index))
    return [index for _, _, index in sorted(ranked)]


def _is_own(column: str) -> bool:
    """Whether a column is one that scoring or a reviewer adds."""
    return re.sub(r"(?:hasil)+$", "", fold_name(column)) in OWN


def _tier(column: str) -> int:
    whole = TIER.get(fold_name(column))
    return TIER.get(fold_name(column.split(".")[-1]), len(TEXT_TIERS)) if whole is None else whole


def _best(
    columns: Sequence[str], rows: Sequence[Sequence[str]], named: list[int], looks: dict[int, Look], good: list[int],
    option: str, name: str,
) -> int:  # fmt: skip
    """The best of the named columns that read like text."""
    tier = _tier(columns[good[0]])
    group = [i for i in good if _tier(columns[i]) == tier]
    best = group[0]
    for other in group[1:]:
        if _say_the_same(rows, best, other):
            best = other if looks[other].length > 1.02 * looks[best].length else best
        elif looks[other].length >= CLEARLY_LONGER * looks[best].length:
            best = other
        elif looks[best].length < CLEARLY_LONGER * looks[other].length:
            raise _doubtful(columns, [best, other], option, name)
    rivals = [i for i in good if i not in group and looks[i].distinct >= 0.5 and not _say_the_same(rows, best, i)]
    rivals = [i for i in rivals if looks[i].length >= MUCH_LONGER * looks[best].length]
    if rivals:
        raise _doubtful(columns, [rivals[0], best], option, name)
    return _single(columns, [best, *(i for i in _twins(columns, best) if i in good)], option, name)


def _say_the_same(rows: Sequence[Sequence[str]], one: int, other: int) -> bool:
    """Whether two columns hold the same posts, one of them perhaps cut short."""
    pairs = [(row[one].strip(), row[other].strip()) for row in rows[:SAMPLE]]
    pairs = [(a, b) for a, b in pairs if a and b]
    same = sum(a[:40].rstrip(".… ").startswith(b[:40].rstrip(".… ")) or b.startswith(a[:40]) for a, b in pairs)
    return bool(pairs) and same >= 0.8 * len(pairs)


def _stands_out(sentences: list[int], looks: dict[int, Look]) -> bool:
    return bool(sentences) and all(looks[sentences[0]].length >= 1.5 * looks[i].length for i in sentences[1:])


def _twins(columns: Sequence[str], index: int) -> list[int]:
    return [i for i, column in enumerate(columns) if i != index and column == columns[index]]


def _single(columns: Sequence[str], found: list[int], option: str, name: str) -> int:
    if len(found) > 1:
        raise _doubtful(columns, found, option, name)
    return found[0]


def _what_to_say(columns: Sequence[str], example: str) -> str:
    """What to do; where no name is known the header may be a post, which must not be lost by following the advice."""
    if any(fold_name(column) in OTHERS or _is_own(column) for column in columns):
        return f"Name it with {example}."
    named = f"--header-row 1 {example}" if len(columns) == 1 else example
    return (
        f"If that is a post already, say --no-header; if it is a header, {named}; if that stands lower, --header-row N."
    )


def _doubtful(columns: Sequence[str], found: Sequence[int], option: str, name: str) -> InputError:
    if len({columns[i] for i in found}) < len(found):
        places = places_of(sorted(found[:2]))
        return InputError(f"{name}: {places} are both called {quote_name(columns[found[0]])}. Rename one of them.",
                          path=name)  # fmt: skip
    listed = list_names([columns[i] for i in found])
    return InputError(
        f"{name} has more than one column that may hold the posts: {listed}. "
        f"Name the right one, for instance with {fill_in(option, columns[found[0]])}.",
        path=name,
    )
