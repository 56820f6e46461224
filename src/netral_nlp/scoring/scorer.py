"""Scoring posts: which pair, which label, how sure, and because of which words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from netral_nlp.arrays import Floats
from netral_nlp.features.blocks import says_something
from netral_nlp.features.reader import Reader, Reading
from netral_nlp.features.views import View
from netral_nlp.model.calibration import ACCUSING, softmax
from netral_nlp.model.evidence import describe, evidence, headed
from netral_nlp.model.model import Model
from netral_nlp.model.promise import limits_of
from netral_nlp.model.thresholds import decide
from netral_nlp.records import LABELS, NEUTRAL, UNSURE, Evidence
from netral_nlp.roster import Pair, Roster
from netral_nlp.roster.lookup import pair_called
from netral_nlp.scoring.unrecognised import UNRECOGNISED, Unrecognised

Cells = tuple[str | float, ...]

NO_SCORES = ("", "", "")  # the cells of scores where there are none

MAX_FPR = 0.01


@dataclass(frozen=True, slots=True)
class Scored:
    """One judgement: toward ``pair``, with the support for every pair.

    ``scores`` are the probabilities of dukung, netral, tolak toward ``pair``; ``support`` the probability of dukung
    for each pair in roster order. Where the post speaks of no pair, ``pair`` is empty and ``scores`` is None: nobody
    has judged anything, and ``note`` says so.
    """

    pair: str
    label: str
    scores: tuple[float, float, float] | None
    support: tuple[float, ...]
    evidence: tuple[Evidence, ...]
    note: str = ""

    @property
    def words(self) -> str:
        """The evidence as one cell: each stretch with what it adds to the label, strongest first."""
        if not self.pair:
            return self.note or UNRECOGNISED
        told = describe(self.evidence, self.direction)
        return told if self.label in LABELS else headed(told, self.direction)

    @property
    def direction(self) -> int:
        """The label that the evidence speaks for or against: the decided one, else the most probable."""
        if self.label in LABELS:
            return LABELS.index(self.label)
        return int(np.argmax(self.scores)) if self.scores else LABELS.index(NEUTRAL)


class Scorer:
    """Scores posts toward the pairs of one roster, one by one: the readable reference of every faster way.

    ``max_fpr`` is the false-positive rate that a label ``dukung`` or ``tolak`` may have on posts which do not
    deserve it, as found on held-out elections (one-sided 95 % bound). Raises UsageError where the model's held-out
    posts cannot support it.
    """

    def __init__(self, model: Model, roster: Roster, max_fpr: float = MAX_FPR) -> None:
        self.model = model
        self.roster = roster
        self.limits = limits_of(model, max_fpr, roster.election.id)
        self.reader = Reader(roster, model.stem)
        self._unrecognised = Unrecognised(self.reader.matcher)

    def score(self, text: str, about: str | None = None) -> Scored:
        """The post's judgement toward the pair that it speaks about most clearly.

        ``about`` is the pair that the thread or page is about: a post is judged toward that one, whoever it names.
        """
        reading = self.reader.read(text)
        views, scores = self._all(reading)
        pair = self._clearest(reading, scores, about)
        if pair is None:
            label, note = self._unrecognised.judge(text)
            return Scored("", label, None, (0.0,) * len(views), (), note)
        return self._judge(text, views, scores, pair, _support(scores, self._spoken_of(reading, about)))

    def score_each(self, text: str, about: str | None = None) -> list[Scored]:
        """One judgement for every pair that the post names, and for that of its thread (one without a pair when there
        is none)."""
        reading = self.reader.read(text)
        views, scores = self._all(reading)
        pairs = self._spoken_of(reading, about)
        if not pairs:
            return [self.score(text)]
        support = _support(scores, pairs)
        return [self._judge(text, views, scores, pair, support) for pair in pairs]

    def toward(self, text: str, pair: str) -> Scored:
        """The post's judgement toward one pair (its id, or what else names it), whether it speaks of it or not."""
        reading, index = self.reader.read(text), self.reader.pair_index(pair_called(self.roster, pair) or pair)
        views, scores = self._all(reading)
        return self._judge(text, views, scores, index, _support(scores, (*reading.pairs, index)))

    def _all(self, reading: Reading) -> tuple[list[View], Floats]:
        views = [self.reader.view(reading, i) for i in range(len(self.roster.pairs))]
        return views, softmax(np.array([self.model.log_odds(v) for v in views]))

    def _clearest(self, reading: Reading, scores: Floats, about: str | None) -> int | None:
        """The pair of the thread; else the named one that the post takes the clearest stand toward, among equals the
        one named first."""
        if about:
            return self.reader.pair_index(about)
        named = reading.pairs
        return max(named, key=lambda i: (round(1.0 - float(scores[i][1]), 9), -named.index(i)), default=None)

    def _spoken_of(self, reading: Reading, about: str | None) -> list[int]:
        """The pairs that a post names, in the order of their first mention, and behind them that of its thread."""
        asked = [self.reader.pair_index(about)] if about else []
        return list(dict.fromkeys((*reading.pairs, *asked)))

    def _judge(self, text: str, views: Sequence[View], scores: Floats, pair: int, support: tuple[float, ...]) -> Scored:
        items = evidence(text, views[pair], self.model.contributions(views[pair]))
        label = decide(scores[pair], self.limits)
        if label in ACCUSING and not says_something(views[pair]):
            label = UNSURE
        return Scored(self.roster.pairs[pair].id, label, _triple(scores[pair]), support, tuple(items))


def _support(scores: Floats, spoken_of: Sequence[int]) -> tuple[float, ...]:
    """The probability of dukung toward each pair that the post speaks of, 0 toward the others."""
    return tuple(float(row[0]) if i in spoken_of else 0.0 for i, row in enumerate(scores))


def _triple(scores: Floats) -> tuple[float, float, float]:
    a, b, c = (float(x) for x in scores)
    return a, b, c


def support_column(pair: Pair) -> str:
    """The name of the column with the support for a pair: ``dukung_<number>``, or its id where it has no number."""
    return f"dukung_{pair.number if pair.number is not None else pair.id.replace(' ', '_')}"


def added_columns(roster: Roster) -> tuple[str, ...]:
    """The columns that scoring adds, in order."""
    scores = tuple(f"skor_{label}" for label in LABELS)
    return ("paslon", "label", *scores, *(support_column(p) for p in roster.pairs), "bukti")


def cells(scored: Scored) -> Cells:
    """The values of :func:`added_columns` for one judgement."""
    return (scored.pair, scored.label, *(scored.scores or NO_SCORES), *scored.support, scored.words)
