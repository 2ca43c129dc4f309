"""A loudspeaker that remembers what it played."""

from collections.abc import Sequence

from device.core.cues import Cue


class FakeSound:
    """Implements the port ``Sound``."""

    def __init__(self) -> None:
        self.played: list[tuple[tuple[Cue, ...], str]] = []

    def play(self, cues: Sequence[Cue], language: str) -> None:
        self.played.append((tuple(cues), language))

    def report(self) -> dict[str, object]:
        return {"sound": "ok"}

    def close(self) -> None:
        pass
