"""Which features a view has: named blocks, each a list of feature occurrences with the tokens they stand on.

What each block gains on elections left out is measured in ``notebooks/02_ablation.ipynb``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from types import MappingProxyType

from netral_nlp.features import zones
from netral_nlp.features.views import OTHER, THIS, UNCOUNTED, View
from netral_nlp.roster.context import TITLES
from netral_nlp.roster.names import HASHTAG, HOSTILE, SLOGAN, SYMBOL
from netral_nlp.text.lexicon import cue_rows, is_known, standardise
from netral_nlp.text.stemming import stemmer
from netral_nlp.text.words import TAG_WORD, WORD

Occurrence = tuple[str, int, int]  # the feature, and the tokens first:last that it stands on

SIZES = (3, 4, 5)  # of character n-grams
TELLING = frozenset((HASHTAG, SLOGAN, SYMBOL, HOSTILE))  # mentions that are more than a name
MOST_TOLD = 3  # known words that the facts tell apart
_NAMED = (THIS[:-1], OTHER[:-1])
_WHO = {(True, True): "keduanya", (True, False): "ini", (False, True): "lain", (False, False): "tiada"}


def _counted(view: View) -> list[tuple[str, int]]:
    return [(token.form, at) for at, token in enumerate(view.tokens) if token.form not in UNCOUNTED]


def words(view: View) -> Iterator[Occurrence]:
    """Stems, masks, signs, emoji and roles: alone, in pairs of neighbours, and in pairs with one word between."""
    tokens = _counted(view)
    for i, (form, at) in enumerate(tokens):
        yield form, at, at + 1
        if i >= 1:
            before, start = tokens[i - 1]
            yield f"{before} {form}", start, at + 1
        if i >= 2:
            before, start = tokens[i - 2]
            yield f"{before}_{form}", start, at + 1


def characters(view: View) -> Iterator[Occurrence]:
    """Character n-grams inside each unstemmed word, with a blank at either end; a role is one n-gram."""
    for at, token in enumerate(view.tokens):
        written = token.written
        if not written or written in UNCOUNTED:
            continue
        if written[0] == "<":
            yield written, at, at + 1
            continue
        for gram in ngrams(written):
            yield gram, at, at + 1


def ngrams(written: str) -> Iterator[str]:
    """The character n-grams of one word.

    >>> list(ngrams("no"))
    [' no', 'no ', ' no ']
    """
    padded = f" {written} "
    for size in SIZES:
        for start in range(len(padded) - size + 1):
            yield padded[start : start + size]


def cues(view: View) -> Iterator[Occurrence]:
    """The classes of the cue lists that the post's words and pairs of words belong to."""
    classes = cue_classes()
    before: tuple[str, int] | None = None
    for form, at in _counted(view):
        for kind in classes.get(form, ()):
            yield kind, at, at + 1
        if before is not None:
            for kind in classes.get(f"{before[0]} {form}", ()):
                yield kind, before[1], at + 1
        before = (form, at)


def facts(view: View) -> Iterator[Occurrence]:
    """Each once: how the pair and its rivals are named, whether both are, how much is known, how capitals are used."""
    seen: set[str] = set()
    named: set[str] = set()
    for at, token in enumerate(view.tokens):
        if token.form.startswith(_NAMED):
            named.add(OTHER if token.form.startswith(OTHER[:-1]) else THIS)
            fact = f"{token.form} {token.kind}"
            if fact not in seen:
                seen.add(fact)
                yield fact, at, at + 1
    everything = len(view.tokens)
    yield f"disebut {_WHO[THIS in named, OTHER in named]}", 0, everything
    yield f"kata {known_words(view)}", 0, everything
    # not the words of a masked name, whose capitals would betray its length
    own = [view.words[t.first] for t in view.tokens if t.kind == WORD]
    cased = [w.case for w in own if len(w.surface) > 1 and w.surface.isalpha()]
    if len(cased) >= 5:
        yield f"kapital {(len(cased) - cased.count('')) * 5 // len(cased)}", 0, everything
        yield f"huruf besar {cased.count('U') * 4 // len(cased)}", 0, everything


def known_words(view: View) -> int:
    """How many words of the language the post has, names and titles left out; :data:`MOST_TOLD` where more."""
    known = 0
    for token in view.tokens:
        if token.kind in (WORD, TAG_WORD) and is_telling(token.form):
            known += 1
            if known == MOST_TOLD:
                break
    return known


def is_telling(form: str) -> bool:
    """Whether a word is known and more than a title."""
    return form not in TITLES and is_known(form)


def says_something(view: View) -> bool:
    """Whether a post holds more than names: a known word, or a tag, slogan or sign that a roster gives a meaning.

    Not knowing is no reason to accuse: a post that says nothing is given no accusing label.
    """
    return known_words(view) > 0 or any(mention.kind in TELLING for mention in view.mentions)


@dataclass(frozen=True, slots=True)
class Block:
    """One bag of features: how it is extracted, weighted and pruned.

    With ``dense`` the features are words with vectors: what counts is the sum of their vectors, brought to length 1.
    """

    name: str
    extract: Callable[[View], Iterator[Occurrence]]
    weight: float
    min_df: int  # posts that must hold a feature
    idf: bool
    dense: bool = False

    def features(self, view: View) -> list[str]:
        """The features of a view, repeated as often as they occur (an analyzer for TfidfVectorizer)."""
        return [feature for feature, _, _ in self.extract(view)]


BLOCKS = (
    Block("words", words, 1.2, 2, True),
    Block("characters", characters, 1.0, 3, True),
    Block("facts", facts, 0.55, 2, False),
    Block("cues", cues, 0.3, 2, False),
    Block("post", zones.post, 0.5, 1, True, dense=True),
    Block("before", zones.before, 0.5, 1, True, dense=True),
    Block("after", zones.after, 0.5, 1, True, dense=True),
    Block("rival", zones.rival, 0.5, 1, True, dense=True),
    Block("end", zones.end, 0.5, 1, True, dense=True),
)


@cache
def cue_classes() -> Mapping[str, tuple[str, ...]]:
    """Stem, or two stems with a blank between -> the classes of ``data/lexicon/cues.tsv`` it belongs to."""
    stem = stemmer("fast")
    found: dict[str, set[str]] = {}
    for cue, kind in cue_rows():
        key = " ".join(stem(standardise(word)) for word in cue.split())
        found.setdefault(key, set()).add(kind)
    return MappingProxyType({cue: tuple(sorted(kinds)) for cue, kinds in found.items()})
