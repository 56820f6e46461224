"""What the law may call the posts of a scored file: counts of acts by phase, exceptions, and the lines of one post."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from html import escape
from typing import TypeVar

from netral_nlp.law.phases import PHASES
from netral_nlp.law.rules import Rules
from netral_nlp.law.tables import DISCIPLINE, LEVELS
from netral_nlp.pages import charts
from netral_nlp.pages.amounts import counted
from netral_nlp.pages.tables import html_table
from netral_nlp.report.scored_words import Language, number_in
from netral_nlp.scoring.scored import LAW_DIGEST, parts_of

Kind = TypeVar("Kind", str, tuple[str, str])
REASONS = 8  # of those why a person must look, the most frequent are listed
STEP = 3.0  # more than stance and exception together, so that no milder act stands before a graver one
MOST_KINDS = 2_000  # different cells that are counted; a column with more was not written by scoring

_ID = {
    "title": "Perbuatan menurut hukum",
    "about": "{acts} unggahan dapat mengindikasikan perbuatan yang dilarang bagi aparatur sipil negara; pada "
    "{withheld} di antaranya ada pengecualian yang perlu diperiksa. Satu unggahan dapat mengindikasikan beberapa "
    "perbuatan.",
    "only": "{n} unggahan lain memuat pengecualian tanpa perbuatan apa pun, misalnya berita atau ajakan datang ke TPS.",
    "item": "butir SKB",
    "none": "Tidak ada unggahan yang mengindikasikan perbuatan.",
    "first": "Yang dapat mengindikasikan perbuatan didahulukan, yang terberat paling atas.",
    "act": "perbuatan", "unknown": "tahap tidak diketahui", "total": "jumlah", "kinds": "Jenis: {told}.",
    "no_kind": "belum dapat ditentukan", "exceptions": "Pengecualian", "reasons": "Mengapa perlu dilihat orang",
    "indicated": "Dapat mengindikasikan", "exception": "Pengecualian", "words": "Isyarat", "check": "Periksa",
    "law": "Tabel hukum", "law_about": "dinilai dengan sidik {scored}; nama di halaman ini menurut sidik {digest}",
    "law_untold": "yang tidak tercatat",
}  # fmt: skip
_EN = {
    "title": "Acts as the law has them",
    "about": "{acts} posts may indicate an act that civil servants are forbidden; in {withheld} of them an exception "
    "needs a look. One post may indicate several acts.",
    "only": "{n} other posts hold an exception without any act, such as news or calls to vote.",
    "item": "item of the decree",
    "none": "No post indicates an act.",
    "first": "What may indicate an act comes before, the gravest first.",
    "act": "act", "unknown": "phase unknown", "total": "total", "kinds": "Class: {told}.",
    "no_kind": "not to be told", "exceptions": "Exceptions", "reasons": "Why a person must look",
    "indicated": "May indicate", "exception": "Exception", "words": "Cues", "check": "Check",
    "law": "Tables of the law", "law_about": "scored with digest {scored}; names on this page are of digest {digest}",
    "law_untold": "not recorded",
}  # fmt: skip
LAW_WORDS: Mapping[Language, Mapping[str, str]] = {"id": _ID, "en": _EN}


@dataclass(slots=True)
class LawCounts:
    """Posts by what the law columns say: ``acts`` counts (act, phase), ``kinds`` the classes of posts with an act."""

    posts: int = 0  # with an act
    withheld: int = 0  # of those with an act, with an exception
    only: int = 0  # with an exception and no act
    acts: Counter[tuple[str, str]] = field(default_factory=Counter)
    kinds: Counter[str] = field(default_factory=Counter)
    exceptions: Counter[str] = field(default_factory=Counter)
    reasons: Counter[str] = field(default_factory=Counter)
    tables: Counter[str] = field(default_factory=Counter)  # the digests of those that scoring used

    def count(self, law: Mapping[str, str]) -> None:
        """One post more."""
        if told := law.get(LAW_DIGEST, ""):
            self._add(self.tables, [told])
        acts = parts_of(law["perbuatan"])
        if acts:
            self.posts += 1
            self.kinds[law["jenis"]] += 1
            self._add(self.acts, [(act, law["tahap"]) for act in acts])
        if exception := law.get("pengecualian", ""):
            self.withheld += bool(acts)
            self.only += not acts
            self._add(self.exceptions, [exception])
        self._add(self.reasons, [part.partition(":")[0] for part in parts_of(law.get("periksa", ""))])

    @staticmethod
    def _add(counter: Counter[Kind], kinds: list[Kind]) -> None:
        counter.update([kind for kind in kinds if kind in counter or len(counter) < MOST_KINDS])


def law_need(law: Mapping[str, str] | None) -> float | None:
    """How much the law columns want a person to look: gravest acts first, then exceptions and what is nearly an act.

    >>> law_need({"perbuatan": "PARPOL", "jenis": "disiplin", "tingkat": "pemberhentian"})
    15.0
    >>> law_need({"perbuatan": "", "jenis": "", "periksa": "hampir mencapai ambang: TIM"})
    0.25
    >>> law_need({"perbuatan": "", "jenis": ""}) is None
    True
    """
    if law is None:
        return None
    if law["perbuatan"]:
        level = law.get("tingkat", "")
        grave = 1 + LEVELS.index(level) if level in LEVELS else 0
        return STEP * (1 + (law["jenis"] == DISCIPLINE) + grave)
    if law.get("pengecualian"):
        return 0.75
    return 0.25 if law.get("periksa") else None


def law_section(
    found: LawCounts, rules: Rules | None, language: Language, shown: Callable[[str], str]
) -> list[str]:  # fmt: skip
    """A table of acts by phase, the classes, exceptions and the reasons why a person must look.

    ``shown`` hides identities in a text that came from the file.
    """
    words = LAW_WORDS[language]
    parts = [f"<h2>{escape(words['title'])}</h2>"]
    if not found.posts and not found.only:
        return [*parts, f"<p>{escape(words['none'])}</p>"]
    told = words["about"].format(
        acts=number_in(language, found.posts), withheld=number_in(language, found.withheld)
    )  # fmt: skip
    if found.only:
        told = f"{told} {words['only'].format(n=number_in(language, found.only))}"
    parts.append(f"<p>{escape(told)}</p>")
    names = _names(rules, "perbuatan") | _names(rules, "pengecualian")
    if found.acts:
        parts.append(charts.figure(_chart(found, names, language, shown), words["title"]))
        parts.append(_table(found, names, language, shown))
        kinds = (f"{kind or words['no_kind']} {number_in(language, n)}" for kind, n in found.kinds.most_common())
        parts.append(f'<p class="muted">{escape(shown(words["kinds"].format(told=", ".join(kinds))))}</p>')
    for heading, counts in (("exceptions", found.exceptions), ("reasons", found.reasons)):
        if counts:
            listed = "".join(
                f"<li>{escape(shown(_named(one, names)))}: {number_in(language, n)}</li>"
                for one, n in sorted(counts.items(), key=lambda item: (-item[1], item[0]))[:REASONS]
            )
            parts.append(f"<h3>{escape(words[heading])}</h3><ul>{listed}</ul>")
    return parts


def _chart(found: LawCounts, names: Mapping[str, str], language: Language, shown: Callable[[str], str]) -> str:
    totals: Counter[str] = Counter()
    for (act, _), n in found.acts.items():
        totals[shown(names.get(act, act))] += n
    return counted(LAW_WORDS[language]["title"], dict(sorted(totals.items(), key=lambda item: (-item[1], item[0]))))


def _table(found: LawCounts, names: Mapping[str, str], language: Language, shown: Callable[[str], str]) -> str:
    words = LAW_WORDS[language]
    seen = {phase for _, phase in found.acts}
    phases = [*(phase for phase in PHASES if phase in seen), *sorted(seen - set(PHASES))]
    totals: Counter[str] = Counter()
    for (act, _), n in found.acts.items():
        totals[act] += n
    rows = [
        [shown(_named(act, names)), *(number_in(language, found.acts[act, phase]) for phase in phases),
         number_in(language, total)]
        for act, total in sorted(totals.items(), key=lambda item: (-item[1], item[0]))
    ]  # fmt: skip
    heads = (words["act"], *(shown(phase) or words["unknown"] for phase in phases), words["total"])
    return html_table(heads, rows, name=words["title"])


def law_lines(law: Mapping[str, str] | None, language: Language, shown: Callable[[str], str]) -> str:
    """What the law columns say of one post, in paragraphs; nothing where they say nothing."""
    if law is None or law_need(law) is None:
        return ""
    words = LAW_WORDS[language]
    facts = (
        law["perbuatan"],
        f"{words['item']} {law['butir']}" if law.get("butir") else "",
        law["tahap"] or words["unknown"],
        law["jenis"],
        law.get("tingkat", ""),
    )
    told = (
        ("indicated", " · ".join(fact for fact in facts if fact) if law["perbuatan"] else ""),
        ("exception", law.get("pengecualian", "")),
        ("words", law.get("isyarat", "")),
        ("check", law.get("periksa", "")),
    )
    lines = (f"<p><b>{escape(words[name])}:</b> {escape(shown(text))}</p>" for name, text in told if text)
    return "".join(lines)


def _names(rules: Rules | None, table: str) -> dict[str, str]:
    return {} if rules is None else {rule["kode"]: rule["nama"] for rule in rules.tables[table]}


def _named(code: str, names: Mapping[str, str]) -> str:
    return f"{names[code]} ({code})" if code in names else code
