"""Posts as people write them: noisy fragments put together, for property tests; and how many of them."""

from __future__ import annotations

import os

from hypothesis import strategies as st

NAMES = (
    "Arman", "Pak Arman", "pak hasan", "Bu Lestari", "Hasan Basri Nur", "hasan", "WULAN", "wulan", "Mas Bagas",
    "kak nadia", "Bagas-Nadia", "hasanwulan", "Arman & Lestari", "cak hasan", "Gus Yusuf", "Bu Prof", "Bintang",
    "mas bintang", "Guntur", "Amai Yansen", "kolom kosong", "kotak kosong", "Lalu", "Baiq", "Made",
)  # fmt: skip
SLIPS = (
    "armann", "hasaan", "bagass", "lestar1", "wulann", "Nadiaaaa", "h4san", "guntru", "maharnai", "yusufff",
    "MAHARANIII"
)  # fmt: skip
NUMBERS = (
    "1", "2", "02", "03", "no 2", "No.3", "nomor urut dua", "paslon 02", "nomer tiga", "2-1", "02/11/2024",
    "08.30", "Rp1.500.000", "50%", "2019-2024", "TPS 07", "RT 02/RW 03", "jl. mawar no 2", "3x", "2periode", "dua",
    "satu", "1.000.000",
)  # fmt: skip
PERSONAL = (
    "081234567890", "+62 812-3456-7890", "0812 3456 7890", "198501012010011001", "3273010101850001",
    "19850101 201001 1 001", "(021) 5551234567", "budi.s@kota.go.id", "a+b@contoh.co.id",
)  # fmt: skip
TAGS = (
    "#HasanWulan", "#LanjutkanSamudra", "#TolakHasanWulan", "#2024GantiWali", "#samudrabangkrut", "#pilihnomordua",
    "#", "##", "#_", "#Arman2Periode", "#02", "#satsetsatset", "#ASNNetral",
)  # fmt: skip
HANDLES = (
    "@armanhidayat_official", "@hasanbasrinur", "@seseorang", "@", "@.", "@a.b_c", "cc:@kpu_ri"
)  # fmt: skip
LINKS = (
    "https://t.co/Ab1", "www.contoh.id/a?b=1&c=2", "http://", "bit.ly/3xYz", "HTTPS://X.COM", "samudra.go.id",
    "t.me/grup"
)  # fmt: skip
EMOJI = (
    "🔥", "👍🏽", "✌️", "✌🏿", "☝️", "🤟", "✊", "❤️", "👨‍👩‍👧", "🏳️‍🌈", "🇮🇩", "🇮", "😂😂😂", "🙏🏻", "1️⃣", "0️⃣2️⃣", "➡️",
    "©", "™",
)  # fmt: skip
SLANG = (
    "yg", "gk", "bgt", "ga", "tdk", "jgn", "klo", "sm", "bukan", "jangan", "belum", "kurang", "BKN", "DPT", "bkn",
    "gasss", "mantaaaap", "kerennn", "wkwkwk", "wkwk", "hahaha", "xixixi", "g0bl0k", "m3nang", "kata2", "di-bully",
    "nyoblos", "dukungin", "anak-anak",
)  # fmt: skip
SIGNS = (
    "!", "?", "!!!", "?!?", "...", "…", ".", ",", '"', "“", "”", "'", "’", "`", "-", "--", "/", "(", ")", ":", "|",
    "=", "+", "*", "~"
)  # fmt: skip
ODD = (
    "&amp;", "&amp;amp;", "&lt;b&gt;", "&#128293;", "&quot;", "&nbsp;", "&", "\u200b", "\u2060", "\ufeff",
    "\u00ad", "cob\u200blos", "\U0001d5fd\U0001d5f6\U0001d5f9\U0001d5f6\U0001d5f5", "ｐｉｌｉｈ", "𝓗𝓪𝓼𝓪𝓷", "Ⓐⓡⓜⓐⓝ", "ﬁ",
    "①", "²", "½", "é", "e\u0301", "Z\u0351\u0352\u0353\u0354algo", "İ", "ß", "ǅ", "م", "中文", "P I L I H",
    "T E G A S", "\u202e", "\0", "\x1b[31m", "<tautan>", "<ini>", "<nomor>", "NA", "null", "007", "nan", "None",
    "\u2028", "\x85", "٣", "०२", "ðŸ”¥", "ðŸ˜\u00a0", "â€œ", "Ã", "<U+0001F525>", "<f0><9f><94><a5>",
    "\\xf0\\x9f\\x94\\xa5",
    "\\n", "b'", "b'gas", ":fire:",
    ":thumbs_up:", ":", "Агmаn", "Нasan", "Вagаs", "ʙᴀɢᴀꜱ", "🅷🅰🆂🅰🅽", "🇭 🇦 🇸 🇦 🇳", "🇭🇦🇸🇦🇳",
    "卄卂丂卂几", "тσgαя", "\u202enasaH gnanem\u202c", "\u202enasaH, sag!\u202c", "uɐsɐɥ", "sɐƃ", "uɐsɐɥ sɐƃ",
    "[H][a][s][a][n]", "(h)(a)(s)(a)(n)!", "H a s a n,", "p i l i h", "d a n", "0 2", "1️⃣1️⃣", "1\u20e31\u20e3", "👆",
    "H\na\ns\na\nn", "⠓⠁⠎⠁⠝", "h̶a̶s̶a̶n̶", "H.a.s.a.n", "b_a_g_a_s", "h-a-s-a-n", "h🔥a🔥s🔥a🔥n", "и", "ı",
    "PDİ-P", "İİ-İ",
)  # fmt: skip
PLAIN = (
    "pilih", "coblos", "dukung", "tolak", "menang", "kalah", "kerja nyata", "bohong", "korupsi", "presiden",
    "wali kota", "debat tadi", "rumah", "jalan rusak", "harga naik", "pagi ini", "tetap", "lanjutkan", "ganti",
    "fajar", "surya", "lalu", "dan", "di",
)  # fmt: skip
LONG = (
    "a" * 400, "-" * 500, "ha" * 200, "1" * 300, "#" + "a" * 200, "x-" * 200, "kata" * 90, "@" * 50
)  # fmt: skip
BLANKS = (
    " ", " ", " ", " ", "", "  ", "\n", "\t", "\u00a0", "\r\n"
)  # fmt: skip

FRAGMENTS = NAMES + SLIPS + NUMBERS + PERSONAL + TAGS + HANDLES + LINKS + EMOJI + SLANG + SIGNS + ODD + PLAIN

FULL = bool(float(os.environ.get("NETRAL_LONG") or 0))  # the counts of ``.ci/long``, else a sample
TIMES = 20 if FULL else 1


def many(count: int) -> int:
    """So many examples of a property whose usual hundred would take too long; twenty times as many in ``.ci/long``."""
    return count * TIMES


def noisy_posts(most: int = 12) -> st.SearchStrategy[str]:
    """Posts of up to ``most`` fragments with any blanks, or none, between them; may be empty."""
    fragment = st.one_of(
        st.sampled_from(FRAGMENTS),
        st.sampled_from(NAMES + NUMBERS + TAGS + PLAIN),
        st.sampled_from(EMOJI + ODD + SIGNS),
        st.text(max_size=6).filter(lambda text: not any("\ud800" <= c <= "\udfff" for c in text)),
    )
    part = st.tuples(fragment, st.sampled_from(BLANKS)).map("".join)
    return st.lists(part, max_size=most).map("".join)


def noisy_words() -> st.SearchStrategy[str]:
    """One fragment, also very long ones."""
    return st.sampled_from(FRAGMENTS + LONG)
