"""Laws of uploads: whatever is sent, a page or one sentence comes back, and of what is refused nothing stays."""

from __future__ import annotations

import ast
import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

pytest.importorskip("python_multipart", reason="the extra [desk] is not installed")
pytest.importorskip("httpx", reason="httpx is not installed")

import netral_nlp
from desks import House, prepare
from hostile import KINDS, NAMES
from netral_nlp.desk.saying import in_indonesian
from pagelaws import flaws
from tally import attempt
from test_desk import ROSTER, posts

SOURCE = Path(netral_nlp.__file__).parent
ENGLISH = re.compile(
    r"\b(the|is|are|has|have|of|and|or|it|to|in|than|cannot|save|say|write|names?|there|holds?|leave|with|that|for)\b",
    re.IGNORECASE,
)
# Whose errors may come to the desk: of these every sentence must be known in Indonesian.
ROOMS = (
    "tables", "roster", "model", "scoring/scored.py", "scoring/inputs.py", "scoring/outputs.py", "scoring/resuming.py",
    "law/facts.py", "law/evidence.py", "law/workdays.py", "report/dossier_folder.py", "learning/recalibration.py",
    "learning/folds.py", "learning/training.py", "review/store.py", "review/export.py", "privacy/pseudonymised.py",
)  # fmt: skip


def told(visitor_alarm: str) -> bool:
    """Whether that is one sentence in Indonesian that names no place on the disk."""
    return bool(visitor_alarm) and "\n" not in visitor_alarm and not ENGLISH.search(visitor_alarm) \
        and "/tmp" not in visitor_alarm and len(visitor_alarm) < 600  # fmt: skip


@pytest.mark.parametrize("kind", KINDS)
def test_a_hostile_file_is_refused_in_one_sentence_and_leaves_nothing(house: House, kind: str) -> None:
    name, make = KINDS[kind]
    owner = house.visit()
    case = house.folder.create("Berkas", "Sari")
    before = case.actions()
    content = make()
    owner.get("/perkara/berkas/unggah")
    with attempt("hostile uploads") as tally:
        owner.submit("/unggah/berkas", files={"berkas": (name, content)})
        assert owner.answer.status_code == 400, owner.page
        tally.failed += 1
        assert told(owner.alarm), owner.alarm
        assert flaws(owner.page, served=True) == []
        assert case.files() == [] and case.fact("unggahan") is None and case.actions() == before
        assert [path for path in house.folder.work("berkas").rglob("*") if path.is_file()] == []
    owner.get("/perkara/berkas/unggah")
    owner.submit("/unggah/berkas", files={"berkas": ("baik.csv", posts(4))})
    assert owner.answer.status_code == 200 and len(case.files()) == 1  # and the next one is read as ever


@pytest.mark.parametrize("kind", [kind for kind, (name, _) in KINDS.items() if name.endswith((".csv", ".xlsx"))])
def test_a_hostile_roster_is_refused_in_one_sentence_and_leaves_nothing(house: House, kind: str) -> None:
    name, make = KINDS[kind]
    owner = house.visit()
    case = house.folder.create("Berkas", "Sari")
    case.note(unggahan={"nama": "a.csv", "akhiran": ".csv"})
    owner.get("/perkara/berkas/paslon")
    before = case.actions()
    action = owner.form("/berkas/paslon-berkas").action
    data = owner.form("/berkas/paslon-berkas").fields
    owner.answer = owner.client.post(action, data=data, files={"berkas": (name, make())})
    assert owner.answer.status_code in (400, 413)
    assert owner.answer.status_code == 413 or told(owner.alarm), owner.alarm
    assert case.fact("rancangan") is None and case.actions() == before


