"""The same post about another pair: every mention of one pair rewritten as the like mention of the other."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from netral_nlp.features.reader import Reader, Reading
from netral_nlp.roster import Pair
from netral_nlp.roster.context import NUMERALS, TITLES
from netral_nlp.roster.matcher import ACCOUNT, HASHTAG, HOSTILE, NAME, NUMERAL, SLOGAN, SYMBOL, Mention, surfaces
from netral_nlp.roster.needs import Need
from netral_nlp.text.words import TAG, TAG_WORD, Word

IN_WORDS = {number: word for word, number in reversed(NUMERALS.items())}  # the Indonesian words stand first
CANDIDATE, MATE = "candidate", "mate"
JOINING = frozenset({"dan", "sama", "bersama", "bareng", "wakil", "wakilnya"})
SELECTOR = "\ufe0f"  # an emoji may carry it


@dataclass(frozen=True, slots=True)
class Exchanged:
    """A rewritten post; ``alike`` says whether every mention found its like.

    They are alike when both pairs have the kind, when both names are sure names (no words of the language), and when
    no word of a name or tag stays behind in the text. Only then must the scores agree.
    """

    text: str
    alike: bool


def exchange_roles(reading: Reading, a: int, b: int) -> Reading:
    """The same words, with the mentions of pairs a and b given to each other."""
    other = {a: b, b: a}
    mentions = (Mention(other.get(m.pair, m.pair), m.kind, m.start, m.end) for m in reading.mentions)
    return Reading(reading.words, tuple(mentions))


class Exchanger:
    """Rewrites posts of one roster; ``reader`` is the model's own."""

    def __init__(self, reader: Reader) -> None:
        self.reader = reader
        self.names = [_Names(reader, i) for i in range(len(reader.roster.pairs))]
        self.sights: dict[str, tuple[tuple[str, str], ...]] = {}

    def text(self, text: str, reading: Reading, a: int, b: int) -> Exchanged:
        """The post with pairs a and b exchanged; mentions of other pairs stay."""
        parts: list[str] = []
        alike = not self._left_behind(reading, a, b)
        at, in_tag = 0, False
        for mention in reading.mentions:
            words = reading.words[mention.start : mention.end]
            start, end = words[0].start, max(w.end for w in words)
            end += text[end : end + 1] == SELECTOR
            if start < at:  # inside a hashtag that was exchanged as a whole; anything else cannot be cut apart
                alike = alike and in_tag
                continue
            if mention.pair not in (a, b):
                continue
            own, other = (a, b) if mention.pair == a else (b, a)
            before = reading.words[mention.start - 1] if mention.start else None
            written, like = self._rewrite(text[start:end], words, mention.kind, own, other, before)
            parts += [text[at:start], written]
            at = end
            in_tag = words[0].kind == TAG
            alike = alike and like
        return Exchanged("".join([*parts, text[at:]]), alike)

    def _left_behind(self, reading: Reading, a: int, b: int) -> bool:
        """Whether words of the names or numbers of a or b stand outside the mentions."""
        inside = {i for m in reading.mentions for i in range(m.start, m.end)}
        loose = {w.surface for i, w in enumerate(reading.words) if i not in inside}
        return any(loose & self.names[pair].words for pair in (a, b))

    def _rewrite(
        self, written: str, words: Sequence[Word], kind: str, own: int, other: int, before: Word | None
    ) -> tuple[str, bool]:
        """The like of one mention, and whether it is alike."""
        mine, yours = self.reader.roster.pairs[own], self.reader.roster.pairs[other]
        if words[0].kind == TAG_WORD:  # a part of a hashtag: another part makes another tag
            number = str(yours.number) if kind == NUMERAL and yours.number is not None else ""
            return number or self.names[other].short.title().replace(" ", ""), False
        if kind == NUMERAL and yours.number is not None:
            return _number(written, yours.number), True
        if kind == ACCOUNT and yours.handles:
            return "@" + _like(written, mine.handles, yours.handles).lstrip("@"), True
        if kind == SYMBOL and yours.symbols:
            return _like(written, mine.symbols, yours.symbols), True
        if kind == SLOGAN and yours.slogans:
            return _like(written, mine.slogans, yours.slogans), True
        if kind in (HASHTAG, HOSTILE):
            ours = (mine.hashtags, yours.hashtags) if kind == HASHTAG else (mine.hostile, yours.hostile)
            if ours[1]:
                tag = "#" + _like(written, *ours).lstrip("#")
                return tag, self._sight(written, own) == self._sight(tag, other)
            if kind == HOSTILE:  # the bare name would turn an attack into none
                return f"#Tolak{self.names[other].short.title().replace(' ', '')}", False
        if kind == NAME:
            return self._name(written, words, own, other, before)
        return self.names[other].full, False

    def _sight(self, tag: str, pair: int) -> tuple[tuple[str, str], ...]:
        """What a model sees of a hashtag: roles, and the words in it that are no name."""
        key = f"{pair} {tag}"
        if key not in self.sights:
            view = self.reader.view(self.reader.read(tag), pair)
            self.sights[key] = tuple((t.form, t.kind) for t in view.tokens)
        return self.sights[key]

    def _name(self, written: str, words: Sequence[Word], own: int, other: int, before: Word | None) -> tuple[str, bool]:
        """Each person's name in the same capitals; titles, ``dan`` and hyphens stay where they are."""
        mine, yours = self.names[own], self.names[other]
        sure = mine.sure_in(words)
        parts: list[str] = []
        titles = [before.surface] if before is not None and before.surface in TITLES else []
        inside = False  # whether the titles belong to the mention
        at, person = words[0].start, ""
        for word in words:
            who = mine.person(word.surface)
            if word.surface in TITLES:
                titles = [*titles, word.surface] if inside else [word.surface]
                inside, person = True, ""
            elif not who:
                sure = sure and not (titles and inside)  # "Bu Prof dan Pak Guntur": a title that is all of a name
                titles, inside, person = [], True, ""
            elif who != person:
                short = yours.mate if who == MATE and yours.mate else yours.short
                sure = sure and yours.is_sure(short) and (who != MATE or bool(yours.mate))
                if titles:  # the roster lists a name with its title or without: both names must be alike in that
                    sure = sure and inside == yours.has((*titles, *surfaces(short)))
                shown = short.upper() if word.case == "U" else short.title() if word.case else short
                parts += [written[at - words[0].start : word.start - words[0].start], shown]
                at, person, titles = word.end, who, []
                inside = True
            else:
                at = word.end  # a further word of the same name
        if not parts or any(word.surface in mine.titles for word in words):  # "Pak Bupati", or a name that is a title
            return yours.short.title(), False
        parts.append(written[at - words[0].start :])
        return "".join(parts), sure


