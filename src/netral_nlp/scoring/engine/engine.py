"""Scoring many posts at once, exactly as ``scoring.Scorer`` scores one."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from netral_nlp.errors import UsageError
from netral_nlp.features.blocks import TELLING
from netral_nlp.model.calibration import ACCUSING, softmax
from netral_nlp.model.evidence import headed
from netral_nlp.model.model import SHORTEST, Model
from netral_nlp.model.promise import limits_of
from netral_nlp.records import LABELS, NEUTRAL, UNSURE
from netral_nlp.roster import Roster
from netral_nlp.roster.matcher import Matcher
from netral_nlp.scoring.engine.arrays import Floats, Ints
from netral_nlp.scoring.engine.encoding import Posts, encode
from netral_nlp.scoring.engine.evidence import Reasons, Weighed
from netral_nlp.scoring.engine.meanings import Tokens
from netral_nlp.scoring.engine.mentions import MentionFinder, Mentions
from netral_nlp.scoring.engine.pieces import LIMIT, PieceTable
from netral_nlp.scoring.engine.reading import read_posts
from netral_nlp.scoring.engine.screening import Screening
from netral_nlp.scoring.engine.views import BLOCKS, Featurer, Views, tokens_of, views_of
from netral_nlp.scoring.engine.vocabulary import BLOCK_NAMES, CHARACTERS, KINDS, Vocabulary
from netral_nlp.scoring.judgements import Judgements
from netral_nlp.scoring.reading import Listener
from netral_nlp.scoring.scorer import MAX_FPR
from netral_nlp.scoring.unrecognised import Unrecognised
from netral_nlp.text.stemming import recent_stemmer

POSTS = 4_000  # scored together
CHARACTERS_TOGETHER = 1 << 21

_TELLING = [KINDS.index(kind) for kind in KINDS if kind in TELLING]
_AT_CHARACTERS = BLOCK_NAMES.index(CHARACTERS)


class Engine:
    """Scores posts toward the pairs of one roster, many at a time; equal to ``Scorer`` on every post.

    ``max_fpr`` is as for ``Scorer``. The table of distinct pieces lives as long as the engine; which posts went
    before never changes a score. Not to be shared by threads.
    """

    def __init__(self, model: Model, roster: Roster, max_fpr: float = MAX_FPR, *, remembered: int = LIMIT) -> None:
        self.roster = roster
        limits = limits_of(model, max_fpr, roster.election.id)
        self._limits = np.array([limits[label] if label in ACCUSING else 0.5 for label in LABELS])
        self._vocabulary = Vocabulary(model)
        matcher = Matcher(roster)
        self._featurer = Featurer(self._vocabulary)
        stem = recent_stemmer(model.stem)
        self._table = PieceTable(self._vocabulary, stem, Screening(matcher), remembered, matcher.known)
        self._finder = MentionFinder(matcher, self._table)
        self._reasons = Reasons(self._vocabulary, self._table)
        self._unrecognised = Unrecognised(matcher)
        self.index = {pair.id: i for i, pair in enumerate(roster.pairs)}

    def score(
        self, texts: Sequence[str], abouts: Sequence[str | None] | None = None, *, per_pair: bool = False,
        listen: Listener | None = None,
    ) -> Judgements:  # fmt: skip
        """One judgement a post as ``Scorer.score`` gives it, or with ``per_pair`` those of ``Scorer.score_each``.

        ``abouts`` are the pairs that the posts' threads are about. ``listen`` is told of the posts as they were read,
        some thousand at a time. Raises UsageError for a pair that the roster does not have.
        """
        given = abouts if abouts is not None else [None] * len(texts)
        parts = [self._score(texts[a:b], given[a:b], a, per_pair, listen) for a, b in _cuts(texts)]
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

    def _score(
        self, texts: Sequence[str], abouts: Sequence[str | None], first: int, per_pair: bool, listen: Listener | None
    ) -> Judgements:
        self._table.forget()
        posts = encode(texts, self._table)
        mentions = self._finder.find(posts)
        if listen is not None:
            listen(read_posts(posts, mentions, self._table, first))
        about = np.array([self._pair_index(a) if a else -1 for a in abouts], dtype=np.intp)
        chosen = about >= 0
        chosen[mentions.post[mentions.pair >= 0]] = True
        views = views_of(about, mentions, len(self.roster.pairs))
        tokens = tokens_of(posts, mentions, self._table, chosen)
        weighed = self._weigh(posts, tokens, mentions, views)
        scores = softmax(weighed.log_odds(self._vocabulary.intercept))
        judged = _judged(views, scores, about, per_pair)
        support = self._support(views, scores)
        best = np.argmax(scores[judged], axis=1)
        sure = scores[judged, best] > self._limits[best]
        told = np.bincount(tokens.post, self._table.lexicon.known.values.take(tokens.form), len(texts)) > 0
        told[mentions.post[np.isin(mentions.kind, _TELLING)]] = True
        sure &= told[views.post[judged]] | (best == LABELS.index(NEUTRAL))
        words = self._reasons.of(weighed, judged, best)
        for i in np.flatnonzero(~sure).tolist():
            words[i] = headed(words[i], int(best[i]))
        return self._fill(
            texts, first, views.post[judged], views.pair[judged], best, sure, scores[judged], support, words
        )

    def _pair_index(self, pair: str) -> int:
        if pair not in self.index:
            known = ", ".join(f'"{name}"' for name in self.index)
            raise UsageError(f'The roster "{self.roster.election.id}" has no pair "{pair}"; it has {known}.')
        return self.index[pair]

    def _weigh(self, posts: Posts, tokens: Tokens, mentions: Mentions, views: Views) -> Weighed:
        """All features of all views with their weights, and the norms."""
        featurer, table = self._featurer, self._table
        together = np.zeros((len(posts.texts), BLOCKS, 1 + len(LABELS)))
        repeated = featurer.characters(together[:, _AT_CHARACTERS], tokens, table)
        shared = featurer.shared(tokens, table)
        shared_part = featurer.add(together, shared)
        featurer.meanings.lengths(together, shared, shared_part)
        flags = table.row_flags.values.take(posts.row.take(tokens.first))
        flags[tokens.mention >= 0] = 0
        own = featurer.of_views(tokens, mentions, views, table, flags)
        sums = together.take(views.post, axis=0)
        own_part = featurer.add(sums, own)
        featurer.meanings.lengths(sums, own, own_part)
        norm = np.sqrt(sums[:, :, 0])
        scale = np.divide(self._vocabulary.weight, norm, out=np.zeros_like(norm), where=norm > SHORTEST)
        return Weighed(posts, tokens, mentions, views, sums[:, :, 1:], scale,
                       repeated, shared, shared_part, own, own_part)  # fmt: skip

    def _support(self, views: Views, scores: Floats) -> Floats:
        """The probability of dukung toward each pair that a post speaks of; zeros for the others."""
        support = np.zeros((len(views.start) - 1, len(self.roster.pairs)))
        support[views.post, views.pair] = scores[:, 0]
        return support

    def _fill(
        self, texts: Sequence[str], first: int, post: Ints, pair: Ints, best: Ints, sure: Ints, scores: Floats,
        support: Floats, words: list[str],
    ) -> Judgements:  # fmt: skip
        """The judgements together with those of the posts that speak of no pair."""
        silent = np.ones(len(texts), dtype=np.bool_)
        silent[post] = False
        without = np.flatnonzero(silent)
        order = np.argsort(np.concatenate([post, without]), kind="stable")
        ids, labels = [*self.roster.ids, ""], [*LABELS, UNSURE]
        named = np.concatenate([pair, np.full(len(without), len(ids) - 1)])[order].tolist()
        said = [self._unrecognised.judge(texts[at]) for at in without.tolist()]
        unnamed = np.fromiter((labels.index(label) for label, _ in said), dtype=np.intp, count=len(said))
        label = np.concatenate([np.where(sure, best, len(LABELS)), unnamed])[order]
        post = np.concatenate([post, without])[order]
        words = [*words, *(note for _, note in said)]
        return Judgements(
            (post + first).tolist(),
            [ids[i] for i in named],
            [labels[i] for i in label.tolist()],
            np.concatenate([scores, np.full((len(without), len(LABELS)), np.nan)])[order],
            support[post],
            [words[i] for i in order.tolist()],
        )


def _judged(views: Views, scores: Floats, about: Ints, per_pair: bool) -> Ints:
    """The views that become judgements: of each post that of its thread's pair, else the clearest; or all."""
    if per_pair:
        return np.arange(len(views.post))
    clarity = np.round(1.0 - scores[:, 1], 9)
    clarity[views.pair == about[views.post]] = np.inf
    ranked = np.lexsort((-clarity, views.post))  # stable: among equals the pair named first
    lead = np.ones(len(ranked), dtype=np.bool_)
    lead[1:] = views.post[1:] != views.post[:-1]  # the views stand by post, before and after
    return ranked[lead]


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
