"""How a post is read for acts: into clauses, frames and signals, with the page that a like or share is about."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property, lru_cache

from netral_nlp.features.reader import Reader
from netral_nlp.law.clauses import ActView, act_view
from netral_nlp.law.cues import CueLists
from netral_nlp.law.frames import FoundFrame, Frame, find_frames, frames_of
from netral_nlp.law.metadata import COMMENT, FOLLOW, LIKE, NEWS, ORGANISERS_PAGE, PAIRS_PAGE, SHARE, Interaction, Pages
from netral_nlp.law.rules import Rules
from netral_nlp.law.signals import Signals, Stance, Stand, bags_of, stands_of
from netral_nlp.roster import Roster
from netral_nlp.text.stemming import Stemmer, recent_stemmer

INTERACTION, ONLINE = "INTERAKSI", "KAMPANYE_MEDSOS"
OTHERS_PAGES = (COMMENT, SHARE, LIKE, FOLLOW)  # there praise is an interaction, no campaign of one's own


@dataclass(frozen=True)
class ActReading:
    """A post as read, and the interaction that it is, if any."""

    signals: Signals
    interaction: Interaction | None

    @cached_property
    def stands(self) -> list[list[Stand]]:
        """Where the features of each block of the act model stand."""
        return stands_of(self.signals)

    @cached_property
    def bags(self) -> list[list[str]]:
        """The features of each block, each once."""
        return bags_of(self.stands)

    @property
    def view(self) -> ActView:
        """The post in clauses."""
        return self.signals.view

    @property
    def grammar(self) -> frozenset[str]:
        """The acts that an unblocked frame tells."""
        return frozenset(frame.act for frame in self.signals.frames if not frame.blocks)


class ActReader:
    """Reads posts of one election for acts."""

    def __init__(self, rules: Rules, roster: Roster, stem: Stemmer = "fast") -> None:
        self.reader = Reader(roster, stem)
        self.lists = cue_lists(rules, stem)
        self._frames = _frames(rules)
        self._pages = Pages(roster, self.reader.matcher)

    def read(self, text: str, action: str = "", stance: Stance | None = None, *, about: bool = False) -> ActReading:
        """A post; ``action`` is one of `metadata.ACTIONS` or empty, ``about`` whether its page is about a pair."""
        return self.signals(act_view(text, self.reader.read(text), self.lists), text, action, stance, about=about)

    def signals(
        self, view: ActView, text: str, action: str = "", stance: Stance | None = None, *, about: bool = False
    ) -> ActReading:
        """The same of a post that is cut into clauses already."""
        interaction = self._pages.interaction(text, action)
        extra = () if interaction is None else (interaction.page,)
        if about and not view.pairs:
            extra = (*extra, "halaman tentang paslon")
        shown = interaction.action if interaction is not None else action
        return ActReading(Signals(view, tuple(find_frames(view, self._frames)), shown, stance, extra), interaction)


@lru_cache(8)
def cue_lists(rules: Rules, stem: Stemmer) -> CueLists:
    """The cue lists of some tables, shared by all elections."""
    return CueLists(rules, recent_stemmer(stem))


@lru_cache(8)
def _frames(rules: Rules) -> tuple[Frame, ...]:
    return frames_of(rules)


def settled(acts: frozenset[str], reading: ActReading) -> frozenset[str]:
    """The acts that a post of that kind can show: under another's page praise is an interaction, and so is a like."""
    interaction = reading.interaction
    if interaction is not None and interaction.page == PAIRS_PAGE:
        return frozenset({INTERACTION})  # whatever it says: the account is followed, the page is liked
    if interaction is not None and not interaction.own:
        acts &= {INTERACTION, ONLINE}
    if interaction is not None and interaction.page in (ORGANISERS_PAGE, NEWS) and not interaction.own:
        return frozenset()
    if ONLINE in acts and reading.signals.action in OTHERS_PAGES:
        return acts - {ONLINE} | {INTERACTION}
    return acts


__all__ = ["ActReader", "ActReading", "FoundFrame", "cue_lists", "settled"]
