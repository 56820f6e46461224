"""What the report on scored posts says, in Indonesian and in English; ``{}`` are filled in by the page."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal, get_args

from netral_nlp.tables.reasons import in_english

Language = Literal["id", "en"]
LANGUAGES: tuple[Language, ...] = get_args(Language)

_ID = {
    "title": "Laporan hasil penilaian unggahan",
    "indication": "Isi laporan ini adalah indikasi untuk ditelaah manusia, bukan putusan. Tidak satu pun unggahan di "
    "sini boleh dianggap pelanggaran sebelum dibaca dan dinilai oleh petugas. Setiap angka dapat ditelusuri ke "
    "kata-kata yang menentukannya, dan orang yang dinilai berhak berkeberatan.",
    "source": "Berkas: {}",
    "election": "Pemilihan: {}",
    "counts": "Ringkasan",
    "scored": "unggahan dinilai",
    "dukung": "dukung", "tolak": "tolak", "ragu": "ragu", "netral": "netral",
    "about_dukung": "menyatakan dukungan",
    "about_tolak": "menyatakan penolakan",
    "about_ragu": "belum cukup yakin, harus dibaca",
    "about_netral": "tidak memihak",
    "rejected": "baris tidak dapat dinilai",
    "expect": "Berapa yang mungkin keliru",
    "rests_table": "Angka itu dari {tested} pemilihan sungguhan lain. Unggahan di sini dapat berbeda; hanya "
    "membacanya yang menunjukkannya.",
    "rests_other": "Angka itu dari {tested} pemilihan lain dengan model semula, bukan dari model yang dipakai di sini. "
    "Unggahan di sini dapat berbeda; hanya membacanya yang menunjukkannya.",
    "at_least": "Sedikitnya kira-kira {low} unggahan yang menyebut paslon memang mendukungnya. Berapa lagi yang "
    "mendukung tanpa ditandai tidak dapat diketahui dari hitungan ini.",
    "supporting_given": "Dihitung untuk keadaan ketika {share} unggahan yang menyebut paslon memang mendukungnya.",
    "right": "Dari 100 yang ditandai dukung, kira-kira {right} benar ({low} sampai {high}).",
    "wrong_here": "Di berkas ini {n} ditandai dukung: kira-kira {wrong} di antaranya keliru ({low} sampai {high}).",
    "score_means": "Skor 0,98 berarti: di antara unggahan latihan yang skornya setinggi itu, 98 dari 100 memang "
    "mendukung; bagian pendukung di berkas ini lain, jadi yang benar di sini bukan 98 % melainkan seperti di atas.",
    "promise_table": "Janji: dari unggahan yang tidak memihak paling banyak {rate} ditandai dukung atau tolak. Pada "
    "{tested} pemilihan sungguhan, masing-masing dengan batas yang dicari tanpa pemilihan itu, ditepati di {kept}.",
    "promise_own": "Janji: dari unggahan yang tidak memihak paling banyak {rate} ditandai dukung atau tolak. Batasnya "
    "dicari pada {own} unggahan netral berlabel dari pemilihan ini sendiri.",
    "promise_none": "Dari unggahan yang tidak memihak paling banyak {rate} hendak ditandai dukung atau tolak. Untuk "
    "model ini hal itu belum diuji pada pemilihan sungguhan, jadi dipakai batas terketat yang dikenal.",
    "no_model": "Perkiraan kekeliruan tidak ada dalam laporan ini karena modelnya tidak disebutkan. Buat ulang dengan "
    "--model agar angkanya ikut tercantum.",
    "no_held_out": "Model ini tidak menyimpan hasil ujinya, sehingga perkiraan kekeliruan tidak dapat dihitung.",
    "pairs": "Menurut pasangan calon",
    "pair": "paslon", "nobody": "(tidak menyebut paslon)",
    "time": "Menurut waktu",
    "per_day": "Unggahan per hari", "per_week": "Unggahan per minggu", "per_month": "Unggahan per bulan",
    "begins": "mulai", "as_table": "Angka yang digambar", "search": "Saring unggahan (kata, label, akun)",
    "undated": "{n} unggahan tanpa waktu yang terbaca tidak digambar.",
    "campaign": "kampanye", "quiet": "masa tenang", "vote": "pemungutan suara",
    "agencies": "Menurut instansi", "agency": "instansi",
    "platforms": "Menurut platform", "platform": "platform",
    "empty": "(kosong)", "others": "({n} lainnya)", "posts": "unggahan", "share": "pembagian",
    "look": "Unggahan yang perlu dilihat",
    "look_about": "Yang ditandai dukung atau tolak lebih dahulu, menurut skornya; lalu yang ragu. Ditampilkan {shown} "
    "dari {all}.",
    "look_none": "Tidak ada unggahan yang perlu dilihat pada batas yang dipakai.",
    "marks": "{for_it} menguatkan label (pada ragu: label yang paling mungkin), {against} melemahkannya; angkanya "
    "menunjukkan seberapa besar.",
    "for": "Garis bawah", "against": "garis putus-putus",
    "line": "baris", "toward": "terhadap {pair}", "toward_none": "tanpa paslon",
    "no_pair": "Tidak ada paslon yang dikenali; tulisannya mungkin disamarkan.",
    "evidence": "Menguatkan", "counter": "Melemahkan", "no_evidence": "Tidak ada kata yang menentukan.",
    "rejects": "Baris yang tidak dapat dinilai",
    "rejects_none": "Semua baris dapat dinilai.",
    "rejects_more": "Ditampilkan {shown} dari {all}; semuanya ada di {file}.",
    "unreadable": "{n} baris berkas hasil ini sendiri tidak terbaca (label atau skornya tidak sah) dan tidak dihitung.",
    "reason": "alasan", "content": "isi",
    "basis": "Dasar penilaian",
    "model": "Model", "model_about": "{posts} unggahan dari {elections} pemilihan; sidik {digest}",
    "roster": "Daftar paslon", "roster_about": "{name}, {pairs} paslon; sidik {digest}",
    "not_given": "tidak disebutkan",
    "version": "Versi", "masked": "Identitas",
    "masked_yes": "nama akun, tautan, surel, dan nomor disamarkan", "masked_no": "ditampilkan; jaga kerahasiaannya",
    "score": "skor",
}  # fmt: skip

_EN = {
    "title": "Report on scored posts",
    "indication": "Everything here is an indication for human review, not a verdict. No post may be taken for a breach "
    "before a person has read and judged it. Every figure can be traced to the words that decided it, and a person who "
    "is judged may object.",
    "source": "File: {}",
    "election": "Election: {}",
    "counts": "Summary",
    "scored": "posts scored",
    "dukung": "dukung", "tolak": "tolak", "ragu": "ragu", "netral": "netral",
    "about_dukung": "shows support",
    "about_tolak": "shows rejection",
    "about_ragu": "not sure enough, must be read",
    "about_netral": "takes no side",
    "rejected": "rows that could not be scored",
    "expect": "How many may be wrong",
    "rests_table": "That figure is of {tested} other real elections. The posts here may differ; only reading tells.",
    "rests_other": "That figure is of {tested} other elections with the original model, not of the model used here. "
    "The posts here may differ; only reading them tells.",
    "at_least": "At least about {low} of the posts that name a pair do support it. How many more do without being "
    "flagged cannot be told from these counts.",
    "supporting_given": "For the case that {share} of the posts that name a pair do support it.",
    "right": "Of 100 flagged dukung, about {right} are right ({low} to {high}).",
    "wrong_here": "In this file {n} are flagged dukung: about {wrong} of them are wrong ({low} to {high}).",
    "score_means": "A score of 0.98 means: of the written posts that scored as high, 98 of 100 were support; this file "
    "has another share of support, so what is right here is not 98 % but as said above.",
    "promise_table": "Promise: of posts that take no side at most {rate} are flagged dukung or tolak. On {tested} real "
    "elections, each with thresholds found without it, it was kept in {kept}.",
    "promise_own": "Promise: of posts that take no side at most {rate} are flagged dukung or tolak. The threshold was "
    "set on {own} neutral labelled posts of this election.",
    "promise_none": "Of posts that take no side at most {rate} are to be flagged dukung or tolak. For this model that "
    "was not tested on real elections, so the strictest level known is used.",
    "no_model": "This report has no expected error rates, as no model was named. Make it again with --model.",
    "no_held_out": "This model does not keep its test results, so no error rates can be expected from it.",
    "pairs": "By candidate pair",
    "pair": "pair", "nobody": "(names no pair)",
    "time": "Over time",
    "per_day": "Posts per day", "per_week": "Posts per week", "per_month": "Posts per month",
    "begins": "from", "as_table": "The figures drawn", "search": "Filter posts (words, label, account)",
    "undated": "{n} posts without a readable time are not drawn.",
    "campaign": "campaign", "quiet": "quiet days", "vote": "vote",
    "agencies": "By agency", "agency": "agency",
    "platforms": "By platform", "platform": "platform",
    "empty": "(empty)", "others": "({n} others)", "posts": "posts", "share": "shares",
    "look": "Posts that need a look",
    "look_about": "Those flagged dukung or tolak come first, by score; then ragu. Shown are {shown} of {all}.",
    "look_none": "No post needs a look at the limit in use.",
    "marks": "{for_it} speaks for the label (of ragu: the most probable one), {against} against it; the numbers say "
    "how strongly.",
    "for": "An underline", "against": "a dashed line",
    "line": "row", "toward": "toward {pair}", "toward_none": "no pair",
    "no_pair": "No pair was recognised; the writing may be disguised.",
    "evidence": "For", "counter": "Against", "no_evidence": "No word decided.",
    "rejects": "Rows that could not be scored",
    "rejects_none": "All rows could be scored.",
    "rejects_more": "Shown are {shown} of {all}; all of them are in {file}.",
    "unreadable": "{n} rows of this scored file itself could not be read (no valid label or scores) and do not count.",
    "reason": "reason", "content": "content",
    "basis": "What the scores rest on",
    "model": "Model", "model_about": "{posts} posts of {elections} elections; digest {digest}",
    "roster": "Roster", "roster_about": "{name}, {pairs} pairs; digest {digest}",
    "not_given": "not named",
    "version": "Version", "masked": "Identities",
    "masked_yes": "accounts, links, e-mail addresses and numbers are masked",
    "masked_no": "shown; keep them confidential",
    "score": "score",
}  # fmt: skip

WORDS: Mapping[Language, Mapping[str, str]] = {"id": _ID, "en": _EN}


def reason_in(language: Language, reason: str) -> str:
    """A reason of rejection in a language; a reason that is not known stays as it stands.

    >>> reason_in("en", "3 sel, padahal kepala tabel 5")
    '3 cell(s) where the header has 5'
    """
    return in_english(reason) if language == "en" else reason


def number_in(language: Language, value: int) -> str:
    """A whole number with the thousands set apart as the language does.

    >>> number_in("id", 12000), number_in("en", 12000)
    ('12.000', '12,000')
    """
    return f"{value:,}".replace(",", ".") if language == "id" else f"{value:,}"


def percent_in(language: Language, share: float) -> str:
    """A share in percent with the language's decimal sign.

    >>> percent_in("id", 0.015), percent_in("en", 0.02)
    ('1,5 %', '2 %')
    """
    text = f"{100 * share:g} %"
    return text.replace(".", ",") if language == "id" else text
