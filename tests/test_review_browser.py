"""The review page in a real headless Chromium: keys, crash, two people, hostile posts. Skipped where it is absent."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from netral_nlp.review.store import open_reviews
from running import write

pytest.importorskip("fastapi", reason="the extra [review] is not installed")
pytest.importorskip("selenium", reason="selenium is not installed")

from browsing import CHROMIUM, DRIVER, Server, servers, show_as, wait, windows

pytestmark = pytest.mark.skipif(
    CHROMIUM is None or DRIVER is None, reason="chromium or chromedriver is missing (apt-get install chromium-driver)"
)
HOSTILE = '<img src=x onerror="document.title=1"><script>document.title="x"</script><b>tebal</b>'
KEYS = ("d", "n", "t", "j", "s")
MEANING = {"d": "dukung", "n": "netral", "t": "tolak", "j": "tidak jelas", "s": "lewati"}
Open = Callable[..., Any]


@pytest.fixture
def scored(tmp_path: Path) -> Path:
    """A scored file of 60 posts; the hostile one has the highest score."""
    rows = []
    for n in range(60):
        text = HOSTILE if n == 0 else f"gas terus Pak Arman nomor {n} @budi_77"
        p = 0.95 - n / 100
        rows.append([n, text, "Arman-Lestari", "dukung", f"{p:.6f}", f"{1 - p:.6f}", "0", "gas terus +1.2"])
    header = ["id", "teks", "paslon", "label", "skor_dukung", "skor_netral", "skor_tolak", "bukti"]
    return write(tmp_path / "hasil.csv", header, rows)


def review_of(scored: Path, reviews: Path, *options: str) -> Server:
    """``netral review`` as people run it."""
    return Server(scored.parent, "review", scored, "--reviews", reviews, *options)


@pytest.fixture
def serve(scored: Path, tmp_path: Path) -> Iterator[Callable[..., Server]]:
    with servers(lambda *more: review_of(scored, tmp_path / "reviews.sqlite", "--order", "skor", *more)) as start:
        yield start


@pytest.fixture
def browse(tmp_path: Path) -> Iterator[Open]:
    with windows(tmp_path, lambda driver: shown(driver) != "") as start:
        yield start


def shown(driver: Any) -> str:
    return str(driver.find_element("id", "post").get_attribute("data-key") or "")


def press(driver: Any, key: str) -> tuple[str, str]:
    """Press a decision's key; returns the post that it was about, once the next one is there."""
    before, body = shown(driver), driver.find_element("tag name", "body")
    body.send_keys(key)
    wait(driver, lambda: shown(driver) != before and "busy" not in (body.get_attribute("class") or ""))
    return before, MEANING[key]


def decisions(path: Path) -> list[tuple[str, str, str]]:
    with open_reviews(path) as store:
        return [(d.reviewer, d.key, d.decision) for d in store.lines()]


def test_twenty_posts_labelled_by_keyboard_survive_a_killed_server(
    serve: Callable[..., Server], browse: Open, tmp_path: Path
) -> None:
    server = serve("--reviewer", "Sari")
    driver = browse(server.address)
    made = [press(driver, KEYS[n % len(KEYS)]) for n in range(20)]
    server.kill()
    body = driver.find_element("tag name", "body")
    stuck = shown(driver)
    body.send_keys("d")
    wait(driver, lambda: "tidak menjawab" in driver.find_element("id", "message").text)
    assert shown(driver) == stuck  # what was not kept does not look as if it were
    assert decisions(tmp_path / "reviews.sqlite") == [("Sari", key, what) for key, what in made]
    again = browse(serve("--reviewer", "Sari").address)
    assert shown(again) not in {key for key, _ in made}
    assert "16 dari 60 ditinjau" in again.find_element("id", "progress").text
    assert "4 dilewati" in again.find_element("id", "progress").text


def test_two_browsers_at_once_lose_no_decision(serve: Callable[..., Server], browse: Open, tmp_path: Path) -> None:
    first, second = serve(), serve()  # two processes on one reviews file
    windows = [("Sari", browse(first.address + "?peninjau=Sari")), ("Budi", browse(second.address + "?peninjau=Budi"))]
    made = []
    for n in range(12):
        for who, driver in windows:
            key, what = press(driver, KEYS[n % 3])
            made.append((who, key, what))
    assert decisions(tmp_path / "reviews.sqlite") == made
    assert len({key for _, key, _ in made}) == len(made)  # nobody did the other's work


