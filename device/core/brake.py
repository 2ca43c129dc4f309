"""How often a caller may come: so many times in each of several spans. Pure."""

from __future__ import annotations

from collections import deque


class Brake:
    """Counts what it lets through.

    Args:
        limits: Pairs of a number and the span in milliseconds in which no more are let through.
    """

    def __init__(self, *limits: tuple[int, int]) -> None:
        self._spans = [(span, deque[int](maxlen=most)) for most, span in limits]

    def wait_ms(self, now: int) -> int:
        """Return how long to wait at ``now`` (monotonic milliseconds); 0 lets one through."""
        waits = [
            span - (now - passed[0])
            for span, passed in self._spans
            if len(passed) == passed.maxlen and now - passed[0] < span
        ]
        if waits:
            return max(waits)
        for _, passed in self._spans:
            passed.append(now)
        return 0
