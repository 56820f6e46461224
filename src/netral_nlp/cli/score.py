"""``netral score``"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Annotated

import typer

from netral_nlp.api import default_model
from netral_nlp.cli.options import (
    HeaderRowOption,
    LawOption,
    LawTablesOption,
    MaxFalseActsOption,
    MaxFprOption,
    ModelOption,
    NoHeaderOption,
    RosterOption,
    SheetOption,
    TextColumnOption,
    check_files,
)
from netral_nlp.cli.terminal import count, end_progress, progress, say
from netral_nlp.errors import PARTLY, UsageError

if TYPE_CHECKING:
    from netral_nlp.model.model import Model
    from netral_nlp.roster import Roster
    from netral_nlp.scoring.inputs import Columns
    from netral_nlp.scoring.outputs import Summary
    from netral_nlp.tables import Layout

REASONS_SHOWN = 5


def score(
    posts: Annotated[str, typer.Argument(help="CSV, TSV, XLSX, Parquet or JSON lines file; - is standard input.")],
    roster: RosterOption,
    model: ModelOption = None,
    output: Annotated[str, typer.Option("--output", "-o", help="Output file; - is standard output (CSV).")] = "-",
    max_fpr: MaxFprOption = 0.01,
    prevalence: Annotated[
        float | None,
        typer.Option("--prevalence", help="Share of posts that support a pair [default: estimated from the file]."),
    ] = None,
    per_pair: Annotated[bool, typer.Option("--per-pair", help="One row for every pair that a post names.")] = False,
    sheet: SheetOption = None,
    header_row: HeaderRowOption = None,
    no_header: NoHeaderOption = False,
    text_column: TextColumnOption = None,
    pair_column: Annotated[
        str | None, typer.Option("--pair-column", help="Column saying which pair a thread or page is about.")
    ] = None,
    time_column: Annotated[
        str | None, typer.Option("--time-column", help="Column with the time: told when it does not fit the election.")
    ] = None,
    id_column: Annotated[
        str | None, typer.Option("--id-column", help="Column with the post's id: told when one stands twice.")
    ] = None,
    action_column: Annotated[
        str | None, typer.Option("--action-column", help="Column saying how it was posted: post, komentar, suka …")
    ] = None,
    account_type_column: Annotated[
        str | None, typer.Option("--account-type-column", help="Column saying whose account it is: asn or other.")
    ] = None,
    law: LawOption = False,
    law_tables: LawTablesOption = None,
    max_false_acts: MaxFalseActsOption = 0.006,
    excel: Annotated[bool, typer.Option("--excel", help="CSV for Excel: BOM, semicolons, no live formulas.")] = False,
    workers: Annotated[
        int | None, typer.Option("--workers", min=1, help="Threads [default: all cores if the input is large].")
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
    from netral_nlp import api
    from netral_nlp.model.promise import promise_of
    from netral_nlp.model.worth import worth_of, worth_sentence
    from netral_nlp.scoring.inputs import Columns
    from netral_nlp.scoring.outputs import scored_output
    from netral_nlp.scoring.resuming import journal_of
    from netral_nlp.tables.layout import Layout

    check_files([scored_output(output)], posts, model or default_model(), roster)
    election = api.load_roster(roster)
    columns = Columns(text_column, pair_column, time_column, id_column, action_column, account_type_column)
    layout = Layout(sheet, header_row, no_header)
    chosen = api.load_model(model, say=say)
    if adapt:
        chosen = adapted_to(posts, chosen, election, columns, layout)
    try:
        summary = api.score_file(
            posts, election, chosen, output, max_fpr=max_fpr, columns=columns, layout=layout,
            per_pair=per_pair, excel=excel, workers=workers, resume=resume, watch=progress(), say=say,
            law=law_tables or law, max_false_acts=max_false_acts,
        )  # fmt: skip
    except KeyboardInterrupt:
        if output != "-" and journal_of(output).exists():
            end_progress()
            say("The same command with --resume continues from here.")
        raise
    finally:
        end_progress()
    report(summary, output)
    if output != "-":
        promise = promise_of(chosen, max_fpr, election.election.id)
        say(promise.sentence())
        called = summary.by_label.get("dukung", 0)
        say(worth_sentence(worth_of(promise.tested, called, summary.noticed.named, prevalence)))
    if summary.rejected:
        raise typer.Exit(PARTLY)


def adapted_to(posts: str, model: Model, election: Roster, columns: Columns, layout: Layout) -> Model:
    """The model after learning from the posts that are to be scored."""
    from netral_nlp import api
    from netral_nlp.cli.adapt import report as tell

    if posts == "-":
        raise UsageError("--adapt reads the posts twice, which standard input does not allow. Save them in a file.")
    adapted = api.adapt(
        posts, election, model, text_column=columns.text, pair_column=columns.pair, layout=layout, say=say
    )
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
        reasons = Counter(fault.reason for fault in summary.first_rejected)
        for reason, _ in reasons.most_common(REASONS_SHOWN):
            line = next(fault.line for fault in summary.first_rejected if fault.reason == reason)
            say(f"  line {line}: {reason}")
        say(f"Rejected rows: {summary.rejected_file}")
    if output != "-":
        say(f"Scores: {output} (indications for human review, not verdicts)")
