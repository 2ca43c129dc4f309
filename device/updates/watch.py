"""What the rules of updates look at: the machine, its root side, the counter, the server."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from device.core.quiet import Pulse, is_quiet
from device.core.updating_state import Facts

if TYPE_CHECKING:
    from collections.abc import Callable

    from device.core.updating_state import Update
    from device.ports import Clock
    from device.updates.folder import UpdateFolder

SETTLED_MS = 300_000
"""So long after the start of the machine its root side has spoken, if there is one."""


@dataclass(frozen=True, slots=True)
class Machine:
    """What runs here.

    Attributes:
        boot: Id of the machine's boot.
        image: Version of the image.
    """

    boot: str
    image: str


class Watch:
    """Gathers the facts for a step.

    Args:
        machine: What runs here.
        folder: The files of updates.
        clock: The time.
        counter: Returns what the terminal process said last, and how many milliseconds ago.
        heard: Returns whether a receipt answered us on this connection.
        quiet_s: For so long nobody was served or pressed, within the opening hours.
    """

    def __init__(
        self,
        machine: Machine,
        folder: UpdateFolder,
        clock: Clock,
        counter: Callable[[], tuple[Pulse, int]],
        heard: Callable[[], bool],
        quiet_s: int,
    ) -> None:
        self._machine = machine
        self._folder = folder
        self._clock = clock
        self._counter = counter
        self._heard = heard
        self._quiet_s = quiet_s

    def facts(self, held: Update, fetched: str | None) -> Facts:
        """Return what is known; ``fetched`` is the outcome of its download.

        Raises:
            OSError: The file system refuses.
        """
        clock, state = self._clock, self._folder.read_state()
        if state is not None and state.boot != self._machine.boot:
            state = None
        answered = state is not None and state.request == held.request
        pulse, silence = self._counter()
        return Facts(
            boot=self._machine.boot,
            up=clock.up_ms(),
            image=self._machine.image,
            trial=None if state is None else state.trial,
            settled=clock.up_ms() >= SETTLED_MS,
            at=None if clock.quality() == "unset" else clock.wall_ms(),
            fetched=fetched,
            free=self._folder.free(held.bundle.sha256) if held.state == "asked" else 0,
            answer=state.error if answered and state is not None else None,
            quiet=is_quiet(pulse, silence, self._quiet_s),
            drawn=pulse.drawn,
            read=pulse.read,
            receipt=self._heard(),
        )
