"""Laws of the command line: exit codes, one clear sentence for a mistake, data on one stream and talk on the other."""

from __future__ import annotations

import csv
import io
import json
import math
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from netral_nlp import api, making
from netral_nlp.cli.running import COMMANDS
from netral_nlp.errors import InputError
from netral_nlp.model.file import save_model
from netral_nlp.model.model import Model
from netral_nlp.resources import data_dir, shipped
from netral_nlp.roster.reading import read_roster
from running import Done, run, write

POSTS = "id,teks\n1,Gas Hasan nomor 2!\n2,hujan lagi\n3,Tolak Arman si pembohong\n"
SECRET = "rahasiasekali"


@pytest.fixture(scope="module")
def model_file(model: Model, tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = tmp_path_factory.mktemp("models") / "m.npz"
    save_model(model, file)
    return file


@pytest.fixture
def posts(tmp_path: Path) -> Path:
    file = tmp_path / "posts.csv"
    file.write_text(POSTS, encoding="utf-8")
    return file


def table(path: Path) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(path.read_text(encoding="utf-8"), newline="")))


def apart(*arguments: object, stdin: str | bytes = "", cwd: Path | None = None) -> Done:
    """The command in a process of its own."""
    given = stdin.encode() if isinstance(stdin, str) else stdin
    command = [sys.executable, "-m", "netral_nlp", *map(str, arguments)]
    done = subprocess.run(command, input=given, capture_output=True, check=False, cwd=cwd, timeout=120)
    return Done(done.returncode, done.stdout.decode(), done.stderr.decode())


ELECTION = ("-r", "kota-samudra-2024")


def test_a_scored_file_is_0_and_its_rows_are_there(posts: Path, model_file: Path, tmp_path: Path) -> None:
    out = tmp_path / "out.csv"
    done = apart("score", posts, *ELECTION, "-m", model_file, "-o", out, "--max-fpr", 0.1)
    assert (done.code, done.out) == (0, ""), done.err
    rows = table(out)
    assert [row["teks"] for row in rows] == ["Gas Hasan nomor 2!", "hujan lagi", "Tolak Arman si pembohong"]
    assert [row["paslon"] for row in rows] == ["Hasan-Wulan", "", "Arman-Lestari"]
    assert not Path(f"{out}.rejected.csv").exists()


def test_standard_input_and_output_are_a_dash(model_file: Path) -> None:
    done = apart("score", "-", *ELECTION, "-m", model_file, "-o", "-", "--max-fpr", 0.1, stdin=POSTS)
    assert done.code == 0, done.err
    rows = list(csv.DictReader(io.StringIO(done.out)))
    assert [row["id"] for row in rows] == ["1", "2", "3"]
    assert "3 rows" in done.err


def test_rejected_rows_are_5_and_kept_with_line_and_reason(model_file: Path, tmp_path: Path) -> None:
    file, out = tmp_path / "p.csv", tmp_path / "o.csv"
    file.write_text("id,teks\n1,Gas Hasan\n2,\n3,halo\n", encoding="utf-8")
    done = apart("score", file, *ELECTION, "-m", model_file, "-o", out, "--max-fpr", 0.1)
    assert done.code == 5, done.err
    assert len(table(out)) == 2
    rejected = table(Path(f"{out}.rejected.csv"))
    assert [row["baris"] for row in rejected] == ["3"]


def test_explain_reads_a_post_from_standard_input(model_file: Path) -> None:
    done = apart("explain", "-", *ELECTION, "-m", model_file, "--json", "--max-fpr", 0.1, stdin="Gas Hasan nomor 2!\n")
    assert done.code == 0, done.err
    document = json.loads(done.out)
    assert document["schema"] == 1
    assert [j["pair"] for j in document["judgements"]] == ["Hasan-Wulan"]


def test_the_explanation_sums_to_the_score(model_file: Path, model: Model) -> None:
    text = "Gas Hasan nomor 2, Arman gagal!"
    done = run("explain", text, *ELECTION, "-m", model_file, "--json", "--max-fpr", 0.1)
    document = json.loads(done.out)
    assert len(document["judgements"]) == 2
    for judged in document["judgements"]:
        total = dict(document["intercept"])
        for item in judged["evidence"]:
            assert text[item["start"] : item["end"]] == item["written"]
            total = {label: value + item[label] for label, value in total.items()}
        power = {label: math.exp(value) for label, value in total.items()}
        for label, score in judged["scores"].items():
            assert power[label] / sum(power.values()) == pytest.approx(score, abs=1e-9)


