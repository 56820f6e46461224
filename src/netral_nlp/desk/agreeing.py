"""How the reviewers of a case decide, and how far any two of them agree: counts, and drawings of them for the owner."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from markupsafe import Markup

from netral_nlp.desk.case import Case
from netral_nlp.desk.pages import Pages
from netral_nlp.evaluation.agreement import agreement
from netral_nlp.pages.amounts import crossed, stacked
from netral_nlp.pages.charts import figure
from netral_nlp.pages.tables import html_table
from netral_nlp.records import LABELS
from netral_nlp.review.log import SKIP, UNCLEAR

SAID = (*LABELS, UNCLEAR)
MOST_CROSSED = 6  # twos of reviewers that are drawn, those with most posts in common first


@dataclass(frozen=True, slots=True)
class Crossing:
    """What two reviewers said of the same ``n`` posts: (first, second) -> posts.

    ``kappa`` is Cohen's over those that both gave a label; None where there is nothing to agree on.
    """

    first: str
    second: str
    counts: Mapping[tuple[str, str], int]
    kappa: float | None

    @property
    def n(self) -> int:
        return sum(self.counts.values())

    @property
    def agreed(self) -> int:
        return sum(n for (a, b), n in self.counts.items() if a == b)


def decisions_of(case: Case) -> dict[str, dict[str, int]]:
    """For each reviewer, the busiest first, how often each of :data:`SAID` holds now."""
    found: dict[str, dict[str, int]] = {}
    for who, said, n in case.many(
        "SELECT reviewer, decision, count(*) FROM opinions WHERE decision <> ? GROUP BY reviewer, decision", (SKIP,)
    ):
        found.setdefault(who, dict.fromkeys(SAID, 0))[said] = n
    return dict(sorted(found.items(), key=lambda item: (-sum(item[1].values()), item[0])))


def crossings_of(case: Case) -> list[Crossing]:
    """Every two reviewers who decided the same posts; what is counted is only what two have read."""
    found: dict[tuple[str, str], dict[tuple[str, str], int]] = {}
    for first, second, a, b, n in case.many(
        "SELECT a.reviewer, b.reviewer, a.decision, b.decision, count(*) FROM scored s JOIN opinions a ON a.key = s.key"
        " JOIN opinions b ON b.key = s.key AND b.reviewer > a.reviewer WHERE s.readers > 1 AND a.decision <> ?"
        " AND b.decision <> ? GROUP BY a.reviewer, b.reviewer, a.decision, b.decision", (SKIP, SKIP),
    ):  # fmt: skip
        found.setdefault((first, second), {})[a, b] = n
    made = [Crossing(*names, counts, _kappa(counts)) for names, counts in found.items()]
    return sorted(made, key=lambda one: (-one.n, one.first, one.second))


def _kappa(counts: Mapping[tuple[str, str], int]) -> float | None:
    labelled = [both for both, n in counts.items() for _ in range(n) if set(both) <= set(LABELS)]
    return agreement([a for a, _ in labelled], [b for _, b in labelled]).kappa if labelled else None


def agreement_parts(case: Case, pages: Pages) -> Markup:
    """Drawings for the page of the overview; nothing as long as nobody has decided."""
    decided, say = decisions_of(case), pages.say
    if not decided:
        return Markup("")
    names = {said: say(said) for said in SAID}
    header = (say("Peninjau"), *names.values())
    rows = [(who, *(pages.number(counts[said]) for said in SAID)) for who, counts in decided.items()]
    title = say("Keputusan tiap peninjau")
    table = html_table(header, rows, name=title)
    parts = [figure(stacked(title, decided, SAID, names), title, names, table, say("Angkanya"))]
    crossings = crossings_of(case)
    for one in crossings[:MOST_CROSSED]:
        title = say("Dua peninjau, unggahan yang sama")
        kappa = "–" if one.kappa is None else pages.number(one.kappa, 2)
        told = (
            f"{title}: {one.first} × {one.second}. {say('Sama pada')} {pages.number(one.agreed)} / "
            f"{pages.number(one.n)}; {say('kappa Cohen')} {kappa}"
        )
        shown = {(names[a], names[b]): n for (a, b), n in one.counts.items()}
        table = html_table(
            (f"{one.first} / {one.second}", *names.values()),
            [(a, *(pages.number(shown.get((a, b), 0)) for b in names.values())) for a in names.values()],
        )
        drawn = crossed(title, list(names.values()), shown, one.first, one.second)
        parts.append(figure(drawn, told, table=table, told=say("Angkanya")))
    if len(crossings) > MOST_CROSSED:
        left = f"{len(crossings) - MOST_CROSSED} {say('pasangan peninjau lain tidak digambar')}"
        parts.append(f'<p class="muted">{left}</p>')
    return Markup("\n".join(parts))
