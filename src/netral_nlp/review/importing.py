"""Labels from other tools, and reviews that were filled in beside the scores in a workbook, taken into the log."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from netral_nlp.errors import InputError
from netral_nlp.law.loading import load_rules
from netral_nlp.law.rules import Rules
from netral_nlp.records import LABELS, UNSURE
from netral_nlp.review.foreign import KNOWN, NOTHING_ASKED, Asked, Foreign, read_foreign
from netral_nlp.review.log import IMPORTED, NO_ACT, SKIP, UNCLEAR, LawReview, Shown
from netral_nlp.review.posts import NO_SCORES, Post, election_of, key_of, read_scored, shown_law
from netral_nlp.review.store import Store
from netral_nlp.scoring.scored import BETWEEN, parts_of
from netral_nlp.tables import Rejected, Table, open_table
from netral_nlp.tables.columns import fold_name
from netral_nlp.tables.review_xlsx import ACT_REVIEW, AGREED, EXCEPTION_REVIEW, REVIEW, WRONG


@dataclass(frozen=True, slots=True)
class Imported:
    """``added`` labels are in the log; ``known`` were there before; ``rejected`` says where and why.

    ``empty`` rows of a workbook hold no review yet; ``wrong`` ones say that the label is wrong but not which is
    right: they are in the log as unclear.
    """

    added: int
    known: int
    rejected: tuple[tuple[int, str], ...]
    empty: int = 0
    wrong: int = 0


@dataclass(slots=True)
class _Log:
    """The log that is appended to, and what came of it."""

    store: Store
    file: str
    seen: set[int]
    added: int = 0
    known: int = 0

    def record(
        self, post: Post, who: str, label: str, shown: Shown, pair: str, at: str, note: str = "",
        law: LawReview | None = None,
    ) -> None:  # fmt: skip
        """One decision; the same one from the same file adds nothing."""
        said = () if law is None else (law.acts, law.exception)
        token = hashlib.sha256("\x1f".join((who, post.key, label, at, self.file, *said)).encode()).hexdigest()
        made = self.store.record(
            post, who, label, shown=shown, route=IMPORTED, pair=pair, token=token, at=at or None, note=note, law=law
        )
        self.known += made.number in self.seen
        self.added += made.number not in self.seen
        self.seen.add(made.number)


def import_labels(
    store: Store, path: str | Path, *, reviewer: str, pair: str = "", election: str = "", asked: Asked = NOTHING_ASKED,
    known: Mapping[str, tuple[str, ...]] | None = None,
) -> Imported:  # fmt: skip
    """Append the labels of a file to the log; doing so twice adds nothing.

    A scored table with a column ``tinjauan`` is one kind of file; the others are those of ``foreign``. ``pair`` and
    ``election`` stand in where a task does not say them, ``reviewer`` where it does not say who; ``known`` are the
    pairs of elections by id, from which the election follows where nobody names it. Raises InputError for a file that
    is none of the kinds.
    """
    log = _Log(store, Path(path).name, {line.number for line in store.lines()})
    if _is_reviewed(path, asked):
        return _import_reviewed(log, path, reviewer, election, asked, known or {})
    by_text: dict[tuple[str, str], Post] = {}
    for post in store.posts().values():
        by_text.setdefault((post.text, post.pair), post)
    rejected: list[tuple[int, str]] = []
    for item in read_foreign(path, asked):
        if not isinstance(item, Foreign):
            rejected.append(item)
            continue
        toward = item.pair or pair
        where = item.election or election or election_of([toward], dict(known or {}))
        if item.label in ("dukung", "tolak") and not toward:
            rejected.append((item.place, "no pair: name one with --pair"))
            continue
        key = key_of(where, toward, item.id, item.text, 0)
        base = Post(key, item.place, item.id, where, toward, item.text, "", NO_SCORES, "")
        one = by_text.get((item.text, toward), base)
        log.record(one, item.reviewer or reviewer, item.label, Shown(blind=True), toward, item.at)
    return Imported(log.added, log.known, tuple(rejected))


def _is_reviewed(path: str | Path, asked: Asked) -> bool:
    """Whether a file is a scored table with a column for reviews."""
    try:
        with open_table(path, asked.layout) as table:
            names = set(map(fold_name, table.columns))
            return _review_column(table) is not None and {"paslon", "label", "bukti"} <= names
    except InputError:
        return False


def _review_column(table: Table, wanted: str = REVIEW) -> int | None:
    """Where the reviews stand: the last column of that name, as scoring's own stands behind all others."""
    names = (fold_name(wanted), fold_name(f"{wanted}_hasil"))
    found = [at for at, name in enumerate(table.columns) if fold_name(name) in names]
    return found[-1] if found else None