def test_explain_shows_a_person_the_words_and_their_sum(model_file: Path) -> None:
    done = run("explain", "Gas Hasan nomor 2!", *ELECTION, "-m", model_file, "--max-fpr", 0.1)
    assert done.code == 0
    assert "Hasan-Wulan: " in done.out
    assert "= sum" in done.out
    assert "start: any post" in done.out
    lines = [line.split() for line in done.out.splitlines() if line.startswith("  ")]
    values = [float(line[0]) for line in lines]
    assert sum(values[:-1]) == pytest.approx(values[-1], abs=0.01 * len(values))
    nobody = run("explain", "hujan", *ELECTION, "-m", model_file, "--max-fpr", 0.1)
    assert "Names no pair" in nobody.out
    toward = run("explain", "hujan", *ELECTION, "-m", model_file, "--max-fpr", 0.1, "--pair", "Bagas-Nadia")
    assert "Bagas-Nadia: " in toward.out


def test_a_corpus_becomes_a_model_and_a_pipeline(tmp_path: Path, small_corpus: object) -> None:
    rows = [(e.election, e.case.pair, e.label, e.case.text) for e in small_corpus.examples[::4]]  # type: ignore[attr-defined]
    file = write(tmp_path / "own.csv", ("election", "pair", "label", "text"), rows)
    out, pipeline = tmp_path / "new" / "m.npz", tmp_path / "new" / "p.joblib"
    done = apart("train", file, "--out", out, "--pipeline", pipeline, "--seed", 3)
    assert (done.code, done.out) == (0, ""), done.err
    assert out.is_file()
    assert pipeline.is_file()
    assert f"{len(rows):,} posts" in done.err


USAGE = {
    "no such command": ["scores"],
    "no such option": ["score", "p.csv", "--rooster", "x"],
    "no roster": ["score", "p.csv"],
    "no posts": ["score"],
    "a rate that is none": ["explain", "halo", *ELECTION, "--max-fpr", "2"],
    "a rate that is no number": ["explain", "halo", *ELECTION, "--max-fpr", "x"],
    "an unknown pair": ["explain", "halo", *ELECTION, "--pair", "Siapa"],
    "a seed that is no number": ["train", "--seed", "x"],
    "a seed below nothing": ["train", "--seed", "-1"],
}


@pytest.mark.parametrize("case", USAGE)
def test_a_wrong_call_is_2(case: str, model_file: Path) -> None:
    arguments = USAGE[case] + (["-m", str(model_file)] if USAGE[case][0] == "explain" else [])
    done = run(*arguments)
    assert done.code == 2, done.err
    assert done.out == ""
    assert "Traceback" not in done.err


BAD_FILES = {
    "missing": None,
    "empty": b"",
    "header only": b"id,teks\n",
    "no text column": b"id,angka\n1,2\n",
    "binary": bytes(range(256)) * 10,
    "unterminated": b'id,teks\n1,"Gas Hasan\n',
}


@pytest.mark.parametrize("case", BAD_FILES)
def test_a_bad_table_is_refused_without_a_traceback(case: str, model_file: Path, tmp_path: Path) -> None:
    file, out = tmp_path / "posts.csv", tmp_path / "out.csv"
    content = BAD_FILES[case]
    if content is not None:
        file.write_bytes(content)
    out.write_text("old", encoding="utf-8")
    done = run("score", file, *ELECTION, "-m", model_file, "-o", out, "--max-fpr", 0.1)
    assert done.code in ((3,) if case in ("missing", "empty", "no text column") else (0, 3, 5)), done.err
    assert "Traceback" not in done.err
    if done.code == 3:
        assert out.read_text(encoding="utf-8") == "old"


@pytest.mark.parametrize(
    "arguments",
    [
        ("explain", "halo", "-r", "none.toml"),
        ("explain", "halo", "-r", "pilkada-lain"),
        ("explain", "   ", *ELECTION),
        ("roster", "check", "none.toml"),
        ("corpus", "check", "none.csv"),
        ("train", "none.csv"),
        ("train", "--rosters", "none"),
        ("evaluate", "none.csv"),
    ],
    ids=" ".join,
)
def test_bad_input_is_3_in_plain_words(
    arguments: tuple[str, ...], tmp_path: Path, monkeypatch: pytest.MonkeyPatch,
    model_file: Path,
) -> None:  # fmt: skip
    monkeypatch.chdir(tmp_path)
    more = ("-m", model_file) if arguments[0] == "explain" else ()
    done = run(*arguments, *more)
    assert done.code == 3, done.err
    assert done.err.strip()
    assert "Traceback" not in done.err


