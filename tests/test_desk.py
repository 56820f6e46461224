"""Laws of the desk: the whole way from an upload to files, who may do what, and that a case outlives everything."""

from __future__ import annotations

import io
import json
import os
import re
import sqlite3
import ssl
from collections.abc import Iterator
from pathlib import Path

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

pytest.importorskip("python_multipart", reason="the extra [desk] is not installed")
pytest.importorskip("httpx", reason="httpx is not installed")

from desks import PIN, House, TestClient, Visitor, prepare
from netral_nlp import desk
from netral_nlp.desk import network
from netral_nlp.desk.asking import forms
from netral_nlp.desk.case import Case
from netral_nlp.desk.file_pages import OTHERS, SCORED
from netral_nlp.desk.folder import ENDING, NAME, Folder, slug
from netral_nlp.desk.network import certificate_for, fingerprint, names_here
from netral_nlp.desk.pages import STEPS, english
from netral_nlp.desk.people import FREE_TRIES, People
from netral_nlp.desk.progress import progress_of, remaining_of
from netral_nlp.desk.reading import Look, Reading
from netral_nlp.desk.rosters import check, draft_of
from netral_nlp.desk.saying import in_indonesian
from netral_nlp.desk.scoring_pages import worth_of_learning
from netral_nlp.desk.server import create_app
from netral_nlp.desk.uploads import title_of
from netral_nlp.errors import InputError, UsageError
from netral_nlp.law.assessment import TIMELY
from netral_nlp.law.loading import load_rules
from netral_nlp.law.tables import CASES
from netral_nlp.learning.corpus import Corpus
from netral_nlp.review.answers import names_of
from netral_nlp.review.log import Shown
from netral_nlp.roster import Roster
from netral_nlp.roster.reading import parse_roster
from netral_nlp.roster.writing import tables_of, write_toml
from netral_nlp.serving.limits import DOOR, PAGES, REMEMBERED, Limits
from netral_nlp.serving.listening import hosts_of
from netral_nlp.serving.sessions import Sessions
from netral_nlp.tables import open_table
from strategies import many

ROSTERS = Path(__file__).resolve().parents[1] / "data" / "rosters"
ROSTER = ROSTERS / "kota-samudra-2024.toml"
HOSTILE = '=HYPERLINK("http://x")<script>document.title="x"</script><b>tebal</b> Pak Arman @budi_77'
TEXTS = ("Gas terus Pak Arman nomor satu!", "Pak Hasan bohong, jangan pilih", "Hujan lagi di Samudra", HOSTILE)


def posts(count: int) -> bytes:
    """A semicolon CSV as a supervisor's Excel writes it."""
    rows = [f'{n};{n % 27 + 1:02}/10/2024 10:00;@akun_{n};"{TEXTS[n % 4].replace(chr(34), chr(34) * 2)}"'
            for n in range(count)]  # fmt: skip
    return "\r\n".join(["id;waktu;akun;isi", *rows, "x;rusak", ""]).encode("utf-8-sig")


def workbook(count: int) -> bytes:
    """The same as a workbook with a cover sheet and titles above the header."""
    book = openpyxl.Workbook()
    book.active.title = "Sampul"
    book.active.append(["Laporan pemantauan"])
    sheet = book.create_sheet("Unggahan")
    sheet.append(["Laporan pemantauan"])
    sheet.append([])
    sheet.append(["id", "waktu", "akun", "isi"])
    for n in range(count):
        sheet.append([n, f"2024-10-{n % 27 + 1:02}", f"@akun_{n}", f"'{TEXTS[n % 4]}" if n % 4 == 3 else TEXTS[n % 4]])
    made = io.BytesIO()
    book.save(made)
    return made.getvalue()


@pytest.fixture(scope="module")
def scored(tmp_path_factory: pytest.TempPathFactory, model_file: Path) -> Iterator[tuple[House, str]]:
    """A desk with one scored case, for tests that leave nothing behind that others would miss."""
    house = House(tmp_path_factory.mktemp("desk") / "meja", model_file)
    name = score(house, house.visit(), ("unggahan.csv", posts(40)))
    yield house, name
    house.close()


def score(house: House, visitor: Visitor, upload: tuple[str, bytes], title: str = "Pilwali") -> str:
    name = prepare(visitor, title, upload, ROSTER)
    visitor.submit(f"/{name}/nilai", apa="mulai")
    house.wait(name)
    assert house.case(name).fact("skor") is not None, house.case(name).fact("kerja")
    return name


