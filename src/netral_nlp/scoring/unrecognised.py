"""What is said of a post in which no pair was recognised, and whose page gives none."""

from __future__ import annotations

from netral_nlp.records import NEUTRAL, UNSURE
from netral_nlp.roster.matcher import Matcher
from netral_nlp.roster.suspicion import Suspicion

UNRECOGNISED = "tidak ada paslon yang dikenali"  # the evidence where a post speaks of no pair
DISGUISED = "tulisan tampak disamarkan"  # and where somebody may have hidden one


class Unrecognised:
    """Judges posts that speak of no pair: neutral, or unsure where they look disguised: not knowing is no verdict."""

    def __init__(self, matcher: Matcher) -> None:
        self.suspicion = Suspicion(matcher)

    def judge(self, text: str) -> tuple[str, str]:
        """The label of a post and the evidence, which says how it looks disguised."""
        disguise = self.suspicion.of(text)
        if disguise is None:
            return NEUTRAL, UNRECOGNISED
        return UNSURE, f"{UNRECOGNISED}; {DISGUISED}: {disguise.value}"
