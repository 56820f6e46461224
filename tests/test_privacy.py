"""Laws of what is kept about people: pseudonyms hide and can be lifted only with the key, purge takes ours alone."""

from __future__ import annotations

import csv
import json
import os
import re
import stat
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from netral_nlp.desk.case import Case
from netral_nlp.errors import InputError, NetralError, UsageError
from netral_nlp.pages.shell import Page, whole_page
from netral_nlp.privacy import RETENTION_DAYS
from netral_nlp.privacy.kinds import DOSSIER, KINDS, PAGES, kind_of
from netral_nlp.privacy.pseudonymised import pseudonymise_file
from netral_nlp.privacy.purge import DAY, delete, find_outputs, older_than
from netral_nlp.review.export import export
from netral_nlp.review.log import Shown
from netral_nlp.review.posts import Post
from netral_nlp.review.store import Store
from netral_nlp.roster import Roster
from netral_nlp.roster.pseudonyms import PERSON, Pseudonyms, pattern_of, read_key
from netral_nlp.tables import read_records
from strategies import noisy_posts

SECRET = b"k" * 32
accounts = st.sampled_from(["@budi_77", "@BUDI_77", "budi_77", "@sari.w", "Ｂudi_77", "@siti", "tono"])


@given(noisy_posts(), st.lists(accounts, max_size=4))
def test_no_handle_survives_and_nothing_else_changes(text: str, given_accounts: list[str]) -> None:
    names = Pseudonyms(SECRET)
    post = " ".join([text, *("@" + a.lstrip("@") for a in given_accounts)])
    hidden = names.text(post)
    assert names.text(hidden) == hidden  # what is a pseudonym stays one
    for made, identity in names.names.items():
        assert made in hidden or not made.startswith("akun")
        assert not re.search(rf"(?<![\w@])@?{re.escape(identity)}(?![\w.])", hidden) or identity.lstrip("@") in made
    assert Pseudonyms(SECRET).text(post) == hidden


@given(st.lists(st.text(st.characters(codec="utf-8"), min_size=1, max_size=12), max_size=20))
def test_the_same_person_has_one_pseudonym_and_two_persons_have_two(identities: list[str]) -> None:
    names = Pseudonyms(SECRET)
    made = {identity: names.of(identity, PERSON) for identity in identities}
    for identity, pseudonym in made.items():
        assert names.of(identity, PERSON) == pseudonym
        if pseudonym in names.names:
            assert identity.casefold() not in pseudonym or len(identity) < 3
    assert len({p for p in made.values() if p}) == len(names.names)


def test_without_the_key_the_pseudonyms_are_others(tmp_path: Path) -> None:
    one, other = Pseudonyms(), Pseudonyms()
    assert one.of("@budi_77") != other.of("@budi_77")
    one.save(tmp_path / "k.json")
    assert read_key(tmp_path / "k.json").of("Budi_77") == one.of("@budi_77")
    if os.name == "posix":
        assert stat.S_IMODE((tmp_path / "k.json").stat().st_mode) == 0o600


def test_candidates_own_accounts_stay(samudra: Roster) -> None:
    text = f"kata @siti ke {samudra.pairs[0].handles[0]}"
    hidden = Pseudonyms(SECRET).text(text, samudra)
    assert "@siti" not in hidden and hidden.endswith(samudra.pairs[0].handles[0])


@pytest.mark.parametrize(
    "content",
    ["", "[]", "{}", '{"schema": 2}', '{"schema": 1, "kind": "x", "secret": "", "names": {}}', "[" * 5_000]
    + [json.dumps({"schema": 1, "kind": "netral-nlp pseudonym key", "secret": s, "names": n})
       for s, n in (("zz", {}), ("00", {}), ("00" * 32, []), ("00" * 32, {"akun_x": 1}), (5, {}))],
)  # fmt: skip
def test_what_is_no_key_is_one_sentence(tmp_path: Path, content: str) -> None:
    (tmp_path / "k.json").write_text(content, encoding="utf-8")
    with pytest.raises(InputError, match="not a pseudonym key"):
        read_key(tmp_path / "k.json")
    with pytest.raises(InputError, match="cannot be read"):
        read_key(tmp_path / "none.json")


