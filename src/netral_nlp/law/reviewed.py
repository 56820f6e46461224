"""What people said of a post, as its file tells it: before anything that a machine says of it."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass

from netral_nlp.law.doubts import EFFECT_WORDS, Possible
from netral_nlp.law.moments import read_moment, say_day
from netral_nlp.law.rules import acts_in

SUPPORT = "dukung"
NO_ACT = "tidak ada perbuatan"


@dataclass(frozen=True, slots=True)
class Opinion:
    """What one person holds: ``decision`` toward ``pair`` since ``at`` (ISO, UTC).

    ``acts`` and ``exception`` are codes, None where the person said nothing of acts; "" is an answer.
    """

    reviewer: str
    at: str
    decision: str
    pair: str = ""
    acts: str | None = None
    exception: str | None = None
    note: str = ""


@dataclass(frozen=True, slots=True)
class Reviewed:
    """What all reviewers of a post hold, and what follows: ``decision`` is "" where nobody decided.

    ``acts`` and ``exception`` are those of most, None where nobody spoke of acts or as many say one as another;
    ``agreed`` and ``acts_agreed`` are False where they differ.
    """

    opinions: tuple[Opinion, ...] = ()
    decision: str = ""
    pair: str = ""
    agreed: bool = True
    acts: str | None = None
    exception: str | None = None
    acts_agreed: bool = True

    @property
    def spoke_of_acts(self) -> bool:
        """Whether anybody looked at acts and exceptions."""
        return any(one.acts is not None for one in self.opinions)

    @property
    def names(self) -> str:
        """Who reviewed."""
        return ", ".join(one.reviewer for one in self.opinions)

    def digest(self) -> str:
        """SHA-256 of all that is told here."""
        said = json.dumps(asdict(self), ensure_ascii=False, sort_keys=True)
        return hashlib.sha256(said.encode("utf-8", "surrogatepass")).hexdigest()


def when(at: str, zone: str) -> str:
    """The local moment of a decision in words; as it is written where it cannot be read."""
    moment = read_moment(at, zone)
    if moment is None:
        return at
    return say_day(moment.day) + (f" pukul {moment.hour:%H.%M}" if moment.hour else "")


def acts_for_facts(reviewed: Reviewed | None, told: str) -> tuple[str, str]:
    """The acts that a file on a post begins with where nobody named any, and a sentence on whose they are.

    People's answer goes before ``told``, what scoring says; where they differ evenly nobody's is taken.
    """
    if reviewed is not None and reviewed.spoke_of_acts:
        if reviewed.acts is None:
            return "", "Para peninjau berbeda pendapat tentang perbuatannya; tidak satu pun diambil ke berkas ini."
        if reviewed.acts:
            return reviewed.acts, f"Perbuatan diambil dari tinjauan orang ({reviewed.names}), bukan dari mesin."
        return "", f"Menurut tinjauan orang ({reviewed.names}) tidak ada perbuatan yang dilarang."
    if told:
        return told, "Perbuatan diambil dari kolom hukum hasil penilaian mesin, bukan dari orang."
    return "", ""


def against_by_people(reviewed: Reviewed | None, exceptions: Sequence[Possible], told: str) -> tuple[str, ...]:
    """What reviewers hold against the indication, the exception first; ``told`` are the acts that scoring says."""
    if reviewed is None:
        return ()
    lines = []
    for rule, conditions, _ in exceptions:
        who = [one.reviewer for one in reviewed.opinions if one.exception == rule["kode"]]
        if who:
            listed = "; ".join(c["syarat"] for c in conditions)
            named = f"Pengecualian {rule['kode']} ({rule['nama']})"
            effect = EFFECT_WORDS[rule["akibat"]]
            lines.append(f"{named} dinyatakan peninjau ({', '.join(who)}); akibatnya: {effect}. Syarat: {listed}.")
    lines += [
        f'Keputusan peninjau {one.reviewer}: "{one.decision}", bukan "{SUPPORT}".'
        for one in reviewed.opinions
        if one.decision != SUPPORT
    ]
    said = [acts_in(one.acts) for one in reviewed.opinions if one.acts is not None]
    refused = [act for act in acts_in(told) if said and not any(act in acts for acts in said)]
    if refused:
        lines.append(f"Usulan mesin yang tidak dibenarkan peninjau: {'; '.join(refused)}.")
    if not reviewed.agreed or not reviewed.acts_agreed:
        lines.append("Para peninjau berbeda pendapat tentang unggahan ini.")
    return tuple(lines)
