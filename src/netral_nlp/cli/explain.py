"""``netral explain``"""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Annotated, Any

import typer

from netral_nlp.cli.options import (
    LawOption,
    LawTablesOption,
    MaxFalseActsOption,
    MaxFprOption,
    ModelOption,
    RosterOption,
)
from netral_nlp.cli.terminal import coloured, plain, say, tell

if TYPE_CHECKING:
    from netral_nlp.records import Evidence
    from netral_nlp.scoring.scorer import Scored

SCHEMA = 1
WHOLE = "(the post as a whole)"


def explain(
    text: Annotated[str, typer.Argument(help="The post; - reads it from standard input.")],
    roster: RosterOption,
    model: ModelOption = None,
    pair: Annotated[str | None, typer.Option("--pair", help="Judge toward this pair, named or not.")] = None,
    max_fpr: MaxFprOption = 0.01,
    json: Annotated[bool, typer.Option("--json", help="Everything as JSON on standard output.")] = False,
    law: LawOption = False,
    law_tables: LawTablesOption = None,
    time: Annotated[str, typer.Option("--time", help="With --law: when it was posted.")] = "",
    action: Annotated[str, typer.Option("--action", help="With --law: post, komentar, suka, bagikan …")] = "",
    account_type: Annotated[str, typer.Option("--account-type", help="With --law: asn or other.")] = "",
    max_false_acts: MaxFalseActsOption = 0.006,
) -> None:
    """Show the post with the words that decide, and what each adds to the log-odds of the label.

    The contributions and the starting value (what the model assumes of any post) add up to the score exactly.
    """
    from json import dumps

    from netral_nlp import api
    from netral_nlp.cli.explaining_law import law_document, law_text

    if text == "-":
        text = sys.stdin.read()
    judge = api.load_model(model, say=say)
    found = api.explain(text, roster, judge, pair=pair, max_fpr=max_fpr, say=say)
    advice = None
    if law or law_tables is not None:
        advice = api.explain_law(
            text, roster, judge, time=time, action=action, account_type=account_type, law=law_tables or True,
            max_false_acts=max_false_acts,
        )  # fmt: skip
    if json:
        document = _document(text, found, judge.intercept.tolist())
        if advice is not None:
            document["law"] = law_document(text, advice, judge)
        tell(dumps(document, ensure_ascii=False, indent=1))
        return
    for scored in found:
        sys.stdout.write(render(text, scored, [float(x) for x in judge.intercept], coloured()) + "\n")
    if advice is not None:
        sys.stdout.write(law_text(text, advice, judge) + "\n")


def render(text: str, scored: Scored, intercept: list[float], colour: bool) -> str:
    """The explanation of one judgement for a terminal."""
    import numpy as np

    from netral_nlp.model.evidence import push, pushes
    from netral_nlp.records import LABELS, UNSURE

    if scored.scores is None:
        why = f"; the writing looks disguised ({scored.note.rpartition(': ')[2]})" if scored.label == UNSURE else ""
        advice = "Name one with --pair to judge toward it."
        return f"{plain(text)}\n\nNames no pair of the roster{why}; label {scored.label}. {advice}\n"
    at = scored.direction
    lines = [highlight(text, scored.evidence, at, colour), ""]
    lines.append(f"{scored.pair}: {scored.label}   " + "  ".join(
        f"{label} {value:.3f}" for label, value in zip(LABELS, scored.scores, strict=True)))  # fmt: skip
    lines.append(f"For and against {LABELS[at]} (log-odds against the other two labels):")
    rows = [(push(e, at), WHOLE if e.whole else " ".join(e.written.split())) for e in scored.evidence]
    start = float(pushes(np.array(intercept))[at])
    shown = [(value, written if len(written) <= 60 else WHOLE) for value, written in rows]
    for value, written in sorted(shown, key=lambda row: -abs(row[0])):
        if abs(value) >= 0.005:
            lines.append(f"  {value:+7.2f}  {plain(written)}")
    rest = sum(value for value, _ in rows if abs(value) < 0.005)
    lines.append(f"  {rest:+7.2f}  (smaller ones together)")
    lines.append(f"  {start:+7.2f}  (start: any post)")
    lines.append(f"  {start + sum(v for v, _ in rows):+7.2f}  = sum\n")
    return "\n".join(lines)


def highlight(text: str, items: tuple[Evidence, ...], label: int, colour: bool) -> str:
    """The post with its evidence marked: ``[+word]`` and ``[-word]``, or colours."""
    from netral_nlp.model.evidence import push

    marked = sorted((e for e in items if e.end - e.start <= 60 and abs(push(e, label)) >= 0.15), key=lambda e: e.start)
    out, at = [], 0
    for e in marked:
        if e.start < at:
            continue
        positive, written = push(e, label) > 0, plain(text[e.start : e.end])
        marked_up = _coloured(written, positive) if colour else f"[{'+' if positive else '-'}{written}]"
        out += [plain(text[at : e.start]), marked_up]
        at = e.end
    return "".join([*out, plain(text[at:])])


def _coloured(text: str, positive: bool) -> str:
    from rich.style import Style

    return Style(color="green" if positive else "red", bold=True).render(text)


def _document(text: str, found: list[Scored], intercept: list[float]) -> dict[str, Any]:
    from netral_nlp.records import LABELS

    def one(scored: Scored) -> dict[str, Any]:
        return {
            "pair": scored.pair,
            "label": scored.label,
            "note": scored.note,
            "scores": dict(zip(LABELS, scored.scores, strict=True)) if scored.scores else None,
            "evidence": [
                {
                    "start": e.start, "end": e.end, "written": e.written,
                    "dukung": e.dukung, "netral": e.netral, "tolak": e.tolak,
                }
                for e in scored.evidence
            ],
        }  # fmt: skip

    start = dict(zip(LABELS, intercept, strict=True))
    return {"schema": SCHEMA, "text": text, "intercept": start, "judgements": [one(s) for s in found]}
