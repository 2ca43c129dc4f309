"""The demo's fleet: its directory, made and filled by ``hailong-fleet``, and its processes."""

import secrets
import subprocess
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

from fleet_server.demo.plan import UNITS, UnitPlan, counters
from fleet_server.demo.ports import free_ports
from fleet_server.demo.processes import program
from fleet_server.errors import FleetError

COMMAND_TIMEOUT_S = 60
DEMO_SCOPES = ("tickets:write", "ratings:read", "terminals:read")
"""What the demo's key is for: to play the queue system, and to count what is held."""


@dataclass(frozen=True, slots=True)
class Ports:
    """The loopback ports of the demo."""

    web: int
    est: int
    mqtt: int
    client: int


@dataclass(frozen=True, slots=True)
class DemoFleet:
    """A fleet directory, and how to talk about it.

    Attributes:
        folder: the fleet directory.
        ports: where its processes listen.
        email: who signs in to the pages.
        password: made for this demo.
    """

    folder: Path
    ports: Ports = field(default_factory=lambda: Ports(*free_ports(4)))
    email: str = "demo@hailong.example"
    password: str = field(default_factory=lambda: secrets.token_urlsafe(9), repr=False)

    @property
    def address(self) -> str:
        """Address of the pages."""
        return f"http://127.0.0.1:{self.ports.web}/"

    def command(self, *words: str) -> list[str]:
        """Return a command of ``hailong-fleet`` for this fleet."""
        return [program("hailong-fleet"), *words, "--config", str(self.folder / "fleet.toml")]

    def init(self) -> None:
        """Make the fleet directory: authorities, keys, database, broker configuration."""
        ports = self.ports
        options = {
            "--name": "Hailong demo",
            "--dir": str(self.folder),
            "--web-port": str(ports.web),
            "--est-port": str(ports.est),
            "--mqtt-port": str(ports.mqtt),
            "--client-port": str(ports.client),
        }
        run(
            [program("hailong-fleet"), "init", *(word for pair in options.items() for word in pair)]
        )

    def fill(self) -> str:
        """Add units, counters, a user and an API key for the queue system; return the key."""
        with ThreadPoolExecutor(max_workers=2) as pool:
            list(pool.map(self._add_unit, UNITS))
        # A demo is looked at in the evening, too; its counters never close.
        run(self.command("hours", "set", "--every-day", "0-24"))
        run(self.command("user", "add", "--email", self.email), self.password + "\n")
        scopes = [word for scope in DEMO_SCOPES for word in ("--scope", scope)]
        return run(self.command("key", "add", "queue-system", *scopes)).split()[-1]

    def _add_unit(self, unit: UnitPlan) -> None:
        run(self.command("unit", "add", "--code", unit.code, "--name", unit.name))
        for counter in unit.counters:
            words = ("--code", counter.code, "--name", counter.name, "--unit", unit.code)
            run(self.command("counter", "add", *words))

    def add_terminals(self) -> dict[str, Path]:
        """Add a terminal for each counter; return the paths of their enrolment files."""
        files = {}
        for counter in counters():
            words = ("terminal", "add", "--id", counter.terminal, "--counter", counter.code)
            files[counter.terminal] = Path(run(self.command(*words)).split()[-1])
        return files


def run(command: Sequence[str], words: str = "") -> str:
    """Run a command of the house to its end and return what it printed.

    Raises:
        FleetError: it failed; the message is its own.
    """
    said = f"{Path(command[0]).name} {' '.join(word for word in command[1:3] if word[0] != '-')}"
    try:
        done = subprocess.run(
            command,
            input=words,
            capture_output=True,
            text=True,
            timeout=COMMAND_TIMEOUT_S,
            check=False,
        )
    except subprocess.TimeoutExpired:
        raise FleetError(f"{said} did not end") from None
    if done.returncode != 0:
        raise FleetError(f"{said} failed: {done.stderr.strip()[-2000:]}")
    return done.stdout.strip()