@pytest.mark.parametrize("upload", [("../data.csv", posts(24)), ("b.xlsx", workbook(24))], ids=["csv", "xlsx"])
def test_the_whole_way_from_an_empty_folder_to_files(house: House, upload: tuple[str, bytes]) -> None:
    visitor = house.visit()
    name = score(house, visitor, upload, "Pilwali Samudra 2024")
    assert name == "pilwali-samudra-2024"
    for step in ("unggah", "paslon", "nilai", "ikhtisar", "tinjau", "daftar", "belajar", "laporan", "berkas"):
        visitor.get(f"/perkara/{name}/{step}")
        assert visitor.answer.status_code == 200, (step, visitor.page)
        assert "<script>document" not in visitor.page and "@budi_77" not in visitor.page.replace("@***", "")
        assert visitor.page.count("<h1") == 1
    seen: set[str] = set()
    for decision in ("dukung", "netral", "tolak", "tidak jelas", "lewati"):
        visitor.get(f"/perkara/{name}/tinjau")
        fields = visitor.form(f"/{name}/tinjau").fields
        assert fields["pos"] not in seen
        seen.add(fields["pos"])
        visitor.submit(f"/{name}/tinjau", keputusan=decision, paslon=fields["paslon"] or "Arman-Lestari")
        assert "Tersimpan" in visitor.page
    assert [line.decision for line in house.case(name).lines()] == [
        "dukung",
        "netral",
        "tolak",
        "tidak jelas",
        "lewati",
    ]
    assert "4 dari 24 ditinjau, 4 oleh Anda, 1 dilewati" in visitor.page
    key = min(seen)
    visitor.get(f"/perkara/{name}/dossier/{key}")
    visitor.submit(f"/bukti/{name}/{key}", files=[("bukti", ("../../gambar layar.png", b"PNG"))], uraian="<i>x</i>")
    page = visitor.get(f"/pratinjau/{name}/berkas/1/berkas.html")
    assert visitor.answer.status_code == 200 and "01-gambar_layar.png" in page and "<i>x</i>" not in page
    assert "sandbox" in visitor.answer.headers["content-security-policy"]
    assert visitor.client.get(f"{visitor.room}/pratinjau/{name}/laporan").status_code == 200
    assert [one.what for one in house.case(name).actions()] == [
        "buat", "unggah", "tata", "rancangan paslon", "paslon", "mulai nilai", "nilai", "berkas",
    ]  # fmt: skip


@pytest.mark.parametrize("wanted", ["skor.csv", "skor.xlsx", "label.csv", "catatan-keputusan.csv"])
def test_what_leaves_the_desk_has_pseudonyms_and_no_live_formula(
    scored: tuple[House, str], wanted: str, tmp_path: Path
) -> None:
    house, name = scored
    visitor = house.visit()
    visitor.get(f"/perkara/{name}/tinjau")
    if not house.case(name).lines():
        visitor.submit(f"/{name}/tinjau", keputusan="netral", paslon="Arman-Lestari")
    visitor.get(f"/perkara/{name}/berkas")
    visitor.submit(f"/{name}/unduh", berkas=wanted)
    path = tmp_path / wanted
    path.write_bytes(visitor.answer.content)
    with open_table(path) as table:
        cells = [cell for row in table for cell in row.cells]  # type: ignore[union-attr]
    assert not any(handle in cell for cell in cells for handle in ("akun_1", "budi_77"))
    if wanted.endswith(".csv"):
        text = path.read_text(encoding="utf-8-sig")
        assert not any(
            cell.lstrip('"').startswith(("=", "+", "@")) for line in text.splitlines() for cell in line.split(";")
        )
    else:
        sheet = openpyxl.load_workbook(path).active
        assert not any(cell.data_type == "f" for row in sheet.iter_rows() for cell in row)
    last = house.case(name).actions()[-1]
    assert (last.who, last.what, last.about, last.detail) == ("Sari", "unduh", wanted, {"identitas": False})


def test_the_page_of_downloads_offers_every_file_and_says_what_it_is_for(scored: tuple[House, str]) -> None:
    house, name = scored
    page = house.visit().get(f"/perkara/{name}/berkas")
    offered = dict(re.findall(r'name="berkas" value="([^"]+)">[^<]*</button> <span>([^<]+)</span>', page))
    assert sorted(offered) == sorted((*SCORED, *OTHERS)) and all(len(about) > 15 for about in offered.values())


@pytest.mark.parametrize("real", ["", "1"])
def test_scores_leave_the_desk_as_numbers(scored: tuple[House, str], real: str) -> None:
    house, name = scored
    visitor = house.visit()
    visitor.get(f"/perkara/{name}/berkas")
    visitor.submit(f"/{name}/unduh", berkas="skor.xlsx", identitas=real, alasan="untuk menguji" if real else "")
    sheet = openpyxl.load_workbook(io.BytesIO(visitor.answer.content)).active
    head, *rows = sheet.iter_rows(values_only=True)
    found = [[row[at] for at, name in enumerate(head) if str(name).startswith("skor_")] for row in rows]
    judged = [scores for scores in found if scores != [None] * 3]  # a post that names no pair has none
    assert len(found) == 40 and len(judged) > 15
    assert all(isinstance(score, float | int) for scores in judged for score in scores)
    assert all(sum(scores) == pytest.approx(1.0, abs=1e-4) for scores in judged)


