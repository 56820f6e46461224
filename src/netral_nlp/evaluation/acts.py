"""How good acts, phases, classes and exceptions are told: on posts labelled with acts, also with writers left out."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from netral_nlp.law.fitting import ActTable, act_table, stance_of, train_on
from netral_nlp.law.indications import MAX_FALSE_ACTS, Advisor, Indication, LawPost
from netral_nlp.law.posts import ActPost
from netral_nlp.law.rules import Rules
from netral_nlp.law.signals import Stance
from netral_nlp.law.tables import ETHICS
from netral_nlp.model.acts import ActModel
from netral_nlp.model.model import Model

SCHEMA = 1
ELECTION_PARTS = 6  # elections are left out some at a time
GOLD_ETHICS = "etik"  # how labelled posts write the class
Say = Callable[[str], None]


@dataclass(frozen=True)
class Judged:
    """Labelled posts with what was told of them, in one order."""

    posts: tuple[ActPost, ...]
    found: tuple[Indication, ...]

    def __add__(self, other: Judged) -> Judged:
        return Judged(self.posts + other.posts, self.found + other.found)


def judge(
    posts: Sequence[ActPost], acts: ActModel, rules: Rules, stances: Mapping[str, Stance | None],
    *, max_false_acts: float = MAX_FALSE_ACTS,
) -> Judged:  # fmt: skip
    """What the law layer tells of posts; ``stances`` are theirs by id."""
    advisors: dict[str, Advisor] = {}
    found: list[Indication] = []
    for post in posts:
        if post.roster.digest not in advisors:
            advisors[post.roster.digest] = Advisor(acts, rules, post.roster, max_false_acts=max_false_acts)
        given = LawPost(post.text, post.time, post.action, post.account, stances.get(post.id))
        found.append(advisors[post.roster.digest].advise(given))
    return Judged(tuple(posts), tuple(found))


def evaluate_acts(
    posts: Sequence[ActPost], model: Model, rules: Rules, *, max_false_acts: float = MAX_FALSE_ACTS
) -> dict[str, Any]:
    """The figures of a model on labelled posts. Raises UsageError (by the model) where it knows no acts."""
    assert model.acts is not None
    stances = _stances(posts, model, rules)
    return {"schema": SCHEMA, "law": figures(judge(posts, model.acts, rules, stances, max_false_acts=max_false_acts))}


def cross_validate_acts(
    posts: Sequence[ActPost],
    model: Model,
    rules: Rules,
    *,
    max_false_acts: float = MAX_FALSE_ACTS,
    say: Say = lambda message: None,
) -> dict[str, Any]:
    """The figures with each writer left out of the fit, and with the elections left out some at a time."""
    table = act_table(posts, model, rules)
    stances = {p.id: r.signals.stance for p, r in zip(table.posts, table.readings, strict=True)}
    elections = sorted({post.election for post in posts})
    parts = {e: str(i % ELECTION_PARTS) for i, e in enumerate(elections)}
    document: dict[str, Any] = {"schema": SCHEMA, "rules_sha256": rules.digest}
    for name, group in (("writers", lambda p: p.writer), ("elections", lambda p: parts[p.election])):
        whole: Judged | None = None
        by_part: dict[str, Any] = {}
        for left_out in sorted({group(post) for post in posts}):
            say(f"Acts with {name} left out: {left_out}")
            rows = [row for row, post in enumerate(table.posts) if group(post) != left_out]
            acts = train_on(table, rows, rules)
            here = [post for post in posts if group(post) == left_out]
            judged = judge(here, acts, rules, stances, max_false_acts=max_false_acts)
            by_part[left_out] = figures(judged)
            whole = judged if whole is None else whole + judged
        if whole is not None:
            document[f"{name}_left_out"] = {**figures(whole), "parts": by_part}
    return document


def _stances(posts: Iterable[ActPost], model: Model, rules: Rules) -> dict[str, Stance | None]:
    readers: dict[str, Any] = {}
    found: dict[str, Stance | None] = {}
    for post in posts:
        if post.roster.digest not in readers:
            assert model.acts is not None
            readers[post.roster.digest] = Advisor(model.acts, rules, post.roster, model.stem).reader.reader
        found[post.id] = stance_of(post.text, readers[post.roster.digest], model)
    return found


def figures(judged: Judged) -> dict[str, Any]:
    """Precision, recall and F1 of each act, and the shares of clean posts, phases, classes and exceptions told right.

    A clean post is one that no act must be found in. ``near_misses`` are clean posts that resemble an act: they say so
    (``[dekat:ACT]``) or have an exception.
    """
    pairs = list(zip(judged.posts, judged.found, strict=True))
    codes = sorted({act for post in judged.posts for act in post.acts})
    by_act = {act: _of_act(act, pairs) for act in codes}
    clean = [not set(told.acts) - post.tolerated for post, told in pairs if post.clean]
    near = [not set(told.acts) - post.tolerated for post, told in pairs if post.clean and post.exceptions]
    phases = [told.phase == post.phase for post, told in pairs]
    classes = [_kind(told.kind) == post.kind for post, told in pairs if post.acts & set(told.acts)]
    due = [told.exception in post.exceptions for post, told in pairs if post.exception_due]
    free = [told.exception in post.exceptions | {""} for post, told in pairs if not post.exception_due]
    by_exception = {
        code: _share([told.exception in p.exceptions for p, told in pairs if p.exception_due and code in p.exceptions])
        for code in sorted({code for post in judged.posts if post.exception_due for code in post.exceptions})
    }
    return {
        "n": len(pairs),
        "macro_f1": float(np.mean([one["f1"] for one in by_act.values()])) if by_act else 0.0,
        "by_act": by_act,
        "clean": _share(clean),
        "clean_with_exception": _share(near),
        "phase": _share(phases),
        "class_where_found": _share(classes),
        "exception": _share(due),
        "no_exception": _share(free),
        "by_exception": by_exception,
        "checked": _share([bool(told.check) for _, told in pairs]),
    }


def _kind(kind: str) -> str:
    return GOLD_ETHICS if kind == ETHICS else kind


def _share(right: Sequence[bool]) -> dict[str, int]:
    return {"n": len(right), "right": sum(right)}


def _of_act(act: str, pairs: Sequence[tuple[ActPost, Indication]]) -> dict[str, float | int]:
    hits = sum(act in told.acts and act in post.acts for post, told in pairs)
    false = sum(act in told.acts and act not in post.acts | post.tolerated for post, told in pairs)
    missed = sum(act not in told.acts and act in post.acts for post, told in pairs)
    precision, recall = hits / max(1, hits + false), hits / max(1, hits + missed)
    return {
        "precision": precision, "recall": recall, "f1": 2 * hits / max(1, 2 * hits + false + missed),
        "found": hits, "false": false, "missed": missed,
    }  # fmt: skip


def acts_text(document: Mapping[str, Any]) -> str:
    """The figures for a terminal."""
    lines: list[str] = []
    titles = {
        "law": "The model's own acts",
        "writers_left_out": "Writers left out",
        "elections_left_out": "Elections left out",
    }
    for key, title in titles.items():
        if key not in document:
            continue
        found = document[key]
        lines += [f"{title}: {found['n']:,} posts, macro-F1 {found['macro_f1']:.3f}"]
        for act, one in found["by_act"].items():
            told = f"P {one['precision']:.2f}  R {one['recall']:.2f}  F1 {one['f1']:.2f}"
            lines.append(f"  {act:<16} {told}   found {one['found']}, false {one['false']}, missed {one['missed']}")
        for name in ("clean", "clean_with_exception", "phase", "class_where_found", "exception", "no_exception"):
            lines.append(f"  {name.replace('_', ' '):<22} {found[name]['right']:,} of {found[name]['n']:,}")
        for part, one in found.get("parts", {}).items():
            clean = f"clean {one['clean']['right']} of {one['clean']['n']}"
            lines.append(f"  left out {part:<12} macro-F1 {one['macro_f1']:.3f}, {clean}")
        lines.append("")
    return "\n".join(lines)


__all__ = ["ActTable", "Judged", "acts_text", "cross_validate_acts", "evaluate_acts", "figures", "judge"]
