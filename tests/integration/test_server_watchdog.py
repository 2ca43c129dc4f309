"""The server's processes under a watchdog, as systemd runs them: they serve when they say so."""

import os
import signal
from collections.abc import Callable, Iterator
from pathlib import Path

import psutil
import pytest

from fleet_server.settings import BrokerKind, Settings
from tests.fakes.brokers import KINDS, running_broker
from tests.fakes.fleets import new_fleet
from tests.fakes.ports import is_open
from tests.fakes.processes import FLEET, Process
from tests.fakes.systemd import Systemd

pytestmark = [pytest.mark.usefixtures("engine"), pytest.mark.engines("sqlite")]

Start = Callable[[Settings, str], Process]


@pytest.fixture
def start(systemd: Systemd, tmp_path: Path) -> Iterator[Start]:
    """Start a command of the server under the watchdog; all are ended at the end."""
    begun: list[Process] = []

    def begin(fleet: Settings, command: str) -> Process:
        words = [FLEET, command, "--config", str(fleet.path)]
        begun.append(Process(words, tmp_path / f"{command}.log", systemd.env).start())
        return begun[-1]

    yield begin
    for process in begun:
        family = psutil.Process(process.pid).children() if process.running else []
        for pid in (process.pid, *(child.pid for child in family)):
            os.kill(pid, signal.SIGCONT)
        process.stop()


@pytest.mark.parametrize("command", ["serve", "est"])
def test_pages_and_enrolment_are_ready_when_their_worker_answers_and_hang_with_it(
    command: str, start: Start, systemd: Systemd, tmp_path: Path
) -> None:
    fleet = new_fleet(tmp_path / "fleet")
    process = start(fleet, command)
    assert systemd.hear(60) == b"READY=1", "not gunicorn's own word, before there is a worker"
    assert is_open(fleet.web.port if command == "serve" else fleet.est.port)
    assert systemd.hear(60) == b"WATCHDOG=1"
    [worker] = psutil.Process(process.pid).children()
    systemd.starves_while_hanging(worker.pid)


def test_jobs_say_that_they_live_until_they_hang(
    start: Start, systemd: Systemd, tmp_path: Path
) -> None:
    process = start(new_fleet(tmp_path / "fleet"), "jobs")
    assert systemd.hear(60) == b"READY=1"
    assert systemd.hear(60) == b"WATCHDOG=1"
    systemd.starves_while_hanging(process.pid)


@pytest.mark.parametrize("kind", KINDS)
def test_ingest_is_ready_when_the_broker_granted_what_it_listens_to(
    kind: BrokerKind, start: Start, systemd: Systemd, tmp_path: Path
) -> None:
    fleet = new_fleet(tmp_path / "fleet", kind)
    process = start(fleet, "ingest")
    for _ in range(3):
        assert systemd.hear(60) == b"WATCHDOG=1", "without a broker it lives, and is not ready"
    with running_broker(kind, fleet.layout.directory):
        systemd.hear_until(b"READY=1", 60)
        assert "the broker answers" in process.output()
        systemd.starves_while_hanging(process.pid)


@pytest.mark.parametrize("kind", KINDS)
def test_a_broker_is_ready_when_it_answers_and_starves_while_it_does_not(
    kind: BrokerKind, start: Start, systemd: Systemd, tmp_path: Path
) -> None:
    fleet = new_fleet(tmp_path / "fleet", kind)
    process = start(fleet, "broker")
    assert systemd.hear(60) == b"READY=1"
    assert is_open(fleet.broker.port)
    assert systemd.hear(60) == b"WATCHDOG=1"
    [broker] = psutil.Process(process.pid).children()
    systemd.starves_while_hanging(broker.pid)


def test_who_answers_nats_is_ready_when_its_questions_come_and_lives_on_without_a_broker(
    start: Start, systemd: Systemd, tmp_path: Path
) -> None:
    fleet = new_fleet(tmp_path / "fleet")
    process = start(fleet, "broker-auth")
    with running_broker("nats", fleet.layout.directory):
        assert systemd.hear(60) == b"READY=1"
        assert systemd.hear(60) == b"WATCHDOG=1"
        systemd.starves_while_hanging(process.pid)
    systemd.forget()
    assert systemd.hear(60) == b"WATCHDOG=1"
