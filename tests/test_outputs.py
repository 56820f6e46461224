"""Laws of outputs: no input is lost to one, and several appear together whatever call fails or kills the writer."""

from __future__ import annotations

import os
import stat
import sys
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from conftest import sampled
from netral_nlp.cli.running import main
from netral_nlp.errors import InputError
from netral_nlp.model.model import Model
from netral_nlp.roster import Roster, load_roster
from netral_nlp.scoring import chunks as chunks_module
from netral_nlp.scoring import files as batch
from netral_nlp.scoring import outputs as outputs_module
from netral_nlp.scoring.chunks import Chunk
from netral_nlp.scoring.files import score_file
from netral_nlp.scoring.judging import Scores
from netral_nlp.scoring.outputs import rejected_of
from netral_nlp.scoring.scorer import added_columns
from netral_nlp.tables import open_writer, write_bytes_atomically
from netral_nlp.tables.atomic import RUN, own_path
from netral_nlp.tables.guard import DOCUMENT, MODEL, PAGE, TABLE, Beside, Output, check_outputs
from netral_nlp.tables.together import Outputs, complete, record_of, write_together

if sys.platform == "win32":
    pytest.skip("processes and permissions of Unix", allow_module_level=True)

import faults
from faults import BUG, DONE, KILLED, SENTENCE, in_child
from tally import attempt

