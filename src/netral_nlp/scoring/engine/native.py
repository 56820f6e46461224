"""Many posts judged by the native core; it asks Python about new pieces and doubtful mentions."""

from __future__ import annotations

import ctypes
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from ctypes import CDLL, byref, c_int32, c_void_p
from typing import Any

import numpy as np
import numpy.typing as npt

from netral_nlp.model.model import Model
from netral_nlp.records import LABELS, UNSURE
from netral_nlp.roster import Roster
from netral_nlp.roster.matcher import Matcher
from netral_nlp.roster.names import KINDS
from netral_nlp.scoring.engine.asking import NO_MATTER, REACH, Told, settle
from netral_nlp.scoring.engine.binding import JUDGEMENT, MENTION, Calls, address, done, encoded
from netral_nlp.scoring.engine.table import CERTAINTY, CoreModel, Table
from netral_nlp.scoring.judgements import Judgements, Lines
from netral_nlp.scoring.reading import Listener, ReadPosts
from netral_nlp.scoring.unrecognised import Unrecognised
from netral_nlp.tables import Dialect
from netral_nlp.tables.parts import Tails, Texts
from netral_nlp.text.cleaning import join_spaced
from netral_nlp.text.stemming import recent_stemmer
from netral_nlp.text.words import GROWTH, LONGEST_POST, readable

LONGEST_CLUSTER = 12  # words, as in src/native/core.h
LONGEST = LONGEST_CLUSTER + sum(REACH)

_KIND = {kind: number for number, kind in enumerate(KINDS)}
_LABELS = (*LABELS, UNSURE)


