"""The law columns of scored posts, for many posts at little cost: most posts speak of no act and are not read twice."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache

import numpy as np

from netral_nlp.errors import ModelError
from netral_nlp.law.contributions import describe
from netral_nlp.law.cues import Prefilter, cue_digest
from netral_nlp.law.indications import MAX_FALSE_ACTS, Advisor, Indication, LawPost
from netral_nlp.law.many import ManyReader
from netral_nlp.law.metadata import FOLLOW, LIKE, OTHER, SHARE, account_of, action_of
from netral_nlp.law.moments import Moment, read_moment
from netral_nlp.law.phases import phase_of
from netral_nlp.law.rules import Rules
from netral_nlp.law.signals import Stance
from netral_nlp.model.acts import ActModel
from netral_nlp.model.model import Model
from netral_nlp.roster import Roster
from netral_nlp.scoring.beside import Context
from netral_nlp.scoring.engine import Judgements
from netral_nlp.scoring.reading import ReadPosts
from netral_nlp.scoring.scored import BETWEEN, LAW_COLUMNS
from netral_nlp.text.stemming import Stemmer

REMEMBERED = 20_000  # distinct cells of time, action and account


def cells_of(found: Indication, isyarat: str, rules: Rules) -> tuple[str, ...]:
    """The values of ``scored.LAW_COLUMNS`` for an indication under those rules."""
    return (
        BETWEEN.join(found.acts), BETWEEN.join(found.items), found.phase, found.kind, found.level, found.exception,
        BETWEEN.join(found.basis), isyarat, BETWEEN.join(found.check), rules.digest,
    )  # fmt: skip


@dataclass
class LawColumns:
    """Sets the law columns beside scores. Raises ModelError where the model knows no acts, or other cue lists."""

    acts: ActModel
    rules: Rules
    roster: Roster
    stem: Stemmer = "fast"
    max_false_acts: float = MAX_FALSE_ACTS
    _advisor: Advisor | None = field(default=None, repr=False)
    _filter: Prefilter | None = field(default=None, repr=False)
    _reader: ManyReader | None = field(default=None, repr=False)
    _remembered: dict[LawPost, tuple[str, ...]] = field(default_factory=dict, repr=False)
    _silent: dict[str, tuple[str, ...]] = field(default_factory=dict, repr=False)

    def __post_init__(self) -> None:
        if self.acts.cues != cue_digest(self.rules):
            raise ModelError(
                "The model learned its acts with other cue lists than these tables of the law hold. "
                "Train it again: netral train"
            )
        self.phase = lru_cache(REMEMBERED)(self._phase)  # by cell

    @classmethod
    def of(
        cls, model: Model, roster: Roster, rules: Rules, *, max_false_acts: float = MAX_FALSE_ACTS
    ) -> LawColumns:  # fmt: skip
        """For a model that knows acts."""
        if model.acts is None:
            raise ModelError("The model knows no acts: it was trained without. Train it again: netral train")
        return cls(model.acts, rules, roster, model.stem, max_false_acts)

    def __getstate__(self) -> tuple[object, ...]:
        return self.acts, self.rules.folder, self.rules, self.roster, self.stem, self.max_false_acts

    def __setstate__(self, state: tuple[object, ...]) -> None:
        acts, _, rules, roster, stem, share = state
        self.__init__(acts, rules, roster, stem, share)  # type: ignore[misc]

    @property
    def columns(self) -> tuple[str, ...]:
        """The names of the columns."""
        return LAW_COLUMNS

    @property
    def digest(self) -> str:
        """The tables and the share of false acts."""
        return f"{self.rules.digest} {self.max_false_acts}"

    @property
    def advisor(self) -> Advisor:
        """Made where it is first needed, in each process."""
        if self._advisor is None:
            self._advisor = Advisor(
                self.acts, self.rules, self.roster, self.stem, max_false_acts=self.max_false_acts
            )  # fmt: skip
        return self._advisor

    @property
    def reader(self) -> ManyReader:
        """Made where it is first needed, in each process."""
        if self._reader is None:
            self._reader = ManyReader(self.advisor.reader, self.acts)
        return self._reader

    def _phase(self, cell: str) -> str:
        moment: Moment | None = read_moment(cell, self.roster.election.zone) if cell.strip() else None
        return phase_of(self.roster.election.dates, None if moment is None else moment.day)

    def cells(
        self,
        texts: Sequence[str],
        contexts: Sequence[Context],
        abouts: Sequence[str | None] | None,
        found: Judgements,
        read: Sequence[ReadPosts],
    ) -> list[tuple[str, ...]]:
        """For each judgement the law cells of its post, the same for all judgements of one post."""
        clearest = _clearest(found)
        told: dict[int, tuple[str, ...]] = {}
        for part in read:
            loud = self._loud(part, contexts, clearest, found)
            self._tell(part, loud, texts, contexts, abouts, found, clearest, told)
        return [told.get(post) or self._silent_cells(contexts[post].time) for post in found.post]

    def _loud(
        self, part: ReadPosts, contexts: Sequence[Context], clearest: Mapping[int, int], found: Judgements
    ) -> list[int]:
        """The posts of a part that may be about an act: all others have no word of one, and are read no further."""
        if self._filter is None:
            self._filter = Prefilter(self.rules)
        count = len(part.start) - 1
        speaks = np.zeros(count, dtype=np.bool_)
        seen = np.zeros(len(part.distinct), dtype=np.bool_)
        seen[part.word] = True
        begins = self._filter.begins
        distinct = part.distinct
        for number in np.flatnonzero(seen).tolist():
            seen[number] = begins(distinct[number].surface)
        speaks[np.searchsorted(part.start, np.flatnonzero(seen.take(part.word)), side="right") - 1] = True
        acting = (LIKE, SHARE, FOLLOW)
        return [
            post
            for post, heard in enumerate(speaks.tolist(), part.first)
            if heard
            or found.pair[clearest[post]]
            or (contexts[post].action and action_of(contexts[post].action) in acting)
        ]

    def _tell(
        self,
        part: ReadPosts,
        loud: Sequence[int],
        texts: Sequence[str],
        contexts: Sequence[Context],
        abouts: Sequence[str | None] | None,
        found: Judgements,
        clearest: Mapping[int, int],
        told: dict[int, tuple[str, ...]],
    ) -> None:
        """The cells of the posts that may be about an act, as far as they are not silent."""
        waiting: dict[LawPost, list[int]] = {}  # copies are read once
        for post in loud:
            context = contexts[post]
            action = action_of(context.action) if context.action else ""
            account = account_of(context.account_type) if context.account_type else ""
            about = abouts is not None and abouts[post] is not None
            stance = _stance(found, clearest[post])
            waiting.setdefault(LawPost(texts[post], context.time, action, account, stance, about), []).append(post)
        new = [(one, copies[0]) for one, copies in waiting.items() if one not in self._remembered]
        if len(self._remembered) > REMEMBERED:
            self._remembered.clear()
            new = [(one, copies[0]) for one, copies in waiting.items()]
        self._read(part, new)
        for one, copies in waiting.items():
            told.update(dict.fromkeys(copies, self._remembered[one]))

    def _read(self, part: ReadPosts, new: Sequence[tuple[LawPost, int]]) -> None:
        """Read posts, each with its number among those scored, and remember their cells."""
        if not new:
            return
        outlines, tokens, scores = self.reader.read(part, new)
        quiet = self.advisor.silent(scores).tolist()
        for at, ((post, _), outline) in enumerate(zip(new, outlines, strict=True)):
            if quiet[at] and post.account != OTHER and outline.reading.interaction is None:
                self._remembered[post] = self._silent_cells(post.time)
                continue
            advice = self.advisor.advise_read(post, outline.reading, scores[at])
            isyarat = ""
            if known := [act for act in (*advice.acts, *advice.withheld) if act in self.acts.at]:
                isyarat = describe(post.text, self.reader.whole(outline, tokens), self.acts, known)
            self._remembered[post] = cells_of(advice, isyarat, self.rules)

    def _silent_cells(self, time: str) -> tuple[str, ...]:
        """The cells of a post that indicates nothing: only its phase."""
        phase = self._phase_of(time)
        cells = self._silent.get(phase)
        if cells is None:
            cells = self._silent[phase] = ("", "", phase, *("",) * (len(LAW_COLUMNS) - 4), self.rules.digest)
        return cells

    def _phase_of(self, cell: str) -> str:
        """The phase of a cell; a day that stands alone at the front, or before a local hour, is looked up at once."""
        if len(cell) >= 10 and cell[4:5] == cell[7:8] == "-" and not cell[10:].strip(" T0123456789:"):
            return self.phase(cell[:10])
        return self.phase(cell)


def _clearest(found: Judgements) -> dict[int, int]:
    """For each post its judgement that takes the clearest stand: the first among equals."""
    best = dict(zip(reversed(found.post), range(len(found.post) - 1, -1, -1), strict=True))
    if len(best) < len(found.post):  # else each post has one
        netral = found.scores[:, 1].round(9).tolist()
        for row, post in enumerate(found.post):
            if netral[row] < netral[best[post]]:
                best[post] = row
    return best


def _stance(found: Judgements, row: int) -> Stance | None:
    if not found.pair[row]:
        return None
    a, b, c = (float(x) for x in found.scores[row])
    return Stance(a, b, c)
