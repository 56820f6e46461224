"""What speaks against an indication, and what nobody knows: on the same page as the indication itself."""

from __future__ import annotations

from collections.abc import Sequence

from netral_nlp.law.assessment import Assessment
from netral_nlp.law.rules import Rule, Rules
from netral_nlp.law.tables import CLEARS, DISCIPLINE, DISPUTED, TO_PERSON
from netral_nlp.scoring.scored import LAW_DIGEST, Judged

Possible = tuple[Rule, tuple[Rule, ...], bool]
"""An exception, its conditions, and whether scoring has read it in the post."""

EFFECT_WORDS = {
    CLEARS: "perbuatan tidak ditandai",
    TO_PERSON: "diserahkan kepada pemeriksa",
    DISPUTED: "diperselisihkan, diserahkan kepada pemeriksa",
}


def against(post: Judged, found: Assessment, exceptions: tuple[Possible, ...], rules: Rules) -> tuple[str, ...]:
    """What speaks against the indication, or leaves it to a person."""
    lines = []
    for rule, conditions, seen in exceptions:
        if seen:
            listed = "; ".join(c["syarat"] for c in conditions)
            named = f"Pengecualian {rule['kode']} ({rule['nama']})"
            lines.append(f"{named} terbaca; akibatnya: {EFFECT_WORDS[rule['akibat']]}. Syarat: {listed}.")
    if post.label != "dukung":
        lines.append(f'Label mesin untuk unggahan ini "{post.label}", bukan "dukung".')
    if post.scores is None:
        lines.append("Tidak ada pasangan yang dikenali dalam unggahan ini.")
    else:
        netral, tolak = (f"{score:.2f}".replace(".", ",") for score in post.scores[1:])
        lines.append(
            f"Skor mesin bagi label lain: netral {netral}, tolak {tolak}; skor bukan peluang adanya pelanggaran."
        )
    if post.law and post.law.get("periksa"):
        lines += [f"Perlu dilihat orang: {part.strip()}." for part in post.law["periksa"].split(";") if part.strip()]
    used = (post.law or {}).get(LAW_DIGEST, "")
    if used and used != rules.digest:
        lines.append(
            f"Perbuatan dinilai mesin dengan tabel hukum lain (sidik {used[:16]}) daripada berkas ini "
            f"({rules.digest[:16]}); nilai ulang dengan netral score --law bila tabelnya berubah."
        )
    topics = {act.code for act in found.acts} | {rule["kode"] for rule, _, seen in exceptions if seen}
    lines += [
        f"{rule['periksa'].capitalize()}: {rule['uraian']}."
        for rule in rules.tables["perselisihan"]
        if rule["tentang"] in topics
    ]
    return tuple(lines)


def unknown(
    found: Assessment, post: Judged, requirements: Sequence[tuple[str, str]], supervisor: Rule | None
) -> tuple[str, ...]:
    """What nobody gave and no rule on record tells."""
    empty = [name for name, value in requirements if not value and "(boleh kosong)" not in name]
    lines = [f"belum diisi: {', '.join(empty)}"] if empty else []
    if post.law is None and not found.acts:
        lines.append("perbuatan: belum dinilai (netral score --law) dan tidak disebut orang")
    if not found.phase:
        lines.append("tahap pemilihan: tidak dapat ditentukan")
    for act in found.acts:
        if not act.kind:
            lines.append(f"{act.code}: kode etik atau disiplin tidak dapat ditentukan")
        elif act.kind == DISCIPLINE and not act.level:
            lines.append(f"{act.code}: tingkat hukuman tidak tercatat atau belum diperiksa")
    if supervisor is None:
        lines.append("pengawas ASN: bergantung pada hari laporan, yang belum diisi")
    lines.append("siapa pemilik akun, dan apakah ia aparatur sipil negara: dibuktikan di luar berkas ini")
    return tuple(lines)