ROWS = (
    ["id", "nama", "akun", "isi", "tautan", "skor"],
    ["1790000000000000001", "Bambang Wiryo", "@bambang_w", "Kata bambang wiryo dan @siti: gas!", "https://x.test/siti",
     "0.5"],
    ["1790000000000000002", "Siti Aminah", "siti", "WA 081234567890 ya @Bambang_W", "", "0.25"],
    ["1790000000000000003", "", "", "biasa saja", "", ""],
)  # fmt: skip


@pytest.fixture
def table(tmp_path: Path) -> Path:
    path = tmp_path / "posts.csv"
    with path.open("w", newline="", encoding="utf-8") as handle:
        csv.writer(handle).writerows(ROWS)
    return path


@pytest.mark.parametrize("suffix", [".csv", ".xlsx", ".jsonl"])
def test_a_table_loses_the_persons_and_keeps_the_rest(table: Path, tmp_path: Path, suffix: str) -> None:
    (tmp_path / "apart").mkdir()
    key, out = tmp_path / "apart" / "k.json", tmp_path / f"o{suffix}"
    done = pseudonymise_file(table, out, key)
    assert (done.rows, done.rejected, done.identities) == (3, 0, 4)
    rows = read_records(out)
    assert [(r["id"], r["skor"]) for r in rows] == [(r[0], r[5]) for r in ROWS[1:]]
    assert rows[2]["isi"] == "biasa saja" and rows[2]["nama"] == rows[2]["akun"] == ""
    everything = " ".join(" ".join(r.fields.values()) for r in rows).casefold()
    for identity in ("bambang", "siti", "aminah", "wiryo", "081234567890", "x.test"):
        assert identity not in everything
    assert rows[0]["nama"] in rows[0]["isi"] and "@" + rows[1]["akun"] in rows[0]["isi"]
    assert "@" + rows[0]["akun"] in rows[1]["isi"]
    assert read_key(key).names[rows[0]["nama"]] == "Bambang Wiryo"
    again = tmp_path / f"again{suffix}"
    pseudonymise_file(table, again, key)
    assert [r.fields for r in read_records(again)] == [r.fields for r in rows]


def test_the_key_is_kept_apart(table: Path, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="apart"):
        pseudonymise_file(table, tmp_path / "o.csv", tmp_path / "k.json")
    assert {p.name for p in tmp_path.iterdir()} == {"posts.csv"}


def test_an_output_that_fails_loses_nobody(table: Path, tmp_path: Path) -> None:
    (tmp_path / "apart").mkdir()
    with pytest.raises(NetralError):
        pseudonymise_file(table, tmp_path / "none" / "o.csv", tmp_path / "apart" / "k.json")
    with pytest.raises(InputError, match="no column"):
        pseudonymise_file(table, tmp_path / "o.csv", tmp_path / "apart" / "k.json", names=["instansi"])