def test_a_step_that_is_shut_says_why(house: House) -> None:
    visitor = house.visit()
    visitor.submit("/perkara", judul="Baru")
    shut = re.findall(r'<span class="shut"[^>]* title="([^"]+)">([^<]+)</span>', visitor.page)
    assert {"Nilai", "Unduhan"} <= {step for _, step in shut} and all(why for why, _ in shut)
    house.folder.people.add("Budi", PIN)
    name = filled_case(house, 3)
    page = house.visit("Budi").get(f"/perkara/{name}/tinjau")
    assert f"/perkara/{name}/ikhtisar" in page and f"/perkara/{name}/belajar" not in page
    assert 'title="Hanya untuk pemilik meja.">Belajar' in page


def test_identities_leave_only_with_a_reason_that_is_logged(scored: tuple[House, str]) -> None:
    house, name = scored
    visitor = house.visit()
    visitor.get(f"/perkara/{name}/berkas")
    visitor.submit(f"/{name}/unduh", berkas="skor.csv", identitas="1", alasan=" ")
    assert visitor.answer.status_code == 400 and "alasan" in visitor.alarm
    visitor.get(f"/perkara/{name}/berkas")
    visitor.submit(f"/{name}/unduh", berkas="skor.csv", identitas="1", alasan="surat tugas 7")
    assert "@akun_1" in visitor.page
    assert house.case(name).actions()[-1].detail == {"identitas": True, "alasan": "surat tugas 7"}
    visitor.get(f"/perkara/{name}/tinjau?status=semua&text=tebal")
    assert "@budi_77" not in visitor.page
    visitor.get(f"/perkara/{name}/tinjau?status=semua&text=tebal&identitas=" + "0" * 32)
    assert "@budi_77" not in visitor.page
    visitor.submit(f"/{name}/identitas", alasan="surat tugas 7")
    assert "@budi_77" in visitor.page
    assert house.case(name).actions()[-1].what == "lihat identitas"


def test_a_form_sent_twice_is_one_decision_and_undo_brings_the_post_back(scored: tuple[House, str]) -> None:
    house, name = scored
    visitor = house.visit()
    visitor.get(f"/perkara/{name}/tinjau")
    form, before = visitor.form(f"/{name}/tinjau"), len(house.case(name).lines())
    data = {**form.fields, "keputusan": "netral", "catatan": "catat <b>"}
    for _ in range(3):
        visitor.answer = visitor.client.post(form.action, data=data)
    assert len(house.case(name).lines()) == before + 1
    visitor.submit(f"/{name}/batal")
    assert form.fields["pos"] in visitor.page and house.case(name).lines()[-1].decision == "batal"


def test_a_second_reader_gets_the_same_posts_and_never_the_first_ones_opinion(scored: tuple[House, str]) -> None:
    house, name = scored
    owner = house.visit()
    if house.folder.people.find("Budi") is None:
        owner.get("/orang")
        owner.submit("/orang", nama="Budi", pin=PIN, apa="tambah")
    owner.get(f"/perkara/{name}/tinjau")
    owner.submit(f"/{name}/setelan", pembaca="2", buta="1")
    owner.get(f"/perkara/{name}/tinjau")
    key = owner.form(f"/{name}/tinjau").fields["pos"]
    owner.submit(f"/{name}/tinjau", keputusan="tolak", paslon="Arman-Lestari", catatan="RAHASIA SARI")
    reading = Reading(house.case(name))
    reading.refresh()
    waiting = {row[0] for row in house.case(name).many("SELECT key FROM scored WHERE readers = 1")}
    assert key in waiting
    second = house.visit("Budi")
    got = set()
    for _ in waiting:
        second.get(f"/perkara/{name}/tinjau")
        assert "RAHASIA SARI" not in second.page and "Usulan model" not in second.page
        fields = second.form(f"/{name}/tinjau").fields
        got.add(fields["pos"])
        second.submit(f"/{name}/tinjau", keputusan="netral")
    assert got == waiting
    assert second.get("/orang") and second.answer.status_code == 400  # a reviewer is no owner
    for path in ("unggah", "paslon", "nilai", "belajar", "laporan", "berkas"):
        second.get(f"/perkara/{name}/{path}")
        assert second.answer.status_code == 400
    owner.get(f"/perkara/{name}/tinjau")
    owner.submit(f"/{name}/setelan", pembaca="1", buta="")


