"""The draft of the impact assessment: the model's own figures, everything else open, nothing a file can smuggle in."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import numpy as np

from netral_nlp.cli.doctor import write_assessment
from netral_nlp.model.file import load_model, save_model
from netral_nlp.model.model import Model
from netral_nlp.model.promise import promise_of
from netral_nlp.report.impact import UNFILLED, impact_assessment


def written(share: float) -> str:
    return f"{100 * share:.1f} %".replace(".", ",")


def test_the_figures_are_the_models_own(model: Model, tmp_path: Path) -> None:
    save_model(model, tmp_path / "m.npz")
    write_assessment(tmp_path / "m.npz", tmp_path / "dpia.md")
    text = (tmp_path / "dpia.md").read_text(encoding="utf-8")
    facts = load_model(tmp_path / "m.npz").facts
    assert facts["file_sha256"] in text and facts["corpus_sha256"] in text
    assert f"{facts['posts']:,}".replace(",", ".") in text and "180 hari" in text
    assert model.held_out is not None
    answer = model.held_out.scores.argmax(axis=1)
    for true in range(3):
        shares = [float(np.mean(answer[model.held_out.labels == true] == given)) for given in range(3)]
        assert " | ".join(map(written, shares)) in text
    promise = promise_of(model, 0.05)
    accused, neutral = (sum(getattr(row, name) for row in promise.tested) for name in ("accused", "neutral"))
    told = f"{accused} dari {neutral} | {promise.kept} dari {len(promise.tested)} pemilihan"
    assert f"| `--max-fpr 0.05` | {told} |" in text


def test_every_heading_is_there_and_what_nobody_gave_is_open(model: Model) -> None:
    text = impact_assessment(model, "m.npz", retention_days=30)
    assert re.findall(r"^## (\d+)\.", text, re.MULTILINE) == [str(n) for n in range(1, 11)]
    assert text.count(UNFILLED) > 25 and "Pasal 34" in text and "30 hari" in text
    assert "$" not in text and "{" not in text
    for table in re.findall(r"(?:^\|.*\n)+", text, re.MULTILINE):
        assert len({line.count("|") for line in table.strip().splitlines()}) == 1


def test_a_model_without_test_results_says_so(model: Model) -> None:
    text = impact_assessment(replace(model, held_out=None), "m.npz", retention_days=30)
    assert "tidak menyimpan angka uji" in text


def test_a_name_cannot_break_the_page(model: Model) -> None:
    text = impact_assessment(model, "a|b`<script>\x1b[31m.npz", retention_days=30)
    assert "<script>" not in text and "\x1b" not in text and "`abscript[31m.npz`" in text
