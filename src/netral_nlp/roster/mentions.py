"""Where a post speaks of which pair: names, numbers, tags, handles, symbols and slogans found among its words."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import lru_cache

from netral_nlp.roster.ordinary import Everyday, everyday
from netral_nlp.roster.schema import Pair, Roster
from netral_nlp.text.words import EMOJI_WORD, HANDLE, NUMBER, SIGN, TAG, TAG_WORD, WORD, Word, analyse

NAME, NUMERAL, HASHTAG, ACCOUNT, SYMBOL, SLOGAN, HOSTILE, TAGGED_NAME = (
    "nama nomor tagar akun simbol slogan lawan tagnama".split()
)
SOMEBODY = -1  # a name that two pairs share: a candidate, but nobody can say which

TITLES = frozenset(
    "pak bapak bapa bu ibu mas mbak mba mbah bang abang bg kang gus cak teh teteh ning neng nyai abah abi koh ko cik ci uda da uni "
    "ajo tuan guru tgh ust ustad ustadz ustaz kiai kyai kh ki prof dr drs h hj haji hajah habib lalu baiq daeng dg andi bung om tante "
    "pakde bude paman tok datuk datu raden gubernur bupati walikota presiden wapres capres cawapres cagub cawagub cabup cawabup "
    "cawalkot jenderal jendral letjen brigjen kapten eyang opung lae ito".split()
)
_NUMERALS = {
    "satu": 1,
    "dua": 2,
    "tiga": 3,
    "empat": 4,
    "lima": 5,
    "enam": 6,
    "siji": 1,
    "loro": 2,
    "telu": 3,
    "hiji": 1,
    "tilu": 3,
}
_SURE = frozenset(
    "paslon pasangan urut capres cawapres cagub cabup cawalkot calon coblos nyoblos cobloss kubu coblosin bapaslon".split()
)
_LIKELY = frozenset(
    "no nomor nomer nmr nmer pilih milih dukung pendukung tim relawan salam timses kampanye menangkan".split()
)
_FINGERS = frozenset("jari jempol".split())
_PLACES = frozenset(
    "jl jalan jln gang gg blok rt rw tps hp wa telp telpon kamar rumah bus pasal ayat kavling antrian juara".split()
)
_COUNTED = frozenset(
    "juta ribu miliar triliun persen kali tahun periode putaran suara hati jiwa komando indonesia barisan orang hari bulan jam".split()
)
_PRAYERS = frozenset("amin aamiin amien".split())
_ELECTORAL = frozenset(
    "pilih milih pilihan memilih coblos nyoblos mencoblos paslon capres cawapres cagub cawagub cabup cawabup cawalkot calon pilpres pilkada "
    "pilgub pilbup pilwalkot pilwali pemilu kampanye debat dukung mendukung dukungan pendukung menang menangkan kalah kpu bawaslu relawan "
    "survei survey elektabilitas gas gaspol presiden gubernur bupati walikota timses suara putaran lanjutkan".split()
)
_AND = frozenset("dan & - / bersama".split())
_FREQUENT_NAMES = frozenset(
    "muhammad mohammad mohamad muhamad ahmad achmad abdul abdullah siti nur noor sri dewi putri agus andi indah hadi budi ali umar hasan "
    "sari putra lestari wahyu dian bayu".split()
)
_LONGEST_PHRASE = 7


@dataclass(frozen=True, slots=True)
class Mention:
    """Words ``start:end`` of a post name the pair with that index in the roster (or :data:`SOMEBODY`)."""

    pair: int
    kind: str
    start: int
    end: int


@dataclass(slots=True)
class _Name:
    """What a phrase may stand for."""

    pairs: set[int] = field(default_factory=set)
    level: Everyday = Everyday.NO  # also a word of the language: more is needed than its letters
    kind: str = NAME


def surfaces(phrase: str) -> tuple[str, ...]:
    """The comparable words of a name or slogan, as the posts' own words are folded."""
    return tuple(w.surface for w in analyse(phrase) if w.kind in (WORD, NUMBER))


def _joined(parts: Iterable[str]) -> str:
    return "".join(parts)


def _person_names(person: str) -> list[tuple[str, ...]]:
    """The whole name, and each of its words that can stand for the person alone."""
    words = tuple(w for w in surfaces(person.split(",")[0]) if w not in TITLES and len(w) > 1)
    return [words, *((w,) for w in words if len(w) >= 4)] if words else []


def one_edit_apart(a: str, b: str) -> bool:
    """Whether one letter inserted, dropped, changed or swapped with its neighbour turns a into b (not at the front).

    >>> one_edit_apart("prabwo", "prabowo"), one_edit_apart("ganjar", "ganjar"), one_edit_apart("hasna", "hasan")
    (True, False, True)
    """
    if a == b or a[:1] != b[:1] or abs(len(a) - len(b)) > 1:
        return False
    i = 0
    while i < min(len(a), len(b)) and a[i] == b[i]:
        i += 1
    rest_a, rest_b = a[i:], b[i:]
    return (
        rest_a[1:] == rest_b[1:]
        or rest_a[1:] == rest_b
        or rest_a == rest_b[1:]
        or (rest_a[:2] == rest_b[1::-1] and rest_a[2:] == rest_b[2:])
    )


