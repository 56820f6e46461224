"""``netral law check`` and ``netral law show``"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from netral_nlp.cli.terminal import count, say, tell
from netral_nlp.errors import PARTLY, UsageError

if TYPE_CHECKING:
    from datetime import date

    from netral_nlp.law.rules import Rule, Rules

app = typer.Typer(no_args_is_help=True, rich_markup_mode=None)
FolderOption = Annotated[
    Path | None, typer.Option("--law-tables", help="Folder of tables of the law [default: the shipped ones].")
]


@app.callback()
def root() -> None:
    """Check the dated tables of the law, or show what was in force on a day."""


@app.command()
def check(
    folder: Annotated[Path | None, typer.Argument(help="Folder of tables [default: the shipped ones].")] = None,
) -> None:
    """Find gaps, overlaps, unknown codes and rows without a source. Exit code 5 when there are any."""
    from netral_nlp.law.checking import faults_of
    from netral_nlp.law.loading import read_tables, shipped_folder

    rules = read_tables(folder or shipped_folder())
    faults = faults_of(rules)
    for fault in faults:
        tell(f"{rules.folder}/{fault.file}:{fault.line}: {fault.message}")
    rows = sum(map(len, rules.tables.values()))
    tell(f"{count(len(rules.tables), 'table')}, {count(rows, 'row')}, {count(len(faults), 'finding')}")
    tell(f"SHA-256 {rules.digest}")
    if faults:
        raise typer.Exit(PARTLY)


@app.command()
def show(
    on: Annotated[str, typer.Option("--on", help="The day, such as 2018-03-05 or 5 Maret 2018.")],
    act: Annotated[str | None, typer.Option("--act", help="Only what concerns this act, such as KTP.")] = None,
    folder: FolderOption = None,
) -> None:
    """Print the rules that were in force on a day, each with where it stands and how sure it is."""
    from netral_nlp.law.loading import load_rules
    from netral_nlp.law.moments import read_day

    day = read_day(on)
    if day is None:
        raise UsageError(f'"{on}" is no day; write --on 2018-03-05.')
    rules = load_rules(folder)
    if act is not None and act.upper() not in rules.acts:
        raise UsageError(f'There is no act "{act}"; known are: {", ".join(rules.acts)}.')
    for line in lines_of(rules, day, act.upper() if act else None):
        tell(line)
    say(f"Tables {rules.folder}, SHA-256 {rules.digest}")


def lines_of(rules: Rules, day: date, act: str | None) -> list[str]:
    """The rows in force, by table; with an act, those of the tables that speak of acts and the rules around them."""
    from netral_nlp.law.tables import ACT_COLUMN, SHEETS

    lines: list[str] = []
    for name, sheet in SHEETS.items():
        own = "kode" if name == "perbuatan" else ACT_COLUMN
        if act is None:
            rows = rules.all(name, day)
        elif own in sheet.columns:
            rows = rules.all(name, day, **{own: act})
        elif name in ("aturan_disiplin", "pengawas"):
            rows = rules.all(name, day)
        else:
            continue
        if rows:
            lines += ["", f"{name} ({', '.join(sheet.columns)})", *(_line(rule, sheet.columns) for rule in rows)]
    return lines[1:]


def _line(rule: Rule, columns: tuple[str, ...]) -> str:
    cells = " | ".join(rule[column] or "(kosong)" for column in columns)
    days = f"{rule.since or '…'} s.d. {rule.until or '…'}"
    return f"  {cells}  [{days}; {rule.basis or 'tanpa dasar tertulis'}; {rule.sureness}]"
