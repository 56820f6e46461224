"""Which features a view has: named blocks, each a list of feature occurrences with the tokens they stand on."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from netral_nlp.features.views import OTHER, THIS, Token, View

Occurrence = tuple[str, int, int]  # the feature, and the tokens first:last that it stands on

UNCOUNTED = frozenset({"<tautan>", "<akun>", "<tagar>", "<nomor>", "<surel>"})  # habits of a platform, not a stance


def words(view: View) -> Iterator[Occurrence]:
    """Stems, masks, signs, emoji and roles, alone and in pairs of neighbours."""
    before: tuple[str, int] | None = None
    for at, token in enumerate(view.tokens):
        if token.form in UNCOUNTED:
            continue
        yield token.form, at, at + 1
        if before is not None:
            yield f"{before[0]} {token.form}", before[1], at + 1
        before = (token.form, at)


def characters(view: View, shortest: int = 2, longest: int = 5) -> Iterator[Occurrence]:
    """Character n-grams inside each unstemmed word, with a blank at either end; a role is one n-gram."""
    for at, token in enumerate(view.tokens):
        written = token.written
        if not written or written in UNCOUNTED:
            continue
        if written[0] == "<":
            yield written, at, at + 1
            continue
        padded = f" {written} "
        for size in range(shortest, longest + 1):
            for start in range(len(padded) - size + 1):
                yield padded[start : start + size], at, at + 1


def _who_is_named(tokens: tuple[Token, ...]) -> str:
    this = any(t.form.startswith(THIS[:-1]) for t in tokens)
    other = any(t.form.startswith(OTHER[:-1]) for t in tokens)
    return {(True, True): "keduanya", (True, False): "ini", (False, True): "lain"}.get((this, other), "tiada")


def roles(view: View) -> Iterator[Occurrence]:
    """How and where the pair and its rivals are named, each fact once."""
    seen: set[str] = set()
    last = len(view.tokens) - 1
    for at, token in enumerate(view.tokens):
        if token.form[:4] not in ("<ini", "<lai"):
            continue
        facts = [f"{token.form} {token.kind}"]
        if at == 0:
            facts.append(f"awal {token.form} {token.kind}")
        if at == last:
            facts.append(f"akhir {token.form} {token.kind}")
        for fact in facts:
            if fact not in seen:
                seen.add(fact)
                yield fact, at, at + 1
    yield f"disebut {_who_is_named(view.tokens)}", 0, len(view.tokens)


@dataclass(frozen=True, slots=True)
class Block:
    """One bag of features: how it is extracted, weighted and pruned."""

    name: str
    extract: Callable[[View], Iterator[Occurrence]]
    weight: float
    min_df: int  # posts that must hold a feature
    idf: bool

    def features(self, view: View) -> list[str]:
        """The features of a view, repeated as often as they occur (an analyzer for TfidfVectorizer)."""
        return [feature for feature, _, _ in self.extract(view)]


BLOCKS = (
    Block("words", words, 1.0, 2, True),
    Block("characters", characters, 1.0, 3, True),
    Block("roles", roles, 0.5, 2, False),
)