def test_a_hostile_post_is_text_and_does_nothing(serve: Callable[..., Server], browse: Open) -> None:
    driver = browse(serve("--reviewer", "Sari", "--audit", "0").address)
    assert driver.find_element("id", "post-text").text == HOSTILE
    assert driver.find_elements("css selector", "#post-text script, #post-text img, #post-text b") == []
    press(driver, "s")
    assert "@budi_77" not in driver.find_element("tag name", "body").text
    assert [mark.text for mark in driver.find_elements("css selector", "#post-text mark")] == ["gas terus"]
    assert driver.title.startswith("Tinjauan")
    assert [entry for entry in driver.get_log("browser") if entry["level"] == "SEVERE"] == []


def test_a_page_of_another_origin_can_neither_read_nor_write(
    serve: Callable[..., Server], browse: Open, tmp_path: Path
) -> None:
    server, other = serve("--reviewer", "Sari"), serve("--reviewer", "Sari")
    room = browse(server.address).current_url
    driver = browse(other.address)  # another port is another origin
    driver.get("about:blank")
    script = """
      const done = arguments[arguments.length - 1], url = arguments[0];
      const ask = (type) => fetch(url + "api/next", {method: "POST", headers: {"content-type": type}, body: "{}"})
        .then((r) => r.text()).catch((e) => "refused");
      Promise.all([ask("application/json"), ask("text/plain")]).then(done);
    """
    assert driver.execute_async_script(script, room) == ["refused", "refused"]
    assert decisions(tmp_path / "reviews.sqlite") == []


def test_undo_note_filters_and_blind_mode_work_by_keyboard(
    serve: Callable[..., Server], browse: Open, tmp_path: Path
) -> None:
    driver = browse(serve("--reviewer", "Sari", "--blind", "--audit", "0").address)
    assert not driver.find_element("id", "model").is_displayed()
    assert driver.find_element("id", "hidden-model").is_displayed()
    body = driver.find_element("tag name", "body")
    body.send_keys("c")
    note = driver.find_element("id", "note")
    note.send_keys("dnt jelas")  # letters in a note decide nothing
    note.send_keys("\n")
    key, _ = press(driver, "d")
    assert "model: dukung" in driver.find_element("id", "last").text
    driver.find_element("tag name", "body").send_keys("u")
    wait(driver, lambda: shown(driver) == key)
    assert driver.find_element("id", "note").get_attribute("value") == "dnt jelas"
    driver.find_element("tag name", "body").send_keys("/")
    driver.find_element("id", "text").send_keys("nomor 42\n")
    wait(driver, lambda: "nomor 42" in driver.find_element("id", "post-text").text)
    press(driver, "t")
    assert "Tidak ada unggahan yang cocok" in driver.find_element("id", "post-text").text
    with open_reviews(tmp_path / "reviews.sqlite") as store:
        lines = store.lines()
    assert [(d.decision, d.note, d.shown.blind) for d in lines] == [
        ("dukung", "dnt jelas", True), ("batal", "", True), ("tolak", "", True),
    ]  # fmt: skip


@pytest.mark.parametrize("width", [390, 1280])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_page_fits_the_screen_with_readable_colours(
    serve: Callable[..., Server], browse: Open, tmp_path: Path, width: int, scheme: str
) -> None:
    driver = browse(serve("--reviewer", "Sari").address)
    show_as(driver, width, scheme)
    time.sleep(0.2)
    assert driver.execute_script("return document.documentElement.scrollWidth") <= width
    colours = """
      const light = (c) => { const v = c.match(/[\\d.]+/g).slice(0, 3).map((x) => { x /= 255;
        return x <= 0.03928 ? x / 12.92 : ((x + 0.055) / 1.055) ** 2.4; });
        return 0.2126 * v[0] + 0.7152 * v[1] + 0.0722 * v[2]; };
      const back = (e) => { for (; e; e = e.parentElement) { const c = getComputedStyle(e).backgroundColor;
        if (!/, 0\\)$/.test(c) && c !== "transparent") return c; } return "rgb(255, 255, 255)"; };
      return [...document.querySelectorAll("p, button, label, mark, dt, dd, kbd, b, h2, span")]
        .filter((e) => e.offsetParent && e.textContent.trim() && !e.disabled).map((e) => {
        const [a, b] = [light(getComputedStyle(e).color), light(back(e))].sort((x, y) => y - x);
        return [(a + 0.05) / (b + 0.05), e.tagName + "." + e.className + ": " + e.textContent.trim().slice(0, 30)]; });
    """
    found = driver.execute_script(colours)
    assert len(found) > 20
    assert [entry for entry in found if entry[0] < 4.5] == []  # WCAG 2.2, level AA
    assert driver.get_screenshot_as_file(str(tmp_path / f"page-{width}-{scheme}.png"))
