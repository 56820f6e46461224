"""A dossier on the disk: the document, the page, the list of evidence, and the trail of what it was made from."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from netral_nlp import __version__
from netral_nlp.errors import InputError
from netral_nlp.law.document import document_of
from netral_nlp.law.dossier import Dossier, make_dossier
from netral_nlp.law.evidence import COLUMNS, digest_of_file, list_evidence, stamp
from netral_nlp.law.facts import check_facts, digest_of_facts, read_facts, said
from netral_nlp.law.reviewed import Reviewed
from netral_nlp.law.rules import Rules
from netral_nlp.report.dossier_page import dossier_page
from netral_nlp.roster import Roster
from netral_nlp.roster.reading import read_roster, read_rosters
from netral_nlp.scoring.inputs import EVERY_COLUMN_BY_NAME, Columns
from netral_nlp.scoring.scored import LAW_DIGEST, Judged, read_judged
from netral_nlp.tables import guard
from netral_nlp.tables.together import write_together
from netral_nlp.tables.writing import table_bytes

DOCUMENT, PAGE, EVIDENCE, TRAIL = NAMES = ("berkas.json", "berkas.html", "bukti.csv", "jejak.json")
TOOL = "netral-nlp"
SCHEMA = 1


def file_dossier(
    scored: str | Path,
    out: str | Path,
    rules: Rules,
    *,
    id: str | None = None,
    row: int | None = None,
    roster: Roster | None = None,
    facts: str | Path | Mapping[str, Any] | None = None,
    evidence: str | Path | None = None,
    model: str | Path | None = None,
    columns: Columns = EVERY_COLUMN_BY_NAME,
    reviewed: Mapping[int, Reviewed] | None = None,
    command: Sequence[str] = (),
    now: datetime | None = None,
) -> Dossier:
    """The dossier of one row of a scored file, written to the folder ``out``.

    ``reviewed`` tells what people said of rows, by their lines; None where that was not handed over.
    Without a roster the shipped one is taken that has the row's pair. ``facts`` are a TOML file or its content;
    ``model`` is only named in the trail, by the SHA-256 of its file. Raises InputError for a row, facts or evidence
    that cannot be read, and where the folder would overwrite something else.
    """
    post = read_judged(scored, id=id, row=row, columns=columns)
    file = facts if isinstance(facts, str | Path) else None
    given = read_facts(facts) if isinstance(facts, str | Path) else check_facts(facts or {})
    folder = check_folder(out, post.digest, (scored, file, model), evidence)
    election = roster or _roster_of(post, said(given.get("election")))
    exhibits = () if evidence is None else list_evidence(evidence)
    said_of = None if reviewed is None else reviewed.get(post.line, Reviewed())
    digests = {
        "berkas_skor": digest_of_file(scored),
        "baris": post.digest,
        "daftar_pemilihan": election.digest,
        "tabel_hukum": rules.digest,
        "tabel_hukum_saat_menilai": (post.law or {}).get(LAW_DIGEST) or None,
        "model": None if model is None else digest_of_file(model),
        "tinjauan": None if said_of is None else said_of.digest(),
        "keterangan": digest_of_facts(given) if file is None else digest_of_file(file),
    }
    trail = {
        "schema": SCHEMA,
        "alat": TOOL,
        "versi": __version__,
        "dibuat": stamp(now or datetime.now(UTC)),
        "perintah": list(command),
        "pemilihan": election.election.id,
        "nomor_baris": post.line,
        "sha256": digests,
    }
    dossier = make_dossier(post, given, election, rules, exhibits, trail, said_of)
    write_dossier(dossier, folder)
    return dossier


def _roster_of(post: Judged, election: str) -> Roster:
    """The roster of the election that was named, else the one shipped roster that has the post's pair."""
    if election:
        return read_roster(election)
    having = [roster for roster in read_rosters().values() if post.pair and post.pair in roster.ids]
    if len(having) == 1:
        return having[0]
    about = f'the pair "{post.pair}"' if post.pair else "a post without a pair"
    raise InputError(f"It is not clear to which election {about} belongs; name its roster: --roster FILE.")


def check_folder(
    folder: str | Path, row: str, inputs: Iterable[str | Path | None], evidence: str | Path | None
) -> Path:
    """The folder, if a dossier of the row with that digest may be written there.

    Raises InputError where that would overwrite an input, another dossier or somebody else's file, or would lie in the
    folder of evidence.
    """
    folder = Path(folder)
    kinds = (guard.DOCUMENT, guard.PAGE, guard.TABLE, guard.DOCUMENT)
    guard.check_outputs([guard.Output(folder / name, kind) for name, kind in zip(NAMES, kinds, strict=True)], inputs)
    if evidence is not None:
        inner, outer = folder.resolve(), Path(evidence).resolve()
        if inner == outer or outer in inner.parents or inner in outer.parents:
            message = f"{folder} and the evidence {evidence} lie in each other; choose another folder."
            raise InputError(message, path=str(folder))
    if folder.exists() and not folder.is_dir():
        raise InputError(f"{folder} is a file; name a folder.", path=str(folder))
    if any((folder / name).exists() for name in NAMES) and _made_from(folder / TRAIL) != row:
        raise InputError(f"{folder} holds files of something else; choose another folder.", path=str(folder))
    return folder


def _made_from(trail: Path) -> str | None:
    """The digest of the row that an earlier dossier was made from; None where there is none."""
    try:
        document = json.loads(trail.read_bytes())
        return str(document["sha256"]["baris"]) if document["alat"] == TOOL else None
    except (OSError, ValueError, KeyError, TypeError, RecursionError):
        return None


def write_dossier(dossier: Dossier, folder: Path) -> None:
    """The four files, all at once; the trail holds the SHA-256 of the other three."""
    folder.mkdir(parents=True, exist_ok=True)
    made = {DOCUMENT: _json(document_of(dossier)), PAGE: dossier_page(dossier).encode()}
    made[EVIDENCE] = table_bytes(COLUMNS, [exhibit.cells() for exhibit in dossier.exhibits])
    outputs = {name: hashlib.sha256(content).hexdigest() for name, content in made.items()}
    made[TRAIL] = _json({**dossier.trail, "keluaran_sha256": outputs})
    write_together({folder / name: content for name, content in made.items()})


def _json(document: Any) -> bytes:
    return (json.dumps(document, ensure_ascii=False, indent=1) + "\n").encode("utf-8", "replace")
