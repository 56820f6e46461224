"""What people made of the machine's labels, as a part of the report: how many were read, and what they said of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from html import escape

from netral_nlp.pages.tables import html_table
from netral_nlp.report.scored_words import Language, number_in

HEADS = {
    "id": ("Label mesin", "Unggahan", "Dibaca orang", "Dibenarkan", "Diputuskan lain", "Tidak jelas"),
    "en": ("Label of the machine", "Posts", "Read", "Confirmed", "Decided otherwise", "Unclear"),
}
TITLE = {"id": "Yang sudah dibaca orang", "en": "What people have read"}
TOLD = {
    "id": (
        "{read} dari {total} unggahan sudah dibaca dan diputuskan orang, oleh {people} peninjau; pada {differ} "
        "unggahan para peninjau berbeda pendapat. Hitungan lain di laporan ini berasal dari mesin."
    ),
    "en": (
        "{read} of {total} posts were read and decided by people, by {people} reviewers; on {differ} posts they "
        "differ. All other counts of this report are the machine's."
    ),
}


@dataclass(frozen=True, slots=True)
class ReviewCounts:
    """Counts of posts. ``labels`` holds, by the machine's label: all, read, confirmed, decided otherwise, unclear.

    Confirmed is the same label toward the same pair.
    """

    total: int
    read: int
    reviewers: int
    differ: int
    labels: Mapping[str, tuple[int, int, int, int, int]]


def review_section(counts: ReviewCounts, language: Language) -> list[str]:
    """The heading, a sentence and a table."""
    numbers = {"read": counts.read, "total": counts.total, "people": counts.reviewers, "differ": counts.differ}
    told = TOLD[language].format(**{name: number_in(language, n) for name, n in numbers.items()})
    rows = [(label, *(number_in(language, n) for n in row)) for label, row in counts.labels.items()]
    title = TITLE[language]
    table = html_table(HEADS[language], rows, name=title)
    return [f"<h2>{escape(title)}</h2>", f'<p id="dibaca">{escape(told)}</p>', table]
