"""A scored file as one HTML page for the supervisor's desk: counts, posts that need a look, what may be wrong."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from html import escape
from typing import TYPE_CHECKING

from netral_nlp.model.worth import worth_of
from netral_nlp.pages import charts
from netral_nlp.pages.shell import Page, whole_page
from netral_nlp.pages.tables import html_table
from netral_nlp.report.overview import DECIDED, Overview
from netral_nlp.report.reviewing import ReviewCounts, review_section
from netral_nlp.report.scored_law import LAW_WORDS, law_section
from netral_nlp.report.scored_posts import Veil, group_table, post_list, rejected_table
from netral_nlp.report.scored_words import WORDS, Language, number_in, percent_in

if TYPE_CHECKING:
    from netral_nlp.law.rules import Rules
    from netral_nlp.model.promise import Promise
    from netral_nlp.roster import Roster

LEAST_SAID = 0.01  # a share below which "at least" says nothing


@dataclass(frozen=True, slots=True)
class Basis:
    """What the scores rest on, as far as it was named.

    ``promise`` is None where no model was named or it keeps no test results; ``model`` are its facts. A
    ``prevalence`` is the share of supporting posts that is to be assumed.
    """

    version: str
    roster: Roster | None = None
    model: Mapping[str, object] | None = None
    promise: Promise | None = None
    prevalence: float | None = None
    max_fpr: float = 0.01
    law: Rules | None = None  # tables that name acts and exceptions


def scored_page(
    found: Overview,
    basis: Basis,
    *,
    language: Language = "id",
    identities: bool = False,
    reviewed: ReviewCounts | None = None,
) -> str:
    """The page: self-contained, with no script but that of tables, the same bytes for the same input.

    Without ``identities``, accounts, links, addresses and numbers of persons are masked, except the candidates' own
    accounts that the roster lists, and the contents of rejected rows are left out.
    """
    words = WORDS[language]
    veil = Veil(None if identities else basis.roster, not identities)
    parts = [
        f"<h1>{escape(words['title'])}</h1>",
        f'<p class="muted">{_opening(found, basis, words)}</p>',
        f'<p class="note">{escape(words["indication"])}</p>',
        *([] if reviewed is None else review_section(reviewed, language)),
        *counted_parts(found, basis, veil, language),
    ]
    parts += [f"<h2>{escape(words['look'])}</h2>", *post_list(found, veil, language)]
    parts += [f"<h2>{escape(words['rejects'])}</h2>", *rejected_table(found, veil, language)]
    parts += [f"<h2>{escape(words['basis'])}</h2>", _basis(found, basis, language, identities)]
    parts.append(f'<p class="note">{escape(words["indication"])}</p>')
    return whole_page(Page(words["title"], "\n".join(parts), language, output="report", sorts=True))


def counted_parts(found: Overview, basis: Basis, veil: Veil, language: Language) -> list[str]:
    """What the page says before it shows any post: counts, what error to expect, over time, by group."""
    words = WORDS[language]
    parts = [
        f"<h2>{escape(words['counts'])}</h2>",
        _tiles(found, language),
        f"<h2>{escape(words['expect'])}</h2>",
        *_expected(found, basis, language),
        *_over_time(found, basis, language),
        f"<h2>{escape(words['pairs'])}</h2>",
        group_table(found.pairs, words["pair"], words["nobody"], language, _pair_names(basis.roster)),
    ]
    for counts, heading, name in (
        (found.agencies, "agencies", "agency"),
        (found.platforms, "platforms", "platform"),
    ):
        if counts:
            parts.append(f"<h2>{escape(words[heading])}</h2>")
            parts.append(group_table(counts, words[name], words["empty"], language, veil.text))
    if found.law is not None:
        parts += law_section(found.law, basis.law, language, veil.text)
    return parts


def _opening(found: Overview, basis: Basis, words: Mapping[str, str]) -> str:
    told = [words["source"].format(found.name)]
    if basis.roster is not None:
        told.append(words["election"].format(basis.roster.election.name))
    if found.days:
        days = [day for day, _ in found.days]
        told.append(f"{min(days):%d/%m/%Y} – {max(days):%d/%m/%Y}")
    return " · ".join(escape(one) for one in told)


def _tiles(found: Overview, language: Language) -> str:
    words = WORDS[language]
    tiles = [("", words["scored"], found.rows, "")]
    tiles += [(label, words[label], found.labels[label], words[f"about_{label}"]) for label in DECIDED]
    tiles.append(("", words["rejected"], found.rejected_rows, ""))
    drawn = "".join(
        f"<li><b>{number_in(language, n)}</b><span>{_key(kind)}{escape(name)}</span><small>{escape(about)}</small></li>"
        for kind, name, n, about in tiles
    )
    return f'<ul class="tiles">{drawn}</ul>'


def _key(label: str) -> str:
    return charts.key(label) if label else ""


def _expected(found: Overview, basis: Basis, language: Language) -> list[str]:
    words = WORDS[language]
    if basis.promise is None:
        return [f"<p>{escape(words['no_held_out' if basis.model is not None else 'no_model'])}</p>"]
    called, named = found.labels["dukung"], sum(n for (pair, _), n in found.pairs.items() if pair)
    worth = worth_of(basis.promise.tested, called, named, basis.prevalence)
    share, least, _ = (percent_in(language, round(x, 2)) for x in worth.share)
    right = [round(100 * x) for x in worth.precision]
    wrong = [number_in(language, round(called * (1.0 - x))) for x in worth.precision]
    tested, kept = len(basis.promise.tested), basis.promise.kept
    rests = "rests_table" if basis.promise.basis == "table" else "rests_other"
    lines = [words["supporting_given"].format(share=share)] if worth.assumed else []
    lines.append(words["right"].format(right=right[0], low=right[1], high=right[2]))
    if called:
        n = number_in(language, called)
        lines.append(words["wrong_here"].format(n=n, wrong=wrong[0], low=wrong[2], high=wrong[1]))
    lines += [words[rests].format(tested=tested), words["score_means"]]
    if not worth.assumed and worth.share[1] >= LEAST_SAID:
        lines.append(words["at_least"].format(low=least))
    promise = words[f"promise_{basis.promise.basis}"].format(
        rate=percent_in(language, basis.max_fpr), kept=kept, tested=tested, own=basis.promise.own
    )
    shown = "".join(f"<li>{escape(line)}</li>" for line in lines)
    return [f'<ul class="expect">{shown}</ul>', f'<p class="muted">{escape(promise)}</p>']


def _over_time(found: Overview, basis: Basis, language: Language) -> list[str]:
    if not found.days:
        return []
    words = WORDS[language]
    step = charts.step_for([day for day, _ in found.days])
    title = words[f"per_{step}"]
    drawn = charts.over_time(title, found.days, _spans(basis.roster, words))
    rows = [
        (charts.day_name(day, step), *(number_in(language, n) for n in counts.values()))
        for day, counts in charts.by_step(found.days).items()
        if any(counts.values())
    ]
    table = html_table((words["begins"], *(words[label] for label in DECIDED)), rows, name=title)
    shown = charts.figure(drawn, title, {label: words[label] for label in DECIDED}, table, words["as_table"])
    parts = [f"<h2>{escape(words['time'])}</h2>", shown]
    if found.undated:
        parts.append(f'<p class="muted">{escape(words["undated"].format(n=number_in(language, found.undated)))}</p>')
    return parts


def _spans(roster: Roster | None, words: Mapping[str, str]) -> list[charts.Span]:
    if roster is None:
        return []
    dates = roster.election.dates
    vote: tuple[date, date] | None = (dates.vote, dates.vote) if dates.vote is not None else None
    known = (("campaign", dates.campaign), ("quiet", dates.quiet), ("vote", vote))
    return [charts.Span(words[name], *ends) for name, ends in known if ends is not None]


def _pair_names(roster: Roster | None) -> dict[str, str]:
    """For each pair its number before its id, where the roster gives one."""
    pairs = roster.pairs if roster is not None else ()
    return {pair.id: f"{pair.number}. {pair.id}" for pair in pairs if pair.number is not None}


def _basis(found: Overview, basis: Basis, language: Language, identities: bool) -> str:
    words = WORDS[language]
    model, roster = words["not_given"], words["not_given"]
    if basis.model is not None:
        elections, posts = basis.model.get("elections"), basis.model.get("posts")
        model = words["model_about"].format(
            posts=number_in(language, posts) if isinstance(posts, int) else "?",
            elections=len(elections) if isinstance(elections, list | tuple) else "?",
            digest=str(basis.model.get("file_sha256", "?"))[:16],
        )
    if basis.roster is not None:
        r = basis.roster
        roster = words["roster_about"].format(name=r.election.name, pairs=len(r.pairs), digest=r.digest[:16])
    masked = words["masked_no" if identities else "masked_yes"]
    rows = ((words["model"], model), (words["roster"], roster), (words["version"], f"netral-nlp {basis.version}"),
            (words["masked"], masked), *_law_basis(found, basis, language))  # fmt: skip
    return "<dl>" + "".join(f"<dt>{escape(a)}</dt><dd>{escape(b)}</dd>" for a, b in rows) + "</dl>"


def _law_basis(found: Overview, basis: Basis, language: Language) -> tuple[tuple[str, str], ...]:
    if basis.law is None:
        return ()
    words = LAW_WORDS[language]
    told = () if found.law is None else sorted(digest[:16] for digest in found.law.tables)
    scored = ", ".join(told) or words["law_untold"]
    return ((words["law"], words["law_about"].format(scored=scored, digest=basis.law.digest[:16])),)
