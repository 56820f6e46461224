"""An evaluation as one HTML page for analysts: figures, plots and tables, self-contained."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape
from typing import Any

from netral_nlp.pages import svg
from netral_nlp.pages.charts import figure
from netral_nlp.pages.shell import Page, whole_page
from netral_nlp.pages.tables import html_table
from netral_nlp.records import LABELS
from netral_nlp.report.evaluation_text import (
    ALARM_HEADER,
    COMPARED_HEADER,
    GROUPS,
    alarm_rows,
    compared_rows,
    group_rows,
    headline,
    number,
)


def evaluation_page(document: Mapping[str, Any]) -> str:
    """The page, from the JSON document of an evaluation alone; the same document gives the same bytes."""
    parts = [
        _opening(document),
        *(f'<p class="note">{escape(note)}</p>' for note in document["notes"]),
        "<h2>Main figures</h2>",
        html_table(("", "value", ""), headline(document), "wide remarks", name="Main figures"),
        '<p class="muted">Support figures set <b>dukung</b> against the other two labels by its probability. Macro-F1 '
        "and accuracy are on the most probable label. The calibration error is the mean distance between how sure the "
        "model is of that label and how often it is right, in bins of equal size; beside it the share of chance.</p>",
        '<h2>Plots</h2><div class="plots">',
        *(figure(drawn, caption) for drawn, caption in _plots(document) if drawn),
        "</div>",
        "<h2>Confusion</h2>",
        html_table(
            ("true label \\ most probable", *LABELS),
            [[a, *(f"{document['confusion'][a][b]:,}" for b in LABELS)] for a in LABELS],
        ),
    ]
    if document["fpr"] is not None:
        parts += [
            f"<h2>False alarms at --max-fpr {document['max_fpr']:g}</h2>",
            html_table(ALARM_HEADER, alarm_rows(document)),
            '<p class="muted">A false alarm is a post that was given the label and does not deserve it, out of all '
            "posts that do not. Intervals are exact (Clopper-Pearson, two-sided). Posts are taken as independent.</p>",
        ]
    if compared := compared_rows(document):
        told = "; ".join(f"{name}: {other['about']}" for name, other in document.get("baselines", {}).items())
        parts += [
            "<h2>Against others on the same posts</h2>",
            html_table(COMPARED_HEADER, compared),
            f'<p class="muted">Paired bootstrap. {escape(told)}</p>',
        ]
    for key, heading in GROUPS:
        rows = html_table((heading, "posts", "macro-F1", "AUC"), group_rows(document[key]))
        parts.append(f"<details><summary>{heading}: {len(document[key])}</summary>{rows}</details>")
    parts += _errors(document.get("errors", ()))
    return whole_page(Page("Evaluation of stance labels", "\n".join(parts), "en", output="evaluation", sorts=True))


def _opening(document: Mapping[str, Any]) -> str:
    model, bootstrap = document["model"], document["bootstrap"]
    known = bool(model.get("elections"))
    learned = f"{model['posts']:,} posts of {len(model['elections'])} elections" if known else "an unknown corpus"
    return (
        "<h1>Evaluation of stance labels</h1>"
        f"<p>{document['n']:,} labelled posts; {escape(document['method'])}. Learned from {learned} "
        f"(corpus <code>{escape(str(model.get('corpus_sha256', 'unknown'))[:16])}</code>). Intervals are 95 %, by "
        f"bootstrap, drawn by {escape(bootstrap['unit'])} ({bootstrap['resamples']:,} resamples, "
        f"seed {bootstrap['seed']}).</p>"
    )


def _plots(document: Mapping[str, Any]) -> list[tuple[str, str]]:
    return [
        (_reliability(document), "Reliability: each dot is a bin of equal size; on the dashed line a probability "
         "means what it says, below it the model is too sure."),
        (_coverage(document), "Accuracy when the posts that the model is least sure of are left to a person (ragu)."),
        (_roc(document), "ROC of dukung against the rest: what is found against what is wrongly accused."),
        (_elections(document), "Support AUC by election (0.5 is chance) with 95 % intervals; dashed: all."),
    ]  # fmt: skip


def _reliability(document: Mapping[str, Any]) -> str:
    bins = document["reliability"]
    axes = svg.Axes("Reliability diagram", "probability of the most probable label", "share that is right")
    points = [(b["confidence"], b["accuracy"]) for b in bins]
    titles = [f"{b['n']} posts: sure {number(b['confidence'])}, right {number(b['accuracy'])}" for b in bins]
    diagonal = svg.line(axes, [(0, 0), (1, 1)], "guide")
    return svg.plot(axes, diagonal, svg.line(axes, points), svg.dots(axes, points, titles))


def _coverage(document: Mapping[str, Any]) -> str:
    curve = [(p["coverage"], p["accuracy"]) for p in document["coverage"]["curve"]]
    axes = svg.Axes("Accuracy by coverage", "share of posts labelled", "accuracy")
    marks, titles = [curve[11]], [f"at 60 %: {number(curve[11][1])}"]
    decided = document["coverage"]["decided"]
    if decided is not None and decided["accuracy"] is not None:
        marks.append((decided["coverage"], decided["accuracy"]))
        titles.append(f"at --max-fpr {document['max_fpr']:g}: {number(decided['accuracy'])}")
    return svg.plot(axes, svg.line(axes, curve), svg.dots(axes, marks, titles))


def _roc(document: Mapping[str, Any]) -> str:
    if document["roc"] is None:
        return ""
    axes = svg.Axes("ROC of dukung", "false-positive rate", "true-positive rate")
    return svg.plot(axes, svg.line(axes, [(0, 0), (1, 1)], "guide"), svg.line(axes, document["roc"]))


def _elections(document: Mapping[str, Any]) -> str:
    found = [
        svg.Bar(name, e["support_auc"], e["ci95"]["support_auc"])
        for name, e in document["by_election"].items()
        if e["support_auc"] is not None
    ]
    return svg.bars("Support AUC by election", found, start=0.5, marked=document["support_auc"]) if found else ""


def _errors(errors: Sequence[Mapping[str, Any]]) -> list[str]:
    if not errors:
        return []
    parts = ["<h2>Worst errors</h2>"]
    for e in errors:
        scores = ", ".join(f"{label} {number(e[f'skor_{label}'])}" for label in LABELS)
        said = f"{e['id']} ({e['election']}, {e['pair']}): {e['label']}, but {scores}"
        parts.append(f"<p>{escape(said)}</p><blockquote>{escape(e['text'])}</blockquote>")
    return parts
