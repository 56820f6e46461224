"""Laws of reading rosters: what is valid comes back whole, what is not is named with its line."""

from __future__ import annotations

import json
import pickle
import re
import tomllib
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from netral_nlp.errors import InputError
from netral_nlp.roster import (
    KINDS,
    OFFICES,
    Dates,
    Election,
    Pair,
    Roster,
    load_roster,
    load_rosters,
    parse_roster,
)
from netral_nlp.roster.elections import EMPTY_BOX, ZONES, Place, digest_of
from netral_nlp.roster.positions import toml_lines
from strategies import many

HERE = Path(__file__).resolve().parent
SHIPPED = HERE.parent / "data" / "rosters"
CASES: dict[str, Any] = tomllib.loads((HERE / "data" / "roster_faults.toml").read_text(encoding="utf-8"))
LISTS = ("aliases", "hashtags", "handles", "slogans", "symbols", "hostile")


def written(case: dict[str, Any]) -> str:
    """The roster file of a case: the base with a replacement, or the whole text, below a line of comment."""
    text = str(case.get("text", CASES["base"]))
    if "text" not in case:
        new = case["new"].removesuffix("\n") if not case["old"].endswith("\n") else case["new"]
        assert case["old"] in text
        text = text.replace(case["old"], new) if case["old"] else text
    text = re.sub(r"<(.+?) x (\d+)>", lambda found: found[1] * int(found[2]), text)
    return f"# {case['name']}\n{text}" if text else text


# ------------------------------------------------------------------ strategies and a small writer

FRAGMENTS = [
    "Zubir",
    "Mas",
    "H.",
    "é",
    "Ñoña",
    "'",
    '"',
    "\\",
    "#",
    "=",
    "[",
    "]",
    "]]",
    "{",
    "}",
    ",",
    "☝️",
    "👨‍👩‍👧",
    "02",
    "@x",
]
texts = st.lists(st.sampled_from(FRAGMENTS), min_size=1, max_size=5).map(" ".join)
ids = st.from_regex(r"[A-Za-z0-9][A-Za-z0-9._-]{0,20}", fullmatch=True)
pair_ids = st.from_regex(r"[A-Za-z0-9Ññé][A-Za-z0-9 ._'/&()-]{0,10}[a-z]", fullmatch=True)
zones = st.sampled_from(ZONES)
days = st.dates(date(1990, 1, 1), date(2090, 1, 1))


@st.composite
def calendars(draw: st.DrawFn) -> Dates:
    first = draw(days)
    steps = draw(st.lists(st.integers(1, 90), min_size=5, max_size=5))
    designation, begin, end, quiet_begin, quiet_end, vote = (first + timedelta(days=sum(steps[:n])) for n in range(6))
    keep = draw(st.lists(st.booleans(), min_size=5, max_size=5))
    return Dates(
        designation if keep[0] else None,
        (begin, end) if keep[1] else None,
        (quiet_begin, quiet_end) if keep[2] else None,
        vote if keep[3] else None,
        designation if keep[4] else None,
    )


@st.composite
def rosters(draw: st.DrawFn) -> Roster:
    election = Election(draw(ids), draw(texts), draw(st.sampled_from(OFFICES)), draw(calendars()), draw(zones))
    names = draw(st.lists(pair_ids, min_size=1, max_size=4, unique_by=str.casefold))
    numbers = draw(st.lists(st.integers(1, 999), min_size=len(names), max_size=len(names), unique=True))
    pairs = tuple(
        Pair(
            id=name,
            number=draw(st.sampled_from([number, None])),
            candidate=draw(texts),
            running_mate=draw(st.just("") | texts),
            kind=draw(st.sampled_from(KINDS)),
            handles=tuple(f"@h{n}_{i}" for i in range(draw(st.integers(0, 2)))),
            **{key: tuple(draw(st.lists(texts, max_size=3))) for key in LISTS if key != "handles"},
        )
        for n, (name, number) in enumerate(zip(names, numbers, strict=True))
    )
    return Roster(election, pairs, "x.toml", digest_of(election, pairs))


def quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)