def test_an_act_is_confirmed_or_corrected_and_stays_in_the_log(house: House) -> None:
    visitor = house.visit()
    law = {"perbuatan": "AJAKAN", "tahap": "kampanye", "jenis": "disiplin", "pengecualian": "", "periksa": "foto"}
    name = filled_case(house, 6, law)
    visitor.get(f"/perkara/{name}/tinjau")
    assert "disiplin" in visitor.page and "kampanye" in visitor.page and "foto" in visitor.page
    fields = visitor.form(f"/{name}/tinjau").fields
    assert fields["perbuatan"] == "AJAKAN"
    names = names_of(load_rules(), "perbuatan")
    assert all(f"{name} ({code})" in visitor.page for code, name in names.items())
    visitor.submit(f"/{name}/tinjau", keputusan="dukung", paslon="Arman-Lestari")
    visitor.submit(f"/{name}/tinjau", keputusan="dukung", paslon="Arman-Lestari", diperiksa="1", pengecualian="KUTIPAN")
    visitor.submit(f"/{name}/tinjau", keputusan="netral", diperiksa="1", perbuatan="LAIN")
    assert visitor.answer.status_code == 400 and "LAIN" in visitor.alarm
    first, second = house.case(name).lines()
    assert first.law is None and first.shown.acts == "AJAKAN"
    assert second.law is not None and (second.law.acts, second.law.exception) == ("AJAKAN", "KUTIPAN")
    visitor.get(f"/perkara/{name}/tinjau?pos={second.key}")
    assert visitor.form(f"/{name}/tinjau").fields["pengecualian"] == "KUTIPAN"


def test_a_blind_reviewer_learns_nothing_of_the_model_by_any_address(house: House) -> None:
    visitor = house.visit()
    name = filled_case(house, 8, {"perbuatan": "AJAKAN", "tahap": "kampanye", "jenis": "disiplin"})
    visitor.get(f"/perkara/{name}/tinjau")
    assert "Usulan model" in visitor.page and "AJAKAN" in visitor.form(f"/{name}/tinjau").fields["perbuatan"]
    visitor.submit(f"/{name}/setelan", buta="1", pembaca="1")
    for query in ("", "?terbuka=1&buta=", "?status=semua&label=dukung", "?label=tolak"):
        page = visitor.get(f"/perkara/{name}/tinjau{query}")
        assert "disembunyikan" in page and "Usulan model" not in page and "disiplin" not in page
        assert "perbuatan" not in visitor.form(f"/{name}/tinjau").fields  # nothing is ticked beforehand
    assert "0,50" not in visitor.get(f"/perkara/{name}/daftar")
    visitor.get(f"/perkara/{name}/tinjau")
    visitor.submit(f"/{name}/tinjau", keputusan="netral", buta="")
    (line,) = house.case(name).lines()
    assert line.shown.blind and "model: dukung" in visitor.page


@pytest.mark.parametrize("kind", CASES)
def test_what_the_form_of_the_law_asks_can_be_given_and_is_printed(house: House, kind: str) -> None:
    visitor = house.visit()
    name = score(house, visitor, ("a.csv", posts(4)))
    key = house.case(name).one("SELECT key FROM scored")[0]  # type: ignore[index]
    rules = load_rules()
    rows = [row for row in rules.tables["syarat"] if row["formulir"] == forms(rules)[kind]]
    asked = {row["bidang"] for row in rows} - {TIMELY, "bukti"}
    visitor.get(f"/perkara/{name}/dossier/{key}?jenis={kind}")
    assert asked <= visitor.form(f"/bukti/{name}/{key}").fields.keys()
    days = {"waktu_kejadian": "2024-10-20", "diketahui": "2024-10-21", "dilaporkan": "2024-10-22T09:30"}
    given = {place: days.get(place, f"isian {place.replace('.', ' ')}") for place in asked}
    visitor.submit(f"/bukti/{name}/{key}", files=[("bukti", ("layar.png", b"PNG"))], **given)
    page = visitor.get(f"/pratinjau/{name}/berkas/1/berkas.html")
    assert forms(rules)[kind] in page and "22 Oktober 2024 pukul 09.30" in page
    assert [value for place, value in given.items() if place not in days and value not in page] == []
    assert "tidak dikenal dan tidak dipakai" not in page


def test_a_job_that_is_stopped_leaves_nothing_and_can_be_begun_again(house: House) -> None:
    visitor = house.visit()
    name = prepare(visitor, "Berhenti", ("p.csv", posts(400)), ROSTER)
    visitor.submit(f"/{name}/nilai", apa="mulai")
    visitor.get(f"/perkara/{name}/nilai")
    visitor.submit(f"/{name}/nilai", apa="hentikan")
    house.wait(name)
    case = house.case(name)
    if case.fact("skor") is None:  # it was stopped in time
        assert case.fact("kerja") is None and case.one("SELECT count(*) FROM scored") == (0,)
    visitor.get(f"/perkara/{name}/nilai")
    visitor.submit(f"/{name}/nilai", apa="mulai")
    house.wait(name)
    assert case.fact("skor")["unggahan"] == 400 and case.fact("kerja") is None


def filled_case(house: House, count: int, law: dict[str, str] | None = None) -> str:
    """A case that was scored, without scoring it."""
    case = house.folder.create("Terisi", "Sari")
    fill(case, count, law)
    case.note(roster=ROSTER.read_text(encoding="utf-8"), unggahan={"nama": "a.csv", "akhiran": ".csv", "baris": count})
    return case.name


