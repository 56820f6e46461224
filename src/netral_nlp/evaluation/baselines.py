"""What a model must beat: the most frequent label, a keyword rule, and a bag of words that knows no roles."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cache

import numpy as np

from netral_nlp.arrays import Bools, Floats, Ints
from netral_nlp.evaluation.figures import Guesses, guesses_of, indices
from netral_nlp.features.blocks import Block, Occurrence
from netral_nlp.features.reader import Reader, Reading, prepare
from netral_nlp.features.views import View
from netral_nlp.learning.corpus import Corpus
from netral_nlp.learning.duplicates import near_duplicates
from netral_nlp.model.calibration import calibrated_by_others, fit_calibration, softmax
from netral_nlp.records import LABELS, NEUTRAL, OPPOSE, SUPPORT
from netral_nlp.text.lexicon import cue_rows
from netral_nlp.text.stemming import Stemmer
from netral_nlp.text.words import analyse

MAJORITY, KEYWORDS, BAG_OF_WORDS = "majority", "keyword rule", "bag of words"
FOR, AGAINST = "support", "attack"  # classes of data/lexicon/cues.tsv
LONGEST_CUE = 4  # words


def baselines_by_fold(
    corpus: Corpus, views: Sequence[View], groups: Ints, stem: Stemmer, seed: int = 0
) -> list[Guesses]:
    """The three baselines on a corpus, each election judged by what the others teach."""
    from netral_nlp.learning.folds import held_out_logits, splits_of

    folds = [frozenset([name]) for name in sorted(set(corpus.elections))]
    plain = unmasked(corpus, views, stem)
    raw = held_out_logits(corpus, plain, blocks=BAG, seed=seed, folds=folds, groups=groups)
    scores = calibrated_by_others(raw, corpus.labels, corpus.elections)
    splits = list(splits_of(corpus.elections, folds, groups))
    return [majority(corpus.labels, splits), keyword_rule(views), _bag(scores)]


def baselines_from(
    source: Corpus, corpus: Corpus, views: Sequence[View], stem: Stemmer, seed: int = 0
) -> list[Guesses]:
    """The three baselines on ``corpus``, learned from ``source`` without its elections and near-duplicates.

    Empty when ``source`` has fewer than two other elections.
    """
    from threadpoolctl import threadpool_limits

    from netral_nlp.learning.folds import held_out_logits, splits_of

    asked = frozenset(corpus.elections)
    other = Corpus(tuple(e for e in source.examples if e.election not in asked))
    if len(set(other.elections)) < 2:
        return []
    both, n = other + corpus, len(other)
    plain = unmasked(both, [*prepare(other.cases, stem), *views], stem)
    groups = near_duplicates([e.case.text for e in both.examples])
    with threadpool_limits(1):  # more threads would change the last digits
        inner = held_out_logits(other, plain[:n], blocks=BAG, seed=seed, groups=groups[:n])
        raw = held_out_logits(both, plain, blocks=BAG, seed=seed, folds=[asked], groups=groups)
    calibration = fit_calibration(inner, np.array(other.labels))
    often = majority(both.labels, splits_of(both.elections, [asked], groups))
    return [
        Guesses(often.name, often.about, often.labels[n:], often.support[n:]),
        keyword_rule(views),
        _bag(softmax(calibration.apply(raw[n:]))),
    ]


def majority(labels: Sequence[str], splits: Iterator[tuple[Bools, Bools]] | Sequence[tuple[Bools, Bools]]) -> Guesses:
    """The most frequent label among the posts fitted on; it cannot tell posts apart, so its AUC is 0.5."""
    truth = indices(labels)
    guessed = np.zeros(len(truth), dtype=np.int64)
    for fit, test in splits:
        guessed[test] = np.bincount(truth[fit], minlength=len(LABELS)).argmax()
    return Guesses(MAJORITY, "the most frequent label of the posts learned from", guessed, np.zeros(len(truth)))


@cache
def cues() -> dict[tuple[str, ...], int]:
    """The shipped cues for (+1) and against (-1) a candidate, as words in standard spelling."""
    found: dict[tuple[str, ...], int] = {}
    for cue, kind in cue_rows():
        if kind in (FOR, AGAINST):
            found[tuple(w.form for w in analyse(cue))] = 1 if kind == FOR else -1
    return found


def balance(view: View) -> int:
    """Supporting minus attacking cues of a post, the longest cue at each place; 0 if it does not name the pair."""
    if not any(m.pair == view.pair for m in view.mentions):
        return 0
    forms, known = [w.form for w in view.words], cues()
    total = at = 0
    while at < len(forms):
        lengths = range(min(LONGEST_CUE, len(forms) - at), 0, -1)
        length = next((k for k in lengths if tuple(forms[at : at + k]) in known), 0)
        total += known[tuple(forms[at : at + length])] if length else 0
        at += max(length, 1)
    return total


def keyword_rule(views: Sequence[View]) -> Guesses:
    """Judged by the balance of cues alone; nothing is learned."""
    scores = np.array([balance(view) for view in views], dtype=np.float64)
    names = np.array([LABELS.index(label) for label in (OPPOSE, NEUTRAL, SUPPORT)], dtype=np.int64)
    about = "supporting against attacking cues of data/lexicon/cues.tsv, in posts that name the pair"
    return Guesses(KEYWORDS, about, names[np.sign(scores).astype(np.int64) + 1], scores)


def _forms(view: View) -> Iterator[Occurrence]:
    for at, token in enumerate(view.tokens):
        yield token.form, at, at + 1


BAG = (Block(BAG_OF_WORDS, _forms, 1.0, 2, True),)


def unmasked(corpus: Corpus, views: Sequence[View], stem: Stemmer) -> list[View]:
    """The views with every name as it is written, so that nothing says which pair is meant."""
    rosters = {e.case.roster.digest: e.case.roster for e in corpus.examples}
    readers = {digest: Reader(roster, stem) for digest, roster in rosters.items()}
    return [
        readers[e.case.roster.digest].view(Reading(v.words, ()), v.pair)
        for e, v in zip(corpus.examples, views, strict=True)
    ]


def _bag(scores: Floats) -> Guesses:
    return guesses_of(BAG_OF_WORDS, "the same classifier on the posts' words, without roles", scores)
