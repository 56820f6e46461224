"""Laws of interrupted runs: a killed one leaves the old output whole, and continues to the very same bytes."""

from __future__ import annotations

import json
import os
import random
import signal
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from netral_nlp.errors import InputError, UsageError
from netral_nlp.model.file import load_model, save_model
from netral_nlp.model.model import Model
from netral_nlp.roster import Roster, load_roster
from netral_nlp.scoring import chunks, outputs
from netral_nlp.scoring.files import score_file
from netral_nlp.scoring.inputs import Columns
from netral_nlp.tables.together import Outputs
from running import write
from strategies import BLANKS, FRAGMENTS

ROOT = Path(__file__).resolve().parents[1]
SAMUDRA = ROOT / "data" / "rosters" / "kota-samudra-2024.toml"
KILLED = """
import os, signal, sys
from netral_nlp.scoring import chunks
from netral_nlp.scoring import files as batch, outputs
from netral_nlp.model.file import load_model
from netral_nlp.roster import load_roster

folder, roster, last, how = sys.argv[1:]
chunks.CHUNK, outputs.CHECKPOINT = 50, 100

def watch(rows, share):
    if rows >= int(last):
        os.kill(os.getpid(), getattr(signal, how))

batch.score_file(f"{folder}/posts.csv", f"{folder}/out.csv", load_model(f"{folder}/model.npz"), load_roster(roster),
                 max_fpr=0.1, resume=True, workers=1, watch=watch)
"""


class StopError(Exception):
    """The run is to end here."""


@pytest.fixture
def folder(tmp_path: Path, model: Model) -> Path:
    """A folder with 700 posts, some of which are rejected, and a model."""
    chance = random.Random(4)
    rows = []
    for number in range(700):
        parts = (chance.choice(FRAGMENTS) + chance.choice(BLANKS) for _ in range(chance.randint(1, 12)))
        rows.append([number, " " if number % 90 == 7 else "".join(parts).replace("\0", "")])
    write(tmp_path / "posts.csv", ["id", "teks"], rows)
    save_model(model, tmp_path / "model.npz")
    return tmp_path


@pytest.fixture
def run(folder: Path, model: Model, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Path]:
    """Scores the folder's posts; ``until`` stops the run after so many rows as a crash would."""
    monkeypatch.setattr(chunks, "CHUNK", 50)
    monkeypatch.setattr(outputs, "CHECKPOINT", 100)
    samudra = load_roster(SAMUDRA)

    def score(
        output: str = "out.csv",
        *,
        until: int | None = None,
        model: Model = model,
        roster: Roster = samudra,
        **options: object,
    ) -> Path:
        def stop(rows: int, share: float | None) -> None:
            if until is not None and rows >= until:
                raise StopError

        given: dict[str, Any] = {"max_fpr": 0.1, "watch": stop, **options}
        score_file(folder / "posts.csv", folder / output, model, roster, **given)
        return folder / output

    return score


def both(output: Path) -> tuple[bytes, bytes]:
    return output.read_bytes(), Path(f"{output}.rejected.csv").read_bytes()


def names(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir()} - {"posts.csv", "model.npz"}


@pytest.mark.parametrize("how", ["SIGKILL", "SIGINT"])
def test_a_killed_run_continues_to_the_same_bytes(how: str, folder: Path, run: Callable[..., Path]) -> None:
    wanted = both(run("whole.csv"))
    assert wanted[0].count(b"\n") > 600
    (folder / "out.csv").write_text("the old output")
    for last in ("250", "430"):  # killed twice
        command = [sys.executable, "-c", KILLED, str(folder), str(SAMUDRA), last, how]
        paths = {**os.environ, "PYTHONPATH": str(ROOT / "src")}
        done = subprocess.run(command, capture_output=True, env=paths, check=False)
        assert done.returncode in (-getattr(signal, how), 1), done.stderr
        assert (folder / "out.csv").read_text() == "the old output"
        assert json.loads((folder / "out.csv.resume.json").read_text())["rows"] == int(last) // 100 * 100
        (left,) = folder.glob(".out.csv.netral-*.run")
        with left.open("ab") as part:
            part.write(b"half a li")
    told: list[int] = []
    run(resume=True, model=load_model(folder / "model.npz"), watch=lambda rows, share: told.append(rows))
    assert told[0] == 450  # not from the beginning
    assert both(folder / "out.csv") == wanted
    assert names(folder) == {"out.csv", "out.csv.rejected.csv", "whole.csv", "whole.csv.rejected.csv"}


