"""The words that decided, for many judgements at once: ``scoring.describe`` as arrays."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from netral_nlp.model.evidence import DIGITS, FAINT, LONGEST_EVIDENCE, MOST_WORDS, OWN, SHARED, SHOWN
from netral_nlp.scoring.engine.arrays import Flags, Floats, Ints, Repetitions, ragged, starts_of
from netral_nlp.scoring.engine.encoding import Posts
from netral_nlp.scoring.engine.meanings import Occurrences, Tokens
from netral_nlp.scoring.engine.mentions import Mentions
from netral_nlp.scoring.engine.pieces import AS_WRITTEN, PieceTable
from netral_nlp.scoring.engine.views import Repeated, Views
from netral_nlp.scoring.engine.vocabulary import BLOCK_NAMES, CHARACTERS, Vocabulary

_CHARACTERS = BLOCK_NAMES.index(CHARACTERS)
_MOST = 999  # tenths of a value that is written down beforehand
_ENDS = ("; ", "\n")  # of a part, of a cell
_TENTHS = [f" {tenth / 10:+.1f}{end}" for end in _ENDS for tenth in range(-_MOST, _MOST + 1)]
_REMEMBERED = 20_000  # spellings that are not in the table
_OWN = 1 << 30  # the first number of those


@dataclass(frozen=True, slots=True)
class Weighed:
    """Everything about the views of a chunk that a judgement and its reasons need.

    ``gains`` (views, blocks, 3) is what the features of a block add up to, ``scale`` (views, blocks) what every gain
    is multiplied with: the block's weight through the norm. Gains come from three sides: of the tokens' character
    n-grams and of ``shared`` occurrences, which belong to all views of a post, and of ``own`` occurrences of single
    views. The parts are those that ``Featurer.add`` gives.
    """

    posts: Posts
    tokens: Tokens
    mentions: Mentions
    views: Views
    gains: Floats
    scale: Floats
    repeated: Repeated
    shared: Occurrences
    shared_part: Floats
    own: Occurrences
    own_part: Floats

    def log_odds(self, intercept: Floats) -> Floats:
        """The three log-odds of each view."""
        total = np.tile(intercept, (len(self.scale), 1))
        for block in range(self.scale.shape[1]):
            total += self.scale[:, block, None] * self.gains[:, block]
        return total


@dataclass(frozen=True, slots=True)
class _Asked:
    """The judgements that are to be explained, in order of post, and where their tokens lie, end to end."""

    view: Ints
    post: Ints
    label: Ints
    shift: Ints  # from a token of the chunk to its place here
    owner: Ints  # of each token here
    token: Ints
    start: Ints  # where each post's judgements begin; one more at the end

    @classmethod
    def of(cls, weighed: Weighed, judged: Ints, label: Ints) -> _Asked:
        start = weighed.tokens.start
        post = weighed.views.post.take(judged)
        count = np.diff(start).take(post)
        owner, token = ragged(start.take(post), count)
        shift = starts_of(count)[:-1] - start.take(post)
        own = starts_of(np.bincount(post, minlength=len(start) - 1))
        return cls(judged, post, label, shift, owner, token, own)

    def about(self, post: Ints) -> tuple[Ints | slice, Ints]:
        """What belongs to posts, once for each of their judgements: which of them, and the judgement."""
        held = np.diff(self.start)
        if held.max(initial=0) < 2 and held.take(post).all():  # nearly always
            return slice(None), self.start.take(post)
        return ragged(self.start.take(post), held.take(post))


class Reasons:
    """Tells the words that decided. Which posts went before never changes what is told."""

    def __init__(self, vocabulary: Vocabulary, table: PieceTable) -> None:
        self._vocabulary = vocabulary
        self._table = table
        self._repetitions = Repetitions()
        self._spellings = _Spellings(table)

    def of(self, weighed: Weighed, judged: Ints, label: Ints) -> list[str]:
        """The evidence of the judged views for or against their labels, one cell each."""
        asked = _Asked.of(weighed, judged, label)
        push = self._characters(weighed, asked)
        whole = np.zeros(len(judged))
        which, judgement = asked.about(weighed.shared.row)
        self._spread(weighed, asked, weighed.shared, weighed.shared_part, which, judgement, push, whole)
        of_view = np.full(len(weighed.views.post), -1, dtype=np.intp)
        of_view[judged] = np.arange(len(judged))
        judgement = of_view.take(weighed.own.row)
        own = np.flatnonzero(judgement >= 0)
        self._spread(weighed, asked, weighed.own, weighed.own_part, own, judgement.take(own), push, whole)
        return self._cells(weighed, asked, push, whole)

    def _characters(self, weighed: Weighed, asked: _Asked) -> Floats:
        """What the character n-grams of each token add."""
        tokens, repeated = weighed.tokens, weighed.repeated
        label = asked.label.take(asked.owner)
        gain = self._table.lexicon.gain.values.take(tokens.form.take(asked.token), axis=0)
        push = OWN * gain.ravel().take(np.arange(0, gain.size, 3) + label)
        push -= SHARED * (gain[:, 0] + gain[:, 1] + gain[:, 2])
        which, judgement = asked.about(tokens.post.take(repeated.token))
        at = repeated.token[which] + asked.shift.take(judgement)
        feature = repeated.feature[which] * 3
        feature += asked.label.take(judgement)
        push += np.bincount(at, self._vocabulary.push.take(feature) * repeated.share[which], len(push))
        push *= weighed.scale[:, _CHARACTERS].take(asked.view).take(asked.owner)
        return push

    def _spread(
        self, weighed: Weighed, asked: _Asked, found: Occurrences, parts: Floats, which: Ints | slice, judgement: Ints,
        push: Floats, whole: Floats,
    ) -> None:  # fmt: skip
        """Each occurrence's gain onto its tokens in equal parts; onto the post if it stands on all of more than two."""
        vocabulary, blocks = self._vocabulary, weighed.scale.shape[1]
        feature = found.feature[which]
        share = vocabulary.push.take(feature * 3 + asked.label.take(judgement))
        share *= parts[which]
        share *= weighed.scale.take(asked.view.take(judgement) * blocks + vocabulary.block.take(feature))
        first, last = found.first[which], found.last[which]
        length = last - first
        first = first + asked.shift.take(judgement)
        one = length == 1
        alone = np.flatnonzero(one)
        push += np.bincount(first.take(alone), share.take(alone), len(push))
        more = np.flatnonzero(~one)
        first, length, share, judgement = first.take(more), length.take(more), share.take(more), judgement.take(more)
        size = np.diff(weighed.tokens.start).take(asked.post.take(judgement))
        everything = ((length == size) & (size > 2)) | (length == 0)
        whole += np.bincount(judgement.compress(everything), share.compress(everything), len(whole))
        some = np.flatnonzero(~everything)
        length = length.take(some)
        owner, place = ragged(first.take(some), length)
        push += np.bincount(place, (share.take(some) / length).take(owner), len(push))

    def _cells(self, weighed: Weighed, asked: _Asked, push: Floats, whole: Floats) -> list[str]:
        """The strongest spellings of each judgement, equal ones added up."""
        posts, spellings = weighed.posts, self._spellings
        spellings.begin()
        first, last = weighed.tokens.first[asked.token], weighed.tokens.last[asked.token]
        shown = self._table.row_shown.values[posts.row[first]]
        several = np.flatnonzero((last - first > 1) | (shown == AS_WRITTEN))
        written = posts.written(self._table, first.take(several), last.take(several))
        shown[several] = list(map(spellings.number, written))
        told = np.flatnonzero((whole != 0.0) & (posts.size[asked.post] <= LONGEST_EVIDENCE))
        wholes = [" ".join(posts.texts[post].split()) for post in asked.post[told].tolist()]
        texts = [spellings.number(one) if one.count(" ") < MOST_WORDS else -1 for one in wholes]
        owner = np.concatenate([asked.owner, told])
        shown = np.concatenate([shown, np.array(texts, dtype=np.intp)])
        push = np.concatenate([push, whole[told]])
        return self._told(len(asked.post), owner, shown, push)

    def _told(self, count: int, owner: Ints, shown: Ints, push: Floats) -> list[str]:
        """``scoring.describe`` for each of ``count`` judgements."""
        owner, shown, value = _add_equal(owner, shown, push, self._repetitions)
        value = np.round(value, DIGITS)
        strong = np.flatnonzero((np.abs(value) >= FAINT) & (shown >= 0))
        strong = strong.take(np.lexsort((-np.abs(value.take(strong)), owner.take(strong))))
        owner, shown, value = owner.take(strong), shown.take(strong), value.take(strong)
        start = starts_of(np.bincount(owner, minlength=count))
        rank = np.arange(len(owner)) - start[owner]
        size = np.abs(value)
        tied = np.flatnonzero((owner[1:] == owner[:-1]) & (size[1:] == size[:-1]) & (rank[:-1] < SHOWN))
        for judgement in np.unique(owner[tied]).tolist():  # equal ones stand in alphabetical order
            a, b = int(start[judgement]), int(start[judgement + 1])
            names = self._spellings.names(shown[a:b])
            order = [a + i for i in sorted(range(b - a), key=lambda i: (-size[a + i], names[i]))]
            shown[a:b], value[a:b] = shown[order], value[order]
        kept = np.flatnonzero(rank < SHOWN)
        ends = np.diff(owner.take(kept), append=count) != 0
        parts = [""] * (2 * len(kept))
        parts[0::2] = self._spellings.names(shown.take(kept))
        parts[1::2] = _shorten(value.take(kept), ends)
        cells = np.full(count, "", dtype=object)
        cells[np.diff(start) > 0] = "".join(parts).split("\n")[:-1]  # no spelling holds a line feed
        return cells.tolist()


