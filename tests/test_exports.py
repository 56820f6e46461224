"""Laws of exports in use: which column holds the posts, what a command says, what a workbook gives back."""

from __future__ import annotations

import csv
import datetime as dt
import io
import json
import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import openpyxl
import pytest

from netral_nlp.errors import InputError, UsageError
from netral_nlp.learning.corpus import Corpus
from netral_nlp.learning.estimator import StanceClassifier
from netral_nlp.model.file import save_model
from netral_nlp.model.model import Model
from netral_nlp.records import LABELS
from netral_nlp.report.showing import read_evidence
from netral_nlp.roster import Roster
from netral_nlp.scoring.engine import Engine
from netral_nlp.tables import Row, open_table
from netral_nlp.tables.posts_column import choose_posts
from running import run, write

POSTS = ["Gas terus nomor dua Pak Hasan", "Arman bohong jangan dipilih", "rapat koordinasi hari ini"]
ROSTER = ("-r", "kota-samudra-2024")


@pytest.fixture(scope="module")
def model_file(model: Model, tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = tmp_path_factory.mktemp("models") / "m.npz"
    save_model(model, file)
    return file


# names of the columns, what each holds (True: the posts), and the one to take; None where the user must say
CHOICES: dict[str, tuple[dict[str, Sequence[str]], str | None]] = {
    "a list of civil servants": ({"nama": ["Budi A", "Sari B", "Edi C"], "status": ["PNS", "PPPK", "PNS"],
                                  "unggahan": POSTS}, "unggahan"),
    "a count called tweet": ({"tweet": ["351", "12", "7"], "full_text": POSTS}, "full_text"),
    "a count called komentar": ({"komentar": ["3", "0", "18"], "caption": POSTS}, "caption"),
    "a kind called konten": ({"konten": ["Foto", "Video", "Foto"], "deskripsi": POSTS}, "deskripsi"),
    "cleaned beside original": ({"Original Comment": POSTS, "Cleaned Comment": [p.lower() for p in POSTS]},
                                "Original Comment"),
    "a name in two words": ({"Id": ["1", "2", "3"], "Text Tweet": POSTS}, "Text Tweet"),
    "short and whole text": ({"text": [p[:12] + "…" for p in POSTS], "full_text": POSTS}, "full_text"),
    "TikTok": ({"text": POSTS, "diggCount": ["1", "2", "3"], "authorMeta.name": ["a", "b", "c"],
                "createTimeISO": ["2024-11-01"] * 3}, "text"),
    "YouTube": ({"snippet.topLevelComment.snippet.textDisplay": POSTS,
                 "snippet.topLevelComment.snippet.likeCount": ["1", "2", "3"]},
                "snippet.topLevelComment.snippet.textDisplay"),
    "X with its users": ({"user.description": ["Guru SD di desa kami"] * 3, "legacy.full_text": POSTS},
                         "legacy.full_text"),
    "CrowdTangle": ({"Page Name": ["Kabar Kota Samudra"] * 3, "Message": POSTS, "Total Interactions": ["1", "2", "3"]},
                    "Message"),
    "comments under one caption": ({"caption": ["Debat malam ini, siapa pilihanmu warga kota semua?"] * 9,
                                    "komentar": ["mantap pak", "siap menang", "gas pak"] * 3}, "komentar"),
    "scored already": ({"teks": POSTS, "bukti": ["gas +1.2; terus +0.4"] * 3}, "teks"),
    "one word each": ({"id": ["1", "2"], "teks": ["halo", "ya"]}, "teks"),
    "nothing but counts": ({"status": ["1", "2"], "suka": ["3", "4"]}, "status"),
    "two of one kind": ({"komentar": POSTS, "caption": POSTS[::-1]}, None),
    "only kinds by name, sentences by content": ({"status": ["PNS", "PPPK", "PNS"], "uraian kejadian": POSTS}, None),
    "no name at all": ({"kolom a": POSTS, "kolom b": ["x", "y", "z"]}, None),
    "doubled and needed": ({"teks": POSTS, "Teks": POSTS}, "teks"),
}  # fmt: skip


@pytest.mark.parametrize("case", CHOICES)
def test_the_cells_decide_which_column_holds_the_posts(case: str) -> None:
    columns, wanted = CHOICES[case]
    rows = list(zip(*columns.values(), strict=True))
    if wanted is None:
        with pytest.raises(InputError, match="--text-column"):
            choose_posts(list(columns), rows, None)
    else:
        assert list(columns)[choose_posts(list(columns), rows, None)] == wanted


def test_a_refusal_names_the_candidates_with_the_option_filled_in() -> None:
    with pytest.raises(InputError, match=r'found "kolom a", "b".*--text-column "kolom a"'):
        choose_posts(["kolom a", "b"], [(post, "x") for post in POSTS], None)
    with pytest.raises(InputError, match=r'"komentar", "caption".*--text-column'):
        choose_posts(["komentar", "caption"], list(zip(POSTS, POSTS[::-1], strict=True)), None)
    with pytest.raises(InputError, match='columns A and B are both called "teks"'):
        choose_posts(["teks", "teks"], list(zip(POSTS, POSTS, strict=True)), None)


def score(file: Path, model_file: Path, *more: object) -> tuple[int, str, list[dict[str, str]]]:
    out = file.with_name("hasil.csv")
    out.unlink(missing_ok=True)
    done = run("score", file, *ROSTER, "-m", model_file, "-o", out, "--max-fpr", "0,1", *more)
    return done.code, done.err, rows_of(out) if out.exists() else []


def rows_of(path: Path) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(path.read_text(encoding="utf-8"), newline="")))


