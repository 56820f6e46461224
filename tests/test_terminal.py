"""What a stranger's file says never commands a terminal, and no JSON changes its meaning on the way to one."""

from __future__ import annotations

import json
import subprocess
import sys
import unicodedata
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from netral_nlp.cli.terminal import plain, say, tell
from netral_nlp.model.file import load_model, save_model
from netral_nlp.model.model import Model

EVIL = "\x1b[31m\x1b]0;judul\x07\x9b2J\r\x7f\u202emaju\u2066\u200f\u2028"
OBEYED = set(EVIL) - set("[31m]0;judul2Jmaju")
TEXT = st.text(st.characters() | st.sampled_from(sorted(OBEYED)), max_size=40)


@given(TEXT)
def test_nothing_that_a_terminal_obeys_is_left(text: str) -> None:
    shown = plain(text)
    assert not any(unicodedata.category(c) in ("Cc", "Cs", "Zl", "Zp") and c not in "\n\t" for c in shown)
    assert not any(
        unicodedata.bidirectional(c) in ("LRE", "RLE", "LRO", "RLO", "PDF", "LRI", "RLI", "FSI", "PDI") for c in shown
    )
    assert plain(shown) == shown
    shown.encode("utf-8")


@given(st.text(st.characters(categories=("L", "M", "N", "P", "S", "Zs")), max_size=40))
def test_what_can_be_read_stays_as_it_is(text: str) -> None:
    kept = text + "\n\tsatu \U0001f468\u200d\U0001f469\u200d\U0001f467 ☝️"
    assert plain(kept) == kept


@given(
    st.recursive(
        TEXT | st.integers() | st.none(), lambda x: st.lists(x, max_size=3) | st.dictionaries(TEXT, x, max_size=3)
    )
)
def test_json_means_the_same_afterwards(value: object) -> None:
    for indent in (None, 1):
        assert json.loads(plain(json.dumps(value, ensure_ascii=False, indent=indent))) == value


def test_both_ways_to_the_terminal_are_plain(capsys: pytest.CaptureFixture[str]) -> None:
    say(EVIL)
    tell(EVIL)
    for text in capsys.readouterr():
        assert not OBEYED & set(text)


def test_a_models_header_cannot_command_a_terminal(model: Model, tmp_path: Path) -> None:
    facts = {**model.facts, "elections": [EVIL], "versions": {EVIL: EVIL}, EVIL: EVIL}
    save_model(Model(**{**vars(model), "facts": facts}), tmp_path / "m.npz")
    assert load_model(tmp_path / "m.npz").facts["elections"] == [EVIL]
    (tmp_path / "p.csv").write_text(f"id,teks\n1,pilih Pak Arman {EVIL}\n", encoding="utf-8")
    roster = "kota-samudra-2024"
    for arguments in (
        ["doctor", "-m", "m.npz"],
        ["explain", f"pilih Pak Arman {EVIL}", "-r", roster, "-m", "m.npz"],
        ["explain", f"pilih Pak Arman {EVIL}", "-r", roster, "-m", "m.npz", "--json"],
        ["score", "p.csv", "-r", roster, "-m", "m.npz", "-o", "o.csv"],
        ["doctor", "-m", f"{EVIL}.npz"],
    ):
        done = subprocess.run(
            [sys.executable, "-m", "netral_nlp", *arguments], capture_output=True, check=False, cwd=tmp_path
        )
        assert done.returncode in (0, 3, 4, 5), done.stderr
        assert not OBEYED & set((done.stdout + done.stderr).decode("utf-8"))
