"""A scikit-learn classifier of posts toward the pairs of one roster."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any, Self

import numpy as np
import numpy.typing as npt
from sklearn.base import BaseEstimator, ClassifierMixin
from sklearn.utils.validation import check_is_fitted

from netral_nlp.errors import InputError, UsageError
from netral_nlp.features.reader import prepare
from netral_nlp.learning.anonymity import hide_names
from netral_nlp.learning.folds import STRENGTH
from netral_nlp.learning.pipeline import build_pipeline
from netral_nlp.records import LABELS, Case
from netral_nlp.roster import Roster
from netral_nlp.roster.reading import read_roster
from netral_nlp.text.stemming import Stemmer

Pairs = str | Sequence[str] | None


class StanceClassifier(ClassifierMixin, BaseEstimator):  # type: ignore[misc]
    """Fits and predicts ``dukung``, ``netral``, ``tolak`` from lists or Series of texts, for notebooks and grids.

    ``roster`` is a Roster, a file or a shipped id; ``pair`` the pair that posts are about unless a call says
    otherwise (one pair, or one for every text). The probabilities are the plain ones of the regression: only
    ``netral_nlp.train`` calibrates them and finds error rates on elections left out.
    """

    def __init__(
        self,
        roster: Roster | str | Path,
        pair: str | None = None,
        *,
        strength: float = STRENGTH,
        stem: Stemmer = "fast",
        seed: int = 0,
    ) -> None:
        self.roster = roster
        self.pair = pair
        self.strength = strength
        self.stem = stem
        self.seed = seed

    def fit(self, X: Iterable[str], y: Iterable[str], pair: Pairs = None) -> Self:  # noqa: N803
        """Learn from texts and their labels. Raises InputError for other labels, UsageError for unequal lengths."""
        cases, labels = self._cases(X, pair), [str(label) for label in y]
        if unknown := sorted(set(labels) - set(LABELS)):
            raise InputError(f'The label "{unknown[0][:60]}" is none of {", ".join(LABELS)}.')
        if len(cases) != len(labels):
            raise UsageError(f"There are {len(cases)} texts and {len(labels)} labels; give one for each.")
        pipeline = build_pipeline(stem=self.stem, strength=self.strength, seed=self.seed)
        self.pipeline_ = pipeline.fit(hide_names(cases, prepare(cases, self.stem)), labels)
        self.classes_ = np.asarray(pipeline.classes_)
        return self

    def predict_proba(self, X: Iterable[str], pair: Pairs = None) -> npt.NDArray[np.float64]:  # noqa: N803
        """Probabilities in the order of ``classes_``, shape (texts, classes); rows sum to 1."""
        check_is_fitted(self, "pipeline_")
        return np.asarray(self.pipeline_.predict_proba(self._cases(X, pair)), dtype=np.float64)

    def predict(self, X: Iterable[str], pair: Pairs = None) -> npt.NDArray[Any]:  # noqa: N803
        """The most probable label of each text."""
        probabilities = self.predict_proba(X, pair)
        return np.asarray(self.classes_[probabilities.argmax(axis=1)])

    def _cases(self, texts: Iterable[str], pair: Pairs) -> list[Case]:
        given = _texts_of(texts)
        roster = self.roster if isinstance(self.roster, Roster) else read_roster(self.roster)
        wanted = pair if pair is not None else self.pair
        if wanted is None:
            if len(roster.pairs) != 1:
                raise UsageError(f"Toward which pair? Give pair=, one of {', '.join(roster.ids)}.")
            wanted = roster.ids[0]
        pairs = [wanted] * len(given) if isinstance(wanted, str) else [str(one) for one in wanted]
        if len(pairs) != len(given):
            raise UsageError(f"There are {len(given)} texts and {len(pairs)} pairs; give one pair, or one for each.")
        return [Case(text, one, roster) for text, one in zip(given, pairs, strict=True)]


def _texts_of(given: object) -> list[str]:
    """The texts one by one. Raises UsageError for one text, for a whole frame, and for what is no text."""
    if isinstance(given, str):
        raise UsageError("Give a list of texts, not one text.")
    if getattr(given, "ndim", 1) != 1:
        names = [str(name) for name in getattr(given, "columns", ())]
        example = f'frame["{names[-1]}"]' if names else "a list"
        raise UsageError(f"Give one column of texts, such as {example}, not a table.")
    try:
        texts: list[str] = list(given)  # type: ignore[call-overload]
    except TypeError:
        raise UsageError(f"Give a list of texts, not {type(given).__name__}.") from None
    for place, text in enumerate(texts, 1):
        if not isinstance(text, str):
            raise UsageError(f'Text {place} is {_name_of(text)}; give texts only, missing ones as "".')
    return texts


def _name_of(value: object) -> str:
    return "missing" if value is None or value != value else f"of type {type(value).__name__}"  # NaN is not itself
