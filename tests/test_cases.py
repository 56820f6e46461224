"""Laws of small inputs that once failed: ``data/cases.toml`` from the file to the label, and others of the same kinds
read as a table.
"""

from __future__ import annotations

import csv
import gzip
import io
import json
import re
import tomllib
import zipfile
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook

from netral_nlp.errors import InputError
from netral_nlp.model.file import save_model
from netral_nlp.model.model import Model
from netral_nlp.tables import Row, open_table
from running import run

DATA = tomllib.loads((Path(__file__).parent / "data" / "cases.toml").read_text(encoding="utf-8"))
CASES: dict[str, dict[str, Any]] = {case["name"]: case for case in DATA["case"]}
SCORES = ("skor_dukung", "skor_netral", "skor_tolak")


@pytest.fixture(scope="module")
def model_file(full_model: Model, tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = tmp_path_factory.mktemp("models") / "m.npz"
    save_model(full_model, file)
    return file


def book_of(sheets: dict[str, list[list[Any]]]) -> bytes:
    book = Workbook()
    book.remove(book.active)
    for title, rows in sheets.items():
        sheet = book.create_sheet(title)
        for row in rows:
            sheet.append([cell if cell != "" else None for cell in row])
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


@pytest.mark.parametrize("name", CASES)
def test_what_once_failed_comes_out_right(name: str, model_file: Path, tmp_path: Path) -> None:
    case = CASES[name]
    roster, out = tmp_path / "r.toml", tmp_path / "hasil.csv"
    roster.write_text(DATA[case.get("roster", "mandala")], encoding="utf-8")
    file = tmp_path / case.get("file", "a.xlsx" if "sheets" in case else "a.csv")
    file.write_bytes(book_of(case["sheets"]) if "sheets" in case else case["text"].encode())
    done = run("score", file, "-r", roster, "-m", model_file, "-o", out, *case.get("options", []))
    assert done.code == 0, done.err
    assert re.search(case.get("says", ""), done.err), done.err
    rows = list(csv.DictReader(io.StringIO(out.read_bytes().decode(), newline="")))
    label = case.get("label", "label")
    assert len(rows) == len(case["rows"])
    for row, (pair, labels) in zip(rows, case["rows"], strict=True):
        assert row["paslon"] in (pair.split() or [""]), row
        assert row[label] in labels.split(), row
    for one, other in case.get("same", []):
        one, other = rows[one - 1], rows[other - 1]
        assert one[label] == other[label]
        assert [float(one[s]) for s in SCORES] == pytest.approx([float(other[s]) for s in SCORES], abs=0.02)
        assert not {"U", "000", "0001"} & {word.rsplit(" ", 1)[0] for word in one["bukti"].split("; ")}
    for column, cells in case.get("cells", {}).items():
        assert [row[column] for row in rows] == cells
    if "texts" in case:
        assert [row["teks"] for row in rows] == case["texts"]


def test_the_cases_of_labelled_data_and_foreign_labels_are_read(tmp_path: Path) -> None:
    (tmp_path / "r.toml").write_text(DATA["mandala"], encoding="utf-8")
    labelled, labels = tmp_path / "berlabel.csv", tmp_path / "doccano.jsonl"
    labelled.write_text(
        "ID,Election,Pair,Label,Teks\n1,kota-mandala-2024,Rahman-Sulastri,Dukung,Pak Rahman gas terus\n"
        "2,kota-mandala-2024,rahman-sulastri,TOLAK,Rahman bohong\n3,kota-mandala-2024,1,netral,Rahman rapat di kantor\n"
        "4,KOTA-MANDALA-2024,togar simandala,DUKUNG,Togar menang\n",
        encoding="utf-8",
    )
    done = run("corpus", "check", labelled, "--rosters", tmp_path)
    assert done.code == 0 and "4 usable posts" in done.err, done.err
    labels.write_text(
        '{"id":1,"full_text":"Pak Rahman gas terus","label":["dukung"]}\n'
        '{"id":2,"komentar":"Togar bohong","label":["tolak"]}\n',
        encoding="utf-8",
    )
    given = ("--pair", "Rahman-Sulastri", "--election", "kota-mandala-2024")
    done = run("review-import", labels, "--reviews", tmp_path / "r.sqlite", *given)
    assert done.code == 0 and "2 labels added" in done.err, done.err


A, B, C = "Coblos nomor 1 Pak Rahman gas terus", "Togar bohong, jangan dipilih", "rapat koordinasi hari ini di kantor"
POSTS = [A, B, C]
NAMES = ["id", "teks", "akun"]
ROWS = [["1", A, "akun_1"], ["2", B, "akun_2"], ["3", C, "akun_3"]]
OBJECTS = [dict(zip(NAMES, row, strict=True)) for row in ROWS]


def text_of(rows: list[list[str]], **marks: Any) -> str:
    buffer = io.StringIO(newline="")
    csv.writer(buffer, **{"lineterminator": "\n", **marks}).writerows(rows)
    return buffer.getvalue()


def columns(**cells: list[str]) -> str:
    """A CSV file whose columns have these names; two underscores stand for a blank."""
    names = [name.replace("__", " ") for name in cells]
    return text_of([names, *map(list, zip(*cells.values(), strict=True))])


def zipped(**files: str | bytes) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        for name, content in files.items():
            archive.writestr(name.replace("__", "."), content)
    return stream.getvalue()


PLAIN = text_of([NAMES, *ROWS])
SIGNED = [[None, None, "Mandala, 27 November 2024"], [None, None, "Ketua"]]
BESIDE = [["Nama", "Jabatan"], ["Budi", "Guru"], ["Sari", "Lurah"]]
YOUTUBE = {
    "items": [
        {
            "id": "1",
            "snippet": {
                "topLevelComment": {
                    "snippet": {"textDisplay": post, "textOriginal": post, "authorDisplayName": "a", "likeCount": 1}
                }
            },
        }
        for post in POSTS
    ]
}
# a file: its name, its content, and the posts in it; or what the refusal says
READ: dict[str, tuple[str, str | bytes, list[str] | str]] = {
    "JSON, a byte order mark": ("a.json", b"\xef\xbb\xbf" + json.dumps(OBJECTS).encode(), POSTS),
    "JSON, UTF-16": ("a.json", json.dumps(OBJECTS, ensure_ascii=False).encode("utf-16"), POSTS),
    "JSON, called .txt": ("a.txt", json.dumps(OBJECTS, indent=1), POSTS),
    "JSON, called .csv": ("a.csv", json.dumps(OBJECTS), POSTS),
    "JSON, users within": (
        "a.json",
        json.dumps(
            [
                {
                    "user": {"username": "a", "description": "Guru di desa kami semua"},
                    "full_text": post,
                    "entities": {"hashtags": [{"text": "x"}]},
                }
                for post in POSTS
            ]
        ),
        POSTS,
    ),
    "JSON, keys that some lack": (
        "a.json",
        json.dumps([{"text": A}, {"id": 2, "text": B}, {"text": C, "x": {"y": 1}}]),
        POSTS,
    ),
    "JSON, YouTube": ("a.json", json.dumps(YOUTUBE), POSTS),
    "JSON, an archive of X": (
        "tweets.js",
        "window.YTD.tweets.part0 = " + json.dumps([{"tweet": {"id_str": "1", "full_text": post}} for post in POSTS]),
        POSTS,
    ),
    "JSON, blank lines between": ("a.jsonl", "\n\n" + "\r\n\r\n".join(map(json.dumps, OBJECTS)), POSTS),
    "JSON, nothing but texts": ("a.json", json.dumps(POSTS), "array of objects"),
    "gz of TSV": ("a.tsv.gz", gzip.compress(text_of([NAMES, *ROWS], delimiter="\t").encode()), POSTS),
    "gz called .csv": ("a.csv", gzip.compress(PLAIN.encode()), POSTS),
    "zip of a workbook": ("a.zip", zipped(rekap__xlsx=book_of({"S": [NAMES, *ROWS]})), POSTS),
    "zip of JSON": ("a.zip", zipped(rekap__json=json.dumps(OBJECTS)), POSTS),
    "zip of two": ("a.zip", zipped(a__csv=PLAIN, b__csv=PLAIN), '"a.csv", "b.csv"'),
    "zip of none": ("a.zip", zipped(), "."),
    "a workbook called .csv": ("a.csv", book_of({"S": [NAMES, *ROWS]}), POSTS),
    "a workbook of long ago": ("a.xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "Save it as .xlsx"),
    "a cover of sentences": (
        "a.xlsx",
        book_of(
            {
                "Sampul": [["LAPORAN"], ["Disusun oleh Tim Pemantau Media Sosial Kota Mandala untuk rapat"]],
                "Data": [NAMES, *ROWS],
            }
        ),
        POSTS,
    ),
    "sheets without cells": ("a.xlsx", book_of({"A": [], "B": [NAMES, *ROWS], "C": []}), POSTS),
    "titles in two cells": (
        "a.xlsx",
        book_of(
            {"S": [["Satker:", "BKPSDM Mandala"], ["Periode:", "1-27 Nov"], ["No", "Isi Unggahan", "Akun"], *ROWS]}
        ),
        POSTS,
    ),
    "signatures below": ("a.xlsx", book_of({"S": [["No", "Unggahan", "Akun"], *ROWS, [], *SIGNED]}), POSTS),
    "a table beside": (
        "a.xlsx",
        book_of({"S": [[*own, "", *theirs] for own, theirs in zip([NAMES, *ROWS], [*BESIDE, []], strict=True)]}),
        POSTS,
    ),
    "a longer table beside": (
        "a.xlsx",
        book_of(
            {
                "S": [
                    [*own, "", *theirs]
                    for own, theirs in zip(
                        [NAMES, *ROWS, [""] * 3, [""] * 3], [*BESIDE, *BESIDE[1:], BESIDE[1]], strict=True
                    )
                ]
            }
        ),
        POSTS,
    ),
    "a table that stands lower and to the right": (
        "a.xlsx",
        book_of({"S": [[], [], ["", *NAMES], *(["", *row] for row in ROWS)]}),
        POSTS,
    ),
    "a nameless column of remarks": ("a.csv", text_of([["id", "teks", ""], *(row for row in ROWS)]), POSTS),
    "no header, three columns": ("a.csv", text_of(ROWS), POSTS),
    "no header, TSV": ("a.tsv", text_of(ROWS, delimiter="\t"), POSTS),
    "no header, one post": ("a.txt", A + "\n", [A]),
    "no header, kinds of posts": ("a.csv", text_of([["2024-11-01 08:00", "komentar", post] for post in POSTS]), POSTS),
    "no header, short posts with commas": (
        "a.txt",
        "Rahman menang, gas\nTogar, bohong, ya\nhujan\n",
        "post already, say --no-header",
    ),
    "a questionnaire": (
        "a.csv",
        columns(
            Timestamp=["2024-11-01"] * 3, Nama=["Budi"] * 3, **{"Apa pendapat Anda tentang calon nomor satu?": POSTS}
        ),
        POSTS,
    ),
    "doubled text": (
        "a.csv",
        text_of([["id", "teks", "teks"], *([r[0], r[1], r[1] + " lagi"] for r in ROWS)]),
        "columns B and C",
    ),
    "bare CR, semicolons": (
        "a.csv",
        "id;teks;akun\n1;Coblos\rgas\rterus;a\n2;Togar bohong;b\n",
        ["Coblos\rgas\rterus", "Togar bohong"],
    ),
    "bare CR, rows end with CR LF": (
        "a.csv",
        "id,teks,akun\r\n1,Coblos\rgas,a\r\n2,Togar,b\r\n",
        ["Coblos\rgas", "Togar"],
    ),
    "bare CR in the last cell": ("a.csv", "id,teks\n1,Coblos\rgas\n2,Togar\n", ["Coblos\rgas", "Togar"]),
    "bare CR in the only cell": ("a.csv", "teks\nCoblos\rgas\nTogar\n", ["Coblos\rgas", "Togar"]),
    "backslashes before quotation marks": (
        "a.csv",
        'id,teks,akun\n1,"kata \\"Rahman\\", gas",a\n2,Togar,b\n3,"x, y",c\n',
        ['kata "Rahman", gas', "Togar", "x, y"],
    ),
    "a backslash that is one": ("a.csv", 'id,teks,akun\n1,"C:\\",a\n2,Togar,b\n', ["C:\\", "Togar"]),
    "a preamble of comments": ("a.csv", "# diunduh 2024-11-27\n# oleh, Sari, BKN\n" + PLAIN, POSTS),
    "a preamble with semicolons": ("a.csv", "Judul;;\nPeriode;Nov;\n" + text_of([NAMES, *ROWS], delimiter=";"), POSTS),
    "comma and blank": ("a.csv", "id, teks, akun\n" + "".join(f'{a}, "{b}", {c}\n' for a, b, c in ROWS), POSTS),
    "semicolon and blank": ("a.csv", "id; teks; akun\n" + "".join(f'{a}; "{b}"; {c}\n' for a, b, c in ROWS), POSTS),
    "blanks": ("a.csv", "id teks akun\n" + "".join(f'{a} "{b}" {c}\n' for a, b, c in ROWS), POSTS),
    "blanks and single quotation marks": (
        "a.txt",
        "id teks akun\n" + "".join(f"{a} '{b}' {c}\n" for a, b, c in ROWS),
        POSTS,
    ),
    "single quotation marks, doubled": (
        "a.csv",
        "id,teks,akun\n1,'Rahman, jum''at gas',a\n2,'Togar, bohong',b\n3,'x, y',c\n",
        ["Rahman, jum'at gas", "Togar, bohong", "x, y"],
    ),
    "apostrophes that quote nothing": (
        "a.csv",
        "id,teks,akun\n1,jum'at Rahman gas,a\n2,'Togar' bohong,b\n3,x y,c\n",
        ["jum'at Rahman gas", "'Togar' bohong", "x y"],
    ),
    "a status of several words": ("a.csv", columns(status=["Pegawai Negeri Sipil"] * 3, unggahan=POSTS), POSTS),
    "a count called komentar": (
        "a.csv",
        columns(komentar=["3", "1.2K", "0"], suka=["1", "2", "3"], caption=POSTS),
        POSTS,
    ),
    "a link called konten": ("a.csv", columns(konten=[f"https://t.co/{i}" for i in "abc"], deskripsi=POSTS), POSTS),
    "an id called tweet": (
        "a.csv",
        columns(tweet=["17800000000001", "17800000000002", "17800000000003"], isi=POSTS),
        POSTS,
    ),
    "a post called status": ("a.csv", columns(waktu=["2024-11-01"] * 3, status=POSTS), POSTS),
    "a head line and the text": ("a.csv", columns(judul=["Kabar", "Berita baru", "Info"], isi=POSTS), POSTS),
    "a caption and what the picture shows": (
        "a.csv",
        columns(caption=POSTS, alt_text=["Foto pria di panggung besar"] * 3),
        POSTS,
    ),
    "comments below a video": (
        "a.csv",
        columns(author=["a"] * 3, text=POSTS, video_title=["Debat Calon Wali Kota Mandala"] * 3),
        POSTS,
    ),
    "capitals": ("a.csv", columns(NO=["1", "2", "3"], KOMENTAR__NETIZEN=POSTS, SENTIMEN=["positif"] * 3), POSTS),
    "a number of comments": ("a.csv", columns(jumlah__komentar=["5", "6", "7"], komentar=POSTS), POSTS),
}


@pytest.mark.parametrize("kind", READ)
def test_others_of_the_same_kinds_are_read_or_refused_by_one_sentence(kind: str, tmp_path: Path) -> None:
    name, content, wanted = READ[kind]
    path = tmp_path / name
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    if isinstance(wanted, str):
        with pytest.raises(InputError, match=re.escape(wanted) if wanted != "." else wanted) as refused:
            posts_in(path)
        assert "\n" not in str(refused.value)
    else:
        assert posts_in(path) == wanted


def posts_in(path: Path) -> list[str]:
    with open_table(path) as table:
        at = table.posts_column()
        cells = [record.cells[at] for record in table if isinstance(record, Row)]
    return [cell for cell in cells if cell.strip()]
