"""Laws of the dossier: it invents nothing, shows no identity that nobody gave, and overwrites nothing of others."""

from __future__ import annotations

import csv
import hashlib
import json
import re
from datetime import UTC, datetime
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from typer.testing import CliRunner

from netral_nlp.cli.running import build_app
from netral_nlp.errors import InputError
from netral_nlp.law.cases import assess_document, parse_cases
from netral_nlp.law.document import document_of
from netral_nlp.law.dossier import make_dossier
from netral_nlp.law.loading import load_rules
from netral_nlp.report.dossier_folder import NAMES, file_dossier
from netral_nlp.report.dossier_page import dossier_page
from netral_nlp.roster import load_roster
from netral_nlp.scoring.scored import Judged, read_judged
from strategies import many

ROOT = Path(__file__).resolve().parents[1]
RULES = load_rules()
ROSTER = load_roster(ROOT / "data" / "rosters" / "kota-samudra-2024.toml")
NOW = datetime(2024, 10, 22, 3, 0, tzinfo=UTC)
COLUMNS = ["id", "waktu", "akun", "teks", "paslon", "label", "skor_dukung", "skor_netral", "skor_tolak", "bukti",
           "perbuatan", "tahap", "jenis", "pengecualian", "periksa"]  # fmt: skip
SECRETS = ["@rina_x", "rina_x", "081234567890", "t.co/abc", "rina@kota.go.id", "budi_misal"]
TEXT = "Ayo pilih Pak Arman! kata @rina_x, WA 081234567890 https://t.co/abc rina@kota.go.id"
POST = ["P1", "2024-10-20 19:12", "@budi_misal", TEXT, "Arman-Lestari", "dukung", "0.93", "0.05", "0.02", "ayo +1.4",
        "AJAKAN; KTP", "kampanye", "disiplin", "", "isyarat @rina_x harus dilihat"]  # fmt: skip
DUTY = ["P2", "2024-11-24 06:00", "@sari", "jaga posko, surat tugas", "Arman-Lestari", "netral", "0.2", "0.7", "0.1",
        "posko +0.1", "", "masa tenang", "", "TUGAS", "kartu tidak disebut"]  # fmt: skip
NOBODY = ["P3", "", "", "ikut rapat partai", "", "netral", "", "", "", "tidak ada paslon yang dikenali",
          "PARPOL", "", "disiplin", "", ""]  # fmt: skip
FACTS = """
diketahui = 2024-10-21
dilaporkan = 2024-10-22T09:30:00
tempat_kejadian = "grup warga"
uraian = "mengunggah ajakan"
[pelapor]
nama = "Rina Contoh"
alamat = "Jl. Melati 3"
status = "pemilih setempat"
[terlapor]
nama = "Budi Misal"
"""


def write_scored(path: Path, *rows: list[str]) -> Path:
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([COLUMNS, *rows])
    return path


@pytest.fixture
def scored(tmp_path: Path) -> Path:
    return write_scored(tmp_path / "skor.csv", POST, DUTY, NOBODY)


@pytest.fixture
def facts(tmp_path: Path) -> Path:
    path = tmp_path / "fakta.toml"
    path.write_text(FACTS, encoding="utf-8")
    return path


@pytest.fixture
def evidence(tmp_path: Path) -> Path:
    folder = tmp_path / "bukti"
    (folder / "sub").mkdir(parents=True)
    (folder / "layar.png").write_bytes(b"layar")
    (folder / "sub" / "dua.mp4").write_bytes(b"dua" * 1000)
    return folder


