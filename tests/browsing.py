"""A headless Chromium for tests, and what axe-core finds wrong with the page that it shows."""

from __future__ import annotations

import contextlib
import shutil
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from selenium import webdriver

CHROMIUM, DRIVER = shutil.which("chromium"), shutil.which("chromedriver")
FLAGS = (
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--hide-scrollbars",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
)  # fmt: skip
SCREENS = ((390, "light"), (1280, "dark"))  # both widths and both schemes at half the time of all four
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
        driver.quit()


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
