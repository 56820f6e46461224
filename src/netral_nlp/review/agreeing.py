"""How far the reviewers of one file agree."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from itertools import combinations
from typing import Any

from netral_nlp.agreement import agreement
from netral_nlp.records import LABELS
from netral_nlp.review.log import Standing


def agreements(standing: Standing, keys: Iterable[str]) -> list[dict[str, Any]]:
    """Cohen's kappa for every two reviewers who decided the same posts, toward whichever pair.

    Posts that either called unclear cannot agree or differ in a label; ``unclear`` counts them apart.
    """
    both: dict[tuple[str, str], list[tuple[str, str]]] = {}
    unclear: Counter[tuple[str, str]] = Counter()
    for key in keys:
        held = standing.labelled(key)
        for a, b in combinations(sorted(held), 2):
            labels = (held[a].decision, held[b].decision)
            if set(labels) <= set(LABELS):
                both.setdefault((a, b), []).append(labels)
            else:
                unclear[a, b] += 1
    found = []
    for pair in sorted(both.keys() | unclear.keys()):
        rows = both.get(pair, [])
        measured = agreement([x for x, _ in rows], [y for _, y in rows]) if rows else None
        found.append({
            "reviewers": list(pair), "n": len(rows), "unclear": unclear[pair],
            "agreed": measured.agreed if measured else 0, "kappa": measured.kappa if measured else None,
            "ci95": list(measured.interval) if measured and measured.interval else None,
        })  # fmt: skip
    return found
