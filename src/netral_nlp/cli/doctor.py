"""``netral doctor``"""

from __future__ import annotations

import platform
import re
import sys
import tempfile
from collections.abc import Callable, Iterator
from importlib.metadata import PackageNotFoundError, requires, version
from pathlib import Path
from typing import Annotated

import typer

from netral_nlp import native
from netral_nlp.api import default_model
from netral_nlp.cli.options import write_text
from netral_nlp.cli.terminal import count, tell
from netral_nlp.errors import InputError, ModelError, NetralError
from netral_nlp.privacy import RETENTION_DAYS
from netral_nlp.roster.reading import read_roster

OLDEST = (3, 11)
Check = Callable[[], str]  # returns what was found; raises NetralError where something is wrong


def doctor(
    model: Annotated[
        Path | None, typer.Option("--model", "-m", help="Model file to check [default: the one that is used].")
    ] = None,
    roster: Annotated[
        str | None, typer.Option("--roster", "-r", help="Roster (TOML) to check, or a shipped id.")
    ] = None,
    folder: Annotated[Path, typer.Option("--folder", help="Folder that results will be written to.")] = Path(),
    dpia: Annotated[
        Path | None,
        typer.Option("--dpia", help="Also write a draft of the impact assessment of UU 27/2022 art. 34 (Markdown)."),
    ] = None,
) -> None:
    """Check the installation, and a model, a roster and the output folder with it.

    Exit code 0 when all is well, 4 when the model is not, 3 when something else is not. With --dpia an impact
    assessment in Indonesian is begun with the model's own figures; what only you know stays open in it.
    """
    failures: list[NetralError] = []
    for name, check in _checks(model, roster, folder):
        try:
            tell(f"ok    {name}: {check()}")
        except NetralError as error:
            failures.append(error)
            tell(f"FAIL  {name}: {error}")
    if dpia is not None:
        write_assessment(model or default_model(), dpia)
    tell("All is well." if not failures else f"{count(len(failures), 'problem')} found.")
    if failures:
        raise typer.Exit(next((e.exit_code for e in failures if isinstance(e, ModelError)), InputError.exit_code))


def write_assessment(model: Path, to: Path) -> None:
    """The draft of the impact assessment for a model; raises ModelError when that cannot be used."""
    from netral_nlp.model.file import load_model
    from netral_nlp.report.impact import impact_assessment

    write_text(impact_assessment(load_model(model), model.name, retention_days=RETENTION_DAYS), to)


def _checks(model: Path | None, roster: str | None, folder: Path) -> Iterator[tuple[str, Check]]:
    yield "Python", check_python
    yield "netral-nlp", check_packages
    yield "core", check_core
    yield "review page", check_review
    yield "shipped data", check_data
    yield "model", lambda: check_model(model)
    if roster is not None:
        yield "roster", lambda: check_one_roster(roster)
    if roster is not None:
        yield "a post scored", lambda: check_scoring(model, roster)
    yield "output folder", lambda: check_folder(folder)


def check_python() -> str:
    """The Python in use."""
    if sys.version_info < OLDEST:
        raise InputError(f"Python {platform.python_version()} is too old; install Python 3.11 or later.")
    return f"{platform.python_version()} on {platform.system()} {platform.machine()}"


def check_packages() -> str:
    """The versions of this package and of all that it needs."""
    try:
        own, needed = version("netral-nlp"), requires("netral-nlp") or []
    except PackageNotFoundError:
        raise InputError("netral-nlp is not installed as a package. Install it: pip install netral-nlp") from None
    found, wrong = [], []
    for one in needed:
        name = re.split(r"[^\w.-]", one, maxsplit=1)[0]
        if ";" in one:  # only of an extra
            continue
        try:
            have = version(name)
        except PackageNotFoundError:
            wrong.append(f"{name} is missing")
            continue
        lower, upper = re.search(r">=\s*([\d.]+)", one), re.search(r"<\s*([\d.]+)", one)
        if (lower and numbers(have) < numbers(lower[1])) or (upper and numbers(have) >= numbers(upper[1])):
            wrong.append(f"{name} {have} does not fit {one}")
        else:
            found.append(f"{name} {have}")
    if wrong:
        raise InputError(f"{'; '.join(wrong)}. Install again: pip install --upgrade netral-nlp")
    return f"{own} with {', '.join(found)}"


