"""``netral audit``"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from netral_nlp.api import default_model
from netral_nlp.cli.options import (
    MaxFprOption,
    ModelOption,
    RostersOption,
    check_files,
    write_json,
    write_text,
)
from netral_nlp.cli.terminal import say, tell
from netral_nlp.errors import PARTLY
from netral_nlp.loading import SHIPPED_CORPUS
from netral_nlp.tables.guard import DOCUMENT, PAGE, Output

if TYPE_CHECKING:
    from netral_nlp.auditing import Audit


def audit(
    data: Annotated[
        list[str] | None, typer.Argument(help="Labelled posts to audit with [default: the shipped corpus].")
    ] = None,
    model: ModelOption = None,
    rosters: RostersOption = None,
    max_fpr: MaxFprOption = 0.01,
    json: Annotated[str | None, typer.Option("--json", help="Everything as JSON; - is standard output.")] = None,
    report: Annotated[Path | None, typer.Option("--report", help="Write an HTML page.")] = None,
) -> None:
    """Check the model's own neutrality, and that it remembers no persons. Exit code 5 when it fails.

    Exchanges the pairs in every post (scores must not change), compares false alarms and misses between pairs and
    kinds of posts, tries changes that should not matter and words that tell who somebody is, and searches the
    vocabulary for personal data.
    """
    from netral_nlp import api

    outputs = [Output(report, PAGE), Output(json, DOCUMENT)]
    check_files(outputs, data or SHIPPED_CORPUS, model or default_model(), rosters)
    found = api.audit(data or None, model, rosters, max_fpr=max_fpr, say=say)
    if report is not None:
        from netral_nlp.report.audit_page import audit_page

        write_text(audit_page(found.document()), report)
    if json is not None:
        write_json(found.document(), json)
    if json != "-":
        tell(describe(found))
    for failure in found.failures:
        say(f"Failed: {failure}")
    if found.failures:
        raise typer.Exit(PARTLY)
    say(f"Passed, with {len(found.warnings)} warnings" if found.warnings else "Passed")


def describe(found: Audit) -> str:
    """The main figures for a terminal."""
    lines = [*found.notes, f"Pairs exchanged in {found.posts:,} posts: largest change of a probability"]
    for kind, what in (
        (found.swaps.roles, "roles exchanged"),
        (found.swaps.alike, "texts rewritten, like for like"),
        (found.swaps.unlike, "texts rewritten, names unlike"),
    ):
        lines.append(f"  {kind.largest:9.2g}  {what} ({len(kind.differences):,}, {kind.failed:,} changed)")
    where = "elections it did not see" if found.unseen else "the model's own decisions"
    lines += ["", f"Error rates at --max-fpr {found.max_fpr:g} ({where}); smallest p after Holm's correction"]
    for axis, error in dict.fromkeys((c.axis, c.error) for c in found.rates):
        worst = min((c for c in found.rates if (c.axis, c.error) == (axis, error)), key=lambda c: c.adjusted)
        place = f" in {worst.within}" if worst.within else ""
        rates = ", ".join(f"{group} {rate.events}/{rate.n}" for group, rate in worst.rates.items())
        lines.append(f"  {worst.adjusted:9.2g}  {error} by {axis}: {worst.label}{place} ({rates})")
    lines += ["", "Changes that should not matter: share of posts whose most probable label changes"]
    lines += [f"  {d.flipped / max(d.n, 1):9.2%}  {d.name} ({d.n:,} posts)" for d in found.disturbances]
    lines += ["", "Words that tell who somebody is: mean move of the probability of support, largest of a word"]
    lines += [f"  {s.mean:+9.4f} {s.furthest:+9.4f}  {s.group} ({s.n:,} posts; {s.word})" for s in found.identity]
    errors = sum(f.severity == "error" for f in found.vocabulary.found)
    lines += ["", f"Vocabulary: {found.vocabulary.features:,} features, {errors:,} with personal data"]
    lines += ["", *(f"Warning: {warning}" for warning in found.warnings)] if found.warnings else []
    return "\n".join(lines) + "\n"