def test_a_first_line_that_is_a_post_is_scored_and_said(tmp_path: Path, model_file: Path) -> None:
    file = tmp_path / "komentar.csv"
    file.write_text("\n".join(POSTS) + "\n", encoding="utf-8")
    code, said, rows = score(file, model_file)
    assert (code, [row["kolom_1"] for row in rows]) == (0, POSTS)
    assert "No header" in said and "--header-row 1" in said
    code, said, rows = score(file, model_file, "--text-column", POSTS[0])
    assert code == 3 and not rows and POSTS[0] not in said
    code, _, rows = score(file, model_file, "--header-row", 1, "--text-column", POSTS[0])
    assert (code, len(rows)) == (0, 2)


def test_a_first_line_that_may_be_a_name_is_asked_about(tmp_path: Path, model_file: Path) -> None:
    file = tmp_path / "komentar.csv"
    file.write_text("bagus sekali\n" + "\n".join(POSTS) + "\n", encoding="utf-8")
    code, said, rows = score(file, model_file)
    assert code == 3 and not rows and "--no-header" in said
    assert "--text-column" not in said.split("--header-row 1")[0]  # no advice that would lose the first post
    assert score(file, model_file, "--no-header")[2][0]["kolom_1"] == "bagus sekali"


def test_taken_names_are_said_once_and_understood_by_the_report(tmp_path: Path, model_file: Path) -> None:
    file = write(tmp_path / "berlabel.csv", ["teks", "label"], [(post, "manual") for post in POSTS])
    code, said, rows = score(file, model_file)
    assert code == 0 and said.count('ours is called "label_hasil"') == 1
    assert {row["label"] for row in rows} == {"manual"} and rows[0]["label_hasil"] == "dukung"
    page = tmp_path / "laporan.html"
    assert run("report", tmp_path / "hasil.csv", "-o", page).code == 0
    again = (tmp_path / "hasil.csv").rename(tmp_path / "sekali.csv")
    code, said, rows = score(again, model_file)
    assert code == 0 and "scored already" in said and "skor_netral_netral" not in rows[0]
    assert rows[0]["label_hasil_hasil"] == "dukung" and rows[0]["skor_netral_hasil"]
    assert run("report", tmp_path / "hasil.csv", "-o", page).code == 0


def test_what_is_strange_about_a_whole_file_is_said(tmp_path: Path, model_file: Path) -> None:
    plain = [(n, "2019-03-01", "hujan lagi di pasar") for n in (1, 1, 2, 3, 4, 5)]
    code, said, _ = score(write(tmp_path / "a.csv", ["id", "waktu", "teks"], plain), model_file)
    assert code == 0
    assert "No post names a pair of kota-samudra-2024" in said
    assert "5 of 6 posts are copies" in said
    assert '1 rows have an id ("id") that stood before' in said
    assert "2019-03-01 to 2019-03-01, but kota-samudra-2024 votes on 2024-11-27" in said
    named = [(n, "2024-11-01", f"{post} {n}") for n, post in enumerate(POSTS * 3)]
    _, said, _ = score(write(tmp_path / "b.csv", ["kode", "kapan", "teks"], named), model_file)
    assert not any(word in said for word in ("No post names", "copies", "votes on", "stood before"))
    late = [(n % 8, "1 Maret 2019", f"{post} {n}") for n, post in enumerate(POSTS * 3)]
    named_columns = ("--time-column", "kapan", "--id-column", "kode")
    _, said, _ = score(write(tmp_path / "c.csv", ["kode", "kapan", "teks"], late), model_file, *named_columns)
    assert "votes on" in said and '("kode") that stood before' in said


