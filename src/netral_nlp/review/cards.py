"""What one post looks like to one reviewer, as plain data for a page."""

from __future__ import annotations

from typing import Any

from netral_nlp.records import LABELS
from netral_nlp.report.showing import Mark, exact_marks, find_marks, pieces_of, read_evidence
from netral_nlp.review.log import Decision
from netral_nlp.review.posts import Post
from netral_nlp.roster import Roster
from netral_nlp.roster.identities import identities, mask_account
from netral_nlp.scoring.scored import parts_of
from netral_nlp.scoring.scorer import Scorer

SNIPPET = 160
Document = dict[str, Any]


class Cards:
    """Shows posts. ``scorer`` makes the evidence anew with exact places; without it the column ``bukti`` is shown."""

    def __init__(self, roster: Roster | None, scorer: Scorer | None, show_identities: bool) -> None:
        self.roster = roster
        self.scorer = scorer
        self.show_identities = show_identities

    def card(
        self, post: Post, reviewer: str, opinions: dict[str, Decision], *, blind: bool, open_book: bool
    ) -> Document:
        """Everything about a post that the page shows: nothing of the model's opinion to a blind reviewer, and of
        other reviewers' opinions only with ``open_book``."""
        marks, evidence = ([], []) if blind else self._evidence(post)
        masks = [] if self.show_identities else identities(post.text, self.roster)
        own = opinions.get(reviewer)
        others = sorted((who, d) for who, d in opinions.items() if who != reviewer) if open_book else []
        card: Document = {
            "key": post.key, "line": post.line, "id": post.id, "pair": own.pair if own else post.pair,
            "platform": post.platform, "time": post.time, "agency": post.agency,
            "account": post.account if self.show_identities else mask_account(post.account),
            "pieces": [[p.text, p.value, p.masked] for p in pieces_of(post.text, marks, masks)],
            "blind": blind, "note": own.note if own else "", "own": own.decision if own else "",
            "others": [
                {
                    "reviewer": who, "decision": d.decision, "pair": d.pair, "note": d.note,
                    "acts": None if d.law is None else d.law.acts or "tidak ada",
                    "exception": "" if d.law is None else d.law.exception,
                } for who, d in others
            ],
        }  # fmt: skip
        if post.law is not None:
            card["law"] = self._law(post.law, own, blind)
        if blind:
            return card
        return card | {"label": post.label, "scores": post.scores, "evidence": evidence, "toward": toward(post)}

    def _law(self, law: dict[str, str], own: Decision | None, blind: bool) -> Document:
        """What a reviewer said of acts, and, unless he is blind, what scoring did: its cells, masked like the text."""
        said = own.law if own is not None else None
        shown = {"own": None if said is None else {"acts": list(parts_of(said.acts)), "exception": said.exception}}
        if blind:
            return {**shown, "phase": law["tahap"]}  # the phase follows from the time, nobody judged it
        acts = list(parts_of(law["perbuatan"]))
        return {
            **shown, "phase": law["tahap"], "kind": law["jenis"], "level": law.get("tingkat", ""),
            "acts": acts, "items": law.get("butir", ""), "exception": law.get("pengecualian", ""),
            "words": self.masked(law.get("isyarat", "")),
            "check": [self.masked(part) for part in parts_of(law.get("periksa", ""))],
        }  # fmt: skip

    def row(self, post: Post, own: Decision | None, *, blind: bool) -> Document:
        """A post as one line of a list."""
        text = self.masked(" ".join(post.text[: 2 * SNIPPET].split()))
        row: Document = {
            "key": post.key, "line": post.line, "pair": post.pair, "own": own.decision if own else "",
            "text": text if len(text) <= SNIPPET else text[:SNIPPET] + "…",
        }  # fmt: skip
        return row if blind else row | {"label": post.label, "support": post.scores[0]}

    def masked(self, text: str) -> str:
        """A text without accounts, addresses and numbers of persons."""
        if self.show_identities:
            return text
        return "".join(p.text for p in pieces_of(text, (), identities(text, self.roster)))

    def _evidence(self, post: Post) -> tuple[list[Mark], list[list[Any]]]:
        """Marks in the text, and the file's list of words with their values, masked like the text."""
        items = read_evidence(post.evidence)
        listed = [[self.masked(words), value] for words, value in items]
        if self.scorer is None or not post.pair:
            return find_marks(post.text, items), listed
        judged = self.scorer.toward(post.text, post.pair)
        return exact_marks(post.text, judged.evidence, LABELS.index(toward(post))), listed


def toward(post: Post) -> str:
    """The label that the post's evidence speaks for or against."""
    return post.label if post.label in LABELS else LABELS[post.scores.index(max(post.scores))]
