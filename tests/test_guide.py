"""The guide: whole, offline, with every chapter that people are sent to."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from netral_nlp.guide.book import CHAPTERS, chapter, guide_body, guide_page, picture_of, pictures
from netral_nlp.law.loading import load_rules
from netral_nlp.records import LABELS, UNSURE
from netral_nlp.review.answers import names_of
from pagelaws import flaws
from running import run


def test_the_guide_is_one_file_that_needs_no_network() -> None:
    page = guide_page()
    assert flaws(page) == []
    assert page == guide_page()
    assert page.count("data:image/webp;base64,") == page.count("<img ") > 0


def test_every_chapter_can_be_led_to_and_answers_its_question() -> None:
    body = guide_body(lambda name: f"static/{name}")
    assert re.findall(r'<section id="(\w+)">', body) == list(CHAPTERS)
    assert "Apa artinya ragu?" in body and "Mengapa 0,98 bukan 98 %?" in body
    assert {address.partition("/")[0] for address in re.findall(r'src="([^"]+)"', body)} == {"static"}


def test_every_picture_is_shown_small_and_described() -> None:
    body = guide_body(lambda name: name)
    assert sorted(re.findall(r'<img src="([^"]+)" alt="[^"]{20,}">', body)) == pictures()
    for name in pictures():
        assert picture_of(name)[8:12] == b"WEBP"
        assert len(picture_of(name)) < 80_000


@pytest.mark.parametrize("name", ["", "../text/mulai.md", "laporan.png", "book.py"])
def test_nothing_but_pictures_and_chapters_is_given_out(name: str) -> None:
    with pytest.raises(KeyError):
        picture_of(name)
    with pytest.raises(KeyError):
        chapter(name)


def test_the_guide_to_labels_speaks_of_every_label() -> None:
    text = chapter("pelabelan").body
    assert all(f"<code>{label}</code>" in text for label in LABELS)
    assert f"<code>{UNSURE}</code>" in chapter("ragu").body


def test_the_guide_names_every_act_and_exception_of_the_law_and_the_words_of_the_pages() -> None:
    rules, body = load_rules(), chapter("perbuatan").body
    for table in ("perbuatan", "pengecualian"):
        assert all(f"<td>{name}</td>\n<td>{code}</td>" in body for code, name in names_of(rules, table).items())
    whole = guide_body(lambda name: name)
    assert "batas keliru" not in whole.casefold() and "Batas salah tuduh" in whole and "{" not in whole


def test_the_command_writes_the_guide_and_spoils_no_other_file(tmp_path: Path) -> None:
    assert run("guide", "-o", tmp_path / "panduan.html").code == 0
    assert (tmp_path / "panduan.html").read_text(encoding="utf-8") == guide_page()
    assert run("guide", "-o", tmp_path / "panduan.txt").code == 3