def test_a_model_that_was_fitted_to_another_election_is_said(tmp_path: Path, model: Model) -> None:
    from dataclasses import replace

    file = tmp_path / "m.npz"
    save_model(replace(model, facts={**model.facts, "recalibrated": {"elections": ["pilpres-fiksi"]}}), file)
    posts = write(tmp_path / "a.csv", ["teks"], [(post,) for post in POSTS])
    assert "calibrated to pilpres-fiksi, not to kota-samudra-2024" in score(posts, file)[1]
    explained = run("explain", POSTS[0], *ROSTER, "-m", file)
    assert explained.code == 0 and "calibrated to pilpres-fiksi, not to kota-samudra-2024" in explained.err
    assert "not to" not in explained.out


def test_typed_cells_of_a_workbook_come_back_typed(tmp_path: Path, model_file: Path) -> None:
    book = openpyxl.Workbook()
    moment, day = dt.datetime(2024, 11, 1, 8, 5), dt.datetime(2024, 11, 2)
    book.active.append(["NIP", "waktu", "tanggal", "suka", "aktif", "unggahan", "bagian"])
    book.active.append([1.98501012010011e17, moment, day, 7, True, POSTS[0], 0.1 + 0.2])
    book.active.append(["197203151995032001", None, day, 2.5, False, POSTS[1], None])
    book.save(tmp_path / "a.xlsx")
    out = tmp_path / "hasil.xlsx"
    done = run("score", tmp_path / "a.xlsx", *ROSTER, "-m", model_file, "-o", out, "--max-fpr", 0.1)
    assert done.code == 0
    assert 'Column "NIP": 1 number(s) have more than 15 digits; Excel has cut them' in done.err
    sheet = openpyxl.load_workbook(out).active
    rows = list(sheet.iter_rows(min_row=2, max_col=7, values_only=True))
    assert rows[0] == (1.98501012010011e17, moment, day, 7, True, POSTS[0], pytest.approx(0.3))
    assert rows[1] == ("197203151995032001", None, day, 2.5, False, POSTS[1], None)
    with open_table(tmp_path / "a.xlsx") as table:
        shown = [record.cells for record in table if isinstance(record, Row)]
    assert shown[0] == ("198501012010011000", "2024-11-01T08:05:00", "2024-11-02", "7", "TRUE", POSTS[0], "0.3")


def test_sheets_are_named_where_none_or_several_hold_posts(tmp_path: Path, model_file: Path) -> None:
    book = openpyxl.Workbook()
    book.active.title = "Okt"
    for name in ("Okt", "Nov"):
        sheet = book["Okt"] if name == "Okt" else book.create_sheet(name)
        sheet.append(["teks"])
        sheet.append([f"Hasan hebat {name}"])
    book.save(tmp_path / "a.xlsx")
    code, said, rows = score(tmp_path / "a.xlsx", model_file)
    assert (code, rows[0]["teks"]) == (0, "Hasan hebat Okt") and '"Nov" may hold posts, too: say --sheet' in said
    assert score(tmp_path / "a.xlsx", model_file, "--sheet", "nov")[2][0]["teks"] == "Hasan hebat Nov"
    for sheet in book:
        sheet["A1"] = "angka"
        sheet["A2"] = 7
    book.save(tmp_path / "b.xlsx")
    code, said, _ = score(tmp_path / "b.xlsx", model_file)
    assert code == 3 and '"Okt", "Nov"; choose another with --sheet' in said


