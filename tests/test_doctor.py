"""``netral doctor``: well is well, and what is ill is named."""

from __future__ import annotations

from pathlib import Path

import pytest

from netral_nlp.cli import doctor
from netral_nlp.model.file import save_model
from netral_nlp.model.model import Model
from running import run


def test_a_whole_installation_with_model_and_roster_is_well(tmp_path: Path, model: Model) -> None:
    save_model(model, tmp_path / "m.npz")
    done = run("doctor", "--model", str(tmp_path / "m.npz"), "--roster", "kota-samudra-2024", "--folder", str(tmp_path))
    assert done.code == 0, done.out
    assert done.out.endswith("All is well.\n")
    assert done.out.count("ok    ") == 9
    assert "kota-samudra-2024, 3 pairs" in done.out
    assert [p.name for p in tmp_path.iterdir()] == ["m.npz"]  # nothing is left behind


def test_a_damaged_model_and_a_missing_folder_are_both_named(tmp_path: Path) -> None:
    (tmp_path / "m.npz").write_bytes(b"PK not a model")
    done = run("doctor", "--model", str(tmp_path / "m.npz"), "--folder", str(tmp_path / "nowhere"))
    assert done.code == 4
    assert done.out.count("FAIL  ") == 2
    assert "2 problems found." in done.out


def test_a_roster_that_is_not_there_is_a_problem_of_input(tmp_path: Path) -> None:
    (tmp_path / "r.toml").write_text("[election]\n", "utf-8")
    done = run("doctor", "--roster", str(tmp_path / "r.toml"), "--folder", str(tmp_path))
    assert done.code in (3, 4)
    assert "FAIL  roster:" in done.out


def test_a_package_that_is_too_old_or_missing_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    have = {"netral-nlp": "1", "numpy": "2.3.9", "scipy": "1.16", "PySastrawi": "2.0"}

    def version(name: str) -> str:
        if name not in have:
            raise doctor.PackageNotFoundError
        return have[name]

    wanted = ["numpy>=2.4.5", "scipy>=1.15", "PySastrawi<2,>=1.2", "typer>=0.24", 'fastapi>=9; extra == "review"']
    monkeypatch.setattr(doctor, "version", version)
    monkeypatch.setattr(doctor, "requires", lambda name: wanted)
    with pytest.raises(doctor.InputError) as error:
        doctor.check_packages()
    for one in ("numpy 2.3.9 does not fit", "PySastrawi 2.0 does not fit", "typer is missing"):
        assert one in str(error.value)
    assert "scipy" not in str(error.value)
    assert "fastapi" not in str(error.value)
