"""A real broker with mutual TLS, from the configuration that the fleet generates.

with running_broker("nats", fleet_dir) as broker:
    ...  # broker.host, broker.port
    broker.kill()
    broker.restart(empty=True)
"""

import re
import shutil
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from fleet_server.commands.broker import command_line
from fleet_server.found import broker_addresses
from fleet_server.settings import BrokerKind, Settings, load
from provisioning.broker import write
from tests.fakes.ports import is_open
from tests.fakes.processes import FLEET, Process
from tests.fakes.wait import eventually

KINDS: tuple[BrokerKind, ...] = ("nats", "mosquitto")
BESIDE: dict[str, BrokerKind] = {"sqlite": "mosquitto", "postgresql": "nats"}
"""Which broker a whole system has beside which database: neither knows of the other."""


class Broker:
    """A broker process, and with NATS the process that answers its auth callout."""

    def __init__(self, fleet: Settings) -> None:
        self.fleet = fleet
        self.kind = fleet.broker.kind
        self.host, self.port = fleet.broker.host, fleet.broker.port
        logs = fleet.layout.directory / "logs"
        write.write(fleet.layout, broker_addresses(fleet))
        self.process = Process(command_line(fleet), logs / f"{self.kind}.log")
        words = [FLEET, "broker-auth", "--config", str(fleet.path)]
        self.auth = Process(words, logs / "broker-auth.log") if self.kind == "nats" else None

    def start(self) -> None:
        """Start, and return when clients can connect."""
        self.process.start()
        eventually(lambda: self._listening(), 20, f"{self.kind} listening")
        if self.auth and not self.auth.running:
            self.auth.start()
            self.auth.wait_for("ready")
        elif self.auth:
            # Both of its connections must be back.
            self._reconnections += 2
            self.auth.wait_for("ready again", self._reconnections)

    _reconnections = 0

    def kill(self) -> None:
        """End the broker as a power cut would; the callout process stays and waits."""
        self.process.kill()

    def stop(self) -> None:
        """End the broker in order; the callout process stays and waits."""
        self.process.stop()

    def restart(self, empty: bool = False) -> None:
        """Start again, if need be after a stop; ``empty`` forgets all it ever stored."""
        self.stop()
        if empty:
            layout = self.fleet.layout
            for directory in (layout.nats_store, layout.mosquitto_store):
                shutil.rmtree(directory)
                directory.mkdir(mode=0o700)
        self.start()

    def reload(self) -> None:
        """Let the broker read its revocation list again (Mosquitto; NATS asks the callout)."""
        if self.kind == "mosquitto":
            self.process.send(signal.SIGHUP)

    def close(self) -> None:
        """End everything."""
        self.process.stop()
        if self.auth:
            self.auth.stop()

    def _listening(self) -> bool:
        assert self.process.running, f"the broker ended:\n{self.process.output()}"
        return is_open(self.port)


@contextmanager
def running_broker(kind: BrokerKind, fleet_dir: Path) -> Iterator[Broker]:
    """Run a broker for a fleet directory; if need be its settings are changed to this kind."""
    file = fleet_dir / "fleet.toml"
    file.write_text(re.sub(r'(?m)^kind = "\w+"$', f'kind = "{kind}"', file.read_text()))
    broker = Broker(load(file))
    try:
        broker.start()
        yield broker
    finally:
        broker.close()