class _Names:
    """The surest short names of a pair, and all words that may stand for it."""

    def __init__(self, reader: Reader, pair: int) -> None:
        self.pair = pair
        self.phrases = reader.matcher.phrases
        given = reader.roster.pairs[pair]
        self.full = given.candidate
        self.mates = frozenset(surfaces(given.running_mate)) - frozenset(surfaces(given.candidate))
        self.titles = TITLES & frozenset(surfaces(f"{given.candidate} {given.running_mate}"))
        self.short = self._shortest(given, given.candidate)
        self.mate = self._shortest(given, given.running_mate) if given.running_mate else ""
        single = {p[0] for p, name in self.phrases.items() if len(p) == 1 and pair in name.pairs}
        single |= set(surfaces(f"{given.candidate} {given.running_mate}")) - TITLES
        if given.number is not None:
            single |= {str(given.number), f"0{given.number}"}
            single |= {word for word, number in NUMERALS.items() if number == given.number}
        self.words = frozenset(single)

    def _shortest(self, given: Pair, person: str) -> str:
        """What people call a person: a sure alias of one word, a sure word of the name, else the whole name."""
        words = surfaces(person)
        singles = [s[0] for s in (*map(surfaces, given.aliases), *((w,) for w in words)) if len(s) == 1]
        of_person = [s for s in dict.fromkeys(singles) if s in words and s not in TITLES]
        return next((s for s in of_person if self.is_sure(s)), " ".join(w for w in words if w not in TITLES))

    def has(self, phrase: tuple[str, ...]) -> bool:
        """Whether the roster lists a phrase for this pair."""
        return phrase in self.phrases and self.pair in self.phrases[phrase].pairs

    def is_sure(self, name: str) -> bool:
        """Whether a name means this pair alone and is no word of the language."""
        found = self.phrases.get(surfaces(name))
        return found is not None and found.pairs == {self.pair} and found.need is Need.NOTHING

    def person(self, word: str) -> str:
        """Whose name a word belongs to; "" for a word that only joins names."""
        if word in self.mates:
            return MATE
        return "" if word in JOINING else CANDIDATE

    def sure_in(self, words: Sequence[Word]) -> bool:
        """Whether a mention contains a sure name."""
        said = tuple(w.surface for w in words)
        spans = (said[i:j] for i in range(len(said)) for j in range(i + 1, len(said) + 1))
        return any(self.is_sure(" ".join(span)) for span in spans if self.has(span))


def _number(written: str, number: int) -> str:
    """A number written as another one was: ``02``, ``2`` or in words."""
    if written.isdigit():
        return f"{number:0{len(written)}d}" if written[0] == "0" else str(number)
    word = IN_WORDS.get(number, str(number))
    return word.upper() if len(written) > 1 and written.isupper() else word


def _like(written: str, mine: Sequence[str], yours: Sequence[str]) -> str:
    """The item of ``yours`` that stands where ``written`` stands in ``mine``; the last where there are fewer."""
    folded = [item.lower().lstrip("#@").replace(SELECTOR, "") for item in mine]
    sought = written.lower().lstrip("#@").replace(SELECTOR, "")
    at = folded.index(sought) if sought in folded else 0
    return yours[min(at, len(yours) - 1)]