class Words(HTMLParser):
    """The words of a page that a reader sees, and the addresses that it would load."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.words: list[str] = []
        self.tags: set[str] = set()
        self.addresses: list[str] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.addresses += [value or "" for name, value in attrs if name in ("src", "href", "action")]

    def handle_data(self, data: str) -> None:
        self.words.append(data)


def everything(folder: Path) -> str:
    return "\n".join((folder / name).read_text(encoding="utf-8") for name in NAMES)


# ------------------------------------------------------------------ what it shows


def test_no_identity_is_shown_that_nobody_gave(scored: Path, tmp_path: Path) -> None:
    file_dossier(scored, tmp_path / "out", RULES, id="P1", now=NOW)
    shown = everything(tmp_path / "out")
    assert [secret for secret in SECRETS if secret in shown] == []
    assert "Ayo pilih Pak Arman" in shown


def test_what_people_gave_is_shown(scored: Path, facts: Path, tmp_path: Path) -> None:
    facts.write_text(FACTS + 'akun = "@budi_misal"\n', encoding="utf-8")
    file_dossier(scored, tmp_path / "out", RULES, id="P1", facts=facts, now=NOW)
    shown = everything(tmp_path / "out")
    assert all(given in shown for given in ("Rina Contoh", "Budi Misal", "@budi_misal", "Jl. Melati 3"))
    assert "rina_x" not in shown


@pytest.mark.parametrize("id", ["P1", "P2"])
def test_it_indicates_and_never_judges(scored: Path, tmp_path: Path, id: str) -> None:
    made = file_dossier(scored, tmp_path / "out", RULES, id=id, now=NOW)
    shown = " ".join(Words(dossier_page(made)).words)
    assert "dapat mengindikasikan" in shown
    assert "bukan putusan" in shown
    assert re.search(r"\b(terbukti|bersalah|telah melanggar|pelaku)\b", shown) is None


def test_exceptions_and_what_speaks_against_it_stand_on_the_same_page(scored: Path, tmp_path: Path) -> None:
    made = file_dossier(scored, tmp_path / "out", RULES, id="P2", now=NOW)
    shown = " ".join(Words(dossier_page(made)).words)
    assert "Pengecualian TUGAS (sedang bertugas) terbaca" in shown
    assert "kartu tidak disebut" in shown
    assert 'bukan "dukung"' in shown
    assert all(code in shown for code in RULES.exceptions)


def test_what_nobody_gave_stays_empty_and_is_said(scored: Path, tmp_path: Path) -> None:
    made = file_dossier(scored, tmp_path / "out", RULES, id="P2", now=NOW)
    document = document_of(made)
    empty = {one["bidang"]: one["isi"] for one in document["syarat"] if one["terpenuhi"] is False}
    assert set(empty) == {"pelapor.nama", "pelapor.alamat", "pelapor.status", "terlapor.nama", "diketahui", "waktu",
                          "tempat_kejadian", "uraian", "bukti"}  # fmt: skip
    assert {value for place, value in empty.items() if place != "waktu"} == {"belum diisi"}
    assert document["hasil"]["pengawas_asn"] is None
    assert any("nama pelapor" in line for line in document["belum_diketahui"])


def test_a_post_without_a_pair_needs_its_roster(scored: Path, tmp_path: Path) -> None:
    with pytest.raises(InputError, match="--roster"):
        file_dossier(scored, tmp_path / "out", RULES, id="P3", now=NOW)
    made = file_dossier(scored, tmp_path / "out", RULES, id="P3", roster=ROSTER, now=NOW)
    assert made.assessment.phase == ""
    assert "Tidak ada pasangan yang dikenali" in dossier_page(made)


def test_without_law_columns_no_act_is_told_unless_somebody_names_one(facts: Path, tmp_path: Path) -> None:
    path = tmp_path / "tanpa.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([COLUMNS[:10], POST[:10]])
    made = file_dossier(path, tmp_path / "a", RULES, id="P1", facts=facts, now=NOW)
    assert made.assessment.acts == ()
    assert any("belum dinilai" in line for line in made.unknown)
    assert made.sanctions == made.criminal == ()
    facts.write_text('perbuatan = ["TIM"]\n' + FACTS, encoding="utf-8")
    made = file_dossier(path, tmp_path / "b", RULES, id="P1", facts=facts, now=NOW)
    assert [(act.code, act.kind, act.level) for act in made.assessment.acts] == [("TIM", "disiplin", "berat")]
    assert {rule["instrumen"] for rule in made.sanctions} == {"PP 94/2021"}


def test_a_finding_has_its_own_form(scored: Path, facts: Path, tmp_path: Path) -> None:
    facts.write_text('jenis = "temuan"\n' + FACTS, encoding="utf-8")
    made = file_dossier(scored, tmp_path / "out", RULES, id="P1", facts=facts, now=NOW)
    shown = " ".join(Words(dossier_page(made)).words)
    assert "Formulir Temuan B.2" in shown
    assert "nama pelapor" not in shown


def test_the_answers_are_those_of_assess(scored: Path, facts: Path, evidence: Path, tmp_path: Path) -> None:
    made = file_dossier(scored, tmp_path / "out", RULES, id="P1", facts=facts, evidence=evidence, now=NOW)
    case = {
        "id": "P1", "election": ROSTER.election.id, "masukan": {
            "pelapor": {"nama": "Rina Contoh", "alamat": "Jl. Melati 3", "status": "pemilih setempat"},
            "terlapor": {"nama": "Budi Misal"}, "diketahui": "2024-10-21", "dilaporkan": "2024-10-22T09:30",
            "tempat_kejadian": "grup warga", "uraian": "mengunggah ajakan", "bukti": ["layar"],
            "waktu_kejadian": "2024-10-20T19:12", "perbuatan": "AJAKAN; KTP",
        },
    }  # fmt: skip
    answered = assess_document(parse_cases(json.dumps([case])), {ROSTER.election.id: ROSTER}, RULES)["kasus"][0][
        "hasil"
    ]
    document = json.loads((tmp_path / "out" / "berkas.json").read_text(encoding="utf-8"))
    assert document["hasil"] == answered == made.assessment.result()
    assert answered["status"] == "lengkap"
    assert answered["tingkat"] == "berat"


NASTY = st.lists(
    st.sampled_from(["<script>alert(1)</script>", "<img src=http://x.id/a.png>", "&lt;", '"', "'", "</td>",
                     "@siapa_itu", "☝️", "\u202e", "\n", "Pak Arman", "=cmd()", "`", "0812 3456 7890", "]]>", "<!--"]),
    max_size=6,
).map(" ".join)  # fmt: skip


@given(NASTY, NASTY, NASTY)
@settings(max_examples=many(60), deadline=None)
def test_nothing_that_is_written_in_a_post_or_fact_becomes_markup(text: str, name: str, evidence: str) -> None:
    post = Judged(2, "x", "Arman-Lestari", "dukung", (0.9, 0.1, 0.0), text, evidence, text, name, text, name, None, "d")
    page = dossier_page(make_dossier(post, {"pelapor": {"nama": name}, "uraian": text}, ROSTER, RULES))
    read = Words(page)
    assert read.tags <= {"html", "head", "meta", "title", "style", "body", "main", "header", "section", "p", "h1", "h2",
                         "h3", "ul", "li", "b", "small", "span", "table", "thead", "tbody", "tr", "th", "td", "div",
                         "blockquote"}  # fmt: skip
    assert read.addresses == []
    assert "default-src 'none'" in page


# ------------------------------------------------------------------ evidence and trail


def test_evidence_is_listed_with_its_digest_and_links_are_not_followed(
    scored: Path, evidence: Path, tmp_path: Path
) -> None:
    (evidence / "tautan.png").symlink_to(evidence / "layar.png")
    file_dossier(scored, tmp_path / "out", RULES, id="P1", evidence=evidence, now=NOW)
    with (tmp_path / "out" / "bukti.csv").open(encoding="utf-8", newline="") as file:
        listed = {row["berkas"]: (int(row["ukuran_byte"]), row["sha256"]) for row in csv.DictReader(file)}
    assert listed == {
        name: (len(content), hashlib.sha256(content).hexdigest())
        for name, content in (("layar.png", b"layar"), ("sub/dua.mp4", b"dua" * 1000))
    }


def test_the_trail_names_what_it_was_made_from_and_what_was_made(
    scored: Path, facts: Path, evidence: Path, tmp_path: Path
) -> None:
    out = tmp_path / "out"
    command = ["netral", "dossier"]
    file_dossier(scored, out, RULES, id="P1", facts=facts, evidence=evidence, model=facts, now=NOW, command=command)
    trail = json.loads((out / "jejak.json").read_text(encoding="utf-8"))
    digest = {path: hashlib.sha256(path.read_bytes()).hexdigest() for path in (scored, facts)}
    assert trail["sha256"] == {
        "berkas_skor": digest[scored], "baris": read_judged(scored, id="P1").digest, "daftar_pemilihan": ROSTER.digest,
        "tabel_hukum": RULES.digest, "tabel_hukum_saat_menilai": None,
        "model": digest[facts], "tinjauan": None, "keterangan": digest[facts],
    }  # fmt: skip
    made = {name: hashlib.sha256((out / name).read_bytes()).hexdigest() for name in NAMES[:3]}
    assert trail["keluaran_sha256"] == made
    assert (trail["dibuat"], trail["perintah"]) == ("2024-10-22T03:00:00Z", command)


@pytest.mark.parametrize("used", [RULES.digest, "f" * 64], ids=["same", "others"])
def test_a_dossier_says_when_a_row_was_judged_by_other_tables(used: str, facts: Path, tmp_path: Path) -> None:
    with (tmp_path / "lain.csv").open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([[*COLUMNS, "sidik_aturan"], [*POST, used]])
    file_dossier(tmp_path / "lain.csv", tmp_path / "out", RULES, id="P1", facts=facts, now=NOW)
    trail = json.loads((tmp_path / "out" / "jejak.json").read_text(encoding="utf-8"))
    assert trail["sha256"]["tabel_hukum_saat_menilai"] == used
    page = (tmp_path / "out" / "berkas.html").read_text(encoding="utf-8")
    assert ("Perbuatan dinilai mesin dengan tabel" in page) == (used != RULES.digest)


def test_the_same_things_make_the_same_dossier(scored: Path, facts: Path, tmp_path: Path) -> None:
    made = []
    for name in ("a", "b"):
        file_dossier(scored, tmp_path / name, RULES, id="P1", facts=facts, now=NOW)
        made.append(everything(tmp_path / name))
    assert made[0] == made[1]


def test_the_digest_of_a_row_does_not_hang_on_the_file(tmp_path: Path) -> None:
    one, other = write_scored(tmp_path / "a.csv", POST, DUTY), write_scored(tmp_path / "b.csv", DUTY, NOBODY, POST)
    assert read_judged(one, id="P1").digest == read_judged(other, id="P1").digest == read_judged(other, row=4).digest
    changed = write_scored(tmp_path / "c.csv", [*POST[:-1], "lain"])
    assert read_judged(changed, id="P1").digest != read_judged(one, id="P1").digest


# ------------------------------------------------------------------ refusals


def test_nothing_of_others_is_overwritten(scored: Path, evidence: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    file_dossier(scored, out, RULES, id="P1", now=NOW)
    file_dossier(scored, out, RULES, id="P1", evidence=evidence, now=NOW)  # the same post again
    with pytest.raises(InputError, match="something else"):
        file_dossier(scored, out, RULES, id="P2", now=NOW)
    foreign = tmp_path / "foreign"
    foreign.mkdir()
    (foreign / "bukti.csv").write_text("milik orang", encoding="utf-8")
    with pytest.raises(InputError, match="something else"):
        file_dossier(scored, foreign, RULES, id="P1", now=NOW)
    assert (foreign / "bukti.csv").read_text(encoding="utf-8") == "milik orang"
    for inside in (evidence, evidence / "sub", evidence / "new", tmp_path):
        with pytest.raises(InputError, match="lie in each other"):
            file_dossier(scored, inside, RULES, id="P1", evidence=evidence, now=NOW)
    table = write_scored(tmp_path / "bukti.csv", POST)
    with pytest.raises(InputError, match="an input of this run"):
        file_dossier(table, tmp_path, RULES, id="P1", now=NOW)
    with pytest.raises(InputError, match="is a file"):
        file_dossier(scored, table, RULES, id="P1", now=NOW)


def run(*arguments: object) -> tuple[int, str]:
    done = CliRunner().invoke(build_app("dossier"), ["dossier", *map(str, arguments)])
    if isinstance(done.exception, InputError):
        return InputError.exit_code, str(done.exception)
    if done.exception is not None and not isinstance(done.exception, SystemExit):
        return getattr(done.exception, "exit_code", 1), str(done.exception)
    return done.exit_code, done.stderr


def test_the_command_finds_a_post_by_its_id_or_row(scored: Path, tmp_path: Path) -> None:
    for number, how in enumerate((["--id", "P1"], ["--row", "2"])):
        assert run(scored, *how, "-o", tmp_path / str(number))[0] == 0
    documents: list[Any] = [json.loads((tmp_path / str(n) / "berkas.json").read_text("utf-8")) for n in range(2)]
    assert documents[0] == documents[1]


@pytest.mark.parametrize(
    ("how", "code", "says"),
    [
        ([], 2, "Name one post"),
        (["--id", "P1", "--row", "2"], 2, "Name one post"),
        (["--id", "P9"], 3, 'no row with the id "P9"'),
        (["--row", "99"], 3, "no post on row 99; its rows are 2 to 4"),
        (["--id", "P1", "--facts", "nowhere.toml"], 3, "There is no file"),
        (["--id", "P1", "--evidence", "nowhere"], 3, "There is no folder"),
    ],
)
def test_a_mistake_is_told_with_its_exit_code(
    scored: Path, tmp_path: Path, how: list[str], code: int, says: str
) -> None:
    got, said = run(scored, *how, "-o", tmp_path / "out")
    assert (got, says in said) == (code, True), said
    assert not (tmp_path / "out").exists()


def test_a_misspelt_fact_is_refused_with_what_was_meant(scored: Path, facts: Path, tmp_path: Path) -> None:
    facts.write_text("diketahuii = 2024-10-21\n", encoding="utf-8")
    code, said = run(scored, "--id", "P1", "--facts", facts, "-o", tmp_path / "out")
    assert code == 3
    assert 'did you mean "diketahui"?' in said


def test_the_sample_of_facts_makes_a_complete_report(scored: Path, evidence: Path, tmp_path: Path) -> None:
    sample = ROOT / "data" / "samples" / "fakta.toml"
    made = file_dossier(scored, tmp_path / "out", RULES, id="P1", facts=sample, evidence=evidence, now=NOW)
    assert (made.assessment.status, made.assessment.notes[0][:14]) == ("lengkap", "Perbuatan diam")


def test_an_id_that_stands_twice_must_be_told_by_its_row(tmp_path: Path) -> None:
    path = write_scored(tmp_path / "skor.csv", POST, POST)
    with pytest.raises(InputError, match="on rows 2, 3; choose one: --row 2"):
        read_judged(path, id="P1")
