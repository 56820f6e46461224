"""A case of the desk in the hands of the commands: the same log, report and file on a post as the desk makes."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

pytest.importorskip("python_multipart", reason="the extra [desk] is not installed")
pytest.importorskip("httpx", reason="httpx is not installed")

from desks import House
from netral_nlp.tables import open_table, read_records
from running import run
from test_desk import posts, score


@pytest.fixture(scope="module")
def case(tmp_path_factory: pytest.TempPathFactory, model_file: Path) -> tuple[Path, str]:
    """A case that was scored and read a little, its desk closed; and the report that the desk shows of it."""
    house = House(tmp_path_factory.mktemp("desk") / "meja", model_file)
    owner = house.visit()
    name = score(house, owner, ("unggahan.csv", posts(40)))
    for decision in ("dukung", "tolak", "netral", "tidak jelas"):
        owner.get(f"/perkara/{name}/tinjau")
        owner.submit(f"/{name}/tinjau", keputusan=decision, paslon="Arman-Lestari")
    page = owner.get(f"/pratinjau/{name}/laporan")
    path = house.case(name).path
    house.close()
    return path, page


def test_the_report_of_a_case_is_the_one_that_the_desk_shows(
    case: tuple[Path, str], model_file: Path, tmp_path: Path
) -> None:
    path, page = case
    before = path.read_bytes()
    done = run("report", path, "--model", model_file, "-o", tmp_path / "l.html")
    assert done.code == 0, done.err
    assert (tmp_path / "l.html").read_text(encoding="utf-8") == page
    assert path.read_bytes() == before


def test_what_was_decided_in_a_case_is_exported_as_from_a_reviews_file(case: tuple[Path, str], tmp_path: Path) -> None:
    path, _ = case
    for options in ((), ("--as", "log"), ("--damaged",)):
        done = run("review-export", path, "-o", tmp_path / "out.csv", *options)
        assert done.code == 0, done.err
        with open_table(tmp_path / "out.csv") as table:
            assert sum(1 for _ in table) == (3 if options == () else 4)
    labels = read_records(tmp_path / "out.csv")
    assert [record["keputusan"] for record in labels] == ["dukung", "tolak", "netral", "tidak jelas"]


def test_the_file_on_a_post_of_a_case_names_its_roster_by_itself(case: tuple[Path, str], tmp_path: Path) -> None:
    path, _ = case
    done = run("dossier", path, "--row", "5", "-o", tmp_path / "berkas")
    assert done.code == 0, done.err
    trail = json.loads((tmp_path / "berkas" / "jejak.json").read_bytes())
    assert trail["pemilihan"] == "kota-samudra-2024" and trail["nomor_baris"] == 5


def test_a_case_that_was_not_scored_is_refused_in_a_sentence(house: House, tmp_path: Path) -> None:
    path = house.folder.create("Baru", "Sari").path
    house.close()
    for arguments in (
        ("report", path, "-o", tmp_path / "l.html"),
        ("dossier", path, "--row", "2", "-o", tmp_path / "b"),
    ):
        done = run(*arguments)
        assert done.code == 3 and "not scored yet" in done.err
    (tmp_path / "x.perkara").write_bytes(path.read_bytes()[:2_000])
    assert run("report", tmp_path / "x.perkara", "-o", tmp_path / "l.html").code == 3
