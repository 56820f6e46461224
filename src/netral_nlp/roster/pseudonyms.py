"""Names of accounts and persons that stand for others: the same for the same person, nothing without the key."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import os
import re
import secrets
import unicodedata
from collections.abc import Iterable
from pathlib import Path

from netral_nlp.errors import InputError
from netral_nlp.roster.elections import Roster
from netral_nlp.roster.identities import SOMEBODY, identities
from netral_nlp.tables import write_bytes_atomically

KEY_KIND = "netral-nlp pseudonym key"
SCHEMA = 1
ACCOUNT, PERSON = KINDS = ("akun", "orang")
SHOWN = 10  # letters of a pseudonym: among a million persons two share one in about two thousand files
_MADE = re.compile(r"@?(?:akun|orang)_[a-z2-7]{10,}")
SHORTEST = 4  # letters of a name that is looked for in texts: shorter ones are syllables


class Pseudonyms:
    """Pseudonyms under one key, and the list of who they stand for; both are in the key file and nowhere else."""

    def __init__(self, secret: bytes | None = None, names: dict[str, str] | None = None) -> None:
        self._secret = secret or secrets.token_bytes(32)
        self.names = dict(names or {})

    def of(self, identity: str, kind: str = ACCOUNT) -> str:
        """The pseudonym of an account or a person: ``akun_…`` or ``orang_…``; "" for nobody.

        Writing makes no difference: ``@Budi_77`` and ``budi_77`` are the same account. What is a pseudonym stays.
        """
        plain = " ".join(unicodedata.normalize("NFKC", identity).split())
        bare = plain.lstrip("@").casefold()
        if not bare or _MADE.fullmatch(bare):
            return bare
        digest = hmac.new(self._secret, f"{kind}\x1f{bare}".encode("utf-8", "surrogatepass"), hashlib.sha256).digest()
        letters = base64.b32encode(digest).decode().lower().rstrip("=")
        for length in range(SHOWN, len(letters) + 1):
            made = f"{kind}_{letters[:length]}"
            held = self.names.setdefault(made, plain)
            if held.lstrip("@").casefold() == bare:
                return made
        raise AssertionError("two identities with one digest")

    def text(self, text: str, roster: Roster | None = None, names: re.Pattern[str] | None = None) -> str:
        """A text with handles and names replaced and links, e-mail addresses and numbers masked.

        The candidates' own handles, which the roster lists, are public and stay. ``names`` finds the names of persons,
        see :func:`pattern_of`.
        """
        out: list[str] = []
        at = 0
        for start, end, instead in sorted(identities(text, roster)):
            if start < at:
                continue
            out += [text[at:start], "@" + self.of(text[start:end]) if instead == SOMEBODY else instead]
            at = end
        replaced = "".join(out) + text[at:]
        return replaced if names is None else names.sub(lambda found: self.of(found.group(), PERSON), replaced)

    def save(self, path: str | Path) -> None:
        """Write the key file, which only its owner can read."""
        document = {"schema": SCHEMA, "kind": KEY_KIND, "secret": self._secret.hex(), "names": self.names}
        if not Path(path).exists():
            os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
        write_bytes_atomically(path, json.dumps(document, ensure_ascii=False, indent=1).encode("utf-8", "replace"))


def read_key(path: str | Path) -> Pseudonyms:
    """The pseudonyms of a key file; raises InputError for anything else."""
    try:
        found = json.loads(Path(path).read_bytes())
        whole = found["schema"] == SCHEMA and found["kind"] == KEY_KIND and isinstance(found["names"], dict)
        secret = bytes.fromhex(found["secret"])
        if not whole or len(secret) != 32 or not all(isinstance(name, str) for name in found["names"].values()):
            raise ValueError("not a key")
    except OSError as error:
        raise InputError(f"The pseudonym key {path} cannot be read: {error.strerror}.", path=str(path)) from None
    except (ValueError, KeyError, TypeError, RecursionError):
        raise InputError(f"{path} is not a pseudonym key of netral.", path=str(path)) from None
    return Pseudonyms(secret, found["names"])


def pattern_of(names: Iterable[str]) -> re.Pattern[str] | None:
    """What finds any of these names in a text, whole and in whatever case; None without a name that is long enough."""
    wanted = sorted({" ".join(n.split()) for n in names if len(n.strip()) >= SHORTEST}, key=lambda n: (-len(n), n))
    kept = [n for n in wanted if any(c.isalpha() for c in n) and not _MADE.fullmatch(n.casefold())]
    if not kept:
        return None
    parts = "|".join(r"\s+".join(map(re.escape, name.split())) for name in kept)
    return re.compile(rf"(?<!\w)(?:{parts})(?!\w)", re.IGNORECASE)