def test_what_decisions_gain_is_shown_before_it_is_kept_and_decisions_outlive_scoring_anew(
    house: House, corpus: Corpus
) -> None:
    known = [one for one in corpus.examples if one.election == "kota-samudra-2024"][1:90:2]
    label_of = {one.case.text: one.label for one in known}
    table = "".join(f'"{text.replace(chr(34), chr(34) * 2)}"\n' for text in label_of)
    visitor = house.visit()
    name = score(house, visitor, ("a.csv", f"isi\n{table}".encode()))
    case = house.case(name)
    visitor.get(f"/perkara/{name}/belajar")
    visitor.submit(f"/{name}/belajar", apa="hitung")
    house.wait(name)
    assert "Belum ada unggahan yang berlabel" in visitor.get(f"/perkara/{name}/belajar")
    rows = case.many("SELECT key, pair, text FROM scored WHERE pair <> '' ORDER BY line")
    for key, pair, text in rows:
        case.record(Reading(case).at(key).post, "Sari", label_of[text], shown=Shown(), pair=pair)
    visitor.submit(f"/{name}/belajar", apa="hitung")
    house.wait(name)
    page = visitor.get(f"/perkara/{name}/belajar")
    assert "Model usulan" in page and 'id="manfaat"' in page and "Hitung manfaatnya" in page
    assert ('class="primary" name="apa" value="pakai"' in page) == (worth_of_learning(case.fact("usul")) == "ya")
    assert case.fact("usul")["n"] == len(rows) > 25, case.fact("kerja")
    assert not [kept for kept in case.files() if kept.name == "model.npz"]
    lines, model_before = case.lines(), case.fact("skor")["model"]
    visitor.submit(f"/{name}/belajar", apa="pakai")
    house.wait(name)
    assert case.fact("usul") is None and case.fact("skor")["model"] != model_before and case.lines() == lines
    page = visitor.get(f"/perkara/{name}/belajar")
    assert f"<b>{len(rows)}</b><span>sudah ditinjau" in page  # nothing is lost by scoring anew
    assert f"yang dipelajarinya: {len(rows)}." in page
    Reading(case).refresh()
    assert case.one("SELECT count(*) FROM scored WHERE settled = 1") == (len(rows),)


def test_nobody_does_anything_before_signing_in(scored: tuple[House, str]) -> None:
    house, name = scored
    visitor = Visitor(house)
    assert "PIN" in visitor.page
    for path in ("/", f"/perkara/{name}", f"/perkara/{name}/tinjau", f"/perkara/{name}/paslon.toml", "/orang"):
        visitor.get(path)
        assert str(visitor.answer.url).endswith("/masuk-nama")
    for path in ("/perkara", f"/perkara/{name}/tinjau", f"/perkara/{name}/unduh", f"/unggah/{name}", "/orang"):
        kunci = visitor.form("/masuk-nama").fields["kunci"]
        files = {"berkas": ("a.csv", b"x")} if path.startswith("/unggah") else None
        answer = visitor.client.post(
            f"{visitor.room}{path}", data={"kunci": kunci}, files=files, follow_redirects=False
        )
        assert answer.status_code == 303 and answer.headers["location"].endswith("/masuk-nama")


FOREIGN = [
    {"origin": "http://evil.example"}, {"sec-fetch-site": "cross-site"}, {"host": "evil:80"}, {"origin": "null"},
    {"content-type": "text/plain"},
]  # fmt: skip


@pytest.mark.parametrize("headers", FOREIGN)
def test_a_foreign_page_can_post_nothing(scored: tuple[House, str], headers: dict[str, str]) -> None:
    house, _ = scored
    visitor = house.visit()
    form = visitor.form("/perkara")
    before = len(house.folder.list())
    answer = visitor.client.post(form.action, data={**form.fields, "judul": "Curian"}, headers=headers)
    assert answer.status_code in (403, 415, 421)
    assert len(house.folder.list()) == before


@pytest.mark.parametrize("kunci", ["", "x", "é" * 9])
def test_a_form_without_the_sessions_own_key_does_nothing(scored: tuple[House, str], kunci: str) -> None:
    house, _ = scored
    visitor = house.visit()
    before = len(house.folder.list())
    assert visitor.submit("/perkara", judul="Curian", kunci=kunci) and visitor.answer.status_code == 400
    assert len(house.folder.list()) == before


@pytest.mark.parametrize(
    "name", ["..", "%2e%2e", "..%2f..%2fetc", "a/b", "A", "x.perkara", "-", "nul\0", "tidak-ada", "a" * 200, "🙂"]
)
def test_a_name_reaches_no_file_but_a_case(scored: tuple[House, str], name: str) -> None:
    house, _ = scored
    visitor = house.visit()
    answer = visitor.client.get(f"{visitor.room}/perkara/{name.replace(chr(0), '%00')}/tinjau")
    assert answer.status_code in (400, 404)
    assert sorted(path.name for path in house.path.glob("*")) == sorted(
        {".netral", *(p.name for p in house.path.glob(f"*{ENDING}*"))}
    )


