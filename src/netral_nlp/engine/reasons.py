"""The words that decided, for many judgements at once: ``scoring.describe`` as arrays."""

from __future__ import annotations

from dataclasses import dataclass
from operator import add

import numpy as np

from netral_nlp.engine.arrays import Floats, Ints, Repetitions, ragged, starts_of
from netral_nlp.engine.posts import Mentions, Posts
from netral_nlp.engine.table import AS_WRITTEN, PieceTable
from netral_nlp.engine.views import Occurrences, Sums, Tokens, Views
from netral_nlp.engine.vocabulary import BLOCK_NAMES, CHARACTERS
from netral_nlp.scoring import DIGITS, FAINT, LONGEST_EVIDENCE, SHOWN

_CHARACTERS = BLOCK_NAMES.index(CHARACTERS)
_TENTHS = {tenth: f" {tenth / 10:+.1f}" for tenth in range(-999, 1000)}


@dataclass(frozen=True, slots=True)
class Weighed:
    """Everything about the views of a chunk that a judgement and its reasons need.

    ``scale`` (views, blocks) is what every gain of a view's block is multiplied with: the block's weight through the
    norm. Gains come from three sides: of ``shared`` occurrences and of ``characters`` (tokens, 3), which belong to all
    views of a post, and of ``own`` occurrences of single views.
    """

    posts: Posts
    tokens: Tokens
    mentions: Mentions
    views: Views
    sums: Sums
    scale: Floats
    block: Ints  # of each feature
    shared: Occurrences
    shared_gain: Floats
    characters: Floats
    own: Occurrences
    own_gain: Floats

    def log_odds(self, intercept: Floats) -> Floats:
        """The three log-odds of each view."""
        total = np.tile(intercept, (len(self.scale), 1))
        for block in range(self.scale.shape[1]):
            total += self.scale[:, block, None] * self.sums.gain[:, block]
        return total


def _push(gain: Floats, label: Ints) -> Floats:
    """``scoring.push`` for rows of gains."""
    return np.asarray(1.5 * gain[np.arange(len(gain)), label] - 0.5 * (gain[:, 0] + gain[:, 1] + gain[:, 2]))


def reasons(weighed: Weighed, judged: Ints, label: Ints, table: PieceTable) -> list[str]:
    """The evidence of the judged views for or against their labels, one cell each."""
    tokens, views = weighed.tokens, weighed.views
    post = views.post[judged]
    count = np.diff(tokens.start)
    begin = starts_of(count[post])  # where each judgement's tokens begin
    owner, token = ragged(tokens.start[post], count[post])
    push = weighed.scale[judged[owner], _CHARACTERS] * _push(weighed.characters[token], label[owner])
    whole = np.zeros(len(judged))
    judgements = starts_of(np.bincount(post, minlength=len(count)))  # of each post; they lie side by side
    which, occurrence = ragged(judgements[weighed.shared.row], np.diff(judgements)[weighed.shared.row])
    _spread(weighed, weighed.shared, weighed.shared_gain, which, occurrence, judged, label, begin, push, whole)
    of_view = np.full(len(views.post), -1, dtype=np.intp)
    of_view[judged] = np.arange(len(judged))
    own = np.flatnonzero(of_view[weighed.own.row] >= 0)
    which = of_view[weighed.own.row[own]]
    _spread(weighed, weighed.own, weighed.own_gain, own, which, judged, label, begin, push, whole)
    return _cells(weighed, post, owner, token, push, whole, table)


def _spread(
    weighed: Weighed, found: Occurrences, gain: Floats, occurrence: Ints, judgement: Ints, judged: Ints, label: Ints,
    begin: Ints, push: Floats, whole: Floats,
) -> None:  # fmt: skip
    """Each occurrence's share onto its tokens in equal parts; onto the post if it stands on all of more than two."""
    tokens = weighed.tokens
    view = judged[judgement]
    share = weighed.scale[view, weighed.block[found.feature[occurrence]]] * _push(gain[occurrence], label[judgement])
    first, length = found.first[occurrence], (found.last - found.first)[occurrence]
    post = weighed.views.post[view]
    all_of_it = ((tokens.start[post + 1] - tokens.start[post] == length) & (length > 2)) | (length == 0)
    everything, some = np.flatnonzero(all_of_it), np.flatnonzero(~all_of_it)
    whole += np.bincount(judgement[everything], share[everything], len(whole))
    length = length[some]
    owner, at = ragged((begin[judgement] + first - tokens.start[post])[some], length)
    push += np.bincount(at, (share[some] / length)[owner], len(push))


