"""A desk for the computers of an office: under which names it is asked, and the certificate that keeps readers out."""

from __future__ import annotations

import hashlib
import ipaddress
import json
import os
import re
import socket
import ssl
from collections.abc import Sequence
from pathlib import Path

from netral_nlp.errors import UsageError
from netral_nlp.serving.listening import LOOPBACK, Certificate
from netral_nlp.tables import write_bytes_atomically

CONTAINER_MARKS = (Path("/.dockerenv"), Path("/run/.containerenv"))  # what Docker and Podman leave in theirs
_HOST = re.compile(r"[a-z0-9](?:[a-z0-9-]*[a-z0-9])?(?:\.[a-z0-9](?:[a-z0-9-]*[a-z0-9])?)*")


def names_here(given: Sequence[str] = ()) -> tuple[str, ...]:
    """The names and addresses by which others can ask for this computer, those ``given`` first.

    Raises UsageError for a name that is none, and without one in a container, whose own name nobody else knows.
    """
    if not given and any(mark.exists() for mark in CONTAINER_MARKS):
        raise UsageError(
            "In a container the desk cannot know by which name or address the office finds this machine. Say it with "
            "--name SERVER; for the image of this project, docker run -e NETRAL_NAME=SERVER."
        )
    for name in given:
        if not _HOST.fullmatch(name.casefold()) or len(name) > 200:
            raise UsageError(f'"{name[:60]}" is no name of a computer.')
    found = [name.casefold() for name in given]
    if address := _address():
        found.append(address)
    host = socket.gethostname().casefold()
    if _HOST.fullmatch(host):
        found.append(host)
    return tuple(dict.fromkeys(found))


def _address() -> str:
    """This computer's address in its network, "" without one; nothing is sent to find it out."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as asked:
        try:
            asked.connect(("192.0.2.1", 9))  # an address that belongs to nobody
            found = str(asked.getsockname()[0])
        except OSError:
            return ""
    return "" if ipaddress.ip_address(found).is_loopback else found


def certificate_for(folder: Path, names: Sequence[str]) -> Certificate | None:
    """The desk's certificate for these names, made when there is none for them yet; None where trustme is missing.

    The same one is used again, so that browsers that were told to trust it go on to.
    """
    place = folder / "sertifikat"
    made = Certificate(place / "sertifikat.pem", place / "kunci.pem")
    wanted = json.dumps(sorted({LOOPBACK, "localhost", *names}))
    told = place / "nama.json"
    if all(p.is_file() for p in (made.certificate, made.key, told)) and told.read_text(encoding="utf-8") == wanted:
        return made
    try:
        import trustme
    except ModuleNotFoundError:
        return None
    place.mkdir(mode=0o700, parents=True, exist_ok=True)
    issued = trustme.CA(organization_name="netral desk").issue_cert(*json.loads(wanted))
    if not made.key.exists():
        os.close(os.open(made.key, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
    write_bytes_atomically(made.key, issued.private_key_pem.bytes())
    write_bytes_atomically(made.certificate, b"".join(one.bytes() for one in issued.cert_chain_pems))
    write_bytes_atomically(told, wanted.encode())
    return made


def fingerprint(proof: Certificate) -> str:
    """The SHA-256 of a certificate as browsers show it, to compare by eye."""
    text = proof.certificate.read_text(encoding="ascii")
    first = text[: text.index("-----END CERTIFICATE-----")] + "-----END CERTIFICATE-----\n"
    digest = hashlib.sha256(ssl.PEM_cert_to_DER_cert(first)).hexdigest().upper()
    return ":".join(digest[at : at + 2] for at in range(0, len(digest), 2))
