"""What the act model counts in a post: words and roles, classes of cues, frames, and facts about the post."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import chain, combinations

from netral_nlp.law.clauses import ActView
from netral_nlp.law.frames import FoundFrame

Stand = tuple[tuple[str, ...], int, int]  # features, and the tokens first:last that they stand on
MEMORY = 1 << 15  # sets of classes whose features are remembered

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
class LawPost:
    """A post with what is known beside its text: cells as the file has them, and how it stands toward its pair."""

    text: str
    time: str = ""
    action: str = ""  # one of metadata.ACTIONS
    account: str = ""  # one of metadata.ACCOUNTS
    stance: Stance | None = None
    about: bool = False  # its page is about a pair


@dataclass(frozen=True, slots=True)
class Signals:
    """A post with all that is known of it: how it was posted (``action``) and how it stands (None: toward nobody)."""

    view: ActView
    frames: tuple[FoundFrame, ...] = ()
    action: str = ""
    stance: Stance | None = None
    extra: tuple[str, ...] = field(default=())


def words(post: Signals) -> Iterator[Stand]:
    """Stems and roles: alone, with their neighbour, and with one word between."""
    last, last_at = "", 0
    but_one, but_one_at = "", 0
    for at, token in enumerate(post.view.tokens):
        form = token.form
        if form in MASKED:
            continue
        yield (form,), at, at + 1
        if last:
            yield (f"{last} {form}",), last_at, at + 1
            if but_one:
                yield (f"{but_one}_{form}",), but_one_at, at + 1
        but_one, but_one_at, last, last_at = last, last_at, form, at


@lru_cache(MEMORY)
def clause_features(kinds: frozenset[str], quoted: bool) -> tuple[str, ...]:
    """Two classes of one clause; those in quotation marks are others."""
    mark = '"' if quoted else ""
    return tuple(f"{mark}{one}+{other}" for one, other in combinations(sorted(kinds), 2))


@lru_cache(MEMORY)
def row_features(before: tuple[str, ...], kinds: tuple[str, ...], quoted: bool) -> tuple[str, ...]:
    """Two classes of neighbouring words."""
    mark = '"' if quoted else ""
    return tuple(f"{mark}{earlier}>{kind}" for kind in kinds for earlier in before)


@lru_cache(MEMORY)
def class_features(kinds: tuple[str, ...], quoted: bool) -> tuple[str, ...]:
    """The classes of a word."""
    mark = '"' if quoted else ""
    return tuple(f"{mark}{kind}" for kind in kinds)


def cues(post: Signals) -> Iterator[Stand]:
    """Classes: alone, two in a row, and two in one clause; those in quotation marks are others."""
    tokens = post.view.tokens
    for clause in post.view.clauses:
        before: tuple[str, ...] = ()
        began = clause.first
        for at in range(clause.first, clause.last):
            kinds = tokens[at].kinds
            if kinds:
                yield class_features(kinds, clause.quoted), at, at + 1
                if before:
                    yield row_features(before, kinds, clause.quoted), began, at + 1
                before, began = kinds, at
        yield clause_features(clause.kinds, clause.quoted), clause.first, clause.last


def frames(post: Signals) -> Iterator[Stand]:
    """Frames that hold, and blocked ones with each of their blockers."""
    for frame in post.frames:
        first = post.view.clauses[frame.clauses[0]].first
        last = post.view.clauses[frame.clauses[-1]].last
        yield frame_features(frame), first, last


def frame_features(frame: FoundFrame) -> tuple[str, ...]:
    """A frame that holds, or each blocker of one that does not."""
    if frame.blocks:
        return tuple(f"{frame.act} x {block}" for block in frame.blocks)
    return frame.act, f"{frame.act}: {frame.name}"


def facts(post: Signals) -> Iterator[Stand]:
    """How it was posted, how many pairs it names, and how it stands: about the whole post."""
    yield fact_features(*facts_of(post)), 0, len(post.view.tokens)


Facts = tuple[tuple[str, ...], str, int, bool, tuple[int, int] | None]


def facts_of(post: Signals) -> Facts:
    """What the block of facts says of a post: few posts differ in it."""
    stance = None
    if post.stance is not None:
        dukung, netral = (min(BINS - 1, int(value * BINS)) for value in (post.stance.dukung, post.stance.netral))
        stance = (dukung, netral)
    return post.extra, post.action, min(MOST_PAIRS, len(post.view.pairs)), post.view.named, stance


def fact_features(
    extra: tuple[str, ...], action: str, pairs: int, named: bool, stance: tuple[int, int] | None
) -> tuple[str, ...]:  # fmt: skip
    """The same as features."""
    told = () if stance is None else (f"dukung {stance[0]}", f"netral {stance[1]}")
    who = "disebut ya" if named else "disebut tidak"
    return (*extra, f"tindakan {action or 'tidak diketahui'}", f"paslon {pairs}", who, *told)


@dataclass(frozen=True, slots=True)
class ActBlock:
    """One bag of features: how it is extracted and weighted, and in how many posts a feature must stand."""

    name: str
    extract: Callable[[Signals], Iterator[Stand]]
    weight: float
    min_df: int


ACT_BLOCKS = (
    ActBlock("words", words, 1.0, 2),
    ActBlock("cues", cues, 1.0, 2),
    ActBlock("frames", frames, 0.3, 2),
    ActBlock("facts", facts, 0.4, 2),
)


def stands_of(post: Signals) -> list[list[Stand]]:
    """For each block where its features stand."""
    return [list(block.extract(post)) for block in ACT_BLOCKS]


def bags_of(stands: Sequence[Sequence[Stand]]) -> list[list[str]]:
    """For each block its distinct features, in order of their first occurrence."""
    return [list(dict.fromkeys(chain.from_iterable([some for some, _, _ in block]))) for block in stands]
