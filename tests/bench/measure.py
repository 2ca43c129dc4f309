"""Timing two things in turn, so that a machine that slows down slows both."""

import statistics
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Timings:
    """Seconds of each repetition of one thing."""

    name: str
    seconds: Sequence[float]

    @property
    def median(self) -> float:
        """The middle repetition, in seconds."""
        return statistics.median(self.seconds)

    @property
    def p95(self) -> float:
        """What 95 of 100 repetitions stay under, in seconds."""
        return sorted(self.seconds)[int(len(self.seconds) * 0.95)]

    def __str__(self) -> str:
        """Return the figures in milliseconds."""
        return (
            f"{self.name:<44} median {self.median * 1e3:8.3f} ms   p95 {self.p95 * 1e3:8.3f} ms"
            f"   min {min(self.seconds) * 1e3:8.3f}   max {max(self.seconds) * 1e3:8.3f}"
        )


def in_turn(
    ours: tuple[str, Callable[[], object]], bare: tuple[str, Callable[[], object]], times: int
) -> tuple[Timings, Timings]:
    """Time ``ours`` and ``bare`` one after the other, ``times`` times each."""
    first: list[float] = []
    second: list[float] = []
    for _ in range(times):
        first.append(timed(ours[1]))
        second.append(timed(bare[1]))
    return Timings(ours[0], first), Timings(bare[0], second)


def timed(call: Callable[[], object]) -> float:
    """Return the seconds that one call took."""
    began = time.perf_counter()
    call()
    return time.perf_counter() - began


def report(ours: Timings, bare: Timings) -> list[str]:
    """Return both lines and the ratio between them."""
    medians, p95s = ours.median / bare.median, ours.p95 / bare.p95
    return [
        str(ours),
        str(bare),
        f"{'ratio':<44} median {medians:8.2f} x    p95 {p95s:8.2f} x",
    ]
