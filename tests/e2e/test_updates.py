"""An image comes to real terminals through broker, enrolment and jobs, ring after ring.

The machine under each terminal is a double (two slots in memory, tried once), and so is RAUC, whose
real self tests/integration/test_rauc.py has; all else is real.
"""

import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest

from device.updates.folder import UpdateFolder
from fleet_server import clock
from fleet_server.store import bundles, rolling, rollouts
from fleet_server.store.database import close, open_database
from fleet_server.store.rolling import Wish
from fleet_server.store.rollouts import Line
from fleet_server.updates.drive import drive
from tests.e2e.system import System, Terminal
from tests.fakes.brokers import running_broker
from tests.fakes.fleets import new_fleet
from tests.fakes.ports import is_open
from tests.fakes.processes import Process, run
from tests.fakes.rauc import bundle
from tests.fakes.updates import TwoSlots
from tests.fakes.wait import eventually

pytestmark = pytest.mark.engines("sqlite")  # the store's own tests try rollouts on both

SETTINGS = """\
[uplink]
health_s = 1
receipt_timeout_s = 2
[tickets]
without = "unbound"
[update]
folder = "update"
quiet_s = 1
"""
WAIT_S = 180


class Updatable:
    """A terminal with two slots: watches what its root side and its boot loader would see."""

    def __init__(self, terminal: Terminal) -> None:
        self.terminal = terminal
        self.slots = TwoSlots()
        self.machine = terminal.folder / "machine"
        self.folder = UpdateFolder(terminal.folder / "update")
        self.machine.mkdir()
        self.folder.folder.mkdir()
        words = [sys.executable, "-m", "tests.fakes.slotted", self.machine, terminal.config]
        terminal.uplink = Process([str(word) for word in words], terminal.folder / "uplink.log")
        # What it fetched is a real bundle, which this double of RAUC can't read.
        self.slots.version_of = self._version_of  # type: ignore[method-assign]

    def _version_of(self, path: Path) -> str:
        content = path.read_bytes()
        return next(one for one in ("1.1.0", "1.2.0", "1.3.0") if one.encode() in content)

    def start(self) -> None:
        """Start the machine and its processes."""
        (self.machine / "boot").write_text(self.slots.boot, "utf-8")
        (self.machine / "image").write_text(self.slots.version, "utf-8")
        (self.machine / "reboot").unlink(missing_ok=True)
        self.slots.run_root(self.folder)
        self.terminal.start()

    def watch(self) -> None:
        """Do what systemd and the boot loader would do by now."""
        if self.folder.request.exists():
            self.slots.run_root(self.folder)
        if (self.machine / "reboot").exists():
            self.terminal.stop()
            self.slots.start()
            self.start()


class Fleet:
    """A system whose terminals can be updated."""

    def __init__(self, system: System, folder: Path) -> None:
        self.system, self.folder = system, folder
        self.terminals: dict[str, Updatable] = {}
        self._driven_at = 0
        for name in ("t-1", "t-2", "t-3"):
            one = Updatable(system.add_terminal(name, f"Q{name[-1]}", SETTINGS))
            self.terminals[name] = one
            one.start()

    def add(self, version: str) -> str:
        """Make a signed bundle and take it in by the command, once; return its hash."""
        with self.database():
            held = bundles.find(version)
        if held:
            return held.sha256
        path = bundle(self.folder / f"{version}.raucb", self.system.fleet.layout, version)
        return run(*self.system.command("update", "add", str(path))).stdout.split()[-1]

    def begin(self, sha256: str) -> int:
        """Begin a rollout of two rings, the first of which is t-1."""
        with self.database():
            wish = Wish(sha256, None, {"t-1": 1, "t-2": 2, "t-3": 2}, (), True, 0)
            return rolling.begin(wish, "person:lan", clock.now_ms())

    def until(self, condition: str, number: int, **wanted: object) -> Line:
        """Let jobs and the machines work until a rollout is as it is wanted."""

        def there() -> Line | None:
            if not self.work():
                return None
            with self.database():
                line = rollouts.find(number)
                assert line is not None
                return line if all(getattr(line, k) == v for k, v in wanted.items()) else None

        found = eventually(there, WAIT_S, condition)
        assert found is not None
        return found

    def work(self) -> bool:
        """Let the machines do what is due, and jobs once a second; True when it did."""
        for one in self.terminals.values():
            one.watch()
        if clock.now_ms() - self._driven_at < 1_000:
            return False
        with self.database():
            drive(clock.now_ms(), self.system.fleet.fleet.zone)
        self._driven_at = clock.now_ms()
        return True

    def became(self, number: int) -> dict[str, tuple[str, str]]:
        """Return state and reason of each terminal."""
        with self.database():
            return {one.terminal: (one.state, one.reason) for one in rollouts.members(number)}

    def images(self) -> list[str]:
        return [one.slots.version for one in self.terminals.values()]

    @contextmanager
    def database(self) -> Iterator[None]:
        open_database(self.system.fleet.database.url)
        try:
            yield
        finally:
            close()