@settings(max_examples=many(100))
@given(st.text(max_size=80))
def test_a_title_becomes_a_name_that_is_one_file(title: str) -> None:
    made = slug(title)
    assert made == "" or NAME.fullmatch(made)
    shown = title_of(title)
    assert "/" not in shown and "\\" not in shown and shown.isprintable() and 0 < len(shown) <= 120


def test_wrong_pins_have_to_wait_and_no_pin_is_kept(tmp_path: Path) -> None:
    now = [0.0]
    people = People(tmp_path / "orang.json", lambda: now[0])
    people.add("Sari", PIN)
    assert PIN not in (tmp_path / "orang.json").read_text() and people.find(" sari ") is not None
    for _ in range(FREE_TRIES):
        with pytest.raises(UsageError, match="tidak cocok"):
            people.check("Sari", "salah 1")
    with pytest.raises(UsageError, match="Tunggu"):
        people.check("Sari", PIN)
    now[0] += 60
    assert people.check("Sari", PIN).owns
    with pytest.raises(UsageError, match="terakhir"):
        people.remove("Sari")
    assert [p.name for p in People(tmp_path / "orang.json").all()] == ["Sari"]


def test_signing_in_again_takes_the_name_from_a_browser_that_was_lost(scored: tuple[House, str]) -> None:
    house, _ = scored
    first, second = house.visit(), house.visit()
    assert "Keluar" in second.get("/")
    first.get("/")
    assert str(first.answer.url).endswith("/masuk-nama")


def test_a_key_of_ones_own_opens_the_door_until_it_is_withdrawn(house: House) -> None:
    owner = house.visit()
    owner.get("/orang")
    owner.submit("/orang", nama="Budi", pin=PIN, apa="tambah")
    key = house.folder.people.new_key("Budi")
    assert key not in (house.path / ".netral" / "orang.json").read_text()
    for _ in range(2):  # it is no link that opens once
        guest = Visitor(house, key)
        assert "Budi" in guest.get("/masuk-nama") and "<select" not in guest.page
        guest.submit("/masuk-nama", nama="Sari", pin=PIN)  # and it speaks for nobody else
        assert "Anda masuk sebagai Budi" in guest.page
    house.folder.people.drop_key("Budi")
    assert house.folder.people.behind(key) is None and house.sessions.enter(key) is None


