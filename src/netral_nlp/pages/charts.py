"""Posts over time as stacked columns, and the frame of every drawing: caption, key of colours, the same as a table."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from html import escape
from typing import Literal

from netral_nlp.pages.svg import Axes, opened

Step = Literal["day", "week", "month"]
MOST_COLUMNS = 70
WIDTH, HEIGHT = 720, 260
HEADROOM = 1.3  # of the highest column: there the spans' names stand
SERIES = ("dukung", "tolak", "ragu", "netral")  # of labels, the foremost first; classes of the style sheet


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of days with its name, drawn behind the columns: the campaign, the quiet days, the vote."""

    name: str
    first: date
    last: date


def step_for(days: Sequence[date]) -> Step:
    """Columns by day, week or month, so that there are not too many."""
    length = (max(days) - min(days)).days + 1
    if length <= MOST_COLUMNS:
        return "day"
    return "week" if length <= 7 * MOST_COLUMNS else "month"


def begin_of(day: date, step: Step) -> date:
    """The first day of the column that a day belongs to; weeks begin on Monday."""
    if step == "day":
        return day
    return day - timedelta(days=day.weekday()) if step == "week" else day.replace(day=1)


def _next(day: date, step: Step) -> date:
    if step == "month":
        return (day.replace(day=1) + timedelta(days=32)).replace(day=1)
    return day + timedelta(days=1 if step == "day" else 7)


def by_step(counts: Mapping[tuple[date, str], int], series: Sequence[str] = SERIES) -> dict[date, dict[str, int]]:
    """For the first day of each column from the first to the last, also of an empty one, its posts by label."""
    days = [day for day, _ in counts]
    step = step_for(days)
    sums: dict[date, dict[str, int]] = {}
    at, last = begin_of(min(days), step), begin_of(max(days), step)
    while at <= last and len(sums) < 1_000:  # a wrong date centuries away must not draw forever
        sums[at] = dict.fromkeys(series, 0)
        at = _next(at, step)
    for (day, label), n in counts.items():
        column = sums.get(begin_of(day, step))
        if column is not None:
            column[label] += n
    return sums


def over_time(
    title: str, counts: Mapping[tuple[date, str], int], spans: Sequence[Span] = (), series: Sequence[str] = SERIES
) -> str:
    """Stacked columns of posts by day, week or month, the last of ``series`` at the foot; ``spans`` shaded behind."""
    step = step_for([day for day, _ in counts])
    sums = by_step(counts, series)
    top = nice(max(sum(column.values()) for column in sums.values()))
    high = top * (HEADROOM if spans else 1.0)
    axes = Axes(title, "", "", (0.0, float(len(sums))), (0.0, high), WIDTH, HEIGHT, bottom=30)
    starts = list(sums)
    parts = [opened(title, WIDTH, HEIGHT), *_spans(axes, starts, step, spans)]
    for value in sorted({0, top // 2, top}):
        y = axes.y(value)
        parts.append(f'<path class="grid" d="M{axes.left} {y}H{WIDTH - 12}"/>')
        parts.append(f'<text x="{axes.left - 6}" y="{y + 4}" text-anchor="end">{value}</text>')
    wide = (axes.x(1) - axes.x(0)) * 0.82
    for number, (start, column) in enumerate(sums.items()):
        told = ", ".join(f"{n} {label}" for label, n in column.items() if n)
        shown, below = [], 0
        for label in reversed(series):
            if column[label]:
                y, floor = axes.y(below + column[label]), axes.y(below)
                shown.append(f'<rect class="{label}" x="{axes.x(number + 0.09)}" y="{y}" width="{wide:.1f}" '
                             f'height="{floor - y:.1f}"/>')  # fmt: skip
                below += column[label]
        parts.append(f"<g><title>{start.isoformat()}: {escape(told)}</title>{''.join(shown)}</g>")
    every = max(1, -(-len(starts) // 7))
    for number in range(0, len(starts), every):
        written = day_name(starts[number], step)
        parts.append(f'<text x="{axes.x(number + 0.5)}" y="{HEIGHT - 12}" text-anchor="middle">{written}</text>')
    return "".join([*parts, "</svg>"])


def _spans(axes: Axes, starts: Sequence[date], step: Step, spans: Sequence[Span]) -> list[str]:
    parts = []
    end = _next(starts[-1], step) - timedelta(days=1)
    for height, span in enumerate(spans):
        if span.last < starts[0] or span.first > end:
            continue
        first = sum(1 for s in starts if _next(s, step) <= span.first)
        last = sum(1 for s in starts if s <= span.last)
        x, wide = axes.x(first), max(axes.x(last) - axes.x(first), 2)
        parts.append(f'<rect class="span s{height % 2}" x="{x}" y="12" width="{wide:.1f}" height="{HEIGHT - 42}">'
                     f"<title>{escape(span.name)}</title></rect>")  # fmt: skip
        anchor, at = ("end", x + wide - 3) if x > WIDTH * 0.75 else ("start", x + 3)
        parts.append(f'<text x="{at:.1f}" y="{24 + 14 * height}" text-anchor="{anchor}">{escape(span.name)}</text>')
    return parts


def nice(value: int) -> int:
    """The next even round number at or above a count.

    >>> nice(3), nice(17), nice(1234)
    (4, 20, 2000)
    """
    scale = 1
    while True:
        for base in (2, 4, 6, 10):
            if base * scale >= value:
                return base * scale
        scale *= 10


def day_name(day: date, step: Step) -> str:
    """A column's name for reading.

    >>> day_name(date(2024, 11, 3), "day"), day_name(date(2024, 11, 1), "month")
    ('03/11/24', '11/2024')
    """
    return day.strftime("%m/%Y" if step == "month" else "%d/%m/%y")


def key(label: str) -> str:
    """A small square in a label's colour."""
    return f'<i class="key {escape(label)}"></i>'


def figure(drawn: str, caption: str, names: Mapping[str, str] | None = None, table: str = "", told: str = "") -> str:
    """A drawing with its caption, the key of its colours (class -> name), and the same in figures under ``told``."""
    keys = " ".join(f"<span>{key(label)}{escape(name)}</span>" for label, name in (names or {}).items())
    figures = f"<details><summary>{escape(told)}</summary>{table}</details>" if table else ""
    told_of = escape(caption)
    frame = f'<div class="drawn" role="group" tabindex="0" aria-label="{told_of}">{drawn}</div>'
    return f"<figure>{frame}<figcaption>{told_of}{': ' if keys else ''}{keys}</figcaption>{figures}</figure>"
