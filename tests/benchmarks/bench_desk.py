"""What the desk costs people in time: python tests/benchmarks/bench_desk.py [--runs 7] [--posts 10000] [--model FILE]

Printed are: from ``netral desk`` to its first page, without a browser and until a Chromium that is open already listens
to keys on it; the next post of a case of 100,000; and so many posts scored as people do it, by upload and buttons.
"""

from __future__ import annotations

import argparse
import http.cookiejar
import re
import statistics
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from made_posts import ROSTER, write_posts

from browsing import CHROMIUM, DRIVER, Server, chromium, wait
from desks import PIN, House
from netral_nlp.desk.benefit import Benefit
from test_desk import filled_case


def told(name: str, seconds: Sequence[float]) -> None:
    least, middle, most = (1e3 * x for x in (min(seconds), statistics.median(seconds), max(seconds)))
    print(f"{name:<58}{middle:>8.0f} ms  ({least:.0f} to {most:.0f})", flush=True)


@contextmanager
def desk(folder: Path, model: Path | None) -> Iterator[Server]:
    server = Server(folder, "desk", folder / "meja", *([] if model is None else ["--model", model]))
    try:
        yield server
    finally:
        server.kill()


def first_page(link: str) -> None:
    """What a browser asks for: the link, the page it leads to, its style and scripts."""
    opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(http.cookiejar.CookieJar()))
    base = link.partition("/masuk/")[0]
    (room,) = re.findall('href="([^"]+)"', opener.open(link).read().decode())
    page = opener.open(base + room).read().decode()
    assert 'name="pin"' in page
    for address in re.findall(r'(?:href|src)="([^"]+/static/[^"]+)"', page):
        opener.open(base + address).read()


def bench_start(folder: Path, runs: int) -> None:
    spent = []
    for _ in range(runs + 1):  # the first one warms the caches
        begun = time.perf_counter()
        with desk(folder, None) as server:
            first_page(server.address)
            spent.append(time.perf_counter() - begun)
    told("from netral desk to its first page", spent[1:])
    if CHROMIUM is None or DRIVER is None:
        return
    spent = []
    with chromium(folder / "profile") as driver:
        for _ in range(runs + 1):
            begun = time.perf_counter()
            with desk(folder, None) as server:
                driver.get(server.address)
                wait(driver, lambda: driver.find_elements("css selector", "html.siap input[name=pin]"))
                spent.append(time.perf_counter() - begun)
    told("... until a Chromium listens to keys on it", spent[1:])


def bench_next(folder: Path, runs: int) -> None:
    import scipy.stats  # noqa: F401 - which a desk has loaded by the time that somebody has read ten posts

    house = House(folder / "banyak")
    visitor = house.visit()
    name = filled_case(house, 100_000)
    visitor.get(f"/perkara/{name}/tinjau")
    benefit = house.desk.benefits.of(name, lambda: Benefit(house.case(name)))
    spent: dict[bool, list[float]] = {False: [], True: []}
    for step in range(10 * runs):
        if step % 10 == 0:
            benefit.wait()
        begun = time.perf_counter()
        visitor.submit(f"/{name}/tinjau", keputusan=("netral", "dukung")[step % 2], paslon="Arman-Lestari")
        spent[benefit.learns].append(time.perf_counter() - begun)
        assert "Tersimpan" in visitor.page
    for learning, seconds in spent.items():
        if seconds:
            told(f"decided, and the next of 100,000 posts{' while the order learns' if learning else ''}", seconds)
    house.close()


def press(driver: Any, selector: str, until: str) -> None:
    old = driver.find_element("tag name", "html").id
    driver.find_element("css selector", selector).click()
    wait(
        driver,
        lambda: driver.find_element("tag name", "html").id != old and driver.find_elements("css selector", until),
        3_600,
    )


def bench_scoring(folder: Path, posts: int, model: Path | None) -> None:
    """An upload scored by somebody at a browser: from the button to the page that says so."""
    table = folder / "posts.csv"
    write_posts(table, posts, 1)
    with desk(folder, model) as server, chromium(folder / "profil") as driver:

        def fill(selector: str, text: str) -> None:
            driver.find_element("css selector", selector).send_keys(text)

        driver.get(server.address)
        wait(driver, lambda: driver.find_elements("css selector", "input[name=pin2]"))
        for selector, text in (("nama", "Sari"), ("pin", PIN), ("pin2", PIN)):
            fill(f"input[name={selector}]", text)
        press(driver, "form button.primary", "input[name=judul]")
        fill("input[name=judul]", "Sepuluh ribu")
        press(driver, "form[action$='/perkara'] button", "#berkas")
        fill("#berkas", str(table))
        begun = time.perf_counter()
        press(driver, ".drop button", "td.chosen")
        print(f"{f'{posts:,} posts uploaded and shown as a table':<58}{time.perf_counter() - begun:>8.1f} s")
        press(driver, "#tata button.primary", "#daftar")
        fill("#daftar", str(ROSTER))
        press(driver, "form[action$='paslon-berkas'] button", "textarea[name='pair.2.aliases']")
        press(driver, "#paslon button.primary", "input[name=max_fpr]")
        begun = time.perf_counter()
        press(driver, "form button[value=mulai]", "progress, .message.good")
        said = ""
        while not driver.find_elements("css selector", ".message.good"):
            for shown in driver.find_elements("id", "maju-teks"):
                said = shown.text or said
            time.sleep(0.2)
        spent = time.perf_counter() - begun
        print(f"{f'{posts:,} posts scored, from the button to the page':<58}{spent:>8.1f} s  ({posts / spent:,.0f}/s)")
        print(f"  the page's last word on the way: {said}")
        begun = time.perf_counter()
        press(driver, ".message.good a", ".tiles")
        print(f"{'their overview':<58}{time.perf_counter() - begun:>8.1f} s")
        begun = time.perf_counter()
        press(driver, "a.button.primary", "#unggahan")
        print(f"{'the first post of their queue, its model loaded':<58}{time.perf_counter() - begun:>8.1f} s")


def main() -> None:
    given = argparse.ArgumentParser(description=__doc__)
    given.add_argument("--runs", type=int, default=7)
    given.add_argument("--posts", type=int, default=10_000)
    given.add_argument("--model", type=Path)
    given.add_argument("--only", choices=("start", "next", "scoring"))
    options = given.parse_args()
    with tempfile.TemporaryDirectory() as made:
        if options.only in (None, "start"):
            bench_start(Path(made), options.runs)
        if options.only in (None, "next"):
            bench_next(Path(made), options.runs)
        if options.only in (None, "scoring"):
            bench_scoring(Path(made), options.posts, options.model)


if __name__ == "__main__":
    main()
