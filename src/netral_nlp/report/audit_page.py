"""An audit as one HTML page for analysts: verdict, swapped pairs, error rates, harmless changes, words of identity."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from html import escape
from typing import Any

from netral_nlp.pages.shell import Page, whole_page
from netral_nlp.pages.tables import html_table
from netral_nlp.report.evaluation_text import number, percent

SWAPS = {
    "roles": "the same words, with the pairs that they name exchanged",
    "alike": "texts rewritten, every mention by its like",
    "unlike": "texts rewritten, where names have no like or a tag's own words betray the pair",
}
SHOWN = 30  # features of the vocabulary


def audit_page(document: Mapping[str, Any]) -> str:
    """The page, from the JSON document of an audit alone; the same document gives the same bytes."""
    verdict = "passed" if document["passed"] else "failed"
    model = document["model"]
    parts = [
        f"<h1>Audit of neutrality: {verdict}</h1>",
        f"<p>{document['n']:,} labelled posts. Model <code>{escape(str(model.get('file_sha256'))[:16])}</code>, "
        f"learned from {model.get('posts') or 'unknown'} posts.</p>",
        *_notes("Failed", document["failures"]),
        *_notes("Warning", document["warnings"]),
        *_notes("Note", document["notes"]),
        "<h2>Exchanged pairs</h2>",
        '<p class="muted">Each post is scored again with its pair and another exchanged. The first two kinds must '
        "not move a score; the third shows how much depends on how a pair is named.</p>",
        html_table(("", "exchanges", "changed", "largest", "90 %", "99 %"), _swap_rows(document["swaps"]),
                   name="Exchanged pairs"),
        *_worst(document["swaps"]),
        "<h2>Error rates</h2>",
        f'<p class="muted">At --max-fpr {document["max_fpr"]:g}, '
        + ("on elections that the model did not see. " if document["unseen_elections"] else "by the model itself. ")
        + "A false alarm is a post given a label that it does not deserve, a miss one not given the label it deserves "
        "(ragu counts as not given). Exact 95 % intervals; p by Fisher's exact test after Holm's correction.</p>",
        *_rates(document["rates"]),
        "<h2>Changes that should not matter</h2>",
        html_table(("change", "posts", "other label", "mean move", "largest move"), _changes(document["disturbances"])),
        "<h2>Words that tell who somebody is</h2>",
        '<p class="muted">How far such words move the probability of support on average, against neutral words in '
        "their place; a group whose mean passes the bound fails.</p>",
        html_table(("group", "posts", "mean move", "bound", "largest", "of the word"), _shifts(document["identity"])),
        "<h2>Vocabulary</h2>",
        f"<p>{document['vocabulary']['features']:,} features were searched for handles, numbers, addresses and "
        f"{document['vocabulary']['names']:,} words of names.</p>",
        *_vocabulary(document["vocabulary"]["found"]),
    ]  # fmt: skip
    return whole_page(Page(f"Audit of neutrality: {verdict}", "\n".join(parts), "en", output="audit", sorts=True))


def _notes(kind: str, items: Iterable[str]) -> list[str]:
    return [f'<p class="note"><b>{kind}.</b> {escape(item)}</p>' for item in items]


def _swap_rows(swaps: Mapping[str, Any]) -> list[list[str]]:
    return [
        [
            what, f"{swaps[kind]['n']:,}", f"{swaps[kind]['changed']:,}", f"{swaps[kind]['largest']:.2g}",
            number(swaps[kind]["quantiles"]["0.9"]), number(swaps[kind]["quantiles"]["0.99"]),
        ]
        for kind, what in SWAPS.items()
    ]  # fmt: skip


def _worst(swaps: Mapping[str, Any]) -> list[str]:
    parts = []
    for kind, what in SWAPS.items():
        if swaps[kind]["worst"]:
            parts.append(f"<details><summary>Largest changes: {escape(what)}</summary>")
            for leak in swaps[kind]["worst"]:
                where = f"{leak['file']}:{leak['line']}, {leak['pair']} and {leak['other']}: {leak['difference']:.3f}"
                parts += [
                    f"<p>{escape(where)}</p><blockquote>{escape(leak['text'])}</blockquote>",
                    f"<blockquote>{escape(leak['exchanged'])}</blockquote>",
                    f'<p class="muted">{escape("; ".join(leak["features"]))}</p>',
                ]
            parts.append("</details>")
    return parts


def _rates(comparisons: Sequence[Mapping[str, Any]]) -> list[str]:
    parts = []
    for axis in dict.fromkeys(c["axis"] for c in comparisons):
        rows = []
        for c in (c for c in comparisons if c["axis"] == axis):
            for at, (group, rate) in enumerate(c["rates"].items()):
                low, high = rate["ci95"]
                first = " ".join(x for x in (c["label"], c["error"], c["within"]) if x)
                p = ("<0.001" if c["p_holm"] < 0.001 else number(c["p_holm"])) if not at else ""
                interval = f"{percent(low)} to {percent(high)}"
                rows.append([first, group, f"{rate['events']:,}", f"{rate['n']:,}", percent(rate["rate"]), interval, p])
        table = html_table(("error", axis, "errors", "of", "rate", "95 %", "p"), rows, name=f"Error rates by {axis}")
        opened = " open" if axis == "pair" else ""
        parts.append(f"<details{opened}><summary>By {escape(axis)}</summary>{table}</details>")
    return parts


def _changes(disturbances: Iterable[Mapping[str, Any]]) -> list[list[str]]:
    return [
        [
            d["change"], f"{d['n']:,}", percent(d["flip_rate"]), number(d["moved"]["mean"]),
            number(d["moved"]["largest"]),
        ]
        for d in disturbances
    ]  # fmt: skip


def _shifts(shifts: Iterable[Mapping[str, Any]]) -> list[list[str]]:
    return [
        [
            s["group"], f"{s['n']:,}", f"{s['mean']:+.4f}", f"±{s['bound']:g}",
            f"{s['furthest']:+.4f}", s["word"],
        ]
        for s in shifts
    ]  # fmt: skip


def _vocabulary(found: Sequence[Mapping[str, Any]]) -> list[str]:
    if not found:
        return ["<p>Nothing was found.</p>"]
    rows = [[f["severity"], f["kind"], f["block"], f["feature"]] for f in found[:SHOWN]]
    more = f'<p class="muted">and {len(found) - SHOWN:,} more</p>' if len(found) > SHOWN else ""
    return [html_table(("severity", "kind", "block", "feature"), rows, name="Vocabulary"), more]
