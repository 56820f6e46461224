"""A dossier as the JSON document that other programs read."""

from __future__ import annotations

from typing import Any

from netral_nlp.law.dossier import CAUTION, NOT_GIVEN, Dossier
from netral_nlp.law.workdays import Deadline
from netral_nlp.roster.identities import mask_identities

SCHEMA = 1


def document_of(dossier: Dossier) -> dict[str, Any]:
    """The content of ``berkas.json``."""
    found, post = dossier.assessment, dossier.post
    return {
        "schema": SCHEMA,
        "pernyataan": CAUTION,
        "pemilihan": _election(dossier),
        "perkara": found.case.kind,
        "formulir": found.form["formulir"] if found.form else None,
        "hasil": found.result(),
        "syarat": [
            {"bidang": r.place, "nama": r.name, "kelompok": r.group, "isi": r.value or NOT_GIVEN, "terpenuhi": r.met}
            for r in dossier.requirements
        ],
        "tenggat": [_deadline(deadline) for deadline in found.deadlines.values() if deadline],
        "diterima_karena": found.received.why if found.received else None,
        "tahap": found.phase,
        "perbuatan": [
            {
                "kode": act.code, "nama": act.name, "jenis": act.kind, "tingkat": act.level,
                "butir": [rule["butir"] for rule in act.items],
                "dasar": list(dict.fromkeys(rule.basis for rule in act.rules)),
            }
            for act in found.acts
        ],
        "sanksi": [{"tingkat": r["tingkat"], "sanksi": r["sanksi"], "dasar": r.basis} for r in dossier.sanctions],
        "pidana_ditunjukkan": [
            {"pasal": r["pasal"], "sasaran": r["sasaran"], "uraian": r["uraian"]} for r in dossier.criminal
        ],
        "saluran": [{"langkah": r["langkah"], "uraian": r["uraian"], "dasar": r.basis} for r in dossier.channel],
        "tinjauan": _review(dossier),
        "unggahan": {
            "id": post.id, "baris": post.line, "teks": post.text, "waktu": post.time, "akun": post.account,
            "platform": post.platform, "instansi": post.agency, "paslon": post.pair, "label": post.label,
            "skor": list(post.scores) if post.scores else None, "kata_yang_menentukan": post.evidence,
            "kolom_hukum": post.law,
        },
        "melawan_dugaan": list(dossier.against),
        "pengecualian": [
            {"kode": r["kode"], "nama": r["nama"], "akibat": r["akibat"], "terbaca": seen,
             "syarat": [c["syarat"] for c in conditions]}
            for r, conditions, seen in dossier.exceptions
        ],
        "bukti": [
            {"berkas": e.name, "ukuran_byte": e.size, "sha256": e.digest, "dihitung": e.at} for e in dossier.exhibits
        ],
        "catatan": [*found.contradictions, *found.notes],
        "belum_diketahui": list(dossier.unknown),
    }  # fmt: skip


def _review(dossier: Dossier) -> dict[str, Any] | None:
    """What people decided; None where no review was handed over."""
    found = dossier.reviewed
    if found is None:
        return None
    return {
        "keputusan": found.decision or None, "paslon": found.pair or None, "sepakat": found.agreed,
        "perbuatan": found.acts, "pengecualian": found.exception, "sepakat_hukum": found.acts_agreed,
        "peninjau": [
            {"nama": one.reviewer, "waktu": one.at, "keputusan": one.decision, "paslon": one.pair,
             "perbuatan": one.acts, "pengecualian": one.exception,
             "catatan": mask_identities(one.note, dossier.roster)}
            for one in found.opinions
        ],
    }  # fmt: skip


def _election(dossier: Dossier) -> dict[str, Any]:
    if dossier.roster is None:
        return {"id": dossier.assessment.case.election, "nama": None, "zona": None, "rezim": dossier.assessment.regime}
    election = dossier.roster.election
    return {"id": election.id, "nama": election.name, "zona": election.zone, "rezim": dossier.assessment.regime}


def _deadline(deadline: Deadline) -> dict[str, Any]:
    return {
        "langkah": deadline.step,
        "jumlah": deadline.count,
        "satuan": deadline.unit,
        "dihitung_dari": deadline.counted_from,
        "hari_itu": deadline.start.isoformat() if deadline.start else None,
        "sampai": deadline.until.isoformat() if deadline.until else None,
        "hitungan_ketat_sampai": deadline.strict.isoformat() if deadline.strict else None,
        "dasar": deadline.rule.basis,
        "kepastian": deadline.rule.sureness,
    }