def as_toml(roster: Roster, *, inline: bool, comments: bool) -> str:
    """The roster as a file, in one of two layouts."""
    dates = roster.election.dates
    given = {
        "designation": dates.designation,
        "campaign": dates.campaign and "[{}, {}]".format(*dates.campaign),
        "quiet": dates.quiet and "[{}, {}]".format(*dates.quiet),
        "vote": dates.vote,
        "dct": dates.dct,
    }
    calendar = [f"{key} = {value}" for key, value in given.items() if value]
    rows = ["[election]"]
    rows += [f"{key} = {quoted(getattr(roster.election, key))}" for key in ("id", "name", "office", "zone")]
    rows += [f"dates = {{{', '.join(calendar)}}}"] if inline else ["[election.dates]", *calendar]
    for pair in roster.pairs:
        rows += ["[[pair]]"] + ["  # ] } ''' \" a comment that looks like TOML"] * comments
        rows += [f"{key} = {quoted(getattr(pair, key))}" for key in ("id", "candidate", "running_mate", "kind")]
        rows += [f"number = {pair.number}"] if pair.number is not None else []
        between = ", " if inline else ",  # [\n    "
        rows += [f"{key} = [{between.join(map(quoted, getattr(pair, key)))}]" for key in LISTS]
    return "\n".join(rows) + "\n"


@given(rosters(), st.booleans(), st.booleans(), st.sampled_from(["\n", "\r\n"]), st.sampled_from(["", "\ufeff"]))
@settings(max_examples=many(80), deadline=None)
def test_every_valid_roster_comes_back_whole(roster: Roster, inline: bool, comments: bool, end: str, mark: str) -> None:
    text = mark + as_toml(roster, inline=inline, comments=comments).replace("\n", end)
    read = parse_roster(text, "x.toml")
    assert read == roster
    assert read.digest == roster.digest
    assert read.ids == tuple(pair.id for pair in roster.pairs)
    assert all(read.pair(pair.id) == pair for pair in roster.pairs)


@given(rosters(), st.booleans())
@settings(max_examples=many(40), deadline=None)
def test_every_item_of_a_pair_stands_on_the_line_that_is_given(roster: Roster, inline: bool) -> None:
    text = as_toml(roster, inline=inline, comments=True)
    rows = text.split("\n")
    read = parse_roster(text)
    for n, pair in enumerate(read.pairs):
        assert rows[read.line("pair", n) - 1] == "[[pair]]"
        for key in LISTS:
            for i, item in enumerate(getattr(pair, key)):
                assert quoted(item) in rows[read.line("pair", n, key, i) - 1]


@given(rosters(), rosters())
@settings(max_examples=many(40), deadline=None)
def test_two_rosters_have_one_digest_only_if_they_say_the_same(one: Roster, other: Roster) -> None:
    assume(one != other)
    assert one.digest != other.digest


def test_a_roster_survives_pickling_and_can_be_a_dictionary_key() -> None:
    roster = parse_roster(CASES["base"])
    again = pickle.loads(pickle.dumps(roster))
    assert again == roster
    assert {roster: 1}[again] == 1
    assert again.line("pair", 0, "aliases", 1) == roster.line("pair", 0, "aliases", 1) > 1


# ------------------------------------------------------------------ lines of any TOML document

keys = st.sampled_from(["a", "b", "c-d", '"e.f"', '"g \\" h"', "'i'", '"\\u006a"'])


