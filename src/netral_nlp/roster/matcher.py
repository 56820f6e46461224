"""Where a post speaks of which pair: names, numbers, tags, handles, symbols and slogans found among its words."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import lru_cache

from netral_nlp.roster.context import (
    BALLOT,
    COUNTED,
    FINGERS,
    FORMS,
    FREQUENT_NAMES,
    LIKELY,
    PLACES,
    SURE,
    TITLES,
    Surroundings,
    small_number,
)
from netral_nlp.roster.misspellings import Misspellings
from netral_nlp.roster.names import (
    ACCOUNT,
    HASHTAG,
    HOSTILE,
    NAME,
    NUMERAL,
    SLOGAN,
    SOMEBODY,
    SYMBOL,
    TAGGED_NAME,
    Mention,
    lengths_by_start,
    merged,
    person_names,
    surfaces,
    with_address,
)
from netral_nlp.roster.reading import EMPTY_BOX, Pair, Roster
from netral_nlp.text.lexicon import Everyday, everyday
from netral_nlp.text.words import EMOJI_WORD, HANDLE, NUMBER, SIGN, TAG, TAG_WORD, WORD, Word, analyse

__all__ = [
    "ACCOUNT", "HASHTAG", "HOSTILE", "NAME", "NUMERAL", "SLOGAN", "SOMEBODY", "SYMBOL", "TAGGED_NAME", "TITLES",
    "Matcher", "Mention", "surfaces",
]  # fmt: skip

_LONGEST_PHRASE = 7


@dataclass(slots=True)
class _Name:
    """What a phrase may stand for."""

    pairs: set[int] = field(default_factory=set)
    level: Everyday = Everyday.NO  # also a word of the language: more is needed than its letters
    kind: str = NAME


def _claim(owners: dict[str, int], key: str, index: int) -> None:
    if owners.setdefault(key, index) != index:
        owners[key] = SOMEBODY


class Matcher:
    """Finds the mentions of a roster's pairs among the words of a post.

    Matching ignores case, elongation, a leading ``#`` or ``@`` and joined spelling. A name that is also an everyday
    word counts only with a title before it, capitals where none are due, or a sure mention of the same pair nearby.
    A symbol counts in a post that names a pair, says the pair's number or speaks of elections. What two pairs share
    (a name, a tag, a symbol) is :data:`SOMEBODY`'s; a tag against one pair stays that, even if a rival lists it as
    its own.
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
        self.name_words = [frozenset(surfaces(f"{p.candidate} {p.running_mate}")) - TITLES for p in roster.pairs]
        self._starts = lengths_by_start(self.phrases)
        self.single_names = frozenset(p[0] for p in self.phrases if len(p) == 1)
        self._misspellings = Misspellings(n for n in self.single_names if self.phrases[(n,)].level is Everyday.NO)
        self._near = lru_cache(maxsize=20_000)(self._misspellings.of)

    def _add_pair(self, index: int, pair: Pair) -> None:
        derived = [name for person in (pair.candidate, pair.running_mate) for name in person_names(person)]
        given = [surfaces(alias) for alias in (*pair.aliases, pair.id)]
        if pair.kind == EMPTY_BOX:
            given += [("kolom", "kosong"), ("kotak", "kosong")]
        for name in given:
            bare = tuple(w for i, w in enumerate(name) if not (i == 0 and w in TITLES and len(name) > 1))
            for words in {name, bare}:
                self._add_phrase(words, index, NAME, listed=words == name)
        for name in derived:
            self._add_phrase(name, index, NAME, weak=len(name) == 1 and name[0] in FREQUENT_NAMES and name not in given)
        for slogan in pair.slogans:
            self._add_phrase(surfaces(slogan), index, SLOGAN)
        for tag in pair.hashtags:
            self._add_tag(tag, index, HASHTAG)
        for tag in pair.hostile:
            self._add_tag(tag, index, HOSTILE)
        for handle in pair.handles:
            self.handles["@" + handle.lower().lstrip("@")] = index
        for symbol in pair.symbols:
            for word in analyse(symbol):
                if word.kind == EMOJI_WORD:
                    _claim(self.symbols, word.form, index)
        if pair.number is not None:
            self.numbers[pair.number] = index
        short = ["".join(name) for name in {*given, *derived} if name]
        for a in short:
            if len(a) >= 6 and everyday(a) is Everyday.NO:
                _claim(self.joined, a, index)
            for b in short:
                if a != b and len(a + b) >= 8:
                    _claim(self.joined, a + b, index)

    def _add_tag(self, tag: str, index: int, kind: str) -> None:
        key = "#" + tag.lower().lstrip("#")
        owner, known = self.tags.get(key, (index, kind))
        if known == kind:
            self.tags[key] = (index if owner == index else SOMEBODY, kind)
        elif kind == HOSTILE and owner != index:
            self.tags[key] = (index, HOSTILE)

    def _add_phrase(
        self, words: tuple[str, ...], index: int, kind: str, *, weak: bool = False, listed: bool = False
    ) -> None:
        if not words or len(words) > _LONGEST_PHRASE:
            return
        if len(words) == 1 and (len(words[0]) < 2 or words[0].isdigit() or (words[0] in TITLES and not listed)):
            return
        name = self.phrases.setdefault(words, _Name(kind=kind))
        name.pairs.add(index)
        if len(words) == 1 and name.level is not Everyday.COMMON:
            doubtful = weak or len(words[0]) < 4 or words[0] in TITLES
            name.level = Everyday.COMMON if doubtful else everyday(words[0])

    def _drop_shared_parts(self) -> None:
        """A single word of two pairs' names stands for neither when one of them lists it as an alias of its own."""
        for words, name in self.phrases.items():
            if len(words) == 1 and len(name.pairs) > 1:
                owners = {i for i in name.pairs if any(surfaces(a) == words for a in self.roster.pairs[i].aliases)}
                if len(owners) == 1:
                    name.pairs = owners
                    if words[0] in self.joined:
                        self.joined[words[0]] = next(iter(owners))

    def may_begin(self, word: Word) -> bool:
        """Whether a mention can begin with that word in some post; where it is False, none does in any."""
        kind, surface = word.kind, word.surface
        if kind in (WORD, TAG_WORD):
            return self.is_name(surface) or small_number(surface) in self.numbers
        if kind == HANDLE:
            return surface in self.handles
        if kind == TAG:
            return surface in self.tags or surface[1:] in self.joined
        if kind == EMOJI_WORD:
            return word.form in self.symbols
        if kind == SIGN:
            return False
        if surface in self._starts or small_number(surface) in self.numbers:
            return True
        return kind != NUMBER and self.is_name(surface)

    def is_name(self, surface: str) -> bool:
        """Whether a name may begin with that word, joined and misspelt ones among them."""
        return surface in self._starts or surface in self.joined or self._misspellings.of(surface) is not None

    def beginnings(self) -> set[str]:
        """The words that :meth:`is_name`, but for some with doubled letters, other signs or digits."""
        return {*self._starts, *self.joined, *self._misspellings.slips, *self._misspellings.undoubled}

    def find(self, words: Sequence[Word], begins: Iterable[int] | None = None) -> tuple[Mention, ...]:
        """The mentions in a post's words, in order and without overlap; neighbours of one pair are one mention.

        ``begins`` are the places, in order, of the words that :meth:`may_begin` one, where they are known already.
        """
        post = Surroundings(words)
        sure: list[Mention] = []
        unsure: list[tuple[Mention, bool]] = []  # the flag: an electoral word in the post is enough
        passed = 0
        for at in range(len(words)) if begins is None else begins:
            found = self.mention_at(post, at) if at >= passed else None
            if found is None:
                continue
            mention, certainty = with_address(found[0], words, passed), found[1]
            if certainty is None:
                sure.append(mention)
            else:
                unsure.append((mention, certainty))
            passed = mention.end
        if unsure:
            named = {m.pair for m in sure}
            electoral = bool(sure) or post.electoral
            sure += [m for m, lenient in unsure if m.pair in named or (lenient and electoral)]
            sure.sort(key=lambda m: m.start)
        return tuple(merged(sure, words))

    def mention_at(self, post: Surroundings, at: int) -> tuple[Mention, bool | None] | None:
        """The mention that begins at a word, and how sure it is: None surely, True in an electoral post, False where
        the same pair is surely named elsewhere."""
        word = post.words[at]
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
            if pair is None:
                return None
            told = pair != SOMEBODY and self.roster.pairs[pair].number in post.numbers
            return Mention(pair, SYMBOL, at, at + 1), None if told else True
        if word.kind == SIGN:
            return None
        return self._name_at(post, at) or self._number_at(post.words, at)

    def _name_at(self, post: Surroundings, at: int) -> tuple[Mention, bool | None] | None:
        words = post.words
        surface, kind = words[at].surface, words[at].kind
        if surface in self._starts:
            tagged = kind == TAG_WORD
            for length in self._starts[surface]:
                phrase = words[at : at + length]
                if len(phrase) < length:
                    continue
                name = self.phrases.get(tuple([w.surface for w in phrase]) if length > 1 else (surface,))
                if name is not None and (length == 1 or all((w.kind == TAG_WORD) == tagged for w in phrase)):
                    pair = next(iter(name.pairs)) if len(name.pairs) == 1 else SOMEBODY
                    shown = TAGGED_NAME if kind == TAG_WORD else name.kind
                    end = at + length
                    while pair != SOMEBODY and end < len(words) and words[end].surface in self.name_words[pair]:
                        end += 1
                    certainty = None if kind == TAG_WORD else self._certainty(post, at, end, name, pair)
                    return Mention(pair, shown, at, end), certainty
        if kind == NUMBER:
            return None
        shown = TAGGED_NAME if kind == TAG_WORD else NAME
        pair_or_none = self.slip_or_joined(surface)
        return None if pair_or_none is None else (Mention(pair_or_none, shown, at, at + 1), None)

    def slip_or_joined(self, surface: str) -> int | None:
        """The pair (or SOMEBODY) that joined names or a misspelt name stand for, None for any other word."""
        if surface in self.joined:
            return self.joined[surface]
        target = self._near(surface)
        if target is None:
            return None
        pairs = self.phrases[(target,)].pairs
        return next(iter(pairs)) if len(pairs) == 1 else SOMEBODY

    def _certainty(self, post: Surroundings, at: int, end: int, name: _Name, pair: int) -> bool | None:
        words = post.words
        if name.kind == NAME and post.namesake(at, end):
            return False
        if end - at == 1 and words[at].surface in TITLES and end < len(words):
            after = words[end]  # a title before another name: Baiq Rini is not Baiq Nurhayati
            if after.kind == WORD and after.case == "T":
                return False
        if pair != SOMEBODY and self.roster.pairs[pair].kind == EMPTY_BOX and not FORMS.isdisjoint(post.surfaces):
            return True
        return post.certainty(at, name.level)

    def _number_at(self, words: Sequence[Word], at: int) -> tuple[Mention, bool | None] | None:
        word = words[at]
        value = small_number(word.surface)
        if value is None or value not in self.numbers:
            return None
        digits = word.surface.isdigit()
        if word.kind == TAG_WORD and not digits and words[at - 1].kind != TAG_WORD:
            return None
        before = [w.surface for w in words[max(0, at - 4) : at]]
        after = words[at + 1].surface if at + 1 < len(words) else ""
        previous = before[-1] if before else ""
        mention = Mention(self.numbers[value], NUMERAL, at, at + 1)
        padded = digits and len(word.surface) == 2 and word.surface[0] == "0"
        counts = after in COUNTED and not padded and previous not in BALLOT  # "nyoblos dua kali"
        if previous in SURE and not counts and not (previous in ("calon", "pasangan") and not digits):
            return mention, None
        if PLACES.intersection(before) or after in COUNTED:
            return None
        finger = after in FINGERS and previous == "salam"
        if finger:
            return mention, None
        return (mention, True) if previous in LIKELY or padded else None
