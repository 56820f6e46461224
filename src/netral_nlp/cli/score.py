"""``netral score``"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from netral_nlp.cli.options import ModelOption, RosterOption, read_model, read_roster, shipped
from netral_nlp.cli.terminal import count, end_progress, progress, say
from netral_nlp.errors import UsageError

if TYPE_CHECKING:
    from netral_nlp.batch import Summary
    from netral_nlp.model import Model
    from netral_nlp.postings import Columns
    from netral_nlp.roster import Roster

REJECTED = 5  # exit code


def score(
    posts: Annotated[str, typer.Argument(help="CSV, TSV, XLSX, Parquet or JSON lines file; - is standard input.")],
    roster: RosterOption,
    model: ModelOption = None,
    output: Annotated[str, typer.Option("--output", "-o", help="Output file; - is standard output (CSV).")] = "-",
    max_fpr: Annotated[
        float, typer.Option("--max-fpr", help="False alarms tolerated among posts that deserve none.")
    ] = 0.01,
    prevalence: Annotated[
        float, typer.Option("--prevalence", help="Share of posts that deserve a label, to say what a flag is worth.")
    ] = 0.02,
    per_pair: Annotated[bool, typer.Option("--per-pair", help="One row for every pair that a post names.")] = False,
    text_column: Annotated[str | None, typer.Option("--text-column", help="Column with the post.")] = None,
    pair_column: Annotated[
        str | None, typer.Option("--pair-column", help="Column saying which pair a thread or page is about.")
    ] = None,
    time_column: Annotated[str | None, typer.Option("--time-column", help="Column with the time.")] = None,
    id_column: Annotated[str | None, typer.Option("--id-column", help="Column with the post's id.")] = None,
    excel: Annotated[bool, typer.Option("--excel", help="CSV for Excel: BOM, semicolons, no live formulas.")] = False,
    workers: Annotated[
        int | None, typer.Option("--workers", min=1, help="Processes [default: all cores if the input is large].")
    ] = None,
    adapt: Annotated[
        bool, typer.Option("--adapt", help="First adapt the model to these very posts, as netral adapt does.")
    ] = False,
    resume: Annotated[bool, typer.Option("--resume", help="Continue the run to OUTPUT that was interrupted.")] = False,
) -> None:
    """Score every post of a file: which pair, dukung, netral, tolak or ragu, how sure, and because of which words.

    The original columns stay as they are; new ones follow. Rows that cannot be scored go to OUTPUT.rejected.csv with
    line number and reason (exit code 5).
    """
    from netral_nlp.batch import score_file
    from netral_nlp.calibration import expected_precision, prevalence_sentence
    from netral_nlp.journal import journal_of
    from netral_nlp.postings import Columns

    election = read_roster(roster)
    source = posts if posts == "-" else shipped(posts)
    if output != "-":
        Path(output).parent.mkdir(parents=True, exist_ok=True)
    columns = Columns(text_column, pair_column, time_column, id_column)
    chosen = read_model(model)
    expected = ""
    if chosen.held_out is not None:
        worth = expected_precision(chosen.tails, chosen.held_out, max_fpr, prevalence)
        expected = prevalence_sentence(worth, prevalence)
    if adapt:
        chosen = adapted_to(source, chosen, election, columns)
    try:
        summary = score_file(
            source, output, chosen, election, max_fpr=max_fpr, columns=columns, per_pair=per_pair,
            excel=excel, workers=workers, resume=resume, watch=progress(),
        )  # fmt: skip
    except KeyboardInterrupt:
        if output != "-" and journal_of(output).exists():
            end_progress()
            say("The same command with --resume continues from here.")
        raise
    finally:
        end_progress()
    report(summary, output)
    if expected and output != "-":
        say(expected)
    if summary.rejected:
        raise typer.Exit(REJECTED)


def adapted_to(source: str | Path, model: Model, election: Roster, columns: Columns) -> Model:
    """The model after learning from the posts that are to be scored."""
    from netral_nlp.adaptation import adapt as learn
    from netral_nlp.cli.adapt import report as tell
    from netral_nlp.cli.train import read_labelled
    from netral_nlp.unlabelled import unlabelled_posts

    if source == "-":
        raise UsageError("--adapt reads the posts twice, which standard input does not allow. Save them in a file.")
    posts = unlabelled_posts(source, election, columns.text, columns.pair)
    adapted = learn(model, read_labelled([], None), election, posts, say=say)
    tell(adapted)
    return adapted.model


def report(summary: Summary, output: str) -> None:
    """Say what became of a file."""
    for note in summary.notes:
        say(note)
    say(f'Text column: "{summary.text_column}"')
    labels = ", ".join(f"{n:,} {label}" for label, n in sorted(summary.by_label.items(), key=lambda x: -x[1]))
    say(f"{count(summary.rows, 'row')}: {summary.scored:,} scored ({labels or 'none'}), {summary.rejected:,} rejected")
    if summary.rejected and not summary.rejected_file:
        for fault in summary.first_rejected:
            say(f"  line {fault.line}: {fault.reason}")
        if summary.rejected > len(summary.first_rejected):
            say(f"  … and {summary.rejected - len(summary.first_rejected):,} more; with -o FILE they are all kept.")
    elif summary.rejected_file:
        say(f"Rejected rows: {summary.rejected_file}")
    if output != "-":
        say(f"Scores: {output} (indications for human review, not verdicts)")
