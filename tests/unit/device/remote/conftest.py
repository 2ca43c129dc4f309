"""The terminal's side of what the fleet asks: real files and sockets, a counter that notes."""

import json
from collections.abc import Callable, Iterator
from dataclasses import asdict
from pathlib import Path
from typing import Any

import pytest

from device.core.policy import Policy
from device.identity.files import Fleet, IdentityFiles
from device.inbox.inboxes import Inboxes
from device.inbox.store import Answer, LinkStore
from device.ports import MachineError
from device.remote.book import OrderBook
from device.remote.commands import Commands
from device.remote.keychange import KeyChanger
from device.remote.listener import Configuration, Remote
from device.results import Result, leaf_of, type_of, unpack
from device.wakeup import WakeUp
from tests.fakes import control
from tests.fakes.control import DEV, FLEET_X
from tests.fakes.journals import StillClock, opened
from wire.down import Command, Config
from wire.up import encode_up


class Desk:
    """Notes what it is asked for."""

    def __init__(self) -> None:
        self.policies: list[Policy] = []
        self.identified: list[int] = []
        self.tests: list[Callable[[dict[str, Any]], None] | None] = []

    def configure(self, policy: Policy) -> None:
        self.policies.append(policy)

    def identify(self, until: int) -> None:
        self.identified.append(until)

    def self_test(self, told: Callable[[dict[str, Any]], None] | None = None) -> None:
        self.tests.append(told)


class FakeMachine:
    """Counts its reboots; refuses them with ``why``."""

    def __init__(self) -> None:
        self.reboots = 0
        self.why: str | None = None

    def reboot(self) -> None:
        if self.why is not None:
            raise MachineError(self.why)
        self.reboots += 1


class Site:
    """One terminal process over real files, and the uplink's side of them.

    Attributes:
        restarts: how often the process was asked to end.
        boot: the machine's boot id as the process sees it.
    """

    def __init__(self, data: Path) -> None:
        self.data = data
        self.clock = StillClock()
        self.link = LinkStore(data)
        self.link.take("keys", 1, control.key_list(), 0)
        self.bell = WakeUp(data, "uplink")
        self.wake = WakeUp(data, "terminal")
        self.files = IdentityFiles(data)
        self.files.folder.mkdir(parents=True)
        fleet = Fleet(DEV, "https://est:1", "broker", 8883, FLEET_X, "enrolment.toml")
        self.files.fleet.write_text(json.dumps(asdict(fleet)))
        self.own: dict[str, dict[str, Any]] = {"look": {"letters": "large"}}
        self.desk, self.machine = Desk(), FakeMachine()
        self.restarts = 0
        self.boot = "boot-1"
        self.n = 0
        self.journal = opened(data, self.clock, self.files.load_or_make_key()).journal
        self.start()

    def start(self) -> None:
        """Start the terminal's part, as after a restart of the process."""
        inboxes = Inboxes(self.data, DEV)
        self.configuration = Configuration(self.own, inboxes)
        self.keys = KeyChanger(self.files, DEV, self.journal)
        self.commands = Commands(
            self.clock,
            self.boot,
            OrderBook(self.data),
            self.desk,
            self.machine,
            self.restart,
            lambda: '{"facts":1}',
            self.keys,
        )
        self.remote = Remote(
            self.clock, inboxes, self.configuration, self.desk, self.commands, self.wake
        )

    def restart(self) -> None:
        self.restarts += 1

    def command(self, name: str, ttl_s: int = 60, **arguments: object) -> int:
        """Store a command as the uplink does; return its number."""
        self.n += 1
        token = control.signed(Command(DEV, self.n, 0, ttl_s, name, arguments))
        assert self.link.take("command", self.n, token, self.clock.up)
        return self.n

    def config(self, version: int, **settings: object) -> int:
        """Store a configuration as the uplink does; return its number."""
        self.n += 1
        token = control.signed(Config(DEV, self.n, 0, version, settings))
        assert self.link.take("config", self.n, token, self.clock.up)
        return self.n

    def turn(self, ms: int = 2_000) -> list[Result]:
        """Let time go by, look, and return what was told."""
        self.clock.advance(ms)
        self.remote.turn()
        return self.heard()

    def heard(self) -> list[Result]:
        """Return what came over the bell."""
        return [result for said in self.bell.drain() for result in unpack(said["results"])]

    def take(self, *results: Result) -> None:
        """Store results as the uplink does."""
        for result in results:
            typ = type_of(result)
            assert leaf_of(typ)
            self.link.add_answer(Answer(typ, result.n, encode_up(result)))

    def close(self) -> None:
        for part in (self.journal, self.link, self.bell, self.wake):
            part.close()


@pytest.fixture
def site(tmp_path: Path) -> Iterator[Site]:
    made = Site(tmp_path)
    yield made
    made.close()