@st.composite
def documents(draw: st.DrawFn) -> str:
    """Valid TOML of all shapes, with a unique word in every value."""
    counter = iter(range(10_000))
    breaks = st.sampled_from(["", " ", "\n", "\n\n  ", "  # ' \" [ { ,\n"])

    def text() -> str:
        word = f"w{next(counter)}"
        shapes = (
            f'"{word}"',
            f"'{word}'",
            f'"{word} \\" # ]"',
            f"'{word} \"'",
            f'"""{word}""""',
            f'"""{word}\n"] \\""""',
            f"'''{word}\n''''",
        )
        return draw(st.sampled_from(shapes))

    def value(depth: int) -> str:
        shape = draw(st.sampled_from(["text", "text", "number", "date", "list", "table"] if depth < 3 else ["text"]))
        if shape == "list":
            items = [draw(breaks) + value(depth + 1) + draw(breaks) for _ in range(draw(st.integers(0, 3)))]
            comma = draw(st.sampled_from(["", ","])) if items else ""
            return f"[{','.join(items)}{comma}{draw(breaks)}]"
        if shape == "table":
            inner = draw(st.lists(keys, unique=True, max_size=3))
            return "{" + ", ".join(f"{key} = {value(depth + 1)}" for key in inner) + "}"
        return {"text": text(), "number": "-1_000.5e3", "date": "2024-11-27 10:00:00"}[shape]

    def block() -> Iterator[str]:
        for key in draw(st.lists(keys, unique=True, max_size=4)):
            dotted = draw(st.sampled_from(["", "", " . x", ".'y'. z"]))
            yield f"{key}{dotted} = {value(0)}" + draw(st.sampled_from(["", "  # ]]", "\t"]))

    rows = [*block()]
    for n in range(draw(st.integers(0, 4))):
        header = draw(st.sampled_from([f"[t{n}]", f"[ t{n} . 'u' ]", "[[many]]", '[[ many."inner" ]]', f"[many.t{n}]"]))
        rows += [header, *block()]
    return "\n".join(rows) + draw(st.sampled_from(["", "\n"]))


def places(value: Any, place: Place = ()) -> Iterator[tuple[Place, Any]]:
    """Every value of a document with its place."""
    if place:
        yield place, value
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, item in inner:
        yield from places(item, (*place, key))


@given(documents())
@settings(max_examples=many(200), deadline=None)
def test_every_value_of_a_toml_document_has_its_line(document: str) -> None:
    try:
        tables = tomllib.loads(document)
    except tomllib.TOMLDecodeError:
        assume(False)  # a table declared twice by chance
    lines, rows = toml_lines(document), document.split("\n")
    wanted = dict(places(tables))
    assert set(lines) == set(wanted)
    for place, value in wanted.items():
        word = re.match(r"w\d+", value) if isinstance(value, str) else None
        if word:
            near = rows[lines[place] - 1]
            assert re.search(rf"{word[0]}\b", near)


# ------------------------------------------------------------------ the table of faults


@pytest.mark.parametrize("case", CASES["fault"], ids=lambda case: case["name"])
def test_every_fault_is_refused_with_its_line(case: dict[str, Any]) -> None:
    with pytest.raises(InputError) as refusal:
        parse_roster(written(case), "rosters/x.toml")
    assert (refusal.value.path, refusal.value.line) == ("rosters/x.toml", case["line"])
    first = str(refusal.value).split("\n")[0]
    assert first.startswith(f"rosters/x.toml:{case['line']}: ")
    for part in case["says"]:
        assert part in str(refusal.value)


@pytest.mark.parametrize("case", CASES["fine"], ids=lambda case: case["name"])
def test_what_is_no_fault_is_accepted(case: dict[str, Any]) -> None:
    assert parse_roster(written(case)).pairs


def test_the_table_of_faults_is_not_empty() -> None:
    assert min(len(CASES["fault"]) - 60, len(CASES["fine"]) - 8) > 0


def test_all_problems_of_a_file_are_told_at_once_in_the_order_of_its_lines() -> None:
    text = CASES["base"].replace("number", "nomor").replace("mayor", "lurah").replace("= 2024-11-27", "= 5")
    with pytest.raises(InputError) as refusal:
        parse_roster(text, "x.toml")
    told = [int(row.split(":")[1]) for row in str(refusal.value).split("\n")]
    assert told == sorted(told)
    assert len(told) == 4
    assert refusal.value.line == told[0]


def test_hundreds_of_problems_are_cut_and_counted() -> None:
    text = CASES["base"].replace('["#TolakVredi"]', str(list(range(300))))
    with pytest.raises(InputError, match="and 250 more problems"):
        parse_roster(text)


