"""The report on scored posts: everything is text, nobody is named, every row is counted."""

from __future__ import annotations

import base64
import csv
import hashlib
import re
from collections.abc import Sequence
from datetime import date
from html.parser import HTMLParser
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from netral_nlp.errors import InputError
from netral_nlp.law.moments import read_day
from netral_nlp.model.promise import Promise, shipped_table
from netral_nlp.pages.charts import over_time, step_for
from netral_nlp.pages.shell import asset
from netral_nlp.report.overview import DECIDED, read_overview
from netral_nlp.report.scored_page import Basis, scored_page
from netral_nlp.report.scored_words import WORDS
from netral_nlp.roster import Roster
from netral_nlp.tables import open_writer
from running import run

HEADER = ("id", "waktu", "platform", "akun", "instansi", "teks",
          "paslon", "label", "skor_dukung", "skor_netral", "skor_tolak", "bukti")  # fmt: skip
HOSTILE = "<script>alert(1)</script><img src=x onerror=alert(2)> \"'><b>gas terus</b> {0} &lt;script&gt;"


def row(number: int, label: str = "dukung", **other: str) -> list[str]:
    scores = {"dukung": (0.9, 0.06, 0.04), "tolak": (0.03, 0.07, 0.9), "netral": (0.1, 0.8, 0.1)}
    scores["ragu"] = (0.5, 0.3, 0.2)
    cells = {
        "id": str(number), "waktu": f"2024-10-{1 + number % 28:02} 08:00", "platform": "X", "akun": f"rahasia{number}",
        "instansi": "Dinas Perikanan", "teks": "gas terus nomor satu", "paslon": "Arman-Lestari", "label": label,
        "bukti": "gas terus +1.2; nomor -0.4",
    } | {f"skor_{k}": str(v) for k, v in zip(("dukung", "netral", "tolak"), scores[label], strict=True)}  # fmt: skip
    return [(cells | other)[name] for name in HEADER]


def write(path: Path, rows: Sequence[Sequence[str]], header: Sequence[str] = HEADER) -> Path:
    with open_writer(path, header) as writer:
        writer.write_rows(rows)
        writer.commit()
    return path