def test_labelled_data_say_what_they_lack_by_options(tmp_path: Path) -> None:
    rows = [("1", post, label) for post, label in zip(POSTS, ("Positif", "NEGATIF", "netral"), strict=True)]
    file = write(tmp_path / "b.csv", ["No", "Komentar", "Sentimen"], rows)
    said = run("corpus", "check", file).out
    assert all(one in said for one in ('"election", "pair", "label"', "--election ID", "--pair ID", "--label-column"))
    given = ("--election", "kota-samudra-2024", "--pair", "2", "--label-column", "sentimen")
    said = run("corpus", "check", file, *given).out
    assert said.count("unknown label") == 2 and said.count("say others with --label-map") == 2
    done = run("corpus", "check", file, *given, "--label-map", "positif=dukung,negatif=tolak")
    assert done.code == 0 and "3 usable posts" in done.err
    assert run("corpus", "check", file, "--label-map", "positif").code == 2


def test_a_file_for_another_roster_is_refused_in_one_line_not_forty(tmp_path: Path) -> None:
    rows = [(n, "kota-samudra-2020", "1", "dukung", f"Gas {n}") for n in range(60)]
    file = write(tmp_path / "b.csv", ["id", "election", "pair", "label", "text"], rows)
    done = run("corpus", "check", file)
    assert done.code == 3 and done.out.count("unknown election") == 1
    assert "lines 3, 4, 5 and 56 more" in done.out and "kota-samudra-2024" in done.out
    assert "--rosters" in run("train", file, "--out", tmp_path / "m.npz").err


def test_reviews_filled_in_in_excel_come_back(tmp_path: Path, model_file: Path) -> None:
    posts = write(tmp_path / "a.csv", ["id", "teks"], list(enumerate([*POSTS, "Hasan di pasar", "Arman di kota"], 1)))
    out, reviews = tmp_path / "hasil.xlsx", tmp_path / "r.sqlite"
    assert run("score", posts, *ROSTER, "-m", model_file, "-o", out, "--max-fpr", 0.1).code == 0
    book = openpyxl.load_workbook(out)
    sheet = book.active
    column = [cell.value for cell in sheet[1]].index("tinjauan") + 1
    label = str(sheet.cell(2, [cell.value for cell in sheet[1]].index("label") + 1).value)
    for row, said in ((2, "setuju"), (3, "Tolak"), (5, "keliru"), (6, "entahlah")):
        sheet.cell(row, column, said)
    book.save(out)
    done = run("review-import", out, "--reviews", reviews, "--reviewer", "Sari")
    assert done.code == 5 and "3 labels added" in done.err and "1 not filled in, 1 rejected" in done.err
    assert "keliru" in done.err and 'unknown review "entahlah"' in done.err
    assert "0 labels added" in run("review-import", out, "--reviews", reviews, "--reviewer", "Sari").err
    exported = tmp_path / "labelled.csv"
    assert run("review-export", reviews, "-o", exported).code == 0
    rows = rows_of(exported)
    assert [(r["election"], r["text"], r["label"]) for r in rows] == [
        ("kota-samudra-2024", POSTS[0], label), ("kota-samudra-2024", POSTS[1], "tolak"),
    ]  # fmt: skip
    assert run("corpus", "check", exported).code == 0


STUDIO = {"data": {"komentar": POSTS[0]}, "annotations": [{"result": [{"value": {"choices": ["Dukung"]}}]}]}
FOREIGN = {
    "doccano, other text names": '{"full_text":"%s","label":["dukung"]}\n{"komentar":"%s","label":["tolak"]}',
    "doccano, an array": '[{"id":1,"text":"%s","label":["dukung"]},{"id":2,"text":"%s","label":["tolak"]}]',
    "Label Studio, JSON-MIN": '[{"id":1,"caption":"%s","sikap":"Dukung"},{"id":2,"caption":"%s","sikap":"tolak"}]',
    "Label Studio, CSV": "annotation_id,annotator,created_at,id,teks,sikap\n1,1,2024,1,%s,Dukung\n2,1,2024,2,%s,tolak",
    "a table": "Komentar,Label\n%s,dukung\n%s,tolak",
}


@pytest.mark.parametrize("kind", FOREIGN)
def test_labels_of_other_tools_are_read_under_all_names_of_the_post(kind: str, tmp_path: Path) -> None:
    suffix = "csv" if "CSV" in kind or "table" in kind else "json"
    file = tmp_path / f"labels.{suffix}"
    file.write_text(FOREIGN[kind] % (POSTS[0], POSTS[1]), encoding="utf-8")
    done = run("review-import", file, "--reviews", tmp_path / "r.sqlite", "--pair", "Hasan-Wulan")
    assert (done.code, done.err.split(",")[0]) == (0, f"2 labels added to {tmp_path / 'r.sqlite'}")


