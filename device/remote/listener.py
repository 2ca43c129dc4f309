"""What the fleet asks, looked for when the uplink rings, and every other second in any case.

The uplink has verified all of it; the configuration is read once more by the same readers, since
the file may have been damaged meanwhile. Results are told again and again until ``link.db`` shows
that the uplink has them: a datagram may get lost.
"""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Protocol

from device.core.policy import Policy
from device.results import pack, reason
from device.settings import policy
from device.settings.tables import SettingsError
from wire.errors import WireError
from wire.up import ConfigResult

if TYPE_CHECKING:
    from device.inbox.inboxes import Inboxes
    from device.ports import Clock
    from device.remote.commands import Commands
    from device.results import Result
    from device.settings.policy import Tables
    from device.wakeup import WakeUp
    from wire.down import Config

log = logging.getLogger(__name__)

LOOK_EVERY_MS = 2_000


class Configurable(Protocol):
    """What a configuration changes; the desk."""

    def configure(self, policy: Policy) -> None:
        """Go on by another policy."""


class Configuration:
    """The policy in force: the terminal's own tables with the fleet's newest laid over them.

    Args:
        own: The policy's tables of ``terminal.toml``.
        inboxes: Where the fleet's configuration is.
    """

    def __init__(self, own: Tables, inboxes: Inboxes) -> None:
        self._own = own
        self._inboxes = inboxes
        self._result: ConfigResult | None = None
        self._told = False
        self.policy = policy.read(own)
        self.look()

    def look(self) -> bool:
        """Take the newest configuration; return True when the policy is another now."""
        inbox = self._inboxes.now()
        newest = inbox.config_n()
        if newest is None or (self._result is not None and self._result.n == newest):
            return False
        config = inbox.config()
        if config is None:
            return False
        self._result, self._told = self._applied(config), False
        return self._result.applied

    def results(self) -> list[ConfigResult]:
        """Return what became of the newest configuration, until that is told."""
        return [] if self._result is None or self._told else [self._result]

    def told(self, numbers: set[int]) -> None:
        """The uplink has the results of the configurations with these numbers."""
        self._told = self._result is not None and self._result.n in numbers

    def _applied(self, config: Config) -> ConfigResult:
        try:
            self.policy = policy.read_from_afar(self._own, config.settings, config.version)
        except SettingsError as error:
            why = reason(str(error))
            log.warning("configuration %d is refused: %s", config.version, why)
            return ConfigResult(config.n, config.version, applied=False, reason=why)
        log.info("configuration %d is applied", config.version)
        return ConfigResult(config.n, config.version, applied=True)


class Remote:
    """Gives configuration and commands their turns.

    Args:
        clock: The time.
        inboxes: What the uplink verified.
        configuration: The policy in force.
        desk: Hears of another policy.
        commands: Carries out commands.
        wake: Carries results to the uplink.
    """

    def __init__(
        self,
        clock: Clock,
        inboxes: Inboxes,
        configuration: Configuration,
        desk: Configurable,
        commands: Commands,
        wake: WakeUp,
    ) -> None:
        self._clock = clock
        self._inboxes = inboxes
        self._configuration = configuration
        self._desk = desk
        self._commands = commands
        self._wake = wake
        self._looked_at: int | None = None

    def rung(self) -> None:
        """The uplink has news: look at the next turn."""
        self._looked_at = None

    def turn(self) -> None:
        """Look, at most every other second unless the uplink rang."""
        now = self._clock.up_ms()
        if self._looked_at is not None and now - self._looked_at < LOOK_EVERY_MS:
            return
        self._looked_at = now
        if self._configuration.look():
            self._desk.configure(self._configuration.policy)
        self._commands.look(self._inboxes.now().commands(now))
        inbox = self._inboxes.now()
        if self._configuration.results():
            self._configuration.told(inbox.answered("config"))
        if self._commands.results():
            self._commands.told(inbox.answered("command"))
        results: list[Result] = [*self._configuration.results(), *self._commands.results()]
        for result in results:
            try:
                self._wake.ring(pack(result))
            except WireError as error:
                log.error("a result cannot be told: %s", error)