class Seen(HTMLParser):
    """Which tags a browser would see, with their attributes, and the text."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.attributes: set[str] = set()
        self.said: list[str] = []
        self.feed(page)
        self.text = "".join(self.said)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.attributes |= {name for name, _ in attrs}

    def handle_data(self, data: str) -> None:
        self.said.append(data)


def test_a_hostile_cell_is_text_wherever_it_stands(tmp_path: Path) -> None:
    everywhere = dict.fromkeys(("id", "platform", "akun", "instansi", "waktu", "paslon", "teks"), HOSTILE)
    path = write(tmp_path / "hasil.csv", [row(1, **everywhere)])
    write(tmp_path / "hasil.csv.rejected.csv", [["7", HOSTILE, HOSTILE]], ("baris", "alasan", "isi"))
    for identities in (False, True):
        page = scored_page(read_overview(path), Basis("1"), identities=identities)
        seen = Seen(page.replace(f"<script>{asset('tables.js')}</script>", ""))
        assert not seen.tags & {"script", "img", "a", "iframe", "link", "form", "object"}
        assert not {name for name in seen.attributes if name.startswith("on") or name in ("src", "href", "style")}
        assert "<script>alert(1)</script>" in seen.text


def test_the_page_loads_nothing_and_its_policy_allows_only_its_own_style_and_script(tmp_path: Path) -> None:
    page = scored_page(read_overview(write(tmp_path / "h.csv", [row(1)])), Basis("1"))
    own = [re.findall(rf"<{tag}>(.*?)</{tag}>", page, re.DOTALL) for tag in ("style", "script")]
    assert [len(one) for one in own] == [1, 1]
    style, script = (base64.b64encode(hashlib.sha256(one.encode()).digest()).decode() for (one,) in own)
    assert f"default-src 'none'; style-src 'sha256-{style}'; script-src 'sha256-{script}'; img-src data:;" in page
    told = re.sub(r"'sha256-[A-Za-z0-9+/=]+'", "", page)  # a digest in base64 may hold any two signs side by side
    assert not re.search(r"https?:|//|@import|url\(", told)


PERSONAL = ("rahasia7", "@orang_lain", "0812-3456-7890", "198501012010011001", "budi.s@kota.go.id", "t.co/Ab1")


def test_identities_are_masked_unless_asked_for(tmp_path: Path, samudra: Roster) -> None:
    text = f"Rahasia7 bilang gas terus ke {' dan '.join(PERSONAL[1:])} serta {samudra.pairs[0].handles[0]}"
    cells = row(7, teks=text, bukti="@orang_lain +1.3; gas terus +0.9", id="https://t.co/Ab1", platform="@orang_lain")
    path = write(tmp_path / "h.csv", [cells])
    write(tmp_path / "h.csv.rejected.csv", [["3", "teks kosong", " | ".join(PERSONAL)]], ("baris", "alasan", "isi"))
    found = read_overview(path)
    veiled = Seen(scored_page(found, Basis("1", samudra))).text.casefold()
    assert not [one for one in PERSONAL if one.casefold() in veiled]
    assert samudra.pairs[0].handles[0].casefold() in veiled  # a candidate's own account is public
    assert "gas terus" in veiled
    lifted = Seen(scored_page(found, Basis("1", samudra), identities=True)).text.casefold()
    assert all(one.casefold() in lifted for one in PERSONAL)


@pytest.mark.parametrize("kind", ["csv", "xlsx", "parquet", "jsonl"])
def test_every_row_is_counted_once_in_every_format(tmp_path: Path, kind: str) -> None:
    labels = ["dukung"] * 4 + ["tolak"] * 3 + ["ragu"] * 2 + ["netral"] * 5
    path = write(tmp_path / f"h.{kind}", [row(n, label) for n, label in enumerate(labels)])
    found = read_overview(path)
    assert found.rows == 14
    assert dict(found.labels) == {"dukung": 4, "tolak": 3, "ragu": 2, "netral": 5}
    assert found.need_look == len(found.flagged) == 9
    for groups in (found.pairs, found.agencies, found.platforms, found.days):
        assert groups is not None
        assert sum(groups.values()) == 14
    text = Seen(scored_page(found, Basis("1"))).text
    for n, name in ((14, "unggahan dinilai"), (4, "dukung"), (3, "tolak"), (2, "ragu"), (5, "netral")):
        assert f"{n}{name}" in text


@given(st.lists(st.sampled_from(DECIDED), min_size=1, max_size=30), st.integers(0, 12))
def test_the_list_holds_the_most_needed_rows_in_order(
    tmp_path_factory: pytest.TempPathFactory, labels: list[str], top: int
) -> None:
    path = write(tmp_path_factory.mktemp("r") / "h.csv", [row(n, label) for n, label in enumerate(labels)])
    found = read_overview(path, top=top)
    everything = read_overview(path, top=100)
    assert found.flagged == everything.flagged[:top]
    assert [f.label in ("dukung", "tolak") for f in everything.flagged] == sorted(
        (f.label in ("dukung", "tolak") for f in everything.flagged), reverse=True
    )
    assert len(everything.flagged) == sum(label != "netral" for label in labels)


def test_excel_csv_with_decimal_commas_is_read(tmp_path: Path) -> None:
    path = tmp_path / "h.csv"
    with open_writer(path, HEADER, excel=True) as writer:
        cells: list[str | float] = list(row(1))
        cells[8:11] = [0.9, 0.06, 0.04]
        cells[11] = "@siapa +1.2; gas terus -0.4"
        writer.write_rows([cells])
        writer.commit()
    found = read_overview(path)
    assert found.flagged[0].scores == (0.9, 0.06, 0.04)
    assert '<mark class="con">gas terus</mark>' in scored_page(found, Basis("1"))


def test_evidence_and_counter_evidence_are_marked_apart(tmp_path: Path) -> None:
    page = scored_page(read_overview(write(tmp_path / "h.csv", [row(1)])), Basis("1"))
    assert '<mark class="pro">gas terus</mark>' in page
    assert '<mark class="con">nomor</mark>' in page
    assert "gas terus +1,2" in page


def test_rejected_rows_are_listed_with_line_and_reason(tmp_path: Path) -> None:
    path = write(tmp_path / "h.csv", [row(1)])
    reasons = [["44", "teks kosong", "x"], ["51", "3 sel, padahal kepala tabel 5", "y"]]
    write(tmp_path / "h.csv.rejected.csv", reasons, ("baris", "alasan", "isi"))
    page = scored_page(read_overview(path), Basis("1"))
    assert "<td>44</td><td>teks kosong</td>" in page
    assert "<td>51</td><td>3 sel, padahal kepala tabel 5</td>" in page
    assert WORDS["id"]["rejects_none"] not in page


def test_rows_spoiled_after_scoring_are_told_not_counted(tmp_path: Path) -> None:
    spoiled = [row(1), row(2, skor_dukung="banyak"), row(3, label="dukung")]
    spoiled[2][HEADER.index("label")] = "setuju"
    found = read_overview(write(tmp_path / "h.csv", spoiled))
    assert (found.rows, found.unreadable) == (1, 2)
    assert "2 baris berkas hasil ini" in scored_page(found, Basis("1"))


@pytest.mark.parametrize("language", ["id", "en"])
def test_the_page_says_how_many_are_wrong_and_that_people_decide(tmp_path: Path, language: str) -> None:
    path = write(tmp_path / "h.csv", [row(n) for n in range(10)])
    promise = Promise(0.05, 0.01, "table", 0, shipped_table().tested(0.05))
    basis = Basis("1", model={}, promise=promise, prevalence=0.02, max_fpr=0.05)
    assert language in ("id", "en")
    page = scored_page(read_overview(path), basis, language=language)  # type: ignore[arg-type]
    assert page.count(WORDS[language]["indication"].split(".")[0]) == 2  # type: ignore[index]
    told = {"id": ("Dari 100 yang ditandai dukung", "di antaranya keliru", "2 %", "bukan 98 %", "ditepati di"),
            "en": ("Of 100 flagged dukung", "of them are wrong", "2 %", "not 98 %", "kept in")}[language]  # fmt: skip
    assert all(one in page for one in told)
    assert f'<html lang="{language}">' in page


def test_no_share_of_support_is_guessed_from_flags_and_the_page_says_on_what_its_figures_rest(tmp_path: Path) -> None:
    rows = [row(n, "dukung" if n < 73 else "ragu") for n in range(233)]  # plain authors: all support was flagged
    found, tested = read_overview(write(tmp_path / "h.csv", rows)), shipped_table().tested(0.01)
    for basis, told in (("table", "pemilihan sungguhan lain"), ("none", "model semula"), ("own", "model semula")):
        page = scored_page(found, Basis("1", model={}, promise=Promise(0.01, 0.01, basis, 30, tested)))
        (least,) = re.findall(r"Sedikitnya kira-kira (\d+)\s%\sunggahan yang menyebut paslon", page)
        assert 10 <= int(least) <= 31  # 73 of 233 were flagged, and all that can be known is that most are right
        assert told in page and "Unggahan di sini dapat berbeda" in page
        assert page.index("Dari 100 yang ditandai dukung") < page.index("Sedikitnya kira-kira")


def test_both_languages_say_the_same_things() -> None:
    holes = {lang: {k: set(re.findall(r"\{\w*\}", v)) for k, v in words.items()} for lang, words in WORDS.items()}
    assert holes["id"] == holes["en"]
    assert len(holes["id"]) > 50


def test_without_a_model_no_error_rate_is_invented(tmp_path: Path) -> None:
    page = scored_page(read_overview(write(tmp_path / "h.csv", [row(1)])), Basis("1"))
    assert "kira-kira" not in page
    assert WORDS["id"]["no_model"].split(".")[0] in page


def test_an_unscored_file_is_refused(tmp_path: Path) -> None:
    path = write(tmp_path / "p.csv", [["1", "halo"]], ("id", "teks"))
    with pytest.raises(InputError, match="not scored yet"):
        read_overview(path)


def test_the_command_writes_a_page_and_refuses_a_strange_roster(tmp_path: Path) -> None:
    path = write(tmp_path / "h.csv", [row(1), row(2, "netral")])
    out = tmp_path / "laporan.html"
    assert run("report", path, "-o", out, "--roster", "kota-samudra-2024").code == 0
    page = out.read_text("utf-8")
    assert "1. Arman-Lestari" in page
    assert "Pemilihan Wali Kota Samudra 2024" in page
    refused = run("report", path, "-o", tmp_path / "b.html", "--roster", "pilpres-fiksi")
    assert refused.code == 3
    assert not (tmp_path / "b.html").exists()
    assert "Arman-Lestari" in refused.err


@given(st.dates(date(1999, 1, 1), date(2035, 12, 31)))
def test_a_day_is_read_in_every_spelling(day: date) -> None:
    months = ["Januari", "Februari", "Maret", "April", "Mei", "Juni", "Juli", "Agustus", "September", "Oktober",
              "November", "Desember"]  # fmt: skip
    spellings = (
        day.isoformat(), f"{day:%Y/%m/%d} 23:59", f"{day:%d/%m/%Y 06:41}", f"{day.day}-{day.month}-{day.year}",
        f"{day.day} {months[day.month - 1]} {day.year}", f"{day:%d.%m.%Y}",
    )  # fmt: skip
    assert {read_day(one) for one in spellings} == {day}


def test_a_post_is_counted_on_its_day_in_the_zone_of_the_election(tmp_path: Path) -> None:
    times = ["2024-10-03T15:30:00Z", "03/10/2024 22.30 WIB", "1727969400", "2024-10-03 22:30"]
    path = write(tmp_path / "h.csv", [row(n, waktu=time) for n, time in enumerate(times)])
    for zone, days in (("Asia/Jakarta", {3: 4}), ("Asia/Makassar", {3: 4}), ("Asia/Jayapura", {4: 3, 3: 1})):
        found = read_overview(path, zone=zone)
        assert {day.day: number for (day, _), number in found.days.items()} == days


@given(st.lists(st.tuples(st.dates(date(1990, 1, 1), date(2060, 1, 1)), st.sampled_from(DECIDED)), min_size=1))
def test_no_dated_post_is_lost_from_the_drawing(posts: list[tuple[date, str]]) -> None:
    counts = {key: posts.count(key) for key in posts}
    drawn = over_time("t", counts)
    told = re.findall(r"<title>\d{4}-\d\d-\d\d: ([^<]+)</title>", drawn)
    assert sum(int(n) for one in told for n in re.findall(r"(\d+) \w", one)) == len(posts)
    assert step_for([day for day, _ in posts]) in ("day", "week", "month")


def test_the_masked_page_names_no_account_of_the_shipped_sample(tmp_path: Path) -> None:
    sample = Path(__file__).resolve().parents[1] / "data" / "samples" / "unggahan.csv"
    with sample.open(encoding="utf-8-sig", newline="") as file:
        posts = list(csv.DictReader(file))
    written = [p for p in posts if p["Isi Unggahan"].strip()]
    rows = [row(n, teks=p["Isi Unggahan"], akun=p["Nama Akun"]) for n, p in enumerate(written)]
    assert len(rows) > 50
    text = Seen(scored_page(read_overview(write(tmp_path / "h.csv", rows)), Basis("1"))).text
    assert not [p["Nama Akun"] for p in posts if len(p["Nama Akun"]) > 3 and p["Nama Akun"] in text]
