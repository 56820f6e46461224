"""Whose names are not for everybody: accounts, addresses and numbers of persons in a post, and what hides them."""

from __future__ import annotations

from netral_nlp.roster.elections import Roster
from netral_nlp.text.words import HANDLE, MASK, analyse

MASKS = {"<tautan>": "‹tautan›", "<surel>": "‹surel›", "<nomor>": "‹nomor›", "<akun>": "‹akun›"}
SOMEBODY = "@•••"


def identities(text: str, roster: Roster | None) -> list[tuple[int, int, str]]:
    """Where accounts, addresses and numbers of persons stand, each with what is shown instead.

    The candidates' own accounts, which the roster lists, are public and stay.
    """
    public = (
        {"@" + h.lower().lstrip("@") for pair in roster.pairs for h in pair.handles} if roster is not None else set()
    )
    found = []
    for word in analyse(text):
        if word.kind == HANDLE and text[word.start : word.end].lower() not in public:
            found.append((word.start, word.end, SOMEBODY))
        elif word.kind == MASK:
            found.append((word.start, word.end, MASKS.get(word.form, "‹disamarkan›")))
    return found


def mask_identities(text: str, roster: Roster | None = None) -> str:
    """A text with all identities hidden.

    >>> mask_identities("kata @budi_77 WA 081234567890")
    'kata @••• WA ‹nomor›'
    """
    parts: list[str] = []
    at = 0
    for start, end, instead in sorted(identities(text, roster)):
        if start >= at:
            parts += [text[at:start], instead]
            at = end
    return "".join([*parts, text[at:]])


def mask_account(account: str) -> str:
    """An account's name with all but its first letter hidden.

    >>> mask_account("@budi_77"), mask_account("")
    ('b•••', '')
    """
    bare = account.strip().lstrip("@")
    return bare[:1] + "•••" if bare else ""