ROSTER = Path(__file__).resolve().parents[1] / "data" / "rosters" / "kota-samudra-2024.toml"
MODEL_OF_NOTHING = cast(Model, SimpleNamespace(facts={"file_sha256": "0"}))
ROWS = 330


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Scoring without a model: what is written matters here, not what is thought."""
    width = len(added_columns(load_roster(ROSTER)))

    def score_all(order: object, chunks: Iterator[Chunk], content: object, workers: int) -> Iterator[object]:
        for chunk in chunks:
            count = len(chunk.rows)
            yield chunk, Scores(list(range(count)), ["netral"] * count, [("netral",) * width] * count)

    monkeypatch.setattr(batch, "score_all", score_all)
    monkeypatch.setattr(chunks_module, "CHUNK", 50)
    monkeypatch.setattr(outputs_module, "CHECKPOINT", 100)


def posts_in(folder: Path, *, faulty: bool = True) -> Path:
    path = folder / "posts.csv"
    texts = ["" if faulty and number % 40 == 3 else f"Pak Arman {number}" for number in range(ROWS)]
    path.write_text("id,isi\n" + "".join(f"{number},{text}\n" for number, text in enumerate(texts)))
    return path


def score(folder: Path, name: str, *, resume: bool = False, excel: bool = False) -> None:
    roster: Roster = load_roster(ROSTER)
    score_file(folder / "posts.csv", folder / name, MODEL_OF_NOTHING, roster, resume=resume, excel=excel)


def write_table(path: Path) -> None:
    with open_writer(path, ["id", "isi"]) as writer:
        writer.write_rows([[str(number), "x" * 50] for number in range(300)])
        writer.commit()


def content_of(path: Path) -> bytes:
    """The bytes; of a workbook, which holds the time, what is in it."""
    content = path.read_bytes()
    if path.suffix != ".xlsx" or not content.startswith(b"PK"):
        return content
    with zipfile.ZipFile(path) as packed:
        assert packed.testzip() is None
        parts = {part: packed.read(part) for part in packed.namelist() if part != "docProps/core.xml"}
    return repr(sorted(parts.items())).encode()


def snapshot(folder: Path) -> dict[str, bytes]:
    return {path.name: content_of(path) for path in sorted(folder.iterdir()) if path.name != "posts.csv"}


Writing = Callable[[Path], None]
WRITINGS: dict[str, Writing] = {
    "scored csv": lambda folder: score(folder, "out.csv"),
    "scored csv for Excel": lambda folder: score(folder, "out.csv", excel=True),
    "scored jsonl": lambda folder: score(folder, "out.jsonl"),
    "scored xlsx": lambda folder: score(folder, "out.xlsx"),
    "scored parquet": lambda folder: score(folder, "out.parquet"),
    "table csv": lambda folder: write_table(folder / "table.csv"),
    "table xlsx": lambda folder: write_table(folder / "table.xlsx"),
    "table parquet": lambda folder: write_table(folder / "table.parquet"),
    "page": lambda folder: write_bytes_atomically(folder / "page.html", b"<p>new" * 1000),
    "model with card": lambda folder: write_together({folder / "m.md": b"# new" * 999, folder / "m.npz": b"PK" * 9999}),
    "dossier": lambda folder: write_together({folder / name: name.encode() * 99 for name in ("a.json", "b.html", "c")}),
}
RESUMED = {"scored csv": "out.csv", "scored jsonl": "out.jsonl"}


class Bench:
    """One kind of writing: the files before and after it, and the folder in which it is tried again and again."""

    def __init__(self, kind: str, folder: Path, *, rejects_go: bool = False) -> None:
        self.kind, self.write, self.folder = kind, WRITINGS[kind], folder
        posts_in(folder, faulty=not rejects_go)
        self.write(folder)
        self.new = snapshot(folder)
        self.longest = max(path.stat().st_size for path in folder.iterdir() if path.name != "posts.csv")
        assert self.new and not any(name.startswith(".") for name in self.new)
        if rejects_go:
            posts_in(folder)
        self.old = {name: b"old " + name.encode() for name in self.new}
        if rejects_go:
            self.old[f"{next(iter(self.new))}.rejected.csv"] = b"baris,alasan,isi\n1,lama,\n"
            posts_in(folder, faulty=False)
        self.reset()

    def reset(self) -> None:
        for path in self.folder.iterdir():
            if path.name != "posts.csv":
                path.unlink()
        for name, content in self.old.items():
            (self.folder / name).write_bytes(content)

    def calls(self) -> int:
        outcome = in_child(lambda: self.write(self.folder), self.folder)
        assert outcome.how == DONE, outcome.said
        assert self.whole(), "an unbroken run"
        self.reset()
        return outcome.calls

    def whole(self) -> bool:
        return snapshot(self.folder) == self.new

    def check_after(self, outcome: faults.Outcome) -> None:
        """No file is half of anything, all are of one age or will be, and the next run makes everything whole."""
        assert outcome.how != BUG, outcome.said
        found = snapshot(self.folder)
        visible = {name: content for name, content in found.items() if name in self.old or name in self.new}
        ages = {"old" if self.old.get(name) == content else "new" for name, content in visible.items()}
        for name, content in visible.items():
            assert content in (self.old.get(name), self.new.get(name)), name
        missing = set(self.old) - set(visible)
        mixed = len(ages) > 1 or bool(missing - (set(self.old) - set(self.new)))
        recorded = any(name.endswith(".netral-commit") for name in found)
        assert recorded or not mixed, (outcome, sorted(found))
        if outcome.how == SENTENCE:
            assert "\n" not in outcome.said and outcome.said.endswith("."), outcome.said
            if not recorded:
                assert ages == {"old"} and not missing, sorted(found)
        if outcome.how == DONE:  # the fault was met where it does no harm
            assert ages <= {"new"}
        if self.kind in RESUMED:
            score(self.folder, RESUMED[self.kind], resume=True)
        else:
            self.write(self.folder)
        assert self.whole(), (outcome, sorted(snapshot(self.folder)))


@pytest.mark.parametrize("kind", WRITINGS)
@pytest.mark.parametrize("kill", [False, True], ids=["fails", "kills"])
def test_whatever_call_fails_or_kills_the_outputs_stay_together_and_the_next_run_mends_them(
    kind: str, kill: bool, tmp_path: Path
) -> None:
    bench = Bench(kind, tmp_path)
    for at in sampled(range(1, bench.calls() + 1), 6):
        bench.reset()
        with attempt(f"{'kills' if kill else 'failures'} at calls while writing: {kind}") as tally:
            outcome = in_child(lambda: bench.write(tmp_path), tmp_path, at=at, kill=kill)
            assert outcome.how == KILLED or not kill
            tally.failed += outcome.how in (KILLED, SENTENCE)
            bench.check_after(outcome)


@pytest.mark.parametrize("kill", [False, True], ids=["fails", "kills"])
def test_rejected_rows_of_an_earlier_run_go_with_the_commit_or_stay(kill: bool, tmp_path: Path) -> None:
    bench = Bench("scored csv", tmp_path, rejects_go=True)
    assert "out.csv.rejected.csv" in bench.old and "out.csv.rejected.csv" not in bench.new
    for at in sampled(range(1, bench.calls() + 1), 6):
        bench.reset()
        with attempt(f"{'kills' if kill else 'failures'} at calls while rejected rows go") as tally:
            outcome = in_child(lambda: bench.write(tmp_path), tmp_path, at=at, kill=kill)
            tally.failed += outcome.how in (KILLED, SENTENCE)
            bench.check_after(outcome)


@pytest.mark.parametrize("kind", WRITINGS)
def test_a_disk_that_is_full_is_one_sentence_and_changes_nothing(kind: str, tmp_path: Path) -> None:
    bench = Bench(kind, tmp_path)
    for largest in sampled(range(0, bench.longest, max(1, bench.longest // 60)), 3):
        bench.reset()
        with attempt("disks full while writing") as tally:
            outcome = in_child(lambda: bench.write(tmp_path), tmp_path, largest=largest)
            assert outcome.how == SENTENCE, outcome
            tally.failed += 1
            bench.check_after(outcome)


@pytest.mark.parametrize("kill", [False, True], ids=["fails", "kills"])
def test_completing_a_broken_commit_may_itself_be_broken(kill: bool, tmp_path: Path) -> None:
    bench = Bench("scored csv", tmp_path)
    broken = []
    for at in range(bench.calls(), 0, -1):  # the last calls are the commit
        bench.reset()
        in_child(lambda: bench.write(tmp_path), tmp_path, at=at, kill=True)
        if record_of(tmp_path / "out.csv").exists():
            broken.append(at)
        elif broken:
            break
    assert len(broken) >= 6
    for at in sampled(broken, 3):
        bench.reset()
        in_child(lambda: bench.write(tmp_path), tmp_path, at=at, kill=True)
        calls = 1
        while record_of(tmp_path / "out.csv").exists() and calls < 40:
            with attempt(f"{'kills' if kill else 'failures'} while a broken commit is completed") as tally:
                outcome = in_child(lambda: complete(tmp_path / "out.csv"), tmp_path, at=calls, kill=kill)
                assert outcome.how != BUG, outcome.said
                tally.failed += outcome.how in (KILLED, SENTENCE)
            calls += 1
        score(tmp_path, "out.csv", resume=True)
        assert bench.whole()


def test_a_lock_means_the_file_of_that_name(tmp_path: Path) -> None:
    """The race: B opens, A finishes and lets go, B gets a lock on a file that has no name any more."""
    opened = os.open
    late: list[Outputs] = []

    def finish_meanwhile(path: Any, *arguments: Any) -> int:
        file = opened(path, *arguments)
        if str(path).endswith("netral-lock") and not late:
            late.append(first)
            first.commit()
            first.discard()
            assert not Path(path).exists()
        return file

    first = Outputs(tmp_path / "out.csv")
    first.open(tmp_path / "out.csv").handle.write(b"first")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(os, "open", finish_meanwhile)
        second = Outputs(tmp_path / "out.csv")
    assert late and (tmp_path / "out.csv").read_bytes() == b"first"
    with pytest.raises(InputError, match="Another process"):
        Outputs(tmp_path / "out.csv")
    second.discard()
    assert snapshot(tmp_path) == {"out.csv": b"first"}


@settings(max_examples=60, deadline=None)
@given(
    name=st.sampled_from(
        ["out.csv", ".out.csv.netral-commit", ".out.csv.netral-lock", "out.csv.part", ".out.csv.part"]
    ),
    link=st.booleans(),
    content=st.sampled_from(
        [b"", b"notes", b'{"schema": 1, "steps": []}', b'{"schema": 1, "steps": [{"target": "../v"}]}']
    ),
)
def test_nothing_of_the_users_is_truncated_or_followed(
    tmp_path_factory: pytest.TempPathFactory, name: str, link: bool, content: bytes
) -> None:
    folder = tmp_path_factory.mktemp("users")
    posts_in(folder)
    victim = folder / "victim"
    victim.write_bytes(content)
    if link:
        (folder / name).symlink_to(victim)
    else:
        (folder / name).write_bytes(content)
    try:
        score(folder, "out.csv")
    except InputError as error:
        assert "remove it" in str(error)
    if name != "out.csv":
        assert victim.read_bytes() == content
        if (folder / name).exists() and not link:
            assert (folder / name).read_bytes() == content


def test_a_record_that_speaks_of_other_files_is_refused(tmp_path: Path) -> None:
    (tmp_path / "sub").mkdir()
    (tmp_path / "victim").write_text("victim")
    part = own_path(tmp_path / "out.csv", RUN)
    part.write_text("hostile")
    for target, old in (
        ("victim", ".out.csv.netral-0123456789ab.old"),
        ("../victim", "../.victim.netral-0123456789ab.x"),
    ):
        step = f'{{"target": "{target}", "part": "{part.name}", "old": "{old}", "gone": null}}'
        record_of(tmp_path / "out.csv").write_text(f'{{"schema": 1, "steps": [{step}]}}')
        with pytest.raises(InputError, match="not a record of ours"):
            complete(tmp_path / "out.csv")
    assert (tmp_path / "victim").read_text() == "victim"


@pytest.mark.parametrize("kind", WRITINGS)
def test_new_outputs_are_their_owners_alone_and_replaced_ones_keep_their_permissions(kind: str, tmp_path: Path) -> None:
    earlier = os.umask(0)
    try:
        posts_in(tmp_path)
        WRITINGS[kind](tmp_path)
        made = [path for path in tmp_path.iterdir() if path.name != "posts.csv"]
        assert {stat.S_IMODE(path.stat().st_mode) for path in made} == {0o600}
        for path in made:
            path.chmod(0o644)
        WRITINGS[kind](tmp_path)
        assert {stat.S_IMODE(path.stat().st_mode) for path in made} == {0o644}
    finally:
        os.umask(earlier)


def test_a_rejected_row_is_kept_whole(tmp_path: Path) -> None:
    long = "x" * 5000 + " END"
    (tmp_path / "posts.csv").write_text(f"id,isi,catatan\n1,Pak Arman,a\n2,,{long}\n3,a,b,{long}\n")
    score(tmp_path, "out.csv")
    assert rejected_of(tmp_path / "out.csv").read_text().count(long) == 2


def places(folder: Path) -> dict[str, Path]:
    """One file under several names."""
    real = folder / "posts.csv"
    real.write_text("isi\nPak Arman\n")
    (folder / "link.csv").symlink_to(real)
    (folder / "hard.csv").hardlink_to(real)
    (folder / "sub").mkdir()
    return {"itself": real, "link": folder / "link.csv", "hard link": folder / "hard.csv",
            "detour": folder / "sub" / ".." / "posts.csv"}  # fmt: skip


@pytest.mark.parametrize("one", ["itself", "link", "hard link", "detour"])
@pytest.mark.parametrize("other", ["itself", "link", "hard link", "detour"])
def test_no_output_goes_over_an_input_by_whatever_name(one: str, other: str, tmp_path: Path) -> None:
    known = places(tmp_path)
    with pytest.raises(InputError, match="is an input of this run"):
        check_outputs([Output(known[one], TABLE)], [None, "-", known[other]])
    with pytest.raises(InputError, match="is an input of this run"):
        check_outputs([Output(tmp_path / "new.csv", TABLE, (Beside(known[one], (b"isi",)),))], [known[other]])
    with pytest.raises(InputError, match="is an input of this run"):
        check_outputs([Output(known[one], TABLE)], [tmp_path])  # a folder of inputs
    with pytest.raises(InputError, match="twice"):
        check_outputs([Output(known[one], TABLE), Output(known[other], TABLE)], [])


def test_what_is_no_input_may_be_written(tmp_path: Path) -> None:
    known = places(tmp_path)
    outside = tmp_path / "sub"
    check_outputs([Output(known["itself"], TABLE), Output(outside / "x.json", DOCUMENT)], [outside, "-", None])
    check_outputs([Output("-", TABLE), Output(None, PAGE), Output("/dev/null", MODEL)], [known["itself"], "/dev/null"])
    check_outputs([Output(tmp_path / "figures.json", DOCUMENT)], [tmp_path])


def test_a_side_file_is_replaced_only_if_it_is_ours(tmp_path: Path) -> None:
    side = tmp_path / "out.csv.rejected.csv"
    output = Output(tmp_path / "out.csv", TABLE, (Beside(side, (b"baris,alasan,isi",)),))
    for content in (b"", b"baris,alasan,isi\n1,a,b\n"):
        side.write_bytes(content)
        check_outputs([output], [])
    side.write_bytes(b"my notes")
    with pytest.raises(InputError, match="no file of ours"):
        check_outputs([output], [])
    side.unlink()
    side.symlink_to(tmp_path / "elsewhere")
    check_outputs([output], [])  # a link to nothing: its place is free
    (tmp_path / "elsewhere").write_bytes(b"baris,alasan,isi\n")
    with pytest.raises(InputError, match="in the way"):
        check_outputs([output], [])


REFUSED = [
    ["score", "posts.csv", "-r", "kota-samudra-2024", "-m", "m.npz", "-o", "posts.csv"],
    ["score", "o.csv.rejected.csv", "-r", "kota-samudra-2024", "-m", "m.npz", "-o", "o.csv"],
    ["score", "posts.csv", "-r", "kota-samudra-2024", "-m", "m.npz", "-o", "m.npz"],
    ["score", "posts.csv", "-r", "r.toml", "-m", "m.npz", "-o", "r.toml"],
    ["score", "posts.csv", "-r", "kota-samudra-2024", "-m", "m.npz", "-o", "hard.csv"],
    *[["score", "posts.csv", "-r", "kota-samudra-2024", "-m", "m.npz", "-o", f"o{end}"] for end in
      (".xls", ".ods", ".pdf", ".xlsm", ".csv.gz", ".json", ".html", ".npz", ".docx")],
    ["train", "posts.csv", "-o", "posts.csv"],
    ["train", "posts.csv", "-o", "m.csv"],
    ["train", "posts.csv", "-o", "notes.npz"],
    ["train", "posts.csv", "-o", "new.npz", "--pipeline", "m.npz"],
    ["train", ".", "-o", "new.npz", "--pipeline", "posts.csv"],
    ["adapt", "posts.csv", "-r", "r.toml", "-m", "m.npz", "-o", "m.npz"],
    ["adapt", "posts.csv", "-r", "r.toml", "-m", "m.npz", "-o", "n.npz", "--json", "posts.csv"],
    ["calibrate", "--data", "posts.csv", "-m", "m.npz", "-o", "m.npz"],
    ["evaluate", "posts.csv", "-m", "m.npz", "--json", "posts.csv"],
    ["evaluate", "posts.csv", "-m", "m.npz", "--report", "posts.csv"],
    ["evaluate", "posts.csv", "-m", "m.npz", "--report", "page.html", "--json", "page.html"],
    ["audit", "posts.csv", "-m", "m.npz", "--report", "m.npz"],
    ["report", "posts.csv", "-o", "posts.csv"],
    ["report", "posts.csv", "-o", "page.pdf"],
    ["review-export", "rev.sqlite", "-o", "rev.sqlite"],
    ["review-export", "rev.sqlite", "-o", "rev.ods"],
    ["review", "posts.csv", "--reviews", "posts.csv", "--no-browser"],
    ["review-import", "labels.jsonl", "--reviews", "labels.jsonl"],
    ["corpus", "check", "posts.csv", "--json", "posts.csv"],
    ["dossier", "assess", "cases.json", "--json", "cases.json"],
]  # fmt: skip


@pytest.mark.parametrize("arguments", REFUSED, ids=" ".join)
def test_every_command_refuses_to_destroy_what_it_reads(
    arguments: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    for name in ("posts.csv", "o.csv.rejected.csv", "labels.jsonl", "cases.json", "notes.md", "rev.sqlite", "m.npz"):
        Path(name).write_text("isi\nPak Arman\n")
    Path("r.toml").write_bytes(ROSTER.read_bytes())
    Path("hard.csv").hardlink_to("posts.csv")
    before = snapshot(tmp_path)
    with pytest.raises(SystemExit) as ended:
        main(arguments)
    said = capsys.readouterr()
    assert ended.value.code == 3 and said.out == ""
    assert len(said.err.splitlines()) == 1 and ("Cannot write" in said.err or "no file of ours" in said.err), said.err
    assert snapshot(tmp_path) == before
