"""Pages of the roster: a form that can be saved at any time, and files in and out."""

from __future__ import annotations

import tempfile
from pathlib import Path

from fastapi import FastAPI, Request
from fastapi.responses import Response
from starlette.datastructures import UploadFile

from netral_nlp.desk.entering import At, Fields, Owning, onward, texts
from netral_nlp.desk.rosters import check, draft_of, empty_draft, forms_of
from netral_nlp.errors import InputError, UsageError
from netral_nlp.roster.elections import KINDS, OFFICES, ZONES
from netral_nlp.roster.fields import ELECTION_ID
from netral_nlp.roster.listing import write_list
from netral_nlp.roster.reading import LARGEST_FILE, load_roster
from netral_nlp.roster.writing import tables_of, write_toml

TYPES = {"toml": "application/toml", "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"}


def roster_page(name: str, desk: At, session: Owning) -> Response:
    case = desk.case(name)
    draft = case.fact("rancangan") or empty_draft()
    found = check(draft) if case.fact("rancangan") else None
    places = [f"pair.{n}.{key}" for n in range(len(draft["pair"])) for key in
              ("id", "number", "kind", "candidate", "running_mate", "aliases", "not_aliases", "hashtags", "handles",
               "slogans", "symbols", "hostile")]  # fmt: skip
    places += [f"election.{key}" for key in ("id", "name", "office", "zone")]
    places += [f"election.dates.{key}" for key in ("designation", "campaign", "quiet", "vote", "dct")]
    return desk.pages.html(
        "paslon.html", case.title, session, case=case, here="paslon", owner=True, draft=draft, found=found,
        elsewhere=[] if found is None else found.elsewhere(places),
        forms={} if found is None or found.roster is None else forms_of(found.roster),
        offices=OFFICES, kinds=KINDS, zones=ZONES,
        saved=case.fact("roster") is not None and found is not None and found.text == case.fact("roster"),
        scored=case.fact("skor") is not None,
    )  # fmt: skip


def save_roster(name: str, request: Request, desk: At, session: Owning, form: Fields) -> Response:
    """Keep the draft whatever it is; where it is a roster that can be used, and somebody says so, go on with it."""
    case, said = desk.case(name), texts(form)
    draft = draft_of(said)
    found = check(draft)
    errors = any(problem.severity == "error" for problem in found.problems)
    if said.get("apa") == "lanjut" and found.roster is not None and not errors:
        case.act(
            session.reviewer, "paslon", found.roster.election.name, {"digest": found.roster.digest},
            rancangan=draft, roster=found.text,
        )  # fmt: skip
        return onward(request, desk.pages.to("perkara", name, "nilai"))
    case.act(session.reviewer, "rancangan paslon", "", {}, rancangan=draft)
    return onward(request, desk.pages.to("perkara", name, "paslon"))


def read_roster(name: str, request: Request, desk: At, session: Owning, form: Fields) -> Response:
    """A TOML file, or a list of candidates in a workbook or CSV, into the form."""
    case, file = desk.case(name), form.get("berkas")
    if not isinstance(file, UploadFile) or not file.filename:
        raise UsageError("Pilih dulu berkasnya.")
    ending = Path(file.filename.replace("\\", "/").rpartition("/")[2]).suffix.casefold()
    if ending not in (".toml", ".xlsx", ".csv"):
        raise UsageError("Daftar paslon dibaca dari TOML, XLSX, atau CSV.")
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"paslon{ending}"
        content = file.file.read(LARGEST_FILE + 1)
        if len(content) > LARGEST_FILE:
            raise UsageError("Berkas itu terlalu besar untuk daftar paslon.")
        path.write_bytes(content)
        try:
            roster = load_roster(path)
        except InputError as error:
            raise InputError(str(error).replace(f"{folder}/", "")) from None
    case.act(session.reviewer, "rancangan paslon", roster.election.name, {"dari": ending}, rancangan=tables_of(roster))
    return onward(request, desk.pages.to("perkara", name, "paslon"))


def roster_file(name: str, kind: str, desk: At, session: Owning) -> Response:
    """The roster as a file, as far as it was filled in."""
    case = desk.case(name)
    found = check(case.fact("rancangan") or empty_draft())
    if kind not in TYPES or (kind == "xlsx" and found.roster is None):
        raise UsageError("Lengkapi dulu daftar paslonnya.")
    if kind == "toml":
        content = (found.text if found.roster is None else write_toml(tables_of(found.roster))).encode()
    else:
        assert found.roster is not None
        with tempfile.TemporaryDirectory() as folder:
            write_list(found.roster, Path(folder) / "paslon.xlsx")
            content = (Path(folder) / "paslon.xlsx").read_bytes()
    stem = found.roster.election.id if found.roster and ELECTION_ID.fullmatch(found.roster.election.id) else "paslon"
    attached = f'attachment; filename="{stem}.{kind}"'
    return Response(content, media_type=TYPES[kind], headers={"content-disposition": attached})


def add_routes(app: FastAPI) -> None:
    app.get("/perkara/{name}/paslon")(roster_page)
    app.post("/perkara/{name}/paslon")(save_roster)
    app.post("/perkara/{name}/paslon-berkas")(read_roster)
    app.get("/perkara/{name}/paslon.{kind}")(roster_file)
