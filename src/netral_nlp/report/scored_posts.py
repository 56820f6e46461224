"""The lists of the report on scored posts: groups with their labels, posts with their evidence, rejected rows."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Mapping
from html import escape

from netral_nlp.pages.amounts import shares
from netral_nlp.pages.tables import framed
from netral_nlp.report.overview import DECIDED, Overview
from netral_nlp.report.scored_law import LAW_WORDS, law_lines
from netral_nlp.report.scored_words import WORDS, Language, number_in, reason_in
from netral_nlp.report.showing import find_marks, pieces_of, read_evidence
from netral_nlp.roster import Roster
from netral_nlp.roster.identities import identities, mask_account
from netral_nlp.scoring.scored import Flagged

GROUPS = 15  # lines of a table of agencies or platforms
SHORTEST_ACCOUNT = 4  # letters; a shorter name would hide ordinary words
LONGEST = 5_000  # characters of a post that the list shows


class Veil:
    """Hides who is who, unless it is lifted."""

    def __init__(self, roster: Roster | None, down: bool) -> None:
        self.roster = roster
        self.down = down

    def masks(self, text: str, account: str = "") -> list[tuple[int, int, str]]:
        """Which stretches are hidden and what is shown instead: accounts, links, addresses, numbers, and the
        writer's own name."""
        if not self.down:
            return []
        found = identities(text, self.roster)
        name = account.strip().lstrip("@")
        if len(name) >= SHORTEST_ACCOUNT:
            own = re.compile(rf"(?<!\w){re.escape(name)}(?!\w)", re.IGNORECASE)
            found += [(*m.span(), mask_account(name)) for m in own.finditer(text)]
        return found

    def text(self, text: str) -> str:
        """A text without what is hidden."""
        return "".join(p.text for p in pieces_of(text, (), self.masks(text)))

    def account(self, account: str) -> str:
        return mask_account(account) if self.down else account


def group_table(
    counts: Mapping[tuple[str, str], int],
    name: str,
    nameless: str,
    language: Language,
    shown: Callable[[str], str] | Mapping[str, str],
) -> str:
    """One line a group, the largest first: posts, each label, and their shares as a bar."""
    words = WORDS[language]
    groups: dict[str, Counter[str]] = {}
    for (group, label), n in counts.items():
        groups.setdefault(group, Counter())[label] += n
    ordered = sorted(groups.items(), key=lambda item: (-item[1].total(), item[0]))
    lines = []
    for group, labels in ordered[:GROUPS]:
        written = shown(group) if callable(shown) else shown.get(group, group)
        lines.append(_group(written or nameless, labels, language))
    if rest := ordered[GROUPS:]:
        others = sum((labels for _, labels in rest), Counter[str]())
        lines.append(_group(words["others"].format(n=number_in(language, len(rest))), others, language))
    head = "".join(f'<th scope="col">{escape(x)}</th>' for x in (name, words["posts"], *(words[y] for y in DECIDED)))
    share = f'<th scope="col" class="bar">{escape(words["share"])}</th>'
    return framed(f"<thead><tr>{head}{share}</tr></thead><tbody>{''.join(lines)}</tbody>", name)


def _group(name: str, labels: Counter[str], language: Language) -> str:
    numbers = (labels.total(), *(labels[label] for label in DECIDED))
    cells = "".join(f"<td>{number_in(language, n)}</td>" for n in numbers)
    return f'<tr><td>{escape(name)}</td>{cells}<td class="bar">{shares(labels, name)}</td></tr>'


def post_list(found: Overview, veil: Veil, language: Language) -> list[str]:
    """The posts that need a look, most needed first."""
    words = WORDS[language]
    if not found.need_look:
        return [f"<p>{escape(words['look_none'])}</p>"]
    shown, total = number_in(language, len(found.flagged)), number_in(language, found.need_look)
    told = escape(words["marks"]).format(
        for_it=f'<mark class="pro">{escape(words["for"])}</mark>',
        against=f'<mark class="con">{escape(words["against"])}</mark>',
    )
    if found.law is not None:
        told = f"{escape(LAW_WORDS[language]['first'])} {told}"
    items = "".join(_post(post, veil, language) for post in found.flagged)
    return [
        f'<p class="muted">{escape(words["look_about"].format(shown=shown, all=total))} {told}</p>',
        f'<ol class="posts" data-filter="{escape(words["search"])}">{items}</ol>',
    ]


