"""The posts of a chunk from every pair's point of view, as arrays: what all views share, and what each adds."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from netral_nlp.features.blocks import MOST_TOLD
from netral_nlp.features.views import OTHER, SOMEONE, THIS
from netral_nlp.roster.matcher import HOSTILE, SOMEBODY
from netral_nlp.scoring.engine.arrays import Damping, Flags, Floats, Ints, Repetitions, ragged
from netral_nlp.scoring.engine.encoding import Posts
from netral_nlp.scoring.engine.meanings import Meanings, Occurrences, Tokens
from netral_nlp.scoring.engine.mentions import Mentions
from netral_nlp.scoring.engine.pieces import PieceTable
from netral_nlp.scoring.engine.vocabulary import BLOCK_NAMES, KINDS, ROLES, Vocabulary
from netral_nlp.scoring.engine.words import CASED, TITLE, UPPER

BLOCKS = len(BLOCK_NAMES)
_THIS, _OTHER, _SOMEONE = (ROLES.index(role) for role in (THIS, OTHER, SOMEONE))
_AGAINST = len(ROLES) // 2  # added to a role for the tags of its opponents
_HOSTILE = KINDS.index(HOSTILE)
_NONE = np.zeros(0, dtype=np.intp)
_TOGETHER = 128  # posts whose character n-grams are compared together


@dataclass(frozen=True, slots=True)
class Repeated:
    """Character n-grams that stand in a post again: on which tokens, and what each adds to its share of the gain."""

    token: Ints
    feature: Ints
    share: Floats


@dataclass(frozen=True, slots=True)
class Views:
    """Which views there are: in order of post, named pairs in the order of their first mention, then the thread's."""

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
    mention = mention.take(first)
    named = np.flatnonzero(mention >= 0)
    form = table.row_form.values.take(posts.row.take(first))
    form[named] = 0
    last = first + 1
    last[named] = mentions.last[mention[named]]
    post = np.repeat(np.arange(len(lengths), dtype=np.intp), lengths).take(first)
    start = np.searchsorted(post, np.arange(len(lengths) + 1))
    counted = np.flatnonzero(table.lexicon.counted.values.take(form))
    return Tokens(post, form, first, last, mention, start, counted)


def views_of(about: Ints, mentions: Mentions, pairs: int) -> Views:
    """A view for each pair that a post names, and for the one that its thread is ``about`` (-1 for none)."""
    posts = len(about)
    sure = np.flatnonzero(mentions.pair != SOMEBODY)
    key = mentions.post[sure] * pairs + mentions.pair[sure]
    _, at = np.unique(key, return_index=True)
    at.sort()  # in the order of first mention
    post, pair = mentions.post[sure[at]], mentions.pair[sure[at]]
    asked = about >= 0
    asked[post[pair == about[post]]] = False
    post = np.concatenate([post, np.flatnonzero(asked)])
    pair = np.concatenate([pair, about[asked]])
    order = np.argsort(post, kind="stable")
    post = post[order]
    return Views(post, pair[order], np.searchsorted(post, np.arange(posts + 1)))


