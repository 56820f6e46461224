"""Options that several commands share, and how a path the user gave is understood."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from netral_nlp.cli.terminal import say, tell
from netral_nlp.learning.seeds import LARGEST_SEED
from netral_nlp.tables.guard import Output, check_outputs

if TYPE_CHECKING:
    from netral_nlp.learning.rows import Given


def fraction(written: str | float) -> float:
    """A rate as people write it, with a decimal point or comma. Raises typer.BadParameter for anything else.

    >>> fraction("0,01"), fraction("0.05"), fraction("5%")
    (0.01, 0.05, 0.05)
    """
    if not isinstance(written, str):
        return float(written)
    text = written.strip().replace(",", ".")
    try:
        return float(text.removesuffix("%")) / 100 if text.endswith("%") else float(text)
    except ValueError:
        raise typer.BadParameter(f'"{written}" is no rate; write 0.01 or 0,01.') from None


ModelOption = Annotated[
    Path | None,
    typer.Option(
        "--model", "-m", help="Model file [default: models/netral.npz if there, else your own, trained once]."
    ),
]
RosterOption = Annotated[str, typer.Option("--roster", "-r", help="Roster (TOML) of the election, or a shipped id.")]
RostersOption = Annotated[
    Path | None, typer.Option("--rosters", help="Folder of rosters [default: the shipped data/rosters].")
]
SeedOption = Annotated[int, typer.Option("--seed", min=0, max=LARGEST_SEED, help="Seed of every random choice.")]


MaxFprOption = Annotated[
    float,
    typer.Option(
        "--max-fpr", parser=fraction, metavar="RATE", help="False alarms tolerated among posts that deserve none."
    ),
]
SheetOption = Annotated[
    str | None, typer.Option("--sheet", help="Sheet of a workbook [default: the first that holds posts].")
]
HeaderRowOption = Annotated[
    int | None, typer.Option("--header-row", help="Line with the column names [default: found by itself].")
]
NoHeaderOption = Annotated[bool, typer.Option("--no-header", help="There are no column names: line 1 is a post.")]
TextColumnOption = Annotated[
    str | None, typer.Option("--text-column", help="Column with the post [default: found by names and cells].")
]
LawOption = Annotated[
    bool, typer.Option("--law", help="Also tell which prohibited acts may be indicated, phase, class, exception.")
]
LawTablesOption = Annotated[
    Path | None, typer.Option("--law-tables", help="Folder of tables of the law [default: the shipped ones].")
]
MaxFalseActsOption = Annotated[
    float,
    typer.Option(
        "--max-false-acts",
        parser=fraction,
        metavar="RATE",
        help="Clean posts falsely given an act, for each act.",
    ),
]
ElectionOption = Annotated[
    str | None, typer.Option("--election", help="Election id of all rows, where the file has no such column.")
]
PairOption = Annotated[str | None, typer.Option("--pair", help="Pair of all rows: its id, number or a name.")]
LabelColumnOption = Annotated[str | None, typer.Option("--label-column", help="Column with the labels.")]
LabelMapOption = Annotated[
    str | None,
    typer.Option("--label-map", help='Other labels as ours: "positif=dukung,negatif=tolak,netral=netral".'),
]


def given_by(
    election: str | None, pair: str | None, label_column: str | None, label_map: str | None, text_column: str | None
) -> Given:
    """What the user says of labelled data. Raises UsageError for a map of labels that is none."""
    from netral_nlp.learning.rows import Given
    from netral_nlp.learning.rows import label_map as read_map

    labels = {} if label_map is None else read_map(label_map)
    return Given(election, pair, label_column, text_column, labels)


def check_files(outputs: Sequence[Output], *inputs: object) -> None:
    """The guard of outputs; inputs are what the user gave: paths, lists of them, ids of shipped files or nothing."""
    from netral_nlp.loading import sources

    check_outputs(outputs, sources(inputs))


def write_json(document: Mapping[str, Any], where: str) -> None:
    """A document as JSON to a file, or to standard output for ``-``."""
    text = json.dumps(document, ensure_ascii=False, indent=1) + "\n"
    if where == "-":
        tell(text)
    else:
        write_text(text, Path(where))


def write_text(text: str, path: Path) -> None:
    """A text to a file in UTF-8; an older file stays whole until the end."""
    from netral_nlp.tables import write_bytes_atomically

    path.parent.mkdir(parents=True, exist_ok=True)
    write_bytes_atomically(path, text.encode("utf-8"))
    say(f"Written: {path}")