@pytest.mark.parametrize("name", NAMES, ids=lambda name: ascii(name)[:30])
def test_a_file_is_kept_under_a_name_of_ours_whatever_its_own_is(house: House, name: str) -> None:
    owner = house.visit()
    case = house.folder.create("Berkas", "Sari")
    owner.get("/perkara/berkas/unggah")
    around = sorted(house.path.parent.rglob("*"))
    owner.submit("/unggah/berkas", files={"berkas": (name, posts(4))})
    new = [path for path in sorted(house.path.parent.rglob("*")) if path not in around and path.is_file()]
    assert new
    assert all(
        path.is_relative_to(house.folder.work("berkas")) or path.name.startswith("berkas.perkara") for path in new
    ), new
    assert "<script>x" not in owner.page
    if owner.answer.status_code == 200:
        assert [kept.name for kept in case.files()] == ["unggahan"]
        title = case.fact("unggahan")["nama"]
        assert title.isprintable() and not set(title) & set("/\\") and 0 < len(title) <= 120
    else:
        assert told(owner.alarm) and case.files() == []


BODIES = {
    "no boundary": ("multipart/form-data", b"x"),
    "another boundary": ("multipart/form-data; boundary=a", b"--b\r\n\r\n--b--"),
    "a header without end": (
        "multipart/form-data; boundary=a", b"--a\r\nContent-Disposition: form-data; name=" + b"x" * 900_000
    ),
    "ten thousand fields": (
        "multipart/form-data; boundary=a",
        b"".join(b'--a\r\nContent-Disposition: form-data; name="f%d"\r\n\r\nx\r\n' % n for n in range(10_000))
        + b"--a--",
    ),
    "many files": (
        "multipart/form-data; boundary=a",
        b"".join(b'--a\r\nContent-Disposition: form-data; name="berkas"; filename="%d.csv"\r\n\r\nx\r\n' % n
                 for n in range(50)) + b"--a--",
    ),
    "a field of megabytes": (
        "multipart/form-data; boundary=a",
        b'--a\r\nContent-Disposition: form-data; name="kunci"\r\n\r\n' + b"x" * 3_000_000 + b"\r\n--a--",
    ),
    "an encoding that is none": (
        "multipart/form-data; boundary=a; charset=rot13",
        b'--a\r\nContent-Disposition: form-data; name="\xff"\r\n\r\n\xfe\r\n--a--',
    ),
}  # fmt: skip


@pytest.mark.parametrize("kind", BODIES)
def test_a_form_that_is_none_is_refused_in_one_sentence(house: House, kind: str) -> None:
    content_type, body = BODIES[kind]
    owner = house.visit()
    case = house.folder.create("Berkas", "Sari")
    before = case.actions()
    for path in ("/unggah/berkas", "/perkara/berkas/paslon-berkas", "/perkara", "/bukti/berkas/x"):
        owner.answer = owner.client.post(owner.room + path, content=body, headers={"content-type": content_type})
        assert owner.answer.status_code in (400, 413), (path, owner.page)
        if owner.answer.status_code == 400:
            assert told(owner.alarm), owner.page
    assert case.actions() == before and case.files() == [] and len(house.folder.list()) == 1


IN_ONE_PROCESS = """
import json, resource, sys
from pathlib import Path
sys.path.insert(0, sys.argv[2])
from desks import House
from hostile import KINDS
from test_desk import posts, workbook

house = House(Path(sys.argv[1]) / "meja")
owner = house.visit()
house.folder.create("Berkas", "Sari")

def send(name, path):
    owner.get("/perkara/berkas/unggah")
    with path.open("rb") as content:
        owner.submit("/unggah/berkas", files={"berkas": (name, content)})

path = Path(sys.argv[1]) / "hostile"
for name, content in (("a.csv", posts(400)), ("a.xlsx", workbook(400))):
    path.write_bytes(content)
    send(name, path)
before, grown = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss, {}
for kind in json.loads(sys.argv[3]):
    name, make = KINDS[kind]
    path.write_bytes(make())
    base = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    send(name, path)
    grown[kind] = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - base) >> 10
print(json.dumps(grown))
"""


