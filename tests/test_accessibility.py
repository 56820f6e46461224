"""Every page in Chromium, narrow and wide, light and dark: axe-core finds nothing serious, nothing is cut off."""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("fastapi", reason="the extra [review] is not installed")
pytest.importorskip("selenium", reason="selenium is not installed")

import pictures
from browsing import AXE, CHROMIUM, DRIVER, SCREENS, chromium, serious, shoot, shoot_paper, show_as, wait
from netral_nlp.guide.book import guide_page
from netral_nlp.law.loading import load_rules
from netral_nlp.model.promise import Promise, shipped_table
from netral_nlp.report.audit_page import audit_page
from netral_nlp.report.dossier_folder import file_dossier
from netral_nlp.report.evaluation_page import evaluation_page
from netral_nlp.report.overview import read_overview
from netral_nlp.report.scored_page import Basis, scored_page
from netral_nlp.roster import load_roster
from pagelaws import flaws
from test_law_dossier import FACTS, POST, write_scored
from test_review_browser import review_of

DOCUMENTS = Path(__file__).parent / "data" / "pages"
pytestmark = pytest.mark.skipif(
    CHROMIUM is None or DRIVER is None or AXE is None, reason="chromium, chromedriver or axe-core-python is missing"
)


@pytest.fixture(scope="module")
def driver(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    with chromium(tmp_path_factory.mktemp("profile")) as found:
        yield found


@pytest.fixture(scope="module")
def pages(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """One file of each kind of page that is one file."""
    folder = tmp_path_factory.mktemp("pages")
    roster = load_roster(pictures.ROSTER)
    basis = Basis("0", roster, {}, Promise(0.05, 0.01, "table", 0, shipped_table().tested(0.05)), 0.02, 0.05)
    facts = folder / "fakta.toml"
    facts.write_text(FACTS, encoding="utf-8")
    case = write_scored(folder / "satu.csv", POST)
    file_dossier(case, folder / "berkas", load_rules(), id="P1", roster=roster, facts=facts)
    documents = {name: json.loads((DOCUMENTS / f"{name}.json").read_bytes()) for name in ("evaluation", "audit")}
    made = {
        "report": scored_page(read_overview(pictures.scored(folder), top=12), basis),
        "evaluation": evaluation_page(documents["evaluation"]),
        "audit": audit_page(documents["audit"]),
        "dossier": (folder / "berkas" / "berkas.html").read_text(encoding="utf-8"),
        "guide": guide_page(),
    }
    for name, page in made.items():
        (folder / f"{name}.html").write_text(page, encoding="utf-8")
    return {name: folder / f"{name}.html" for name in made}


def wait_for(driver: Any, selector: str) -> None:
    wait(driver, lambda: driver.find_elements("css selector", selector))


READ = "body:not(.busy) #post[data-key]:not([data-key=''])"
KINDS = ("report", "evaluation", "audit", "dossier", "guide")


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_of_page_keeps_the_laws_of_pages(pages: dict[str, Path], kind: str) -> None:
    assert flaws(pages[kind].read_text(encoding="utf-8")) == []


@pytest.mark.parametrize("kind", KINDS)
def test_a_page_that_is_one_file_can_be_used_by_everybody(driver: Any, pages: dict[str, Path], kind: str) -> None:
    found = {}
    for width, scheme in SCREENS:
        show_as(driver, width, scheme)
        driver.get(pages[kind].as_uri())
        driver.execute_script("for (const one of document.querySelectorAll('details')) one.open = true")
        found[width, scheme] = serious(driver)
        shoot(driver, kind, width, scheme)
    shoot_paper(driver, kind)
    assert {where: what for where, what in found.items() if what} == {}
    assert [entry for entry in driver.get_log("browser") if entry["level"] == "SEVERE"] == []


def test_the_review_page_and_its_guide_can_be_used_by_everybody(driver: Any, tmp_path: Path) -> None:
    server = review_of(pictures.scored(tmp_path), tmp_path / "r.sqlite", "--reviewer", "Sari")
    try:
        driver.get(server.address)
        wait_for(driver, READ)
        room, found = driver.current_url, {}
        for part in ("", "panduan"):
            for width, scheme in SCREENS:
                show_as(driver, width, scheme)
                driver.get(room + part)
                wait_for(driver, "h1" if part else READ)  # a post on its way is pale
                found[part, width, scheme] = serious(driver)
                shoot(driver, f"review-{part or 'queue'}", width, scheme)
    finally:
        server.kill()
    assert {where: what for where, what in found.items() if what} == {}


def test_tables_sort_by_number_and_posts_are_filtered(driver: Any, pages: dict[str, Path]) -> None:
    show_as(driver, 1280, "light")
    driver.get(pages["report"].as_uri())
    table = driver.find_element("css selector", "h2 ~ .wide table[data-sort]:has(td.bar)")
    head = table.find_elements("css selector", "th button.sort")[1]
    orders = []
    for _ in range(2):
        head.click()
        cells = table.find_elements("css selector", "tbody td:nth-child(2)")
        orders.append([int(cell.text.replace(".", "")) for cell in cells])
    assert orders[0] == sorted(orders[0]) and orders[1] == sorted(orders[1], reverse=True)
    assert head.find_element("xpath", "..").get_attribute("aria-sort") == "descending"
    posts = driver.find_elements("css selector", ".posts > li")
    field = driver.find_element("css selector", "input[type=search]")
    field.send_keys("BOLONG janji")
    shown = [post for post in posts if post.is_displayed()]
    assert 0 < len(shown) < len(posts)
    assert all("bolong" in post.text and "anji" in post.text for post in shown)
    told = field.find_element("xpath", "../..").text
    assert f"tampil {len(shown)} dari {len(posts)}" in told


def test_a_dossier_prints_on_a4_and_leaves_nothing_out(driver: Any, pages: dict[str, Path]) -> None:
    show_as(driver, 1280, "dark")
    driver.get(pages["dossier"].as_uri())
    asked = {"preferCSSPageSize": True, "printBackground": True}
    printed = base64.b64decode(driver.execute_cdp_cmd("Page.printToPDF", asked)["data"])
    boxes = {line.split()[1:] and line for line in printed.decode("latin-1").split("\n") if "/MediaBox" in line}
    assert printed.startswith(b"%PDF") and boxes
    a4 = (595, 842)
    sizes = {tuple(round(float(n)) for n in box.partition("[")[2].partition("]")[0].split()[2:4]) for box in boxes}
    assert all(abs(w - a4[0]) <= 1 and abs(h - a4[1]) <= 1 for w, h in sizes)
    driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {"media": "print"})
    dark = driver.execute_script("return getComputedStyle(document.body).backgroundColor")
    wide = driver.execute_script("return document.documentElement.scrollWidth <= innerWidth")
    driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {"media": ""})
    assert dark == "rgb(255, 255, 255)" and wide
