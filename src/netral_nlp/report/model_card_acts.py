"""The part of a model card about acts: what they were learned from, and which tables of the law stand behind them."""

from __future__ import annotations

from netral_nlp.model.acts import ActModel


def acts_section(acts: ActModel) -> list[str]:
    """Markdown lines, an empty one first."""
    facts = acts.facts
    rows = [f"| `{act}` | {count:,} |" for act, count in sorted(facts.get("by_act", {}).items())]
    return [
        "",
        "## Acts (`--law`)",
        "",
        f"{facts.get('posts', 0):,} posts labelled with acts, {facts.get('clean', 0):,} of them clean, by "
        f"{len(facts.get('writers', ()))} writers. Measure them with `netral evaluate --law`.",
        f"Tables of the law (SHA-256): `{facts.get('law_sha256', 'unknown')}`; cue lists: `{acts.cues}`.",
        "",
        "| act | posts |",
        "| --- | ---: |",
        *rows,
        "",
        "An act that is told may be indicated; nothing here finds a breach.",
    ]
