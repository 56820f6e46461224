"""Many posts in plain Python: the judgements of ``scoring.Scorer``, of the pairs only that a post speaks of."""

from __future__ import annotations

import math
import threading
from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np
import numpy.typing as npt

from netral_nlp.features.blocks import says_something
from netral_nlp.features.reader import Reader, Reading
from netral_nlp.model.calibration import ACCUSING, softmax
from netral_nlp.model.evidence import headed, told
from netral_nlp.model.model import Model
from netral_nlp.model.thresholds import decide
from netral_nlp.records import LABELS, UNSURE
from netral_nlp.roster import Roster
from netral_nlp.scoring.engine.weighing import Weigher
from netral_nlp.scoring.judgements import Judgements
from netral_nlp.scoring.reading import Listener, read_by
from netral_nlp.scoring.unrecognised import Unrecognised

_NO_SCORES = [math.nan] * len(LABELS)


class PlainEngine:
    """Judges posts toward the pairs of one roster one after another; equal to ``Scorer`` on every post.

    This is what does the work of the native core where that was not built. ``limits`` is the score that each accusing
    label must exceed. What is remembered of distinct words never changes a score; threads that share it take turns.
    """

    def __init__(self, model: Model, roster: Roster, limits: Mapping[str, float], remembered: int) -> None:
        self.roster = roster
        self._limits = limits
        self._reader = Reader(roster, model.stem)
        self._weigher = Weigher(model, remembered)
        self._unrecognised = Unrecognised(self._reader.matcher)
        self._turn = threading.Lock()  # what counts the features of a post counts those of one at a time

    def score(
        self, texts: Sequence[str], abouts: npt.NDArray[np.int32], first: int, per_pair: bool, listen: Listener | None
    ) -> Judgements:
        """The judgements of some posts, of which the first one has the number ``first``.

        ``abouts`` are the pairs that the posts' threads are about, -1 for none. ``listen`` is told of the posts as
        they were read.
        """
        found = _Columns(len(self.roster.pairs))
        readings: list[Reading] = []
        with self._turn:
            for post, (text, about) in enumerate(zip(texts, abouts.tolist(), strict=True), first):
                reading = self._reader.read(text)
                self._judge(found, post, text, reading, about, per_pair)
                if listen is not None:
                    readings.append(reading)
        if listen is not None:
            listen(read_by(readings, texts, first))
        return found.judgements()

    def _judge(self, found: _Columns, post: int, text: str, reading: Reading, about: int, per_pair: bool) -> None:
        """The judgements of one post, behind the others."""
        pairs = list(dict.fromkeys((*reading.pairs, about) if about >= 0 else reading.pairs))
        if not pairs:
            found.add(post, "", *self._unrecognised.judge(text))
            return
        weighed = [self._weigher.weigh(self._reader.view(reading, pair)) for pair in pairs]
        scores = softmax(np.array([one.log_odds for one in weighed]))
        support = dict(zip(pairs, scores[:, 0].tolist(), strict=True))
        if per_pair:
            judged = list(range(len(pairs)))
        elif about >= 0:
            judged = [pairs.index(about)]
        else:  # the clearest stand, among equals the one named first
            judged = [int(np.argmax(np.round(1.0 - scores[:, 1], 9)))]
        for at in judged:
            label = decide(scores[at], self._limits)
            if label in ACCUSING and not says_something(weighed[at].view):
                label = UNSURE
            best = LABELS.index(label) if label in LABELS else int(np.argmax(scores[at]))
            words = told(self._weigher.pushes(weighed[at], text, best))
            words = words if label in LABELS else headed(words, best)
            found.add(post, self.roster.pairs[pairs[at]].id, label, words, scores[at].tolist(), support)


class _Columns:
    """Judgements as they are made, one behind another."""

    def __init__(self, pairs: int) -> None:
        self._nobody = [0.0] * pairs
        self._made = Judgements([], [], [], np.zeros((0, len(LABELS))), np.zeros((0, pairs)), [])
        self._scores: list[list[float]] = []
        self._support: list[list[float]] = []

    def add(
        self, post: int, pair: str, label: str, words: str, scores: list[float] | None = None,
        support: Mapping[int, float] | None = None,
    ) -> None:  # fmt: skip
        """One more; ``support`` has the pairs that the post speaks of, by index."""
        made = self._made
        made.post.append(post)
        made.pair.append(pair)
        made.label.append(label)
        made.words.append(words)
        self._scores.append(scores if scores is not None else _NO_SCORES)
        row = self._nobody
        if support:
            row = row.copy()
            for at, value in support.items():
                row[at] = value
        self._support.append(row)

    def judgements(self) -> Judgements:
        """All of them."""
        scores, support = np.array(self._scores, dtype=np.float64), np.array(self._support, dtype=np.float64)
        return replace(
            self._made, scores=scores.reshape(-1, len(LABELS)), support=support.reshape(-1, len(self._nobody))
        )