@pytest.fixture(scope="module")
def fleet(engine: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Fleet]:
    folder = tmp_path_factory.mktemp("updates")
    made = new_fleet(folder / "fleet", "nats")
    with running_broker("nats", made.layout.directory) as broker, ExitStack() as stack:
        system = System(made, broker)
        system.processes.pop("serve")  # nobody looks at pages
        stack.callback(system.stop)
        for process in system.processes.values():
            process.start()
        eventually(lambda: is_open(made.est.port), WAIT_S, "enrolment")
        system.ingest.wait_for("connected", timeout_s=WAIT_S)
        yield Fleet(system, folder)


@pytest.mark.timeout(900)
def test_an_image_comes_to_the_first_ring_and_then_to_all_and_a_bad_one_to_nobody(
    fleet: Fleet,
) -> None:
    good = fleet.begin(fleet.add("1.1.0"))
    fleet.until("the first ring", good, ring=2)
    assert fleet.images()[0] == "1.1.0"
    fleet.until("all terminals", good, state="done")
    assert fleet.images() == ["1.1.0"] * 3
    assert all(one.slots.kept == one.slots.booted for one in fleet.terminals.values())
    assert fleet.terminals["t-1"].terminal.press_apart()["choice"] == "satisfied"

    for one in fleet.terminals.values():
        one.slots.broken.add("1.2.0")
    bad = fleet.begin(fleet.add("1.2.0"))
    stopped = fleet.until("the stop", bad, state="stopped")
    assert dict(stopped.reason) == {"kind": "failed", "few": 1, "many": 1, "others": 0}
    assert fleet.became(bad)["t-1"] == ("failed", "fell back: the new image did not start")
    assert fleet.became(bad)["t-2"][0] == "waiting"
    assert fleet.images() == ["1.1.0"] * 3, "the bad image runs nowhere"
    with fleet.database():
        rolling.end(stopped, "person:lan", clock.now_ms())

    # The server goes away while the first terminal tries the next image, and comes back.
    system, first = fleet.system, fleet.terminals["t-1"]
    late = fleet.begin(fleet.add("1.3.0"))

    def on_trial() -> bool:
        leaving = (first.machine / "reboot").exists()
        if leaving:
            system.ingest.stop()
        fleet.work()
        update = first.folder.read_update()
        return update is not None and update.state == "trial"

    eventually(on_trial, WAIT_S, "the trial")
    assert first.slots.version == "1.3.0"
    first.terminal.press_apart()
    update = first.folder.read_update()
    assert update is not None
    assert update.state == "trial", "no receipt: it is not confirmed, and does not fall back"
    system.ingest.start()
    fleet.until("all terminals", late, state="done")
    assert fleet.images() == ["1.3.0"] * 3


def test_only_what_is_offered_is_given_out(fleet: Fleet, tmp_path: Path) -> None:
    sha256 = fleet.add("1.1.0")
    url = f"{fleet.system.fleet.est.url}/updates/{sha256}"
    root = fleet.system.fleet.layout.root_certificate
    identity = fleet.terminals["t-2"].terminal.data / "identity"
    shown = ("--cert", identity / "device.crt", "--key", identity / "device.key")

    def status(*words: object) -> str:
        line = ["curl", "-s", "-o", tmp_path / "got", "-w", "%{http_code}", "--cacert", root]
        return run(*line, *words).stdout

    assert status(url) == "401", "without a certificate"
    assert status(*shown, url) == "403", "it was not asked to fetch it"
    with fleet.database():
        wish = Wish(sha256, None, {"t-2": 1}, (), True, 0)
        number = rolling.begin(wish, "person:lan", clock.now_ms())
        line = rollouts.find(number)
        assert line is not None
        rollouts.RolloutTerminal.update(state="asked").where(
            rollouts.RolloutTerminal.rollout == number
        ).execute()
    content = (fleet.system.fleet.layout.updates / sha256).read_bytes()
    assert status(*shown, url) == "200"
    assert (tmp_path / "got").read_bytes() == content
    assert status(*shown, "-H", "Range: bytes=100-", url) == "206"
    assert (tmp_path / "got").read_bytes() == content[100:]
    assert status(*shown, f"{url[:-1]}/../fleet.toml", "--path-as-is") in ("403", "404")
    with fleet.database():
        rolling.end(line, "person:lan", clock.now_ms())
    assert status(*shown, url) == "403", "it is over"
