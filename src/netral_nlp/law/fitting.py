"""Learning the act model from labelled posts: scores for acts and exceptions, and tails that thresholds come from."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from netral_nlp.arrays import Floats
from netral_nlp.errors import InputError
from netral_nlp.features.reader import Reader
from netral_nlp.law.acts import ActReader, ActReading
from netral_nlp.law.cues import cue_digest
from netral_nlp.law.metadata import OTHER
from netral_nlp.law.posts import ActPost
from netral_nlp.law.rules import Rules
from netral_nlp.law.signals import ACT_BLOCKS, Stance
from netral_nlp.learning.one_vs_rest import UNKNOWN, Answers, Bags, fit_one_vs_rest
from netral_nlp.model.acts import ANY, ActModel
from netral_nlp.model.model import Model

STRENGTH = 10.0
FEWEST = 8  # posts with an act or an exception below which no score of it is learned
ENOUGH = 400  # posts that must remain where a writer is left out
PARTS = 6  # of the elections
WITHOUT_SCORE = ("BUKAN_ASN",)  # told by the kind of account alone
Say = Callable[[str], None]


@dataclass(frozen=True)
class ActTable:
    """Read posts with their features and answers: ``answers`` has a column for each of ``outputs``."""

    posts: tuple[ActPost, ...]
    readings: tuple[ActReading, ...]
    bags: tuple[Bags, ...]
    outputs: tuple[str, ...]
    acts: tuple[str, ...]
    answers: Answers

    def of(self, rows: Sequence[int]) -> tuple[list[Bags], Answers]:
        """Features and answers of some posts."""
        at = np.array(rows, dtype=np.intp)
        return [bag.of(at) for bag in self.bags], self.answers[at]


def stance_of(text: str, reader: Reader, model: Model) -> Stance | None:
    """How a post stands toward the pair that it speaks of most clearly, as scoring tells; None where it names none."""
    reading = reader.read(text)
    if not reading.pairs:
        return None
    scores = model.probabilities([reader.view(reading, pair) for pair in reading.pairs])
    clearest = max(range(len(scores)), key=lambda i: (round(1.0 - float(scores[i][1]), 9), -i))
    a, b, c = (float(x) for x in scores[clearest])
    return Stance(a, b, c)


def read_all(posts: Sequence[ActPost], model: Model, rules: Rules) -> list[ActReading]:
    """All posts as the act model reads them, in their order."""
    readers: dict[str, ActReader] = {}
    found: list[ActReading] = []
    for post in posts:
        reader = readers.get(post.roster.digest)
        if reader is None:
            reader = readers[post.roster.digest] = ActReader(rules, post.roster, model.stem)
        found.append(reader.read(post.text, post.action, stance_of(post.text, reader.reader, model)))
    return found


def act_table(posts: Sequence[ActPost], model: Model, rules: Rules) -> ActTable:
    """What is learned from: all posts but those of accounts that are no civil servant's, which tell no act."""
    usable = tuple(post for post in posts if post.account != OTHER)
    readings = tuple(read_all(usable, model, rules))
    counted = [reading.bags for reading in readings]
    bags = tuple(
        Bags(block.name, block.weight, block.min_df, [bag[i] for bag in counted]) for i, block in enumerate(ACT_BLOCKS)
    )
    acts = tuple(act for act in rules.acts if sum(act in post.acts for post in usable) >= FEWEST)
    learnable = (code for code in rules.exceptions if code not in WITHOUT_SCORE)
    exceptions = tuple(code for code in learnable if sum(code in post.exceptions for post in usable) >= FEWEST)
    outputs = (*acts, ANY, *exceptions)
    answers = np.array([[_answer(post, output, acts) for output in outputs] for post in usable], dtype=np.int8)
    return ActTable(usable, readings, bags, outputs, acts, answers)


def _answer(post: ActPost, output: str, acts: Sequence[str]) -> int:
    if output == ANY:
        return 1 if post.acts else UNKNOWN if post.tolerated else 0
    if output in acts:
        return 1 if output in post.acts else UNKNOWN if output in post.tolerated else 0
    return 1 if output in post.exceptions else 0


def train_acts(
    posts: Sequence[ActPost], model: Model, rules: Rules, *, seed: int = 0, say: Say = lambda message: None
) -> ActModel:
    """The act model that belongs to a stance model. The same posts, model and tables give the same numbers.

    Raises InputError where the posts show too few acts, or come from a single writer.
    """
    table = act_table(posts, model, rules)
    say(f"Reading {len(table.posts):,} posts for {len(table.acts)} acts")
    return train_on(table, range(len(table.posts)), rules, seed=seed)


def train_on(table: ActTable, rows: Sequence[int], rules: Rules, *, seed: int = 0) -> ActModel:
    """The act model learned from some of the posts, with tails from fits that left the post out (see `_folds`)."""
    writers = sorted({table.posts[row].writer for row in rows})
    if len(table.acts) < 2 or len(writers) < 2:
        raise InputError(f"Acts are learned from posts of 2 writers and 2 acts at least ({FEWEST} posts of each).")
    held_out: dict[int, Floats] = {}
    for here in _folds(table, rows):
        part = fit_acts(table, sorted(set(rows) - here), rules, seed=seed)
        held_out.update({row: part.scores([bag.posts[row] for bag in table.bags]) for row in here})
    whole = fit_acts(table, list(rows), rules, seed=seed)
    clean = [row for row in rows if not table.posts[row].acts and not table.posts[row].tolerated]
    facts: dict[str, Any] = {
        "posts": len(rows), "writers": writers, "clean": len(clean), "law_sha256": rules.digest, "seed": seed,
        "by_act": {act: int((table.answers[list(rows), i] == 1).sum()) for i, act in enumerate(table.acts)},
    }  # fmt: skip
    tails = tails_of_clean(whole, np.array([held_out[row] for row in clean]))
    return ActModel(whole.outputs, whole.weights, whole.intercept, tails, whole.cues, facts)


def _folds(table: ActTable, rows: Sequence[int]) -> Iterator[set[int]]:
    """The posts that are left out of a fit together: those of one writer.

    Where too few of others would remain, those of a sixth of the elections by that writer.
    """
    elections = {name: i % PARTS for i, name in enumerate(sorted({post.election for post in table.posts}))}
    for writer in sorted({table.posts[row].writer for row in rows}):
        theirs = [row for row in rows if table.posts[row].writer == writer]
        if len(rows) - len(theirs) >= ENOUGH:
            yield set(theirs)
            continue
        for part in range(PARTS):
            here = {row for row in theirs if elections[table.posts[row].election] == part}
            if here:
                yield here


def tails_of_clean(acts: ActModel, scores: Floats) -> dict[str, Floats]:
    """For each act the combined scores of clean posts, largest first; ``scores`` has shape (posts, outputs)."""
    combined = [acts.combined(row) for row in scores]
    return {act: np.round(np.sort([one[act] for one in combined])[::-1], 6) for act in acts.acts}


def fit_acts(table: ActTable, rows: Sequence[int], rules: Rules, *, seed: int = 0) -> ActModel:
    """The scores learned from some of the posts; its tails are empty."""
    bags, answers = table.of(rows)
    weights, intercept = fit_one_vs_rest(bags, answers, strength=STRENGTH, seed=seed)
    tails = {act: np.zeros(0) for act in table.acts}
    return ActModel(table.outputs, weights, intercept, tails, cue_digest(rules))