@pytest.mark.skipif(sys.platform != "linux", reason="ru_maxrss is kilobytes there")
def test_the_desk_stays_small_whatever_it_is_sent(tmp_path: Path) -> None:
    bombs = [kind for kind in KINDS if "bomb" in kind or "workbook of" in kind or "deep" in kind or "many" in kind]
    done = subprocess.run(
        [sys.executable, "-c", IN_ONE_PROCESS, str(tmp_path), str(Path(__file__).parent), json.dumps(bombs)],
        capture_output=True, text=True, timeout=1_200, check=True,
    )  # fmt: skip
    grown = json.loads(done.stdout)
    assert len(grown) == len(bombs) >= 10
    assert {kind: size for kind, size in grown.items() if size > 60} == {}  # megabytes; a bomb holds 160 or more


# ------------------------------------------------------------------ what is said


def sentences() -> dict[str, str]:
    """Each sentence that those rooms raise, with ``X1`` for what is put in, and where it stands."""
    found = {}
    for path in sorted(SOURCE.rglob("*.py")):
        where = path.relative_to(SOURCE).as_posix()
        if not where.startswith(ROOMS):
            continue
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            named = isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id
            if named in ("InputError", "UsageError", "ModelError") and node.args:  # type: ignore[attr-defined]
                said = node.args[0]  # type: ignore[attr-defined]
                if isinstance(said, ast.Constant):
                    found[str(said.value)] = where
                elif isinstance(said, ast.JoinedStr):
                    found["".join(p.value if isinstance(p, ast.Constant) else "X1" for p in said.values)] = where
    return found


def phrases(path: Path) -> set[str]:
    """What a module says in whole sentences, its explanations to readers of the code left out."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    told = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    told |= {id(part) for node in ast.walk(tree) if isinstance(node, ast.JoinedStr) for part in node.values}
    found = set()
    for node in ast.walk(tree):
        if id(node) not in told and isinstance(node, ast.Constant | ast.JoinedStr):
            parts = node.values if isinstance(node, ast.JoinedStr) else [node]
            said = "".join(str(part.value) if isinstance(part, ast.Constant) else "X1" for part in parts)
            if said.endswith((".", "?")) and len(said.split()) > 3:
                found.add(said)
    return found


@pytest.mark.parametrize("module", ["fields", "checking", "reading", "drafting"])
def test_every_finding_in_a_roster_is_known_in_indonesian(module: str) -> None:
    found = phrases(SOURCE / "roster" / f"{module}.py")
    assert found
    assert [said for said in found if ENGLISH.search(in_indonesian(said))] == []


def test_every_sentence_that_may_come_to_the_desk_is_known_in_indonesian() -> None:
    found = sentences()
    assert len(found) > 120
    del found["X1 has X1."]  # of what is asked for a row that is not there; its sentences are known whole
    assert [(where, said) for said, where in found.items() if ENGLISH.search(in_indonesian(said))] == []


TWO = b"gas terus pak arman nomor satu,jangan pilih pak hasan itu\n"
PROVOKED = {
    "two columns of posts": ("a.csv", b"isi,teks\n" + TWO * 5),
    "no column of posts": ("a.csv", b"id,suka\n" + b"1,2\n" * 5),
    "a column twice": ("a.csv", b"isi,isi\n" + TWO * 5),
    "rows wider than their header": ("a.csv", b"id,isi\n" + b"1,2,3,4\n" * 6),
    "a post as header": ("a.csv", "Gas terus Pak Arman nomor satu! 🔥\n".encode() * 3),
    "titles above": ("a.csv", b"Laporan pemantauan\n\nid;isi\n" + b"1;gas terus pak arman nomor satu\n" * 5),
    "not UTF-8": ("a.csv", b"id,isi\n" + b"1,caf\xe9 pak arman nomor satu ya\n" * 5),
    "blanks between": ("a.tsv", b"id\tisi\n" + b"1\tgas terus pak arman nomor satu\n" * 5),
    "an array within": ("a.json", b'{"meta": 1, "data": [{"isi": "gas terus pak arman nomor satu"}]}'),
    "apostrophes": ("a.csv", b"id,isi\n" + b"1,'gas, terus pak arman nomor satu'\n" * 5),
}  # fmt: skip


@pytest.mark.parametrize("kind", PROVOKED)
def test_what_is_said_of_a_table_is_said_in_indonesian(house: House, kind: str) -> None:
    owner = house.visit()
    house.folder.create("Berkas", "Sari")
    owner.get("/perkara/berkas/unggah")
    owner.submit("/unggah/berkas", files={"berkas": PROVOKED[kind]})
    said = re.findall(r'<p class="(?:message warn|muted)">([^<]*)</p>', owner.page)
    assert owner.answer.status_code == 400 or said
    assert [one for one in (*said, owner.alarm) if ENGLISH.search(one)] == []


CHOICES = (
    {"header_row": "90"}, {"text": "tidak ada"}, {"time": "x"}, {"header_row": "2"}, {"no_header": "1", "text": "x"},
    {"sheet": "Lain"}, {"header_row": "0"}, {"id": "isi", "text": "id"},
)  # fmt: skip


@pytest.mark.parametrize("choices", CHOICES, ids=str)
def test_choices_that_do_not_fit_are_told_in_indonesian(house: House, choices: dict[str, str]) -> None:
    owner = house.visit()
    house.folder.create("Berkas", "Sari")
    owner.get("/perkara/berkas/unggah")
    owner.submit("/unggah/berkas", files={"berkas": ("a.csv", posts(6))})
    owner.submit("/berkas/tata", apa="lanjut", **choices)
    if owner.answer.status_code == 400:
        assert told(owner.alarm), owner.alarm
    else:
        assert str(owner.answer.url).endswith("/paslon")


ROSTERS = {
    "no TOML": b"[[[", "another file": b"id,isi\n1,halo\n", "UTF-16": "[election]".encode("utf-16"),
    "not UTF-8": b"x = '\xff'",
    "no pair": b'[election]\nid = "a"\nname = "A"\noffice = "mayor"\n',
    "everything wrong": b"""
