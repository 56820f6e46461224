"""Column names: what a usable header is, and which column holds the post, its time, its account."""

from __future__ import annotations

import re
from collections.abc import Sequence

from netral_nlp.errors import InputError

TEXT_COLUMNS = (
    "teks", "text", "tweet", "full_text", "tweet_text", "isi", "isi_postingan", "isi_posting",
    "isi_komentar", "isi_berita", "isi_unggahan", "isi_konten", "isi_post", "isi_tweet", "isi_cuitan", "isi_pesan",
    "isi_caption", "isi_status", "teks_unggahan", "teks_postingan", "teks_komentar",
    "konten", "content", "komentar", "comment", "comment_text", "caption",
    "keterangan_foto", "status", "unggahan", "postingan", "posting", "post", "post_text", "cuitan",
    "twit", "kicauan", "pesan", "message", "body", "selftext", "deskripsi", "description",
)  # fmt: skip
ID_COLUMNS = (
    "id", "id_str", "post_id", "id_post", "id_postingan", "id_unggahan", "tweet_id", "id_tweet",
    "conversation_id", "comment_id", "id_komentar", "message_id", "id_pesan", "uuid", "nomor", "no",
    "url", "link", "tautan", "permalink",
)  # fmt: skip
TIME_COLUMNS = (
    "waktu", "time", "timestamp", "created_at", "datetime", "date_time", "tanggal", "tanggal_waktu",
    "tgl", "date", "waktu_posting", "waktu_unggah", "tanggal_posting", "tanggal_unggah", "posted_at",
    "published_at", "create_time", "created_time", "created", "published",
)  # fmt: skip
PLATFORM_COLUMNS = (
    "platform", "media", "media_sosial", "medsos", "sumber", "source", "kanal", "channel", "situs",
)  # fmt: skip
ACCOUNT_COLUMNS = (
    "akun", "account", "nama_akun", "username", "user_name", "screen_name", "user", "pengguna",
    "nama_pengguna", "author", "author_name", "penulis", "pengirim", "sender", "handle", "user_id",
    "author_id", "nama",
)  # fmt: skip

CONTROL = re.compile(r"[\x00-\x08\x0e-\x1f\x7f\ud800-\udfff]")
NOT_A_NAME = re.compile(r"@|https?:|\d{6}|(?:\S+\s+){5}")
SHOWN = 12


def find_column(
    columns: Sequence[str],
    wanted: str | None,
    usual: Sequence[str],
    *,
    what: str,
    option: str,
    name: str = "The table",
) -> int | None:
    """Index of the column ``wanted``; if that is ``None``, of the first ``usual`` name present, or ``None``.

    Case, spaces, underscores, hyphens and dots do not count, unless two columns differ in nothing else.
    ``what`` says what the column is for ("text"), ``option`` how to name another, ``name`` which table it is.
    Raises InputError when a wanted column is absent or fits two columns.

    >>> find_column(["ID", "Full Text"], None, TEXT_COLUMNS, what="text", option="--text-column")
    1
    >>> find_column(["isi"], "teks", TEXT_COLUMNS, what="text", option="--text-column", name="posts.csv")
    Traceback (most recent call last):
    netral_nlp.errors.InputError: posts.csv has no column "teks"; found "isi". Name it with --text-column isi.
    """
    folded = [fold_name(column) for column in columns]
    if wanted is None:
        return next((folded.index(one) for one in map(fold_name, usual) if one in folded), None)
    if wanted in columns:
        return list(columns).index(wanted)
    matches = [index for index, column in enumerate(folded) if column == fold_name(wanted)]
    if len(matches) == 1:
        return matches[0]
    if matches:
        raise InputError(f"{name} has {len(matches)} columns that could be {quote_name(wanted)}. "
                         f"Name the {what} column exactly with {option}.", path=name)  # fmt: skip
    raise InputError(f"{name} has no column {quote_name(wanted)}; {_advise(columns, usual, option)}", path=name)


def require_column(
    columns: Sequence[str],
    wanted: str | None,
    usual: Sequence[str],
    *,
    what: str,
    option: str,
    name: str = "The table",
) -> int:
    """Like `find_column`, but raises InputError where that returns ``None``."""
    index = find_column(columns, wanted, usual, what=what, option=option, name=name)
    if index is None:
        raise InputError(f"{name} has no column for the {what}; {_advise(columns, usual, option)}", path=name)
    return index


def check_header(cells: Sequence[str], name: str, line: int = 1) -> tuple[str, ...]:
    """The column names, without empty ones at the end.

    Raises InputError when they are all empty, when two are the same, or when this is no text at all.
    """
    names = list(cells)
    while names and not names[-1].strip():
        names.pop()
    if not names:
        raise InputError(f"{name} has no column names in its first line. Add a header such as id,text.",
                         path=name, line=line)  # fmt: skip
    if any(CONTROL.search(one) for one in names):
        raise InputError(f"{name} is not a text table. Save it as CSV (UTF-8), XLSX, Parquet or JSON lines.",
                         path=name, line=line)  # fmt: skip
    stripped = [one.strip() for one in names]
    twice = sorted({one for one in stripped if stripped.count(one) > 1})
    if twice:
        raise InputError(f"{name} has two columns named {list_names(twice)}. Rename one of them.",
                         path=name, line=line)  # fmt: skip
    return tuple(names)


def fold_name(name: str) -> str:
    """The name without the differences that people do not mean.

    >>> fold_name(" Full_Text ")
    'fulltext'
    """
    return re.sub(r"[\s_.\-\ufeff]+", "", name).casefold()


def quote_name(name: str) -> str:
    """The name in quotation marks, or only its length if it looks like a post: the file may lack a header."""
    if len(name) > 40 or NOT_A_NAME.search(name):
        return f"(a name of {len(name)} characters)"
    return f'"{name}"'


def list_names(names: Sequence[str]) -> str:
    shown = ", ".join(quote_name(name) for name in names[:SHOWN])
    return shown + (f" and {len(names) - SHOWN} more" if len(names) > SHOWN else "")


def _advise(columns: Sequence[str], usual: Sequence[str], option: str) -> str:
    folded = [fold_name(column) for column in columns]
    best = next((columns[folded.index(one)] for one in map(fold_name, usual) if one in folded), None)
    example = best if best is not None and quote_name(best) == f'"{best}"' else "NAME"
    return f"found {list_names(columns)}. Name it with {option} {example}."
