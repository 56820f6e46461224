"""Every page of the desk in Chromium, narrow and wide, light and dark: nothing serious by axe-core, nothing cut off."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("python_multipart", reason="the extra [desk] is not installed")
pytest.importorskip("selenium", reason="selenium is not installed")

from browsing import AXE, CHROMIUM, DRIVER, SCREENS, Server, chromium, serious, shoot, shoot_paper, show_as, wait
from desks import PIN, House
from test_desk import posts, score
from test_desk_browser import desk_of, found, sign_in

pytestmark = pytest.mark.skipif(
    CHROMIUM is None or DRIVER is None or AXE is None, reason="chromium, chromedriver or axe-core-python is missing"
)


@pytest.fixture(scope="module")
def case(tmp_path_factory: pytest.TempPathFactory, model_file: Path) -> tuple[Path, str, str]:
    """A folder with a case that two have read, a file on one of its posts and what learning proposes; a post's key."""
    folder = tmp_path_factory.mktemp("desk") / "meja"
    house = House(folder, model_file)
    owner = house.visit()
    name = score(house, owner, ("unggahan.csv", posts(60)), "Pemilihan Wali Kota Samudra 2024")
    house.folder.people.add("Budi Santoso", PIN)
    owner.get(f"/perkara/{name}/tinjau")
    owner.submit(f"/{name}/setelan", pembaca="2")
    key = ""
    for reader, decisions in ((owner, 24), (house.visit("Budi Santoso"), 18)):
        for step in range(decisions):
            reader.get(f"/perkara/{name}/tinjau")
            fields = reader.form(f"/{name}/tinjau").fields
            key = key or fields["pos"]
            said = ("dukung", "tolak", "netral", "tidak jelas")[(step + decisions % 5 * (step % 3 == 0)) % 4]
            reader.submit(f"/{name}/tinjau", keputusan=said, paslon=fields["paslon"] or "Arman-Lestari")
    owner.get(f"/perkara/{name}/dossier/{key}")
    owner.submit(f"/bukti/{name}/{key}", uraian="Diunggah pada jam kerja.")
    owner.get(f"/perkara/{name}/belajar")
    owner.submit(f"/{name}/belajar", apa="hitung")
    house.wait(name)
    house.folder.create("Perkara baru", "Sari")
    house.close()
    return folder, name, key


@pytest.fixture(scope="module")
def driver(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    with chromium(tmp_path_factory.mktemp("profile")) as started:
        yield started


@pytest.fixture(scope="module")
def room(case: tuple[Path, str, str], model_file: Path, driver: Any) -> Iterator[str]:
    """The address of the desk that somebody is signed in to."""
    server: Server = desk_of(case[0], model_file)
    try:
        driver.get(server.address)
        wait(driver, lambda: found(driver, "input[name=pin]"))
        for width, scheme in SCREENS:
            show_as(driver, width, scheme)
            assert serious(driver) == []
            shoot(driver, "masuk", width, scheme)
        sign_in(driver, "Sari")
        yield driver.current_url.rstrip("/")
    finally:
        server.kill()


PAGES = (
    "unggah", "paslon", "nilai", "ikhtisar", "tinjau", "tinjau?status=beda", "tinjau?text=tidak-ada-yang-begini",
    "daftar", "belajar", "laporan", "berkas",
)  # fmt: skip


def look(driver: Any, address: str, name: str) -> None:
    wrong = {}
    for width, scheme in SCREENS:
        show_as(driver, width, scheme)
        driver.get(address)
        wait(driver, lambda: found(driver, "main h1") and found(driver, "html.siap"))
        driver.execute_script("for (const one of document.querySelectorAll('details')) one.open = true")
        wrong[width, scheme] = serious(driver)
        shoot(driver, name, width, scheme)
    assert {where: what for where, what in wrong.items() if what} == {}
    assert [entry for entry in driver.get_log("browser") if entry["level"] == "SEVERE"] == []


@pytest.mark.parametrize("page", PAGES)
def test_a_step_of_a_case_can_be_used_by_everybody(
    driver: Any, room: str, case: tuple[Path, str, str], page: str
) -> None:
    look(driver, f"{room}/perkara/{case[1]}/{page}", page.replace("?", "-").replace("=", "-"))


@pytest.mark.parametrize("page", ["", "orang", "panduan", "perkara/perkara-baru/unggah", "perkara/perkara-baru/paslon"])
def test_a_page_of_the_desk_can_be_used_by_everybody(driver: Any, room: str, page: str) -> None:
    look(driver, f"{room}/{page}", page.replace("/", "-") or "perkara")


def test_a_key_for_somebody_else_can_be_read_by_everybody(driver: Any, room: str) -> None:
    driver.get(f"{room}/orang")
    wait(driver, lambda: found(driver, "html.siap"))
    driver.find_element("css selector", "button[value=kunci]").click()
    wait(driver, lambda: found(driver, "html.siap") and "/masuk/" in driver.find_element("tag name", "main").text)
    for width, scheme in SCREENS:
        show_as(driver, width, scheme)
        assert serious(driver) == []
        shoot(driver, "orang-kunci", width, scheme)


def test_the_form_of_a_dossier_and_what_comes_of_it_can_be_used_by_everybody(
    driver: Any, room: str, case: tuple[Path, str, str]
) -> None:
    look(driver, f"{room}/perkara/{case[1]}/dossier/{case[2]}", "dossier-isian")
    for path, name in (
        (f"pratinjau/{case[1]}/laporan", "pratinjau"),
        (f"pratinjau/{case[1]}/berkas/1/berkas.html", "berkas-1"),
    ):
        for width, scheme in SCREENS:
            show_as(driver, width, scheme)
            driver.get(f"{room}/{path}")
            wait(driver, lambda: found(driver, "main h1"))
            assert "Tidak dapat" not in driver.find_element("css selector", "main h1").text, path
            wide = driver.execute_script("return document.documentElement.scrollWidth - innerWidth")
            assert wide <= 0, (path, width)
            shoot(driver, name, width, scheme)
        shoot_paper(driver, name)


def test_a_page_that_is_not_there_can_be_left_by_everybody(driver: Any, room: str) -> None:
    for width, scheme in SCREENS:
        show_as(driver, width, scheme)
        driver.get(f"{room}/tidak-ada")
        wait(driver, lambda: found(driver, "main h1"))
        assert serious(driver) == []
        shoot(driver, "galat", width, scheme)
