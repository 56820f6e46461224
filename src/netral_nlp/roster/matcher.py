"""Where a post speaks of which pair: names, numbers, tags, handles, symbols and slogans found among its words."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from functools import lru_cache

from netral_nlp.roster.context import FORMS, TITLES, Surroundings
from netral_nlp.roster.misspellings import Misspellings
from netral_nlp.roster.namebook import Name, NameBook
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
    merged,
    surfaces,
    with_address,
)
from netral_nlp.roster.needs import INTENSIFIERS, Need, certainty, is_named
from netral_nlp.roster.numerals import ROMAN_SURFACES, ballot_number, number_of
from netral_nlp.roster.reading import EMPTY_BOX, Roster
from netral_nlp.text.frequency import ordinariness
from netral_nlp.text.glued import KnownNames
from netral_nlp.text.lexicon import Everyday
from netral_nlp.text.words import EMOJI_WORD, HANDLE, NUMBER, SIGN, TAG, TAG_WORD, WORD, Word, fold

__all__ = [
    "ACCOUNT", "HASHTAG", "HOSTILE", "NAME", "NUMERAL", "SLOGAN", "SOMEBODY", "SYMBOL", "TAGGED_NAME", "TITLES",
    "Matcher", "Mention", "surfaces",
]  # fmt: skip


class Matcher(NameBook):
    """Finds the mentions of a roster's pairs among the words of a post.

    Matching ignores case, elongation, a leading ``#`` or ``@`` and joined spelling. A name that is also a word counts
    only in a neighbourhood that makes it a name (:mod:`netral_nlp.roster.needs`).
    A symbol counts in a post that names a pair, says the pair's number or speaks of elections. What two pairs share
    (a name, a tag, a symbol) is :data:`SOMEBODY`'s; a tag against one pair stays that, even if a rival lists it as
    its own.
    """

    def __init__(self, roster: Roster) -> None:
        super().__init__(roster)
        needs = {name: self.phrases[(name,)].need for name in self.single_names}
        self._misspellings = Misspellings(name for name, need in needs.items() if need is Need.NOTHING)
        self._near = lru_cache(maxsize=20_000)(self._misspellings.of)
        plain = [name for name, need in needs.items() if need <= Need.CAPITAL]
        self.known = KnownNames({*needs, *self.joined} - self.ordinary, {*plain, *self.joined}, fold)

    def may_begin(self, word: Word) -> bool:
        """Whether a mention can begin with that word in some post; where it is False, none does in any."""
        kind, surface = word.kind, word.surface
        if kind in (WORD, TAG_WORD):
            return self.is_name(surface) or number_of(word) in self.numbers
        if kind == HANDLE:
            return self.account(surface) is not None
        if kind == TAG:
            return surface in self.tags or surface[1:] in self.joined
        if kind == EMOJI_WORD:
            return word.form in self.symbols
        if kind == SIGN:
            return False
        if surface in self.starts or number_of(word) in self.numbers:
            return True
        return kind != NUMBER and self.is_name(surface)

    def is_name(self, surface: str) -> bool:
        """Whether a name may begin with that word, joined and misspelt ones among them."""
        return surface in self.starts or surface in self.joined or self._misspellings.of(surface) is not None

    def beginnings(self) -> set[str]:
        """The words that :meth:`is_name`, but for some with doubled letters, other signs or digits."""
        slips = self._misspellings
        return {*self.starts, *self.joined, *slips.slips, *slips.undoubled, *slips.bare, *ROMAN_SURFACES}

    def account(self, surface: str) -> tuple[int, str] | None:
        """Whose an account is, and whether by the roster's handles or because a name is written with an @."""
        if surface in self.handles:
            return self.handles[surface], ACCOUNT
        written = surface[1:]
        name = self.phrases.get((written,))
        if name is not None and name.need is Need.NOTHING and len(name.pairs) == 1:
            return next(iter(name.pairs)), NAME
        return (self.joined[written], NAME) if self.joined.get(written, SOMEBODY) != SOMEBODY else None

    def find(
        self,
        words: Sequence[Word],
        begins: Iterable[int] | None = None,
        between: Callable[[int], str] | None = None,
    ) -> tuple[Mention, ...]:
        """The mentions in a post's words, in order and without overlap; neighbours of one pair are one mention.

        ``begins`` are the places, in order, of the words that :meth:`may_begin` one, where they are known already;
        ``between`` tells what is written between a word and the one before it.
        """
        post = Surroundings(words, between)
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
            owner = self.account(word.surface)
            return None if owner is None else (Mention(*owner, at, at + 1), None)
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

    def _number_at(self, words: Sequence[Word], at: int) -> tuple[Mention, bool | None] | None:
        found = ballot_number(words, at, self.numbers)
        return None if found is None else (Mention(self.numbers[found[0]], NUMERAL, at, at + 1), found[1])

    def _name_at(self, post: Surroundings, at: int) -> tuple[Mention, bool | None] | None:
        words = post.words
        surface, kind = words[at].surface, words[at].kind
        if surface in self.starts:
            tagged = kind == TAG_WORD
            for length in self.starts[surface]:
                phrase = words[at : at + length]
                if len(phrase) < length:
                    continue
                name = self.phrases.get(tuple([w.surface for w in phrase]) if length > 1 else (surface,))
                if name is None or not (length == 1 or all((w.kind == TAG_WORD) == tagged for w in phrase)):
                    continue
                pair = next(iter(name.pairs)) if len(name.pairs) == 1 else SOMEBODY
                if not self._stands_for(post, at, length, name, pair):
                    continue
                shown = TAGGED_NAME if kind == TAG_WORD else name.kind
                end = at + length
                while pair != SOMEBODY and end < len(words) and self._goes_on(words[end], pair):
                    end += 1
                sure = None if kind == TAG_WORD else self._certainty(post, at, end, name, pair)
                return Mention(pair, shown, at, end), sure
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

    def _certainty(self, post: Surroundings, at: int, end: int, name: Name, pair: int) -> bool | None:
        words = post.words
        if name.kind == NAME and post.namesake(at, end):
            return False
        if end - at == 1 and words[at].surface in TITLES and end < len(words):
            after = words[end]  # a title before another name: Baiq Rini is not Baiq Nurhayati
            if after.kind == WORD and after.case == "T":
                return False
        if pair != SOMEBODY and self.roster.pairs[pair].kind == EMPTY_BOX and not FORMS.isdisjoint(post.surfaces):
            return True
        return None if name.need is Need.NEIGHBOURS else certainty(post, at, name.need)

    def _goes_on(self, word: Word, pair: int) -> bool:
        """Whether a word belongs to the pair's name before it; an ordinary one does with a capital only."""
        return word.surface in self.name_words[pair] and (bool(word.case) or word.surface not in self.ordinary)

    def _stands_for(self, post: Surroundings, at: int, length: int, name: Name, pair: int) -> bool:
        """Whether words that spell a name are it, where they are ordinary words too."""
        if length == 1:
            if name.need is not Need.NEIGHBOURS or pair == SOMEBODY:
                return name.need is not Need.NEIGHBOURS
            number, partners = self.roster.pairs[pair].number, self.partners[pair]
            return is_named(post, at, number, partners) or (name.capitals and post.shouts(at))
        if name.kind != NAME or (pair != SOMEBODY and self.roster.pairs[pair].kind == EMPTY_BOX):
            return True
        phrase = post.words[at : at + length]
        if all(not w.case and w.kind == WORD and ordinariness(w.surface) is Everyday.COMMON for w in phrase):
            return any(post.between(at + i).strip() for i in range(1, length))  # adil makmur, but not adil-makmur
        after = post.words[at + length] if at + length < len(post.words) else None
        last = post.words[at + length - 1]  # Hendrawan bagus sekali: the name, and what is said of it
        praised = after is not None and after.surface in INTENSIFIERS
        return not (praised and last.surface in self.ordinary and not last.case)
