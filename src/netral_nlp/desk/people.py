"""Who works at a desk: names, what each may do, and the digests of PINs and of the keys that open the door."""

from __future__ import annotations

import hashlib
import hmac
import json
import secrets
import threading
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass, replace
from pathlib import Path

from netral_nlp.errors import InputError, UsageError
from netral_nlp.serving.sessions import clean_name
from netral_nlp.tables import write_bytes_atomically

SCHEMA = 1
SHORTEST_PIN = 6
OWNER, REVIEWER = ROLES = ("pemilik", "peninjau")
COST = {"n": 1 << 14, "r": 8, "p": 1}  # of scrypt: 16 MiB and some 50 ms a guess
FREE_TRIES = 5  # wrong PINs of one name before it has to wait
LONGEST_WAIT = 900.0  # seconds


@dataclass(frozen=True, slots=True)
class Person:
    """One who may sign in; ``door`` is the digest of the key that brings a browser to the desk, "" without one."""

    name: str
    role: str
    salt: str
    pin: str
    door: str = ""

    @property
    def owns(self) -> bool:
        return self.role == OWNER


class People:
    """The people of one desk, in a file that only its owner can read; safe to share between threads."""

    def __init__(self, path: Path, clock: Callable[[], float] = time.monotonic) -> None:
        self.path = path
        self._clock = clock
        self._lock = threading.RLock()
        self._wrong: dict[str, tuple[int, float]] = {}  # by folded name: wrong PINs in a row, and until when to wait
        self._people = {_folded(person.name): person for person in _read(path)}

    def all(self) -> list[Person]:
        """Everybody, in the order in which they came."""
        with self._lock:
            return list(self._people.values())

    def find(self, name: str) -> Person | None:
        with self._lock:
            return self._people.get(_folded(name))

    def add(self, name: str, pin: str, role: str = REVIEWER) -> Person:
        """One person more; raises UsageError for a name that is taken or empty, or a PIN that is too short."""
        shown = clean_name(name)
        if not shown:
            raise UsageError("Isi dulu nama.")
        if role not in ROLES:
            raise UsageError("Peran itu tidak dikenal.")
        made = Person(shown, role, *_hashed(pin))
        with self._lock:
            if _folded(shown) in self._people:
                raise UsageError("Nama itu sudah dipakai.")
            if not self._people:
                made = replace(made, role=OWNER)  # somebody must be able to add the others
            self._save({**self._people, _folded(shown): made})
        return made

    def check(self, name: str, pin: str) -> Person:
        """The person whose PIN that is. Raises UsageError else, and while too many wrong ones were given."""
        key = _folded(name)
        with self._lock:
            tries, until = self._wrong.get(key, (0, 0.0))
            if self._clock() < until:
                raise UsageError("Terlalu banyak PIN yang salah. Tunggu beberapa menit, lalu coba lagi.")
            person = self._people.get(key)
        good = _matches(pin, person)
        with self._lock:
            if person is not None and good:
                self._wrong.pop(key, None)
                return person
            wait = 0.0 if tries + 1 < FREE_TRIES else min(2.0 ** (tries + 1 - FREE_TRIES) * 15, LONGEST_WAIT)
            if len(self._wrong) > 1_000:  # names that nobody has, guessed by a machine
                self._wrong.clear()
            self._wrong[key] = (tries + 1, self._clock() + wait)
        raise UsageError("Nama atau PIN tidak cocok.")

    def change_pin(self, name: str, pin: str) -> None:
        """Another PIN for somebody."""
        self._change(name, **dict(zip(("salt", "pin"), _hashed(pin), strict=True)))

    def new_key(self, name: str) -> str:
        """A key that brings this person's browser to the desk until there is another; only its digest is kept."""
        key = secrets.token_urlsafe(24)
        self._change(name, door=hashlib.sha256(key.encode()).hexdigest())
        return key

    def drop_key(self, name: str) -> None:
        """The person's key opens nothing any more."""
        self._change(name, door="")

    def behind(self, key: str) -> str | None:
        """The name of the person whose key that is, None where it is nobody's."""
        digest = hashlib.sha256(key.encode("utf-8", "replace")).hexdigest()
        with self._lock:
            found = [p for p in self._people.values() if p.door and hmac.compare_digest(p.door, digest)]
        return found[0].name if found else None

    def remove(self, name: str) -> None:
        """Somebody may sign in no longer; what they did stays in the logs. Raises UsageError for the last owner."""
        with self._lock:
            left = {key: p for key, p in self._people.items() if key != _folded(name)}
            if not any(p.owns for p in left.values()):
                raise UsageError("Pemilik terakhir tidak dapat dihapus.")
            self._save(left)

    def _change(self, name: str, **values: str) -> None:
        with self._lock:
            person = self._people.get(_folded(name))
            if person is None:
                raise UsageError("Nama itu tidak dikenal.")
            self._save({**self._people, _folded(name): replace(person, **values)})

    def _save(self, people: dict[str, Person]) -> None:
        document = {"schema": SCHEMA, "orang": [asdict(p) for p in people.values()]}
        write_bytes_atomically(self.path, json.dumps(document, ensure_ascii=False, indent=1).encode())
        self._people = people


def _read(path: Path) -> list[Person]:
    try:
        document = json.loads(path.read_bytes())
        if document["schema"] != SCHEMA:
            raise ValueError("another schema")
        return [Person(**{key: str(value) for key, value in one.items()}) for one in document["orang"]]
    except FileNotFoundError:
        return []
    except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise InputError(f"{path} is not a list of people ({type(error).__name__}).", path=str(path)) from None


def _hashed(pin: str) -> tuple[str, str]:
    if len(pin) < SHORTEST_PIN or len(pin) > 200:
        raise UsageError("PIN terlalu pendek: pakai enam angka atau huruf, atau lebih.")
    salt = secrets.token_bytes(16)
    return salt.hex(), _scrypt(pin, salt)


def _scrypt(pin: str, salt: bytes) -> str:
    return hashlib.scrypt(pin.encode("utf-8", "replace"), salt=salt, maxmem=64 << 20, dklen=32, **COST).hex()


def _matches(pin: str, person: Person | None) -> bool:
    """Whether the PIN is the person's; for nobody it takes as long, so that a clock tells no names."""
    salt = bytes.fromhex(person.salt) if person is not None else bytes(16)
    made = _scrypt(pin[:200], salt)
    return person is not None and hmac.compare_digest(made, person.pin)


def _folded(name: str) -> str:
    return clean_name(name).casefold()