def test_the_command_tells_whom_a_pseudonym_stands_for(table: Path, tmp_path: Path) -> None:
    (tmp_path / "apart").mkdir()

    def run(*arguments: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-m", "netral_nlp", "pseudonyms", *arguments]
        return subprocess.run(command, capture_output=True, text=True, check=False, cwd=tmp_path)

    assert run("posts.csv", "-o", "o.csv", "--key", "apart/k.json").returncode == 0
    made = read_records(tmp_path / "o.csv")[0]["akun"]
    assert run("--reveal", f"@{made}", "--key", "apart/k.json").stdout == "@bambang_w\n"
    assert run("--reveal", "akun_unknown", "--key", "apart/k.json").returncode == 2
    assert run("posts.csv", "-o", "o.csv").returncode == 2


@pytest.mark.parametrize("names", [[], ["", " ", "a", "Edi", "1234567"]])
def test_syllables_and_numbers_are_no_names_to_look_for(names: list[str]) -> None:
    assert pattern_of(names) is None


def test_the_longest_name_is_found_first() -> None:
    found = pattern_of(["Siti Aminah", "Siti Aminah Putri"])
    assert found is not None
    assert found.findall("siti  aminah putri, Siti Aminah, Siti Aminahwati") == ["siti  aminah putri", "Siti Aminah"]


# Purge.

OLD = 400 * DAY


def fill(folder: Path) -> dict[Path, str]:
    """One output of every kind, and what it is."""
    scored = "id,teks,paslon,label,skor_dukung,skor_netral,skor_tolak,bukti\n1,a,A-B,netral,0.1,0.8,0.1,\n"
    (folder / "hasil.csv").write_text(scored, encoding="utf-8")
    (folder / "hasil.csv.rejected.csv").write_text("baris,alasan,isi\n2,kosong,\n", encoding="utf-8")
    with Store(folder / "r.sqlite") as store:
        one = Post("k", 2, "1", "e", "A-B", "teks", "netral", (0.1, 0.8, 0.1), "")
        store.record(one, "Sari", "netral", shown=Shown())
        export(store, folder / "label.csv", "labels")
        export(store, folder / "log.csv", "log")
        export(store, folder / "doccano.jsonl", "doccano")
    with Case(folder / "pilkada.perkara") as case:
        case.act("Sari", "dibuat", judul="Pilkada")
    (folder / "r.sqlite-wal").write_bytes(b"")
    page = '<!doctype html>\n<html lang="id"><head><meta charset="utf-8"><meta name="generator" content="netral-nlp">'
    (folder / "laporan.html").write_text(page, encoding="utf-8")
    for kind in PAGES:
        (folder / f"{kind}.html").write_text(whole_page(Page("t", "<h1>t</h1>", output=kind)), encoding="utf-8")
    (folder / ".hasil.csv.0123456789ab.part").write_text("id,", encoding="utf-8")
    (folder / ".hasil.csv.netral-0123456789ab.part").write_text("id,", encoding="utf-8")
    journal = {"schema": 1, "rows": 1, "sizes": [1, 1], "summary": {}, "input": {}, "facts": {}}
    (folder / "x.csv.resume.json").write_text(json.dumps(journal), encoding="utf-8")
    (folder / "x.csv.part").write_text("id", encoding="utf-8")
    Pseudonyms().save(folder / "kunci.json")
    return {
        folder / "hasil.csv": "scored posts", folder / "hasil.csv.rejected.csv": "rejected rows",
        folder / "pilkada.perkara": "case of a desk",
        folder / "r.sqlite": "reviews", folder / "label.csv": "labels of reviewers",
        folder / "doccano.jsonl": "labels of reviewers", folder / "log.csv": "log of reviews",
        folder / "laporan.html": "report", folder / ".hasil.csv.0123456789ab.part": "unfinished output",
        folder / ".hasil.csv.netral-0123456789ab.part": "unfinished output",
        folder / "x.csv.resume.json": "journal", folder / "kunci.json": "pseudonym key",
        **{folder / f"{kind}.html": kind for kind in PAGES},
    }  # fmt: skip


def strange(folder: Path) -> list[Path]:
    """Files that look a little like ours and are not."""
    contents = {
        "posts.csv": "id,teks,label\n1,a,netral\n", "other.rejected.csv": "a,b\n1,2\n", "notes.csv.part": "mine",
        "page.html": "<html><p>netral-nlp</p></html>", "x.json": '{"kind": "netral-nlp pseudonym"}', "empty.csv": "",
        "hasil.csv.bak": "id,teks,paslon,label,skor_dukung,skor_netral,skor_tolak,bukti\n", "y.resume.json": "{}",
        "skor.csv": "paslon,label,skor_dukung,skor_netral,bukti\n", ".x.part": "", "broken.xlsx": "PK\x03\x04",
        "r2.sqlite": "SQLite format 3", "berkas.json": '{"schema": 1}', "model.npz": "PK", "deep.json": "[" * 9_000,
        "orphan-wal": "", "k.json": '["netral-nlp pseudonym key"]', "a.csv": "\x00\x01" * 50,
    }  # fmt: skip
    for name, content in contents.items():
        (folder / name).write_text(content, encoding="utf-8")
    return [folder / name for name in contents]


def age(folder: Path) -> None:
    for path in folder.rglob("*"):
        if path.is_file() and not path.is_symlink():
            then = path.stat().st_mtime - OLD
            os.utime(path, (then, then))


def test_every_kind_of_output_is_found_and_nothing_else(tmp_path: Path) -> None:
    expected = fill(tmp_path)
    strange(tmp_path)
    assert {one.path: one.kind for one in find_outputs(tmp_path)} == expected
    assert set(expected.values()) == set(KINDS)


def test_only_what_is_old_is_deleted_and_all_that_belongs_to_it(tmp_path: Path) -> None:
    (tmp_path / "lama").mkdir()
    old, new = fill(tmp_path / "lama"), fill(tmp_path)
    kept = [*new, *strange(tmp_path), *strange(tmp_path / "lama")]
    age(tmp_path / "lama")
    found = older_than(list(find_outputs(tmp_path)), RETENTION_DAYS)
    assert {one.path for one in found} == set(old)
    assert [delete(one) for one in found] == [None] * len(old)
    assert not any(path.exists() for path in (*old, tmp_path / "lama/r.sqlite-wal", tmp_path / "lama/x.csv.part"))
    assert all(path.exists() for path in (*kept, tmp_path / "x.csv.part", tmp_path / "lama/notes.csv.part"))


def test_a_review_that_is_still_written_is_as_young_as_its_last_decision(tmp_path: Path) -> None:
    fill(tmp_path)
    age(tmp_path)
    (tmp_path / "r.sqlite-wal").write_bytes(b"")
    assert "reviews" not in {one.kind for one in older_than(list(find_outputs(tmp_path)), RETENTION_DAYS)}


@pytest.mark.skipif(sys.platform == "win32", reason="links need rights there")
def test_links_are_never_followed(tmp_path: Path) -> None:
    outside, inside = tmp_path / "outside", tmp_path / "inside"
    outside.mkdir()
    inside.mkdir()
    files = fill(outside)
    (inside / "folder").symlink_to(outside)
    (inside / "hasil.csv").symlink_to(outside / "hasil.csv")
    (inside / "r.sqlite-wal").symlink_to(outside / "hasil.csv")
    age(tmp_path)
    assert list(find_outputs(inside)) == []
    with pytest.raises(InputError, match="link"):
        list(find_outputs(inside / "folder"))
    assert all(path.exists() for path in files)


@pytest.mark.skipif(sys.platform == "win32", reason="links need rights there")
def test_what_changes_between_the_look_and_the_deletion_stays(tmp_path: Path) -> None:
    fill(tmp_path)
    age(tmp_path)
    found = {one.path.name: one for one in find_outputs(tmp_path)}
    treasure = tmp_path / "treasure"
    treasure.write_text("x", encoding="utf-8")
    (tmp_path / "hasil.csv").unlink()
    (tmp_path / "hasil.csv").symlink_to(treasure)
    (tmp_path / "laporan.html").write_text("mine now", encoding="utf-8")
    assert delete(found["hasil.csv"]) is not None and delete(found["laporan.html"]) is not None
    assert (tmp_path / "hasil.csv").is_symlink() and treasure.exists()
    assert (tmp_path / "laporan.html").read_text(encoding="utf-8") == "mine now"


@pytest.mark.parametrize("days", [-1.0, float("nan")])
def test_a_retention_time_is_a_number_of_days(days: float) -> None:
    with pytest.raises(UsageError):
        older_than([], days)


def test_the_command_only_lists_until_it_is_told_to_delete(tmp_path: Path) -> None:
    expected = fill(tmp_path)
    age(tmp_path)

    def run(*arguments: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-m", "netral_nlp", "purge", *arguments]
        return subprocess.run(command, capture_output=True, text=True, check=False)

    listed = run(str(tmp_path))
    assert listed.returncode == 0 and len(listed.stdout.splitlines()) == len(expected)
    assert all(path.exists() for path in expected)
    assert run(str(tmp_path), "--older-than", "1000").stdout == ""
    done = run(str(tmp_path), "--yes")
    assert done.returncode == 0 and "1 dossier of them" in done.stderr
    assert [kind for path, kind in expected.items() if path.exists()] == [DOSSIER]  # the law says how long
    assert run(str(tmp_path / "none")).returncode == 3


@given(
    st.binary(max_size=300), st.sampled_from([".csv", ".xlsx", ".parquet", ".jsonl", ".json", ".html", ".sqlite", ""])
)
def test_no_bytes_are_taken_for_ours_by_chance(
    tmp_path_factory: pytest.TempPathFactory, data: bytes, suffix: str
) -> None:
    path = tmp_path_factory.getbasetemp() / f"any{suffix}"
    path.write_bytes(data)
    assert kind_of(path) is None
