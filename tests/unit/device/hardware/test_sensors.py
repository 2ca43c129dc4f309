"""The machine's sensors, on files and a command that the test makes."""

import time
from collections.abc import Callable
from pathlib import Path

import pytest

from device.core.machine import Network
from device.hardware.sensors import SLOW_EVERY_MS, MachineSensors, addresses

THROTTLED = "sys/devices/platform/soc/soc:firmware/get_throttled"


class Machine:
    """A root with kernel files, and the sensors on it."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.addresses = {"wlan0": "10.0.0.3"}
        self.asked = 0

    def write(self, place: str, text: str) -> None:
        path = self.root / place
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)

    def interfaces(self) -> dict[str, str]:
        self.asked += 1
        return self.addresses

    def command(self, script: str) -> tuple[str]:
        path = self.root / "vcgencmd"
        path.write_text(f"#!/bin/sh\necho asked >> {self.root}/asked\n{script}\n")
        path.chmod(0o755)
        return (str(path),)

    def times_asked(self) -> int:
        path = self.root / "asked"
        return len(path.read_text().splitlines()) if path.exists() else 0

    def sensors(self, *command: str) -> MachineSensors:
        return MachineSensors(
            self.root, self.root, command or ("no-such-program",), self.interfaces
        )


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    return Machine(tmp_path)


def test_a_machine_without_sensors_tells_what_every_machine_has(machine: Machine) -> None:
    assert set(machine.sensors().read(0).figures()) == {
        "memory_free_mib",
        "disk_free_mib",
        "network",
    }


def test_the_kernels_files_are_read(machine: Machine) -> None:
    machine.write(THROTTLED, "50000\n")
    machine.write("sys/class/thermal/thermal_zone0/temp", "51200\n")
    machine.write("sys/class/net/wlan0/phy80211/name", "phy0\n")
    machine.write("proc/net/wireless", "x\ny\n wlan0: 0000   54.  -61.  -256  0\n")
    now = machine.sensors().read(0)
    assert (now.throttled, now.celsius) == (0x50000, 51.2)
    assert now.network == Network("wifi", "wlan0", "10.0.0.3", -61)


def test_a_radio_is_known_without_the_old_file_of_signals(machine: Machine) -> None:
    machine.write("sys/class/net/wlan0/phy80211/name", "phy0\n")
    assert machine.sensors().read(0).network == Network("wifi", "wlan0", "10.0.0.3")


def test_the_bits_are_looked_at_each_time_and_the_network_once_a_minute(machine: Machine) -> None:
    machine.write(THROTTLED, "0\n")
    sensors = machine.sensors()
    sensors.read(0)
    machine.write(THROTTLED, "1\n")
    assert sensors.read(SLOW_EVERY_MS - 1).throttled == 1
    assert machine.asked == 1
    sensors.read(SLOW_EVERY_MS)
    assert machine.asked == 2


def test_where_the_kernel_does_not_tell_the_command_is_asked_once_a_minute(
    machine: Machine,
) -> None:
    sensors = machine.sensors(*machine.command("echo throttled=0x50005"))
    assert sensors.read(0).throttled == 0x50005
    assert sensors.read(SLOW_EVERY_MS - 1).throttled == 0x50005
    assert machine.times_asked() == 1


def test_the_command_is_not_asked_where_the_kernel_tells(machine: Machine) -> None:
    machine.write(THROTTLED, "0\n")
    assert machine.sensors(*machine.command("echo throttled=0x1")).read(0).throttled == 0
    assert machine.times_asked() == 0


@pytest.mark.parametrize("script", ["echo nonsense", "exit 1", "head -c 99999 /dev/zero"])
def test_a_command_that_says_nothing_is_left_out(machine: Machine, script: str) -> None:
    assert machine.sensors(*machine.command(script)).read(0).throttled is None


def test_a_command_that_hangs_is_ended(machine: Machine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("device.hardware.sensors._COMMAND_S", 0.05)
    began = time.monotonic()
    assert machine.sensors(*machine.command("exec sleep 60")).read(0).throttled is None
    assert time.monotonic() - began < 30


def test_a_network_that_cannot_be_read_is_left_out(machine: Machine) -> None:
    def refuse() -> dict[str, str]:
        raise OSError("no netlink")

    sensors = MachineSensors(machine.root, machine.root, ("no-such-program",), refuse)
    assert sensors.read(0).network is None


def test_a_disk_that_is_gone_is_left_out(machine: Machine) -> None:
    sensors = MachineSensors(machine.root / "gone", machine.root, ("x-y-z",), machine.interfaces)
    assert sensors.read(0).disk_free is None


def test_only_addresses_that_lead_out_are_told() -> None:
    for address in addresses().values():
        assert not address.startswith(("127.", "169.254.", "fe80:", "::1"))


def test_reading_the_real_machine_fails_nowhere(tmp_path: Path) -> None:
    read: Callable[[int], object] = MachineSensors(tmp_path).read
    assert read(0) is not None
