"""Laws of the shell that all pages stand in: readable colours, nothing from outside, text stays text, no post lost."""

from __future__ import annotations

import re
from datetime import date
from html import escape

import pytest
from hypothesis import given
from hypothesis import strategies as st

from netral_nlp.pages.amounts import counted, crossed, shares, stacked
from netral_nlp.pages.charts import SERIES, by_step, figure, over_time
from netral_nlp.pages.shell import ASSETS, Link, Page, asset, served_page, whole_page
from netral_nlp.pages.tables import html_table
from pagelaws import Outline, flaws

NASTY = st.lists(
    st.sampled_from(["<script>x</script>", '"', "'", "&lt;", "</title>", "</main>", "<img src=x onerror=y>", "-->",
                     "]]>", "javascript:alert(1)", "\u202e", "\n", "Pak Arman ✌️", "{", "}", "12"]),
    max_size=5,
).map(" ".join)  # fmt: skip
COUNTS = st.dictionaries(st.sampled_from(SERIES), st.integers(0, 5_000), max_size=4)


# ------------------------------------------------------------------ colours


def schemes() -> dict[str, dict[str, str]]:
    """The colours of each scheme by name; what a scheme leaves out it takes from the first."""
    style = asset("style.css")
    blocks = {
        "light": re.search(r":root\{(.*?)\}", style, re.DOTALL),
        "dark": re.search(r"prefers-color-scheme:dark\)\{:root\{(.*?)\}", style, re.DOTALL),
        "paper": re.search(r"@media print\{:root\{(.*?)\}", style, re.DOTALL),
    }
    found: dict[str, dict[str, str]] = {}
    for name, block in blocks.items():
        assert block is not None
        colours = dict(re.findall(r"--([\w-]+):(#[0-9a-f]{3,6})\b", block[1]))
        found[name] = found.get("light", {}) | colours
    return found


def light_of(colour: str) -> float:
    """Relative luminance (WCAG 2.2)."""
    digits = colour[1:] if len(colour) == 7 else "".join(c * 2 for c in colour[1:])
    parts = [int(digits[at : at + 2], 16) / 255 for at in (0, 2, 4)]
    r, g, b = (x / 12.92 if x <= 0.04045 else ((x + 0.055) / 1.055) ** 2.4 for x in parts)
    return 0.2126 * r + 0.7152 * g + 0.0722 * b


def contrast(one: str, other: str) -> float:
    """From 1 to 21 (WCAG 2.2).

    >>> round(contrast("#fff", "#000000"))
    21
    """
    a, b = sorted((light_of(one), light_of(other)), reverse=True)
    return (a + 0.05) / (b + 0.05)


TEXTS = ("ink", "muted", "accent", "warn", "alarm", "good", "dukung", "tolak", "ragu-ink", "jelas")
GROUNDS = ("paper", "card", "soft")
ON = (("accent-ink", "accent"), ("ink", "pro"), ("ink", "con"), ("muted", "pro"), ("muted", "con"),
      ("ink", "warn-soft"), ("ink", "alarm-soft"), ("ink", "good-soft"), ("alarm", "alarm-soft"),
      ("good", "good-soft"))  # fmt: skip


@pytest.mark.parametrize("scheme", ["light", "dark", "paper"])
def test_every_text_can_be_read_on_every_ground(scheme: str) -> None:
    colours = schemes()[scheme]
    pairs = [(text, ground) for text in TEXTS for ground in GROUNDS] + list(ON)
    assert {pair: round(contrast(colours[pair[0]], colours[pair[1]]), 2) for pair in pairs
            if contrast(colours[pair[0]], colours[pair[1]]) < 4.5} == {}  # fmt: skip


@pytest.mark.parametrize("scheme", ["light", "dark", "paper"])
def test_what_is_drawn_stands_out_from_its_card(scheme: str) -> None:
    colours = schemes()[scheme]
    assert {name: round(contrast(colours[name], colours["card"]), 2) for name in SERIES
            if contrast(colours[name], colours["card"]) < 3} == {}  # fmt: skip


def test_both_schemes_name_the_same_colours() -> None:
    style = asset("style.css")
    blocks = re.findall(r":root\{(.*?)\}", style, re.DOTALL)
    light, dark, paper = (set(re.findall(r"--([\w-]+):", block)) for block in blocks)
    assert light == dark == paper
    assert set(re.findall(r"var\(--([\w-]+)\)", style)) <= light


# ------------------------------------------------------------------ the shell


@given(NASTY, NASTY, NASTY, st.booleans())
def test_whatever_is_written_into_a_shell_is_text(title: str, name: str, address: str, served: bool) -> None:
    links = [Link(name, "#isi", True), Link(title, "#isi")]
    page = Page(title, f"<h1>{escape(title)}</h1>", "en", links, Link(name, ""), foot=address)
    made = served_page(page) if served else whole_page(page)
    assert flaws(made, served=served) == []
    tags = {tag for tag, _ in Outline(made).elements}
    assert tags <= {"html", "head", "meta", "title", "style", "link", "script", "body", "a", "header", "div", "span",
                    "nav", "ul", "li", "main", "h1", "footer", "p"}  # fmt: skip


