"""The desk in a real headless Chromium: from an empty folder to files, by keyboard, two people, killed on the way."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from netral_nlp.model.file import save_model
from netral_nlp.model.model import Model

pytest.importorskip("python_multipart", reason="the extra [desk] is not installed")
pytest.importorskip("selenium", reason="selenium is not installed")

from browsing import CHROMIUM, DRIVER, Server, servers, wait, windows

pytestmark = pytest.mark.skipif(
    CHROMIUM is None or DRIVER is None, reason="chromium or chromedriver is missing (apt-get install chromium-driver)"
)
ROSTER = Path(__file__).resolve().parents[1] / "data" / "rosters" / "kota-samudra-2024.toml"
PAIR = "Arman-Lestari"
PIN = "rahasia 1"
HOSTILE = '<img src=x onerror="document.title=1"><script>document.title="x"</script> Pak Arman =1+1'
TEXTS = ("Gas terus Pak Arman nomor satu!", "Pak Hasan bohong, jangan pilih", "Hujan lagi di Samudra", HOSTILE)
KEYS = {"d": "dukung", "n": "netral", "t": "tolak", "j": "tidak jelas", "s": "lewati"}


def desk_of(folder: Path, model: Path) -> Server:
    """``netral desk`` as people run it."""
    return Server(folder.parent, "desk", folder, "--model", model)


@pytest.fixture(scope="module")
def model_file(model: Model, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("model") / "netral.npz"
    save_model(model, path)
    return path


@pytest.fixture
def serve(tmp_path: Path, model_file: Path) -> Iterator[Callable[[], Server]]:
    with servers(lambda: desk_of(tmp_path / "meja", model_file)) as start:
        yield start


@pytest.fixture
def browse(tmp_path: Path) -> Iterator[Callable[[str], Any]]:
    with windows(tmp_path, lambda driver: found(driver, "main h1")) as start:
        yield start


def found(driver: Any, selector: str) -> Any:
    return driver.find_elements("css selector", selector)


def fill(driver: Any, selector: str, text: str) -> None:
    driver.find_element("css selector", selector).send_keys(text)


def press(driver: Any, button: str, until: str) -> None:
    """Press a button; what it leads to has something that fits ``until``."""
    old = driver.find_element("tag name", "html").id
    driver.find_element("css selector", button).click()
    wait(
        driver,
        lambda: (
            driver.find_element("tag name", "html").id != old and found(driver, until) and found(driver, "html.siap")
        ),
    )


def sign_in(driver: Any, name: str) -> None:
    if found(driver, "input[name=pin2]"):
        fill(driver, "input[name=nama]", name)
        fill(driver, "input[name=pin2]", PIN)
    fill(driver, "input[name=pin]", PIN)
    press(driver, "form button.primary", "form[action$='/keluar']")


def key_of(driver: Any) -> str:
    shown = found(driver, "#unggahan")
    return str(shown[0].get_attribute("data-key")) if shown else ""


def decide(driver: Any, key: str) -> str:
    """Press a decision's key; the post that it was about.

    Now and then the queue shows a post by lot, also one that names no pair: a stance needs one chosen first.
    """
    before = key_of(driver)
    if key in "dt":
        driver.execute_script("const p = document.getElementById('paslon'); p.value = p.value || arguments[0]", PAIR)
    driver.find_element("tag name", "body").send_keys(key)
    wait(driver, lambda: key_of(driver) != before and found(driver, "html.siap body:not(.busy)"))
    return before


def severe(driver: Any) -> list[str]:
    """What the browser complains of."""
    return [entry["message"] for entry in driver.get_log("browser") if entry["level"] == "SEVERE"]


def table(path: Path, count: int) -> Path:
    lines = [
        f'{n};{n % 27 + 1:02}/10/2024;@akun_{n};"{TEXTS[n % 4].replace(chr(34), chr(34) * 2)}"' for n in range(count)
    ]
    path.write_text("\n".join(["id;waktu;akun;isi", *lines, ""]), encoding="utf-8")
    return path


def test_a_case_from_an_empty_folder_to_its_files_though_the_server_dies_at_every_step(
    serve: Callable[[], Server], browse: Callable[[str], Any], tmp_path: Path
) -> None:
    server = serve()
    driver = browse(server.address)

    def die_and_come_back(path: str) -> None:
        nonlocal server
        server.kill()
        server = serve()
        driver.get(server.link())
        wait(driver, lambda: found(driver, "input[name=pin]"))
        sign_in(driver, "Sari")
        driver.get(driver.current_url.rstrip("/") + path)

    sign_in(driver, "Sari")
    fill(driver, "input[name=judul]", "Pilwali Samudra")
    press(driver, "form[action$='/perkara'] button", "#berkas")
    die_and_come_back("/perkara/pilwali-samudra/unggah")
    fill(driver, "#berkas", str(table(tmp_path / "unggahan.csv", 400)))
    press(driver, ".drop button", "td.chosen")
    die_and_come_back("/perkara/pilwali-samudra/unggah")
    press(driver, "#tata button.primary", "#daftar")
    fill(driver, "#daftar", str(ROSTER))
    press(driver, "form[action$='paslon-berkas'] button", "textarea[name='pair.2.aliases']")
    fill(driver, "textarea[name='pair.2.aliases']", "\nBagas Ganteng")
    press(driver, "#paslon button[value=simpan]", "#paslon")
    die_and_come_back("/perkara/pilwali-samudra/paslon")
    assert "Bagas Ganteng" in driver.find_element("css selector", "textarea[name='pair.2.aliases']").get_attribute(
        "value"
    )
    press(driver, "#paslon button.primary", "input[name=max_fpr]")
    press(driver, "form button[value=mulai]", "progress, .message.good")
    die_and_come_back("/perkara/pilwali-samudra/nilai")
    wait(driver, lambda: found(driver, ".message.good"), 1_200)
    press(driver, ".message.good a", ".tiles")
    press(driver, "a.button.primary", "#unggahan")
    made = [(decide(driver, key), KEYS[key]) for key in "dntjs" * 2]
    from netral_nlp.desk.case import Case

    with Case(tmp_path / "meja" / "pilwali-samudra.perkara") as case:
        assert [(line.key, line.decision) for line in case.lines()] == made
    fill(driver, "#catatan", "catatan saya")
    server.kill()
    stuck = key_of(driver)
    driver.find_element("css selector", "button[value=netral]").click()
    wait(driver, lambda: "tidak menjawab" in driver.find_element("id", "pesan").text)
    assert key_of(driver) == stuck  # what was not kept does not look as if it were, and nothing typed is lost
    assert driver.find_element("id", "catatan").get_attribute("value") == "catatan saya"
    server = serve()
    driver.get(server.link())
    wait(driver, lambda: found(driver, "input[name=pin]"))
    sign_in(driver, "Sari")
    room = driver.current_url.rstrip("/")
    driver.get(f"{room}/perkara/pilwali-samudra/tinjau")
    assert key_of(driver) not in {key for key, _ in made}
    driver.find_element("tag name", "body").send_keys("u")
    wait(driver, lambda: key_of(driver) == made[-1][0])
    press(driver, "a[href*='/dossier/']", "form[action*='/bukti/']")
    fill(driver, "textarea[name=uraian]", "Diunggah pada jam kerja")
    press(driver, "form[action*='/bukti/'] button.primary", "a[href*='berkas.html']")
    driver.get(found(driver, "a[href*='berkas.html']")[0].get_attribute("href"))
    assert "Diunggah pada jam kerja" in driver.find_element("tag name", "body").text
    assert len(driver.execute_cdp_cmd("Page.printToPDF", {})["data"]) > 10_000
    assert [one for one in severe(driver) if "ERR_CONNECTION" not in one] == []


def test_two_people_at_once_read_different_posts_and_a_hostile_post_is_text(
    serve: Callable[[], Server], browse: Callable[[str], Any], tmp_path: Path, model_file: Path
) -> None:
    from desks import House, prepare
    from netral_nlp.desk.case import Case

    house = House(tmp_path / "meja", model_file)
    owner = house.visit()
    name = prepare(owner, "Dua", ("a.csv", table(tmp_path / "a.csv", 60).read_bytes()), ROSTER)
    owner.submit(f"/{name}/nilai", apa="mulai")
    house.wait(name)
    house.folder.people.add("Budi", PIN)
    keys = {who: house.folder.people.new_key(who) for who in ("Sari", "Budi")}
    house.close()
    server = serve()
    host = server.address.partition("/masuk/")[0]
    made = []
    windows = {}
    for who, key in keys.items():
        driver = windows[who] = browse(f"{host}/masuk/{key}")
        wait(driver, lambda driver=driver: found(driver, "input[name=pin]"))
        sign_in(driver, who)
        driver.get(f"{driver.current_url.rstrip('/')}/perkara/{name}/tinjau")
        wait(driver, lambda driver=driver: key_of(driver))
    for n in range(6):
        for who, driver in windows.items():
            made.append((who, decide(driver, "dnt"[n % 3])))
    with Case(tmp_path / "meja" / f"{name}.perkara") as case:
        assert [(line.reviewer, line.key) for line in case.lines()] == made
    assert len({key for _, key in made}) == len(made)
    driver = windows["Sari"]
    driver.get(driver.current_url.partition("?")[0] + "?status=semua&text=onerror")
    assert driver.find_element("id", "teks").text.startswith("<img src=x")
    assert found(driver, "#teks img, #teks script") == [] and driver.title != "x"
    assert severe(driver) == []


def test_an_act_that_was_chosen_stays_chosen_whatever_is_pressed_after(
    serve: Callable[[], Server], browse: Callable[[str], Any], tmp_path: Path, model_file: Path
) -> None:
    from desks import House
    from netral_nlp.desk.case import Case
    from test_desk import filled_case

    house = House(tmp_path / "meja", model_file)
    house.visit()
    name = filled_case(house, 4, {"perbuatan": "AJAKAN", "tahap": "kampanye", "jenis": "disiplin"})
    key = house.folder.people.new_key("Sari")
    house.close()
    driver = browse(f"{serve().address.partition('/masuk/')[0]}/masuk/{key}")
    wait(driver, lambda: found(driver, "input[name=pin]"))
    sign_in(driver, "Sari")
    driver.get(f"{driver.current_url.rstrip('/')}/perkara/{name}/tinjau")
    wait(driver, lambda: found(driver, "html.siap"))
    said = {kind: driver.find_element("css selector", f"#hukum .{kind}") for kind in ("kept", "lost")}
    assert said["lost"].is_displayed() and not said["kept"].is_displayed()  # the model's tick is nobody's word yet
    driver.find_element("css selector", "input[value=KAMPANYE_MEDSOS]").click()
    assert said["kept"].is_displayed() and not said["lost"].is_displayed()
    driver.find_element("tag name", "body").send_keys("pp")
    assert said["kept"].is_displayed() and not said["lost"].is_displayed()
    decide(driver, "d")
    decide(driver, "n")
    with Case(tmp_path / "meja" / f"{name}.perkara") as case:
        first, second = case.lines()
    assert first.law is not None and set(first.law.acts.split("; ")) == {"AJAKAN", "KAMPANYE_MEDSOS"}
    assert second.law is None
