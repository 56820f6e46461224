"""The page of files: all that was made, to take away; with pseudonyms unless somebody says why not."""

from __future__ import annotations

import json
import re
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from fastapi import FastAPI, Request
from fastapi.responses import FileResponse, Response
from starlette.background import BackgroundTask

from netral_nlp.desk.case import Case
from netral_nlp.desk.entering import At, Desk, Fields, Owning, texts
from netral_nlp.desk.looking import roster_of, scored_file
from netral_nlp.desk.reviewed import SHEET, review_rows
from netral_nlp.desk.uploads import columns_used
from netral_nlp.errors import UsageError
from netral_nlp.privacy.pseudonymised import pseudonymise_file
from netral_nlp.records import LABELS
from netral_nlp.review.export import export_labelled, export_log
from netral_nlp.scoring.inputs import free_names
from netral_nlp.tables import Cell, Rejected, Table, open_table, open_writer

SHOWN_ACTIONS = 200
SCORES = tuple(f"skor_{label}" for label in LABELS)
_SCORE = re.compile(r"[01](\.\d+)?")
HIDDEN = "(disembunyikan: unduh dengan identitas asli)"
SCORED = ("skor.xlsx", "skor.csv", "skor.jsonl")
OTHERS = ("ditolak.csv", "label.csv", "label.xlsx", "catatan-keputusan.csv", "catatan-kegiatan.csv")


def files_page(name: str, desk: At, session: Owning) -> Response:
    case = desk.case(name)
    actions = case.actions(max(0, _number_of_actions(case) - SHOWN_ACTIONS))
    return desk.pages.html(
        "berkas.html", case.title, session, case=case, here="berkas", owner=True, kept=case.files(),
        done=case.fact("skor"), actions=list(reversed(actions)), head=case.fact("kepala"),
        decisions=case.head,
    )  # fmt: skip


def download(name: str, request: Request, desk: At, session: Owning, form: Fields) -> Response:
    """One of the files, made anew; that it left the desk stands in the log."""
    case, said = desk.case(name), texts(form)
    wanted, real = said.get("berkas", ""), said.get("identitas") == "1"
    reason = " ".join(said.get("alasan", "").split())[:300]
    if wanted not in (*SCORED, *OTHERS):
        raise UsageError("Berkas itu tidak ada di perkara ini.")
    if real and len(reason) < 5:
        raise UsageError("Tulis dulu alasannya.")
    place = tempfile.TemporaryDirectory(dir=desk.folder.work(name))
    try:
        path = Path(place.name) / "hasil" / wanted
        path.parent.mkdir()
        _make(desk, case, path, wanted, real)
        detail = {"identitas": real, "alasan": reason} if real else {"identitas": False}
        case.act(session.reviewer, "unduh", wanted, detail)
    except BaseException:
        place.cleanup()
        raise
    return FileResponse(
        path, filename=f"{name}-{wanted}", media_type="application/octet-stream",
        background=BackgroundTask(place.cleanup),
    )  # fmt: skip


def _make(desk: Desk, case: Case, path: Path, wanted: str, real: bool) -> None:
    """Write the file; what holds accounts and names goes through the case's pseudonyms first."""
    if wanted.startswith("label"):
        export_labelled(case, path, election=roster_of(case).election.id)
    elif wanted == "catatan-keputusan.csv":
        export_log(case, path)
    elif wanted == "catatan-kegiatan.csv":
        _write_actions(case, path)
        return
    else:
        source = scored_file(desk, case)
        if wanted == "ditolak.csv":
            source = Path(f"{source}.rejected.csv")
            if not source.is_file():
                raise UsageError("Tidak ada baris yang ditolak.")
            if not real:
                _write_reasons(source, path)
                return
        convert(source, path, case if wanted in SCORED else None)
    if not real:
        account = columns_used(case).account if wanted in SCORED else None
        hidden = path.with_name(f"samaran{path.suffix}")
        pseudonymise_file(
            path, hidden, desk.folder.key(case.name), roster=roster_of(case), accounts=(account,) if account else ()
        )
        if path.suffix == ".jsonl":
            hidden.replace(path)
        else:
            convert(hidden, path)


def _write_reasons(source: Path, path: Path) -> None:
    """The rejected rows without what they held: of a row that could not be read nobody knows where its names are."""
    with open_table(source) as table, open_writer(path, table.columns, excel=True, review=False) as writer:
        content = table.require_column("isi", (), what="rejected row", option="-o")
        writer.write_rows((*cells[:content], HIDDEN, *cells[content + 1 :]) for _, cells in _records(table))
        writer.commit()


def convert(source: Path, target: Path, case: Case | None = None) -> None:
    """A table in another format; CSV and XLSX for people who open them in Excel, with no live formula.

    The scored posts of a case have what people decided behind them.
    """
    said = {} if case is None else review_rows(case)
    with open_table(source) as table:
        further = () if case is None else free_names(table.columns, tuple(SHEET))
        nothing = ("",) * len(further)
        with open_writer(target, (*table.columns, *further), excel=True, review=False) as writer:
            writer.write_rows((*cells, *said.get(line, nothing)) for line, cells in _records(table))
            writer.commit()


def _records(table: Table) -> Iterator[tuple[int, list[Cell]]]:
    """The rows that can be read, with their lines; scores are numbers, which Excel sorts and its user reads."""
    scores = [at for at, name in enumerate(table.columns) if name in SCORES]
    for row in table:
        if not isinstance(row, Rejected):
            cells: list[Cell] = list(row.cells)
            for at in scores:
                cells[at] = _number(row.cells[at])
            yield row.line, cells


def _number(cell: str) -> Cell:
    """The number of a score, with whichever decimal sign it is written; any other cell as it is.

    >>> _number("0,986998"), _number("0.5"), _number(""), _number("inf")
    (0.986998, 0.5, '', 'inf')
    """
    plain = cell.replace(",", ".", 1)
    return float(plain) if _SCORE.fullmatch(plain) else cell


def _write_actions(case: Case, path: Path) -> None:
    columns = ("nomor", "waktu", "siapa", "apa", "tentang", "rincian", "rantai")
    with open_writer(path, columns, guarded=True) as writer:
        writer.write_rows(_action_rows(case))
        writer.commit()


def _action_rows(case: Case) -> Iterator[tuple[Any, ...]]:

    for one in case.actions():
        detail = json.dumps(one.detail, ensure_ascii=False, sort_keys=True)
        yield (one.number, one.at, one.who, one.what, one.about, detail, one.chain)


def _number_of_actions(case: Case) -> int:
    row = case.one("SELECT count(*) FROM actions")
    return 0 if row is None else int(row[0])


def add_routes(app: FastAPI) -> None:
    app.get("/perkara/{name}/berkas")(files_page)
    app.post("/perkara/{name}/unduh")(download)
