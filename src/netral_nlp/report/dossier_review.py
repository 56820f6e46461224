"""The parts of a dossier's page that say what people decided, and, behind it, what the machine had said."""

from __future__ import annotations

from html import escape

from netral_nlp.law.dossier import Dossier
from netral_nlp.law.reviewed import NO_ACT, when
from netral_nlp.pages.tables import html_table
from netral_nlp.roster.elections import ZONES
from netral_nlp.roster.identities import mask_identities

HEADS = ("Peninjau", "Waktu", "Keputusan", "Perbuatan", "Pengecualian", "Catatan")


def review_section(dossier: Dossier) -> str:
    """What each reviewer decided and when, and what holds of it."""
    title, reviewed = "<h2>Tinjauan orang</h2>", dossier.reviewed
    if reviewed is None:
        return f"{title}<p class=empty>Tidak ada catatan tinjauan yang diserahkan bersama berkas ini.</p>"
    if not reviewed.opinions:
        return f"{title}<p class=empty>Unggahan ini belum ditinjau orang.</p>"
    zone = dossier.roster.election.zone if dossier.roster else ZONES[0]
    rows = [
        (
            one.reviewer, when(one.at, zone), f"{one.decision}{f' ({one.pair})' if one.pair else ''}",
            "belum diperiksa" if one.acts is None else one.acts or NO_ACT,
            "belum diperiksa" if one.exception is None else one.exception or "tidak ada",
            mask_identities(one.note, dossier.roster) or "–",
        )
        for one in reviewed.opinions
    ]  # fmt: skip
    holds = f"Yang berlaku: {reviewed.decision or 'belum diputuskan'}"
    if reviewed.acts is not None:
        holds += f"; perbuatan: {reviewed.acts or NO_ACT}; pengecualian: {reviewed.exception or 'tidak ada'}"
    if not reviewed.agreed or not reviewed.acts_agreed:
        holds += "; para peninjau berbeda pendapat"
    return f"{title}<p><b>{escape(holds)}.</b></p>{html_table(HEADS, rows, 'wide words', name='Tinjauan orang')}"


def machine_rows(dossier: Dossier) -> list[tuple[str, str]]:
    """What scoring says of the post, as names and values."""
    post = dossier.post
    law = post.law or {}
    rows = [("label mesin", post.label), ("kata yang menentukan", post.evidence)]
    if post.law is not None:
        rows.append(("perbuatan menurut mesin", law.get("perbuatan", "") or NO_ACT))
        rows.append(("pengecualian menurut mesin", law.get("pengecualian", "") or "tidak ada"))
    return rows
