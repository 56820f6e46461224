"""Laws of the house: one door for each danger, imports run downwards, every command is documented."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
import tomllib
from collections.abc import Collection, Mapping
from functools import cache
from pathlib import Path

import pytest

from netral_nlp import __version__
from netral_nlp.cli.running import COMMANDS

ROOT = Path(__file__).resolve().parents[1]
SOURCE = ROOT / "src" / "netral_nlp"
MODULES = sorted(path for path in SOURCE.rglob("*.py") if "_data" not in path.parts)

# A room (module or package) imports only from floors below its own; a new room gets its place here.
FLOORS = (
    {"errors", "arrays"},
    {"resources", "statistics", "native"},
    {"tables"},
    {"text"},
    {"roster"},
    {"records"},
    {"features"},
    {"model"},
    {"learning"},
    {"scoring"},
    {"law"},
    {"evaluation", "auditing"},
    {"pages"},
    {"report", "guide"},
    {"serving"},
    {"review"},
    {"privacy"},
    {"frames"},
    {"loading"},
    {"making"},
    {"api"},
    {"distributed", "desk"},
    {"cli"},
    {"__main__"},
)
FLOOR = {room: number for number, rooms in enumerate(FLOORS) for room in rooms}

# Who may import what; a package stands for all its modules.
DOORS = {
    "Sastrawi": {"text/stemming.py", "text/lexicon.py"},
    "typer": {"cli"},
    "markdown_it": {"guide"},
    "ctypes": {"native", "scoring/engine", "tables", "text"},
    "csv": {"tables", "scoring/engine"},
    "openpyxl": {"tables"},
    "pyarrow": {"tables", "scoring/engine"},
    "zipfile": {"features/vectors.py", "model/file.py", "tables", "text/lexicon.py"},
    "joblib": {"report/model_files.py"},
    "sklearn": {"learning"},
    "pickle": set[str](),
    "marshal": set[str](),
    "shelve": set[str](),
    "pandas": {"frames.py", "distributed.py"},
    "requests": set[str](),
    "urllib.request": set[str](),
    "http.client": set[str](),
}
LONGEST = 300  # lines


def name_of(path: Path) -> str:
    return path.relative_to(SOURCE).as_posix()


def room_of(path: Path) -> str:
    return path.relative_to(SOURCE).with_suffix("").parts[0]


def module_name(path: Path) -> str:
    parts = ("netral_nlp", *path.relative_to(SOURCE).with_suffix("").parts)
    return ".".join(parts).removesuffix(".__init__")


PATHS = {module_name(path): path for path in MODULES}


@cache
def imports(path: Path) -> frozenset[str]:
    """The full names of all modules that a file imports when it runs, also inside functions."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    for_types_only = {
        id(inner)
        for node in ast.walk(tree)
        if isinstance(node, ast.If) and isinstance(node.test, ast.Name) and node.test.id == "TYPE_CHECKING"
        for inner in ast.walk(node)
    }
    found: set[str] = set()
    for node in ast.walk(tree):
        if id(node) in for_types_only:
            continue
        if isinstance(node, ast.Import):
            found.update(alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            # ``from package import module`` means the module; other names are the package's own
            inside = {f"{node.module}.{alias.name}" for alias in node.names} & set(PATHS)
            found |= inside
            if len(inside) < len(node.names):
                found.add(node.module)
    return frozenset(found)


def circles(graph: Mapping[str, Collection[str]]) -> list[str]:
    """Each module that comes back to itself over what it imports, with the way; none where ``graph`` is a plan."""
    left = {name: set(others) & set(graph) for name, others in graph.items()}
    while done := {name for name, others in left.items() if not others}:
        left = {name: others - done for name, others in left.items() if name not in done}
    ways = []
    for start in sorted(left):
        way = [start]
        while (after := min(left[way[-1]])) not in way:
            way.append(after)
        ways.append(" -> ".join([*way, after]))
    return ways


def test_the_source_was_found() -> None:
    assert len(MODULES) > 40


def test_every_room_has_a_floor() -> None:
    assert {room_of(path) for path in MODULES} - {"__init__"} - set(FLOOR) == set()


@pytest.mark.parametrize("path", MODULES, ids=map(name_of, MODULES))
def test_imports_run_downwards(path: Path) -> None:
    room = room_of(path)
    if room == "__init__":
        pytest.skip("the front door opens on all floors")
    others = {name.split(".")[1] for name in imports(path) if name.startswith("netral_nlp.")} - {room}
    assert {other for other in others if FLOOR.get(other, 99) >= FLOOR.get(room, -1)} == set()


def test_no_module_imports_itself_over_others() -> None:
    assert circles({name: imports(path) for name, path in PATHS.items()}) == []


def test_a_circle_would_be_found() -> None:
    found = circles({"a": ["b"], "b": ["c", "d"], "c": ["b"], "d": []})
    assert found == ["a -> b -> c -> b", "b -> c -> b", "c -> b -> c"]


def test_the_front_hall_is_not_crowded() -> None:
    assert len(list(SOURCE.glob("*.py"))) <= 12


@pytest.mark.parametrize("thing", sorted(DOORS))
def test_each_thing_has_one_door(thing: str) -> None:
    users = {name_of(p) for p in MODULES if any(name == thing or name.startswith(f"{thing}.") for name in imports(p))}
    allowed = DOORS[thing]
    assert {user for user in users if not any(user == one or user.startswith(f"{one}/") for one in allowed)} == set()


def test_the_doors_that_matter_are_in_use() -> None:
    used = {name.split(".")[0] for path in MODULES for name in imports(path)}
    assert {"Sastrawi", "typer", "csv", "openpyxl", "pyarrow", "zipfile", "joblib"} <= used


def test_nothing_that_could_run_code_is_ever_loaded() -> None:
    forbidden = {("np", "load"), ("numpy", "load"), ("joblib", "load"), ("pickle", "load"), ("pickle", "loads")}
    forbidden |= {("pd", "read_pickle"), ("builtins", "eval"), ("builtins", "exec"), ("os", "system")}
    found = []
    for path in MODULES:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
                found += [(name_of(path), node.attr)] if (node.value.id, node.attr) in forbidden else []
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in ("eval", "exec"):
                found.append((name_of(path), node.func.id))
            if isinstance(node, ast.keyword) and node.arg in ("allow_pickle", "shell"):
                refused = isinstance(node.value, ast.Constant) and node.value.value is False
                found += [] if refused else [(name_of(path), node.arg)]
    assert found == []


@pytest.mark.parametrize("path", MODULES, ids=map(name_of, MODULES))
def test_no_module_is_too_long_to_read(path: Path) -> None:
    assert len(path.read_text(encoding="utf-8").splitlines()) <= LONGEST


@pytest.mark.parametrize("path", MODULES, ids=map(name_of, MODULES))
def test_every_module_says_what_it_is(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    if text.strip() and path.name != "__init__.py":
        assert ast.get_docstring(ast.parse(text))
        assert "from __future__ import annotations" in text


def test_a_release_has_one_version() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    cited = re.search(r"^version: (\S+)$", (ROOT / "CITATION.cff").read_text(encoding="utf-8"), re.MULTILINE)
    assert cited is not None
    assert project["version"] == cited[1] == __version__


def test_what_a_newcomer_is_told_is_there() -> None:
    told = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    files = set(re.findall(r"`([\w./-]+/[\w.-]+\.(?:py|tsv|toml|yaml))`", told))
    assert len(files) > 10
    assert [name for name in files if not (ROOT / name).exists() and not (SOURCE / name).exists()] == ["cli/NAME.py"]
    rooms = set(re.findall(r"`(\w+)/?`", told.partition("| room |")[2].partition("###")[0]))
    assert {room for floor in FLOORS for room in floor} - {"__main__"} - rooms == set()


def test_every_command_is_documented() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    assert [name for name in COMMANDS if f"netral {name}" not in readme] == []


HEAVY = ("numpy", "pandas", "sklearn", "scipy", "pyarrow", "openpyxl", "Sastrawi", "joblib")


@pytest.mark.parametrize(
    "arguments", [["--help"], ["--version"], ["score", "--help"], ["train", "--help"]], ids=" ".join
)
def test_help_loads_nothing_heavy(arguments: list[str]) -> None:
    program = (
        "import sys\nfrom netral_nlp.cli import main\ntry:\n    main(sys.argv[1:])\nexcept SystemExit as end:\n"
        "    assert not end.code, end.code\n"
        f"print('loaded:', [name for name in {HEAVY!r} if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", program, *arguments], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert "loaded: []" in done.stdout