@given(NASTY)
def test_an_address_of_the_navigation_never_ends_its_attribute(address: str) -> None:
    page = served_page(Page("t", "<h1>t</h1>", navigation=[Link("a", address)], brand=Link("b", address + "/")))
    found = [a["href"] for a in Outline(page).of("a")]
    assert found == ["#isi", address + "/", address]


def test_a_page_is_laid_out_for_telephones_and_the_way_to_its_content_comes_first() -> None:
    page = whole_page(Page("t", "<h1>t</h1>", navigation=[Link("Perkara", "#isi", True)]))
    seen = Outline(page)
    assert "width=device-width" in page
    assert seen.of("a")[0]["class"] == "skip"
    assert seen.of("main")[0]["id"] == "isi"
    assert [a.get("aria-current") for a in seen.of("a")] == [None, "page"]


def test_only_outputs_bear_the_mark_by_which_they_are_purged() -> None:
    marked = [whole_page(Page("t", "<h1>t</h1>", output=output)).encode()[:4096] for output in ("audit", "")]
    assert [b'content="netral-nlp audit"' in page for page in marked] == [True, False]


def test_only_the_shells_own_files_are_given_out() -> None:
    assert all(asset(name) for name in ASSETS)
    for name in ("shell.py", "../errors.py", "", "style.css/"):
        with pytest.raises(KeyError):
            asset(name)


def test_the_script_of_tables_writes_text_only() -> None:
    script = asset("tables.js")
    forbidden = r"innerHTML|outerHTML|insertAdjacent|document\.write|eval|Function\(|fetch|XMLHttp|\.style"
    assert not re.search(forbidden, script)
    assert "//" not in script  # an inlined page has no address, and a comment to the line's end would look like one


# ------------------------------------------------------------------ tables and drawings


@given(st.lists(st.tuples(NASTY, NASTY), max_size=4), NASTY)
def test_cells_of_a_table_are_text(rows: list[tuple[str, str]], name: str) -> None:
    seen = Outline(f"<h1>t</h1>{html_table(('', 'b'), rows, name=name, filters=name)}")
    assert {tag for tag, _ in seen.elements} <= {"h1", "div", "table", "thead", "tbody", "tr", "th", "td"}
    assert len(seen.of("td")) == 2 * len(rows) + 1
    assert seen.open == seen.misplaced == []


@given(st.dictionaries(st.text(alphabet="aé<&'\"✌ ", max_size=40), COUNTS, min_size=1, max_size=6), NASTY)
def test_drawings_of_groups_show_every_number_and_escape_names(groups: dict[str, dict[str, int]], title: str) -> None:
    sums = {name: sum(counts.values()) for name, counts in groups.items()}
    bars, columns = stacked(title, groups), counted(title, sums)
    for drawn in (bars, columns, shares(next(iter(groups.values())), title)):
        seen = Outline(drawn)
        assert seen.open == seen.misplaced == []
        assert {tag for tag, _ in seen.elements} <= {"svg", "title", "text", "rect", "g"}
        assert seen.of("svg")[0]["aria-label"] == title
    assert [int(n) for n in re.findall(r'y="\d+">(\d+)</text>', columns)] == list(sums.values())
    told = re.findall(r"<title>(?:[^<]*): ([^<]*)</title></?", bars)
    shown = [int(n) for one in told for n in re.findall(r"(\d+) (?:dukung|tolak|ragu|netral)", one)]
    assert sum(shown) == sum(sums.values())


@given(st.dictionaries(st.tuples(st.sampled_from(SERIES), st.sampled_from(SERIES)), st.integers(0, 999)))
def test_two_judges_crossed_are_all_there(counts: dict[tuple[str, str], int]) -> None:
    drawn = crossed("t", SERIES, counts, "Sari", "Budi")
    shown = [int(n) for n in re.findall(r'text-anchor="middle">(\d+)</text>', drawn)]
    assert sum(shown) == sum(counts.values()) and len(shown) == 16


def test_a_figure_tells_its_numbers_to_who_cannot_see_it() -> None:
    counts = {(date(2024, 10, 1), "dukung"): 3, (date(2024, 10, 3), "ragu"): 1}
    rows = [(day.isoformat(), *map(str, labels.values())) for day, labels in by_step(counts).items()]
    made = figure(over_time("Per hari", counts), "Per hari", dict(zip(SERIES, SERIES, strict=True)),
                  html_table(("hari", *SERIES), rows), "Angka")  # fmt: skip
    seen = Outline(made)
    assert seen.open == seen.misplaced == []
    assert re.findall(r"<tr><td>([^<]+)</td><td>(\d+)</td>", made) == [
        ("2024-10-01", "3"), ("2024-10-02", "0"), ("2024-10-03", "0"),
    ]  # fmt: skip
    assert len(seen.of("i")) == len(SERIES)
