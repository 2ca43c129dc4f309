"""Simulated button lines at 1 kHz, and what the detector makes of them."""

from collections.abc import Sequence

from device.core.press import SAMPLE_MS, Accepted, PressDetector, PressEvent


def watch(
    lines: Sequence[Sequence[bool]], detector: PressDetector | None = None
) -> list[PressEvent]:
    """Sample lines given level by level for each millisecond, edges counted as a driver does."""
    detector = detector or PressDetector(len(lines))
    edges = [0] * len(lines)
    before = [False] * len(lines)
    found: list[PressEvent] = []
    for now in range(max(map(len, lines))):
        levels = [now < len(line) and line[now] for line in lines]
        edges = [n + (a != b) for n, a, b in zip(edges, levels, before, strict=True)]
        before = levels
        if now % SAMPLE_MS == 0:
            found += detector.sample(now, levels, edges)
            edges = [0] * len(lines)
    return found


def accepted(found: Sequence[PressEvent]) -> list[int]:
    """Return when presses were accepted."""
    return [event.up for event in found if isinstance(event, Accepted)]


def rest(ms: int) -> list[bool]:
    """A line at rest."""
    return [False] * ms


def down(ms: int) -> list[bool]:
    """A line held active."""
    return [True] * ms
