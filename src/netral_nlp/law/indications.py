"""What the law calls a post: acts, phase, class, level, exception, the words that indicate it, why a person must look.

An indication is no finding. An act is withheld where an exception applies, and both are told; what is not sure enough,
or cannot be known from the post, is named in ``check``.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache

import numpy as np

from netral_nlp.arrays import Bools, Floats
from netral_nlp.law.acts import INTERACTION, ActReader, ActReading, settled
from netral_nlp.law.exceptions import BY_ACCOUNT, GRAMMAR, ExceptionReader, Exemption
from netral_nlp.law.frames import listed
from netral_nlp.law.metadata import ASN, FOLLOW, OTHER, PAIRS_PAGE
from netral_nlp.law.moments import Moment, read_moment
from netral_nlp.law.phases import phase_of
from netral_nlp.law.rules import Rule, Rules, days_of_change
from netral_nlp.law.signals import LawPost as LawPost
from netral_nlp.law.tables import CLEARS, DISCIPLINE, ETHICS
from netral_nlp.model.acts import ANY, ActModel
from netral_nlp.roster import Roster
from netral_nlp.text.stemming import Stemmer

MAX_FALSE_ACTS = 0.006  # of clean posts, for each act
REMEMBERED = 20_000  # cells of time, and acts by day
TABLES = ("jenis", "tingkat", "butir", "pengecualian", "syarat_pengecualian")  # whose rules of the day are asked for
GREY = 0.7  # log-odds below a threshold within which a person should look
PICTURE = "FOTO_SIMBOL"

NO_TIME = "waktu tidak diketahui: tahap dan jenis tidak dapat dipastikan"
NO_PHASE = "tanggal di luar tahapan yang diketahui"
ACCOUNT_UNKNOWN = "akun belum tentu milik ASN"
DIFFER = "tata bahasa dan model berbeda"
SEE_PICTURE = "perlu melihat gambarnya"
FAINT = "hampir mencapai ambang"
POSSIBLE = "pengecualian mungkin"
UNMENTIONED = "tidak disebut"


@dataclass(frozen=True)
class Indication:
    """What may be indicated. ``withheld`` are acts that an exception holds back; ``acts`` those that remain."""

    acts: tuple[str, ...]
    withheld: tuple[str, ...]
    moment: Moment | None
    phase: str
    kind: str
    level: str
    items: tuple[str, ...]
    basis: tuple[str, ...]
    exemption: Exemption | None
    check: tuple[str, ...]
    reading: ActReading | None = field(default=None, repr=False, compare=False)
    scores: Floats | None = field(default=None, repr=False, compare=False)
    combined: dict[str, float] = field(default_factory=dict, repr=False, compare=False)
    thresholds: dict[str, float] = field(default_factory=dict, repr=False, compare=False)

    @property
    def exception(self) -> str:
        """The code of the exception, empty where there is none."""
        return "" if self.exemption is None else self.exemption.code


class Advisor:
    """Tells for posts of one election what the law may call them.

    ``max_false_acts`` is the share of clean posts that may be given an act falsely, for each act. Shared by no threads.
    """

    def __init__(
        self, acts: ActModel, rules: Rules, roster: Roster, stem: Stemmer = "fast",
        *, max_false_acts: float = MAX_FALSE_ACTS,
    ) -> None:  # fmt: skip
        self.acts, self.rules, self.roster = acts, rules, roster
        self.thresholds = acts.thresholds(max_false_acts)
        self.reader = ActReader(rules, roster, stem)
        self._exceptions = ExceptionReader(rules)
        self._gates = {
            row["perbuatan"]: (row["paslon"] == "ya", row["dukungan"] == "ya", listed(row["kaitan"]))
            for row in rules.tables["gerbang"]
        }
        self._moment = lru_cache(REMEMBERED)(lambda cell: read_moment(cell, roster.election.zone))
        self._law = lru_cache(REMEMBERED)(self._law_of)
        self._changes = days_of_change(rules, TABLES)
        self._order = {act: rank for rank, act in enumerate(rules.acts)}

    def advise(self, post: LawPost) -> Indication:
        """What may be indicated by a post."""
        reading = self.reader.read(post.text, post.action, post.stance, about=post.about)
        return self.advise_read(post, reading, self.acts.scores(reading.bags))

    def silent(self, scores: Floats) -> Bools:
        """Which posts of these scores (n, outputs) indicate nothing that a person should look at.

        Only for posts that are no interactions, of accounts that may be a civil servant's.
        """
        near = np.array([self.thresholds[act] for act in self.acts.acts]) - GREY
        quiet = np.all(self.acts.combined_of_many(scores) <= near, axis=1)
        possible = [i for code, i in self.acts.at.items() if code in self._exceptions.order]
        quiet &= np.all(scores[:, possible] <= -GRAMMAR, axis=1)
        return np.asarray(quiet)

    def advise_read(self, post: LawPost, reading: ActReading, scores: Floats) -> Indication:
        """The same of a post that was read, with its scores of the act model."""
        moment = self._moment(post.time) if post.time.strip() else None
        phase = phase_of(self.roster.election.dates, None if moment is None else moment.day)
        day = None if moment is None else self._since(moment.day)
        combined = self.acts.combined(scores)
        found = self._indicated(combined, reading, post)
        exemption = self._exemption(found, scores, reading, post, day)
        holds = exemption is not None and bool(found) and self._holds(exemption, scores)
        shown = frozenset() if holds else found
        if exemption is not None and not holds and found:
            possible, exemption = exemption, None
        else:
            possible = None
        check = self._check(found, shown, exemption, possible, combined, reading, post, moment, phase)
        acts = self._ordered(shown)
        kind, level, items, basis = self._law(acts, phase, day)
        return Indication(
            acts,
            self._ordered(found - shown),
            moment,
            phase,
            kind,
            level,
            items,
            basis,
            exemption,
            check,
            reading,
            scores,
            combined,
            self.thresholds,
        )

    def _since(self, day: date) -> date:
        """The first day on which the same rules held: what is remembered by it is soon known."""
        at = bisect_right(self._changes, day)
        return self._changes[at - 1] if at else date.min

    def _ordered(self, acts: Iterable[str]) -> tuple[str, ...]:
        return tuple(sorted(acts, key=lambda act: self._order[act]))

    def _indicated(self, combined: dict[str, float], reading: ActReading, post: LawPost) -> frozenset[str]:
        """The acts above their thresholds that pass their gates."""
        passed = (act for act, value in combined.items() if value > self.thresholds[act])
        return settled(frozenset(act for act in passed if self._open(act, reading, post)), reading)

    def _open(self, act: str, reading: ActReading, post: LawPost) -> bool:
        """Whether the gate of an act is open: a pair is named, or support alone is enough.

        Where the gate asks for a tie (``kaitan``), support must come with one of those classes: a photo with a sign of
        the hand needs the clothes, the posters or the team of somebody.
        """
        needs_pair, support_will_do, ties = self._gates[act]
        if not needs_pair or reading.view.named or post.about:
            return True
        tied = not ties or not ties.isdisjoint(reading.view.kinds)
        return support_will_do and bool(reading.view.pairs) and tied

    def _exemption(
        self, found: frozenset[str], scores: Floats, reading: ActReading, post: LawPost, day: date | None
    ) -> Exemption | None:
        if post.account == OTHER:
            return self._exceptions.by_account(day)
        own = dict(zip(self.acts.outputs, scores.tolist(), strict=True))
        possible = self._exceptions.find(reading.view, own, day)
        strong = [one for one in possible if one.strength > 0]
        if not strong:
            return None
        top = strong[0].strength
        rank = self._exceptions.order
        return min((one for one in strong if one.strength >= top - 1.0), key=lambda one: rank[one.code])

    def _holds(self, exemption: Exemption, scores: Floats) -> bool:
        """Whether an exception is stronger than the post's own act."""
        if exemption.code == BY_ACCOUNT:
            return True
        return exemption.strength > float(scores[self.acts.at[ANY]])

    def _law_of(
        self, acts: tuple[str, ...], phase: str, day: date | None
    ) -> tuple[str, str, tuple[str, ...], tuple[str, ...]]:
        """Class, level, items and articles of some acts on a day."""
        if not acts:
            return "", "", (), ()
        kinds = {self.rules.class_of(act, phase, day) for act in acts} if phase or day is None else set()
        kind = DISCIPLINE if DISCIPLINE in kinds else ETHICS if ETHICS in kinds else ""
        levels = [self.rules.level_of(act, phase, day) for act in acts] if phase else []
        items = [rule for act in acts for rule in self.rules.items_of(act, phase, day)] if phase else []
        level = self.rules.gravest(rule["tingkat"] for rule in levels if rule is not None)
        return kind, level, tuple(dict.fromkeys(rule["butir"] for rule in items)), _bases(items)

    def _check(
        self, found: frozenset[str], shown: frozenset[str], exemption: Exemption | None, possible: Exemption | None,
        combined: dict[str, float], reading: ActReading, post: LawPost, moment: Moment | None, phase: str,
    ) -> tuple[str, ...]:  # fmt: skip
        """Why a person must look."""
        reasons: list[str] = []
        if exemption is not None and exemption.code != BY_ACCOUNT:
            if exemption.effect != CLEARS:
                reasons.append(f"{exemption.code}: {exemption.effect}")
            reasons += [f"{name} {UNMENTIONED}" for name in exemption.missing]
            reasons += [row["periksa"] for row in self.rules.tables["perselisihan"] if row["tentang"] == exemption.code]
        if possible is not None:
            missing = ", ".join(possible.missing)
            reasons.append(f"{POSSIBLE}: {possible.code}" + (f" ({missing} {UNMENTIONED})" if missing else ""))
        if shown:
            if moment is None:
                reasons.append(NO_TIME)
            elif not phase:
                reasons.append(NO_PHASE)
            if post.account != ASN:
                reasons.append(ACCOUNT_UNKNOWN)
            if PICTURE in shown:
                reasons.append(SEE_PICTURE)
            if self._page_followed(reading):
                reasons += [
                    row["periksa"] for row in self.rules.tables["perselisihan"] if row["tentang"] == INTERACTION
                ]
        if post.account != OTHER:
            near = [] if found else [
                act for act, value in combined.items()
                if value > self.thresholds[act] - GREY and self._open(act, reading, post)
                and act in settled(frozenset({act}), reading)
            ]  # fmt: skip
            if near:
                reasons.append(f"{FAINT}: {', '.join(self._ordered(near))}")
            if (found or near) and not self._is_page(reading):
                told = {act for act in reading.grammar if self._open(act, reading, post)}
                if (found and not found & told) or (near and told):
                    reasons.append(DIFFER)
        return tuple(dict.fromkeys(reasons))

    def _is_page(self, reading: ActReading) -> bool:
        return reading.interaction is not None and reading.interaction.page == PAIRS_PAGE

    def _page_followed(self, reading: ActReading) -> bool:
        return self._is_page(reading) and reading.interaction is not None and reading.interaction.action == FOLLOW


def _bases(rows: Iterable[Rule]) -> tuple[str, ...]:
    """The articles of some items, each once."""
    return tuple(dict.fromkeys(rule.basis for rule in rows if rule.basis))
