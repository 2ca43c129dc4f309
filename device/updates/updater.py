"""The uplink's part of updates: takes the fleet's wish, and does what the rules say.

Each step is stored before it is acted upon (`core/updating.py` has the rules). The outcome is the
answer to the command that asked; until then the health report says how far it is.
"""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Any, Protocol

from device.core.updating import action_of, step, withdraw
from device.core.updating_state import BEFORE, OUTCOMES, Update
from device.ports import MachineError
from device.results import reason
from device.updates.folder import Request
from wire.up import CommandResult

if TYPE_CHECKING:
    from collections.abc import Callable

    from device.core.updating import Action
    from device.core.updating_state import Facts, Patience
    from device.ports import Clock, Computer
    from device.updates.download import Download
    from device.updates.folder import Do, UpdateFolder
    from device.updates.watch import Watch
    from wire.commands import Bundle

log = logging.getLogger(__name__)

LOOK_EVERY_MS = 1_000
_AGAIN_MS = 60_000
"""Between two tries to have the machine or its root side do something."""
_ASKED: dict[Action, Do] = {
    "install": "install",
    "try": "try",
    "confirm": "confirm",
    "look": "look",
}


class Fetch(Protocol):
    """Begins to fetch a bundle."""

    def __call__(self, bundle: Bundle) -> Download:
        """Return the download, which is under way."""


class Updater:
    """Carries out one update at a time.

    Args:
        watch: Gathers what is known.
        patience: How long a new image is tried.
        folder: Its files.
        clock: The time.
        computer: Starts the machine again.
        fetch: Begins a download.
        answer: Takes the outcome.
    """

    def __init__(
        self,
        watch: Watch,
        patience: Patience,
        folder: UpdateFolder,
        clock: Clock,
        computer: Computer,
        fetch: Fetch,
        answer: Callable[[CommandResult], None],
    ) -> None:
        self._watch = watch
        self._patience = patience
        self._folder = folder
        self._clock = clock
        self._computer = computer
        self._fetch = fetch
        self._answer = answer
        self._download: Download | None = None
        self._done_at: tuple[str, int] | None = None
        self._looked_at: int | None = None
        self._update = folder.read_update()

    @property
    def update(self) -> Update | None:
        """The update under way, or the last one."""
        return self._update

    def ask(self, n: int, bundle: Bundle | None) -> None:
        """Take a command: a bundle to install, or None to take back what is not begun.

        The same command again, after a restart of this process, changes nothing.
        """
        held = self._update
        if held is not None and held.n == n:
            self._tell(held)
            return
        under_way = held is not None and not held.is_over
        if under_way and held is not None and held.state not in BEFORE:
            self._answer(CommandResult(n, "refused", "another update is being installed"))
            return
        if bundle is None and not under_way:
            self._answer(CommandResult(n, "refused", "there is no update to take back"))
            return
        if under_way and held is not None:
            self._keep(withdraw(held))
        if bundle is None:
            self._answer(CommandResult(n, "done"))
        else:
            self._keep(Update(n, bundle))

    def report(self) -> dict[str, Any]:
        """Return what the health report says of the update; empty where there was none."""
        held = self._update
        if held is None:
            return {}
        said = {"version": held.bundle.version, "state": held.state, "reason": held.reason}
        return {"update": said}

    def figures(self) -> dict[str, Any]:
        """Return what changes too often to be news: how much of a bundle was fetched."""
        if self._download is None or self._download.outcome is not None:
            return {}
        share = 100 * self._download.received // self._download.bundle.size
        return {"update_percent": share}

    def turn(self) -> None:
        """Go on, at most once a second."""
        now = self._clock.up_ms()
        if self._looked_at is not None and now - self._looked_at < LOOK_EVERY_MS:
            return
        self._looked_at = now
        held = self._update
        if held is None or held.is_over:
            return
        try:
            fetched = None if self._download is None else self._download.outcome
            facts = self._watch.facts(held, fetched)
            after = step(held, facts, self._patience)
            if after is not held:
                self._keep(after)
            self._act(after, facts)
        except OSError as error:
            log.error("update: %s", error)

    def stop(self) -> None:
        """The process is about to end."""
        if self._download is not None:
            self._download.stop()

    # ---- what is done ----

    def _keep(self, update: Update) -> None:
        """Store how far it is, then tell the fleet if that is the end."""
        self._folder.write_update(update)
        self._update = update
        log.info("update to %s: %s %s", update.bundle.version, update.state, update.reason)
        self._tell(update)

    def _tell(self, update: Update) -> None:
        if not update.is_over:
            return
        self._answer(CommandResult(update.n, OUTCOMES[update.state], _words(update)))
        if self._download is not None:
            self._download.stop()
            self._download = None
        self._folder.clear()

    def _act(self, update: Update, facts: Facts) -> None:
        action = action_of(update, facts)
        if action == "download":
            if self._download is None:
                self._download = self._fetch(update.bundle)
        elif action == "reboot":
            if self._begin(update.request, facts.up):
                self._reboot()
        elif action is not None:
            # A look answers nothing that the state asks for.
            name = f"{update.request}-look" if action == "look" else update.request
            if self._begin(name, facts.up):
                asked = Request(name, _ASKED[action], update.bundle.version)
                self._folder.write_request(asked)

    def _begin(self, name: str, up: int) -> bool:
        """Return whether what is so named is to be done now: at first, and a minute later again."""
        last = self._done_at
        if last is not None and last[0] == name:
            soon = up - last[1] < _AGAIN_MS
            if soon or self._folder.read_request() is not None:
                return False
        self._done_at = name, up
        return True

    def _reboot(self) -> None:
        try:
            self._computer.reboot()
        except MachineError as error:
            log.error("update: %s", error)


def _words(update: Update) -> str | None:
    if update.state == "fallen_back":
        return reason(f"fell back: {update.reason}")
    return reason(update.reason) if update.reason else None
