"""What publishes through the uplink's connection, and has its turns there."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

    from device.link.answers import Answers
    from device.link.dossiers import Dossiers
    from device.link.orders import Orders
    from device.link.receiver import Receiver
    from device.link.reporting import Reporter
    from device.link.sender import Sender
    from device.network.looking import Looking
    from device.updates.updater import Updater


@dataclass(frozen=True, slots=True)
class Parts:
    """What sends, receives, reports, answers, carries out, updates, and looks at the network."""

    sender: Sender
    receiver: Receiver
    reporter: Reporter
    answers: Answers
    orders: Orders
    dossiers: Dossiers
    updater: Updater
    looking: Looking

    def connected(self) -> None:
        """A connection was taken."""
        self.sender.connected()
        self.reporter.again()

    def disconnected(self) -> None:
        """What was not acknowledged has to be sent again."""
        self.sender.disconnected()
        self.answers.disconnected()
        self.dossiers.disconnected()

    def turn(self, connections: int) -> None:
        """Do what a living connection allows, which is the ``connections``-th."""
        self.sender.tick()
        self.reporter.turn(connections)
        self.answers.send()
        self.orders.turn()
        self.dossiers.turn()

    def hear(self, said: Mapping[str, Any]) -> None:
        """Take what the terminal process says."""
        facts = said.get("health")
        if isinstance(facts, dict):
            self.reporter.hear(facts)
        if "check" in said:
            self.looking.begin(said["check"])
        if "results" in said:
            self.answers.hear(said["results"])
