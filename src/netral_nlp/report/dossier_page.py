"""A dossier as a page to read, print and sign: one HTML file, in Indonesian, A4 or on a telephone."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from html import escape

from netral_nlp.law.assessment import TIMELY
from netral_nlp.law.dossier import CAUTION, NOT_GIVEN, Dossier, Requirement
from netral_nlp.law.doubts import EFFECT_WORDS
from netral_nlp.law.facts import DAYS
from netral_nlp.law.moments import Moment, say_day
from netral_nlp.law.tables import CALENDAR
from netral_nlp.pages.shell import Page, whole_page
from netral_nlp.report.dossier_review import machine_rows, review_section
from netral_nlp.roster.elections import ZONES

STEP_NAMES = {
    "laporan": "batas melapor",
    "kajian awal": "kajian awal",
    "perbaikan": "melengkapi laporan",
    "penanganan": "penanganan",
    "penanganan tambahan": "penanganan, bila perlu keterangan tambahan",
}
START_NAMES = {
    "diketahui": "hari diketahui",
    "diterima": "hari diterima",
    "diberitahukan": "hari diberitahukan",
    "diregistrasi": "hari diregistrasi",
}
DIGEST = "SHA-256"
GROUPS = {"formal": "Syarat formal", "materiel": "Syarat materiel"}
IN_TIME = {
    "ya": "ya",
    "batas": "tepat pada hari terakhir: seorang pemeriksa menentukan (hitungan ketat sudah lewat)",
    "tidak": "tidak, lewat waktu",
    "tidak diketahui": "tidak dapat ditentukan",
}
PERSONS = {"laporan": ("Pelapor", "Penerima laporan"), "temuan": ("Pengawas yang menemukan", "Penerima temuan")}


def dossier_page(dossier: Dossier) -> str:
    """The whole page; it loads nothing from anywhere and runs no script."""
    found = dossier.assessment
    title = f"{found.form['nama'] if found.form else 'Berkas'} {found.form['formulir'] if found.form else ''}".strip()
    body = "".join(
        (
            _head(dossier, title), _summary(dossier), review_section(dossier), _form(dossier),
            _requirements(dossier.requirements, found.timely), _deadlines(dossier), _post(dossier), _acts(dossier),
            _against(dossier), _machine(dossier), _way(dossier), _evidence(dossier),
            _unknown(dossier), _signatures(dossier), _trail(dossier),
        )
    )  # fmt: skip
    return whole_page(Page(title, body, kind="form", output="dossier"))


def _head(dossier: Dossier, title: str) -> str:
    election = dossier.roster.election.name if dossier.roster else dossier.assessment.case.election or NOT_GIVEN
    regime = dossier.assessment.regime or "tidak diketahui"
    return (
        f"<header><p class=muted>Dugaan pelanggaran netralitas aparatur sipil negara</p><h1>{escape(title)}</h1>"
        f"<p>{escape(election)} · rezim {escape(regime)}</p></header><p class=note>{escape(CAUTION)}</p>"
    )


def _summary(dossier: Dossier) -> str:
    found = dossier.assessment
    tiles = [
        ("Status", found.status),
        ("Tepat waktu", IN_TIME[found.timely]),
        ("Diterima", _day(found.received.day if found.received else None)),
        ("Batas melapor", _day(found.until("laporan"))),
        ("Kajian awal sampai", _day(found.until("kajian awal"))),
        ("Penanganan sampai", _day(found.until("penanganan"))),
    ]
    items = "".join(f"<li><small>{escape(name)}</small><b>{escape(text)}</b></li>" for name, text in tiles)
    why = f"<p class=muted>Diterima: {escape(found.received.why)}.</p>" if found.received else ""
    return f"<ul class=tiles>{items}</ul>{why}{_list([*found.contradictions, *found.notes])}"


def _form(dossier: Dossier) -> str:
    zone = dossier.roster.election.zone if dossier.roster else ZONES[0]
    rows = []
    for r in dossier.requirements:
        if r.place != TIMELY:
            moment = dossier.assessment.case.moment(r.place, zone) if r.place in DAYS else None
            rows.append((r.name, _moment(moment, r.place == "dilaporkan") if moment else r.value))
    return f"<h2>Isian formulir</h2>{_pairs(rows)}"


def _requirements(requirements: Sequence[Requirement], timely: str) -> str:
    parts = ["<h2>Syarat formal dan materiel</h2><div class=two>"]
    missing = ("harus dilengkapi", IN_TIME[timely])
    for group, name in GROUPS.items():
        own = [r for r in requirements if r.group == group and r.met is not None]
        items = "".join(
            f'<li><span class="mark {"met" if r.met else "open"}">{"☑" if r.met else "☐"}</span> {escape(r.name)}'
            f"{'' if r.met else f' <span class=open>({missing[r.place == TIMELY]})</span>'}</li>"
            for r in own
        )
        parts.append(f"<div><h3>{name}</h3><ul class=checks>{items}</ul></div>")
    parts.append("</div><p class=muted>Yang belum terpenuhi dilengkapi; laporan tidak ditolak karenanya.</p>")
    return "".join(parts)


def _deadlines(dossier: Dossier) -> str:
    rows = []
    for step, deadline in dossier.assessment.deadlines.items():
        if deadline is None:
            rows.append((STEP_NAMES[step], "aturan tidak tercatat", "", "", ""))
            continue
        start = f"{START_NAMES[deadline.counted_from]}: {_day(deadline.start)}"
        count = f"{deadline.count} {deadline.unit}"
        basis = f"{deadline.rule.basis or 'tanpa dasar tertulis'} ({deadline.rule.sureness})"
        until, strict = _day(deadline.until), _day(deadline.strict)
        rows.append((STEP_NAMES[step], f"{count} sesudah {start}", until, strict, basis))
    unit = {d.unit for d in dossier.assessment.deadlines.values() if d}
    about = "Hari yang menjadi awal hitungan tidak dihitung; hitungan ketat menghitungnya sebagai hari pertama."
    if unit == {CALENDAR}:
        about += " Hari kalender: Sabtu, Minggu, dan hari libur ikut dihitung."
    about += (
        " Kepastian sebuah dasar: naskah (dibaca dari naskah peraturannya), sekunder (dari uraian pihak lain),"
        " ingatan (belum dicocokkan; periksa dulu naskahnya)."
    )
    heads = ("Langkah", "Hitungan", "Sampai", "Hitungan ketat", "Dasar (kepastian)")
    return f"<h2>Tenggat</h2>{_table(heads, rows)}<p class=muted>{about}</p>"


def _post(dossier: Dossier) -> str:
    post = dossier.post
    rows = [
        ("waktu unggahan", post.time),
        ("akun", post.account),
        ("platform", post.platform),
        ("instansi menurut tabel", post.agency),
        ("baris dalam tabel", f"{post.line}" + (f", id {post.id}" if post.id else "")),
        ("pasangan yang dibicarakan", post.pair),
    ]
    return (
        f"<h2>Unggahan</h2><blockquote>{escape(post.text) or NOT_GIVEN}</blockquote>{_pairs(rows)}"
        "<p class=muted>Akun, tautan, surel, dan nomor orang disamarkan kecuali yang diisi orang.</p>"
    )


def _machine(dossier: Dossier) -> str:
    return f"<h2>Menurut mesin</h2>{_pairs(machine_rows(dossier))}"


def _acts(dossier: Dossier) -> str:
    found = dossier.assessment
    parts = ["<h2>Yang dapat diindikasikan</h2>"]
    phase = found.phase or "tidak dapat ditentukan"
    rule = found.discipline
    discipline = f"{rule['aturan']} ({rule.sureness})" if rule else "tidak dapat ditentukan"
    parts.append(_pairs([("tahap pada hari kejadian", phase), ("aturan disiplin hari itu", discipline)]))
    rows = [
        (
            f"{act.name} ({act.code})", act.kind or "tidak dapat ditentukan", act.level or "tidak tercatat",
            "; ".join(item["butir"] for item in act.items) or "belum diperiksa",
            "; ".join(dict.fromkeys(f"{rule.basis} ({rule.sureness})" for rule in act.rules)),
        )
        for act in found.acts
    ]  # fmt: skip
    if rows:
        parts.append(_table(("Perbuatan", "Jenis", "Tingkat", "Butir", "Dasar (kepastian)"), rows))
    else:
        parts.append(f"<p class=empty>Perbuatan: {NOT_GIVEN}.</p>")
    if dossier.sanctions:
        parts.append("<h3>Hukuman yang dikenal aturan hari kejadian (bukan usulan)</h3>")
        parts.append(_list(f"{r['tingkat']}: {r['sanksi']} ({r.basis}, {r.sureness})" for r in dossier.sanctions))
    if dossier.criminal:
        parts.append("<h3>Pasal pidana yang ada, hanya ditunjukkan</h3>")
        listed = (f"{r['pasal']}, bagi {r['sasaran']}: {r['uraian']} ({r.sureness})" for r in dossier.criminal)
        parts.append(_list(listed))
    return "".join(parts)


def _against(dossier: Dossier) -> str:
    confirmed = {one.exception for one in dossier.reviewed.opinions} if dossier.reviewed else set()
    rows = [
        (
            f"{rule['nama']} ({rule['kode']}){', dinyatakan peninjau' if rule['kode'] in confirmed else ''}"
            f"{', terbaca dalam unggahan' if seen else ''}", rule["syarat"],
            "\n".join(f"☐\u00a0{c['syarat']}" for c in conditions), EFFECT_WORDS[rule["akibat"]],
        )
        for rule, conditions, seen in dossier.exceptions
    ]  # fmt: skip
    return (
        f"<h2>Yang melawan dugaan</h2>{_list(dossier.against)}<h3>Pengecualian yang harus ditanyakan</h3>"
        f"{_table(('Pengecualian', 'Bila', 'Syarat', 'Akibat'), rows)}"
    )


def _way(dossier: Dossier) -> str:
    supervisor = dossier.assessment.supervisor
    if supervisor is None:
        who = f"Pengawas ASN bergantung pada hari laporan: {NOT_GIVEN}."
    else:
        who = f"{supervisor['nama']} ({supervisor['pengawas']}), menurut hari laporan; {supervisor.sureness}."
    steps = [
        f"{r['langkah']}{': ' + r['uraian'] if r['uraian'] else ''}"
        f"{' ' + r['jumlah'] + ' ' + r['satuan'] if r['jumlah'] else ''} ({r.sureness})"
        for r in dossier.channel
    ]
    return f"<h2>Pengawas dan saluran</h2><p>{escape(who)}</p>{_list(steps)}"


def _evidence(dossier: Dossier) -> str:
    if not dossier.exhibits:
        return "<h2>Daftar bukti</h2><p class=empty>Tidak ada berkas bukti yang diserahkan bersama berkas ini.</p>"
    rows = [(e.name, f"{e.size:,}".replace(",", "."), e.digest, e.at) for e in dossier.exhibits]
    return f"<h2>Daftar bukti</h2>{_table(('Berkas', 'Ukuran (byte)', DIGEST, 'Dihitung (UTC)'), rows)}"


def _unknown(dossier: Dossier) -> str:
    return f"<h2>Yang belum diketahui</h2>{_list(dossier.unknown)}"


def _signatures(dossier: Dossier) -> str:
    one, other = PERSONS[dossier.assessment.case.kind]
    return (
        "<h2>Pernyataan</h2><p>Saya menyatakan bahwa isi berkas ini saya sampaikan dengan sebenarnya menurut yang saya "
        "ketahui, dan bahwa yang tidak saya ketahui saya biarkan kosong.</p>"
        f"<div class=signs><div>{one}, tanggal</div><div>{other}, tanggal</div></div>"
    )


def _trail(dossier: Dossier) -> str:
    rows = [(name.replace("_", " "), value or "") for name, value in (dossier.trail.get("sha256") or {}).items()]
    made = f"netral-nlp {dossier.trail.get('versi', '')}, {dossier.trail.get('dibuat', '')}"
    note = f"<p class=muted>{escape(made)}; selengkapnya dalam jejak.json.</p>"
    return f"<section><h2>Jejak (SHA-256)</h2>{note}{_pairs(rows)}</section>"


def _day(day: date | None) -> str:
    return say_day(day) if day else "belum dapat dihitung"


def _moment(moment: Moment, with_hour: bool) -> str:
    if moment.hour is None:
        return say_day(moment.day) + (", jam belum diisi" if with_hour else "")
    return f"{say_day(moment.day)} pukul {moment.hour:%H.%M}"


def _list(lines: Iterable[str]) -> str:
    items = "".join(f"<li>{escape(line)}</li>" for line in lines)
    return f"<ul>{items}</ul>" if items else ""


def _pairs(rows: Iterable[tuple[str, str]]) -> str:
    empty = f"<span class=empty>{NOT_GIVEN}</span>"
    cells = ((escape(name), escape(value) or empty) for name, value in rows)
    body = "".join(f"<tr><th scope=row>{name}</th><td>{value}</td></tr>" for name, value in cells)
    return f"<table class=pairs><tbody>{body}</tbody></table>"


def _table(heads: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    head = "".join(f"<th scope=col>{escape(name)}</th>" for name in heads)
    body = "".join(
        "<tr>"
        + "".join(
            f'<td data-l="{escape(name)}"{" class=digest" if name == DIGEST else ""}>{escape(cell)}</td>'
            for name, cell in zip(heads, row, strict=True)
        )
        + "</tr>"
        for row in rows
    )
    return f"<table class=many><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"