def numbers(written: str) -> tuple[int, ...]:
    """The leading numbers of a version, for comparing.

    >>> numbers("2.10.1rc1") > numbers("2.9"), numbers("3") == numbers("3.0")
    (True, True)
    """
    found = re.match(r"\d+(?:\.\d+)*", written)
    parts = [int(x) for x in found[0].split(".")] if found else [0]
    while len(parts) > 1 and not parts[-1]:
        parts.pop()
    return tuple(parts)


def check_core() -> str:
    """Which core scores posts; plain Python does all that the one in C does, so its absence is no failure."""
    if native.library() is None:
        return f"plain Python, which is slower ({native.why_not()})"
    return f"native, made by {native.built_by()}"


def check_review() -> str:
    """Whether the packages of ``netral review`` are there; they are optional, so their absence is no failure."""
    missing = []
    for name in ("fastapi", "uvicorn", "jinja2"):
        try:
            version(name)
        except PackageNotFoundError:
            missing.append(name)
    return f'not installed ({", ".join(missing)}); pip install "netral-nlp[review]"' if missing else "installed"


def check_data() -> str:
    """The shipped corpus, rosters and word lists."""
    from netral_nlp.resources import LISTS, data_dir

    data = data_dir()
    missing = [name for name in LISTS if not (data / "lexicon" / name).is_file()]
    rosters, corpora = list((data / "rosters").glob("*.toml")), list((data / "corpus").glob("*.csv"))
    if missing or not rosters or not corpora:
        raise InputError(f"{data} is not whole ({', '.join(missing) or 'no rosters or corpus'}). Install again.")
    return f"{count(len(rosters), 'roster')}, {count(len(corpora), 'corpus file')} in {data}"


def check_model(path: Path | None) -> str:
    """The model's format, digests and numbers, and whether it fits the word lists of this installation."""
    from netral_nlp.model.file import load_model

    used = path or default_model()
    if path is None and not used.exists():
        return f"not trained yet; the first netral score trains {used}, or name one with --model"
    found = load_model(used)
    posts = found.facts.get("posts")
    learned = f"{posts:,} posts" if isinstance(posts, int) else "an unknown corpus"
    return f"{used} learned from {learned}, sha256 {str(found.facts['file_sha256'])[:16]}"


def check_one_roster(given: str) -> str:
    """The roster, and how many findings ``netral roster check`` would list."""
    from netral_nlp.roster.checking import check_roster

    roster = read_roster(given)
    findings = check_roster(roster)
    errors = [f for f in findings if f.severity == "error"]
    if errors:
        raise InputError(f"line {errors[0].line}: {errors[0].message}")
    advice = f"; netral roster check {given} has {count(len(findings), 'remark')}" if findings else ""
    return f"{roster.election.id}, {count(len(roster.pairs), 'pair')}{advice}"


def check_scoring(path: Path | None, given: str) -> str:
    """Whether model and roster work together on one post."""
    from netral_nlp.model.file import load_model
    from netral_nlp.scoring.scorer import Scorer

    used = path or default_model()
    if path is None and not used.exists():
        return "not tried without a model"
    roster = read_roster(given)
    scored = Scorer(load_model(used), roster).score(f"Pilih {roster.pairs[0].candidate}!")
    return f"{scored.label}, {max(scored.support):.2f} dukung for {scored.pair or 'no pair'}"


def check_folder(folder: Path) -> str:
    """Whether results can be written."""
    try:
        with tempfile.NamedTemporaryFile(dir=folder, prefix=".netral-") as probe:
            probe.write(b"netral")
            probe.flush()
    except OSError as error:
        raise InputError(f"{folder} cannot be written to: {error.strerror}. Choose another with -o.") from None
    return f"{folder.resolve()} can be written to"
