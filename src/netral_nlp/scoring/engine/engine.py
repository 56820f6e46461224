"""Scoring many posts at once, exactly as ``scoring.Scorer`` scores one."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
import numpy.typing as npt

from netral_nlp import native
from netral_nlp.errors import UsageError
from netral_nlp.model.model import Model
from netral_nlp.model.promise import limits_of
from netral_nlp.records import LABELS
from netral_nlp.roster import Roster
from netral_nlp.scoring.engine.native import NativeEngine
from netral_nlp.scoring.engine.plain import PlainEngine
from netral_nlp.scoring.judgements import Judgements, Lines
from netral_nlp.scoring.reading import Listener
from netral_nlp.scoring.scorer import MAX_FPR
from netral_nlp.tables import Dialect
from netral_nlp.tables.parts import Texts

POSTS = 4_000  # scored together
CHARACTERS_TOGETHER = 1 << 21
LIMIT = 150_000  # distinct pieces remembered


class Engine:
    """Scores posts toward the pairs of one roster, many at a time; equal to ``Scorer`` on every post.

    ``max_fpr`` is as for ``Scorer``. With the native core any number of threads may share an engine; without it, or in
    ``native.without()``, posts are scored one by one. The table of distinct pieces is made anew when it holds more
    than ``remembered``; which posts went before never changes a score.
    """

    def __init__(self, model: Model, roster: Roster, max_fpr: float = MAX_FPR, *, remembered: int = LIMIT) -> None:
        self.roster = roster
        limits = limits_of(model, max_fpr, roster.election.id)
        library = native.library()
        self.core: NativeEngine | PlainEngine
        if library is None:
            self.core = PlainEngine(model, roster, limits, remembered)
        else:
            self.core = NativeEngine(library, model, roster, limits, remembered)
        self.index = {pair.id: i for i, pair in enumerate(roster.pairs)}

    @property
    def is_native(self) -> bool:
        """Whether the native core is in use."""
        return isinstance(self.core, NativeEngine)

    def score(
        self, texts: Sequence[str], abouts: Sequence[str | None] | None = None, *, per_pair: bool = False,
        listen: Listener | None = None,
    ) -> Judgements:  # fmt: skip
        """One judgement a post as ``Scorer.score`` gives it, or with ``per_pair`` those of ``Scorer.score_each``.

        ``abouts`` are the pairs that the posts' threads are about. ``listen`` is told of the posts as they were read,
        some thousand at a time. Raises UsageError for a pair that the roster does not have.
        """
        pairs = self._pairs(texts, abouts)
        parts = [self.core.score(texts[a:b], pairs[a:b], a, per_pair, listen) for a, b in _cuts(texts)]
        if len(parts) == 1:
            return parts[0]
        return Judgements(
            [post for part in parts for post in part.post],
            [pair for part in parts for pair in part.pair],
            [label for part in parts for label in part.label],
            np.concatenate([np.zeros((0, len(LABELS))), *(part.scores for part in parts)]),
            np.concatenate([np.zeros((0, len(self.roster.pairs))), *(part.support for part in parts)]),
            [words for part in parts for words in part.words],
        )

    def lines(
        self, texts: Sequence[str], abouts: Sequence[str | None] | None, dialect: Dialect, *, per_pair: bool = False
    ) -> Lines | None:
        """The same as it stands behind the rows of a CSV file; None where that takes Python, text by text."""
        if not isinstance(self.core, NativeEngine) or not isinstance(texts, Texts) or dialect.excel or dialect.guarded:
            return None
        return self.core.lines(texts, self._pairs(texts, abouts), per_pair, dialect)

    def _pairs(self, texts: Sequence[str], abouts: Sequence[str | None] | None) -> npt.NDArray[np.int32]:
        if abouts is None:
            return np.full(len(texts), -1, dtype=np.int32)
        return np.array([self._pair_index(about) if about else -1 for about in abouts], dtype=np.int32)

    def _pair_index(self, pair: str) -> int:
        if pair not in self.index:
            known = ", ".join(f'"{name}"' for name in self.index)
            raise UsageError(f'The roster "{self.roster.election.id}" has no pair "{pair}"; it has {known}.')
        return self.index[pair]


def _cuts(texts: Sequence[str]) -> Iterator[tuple[int, int]]:
    """Stretches of at most POSTS posts and, but for one long post alone, CHARACTERS_TOGETHER characters."""
    begin, held = 0, 0
    for at, text in enumerate(texts):
        if at > begin and (at - begin >= POSTS or held + len(text) > CHARACTERS_TOGETHER):
            yield begin, at
            begin, held = at, 0
        held += len(text)
    if len(texts) > begin or not texts:
        yield begin, len(texts)
