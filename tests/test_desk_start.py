"""Laws of the desk's beginning: the first page waits for nothing that it does not show; whatever is asked is there."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

pytest.importorskip("python_multipart", reason="the extra [desk] is not installed")
pytest.importorskip("httpx", reason="httpx is not installed")

from desks import PIN, House, Visitor
from netral_nlp.desk.later import STEPS

HEAVY = ("numpy", "scipy", "pandas", "sklearn", "Sastrawi", "openpyxl", "pyarrow", "netral_nlp.roster")
# ``netral desk`` as people start it, in one process with somebody who opens the link and reads the first page.
FIRST_PAGE = """
import http.cookiejar, json, os, re, signal, sys, threading, time, urllib.request
from netral_nlp.cli import desk, entrance

def come(link, file, browser):
    threading.Thread(target=look, args=(link,), daemon=True).start()

def look(link):
    jar = http.cookiejar.CookieJar()
    opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(jar))
    room = re.findall('href="([^"]+)"', opener.open(link).read().decode())[0]
    base = link.partition("/masuk/")[0] + room.rstrip("/")
    page = opener.open(base + "/").read().decode()
    first = sorted(name for name in json.loads(sys.argv[2]) if name in sys.modules)
    until = time.monotonic() + 120
    while "sklearn" not in sys.modules and "scipy.stats" not in sys.modules and time.monotonic() < until:
        time.sleep(0.05)
    later = sorted(name for name in json.loads(sys.argv[2]) if name in sys.modules)
    print(json.dumps({"pin": 'name="pin"' in page, "first": first, "later": later}), flush=True)
    os.kill(os.getpid(), signal.SIGINT)

desk.show_entrance = come
from netral_nlp.cli import main
main(["desk", sys.argv[1], "--no-browser"])
"""


def test_nothing_heavy_is_loaded_before_the_first_page_and_all_of_it_soon_after(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-c", FIRST_PAGE, str(tmp_path / "meja"), json.dumps(HEAVY)],
        capture_output=True, text=True, timeout=300,
    )  # fmt: skip
    said = json.loads(done.stdout.splitlines()[0])
    assert said["pin"], done.stderr
    assert said["first"] == []
    assert {"numpy", "scipy", "netral_nlp.roster"} <= set(said["later"])


@pytest.mark.parametrize("path", ["unggah", "paslon", "nilai", "tinjau", "belajar", "laporan", "berkas", "tidak-ada"])
def test_whichever_page_is_asked_first_is_there(tmp_path: Path, path: str) -> None:
    house = House(tmp_path / "meja")
    house.folder.people.add("Sari", PIN)
    house.folder.create("Baru", "Sari")
    visitor = Visitor(house).sign_in("Sari")
    loaded = len(house.app.routes)
    visitor.get(f"/perkara/baru/{path}")
    assert (visitor.answer.status_code == 404) == (path == "tidak-ada")
    grown = len(house.app.routes)
    assert grown > loaded + len(STEPS)
    visitor.get("/perkara/baru/tidak-ada-juga")
    assert visitor.answer.status_code == 404 and len(house.app.routes) == grown
    house.close()
