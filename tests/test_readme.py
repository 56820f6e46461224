"""What the READMEs tell people to type: the same words in every shell, and commands and options that exist."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from netral_nlp.cli.running import COMMANDS, build_app
from shells import NotPlainError, cmd_words, powershell_words

ROOT = Path(__file__).resolve().parents[1]
READMES = ("README.md", "README.id.md")
FENCE = re.compile(r"^```([^\n]*)\n(.*?)^```", re.MULTILINE | re.DOTALL)


def lines_of(*kinds: str) -> list[str]:
    """The lines of all blocks of these kinds; the kind of a block that every shell understands is ``""``."""
    found = (block for name in READMES for block in FENCE.findall((ROOT / name).read_text(encoding="utf-8")))
    return [line for kind, text in found if kind in kinds for line in text.splitlines() if line.strip()]


def test_the_blocks_were_found() -> None:
    assert len(lines_of("")) >= 15
    assert len(lines_of("powershell")) >= 6 and len(lines_of("bat")) >= 1 and len(lines_of("sh")) >= 3
    kinds = {kind for name in READMES for kind, _ in FENCE.findall((ROOT / name).read_text(encoding="utf-8"))}
    assert kinds == {"", "sh", "powershell", "bat", "toml", "python"}


@pytest.mark.parametrize("line", lines_of(""))
def test_a_line_for_every_shell_means_the_same_in_each(line: str) -> None:
    assert shlex.split(line) == cmd_words(line) == powershell_words(line)


@pytest.mark.parametrize("line", lines_of("powershell", "bat"))
def test_a_line_for_windows_means_the_same_in_cmd_and_powershell(line: str) -> None:
    assert cmd_words(line) == powershell_words(line)
    assert "/" not in line and not line.startswith("source ")


def options_of(command: list[str]) -> set[str]:
    from typer.main import get_command

    found = get_command(build_app(command[0]))
    for name in command if command != ["dossier"] else ["dossier", "of"]:
        found = found.commands.get(name, found) if hasattr(found, "commands") else found
    known = {option for parameter in found.params for option in (*parameter.opts, *parameter.secondary_opts)}
    return known | {"--help"}


@pytest.mark.parametrize(
    "line", [line for line in lines_of("", "powershell") if "netral " in line and "pip" not in line]
)
def test_every_command_of_the_readmes_exists_with_its_options(line: str) -> None:
    words = cmd_words(line)
    assert re.fullmatch(r"(.*\\)?netral", words[0])
    assert words[1] in COMMANDS
    group = words[1] in ("roster", "corpus", "law") or words[1:3] == ["dossier", "assess"]
    given = {word for word in words if re.match(r"--?[a-z]", word)}
    assert given <= options_of(words[1:3] if group else words[1:2])


@pytest.mark.parametrize(
    "line",
    [
        "pip install 'netral-nlp[review]'", "netral score a.csv \\", "a && b", 'netral explain "50% $5"', "a;b",
        "netral score “mei.csv”", "netral score @daftar", 'netral score "mei.csv', "echo `date`",
    ],
)  # fmt: skip
def test_what_a_shell_of_windows_would_obey_is_found(line: str) -> None:
    try:
        assert not shlex.split(line) == cmd_words(line) == powershell_words(line)
    except ValueError:  # NotPlainError is one, and so is shlex's
        assert issubclass(NotPlainError, ValueError)


@given(st.lists(st.text(st.sampled_from('ab \\"é')), max_size=5))
def test_the_rules_of_cmd_are_those_of_the_standard_library(words: list[str]) -> None:
    from subprocess import list2cmdline

    assert cmd_words(list2cmdline(words)) == words


@pytest.mark.parametrize("name", [*READMES, "models/README.md", "data/README.md"])
def test_no_link_of_a_readme_leads_nowhere_on_a_package_index(name: str) -> None:
    links = re.findall(r"\]\(([^)\s]+)\)", (ROOT / name).read_text(encoding="utf-8"))
    assert [link for link in links if not link.startswith("https://")] == []


@pytest.mark.parametrize("name", READMES)
def test_every_file_that_a_readme_names_is_there(name: str) -> None:
    text = (ROOT / name).read_text(encoding="utf-8")
    pattern = r"(?<![\w./])((?:data|tests|notebooks|\.ci|\.github)/[\w./-]*\w|[A-Z]{4,}\.md|README\.id\.md|mulai\.bat)"
    named = set(re.findall(pattern, text))
    assert len(named) > 3
    assert [one for one in named if not (ROOT / one).exists()] == []


def test_help_shows_whole_lines(monkeypatch: pytest.MonkeyPatch) -> None:
    from running import run

    monkeypatch.setenv("COLUMNS", "80")
    shown = run("--help").out
    for name, (_, text) in COMMANDS.items():
        # click cuts at 59 characters where the longest command has 13
        assert re.search(rf"^ +{re.escape(name)} +{re.escape(text)}$", shown, re.MULTILINE), (name, len(text))


def test_an_older_python_is_refused_by_one_line() -> None:
    import subprocess
    import sys

    program = "import sys; sys.version_info = (3, 10); import netral_nlp"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert done.stderr == "netral-nlp needs Python 3.11 or newer; this is 3.10.\n"
