"""Charts as geometry: numbers go in, places of lines and boxes come out; `charts.html` draws them.

Coordinates are those of the ``viewBox``. A day that told nothing is a gap with a hatch, never a
zero; a closed day is a gap without one.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from fleet_server.core.gaps import Status

WIDTH, HEIGHT = 720.0, 150.0
LEFT, RIGHT, TOP, BOTTOM = 44.0, 12.0, 8.0, 24.0
SPARK = (90.0, 20.0)
LABELS = 8
"""About so many points of a line are named below it."""


@dataclass(frozen=True, slots=True)
class Point:
    """A point of a line.

    Attributes:
        label: what is written below it.
        value: a share in per cent, or None.
        status: why there may be none.
        target: the target of that day in per cent, or None.
        href: where it leads.
        told: what a pointer shows.
    """

    label: str
    value: float | None
    status: Status = "told"
    target: float | None = None
    href: str = ""
    told: str = ""


@dataclass(frozen=True, slots=True)
class Dot:
    """A point in its place."""

    x: float
    y: float
    point: Point


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle over the whole height."""

    x: float
    width: float


@dataclass(frozen=True, slots=True)
class Label:
    """A word below the line."""

    x: float
    text: str


@dataclass(frozen=True, slots=True)
class Line:
    """A line with its gaps, its target, and what stands around it."""

    runs: list[str]
    dots: list[Dot]
    missing: list[Box]
    targets: list[str]
    labels: list[Label]

    @property
    def levels(self) -> list[tuple[int, float]]:
        """The lines of 0, 50 and 100 per cent."""
        return [(level, height(level)) for level in (0, 50, 100)]


def height(percent: float) -> float:
    """Return how far from the top a share stands."""
    inside = HEIGHT - TOP - BOTTOM
    return round(TOP + inside * (1 - percent / 100), 1)


def line(points: Sequence[Point]) -> Line:
    """Lay out a line of shares."""
    step = (WIDTH - LEFT - RIGHT) / max(len(points), 1)
    middles = [round(LEFT + step * (n + 0.5), 1) for n in range(len(points))]
    dots = [
        Dot(x, height(one.value), one)
        for x, one in zip(middles, points, strict=True)
        if one.value is not None
    ]
    missing = [
        Box(round(LEFT + step * n, 1), round(step, 1))
        for n, one in enumerate(points)
        if one.status == "missing"
    ]
    every = max(1, -(-len(points) // LABELS))
    labels = [Label(middles[n], points[n].label) for n in range(0, len(points), every)]
    values = [None if one.value is None else height(one.value) for one in points]
    return Line(_runs(middles, values), dots, missing, _targets(points, step), labels)


def _runs(xs: Sequence[float], ys: Sequence[float | None]) -> list[str]:
    """Return the points of each part of a line between gaps, as ``points`` of a polyline."""
    runs: list[list[str]] = [[]]
    for x, y in zip(xs, ys, strict=True):
        if y is None:
            runs.append([])
        else:
            runs[-1].append(f"{x:g},{y:g}")
    return [" ".join(run) for run in runs if len(run) > 1]


def _targets(points: Sequence[Point], step: float) -> list[str]:
    """Return the target as lines, one for each stretch in which it stays the same."""
    found: list[tuple[float, float, float]] = []
    for n, one in enumerate(points):
        if one.target is None:
            continue
        start, end, y = LEFT + step * n, LEFT + step * (n + 1), height(one.target)
        if found and found[-1][1:] == (start, y):
            found[-1] = (found[-1][0], end, y)
        else:
            found.append((start, end, y))
    return [f"{start:.1f},{y:g} {end:.1f},{y:g}" for start, end, y in found]


def column(count: int) -> float:
    """Return how wide the column of one of so many points is: most of its place."""
    return round(0.7 * (WIDTH - LEFT - RIGHT) / max(count, 12), 1)


@dataclass(frozen=True, slots=True)
class Spark:
    """A small line without words: its parts, single days, and the days that are missing."""

    runs: list[str]
    single: list[tuple[float, float]]
    missing: list[Box]
    last: tuple[float, float] | None


def spark(values: Sequence[float | None], statuses: Sequence[Status]) -> Spark:
    """Lay out a small line of shares in per cent."""
    width, tall = SPARK
    step = width / max(len(values), 1)
    xs = [round(step * (n + 0.5), 1) for n in range(len(values))]
    ys = [None if one is None else round((tall - 2) * (1 - one / 100) + 1, 1) for one in values]
    places = [(x, y) for x, y in zip(xs, ys, strict=True) if y is not None]
    single = [
        (x, y)
        for n, (x, y) in enumerate(zip(xs, ys, strict=True))
        if y is not None
        and not any(other is not None for other in (*ys[:n][-1:], *ys[n + 1 : n + 2]))
    ]
    gaps = [
        Box(round(step * n, 1), round(step, 1))
        for n, status in enumerate(statuses)
        if status == "missing"
    ]
    return Spark(_runs(xs, ys), single, gaps, places[-1] if places else None)
