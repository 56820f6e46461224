"""Laws of the dated tables: one answer a day, a source for every row, and a rule that changes on its day."""

from __future__ import annotations

import csv
import shutil
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from typer.testing import CliRunner

from netral_nlp.cli.running import build_app
from netral_nlp.errors import InputError
from netral_nlp.law.checking import faults_of
from netral_nlp.law.loading import load_rules, read_tables, shipped_folder
from netral_nlp.law.phases import PHASES
from netral_nlp.law.tables import CLASSES, LEVELS, SHEETS, SURENESSES, TAIL, UNVERIFIED
from strategies import many

RULES = load_rules()
DAY = timedelta(days=1)
days = st.dates(date(2014, 1, 1), date(2035, 12, 31))
acts = st.sampled_from(RULES.acts)
phases = st.sampled_from(PHASES)

# ------------------------------------------------------------------ the shipped tables


def test_the_shipped_tables_have_no_fault() -> None:
    assert faults_of(read_tables(shipped_folder())) == []


def test_every_row_has_a_source_and_says_how_sure_it_is() -> None:
    for rows in RULES.tables.values():
        assert rows
        for rule in rows:
            assert rule.source
            assert rule.sureness in SURENESSES


def test_what_nobody_could_verify_is_left_empty() -> None:
    for name, column in (("butir", "butir"), ("tingkat", "tingkat"), ("saluran", "langkah")):
        unverified = [rule for rule in RULES.tables[name] if rule.sureness == UNVERIFIED]
        assert unverified
        assert {rule[column] for rule in unverified} == {""}


@given(acts, phases, days)
def test_every_act_has_one_class_and_one_level_on_every_day_of_every_phase(act: str, phase: str, day: date) -> None:
    assert RULES.class_of(act, phase, day) in CLASSES
    level = RULES.level_of(act, phase, day)
    assert level is not None
    assert level["tingkat"] in ("", *LEVELS)


@given(st.sampled_from(sorted(set(SHEETS) - {"libur"})), days)
def test_a_rule_changes_on_its_day_and_no_earlier(table: str, day: date) -> None:
    """What holds tomorrow and not today begins tomorrow; what holds today and not tomorrow ends today."""
    today, tomorrow = set(RULES.all(table, day)), set(RULES.all(table, day + DAY))
    assert {rule.since for rule in tomorrow - today} <= {day + DAY}
    assert {rule.until for rule in today - tomorrow} <= {day}


@pytest.mark.parametrize(
    ("last", "before", "after", "said"),
    [
        (date(2021, 8, 30), "PP 53/2010", "PP 94/2021", lambda day: RULES.one("aturan_disiplin", day)["aturan"]),  # type: ignore[index]
        (date(2024, 8, 24), "KASN", "BKN", lambda day: RULES.one("pengawas", day)["pengawas"]),  # type: ignore[index]
        (date(2020, 9, 9), "kode etik", "disiplin", lambda day: RULES.class_of("SPANDUK", "kampanye", day)),
        (date(2020, 9, 9), "kode etik", "disiplin", lambda day: RULES.class_of("DEKAT_PARPOL", PHASES[0], day)),
        (date(2021, 8, 30), "sedang", "berat", lambda day: RULES.level_of("KTP", "kampanye", day)["tingkat"]),  # type: ignore[index]
        (date(2022, 9, 21), [], ["B1"], lambda day: [r["butir"] for r in RULES.items_of("SPANDUK", "kampanye", day)]),
    ],
    ids=["discipline", "supervisor", "class of a banner", "nearing a party", "level of KTP", "item of a banner"],
)  # fmt: skip
def test_a_known_change_falls_on_its_day(
    last: date, before: object, after: object, said: Callable[[date], object]
) -> None:
    assert [said(last - DAY), said(last)] == [before] * 2
    assert [said(last + DAY), said(last + 2 * DAY)] == [after] * 2


@given(acts)
def test_without_a_day_only_what_is_discipline_in_every_phase_has_a_class(act: str) -> None:
    always = {RULES.class_of(act, phase, date(2024, 10, 1)) for phase in PHASES} == {"disiplin"}
    assert RULES.class_of(act, "", None) == ("disiplin" if always else "")
    assert RULES.level_of(act, "", None) is None


@given(acts, phases, days)
def test_the_code_of_ethics_knows_no_level_of_the_decree(act: str, phase: str, day: date) -> None:
    level = RULES.level_of(act, phase, day)
    assert level is not None
    if RULES.class_of(act, phase, day) == "kode etik":
        assert level["tingkat"] == "" or "PP" in level.basis


def test_tables_that_were_loaded_twice_are_the_same() -> None:
    assert load_rules(shipped_folder()).digest == RULES.digest


# ------------------------------------------------------------------ tables of one's own


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return Path(shutil.copytree(shipped_folder(), tmp_path / "law"))


def rows_of(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def write(path: Path, rows: list[dict[str, str]], *, delimiter: str = ",") -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]), delimiter=delimiter)
        writer.writeheader()
        writer.writerows(rows)


@pytest.mark.parametrize("name", sorted(SHEETS))
def test_saving_from_a_spreadsheet_changes_nothing(folder: Path, name: str) -> None:
    """Semicolons, other line ends, no mark and days as 22/09/2022 say the same."""
    rows = rows_of(folder / f"{name}.csv")
    for row in rows:
        for column in TAIL[:2]:
            row[column] = "/".join(reversed(row[column].split("-")))
    write(folder / f"{name}.csv", rows, delimiter=";")
    assert load_rules(folder).digest == RULES.digest


