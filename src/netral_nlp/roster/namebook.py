"""What the pairs of a roster are called: phrases, joined names, tags, accounts, symbols, numbers, and whose each is."""

from __future__ import annotations

from dataclasses import dataclass, field

from netral_nlp.roster.context import FREQUENT_NAMES, TITLES
from netral_nlp.roster.names import HASHTAG, HOSTILE, NAME, SLOGAN, SOMEBODY, lengths_by_start, person_names, surfaces
from netral_nlp.roster.needs import Need, need_of
from netral_nlp.roster.reading import EMPTY_BOX, Pair, Roster
from netral_nlp.text.frequency import ordinariness
from netral_nlp.text.lexicon import Everyday, everyday
from netral_nlp.text.words import EMOJI_WORD, analyse

_LONGEST_PHRASE = 7
_DRAWN_ALIKE = {"☝": "👆", "👆": "☝"}  # the finger for one, by another name


@dataclass(slots=True)
class Name:
    """What a phrase may stand for."""

    pairs: set[int] = field(default_factory=set)
    need: Need = Need.NOTHING  # what it takes beside its letters
    kind: str = NAME
    capitals: bool = False  # written in capitals in the roster, as short names are


def _claim(owners: dict[str, int], key: str, index: int) -> None:
    if owners.setdefault(key, index) != index:
        owners[key] = SOMEBODY


class NameBook:
    """All names of a roster's pairs. What two pairs share is :data:`SOMEBODY`'s."""

    def __init__(self, roster: Roster) -> None:
        self.roster = roster
        self.phrases: dict[tuple[str, ...], Name] = {}
        self.joined: dict[str, int] = {}
        self.tags: dict[str, tuple[int, str]] = {}
        self.handles: dict[str, int] = {}
        self.symbols: dict[str, int] = {}
        self.numbers: dict[int, int] = {}
        for index, pair in enumerate(roster.pairs):
            self._add_pair(index, pair)
        for symbol, owner in list(self.symbols.items()):
            if symbol in _DRAWN_ALIKE:
                self.symbols.setdefault(_DRAWN_ALIKE[symbol], owner)
        self._drop_shared_parts()
        self.starts = lengths_by_start(self.phrases)
        self.single_names = frozenset(p[0] for p in self.phrases if len(p) == 1)
        self.ordinary = frozenset(n for n in self.single_names if self.phrases[(n,)].need is Need.NEIGHBOURS)
        self.name_words = [frozenset(surfaces(f"{p.candidate} {p.running_mate}")) - TITLES for p in roster.pairs]
        self.partners = [self._partners(index) for index in range(len(roster.pairs))]

    def _partners(self, index: int) -> frozenset[str]:
        """The words that beside an ordinary name of a pair make it one."""
        own = {name for name in self.single_names if index in self.phrases[(name,)].pairs}
        sure = (self.name_words[index] | own) - self.ordinary - TITLES
        return frozenset(name for name in sure if ordinariness(name) is not Everyday.COMMON)  # bagus dan indah

    def _add_pair(self, index: int, pair: Pair) -> None:
        derived = [name for person in (pair.candidate, pair.running_mate) for name in person_names(person)]
        barred = {name for written in pair.not_aliases if len(name := surfaces(written)) == 1}
        given = [surfaces(alias) for alias in (*pair.aliases, pair.id)]
        if pair.kind == EMPTY_BOX:
            given += [("kolom", "kosong"), ("kotak", "kosong")]
        for name in given:
            bare = tuple(w for i, w in enumerate(name) if not (i == 0 and w in TITLES and len(name) > 1))
            for words in {name, bare} - barred:
                self._add_phrase(words, index, NAME, listed=words == name)
        derived = [name for name in derived if name not in barred]
        for alias in pair.aliases:
            if alias.isupper() and (found := self.phrases.get(surfaces(alias))) is not None:
                found.capitals = True
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
            if len(a) >= 6 and (a,) not in barred and everyday(a) is Everyday.NO is ordinariness(a):
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
        name = self.phrases.setdefault(words, Name(kind=kind))
        name.pairs.add(index)
        if len(words) == 1:
            need = need_of(words[0], weak=weak, listed=listed)
            if kind != NAME:
                need = min(need, Need.STANDING)
            is_new = len(name.pairs) == 1 and name.need is Need.NOTHING
            name.need = need if is_new else max(name.need, need) if weak else min(name.need, need)

    def _drop_shared_parts(self) -> None:
        """A single word of two pairs' names stands for neither when one of them lists it as an alias of its own."""
        for words, name in self.phrases.items():
            if len(words) == 1 and len(name.pairs) > 1:
                owners = {i for i in name.pairs if any(surfaces(a) == words for a in self.roster.pairs[i].aliases)}
                if len(owners) == 1:
                    name.pairs = owners
                    if words[0] in self.joined:
                        self.joined[words[0]] = next(iter(owners))