def test_other_labels_and_columns_of_other_tools_are_said_by_options(tmp_path: Path) -> None:
    file = tmp_path / "labels.json"
    tasks = [STUDIO, {"isi berita": "Hasan hebat", "nilai": "positif"}]
    file.write_text(json.dumps(tasks), encoding="utf-8")
    base = ("review-import", file, "--pair", "Hasan-Wulan", "--reviews", tmp_path / "r.sqlite")
    assert "1 label added" in run(*base).err
    done = run(*base, "--text-column", "isi_berita", "--label-column", "nilai", "--label-map", "positif=dukung")
    assert "1 label added" in done.err


def test_a_place_that_cannot_be_written_is_told_before_the_work(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from netral_nlp.learning import training

    monkeypatch.setattr(training, "train", lambda *_, **__: pytest.fail("it was trained first"))
    (tmp_path / "file").write_text("x", encoding="utf-8")
    done = run("train", "--out", tmp_path / "file" / "m.npz")
    assert done.code == 3 and "Cannot make the folder" in done.err
    assert run("train", "--out", tmp_path).code == 3


@pytest.mark.parametrize("arguments", [["Gas terus ☝️ 😀 Hasan"], ["Gas terus ☝️ 😀 Hasan", "--json"]])
def test_a_console_of_another_age_ends_no_run(arguments: list[str], model_file: Path) -> None:
    command = [sys.executable, "-m", "netral_nlp", "explain", *arguments, *ROSTER, "-m", str(model_file)]
    environment = {**os.environ, "PYTHONUTF8": "0", "PYTHONIOENCODING": "cp1252"}
    done = subprocess.run([*command, "--max-fpr", "0,1"], capture_output=True, check=False, env=environment)
    assert done.returncode == 0, done.stderr
    if "--json" in arguments:
        assert json.loads(done.stdout.decode("cp1252"))["text"] == arguments[0]


def test_a_classifier_takes_texts_and_nothing_else(samudra: Roster) -> None:
    import numpy as np
    import pandas as pd

    judge = StanceClassifier(samudra, "Hasan-Wulan").fit(POSTS * 9, ["dukung", "tolak", "netral"] * 9)
    assert len(judge.predict(pd.Series(POSTS))) == 3
    wrong = (pd.DataFrame({"teks": POSTS}), [None, float("nan"), 5], ["ya", 5], np.array([POSTS]), POSTS[0], 5)
    for given in wrong:
        with pytest.raises(UsageError):
            judge.predict(given)  # type: ignore[arg-type]


def test_a_review_with_another_roster_is_refused(tmp_path: Path, model_file: Path) -> None:
    posts = write(tmp_path / "a.csv", ["teks"], [(post,) for post in POSTS])
    score(posts, model_file)
    done = run("review", tmp_path / "hasil.csv", "-r", "pilpres-fiksi", "--reviews", tmp_path / "r.sqlite")
    assert done.code == 3 and "pilpres-fiksi does not have" in done.err


@pytest.mark.parametrize("counts", [[(1, 2), (0, 1), (0, 3)], [(1, 1), (0, 0), (0, 1)], [(1, 2), (0, 1)]])
def test_rates_of_few_posts_have_a_p_value(counts: list[tuple[int, int]]) -> None:
    from netral_nlp.auditing.rates import Rate, equality

    assert 0.0 <= equality([Rate(*one) for one in counts]) <= 1.0


def test_the_evidence_says_which_label_it_speaks_for_and_never_shows_a_whole_post_as_a_word(
    model: Model, samudra: Roster, small_corpus: Corpus
) -> None:
    texts = [e.case.text for e in small_corpus.examples if e.case.roster == samudra][:400]
    found = Engine(model, samudra, 0.03).score(texts, [None] * len(texts))
    kinds = set()
    for post, pair, label, scores, cell in zip(
        found.post, found.pair, found.label, found.scores.tolist(), found.words, strict=True
    ):
        if not pair or not cell:
            continue
        kinds.add(label)
        head = f"untuk {LABELS[scores.index(max(scores))]}: "
        assert cell.startswith(head) == (label == "ragu")
        told = {word for word, _ in read_evidence(cell)}
        whole = " ".join(texts[post].split())
        assert whole not in told or whole.count(" ") < 2 or told == {whole}  # a pair's name and nothing else
    assert kinds >= {"dukung", "ragu"}
