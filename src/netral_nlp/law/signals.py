"""What the act model counts in a post: words and roles, classes of cues, frames, and facts about the post."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import combinations

from netral_nlp.law.clauses import ActView
from netral_nlp.law.frames import FoundFrame
from netral_nlp.text.words import HANDLE

Occurrence = tuple[str, int, int]  # the feature, and the tokens first:last that it stands on

BINS = 5  # of the probability of support and of neutrality
MOST_PAIRS = 3
MASKED = frozenset({"<akun>", "<tautan>", "<nomor>", "<surel>", "<tagar>"})


@dataclass(frozen=True, slots=True)
class Stance:
    """The three probabilities toward the pair that the post speaks of most clearly."""

    dukung: float
    netral: float
    tolak: float


@dataclass(frozen=True, slots=True)
class Signals:
    """A post with all that is known of it: how it was posted (``action``) and how it stands (None: toward nobody)."""

    view: ActView
    frames: tuple[FoundFrame, ...] = ()
    action: str = ""
    stance: Stance | None = None
    extra: tuple[str, ...] = field(default=())


def words(post: Signals) -> Iterator[Occurrence]:
    """Stems and roles: alone, with their neighbour, and with one word between."""
    tokens = [(token.form, at) for at, token in enumerate(post.view.tokens) if token.form not in MASKED]
    for i, (form, at) in enumerate(tokens):
        yield form, at, at + 1
        if i >= 1:
            yield f"{tokens[i - 1][0]} {form}", tokens[i - 1][1], at + 1
        if i >= 2:
            yield f"{tokens[i - 2][0]}_{form}", tokens[i - 2][1], at + 1


def cues(post: Signals) -> Iterator[Occurrence]:
    """Classes: alone, two in one clause, and two in a row; those in quotation marks are others."""
    view = post.view
    for clause in view.clauses:
        mark = '"' if clause.quoted else ""
        before: tuple[str, ...] = ()
        began = clause.first
        for at in range(clause.first, clause.last):
            kinds = view.tokens[at].kinds
            if not kinds:
                continue
            for kind in kinds:
                yield mark + kind, at, at + 1
                for earlier in before:
                    yield f"{mark}{earlier}>{kind}", began, at + 1
            before, began = kinds, at
        for one, other in combinations(sorted(clause.kinds), 2):
            yield f"{mark}{one}+{other}", clause.first, clause.last


def frames(post: Signals) -> Iterator[Occurrence]:
    """Frames that hold, and blocked ones with each of their blockers."""
    for frame in post.frames:
        first = post.view.clauses[frame.clauses[0]].first
        last = post.view.clauses[frame.clauses[-1]].last
        if not frame.blocks:
            yield frame.act, first, last
            yield f"{frame.act}: {frame.name}", first, last
        for block in frame.blocks:
            yield f"{frame.act} x {block}", first, last


def facts(post: Signals) -> Iterator[Occurrence]:
    """How it was posted, how many pairs it names, and how it stands."""
    everything = len(post.view.tokens)
    for fact in post.extra:
        yield fact, 0, everything
    yield f"tindakan {post.action or 'tidak diketahui'}", 0, everything
    yield f"paslon {min(MOST_PAIRS, len(post.view.pairs))}", 0, everything
    yield f"disebut {'ya' if post.view.named else 'tidak'}", 0, everything
    if post.stance is not None:
        for name, value in (("dukung", post.stance.dukung), ("netral", post.stance.netral)):
            yield f"{name} {min(BINS - 1, int(value * BINS))}", 0, everything


@dataclass(frozen=True, slots=True)
class ActBlock:
    """One bag of features: how it is extracted and weighted, and in how many posts a feature must stand."""

    name: str
    extract: Callable[[Signals], Iterator[Occurrence]]
    weight: float
    min_df: int


ACT_BLOCKS = (
    ActBlock("words", words, 1.0, 2),
    ActBlock("cues", cues, 1.0, 2),
    ActBlock("frames", frames, 0.3, 2),
    ActBlock("facts", facts, 0.4, 2),
)


def features(block: ActBlock, post: Signals) -> list[str]:
    """The distinct features of a post, in order of their first occurrence."""
    return list(dict.fromkeys(feature for feature, _, _ in block.extract(post)))


def places(block: ActBlock, post: Signals) -> dict[str, list[tuple[int, int]]]:
    """Each feature with the token ranges that it stands on."""
    found: dict[str, list[tuple[int, int]]] = {}
    for feature, first, last in block.extract(post):
        found.setdefault(feature, []).append((first, last))
    return found


def all_features(posts: Sequence[Signals]) -> list[list[list[str]]]:
    """For each block the features of each post."""
    return [[features(block, post) for post in posts] for block in ACT_BLOCKS]


__all__ = ["ACT_BLOCKS", "HANDLE", "ActBlock", "Signals", "Stance", "all_features", "features", "places"]