[election]
id = "=x"
name = ""
office = "king"
zone = "Mars"
more = 1
[election.dates]
campaign = ["2024-11-23", "2024-01-01"]
vote = 7
quiet = 3
[[pair]]
number = "satu"
aliases = "x"
[[pair]]
number = 1000000
kind = "raja"
aliases = [7, "", "Pak"]
hashtags = ["x y"]
unknown = true
""",
}  # fmt: skip


@pytest.mark.parametrize("kind", ROSTERS)
def test_what_is_wrong_with_a_roster_file_is_said_in_indonesian(house: House, kind: str) -> None:
    owner = house.visit()
    case = house.folder.create("Berkas", "Sari")
    case.note(unggahan={"nama": "a.csv", "akhiran": ".csv"})
    owner.get("/perkara/berkas/paslon")
    owner.submit("/berkas/paslon-berkas", files={"berkas": ("daftar.toml", ROSTERS[kind])})
    assert owner.answer.status_code == 400
    lines = owner.alarm.splitlines()
    assert lines and [line for line in lines if ENGLISH.search(line)] == []


def test_learning_from_too_little_is_told_in_indonesian(house: House) -> None:
    owner = house.visit()
    name = prepare(owner, "Sedikit", ("a.csv", posts(8)), ROSTER)
    owner.submit(f"/{name}/nilai", apa="mulai")
    house.wait(name)
    for said in ("dukung", "tolak"):
        owner.get(f"/perkara/{name}/tinjau")
        owner.submit(f"/{name}/tinjau", keputusan=said, paslon="Arman-Lestari")
    owner.get(f"/perkara/{name}/belajar")
    owner.submit(f"/{name}/belajar", apa="hitung")
    house.wait(name)
    page = owner.get(f"/perkara/{name}/belajar")
    (fault,) = re.findall(r'<p class="message alarm">([^<]*)</p>', page)
    assert not ENGLISH.search(fault), fault
    assert "message alarm" not in owner.get(f"/perkara/{name}/nilai").replace('id="pesan" class="message alarm"', "")
    assert [entry.state for entry in house.folder.list()] == ["sudah dinilai"]