class Featurer:
    """Turns tokens into sums of features."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        self._vocabulary = vocabulary
        self.meanings = Meanings(vocabulary)
        self._repetitions = Repetitions()
        self._damping = Damping()

    def add(self, sums: Floats, found: Occurrences) -> Floats:
        """Features onto the sums of their rows (rows, blocks, 4): the squared norm, and the gain for each label.

        What comes out is each occurrence's part of its feature's value: features are counted damped.
        """
        vocabulary = self._vocabulary
        again, times, _ = self._repetitions.of(found.row, found.feature)
        share, square = self._damping.of(times)
        part = np.ones(len(found.row))
        part[again] = share
        power = np.ones(len(found.row))
        power[again] = square
        measure = vocabulary.measure.take(found.feature, axis=0)
        key = found.row * BLOCKS
        key += vocabulary.block.take(found.feature)
        cells = sums.reshape(-1, 4)
        for k in range(4):
            cells[:, k] += np.bincount(key, measure[:, k] * (part if k else power), len(cells))
        return part

    def shared(self, tokens: Tokens, table: PieceTable) -> Occurrences:
        """Features of words, pairs of words and cues in which no mention takes part: the same in all views."""
        vocabulary, at = self._vocabulary, tokens.counted
        form = tokens.form.take(at)
        post, part = tokens.post.take(at), table.lexicon.part.values.take(form)
        feature = table.lexicon.word.values.take(form)
        known = np.flatnonzero(feature >= 0)
        one = at.take(known)
        found = [Occurrences(post.take(known), feature.take(known), one, one + 1)]
        if vocabulary.most_cues:
            cues = table.lexicon.cues.values.take(form, axis=0).ravel()
            known = np.flatnonzero(cues >= 0)
            which = known // vocabulary.most_cues
            one = at.take(which)
            found.append(Occurrences(post.take(which), cues.take(known), one, one + 1))
        for step, trained in ((1, vocabulary.near), (2, vocabulary.far)):
            which, feature = trained.find(part[:-step] * (post[:-step] == post[step:]), part[step:])
            found.append(Occurrences(post.take(which), feature, at.take(which), at.take(which + step) + 1))
        return Occurrences.join([*found, *self.meanings.shared(tokens, table)])

    def characters(self, sums: Floats, tokens: Tokens, table: PieceTable) -> Repeated:
        """Character n-grams onto the sums of their posts (posts, 4)."""
        vocabulary, posts = self._vocabulary, len(tokens.start) - 1
        gain = table.lexicon.gain.values.take(tokens.form, axis=0)
        sums[:, 0] += np.bincount(tokens.post, table.lexicon.power.values.take(tokens.form), posts)
        for k in range(3):
            sums[:, 1 + k] += np.bincount(tokens.post, gain[:, k], posts)
        begin, length = table.lexicon.start.values.take(tokens.form), table.lexicon.length.values.take(tokens.form)
        grams, found = table.lexicon.grams.values, [(_NONE, _NONE, _NONE, _NONE > 0)]
        for begin_at in range(0, posts, _TOGETHER):
            a, b = tokens.start[begin_at], tokens.start[min(begin_at + _TOGETHER, posts)]
            owner, index = ragged(begin[a:b], length[a:b])
            gram = grams.take(index).astype(np.intp)
            where, times, last = self._repetitions.of(tokens.post[a:b].take(owner), gram)
            found.append((owner.take(where) + a, gram.take(where), times, last))
        token, gram, times, last = (np.concatenate(parts) for parts in zip(*found, strict=True))
        feature = gram + vocabulary.grams.start
        share, square = self._damping.of(times)
        share -= 1.0  # above, each counted as if it stood once
        once = np.flatnonzero(last)
        measure = vocabulary.measure.take(feature.take(once), axis=0)
        post, often = tokens.post.take(token.take(once)), times.take(once)
        power, part = (square - 1.0).take(once) * often, share.take(once) * often
        for k in range(4):
            sums[:, k] += np.bincount(post, measure[:, k] * (part if k else power), posts)
        return Repeated(token, feature, share)

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
        found += self._facts(tokens, mentions, views, table, flags, (view, role, token))
        which = role % _AGAINST
        own, rivals = np.flatnonzero(which == _THIS), np.flatnonzero(which == _OTHER)
        found += self.meanings.near(view[own], token[own], view[rivals], token[rivals], tokens, table)
        return Occurrences.join(found)

    def _role_pairs(self, tokens: Tokens, mentions: Mentions, views: Views, table: PieceTable) -> list[Occurrences]:
        """Pairs of neighbours, and of words with one between, of which one or both are mentions."""
        vocabulary, at = self._vocabulary, tokens.counted
        post, mention = tokens.post.take(at), tokens.mention.take(at)
        part = table.lexicon.part.values.take(tokens.form.take(at))
        found = []
        for step, trained in ((1, vocabulary.near), (2, vocabulary.far)):
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
        self, tokens: Tokens, mentions: Mentions, views: Views, table: PieceTable, flags: Ints,
        named: tuple[Ints, Ints, Ints],
    ) -> list[Occurrences]:  # fmt: skip
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
        posts = len(tokens.start) - 1
        told = np.bincount(tokens.post, table.lexicon.known.values.take(tokens.form), posts).astype(np.intp)
        whole = [vocabulary.who_fact[2 * this + other], vocabulary.known_fact[np.minimum(told, MOST_TOLD)][views.post]]
        known = np.flatnonzero(flags & CASED)
        own, shapes = tokens.post.take(known), flags.take(known)
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
