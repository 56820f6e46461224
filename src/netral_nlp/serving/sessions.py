"""Who is in: one-time links, the sessions that they open, and the reviewer's name that a session speaks for."""

from __future__ import annotations

import hashlib
import secrets
import threading
import time
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass, field

from netral_nlp.errors import UsageError

IDLE = 2 * 3600.0  # seconds without a request after which a session ends
LONGEST = 12 * 3600.0  # seconds after which it ends in any case
LINK_LIFE = 600.0  # seconds for which a link that was shown on a terminal can be opened
LONGEST_NAME = 60


@dataclass
class Session:
    """One browser that came in by a link; ``fixed`` once something was done under its reviewer's name.

    ``form`` is what a form of its pages must bring back; ``guest`` whose own key opened the door, "" for a link.
    """

    digest: bytes
    begun: float
    seen: float
    reviewer: str = ""
    fixed: bool = False
    form: str = field(default_factory=lambda: secrets.token_urlsafe(18))
    guest: str = ""


class Sessions:
    """The sessions of one server, in memory only: they end with it. Safe to share between threads.

    A link opens once. What it opens is known by a secret in the browser's cookie, of which only the digest is kept
    here, and speaks for one reviewer; nobody else can take that name while the session lasts. ``room`` is the folder
    that all pages lie in: cookies know no ports, so their path keeps them from other servers of this machine.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self.room = secrets.token_urlsafe(9)
        self._clock = clock
        self._links: dict[bytes, float] = {}
        self._sessions: dict[bytes, Session] = {}
        self._lock = threading.Lock()
        self.entered: Callable[[], None] = lambda: None  # told after every use of a link
        self.owner_of: Callable[[str], str | None] = lambda code: None  # whose own key a code is, which opens always

    def link(self, life: float = LINK_LIFE) -> str:
        """A new code that lets one browser in within ``life`` seconds."""
        code = secrets.token_urlsafe(24)
        with self._lock:
            now = self._clock()
            self._links = {digest: until for digest, until in self._links.items() if until > now}
            self._links[_digest(code)] = now + life
        return code

    def enter(self, code: str) -> str | None:
        """The secret of a new session for a link's code that nobody has used, which uses it up, or for somebody's key.

        None for any other code.
        """
        guest = self.owner_of(code)
        with self._lock:
            now = self._clock()
            if guest is None and self._links.pop(_digest(code), 0.0) <= now:
                return None
            self._sweep()
            secret = secrets.token_urlsafe(32)
            digest = _digest(secret)
            self._sessions[digest] = Session(digest, now, now, guest=guest or "")
        self.entered()
        return secret

    def find(self, secret: str) -> Session | None:
        """The living session of a secret; being asked for keeps it alive."""
        with self._lock:
            self._sweep()
            found = self._sessions.get(_digest(secret))
            if found is not None:
                found.seen = self._clock()
            return found

    def speak(self, session: Session, reviewer: str, *, acting: bool = False) -> str:
        """The reviewer's name, cleaned, once it is certain that the session may use it.

        Raises UsageError (Indonesian: the page shows it) when another session holds the name, when this one has
        already acted under another, and when ``acting`` without a name.
        """
        name = clean_name(reviewer)
        with self._lock:
            self._sweep()
            if session.fixed and name != session.reviewer:
                raise UsageError(
                    f"Jendela ini milik peninjau {session.reviewer}. Peninjau lain masuk dengan tautannya sendiri."
                )
            key = _alike(name)
            if name and any(s is not session and _alike(s.reviewer) == key for s in self._sessions.values()):
                raise UsageError(f"Nama {name} sedang dipakai di jendela lain. Isi nama Anda sendiri.")
            if acting and not name:
                raise UsageError("Isi dulu nama peninjau.")
            session.reviewer = name
            session.fixed = session.fixed or acting
        return name

    def sign_in(self, session: Session, name: str) -> None:
        """The session speaks for somebody who has proved to be that; another session of the same name speaks no more.

        A browser that died may hold a name for hours: whoever has the PIN takes it back.
        """
        with self._lock:
            self._sweep()
            for other in list(self._sessions.values()):
                if other is not session and _alike(other.reviewer) == _alike(name):
                    other.reviewer, other.fixed = "", False
            session.reviewer, session.fixed = clean_name(name), True
            session.form = secrets.token_urlsafe(18)

    def sign_out(self, session: Session) -> None:
        """The session stays, and speaks for nobody."""
        with self._lock:
            session.reviewer, session.fixed = "", False

    def end(self, session: Session) -> None:
        """The session is over and its name free."""
        with self._lock:
            self._sessions.pop(session.digest, None)

    def _sweep(self) -> None:
        now = self._clock()
        over = [d for d, s in self._sessions.items() if now - s.seen > IDLE or now - s.begun > LONGEST]
        for digest in over:
            del self._sessions[digest]


def clean_name(name: str) -> str:
    """A reviewer's name as it is written down: one form of each letter, nothing invisible, single blanks.

    >>> clean_name("  Sa\\u200bri   W. ")
    'Sari W.'
    """
    normal = unicodedata.normalize("NFKC", name)
    visible = "".join(c for c in normal if c.isspace() or unicodedata.category(c)[0] != "C")
    return " ".join(visible.split())[:LONGEST_NAME].strip()


def _alike(name: str) -> str:
    return clean_name(name).casefold()


def _digest(secret: str) -> bytes:
    return hashlib.sha256(secret.encode("utf-8", "replace")).digest()
