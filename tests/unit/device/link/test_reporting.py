"""When a health report goes, and what it says (device/link/reporting.py)."""

from pathlib import Path
from typing import Any

import pytest

from device.core.machine import Machine
from device.link.reporting import Reporter
from device.versions import Versions
from tests.fakes.sensors import FakeSensors
from tests.fakes.updates import updater
from tests.unit.device.link.test_receiver import Uplink
from wire.up import Health, decode_health

EVERY_MS = 60_000


class Reports:
    """A reporter beside a real sender and receiver, and what it published."""

    def __init__(self, uplink: Uplink) -> None:
        self.clock = uplink.clock
        self.sensors = FakeSensors()
        self.said: list[Health] = []
        self.reporter = Reporter(
            self.sensors,
            Versions("1.0", "2026.11"),
            uplink.clock,
            uplink.store,
            uplink.sender,
            uplink.receiver,
            updater(uplink.data, uplink.clock),
            self.publish,
            EVERY_MS,
        )

    def publish(self, _leaf: str, payload: bytes, *, retain: bool = False) -> bool:
        self.said.append(decode_health(payload))
        return True

    def after(self, ms: int) -> list[Health]:
        """Let time pass; return what was said then."""
        self.clock.advance(ms)
        self.said.clear()
        self.reporter.turn(1)
        return list(self.said)


@pytest.fixture
def reports(tmp_path: Path) -> Reports:
    made = Reports(Uplink(tmp_path))
    assert len(made.after(0)) == 1
    return made


def details(said: list[Health]) -> dict[str, Any]:
    assert len(said) == 1
    return dict(said[0].details)


def test_a_report_says_what_runs_and_that_nobody_watches_or_listens(reports: Reports) -> None:
    said = details(reports.after(EVERY_MS))
    assert said["image"] == "2026.11"
    assert (said["camera"], said["microphone"]) == ("none", "none")


def test_new_under_voltage_is_reported_at_once(reports: Reports) -> None:
    reports.reporter.hear({"faults": []})
    assert reports.after(3_000) != []
    reports.sensors.now = Machine(throttled=0x10001)
    words = {"now": ["under_voltage"], "since_boot": ["under_voltage"]}
    assert details(reports.after(3_000))["throttled"] == words
    assert reports.after(3_000) == []


def test_a_new_fault_is_reported_at_once(reports: Reports) -> None:
    reports.reporter.hear({"faults": ["button_stuck satisfied"]})
    assert details(reports.after(3_000))["terminal"] == {"faults": ["button_stuck satisfied"]}


def test_a_terminal_process_that_falls_silent_is_reported_until_it_speaks(
    reports: Reports,
) -> None:
    reports.reporter.hear({"faults": []})
    said = details(reports.after(EVERY_MS))
    assert said["terminal_silent_s"] == 60
    assert "terminal" not in said
    reports.reporter.hear({"faults": []})
    assert details(reports.after(3_000))["terminal"] == {"faults": []}