class _Spellings:
    """Spellings by number: those of the table, and from ``_OWN`` on others, mostly of several words."""

    def __init__(self, table: PieceTable) -> None:
        self._table = table
        self._own: dict[str, int] = {}
        self._names: list[str] = []

    def begin(self) -> None:
        """Another chunk: time to forget."""
        if len(self._own) > _REMEMBERED:
            self._own.clear()
            self._names.clear()

    def number(self, written: str) -> int:
        """The number of a spelling for this chunk; -1 for one that is not shown."""
        if not written or len(written) > LONGEST_EVIDENCE:
            return -1
        number = self._table.shown_number.get(written, -1)
        if number < 0:
            number = self._own.setdefault(written, _OWN + len(self._names))
            if number == _OWN + len(self._names):
                self._names.append(written)
        return number

    def names(self, numbers: Ints) -> list[str]:
        """The spellings of numbers."""
        own = numbers >= _OWN
        shown = self._table.shown or [""]
        names = [shown[at] for at in np.where(own, 0, numbers).tolist()]
        for at in np.flatnonzero(own).tolist():
            names[at] = self._names[int(numbers[at]) - _OWN]
        return names


def _add_equal(owner: Ints, shown: Ints, push: Floats, repetitions: Repetitions) -> tuple[Ints, Ints, Floats]:
    """Equal spellings of one judgement as one, with their sum; those that are not shown (-1) may stay."""
    repeated, _, last = repetitions.of(owner, shown)
    if not len(repeated):
        return owner, shown, push
    key = owner.take(repeated).astype(np.int64) * (int(shown.max()) + 2) + shown.take(repeated)
    _, which = np.unique(key, return_inverse=True)
    sums = np.bincount(which, push.take(repeated))
    push[repeated] = sums.take(which)
    stays = np.ones(len(shown), dtype=np.bool_)
    stays[repeated] = last
    return owner.compress(stays), shown.compress(stays), push.compress(stays)


def _shorten(values: Floats, ends: Flags) -> list[str]:
    """Each value as Python writes it with a sign and one decimal, a blank before it; then the end of a part or cell."""
    tenths = values * 10.0
    nearest = np.rint(tenths)
    at = (np.clip(nearest, -_MOST, _MOST) + _MOST).astype(np.intp)
    at += ends * (2 * _MOST + 1)
    words = [_TENTHS[i] for i in at.tolist()]
    doubtful = (np.abs(np.abs(tenths - nearest) - 0.5) < 1e-6) | (np.abs(nearest) >= _MOST)
    for i in np.flatnonzero(doubtful).tolist():
        words[i] = f" {values[i]:+.1f}{_ENDS[int(ends[i])]}"
    return words