def test_a_changed_or_shortened_log_is_refused(tmp_path: Path) -> None:
    for number, statements in enumerate((
        ("DROP TRIGGER no_other_action", "UPDATE actions SET who = 'Budi' WHERE number = 1"),
        ("DROP TRIGGER no_lost_action", "DELETE FROM actions WHERE number = 2"),
        ("CREATE TRIGGER x AFTER INSERT ON facts BEGIN DELETE FROM files; END",),
        ("CREATE VIEW v AS SELECT 1",),
    )):  # fmt: skip
        path = tmp_path / f"{number}{ENDING}"
        with Case(path) as case:
            case.act("Sari", "satu")
            case.act("Sari", "dua", "x" * 500, {"a": [1, "é"]})
            assert [one.what for one in case.actions()] == ["satu", "dua"]
        with Case(path) as case:  # as it is, it is opened again
            assert case.actions()[1].detail == {"a": [1, "é"]}
        db = sqlite3.connect(path)
        triggers = dict(db.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'").fetchall())
        for statement in statements:
            db.execute(statement)
        if statements[0].startswith("DROP"):
            db.execute(triggers[statements[0].split()[-1]])
        db.commit()
        db.close()
        with pytest.raises(InputError):
            Case(path)


def test_only_one_desk_works_in_a_folder(tmp_path: Path) -> None:
    first = Folder(tmp_path)
    with pytest.raises(UsageError, match="Another desk"):
        Folder(tmp_path)
    first.close()
    Folder(tmp_path).close()


def test_a_strange_file_in_the_folder_is_listed_and_never_opened(house: House) -> None:
    visitor = house.visit()
    (house.path / f"teks{ENDING}").write_text("bukan")
    db = sqlite3.connect(house.path / f"lain{ENDING}")
    db.execute("CREATE TABLE facts(name, value)")
    db.close()
    (house.path / f"tautan{ENDING}").symlink_to("/etc/passwd")
    page = visitor.get("/")
    assert page.count("bukan perkara") + page.count("tidak dapat dibuka") == 3
    for name in ("teks", "lain", "tautan"):
        visitor.get(f"/perkara/{name}/tinjau")
        assert visitor.answer.status_code == 400 and "root:" not in visitor.page


@pytest.mark.parametrize("file", sorted(ROSTERS.glob("*.toml")), ids=lambda path: path.stem)
def test_a_roster_survives_the_form(file: Path) -> None:
    roster = parse_roster(file.read_text(encoding="utf-8"))
    text = write_toml(tables_of(roster))
    assert parse_roster(text) == roster
    fields: dict[str, str] = {"pairs": str(len(roster.pairs))}
    for key, value in tables_of(roster)["election"].items():
        if key == "dates":
            for name, day in value.items():
                ends = day if isinstance(day, list) else [day]
                places = [f"election.dates.{name}.{n}" for n in (0, 1)] if ends is day else [f"election.dates.{name}"]
                fields |= dict(zip(places, ends, strict=True))
        else:
            fields[f"election.{key}"] = value
    for n, pair in enumerate(tables_of(roster)["pair"]):
        fields |= {f"pair.{n}.{k}": "\n".join(v) if isinstance(v, list) else str(v) for k, v in pair.items()}
    found = check(draft_of(fields))
    assert found.roster == roster


def test_findings_stand_at_their_fields(samudra: Roster) -> None:
    tables = tables_of(samudra)
    tables["pair"][1]["aliases"].append("Arman")
    tables["pair"][2]["handles"] = ["bukan akun!"]
    tables["election"]["dates"].pop("vote")
    found = check(tables)
    assert found.roster is not None
    assert {p.place.rpartition(".")[0] for p in found.problems if p.severity == "error"} == {"pair.1.aliases"}
    assert any(p.place.startswith("pair.2.handles") for p in found.problems)
    tables["pair"][0]["number"] = "satu"
    found = check(tables)
    assert found.roster is None and [p.place for p in found.problems] == ["pair.0.number"]


def test_a_desk_that_was_closed_in_the_middle_of_scoring_goes_on(house: House) -> None:
    visitor = house.visit()
    name = prepare(visitor, "Besar", ("p.csv", posts(3_000)), ROSTER)
    visitor.submit(f"/{name}/nilai", apa="mulai")
    job = house.desk.jobs.of(house.case(name))
    assert job is not None
    job.process.kill()  # as the machine would
    house.wait(name)
    begun = house.case(name).fact("kerja")
    assert begun is not None
    house.case(name).note(kerja={k: v for k, v in begun.items() if k != "galat"})  # nobody was there to write it down
    house.close()
    house.open()
    again = house.visit()
    again.get(f"/perkara/{name}/nilai")
    house.wait(name)
    assert house.case(name).fact("skor")["unggahan"] == 3_000
    assert house.case(name).fact("kerja") is None


def test_the_next_post_costs_the_same_in_a_hundred_thousand(tmp_path: Path) -> None:
    costs = {}
    for count in (1_000, 100_000):
        with Case(tmp_path / f"n{count}{ENDING}") as case:
            fill(case, count)
            reading = Reading(case)
            asked: list[str] = []
            steps = [0]

            def count_step(steps: list[int] = steps) -> int:
                steps[0] += 1
                return 0

            case._db.set_trace_callback(asked.append)
            case._db.set_progress_handler(count_step, 10)
            for look in (
                Look("Sari", "a"),
                Look("Budi", "b", "ragu"),
                Look("Citra", "c", "acak", readers=2),
            ):
                assert reading.next(look) is not None
            assert progress_of(case, "Sari").total == count
            assert remaining_of(case).unread == count
            costs[count] = (len(asked), steps[0])
            case._db.set_trace_callback(None)
            case._db.set_progress_handler(None, 0)
    assert costs[100_000][0] == costs[1_000][0] <= 90
    assert costs[100_000][1] <= 1.5 * costs[1_000][1] + 50


def fill(case: Case, count: int, law: dict[str, str] | None = None) -> None:
    """A case with so many scored posts, as scoring would leave them."""
    rows = (
        (f"{n:024x}", n + 2, str(n), "e", "A", f"teks {n}", "dukung", 0.5, 0.3, 0.2, *[""] * 5, json.dumps(law),
         -((n * 7919) % count) / count, ((n * 104729) % count) / count, f"{(n * 2654435761) % 2**32:08x}")
        for n in range(count)
    )  # fmt: skip
    with case.writing() as db:
        db.executemany(
            "INSERT INTO scored(key, line, id, election, pair, text, label, dukung, netral, tolak, evidence, platform,"
            f" time, account, agency, law, skor, ragu, acak) VALUES ({', '.join('?' * 19)})",
            rows,
        )
        case.note_within(db, skor={"unggahan": count}, diterapkan=0, antre=0)


def test_who_asks_too_often_is_told_to_wait_and_nobody_else() -> None:
    now = [0.0]
    limits = Limits(lambda *_: None, lambda: now[0])  # type: ignore[arg-type, return-value]
    for door, allowance in ((True, DOOR), (False, PAGES)):
        assert [limits.allows("10.0.0.5", door) for _ in range(int(allowance.burst))] == [True] * int(allowance.burst)
        assert not limits.allows("10.0.0.5", door) and limits.allows("10.0.0.6", door)
        now[0] += 1.01 / allowance.rate
        assert limits.allows("10.0.0.5", door) and not limits.allows("10.0.0.5", door)
    for n in range(2 * REMEMBERED):
        limits.allows(str(n), False)
    assert len(limits._left) == REMEMBERED


def test_a_desk_for_the_office_is_encrypted_and_answers_to_its_names_only(tmp_path: Path) -> None:
    pytest.importorskip("trustme", reason="trustme is not installed")
    names = names_here(["meja.kantor.example"])
    proof = certificate_for(tmp_path, names)
    assert proof is not None and names[0] == "meja.kantor.example"
    if os.name == "posix":
        assert proof.key.stat().st_mode & 0o077 == 0
    first = proof.certificate.read_bytes()
    assert certificate_for(tmp_path, names) == proof and proof.certificate.read_bytes() == first
    assert certificate_for(tmp_path, [*names, "lain.example"]) == proof and proof.certificate.read_bytes() != first
    assert len(fingerprint(proof)) == 95
    context = ssl.create_default_context(cafile=None)
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    context.load_cert_chain(proof.certificate, proof.key)
    for bad in ("a b", "x/y", "-x", "a..b", "é.example", "", "a:80"):
        with pytest.raises(UsageError):
            names_here([bad])
    folder = Folder(tmp_path / "meja")
    sessions = Sessions()
    app = create_app(folder, sessions=sessions, hosts=hosts_of(443, names), address="https://meja.kantor.example:443",
                     scheme="https")  # fmt: skip
    client = TestClient(app, base_url="https://meja.kantor.example:443", headers={"host": "meja.kantor.example:443"})
    answer = client.get(f"/masuk/{sessions.link()}")
    assert "; Secure" in answer.headers["set-cookie"]
    assert client.get("/", headers={"host": "evil.example:443"}).status_code == 421
    folder.close()


def test_a_container_asks_for_the_name_that_it_cannot_know(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(network, "CONTAINER_MARKS", (tmp_path / ".dockerenv",))
    assert names_here(["server"])[0] == "server"
    names_here()  # of a machine that is none
    (tmp_path / ".dockerenv").touch()
    with pytest.raises(UsageError, match=r"--name SERVER; .*NETRAL_NAME=SERVER"):
        names_here()
    assert names_here(["server"])[0] == "server"


SOURCE = Path(desk.__file__).parent


def test_every_text_of_the_desk_is_there_in_english() -> None:
    told: set[str] = set()
    for page in SOURCE.glob("templates/*.html"):
        text = page.read_text(encoding="utf-8")
        told |= set(re.findall(r"_\('([^']*)'\)", text))
        for table in re.findall(r"_\(\{([^}]*)\}", text):
            told |= set(re.findall(r": '([^']*)'", table))
    for module in SOURCE.glob("*.py"):
        if module.name == "network.py":
            continue  # it speaks in the terminal before there is a desk, in English
        text = module.read_text(encoding="utf-8")
        told |= set(re.findall(r"""\bsay\(\s*["']([^"']+)["']""", text))
        told |= set(re.findall(r'(?:UsageError|InputError)\(\s*"([^"{]+)"', text))
    told |= {title for _, title, _ in STEPS}
    assert len(told) > 200
    assert sorted(told - english().keys()) == []
    assert all(value.strip() and "\t" not in value for value in english().values())


def test_a_desk_in_english_says_nothing_in_indonesian(tmp_path: Path) -> None:
    house = House(tmp_path / "meja", language="en")
    visitor = house.visit()
    name = filled_case(house, 30)
    for path in (
        "",
        f"perkara/{name}/tinjau",
        f"perkara/{name}/daftar",
        f"perkara/{name}/nilai",
        f"perkara/{name}/paslon",
    ):
        page = visitor.get(f"/{path}")
        assert '<html lang="en">' in page and visitor.answer.status_code == 200
        words = set(re.findall(r"[a-z]+", re.sub(r"<[^>]*>", " ", page).casefold()))
        assert not words & {"dan", "yang", "tidak", "unggahan", "perkara", "tinjau", "sudah", "belum"}, words
    house.close()


def test_findings_of_a_roster_are_told_in_indonesian(samudra: Roster) -> None:
    tables = tables_of(samudra)
    tables["pair"][1]["aliases"] += ["Arman", "Pak", "ke", "cinta", "Budi"]
    tables["pair"][2] |= {"handles": ["bukan akun!"], "symbols": ["kata"], "hashtags": ["tanpa"]}
    said = [in_indonesian(problem.message) for problem in check(tables).problems]
    tables["pair"][0] |= {"number": "satu", "id": "=x"}
    tables["election"]["dates"]["campaign"] = ["2024-11-23", "x"]
    tables["pair"][1].pop("candidate")
    said += [in_indonesian(problem.message) for problem in check(tables).problems]
    assert len(said) > 10
    assert [one for one in said if re.search(r"\b(the|is|write|and|or|it|of|to)\b", one)] == []


@settings(max_examples=many(100))
@given(st.text(max_size=300))
def test_a_strange_message_stays_as_it_is_or_becomes_another(message: str) -> None:
    assert isinstance(in_indonesian(message), str)
    line = "".join(message.split())[:100] or "x"
    assert in_indonesian(f"{line} is empty.").endswith("kosong.")
