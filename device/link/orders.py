"""Commands, as far as they are the uplink's: ``hello``, ``re-enrol``, and a new key's certificate.

What is unknown or wrong is refused here at once. Everything else the terminal process carries out
and answers (``device/remote``). What takes time waits for the exchange's next turn.
"""

from __future__ import annotations

import logging
from collections import deque
from typing import TYPE_CHECKING

from device.errors import DeviceError
from device.identity import enrol, rotation
from device.results import reason
from wire.commands import read_order
from wire.errors import WireError
from wire.up import CommandResult

if TYPE_CHECKING:
    from collections.abc import Callable

    from device.identity.files import Fleet, IdentityFiles
    from device.link.answers import Answers
    from device.ports import Clock
    from wire.commands import Bundle, CommandName, Order
    from wire.down import Command

log = logging.getLogger(__name__)

_CUT_SHORT = "the uplink was stopped before it was done"


class Orders:
    """Takes each verified command once.

    Args:
        files: The identity.
        fleet: Where the enrolment server is.
        clock: The time.
        answers: Where outcomes go.
        hello: Sends a hello.
        update: Takes number and bundle of an update; no bundle takes one back.
    """

    def __init__(
        self,
        files: IdentityFiles,
        fleet: Fleet,
        clock: Clock,
        answers: Answers,
        hello: Callable[[], None],
        update: Callable[[int, Bundle | None], None],
    ) -> None:
        self._files = files
        self._fleet = fleet
        self._clock = clock
        self._answers = answers
        self._hello = hello
        self._update = update
        self._waiting: deque[tuple[int, CommandName]] = deque()

    def take(self, command: Command) -> None:
        """Take a command whose number is stored as used."""
        order = self._read(command)
        if order is None:
            return
        if order.name == "hello":
            self._hello()
            self._answers.give(CommandResult(command.n, "done"))
        elif order.name == "update":
            self._update(command.n, order.bundle)
        elif order.name in ("re-enrol", "rotate-key"):
            self._waiting.append((command.n, order.name))

    def resume(self, command: Command) -> None:
        """Take up a command that a process before this one took and did not answer."""
        order = self._read(command)
        if order is None:
            return
        if order.name in ("hello", "re-enrol"):
            self._answers.give(CommandResult(command.n, "failed", _CUT_SHORT))
        elif order.name == "update":
            self._update(command.n, order.bundle)
        elif order.name == "rotate-key" and rotation.is_begun(self._files):
            self._waiting.append((command.n, order.name))

    def turn(self) -> None:
        """Do one thing that waits; it may take some seconds."""
        if not self._waiting:
            return
        n, name = self._waiting.popleft()
        try:
            if name == "re-enrol":
                enrol.re_enrol(self._files, self._fleet, self._clock)
                self._answers.give(CommandResult(n, "done"))
            else:
                # The terminal goes on from here, and answers.
                rotation.certify_next(self._files, self._fleet, self._clock)
        except (DeviceError, OSError) as error:
            log.warning("%s: %s", name, error)
            self._answers.give(CommandResult(n, "failed", reason(str(error))))

    def _read(self, command: Command) -> Order | None:
        try:
            return read_order(command.name, command.arguments)
        except WireError as error:
            self._answers.give(CommandResult(command.n, "refused", reason(str(error))))
            return None