@given(st.data())
@settings(max_examples=many(30), deadline=None)
def test_another_cell_is_another_digest(tmp_path_factory: pytest.TempPathFactory, data: st.DataObject) -> None:
    folder = tmp_path_factory.mktemp("law")
    shutil.copytree(shipped_folder(), folder, dirs_exist_ok=True)
    name = data.draw(st.sampled_from(sorted(set(SHEETS))))
    rows = rows_of(folder / f"{name}.csv")
    row = data.draw(st.sampled_from(rows))
    row["sumber"] += " x"
    write(folder / f"{name}.csv", rows)
    assert read_tables(folder).digest != RULES.digest


@pytest.mark.parametrize(
    ("table", "change", "says"),
    [
        ("jenis", {"sumber": ""}, "sumber is empty"),
        ("jenis", {"kepastian": "yakin"}, 'kepastian "yakin" is unknown'),
        ("jenis", {"perbuatan": "KIPAS"}, 'perbuatan "KIPAS" is unknown'),
        ("jenis", {"jenis": "pidana"}, 'jenis "pidana" is unknown'),
        ("butir", {"instrumen": "UU 99/2099"}, 'instrumen "UU 99/2099" is unknown'),
        ("tingkat", {"tingkat": "ringan"}, 'tingkat "ringan" is unknown'),
        ("tenggat", {"jumlah": "tujuh"}, 'jumlah "tujuh" is no whole number'),
        ("tenggat", {"jumlah": "999999999"}, 'jumlah "999999999" is no whole number up to 366'),
        ("jam_kerja", {"tutup": "sore"}, 'tutup "sore" is no hour'),
        ("tenggat", {"satuan": ""}, "satuan is empty"),
        ("pengawas", {"berlaku_sampai": "2024-08-20"}, "gap: nothing about all days from 2024-08-21 to 2024-08-24"),
        ("pengawas", {"berlaku_sampai": "2024-08-25"}, "overlap: from 2024-08-25 on, line 2 speaks"),
        ("pengawas", {"berlaku_sampai": ""}, "overlap"),
        ("pengawas", {"berlaku_dari": "2024-12-01"}, "ends (2024-08-24) before it begins (2024-12-01)"),
        ("aturan_disiplin", {"berlaku_dari": "2010-06-06"}, "gap: nothing about all days before 2010-06-06"),
        ("libur", {"berlaku_sampai": ""}, "a holiday begins and ends on its day"),
    ],
)
def test_a_fault_is_found_with_its_line(folder: Path, table: str, change: dict[str, str], says: str) -> None:
    rows = rows_of(folder / f"{table}.csv")
    rows[0].update(change)
    write(folder / f"{table}.csv", rows)
    found = [fault for fault in faults_of(read_tables(folder)) if says in fault.message]
    assert found
    assert {fault.file for fault in found} == {f"{table}.csv"}
    assert 2 in {fault.line for fault in found} | {fault.line - 1 for fault in found}
    with pytest.raises(InputError) as refused:
        load_rules(folder)
    assert says in str(refused.value)
    assert refused.value.line is not None


@pytest.mark.parametrize("table", ["jenis", "tingkat", "tenggat", "jam_kerja", "rezim", "formulir"])
def test_a_row_that_is_taken_out_leaves_a_gap_and_one_that_stands_twice_an_overlap(folder: Path, table: str) -> None:
    rows = rows_of(folder / f"{table}.csv")
    write(folder / f"{table}.csv", [*rows, rows[0]])
    assert any("overlap" in fault.message for fault in faults_of(read_tables(folder)))
    if table != "rezim":  # there the table itself lists the offices
        write(folder / f"{table}.csv", rows[1:])
        assert any("nothing" in f.message or "no row" in f.message for f in faults_of(read_tables(folder)))


def test_a_missing_table_or_column_or_a_date_that_is_none_is_named(folder: Path) -> None:
    rows = rows_of(folder / "jenis.csv")
    rows[3]["berlaku_dari"] = "kemarin"
    write(folder / "jenis.csv", rows)
    with pytest.raises(InputError, match=r'jenis\.csv:5: berlaku_dari is "kemarin"'):
        read_tables(folder)
    write(folder / "jenis.csv", [{k: v for k, v in row.items() if k != "sumber"} for row in rows])
    with pytest.raises(InputError, match=r"jenis\.csv has no column sumber"):
        read_tables(folder)
    (folder / "jenis.csv").unlink()
    with pytest.raises(InputError, match=r"jenis\.csv"):
        read_tables(folder)
    with pytest.raises(InputError, match="no folder"):
        load_rules(folder / "nowhere")


# ------------------------------------------------------------------ the commands


def run(*arguments: str) -> tuple[int, str]:
    done = CliRunner().invoke(build_app("law"), ["law", *arguments])
    if done.exception is not None and not isinstance(done.exception, SystemExit):
        raise done.exception
    return done.exit_code, done.stdout


def test_check_tells_faults_by_its_exit_code(folder: Path) -> None:
    assert run("check") == (0, run("check", str(shipped_folder()))[1])
    rows = rows_of(folder / "jenis.csv")
    rows[0]["sumber"] = ""
    write(folder / "jenis.csv", rows)
    code, said = run("check", str(folder))
    assert code == 5
    assert "jenis.csv:2: sumber is empty" in said


def test_show_prints_what_was_in_force_on_the_day_and_nothing_else() -> None:
    code, said = run("show", "--on", "2018-03-05", "--act", "ktp")
    assert code == 0
    assert "sedang" in said
    assert "PP 53/2010" in said
    assert "B11" not in said
    assert "SPANDUK" not in said
    assert "B11" in run("show", "--on", "5 Maret 2024", "--act", "KTP")[1]
