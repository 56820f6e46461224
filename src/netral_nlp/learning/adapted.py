"""What an adapted model learned from unlabelled posts, for a person to read and veto."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import numpy.typing as npt

from netral_nlp.arrays import Floats
from netral_nlp.errors import UsageError
from netral_nlp.features.views import Token, View
from netral_nlp.learning.anonymity import HIDDEN
from netral_nlp.model.evidence import pushes
from netral_nlp.model.model import Model
from netral_nlp.records import LABELS, Case
from netral_nlp.roster import Roster

CONFIDENT = 0.9
TERMS = 15  # shown a side
SEEN = 5  # unlabelled posts that must hold a term before it is shown


@dataclass(frozen=True, slots=True)
class Term:
    """A word that speaks for ``side`` by ``change`` more than before; ``posts`` unlabelled views hold it.

    The change is in log-odds for a post of this word alone; beside n others it is about 1 / sqrt(n) of that.
    """

    word: str
    side: str
    change: float
    posts: int


@dataclass(frozen=True)
class Adapted:
    """An adapted model and what it learned, for a person to read and veto."""

    model: Model
    views: int
    agreement: float
    auc_before: float
    auc_after: float
    support_by_pair: dict[str, tuple[float, float]]  # mean probability of dukung on the posts, before and after
    terms: tuple[Term, ...]

    def facts(self) -> dict[str, Any]:
        """For the model file's header and for JSON."""
        return {
            "views": self.views,
            "agreement": round(self.agreement, 6),
            "support_auc_on_written_elections": {
                "before": round(self.auc_before, 6),
                "after": round(self.auc_after, 6),
            },
            "mean_support": {
                pair: {"before": round(before, 6), "after": round(after, 6)}
                for pair, (before, after) in self.support_by_pair.items()
            },
            "terms": [
                {"word": t.word, "side": t.side, "change": round(t.change, 6), "posts": t.posts} for t in self.terms
            ],
        }


def agreement(before: Floats, after: Floats) -> float:
    """Share of views on which two models name the same label, among those of which the first is sure."""
    sure = before.max(axis=1) >= CONFIDENT
    return float((before[sure].argmax(axis=1) == after[sure].argmax(axis=1)).mean()) if sure.any() else 1.0


def support_by_pair(
    roster: Roster, cases: Sequence[Case], before: Floats, after: Floats
) -> dict[str, tuple[float, float]]:
    of = np.array([case.pair for case in cases])
    return {
        pair: (float(before[of == pair, 0].mean()), float(after[of == pair, 0].mean()))
        for pair in roster.ids
        if (of == pair).any()
    }


def terms_of(model: Model, child: Model, seen: npt.NDArray[np.int64]) -> Iterator[Term]:
    """The single words whose push toward a label has grown most, by label, among those the posts really hold.

    ``seen`` has shape (features of the first block,): in how many unlabelled views each stands.
    """
    old, new = model.weights[0], child.weights[0]
    change = new.coef * new.idf[:, None] - old.coef * old.idf[:, None]
    push = pushes(change)
    single = np.array([not f.startswith("<") and " " not in f and "_" not in f for f in new.features])
    for k, label in enumerate(LABELS):
        worth = np.where(single & (seen >= SEEN), push[:, k], -np.inf)
        for i in np.argsort(-worth, kind="stable")[:TERMS]:
            if worth[i] > 0:
                yield Term(new.features[i], label, float(push[i, k]), int(seen[i]))


def without(views: Sequence[View], veto: Sequence[str], model: Model) -> Sequence[View]:
    """The views with every vetoed word hidden as a name is; a word is vetoed by its stem or as it is written.

    Raises UsageError for a word that the model does not have: a slip of the pen must not pass for a veto.
    """
    words = frozenset(word.strip().lower() for word in veto)
    if not words:
        return views
    known = {feature for w in model.weights if w.block.name == "words" for feature in w.features}
    written = {t.written for view in views for t in view.tokens}
    if strange := sorted(words - known - written):
        raise UsageError(
            f'Neither the model nor the posts have a word "{strange[0]}" to veto. Name words as they are shown among '
            "what was learned."
        )

    def hide(token: Token) -> Token:
        vetoed = token.form in words or token.written in words
        return token._replace(form=HIDDEN, written=HIDDEN) if vetoed else token

    return [replace(view, tokens=tuple(map(hide, view.tokens))) for view in views]
