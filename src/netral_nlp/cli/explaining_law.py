"""What the law may call one post, for a terminal and as JSON: acts with the words that indicate them, exceptions."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from netral_nlp.law.indications import Indication
    from netral_nlp.model.model import Model

SHOWN = 0.05  # log-odds below which a stretch is not listed by itself
NEAREST = 2  # acts that are explained where none is indicated


def explained(found: Indication) -> tuple[str, ...]:
    """The acts that are worth an explanation: indicated or withheld ones, else the nearest."""
    acts = (*found.acts, *found.withheld)
    known = tuple(act for act in acts if act in found.combined)
    nearest = sorted(found.combined, key=lambda act: -found.combined[act])[:NEAREST]
    return known or tuple(nearest)


def law_document(text: str, found: Indication, model: Model) -> dict[str, Any]:
    """Everything as plain data; the contributions to an act and its start add up to its score."""
    from netral_nlp.law.contributions import stretches

    acts = model.acts
    assert acts is not None
    assert found.reading is not None
    assert found.scores is not None
    explanations = {
        act: {
            "score": float(found.scores[acts.at[act]]),
            "start": float(acts.intercept[acts.at[act]]),
            "indicated": found.combined[act],
            "threshold": found.thresholds[act],
            "contributions": [
                {"start": one.start, "end": one.end, "written": one.written, "value": one.value}
                for one in stretches(text, found.reading, acts, act)
            ],
        }
        for act in explained(found)
    }
    exemption = found.exemption
    return {
        "acts": list(found.acts), "withheld": list(found.withheld), "phase": found.phase, "class": found.kind,
        "level": found.level, "items": list(found.items), "basis": list(found.basis), "exception": found.exception,
        "conditions": [] if exemption is None else [
            {"condition": one.name, "state": one.state.value, "needed": one.needed} for one in exemption.conditions
        ],
        "check": list(found.check), "law_sha256": acts.facts.get("law_sha256", ""), "explanations": explanations,
    }  # fmt: skip


def law_text(text: str, found: Indication, model: Model) -> str:
    """The same for a terminal."""
    document = law_document(text, found, model)
    told = ", ".join(found.acts) or "none"
    lines = [f"Law: acts that may be indicated: {told}"]
    if found.withheld:
        lines.append(f"  withheld: {', '.join(found.withheld)}")
    for name, value in (("phase", found.phase), ("class", found.kind), ("level", found.level)):
        lines.append(f"  {name}: {value or 'not to be told'}")
    if found.items:
        lines.append(f"  items: {'; '.join(found.items)}")
    if found.exception:
        lines.append(f"  exception: {found.exception}")
        lines += [f"    {one['condition']}: {one['state']}" for one in document["conditions"]]
    lines += [f"  a person must look: {reason}" for reason in found.check]
    for act, one in document["explanations"].items():
        lines.append(f"  {act}: indicated {one['indicated']:+.2f}, threshold {one['threshold']:+.2f}")
        rows = [
            (c["value"], c["written"] if c["written"] != text else "(the post as a whole)")
            for c in one["contributions"]
        ]
        shown = sorted((row for row in rows if abs(row[0]) >= SHOWN), key=lambda row: -abs(row[0]))
        lines += [f"    {value:+7.2f}  {' '.join(written.split())}" for value, written in shown]
        rest = sum(value for value, _ in rows if abs(value) < SHOWN)
        lines += [f"    {rest:+7.2f}  (smaller ones together)", f"    {one['start']:+7.2f}  (start: any post)"]
        lines.append(f"    {one['score']:+7.2f}  = sum")
    return "\n".join(lines)
