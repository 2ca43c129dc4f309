"""One counter with everything that stands on it, on a real journal."""

from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from device.clock import local_time
from device.core.policy import Asking, Hours, Item, Policy, Tickets, Without
from device.core.press import Accepted
from device.core.rules import Site
from device.core.targets import Target
from device.counter.desk import Desk
from device.ports import Appended
from tests.fakes.counter import BreakableJournal, FakeButtons, FakeScreen, FakeTickets, touch
from tests.fakes.journals import StillClock, opened
from wire.records import Boot, Fault, Items, Rating, Reasons, Ticket

BOOT = Boot("0.1.0", "none")
SAIGON = ZoneInfo("Asia/Ho_Chi_Minh")
QUIET = Asking(reasons="never")
ITEMS = tuple(Item(f"item-{number}") for number in range(1, 15))
ASKING = Asking(items=ITEMS)
BUTTONS_ONLY = Site("t-1", "Q1", "Quầy 1", screen=False, touch=False)


class Counter:
    """One counter with everything that stands on it."""

    def __init__(
        self,
        data: Path,
        clock: StillClock | None = None,
        *,
        asking: Asking = QUIET,
        without: Without = "wait",
        hours: Hours = Hours(),  # noqa: B008 - frozen
        site: Site = Site("t-1", "Q1", "Quầy 1"),  # noqa: B008 - frozen
    ) -> None:
        self.clock = clock or StillClock()
        self.real = opened(data, self.clock).journal  # type: ignore[arg-type]
        self.journal = BreakableJournal(self.real)
        self.tickets = FakeTickets()
        self.buttons = FakeButtons()
        self.screen = FakeScreen()
        self.told: list[tuple[Rating, str | None, Appended]] = []
        self.policy = Policy(tickets=Tickets(without=without), asking=asking, hours=hours)
        self.desk = Desk(
            self.clock,  # type: ignore[arg-type]
            self.journal,
            self.tickets,
            self.buttons,
            self.screen,
            site,
            self.policy,
            self.local,
            lambda *told: self.told.append(told),
        )

    def local(self) -> datetime | None:
        return local_time(self.clock, SAIGON)  # type: ignore[arg-type]

    def start(self) -> "Counter":
        self.desk.start(BOOT)
        return self

    def turn(self, ms: int = 0) -> "Counter":
        self.clock.advance(ms)
        self.desk.turn()
        return self

    def press(self, button: int = 1, after_ms: int = 0) -> "Counter":
        self.clock.advance(after_ms)
        self.buttons.events.append(Accepted(button, self.clock.up_ms()))
        self.desk.turn()
        return self

    def touch(self, *names: str, kind: str = "", after_ms: int = 0) -> "Counter":
        """Touch keys and items, or choices, one after the other; ``kind`` where a name is both."""
        if after_ms:
            self.turn(after_ms)
        for name in names:
            self.screen.touches = [self._target(name, kind)]
            self.desk.turn()
        return self

    def _target(self, name: str, kind: str) -> Target:
        if kind:
            return Target(kind, name)  # type: ignore[arg-type]
        shown = self.screen.now
        if name in [item.code for item in shown.items]:
            return Target("item", name)
        if name in shown.choices:
            return touch(name)
        assert name in shown.keys, (name, shown)
        return Target("key", name)

    @property
    def ratings(self) -> list[Rating]:
        return [body for body in self.journal.appended if isinstance(body, Rating)]

    @property
    def faults(self) -> list[Fault]:
        return [body for body in self.journal.appended if isinstance(body, Fault)]

    @property
    def seen(self) -> list[str]:
        return [body.event for body in self.journal.appended if isinstance(body, Ticket)]

    @property
    def reasons(self) -> list[Reasons]:
        return [body for body in self.journal.appended if isinstance(body, Reasons)]

    @property
    def complaints(self) -> list[Items]:
        return [body for body in self.journal.appended if isinstance(body, Items)]
