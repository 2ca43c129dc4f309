"""A counter without hardware: tickets, buttons and a screen that tests move and look at."""

import os
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from device.core.calling import word_of
from device.core.policy import Look, Texts
from device.core.press import PressEvent
from device.core.targets import Target
from device.core.told import Verdict, Word
from device.core.view import View
from device.ports import Appended, JournalError
from wire.down import CurrentTicket
from wire.records import Body

TICKET = CurrentTicket(
    dev="t-1",
    n=1,
    iat=1_790_000_000_000,
    ttl_s=3600,
    counter="Q1",
    counter_name="Quầy 1",
    visit="visit-a",
    ticket="A001",
    event="called",
    day="2026-11-22",
)


class FakeTickets:
    """A ticket source that says what the test says."""

    def __init__(self, now: CurrentTicket | None = TICKET) -> None:
        self.now = now
        self._settled: CurrentTicket | None = None

    def take(self) -> Word | None:
        return None if self.now == self._settled else word_of(self.now)

    def settle(self, verdict: Verdict) -> None:
        self._settled = self.now

    def report(self) -> dict[str, Any]:
        return {}

    def say(self, **changes: object) -> None:
        """Replace fields of the current ticket, with a higher ``n``."""
        base = self.now or TICKET
        self.now = replace(base, n=base.n + 1, **changes)  # type: ignore[arg-type]

    def fileno(self) -> int:
        return os.open(os.devnull, os.O_RDONLY)

    def drain(self) -> None:
        pass


class FakeButtons:
    """Buttons whose events the test gives, and a light it can look at."""

    def __init__(self) -> None:
        self.events: list[PressEvent] = []
        self.lit = False
        self.lights: list[bool] = []
        self.alone: int | None = None

    def take(self) -> Sequence[PressEvent]:
        taken, self.events = self.events, []
        return taken

    def fileno(self) -> int:
        return os.open(os.devnull, os.O_RDONLY)

    def reads(self) -> bool:
        return True

    def acknowledge(self, on: bool) -> None:
        self.lit, self.alone = on, None
        self.lights.append(on)

    def light_one(self, button: int) -> None:
        self.lit, self.alone = False, button

    def close(self) -> None:
        pass


class FakeScreen:
    """A screen that remembers what it showed."""

    def __init__(self) -> None:
        self.views: list[View] = []
        self.touches: list[Target] = []
        self.worn: tuple[Look, Texts] | None = None
        self.driver = "fake"

    @property
    def now(self) -> View:
        return self.views[-1]

    def show(self, view: View) -> None:
        if not self.views or self.views[-1] != view:
            self.views.append(view)

    def dress(self, look: Look, texts: Texts) -> None:
        self.worn = (look, texts)

    def touched(self) -> Sequence[Target]:
        taken, self.touches = self.touches, []
        return taken

    def wakes(self) -> Sequence[int]:
        return ()

    def closed(self) -> bool:
        return False

    def close(self) -> None:
        pass


class BreakableJournal:
    """A real journal whose disk can be taken away, now or after some more records."""

    def __init__(self, real: object) -> None:
        self._real = real
        self.broken = False
        self.full = False
        self.breaks_after: int | None = None
        self.refused = 0
        self.appended: list[Body] = []

    def append(self, body: Body) -> Appended:
        self._check()
        appended: Appended = self._real.append(body)  # type: ignore[attr-defined]
        self.appended.append(body)
        return appended

    def check_room(self) -> None:
        if self.full:
            raise JournalError("the disk is full", "full")

    def standing(self, visit: str) -> int | None:
        if self.broken:
            raise JournalError("the disk is full")
        seq: int | None = self._real.standing(visit)  # type: ignore[attr-defined]
        return seq

    def _check(self) -> None:
        if self.breaks_after is not None:
            self.breaks_after -= 1
            if self.breaks_after < 0:
                self.broken, self.breaks_after = True, None
        if self.broken:
            self.refused += 1
            raise JournalError("the disk is full")


def touch(name: str) -> Target:
    """Return what a finger touches to make a choice."""
    return Target("choice", name)
