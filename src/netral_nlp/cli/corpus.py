"""``netral corpus check``"""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from netral_nlp.cli.options import (
    ElectionOption,
    LabelColumnOption,
    LabelMapOption,
    PairOption,
    RostersOption,
    TextColumnOption,
    check_files,
    given_by,
    write_json,
)
from netral_nlp.cli.terminal import count, say, tell
from netral_nlp.errors import PARTLY, InputError
from netral_nlp.loading import SHIPPED_CORPUS
from netral_nlp.tables.guard import DOCUMENT, Output

if TYPE_CHECKING:
    from netral_nlp.evaluation.agreement import Agreement
    from netral_nlp.evaluation.corpus_check import Quality

app = typer.Typer(no_args_is_help=True, rich_markup_mode=None)
MOST_OF_A_KIND = 40


@app.callback()
def root() -> None:
    """Check labelled posts."""


@app.command()
def check(
    files: Annotated[
        list[str] | None, typer.Argument(help="Labelled files, or folders of them [default: data/corpus].")
    ] = None,
    against: Annotated[
        list[str] | None, typer.Option("--against", help="Files that must not share a post with FILES (repeatable).")
    ] = None,
    second_label: Annotated[
        str | None, typer.Option("--second-label", help="Column with another person's labels, to compare.")
    ] = None,
    rosters: RostersOption = None,
    election: ElectionOption = None,
    pair: PairOption = None,
    label_column: LabelColumnOption = None,
    label_map: LabelMapOption = None,
    text_column: TextColumnOption = None,
    json: Annotated[str | None, typer.Option("--json", help="Everything as JSON; - is standard output.")] = None,
    likely_errors: Annotated[
        bool, typer.Option("--likely-errors", help="Also find likely wrong labels (takes a training run).")
    ] = False,
) -> None:
    """Find rows that training refuses, conflicts, duplicates, leaks and personal data; show the balance.

    Exit code 3 for a file that training would refuse, 5 for conflicts or leaks.
    """
    from netral_nlp.api import load_rosters
    from netral_nlp.evaluation.corpus_check import check_corpus
    from netral_nlp.resources import shipped

    check_files([Output(json, DOCUMENT)], files or SHIPPED_CORPUS, against, rosters)
    quality = check_corpus(
        [shipped(p) for p in files or ["data/corpus"]],
        load_rosters(rosters),
        against=[shipped(p) for p in against or ()],
        second_label=second_label,
        likely_errors=likely_errors,
        given=given_by(election, pair, label_column, label_map, text_column),
    )
    if json is not None:
        write_json(quality.document(), json)
    if json != "-":
        tell(describe(quality))
    say(summary(quality))
    if quality.refused:
        raise typer.Exit(InputError.exit_code)
    if quality.failed:
        raise typer.Exit(PARTLY)


def describe(quality: Quality) -> str:
    """Findings and balance for a terminal."""
    lines: list[str] = []
    shown: dict[str, int] = {}
    for f in quality.findings:
        shown[f.kind] = shown.get(f.kind, 0) + 1
        if shown[f.kind] <= MOST_OF_A_KIND:
            lines.append(f"{f.file}:{f.line}: {f.severity}: {f.kind}: {f.message}")
    for kind, n in shown.items():
        if n > MOST_OF_A_KIND:
            lines.append(f"… and {n - MOST_OF_A_KIND:,} more of the kind {kind}; --json FILE holds all.")
    for axis, name in ((0, "election"), (1, "platform"), (2, "batch")):
        lines += ["", *_table(name, quality.totals(axis))]
    if quality.agreement is not None:
        lines += ["", *_agreement(quality.agreement)]
    return "\n".join(lines) + "\n"


def _table(name: str, rows: dict[str, dict[str, int]]) -> list[str]:
    from netral_nlp.records import LABELS

    width = max([len(name), *(len(row) for row in rows)])
    lines = [f"{name:<{width}}" + "".join(f"{label:>8}" for label in (*LABELS, "all"))]
    for row, counts in rows.items():
        numbers = [*(counts[label] for label in LABELS), sum(counts.values())]
        lines.append(f"{row or '(none)':<{width}}" + "".join(f"{n:>8,}" for n in numbers))
    return lines


def _agreement(compared: Agreement) -> list[str]:
    from netral_nlp.records import LABELS

    low, high = compared.interval or (float("nan"), float("nan"))
    kappa = "undefined" if compared.kappa is None else f"{compared.kappa:.3f} (95 % {low:.3f} to {high:.3f})"
    lines = [f"Cohen's kappa {kappa}; {compared.agreed:,} of {compared.n:,} labels agree"]
    lines.append(f"{'label / second label':<22}" + "".join(f"{label:>8}" for label in LABELS))
    for label, row in zip(LABELS, compared.confusion.tolist(), strict=True):
        lines.append(f"{label:<22}" + "".join(f"{n:>8,}" for n in row))
    return lines


def summary(quality: Quality) -> str:
    """One sentence on what was found."""
    from netral_nlp.evaluation.corpus_check import SEVERITIES

    numbers = [count(sum(f.severity == s for f in quality.findings), s) for s in SEVERITIES]
    return f"{count(quality.posts, 'usable post')}: {', '.join(numbers)}"
