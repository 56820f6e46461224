"""Laws of the reviews file as evidence: no change is silent, and a stranger's file runs nothing."""

from __future__ import annotations

import contextlib
import os
import random
import shutil
import sqlite3
import stat
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from netral_nlp.errors import InputError
from netral_nlp.review.chain import digest_of, first_link, next_link
from netral_nlp.review.export import export
from netral_nlp.review.posts import Post
from netral_nlp.review.salvage import salvage
from netral_nlp.review.schema import CHAINED_COLUMNS, POST_COLUMNS
from netral_nlp.review.store import Store, open_reviews
from netral_nlp.tables import read_records
from reviewing import SHOWN, fill, old_file, post, said
from strategies import FULL
from tally import attempt


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """A reviews file that was closed well, as its bytes."""
    path = tmp_path_factory.mktemp("whole") / "r.sqlite"
    with Store(path) as store:
        fill(store)
    assert not path.with_name("r.sqlite-wal").exists()
    return path.read_bytes()


def test_no_flipped_bit_changes_a_decision_silently(whole: bytes, tmp_path: Path) -> None:
    chance, path, refused = random.Random(3), tmp_path / "f.sqlite", 0
    path.write_bytes(whole)
    before = said(path)
    places = chance.sample(range(8 * len(whole)), 600 if FULL else 40)
    for place in [*places, *chance.sample(range(8 * 100), 500 if FULL else 20)]:  # and in the file's header
        for old in tmp_path.glob("f.sqlite*"):
            old.unlink()
        damaged = bytearray(whole)
        damaged[place // 8] ^= 1 << place % 8
        path.write_bytes(damaged)
        with attempt("bits flipped in reviews files") as tally:
            try:
                assert said(path) == before, f"bit {place} changed the file silently"
            except InputError as error:
                assert "\n" not in str(error)
                tally.failed += 1
                refused += 1
    assert refused > 10


def test_the_chain_can_be_recomputed_from_the_published_formula(whole: bytes, tmp_path: Path) -> None:
    path = tmp_path / "r.sqlite"
    path.write_bytes(whole)
    with contextlib.closing(sqlite3.connect(path)) as db:
        posts = {row[0]: digest_of(row) for row in db.execute(f"SELECT {POST_COLUMNS} FROM posts")}
        link = first_link(db.execute("SELECT value FROM settings WHERE name = 'seed'").fetchone()[0])
        for *line, chain in db.execute(f"SELECT {CHAINED_COLUMNS}, chain FROM decisions ORDER BY number"):
            link = next_link(link, line, posts[line[3]])
            assert link == chain
    with open_reviews(path) as store:
        assert store.head == link
        export(store, tmp_path / "log.csv", "log")
        assert list(store.chain().values()) == [r["rantai"] for r in read_records(tmp_path / "log.csv")]


TRIGGERS = ("no_change", "no_loss", "no_other_post", "no_lost_post")
Change = Callable[[sqlite3.Connection], object]


def changed(whole: bytes, path: Path, change: Change) -> None:
    """The file after somebody has taken the triggers off, changed something and put them back."""
    path.write_bytes(whole)
    with contextlib.closing(sqlite3.connect(path, isolation_level=None)) as db:
        kept = [sql for (sql,) in db.execute("SELECT sql FROM sqlite_master WHERE type = 'trigger'")]
        for name in TRIGGERS:
            db.execute(f"DROP TRIGGER {name}")
        change(db)
        for sql in kept:
            db.execute(sql)


COLUMNS = {
    "decisions": {
        "at": "'2020-01-01'", "reviewer": "'Tono'", "decision": "'netral'", "pair": "'X'", "note": "'lain'",
        "route": "'impor'", "shown_label": "'tolak'", "shown_dukung": "0.75", "shown_evidence": "'x'", "model": "''",
        "file": "'x'", "blind": "0", "token": "'x'", "chain": "'x'",
    },
    "posts": {
        "line": "99", "id": "'x'", "election": "'x'", "pair": "'x'", "text": "'diganti'", "label": "'tolak'",
        "dukung": "0.9", "netral": "0.9", "tolak": "0.9", "evidence": "'x'", "platform": "'x'", "time": "'x'",
        "account": "'x'", "agency": "'x'",
    },
    "reached": {"key": "'x'", "chain": "'x'"},
    "settings": {"value": "'x'"},
}  # fmt: skip


@pytest.mark.parametrize(("table", "column"), [(table, column) for table, found in COLUMNS.items() for column in found])
def test_no_cell_can_be_changed_unseen(whole: bytes, tmp_path: Path, table: str, column: str) -> None:
    path = tmp_path / "r.sqlite"
    key = {"decisions": "number", "reached": "number", "posts": "key", "settings": "name"}[table]
    statement = f"UPDATE {table} SET {column} = {COLUMNS[table][column]} WHERE {key} = (SELECT min({key}) FROM {table})"
    changed(whole, path, lambda db: db.execute(statement))
    with pytest.raises(InputError, match=r"r\.sqlite cannot be used as a reviews file"):
        open_reviews(path)


@pytest.mark.parametrize(
    "statement",
    [
        "DELETE FROM decisions WHERE number = (SELECT max(number) FROM decisions)",
        "DELETE FROM decisions WHERE number = 1",
        "DELETE FROM posts WHERE key = (SELECT key FROM posts LIMIT 1)",
        "DELETE FROM settings",
        "INSERT INTO settings VALUES ('x', 'y')",
        "UPDATE decisions SET number = number + 1000",
        "INSERT INTO posts SELECT 'k', line, id, election, pair, text, label, 0.1, 0.1, 0.8, '', '', '', '', ''"
        " FROM posts LIMIT 1",
        "UPDATE posts SET dukung = 'abc'",
        "UPDATE posts SET text = x'00ff'",
        "UPDATE posts SET text = CAST(x'c328' AS TEXT)",
        "UPDATE decisions SET blind = 'ya'",
        "UPDATE decisions SET shown_dukung = 1e999",
        "DELETE FROM reached WHERE number = 2",
    ],
)
def test_no_line_can_be_added_taken_away_or_made_odd_unseen(whole: bytes, tmp_path: Path, statement: str) -> None:
    path = tmp_path / "r.sqlite"
    changed(whole, path, lambda db: db.execute(statement))
    with pytest.raises(InputError) as caught:
        open_reviews(path)
    assert "\n" not in str(caught.value)


def with_view(db: sqlite3.Connection) -> None:
    db.execute("ALTER TABLE decisions RENAME TO other")
    db.execute(
        "CREATE VIEW decisions AS WITH RECURSIVE c(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM c) SELECT n AS number, "
        "'a' AS at, 'r' AS reviewer, 'k' AS key, 'netral' AS decision, 'p' AS pair, '' AS note, 'urut' AS route, '' AS "
        "shown_label, 0.1 AS shown_dukung, 0.1 AS shown_netral, 0.1 AS shown_tolak, '' AS shown_evidence, '' AS model, "
        "'' AS file, 0 AS blind, NULL AS retracts, 't' AS token, '' AS chain FROM c"
    )


STRANGE: dict[str, Change] = {
    "a view more": lambda db: db.execute("CREATE VIEW v AS SELECT 1"),
    "a trigger more": lambda db: db.execute(
        "CREATE TRIGGER evil AFTER INSERT ON decisions BEGIN DELETE FROM leases; END"
    ),
    "an index more": lambda db: db.execute("CREATE INDEX i ON posts(line + 1)"),
    "a table more": lambda db: db.execute("CREATE TABLE t(a)"),
    "a column more": lambda db: db.execute("ALTER TABLE posts ADD COLUMN x TEXT"),
    "a column of another name": lambda db: db.execute("ALTER TABLE posts RENAME COLUMN text TO teks"),
    "a generated column": lambda db: db.execute("ALTER TABLE leases ADD COLUMN x AS (1)"),
    "statistics": lambda db: db.execute("ANALYZE"),
    "a newer format": lambda db: db.execute("PRAGMA user_version = 4"),
    "no format": lambda db: db.execute("PRAGMA user_version = 0"),
    "another program": lambda db: db.execute("PRAGMA application_id = 5"),
}


@pytest.mark.parametrize("strange", STRANGE)
def test_a_file_with_anything_else_in_it_is_refused_and_left_alone(whole: bytes, tmp_path: Path, strange: str) -> None:
    path = tmp_path / "r.sqlite"
    changed(whole, path, STRANGE[strange])
    before = path.read_bytes()
    with pytest.raises(InputError) as caught:
        open_reviews(path)
    assert "\n" not in str(caught.value)
    assert path.read_bytes() == before


def test_a_view_without_end_in_the_place_of_the_log_is_never_run(whole: bytes, tmp_path: Path) -> None:
    path = tmp_path / "r.sqlite"
    path.write_bytes(whole)
    with contextlib.closing(sqlite3.connect(path, isolation_level=None)) as db:
        for name in TRIGGERS:
            db.execute(f"DROP TRIGGER {name}")
        with_view(db)
    with pytest.raises(InputError):
        open_reviews(path)


def test_a_trigger_without_its_guard_is_refused(whole: bytes, tmp_path: Path) -> None:
    path = tmp_path / "r.sqlite"
    path.write_bytes(whole)
    with contextlib.closing(sqlite3.connect(path, isolation_level=None)) as db:
        db.execute("DROP TRIGGER no_change")
        db.execute("CREATE TRIGGER no_change BEFORE UPDATE ON decisions BEGIN SELECT 1; END")
    with pytest.raises(InputError, match="tables are not those"):
        open_reviews(path)


def test_odd_leases_are_forgotten_and_nothing_else(whole: bytes, tmp_path: Path) -> None:
    path = tmp_path / "r.sqlite"
    path.write_bytes(whole)
    before = said(path)
    with contextlib.closing(sqlite3.connect(path, isolation_level=None)) as db:
        db.execute("INSERT INTO leases VALUES ('a', 'h', 'abc'), (x'00', 'h', 1.0), ('c', x'00', 1.0)")
    assert said(path) == before
    with open_reviews(path) as store:
        assert store.lease("a", "Sari")


@pytest.mark.parametrize("cut", [0.5, 0.9, 100, 4096, "random", "zeros"])
def test_a_broken_file_is_one_sentence_and_stays(whole: bytes, tmp_path: Path, cut: float | str) -> None:
    path = tmp_path / "r.sqlite"
    if cut == "random":
        data = random.Random(1).randbytes(5_000)
    elif cut == "zeros":
        data = whole[:4096] + b"\0" * 20_000
    else:
        assert not isinstance(cut, str)
        data = whole[: int(cut if cut > 1 else cut * len(whole))]
    path.write_bytes(data)
    done = subprocess.run(
        [sys.executable, "-m", "netral_nlp", "review-export", str(path), "-o", str(tmp_path / "o.csv")],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 3
    assert len(done.stderr.strip().splitlines()) == 1 and "Traceback" not in done.stderr
    assert path.read_bytes() == data
    assert not (tmp_path / "o.csv").exists()


def test_an_older_file_is_copied_and_then_says_the_same(whole: bytes, tmp_path: Path) -> None:
    (tmp_path / "r.sqlite").write_bytes(whole)
    lines, posts, seed, *_ = said(tmp_path / "r.sqlite")
    path = tmp_path / "alt.sqlite"
    old_file(path, lines, posts, seed)
    with open_reviews(path) as store:
        copy = store.copy_of_old
        assert copy is not None and copy.name == "alt.format1.sqlite"
        assert (store.lines(), store.posts(), store.seed) == (lines, posts, seed)
        reached = store.reached()[0]
        store.record(post(1), "Sari", "tolak", shown=SHOWN)
    with contextlib.closing(sqlite3.connect(copy)) as db:
        assert db.execute("SELECT count(*) FROM decisions").fetchone()[0] == len(lines)
        assert [key for (key,) in db.execute("SELECT key FROM reached ORDER BY number")] == reached
        assert db.execute("PRAGMA user_version").fetchone()[0] == 1
    if os.name == "posix":
        assert stat.S_IMODE(copy.stat().st_mode) == 0o600
    with open_reviews(path) as store:  # and once is enough
        assert store.copy_of_old is None
        assert len(store.lines()) == len(lines) + 1


def test_a_copy_never_takes_the_place_of_another_file(whole: bytes, tmp_path: Path) -> None:
    (tmp_path / "r.sqlite").write_bytes(whole)
    lines, posts, seed, *_ = said(tmp_path / "r.sqlite")
    path = tmp_path / "alt.sqlite"
    old_file(path, lines, posts, seed)
    (tmp_path / "alt.format1.sqlite").symlink_to(tmp_path / "elsewhere")
    with open_reviews(path) as store:
        assert store.copy_of_old == tmp_path / "alt.format1-2.sqlite"
    assert not (tmp_path / "elsewhere").exists()


@pytest.mark.parametrize(
    "statement",
    ["UPDATE posts SET text = x'00'", "DELETE FROM posts", "CREATE VIEW v AS SELECT 1", "DELETE FROM settings"],
)
def test_an_older_file_that_is_not_whole_is_refused_as_it_is(whole: bytes, tmp_path: Path, statement: str) -> None:
    (tmp_path / "r.sqlite").write_bytes(whole)
    lines, posts, seed, *_ = said(tmp_path / "r.sqlite")
    path = tmp_path / "alt.sqlite"
    old_file(path, lines, posts, seed)
    with contextlib.closing(sqlite3.connect(path, isolation_level=None)) as db:
        db.execute(statement)
    before = path.read_bytes()
    with pytest.raises(InputError):
        open_reviews(path)
    assert path.read_bytes() == before


def test_a_decision_that_cannot_be_written_is_one_sentence_and_leaves_no_trace(tmp_path: Path) -> None:
    with Store(tmp_path / "r.sqlite") as store:
        fill(store, 5)
        before = store.lines(), store.head
        store._db.execute("PRAGMA max_page_count = 1")  # the disk is full
        huge = Post(**{**{f: getattr(post(90), f) for f in Post.__slots__}, "text": "x" * 200_000})
        with pytest.raises(InputError, match="cannot be written"):
            store.record(huge, "Sari", "dukung", shown=SHOWN)
        assert (store.lines(), store.head) == before
        store._db.execute("PRAGMA max_page_count = 1000000")
        store.record(huge, "Sari", "dukung", shown=SHOWN)
    with open_reviews(tmp_path / "r.sqlite") as store:
        assert len(store.lines()) == len(before[0]) + 1


fields = st.lists(
    st.text(max_size=6) | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.none(), max_size=5
)


@settings(suppress_health_check=[HealthCheck.too_slow])
@given(fields, fields)
def test_different_lines_have_different_digests(
    a: list[str | int | float | None], b: list[str | int | float | None]
) -> None:
    same = [(type(x), repr(x)) for x in a] == [(type(x), repr(x)) for x in b]
    assert (digest_of(a) == digest_of(b)) == same


def test_of_a_damaged_file_every_line_is_saved_and_the_changed_ones_are_marked(whole: bytes, tmp_path: Path) -> None:
    path = tmp_path / "r.sqlite"
    changed(whole, path, lambda db: db.execute("UPDATE decisions SET note = 'lain' WHERE number = 7"))
    with pytest.raises(InputError):
        open_reviews(path)
    before = path.read_bytes()
    saved = salvage(path, tmp_path / "log.csv")
    rows = read_records(tmp_path / "log.csv")
    assert saved.lines == len(rows) and saved.whole == len(rows) - 1
    assert [r["nomor"] for r in rows if r["utuh"] != "ya"] == ["7"]
    assert rows[6]["catatan"] == "lain" and rows[0]["teks"].startswith("unggahan")
    assert path.read_bytes() == before
    path.write_bytes(whole)
    done = salvage(path, tmp_path / "log.csv")
    assert done.whole == done.lines == len(rows)


def test_no_flipped_bit_is_vouched_for_when_a_file_is_saved(whole: bytes, tmp_path: Path) -> None:
    path, chance = tmp_path / "r.sqlite", random.Random(8)
    path.write_bytes(whole)
    salvage(path, tmp_path / "log.csv")
    right = {tuple(r.fields.values()) for r in read_records(tmp_path / "log.csv")}
    for place in chance.sample(range(8 * len(whole)), 600 if FULL else 40):
        damaged = bytearray(whole)
        damaged[place // 8] ^= 1 << place % 8
        path.write_bytes(damaged)
        with attempt("bits flipped in reviews files that are saved") as tally:
            try:
                saved = salvage(path, tmp_path / "log.csv")
            except InputError:
                tally.failed += 1
                continue
            if saved.lines:
                found = {tuple(r.fields.values()) for r in read_records(tmp_path / "log.csv") if r["utuh"] == "ya"}
                assert found <= right


def copies(whole: bytes, folder: Path) -> Iterator[Path]:
    for name in ("a", "b"):
        path = folder / f"{name}.sqlite"
        path.write_bytes(whole)
        yield path
        shutil.copy(path, folder / f"{name}.old")


def test_the_same_decisions_in_another_order_end_in_another_digest(whole: bytes, tmp_path: Path) -> None:
    heads = []
    for path, order in zip(copies(whole, tmp_path), ((1, 2), (2, 1)), strict=True):
        with open_reviews(path) as store:
            for n in order:
                store.record(post(n), "Sari", "dukung", shown=SHOWN, token=f"new-{n}", at="2024-10-01T00:00:00+00:00")
            heads.append(store.head)
    assert heads[0] != heads[1]