@given(st.data())
@settings(max_examples=many(150), deadline=None)
def test_a_damaged_roster_is_read_or_refused_but_never_breaks(data: st.DataObject) -> None:
    text = CASES["base"]
    at = data.draw(st.integers(0, len(text)))
    to = data.draw(st.integers(at, min(len(text), at + 30)))
    noise = data.draw(
        st.lists(st.sampled_from([*FRAGMENTS, "\n", "'''", '"""', "\x00", "\r", "[[", "1", "true"]), max_size=3)
    )
    refusal: InputError | None = None
    try:
        parse_roster(text[:at] + "".join(noise) + text[to:], "x.toml")
    except InputError as error:
        refusal = error
    if refusal is not None:
        assert re.match(rf"x\.toml:{refusal.line}: .+", str(refusal))


# ------------------------------------------------------------------ files and folders


def test_a_file_that_is_not_utf8_is_refused_with_the_line_of_the_byte(tmp_path: Path) -> None:
    path = tmp_path / "latin.toml"
    path.write_bytes(CASES["base"].encode("utf-8").replace(b"Ollysa Kert", b"Ollys\xe1 Kert"))
    with pytest.raises(InputError, match=r"latin\.toml:27: the byte 0xE1 is not UTF-8; save") as refusal:
        load_roster(path)
    assert refusal.value.line == 27
    path.write_bytes(CASES["base"].encode("utf-16"))
    with pytest.raises(InputError, match="the file is UTF-16; save the file as UTF-8"):
        load_roster(path)


def test_a_byte_order_mark_changes_nothing(tmp_path: Path) -> None:
    path = tmp_path / "bom.toml"
    path.write_bytes(b"\xef\xbb\xbf" + CASES["base"].encode("utf-8").replace(b"\n", b"\r\n"))
    assert load_roster(str(path)) == parse_roster(CASES["base"])


def test_a_file_beyond_one_megabyte_is_refused_unread(tmp_path: Path) -> None:
    path = tmp_path / "large.toml"
    path.write_text(CASES["base"] + "# x\n" * 250_000, encoding="utf-8")
    with pytest.raises(InputError, match=r"large\.toml is larger than 1 MB"):
        load_roster(path)


def test_a_missing_file_and_a_folder_are_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"There is no roster .*none\.toml; check the path"):
        load_roster(tmp_path / "none.toml")
    with pytest.raises(InputError, match="is a folder"):
        load_roster(tmp_path)
    with pytest.raises(InputError, match="holds no roster"):
        load_rosters(tmp_path)


def test_two_rosters_of_one_election_are_refused_and_both_named(tmp_path: Path) -> None:
    for name in ("a.toml", "b.toml"):
        (tmp_path / name).write_text(CASES["base"], encoding="utf-8")
    with pytest.raises(InputError, match=r'b\.toml:2: the election "kota-contoh-2024" already has .*a\.toml'):
        load_rosters(tmp_path)
    assert list(load_rosters([tmp_path / "b.toml"])) == ["kota-contoh-2024"]


def test_the_problems_of_all_files_are_told_at_once(tmp_path: Path) -> None:
    (tmp_path / "a.toml").write_text(CASES["base"].replace("mayor", "lurah"), encoding="utf-8")
    (tmp_path / "b.toml").write_text("x = 1", encoding="utf-8")
    with pytest.raises(InputError) as refusal:
        load_rosters([tmp_path])
    assert "a.toml:4:" in str(refusal.value)
    assert "b.toml:1:" in str(refusal.value)


def test_all_shipped_rosters_load() -> None:
    rosters_by_id = load_rosters(SHIPPED)
    assert len(rosters_by_id) == 18
    for id, roster in rosters_by_id.items():
        assert Path(roster.path).stem == id == roster.election.id
        assert roster.election.dates.vote is not None
        assert len(roster.pairs) >= 2
    assert load_rosters(sorted(SHIPPED.glob("*.toml"))) == rosters_by_id


def test_an_unknown_pair_is_answered_with_the_nearest_one() -> None:
    with pytest.raises(InputError, match="did you mean: Vredi-Ollysa"):
        parse_roster(CASES["base"]).pair("Vredi-Olysa")


def test_an_empty_box_needs_no_name() -> None:
    text = CASES["base"].replace('candidate = "Vredi Tampubolonia"', f'kind = "{EMPTY_BOX}"')
    assert parse_roster(text).pairs[1].candidate == "Kolom Kosong"
