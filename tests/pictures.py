"""The pictures of the guide, made anew from pages of invented posts: ``python tests/pictures.py [MODEL]``.

Needs Chromium with its driver and the extra ``desk``; nothing is loaded from anywhere. Without MODEL the desk scores
with the shipped one, which is trained where it is not there yet.
"""

from __future__ import annotations

import base64
import contextlib
import csv
import io
import random
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import test_desk_browser as desk_browser
from browsing import chromium
from desks import House, prepare
from netral_nlp.law.loading import load_rules
from netral_nlp.making import default_model
from netral_nlp.model.promise import Promise, shipped_table
from netral_nlp.report.dossier_folder import file_dossier
from netral_nlp.report.overview import read_overview
from netral_nlp.report.scored_page import Basis, scored_page
from netral_nlp.roster import load_roster
from test_law_dossier import FACTS, POST, write_scored
from test_report import row, write

ROOT = Path(__file__).resolve().parents[1]
ROSTER = ROOT / "data" / "rosters" / "kota-samudra-2024.toml"
PICTURES = ROOT / "src" / "netral_nlp" / "guide" / "pictures"
WIDTH, HEIGHT, QUALITY = 960, 720, 60
POSTS = (
    ("dukung", "Gas terus Pak Arman nomor satu, lanjutkan Samudra ✌️", "gas terus +1.6; nomor satu +0.7"),
    ("tolak", "Janji Pak Arman doang, jalan depan rumah tetap bolong 👏", "janji +1.1; bolong +0.9; jalan -0.2"),
    ("ragu", "Pak Arman lagi, Pak Arman lagi … ya sudahlah", "ya sudahlah +0.3; lagi -0.1"),
    ("netral", "Survei terbaru: Arman-Lestari unggul tiga persen, kata lembaga survei", "survei +0.9; kata +0.4"),
)


def scored(folder: Path) -> Path:
    """A scored file of invented posts over three months."""
    dice = random.Random(7)
    rows = []
    for number in range(240):
        label, text, evidence = dice.choices(POSTS, (3, 2, 2, 9))[0]
        day = f"2024-{dice.choice((9, 10, 10, 11))}-{dice.randint(1, 26):02} {dice.randint(6, 22):02}:15"
        agency = dice.choice(("Dinas Contoh", "Kecamatan Misal", "Sekretariat Umpama"))
        cells = {"teks": text, "bukti": evidence, "waktu": day, "instansi": agency, "akun": f"warga{number:03}"}
        pair = dice.choice(("Arman-Lestari", "Arman-Lestari", "Hasan-Wulan"))
        rows.append(row(number + 1, label, paslon=pair, platform=dice.choice(("X", "Facebook", "Instagram")), **cells))
    return write(folder / "hasil.csv", rows)


def take(driver: Any, address: str, name: str, *, at: str = "body") -> None:
    """A picture of a page from the element ``at`` on, as wide and high as all are."""
    driver.get(address)
    time.sleep(1)
    top = driver.execute_script("return document.querySelector(arguments[0]).getBoundingClientRect().top + scrollY", at)
    clip = {"x": 0, "y": max(top - 12, 0), "width": WIDTH, "height": HEIGHT, "scale": 1}
    asked = {"format": "webp", "quality": QUALITY, "clip": clip, "captureBeyondViewport": True}
    taken = driver.execute_cdp_cmd("Page.captureScreenshot", asked)["data"]
    PICTURES.joinpath(name).write_bytes(base64.b64decode(taken))


def take_desk(driver: Any, folder: Path, model: Path) -> None:
    """The steps of a case on the desk, of a few invented posts."""
    upload = io.StringIO()
    rows = csv.writer(upload, delimiter=";")
    rows.writerow(("id", "waktu", "akun", "platform", "isi"))
    for number in range(60):
        _, text, _ = POSTS[number % len(POSTS)]
        rows.writerow((number, f"{number % 28 + 1:02}/10/2024", f"@warga_{number}", "X", text))
    house = House(folder / "meja", model)
    owner = house.visit()
    name = prepare(owner, "Pilwali Samudra", ("unggahan.csv", upload.getvalue().encode()), ROSTER)
    owner.submit(f"/{name}/nilai", apa="mulai")
    house.wait(name)
    house.close()
    server = desk_browser.desk_of(folder / "meja", model)
    try:
        driver.get(server.address)
        desk_browser.wait(driver, lambda: desk_browser.found(driver, "input[name=pin]"))
        desk_browser.sign_in(driver, "Sari")
        case = f"{driver.current_url.rstrip('/')}/perkara/{name}"
        for page in ("paslon", "ikhtisar", "tinjau"):
            take(driver, f"{case}/{page}", f"meja-{page}.webp")
    finally:
        server.kill()


def main(model: Path) -> None:
    with tempfile.TemporaryDirectory() as made, contextlib.ExitStack() as ending:
        folder = Path(made)
        driver = ending.enter_context(chromium(folder / "profile"))
        size = {"width": WIDTH, "height": HEIGHT, "deviceScaleFactor": 1, "mobile": False}
        driver.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", size)
        posts, roster = scored(folder), load_roster(ROSTER)
        promise = Promise(0.05, 0.01, "table", 0, shipped_table().tested(0.05))
        basis = Basis("0", roster, {}, promise, 0.02, 0.05)
        report = folder / "laporan.html"
        report.write_text(scored_page(read_overview(posts), basis), encoding="utf-8")
        take(driver, report.as_uri(), "laporan.webp")
        facts = folder / "fakta.toml"
        facts.write_text(FACTS, encoding="utf-8")
        case = write_scored(folder / "satu.csv", POST)
        file_dossier(case, folder / "berkas", load_rules(), id="P1", roster=roster, facts=facts)
        take(driver, (folder / "berkas" / "berkas.html").as_uri(), "berkas.webp")
        take_desk(driver, folder, model)
    for picture in sorted(PICTURES.iterdir()):
        print(f"{picture.relative_to(ROOT)}: {picture.stat().st_size:,} bytes", file=sys.stderr)


if __name__ == "__main__":
    main(Path(sys.argv[1]) if sys.argv[1:] else default_model())
