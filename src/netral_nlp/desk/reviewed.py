"""What people decided in a case, beside what scoring said: for the report, and for the sheet of scored posts."""

from __future__ import annotations

from netral_nlp.desk.case import Case
from netral_nlp.records import LABELS
from netral_nlp.report.overview import DECIDED
from netral_nlp.report.reviewing import ReviewCounts
from netral_nlp.review.export import Labelled, labelled_posts, review_cells
from netral_nlp.review.log import UNCLEAR

SHEET = {  # column of the sheet: column of `netral review-export`
    "tinjauan": "label", "tinjauan_paslon": "pair", "peninjau": "peninjau", "sepakat": "sepakat",
    "tinjauan_perbuatan": "perbuatan", "tinjauan_pengecualian": "pengecualian", "sepakat_hukum": "sepakat_hukum",
    "catatan": "catatan",
}  # fmt: skip


def review_counts(case: Case) -> ReviewCounts:
    """How many of the scored posts people decided, and how."""
    decided = _decided(case)
    counts = {label: [0, 0, 0, 0, 0] for label in DECIDED}
    for label, n in case.many("SELECT label, count(*) FROM scored GROUP BY label"):
        counts.setdefault(label, [0, 0, 0, 0, 0])[0] += n
    for (_, label, pair), one in decided:
        row, verdict = counts[label], one.verdict
        row[1] += 1
        same = (verdict.label, verdict.pair) == (label, pair) or verdict.label == label == LABELS[1]
        row[4 if verdict.label == UNCLEAR else 2 if same else 3] += 1
    people = {who for _, one in decided for who in one.verdict.reviewers}
    rows = {label: (row[0], row[1], row[2], row[3], row[4]) for label, row in counts.items() if row[0]}
    differ = sum(not one.verdict.agreed for _, one in decided)
    return ReviewCounts(sum(row[0] for row in rows.values()), len(decided), len(people), differ, rows)


def review_rows(case: Case) -> dict[int, tuple[str, ...]]:
    """The cells of :data:`SHEET` for each decided post, by its line in the scored file."""
    found = ((line, review_cells(one)) for (line, _, _), one in _decided(case))
    return {line: tuple(cells[name] for name in SHEET.values()) for line, cells in found}


def _decided(case: Case) -> list[tuple[tuple[int, str, str], Labelled]]:
    """The decided posts with line, label and pair of the present scores."""
    found = []
    for one in labelled_posts(case):
        at = case.one("SELECT line, label, pair FROM scored WHERE key = ?", (one.post.key,))
        if at is not None:
            found.append(((int(at[0]), str(at[1]), str(at[2])), one))
    return found
