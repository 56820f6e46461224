"""An evaluation for a terminal: plain columns, every figure with its interval where it has one."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from netral_nlp.records import LABELS

GAP = "  "
UNDEFINED = "-"
GROUPS = (
    ("by_election", "Election"),
    ("by_pair", "Pair"),
    ("by_platform", "Platform"),
    ("by_length", "Length"),
)  # key of the document, heading


def number(value: float | None, digits: int = 3) -> str:
    """A figure for reading.

    >>> number(0.81251), number(None)
    ('0.813', '-')
    """
    return UNDEFINED if value is None else f"{value:.{digits}f}"


def percent(value: float | None) -> str:
    """A share for reading.

    >>> percent(0.0123)
    '1.2 %'
    """
    return UNDEFINED if value is None else f"{100 * value:.1f} %"


def limits(values: Sequence[float] | None, write: Any = number) -> str:
    """An interval for reading.

    >>> limits([0.5, 0.75])
    '0.500 to 0.750'
    """
    return UNDEFINED if values is None else f"{write(values[0])} to {write(values[1])}"


def headline(document: Mapping[str, Any]) -> list[tuple[str, str, str]]:
    """The main figures: name, value, what stands beside it."""
    chance = document["ece_by_chance"]
    decided = document["coverage"]["decided"]
    rows = [
        ("macro-F1", number(document["macro_f1"]), f"95 %: {limits(document['ci95']['macro_f1'])}"),
        ("support AUC", number(document["support_auc"]), f"95 %: {limits(document['ci95']['support_auc'])}"),
        ("accuracy", number(document["accuracy"]), ""),
        ("average precision", number(document["average_precision"]), "dukung against the rest"),
        ("tolak AUC", number(document["tolak_auc"]), ""),
    ]
    for rate, value in document["support_tpr_at_fpr"].items():
        rows.append((f"TPR at {float(rate):.0%} FPR".replace("%", " %"), number(value), "dukung against the rest"))
    shown = "" if chance is None else f"by chance alone: {number(chance['mean'])}, up to {number(chance['p95'])}"
    rows.append(("calibration error", number(document["ece"]), shown))
    for share, value in document["coverage"]["accuracy_at"].items():
        name = f"accuracy at {float(share):.0%}".replace("%", " %")
        rows.append((name, number(value), "coverage: on the posts it is surest of"))
    if decided is not None:
        shown = f"on the {percent(decided['coverage'])} of posts that are not ragu at --max-fpr {document['max_fpr']:g}"
        rows.append(("accuracy if decided", number(decided["accuracy"]), shown))
    return rows


def table(header: Sequence[str], rows: Iterable[Sequence[str]]) -> list[str]:
    """Columns of text: the first to the left, the others to the right.

    >>> table(["pair", "n"], [["Arman", "12"]])
    ['pair    n', 'Arman  12']
    """
    cells = [list(header), *map(list, rows)]
    widths = [max(len(row[at]) for row in cells) for at in range(len(header))]
    return [
        GAP.join([row[0].ljust(widths[0]), *(c.rjust(w) for c, w in zip(row[1:], widths[1:], strict=True))]).rstrip()
        for row in cells
    ]


def alarm_rows(document: Mapping[str, Any]) -> list[list[str]]:
    """Per accusing label: the false-positive rate with its interval, recall and precision at ``--max-fpr``."""
    return [
        [label, f"{a['errors']:,} of {a['n']:,}", percent(a["rate"]), limits(a["ci95"], percent), percent(a["recall"]),
         percent(a["precision"])]
        for label, a in (document["fpr"] or {}).items()
    ]  # fmt: skip


PROMISE_HEADER = ("promise", "neutral posts accused", "95 % interval", "kept in", "recall of dukung", "of tolak")


def promise_rows(document: Mapping[str, Any]) -> list[list[str]]:
    """Per rate: how many neutral posts were accused, in how many elections the promise was kept, and what was found."""
    return [
        [f"--max-fpr {rate}", f"{p['accused']:,} of {p['n']:,}", limits(p["ci95"], percent),
         f"{p['kept_in']} of {p['elections']}", percent(p["dukung_recall"]), percent(p["tolak_recall"])]
        for rate, p in document["promise"].items()
    ]  # fmt: skip


ALARM_HEADER = ("label", "false alarms", "rate", "95 % interval", "recall", "precision")
COMPARED_HEADER = ("", "macro-F1", "model's lead (95 %)", "p", "AUC", "model's lead (95 %)", "p")


def compared_rows(document: Mapping[str, Any]) -> list[list[str]]:
    """Per baseline, and for another model: its figures, and by how much the model leads."""
    others = dict(document.get("baselines", {}))
    if "against" in document:
        others[document["against"]["name"]] = document["against"]
    rows = []
    for name, other in others.items():
        row = [name]
        for key in ("macro_f1", "support_auc"):
            lead = other["difference"][key]
            said = UNDEFINED if lead is None else f"{lead['estimate']:+.3f} ({limits(lead['ci95'])})"
            row += [number(other[key]), said, number(lead and lead["p"])]
        rows.append(row)
    return rows


def group_rows(groups: Mapping[str, Any]) -> list[list[str]]:
    """Per group: posts, macro-F1 and support AUC."""
    return [[name, f"{g['n']:,}", number(g["macro_f1"]), number(g["support_auc"])] for name, g in groups.items()]


def readable(text: str) -> str:
    """A post on one line, without characters that would steer the terminal.

    >>> readable("baris\\n\\x1b[31mmerah")
    'baris [31mmerah'
    """
    return " ".join("".join(c if c.isprintable() else " " for c in text).split())


def evaluation_text(document: Mapping[str, Any]) -> str:
    """The whole evaluation as text."""
    posts, elections = document["n"], len(document["by_election"])
    unit = document["bootstrap"]["unit"]
    lines = [f"{posts:,} posts, {elections:,} election{'s' * (elections != 1)}; {document['method']}"]
    lines += [f"Intervals: 95 %, bootstrap by {unit}, {document['bootstrap']['resamples']:,} resamples", ""]
    rows = headline(document)
    wide = max(len(name) for name, _, _ in rows)
    lines += [f"{name.ljust(wide)}  {value:>6}  {beside}".rstrip() for name, value, beside in rows]
    confused = [[a, *(f"{document['confusion'][a][b]:,}" for b in LABELS)] for a in LABELS]
    lines += ["", *table(["true \\ most probable", *LABELS], confused)]
    if document["fpr"] is not None:
        lines += ["", f"At --max-fpr {document['max_fpr']:g}:", *table(ALARM_HEADER, alarm_rows(document))]
    if document.get("promise"):
        lines += ["", *table(PROMISE_HEADER, promise_rows(document))]
    if found := compared_rows(document):
        lines += ["", *table(COMPARED_HEADER, found)]
    if "by_mentions" in document:
        lines += ["", *table(["Names", "posts", "macro-F1", "AUC"], group_rows(document["by_mentions"]))]
    if "tolak_auc_difference" in document.get("against", {}):
        other = document["against"]
        lead = other["tolak_auc_difference"]
        said = UNDEFINED if lead is None else f"{lead['estimate']:+.3f} ({limits(lead['ci95'])})"
        lines += ["", f"Opposition, {other['name']}: AUC {number(other['tolak_auc'])}, the model's lead {said}"]
        if "promise" in other:
            lines += table(PROMISE_HEADER, promise_rows(other))
    for key, heading in GROUPS:
        lines += ["", *table([heading, "posts", "macro-F1", "AUC"], group_rows(document[key]))]
    for e in document.get("errors", ()):
        scores = ", ".join(f"{label} {number(e[f'skor_{label}'])}" for label in LABELS)
        said = f"{readable(e['id'])} ({e['election']}, {e['pair']}): {e['label']}, but {scores}"
        lines += ["", said, f"  {readable(e['text'])}"]
    lines += ["", *(f"Note: {note}" for note in document["notes"])]
    return "\n".join(lines).rstrip() + "\n"