def _import_reviewed(
    log: _Log, path: str | Path, reviewer: str, election: str, asked: Asked, known: Mapping[str, tuple[str, ...]]
) -> Imported:
    first = read_scored(path, text_column=asked.text_column, layout=asked.layout)
    where = election or election_of(first.pairs, dict(known))
    file = read_scored(path, election=where, text_column=asked.text_column, layout=asked.layout) if where else first
    posts = {post.line: post for post in file.posts}
    rejected: list[tuple[int, str]] = []
    empty = wrong = 0
    rules = load_rules()
    for line, cells in _reviews(path, asked):
        said, *of_law = (cell.strip().casefold() for cell in cells)
        if not said and not any(of_law):
            empty += 1
            continue
        post = posts.get(line)
        if post is None:
            rejected.append((line, "the row has no scores any more"))
            continue
        label = _decision(asked.labels.get(said, said), post.label) if said else SKIP
        law = _law_review(of_law, post, rules)
        if label is None:
            words = ", ".join((AGREED, *KNOWN, UNSURE, WRONG))
            rejected.append((line, f'unknown review "{said[:40]}"; known are {words}'))
        elif isinstance(law, str):
            rejected.append((line, law))
        elif label in ("dukung", "tolak") and not post.pair:
            rejected.append((line, "the post names no pair, so it has no side"))
        else:
            wrong += said == WRONG
            note = f"{WRONG}: bukan {post.label}" if said == WRONG else ""
            shown = Shown(post.label, post.scores, post.evidence, "", file.name, False, *shown_law(post))
            log.record(post, reviewer, label, shown, post.pair, "", note, law)
    return Imported(log.added, log.known, tuple(rejected), empty, wrong)


def _reviews(path: str | Path, asked: Asked) -> Iterator[tuple[int, tuple[str, ...]]]:
    """What was filled in: the review of the label, of the acts and of the exception; empty where there is no column."""
    with open_table(path, asked.layout) as table:
        places = [_review_column(table, name) for name in (REVIEW, ACT_REVIEW, EXCEPTION_REVIEW)]
        for row in table:
            if not isinstance(row, Rejected):
                yield row.line, tuple("" if at is None else row.cells[at] for at in places)


def _law_review(said: Sequence[str], post: Post, rules: Rules) -> LawReview | str | None:
    """What the two cells say of acts and exception: None for nothing, a sentence where it is unknown.

    ``setuju``, and an empty cell beside one that is filled in, is what scoring told.
    """
    if not any(said):
        return None
    found: list[str] = []
    told = zip(said, shown_law(post), (rules.acts, rules.exceptions), ("act", "exception"), strict=True)
    for cell, own, known, what in told:
        written = own if cell in ("", AGREED) else "" if cell == NO_ACT else cell
        codes = parts_of(written.replace(",", BETWEEN).upper())
        strange = [code for code in codes if code not in known]
        if strange or (what == "exception" and len(codes) > 1):
            return f'unknown {what} "{cell[:40]}"; write {AGREED}, {NO_ACT}, or of {", ".join(known)}'
        found.append(BETWEEN.join(code for code in known if code in codes))
    return LawReview(*found)


def _decision(said: str, label: str) -> str | None:
    """What a review decides about a post with that label: one of the labels or unclear; None for another word."""
    if said == AGREED:
        return label if label in LABELS else UNCLEAR
    if said in (UNSURE, WRONG):
        return UNCLEAR
    return said if said in KNOWN else None
