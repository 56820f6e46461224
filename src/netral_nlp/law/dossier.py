"""The file on one post: what may be indicated, what the form still lacks, what speaks against it, what nobody knows."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from netral_nlp.law.assessment import TIMELY, UNKNOWN, Assessment, assess
from netral_nlp.law.doubts import Possible, against, unknown
from netral_nlp.law.evidence import Exhibit
from netral_nlp.law.facts import Case, make_case, said
from netral_nlp.law.reviewed import Reviewed, acts_for_facts, against_by_people
from netral_nlp.law.rules import Rule, Rules, acts_in
from netral_nlp.law.tables import ETHICS
from netral_nlp.roster.elections import Roster
from netral_nlp.roster.identities import mask_account, mask_identities
from netral_nlp.scoring.scored import LAW_DIGEST, Judged

NOT_GIVEN = "belum diisi"
CAUTION = (
    "Berkas ini dapat mengindikasikan dugaan pelanggaran; ia bukan putusan. Mesin membaca teks saja: siapa pemilik "
    "akun, apa yang ada pada gambar, dan apakah keterangan benar, diperiksa oleh orang. Keputusan ada pada pengawas."
)


@dataclass(frozen=True)
class Requirement:
    """A field of the form; ``met`` is None where it is not required."""

    place: str
    name: str
    group: str
    value: str
    met: bool | None


@dataclass(frozen=True)
class Dossier:
    """Everything that goes into the documents. ``post`` shows no identity that nobody gave.

    ``against`` are sentences that speak against the indication, ``unknown`` what nobody knows, both in Indonesian;
    ``exceptions`` all exceptions with whether scoring has seen one. ``trail`` says what it was made from.
    """

    assessment: Assessment
    roster: Roster | None
    post: Judged
    requirements: tuple[Requirement, ...]
    exceptions: tuple[Possible, ...]
    sanctions: tuple[Rule, ...]
    criminal: tuple[Rule, ...]
    channel: tuple[Rule, ...]
    against: tuple[str, ...]
    unknown: tuple[str, ...]
    exhibits: tuple[Exhibit, ...]
    trail: Mapping[str, Any]
    reviewed: Reviewed | None = None  # None where no review was handed over


def make_dossier(
    post: Judged,
    facts: Mapping[str, Any],
    roster: Roster | None,
    rules: Rules,
    exhibits: tuple[Exhibit, ...] = (),
    trail: Mapping[str, Any] | None = None,
    reviewed: Reviewed | None = None,
) -> Dossier:
    """The file on a post, from its row and what people gave; nothing is invented.

    Of the row, the time of the post stands for the day of the act; for acts that nobody named stand those of the
    ``reviewed`` post, else those of its row, all said.
    """
    filled, notes = _filled(post, facts, exhibits, reviewed)
    about = {**facts, "id": post.id, "election": roster.election.id if roster else facts.get("election")}
    case = make_case(about, filled, "the facts")
    case = replace(case, notes=(*case.notes, *notes))
    found = assess(case, roster.election if roster else None, rules)
    act_day = found.act_moment.day if found.act_moment else None
    levels = {act.level for act in found.acts if act.level}
    levels |= {"etik"} if any(act.kind == ETHICS for act in found.acts) else set()
    seen, told = ((post.law or {}).get(name, "") for name in ("pengecualian", "perbuatan"))
    exceptions = tuple(
        (rule, rules.all("syarat_pengecualian", act_day, pengecualian=rule["kode"]), rule["kode"] in acts_in(seen))
        for rule in sorted(rules.all("pengecualian", act_day), key=lambda rule: int(rule["urutan"]))
    )
    supervisor = found.supervisor
    shown = _masked(post, case, roster)
    requirements = _requirements(found, rules)
    return Dossier(
        found, roster, shown, requirements, exceptions,
        tuple(r for r in rules.tables["sanksi"] if act_day and r.holds(act_day) and r["tingkat"] in levels),
        tuple(rules.all("pidana", act_day, rezim=found.regime)) if act_day and found.acts else (),
        tuple(r for r in rules.all("saluran", found.reported.day, pengawas=supervisor["pengawas"]) if r["langkah"])
        if supervisor and found.reported else (),
        (*against_by_people(reviewed, exceptions, told), *against(shown, found, exceptions, rules)),
        unknown(found, shown, [(r.name, r.value) for r in requirements], supervisor),
        exhibits, trail or {}, reviewed,
    )  # fmt: skip


def _filled(
    post: Judged, facts: Mapping[str, Any], exhibits: tuple[Exhibit, ...], reviewed: Reviewed | None
) -> tuple[dict[str, Any], list[str]]:
    """The facts, with what the row and the folder of evidence add to them, and sentences about that."""
    filled = dict(facts)
    notes = []
    if not said(filled.get("waktu_kejadian")) and post.time:
        filled["waktu_kejadian"] = post.time
        notes.append("Waktu kejadian diambil dari waktu unggahan; periksa bila peristiwanya pada hari lain.")
    if not said(filled.get("perbuatan")):
        acts, whose = acts_for_facts(reviewed, (post.law or {}).get("perbuatan", ""))
        filled |= {"perbuatan": acts} if acts else {}
        notes += [whose] if whose else []
    if not said(filled.get("bukti")) and exhibits:
        filled["bukti"] = [exhibit.name for exhibit in exhibits]
    return filled, notes


def _masked(post: Judged, case: Case, roster: Roster | None) -> Judged:
    """The post without identities; the account stays where somebody gave it as that of the reported person."""
    given = case.text("terlapor.akun").lstrip("@").casefold()
    own = post.account.lstrip("@").casefold()
    account = post.account if given and given == own else mask_account(post.account)
    law = None  # a digest may hold what looks like a telephone number
    if post.law is not None:
        law = {k: v if k == LAW_DIGEST else mask_identities(v, roster) for k, v in post.law.items()}
    text, evidence = mask_identities(post.text, roster), mask_identities(post.evidence, roster)
    return replace(post, id=mask_identities(post.id), account=account, text=text, evidence=evidence, law=law)


def _met(rule: Rule, found: Assessment, still: set[str]) -> bool | None:
    """Whether a field is ticked; in time is only ticked where that could be told."""
    if rule["wajib"] != "ya":
        return None
    return rule["bidang"] not in still and not (rule["bidang"] == TIMELY and found.timely == UNKNOWN)


def _requirements(found: Assessment, rules: Rules) -> tuple[Requirement, ...]:
    """The fields of the form in its order, ticked or open."""
    still = {*found.formal, *found.material}
    rows = [r for r in rules.tables["syarat"] if found.form and r["formulir"] == found.form["formulir"]]
    return tuple(
        Requirement(
            rule["bidang"], rule["nama"], rule["kelompok"],
            found.timely if rule["bidang"] == TIMELY else found.case.text(rule["bidang"]),
            _met(rule, found, still),
        )
        for rule in sorted(rows, key=lambda rule: int(rule["urutan"]))
    )  # fmt: skip