def _post(post: Flagged, veil: Veil, language: Language) -> str:
    words = WORDS[language]
    evidence = read_evidence(post.evidence.removeprefix("'"))  # Excel's guard against formulas
    text = post.text if len(post.text) <= LONGEST else post.text[:LONGEST] + "…"
    toward = words["toward"].format(pair=post.pair) if post.pair else words["toward_none"]
    named = zip(("dukung", "netral", "tolak"), post.scores, strict=True) if post.scores else ()
    scores = ", ".join(f"{label} {_decimal(value, language, '.2f')}" for label, value in named)
    about = [f"{words['line']} {number_in(language, post.line)}", post.id and f"id {veil.text(post.id)}",
             veil.text(post.time), veil.text(post.platform), veil.account(post.account),
             veil.text(post.agency)]  # fmt: skip
    quoted = []
    for piece in pieces_of(text, find_marks(text, evidence), veil.masks(text, post.account)):
        shown = escape(piece.text)
        if piece.masked:
            shown = f'<span class="masked">{shown}</span>'
        if piece.value is not None:
            shown = f'<mark class="{"pro" if piece.value > 0 else "con"}">{shown}</mark>'
        quoted.append(shown)
    sides = []
    for name, sign in (("evidence", 1), ("counter", -1)):
        listed = [f"{veil.text(w)} {_decimal(v, language, '+.1f')}" for w, v in evidence if v * sign > 0]
        if listed:
            sides.append(f"<p><b>{escape(words[name])}:</b> {escape('; '.join(listed))}</p>")
    return (
        f'<li class="{post.label}"><h3>{escape(words[post.label])} <span>{escape(toward)} · {escape(words["score"])}: '
        f'{escape(scores or "–")}</span></h3><p class="muted">{escape(" · ".join(x for x in about if x))}</p>'
        f"<blockquote>{''.join(quoted)}</blockquote>{law_lines(post.law, language, veil.text)}"
        f"{''.join(sides) or '<p>' + escape(words['no_evidence'] if post.scores else words['no_pair']) + '</p>'}</li>"
    )


def _decimal(value: float, language: Language, form: str) -> str:
    text = format(value, form)
    return text.replace(".", ",") if language == "id" else text


def rejected_table(found: Overview, veil: Veil, language: Language) -> list[str]:
    """The rows that could not be scored, with reasons; with their contents only where identities may be seen."""
    words = WORDS[language]
    parts = []
    if found.rejected:
        names = [words["line"], words["reason"], *(() if veil.down else (words["content"],))]
        head = "".join(f'<th scope="col">{escape(x)}</th>' for x in names)
        rows = "".join(
            f"<tr><td>{number_in(language, r.line)}</td><td>{escape(veil.text(reason_in(language, r.reason)))}</td>"
            + ("" if veil.down else f"<td>{escape(r.raw)}</td>")
            + "</tr>"
            for r in found.rejected
        )
        parts.append(framed(f"<thead><tr>{head}</tr></thead><tbody>{rows}</tbody>", words["rejects"], "wide words"))
    else:
        parts.append(f"<p>{escape(words['rejects_none'])}</p>")
    if found.rejected_rows > len(found.rejected):
        told = words["rejects_more"].format(
            shown=number_in(language, len(found.rejected)), all=number_in(language, found.rejected_rows),
            file=f"{found.name}.rejected.csv",
        )  # fmt: skip
        parts.append(f'<p class="muted">{escape(told)}</p>')
    if found.unreadable:
        parts.append(f"<p>{escape(words['unreadable'].format(n=number_in(language, found.unreadable)))}</p>")
    return parts
