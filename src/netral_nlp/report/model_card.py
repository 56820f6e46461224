"""What a model is, what it is for and how far to trust it: the page that ``train`` writes beside it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence

from netral_nlp.errors import InputError
from netral_nlp.evaluation.figures import Document, by_group, figures, indices, pair_names
from netral_nlp.learning.corpus import Corpus
from netral_nlp.learning.rows import Example
from netral_nlp.model.calibration import ACCUSING
from netral_nlp.model.model import Model
from netral_nlp.model.promise import promise_of
from netral_nlp.model.worth import worth_of
from netral_nlp.records import LABELS
from netral_nlp.report.evaluation_text import limits, number, percent
from netral_nlp.report.model_card_acts import acts_section
from netral_nlp.report.model_card_text import ABOUT, KINDS, RETRAIN, USE

PREVALENCE = 0.02
RATES = (0.01, 0.05)
FEWEST = 50  # posts of a group that may be called a weak one
WEAKEST = 8

Rows = Iterable[Sequence[str]]


def model_card(model: Model, corpus: Corpus, name: str = "netral.npz", *, seed: int = 0) -> str:
    """The model card as Markdown; ``corpus`` is the one that the model was trained on.

    All figures are of the model's held-out scores: each post judged by a fit without its election and its source. The
    same model and corpus give the same page. Raises InputError when the corpus is another or the model has no held-out
    scores.
    """
    held = model.held_out
    if held is None or model.facts.get("corpus_sha256") != corpus.digest or len(held.labels) != len(corpus):
        raise InputError(
            f"A model card needs the corpus that {name} was trained on, and this is another. Train again: netral train"
        )
    found = figures(corpus, held.scores, None, max_fpr=RATES[0], seed=seed)
    truth = indices(corpus.labels)

    def group(key: Callable[[Example], str]) -> Document:
        return by_group([key(e) or "unknown" for e in corpus.examples], truth, held.scores)

    groups: dict[str, Document] = {
        "election": found["by_election"],
        "pair": found["by_pair"],
        "platform": found["by_platform"],
        "length": found["by_length"],
        "source": group(lambda e: e.source),
        "batch": group(lambda e: e.batch),
    }
    lines = [f"# Model card: {name}", "", ABOUT, "", *_data(model, corpus), "", USE, ""]
    lines += [*_headline(found, corpus), "", *_worth(model), ""]
    for kind, document in groups.items():
        lines += [f"### By {kind}", "", *_group_table(kind, document, pair_names(corpus), corpus), ""]
    lines += [*_weaknesses(found, groups), "", KINDS, "", RETRAIN, "", *_making(model)]
    lines += [] if model.acts is None else acts_section(model.acts)
    return "\n".join(lines) + "\n"


def _data(model: Model, corpus: Corpus) -> list[str]:
    elections: dict[str, tuple[str, Counter[str]]] = {}
    for e in corpus.examples:
        name = e.case.roster.election.name
        elections.setdefault(e.election, (name, Counter()))[1][e.label] += 1
    rows = [(f"`{id}`", _plain(name), *_counts(counts)) for id, (name, counts) in sorted(elections.items())]
    rows.append(("**all**", "", *_counts(Counter(corpus.labels))))
    lines = [
        "## Data",
        "",
        f"{len(corpus):,} labelled posts of {len(elections):,} elections. A post counts once for every pair that it is "
        "labelled for.",
        f"Digest of the corpus (SHA-256 over texts, pairs, labels, rosters, weights, sources): `{corpus.digest}`",
        "",
        *_table(("election", "name", *LABELS, "posts"), rows, text=2),
    ]
    for heading, values in (
        ("platform", [e.platform for e in corpus.examples]),
        ("source", corpus.sources),
    ):
        tallies: dict[str, Counter[str]] = {}
        for value, label in zip(values, corpus.labels, strict=True):
            tallies.setdefault(value or "unknown", Counter())[label] += 1
        counted = [(_plain(value), *_counts(counts)) for value, counts in sorted(tallies.items())]
        lines += ["", *_table((heading, *LABELS, "posts"), counted)]
    return lines


def _counts(counts: Counter[str]) -> tuple[str, ...]:
    return (*(f"{counts[label]:,}" for label in LABELS), f"{counts.total():,}")


def _headline(found: Document, corpus: Corpus) -> list[str]:
    chance, ci95 = found["ece_by_chance"], found["ci95"]
    unit = "whole elections" if found["bootstrap"]["unit"] == "election" else "posts"
    rows = [
        ("macro-F1 (dukung, netral, tolak)", number(found["macro_f1"]), limits(ci95["macro_f1"])),
        ("support AUC (dukung against the rest)", number(found["support_auc"]), limits(ci95["support_auc"])),
        ("accuracy", number(found["accuracy"]), ""),
    ]
    for rate, value in found["support_tpr_at_fpr"].items():
        rows.append((f"TPR for dukung at {_percent(float(rate))} FPR", number(value), ""))
    rows.append(("calibration error (ECE)", number(found["ece"]), f"by chance up to {number(chance['p95'])}"))
    draws = f"{found['bootstrap']['resamples']:,}"
    left_out = "neither its election nor its source" if len(set(corpus.sources)) > 1 else "not its election"
    return [
        "## How well it does on elections it has not seen",
        "",
        f"Every post was judged by a fit that had {left_out}, and no near-duplicate of it. Intervals are 95 %",
        f"bootstrap intervals ({draws} draws of {unit}); those of one election are from draws of its posts. ECE",
        "compares stated and real accuracy in equal-mass bins; its third column is what a perfectly calibrated model",
        "would show on as many posts. One calibration (three numbers) was fitted to all of these scores, so ECE is",
        "a little flattered.",
        "",
        *_table(("figure", "value", "95 %"), rows),
    ]


def _worth(model: Model) -> list[str]:
    """What is promised, each real election as a line, and what a flagged post is worth where few deserve the flag."""
    lines = ["### What is promised, and what a flag is worth", ""]
    rows: list[tuple[str, ...]] = []
    for rate in RATES:
        promise = promise_of(model, rate)
        lines.append(f"- {promise.sentence()}")
        worth = worth_of(promise.tested, 0, 0, PREVALENCE)
        found = f"{percent(worth.recall[0])} ({percent(worth.recall[1])} to {percent(worth.recall[2])})"
        right = f"{percent(worth.precision[0])} ({percent(worth.precision[1])} to {percent(worth.precision[2])})"
        lines.append(
            f"- `--max-fpr {rate:g}`: support found {found}; right where {_percent(PREVALENCE)} of the posts support a "
            f"pair: {right}."
        )
        rows += [
            (f"`{rate:g}`", row.election, f"{row.accused} of {row.neutral}", f"{row.dukung_called} of {row.dukung}",
             f"{row.tolak_called} of {row.tolak}")
            for row in promise.tested
        ]  # fmt: skip
    header = ("`--max-fpr`", "real election", "neutral posts accused", "support found", "opposition found")
    about = "Each real election judged at the level that the others alone would have given it (`data/promise.csv`):"
    return [*lines, "", about, "", *_table(header, rows, text=2)]


def _group_table(kind: str, document: Document, pair_of: Callable[[Example], str], corpus: Corpus) -> list[str]:
    """Figures of the groups of one kind; pairs stand with their election."""
    intervals = any("ci95" in entry for entry in document.values())
    home = {pair_of(e): e.election for e in corpus.examples} if kind == "pair" else {}
    header = (kind, *(("election",) if home else ()), "posts", "macro-F1", "support AUC")
    rows = []
    for name, entry in document.items():
        row = [_plain(name), *((home[name],) if home else ()), f"{entry['n']:,}"]
        for figure in ("macro_f1", "support_auc"):
            row.append(number(entry[figure]))
            if intervals:
                row.append(limits(entry["ci95"][figure]))
        rows.append(row)
    if intervals:
        header = (kind, "posts", "macro-F1", "95 %", "support AUC", "95 %")
    return _table(header, rows, text=2 if home else 1)


def _weaknesses(found: Document, groups: Mapping[str, Document]) -> list[str]:
    large = [
        (entry["macro_f1"], entry["support_auc"], entry["n"], kind, name)
        for kind, document in groups.items()
        for name, entry in document.items()
        if entry["n"] >= FEWEST and entry["macro_f1"] is not None and len(document) > 1
    ]
    worst = sorted(large, key=lambda row: (row[0], row[3], row[4]))[:WEAKEST]
    rows = [(kind, _plain(name), f"{n:,}", number(f1), number(auc)) for f1, auc, n, kind, name in worst]
    table = found["confusion"]
    missed = [
        (f"`{true}`", *(f"{percent(row[given] / sum(row.values()))}" for given in LABELS), f"{sum(row.values()):,}")
        for true, row in table.items()
        if sum(row.values())
    ]
    return [
        "## Known weaknesses",
        "",
        "What each label is taken for, when the most probable one is given:",
        "",
        *_table(("true label", *(f"given {label}" for label in LABELS), "posts"), missed),
        "",
        f"### Weakest groups (of those with {FEWEST} posts or more)",
        "",
        *_table(("kind", "group", "posts", "macro-F1", "support AUC"), rows, text=2),
    ]


def _making(model: Model) -> list[str]:
    facts = model.facts
    calibration = facts.get("calibration", {})
    shifts = ", ".join(f"{label} {value:+.3f}" for label, value in calibration.get("shift", {}).items())
    rows = [
        ("seed", str(facts.get("seed", ""))),
        ("stemmer", model.stem),
        ("regularisation (C)", f"{facts.get('strength', '')}"),
        ("calibration", f"log-odds times {calibration.get('scale', 1.0):.3f}, then {shifts}"),
    ]
    if fitted := facts.get("recalibrated"):
        rows.append(("fitted to", f"{fitted['posts']:,} labelled posts of {', '.join(fitted['elections'])}"))
    rows += [(f"features: {w.block.name}", f"{len(w.features):,} (weight {w.block.weight:g})") for w in model.weights]
    rows += [(name, str(value)) for name, value in sorted(facts.get("versions", {}).items())]
    held_for = " and ".join(f"`{label}`" for label in ACCUSING)
    return [
        "## How it was made",
        "",
        *_table(("setting", "value"), rows, text=2),
        "",
        f"Thresholds for {held_for} are read from the held-out scores of posts that do not deserve the label,",
        "at the level that real elections allow.",
        "The same posts and seed give the same bytes, of the model and of this page.",
    ]


def _table(header: Sequence[str], rows: Rows, text: int = 1) -> list[str]:
    """A Markdown table whose first ``text`` columns are words and stand left; numbers stand right."""
    rule = ["---" if at < text else "---:" for at in range(len(header))]
    return ["| " + " | ".join(cells) + " |" for cells in (header, rule, *rows)]


def _plain(text: str) -> str:
    """A name from a file as text that cannot break out of a table's cell.

    >>> _plain("a|b\\nc <b>")
    'a\\\\|b c &lt;b>'
    """
    escaped = "".join(f"\\{c}" if c in "\\|`*_[]" else c for c in " ".join(text.split()))
    return escaped.replace("<", "&lt;")


def _percent(share: float) -> str:
    return f"{100 * share:g} %"