def _cells(
    weighed: Weighed, post: Ints, owner: Ints, token: Ints, push: Floats, whole: Floats, table: PieceTable
) -> list[str]:
    """The strongest spellings of each judgement, equal ones added up."""
    names = _Names(table)
    shown = table.row_shown.values[weighed.posts.row[weighed.tokens.first[token]]]
    first, last = weighed.tokens.first[token], weighed.tokens.last[token]
    several = np.flatnonzero((last - first > 1) | (shown == AS_WRITTEN))
    written = weighed.posts.written(table, first[several], last[several])
    shown[several] = list(map(names.number, written))
    told = np.full(len(post), -1, dtype=np.intp)
    for judgement in np.flatnonzero((whole != 0.0) & (weighed.posts.size[post] <= LONGEST_EVIDENCE)).tolist():
        told[judgement] = names.number(" ".join(weighed.posts.texts[post[judgement]].split()))
    everything = np.flatnonzero(told >= 0)
    owner = np.concatenate([owner, everything])
    shown = np.concatenate([shown, told[everything]])
    push = np.concatenate([push, whole[everything]])
    visible = np.flatnonzero(shown >= 0)
    return names.cells(len(post), owner[visible], shown[visible], push[visible])


class _Names:
    """Spellings by number: those of the table, and behind them what only this chunk shows."""

    def __init__(self, table: PieceTable) -> None:
        self._table = table
        self._base = len(table.shown)
        self._more: dict[str, int] = {}

    def number(self, written: str) -> int:
        """The number of a spelling; -1 for one that is not shown."""
        if not written or len(written) > LONGEST_EVIDENCE:
            return -1
        known = self._table.shown_number.get(written)
        return self._more.setdefault(written, self._base + len(self._more)) if known is None else known

    def cells(self, count: int, owner: Ints, shown: Ints, push: Floats) -> list[str]:
        """``scoring.describe`` for each of ``count`` judgements."""
        spellings = [*self._table.shown, *self._more] if self._more else self._table.shown
        owner, shown, value = _add_equal(owner, shown, push, self._base + len(self._more))
        value = np.round(value, DIGITS)
        strong = np.flatnonzero(np.abs(value) >= FAINT)
        strong = strong[np.lexsort((-np.abs(value[strong]), owner[strong]))]
        owner, shown, value = owner[strong], shown[strong], value[strong]
        start = np.searchsorted(owner, np.arange(count + 1))
        tied = np.flatnonzero((owner[1:] == owner[:-1]) & (np.abs(value[1:]) == np.abs(value[:-1])))
        for judgement in np.unique(owner[tied]).tolist():  # equal ones stand in alphabetical order
            a, b = int(start[judgement]), int(start[judgement + 1])
            order = sorted(range(a, b), key=lambda i: (-abs(value[i]), spellings[shown[i]]))
            shown[a:b], value[a:b] = shown[order], value[order]
        rank = np.arange(len(owner)) - start[owner]
        kept = np.flatnonzero(rank < SHOWN)
        parts = list(map(add, map(spellings.__getitem__, shown[kept].tolist()), _shorten(value[kept])))
        ends = np.cumsum(np.minimum(np.diff(start), SHOWN)).tolist()
        begin, cells = 0, []
        for end in ends:
            cells.append("; ".join(parts[begin:end]))
            begin = end
        return cells


def _add_equal(owner: Ints, shown: Ints, push: Floats, spellings: int) -> tuple[Ints, Ints, Floats]:
    """Equal spellings of one judgement as one, with their sum."""
    key = owner * spellings + shown
    repeated = np.flatnonzero(Repetitions().of(key) > 1)
    if not len(repeated):
        return owner, shown, push
    _, first, which = np.unique(key[repeated], return_index=True, return_inverse=True)
    push = push.copy()
    stays = np.ones(len(key), dtype=np.bool_)
    stays[repeated] = False
    stays[repeated[first]] = True
    push[repeated[first]] = np.bincount(which, push[repeated])
    return owner[stays], shown[stays], push[stays]


def _shorten(values: Floats) -> list[str]:
    """Each value as Python writes it with a sign and one decimal, a blank before it."""
    tenths = values * 10.0
    nearest = np.rint(tenths)
    words = list(map(_TENTHS.__getitem__, np.clip(nearest, -999, 999).astype(np.intp).tolist()))
    doubtful = (np.abs(np.abs(tenths - nearest) - 0.5) < 1e-6) | (np.abs(nearest) > 998)
    for at in np.flatnonzero(doubtful).tolist():
        words[at] = f" {values[at]:+.1f}"
    return words