@pytest.mark.parametrize(
    "content", [None, b"", b"PK\3\4damaged", b"\x80\x04."], ids=["missing", "empty", "zip", "pickle"]
)
@pytest.mark.parametrize("command", ["score", "explain", "evaluate"])
def test_a_bad_model_is_4(command: str, content: bytes | None, tmp_path: Path, posts: Path) -> None:
    bad = tmp_path / "bad.npz"
    if content is not None:
        bad.write_bytes(content)
    arguments = {
        "score": ["score", posts, *ELECTION],
        "explain": ["explain", "halo", *ELECTION],
        "evaluate": ["evaluate", data_dir() / "corpus"],
    }[command]
    done = run(*arguments, "-m", bad)
    assert done.code == 4, done.err
    assert done.out == ""
    assert "Traceback" not in done.err
    assert str(bad) in done.err


def test_an_interruption_is_130_and_leaves_nothing_half_written(model_file: Path, tmp_path: Path) -> None:
    out = tmp_path / "out.csv"
    out.write_text("old", encoding="utf-8")
    command = [sys.executable, "-m", "netral_nlp", "score", "-", *ELECTION, "-m", str(model_file), "-o", str(out)]
    with subprocess.Popen(
        [*command, "--max-fpr", "0.1"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as process:
        assert process.stdin is not None
        process.stdin.write(POSTS.encode() * 2_000)
        process.stdin.flush()  # more than the pipe holds: it is reading now, and waits for the rest
        process.send_signal(signal.SIGINT)
        _, err = process.communicate(timeout=60)
    assert process.returncode == 130, err.decode()
    assert "Traceback" not in err.decode()
    assert out.read_text(encoding="utf-8") == "old"
    assert [p.name for p in tmp_path.iterdir()] == ["out.csv"]


def test_no_post_is_ever_told_on_standard_error(model_file: Path, tmp_path: Path) -> None:
    file = tmp_path / "p.csv"
    file.write_text(f'id,teks\n1,Gas Hasan {SECRET}\n2,\n3,"{SECRET}",lebih\n4,{SECRET}\n', encoding="utf-8")
    done = run("score", file, *ELECTION, "-m", model_file, "-o", tmp_path / "o.csv", "--max-fpr", 0.1)
    assert done.code == 5
    assert SECRET not in done.err
    to_stdout = run("score", file, *ELECTION, "-m", model_file, "--max-fpr", 0.1)
    assert SECRET in to_stdout.out
    assert SECRET not in to_stdout.err
    bad = tmp_path / "corpus.csv"
    bad.write_text(f"election,pair,label,text\nkota-samudra-2024,Hasan-Wulan,suka,{SECRET}\n", encoding="utf-8")
    refused = run("train", bad)
    assert refused.code == 3
    assert SECRET not in refused.err


def test_help_and_version_are_0() -> None:
    helped = run("--help")
    assert helped.code == 0
    assert all(name in helped.out for name in COMMANDS)
    assert run("--version").out.startswith("netral-nlp ")


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_has_help(command: str) -> None:
    done = run(command, "--help")
    assert done.code == 0
    assert "Usage" in done.out


def test_a_shipped_path_works_anywhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert shipped("data/corpus").is_dir()
    assert read_roster("data/rosters/pilpres-fiksi.toml").election.id == "pilpres-fiksi"
    assert read_roster("pilpres-fiksi").election.id == "pilpres-fiksi"
    with pytest.raises(InputError, match="pilpres-fiksi"):
        read_roster("pilpres-lain")
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "corpus").mkdir()
    assert shipped("data/corpus") == Path("data/corpus")
    assert shipped("data/../secret") == Path("data/../secret")


def test_the_default_model_is_trained_once_and_kept(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, model: Model
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("netral_nlp.making.user_folder", lambda: tmp_path)
    asked: list[Path] = []

    def learn(out: Path, say: object) -> None:
        asked.append(out)
        save_model(model, out)

    monkeypatch.setattr(making, "train", learn)
    first = api.load_model()
    again = api.load_model()
    assert asked == [tmp_path / "netral.npz"]
    assert first.facts["file_sha256"] == again.facts["file_sha256"]