class NativeEngine:
    """Judges chunks of posts; any number of threads at a time."""

    def __init__(
        self, library: CDLL, model: Model, roster: Roster, limits: Mapping[str, float], remembered: int
    ) -> None:
        self._calls = Calls(library)
        self._ids = (*roster.ids, "")  # the last one: nobody was recognised
        self._matcher = Matcher(roster)
        self._unrecognised = Unrecognised(self._matcher)
        self._model = CoreModel(self._calls, model, self._matcher, limits, self._unrecognised.suspicion)
        self._stem = recent_stemmer(model.stem)
        self._remembered = remembered
        self._turn = threading.Lock()
        self._table = self._new_table()
        self.generation = 0

    def _new_table(self) -> Table:
        return Table(self._calls, self._model, self._matcher, self._stem, self._unrecognised.suspicion)

    def table(self) -> Table:
        """The table of today: a new one where the old one is full; chunks that go on with that one keep it."""
        with self._turn:
            if len(self._table) > self._remembered:
                self._table = self._new_table()
                self.generation += 1
            return self._table

    def score(
        self, texts: Sequence[str], abouts: npt.NDArray[np.int32], first: int, per_pair: bool, listen: Listener | None
    ) -> Judgements:
        """The judgements of some posts, of which the first one has a number; ``abouts`` are pairs, -1 for none."""
        table = self.table()
        with self._chunk(table, texts) as (chunk, read):
            self._read(table, chunk, read)
            if listen is not None:
                listen(self._told(table, chunk, list(read), first))
            return self._judgements(chunk, self._judge(table, chunk, abouts, per_pair, texts), first)

    def lines(self, texts: Texts, abouts: npt.NDArray[np.int32], per_pair: bool, dialect: Dialect) -> Lines:
        """The same as it stands in a CSV file that is neither for Excel nor guarded."""
        table = self.table()
        with self._chunk(table, texts) as (chunk, read):
            self._read(table, chunk, read)
            found = self._judge(table, chunk, abouts, per_pair, texts)
            heads, offset = self._heads(dialect)
            place = c_void_p()
            size = done(self._calls.tails(
                chunk, heads, address(offset), dialect.delimiter.encode(), dialect.point.encode(), byref(place)
            ))  # fmt: skip
            tails = Tails(ctypes.string_at(place.value or 0, size) if size else b"", len(found))
            labels = list(map(_LABELS.__getitem__, found["label"].tolist()))
            return Lines(found["post"].tolist(), labels, int((found["pair"] >= 0).sum()), tails)

    def _heads(self, dialect: Dialect) -> tuple[bytes, npt.NDArray[np.int64]]:
        """The cells before the scores: of each pair, and of nobody, with each label."""
        pairs, labels = dialect.show(self._ids), dialect.show(_LABELS)
        return encoded([f"{pair}{dialect.delimiter}{label}" for pair in pairs for label in labels])

    @contextmanager
    def _chunk(self, table: Table, texts: Sequence[str]) -> Iterator[tuple[int, Sequence[str]]]:
        """A chunk of the core, and the posts as far as they are read."""
        read, raw, offset = texts, b"", np.zeros(0, dtype=np.int64)
        if isinstance(texts, Texts):
            raw, offset = texts.packed, np.frombuffer(texts.offsets, dtype=np.int64)
        if not isinstance(texts, Texts) or int(np.diff(offset).max(initial=0)) * GROWTH > LONGEST_POST:
            read = list(map(readable, texts))
            raw, offset = encoded(read)
        chunk = self._cut(table, raw, offset)
        try:
            yield chunk, read
        finally:
            self._calls.chunk_free(chunk)

    def _read(self, table: Table, chunk: int, texts: Sequence[str]) -> None:
        table.learn(chunk)
        self._cut_anew(table, chunk, texts)
        self._find_mentions(table, chunk, texts)

    def _cut(self, table: Table, raw: bytes, offset: npt.NDArray[np.int64]) -> int:
        chunk: int | None = self._calls.chunk(table.handle, raw, address(offset), len(offset) - 1)
        if not chunk:
            raise RuntimeError("the native core refused the posts")
        return chunk

    def _cut_anew(self, table: Table, chunk: int, texts: Sequence[str]) -> None:
        """Posts that ``words.pieces`` cuts otherwise than at each white space."""
        suspects = np.zeros(len(texts), dtype=np.int32)
        count = self._calls.suspects(chunk, address(suspects))
        changed = False
        for post in suspects[:count].tolist():
            joined = join_spaced(texts[post])
            if joined != texts[post]:
                raw = joined.encode("utf-8", "surrogatepass")
                done(self._calls.rewrite(chunk, post, raw, len(raw)))
                changed = True
        if changed:
            table.learn(chunk)

    def _find_mentions(self, table: Table, chunk: int, texts: Sequence[str]) -> None:
        calls = self._calls
        words, begins = np.zeros(LONGEST, dtype=np.uint64), np.zeros(LONGEST, dtype=np.int32)
        many = c_int32()
        given_words, given_begins, given_many = address(words), address(begins), byref(many)
        while asked := calls.find_mentions(chunk):
            with table.lock:
                for number in range(asked):
                    count = done(calls.cluster(chunk, number, given_words, given_begins, given_many))
                    known = [table.word(place) if place else NO_MATTER for place in words[:count].tolist()]
                    told = settle(self._matcher, known, begins[: many.value].tolist())
                    given = _numbers(told or [])
                    done(calls.settle(chunk, number, address(given), -1 if told is None else len(given)))
        posts = np.zeros(len(texts), dtype=np.int32)
        count = calls.doubtful(chunk, address(posts))
        if count:
            start, _ = self._starts(chunk, len(texts))
            for post in posts[:count].tolist():
                self._ask(table, chunk, post, int(start[post + 1] - start[post]), texts[post])

    def _ask(self, table: Table, chunk: int, post: int, count: int, text: str) -> None:
        """The matcher about a whole post."""
        words, left, right = self._words(chunk, post, post + 1, count)
        begins = np.zeros(count, dtype=np.int32)
        many = done(self._calls.begins(chunk, post, address(begins)))
        begin, end = left.tolist(), right.tolist()
        with table.lock:
            known = list(map(table.word, words.tolist()))
            found = self._matcher.find(known, begins[:many].tolist(), lambda at: text[end[at - 1] : begin[at]])
        given = _numbers([(mention, None) for mention in found])
        done(self._calls.tell(chunk, post, address(given), len(given)))

    def _starts(self, chunk: int, posts: int) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
        """Where the words and the mentions of each post begin among those of all; one more at the end."""
        words, mentions = np.zeros(posts + 1, dtype=np.int64), np.zeros(posts + 1, dtype=np.int64)
        self._calls.starts(chunk, address(words), address(mentions))
        return words, mentions

    def _words(self, chunk: int, first: int, last: int, count: int) -> tuple[npt.NDArray[Any], ...]:
        """The words of posts ``first:last``, so many in all: what each is, and its place in its post."""
        words = np.zeros(count, dtype=np.uint64)
        left, right = np.zeros(count, dtype=np.int32), np.zeros(count, dtype=np.int32)
        assert self._calls.words(chunk, first, last, address(words), address(left), address(right)) == count
        return words, left, right

    def _told(self, table: Table, chunk: int, texts: Sequence[str], first: int) -> ReadPosts:
        """What was read, for layers that read further."""
        start, mention_start = self._starts(chunk, len(texts))
        words, left, right = self._words(chunk, 0, len(texts), int(start[-1]))
        begin = np.zeros(len(texts) + 1, dtype=np.int64)
        np.cumsum(np.fromiter((len(text) + 1 for text in texts), dtype=np.int64, count=len(texts)), out=begin[1:])
        mentions = np.zeros(int(mention_start[-1]), dtype=MENTION)
        self._calls.mentions(chunk, address(mentions))
        shift = np.repeat(begin[:-1], np.diff(start))
        before = np.repeat(start[:-1], np.diff(mention_start))
        distinct, number = np.unique(words, return_inverse=True)
        with table.lock:
            known = list(map(table.word, distinct.tolist()))
        return ReadPosts(
            first, "\n".join(texts), begin[:-1], start, number, left + shift, right + shift, known,
            mentions["first"] + before, mentions["last"] + before, mentions["pair"].astype(np.intp),
            mentions["kind"].astype(np.intp), KINDS,
        )  # fmt: skip

    def _judge(
        self, table: Table, chunk: int, abouts: npt.NDArray[np.int32], per_pair: bool, texts: Sequence[str]
    ) -> npt.NDArray[Any]:
        """The judgements as the core holds them; a post that names nobody may be one that Python must look at."""
        with table.lock:
            self._calls.prepare(chunk, address(abouts))
        count = done(self._calls.judge(chunk, address(abouts), per_pair))
        found = self._found(chunk, count)
        doubtful = np.flatnonzero(found["label"] < 0).tolist()
        for at in doubtful:
            label, note = self._unrecognised.judge(texts[int(found["post"][at])])
            raw = note.encode()
            done(self._calls.note(chunk, at, _LABELS.index(label), raw, len(raw)))
        return self._found(chunk, count) if doubtful else found

    def _found(self, chunk: int, count: int) -> npt.NDArray[Any]:
        at = self._calls.judgements(chunk, byref(c_void_p()), byref(c_void_p()))
        raw = ctypes.string_at(at, count * JUDGEMENT.itemsize) if count else b""
        return np.frombuffer(raw, dtype=JUDGEMENT)

    def _judgements(self, chunk: int, found: npt.NDArray[Any], first: int) -> Judgements:
        support_at, words_at = c_void_p(), c_void_p()
        self._calls.judgements(chunk, byref(support_at), byref(words_at))
        pairs, count = len(self._ids) - 1, len(found)
        support = ctypes.string_at(support_at.value or 0, count * pairs * 8) if count else b""
        begins, ends = found["begin"].tolist(), found["end"].tolist()
        raw = ctypes.string_at(words_at.value or 0, max(ends, default=0)) if count else b""
        return Judgements(
            [post + first for post in found["post"].tolist()],
            list(map(self._ids.__getitem__, found["pair"].tolist())),
            list(map(_LABELS.__getitem__, found["label"].tolist())),
            found["score"].copy(),
            np.frombuffer(support).reshape(count, pairs).copy(),
            [raw[a:b].decode("utf-8", "surrogatepass") for a, b in zip(begins, ends, strict=True)],
        )


def _numbers(found: Told) -> npt.NDArray[Any]:
    return np.array([(m.pair, _KIND[m.kind], m.start, m.end, CERTAINTY[sure]) for m, sure in found], dtype=MENTION)
