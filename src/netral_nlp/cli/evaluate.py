"""``netral evaluate``"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from netral_nlp.api import default_model
from netral_nlp.cli.options import (
    ElectionOption,
    LabelColumnOption,
    LabelMapOption,
    MaxFalseActsOption,
    MaxFprOption,
    ModelOption,
    PairOption,
    RostersOption,
    SeedOption,
    TextColumnOption,
    check_files,
    given_by,
)
from netral_nlp.cli.terminal import say, tell
from netral_nlp.errors import UsageError
from netral_nlp.loading import SHIPPED_CORPUS
from netral_nlp.tables.guard import DOCUMENT, PAGE, Output

if TYPE_CHECKING:
    from netral_nlp.evaluation.evaluation import Evaluation


def evaluate(
    data: Annotated[
        list[str] | None,
        typer.Argument(help="Labelled CSV, XLSX or Parquet files or folders [default: cross-validate data/corpus]."),
    ] = None,
    model: ModelOption = None,
    rosters: RostersOption = None,
    election: ElectionOption = None,
    pair: PairOption = None,
    label_column: LabelColumnOption = None,
    label_map: LabelMapOption = None,
    text_column: TextColumnOption = None,
    json: Annotated[
        str | None, typer.Option("--json", help="Write the figures as JSON to a file; - is standard output, alone.")
    ] = None,
    report: Annotated[Path | None, typer.Option("--report", help="Write an HTML page with plots.")] = None,
    against: Annotated[
        Path | None, typer.Option("--against", help="Another model file, compared on the same posts.")
    ] = None,
    cross_validate: Annotated[
        bool, typer.Option("--cross-validate", help="Judge each election of DATA by a model fitted on the others.")
    ] = False,
    baselines: Annotated[bool, typer.Option("--baselines/--no-baselines", help="Compare with simple rules.")] = True,
    errors: Annotated[
        int, typer.Option("--errors", min=0, help="List that many of the worst errors, with the posts' texts.")
    ] = 0,
    max_fpr: MaxFprOption = 0.01,
    promise_table: Annotated[
        Path | None, typer.Option("--promise-table", help="Write how many neutral posts each level accuses (CSV).")
    ] = None,
    seed: SeedOption = 0,
    law: Annotated[
        bool, typer.Option("--law", help="Measure acts, phases and exceptions on posts labelled with acts instead.")
    ] = False,
    max_false_acts: MaxFalseActsOption = 0.006,
) -> None:
    """Measure a model on labelled posts, or cross-validate a corpus leaving one election out.

    Columns of DATA: id, election, pair, label (dukung, netral, tolak), text. Without DATA, the shipped corpus is
    cross-validated: no post is judged by a model that has seen its election or a near-duplicate of it. With --law DATA
    has the columns of data/corpus-law; without DATA its writers and elections are left out in turn.
    """
    from netral_nlp import api

    if law:
        check_files([Output(json, DOCUMENT)], data or SHIPPED_CORPUS, model or default_model(), rosters)
        _publish_law(api.evaluate_law(data or None, model, rosters, max_false_acts=max_false_acts, say=say), json)
        return
    crossed = cross_validate or not data
    if crossed and (model is not None or against is not None):
        option = "--model" if model is not None else "--against"
        raise UsageError(f"{option} needs DATA to judge, without --cross-validate, which fits models of its own.")
    given = given_by(election, pair, label_column, label_map, text_column)
    judges = (None if crossed else model or default_model(), against)
    check_files([Output(report, PAGE), Output(json, DOCUMENT)], data or SHIPPED_CORPUS, *judges, rosters)
    found = api.evaluate(
        data or None, model, rosters, max_fpr=max_fpr, seed=seed, cross_validate=cross_validate,
        baselines=baselines, against=against, given=given, say=say,
    )  # fmt: skip
    if promise_table is not None:
        if not found.promise_table:
            raise UsageError("--promise-table needs DATA judged by a model with held-out scores.")
        _write(promise_table, found.promise_table)
        say(f"Table of the promise: {promise_table}")
    _publish(found, errors, json, report)


def _publish(found: Evaluation, errors: int, json: str | None, report: Path | None) -> None:
    """JSON, page and text from one document, each where it was asked for."""
    from netral_nlp.evaluation.evaluation import to_json
    from netral_nlp.report.evaluation_page import evaluation_page
    from netral_nlp.report.evaluation_text import evaluation_text

    document = found.document(errors)
    if report is not None:
        _write(report, evaluation_page(document))
        say(f"Page: {report}")
    if json is not None and json != "-":
        _write(Path(json), to_json(document))
        say(f"Figures: {json}")
    tell(to_json(document) if json == "-" else evaluation_text(document))


def _publish_law(document: dict[str, Any], json: str | None) -> None:
    from netral_nlp.evaluation.acts import acts_text
    from netral_nlp.evaluation.evaluation import to_json

    if json is not None and json != "-":
        _write(Path(json), to_json(document))
        say(f"Figures: {json}")
    tell(to_json(document) if json == "-" else acts_text(document))


def _write(path: Path, text: str) -> None:
    from netral_nlp.tables import write_bytes_atomically

    path.parent.mkdir(parents=True, exist_ok=True)
    write_bytes_atomically(path, text.encode("utf-8", "replace"))
