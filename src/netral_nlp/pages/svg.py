"""Small plots written by hand as SVG: no script, no font, no file from elsewhere; ``style.css`` colours them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from html import escape

Point = tuple[float, float]
BROAD = 600  # pixels above which letters would be too small where a drawing is made as narrow as a telephone


@dataclass(frozen=True, slots=True)
class Axes:
    """A plot's frame: what it is called, the ranges of its axes, and where it lies in the drawing (in pixels)."""

    title: str
    x_label: str
    y_label: str
    x_range: tuple[float, float] = (0.0, 1.0)
    y_range: tuple[float, float] = (0.0, 1.0)
    width: int = 360
    height: int = 320
    left: int = 46
    bottom: int = 44

    def x(self, value: float) -> float:
        """Where a value of the horizontal axis is drawn; values outside the range at its border."""
        low, high = self.x_range
        share = min(max((value - low) / (high - low), 0.0), 1.0)
        return round(self.left + share * (self.width - self.left - 12), 1)

    def y(self, value: float) -> float:
        """Where a value of the vertical axis is drawn."""
        low, high = self.y_range
        share = min(max((value - low) / (high - low), 0.0), 1.0)
        return round(self.height - self.bottom - share * (self.height - self.bottom - 12), 1)


def line(axes: Axes, points: Iterable[Point], kind: str = "curve") -> str:
    """A line through points; ``kind`` is a class of the style sheet."""
    path = " ".join(f"{axes.x(x)},{axes.y(y)}" for x, y in points)
    return f'<polyline class="{kind}" points="{path}"/>'


def dots(axes: Axes, points: Iterable[Point], titles: Iterable[str]) -> str:
    """Points, each with a text that a pointer over it shows."""
    return "".join(
        f'<circle class="dot" cx="{axes.x(x)}" cy="{axes.y(y)}" r="4"><title>{escape(title)}</title></circle>'
        for (x, y), title in zip(points, titles, strict=True)
    )


def ticks(low: float, high: float, steps: int = 5) -> list[float]:
    """Evenly spaced values from low to high."""
    return [low + (high - low) * at / steps for at in range(steps + 1)]


def plot(axes: Axes, *marks: str) -> str:
    """The drawing: frame, grid, numbers and names of the axes, then the marks."""
    right, top, floor = axes.width - 12, 12, axes.height - axes.bottom
    parts = [opened(axes.title, axes.width, axes.height)]
    for value in ticks(*axes.x_range):
        x = axes.x(value)
        parts.append(f'<path class="grid" d="M{x} {top}V{floor}"/>')
        parts.append(f'<text x="{x}" y="{floor + 16}" text-anchor="middle">{value:.2g}</text>')
    for value in ticks(*axes.y_range):
        y = axes.y(value)
        parts.append(f'<path class="grid" d="M{axes.left} {y}H{right}"/>')
        parts.append(f'<text x="{axes.left - 6}" y="{y + 4}" text-anchor="end">{value:.2g}</text>')
    middle = (top + floor) / 2
    across, turned = (axes.left + right) / 2, f"translate(12 {middle}) rotate(-90)"
    parts.append(f'<text x="{across}" y="{axes.height - 8}" text-anchor="middle">{escape(axes.x_label)}</text>')
    parts.append(f'<text transform="{turned}" text-anchor="middle">{escape(axes.y_label)}</text>')
    return "".join([*parts, *marks, "</svg>"])


@dataclass(frozen=True, slots=True)
class Bar:
    """One value with its name, and its interval where it is known."""

    name: str
    value: float
    limits: Sequence[float] | None


def bars(title: str, values: Sequence[Bar], *, start: float = 0.0, marked: float | None = None) -> str:
    """Horizontal bars from ``start`` to 1 under their names: whiskers for intervals, a dashed line at ``marked``."""
    row, floor = 34, 34 * len(values) + 8
    axes = Axes(title, "", "", (start, 1.0), height=floor + 24, left=8)
    parts = [opened(title, axes.width, axes.height)]
    for value in ticks(start, 1.0):
        x = axes.x(value)
        parts.append(f'<path class="grid" d="M{x} 4V{floor}"/>')
        parts.append(f'<text x="{x}" y="{floor + 16}" text-anchor="middle">{value:.2g}</text>')
    for at, bar in enumerate(values):
        y, long = at * row + 6, axes.x(bar.value) - axes.left
        parts.append(f'<text x="{axes.left + 2}" y="{y + 10}">{escape(bar.name)}: {bar.value:.3f}</text>')
        parts.append(f'<rect class="bar" x="{axes.left}" y="{y + 15}" width="{long:.1f}" height="11"/>')
        if bar.limits is not None:
            low, high = axes.x(bar.limits[0]), axes.x(bar.limits[1])
            parts.append(f'<path class="whisker" d="M{low} {y + 20.5}H{high}M{low} {y + 17}v7M{high} {y + 17}v7"/>')
    if marked is not None:
        parts.append(f'<path class="guide" d="M{axes.x(marked)} 4V{floor}"/>')
    return "".join([*parts, "</svg>"])


def opened(title: str, width: int, height: int) -> str:
    """The beginning of a drawing, named for who cannot see it; one too wide for a telephone is ``broad``."""
    kind = ' class="broad"' if width > BROAD else ""
    told = escape(title)
    return f'<svg{kind} viewBox="0 0 {width} {height}" role="img" aria-label="{told}"><title>{told}</title>'
