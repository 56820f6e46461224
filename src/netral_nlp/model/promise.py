"""What ``--max-fpr`` promises, and on what evidence: the nominal level at which labels are given.

Of 100 posts that take no side toward the judged pair at most ``100 * max_fpr`` are called ``dukung`` or ``tolak``, the
two together, on an election that the model has not seen. Written posts alone cannot keep that: real ones score higher.
So ``data/promise.csv`` holds, for real elections and a ladder of nominal levels, how many neutral posts were accused;
the level is the highest at which none of them breaks the promise. Where enough neutral posts of the election itself are
labelled, they decide instead (split conformal prediction, Vovk et al. 2005).
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from math import floor
from pathlib import Path

import numpy as np

from netral_nlp.arrays import Bools, Floats, Ints
from netral_nlp.errors import InputError, UsageError
from netral_nlp.model.calibration import ACCUSING
from netral_nlp.model.model import Model
from netral_nlp.records import LABELS, NEUTRAL, OPPOSE, SUPPORT
from netral_nlp.resources import data_dir, lexicon_digest
from netral_nlp.tables import Layout, read_records

# The share of the written held-out posts without a label that score above its threshold.
LEVELS = (
    *(0.0001, 0.0002, 0.0003, 0.0005, 0.00075, 0.001, 0.0015, 0.002, 0.003, 0.004, 0.005, 0.0075),
    *(0.01, 0.015, 0.02, 0.025, 0.03, 0.04, 0.05, 0.07, 0.1, 0.15, 0.2, 0.3),
)
# What tolak gets of the level: on real elections nearly all false accusations were of opposition, and hardly any
# opposition was found at a level that is safe.
OPPOSE_SHARE = 0.01
UNCERTIFIED = 0.2  # another model is held to that part of the rate asked
_COUNTS = ("neutral", "accused", "as_dukung", "dukung", "dukung_called", "tolak", "tolak_called")
COLUMNS = ("recipe", "election", "level", *_COUNTS)
_LAYOUT = Layout(header_row=1)  # known: nothing is to be found out at the start of every command
FACT = "neutral_levels"  # where a model keeps the levels of neutral posts of an election


@dataclass(frozen=True, slots=True)
class Row:
    """One real election at one level: its neutral posts, those accused (and as support), and what was found."""

    election: str
    level: float
    neutral: int
    accused: int
    as_dukung: int
    dukung: int
    dukung_called: int
    tolak: int
    tolak_called: int


@dataclass(frozen=True, slots=True)
class Table:
    """The figures of a ladder of levels on real elections, made for the models of one recipe."""

    recipe: str
    rows: tuple[Row, ...]

    @property
    def elections(self) -> tuple[str, ...]:
        """Their codes, in order."""
        return tuple(dict.fromkeys(row.election for row in self.rows))

    def level(self, max_fpr: float, without: str | None = None) -> float:
        """The highest level up to which no election has a larger share of neutral posts accused; else the lowest."""
        safe = LEVELS[0]
        for level in LEVELS:
            rows = [r for r in self.rows if r.level == level and r.election != without]
            if any(r.accused > max_fpr * r.neutral for r in rows):
                break
            safe = level
        return safe

    def at(self, level: float, election: str) -> Row:
        """The row of an election at a level."""
        return next(r for r in self.rows if r.level == level and r.election == election)

    def tested(self, max_fpr: float) -> tuple[Row, ...]:
        """Each election at the level that the others alone would have given it."""
        return tuple(self.at(self.level(max_fpr, without=one), one) for one in self.elections)


@dataclass(frozen=True, slots=True)
class Promise:
    """The level at which labels are given, and why it may be believed.

    ``basis`` is ``own`` (neutral posts of the election), ``table`` (real elections) or ``none`` (another model than
    the table's: not certified). ``own`` counts the neutral posts; ``tested`` are real elections, each judged without
    its own figures.
    """

    max_fpr: float
    level: float
    basis: str
    own: int
    tested: tuple[Row, ...]

    @property
    def kept(self) -> int:
        """In how many of the tested elections the promise held."""
        return sum(row.accused <= self.max_fpr * row.neutral for row in self.tested)

    def sentence(self) -> str:
        """In one sentence what is promised and on what evidence."""
        promise = f"At --max-fpr {self.max_fpr:g} at most {100 * self.max_fpr:g} of 100 neutral posts are to be accused"
        if self.basis == "own":
            return f"{promise}: the threshold was set on {self.own:,} neutral labelled posts of this election."
        accused, neutral = (sum(getattr(row, name) for row in self.tested) for name in ("accused", "neutral"))
        evidence = f"kept in {self.kept} of {len(self.tested)} real elections, {accused} of {neutral} neutral posts"
        if self.basis == "table":
            return f"{promise}: {evidence}, each judged with thresholds found without it."
        return f"{promise}; for this model that is not certified, so the strictest level known is used."


def recipe_of(model: Model) -> str:
    """A digest of all that decides a model's scores but the last bits: corpus, word lists, vectors, settings."""
    said = [
        lexicon_digest(),
        *(model.facts.get(name) for name in ("corpus_sha256", "vectors_sha256", "strength", "seed")),
        *(name for name in ("adapted", "recalibrated", "refined") if name in model.facts),
        model.stem,
        [[w.block.name, w.block.weight, w.block.min_df] for w in model.weights],
    ]
    return hashlib.sha256(json.dumps(said, sort_keys=True).encode()).hexdigest()[:32]


@cache
def shipped_table() -> Table:
    """The figures that ship, of ``data/promise.csv``."""
    return read_table(data_dir() / "promise.csv")


def read_table(path: Path) -> Table:
    """The table in a CSV file. Raises InputError for what cannot be one."""
    try:
        cells = read_records(path, required=COLUMNS, layout=_LAYOUT)
        rows = tuple(Row(c["election"], float(c["level"]), *(int(c[name]) for name in _COUNTS)) for c in cells)
        whole = {row.level for row in rows} == set(LEVELS) and len({c["recipe"] for c in cells}) == 1
        if not whole or len(rows) != len(LEVELS) * len({row.election for row in rows}):
            raise ValueError
    except (InputError, ValueError):
        message = f"{path} is no table of the promise. Make one with: netral evaluate POSTS --promise-table FILE"
        raise InputError(message, path=str(path)) from None
    return Table(cells[0]["recipe"], rows)


def promise_of(model: Model, max_fpr: float, election: str | None = None) -> Promise:
    """The level for a rate; neutral posts of another ``election`` than the one scored decide nothing.

    Raises UsageError for a rate outside 0 to 1, or a model without held-out scores."""
    if not 0.0 < max_fpr < 1.0:
        raise UsageError(f"A false-positive rate lies between 0 and 1; {max_fpr:g} does not.")
    if any(not len(model.tails.get(label, ())) for label in ACCUSING):
        raise UsageError("This model holds no held-out scores to take thresholds from. Train it again: netral train")
    table = shipped_table()
    tested = table.tested(max_fpr)
    fitted = model.facts.get("recalibrated")
    own = model.facts.get(FACT) if isinstance(fitted, Mapping) else None
    if election is not None and isinstance(fitted, Mapping) and election not in fitted.get("elections", ()):
        own = None
    if own is not None and (level := conformal_level(own, max_fpr)) is not None:
        return Promise(max_fpr, level, "own", len(own), tested)
    if recipe_of(model) == table.recipe:
        return Promise(max_fpr, table.level(max_fpr), "table", 0, tested)
    return Promise(max_fpr, table.level(UNCERTIFIED * max_fpr), "none", 0, tested)


def conformal_level(levels: Sequence[float], max_fpr: float) -> float | None:
    """The level at which a further neutral post is accused with a probability of at most ``max_fpr``.

    ``levels`` are those at which each of n exchangeable neutral posts would just be accused. None where they are too
    few: with fewer than ``1 / max_fpr - 1`` even no accusation proves nothing.

    >>> conformal_level([0.3, 0.01, *[1.0] * 17], 0.05) < 0.01, conformal_level([1.0] * 18, 0.05)
    (True, None)
    """
    allowed = floor(max_fpr * (len(levels) + 1) + 1e-9)
    if allowed < 1:
        return None
    return min(1.0, sorted(levels)[allowed - 1] * (1.0 - 1e-6))  # a little below: that post itself is not accused


def limits_at(tails: Mapping[str, Floats], level: float) -> dict[str, float]:
    """For each accusing label the score that a post must exceed at a nominal level."""
    shares = {SUPPORT: level, OPPOSE: level * OPPOSE_SHARE}
    found = {}
    for label in ACCUSING:
        tail = tails[label]
        place = floor(shares[label] * len(tail) + 1e-9)
        found[label] = float(tail[place]) if place < len(tail) else 0.0
    return found


def limits_of(model: Model, max_fpr: float, election: str | None = None) -> dict[str, float]:
    """For each accusing label the score that a post must exceed for ``max_fpr`` to be kept."""
    return limits_at(model.tails, promise_of(model, max_fpr, election).level)


def levels_of(scores: Floats, tails: Mapping[str, Floats], telling: Bools | None = None) -> Floats:
    """The level at which each post would just be accused, shape (posts,); 2 where it never is.

    Posts whose best label is ``netral`` never are, nor those that are not ``telling`` (``features.says_something``). A
    post is accused at that level and every larger one.
    """
    best = scores.argmax(axis=1)
    found = np.full(len(scores), 2.0)
    for label, share in ((SUPPORT, 1.0), (OPPOSE, OPPOSE_SHARE)):
        at = LABELS.index(label)
        rising = tails[label][::-1]
        above = len(rising) - np.searchsorted(rising, scores[:, at], side="left")  # held-out scores at least as high
        found = np.where(best == at, above / len(rising) / share, found)
    return np.where(found > 1.0, 2.0, found) if telling is None else np.where((found > 1.0) | ~telling, 2.0, found)


def table_rows(labels: Sequence[str], best: Ints, levels: Floats, code: str) -> list[Row]:
    """The rows of one election: its labelled posts, their best labels and the levels at which they are accused."""
    truth = np.array(labels)
    rows = []
    for level in LEVELS:
        called = levels <= level * (1 + 1e-9)

        def count(label: str, called: np.ndarray = called, given: str = "") -> int:
            chosen = (truth == label) & called
            return int((chosen & (best == LABELS.index(given))).sum() if given else chosen.sum())

        neutral, dukung, tolak = (int((truth == label).sum()) for label in (NEUTRAL, SUPPORT, OPPOSE))
        accused, as_dukung = count(NEUTRAL), count(NEUTRAL, given=SUPPORT)
        found = dukung, count(SUPPORT, given=SUPPORT), tolak, count(OPPOSE, given=OPPOSE)
        rows.append(Row(code, level, neutral, accused, as_dukung, *found))
    return rows
