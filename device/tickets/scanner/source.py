"""A scanner at the counter as a ticket source."""

from __future__ import annotations

import logging
from collections import Counter, deque
from typing import TYPE_CHECKING, Any

from device.core.scanning import Key, Memory, Reading, Scan, Typed, type_key, understand
from device.core.told import Word
from device.hardware.inputs import EV_KEY
from wire.ids import new_id

if TYPE_CHECKING:
    from collections.abc import Callable

    from device.core.scanning import Meant
    from device.core.told import Verdict
    from device.hardware.inputs import InputDevice
    from device.ports import Clock
    from device.settings import ScannerSettings, TerminalSettings

_log = logging.getLogger(__name__)

LOOK_EVERY_MS = 1_000
MOST_WORDS = 8


class ScannerTickets:
    """Implements the port ``TicketSource`` over a scanner.

    Args:
        keyboard: What the scanner types on.
        settings: How codes are understood.
        terminal: Where this is.
        clock: The time.
        day: Gives the service day, None if it is not known.
        memory: The running number of dossiers so far.
    """

    def __init__(
        self,
        keyboard: InputDevice,
        settings: ScannerSettings,
        terminal: TerminalSettings,
        clock: Clock,
        day: Callable[[], str | None],
        memory: Memory,
    ) -> None:
        self._keyboard = keyboard
        self._reading = Reading(settings.pattern, settings.letters)
        self._terminal = terminal
        self._clock = clock
        self._day = day
        self._memory = memory
        self._typed = Typed()
        self._words: deque[Word] = deque()
        self._looked_at: int | None = None
        self._missing: str | None = None
        self._scans = 0
        self._refused: Counter[str] = Counter()

    def take(self) -> Word | None:
        """Return what was scanned and is not settled yet; look for the scanner now and then."""
        now = self._clock.up_ms()
        if self._looked_at is None or now - self._looked_at >= LOOK_EVERY_MS:
            self._looked_at = now
            self._look()
        return self._words[0] if self._words else None

    def settle(self, _verdict: Verdict) -> None:
        """The oldest scan was dealt with."""
        self._words.popleft()

    def report(self) -> dict[str, Any]:
        """Return whether the scanner is there, and what was scanned and refused."""
        refused = {f"refused_{why}": count for why, count in self._refused.items()}
        faults = [] if self._keyboard.plugged else ["scanner missing"]
        return {"scanner": {"scans": self._scans, **refused}, "faults": faults}

    def fileno(self) -> int:
        """Return a descriptor that becomes readable when something is scanned."""
        return self._keyboard.fileno()

    def drain(self) -> None:
        """Read what was typed; never blocks."""
        up = self._clock.up_ms()
        for kind, code, value in self._keyboard.read():
            # 2 is a key held down, repeated by the kernel: a scanner holds none.
            if kind == EV_KEY and value in (0, 1):
                self._on_key(Key(up, code, down=value == 1))

    def close(self) -> None:
        """Give the scanner back."""
        self._keyboard.close()

    def _look(self) -> None:
        missing = self._keyboard.plug()
        if missing != self._missing:
            if missing is None:
                _log.info("the scanner is there")
            else:
                _log.error("the scanner cannot be used: %s; trying again each second", missing)
            self._missing, self._typed = missing, Typed()

    def _on_key(self, key: Key) -> None:
        self._typed, code, refused = type_key(self._typed, key)
        if refused is not None:
            self._refuse(refused)
        if code is None:
            return
        scan = Scan(key.up, code, new_id(), self._day())
        self._memory, meant = understand(self._memory, scan, self._reading)
        if meant is None:
            self._refuse("unknown")
        else:
            self._say(meant, scan.day)

    def _say(self, meant: Meant, day: str | None) -> None:
        self._scans += 1
        if len(self._words) == MOST_WORDS:
            # The journal takes nothing. The oldest may just be tried; of the others it goes first.
            del self._words[1]
        place = self._terminal
        self._words.append(
            Word(
                origin="scanner",
                counter=place.counter,
                counter_name=place.counter_name,
                ticket=meant.ticket,
                event=meant.event,
                visit=meant.visit,
                day=day,
                dossier=meant.dossier,
            )
        )

    def _refuse(self, why: str) -> None:
        # What was scanned may be somebody's identity card: it is not logged.
        self._refused[why] += 1
        _log.warning("a scan is refused: %s", why)
