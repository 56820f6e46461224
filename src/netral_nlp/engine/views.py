"""The posts of a chunk from every pair's point of view, as arrays: what all views share, and what each adds."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from netral_nlp.engine.arrays import Damping, Flags, Floats, Grid, Ints, Repetitions, ragged
from netral_nlp.engine.distinct import CASED, TITLE, UPPER
from netral_nlp.engine.posts import Mentions, Posts
from netral_nlp.engine.table import PieceTable
from netral_nlp.engine.vocabulary import BLOCK_NAMES, KINDS, ROLES, Vocabulary
from netral_nlp.features.views import OTHER, SOMEONE, THIS
from netral_nlp.roster.mentions import HOSTILE, SOMEBODY

BLOCKS = len(BLOCK_NAMES)
_THIS, _OTHER, _SOMEONE = (ROLES.index(role) for role in (THIS, OTHER, SOMEONE))
_AGAINST = len(ROLES) // 2  # added to a role for the tags of its opponents
_HOSTILE = KINDS.index(HOSTILE)
REST = -2  # the pair of a view that stands for all pairs that the post does not name


@dataclass(frozen=True, slots=True)
class Tokens:
    """The tokens of some posts: words, and mentions as one token each."""

    post: Ints
    form: Ints
    first: Ints  # words of the chunk
    last: Ints
    mention: Ints  # index into the mentions, -1 for a word
    start: Ints  # where each post's tokens begin; one more at the end
    counted: Ints  # the tokens that the model counts


@dataclass(slots=True)
class Occurrences:
    """Features on tokens ``first:last``; ``row`` is the post or view that they belong to."""

    row: Ints
    feature: Ints
    first: Ints
    last: Ints

    @staticmethod
    def join(parts: list[Occurrences]) -> Occurrences:
        return Occurrences(
            np.concatenate([p.row for p in parts]),
            np.concatenate([p.feature for p in parts]),
            np.concatenate([p.first for p in parts]),
            np.concatenate([p.last for p in parts]),
        )


@dataclass(frozen=True, slots=True)
class Sums:
    """What features add up to: ``power`` (rows, blocks) to squared norms, ``gain`` (rows, blocks, 3) to log-odds."""

    power: Floats
    gain: Floats


@dataclass(frozen=True, slots=True)
class Views:
    """Which views there are: in order of post, named pairs in the order of their first mention, then the rest."""

    post: Ints
    pair: Ints
    start: Ints  # where each post's views begin; one more at the end


def tokens_of(posts: Posts, mentions: Mentions, table: PieceTable, chosen: Flags) -> Tokens:
    """The tokens of the chosen posts."""
    lengths = np.diff(posts.start)
    edge = np.zeros(len(posts.row) + 1, dtype=np.int32)
    edge[mentions.first] += 1
    edge[mentions.last] -= 1
    inside = np.cumsum(edge[:-1]) > 0
    mention = np.full(len(posts.row), -1, dtype=np.intp)
    mention[mentions.first] = np.arange(len(mentions.first))
    stays = (~inside | (mention >= 0)) & np.repeat(chosen, lengths)
    first = np.flatnonzero(stays)
    mention = mention[first]
    named = np.flatnonzero(mention >= 0)
    form = table.row_form.values[posts.row[first]]
    form[named] = 0
    last = first + 1
    last[named] = mentions.last[mention[named]]
    post = np.repeat(np.arange(len(lengths), dtype=np.intp), lengths)[first]
    start = np.searchsorted(post, np.arange(len(lengths) + 1))
    counted = np.flatnonzero(table.lexicon.counted.values[form])
    return Tokens(post, form, first, last, mention, start, counted)


def views_of(posts: int, mentions: Mentions, chosen: Flags, pairs: int) -> Views:
    """A view for each pair that a chosen post names, and one for all others."""
    sure = np.flatnonzero(mentions.pair != SOMEBODY)
    key = mentions.post[sure] * pairs + mentions.pair[sure]
    _, at = np.unique(key, return_index=True)
    at.sort()  # in the order of first mention
    post, pair = mentions.post[sure[at]], mentions.pair[sure[at]]
    named = np.bincount(post, minlength=posts)
    rest = np.flatnonzero(chosen & (named < pairs))
    post = np.concatenate([post, rest])
    pair = np.concatenate([pair, np.full(len(rest), REST)])
    order = np.argsort(post, kind="stable")
    post = post[order]
    return Views(post, pair[order], np.searchsorted(post, np.arange(posts + 1)))


class Featurer:
    """Turns tokens into sums of features."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        self._vocabulary = vocabulary
        self._repetitions = Repetitions()
        self._damping = Damping()
        self._grid = Grid(len(vocabulary.grams))

    def weigh(self, found: Occurrences) -> tuple[Floats, Floats]:
        """For each occurrence its share of the feature's squared value and of its gain (n, 3), before the norm."""
        vocabulary = self._vocabulary
        counts = self._repetitions.of(found.row * len(vocabulary.power) + found.feature)
        share, square = self._damping.of(counts)
        return square * vocabulary.power[found.feature], share[:, None] * vocabulary.gain[found.feature]

    def add(self, sums: Sums, found: Occurrences, power: Floats, gain: Floats) -> None:
        """Weighed occurrences onto the sums of their rows."""
        key = found.row * BLOCKS + self._vocabulary.block[found.feature]
        cells = sums.power.size
        sums.power[:] += np.bincount(key, power, cells).reshape(-1, BLOCKS)
        for k in range(3):
            sums.gain[:, :, k] += np.bincount(key, gain[:, k], cells).reshape(-1, BLOCKS)

    def shared(self, tokens: Tokens, table: PieceTable) -> Occurrences:
        """Features of words, pairs of words and cues in which no mention takes part: the same in all views."""
        vocabulary, at = self._vocabulary, tokens.counted
        form = tokens.form[at]
        post, part = tokens.post[at], table.lexicon.part.values[form]
        feature = table.lexicon.word.values[form]
        known = np.flatnonzero(feature >= 0)
        found = [Occurrences(post[known], feature[known], at[known], at[known] + 1)]
        cues = table.lexicon.cues.values[form]
        for k in range(vocabulary.most_cues):
            known = np.flatnonzero(cues[:, k] >= 0)
            found.append(Occurrences(post[known], cues[known, k], at[known], at[known] + 1))
        for step, pairs in ((1, vocabulary.adjacent), (2, vocabulary.skipping)):
            for trained in (pairs, *vocabulary.cue_pairs) if step == 1 else (pairs,):
                which, feature = trained.find(np.where(post[:-step] == post[step:], part[:-step], 0), part[step:])
                found.append(Occurrences(post[which], feature, at[which], at[which + step] + 1))
        return Occurrences.join(found)

    def characters(self, tokens: Tokens, table: PieceTable) -> tuple[Floats, Floats]:
        """For each token what its character n-grams add to the squared norm, and to the gain (tokens, 3)."""
        vocabulary = self._vocabulary
        power, gain = table.lexicon.power.values[tokens.form], table.lexicon.gain.values[tokens.form]
        begin, length = table.lexicon.start.values[tokens.form], table.lexicon.length.values[tokens.form]
        grams, width, first = table.lexicon.grams.values, len(vocabulary.grams), vocabulary.grams.start
        step = min(self._grid.rows, 128)
        for post in range(0, len(tokens.start) - 1, step):
            a, b = tokens.start[post], tokens.start[min(post + step, len(tokens.start) - 1)]
            if a == b:
                continue
            owner, index = ragged(begin[a:b], length[a:b])
            gram = grams[index].astype(np.intp)
            counts = self._grid.of(((tokens.post[a:b] - post) * width)[owner] + gram)
            again = np.flatnonzero(counts > 1)  # the table holds the sums for grams that stand once
            share, square = self._damping.of(counts[again])
            who, what = owner[again], gram[again] + first
            power[a:b] += np.bincount(who, (square - 1.0) * vocabulary.power[what], b - a)
            for k in range(3):
                gain[a:b, k] += np.bincount(who, (share - 1.0) * vocabulary.gain[what, k], b - a)
        return power, gain

    def of_views(self, tokens: Tokens, mentions: Mentions, views: Views, table: PieceTable, flags: Ints) -> Occurrences:
        """Features of each view alone: those of the mentions' roles, and the facts."""
        vocabulary = self._vocabulary
        named = np.flatnonzero(tokens.mention >= 0)
        view, role, index = _roles(tokens, mentions, views, named)
        token = named[index]
        found = []
        for table_of_role in (vocabulary.role_word, vocabulary.role_gram):
            feature = table_of_role[role]
            known = np.flatnonzero(feature >= 0)
            found.append(Occurrences(view[known], feature[known], token[known], token[known] + 1))
        found += self._role_pairs(tokens, mentions, views, table)
        found += self._facts(tokens, mentions, views, flags, (view, role, token))
        return Occurrences.join(found)

    def _role_pairs(self, tokens: Tokens, mentions: Mentions, views: Views, table: PieceTable) -> list[Occurrences]:
        """Pairs of neighbours, and of words with one between, of which one or both are mentions."""
        vocabulary, at = self._vocabulary, tokens.counted
        post, mention = tokens.post[at], tokens.mention[at]
        part = table.lexicon.part.values[tokens.form[at]]
        found = []
        for step, trained in ((1, vocabulary.adjacent), (2, vocabulary.skipping)):
            touching = (mention[:-step] >= 0) | (mention[step:] >= 0)
            left = np.flatnonzero(touching & (post[:-step] == post[step:]))
            owner, view = ragged(views.start[post[left]], np.diff(views.start)[post[left]])
            left = left[owner]
            parts = []
            for side in (left, left + step):
                own = part[side]
                named = np.flatnonzero(mention[side] >= 0)
                own[named] = vocabulary.role_part[_role(mentions, mention[side[named]], views.pair[view[named]])]
                parts.append(own)
            which, feature = trained.find(*parts)
            found.append(Occurrences(view[which], feature, at[left[which]], at[left[which] + step] + 1))
        return found

    def _facts(
        self, tokens: Tokens, mentions: Mentions, views: Views, flags: Ints, named: tuple[Ints, Ints, Ints]
    ) -> list[Occurrences]:
        vocabulary = self._vocabulary
        view, role, token = named
        feature = vocabulary.role_fact[role, mentions.kind[tokens.mention[token]]]
        _, first = np.unique(view * len(ROLES) * len(KINDS) + role * len(KINDS)
                             + mentions.kind[tokens.mention[token]], return_index=True)  # fmt: skip
        first = first[feature[first] >= 0]
        found = [Occurrences(view[first], feature[first], token[first], token[first] + 1)]
        which = role % _AGAINST
        this = np.bincount(view[which == _THIS], minlength=len(views.post)) > 0
        other = np.bincount(view[which == _OTHER], minlength=len(views.post)) > 0
        whole = [vocabulary.who_fact[2 * this + other]]
        posts = len(tokens.start) - 1
        own = tokens.post[flags & CASED != 0]
        shapes = flags[flags & CASED != 0]
        cased = np.bincount(own, minlength=posts)
        titled = np.bincount(own, shapes & (TITLE | UPPER) != 0, posts).astype(np.intp)
        upper = np.bincount(own, shapes & UPPER != 0, posts).astype(np.intp)
        enough = np.maximum(cased, 1)
        for fact, share in ((vocabulary.capital_fact, titled * 5), (vocabulary.upper_fact, upper * 4)):
            whole.append(np.where(cased >= 5, fact[np.where(cased >= 5, share // enough, 0)], -1)[views.post])
        for feature in whole:
            known = np.flatnonzero(feature >= 0)
            post = views.post[known]
            found.append(Occurrences(known, feature[known], tokens.start[post], tokens.start[post + 1]))
        return found


def _role(mentions: Mentions, mention: Ints, pair: Ints) -> Ints:
    """The role, as an index into ROLES, that a mention has in the view of a pair."""
    named = mentions.pair[mention]
    role = np.where(named == SOMEBODY, _SOMEONE, np.where(named == pair, _THIS, _OTHER))
    return np.asarray(role + _AGAINST * (mentions.kind[mention] == _HOSTILE), dtype=np.intp)


def _roles(tokens: Tokens, mentions: Mentions, views: Views, named: Ints) -> tuple[Ints, Ints, Ints]:
    """Every mention in every view of its post: the view, the role, and which of the given tokens it is."""
    post = tokens.post[named]
    owner, view = ragged(views.start[post], np.diff(views.start)[post])
    return view, _role(mentions, tokens.mention[named[owner]], views.pair[view]), owner
