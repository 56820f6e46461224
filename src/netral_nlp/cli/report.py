"""``netral report``"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from netral_nlp.cli.law import FolderOption
from netral_nlp.cli.options import check_files, write_text
from netral_nlp.cli.terminal import count, say
from netral_nlp.errors import InputError
from netral_nlp.roster.reading import read_roster
from netral_nlp.tables.guard import PAGE, Output

if TYPE_CHECKING:
    from netral_nlp.report.overview import Overview
    from netral_nlp.report.scored_page import Basis
    from netral_nlp.roster import Roster


def report(
    scored: Annotated[str, typer.Argument(help="What netral score has written, or a case of the desk.")],
    output: Annotated[Path, typer.Option("--output", "-o", help="The page.")] = Path("laporan.html"),
    lang: Annotated[Literal["id", "en"], typer.Option("--lang", help="Language of the page.")] = "id",
    identities: Annotated[
        bool, typer.Option("--identities", help="Show accounts, links, addresses and numbers of persons.")
    ] = False,
    roster: Annotated[
        str | None, typer.Option("--roster", "-r", help="Roster of the election: its name, dates and pairs.")
    ] = None,
    model: Annotated[
        Path | None, typer.Option("--model", "-m", help="The model that scored: for the error rates to expect.")
    ] = None,
    prevalence: Annotated[
        float | None,
        typer.Option("--prevalence", help="Share of posts that support a pair [default: estimated from the file]."),
    ] = None,
    max_fpr: Annotated[
        float | None, typer.Option("--max-fpr", help="The false-positive rate that scoring was given [default: 0.01].")
    ] = None,
    top: Annotated[int, typer.Option("--top", min=0, max=5_000, help="Posts to list.")] = 200,
    text_column: Annotated[str | None, typer.Option("--text-column", help="Column with the post.")] = None,
    time_column: Annotated[str | None, typer.Option("--time-column", help="Column with the time.")] = None,
    law_tables: FolderOption = None,
) -> None:
    """Make a page for the desk from scored posts: one HTML file, in Indonesian, without identities.

    It opens without a network and prints. Rejected rows are read from SCORED.rejected.csv where scoring wrote one.
    """
    from netral_nlp.desk.taking import taken
    from netral_nlp.law.loading import load_rules
    from netral_nlp.report.overview import read_overview
    from netral_nlp.report.scored_page import scored_page
    from netral_nlp.roster.elections import ZONES
    from netral_nlp.scoring.inputs import named

    check_files([Output(output, PAGE)], scored, f"{scored}.rejected.csv", roster, model)
    with taken(scored) as case:
        election = case.roster if roster is None else read_roster(roster)
        basis = _basis(election, model or case.model, prevalence, max_fpr or case.max_fpr or 0.01)
        zone = basis.roster.election.zone if basis.roster is not None else ZONES[0]
        columns = named(case.columns, text=text_column, time=time_column)
        found = read_overview(case.scored, top=top, columns=columns, zone=zone)
        found.name = case.name or found.name
        _check(found, basis)
        if found.law is not None:
            basis = replace(basis, law=load_rules(law_tables))
        write_text(scored_page(found, basis, language=lang, identities=identities, reviewed=case.counts), output)
    say(f"{count(found.rows, 'post')}, {found.need_look:,} of them need a look "
        f"(indications for human review, not verdicts)")  # fmt: skip
    if found.unreadable:
        say(f"{count(found.unreadable, 'row')} of {scored} could not be read and are left out of the counts.")
    if identities:
        say("The page shows identities: keep it confidential.")


def _basis(election: Roster | None, model: Path | None, prevalence: float | None, max_fpr: float) -> Basis:
    from netral_nlp import __version__
    from netral_nlp.report.scored_page import Basis

    if model is None:
        return Basis(__version__, election, prevalence=prevalence, max_fpr=max_fpr)
    from netral_nlp.model.file import load_model
    from netral_nlp.model.promise import promise_of

    judge = load_model(model)
    return Basis(__version__, election, judge.facts, promise_of(judge, max_fpr), prevalence, max_fpr)


def _check(found: Overview, basis: Basis) -> None:
    """Raises InputError where the posts speak of pairs that the roster does not have."""
    if basis.roster is None:
        return
    strange = sorted({pair for pair, _ in found.pairs if pair} - set(basis.roster.ids))
    if strange:
        raise InputError(
            f'{found.name} speaks of the pair "{strange[0][:60]}", which the roster {basis.roster.election.id} does '
            "not have. Name the roster that the posts were scored with.",
            path=found.name,
        )
