"""Carrying out the commands that are the terminal's, each at most once and each answered.

What is unknown or wrong the uplink has refused already, and ``hello``, ``re-enrol`` and ``update``
it does itself. A command is begun in the book before anything is done.
"""

from __future__ import annotations

import json
import logging
from typing import TYPE_CHECKING, Any, Protocol

from device.ports import MachineError
from device.remote.book import Begun
from device.results import reason
from wire.commands import read_order
from wire.errors import WireError
from wire.up import CommandResult

if TYPE_CHECKING:
    from collections.abc import Callable

    from device.inbox.reader import Awaiting
    from device.ports import Clock, Computer
    from device.remote.book import OrderBook
    from device.remote.keychange import KeyChanger
    from wire.commands import Order

log = logging.getLogger(__name__)

LONGEST_DETAILS = 4096
_CUT_SHORT = "the terminal ended before it was done"
_FORGOTTEN = "the terminal lost its memory of what it had begun"
_UPLINKS = ("hello", "re-enrol", "update")


class Counter(Protocol):
    """What is asked of the counter; the desk."""

    def identify(self, until: int) -> None:
        """Blink, and show which terminal this is, until ``until`` (monotonic milliseconds)."""

    def self_test(self, told: Callable[[dict[str, Any]], None] | None = None) -> None:
        """Begin a self-test; ``told`` hears its outcome."""


class Commands:
    """Carries out what waits.

    Args:
        clock: The time.
        boot: Id of the machine's boot.
        book: What was begun.
        counter: Does what is seen.
        computer: Starts the machine again.
        restart: Ends this process, which is then started again.
        diagnose: Returns the facts for a technician.
        keys: Changes the key.
    """

    def __init__(
        self,
        clock: Clock,
        boot: str,
        book: OrderBook,
        counter: Counter,
        computer: Computer,
        restart: Callable[[], None],
        diagnose: Callable[[], str],
        keys: KeyChanger,
    ) -> None:
        self._clock = clock
        self._boot = boot
        self._book = book
        self._counter = counter
        self._computer = computer
        self._restart = restart
        self._diagnose = diagnose
        self._keys = keys
        self._settle()

    def look(self, waiting: list[Awaiting]) -> None:
        """Carry out what waits and was not begun yet, oldest first."""
        for awaiting in waiting:
            if not self._book.knows(awaiting.command.n):
                self._take(awaiting)
        self._book.lost = False
        self._change_key()

    def told(self, numbers: set[int]) -> None:
        """The uplink has the outcomes of the commands with these numbers."""
        self._book.told(numbers)

    def results(self) -> list[CommandResult]:
        """Return the outcomes that are not told yet."""
        return [
            CommandResult(n, outcome, details)  # type: ignore[arg-type]  # one of our own words
            for n, outcome, details in self._book.outcomes()
        ]

    def _take(self, awaiting: Awaiting) -> None:
        command = awaiting.command
        try:
            order = read_order(command.name, command.arguments)
        except WireError:
            return
        if order.name in _UPLINKS:
            return
        if self._book.lost:
            self._book.finish(command.n, "failed", _FORGOTTEN)
        elif order.name == "rotate-key" and self._keys.is_under_way():
            self._begin(command.n, order)
        elif not awaiting.fresh:
            log.warning("command %d, %s, came to nobody in time", command.n, order.name)
            self._book.finish(command.n, "expired")
        elif order.name != "rotate-key" and self._begin(command.n, order):
            self._do(command.n, order)

    def _begin(self, n: int, order: Order) -> bool:
        try:
            self._book.begin(Begun(n, order.name, self._boot))
        except OSError as error:
            self._book.finish(n, "failed", reason(f"it cannot be noted as begun: {error}"))
            return False
        log.info("command %d: %s", n, order.name)
        return True

    def _do(self, n: int, order: Order) -> None:
        if order.name == "identify":
            self._counter.identify(self._clock.up_ms() + order.seconds * 1000)
            self._book.finish(n, "done")
        elif order.name == "self-test":
            self._counter.self_test(lambda found: self._tested(n, found))
        elif order.name == "diagnostics":
            self._book.finish(n, "done", self._diagnose())
        elif order.name == "reboot":
            self._reboot(n)
        else:
            self._restart()

    def _reboot(self, n: int) -> None:
        try:
            self._computer.reboot()
        except MachineError as error:
            self._book.finish(n, "refused", reason(str(error)))

    def _tested(self, n: int, found: dict[str, Any]) -> None:
        outcome = "done" if found.get("good", True) else "failed"
        details = json.dumps(found, ensure_ascii=False, separators=(",", ":"))
        self._book.finish(n, outcome, reason(details, LONGEST_DETAILS))

    def _change_key(self) -> None:
        """Change to the next key once it is certified; answers every command that asked for it."""
        changed = self._keys.turn()
        if not changed and self._keys.is_under_way():
            return
        for begun in self._book.open():
            if begun.name == "rotate-key" and changed:
                self._book.finish(begun.n, "done")
            elif begun.name == "rotate-key":
                self._book.finish(begun.n, "failed", "the next key's certificate is of no use")

    def _settle(self) -> None:
        """Find an outcome for what an earlier process began."""
        for begun in self._book.open():
            rebooted = begun.boot != self._boot
            if begun.name == "restart" or (begun.name == "reboot" and rebooted):
                self._book.finish(begun.n, "done")
            elif begun.name == "reboot":
                self._book.finish(begun.n, "failed", "the machine was not started again")
            elif begun.name != "rotate-key":
                self._book.finish(begun.n, "failed", _CUT_SHORT)
            elif not self._keys.is_under_way():
                self._book.finish(begun.n, "done")
