"""What reviewers hold of a post, as the file on it tells it."""

from __future__ import annotations

from collections.abc import Iterable

from netral_nlp.law.reviewed import Opinion, Reviewed
from netral_nlp.review.log import Decision, Standing, law_verdict_of


def reviewed_by(lines: Iterable[Decision], key: str) -> Reviewed:
    """What follows of one post from lines of the log; skips are no opinions unless they speak of acts."""
    standing = Standing()
    standing.apply(lines)
    held = {who: d for who, d in standing.opinions(key).items() if d.law is not None or who in standing.labelled(key)}
    opinions = tuple(
        Opinion(
            who, d.at, d.decision, d.pair, None if d.law is None else d.law.acts,
            None if d.law is None else d.law.exception, d.note,
        )
        for who, d in sorted(held.items(), key=lambda item: item[1].number)
    )  # fmt: skip
    verdict, law = standing.verdicts.get(key), law_verdict_of(held)
    return Reviewed(
        opinions, "" if verdict is None else verdict.label, "" if verdict is None else verdict.pair,
        verdict is None or verdict.agreed,
        None if law is None or law.law is None else law.law.acts,
        None if law is None or law.law is None else law.law.exception,
        law is None or law.agreed,
    )  # fmt: skip
