"""Which columns say who wrote a post: by their usual names, and by what their names are made of."""

from __future__ import annotations

import re
from collections.abc import Sequence

from netral_nlp.tables.columns import fold_name
from netral_nlp.tables.usual import ACCOUNT_COLUMNS

_PARTS = re.compile(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])|\d+")
_ACCOUNT = {"akun", "account", "username", "usernames", "handle", "screenname"}
_OTHER = {  # what a column tells of an account without telling whose it is
    "jenis", "tipe", "type", "kind", "status", "jumlah", "jml", "total", "count", "counts", "num", "kategori",
    "category", "usia", "umur", "age", "tanggal", "tgl", "date", "waktu", "time", "created", "dibuat", "terverifikasi",
    "verified", "is", "apakah", "keterangan", "ket", "catatan", "asal", "platform", "instansi", "follower", "followers",
    "pengikut", "suka", "likes", "skor", "score",
}  # fmt: skip


def account_columns(columns: Sequence[str]) -> list[int]:
    """Where accounts stand, the likeliest first: a usual name, else one that speaks of an account and not of its kind.

    >>> account_columns(["Akun Terlapor", "Jenis Akun", "isi", "username"])
    [3, 0]
    """
    names = {fold_name(name): order for order, name in enumerate(ACCOUNT_COLUMNS)}
    found: list[tuple[int, int]] = []
    for index, column in enumerate(columns):
        parts = [part.casefold() for part in _PARTS.findall(column)]
        order = names.get(fold_name(column), names.get("".join(parts)))
        if order is None and set(parts) & _ACCOUNT and not set(parts) & _OTHER and len(column) <= 60:
            order = len(names)
        if order is not None:
            found.append((order, index))
    return [index for _, index in sorted(found)]