class Matcher:
    """Finds the mentions of a roster's pairs among the words of a post.

    Matching ignores case, elongation, a leading ``#`` or ``@`` and joined spelling. A name that is also an everyday
    word counts only with a title before it, capitals where none are due, or a sure mention of the same pair nearby.
    """

    def __init__(self, roster: Roster) -> None:
        self.roster = roster
        self.phrases: dict[tuple[str, ...], _Name] = {}
        self.joined: dict[str, int] = {}
        self.tags: dict[str, tuple[int, str]] = {}
        self.handles: dict[str, int] = {}
        self.symbols: dict[str, int] = {}
        self.numbers: dict[int, int] = {}
        for index, pair in enumerate(roster.pairs):
            self._add_pair(index, pair)
        self._drop_shared_parts()
        self._name_words = [
            frozenset(surfaces(f"{p.candidate} {p.running_mate}")) - TITLES for p in roster.pairs
        ]
        self._starts = frozenset(phrase[0] for phrase in self.phrases)
        self._typo_targets = [
            p[0] for p, n in self.phrases.items() if len(p) == 1 and len(p[0]) >= 6 and n.level is Everyday.NO
        ]
        self._near = lru_cache(maxsize=100_000)(self._near_name)

    def _add_pair(self, index: int, pair: Pair) -> None:
        derived = [name for person in (pair.candidate, pair.running_mate) for name in _person_names(person)]
        given = [surfaces(alias) for alias in (*pair.aliases, pair.id)]
        if pair.kind == "kolom kosong":
            given += [("kolom", "kosong"), ("kotak", "kosong")]
        for name in given:
            bare = tuple(w for i, w in enumerate(name) if not (i == 0 and w in TITLES and len(name) > 1))
            for words in {name, bare}:
                self._add_phrase(words, index, NAME)
        for name in derived:
            self._add_phrase(
                name, index, NAME, weak=len(name) == 1 and name[0] in _FREQUENT_NAMES and name not in given
            )
        for slogan in pair.slogans:
            self._add_phrase(surfaces(slogan), index, SLOGAN)
        for tag in pair.hashtags:
            self.tags["#" + tag.lower().lstrip("#")] = (index, HASHTAG)
        for tag in pair.hostile:
            self.tags["#" + tag.lower().lstrip("#")] = (index, HOSTILE)
        for handle in pair.handles:
            self.handles["@" + handle.lower().lstrip("@")] = index
        for symbol in pair.symbols:
            for word in analyse(symbol):
                if word.kind == EMOJI_WORD:
                    self.symbols[word.form] = index
        if pair.number is not None:
            self.numbers[pair.number] = index
        short = [_joined(name) for name in {*given, *derived} if name]
        for a in short:
            if len(a) >= 6 and everyday(a) is Everyday.NO:
                self.joined.setdefault(a, index)
            for b in short:
                if a != b and len(a + b) >= 8:
                    self.joined.setdefault(a + b, index)

    def _add_phrase(self, words: tuple[str, ...], index: int, kind: str, *, weak: bool = False) -> None:
        if (
            not words
            or len(words) > _LONGEST_PHRASE
            or (len(words) == 1 and (len(words[0]) < 2 or words[0] in TITLES))
        ):
            return
        if len(words) == 1 and words[0].isdigit():
            return
        name = self.phrases.setdefault(words, _Name(kind=kind))
        name.pairs.add(index)
        if len(words) == 1 and name.level is not Everyday.COMMON:
            name.level = Everyday.COMMON if weak or len(words[0]) < 4 else everyday(words[0])

    def _drop_shared_parts(self) -> None:
        """A single word of two pairs' names stands for neither when one of them lists it as an alias of its own."""
        for words, name in self.phrases.items():
            if len(words) == 1 and len(name.pairs) > 1:
                owners = {
                    i for i in name.pairs if any(surfaces(a) == words for a in self.roster.pairs[i].aliases)
                }
                if len(owners) == 1:
                    name.pairs = owners

    def _near_name(self, word: str) -> str | None:
        if len(word) < 5 or everyday(word) is not Everyday.NO:
            return None
        found = [target for target in self._typo_targets if one_edit_apart(word, target)]
        return found[0] if len(found) == 1 else None

    def find(self, words: Sequence[Word]) -> tuple[Mention, ...]:
        """The mentions in a post's words, in order and without overlap; neighbours of one pair are one mention."""
        sure: list[Mention] = []
        unsure: list[tuple[Mention, bool]] = []  # the flag: an electoral word in the post is enough
        at = 0
        while at < len(words):
            found = self._at(words, at)
            if found is None:
                at += 1
                continue
            mention, certainty = found
            if certainty is None:
                sure.append(mention)
            else:
                unsure.append((mention, certainty))
            at = mention.end
        if unsure:
            named = {m.pair for m in sure}
            electoral = bool(sure) or any(w.surface in _ELECTORAL for w in words)
            sure += [m for m, lenient in unsure if m.pair in named or (lenient and electoral)]
            sure.sort(key=lambda m: m.start)
        return tuple(_merge(sure, words))

    def _at(self, words: Sequence[Word], at: int) -> tuple[Mention, bool | None] | None:
        word = words[at]
        if word.kind == HANDLE:
            pair = self.handles.get(word.surface)
            return None if pair is None else (Mention(pair, ACCOUNT, at, at + 1), None)
        if word.kind == TAG:
            tagged = self.tags.get(word.surface)
            if tagged is None and word.surface[1:] in self.joined:
                tagged = (self.joined[word.surface[1:]], HASHTAG)
            return None if tagged is None else (Mention(tagged[0], tagged[1], at, at + 1), None)
        if word.kind == EMOJI_WORD:
            pair = self.symbols.get(word.form)
            return None if pair is None else (Mention(pair, SYMBOL, at, at + 1), None)
        if word.kind == SIGN:
            return None
        return self._name_at(words, at) or self._number_at(words, at)

    def _name_at(self, words: Sequence[Word], at: int) -> tuple[Mention, bool | None] | None:
        surface, kind = words[at].surface, words[at].kind
        if surface in self._starts:
            for length in range(min(_LONGEST_PHRASE, len(words) - at), 0, -1):
                name = self.phrases.get(tuple(w.surface for w in words[at : at + length]))
                if name is not None and all(
                    (w.kind == TAG_WORD) == (kind == TAG_WORD) for w in words[at : at + length]
                ):
                    pair = next(iter(name.pairs)) if len(name.pairs) == 1 else SOMEBODY
                    shown = TAGGED_NAME if kind == TAG_WORD else name.kind
                    end = at + length
                    while (
                        pair != SOMEBODY and end < len(words) and words[end].surface in self._name_words[pair]
                    ):
                        end += 1
                    certainty = None if kind == TAG_WORD else _certainty(words, at, name.level)
                    return Mention(pair, shown, at, end), certainty
        if kind == NUMBER:
            return None
        shown = TAGGED_NAME if kind == TAG_WORD else NAME
        if surface in self.joined:
            return Mention(self.joined[surface], shown, at, at + 1), None
        target = self._near(surface)
        if target is not None:
            pairs = self.phrases[(target,)].pairs
            return Mention(next(iter(pairs)) if len(pairs) == 1 else SOMEBODY, shown, at, at + 1), None
        return None

    def _number_at(self, words: Sequence[Word], at: int) -> tuple[Mention, bool | None] | None:
        word = words[at]
        digits = word.surface.isdigit() and len(word.surface) <= 2
        value = int(word.surface) if digits and word.surface.isascii() else _NUMERALS.get(word.surface)
        if value is None or value not in self.numbers or word.kind == TAG_WORD and not digits:
            return None
        before = [w.surface for w in words[max(0, at - 4) : at]]
        after = words[at + 1].surface if at + 1 < len(words) else ""
        previous = before[-1] if before else ""
        mention = Mention(self.numbers[value], NUMERAL, at, at + 1)
        if previous in _SURE and not (previous in ("calon", "pasangan") and not digits):
            return mention, None
        if _PLACES.intersection(before) or after in _COUNTED:
            return None
        padded = digits and len(word.surface) == 2 and word.surface[0] == "0"
        finger = after in _FINGERS and previous == "salam"
        if finger:
            return mention, None
        return (mention, True) if previous in _LIKELY or padded else None


