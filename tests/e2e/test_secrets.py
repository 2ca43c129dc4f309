"""An audit of a running fleet: each secret lies in one file, for its owner alone, and nowhere else.

The fleet is made by ``hailong-fleet init`` under a umask that lets everybody in, with a terminal
that enrolled and sends. Nobody told this test which files are secret: it looks for what is.
"""

import json
import os
import re
import stat
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import psutil
import pytest

from tests.e2e.system import System, Terminal, running_system
from tests.fakes.brokers import BESIDE
from tests.fakes.fleets import new_counter
from tests.fakes.processes import Process, run
from tests.fakes.wait import eventually

PEM = re.compile(rb"-----BEGIN (?:\w+ )*PRIVATE KEY-----\s+(.*?)\s+-----END", re.DOTALL)
TOKEN = re.compile(rb"^(?:token|passphrase) = \"(.+)\"$", re.MULTILINE)
SEED = re.compile(rb"\bS[AUOXNC][A-Z2-7]{56}\b")
"""What an NKey's private half looks like."""


@dataclass(frozen=True)
class Secret:
    """Something that nobody else may know; ``home`` is the only file that may hold it."""

    value: bytes
    home: Path | None


@dataclass
class Running:
    """The fleet, its terminal, and all secrets there are."""

    system: System
    terminal: Terminal
    secrets: list[Secret]

    def files(self) -> Iterator[tuple[Path, bytes]]:
        """Yield every file of the fleet and of the terminal, logs and databases too."""
        for path in self.system.fleet.layout.directory.parent.rglob("*"):
            with suppress(FileNotFoundError):  # the broker takes files away while we look
                if path.is_file():
                    yield path, path.read_bytes()

    def processes(self) -> list[psutil.Process]:
        """Return every process, and what it started."""
        ours: list[Process | None] = [*self.system.processes.values(), self.system.broker.process]
        ours += [self.system.broker.auth, self.terminal.run, self.terminal.uplink]
        heads = [psutil.Process(one.pid) for one in ours if one is not None]
        return [each for head in heads for each in (head, *head.children(recursive=True))]


@pytest.fixture(scope="module")
def running(engine: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    folder = tmp_path_factory.mktemp(f"secrets-{engine}")
    before = os.umask(0)
    try:
        with running_system(folder, BESIDE[engine]) as system:
            terminal = system.add_terminal("t-1", "Q1")
            new_counter(system.fleet, "Q2")
            run(*system.command("terminal", "add", "--id", "t-2", "--counter", "Q2"))
            link = run(*system.command(
                "user", "add", "--email", "a@example.org", "--role", "viewer", "--invite"
            )).stdout.strip()  # fmt: skip
            terminal.start()
            system.wait_until_shown(system.ticket("Q1", "A001", "called"))
            terminal.press(timeout_s=60)
            eventually(lambda: len(system.held(terminal)) == 1, 60, "the rating")
            homeless = [system.key, link.rpartition("/")[2], *system.tokens]
            found = Running(system, terminal, [Secret(one.encode(), None) for one in homeless])
            for path, content in found.files():
                found.secrets += [Secret(value, path) for value in secrets_in(path, content)]
            yield found
            terminal.stop()
    finally:
        os.umask(before)


def secrets_in(path: Path, content: bytes) -> Iterator[bytes]:
    """Yield what looks like a secret in a file, whatever its name is."""
    for body in PEM.findall(content):
        yield max(body.split(), key=len)
    yield from SEED.findall(content)
    if path.suffix in (".secret", ".salt"):
        yield content.strip()
    if path.name == "database.pgpass":
        yield content.strip().rpartition(b":")[2]
    if path.suffix == ".key" and content.startswith(b"{"):
        yield json.loads(content)["d"].encode()
    if path.suffix == ".toml":
        yield from TOKEN.findall(content)


def test_each_secret_lies_in_one_file_for_its_owner_alone(running: Running) -> None:
    homes = {secret.home for secret in running.secrets if secret.home is not None}
    layout = running.system.fleet.layout
    least = {
        layout.root_key, layout.issuing_key, layout.fleet_key, layout.server_key,
        layout.receipt_key, layout.control_key, layout.flask_secret, layout.password_salt,
        layout.second_factor_secret, layout.service_key("fleet-ingest"),
        layout.enrolment_file("t-2"), running.terminal.data / "identity" / "device.key",
    }  # fmt: skip
    assert least <= homes, "the audit does not see what it should"
    for home in sorted(homes):
        assert stat.S_IMODE(home.stat().st_mode) == 0o600, home
        assert stat.S_IMODE(home.parent.stat().st_mode) == 0o700, home.parent
    for path, content in running.files():
        for secret in running.secrets:
            assert secret.value not in content or path == secret.home, path


def test_no_secret_is_among_arguments_and_environment_of_a_process(running: Running) -> None:
    seen = running.processes()
    assert len(seen) >= 7
    for process in seen:
        said = "\0".join([*process.cmdline(), *process.environ().values()]).encode()
        for secret in running.secrets:
            assert secret.value not in said, process


def test_the_database_with_its_accounts_is_its_owners_alone(running: Running) -> None:
    """SQLite's files beside it as well; what PostgreSQL's server writes is not ours to guard."""
    folder = running.system.fleet.layout.directory
    for path in folder.rglob("*fleet.db*"):
        assert not stat.S_IMODE(path.stat().st_mode) & 0o077, path
