"""The names under which exports and scrapers keep the post, its time, its account: lists, compared by `fold_name`.

Order matters where a table has several: the first one present is taken. Names are those of X, Instagram, TikTok,
Facebook, YouTube, Threads and Telegram exports, of the scrapers in common use, and of Indonesian spreadsheets.
"""

from __future__ import annotations

# Names that can only mean the post's own words.
TEXT_FIRST = (
    "teks", "text", "full_text", "tweet_text", "text_tweet", "isi", "isi_postingan", "isi_posting",
    "isi_komentar", "isi_berita", "isi_unggahan", "isi_konten", "isi_post", "isi_tweet", "isi_cuitan", "isi_pesan",
    "isi_caption", "isi_status", "teks_unggahan", "teks_postingan", "teks_komentar", "teks_asli", "comment_text",
    "text_display", "text_original", "raw_content", "rendered_content", "embedded_text", "post_text", "post_message",
    "unggahan", "cuitan", "twit", "kicauan", "selftext",
)  # fmt: skip
# Names that often mean it, but in some exports a count or a kind.
TEXT_SECOND = (
    "komentar", "comment", "caption", "tweet", "konten", "content", "postingan", "posting", "post",
    "pesan", "message", "body", "desc",
)  # fmt: skip
# Names that mean it where nothing else does.
TEXT_THIRD = ("keterangan_foto", "deskripsi", "description", "keterangan", "status", "ulasan", "tanggapan")
TEXT_TIERS = (TEXT_FIRST, TEXT_SECOND, TEXT_THIRD)
TEXT_COLUMNS = TEXT_FIRST + TEXT_SECOND + TEXT_THIRD
ID_COLUMNS = (
    "id", "id_str", "post_id", "id_post", "id_postingan", "id_unggahan", "tweet_id", "id_tweet",
    "conversation_id", "comment_id", "id_komentar", "message_id", "id_pesan", "uuid", "cid", "short_code", "pk",
    "nomor", "no", "url", "link", "tautan", "permalink",
)  # fmt: skip
TIME_COLUMNS = (
    "waktu", "time", "timestamp", "created_at", "datetime", "date_time", "tanggal", "tanggal_waktu",
    "tgl", "date", "waktu_posting", "waktu_unggah", "tanggal_posting", "tanggal_unggah", "posted_at",
    "published_at", "create_time_iso", "create_time", "created_time", "post_created", "taken_at", "created",
    "published", "published_time_text", "tgl_unggah", "tgl_unggahan", "tanggal_unggahan", "waktu_unggahan",
    "tgl_posting", "tanggal_post", "waktu_post",
)  # fmt: skip
ACTION_COLUMNS = ("tindakan", "action", "aksi", "jenis_tindakan", "action_type", "jenis_unggahan", "post_type")
ACCOUNT_TYPE_COLUMNS = ("jenis_akun", "account_type", "tipe_akun", "status_akun", "account_kind", "status_kepegawaian")
PLATFORM_COLUMNS = (
    "platform", "media", "media_sosial", "medsos", "sumber", "source", "kanal", "channel", "situs",
)  # fmt: skip
ACCOUNT_COLUMNS = (
    "akun", "account", "nama_akun", "username", "user_name", "screen_name", "owner_username",
    "author_display_name", "author_meta_name", "unique_id", "page_name", "profile_name", "user", "pengguna",
    "nama_pengguna", "author", "author_name", "penulis", "pengirim", "sender", "handle", "user_id",
    "author_id", "nama", "akun_terlapor", "nama_akun_terlapor", "akun_pengunggah", "akun_medsos", "akun_media_sosial",
    "akun_pelaku", "pengunggah", "pemilik_akun",
)  # fmt: skip
AGENCY_COLUMNS = ("instansi", "agency", "opd", "skpd", "unit_kerja", "satuan_kerja", "kantor", "dinas")
# Other names that a header has and a post has not: they tell where the header is.
OTHER_COLUMNS = (
    "nip", "nik", "jabatan", *AGENCY_COLUMNS, "paslon", "pair", "election", "label", "sentimen", "sentiment", "score",
    "skor", "bukti", "likes", "like_count", "jumlah_suka", "views", "retweet_count", "reply_count", "lang", "bahasa",
    "catatan", "batch", "golongan",
)  # fmt: skip
# What scoring and people put beside a post: never the post itself.
OWN_COLUMNS = (
    "paslon", "label", "bukti", "alasan", "isyarat", "dasar", "periksa", "tinjauan", "catatan", "perbuatan", "butir",
    "tahap", "pengecualian", "sidik_aturan", "tinjauan_perbuatan", "tinjauan_pengecualian",
)  # fmt: skip
