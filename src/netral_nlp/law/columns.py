"""The law columns of scored posts, for many posts at little cost: most posts speak of no act and are not read twice."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import lru_cache

from netral_nlp.errors import ModelError
from netral_nlp.law.contributions import describe
from netral_nlp.law.cues import Prefilter, cue_digest
from netral_nlp.law.indications import MAX_FALSE_ACTS, Advisor, Indication, LawPost
from netral_nlp.law.metadata import FOLLOW, LIKE, SHARE, account_of, action_of
from netral_nlp.law.moments import Moment, read_moment
from netral_nlp.law.phases import phase_of
from netral_nlp.law.rules import Rules
from netral_nlp.law.signals import Stance
from netral_nlp.model.acts import ActModel
from netral_nlp.model.model import Model
from netral_nlp.roster import Roster
from netral_nlp.scoring.beside import Context
from netral_nlp.scoring.engine import Judgements
from netral_nlp.scoring.scored import BETWEEN, LAW_COLUMNS
from netral_nlp.text.stemming import Stemmer

REMEMBERED = 20_000  # distinct cells of time, action and account


def cells_of(found: Indication, isyarat: str) -> tuple[str, ...]:
    """The values of ``scored.LAW_COLUMNS`` for an indication."""
    return (
        BETWEEN.join(found.acts), BETWEEN.join(found.items), found.phase, found.kind, found.level, found.exception,
        BETWEEN.join(found.basis), isyarat, BETWEEN.join(found.check),
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

    def _phase(self, cell: str) -> str:
        moment: Moment | None = read_moment(cell, self.roster.election.zone) if cell.strip() else None
        return phase_of(self.roster.election.dates, None if moment is None else moment.day)

    def cells(
        self, texts: Sequence[str], contexts: Sequence[Context], abouts: Sequence[str | None] | None, found: Judgements
    ) -> list[tuple[str, ...]]:
        """For each judgement the law cells of its post, the same for all judgements of one post."""
        if self._filter is None:
            self._filter = Prefilter(self.rules)
        may_speak = self._filter.may_speak
        made: list[tuple[str, ...]] = []
        done = -1
        silent: dict[str, tuple[str, ...]] = {}
        clearest = _clearest(found)
        for row, post in enumerate(found.post):
            if post == done:
                made.append(made[-1])
                continue
            done = post
            context = contexts[post]
            action = action_of(context.action) if context.action else ""
            if not found.pair[row] and action not in (LIKE, SHARE, FOLLOW) and not may_speak(texts[post]):
                phase = self._phase_of(context.time)
                cells = silent.get(phase)
                if cells is None:
                    cells = silent[phase] = ("", "", phase, *("",) * (len(LAW_COLUMNS) - 3))
                made.append(cells)
                continue
            about = abouts is not None and abouts[post] is not None
            account = account_of(context.account_type) if context.account_type else ""
            stance = _stance(found, clearest[row])
            advice = self.advisor.advise(LawPost(texts[post], context.time, action, account, stance, about))
            shown = (*advice.acts, *advice.withheld)
            isyarat = ""
            if shown and advice.reading is not None:
                known = [act for act in shown if act in self.acts.at]
                isyarat = describe(texts[post], advice.reading, self.acts, known)
            made.append(cells_of(advice, isyarat))
        return made

    def _phase_of(self, cell: str) -> str:
        """The phase of a cell; a day that stands alone at the front, or before a local hour, is looked up at once."""
        if len(cell) >= 10 and cell[4:5] == cell[7:8] == "-" and not cell[10:].strip(" T0123456789:"):
            return self.phase(cell[:10])
        return self.phase(cell)


def _clearest(found: Judgements) -> list[int]:
    """For each judgement the one of its post that takes the clearest stand: the first among equals."""
    best: dict[int, int] = {}
    for row, post in enumerate(found.post):
        held = best.setdefault(post, row)
        if held != row and round(float(found.scores[row][1]), 9) < round(float(found.scores[held][1]), 9):
            best[post] = row
    return [best[post] for post in found.post]


def _stance(found: Judgements, row: int) -> Stance | None:
    if not found.pair[row]:
        return None
    a, b, c = (float(x) for x in found.scores[row])
    return Stance(a, b, c)