@pytest.mark.parametrize("output", ["out.csv", "out.tsv", "out.jsonl"])
@pytest.mark.parametrize("options", [{}, {"per_pair": True}, {"workers": 2}])
def test_a_stopped_run_counts_as_an_unbroken_one(
    output: str, options: dict[str, object], folder: Path, run: Callable[..., Path]
) -> None:
    if options.get("workers") and output != "out.csv":
        pytest.skip("one format is enough")
    wanted = both(run(f"whole{Path(output).suffix}", **options))
    with pytest.raises(StopError):
        run(output, until=320, **options)
    assert names(folder) >= {f"{output}.resume.json"}
    assert len(list(folder.glob(f".{output}.netral-*.run"))) == 1
    assert output not in names(folder)
    assert both(run(output, resume=True, **options)) == wanted


def test_the_summary_of_a_continued_run_is_that_of_the_whole(folder: Path, run: Callable[..., Path]) -> None:
    samudra = load_roster(SAMUDRA)
    whole = score_file(folder / "posts.csv", folder / "a.csv", load_model(folder / "model.npz"), samudra, max_fpr=0.1)

    def stop(rows: int, share: float | None) -> None:
        if rows > 400:
            raise StopError

    with pytest.raises(StopError):
        score_file(
            folder / "posts.csv", folder / "b.csv", load_model(folder / "model.npz"), samudra, max_fpr=0.1, watch=stop
        )
    rest = score_file(
        folder / "posts.csv", folder / "b.csv", load_model(folder / "model.npz"), samudra, max_fpr=0.1, resume=True
    )
    assert replace(rest, rejected_file="") == replace(whole, rejected_file="")
    assert rest.rows == rest.scored + rest.rejected == 700
    assert rest.rejected >= 7


def test_a_run_that_changed_is_not_continued(
    folder: Path, run: Callable[..., Path], model: Model, samudra: Roster
) -> None:
    with pytest.raises(StopError):
        run(until=320)
    other = replace(model, intercept=model.intercept + 0.5)
    with pytest.raises(InputError, match="the model changed"):
        run(resume=True, model=other)
    with pytest.raises(InputError, match="the roster changed"):
        run(resume=True, roster=replace(samudra, digest="another"))
    with pytest.raises(InputError, match="the options changed"):
        run(resume=True, columns=Columns(text="id"))
    posts = folder / "posts.csv"
    before = posts.read_text(encoding="utf-8")
    posts.write_text(before.replace("699,", "700,"), encoding="utf-8")
    with pytest.raises(InputError, match=r"the input changed; start again without --resume"):
        run(resume=True)
    posts.write_text(before, encoding="utf-8")
    (folder / "out.csv.resume.json").write_text('{"schema": 2}')
    with pytest.raises(InputError, match="is damaged"):
        run(resume=True)
    assert "out.csv" not in names(folder)
    assert run().read_bytes()  # without resume all is done anew
    assert names(folder) == {"out.csv", "out.csv.rejected.csv"}


def test_resume_without_an_earlier_run_begins_at_the_beginning(folder: Path, run: Callable[..., Path]) -> None:
    assert both(run("a.csv", resume=True)) == both(run("b.csv"))


def test_a_run_without_a_checkpoint_leaves_nothing(folder: Path, run: Callable[..., Path]) -> None:
    with pytest.raises(StopError):
        run(until=50)
    assert names(folder) == set()


@pytest.mark.parametrize("output", ["-", "out.xlsx", "out.parquet"])
def test_what_cannot_be_continued_says_so(output: str, folder: Path, model: Model, samudra: Roster) -> None:
    with pytest.raises(UsageError, match="--resume"):
        target = output if output == "-" else folder / output
        score_file(folder / "posts.csv", target, model, samudra, max_fpr=0.1, resume=True)


def test_two_runs_never_write_one_output(folder: Path, run: Callable[..., Path]) -> None:
    with Outputs(folder / "out.csv"), pytest.raises(InputError, match="Another process"):
        run()