def _certainty(words: Sequence[Word], at: int, level: Everyday) -> bool | None:
    """None where the word is surely a name here; else whether an electoral post would make it one."""
    word = words[at]
    before = words[at - 1] if at else None
    if level is Everyday.NO or (before is not None and before.surface in TITLES):
        return None
    if level is Everyday.RARE:
        return None if word.case else True
    if not word.case:
        return False
    cased = [w for w in words if w.kind == WORD and w.surface.isalpha() and len(w.surface) > 1]
    if word.case == "U":
        stands_out = 2 * sum(w.case == "U" for w in cased) <= len(cased) or len(cased) == 1
    else:
        begins = before is None or before.kind == SIGN
        stands_out = not begins and sum(w.case != "" for w in cased) <= 0.7 * len(cased)
    return None if stands_out else word.surface not in _PRAYERS


def _merge(mentions: Sequence[Mention], words: Sequence[Word]) -> Iterator[Mention]:
    """Neighbouring names of one pair as one mention: ``Ganjar - Mahfud`` is not two."""
    held: Mention | None = None
    for mention in mentions:
        if held is not None and held.pair == mention.pair and held.kind == mention.kind == NAME:
            between = words[held.end : mention.start]
            if not between or (
                len(between) == 1 and (between[0].surface in _AND or between[0].surface in TITLES)
            ):
                held = Mention(held.pair, NAME, held.start, mention.end)
                continue
        if held is not None:
            yield held
        held = mention
    if held is not None:
        yield held
