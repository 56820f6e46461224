"""Amounts as bars and fields: shares of labels, groups side by side, counts, two judges crossed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape

from netral_nlp.pages.charts import SERIES
from netral_nlp.pages.svg import opened

WIDTH = 720
NAMES = 250  # pixels for the names on the left
LONGEST = 34  # letters of a name that fit there


def shares(counts: Mapping[str, int], title: str, series: Sequence[str] = SERIES) -> str:
    """One stacked bar of a group's labels over its whole width."""
    total = sum(counts.values())
    x, parts = 0.0, [opened(title, 200, 12)]
    for label in series:
        if n := counts.get(label, 0):
            wide = 200 * n / total
            parts.append(f'<rect class="{escape(label)}" x="{x:.2f}" y="0" width="{wide:.2f}" height="12"/>')
            x += wide
    return "".join([*parts, "</svg>"])


def stacked(
    title: str, groups: Mapping[str, Mapping[str, int]], series: Sequence[str] = SERIES,
    names: Mapping[str, str] | None = None,
) -> str:  # fmt: skip
    """A bar for each group, as long as it has posts, divided by label; its sum at the end.

    ``names`` are what a reader calls the labels, whose colours are by what they are.
    """
    names = names or dict(zip(series, series, strict=True))
    most = max((sum(counts.values()) for counts in groups.values()), default=0) or 1
    parts = [opened(title, WIDTH, _height(len(groups)))]
    for at, (name, counts) in enumerate(groups.items()):
        x, total = float(NAMES), sum(counts.values())
        parts.append(_name(at, name))
        told = ", ".join(f"{counts[label]} {names[label]}" for label in series if counts.get(label))
        parts.append(f"<g><title>{escape(name)}: {escape(told)}</title>")
        for label in series:
            if n := counts.get(label, 0):
                wide = _length(n, most)
                place = f'x="{x:.1f}" y="{at * 30 + 8}" width="{wide:.1f}" height="18"'
                parts.append(f'<rect class="{escape(label)}" {place}/>')
                x += wide
        parts.append(f'</g><text x="{x + 6:.1f}" y="{at * 30 + 21}">{total}</text>')
    return "".join([*parts, "</svg>"])


def counted(title: str, counts: Mapping[str, int]) -> str:
    """A bar for each name, as long as its count, in the order given."""
    most = max(counts.values(), default=0) or 1
    parts = [opened(title, WIDTH, _height(len(counts)))]
    for at, (name, n) in enumerate(counts.items()):
        wide = _length(n, most)
        parts.append(_name(at, name))
        parts.append(f'<rect class="solid" x="{NAMES}" y="{at * 30 + 8}" width="{wide:.1f}" height="18"/>')
        parts.append(f'<text x="{NAMES + wide + 6:.1f}" y="{at * 30 + 21}">{n}</text>')
    return "".join([*parts, "</svg>"])


def crossed(title: str, names: Sequence[str], counts: Mapping[tuple[str, str], int], down: str, across: str) -> str:
    """What one judge said (``down``) against what another did (``across``): a field for each two, darker with more."""
    cell, left, top = 84, NAMES, 46
    most = max(counts.values(), default=0) or 1
    height = top + 44 * len(names) + 10
    width = max(WIDTH, left + cell * len(names) + 10)
    parts = [opened(title, width, height), f'<text class="name" x="{left}" y="14">{escape(_short(across))}</text>',
             f'<text class="name" x="0" y="{top - 8}">{escape(_short(down))}</text>']  # fmt: skip
    for at, name in enumerate(names):
        parts.append(f'<text x="{left + cell * (at + 0.5):.0f}" y="34" text-anchor="middle">{escape(name)}</text>')
        parts.append(f'<text x="{left - 10}" y="{top + 44 * at + 27}" text-anchor="end">{escape(name)}</text>')
        for other, second in enumerate(names):
            n = counts.get((name, second), 0)
            x, y = left + cell * other, top + 44 * at
            shade = f' fill-opacity="{0.08 + 0.42 * n / most:.2f}"' if n else ' fill-opacity="0"'
            parts.append(f'<rect class="solid" x="{x + 2}" y="{y + 2}" width="{cell - 4}" height="40"{shade}/>')
            parts.append(f'<text class="name" x="{x + cell / 2:.0f}" y="{y + 27}" text-anchor="middle">{n}</text>')
    return "".join([*parts, "</svg>"])


def _height(rows: int) -> int:
    return 30 * max(rows, 1) + 8


def _length(n: int, most: int) -> float:
    return (WIDTH - NAMES - 60) * n / most


def _short(name: str) -> str:
    return name if len(name) <= LONGEST else name[: LONGEST - 1] + "…"


def _name(at: int, name: str) -> str:
    return f'<text class="name" x="0" y="{at * 30 + 21}">{escape(_short(name))}<title>{escape(name)}</title></text>'
