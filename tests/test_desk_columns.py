"""Laws of chosen columns: what was chosen at the upload holds to the end, and whoever wrote a post stays hidden."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator
from pathlib import Path

import openpyxl
import pytest

pytest.importorskip("python_multipart", reason="the extra [desk] is not installed")
pytest.importorskip("httpx", reason="httpx is not installed")

from desks import House, Visitor
from netral_nlp.api import dossier as file_dossier
from netral_nlp.desk.reviewed import review_counts
from netral_nlp.desk.taking import taken
from netral_nlp.desk.uploads import preview
from netral_nlp.report.overview import read_overview
from netral_nlp.tables import open_table
from netral_nlp.tables.accounts import account_columns

ROSTER = Path(__file__).resolve().parents[1] / "data" / "rosters" / "kota-samudra-2024.toml"
SAID = ("Gas terus Pak Arman nomor satu!", "Pak Hasan bohong, jangan pilih dia", "Hujan lagi di Samudra hari ini")
STRANGE = {  # names that say nothing to a program
    "text": "Status / Unggahan", "time": "Kapan\nterjadi", "id": "Berkas ke-", "account": "=Siapa",
    "platform": "Di mana", "agency": "Bekerja di",
}  # fmt: skip
KNOWN = {"text": "Isi Postingan / Caption", "time": "Tgl Unggah", "id": "No.", "account": "Akun Terlapor"}


def rows(count: int) -> list[dict[str, str]]:
    return [
        {"text": f"{SAID[n % 3]} ({n})", "time": f"{n % 27 + 1:02}/10/2024 12.15", "id": f"k{n}",
         "account": f"warga_samar{n}", "platform": f"Kanal{n % 2}", "agency": f"Kantor{n % 3}"}
        for n in range(count)
    ]  # fmt: skip


def table(names: dict[str, str], count: int, kind: str) -> tuple[str, bytes]:
    """So many posts below those names; one row more has no text."""
    made = [[*names.values()], *([row[name] for name in names] for row in rows(count))]
    made.append(["" if name == "text" else f"rahasia_{name}" for name in names])
    if kind == "csv":
        out = io.StringIO()
        csv.writer(out, delimiter=";").writerows(made)
        return "a.csv", out.getvalue().encode("utf-8-sig")
    book = openpyxl.Workbook()
    book.active.title = "Sampul"
    book.active.append(["Rekap patroli siber"])
    sheet = book.create_sheet("Data")
    for row in made:
        sheet.append([f"'{cell}" if cell.startswith("=") else cell for cell in row])
    packed = io.BytesIO()
    book.save(packed)
    return "a.xlsx", packed.getvalue()


def laid_out(visitor: Visitor, title: str, upload: tuple[str, bytes], choices: dict[str, str]) -> str:
    visitor.get("/")
    visitor.submit("/perkara", judul=title)
    name = str(visitor.answer.url).split("/")[-2]
    visitor.submit(f"/unggah/{name}", files={"berkas": upload})
    visitor.submit(f"/{name}/tata", apa="lanjut", **choices)
    assert str(visitor.answer.url).endswith("/paslon"), visitor.alarm
    return name


def score(house: House, visitor: Visitor, title: str, upload: tuple[str, bytes], choices: dict[str, str]) -> str:
    name = laid_out(visitor, title, upload, choices)
    visitor.submit(f"/{name}/paslon-berkas", files={"berkas": (ROSTER.name, ROSTER.read_bytes())})
    visitor.submit(f"/{name}/paslon", apa="lanjut")
    visitor.submit(f"/{name}/nilai", apa="mulai")
    house.wait(name)
    assert house.case(name).fact("skor") is not None, house.case(name).fact("kerja")
    return name


CASES = {
    "strange names, CSV": (STRANGE, "csv", STRANGE),
    "strange names, workbook": (STRANGE, "xlsx", STRANGE | {"sheet": "Data", "account": "'=Siapa"}),
    "known names": (KNOWN, "csv", {}),
}


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory, model_file: Path) -> Iterator[House]:
    house = House(tmp_path_factory.mktemp("desk") / "meja", model_file)
    yield house
    house.close()


@pytest.fixture(scope="module", params=CASES)
def scored(request: pytest.FixtureRequest, house: House) -> tuple[House, str, dict[str, str]]:
    """A case that was scored by columns with those names, in each way."""
    names, kind, choices = CASES[request.param]
    return house, score(house, house.visit(), request.param, table(names, 30, kind), choices), names


def test_every_chosen_column_is_carried_to_the_end(scored: tuple[House, str, dict[str, str]], tmp_path: Path) -> None:
    house, name, names = scored
    columns = {"text": "text", "time": "time", "id": "id", "account": "account", "platform": "platform",
               "agency": "agency"}  # fmt: skip
    shown = [one for one in columns if one in names]
    found = house.case(name).many(f"SELECT {', '.join(shown)} FROM scored ORDER BY line")
    assert found == [tuple(row[one] for one in shown) for row in rows(30)]
    visitor = house.visit()
    assert "10/2024 12.15" in visitor.get(f"/perkara/{name}/tinjau")
    key = visitor.form(f"/{name}/tinjau").fields["pos"]
    assert "Menurut waktu" in visitor.get(f"/perkara/{name}/ikhtisar")
    assert "10/2024 12.15" in visitor.get(f"/perkara/{name}/dossier/{key}")
    visitor.get(f"/perkara/{name}/tinjau?pos={key}")
    visitor.submit(f"/{name}/tinjau", keputusan="netral", paslon="Arman-Lestari", catatan="hanya mengutip")
    visitor.get(f"/perkara/{name}/dossier/{key}")
    visitor.submit(f"/bukti/{name}/{key}")
    (number,) = {kept.name.split("/")[1] for kept in house.case(name).files("berkas/")}
    page = visitor.get(f"/pratinjau/{name}/berkas/{number}/berkas.html")
    assert "10/2024 12.15" in page
    review = page[page.index("Tinjauan orang") : page.index("Menurut mesin")]
    assert all(told in review for told in ("Sari", "netral (Arman-Lestari)", "hanya mengutip"))
    with taken(house.case(name).path) as case:  # the commands read the case by the same columns
        overview = read_overview(case.scored, columns=case.columns)
        assert overview.undated == 0 and len(overview.days) > 20
        made = file_dossier(case.scored, tmp_path / "out", id="k0", roster=case.roster, columns=case.columns)
        assert made.post.time == rows(1)[0]["time"] and made.post.account
        (said,) = (case.reviewed or {}).values()
        assert (said.decision, said.names) == ("netral", "Sari")


def test_report_and_sheet_tell_what_people_decided(house: House, tmp_path: Path) -> None:
    visitor = house.visit()
    name = score(house, visitor, "Ditinjau", table(KNOWN, 12, "csv"), {})
    case = house.case(name)
    decided = case.many("SELECT key, line, label, pair FROM scored WHERE pair <> '' ORDER BY line LIMIT 4")
    said = ("dukung", "tolak", "netral", "tidak jelas")
    for (key, _, _, pair), decision in zip(decided, said, strict=True):
        visitor.get(f"/perkara/{name}/tinjau?pos={key}")
        visitor.submit(f"/{name}/tinjau", keputusan=decision, paslon=pair, catatan=f"alasan {decision}")
    counts = review_counts(case)
    same = sum(label == decision for (_, _, label, _), decision in zip(decided, said, strict=True))
    assert (counts.total, counts.read, counts.reviewers, counts.differ) == (12, 4, 1, 0)
    assert [sum(row[at] for row in counts.labels.values()) for at in range(5)] == [12, 4, same, 3 - same, 1]
    with taken(case.path) as one:
        assert one.counts == counts
    assert "4 dari 12 unggahan sudah dibaca" in visitor.get(f"/pratinjau/{name}/laporan")
    for wanted in ("skor.xlsx", "skor.csv"):
        visitor.get(f"/perkara/{name}/berkas")
        visitor.submit(f"/{name}/unduh", berkas=wanted)
        path = tmp_path / wanted
        path.write_bytes(visitor.answer.content)
        with open_table(path) as read:
            at = {column: number for number, column in enumerate(read.columns)}
            rows_read = [row.cells for row in read]  # type: ignore[union-attr]
        found = [(r[at["tinjauan"]], r[at["peninjau"]], r[at["catatan"]]) for r in rows_read if r[at["tinjauan"]]]
        assert len(rows_read) == 12 and found == [(one, "Sari", f"alasan {one}") for one in said]


@pytest.mark.parametrize("wanted", ["skor.csv", "skor.xlsx", "skor.jsonl", "ditolak.csv"])
def test_no_account_leaves_the_desk_by_itself(
    scored: tuple[House, str, dict[str, str]], wanted: str, tmp_path: Path
) -> None:
    house, name, _ = scored
    visitor = house.visit()
    for real in ("", "1"):
        visitor.get(f"/perkara/{name}/berkas")
        visitor.submit(f"/{name}/unduh", berkas=wanted, identitas=real, alasan="surat tugas 7")
        path = tmp_path / wanted
        path.write_bytes(visitor.answer.content)
        with open_table(path) as read:
            cells = [cell for row in read for cell in row.cells]  # type: ignore[union-attr]
        assert any("warga_samar" in one or "rahasia_account" in one for one in cells) is (real == "1")


def test_who_wrote_a_post_is_shown_plainly_and_only_for_a_reason(scored: tuple[House, str, dict[str, str]]) -> None:
    house, name, names = scored
    visitor = house.visit()
    for path in ("unggah", "tinjau", "daftar", "ikhtisar", "laporan", "berkas"):
        assert "warga_samar" not in visitor.get(f"/perkara/{name}/{path}")
    assert "warga_samar" not in visitor.get(f"/pratinjau/{name}/laporan")
    assert 'id="tanpa-akun"' not in visitor.get(f"/perkara/{name}/unggah")
    visitor.get(f"/perkara/{name}/tinjau")
    visitor.submit(f"/{name}/identitas", alasan="surat tugas 7")
    assert re.search(r'id="identitas"[^>]*>Akun yang menulis: <b>warga_samar\d+</b>', visitor.page)
    assert names["account"]


def test_where_no_account_is_known_the_page_says_so(house: House) -> None:
    visitor = house.visit()
    names = {"text": "Isi", "account": "Siapa"}
    name = score(house, visitor, "Tanpa akun", table(names, 12, "csv"), {})
    assert 'id="tanpa-akun"' in visitor.get(f"/perkara/{name}/unggah")
    visitor.get(f"/perkara/{name}/tinjau")
    visitor.submit(f"/{name}/identitas", alasan="surat tugas 7")
    assert "Tidak ada akun yang tercatat pada unggahan ini" in visitor.page
    visitor.get(f"/perkara/{name}/unggah")
    visitor.submit(f"/{name}/tata", apa="lanjut", account="Siapa")
    assert "nilai ulang" in visitor.get(f"/perkara/{name}/nilai")
    visitor.submit(f"/{name}/nilai", apa="mulai")
    house.wait(name)
    assert "nilai ulang" not in visitor.get(f"/perkara/{name}/nilai")
    visitor.get(f"/perkara/{name}/tinjau")
    visitor.submit(f"/{name}/identitas", alasan="surat tugas 7")
    assert "warga_samar" in visitor.page


@pytest.mark.parametrize("name", ["Akun Terlapor", "AKUN", "akun_terlapor", "Nama Akun:", "Username IG", "akunTwitter",
                                  "Link Akun", "author.username", "Akun Medsos ASN"])  # fmt: skip
def test_a_column_of_accounts_is_known_by_what_its_name_is_made_of(name: str, tmp_path: Path) -> None:
    assert account_columns(["no", name, "isi"]) == [1]
    path = tmp_path / "a.csv"
    path.write_text(f"no;{name};isi\n" + "1;warga_samar;Gas terus Pak Arman\n" * 3, encoding="utf-8")
    assert not any("warga_samar" in cell for _, cells in preview(path, {}).rows for cell in cells)


@pytest.mark.parametrize("name", ["Jenis Akun", "status_akun", "Jumlah pengikut akun", "Tanggal akun dibuat",
                                  "akuntansi", "account_type", "is_verified_account"])  # fmt: skip
def test_what_is_told_of_an_account_is_no_account(name: str) -> None:
    assert account_columns(["no", name, "isi"]) == []
