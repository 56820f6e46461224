"""``netral review``"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from netral_nlp.api import default_model
from netral_nlp.cli.entrance import show_entrance
from netral_nlp.cli.options import TextColumnOption, check_files
from netral_nlp.cli.terminal import count, say
from netral_nlp.errors import InputError, NetralError, UsageError
from netral_nlp.resources import shipped
from netral_nlp.roster.reading import read_roster
from netral_nlp.tables.guard import REVIEWS, Output

if TYPE_CHECKING:
    from netral_nlp.model.model import Model
    from netral_nlp.review.posts import ScoredFile
    from netral_nlp.review.store import Store
    from netral_nlp.roster import Roster
    from netral_nlp.scoring.scorer import Scorer

MISSING = 'The review page needs three more packages. Install them with: pip install "netral-nlp[review]"'


def review(
    scored: Annotated[str, typer.Argument(help="A file that netral score has written.")],
    roster: Annotated[
        str | None, typer.Option("--roster", "-r", help="Roster (TOML), or a shipped id [default: found by the pairs].")
    ] = None,
    reviews: Annotated[
        Path, typer.Option("--reviews", help="Where decisions are kept (SQLite); made when missing.")
    ] = Path("reviews.sqlite"),
    reviewer: Annotated[str, typer.Option("--reviewer", help="Your name [default: the page asks].")] = "",
    blind: Annotated[bool, typer.Option("--blind", help="Hide scores and evidence until the decision.")] = False,
    order: Annotated[
        Literal["skor", "ragu", "manfaat", "acak"],
        typer.Option("--order", help="By score, by doubt, by benefit (learns from the decisions), or at random."),
    ] = "manfaat",
    audit: Annotated[
        int, typer.Option("--audit", min=0, help="Every how many posts one is drawn at random; 0 for none.")
    ] = 10,
    model: Annotated[
        Path | None, typer.Option("--model", "-m", help="The model that scored, for exact evidence and its digest.")
    ] = None,
    text_column: TextColumnOption = None,
    id_column: Annotated[str | None, typer.Option("--id-column", help="Column with the post's id.")] = None,
    identities: Annotated[bool, typer.Option("--identities", help="Show accounts, links and numbers.")] = False,
    port: Annotated[int | None, typer.Option("--port", help="Port [default: a free one].")] = None,
    browser: Annotated[bool, typer.Option("--browser/--no-browser", help="Open the page in a browser.")] = True,
) -> None:
    """Review scored posts on a local page, in Indonesian; every decision is kept at once.

    Only this computer can open the page, by the link shown here. Several people may use one reviews file, each with a
    link and a name of their own.
    """
    try:
        from netral_nlp.review.server import serve
    except ModuleNotFoundError as error:
        raise UsageError(f"{MISSING} (missing: {error.name})") from None
    from netral_nlp.review.posts import read_scored
    from netral_nlp.review.session import Desk
    from netral_nlp.review.store import Store

    path = shipped(scored)
    check_files([Output(reviews, REVIEWS)], scored, roster, model)
    chosen = read_roster(roster) if roster is not None else guess_roster(read_scored(path, text_column=text_column))
    election = chosen.election.id if chosen is not None else ""
    file = read_scored(path, election=election, text_column=text_column, id_column=id_column)
    if chosen is not None:
        check_pairs(file, chosen)
    with Store(reviews) as store:
        if store.copy_of_old is not None:
            say(f"{reviews} was of an older format: kept as {store.copy_of_old}, then brought to this version's.")
        scorer = find_scorer(file, chosen, model)
        desk = Desk(
            file, store, roster=chosen, scorer=scorer, show_identities=identities,
            blind=blind, order=order, reviewer=reviewer, audit_every=audit,
        )  # fmt: skip
        say(
            f"{count(len(file.posts), 'post')} of {file.name}"
            + (f", {file.rejected:,} unusable" if file.rejected else "")
        )
        say(f"Decisions: {reviews} ({count(len(desk.standing.verdicts), 'post')} decided so far)")
        serve(desk, port=port, ready=lambda link, file: show_entrance(link, file, browser))
        gains = [] if scorer is None or chosen is None else worth(store, scorer.model, chosen)
    say(f"Stopped; every decision is in {reviews}. The same command goes on from here.")
    for line in gains:
        say(line)
    say(f"Labels for training: netral review-export {reviews} -o labelled.csv")


def worth(store: Store, model: Model, roster: Roster) -> list[str]:
    """What the decisions so far would gain the model, in sentences; none while there are too few."""
    from netral_nlp.cli.calibrate import describe
    from netral_nlp.learning.recalibration import recalibrate
    from netral_nlp.review.export import corpus_from_reviews

    try:
        found = recalibrate(model, corpus_from_reviews(store, {roster.election.id: roster}))
    except NetralError:
        return []
    keep = f"Keep it: netral calibrate --reviews {store.path} -o MODEL"
    return ["What these decisions would gain the model:", *describe(found), *([] if found.kept else [keep])]


def check_pairs(file: ScoredFile, roster: Roster) -> None:
    """Nothing where the posts are about the roster's pairs; raises InputError for another election's roster."""
    strange = sorted(set(file.pairs) - set(roster.ids))
    if strange:
        raise InputError(
            f'{file.name} speaks of the pair "{strange[0][:60]}", which the roster {roster.election.id} does not have. '
            "Name the roster that the posts were scored with.",
            path=file.name,
        )


def guess_roster(file: ScoredFile) -> Roster | None:
    """The one shipped roster that has all pairs of the file."""
    from netral_nlp.resources import data_dir
    from netral_nlp.review.posts import election_of
    from netral_nlp.roster import load_rosters

    known = load_rosters(data_dir() / "rosters")
    found = election_of(file.pairs, {name: roster.ids for name, roster in known.items()})
    say(
        f"Roster: {found} (found by the pairs)" if found else "No roster: name one with --roster to train from reviews."
    )
    return known.get(found)


def find_scorer(file: ScoredFile, roster: Roster | None, model: Path | None) -> Scorer | None:
    """The model that gives the file's own scores, if it is at hand; a model that was named must be that one."""
    from netral_nlp.model.file import load_model
    from netral_nlp.review.session import matching_scorer
    from netral_nlp.scoring.scorer import Scorer

    path = model or default_model()
    if roster is None or (model is None and not path.exists()):
        return None
    try:
        scorer = Scorer(load_model(path), roster, 0.5)  # thresholds do not matter here
    except NetralError:
        if model is not None:
            raise
        return None
    if matching_scorer(file, scorer):
        return scorer
    if model is not None:
        raise UsageError(f"{model} does not give the scores in {file.name}; name the model that scored it, or none.")
    return None
