"""What a reviewer can say of acts: the codes of the tables of the law, and an answer held against them."""

from __future__ import annotations

from collections.abc import Collection

from netral_nlp.errors import UsageError
from netral_nlp.law.rules import Rules
from netral_nlp.review.log import LawReview
from netral_nlp.scoring.scored import BETWEEN, parts_of


def names_of(rules: Rules, table: str) -> dict[str, str]:
    """The codes of acts or exceptions with their names, in the order of the tables; of several the last."""
    order = rules.acts if table == "perbuatan" else rules.exceptions
    names = {rule["kode"]: rule["nama"] for rule in rules.tables[table]}
    return {code: names[code] for code in order}


def checked_answer(law: LawReview, acts: Collection[str], exceptions: Collection[str]) -> LawReview:
    """The codes in the order of the tables; raises UsageError (Indonesian) for one that these do not have."""
    said, exception = parts_of(law.acts), law.exception.strip()
    for code in said:
        if code not in acts:
            raise UsageError(f'Perbuatan "{code[:40]}" tidak dikenal.')
    if exception and exception not in exceptions:
        raise UsageError(f'Pengecualian "{exception[:40]}" tidak dikenal.')
    return LawReview(BETWEEN.join(code for code in acts if code in said), exception)
