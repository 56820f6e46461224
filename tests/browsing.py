"""A headless Chromium and local servers for tests, and what axe-core finds wrong with the page that is shown."""

from __future__ import annotations

import base64
import contextlib
import itertools
import os
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from selenium import webdriver

from strategies import FULL

CHROMIUM, DRIVER = shutil.which("chromium"), shutil.which("chromedriver")
FLAGS = (
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--hide-scrollbars",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
)  # fmt: skip
ALL_SCREENS = ((390, "light"), (390, "dark"), (1280, "light"), (1280, "dark"))
SHOTS = os.environ.get("NETRAL_SHOTS")  # a folder for pictures of every page that a test has before it
SCREENS = ALL_SCREENS if FULL or SHOTS else ALL_SCREENS[::3]  # else both widths and both schemes in half the time
TALLEST = 4_000  # pixels of a picture
A4 = 794  # pixels of its width
_SPEC = find_spec("axe_core_python")
AXE = Path(str(_SPEC.origin)).parent / "axe.min.js" if _SPEC else None  # of a package that asks for nothing else


@contextlib.contextmanager
def chromium(profile: Path) -> Iterator[Any]:
    """A browser with an empty profile; it ends with the block."""
    options = webdriver.ChromeOptions()
    options.binary_location = str(CHROMIUM)
    for flag in (*FLAGS, f"--user-data-dir={profile}"):
        options.add_argument(flag)
    driver = webdriver.Chrome(options=options, service=webdriver.ChromeService(str(DRIVER)))
    try:
        driver.set_script_timeout(120)  # axe on a busy machine
        yield driver
    finally:
        with contextlib.suppress(Exception):
            driver.quit()


@contextlib.contextmanager
def windows(folder: Path, ready: Callable[[Any], object]) -> Iterator[Callable[[str], Any]]:
    """Opens an address in a browser of its own with an empty profile, and waits until the page is ``ready``."""
    with contextlib.ExitStack() as stack:
        numbers = itertools.count()

        def start(address: str) -> Any:
            driver = stack.enter_context(chromium(folder / f"profile{next(numbers)}"))
            driver.get(address)
            wait(driver, lambda: ready(driver))
            return driver

        yield start


def wait(driver: Any, what: Callable[[], object], seconds: float = 300) -> None:
    """Until something holds; fails with the page's text where it never does."""
    end = time.monotonic() + seconds
    while True:
        with contextlib.suppress(Exception):  # the page is being replaced just now
            if what():
                return
        assert time.monotonic() < end, driver.find_element("tag name", "body").text
        time.sleep(0.03)


class Server:
    """``netral`` with some arguments, as people run it, once it has said where it is.

    ``address`` opens once, ``file`` is what another window opens.
    """

    def __init__(self, folder: Path, *arguments: object) -> None:
        command = [sys.executable, "-m", "netral_nlp", *map(str, arguments), "--no-browser"]
        self.process = subprocess.Popen(command, stderr=subprocess.PIPE, text=True, cwd=folder)
        assert self.process.stderr is not None
        said = ""
        for line in self.process.stderr:
            said += line
            if found := re.search(r"http://\S+", line):
                self.address = found.group()
            if "Another window" in line:
                self.file = Path(line.partition("open ")[2].partition(" (")[0])
                return
        raise AssertionError(f"the server did not start: {said}")

    def link(self) -> str:
        """Another way in."""
        return str(re.findall(r'href="([^"]+)"', self.file.read_text(encoding="utf-8"))[0])

    def kill(self) -> None:
        self.process.kill()
        self.process.wait(20)
        if self.process.stderr is not None:
            self.process.stderr.close()


@contextlib.contextmanager
def servers(start: Callable[..., Server]) -> Iterator[Callable[..., Server]]:
    """Starts servers; those that still run at the end of the block are killed."""
    running: list[Server] = []

    def started(*options: str) -> Server:
        running.append(start(*options))
        return running[-1]

    yield started
    for server in running:
        if server.process.poll() is None:
            server.kill()


def show_as(driver: Any, width: int, scheme: str) -> None:
    """From now on a screen of this width in this colour scheme."""
    size = {"width": width, "height": 900, "deviceScaleFactor": 1, "mobile": width < 500}
    driver.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", size)
    preference = {"features": [{"name": "prefers-color-scheme", "value": scheme}]}
    driver.execute_cdp_cmd("Emulation.setEmulatedMedia", preference)


def serious(driver: Any) -> list[str]:
    """What axe-core calls serious or critical on the page as it is shown now; a page wider than its screen, too."""
    assert AXE is not None
    driver.execute_script(AXE.read_text(encoding="utf-8"))
    run = "const done = arguments[0]; axe.run({resultTypes: ['violations']}).then(r => done(r.violations));"
    wide = driver.execute_script("return document.documentElement.scrollWidth - innerWidth")
    return [
        f"{v['id']}: {v['nodes'][0]['html'][:200]}"
        for v in driver.execute_async_script(run)
        if v["impact"] in ("serious", "critical")
    ] + ([f"{wide} pixels too wide"] if wide > 0 else [])


def shoot(driver: Any, name: str, width: int, scheme: str) -> None:
    """A picture of the whole page, where somebody wants to look at it."""
    if SHOTS is None:
        return
    high = min(driver.execute_script("return document.documentElement.scrollHeight"), TALLEST)
    clip = {"x": 0, "y": 0, "width": width, "height": max(high, 400), "scale": 1}
    taken = driver.execute_cdp_cmd("Page.captureScreenshot", {"clip": clip, "captureBeyondViewport": True})["data"]
    Path(SHOTS, f"{name}-{width}-{scheme}.png").write_bytes(base64.b64decode(taken))


def shoot_paper(driver: Any, name: str) -> None:
    """The page as it is printed on A4, where somebody wants to look at it: as PDF, and as one long picture."""
    if SHOTS is None:
        return
    printed = driver.execute_cdp_cmd("Page.printToPDF", {"preferCSSPageSize": True, "printBackground": True})
    Path(SHOTS, f"{name}.pdf").write_bytes(base64.b64decode(printed["data"]))
    show_as(driver, A4, "light")
    driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {"media": "print"})
    shoot(driver, name, A4, "paper")
    driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {"media": ""})
