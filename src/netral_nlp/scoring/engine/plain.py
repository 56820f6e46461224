"""Many posts judged one by one by the readable law, where no native core is at hand."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from netral_nlp.features.reader import Reading
from netral_nlp.model.model import Model
from netral_nlp.records import LABELS
from netral_nlp.roster import Roster
from netral_nlp.scoring.engine.vocabulary import KINDS
from netral_nlp.scoring.judgements import Judgements
from netral_nlp.scoring.reading import Listener, ReadPosts
from netral_nlp.scoring.scorer import Scored, Scorer
from netral_nlp.text.words import Word, readable


class PlainEngine:
    """Judges chunks of posts by a ``Scorer``."""

    def __init__(self, model: Model, roster: Roster, max_fpr: float) -> None:
        self._scorer = Scorer(model, roster, max_fpr)
        self._ids = roster.ids

    def score(
        self, texts: Sequence[str], abouts: npt.NDArray[np.int32], first: int, per_pair: bool, listen: Listener | None
    ) -> Judgements:
        """The judgements of some posts, of which the first one has a number; ``abouts`` are pairs, -1 for none."""
        found: list[tuple[int, Scored]] = []
        for number, (text, pair) in enumerate(zip(texts, abouts.tolist(), strict=True)):
            about = self._ids[pair] if pair >= 0 else None
            each = self._scorer.score_each(text, about) if per_pair else [self._scorer.score(text, about)]
            found += [(first + number, one) for one in each]
        if listen is not None:
            listen(read_posts([self._scorer.reader.read(text) for text in texts], list(map(readable, texts)), first))
        nothing = (np.nan,) * len(LABELS)
        return Judgements(
            [post for post, _ in found],
            [one.pair for _, one in found],
            [one.label for _, one in found],
            np.array([one.scores or nothing for _, one in found], dtype=np.float64).reshape(-1, len(LABELS)),
            np.array([one.support for _, one in found], dtype=np.float64).reshape(-1, len(self._ids)),
            [one.words for _, one in found],
        )


def read_posts(readings: Sequence[Reading], texts: Sequence[str], first: int) -> ReadPosts:
    """The words and mentions of posts as arrays; the first one has the number ``first``."""
    begin = np.cumsum([0, *(len(text) + 1 for text in texts)])[:-1]
    start = np.cumsum([0, *(len(reading.words) for reading in readings)])
    distinct: dict[Word, int] = {}
    word, left, right = [], [], []
    mentions = []
    for reading, at, before in zip(readings, begin.tolist(), start.tolist(), strict=False):
        for one in reading.words:
            word.append(distinct.setdefault(one._replace(start=0, end=0), len(distinct)))
            left.append(at + one.start)
            right.append(at + one.end)
        mentions += [(before + m.start, before + m.end, m.pair, KINDS.index(m.kind)) for m in reading.mentions]
    begins, ends, pairs, kinds = np.array(mentions, dtype=np.int64).reshape(-1, 4).T
    words, lefts, rights = (np.array(column, dtype=np.int64) for column in (word, left, right))
    return ReadPosts(
        first, "\n".join(texts), begin, start, words, lefts, rights, list(distinct), begins, ends, pairs, kinds, KINDS
    )  # fmt: skip
